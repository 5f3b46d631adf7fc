/* SPDX-License-Identifier: Apache-2.0 */
/* timers.c - a list by time, and a thread that sleeps until the first. */
#include "server/util/timers.h"

#include <pthread.h>
#include <stdlib.h>

#include "sys/clock.h"

struct alarm {
    int64_t due_ms;
    void (*ring)(void *ctx);
    void *ctx;
    struct alarm *next;
};

struct alarms {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool ended;
    bool joined;
    struct alarm *first; /* due */
};

/* With the lock held: until it is due, or something has changed. */
static void wait_until(struct alarms *a, int64_t due_ms)
{
    struct timespec until = {
        .tv_sec = (time_t)(due_ms / 1000),
        .tv_nsec = (long)(due_ms % 1000 * 1000000),
    };

    pthread_cond_timedwait(&a->changed, &a->lock, &until);
}

/* Without the lock, for ring may set another. */
static void ring_first(struct alarms *a)
{
    struct alarm *alarm = a->first;

    a->first = alarm->next;
    pthread_mutex_unlock(&a->lock);
    alarm->ring(alarm->ctx);
    free(alarm);
    pthread_mutex_lock(&a->lock);
}

static void *run(void *ctx)
{
    struct alarms *a = ctx;

    pthread_mutex_lock(&a->lock);
    while (!a->ended || a->first != NULL) {
        if (a->first == NULL)
            pthread_cond_wait(&a->changed, &a->lock);
        else if (a->ended || a->first->due_ms <= okt_clock_ms())
            ring_first(a);
        else
            wait_until(a, a->first->due_ms);
    }
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

struct alarms *alarms_new(void)
{
    struct alarms *a = calloc(1, sizeof(*a));
    pthread_condattr_t steady;

    if (a == NULL)
        return NULL;
    pthread_mutex_init(&a->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&a->changed, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&a->thread, NULL, run, a) == 0)
        return a;
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    free(a);
    return NULL;
}

bool alarms_set(struct alarms *a, int64_t ms, void (*ring)(void *), void *ctx)
{
    struct alarm *alarm = calloc(1, sizeof(*alarm));
    struct alarm **link = &a->first;
    bool taken;

    if (alarm == NULL)
        return false;
    *alarm = (struct alarm){ okt_clock_ms() + ms, ring, ctx, NULL };
    pthread_mutex_lock(&a->lock);
    taken = !a->ended;
    if (taken) {
        while (*link != NULL && (*link)->due_ms <= alarm->due_ms)
            link = &(*link)->next;
        alarm->next = *link;
        *link = alarm;
        pthread_cond_signal(&a->changed);
    }
    pthread_mutex_unlock(&a->lock);
    if (!taken)
        free(alarm);
    return taken;
}

void alarms_end(struct alarms *a)
{
    if (a == NULL || a->joined)
        return;
    pthread_mutex_lock(&a->lock);
    a->ended = true;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    a->joined = true;
}

void alarms_free(struct alarms *a)
{
    if (a == NULL)
        return;
    alarms_end(a);
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    free(a);
}
