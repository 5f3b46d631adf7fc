/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key.h - keys that sign JSON Web Tokens, and what each may sign with.
 *
 * A key is RSA of 2048 to 8192 bits, or EC on P-256, P-384 or P-521, and
 * never anything else: whoever holds an okt_key need not ask. It does not
 * change once it is made, so that threads may share it. Private parts are wiped
 * when it is freed.
 *
 * A function that can fail returns NULL for success, else a constant text that
 * says what is wrong; it never holds a part of the input. On failure *out is
 * left as it was. The text okt_jose_no_memory is out of memory, and nothing
 * else is.
 */
#ifndef OKT_KEY_H
#define OKT_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <yyjson.h>

#include "base/buf.h"
#include "base/mem.h"
#include "jose/base64url.h"

/* The algorithms there are. No "none" and no HS*: they have no name here. */
enum okt_alg {
    OKT_ALG_NONE, /* no algorithm */
    OKT_RS256,
    OKT_RS384,
    OKT_RS512,
    OKT_ES256,
    OKT_ES384,
    OKT_ES512
};

enum {
    OKT_KEY_TEXT_MAX = 32 * 1024, /* bytes of a PEM or JWK text */
    OKT_KID_MAX = 255,            /* bytes of a key's id */
    OKT_SIGNATURE_MAX = 1024      /* bytes: RSA of 8192 bits */
};

typedef struct okt_key okt_key;

extern const char okt_jose_no_memory[];

/* "RS256" and so on; NULL for OKT_ALG_NONE. */
const char *okt_alg_name(enum okt_alg alg);

/* The algorithm of that very name, or OKT_ALG_NONE. */
enum okt_alg okt_alg_find(const char *name);

/*
 * Reads a private key (PKCS#8, plain or encrypted; PKCS#1; SEC 1; OpenSSH's,
 * not encrypted) or a public one (SubjectPublicKeyInfo). passphrase is for an
 * encrypted one; NULL: none, and nobody is asked for it. A private key that
 * does not fit its public part is refused, as in all of these. Quotes around
 * the text, indentation, and spaces or \n in place of line breaks do no harm.
 * Where a private and a public part are there, the private one is read; more
 * than one private key is refused.
 */
const char *okt_key_from_pem(const char *pem, size_t len,
                             const char *passphrase, struct okt_key **out);

/*
 * Gives each key in the text to visit, which may take it and whose failure ends
 * it. Fails if there is none.
 */
typedef const char *okt_key_fn(void *ctx, struct okt_key **key);
const char *okt_key_each_pem(const char *pem, size_t len,
                             const char *passphrase, okt_key_fn *visit,
                             void *ctx);

/*
 * Reads a JWK (RFC 7517), private or public, or the one of a JWK Set. An "alg"
 * in it binds the key to that algorithm; a "use" other than "sig" is refused,
 * and so are a member that comes twice and numbers that are not in their one
 * legal form. A label that is null counts as not there.
 */
const char *okt_key_from_jwk(const char *json, size_t len,
                             struct okt_key **out);
const char *okt_key_from_jwk_val(yyjson_val *jwk, struct okt_key **out);

/* Either of them, whichever text is: a JWK begins with "{". */
const char *okt_key_from_text(const char *text, size_t len,
                              const char *passphrase, struct okt_key **out);

/* Appends a certificate (X.509) in DER as PEM. False: it is none, or memory
 * lacked. */
bool okt_certificate_pem(const void *der, size_t len, struct okt_buf *out);

/* Makes one for alg: RSA of 2048 bits, or EC on the alg's curve. */
const char *okt_key_generate(enum okt_alg alg, struct okt_key **out);

/* Takes NULL. */
void okt_key_free(struct okt_key *key);

bool okt_key_is_private(const struct okt_key *key);

/* Whether key and alg fit: type, curve, and the "alg" of its JWK. */
bool okt_key_allows(const struct okt_key *key, enum okt_alg alg);

/* What the key signs with unless told: its JWK's "alg", else RS256, or its
 * curve's. */
enum okt_alg okt_key_alg(const struct okt_key *key);

/* The "kid" of its JWK, or NULL. Any text: escape it. */
const char *okt_key_kid(const struct okt_key *key);

/* Appends the public JWK: the required members alone, in RFC 7638's order and
 * without white space, as in {"crv":"P-256","kty":"EC","x":"...","y":"..."}. */
void okt_key_public_jwk(const struct okt_key *key, struct okt_buf *out);

/* Appends the private JWK of a private key, as above, of an RSA key with all
 * that makes it fast. What can't be had is latched as no memory. */
void okt_key_private_jwk(const struct okt_key *key, struct okt_buf *out);

/* RFC 7638's thumbprint by SHA-256. Two keys with the same one are the same. */
const char *okt_key_thumbprint(const struct okt_key *key);

/*
 * Signs len bytes (appends the signature as JOSE writes it: for EC, r and s in
 * full length) and checks a signature. jws.h is what to use for a JWT.
 */
const char *okt_key_sign(const struct okt_key *key, enum okt_alg alg,
                         const void *data, size_t len, struct okt_buf *out);
const char *okt_key_verify(const struct okt_key *key, enum okt_alg alg,
                           const void *data, size_t len, const void *signature,
                           size_t signature_len);

AUTO_DEFINE(okt_key, okt_key_free)

#endif
