/* SPDX-License-Identifier: Apache-2.0 */
/* limits.c - a table of windows by caller, behind one lock. */
#include "limits.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

enum { SLOTS = 4096, WINDOWS_MAX = 65536, SHARE = 2 };

struct window {
    char caller[LIMIT_KEY_MAX + 1];
    int64_t reset;
    int64_t used;
    struct window *next;
};

struct limits {
    pthread_mutex_t lock;
    int64_t limit; /* of one caller; 0: none */
    size_t count;
    struct window *slots[SLOTS];
    struct window shared; /* of those for whom there is no room */
};

struct limits *limits_new(int64_t per_minute)
{
    struct limits *l = calloc(1, sizeof(*l));

    if (l == NULL)
        return NULL;
    pthread_mutex_init(&l->lock, NULL);
    if (per_minute > 0)
        l->limit = per_minute < SHARE ? 1 : per_minute / SHARE;
    return l;
}

void limits_free(struct limits *l)
{
    if (l == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++) {
        while (l->slots[i] != NULL) {
            struct window *window = l->slots[i];

            l->slots[i] = window->next;
            free(window);
        }
    }
    pthread_mutex_destroy(&l->lock);
    free(l);
}

static size_t slot_of(const char *caller)
{
    return hash_text(caller) % SLOTS;
}

/* Finds a caller's window, dropping those on the way that have ended. */
static struct window *find(struct limits *l, struct window **link,
                           const char *caller, int64_t now)
{
    while (*link != NULL) {
        struct window *window = *link;

        if (strcmp(window->caller, caller) == 0)
            return window;
        if (now < window->reset) {
            link = &window->next;
            continue;
        }
        *link = window->next;
        free(window);
        l->count--;
    }
    return NULL;
}

static struct window *window_of(struct limits *l, const char *caller,
                                int64_t now)
{
    struct window **slot = &l->slots[slot_of(caller)];
    struct window *window = find(l, slot, caller, now);

    if (window != NULL)
        return window;
    if (l->count >= WINDOWS_MAX || strlen(caller) > LIMIT_KEY_MAX)
        return &l->shared;
    window = calloc(1, sizeof(*window));
    if (window == NULL)
        return &l->shared;
    memcpy(window->caller, caller, strlen(caller) + 1);
    window->next = *slot;
    *slot = window;
    l->count++;
    return window;
}

static bool count(struct limits *l, struct window *window, int64_t now,
                  struct limit_state *out)
{
    bool allowed;

    /* The clock may have been set back: no window ends later than a minute. */
    if (now >= window->reset || window->reset > now + LIMIT_WINDOW) {
        window->reset = now + LIMIT_WINDOW;
        window->used = 0;
    }
    allowed = window->used < l->limit;
    window->used += allowed;
    *out = (struct limit_state){
        .limit = l->limit,
        .remaining = l->limit - window->used,
        .reset = window->reset,
    };
    return allowed;
}

bool limits_take(struct limits *l, const char *caller, int64_t now,
                 struct limit_state *out)
{
    bool allowed;

    if (l->limit == 0) {
        *out = (struct limit_state){ LIMIT_MAX, LIMIT_MAX, now + LIMIT_WINDOW };
        return true;
    }
    pthread_mutex_lock(&l->lock);
    allowed = count(l, window_of(l, caller, now), now, out);
    pthread_mutex_unlock(&l->lock);
    return allowed;
}
