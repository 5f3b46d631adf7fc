/* SPDX-License-Identifier: Apache-2.0 */
/* secret.h - random ids and secrets, and their hashes. */
#ifndef ORGD_SECRET_H
#define ORGD_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/id.h"

enum {
    SECRET_HASH_LEN = 32, /* SHA-256 */
    SECRET_KEY_LEN = 32,  /* of an HMAC-SHA-256 */
    SESSION_ID_LEN = 43,  /* of [A-Za-z0-9_-], 258 random bits */
    REQUEST_ID_LEN = 32,  /* lower-case hex */
    ERROR_ID_LEN = 25     /* "oae" and 22 of [A-Za-z0-9_-] */
};

/* For a program's start: what GnuTLS frees, such as the requests that it has
 * decrypted, is overwritten from here on. */
void secret_wipe_freed(void);

/* False everywhere below: the system has no random bytes, or no memory. */

/* n characters out of the first size, at most 64, of an alphabet, each as
 * likely as the other. */
bool random_of(const char *alphabet, size_t size, char *out, size_t n);

bool random_key(unsigned char out[static SECRET_KEY_LEN]);

/* A secret: "00" and 40 of [A-Za-z0-9_-], 240 random bits. */
bool secret_new(char out[static OKT_SECRET_LEN + 1]);

/* Whether text is exactly one secret. */
bool secret_is_valid(const char *text);

/* What is stored of it. */
bool secret_hash(const char *secret, unsigned char out[static SECRET_HASH_LEN]);

/* HMAC-SHA-256. */
bool secret_mac(const unsigned char key[static SECRET_KEY_LEN],
                const void *data, size_t len,
                unsigned char out[static SECRET_HASH_LEN]);

/* What a browser's cookie holds. */
bool session_id_new(char out[static SESSION_ID_LEN + 1]);

/* An id: a prefix of three ("00T", "00u") and 17 letters or digits. */
bool id_new(const char prefix[static 3], char out[static OKT_ID_LEN + 1]);

bool request_id_new(char out[static REQUEST_ID_LEN + 1]);
bool error_id_new(char out[static ERROR_ID_LEN + 1]);

#endif
