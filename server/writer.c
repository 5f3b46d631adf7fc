/* SPDX-License-Identifier: Apache-2.0 */
/* writer.c - a queue, a thread, and one transaction for all that has come. */
#include "writer.h"

#include <pthread.h>
#include <time.h>

#include "say.h"

enum { RENEW_SECONDS = 1 }; /* what a crash may lose of struct renewals */

struct writer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct change *first;
    struct change **last;
    bool stopping;
    bool renewing;            /* there is a deadline */
    struct timespec renew_at; /* CLOCK_MONOTONIC */
    struct store *store;
    struct renewals *renewals;
};

/* ------------------------------------------------------- The transaction -- */

static store_status apply_all(struct writer *w, struct change *batch)
{
    for (struct change *c = batch; c != NULL; c = c->next) {
        c->result = c->apply(w->store, c->ctx);
        if (c->result == STORE_FAILED)
            return STORE_FAILED;
    }
    return renewals_write(w->renewals, w->store);
}

static store_status transact(struct writer *w, struct change *batch)
{
    const struct store_ops *ops = w->store->ops;

    if (batch == NULL && renewals_are_written(w->renewals))
        return STORE_OK;
    if (ops->begin(w->store) != STORE_OK)
        return STORE_FAILED;
    if (apply_all(w, batch) == STORE_OK && ops->commit(w->store) == STORE_OK)
        return STORE_OK;
    ops->rollback(w->store);
    return STORE_FAILED;
}

static void write_batch(struct writer *w, struct change *batch)
{
    store_status st = transact(w, batch);

    if (st == STORE_OK)
        renewals_written(w->renewals);
    while (batch != NULL) {
        struct change *change = batch;

        batch = change->next; /* before done, which may free it */
        if (st != STORE_OK)
            change->result = STORE_FAILED;
        change->done(change->ctx);
    }
}

/* ------------------------------------------------------------ The thread -- */

static bool is_due(const struct timespec *at)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > at->tv_sec ||
           (now.tv_sec == at->tv_sec && now.tv_nsec >= at->tv_nsec);
}

/* Waits for something to do and takes it, the lock being held. */
static struct change *take(struct writer *w)
{
    struct change *batch;

    while (w->first == NULL && !w->stopping) {
        if (!w->renewing) {
            pthread_cond_wait(&w->wake, &w->lock);
            continue;
        }
        if (is_due(&w->renew_at))
            break;
        pthread_cond_timedwait(&w->wake, &w->lock, &w->renew_at);
    }
    batch = w->first;
    w->first = NULL;
    w->last = &w->first;
    w->renewing = false;
    return batch;
}

static void *work(void *arg)
{
    struct writer *w = arg;
    bool stopping;

    do {
        struct change *batch;

        pthread_mutex_lock(&w->lock);
        batch = take(w);
        stopping = w->stopping;
        pthread_mutex_unlock(&w->lock);
        write_batch(w, batch);
        if (!renewals_are_written(w->renewals) && !stopping)
            writer_nudge(w);
    } while (!stopping);
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
    free(w);
}

static struct writer *writer_new(struct renewals *r)
{
    struct writer *w = calloc(1, sizeof(*w));
    pthread_condattr_t attr;

    if (w == NULL)
        return NULL;
    w->last = &w->first;
    w->renewals = r;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wake, &attr);
    pthread_condattr_destroy(&attr);
    return w;
}

struct writer *writer_start(const char *where, struct renewals *r)
{
    struct writer *w = writer_new(r);

    if (w == NULL) {
        say("could not start the writer: out of memory");
        return NULL;
    }
    if (store_open(where, &w->store) == STORE_OK) {
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
