/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_time.h - a system's two clocks that a test moves. */
#ifndef TEST_ORGD_TIME_H
#define TEST_ORGD_TIME_H

#include <stdatomic.h>

#include "server/util/org_clock.h"

/* In seconds; the wall clock's from the steady one. */
static atomic_int_least64_t fake_steady;
static atomic_int_least64_t fake_offset;

static int64_t read_wall(void)
{
    return atomic_load(&fake_steady) + atomic_load(&fake_offset);
}

static int64_t read_steady_ms(void)
{
    return atomic_load(&fake_steady) * 1000;
}

static const struct clock_source fake_time = { read_wall, read_steady_ms };

/* Time goes by, for both. */
static inline void let_pass(int64_t seconds)
{
    atomic_fetch_add(&fake_steady, seconds);
}

/* Somebody moves the wall clock. */
static inline void step_wall(int64_t seconds)
{
    atomic_fetch_add(&fake_offset, seconds);
}

/* From now on that clock goes by these, which stand until they are moved. */
static inline void use_fake_time(struct org_clock *clock, int64_t wall)
{
    atomic_store(&fake_steady, 1000);
    atomic_store(&fake_offset, wall - 1000);
    clock->source = &fake_time;
    atomic_store(&clock->state, 0);
}

#endif
