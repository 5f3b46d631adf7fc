/* SPDX-License-Identifier: Apache-2.0 */
/* query.c - the parameters of a request's target. */
#include "query.h"

#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Reads "%41". A NUL would end the text early: it is refused. */
static bool decode_escape(const char *text, size_t len, char *out)
{
    int high = len >= 3 ? hex(text[1]) : -1;
    int low = high >= 0 ? hex(text[2]) : -1;

    if (low < 0 || (high == 0 && low == 0))
        return false;
    *out = (char)(high * 16 + low);
    return true;
}

bool query_decode(const char *text, size_t len, struct okt_buf *out)
{
    okt_buf_str(out, "");
    for (size_t i = 0; i < len; i++) {
        char c = text[i] == '+' ? ' ' : text[i];

        if (c == '%') {
            if (!decode_escape(text + i, len - i, &c))
                return false;
            i += 2;
        }
        okt_buf_char(out, c);
    }
    return !okt_buf_failed(out);
}

/* Whether the pair at p has that name; its value is *value, *len. */
static bool is_named(const char *p, size_t pair_len, const char *name,
                     const char **value, size_t *len)
{
    size_t name_len = strlen(name);

    if (pair_len < name_len || strncmp(p, name, name_len) != 0)
        return false;
    *value = p + name_len;
    *len = pair_len - name_len;
    if (*len == 0)
        return true;
    if (**value != '=')
        return false;
    (*value)++;
    (*len)--;
    return true;
}

enum query_result query_get(const char *query, const char *name,
                            struct okt_buf *out)
{
    enum query_result result = QUERY_ABSENT;
    const char *p = query != NULL ? query : "";

    while (*p != '\0') {
        size_t pair_len = strcspn(p, "&");
        const char *value;
        size_t len;

        if (is_named(p, pair_len, name, &value, &len)) {
            if (result == QUERY_FOUND || !query_decode(value, len, out))
                return QUERY_BAD;
            result = QUERY_FOUND;
        }
        p += pair_len;
        p += *p == '&';
    }
    return result;
}

void query_escape(struct okt_buf *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (; *text != '\0'; text++) {
        if (strchr(plain, *text) != NULL)
            okt_buf_char(out, *text);
        else
            okt_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}
