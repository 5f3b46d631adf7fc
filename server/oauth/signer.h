/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signer.h - the keys that access tokens are signed with.
 *
 * The private half of the one that signs lies in the data folder, in a file of
 * its own that is its owner's alone; the database has the public halves, and
 * says which one signs. So a copy of the database lets nobody make a token, and
 * a rotation counts from the moment that it is committed, while a server runs,
 * too. Safe from any thread.
 */
#ifndef ORGD_SIGNER_H
#define ORGD_SIGNER_H

#include <stdbool.h>

#include "base/buf.h"
#include "server/oauth/key_cache.h"
#include "server/store/store.h"

enum { ACCESS_SECONDS = 3600 }; /* an access token is good for so long */

struct signer;

/* Makes a key, which signs from then on. The one before is good for what it
 * has signed, and its private half is gone. False: it said why. */
bool signer_rotate(const char *dir, struct store *store, int64_t now);

/* Makes one if there is none, or none whose private half is there: another
 * database may have come to the folder. Private halves that are no use any more
 * go, as with a rotation. False: it said why. */
bool signer_ensure(const char *dir, struct store *store, int64_t now);

/* dir must outlive it. NULL: out of memory. */
struct signer *signer_new(const char *dir);
void signer_free(struct signer *signer);

/* Whether it can sign, NULL, or what is wrong: before anything is spent that
 * takes a signature. */
const char *signer_check(struct signer *signer, struct store *store);

/* Appends a JWT of those claims, signed by the key that signs at the moment.
 * NULL: done. Else what is wrong, a constant text. */
const char *signer_sign(struct signer *signer, struct store *store,
                        const struct okt_buf *claims, struct okt_buf *out);

/* The public key of a kid, for what it has signed. NOT_FOUND: none of ours. */
store_status signer_key(struct keyring *keyring, struct store *store,
                        const char *kid, int64_t now, held_key **out);

/* Appends all of them that are good at that time, a JWK Set. */
store_status signer_show(struct store *store, int64_t now, struct okt_buf *out);

#endif
