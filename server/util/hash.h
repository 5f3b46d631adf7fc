/* SPDX-License-Identifier: Apache-2.0 */
/* hash.h - which slot of a table in memory something belongs to: FNV-1a. */
#ifndef ORGD_HASH_H
#define ORGD_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t hash_bytes(const void *data, size_t len)
{
    const unsigned char *bytes = data;
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * 16777619u;
    return hash;
}

static inline uint32_t hash_text(const char *text)
{
    return hash_bytes(text, strlen(text));
}

#endif
