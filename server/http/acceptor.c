/* SPDX-License-Identifier: Apache-2.0 */
/* acceptor.c - one thread that polls the listener and what is held back. */
#include "server/http/acceptor.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "server/fault/faults.h"
#include "server/http/listen.h"
#include "sys/clock.h"

enum {
    HELD_MAX = 256, /* beyond, they are closed */
    WAKE = 0,       /* places in the array for poll */
    LISTENER = 1,
    FIRST = 2,
    SHORT_MS = 10 /* of files or memory: until the next try */
};

struct visitor {
    int fd;
    struct sockaddr_storage address;
    socklen_t len;
    int64_t due_ms; /* -1: never */
};

struct gate {
    int listener;
    int wake;
    struct faults *faults;
    void (*pass)(void *, int, const struct sockaddr *, socklen_t);
    void *ctx;
    pthread_t thread;
    size_t count;
    struct visitor held[HELD_MAX];
};

static void pass_on(struct gate *g, const struct visitor *v)
{
    g->pass(g->ctx, v->fd, (const struct sockaddr *)&v->address, v->len);
}

static void let_in(struct gate *g, struct visitor *v)
{
    char from[ADDRESS_TEXT_MAX];
    int64_t ms = -1;

    address_text((const struct sockaddr *)&v->address, from);
    if (g->faults == NULL || !faults_stall(g->faults, from, &ms)) {
        pass_on(g, v);
        return;
    }
    v->due_ms = ms >= 0 ? okt_clock_ms() + ms : -1;
    if (g->count < HELD_MAX)
        g->held[g->count++] = *v;
    else
        close(v->fd);
}

static void accept_all(struct gate *g)
{
    struct timespec pause = { .tv_nsec = SHORT_MS * 1000000L };

    for (;;) {
        struct visitor v = { .len = sizeof(v.address) };

        v.fd = accept4(g->listener, (struct sockaddr *)&v.address, &v.len,
                       SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (v.fd >= 0)
            let_in(g, &v);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
                 errno == ENOBUFS)
            nanosleep(&pause, NULL);
        if (v.fd < 0 && errno != EINTR && errno != ECONNABORTED)
            return;
    }
}

static void drop(struct gate *g, size_t i)
{
    g->held[i] = g->held[--g->count];
}

/* Those who have waited long enough, and those who would not. */
static void look_after(struct gate *g, const struct pollfd *polled)
{
    int64_t now = okt_clock_ms();

    for (size_t i = g->count; i-- > 0;) {
        struct visitor *v = &g->held[i];

        if (v->due_ms >= 0 && v->due_ms <= now)
            pass_on(g, v);
        else if (polled[i].revents != 0)
            close(v->fd);
        else
            continue;
        drop(g, i);
    }
}

/* Milliseconds until the first is due; -1: none is. */
static int until_due(const struct gate *g)
{
    int64_t now = okt_clock_ms();
    int64_t least = -1;

    for (size_t i = 0; i < g->count; i++) {
        int64_t left = g->held[i].due_ms - now;

        if (g->held[i].due_ms < 0)
            continue;
        if (left < 0)
            left = 0;
        if (least < 0 || left < least)
            least = left;
    }
    return (int)least;
}

static void *run(void *ctx)
{
    struct gate *g = ctx;
    struct pollfd polled[FIRST + HELD_MAX] = {
        [WAKE] = { g->wake, POLLIN, 0 },
        [LISTENER] = { g->listener, POLLIN, 0 },
    };

    for (;;) {
        for (size_t i = 0; i < g->count; i++)
            polled[FIRST + i] = (struct pollfd){ g->held[i].fd, POLLRDHUP, 0 };
        if (poll(polled, FIRST + g->count, until_due(g)) < 0 && errno != EINTR)
            return NULL;
        if (polled[WAKE].revents != 0)
            return NULL;
        look_after(g, polled + FIRST);
        if (polled[LISTENER].revents != 0)
            accept_all(g);
    }
}

struct gate *
gate_start(int listener, struct faults *faults,
           void (*pass)(void *, int, const struct sockaddr *, socklen_t),
           void *ctx)
{
    struct gate *g = calloc(1, sizeof(*g));

    if (g == NULL)
        return NULL;
    g->listener = listener;
    g->faults = faults;
    g->pass = pass;
    g->ctx = ctx;
    g->wake = eventfd(0, EFD_CLOEXEC);
    if (g->wake >= 0 && pthread_create(&g->thread, NULL, run, g) == 0)
        return g;
    if (g->wake >= 0)
        close(g->wake);
    free(g);
    return NULL;
}

void gate_stop(struct gate *g)
{
    if (g == NULL)
        return;
    eventfd_write(g->wake, 1);
    pthread_join(g->thread, NULL);
    close(g->wake);
    close(g->listener);
    for (size_t i = 0; i < g->count; i++)
        close(g->held[i].fd);
    free(g);
}
