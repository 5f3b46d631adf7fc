/* SPDX-License-Identifier: Apache-2.0 */
/* limits.c - windows by caller and by endpoint, behind one lock. */
#include "server/request/limits.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "server/util/hash.h"

enum { SLOTS = 4096, WINDOWS_MAX = 65536, SHARE = 2 };

struct window {
    char key[LIMIT_KEY_MAX + 1];
    int64_t reset;
    int64_t used;
    struct window *next;
};

struct table {
    int64_t limit; /* of one window; 0: none */
    size_t count;
    struct window *slots[SLOTS];
    struct window shared; /* of those for whom there is no room */
};

struct limits {
    pthread_mutex_t lock;
    struct table callers;
    struct table nobodies; /* so that however many of them take no room there */
    struct table endpoints;
};

struct limits *limits_new(int64_t per_minute)
{
    struct limits *l = calloc(1, sizeof(*l));

    if (l == NULL)
        return NULL;
    pthread_mutex_init(&l->lock, NULL);
    l->endpoints.limit = per_minute;
    if (per_minute > 0)
        l->callers.limit = per_minute < SHARE ? 1 : per_minute / SHARE;
    l->nobodies.limit = l->callers.limit;
    return l;
}

static void empty(struct table *t)
{
    for (size_t i = 0; i < SLOTS; i++) {
        while (t->slots[i] != NULL) {
            struct window *window = t->slots[i];

            t->slots[i] = window->next;
            free(window);
        }
    }
    t->count = 0;
    t->shared = (struct window){ 0 };
}

void limits_free(struct limits *l)
{
    if (l == NULL)
        return;
    empty(&l->callers);
    empty(&l->nobodies);
    empty(&l->endpoints);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

void limits_clear(struct limits *l)
{
    pthread_mutex_lock(&l->lock);
    empty(&l->callers);
    empty(&l->nobodies);
    empty(&l->endpoints);
    pthread_mutex_unlock(&l->lock);
}

/* Finds a window, dropping those on the way that have ended. */
static struct window *find(struct table *t, struct window **link,
                           const char *key, int64_t now)
{
    while (*link != NULL) {
        struct window *window = *link;

        if (strcmp(window->key, key) == 0)
            return window;
        if (now < window->reset) {
            link = &window->next;
            continue;
        }
        *link = window->next;
        free(window);
        t->count--;
    }
    return NULL;
}

static struct window *add(struct table *t, struct window **slot,
                          const char *key)
{
    struct window *window = NULL;

    if (t->count < WINDOWS_MAX && strlen(key) <= LIMIT_KEY_MAX)
        window = calloc(1, sizeof(*window));
    if (window == NULL)
        return &t->shared;
    memcpy(window->key, key, strlen(key) + 1);
    window->next = *slot;
    *slot = window;
    t->count++;
    return window;
}

/* The window of a key as it is now, begun anew if it has ended. */
static struct window *window_of(struct table *t, const char *key, int64_t now)
{
    struct window **slot = &t->slots[hash_text(key) % SLOTS];
    struct window *window = find(t, slot, key, now);

    if (window == NULL)
        window = add(t, slot, key);
    /* The clock may have been set back: no window ends later than a minute. */
    if (now >= window->reset || window->reset > now + LIMIT_WINDOW) {
        window->reset = now + LIMIT_WINDOW;
        window->used = 0;
    }
    return window;
}

static struct limit_state state_of(const struct table *t,
                                   const struct window *window)
{
    return (struct limit_state){
        .limit = t->limit,
        .remaining = t->limit - window->used,
        .reset = window->reset,
    };
}

/* The one that refuses first; of two that would at once, the one that does so
 * for longer, so that who waits for it need not wait again. */
static bool is_tighter(const struct limit_state *a, const struct limit_state *b)
{
    if (a->remaining != b->remaining)
        return a->remaining < b->remaining;
    return a->reset > b->reset;
}

/* What one window refuses, none counts. */
static bool take(struct limits *l, const char *caller, const char *endpoint,
                 int64_t now, struct limit_state *out)
{
    struct table *table = endpoint != NULL ? &l->callers : &l->nobodies;
    struct window *own = window_of(table, caller, now);
    struct window *all =
        endpoint != NULL ? window_of(&l->endpoints, endpoint, now) : NULL;
    bool allowed = own->used < table->limit &&
                   (all == NULL || all->used < l->endpoints.limit);
    struct limit_state other;

    own->used += allowed;
    *out = state_of(table, own);
    if (all == NULL)
        return allowed;
    all->used += allowed;
    other = state_of(&l->endpoints, all);
    if (is_tighter(&other, out))
        *out = other;
    return allowed;
}

bool limits_take(struct limits *l, const char *caller, const char *endpoint,
                 int64_t now, struct limit_state *out)
{
    bool allowed;

    if (l->callers.limit == 0) {
        *out = (struct limit_state){ LIMIT_MAX, LIMIT_MAX, now + LIMIT_WINDOW };
        return true;
    }
    pthread_mutex_lock(&l->lock);
    allowed = take(l, caller, endpoint, now, out);
    pthread_mutex_unlock(&l->lock);
    return allowed;
}
