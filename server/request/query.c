/* SPDX-License-Identifier: Apache-2.0 */
/* query.c - the parameters of a request's target. */
#include "server/request/query.h"

#include <string.h>

#include "wire/percent.h"

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
            if (result == QUERY_FOUND || !okt_percent_decode(value, len, out))
                return QUERY_BAD;
            result = QUERY_FOUND;
        }
        p += pair_len;
        p += *p == '&';
    }
    return result;
}
