/* SPDX-License-Identifier: Apache-2.0 */
/* secret.c - random ids and secrets, and their hashes, by GnuTLS. */
#include "server/util/secret.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The first 62 are the letters and digits, all 64 are what a secret has. */
static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789_-";

enum { ALNUM = 62, WORD = 64, PREFIX_LEN = 3 };

static void free_wiped(void *p)
{
    if (p != NULL)
        okt_wipe(p, malloc_usable_size(p));
    free(p);
}

void secret_wipe_freed(void)
{
    gnutls_free = free_wiped;
}

bool random_key(unsigned char out[static SECRET_KEY_LEN])
{
    return gnutls_rnd(GNUTLS_RND_KEY, out, SECRET_KEY_LEN) == 0;
}

/* Fills n characters out of the first size letters; no bias: a byte is cut
 * to six bits, and what is past the size is thrown away. */
static bool random_text(gnutls_rnd_level_t level, const char *letters,
                        size_t size, char *out, size_t n)
{
    unsigned char bytes[64];
    size_t done = 0;

    while (done < n) {
        if (gnutls_rnd(level, bytes, sizeof(bytes)) != 0)
            return false;
        for (size_t i = 0; i < sizeof(bytes) && done < n; i++)
            if ((bytes[i] & 63) < size)
                out[done++] = letters[bytes[i] & 63];
    }
    out[n] = '\0';
    okt_wipe(bytes, sizeof(bytes));
    return true;
}

bool random_of(const char *letters, size_t size, char *out, size_t n)
{
    return random_text(GNUTLS_RND_KEY, letters, size, out, n);
}

bool secret_new(char out[static OKT_SECRET_LEN + 1])
{
    memcpy(out, "00", 2);
    return random_text(GNUTLS_RND_KEY, alphabet, WORD, out + 2,
                       OKT_SECRET_LEN - 2);
}

bool secret_is_valid(const char *text)
{
    return strncmp(text, "00", 2) == 0 &&
           strspn(text, alphabet) == OKT_SECRET_LEN &&
           text[OKT_SECRET_LEN] == '\0';
}

bool secret_hash(const char *secret, unsigned char out[static SECRET_HASH_LEN])
{
    return gnutls_hash_fast(GNUTLS_DIG_SHA256, secret, strlen(secret), out) ==
           0;
}

bool secret_mac(const unsigned char key[static SECRET_KEY_LEN],
                const void *data, size_t len,
                unsigned char out[static SECRET_HASH_LEN])
{
    return gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, SECRET_KEY_LEN, data, len,
                            out) == 0;
}

bool session_id_new(char out[static SESSION_ID_LEN + 1])
{
    return random_text(GNUTLS_RND_KEY, alphabet, WORD, out, SESSION_ID_LEN);
}

bool id_new(const char prefix[static 3], char out[static OKT_ID_LEN + 1])
{
    memcpy(out, prefix, PREFIX_LEN);
    return random_text(GNUTLS_RND_RANDOM, alphabet, ALNUM, out + PREFIX_LEN,
                       OKT_ID_LEN - PREFIX_LEN);
}

bool request_id_new(char out[static REQUEST_ID_LEN + 1])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[REQUEST_ID_LEN / 2];

    if (gnutls_rnd(GNUTLS_RND_NONCE, bytes, sizeof(bytes)) != 0)
        return false;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        out[2 * i] = hex[bytes[i] >> 4];
        out[2 * i + 1] = hex[bytes[i] & 15];
    }
    out[REQUEST_ID_LEN] = '\0';
    return true;
}

bool error_id_new(char out[static ERROR_ID_LEN + 1])
{
    memcpy(out, "oae", PREFIX_LEN);
    return random_text(GNUTLS_RND_NONCE, alphabet, WORD, out + PREFIX_LEN,
                       ERROR_ID_LEN - PREFIX_LEN);
}
