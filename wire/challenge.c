/* SPDX-License-Identifier: Apache-2.0 */
/* challenge.c - a walk over the challenges of one WWW-Authenticate value. */
#include "challenge.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *skip_separators(const char *p)
{
    return p + strspn(p, " \t,");
}

static size_t token_len(const char *p)
{
    return strspn(p, "!#$%&'*+-.^_`|~0123456789"
                     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

static bool same_name(const char *text, size_t len, const char *name)
{
    return strlen(name) == len && strncasecmp(text, name, len) == 0;
}

/*
 * Where the value of `name = value` begins if one stands behind the token that
 * ends at p; NULL if the token is a scheme. The "=" of a token68 has another
 * "=", a comma or the end behind it, so it is no parameter.
 */
static const char *value_of(const char *p)
{
    p += strspn(p, " \t");
    if (*p != '=')
        return NULL;
    p++;
    p += strspn(p, " \t");
    return *p == '"' || token_len(p) > 0 ? p : NULL;
}

/* Skips the token68 that may stand behind a scheme, as in "Basic YWI6Yw==". */
static const char *skip_token68(const char *p)
{
    size_t len;

    p += strspn(p, " \t");
    if (value_of(p + token_len(p)) != NULL)
        return p;
    len = strspn(p, "-._~+/0123456789"
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    return p + len + strspn(p + len, "=");
}

/* Reads a quoted string or a token, into out unless that is NULL. Returns what
 * stands behind it; NULL: a quote that does not end. */
static const char *read_value(const char *p, struct okt_buf *out)
{
    if (*p != '"') {
        size_t len = token_len(p);

        if (out != NULL)
            okt_buf_append(out, p, len);
        return p + len;
    }
    for (p++; *p != '"'; p++) {
        p += *p == '\\';
        if (*p == '\0')
            return NULL;
        if (out != NULL)
            okt_buf_char(out, *p);
    }
    return p + 1;
}

bool okt_challenge_param(const char *value, const char *scheme,
                         const char *param, struct okt_buf *out)
{
    bool wanted = false;
    const char *p = skip_separators(value);

    while (p != NULL && *p != '\0') {
        size_t len = token_len(p);
        const char *behind = value_of(p + len);

        if (len == 0)
            return false;
        if (behind == NULL) {
            wanted = scheme == NULL || same_name(p, len, scheme);
            p = skip_separators(skip_token68(p + len));
            continue;
        }
        if (wanted && same_name(p, len, param))
            return read_value(behind, out) != NULL;
        p = read_value(behind, NULL);
        if (p != NULL)
            p = skip_separators(p);
    }
    return false;
}
