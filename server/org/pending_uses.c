/* SPDX-License-Identifier: Apache-2.0 */
/* pending_uses.c - a table of notes by token id, behind one lock. */
#include "server/org/pending_uses.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "server/util/hash.h"
#include "sys/clock.h"

enum {
    SLOTS = 1024,
    /* A note outlives its writing by this much, for those who had read the row
     * just before. */
    GRACE_MS = 2000
};

enum note_state { FRESH, TAKEN, WRITTEN };

struct note {
    struct renewal renewal;
    enum note_state state;
    int64_t written_ms;
    struct note *next;
};

struct renewals {
    pthread_mutex_t lock;
    atomic_size_t count; /* read without the lock: mostly there is nothing */
    atomic_size_t fresh; /* of them, what is yet to be written */
    struct note *slots[SLOTS];
};

/* Ids are random or an admin's own choice: nobody outside can crowd a slot. */
static size_t slot_of(const char *id)
{
    return hash_text(id) % SLOTS;
}

struct renewals *renewals_new(void)
{
    struct renewals *r = calloc(1, sizeof(*r));

    if (r != NULL)
        pthread_mutex_init(&r->lock, NULL);
    return r;
}

void renewals_clear(struct renewals *r)
{
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < SLOTS; i++) {
        while (r->slots[i] != NULL) {
            struct note *note = r->slots[i];

            r->slots[i] = note->next;
            free(note);
        }
    }
    atomic_store(&r->count, 0);
    atomic_store(&r->fresh, 0);
    pthread_mutex_unlock(&r->lock);
}

void renewals_free(struct renewals *r)
{
    if (r == NULL)
        return;
    renewals_clear(r);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static struct note *find(struct renewals *r, const char *id)
{
    struct note *note = r->slots[slot_of(id)];

    while (note != NULL && strcmp(note->renewal.id, id) != 0)
        note = note->next;
    return note;
}

static bool is_stale(const struct note *note, int64_t now_ms)
{
    return note->state == WRITTEN && now_ms - note->written_ms > GRACE_MS;
}

static struct note *add(struct renewals *r, const char *id)
{
    struct note **slot = &r->slots[slot_of(id)];
    struct note *note = calloc(1, sizeof(*note));

    if (note == NULL)
        return NULL;
    memcpy(note->renewal.id, id, strlen(id) + 1);
    note->state = WRITTEN; /* nothing to write yet */
    note->next = *slot;
    *slot = note;
    atomic_fetch_add(&r->count, 1);
    return note;
}

bool renewals_note(struct renewals *r, const char *id, int64_t used,
                   int64_t expires)
{
    struct note *note = NULL;

    pthread_mutex_lock(&r->lock);
    if (strlen(id) <= OKT_ID_MAX)
        note = find(r, id);
    if (note == NULL && strlen(id) <= OKT_ID_MAX)
        note = add(r, id);
    if (note != NULL && used > note->renewal.used) {
        note->renewal.used = used;
        note->renewal.expires = expires;
        atomic_fetch_add(&r->fresh, note->state == WRITTEN);
        note->state = FRESH;
    }
    pthread_mutex_unlock(&r->lock);
    return note != NULL;
}

bool renewals_are_written(struct renewals *r)
{
    return atomic_load(&r->fresh) == 0;
}

bool renewals_find(struct renewals *r, const char *id, struct renewal *out)
{
    const struct note *note;
    bool found;

    if (atomic_load(&r->count) == 0)
        return false;
    pthread_mutex_lock(&r->lock);
    note = find(r, id);
    found = note != NULL && !is_stale(note, okt_clock_ms());
    if (found)
        *out = note->renewal;
    pthread_mutex_unlock(&r->lock);
    return found;
}

/* A token that is gone needs no renewal. */
static store_status write_one(struct store *store, struct note *note)
{
    store_status st;

    if (note->state == WRITTEN)
        return STORE_OK;
    st = store->ops->token_renew(store, note->renewal.id, note->renewal.expires,
                                 note->renewal.used);
    note->state = TAKEN;
    return st == STORE_NOT_FOUND ? STORE_OK : st;
}

store_status renewals_write(struct renewals *r, struct store *store)
{
    store_status st = STORE_OK;

    if (renewals_are_written(r))
        return STORE_OK;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < SLOTS && st == STORE_OK; i++)
        for (struct note *note = r->slots[i]; note != NULL; note = note->next)
            if (st == STORE_OK)
                st = write_one(store, note);
    pthread_mutex_unlock(&r->lock);
    return st;
}

/* Marks what was taken as written and drops what was written long ago. */
static void settle(struct renewals *r, struct note **link, int64_t now_ms)
{
    while (*link != NULL) {
        struct note *note = *link;

        if (is_stale(note, now_ms)) {
            *link = note->next;
            free(note);
            atomic_fetch_sub(&r->count, 1);
            continue;
        }
        if (note->state == TAKEN) {
            note->state = WRITTEN;
            note->written_ms = now_ms;
            atomic_fetch_sub(&r->fresh, 1);
        }
        link = &note->next;
    }
}

void renewals_written(struct renewals *r)
{
    int64_t now_ms = okt_clock_ms();

    if (atomic_load(&r->count) == 0)
        return;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < SLOTS; i++)
        settle(r, &r->slots[i], now_ms);
    pthread_mutex_unlock(&r->lock);
}
