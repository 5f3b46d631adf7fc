/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mem.h - owned locals and secrets.
 *
 *     AUTO(char) path = NULL;     freed when path leaves scope
 *     *out = TAKE(path);          handed on; path is NULL from here
 */
#ifndef OKT_MEM_H
#define OKT_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define AUTO(type) __attribute__((cleanup(okt_auto_##type))) type *

#define AUTO_DEFINE(type, free_fn)               \
    static inline void okt_auto_##type(type **p) \
    {                                            \
        free_fn(*p);                             \
    }

#define TAKE(p)                     \
    __extension__({                 \
        __typeof__(p) taken_ = (p); \
        (p) = NULL;                 \
        taken_;                     \
    })

AUTO_DEFINE(char, free)

/* A string that holds a secret: AUTO(okt_secret) s = NULL; wiped, then freed.
 */
typedef char okt_secret;

/* Overwrites n bytes in a way the compiler keeps. p may be NULL if n is 0. */
void okt_wipe(void *p, size_t n);

/* Wipes and frees a string. Takes NULL. */
void okt_free_secret(char *s);

AUTO_DEFINE(okt_secret, okt_free_secret)

/*
 * Overwrites each place where secret, not empty, occurs in data[0..len) with
 * asterisks: for text from outside that may throw it back.
 */
void okt_mask(char *data, size_t len, const char *secret);

/* Compares n bytes in a time that does not depend on what they are. */
bool okt_equal_secret(const void *a, const void *b, size_t n);

#endif
