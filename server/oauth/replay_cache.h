/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay_cache.h - what may be used once, remembered for as long as it could be
 * used again.
 *
 * In memory, and bounded: where there is no room left, nothing more is taken.
 * Safe from any thread.
 */
#ifndef ORGD_REPLAY_CACHE_H
#define ORGD_REPLAY_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum seen_result {
    SEEN_NEW,
    SEEN_BEFORE,
    SEEN_FORGOTTEN,
    SEEN_FULL /* no room, or no memory: it can't be told */
};

struct seen;

/* When something is taken. */
struct seen_time {
    int64_t dated;  /* the time that it bears itself */
    int64_t now;    /* by the wall clock, which may be moved */
    int64_t steady; /* by a clock that never goes back; seconds */
};

/* Remembers for at least so many seconds, by both clocks. NULL: no memory, or
 * no random bytes. */
struct seen *seen_new(int64_t seconds);
void seen_free(struct seen *seen);

/* Whether n bytes, at most 512, are remembered at that time. If it can't be
 * told they are not: seen_take tells. */
bool seen_has(struct seen *seen, const void *data, size_t n,
              const struct seen_time *time);

/* Takes n bytes, at most 512. FORGOTTEN: it may have been used before, and
 * nobody knows any more; so it is only where the wall clock went back. */
enum seen_result seen_take(struct seen *seen, const void *data, size_t n,
                           const struct seen_time *time);

/* What is dated from..to was used before, as far as is known. */
void seen_forget(struct seen *seen, int64_t from, int64_t to);

#endif
