/* SPDX-License-Identifier: Apache-2.0 */
/* challenge.c - a walk over the challenges of one WWW-Authenticate value. */
#include "wire/challenge.h"

#include <stddef.h>
#include <string.h>

#include "base/ascii.h"

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
    return strlen(name) == len && okt_ncasecmp(text, name, len) == 0;
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

/* What stands behind a quoted string or a token; NULL: a quote that does not
 * end. */
static const char *skip_value(const char *p)
{
    if (*p != '"')
        return p + token_len(p);
    for (p++; *p != '"'; p++) {
        p += *p == '\\';
        if (*p == '\0')
            return NULL;
    }
    return p + 1;
}

/* Appends the value from p to end without its quotes and backslashes. */
static void unquote(const char *p, const char *end, struct okt_buf *out)
{
    if (*p != '"') {
        okt_buf_append(out, p, (size_t)(end - p));
        return;
    }
    for (p++; p < end - 1; p++) {
        p += *p == '\\';
        okt_buf_char(out, *p);
    }
}

bool okt_challenge_param(const char *value, const char *scheme,
                         const char *param, struct okt_buf *out)
{
    bool wanted = false;
    const char *p = skip_separators(value);

    while (*p != '\0') {
        size_t len = token_len(p);
        const char *behind = value_of(p + len);
        const char *end;

        if (len == 0)
            return false;
        if (behind == NULL) {
            wanted = scheme == NULL || same_name(p, len, scheme);
            p = skip_separators(skip_token68(p + len));
            continue;
        }
        end = skip_value(behind);
        if (end == NULL)
            return false;
        if (wanted && same_name(p, len, param)) {
            unquote(behind, end, out);
            return true;
        }
        p = skip_separators(end);
    }
    return false;
}
