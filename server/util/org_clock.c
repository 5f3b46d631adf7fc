/* SPDX-License-Identifier: Apache-2.0 */
/* org_clock.c - the wall clock, held against the steady one. */
#include "server/util/org_clock.h"

#include <time.h>

#include "server/util/diag.h"

/* Where a machine was suspended, both clocks have gone on. */
int64_t org_clock_steady_ms(const struct org_clock *clock)
{
    struct timespec now;

    if (clock->source != NULL)
        return clock->source->steady_ms();
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Both clocks at one moment: a thread may be put off between two looks. */
static void read_both(const struct org_clock *c, int64_t *wall, int64_t *steady)
{
    int64_t before;
    int64_t after;

    do {
        before = org_clock_steady_ms(c);
        *wall = org_clock_wall(c);
        after = org_clock_steady_ms(c);
    } while (after - before > 1000);
    *steady = after / 1000;
}

static void know(struct org_clock *c, int64_t offset)
{
    if (offset < c->least)
        c->least = offset;
    if (offset > c->greatest)
        c->greatest = offset;
}

static void begin_scale(struct org_clock *c, int64_t wall, int64_t steady)
{
    c->begin = wall;
    c->offset = wall - steady;
}

static void note_step(struct org_clock *c, int64_t by, int64_t steady,
                      const char *what)
{
    c->stepped = true;
    c->step_at = steady;
    c->steps++;
    say("clock: ALARM: %s, by %+lld s; for %d minutes nothing is removed "
        "because of its time",
        what, (long long)by, STEP_HOLD_SECONDS / 60);
}

/* With the lock held. */
static void look(struct org_clock *c, int64_t wall, int64_t steady)
{
    int64_t by = wall - steady - c->offset;

    if (by > STEP_SECONDS || by < -STEP_SECONDS) {
        begin_scale(c, wall, steady);
        know(c, c->offset);
        note_step(c, by, steady, "the system's clock was moved");
    }
    if (!c->stepped || steady - c->step_at >= STEP_KNOWN_SECONDS)
        c->least = c->greatest = c->offset;
}

/* By how much the present scale is off the one farthest from it. */
static int64_t farthest(const struct clock_seen *seen)
{
    int64_t behind = seen->last - seen->slow;
    int64_t ahead = seen->fast - seen->last;

    return behind >= ahead ? behind : -ahead;
}

static void watch(struct org_clock *c, const struct clock_seen *seen)
{
    int64_t wall;
    int64_t steady;
    int64_t gone;
    int64_t by;

    read_both(c, &wall, &steady);
    by = wall - seen->last;
    c->watched = true;
    c->stepped = false;
    c->steps = 0;
    begin_scale(c, wall, steady);
    c->least = c->greatest = c->offset;
    if (seen->last == 0)
        return;
    if (by > STEP_START_SECONDS || by < -STEP_START_SECONDS)
        note_step(c, by, steady, "the clock is far from the last time seen");
    else if (by < -STEP_SECONDS) /* it was moved while nobody looked */
        note_step(c, by, steady, "the clock is before the last time seen");
    /* Time has gone on for all scales, unless nobody knows by how much. */
    gone = c->stepped ? 0 : by;
    if (!c->stepped && seen->fast - seen->slow > STEP_SECONDS)
        note_step(c, farthest(seen), steady,
                  "the clock was moved while the last run watched it");
    if (c->stepped) {
        know(c, seen->slow + gone - steady);
        know(c, seen->fast + gone - steady);
    }
}

void org_clock_watch(struct org_clock *c, const struct clock_seen *seen)
{
    pthread_mutex_lock(&c->lock);
    watch(c, seen);
    pthread_mutex_unlock(&c->lock);
}

struct clock_steps org_clock_look(struct org_clock *c)
{
    static const struct clock_seen none;
    struct clock_steps out;
    int64_t wall;
    int64_t steady;

    pthread_mutex_lock(&c->lock);
    if (!c->watched)
        watch(c, &none);
    read_both(c, &wall, &steady);
    look(c, wall, steady);
    out = (struct clock_steps){
        .held = c->stepped && steady - c->step_at < STEP_HOLD_SECONDS,
        .behind = c->offset - c->least,
        .ahead = c->greatest - c->offset,
    };
    pthread_mutex_unlock(&c->lock);
    return out;
}

struct clock_seen org_clock_seen(struct org_clock *c)
{
    struct clock_seen out;

    org_clock_look(c);
    pthread_mutex_lock(&c->lock);
    out.begin = c->begin;
    out.last = org_clock_wall(c);
    out.slow = out.last - (c->offset - c->least);
    out.fast = out.last + (c->greatest - c->offset);
    pthread_mutex_unlock(&c->lock);
    return out;
}

uint64_t org_clock_steps(struct org_clock *c)
{
    uint64_t steps;

    pthread_mutex_lock(&c->lock);
    steps = c->steps;
    pthread_mutex_unlock(&c->lock);
    return steps;
}
