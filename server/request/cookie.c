/* SPDX-License-Identifier: Apache-2.0 */
/* cookie.c - the Cookie header. */
#include "server/request/cookie.h"

#include <string.h>

/* RFC 6265's cookie-octet. */
static bool is_octet(char c)
{
    return c > ' ' && c <= '~' && strchr("\",;\\", c) == NULL;
}

static bool copy(const char *value, size_t len, char *out, size_t size)
{
    if (len >= size)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_octet(value[i]))
            return false;
    memcpy(out, value, len);
    out[len] = '\0';
    return true;
}

bool cookie_get(const char *header, const char *name, char *out, size_t size)
{
    size_t name_len = strlen(name);
    const char *p = header != NULL ? header : "";
    bool found = false;

    while (*p != '\0') {
        size_t len;

        p += strspn(p, " \t;");
        len = strcspn(p, ";");
        if (len > name_len && p[name_len] == '=' &&
            strncmp(p, name, name_len) == 0) {
            if (found || !copy(p + name_len + 1, len - name_len - 1, out, size))
                return false;
            found = true;
        }
        p += len;
    }
    return found;
}
