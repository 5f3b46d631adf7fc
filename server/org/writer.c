/* SPDX-License-Identifier: Apache-2.0 */
/* writer.c - a queue, a thread, and one transaction for all that has come. */
#include "server/org/writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "server/org/expiry.h"
#include "server/util/diag.h"

enum {
    RENEW_SECONDS = 1, /* what a crash may lose of struct renewals */
    SWEEP_MS = 500,    /* between two looks for what has expired */
    SWEEP_FAILED_MS = 1000,
    NOTE_SECONDS = 60,      /* between two notes of the time, with a commit, */
    NOTE_IDLE_SECONDS = 600 /* and without one */
};

struct writer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct change *first;
    struct change **last;
    bool stopping;
    bool renewing;            /* there is a deadline */
    struct timespec renew_at; /* CLOCK_MONOTONIC */
    struct timespec sweep_at; /* of the thread alone */
    struct org_clock *clock;
    int64_t noted;        /* when the time was, by the steady clock */
    uint64_t noted_steps; /* how many there were then */
    char *where;
    struct store *store;
    atomic_bool broken; /* until it is proved that it can be written */
    struct renewals *renewals;
};

/* ---------------------------------------------------- A store that fails -- */

/*
 * After a failure nobody knows what the disk has. Asking for the same sync once
 * more would be no answer: what the first could not write may be gone from
 * memory, and then the second finds nothing to do and succeeds. So until the
 * store, opened anew, has proved itself, nothing is written. The old handle is
 * closed last: without any, what a failed commit has left would be recovered
 * as if it had succeeded.
 */
static bool mend(struct writer *w)
{
    AUTO(store_handle) store = NULL;

    if (store_open(w->where, &store) != STORE_OK ||
        store->ops->prove(store) != STORE_OK)
        return false;
    store_close(w->store);
    w->store = TAKE(store);
    atomic_store(&w->broken, false);
    say("database: it can be written again");
    return true;
}

static bool is_whole(struct writer *w)
{
    return !atomic_load(&w->broken) || mend(w);
}

/* Before anybody is told that it failed. */
static store_status broke(struct writer *w)
{
    atomic_store(&w->broken, true);
    mend(w);
    return STORE_FAILED;
}

/* ------------------------------------------------------- The transaction -- */

/* Commits what came to st, or takes it back. */
static store_status end(struct writer *w, store_status st)
{
    const struct store_ops *ops = w->store->ops;

    if (st == STORE_OK && ops->commit(w->store) == STORE_OK)
        return STORE_OK;
    ops->rollback(w->store);
    return broke(w);
}

/* Whether the time was noted so lately, and no step since. */
static bool is_noted(const struct writer *w, int64_t seconds)
{
    return org_clock_steady_ms(w->clock) / 1000 - w->noted < seconds &&
           w->noted_steps == org_clock_steps(w->clock);
}

/* Notes what time it is, if that was not done for so long. */
static store_status note_time(struct writer *w, int64_t seconds)
{
    uint64_t steps = org_clock_steps(w->clock);
    struct clock_seen seen;
    store_status st;

    if (is_noted(w, seconds))
        return STORE_OK;
    seen = org_clock_seen(w->clock);
    w->noted = org_clock_steady_ms(w->clock) / 1000;
    st = w->store->ops->clock_save(w->store, &seen);
    if (st == STORE_OK)
        w->noted_steps = steps;
    return st;
}

static store_status apply_all(struct writer *w, struct change *batch)
{
    for (struct change *c = batch; c != NULL; c = c->next) {
        c->result = c->apply(w->store, c->ctx);
        if (c->result == STORE_FAILED)
            return STORE_FAILED;
    }
    if (note_time(w, NOTE_SECONDS) != STORE_OK)
        return STORE_FAILED;
    return renewals_write(w->renewals, w->store);
}

static store_status transact(struct writer *w, struct change *batch)
{
    if (batch == NULL && renewals_are_written(w->renewals))
        return STORE_OK;
    if (!is_whole(w) || w->store->ops->begin(w->store) != STORE_OK)
        return STORE_FAILED;
    return end(w, apply_all(w, batch));
}

/* By itself, where nothing else is to be written. */
static store_status note_time_alone(struct writer *w, int64_t seconds)
{
    if (is_noted(w, seconds))
        return STORE_OK;
    if (!is_whole(w) || w->store->ops->begin(w->store) != STORE_OK)
        return STORE_FAILED;
    return end(w, note_time(w, 0));
}

static struct expiry_time time_of(const struct writer *w,
                                  const struct clock_steps *steps)
{
    int64_t now = org_clock_now(w->clock);

    return (struct expiry_time){ now, now - steps->behind };
}

static store_status sweep_once(struct writer *w, struct expiry_time time,
                               bool *more)
{
    if (w->store->ops->begin(w->store) != STORE_OK)
        return STORE_FAILED;
    return end(w, expiry_sweep(w->store, w->renewals, time, more));
}

/* All that is due, in as many transactions as it takes: whoever has set the
 * org's own clock means it. */
static store_status settle(struct writer *w)
{
    const struct clock_steps steps = org_clock_look(w->clock);
    const struct expiry_time time = time_of(w, &steps);
    store_status st = STORE_OK;
    bool more = true;

    while (more && st == STORE_OK) {
        st = expiry_is_due(w->store, time, &more);
        if (st == STORE_OK && more)
            st = sweep_once(w, time, &more);
    }
    return st;
}

static store_status commit_batch(struct writer *w, struct change *batch)
{
    store_status st = transact(w, batch);

    if (st == STORE_OK)
        renewals_written(w->renewals);
    return st;
}

/* What was noted until then is written first: it sees all of it. */
static store_status commit_alone(struct writer *w, struct change *change)
{
    store_status st = commit_batch(w, NULL);

    if (st != STORE_OK || !is_whole(w))
        return STORE_FAILED;
    change->result = change->apply(w->store, change->ctx);
    return change->result == STORE_FAILED ? broke(w) : STORE_OK;
}

static void tell(struct writer *w, struct change *batch, store_status st)
{
    while (batch != NULL) {
        struct change *change = batch;

        batch = change->next; /* before done, which may free it */
        if (st == STORE_OK && change->settles && change->result == STORE_OK)
            change->result = settle(w);
        if (st != STORE_OK)
            change->result = STORE_FAILED;
        change->done(change->ctx);
    }
}

/* Takes off those that can share a transaction, or one that can't. */
static struct change *split(struct change **batch)
{
    struct change *first = *batch;
    struct change *last = first;

    if (first == NULL)
        return NULL;
    while (!first->alone && last->next != NULL && !last->next->alone)
        last = last->next;
    *batch = last->next;
    last->next = NULL;
    return first;
}

static void write_batch(struct writer *w, struct change *batch)
{
    do {
        struct change *part = split(&batch);

        if (part != NULL && part->alone)
            tell(w, part, commit_alone(w, part));
        else
            tell(w, part, commit_batch(w, part));
    } while (batch != NULL);
}

/* ------------------------------------------------------------ The thread -- */

static bool is_due(const struct timespec *at)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > at->tv_sec ||
           (now.tv_sec == at->tv_sec && now.tv_nsec >= at->tv_nsec);
}

static bool is_before(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec < b->tv_sec ||
           (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

static const struct timespec *next_deadline(const struct writer *w)
{
    return w->renewing && is_before(&w->renew_at, &w->sweep_at)
               ? &w->renew_at
               : &w->sweep_at;
}

/* Waits for something to do and takes it, the lock being held. *write: there is
 * something to be written; else it is time to sweep. */
static struct change *take(struct writer *w, bool *write)
{
    struct change *batch;

    while (w->first == NULL && !w->stopping) {
        struct timespec until = *next_deadline(w);

        if (is_due(&until))
            break;
        pthread_cond_timedwait(&w->wake, &w->lock, &until);
    }
    batch = w->first;
    w->first = NULL;
    w->last = &w->first;
    *write =
        batch != NULL || w->stopping || (w->renewing && is_due(&w->renew_at));
    if (*write)
        w->renewing = false;
    return batch;
}

static void set_sweep(struct writer *w, int64_t ms)
{
    clock_gettime(CLOCK_MONOTONIC, &w->sweep_at);
    w->sweep_at.tv_sec += ms / 1000;
    w->sweep_at.tv_nsec += ms % 1000 * 1000000;
    w->sweep_at.tv_sec += w->sweep_at.tv_nsec / 1000000000;
    w->sweep_at.tv_nsec %= 1000000000;
}

/* One batch a round, so that changes never wait for many; where there is more,
 * the next round is at once. A store that fails is left alone for a while. */
static void sweep(struct writer *w)
{
    const struct clock_steps steps = org_clock_look(w->clock);
    const struct expiry_time time = time_of(w, &steps);
    bool more = false;
    store_status st = STORE_FAILED;

    if (is_whole(w))
        st = steps.held ? STORE_OK : expiry_is_due(w->store, time, &more);
    if (st == STORE_OK && more)
        st = sweep_once(w, time, &more);
    if (st == STORE_OK)
        st = note_time_alone(w, NOTE_IDLE_SECONDS);
    if (st == STORE_OK)
        set_sweep(w, more ? 0 : SWEEP_MS);
    else
        set_sweep(w, SWEEP_FAILED_MS);
}

static void *work(void *arg)
{
    struct writer *w = arg;
    bool stopping;
    bool write;

    do {
        struct change *batch;

        pthread_mutex_lock(&w->lock);
        batch = take(w, &write);
        stopping = w->stopping;
        pthread_mutex_unlock(&w->lock);
        if (write)
            write_batch(w, batch);
        if (!stopping && is_due(&w->sweep_at))
            sweep(w);
        if (!renewals_are_written(w->renewals) && !stopping)
            writer_nudge(w);
    } while (!stopping);
    note_time_alone(w, 1);
    return NULL;
}

/* ------------------------------------------------------------- The outside --
 */

void writer_free(struct writer *w)
{
    if (w == NULL)
        return;
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    store_close(w->store);
    free(w->where);
    free(w);
}

static struct writer *writer_new(const char *where, struct renewals *r)
{
    struct writer *w = calloc(1, sizeof(*w));
    pthread_condattr_t attr;

    if (w == NULL)
        return NULL;
    w->where = strdup(where);
    if (w->where == NULL) {
        free(w);
        return NULL;
    }
    w->last = &w->first;
    w->renewals = r;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &attr);
    pthread_condattr_destroy(&attr);
    return w;
}

struct writer *writer_start(const char *where, struct renewals *r,
                            struct org_clock *clock)
{
    struct clock_seen seen;
    struct writer *w = writer_new(where, r);

    if (w == NULL) {
        say("could not start the writer: out of memory");
        return NULL;
    }
    w->clock = clock;
    if (store_open(where, &w->store) == STORE_OK &&
        w->store->ops->clock_load(w->store, &seen) == STORE_OK) {
        org_clock_watch(clock, &seen);
        w->noted = org_clock_steady_ms(clock) / 1000 - NOTE_SECONDS;
        /* What can't be written may still be read. */
        atomic_store(&w->broken, w->store->ops->prove(w->store) != STORE_OK);
        if (pthread_create(&w->thread, NULL, work, w) == 0)
            return w;
        say("could not start the writer: no more threads");
    }
    writer_free(w);
    return NULL;
}

bool writer_push(struct writer *w, struct change *change)
{
    bool taken;

    change->next = NULL;
    pthread_mutex_lock(&w->lock);
    taken = !w->stopping;
    if (taken) {
        *w->last = change;
        w->last = &change->next;
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    return taken;
}

bool writer_is_well(const struct writer *w)
{
    return !atomic_load(&w->broken);
}

void writer_nudge(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    if (!w->renewing) {
        clock_gettime(CLOCK_MONOTONIC, &w->renew_at);
        w->renew_at.tv_sec += RENEW_SECONDS;
        w->renewing = true;
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
}

void writer_stop(struct writer *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
}
