/* SPDX-License-Identifier: Apache-2.0 */
/* key_cache.c - a table of keys by hash; a place belongs to whoever came last.
 */
#include "server/oauth/key_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 256 };

struct held_key {
    okt_key *key;
    unsigned char name[SECRET_HASH_LEN];
    atomic_int holders; /* the table is one */
};

struct keyring {
    pthread_mutex_t lock;
    held_key *slots[SLOTS];
};

struct keyring *keyring_new(void)
{
    struct keyring *ring = calloc(1, sizeof(*ring));

    if (ring != NULL)
        pthread_mutex_init(&ring->lock, NULL);
    return ring;
}

void keyring_free(struct keyring *ring)
{
    if (ring == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        held_key_free(ring->slots[i]);
    pthread_mutex_destroy(&ring->lock);
    free(ring);
}

void held_key_free(held_key *held)
{
    if (held == NULL || atomic_fetch_sub(&held->holders, 1) > 1)
        return;
    okt_key_free(held->key);
    free(held);
}

const okt_key *held_key_of(const held_key *held)
{
    return held->key;
}

static held_key **slot_of(struct keyring *ring,
                          const unsigned char name[static SECRET_HASH_LEN])
{
    return &ring->slots[name[0] % SLOTS];
}

held_key *keyring_find(struct keyring *ring,
                       const unsigned char name[static SECRET_HASH_LEN])
{
    held_key *found;

    pthread_mutex_lock(&ring->lock);
    found = *slot_of(ring, name);
    if (found != NULL && memcmp(found->name, name, SECRET_HASH_LEN) != 0)
        found = NULL;
    if (found != NULL)
        atomic_fetch_add(&found->holders, 1);
    pthread_mutex_unlock(&ring->lock);
    return found;
}

held_key *keyring_add(struct keyring *ring,
                      const unsigned char name[static SECRET_HASH_LEN],
                      okt_key *key)
{
    held_key *held = calloc(1, sizeof(*held));
    held_key *before;

    if (held == NULL) {
        okt_key_free(key);
        return NULL;
    }
    held->key = key;
    memcpy(held->name, name, SECRET_HASH_LEN);
    atomic_init(&held->holders, 2);
    pthread_mutex_lock(&ring->lock);
    before = *slot_of(ring, name);
    *slot_of(ring, name) = held;
    pthread_mutex_unlock(&ring->lock);
    held_key_free(before);
    return held;
}
