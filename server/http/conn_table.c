/* SPDX-License-Identifier: Apache-2.0 */
/* conn_table.c - a list of all, a count for each address, and a thread that
 * looks.
 */
#include "server/http/conn_table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "server/http/listen.h"
#include "sys/clock.h"

enum { LOOK_MS = 250, SERVED = 0 };

/* An address. */
struct origin {
    char text[ADDRESS_TEXT_MAX];
    size_t count;  /* of its connections, without those that were shut */
    size_t guests; /* with them */
    struct origin *next;
};

struct guest {
    int fd;
    atomic_int_fast64_t until_ms; /* SERVED: no deadline */
    bool shut;
    struct origin *origin;
    struct guest *previous;
    struct guest *next;
};

struct crowd {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool ending;
    size_t room;
    size_t count; /* without those that were shut down */
    struct guest *first;
    struct origin *origins;
};

/* ---------------------------------------------------------------- Origins --
 */

static struct origin *origin_of(struct crowd *c, const struct sockaddr *address)
{
    char text[ADDRESS_TEXT_MAX];
    struct origin *origin = c->origins;

    address_text(address, text);
    while (origin != NULL && strcmp(origin->text, text) != 0)
        origin = origin->next;
    if (origin != NULL)
        return origin;
    origin = calloc(1, sizeof(*origin));
    if (origin == NULL)
        return NULL;
    memcpy(origin->text, text, sizeof(text));
    origin->next = c->origins;
    c->origins = origin;
    return origin;
}

static void origin_drop(struct crowd *c, struct origin *origin)
{
    struct origin **link = &c->origins;

    if (--origin->guests > 0)
        return;
    while (*link != origin)
        link = &(*link)->next;
    *link = origin->next;
    free(origin);
}

/* --------------------------------------------------------- Shutting down -- */

/* Without an answer's rest, for which the kernel would go on to wait. */
static void shut(struct crowd *c, struct guest *guest)
{
    const struct linger none = { .l_onoff = 1, .l_linger = 0 };

    setsockopt(guest->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
    shutdown(guest->fd, SHUT_RDWR);
    guest->shut = true;
    guest->origin->count--;
    c->count--;
}

/* Of the address that has the most, the one that has waited longest. */
static bool goes_before(const struct guest *a, const struct guest *b)
{
    if (a->origin->count != b->origin->count)
        return a->origin->count > b->origin->count;
    return atomic_load(&a->until_ms) < atomic_load(&b->until_ms);
}

static void make_room(struct crowd *c, const struct guest *newcomer)
{
    struct guest *goes = NULL;

    for (struct guest *g = c->first; g != NULL; g = g->next) {
        if (g == newcomer || g->shut || atomic_load(&g->until_ms) == SERVED)
            continue;
        if (goes == NULL || goes_before(g, goes))
            goes = g;
    }
    if (goes != NULL)
        shut(c, goes);
}

static void look(struct crowd *c)
{
    int64_t now_ms = okt_clock_ms();

    for (struct guest *g = c->first; g != NULL; g = g->next) {
        int64_t until_ms = atomic_load(&g->until_ms);

        if (!g->shut && until_ms != SERVED && until_ms <= now_ms)
            shut(c, g);
    }
}

static void *watch(void *ctx)
{
    struct crowd *c = ctx;
    struct timespec until;

    pthread_mutex_lock(&c->lock);
    while (!c->ending) {
        int64_t due_ms = okt_clock_ms() + LOOK_MS;

        until = (struct timespec){ .tv_sec = (time_t)(due_ms / 1000),
                                   .tv_nsec = (long)(due_ms % 1000 * 1000000) };
        pthread_cond_timedwait(&c->wake, &c->lock, &until);
        look(c);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* ----------------------------------------------------------- The outside -- */

struct crowd *crowd_new(size_t room)
{
    struct crowd *c = calloc(1, sizeof(*c));
    pthread_condattr_t attr;

    if (c == NULL)
        return NULL;
    c->room = room;
    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&c->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&c->thread, NULL, watch, c) == 0)
        return c;
    pthread_cond_destroy(&c->wake);
    pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}

void crowd_free(struct crowd *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    c->ending = true;
    pthread_cond_signal(&c->wake);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    pthread_cond_destroy(&c->wake);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static void add(struct crowd *c, struct guest *guest)
{
    guest->origin->count++;
    guest->origin->guests++;
    guest->next = c->first;
    if (c->first != NULL)
        c->first->previous = guest;
    c->first = guest;
    if (++c->count > c->room)
        make_room(c, guest);
}

struct guest *crowd_enter(struct crowd *c, int fd,
                          const struct sockaddr *address, int64_t ms)
{
    struct guest *guest = calloc(1, sizeof(*guest));

    if (guest == NULL)
        return NULL;
    guest->fd = fd;
    guest_has(guest, ms);
    pthread_mutex_lock(&c->lock);
    guest->origin = origin_of(c, address);
    if (guest->origin != NULL)
        add(c, guest);
    pthread_mutex_unlock(&c->lock);
    if (guest->origin != NULL)
        return guest;
    free(guest);
    return NULL;
}

void crowd_leave(struct crowd *c, struct guest *guest)
{
    if (guest == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    if (!guest->shut) {
        guest->origin->count--;
        c->count--;
    }
    if (guest->previous != NULL)
        guest->previous->next = guest->next;
    else
        c->first = guest->next;
    if (guest->next != NULL)
        guest->next->previous = guest->previous;
    origin_drop(c, guest->origin);
    pthread_mutex_unlock(&c->lock);
    free(guest);
}

void guest_has(struct guest *guest, int64_t ms)
{
    if (guest != NULL)
        atomic_store(&guest->until_ms, okt_clock_ms() + ms);
}

void guest_is_served(struct guest *guest)
{
    if (guest != NULL)
        atomic_store(&guest->until_ms, SERVED);
}
