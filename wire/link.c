/* SPDX-License-Identifier: Apache-2.0 */
/* link.c - a walk over the links of one Link field value. */
#include "wire/link.h"

#include <stdbool.h>
#include <string.h>

#include "base/ascii.h"

static const char *skip_space(const char *p)
{
    return p + strspn(p, " \t");
}

/* Whether the relation types in rels, separated by spaces, hold rel. */
static bool has_rel(const char *rels, size_t len, const char *rel)
{
    size_t want = strlen(rel);
    size_t i = 0;

    while (i < len) {
        size_t start = i;

        while (i < len && rels[i] != ' ' && rels[i] != '\t')
            i++;
        if (i - start == want && okt_ncasecmp(rels + start, rel, want) == 0)
            return OKT_LINK_FOUND;
        i++;
    }
    return false;
}

struct param {
    const char *name;
    size_t name_len;
    const char *value;
    size_t value_len;
};

/* Reads `name`, `name=token` or `name="quoted"`; NULL: malformed. */
static const char *read_param(const char *p, struct param *param)
{
    *param = (struct param){ .name = p };
    param->name_len = strcspn(p, " \t=;,");
    if (param->name_len == 0)
        return NULL;
    p = skip_space(p + param->name_len);
    if (*p != '=')
        return p;
    p = skip_space(p + 1);
    if (*p != '"') {
        param->value = p;
        param->value_len = strcspn(p, " \t;,");
        return p + param->value_len;
    }
    param->value = ++p;
    while (*p != '"') {
        p += *p == '\\';
        if (*p == '\0')
            return NULL;
        p++;
    }
    param->value_len = (size_t)(p - param->value);
    return p + 1;
}

/*
 * Reads the parameters of one link up to the comma behind it. Only the first
 * rel of a link counts (RFC 8288, section 3.3). NULL: malformed.
 */
static const char *read_params(const char *p, const char *rel, bool *found)
{
    struct param param;
    bool seen = false;

    *found = false;
    for (p = skip_space(p); *p == ';'; p = skip_space(p)) {
        p = skip_space(p + 1);
        if (*p == ';' || *p == ',' || *p == '\0')
            continue;
        p = read_param(p, &param);
        if (p == NULL)
            return NULL;
        if (seen || param.name_len != 3 || okt_ncasecmp(param.name, "rel", 3))
            continue;
        seen = true;
        *found =
            param.value != NULL && has_rel(param.value, param.value_len, rel);
    }
    return p;
}

enum okt_link okt_link_find(const char *value, const char *rel,
                            const char **target, size_t *len)
{
    const char *p = value;
    bool found;

    for (;;) {
        const char *end;
        const char *start;

        p += strspn(p, " \t,");
        if (*p == '\0')
            return OKT_LINK_NONE;
        if (*p != '<')
            return OKT_LINK_MALFORMED;
        start = p + 1;
        /* A second "<" is that of the next link: this one has no end. */
        end = start + strcspn(start, "<>");
        if (*end != '>')
            return OKT_LINK_MALFORMED;
        p = read_params(end + 1, rel, &found);
        if (p == NULL || (*p != ',' && *p != '\0'))
            return OKT_LINK_MALFORMED;
        if (found) {
            *target = start;
            *len = (size_t)(end - start);
            return true;
        }
    }
}

void okt_link_write(struct okt_buf *out, const char *url, const char *rel)
{
    okt_buf_printf(out, "<%s>; rel=\"%s\"", url, rel);
}
