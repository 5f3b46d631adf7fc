/* SPDX-License-Identifier: Apache-2.0 */
/* ascii.c - comparing text without regard to ASCII letter case. */
#include "base/ascii.h"

#include <stdint.h>

char okt_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int okt_ncasecmp(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char x = (unsigned char)okt_lower(a[i]);
        unsigned char y = (unsigned char)okt_lower(b[i]);

        if (x != y || x == '\0')
            return x - y;
    }
    return 0;
}

int okt_casecmp(const char *a, const char *b)
{
    return okt_ncasecmp(a, b, SIZE_MAX);
}
