/* SPDX-License-Identifier: Apache-2.0 */
/* worker.c - a queue of bounded length and a thread. */
#include "server/util/worker.h"

#include <pthread.h>
#include <stdlib.h>

#include "server/util/diag.h"

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job *first;
    struct job **last;
    int waiting;
    bool stopping;
};

/* NULL: it is to end, and nothing is left. */
static struct job *take(struct worker *w)
{
    struct job *job;

    pthread_mutex_lock(&w->lock);
    while (w->first == NULL && !w->stopping)
        pthread_cond_wait(&w->wake, &w->lock);
    job = w->first;
    if (job != NULL) {
        w->first = job->next;
        w->waiting--;
        if (w->first == NULL)
            w->last = &w->first;
    }
    pthread_mutex_unlock(&w->lock);
    return job;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct job *job;

    while ((job = take(w)) != NULL)
        job->run(job->ctx);
    return NULL;
}

struct worker *worker_start(void)
{
    struct worker *w = calloc(1, sizeof(*w));

    if (w == NULL) {
        say("could not start a worker: out of memory");
        return NULL;
    }
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    if (pthread_create(&w->thread, NULL, work, w) == 0)
        return w;
    say("could not start a worker: no more threads");
    worker_free(w);
    return NULL;
}

bool worker_push(struct worker *w, struct job *job)
{
    bool taken;

    job->next = NULL;
    pthread_mutex_lock(&w->lock);
    taken = !w->stopping && w->waiting < WORKER_WAITING_MAX;
    if (taken) {
        *w->last = job;
        w->last = &job->next;
        w->waiting++;
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
    return taken;
}

void worker_stop(struct worker *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
}

void worker_free(struct worker *w)
{
    if (w == NULL)
        return;
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
