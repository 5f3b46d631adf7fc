/* SPDX-License-Identifier: Apache-2.0 */
/* rate_limit.h - the X-Rate-Limit-* headers and what they ask of a client. */
#ifndef OKT_RATE_LIMIT_H
#define OKT_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define OKT_H_RATE_LIMIT "X-Rate-Limit-Limit"
#define OKT_H_RATE_REMAINING "X-Rate-Limit-Remaining"
#define OKT_H_RATE_RESET "X-Rate-Limit-Reset"
#define OKT_H_REQUEST_ID "X-Okta-Request-Id"
#define OKT_H_RETRY_FOR "X-Okta-Retry-For"
#define OKT_H_RETRY_COUNT "X-Okta-Retry-Count"

/* Each -1 where no header said it. */
struct okt_rate_limit {
    int64_t limit;
    int64_t remaining;
    int64_t reset;       /* a time by the server's clock */
    int64_t date;        /* the server's clock: the Date header */
    int64_t retry_after; /* seconds */
    int64_t retry_at;    /* the other form of Retry-After: a time */
};

#define OKT_RATE_LIMIT_INIT { -1, -1, -1, -1, -1, -1 }

/*
 * Takes note of one header, if it is one of these. A value that is no number
 * of up to fifteen digits (no date) is as if it were not there.
 */
void okt_rate_limit_header(struct okt_rate_limit *limit, const char *name,
                           const char *value);

/*
 * How many seconds to wait before the next request: Retry-After where it came,
 * else Reset - Date and one more; never below 0. -1: the headers do not say.
 * now, seconds since 1970, stands in for Date where that is missing.
 */
int64_t okt_rate_limit_wait(const struct okt_rate_limit *limit, int64_t now);

/* Whether Retry-After came: a wait that the server asks for by name. */
bool okt_rate_limit_is_told(const struct okt_rate_limit *limit);

/* Whether a 429 with these headers is one of concurrency (Limit: 0), whose
 * reset is a guess. */
bool okt_rate_limit_is_concurrency(const struct okt_rate_limit *limit);

#endif
