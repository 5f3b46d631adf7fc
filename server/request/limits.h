/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.h - how many requests a minute a caller has left.
 *
 * A window is 60 seconds from its first request. There is one for each endpoint
 * and one for each token, which has half of an endpoint's. Callers without a
 * good token have one an address (of IPv6: one a /64), and use up no
 * endpoint's: nobody outside may lock out those who are inside. Safe from any
 * thread.
 */
#ifndef ORGD_LIMITS_H
#define ORGD_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LIMIT_DEFAULT = 600, /* a minute, of an endpoint */
    LIMIT_MAX = 1000000,
    LIMIT_WINDOW = 60, /* seconds */
    LIMIT_KEY_MAX = 63 /* bytes of the name of either */
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

/* All begin anew. */
void limits_clear(struct limits *limits);

/*
 * Counts one request of that caller, to that endpoint (NULL: it is nobody who
 * counts there). False: it is one too many, and counts nowhere. *out is of the
 * window that has least left.
 */
bool limits_take(struct limits *limits, const char *caller,
                 const char *endpoint, int64_t now, struct limit_state *out);

#endif
