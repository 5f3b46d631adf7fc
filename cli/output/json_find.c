/* SPDX-License-Identifier: Apache-2.0 */
/* json_find.c - walking the text of valid JSON. */
#include "cli/output/json_find.h"

#include <string.h>

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

/* Behind the string that begins at p. */
static const char *string_end(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        p += *p == '\\' && p + 1 < end;
    return p < end ? p + 1 : end;
}

/* Behind the object or array that begins at p. */
static const char *bracket_end(const char *p, const char *end)
{
    size_t depth = 0;

    while (p < end) {
        if (*p == '"') {
            p = string_end(p, end);
            continue;
        }
        if (*p == '[' || *p == '{')
            depth++;
        else if (*p == ']' || *p == '}')
            depth--;
        p++;
        if (depth == 0)
            break;
    }
    return p;
}

static const char *value_end(const char *p, const char *end)
{
    if (p == end)
        return end;
    if (*p == '"')
        return string_end(p, end);
    if (*p == '{' || *p == '[')
        return bracket_end(p, end);
    while (p < end && strchr(",]} \t\n\r", *p) == NULL)
        p++;
    return p;
}

/* Reads the member at *p, which moves to the next. False: there is none. */
static bool next_member(const char **p, const char *end, struct okt_span *key,
                        struct okt_span *value)
{
    const char *at = skip_space(*p, end);
    const char *behind;

    if (at == end || *at != '"')
        return false;
    behind = string_end(at, end);
    *key = (struct okt_span){ at, (size_t)(behind - at) };
    at = skip_space(behind, end);
    at = skip_space(at < end ? at + 1 : end, end); /* the colon */
    behind = value_end(at, end);
    *value = (struct okt_span){ at, (size_t)(behind - at) };
    at = skip_space(behind, end);
    *p = at < end && *at == ',' ? at + 1 : at;
    return true;
}

bool json_plain(struct okt_buf *out, struct okt_span value)
{
    AUTO(yyjson_doc) doc = NULL;
    const char *why;
    bool no_memory = false;
    yyjson_val *root;

    if (value.len > 0 && value.data[0] != '"') {
        if (value.data[0] != 'n')
            okt_buf_append(out, value.data, value.len);
        return !okt_buf_failed(out);
    }
    doc = okt_json_read(value.data, value.len, &why, &no_memory);
    root = yyjson_doc_get_root(doc);
    if (root != NULL)
        okt_buf_append(out, yyjson_get_str(root), yyjson_get_len(root));
    return !no_memory && !okt_buf_failed(out);
}

enum { ESCAPED_KEY_MAX = 1024, ESCAPED_KEY_MEMORY = 16 * 1024 };

/* key has its quotes. One with escapes is read in memory of our own: nothing
 * that may fail must make a member look as if it were not there. */
static bool key_is(struct okt_span key, const char *name, size_t len)
{
    char memory[ESCAPED_KEY_MEMORY];
    yyjson_alc alc;
    yyjson_doc *doc;

    if (memchr(key.data, '\\', key.len) == NULL)
        return key.len == len + 2 && memcmp(key.data + 1, name, len) == 0;
    if (key.len > ESCAPED_KEY_MAX ||
        !yyjson_alc_pool_init(&alc, memory, sizeof(memory)))
        return false;
    /* yyjson promises not to write without YYJSON_READ_INSITU. */
    doc = yyjson_read_opts((char *)(uintptr_t)key.data, key.len, 0, &alc, NULL);
    return yyjson_equals_strn(yyjson_doc_get_root(doc), name, len);
}

static bool find_member(struct okt_span object, const char *name, size_t len,
                        struct okt_span *out)
{
    const char *end = object.data + object.len;
    const char *p = skip_space(object.data, end);
    struct okt_span key;
    struct okt_span value;
    bool found = false;

    if (p == end || *p != '{')
        return false;
    p++;
    while (next_member(&p, end, &key, &value)) {
        if (!key_is(key, name, len))
            continue;
        *out = value;
        found = true;
    }
    return found;
}

bool json_find(struct okt_span object, const char *path, struct okt_span *out)
{
    struct okt_span at = object;

    for (;;) {
        size_t len = strcspn(path, ".");

        if (!find_member(at, path, len, &at))
            return false;
        if (path[len] == '\0')
            break;
        path += len + 1;
    }
    *out = at;
    return true;
}
