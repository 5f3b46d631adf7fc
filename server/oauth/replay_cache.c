/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay_cache.c - two tables, the one that fills and the one before it.
 *
 * Each lasts the time that has to be remembered, so that both together hold all
 * of it, and nothing has to be taken out one by one. What is kept is a MAC
 * under a key of the process: nobody can choose where it falls.
 *
 * Of a table that goes, the span of its dates stays: should the wall clock go
 * back to them, nothing dated so is taken. Spans that touch become one; where
 * there are too many, the two nearest.
 */
#include "server/oauth/replay_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "server/util/secret.h"

enum { SPANS = 8, FIRST_SLOTS = 1024, SLOTS_MAX = 1 << 20, MARK_LEN = 16 };

struct mark {
    unsigned char bytes[MARK_LEN]; /* all zero: an empty slot */
};

struct span {
    int64_t from;
    int64_t to;
};

struct spans {
    struct span list[SPANS + 1]; /* in no order; one for an addition */
    size_t count;
};

struct table {
    struct mark *slots;
    size_t size; /* a power of two */
    size_t count;
    struct spans dated; /* of what is in it */
    int64_t taken;      /* the last, by the steady clock */
};

struct seen {
    pthread_mutex_t lock;
    unsigned char key[SECRET_KEY_LEN];
    int64_t seconds;
    int64_t begun; /* when the one that fills was begun, by the wall clock */
    int64_t begun_steady;
    struct table now;
    struct table before;
    struct spans forgotten;
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
                            .count = t->count,
                            .dated = t->dated,
                            .taken = t->taken };

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

/* ---------------------------------------------------------- Forgetting -- */

/* How much is between two spans; less than 0: they overlap. */
static int64_t gap(const struct span *a, const struct span *b)
{
    return a->from > b->from ? a->from - b->to : b->from - a->to;
}

/* Makes one of the two that are nearest, if they are that near. */
static bool merge_nearest(struct spans *s, int64_t near)
{
    struct span *list = s->list;
    size_t one = 0;
    size_t two = 0;

    for (size_t i = 1; i < s->count; i++)
        for (size_t j = 0; j < i; j++)
            if (two == 0 ||
                gap(&list[i], &list[j]) < gap(&list[two], &list[one])) {
                one = j;
                two = i;
            }
    if (two == 0 || gap(&list[two], &list[one]) > near)
        return false;
    if (list[two].from < list[one].from)
        list[one].from = list[two].from;
    if (list[two].to > list[one].to)
        list[one].to = list[two].to;
    list[two] = list[--s->count];
    return true;
}

static void add_span(struct spans *s, int64_t from, int64_t to, int64_t near)
{
    s->list[s->count++] = (struct span){ from, to };
    while (merge_nearest(s, near))
        continue;
    if (s->count > SPANS)
        merge_nearest(s, INT64_MAX);
}

static bool is_in(const struct spans *s, int64_t dated)
{
    for (size_t i = 0; i < s->count; i++)
        if (dated >= s->list[i].from && dated <= s->list[i].to)
            return true;
    return false;
}

static void drop(struct seen *s, struct table *t)
{
    for (size_t i = 0; i < t->dated.count; i++)
        add_span(&s->forgotten, t->dated.list[i].from, t->dated.list[i].to,
                 s->seconds);
    free(t->slots);
    *t = (struct table){ 0 };
}

/* Neither a clock that steps nor one that stands makes anything forgotten:
 * both clocks must have moved on. */
static void turn(struct seen *s, const struct seen_time *time)
{
    if (s->now.count + s->before.count == 0)
        s->begun_steady = time->steady;
    if (time->now < s->begun || s->now.count + s->before.count == 0)
        s->begun = time->now;
    if (time->now - s->begun < s->seconds ||
        time->steady - s->begun_steady < s->seconds)
        return;
    drop(s, &s->before);
    if (time->steady - s->now.taken > s->seconds)
        drop(s, &s->now);
    s->before = s->now;
    s->now = (struct table){ 0 };
    s->begun = time->now;
    s->begun_steady = time->steady;
}

static void add(struct table *t, const struct mark *mark,
                const struct seen_time *time, int64_t near)
{
    *slot_of(t, mark) = *mark;
    if (!is_in(&t->dated, time->dated))
        add_span(&t->dated, time->dated, time->dated, near);
    t->taken = time->steady;
    t->count++;
}

static enum seen_result take(struct seen *s, const struct mark *mark,
                             const struct seen_time *time)
{
    turn(s, time);
    if (has(&s->now, mark) || has(&s->before, mark))
        return SEEN_BEFORE;
    if (is_in(&s->forgotten, time->dated))
        return SEEN_FORGOTTEN;
    if (!grow(&s->now))
        return SEEN_FULL;
    add(&s->now, mark, time, s->seconds);
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

bool seen_has(struct seen *s, const void *data, size_t n,
              const struct seen_time *time)
{
    struct mark mark;
    bool is;

    if (!mark_of(s, data, n, &mark))
        return false;
    pthread_mutex_lock(&s->lock);
    turn(s, time);
    is = has(&s->now, &mark) || has(&s->before, &mark);
    pthread_mutex_unlock(&s->lock);
    return is;
}

enum seen_result seen_take(struct seen *s, const void *data, size_t n,
                           const struct seen_time *time)
{
    struct mark mark;
    enum seen_result result;

    if (!mark_of(s, data, n, &mark))
        return SEEN_FULL;
    pthread_mutex_lock(&s->lock);
    result = take(s, &mark, time);
    pthread_mutex_unlock(&s->lock);
    return result;
}

void seen_forget(struct seen *s, int64_t from, int64_t to)
{
    pthread_mutex_lock(&s->lock);
    if (from <= to)
        add_span(&s->forgotten, from, to, s->seconds);
    pthread_mutex_unlock(&s->lock);
}
