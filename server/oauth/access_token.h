/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access_token.h - access tokens: made, read, and how they stand.
 *
 * A token is a JWT that this org has signed. What it says does not change, so
 * a token that was verified once is not verified again while it is good; how it
 * stands (its app, its user, its grant, its key, whether it was revoked) is
 * asked of the store every time.
 */
#ifndef ORGD_ACCESS_TOKEN_H
#define ORGD_ACCESS_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "jose/base64url.h"
#include "server/org/org.h"
#include "server/store/store.h"

enum { ACCESS_JTI_MAX = 63, ACCESS_MAX = 4096 /* bytes of a token */ };

struct access {
    char jti[ACCESS_JTI_MAX + 1];
    char client_id[OKT_ID_MAX + 1];
    char user_id[OKT_ID_MAX + 1];  /* "": the app's own */
    char grant_id[OKT_ID_MAX + 1]; /* "": none */
    char scopes[STORE_SCOPES_MAX + 1];
    char jkt[OKT_SHA256_TEXT]; /* "": whoever has it may use it */
    char kid[OKT_SHA256_TEXT]; /* of the key that signed it */
    int64_t issued;
    int64_t expires;
};

/* How a token stands. */
struct standing {
    bool good;
    char app_name[STORE_NAME_MAX + 1];
    char login[STORE_NAME_MAX + 1]; /* "": the app's own */
    char roles[1024];
};

/* What tokens were verified; in the org. NULL: out of memory. */
struct access_cache;
struct access_cache *access_cache_new(void);
void access_cache_free(struct access_cache *cache);

/* Fills jti, issued and expires. False: no random bytes. */
bool access_begin(const struct org *org, struct access *access);

/* Appends the token; login: the user's, or "". NULL: done. Else what is wrong,
 * a constant text. */
const char *access_sign(const struct org *org, struct store *store,
                        const struct access *access, const char *login,
                        struct okt_buf *out);

/* NOT_FOUND: it is none of ours, or not good at this time. */
store_status access_read(const struct org *org, struct store *store,
                         const char *token, struct access *out);

store_status access_standing(struct store *store,
                             const struct store_bearer *bearer,
                             struct standing *out);

/* The bearer of a token; it borrows. */
struct store_bearer access_bearer(const struct access *access);

#endif
