/* SPDX-License-Identifier: Apache-2.0 */
/* mem.c - wiping, freeing and comparing what must stay secret. */
#include "base/mem.h"

#include <string.h>

void okt_wipe(void *p, size_t n)
{
    /* Called through a volatile pointer, memset can't be left out as dead. */
    static void *(*const volatile fill)(void *, int, size_t) = memset;

    if (n > 0)
        fill(p, 0, n);
}

void okt_free_secret(char *s)
{
    if (s == NULL)
        return;
    okt_wipe(s, strlen(s));
    free(s);
}

void okt_mask(char *data, size_t len, const char *secret)
{
    size_t n = strlen(secret);
    char *end = data + len;

    for (char *p = data; (size_t)(end - p) >= n && len > 0; p++) {
        p = memchr(p, secret[0], (size_t)(end - p) - n + 1);
        if (p == NULL)
            return;
        if (memcmp(p, secret, n) == 0)
            memset(p, '*', n);
    }
}

bool okt_equal_secret(const void *a, const void *b, size_t n)
{
    const volatile unsigned char *x = a;
    const volatile unsigned char *y = b;
    unsigned char diff = 0;

    for (size_t i = 0; i < n; i++)
        diff = (unsigned char)(diff | (x[i] ^ y[i]));
    return diff == 0;
}
