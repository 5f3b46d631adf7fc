/* SPDX-License-Identifier: Apache-2.0 */
/*
 * org_clock.h - what time it is in an org: the system's time, moved, or one
 * moment that stays; and whether the system's time can be believed.
 *
 * The offset is one word, so that nobody ever reads half of a change. All zero,
 * it is the system's clock. Safe from any thread; two who set it at once must
 * agree on who comes last.
 *
 * A step is a move of the system's wall clock that its steady clock does not
 * confirm. Nobody can tell which of the two times is right, so for a while
 * nothing is removed because of the time that it is. A time scale is the wall
 * clock as it would go on without a step.
 */
#ifndef ORGD_ORG_CLOCK_H
#define ORGD_ORG_CLOCK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "sys/clock.h"

enum {
    STEP_SECONDS = 2,           /* that both clocks may differ */
    STEP_HOLD_SECONDS = 600,    /* after a step: nothing is removed */
    STEP_START_SECONDS = 86400, /* between the last time seen and a start */
    STEP_KNOWN_SECONDS = 86400  /* after it the new time is the only one */
};

/* Where time comes from, for tests. */
struct clock_source {
    int64_t (*now)(void);       /* seconds since 1970-01-01T00:00:00Z */
    int64_t (*steady_ms)(void); /* as org_clock_steady_ms */
};

struct org_clock {
    /* Twice the offset from the system's clock; or, one more than twice the
     * moment where it stands. */
    atomic_int_least64_t state;
    const struct clock_source *source; /* NULL: the system */
    pthread_mutex_t lock;              /* of all below */
    bool watched;
    bool stepped;
    int64_t step_at;  /* the last step, by the steady clock */
    int64_t begin;    /* since when this scale counts, by the wall clock */
    int64_t offset;   /* of the wall clock from the steady one */
    int64_t least;    /* offset of the slowest scale that is known */
    int64_t greatest; /* and of the fastest */
    uint64_t steps;   /* how many there were */
};

/* What a run leaves to the next one: wall times, 0: there was no run. */
struct clock_seen {
    int64_t begin; /* since when the present scale counts */
    int64_t last;  /* what time it is by it, */
    int64_t slow;  /* by the slowest scale that is known, */
    int64_t fast;  /* and by the fastest */
};

/* What steps there were lately. */
struct clock_steps {
    bool held;      /* nothing may be removed by its time */
    int64_t behind; /* seconds, of the slowest scale */
    int64_t ahead;  /* seconds, of the fastest */
};

static inline int64_t org_clock_wall(const struct org_clock *clock)
{
    return clock->source == NULL ? okt_clock_now() : clock->source->now();
}

/* Seconds since 1970-01-01T00:00:00Z. */
static inline int64_t org_clock_now(const struct org_clock *clock)
{
    int64_t state = atomic_load_explicit(&clock->state, memory_order_relaxed);
    int64_t value = (state - (state & 1)) / 2;

    return (state & 1) != 0 ? value : org_clock_wall(clock) + value;
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
                 frozen ? 2 * now + 1 : 2 * (now - org_clock_wall(clock)));
}

/* Milliseconds since some fixed moment, those of a suspended machine too; never
 * goes back, whatever becomes of the wall clock. */
int64_t org_clock_steady_ms(const struct org_clock *clock);

/* Begins to watch for steps; seen: what an earlier run has left. A start far
 * from its last time, or before it, counts as a step, and so does one after a
 * run that knew of a step. */
void org_clock_watch(struct org_clock *clock, const struct clock_seen *seen);

/* Looks for a step, and says so where it finds one. */
struct clock_steps org_clock_look(struct org_clock *clock);

/* What there is to leave now. */
struct clock_seen org_clock_seen(struct org_clock *clock);

/* How many steps there were since it is watched. */
uint64_t org_clock_steps(struct org_clock *clock);

#endif
