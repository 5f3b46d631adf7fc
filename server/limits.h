/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.h - how many requests a minute a caller has left.
 *
 * A window is 60 seconds from its first request. One bucket a token, which has
 * half of what the org has; callers without a good token have one an address.
 * Safe from any thread.
 */
#ifndef ORGD_LIMITS_H
#define ORGD_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LIMIT_DEFAULT = 600, /* a minute, of the org */
    LIMIT_MAX = 1000000,
    LIMIT_WINDOW = 60, /* seconds */
    LIMIT_KEY_MAX = 63 /* bytes of a caller's name */
};

/* What the headers say. */
struct limit_state {
    int64_t limit;
    int64_t remaining;
    int64_t reset; /* by the org's clock */
};

struct limits;

/* per_minute 0: nobody is ever refused. NULL: out of memory. */
struct limits *limits_new(int64_t per_minute);
void limits_free(struct limits *limits);

/* Counts one request of that caller. False: it is one too many. */
bool limits_take(struct limits *limits, const char *caller, int64_t now,
                 struct limit_state *out);

#endif
