/* SPDX-License-Identifier: Apache-2.0 */
/* log_writer.c - a buffer behind one lock, and the thread that empties it. */
#include "server/util/log_writer.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct lines {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake; /* there are lines, or it is to end */
    bool stopping;
    int fd;
    size_t len;
    char data[LINES_MAX];
};

/* Under the lock, so that lines stay in order. */
static void flush(struct lines *l)
{
    size_t done = 0;

    while (done < l->len) {
        ssize_t n = write(l->fd, l->data + done, l->len - done);

        if (n < 0 && errno != EINTR)
            break;
        if (n > 0)
            done += (size_t)n;
    }
    l->len = 0;
}

static void *work(void *arg)
{
    const struct timespec gather = { .tv_nsec = LINES_MS * 1000000L };
    struct lines *l = arg;

    pthread_mutex_lock(&l->lock);
    while (!l->stopping) {
        while (l->len == 0 && !l->stopping)
            pthread_cond_wait(&l->wake, &l->lock);
        pthread_mutex_unlock(&l->lock);
        nanosleep(&gather, NULL);
        pthread_mutex_lock(&l->lock);
        flush(l);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

struct lines *lines_start(int fd)
{
    struct lines *l = calloc(1, sizeof(*l));

    if (l == NULL)
        return NULL;
    l->fd = fd;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->wake, NULL);
    if (pthread_create(&l->thread, NULL, work, l) == 0)
        return l;
    free(l);
    return NULL;
}

void lines_put(struct lines *l, const char *line, size_t len)
{
    if (len > LINES_MAX)
        return;
    pthread_mutex_lock(&l->lock);
    if (l->len + len > LINES_MAX)
        flush(l);
    if (l->len == 0)
        pthread_cond_signal(&l->wake);
    memcpy(l->data + l->len, line, len);
    l->len += len;
    pthread_mutex_unlock(&l->lock);
}

void lines_stop(struct lines *l)
{
    if (l == NULL)
        return;
    pthread_mutex_lock(&l->lock);
    l->stopping = true;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    flush(l);
    pthread_cond_destroy(&l->wake);
    pthread_mutex_destroy(&l->lock);
    free(l);
}
