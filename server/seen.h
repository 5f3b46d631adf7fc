/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen.h - what may be used once, remembered for as long as it could be used
 * again.
 *
 * In memory, and bounded: where there is no room left, nothing more is taken.
 * Safe from any thread.
 */
#ifndef ORGD_SEEN_H
#define ORGD_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum seen_result {
    SEEN_NEW,
    SEEN_BEFORE,
    SEEN_FULL /* no room, or no memory: it can't be told */
};

struct seen;

/* Remembers for at least so many seconds. NULL: no memory, or no random bytes.
 */
struct seen *seen_new(int64_t seconds);
void seen_free(struct seen *seen);

/* Whether n bytes, at most 512, are remembered at that time. If it can't be
 * told they are not: seen_take tells. */
bool seen_has(struct seen *seen, const void *data, size_t n, int64_t now);

/* Takes n bytes, at most 512, at that time. */
enum seen_result seen_take(struct seen *seen, const void *data, size_t n,
                           int64_t now);

#endif
