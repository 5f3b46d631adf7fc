/* SPDX-License-Identifier: Apache-2.0 */
/* key_parts.h - what the files of jose/ share about a key. */
#ifndef OKT_KEY_PARTS_H
#define OKT_KEY_PARTS_H

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "jose/key.h"

/* A curve, or RSA's modulus: how OpenSSL and JOSE call what a key is. */
struct okt_kind {
    const char *group; /* OpenSSL's name; NULL: RSA */
    const char *crv;   /* JOSE's; NULL: RSA */
    size_t size;       /* bytes of a coordinate, and of half a signature */
    enum okt_alg alg;  /* what it signs with unless told */
};

struct okt_key {
    EVP_PKEY *pkey;
    const struct okt_kind *kind;
    enum okt_alg bound; /* its JWK's "alg", or OKT_ALG_NONE */
    bool is_private;
    char *kid;
    char *public_jwk;
    char thumbprint[OKT_SHA256_TEXT];
};

/* OpenSSL's notes of its failures must neither pile up nor confuse others. */
#define OKT_QUIET \
    __attribute__((cleanup(okt_quiet_end), unused)) int quiet_ = ERR_set_mark()

static inline void okt_quiet_end(int *mark)
{
    (void)mark;
    ERR_pop_to_mark();
}

AUTO_DEFINE(BIGNUM, BN_clear_free)
AUTO_DEFINE(EVP_PKEY, EVP_PKEY_free)
AUTO_DEFINE(EVP_PKEY_CTX, EVP_PKEY_CTX_free)

/* The kind of a "crv"; NULL: there is none. */
const struct okt_kind *okt_kind_find(const char *crv);

/*
 * Takes pkey, and makes a key of it if it is one that okt_key may be. Takes it
 * on failure, too.
 */
const char *okt_key_wrap(EVP_PKEY *pkey, bool is_private, struct okt_key **out);

/* Appends the number in base64url: size bytes, or (0) no more than it takes. */
const char *okt_number_text(const EVP_PKEY *pkey, const char *param,
                            size_t size, struct okt_buf *out);

#endif
