/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker.h - a thread for what takes long, so that those that serve don't.
 *
 * One job after the other, and few may wait: whoever sends more than can be
 * done is told so, and nobody's memory grows.
 */
#ifndef ORGD_WORKER_H
#define ORGD_WORKER_H

#include <stdbool.h>

enum { WORKER_WAITING_MAX = 64 };

struct job {
    /* Called in the worker's thread. The job may be gone when it returns. */
    void (*run)(void *ctx);
    void *ctx;
    struct job *next; /* the worker's */
};

struct worker;

/* NULL: it said why. */
struct worker *worker_start(void);

/* False: too many wait, or it is stopping; it will not call. */
bool worker_push(struct worker *worker, struct job *job);

/* Does what was pushed and ends the thread; from then on nothing is taken.
 * Takes NULL. */
void worker_stop(struct worker *worker);

/* Frees one that has been stopped. Takes NULL. */
void worker_free(struct worker *worker);

#endif
