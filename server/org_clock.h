/* SPDX-License-Identifier: Apache-2.0 */
/*
 * org_clock.h - what time it is in an org: the system's time, moved, or one
 * moment that stays.
 *
 * One word, so that nobody ever reads half of a change. All zero, it is the
 * system's clock. Safe from any thread; two who set it at once must agree on
 * who comes last.
 */
#ifndef ORGD_ORG_CLOCK_H
#define ORGD_ORG_CLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "clock.h"

struct org_clock {
    /* Twice the offset from the system's clock; or, one more than twice the
     * moment where it stands. */
    atomic_int_least64_t state;
};

static inline int64_t org_clock_read(int64_t state)
{
    int64_t value = (state - (state & 1)) / 2;

    return (state & 1) != 0 ? value : okt_clock_now() + value;
}

/* Seconds since 1970-01-01T00:00:00Z. */
static inline int64_t org_clock_now(const struct org_clock *clock)
{
    return org_clock_read(atomic_load_explicit(&clock->state,
                                               memory_order_relaxed));
}

static inline bool org_clock_is_frozen(const struct org_clock *clock)
{
    return (atomic_load(&clock->state) & 1) != 0;
}

/* From now on it is that time, and goes on from there or stays. */
static inline void org_clock_set(struct org_clock *clock, int64_t now,
                                 bool frozen)
{
    atomic_store(&clock->state,
                 frozen ? 2 * now + 1 : 2 * (now - okt_clock_now()));
}

#endif
