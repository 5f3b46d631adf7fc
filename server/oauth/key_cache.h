/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key_cache.h - public keys that were read lately.
 *
 * To read a key takes more than half as long as to check a signature by it, and
 * a client comes with the same one again and again. A key is found by the hash
 * of the text that it was read from, so it can't be another; fixed in size.
 * Safe from any thread.
 */
#ifndef ORGD_KEY_CACHE_H
#define ORGD_KEY_CACHE_H

#include "jose/key.h"
#include "server/util/secret.h"

struct keyring;

/* A key that stays as long as it is held. */
typedef struct held_key held_key;

/* NULL: out of memory. */
struct keyring *keyring_new(void);
void keyring_free(struct keyring *keyring);

/* Finds a key. NULL: it is not there. */
held_key *keyring_find(struct keyring *keyring,
                       const unsigned char name[static SECRET_HASH_LEN]);

/* Takes a key, even where there is no memory: then it is NULL. */
held_key *keyring_add(struct keyring *keyring,
                      const unsigned char name[static SECRET_HASH_LEN],
                      okt_key *key);

const okt_key *held_key_of(const held_key *held);

/* Lets go of it. Takes NULL. */
void held_key_free(held_key *held);

AUTO_DEFINE(held_key, held_key_free)

#endif
