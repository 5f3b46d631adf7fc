/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.c - finding the nearest name, by edit distance. */
#include "cli/term/suggest.h"

#include <ctype.h>
#include <string.h>

#include "base/ascii.h"

enum { NAME_MAX_LEN = 32 };

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* How many letters must be put in, left out or changed (Levenshtein). */
static size_t distance(const char *a, size_t a_len, const char *b)
{
    size_t row[NAME_MAX_LEN + 1];
    size_t b_len = strlen(b);

    if (a_len > NAME_MAX_LEN || b_len > NAME_MAX_LEN)
        return NAME_MAX_LEN;
    for (size_t k = 0; k <= b_len; k++)
        row[k] = k;
    for (size_t i = 0; i < a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t k = 0; k < b_len; k++) {
            size_t above = row[k + 1];

            row[k + 1] =
                least(above + 1, row[k] + 1, diagonal + !same(a[i], b[k]));
            diagonal = above;
        }
    }
    return row[b_len];
}

/* A third of it may be wrong, and at least one letter right. */
static size_t tolerance(size_t len)
{
    return len < 3 ? 0 : len / 3 + 1;
}

void nearest_begin(struct nearest *nearest, const char *name, size_t len)
{
    *nearest = (struct nearest){ name, len, tolerance(len) + 1, NULL };
}

void nearest_consider(struct nearest *nearest, const char *candidate)
{
    size_t d = distance(nearest->name, nearest->len, candidate);

    if (d >= nearest->distance)
        return;
    nearest->best = candidate;
    nearest->distance = d;
}

const char *suggest_option(const struct command *command, const char *arg,
                           size_t len)
{
    bool parameter = len < 2 || arg[1] != '-';
    size_t skip = parameter ? 1 : 2;
    struct nearest nearest;

    nearest_begin(&nearest, arg + skip, len - skip);
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (option_is_parameter((enum option_id)id) != parameter ||
            !command_takes(command, (enum option_id)id))
            continue;
        nearest_consider(&nearest, option_table[id].name);
    }
    return nearest.best;
}

#define REVOKE "revoke"

/* What cannot be undone is typed by whoever means it, and never suggested. */
const char *suggest_command(const char *name)
{
    struct nearest nearest;

    nearest_begin(&nearest, name, strlen(name));
    for (size_t i = 0; i < command_count; i++)
        if (okt_ncasecmp(commands[i].name, REVOKE, strlen(REVOKE)) != 0)
            nearest_consider(&nearest, commands[i].name);
    return nearest.best;
}
