/* SPDX-License-Identifier: Apache-2.0 */
/* rate_limit.c - the rate-limit headers, read, and the wait they ask for. */
#include "wire/rate_limit.h"

#include <stddef.h>
#include <string.h>

#include "base/ascii.h"
#include "wire/iso8601.h"

/* Digits alone, of at most fifteen places; -1: anything else. */
static int64_t number(const char *text)
{
    int64_t value = 0;
    size_t len = strspn(text, "0123456789");

    if (len == 0 || len > 15 || text[len] != '\0')
        return -1;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

static int64_t date(const char *text)
{
    int64_t time = -1;

    return okt_http_date_parse(text, &time) ? time : -1;
}

/* A later header of the same name counts, unless it says nothing. */
static void note(int64_t *field, int64_t value)
{
    if (value >= 0)
        *field = value;
}

void okt_rate_limit_header(struct okt_rate_limit *limit, const char *name,
                           const char *value)
{
    if (okt_casecmp(name, OKT_H_RATE_LIMIT) == 0) {
        note(&limit->limit, number(value));
    } else if (okt_casecmp(name, OKT_H_RATE_REMAINING) == 0) {
        note(&limit->remaining, number(value));
    } else if (okt_casecmp(name, OKT_H_RATE_RESET) == 0) {
        note(&limit->reset, number(value));
    } else if (okt_casecmp(name, "Date") == 0) {
        note(&limit->date, date(value));
    } else if (okt_casecmp(name, "Retry-After") == 0) {
        note(&limit->retry_after, number(value));
        note(&limit->retry_at, date(value));
    }
}

int64_t okt_rate_limit_wait(const struct okt_rate_limit *limit, int64_t now)
{
    int64_t from = limit->date >= 0 ? limit->date : now;
    int64_t wait;

    if (limit->retry_after >= 0)
        return limit->retry_after;
    if (limit->retry_at >= 0)
        wait = limit->retry_at - from;
    else if (limit->reset >= 0)
        wait = limit->reset - from + 1;
    else
        return -1;
    return wait > 0 ? wait : 0;
}

bool okt_rate_limit_is_told(const struct okt_rate_limit *limit)
{
    return limit->retry_after >= 0 || limit->retry_at >= 0;
}

bool okt_rate_limit_is_concurrency(const struct okt_rate_limit *limit)
{
    return limit->limit == 0;
}
