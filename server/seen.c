/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen.c - two tables, the one that fills and the one before it.
 *
 * Each lasts the time that has to be remembered, so that both together hold all
 * of it, and nothing has to be taken out one by one. What is kept is a MAC
 * under a key of the process: nobody can choose where it falls.
 */
#include "seen.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "secret.h"

enum { FIRST_SLOTS = 1024, SLOTS_MAX = 1 << 20, MARK_LEN = 16 };

struct mark {
    unsigned char bytes[MARK_LEN]; /* all zero: an empty slot */
};

struct table {
    struct mark *slots;
    size_t size; /* a power of two */
    size_t count;
};

struct seen {
    pthread_mutex_t lock;
    unsigned char key[SECRET_KEY_LEN];
    int64_t seconds;
    int64_t begun; /* when the one that fills was begun */
    struct table now;
    struct table before;
};

struct seen *seen_new(int64_t seconds)
{
    struct seen *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    pthread_mutex_init(&s->lock, NULL);
    s->seconds = seconds;
    if (random_key(s->key))
        return s;
    seen_free(s);
    return NULL;
}

void seen_free(struct seen *s)
{
    if (s == NULL)
        return;
    free(s->now.slots);
    free(s->before.slots);
    pthread_mutex_destroy(&s->lock);
    okt_wipe(s->key, sizeof(s->key));
    free(s);
}

/* Its slot, or the empty one where it belongs. */
static struct mark *slot_of(const struct table *t, const struct mark *mark)
{
    static const struct mark empty;
    size_t at;

    memcpy(&at, mark, sizeof(at));
    for (;; at++) {
        struct mark *slot = &t->slots[at & (t->size - 1)];

        if (memcmp(slot, mark, sizeof(*slot)) == 0 ||
            memcmp(slot, &empty, sizeof(*slot)) == 0)
            return slot;
    }
}

static bool has(const struct table *t, const struct mark *mark)
{
    return t->size > 0 && memcmp(slot_of(t, mark), mark, sizeof(*mark)) == 0;
}

/* Makes room for one more: at least half of the slots stay empty. */
static bool grow(struct table *t)
{
    struct table larger = { .size = t->size > 0 ? t->size * 2 : FIRST_SLOTS,
                            .count = t->count };

    if (t->count + 1 <= t->size / 2)
        return true;
    if (larger.size > SLOTS_MAX)
        return false;
    larger.slots = calloc(larger.size, sizeof(*larger.slots));
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < t->size; i++)
        *slot_of(&larger, &t->slots[i]) = t->slots[i];
    free(t->slots);
    *t = larger;
    return true;
}

/* A clock that goes back makes nothing forgotten. */
static void turn(struct seen *s, int64_t now)
{
    if (now - s->begun < s->seconds)
        return;
    free(s->before.slots);
    s->before = now - s->begun < 2 * s->seconds ? s->now : (struct table){ 0 };
    if (s->before.slots == NULL)
        free(s->now.slots);
    s->now = (struct table){ 0 };
    s->begun = now;
}

static enum seen_result take(struct seen *s, const struct mark *mark,
                             int64_t now)
{
    turn(s, now);
    if (has(&s->now, mark) || has(&s->before, mark))
        return SEEN_BEFORE;
    if (!grow(&s->now))
        return SEEN_FULL;
    *slot_of(&s->now, mark) = *mark;
    s->now.count++;
    return SEEN_NEW;
}

static bool mark_of(const struct seen *s, const void *data, size_t n,
                    struct mark *out)
{
    unsigned char mac[SECRET_HASH_LEN];

    if (!secret_mac(s->key, data, n, mac))
        return false;
    memcpy(out, mac, sizeof(*out));
    out->bytes[MARK_LEN - 1] |= 1; /* never empty */
    return true;
}

bool seen_has(struct seen *s, const void *data, size_t n, int64_t now)
{
    struct mark mark;
    bool is;

    if (!mark_of(s, data, n, &mark))
        return false;
    pthread_mutex_lock(&s->lock);
    turn(s, now);
    is = has(&s->now, &mark) || has(&s->before, &mark);
    pthread_mutex_unlock(&s->lock);
    return is;
}

enum seen_result seen_take(struct seen *s, const void *data, size_t n,
                           int64_t now)
{
    struct mark mark;
    enum seen_result result;

    if (!mark_of(s, data, n, &mark))
        return SEEN_FULL;
    pthread_mutex_lock(&s->lock);
    result = take(s, &mark, now);
    pthread_mutex_unlock(&s->lock);
    return result;
}
