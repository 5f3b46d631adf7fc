/* SPDX-License-Identifier: Apache-2.0 */
/* json_pretty.c - a state machine over the tokens of JSON. */
#include "cli/output/json_pretty.h"

#include <string.h>

enum { DEPTH_MAX = 64, STEP = 2 };

#define KEY_COLOR "\033[1;34m"
#define STRING_COLOR "\033[32m"
#define NULL_COLOR "\033[90m"
#define NO_COLOR "\033[0m"

static void set_color(struct json_pretty *pretty, struct okt_buf *out,
                      const char *sequence)
{
    if (pretty->colors)
        okt_buf_str(out, sequence);
}

static void break_line(struct json_pretty *pretty, struct okt_buf *out)
{
    if (!pretty->indent)
        return;
    okt_buf_char(out, '\n');
    for (unsigned i = 0; i < pretty->depth * STEP; i++)
        okt_buf_char(out, ' ');
}

static bool in_object(const struct json_pretty *pretty)
{
    return pretty->depth > 0 && pretty->depth <= DEPTH_MAX &&
           (pretty->objects >> (pretty->depth - 1) & 1) != 0;
}

static void end_document(struct json_pretty *pretty, struct okt_buf *out)
{
    if (pretty->depth > 0)
        return;
    okt_buf_char(out, '\n');
    pretty->unfinished = false;
}

static void begin_value(struct json_pretty *pretty, struct okt_buf *out)
{
    if (pretty->fresh)
        break_line(pretty, out);
    pretty->fresh = false;
    pretty->unfinished = true;
}

static void open_container(struct json_pretty *pretty, struct okt_buf *out,
                           char c)
{
    begin_value(pretty, out);
    okt_buf_char(out, c);
    if (pretty->depth < DEPTH_MAX) {
        uint64_t bit = UINT64_C(1) << pretty->depth;

        pretty->objects =
            c == '{' ? pretty->objects | bit : pretty->objects & ~bit;
    }
    pretty->depth++;
    pretty->fresh = true;
    pretty->value_follows = false;
}

static void close_container(struct json_pretty *pretty, struct okt_buf *out,
                            char c)
{
    pretty->depth -= pretty->depth > 0;
    if (!pretty->fresh)
        break_line(pretty, out);
    pretty->fresh = false;
    okt_buf_char(out, c);
    end_document(pretty, out);
}

static void add_in_string(struct json_pretty *pretty, struct okt_buf *out,
                          char c)
{
    okt_buf_char(out, c);
    if (c == '"' && !pretty->escaped) {
        pretty->in_string = false;
        set_color(pretty, out, NO_COLOR);
        end_document(pretty, out);
    }
    pretty->escaped = c == '\\' && !pretty->escaped;
}

static void begin_string(struct json_pretty *pretty, struct okt_buf *out)
{
    bool key = in_object(pretty) && !pretty->value_follows;

    begin_value(pretty, out);
    set_color(pretty, out, key ? KEY_COLOR : STRING_COLOR);
    okt_buf_char(out, '"');
    pretty->in_string = true;
}

static void add_in_word(struct json_pretty *pretty, struct okt_buf *out, char c)
{
    if (!pretty->in_word) {
        begin_value(pretty, out);
        set_color(pretty, out, c == 'n' ? NULL_COLOR : "");
        pretty->in_null = c == 'n';
    }
    pretty->in_word = true;
    okt_buf_char(out, c);
}

static void end_word(struct json_pretty *pretty, struct okt_buf *out)
{
    if (!pretty->in_word)
        return;
    pretty->in_word = false;
    set_color(pretty, out, pretty->in_null ? NO_COLOR : "");
    end_document(pretty, out);
}

static void add_mark(struct json_pretty *pretty, struct okt_buf *out, char c)
{
    switch (c) {
    case '{':
    case '[':
        open_container(pretty, out, c);
        break;
    case '}':
    case ']':
        close_container(pretty, out, c);
        break;
    case ',':
        okt_buf_char(out, ',');
        pretty->value_follows = false;
        break_line(pretty, out);
        break;
    case ':':
        okt_buf_str(out, pretty->indent ? ": " : ":");
        pretty->value_follows = true;
        break;
    default:
        begin_string(pretty, out);
    }
}

void json_pretty(struct json_pretty *pretty, struct okt_buf *out,
                 const char *json, size_t len)
{
    for (const char *end = json + len; json < end; json++) {
        if (pretty->in_string) {
            add_in_string(pretty, out, *json);
        } else if (memchr(" \t\r\n", *json, 4) != NULL) {
            end_word(pretty, out);
        } else if (memchr("{}[],:\"", *json, 7) != NULL) {
            end_word(pretty, out);
            add_mark(pretty, out, *json);
        } else {
            add_in_word(pretty, out, *json);
        }
    }
}

void json_pretty_end(struct json_pretty *pretty, struct okt_buf *out)
{
    end_word(pretty, out);
    if (pretty->unfinished)
        okt_buf_char(out, '\n');
    pretty->unfinished = false;
}
