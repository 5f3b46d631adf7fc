/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jws.h - JSON Web Tokens in the compact form (RFC 7515, 7519), made and read.
 *
 *     OKT_JWS_AUTO jws = { 0 };
 *     const char *why = okt_jws_parse(text, strlen(text), &jws);
 *
 *     if (why == NULL)
 *         why = okt_jws_verify(&jws, key);
 *
 * What okt_jws_parse gives is unproven until okt_jws_verify said NULL, but for
 * finding the key. Texts returned are as in key.h.
 */
#ifndef OKT_JWS_H
#define OKT_JWS_H

#include <stddef.h>
#include <stdint.h>
#include <yyjson.h>

#include "base/buf.h"
#include "jose/key.h"

enum {
    OKT_JWS_MAX = 16 * 1024, /* bytes of one */
    OKT_JWS_MEMBERS = 64     /* of one object in it */
};

/*
 * Appends a signed token. header: further members as JSON text without braces
 * ("\"typ\":\"dpop+jwt\",\"kid\":\"x\""), or "". payload: len bytes of JSON.
 */
const char *okt_jws_sign(const struct okt_key *key, enum okt_alg alg,
                         const char *header, const char *payload, size_t len,
                         struct okt_buf *out);

struct okt_jws {
    enum okt_alg alg;   /* never OKT_ALG_NONE */
    const char *kid;    /* or NULL */
    const char *typ;    /* or NULL */
    yyjson_val *jwk;    /* an object without private members, or NULL */
    yyjson_val *header; /* an object, as is claims */
    yyjson_val *claims;
    yyjson_doc *header_doc; /* what they borrow from */
    yyjson_doc *claims_doc;
    const char *text; /* the caller's, which must outlive this */
    size_t signed_len;
    struct okt_buf signature;
};

#define OKT_JWS_AUTO __attribute__((cleanup(okt_jws_free))) struct okt_jws

/*
 * Takes a token apart. Refused: what is not three parts of strict base64url,
 * JSON that is no object, has a member twice or too many, an algorithm that is
 * not in enum okt_alg, any "crit" (nothing that could be in it is known here),
 * a "jwk" with a private member, "kid" or "typ" that is no text. On failure
 * *out is as if zeroed.
 */
const char *okt_jws_parse(const char *text, size_t len, struct okt_jws *out);

/* NULL: the key signed it, by an algorithm that the key allows. */
const char *okt_jws_verify(const struct okt_jws *jws,
                           const struct okt_key *key);

/* A text among the claims; NULL if it is missing, or anything else. */
const char *okt_jws_text(const struct okt_jws *jws, const char *claim);

/* A time among the claims: a number of seconds, its fraction cut. False if it
 * is missing, negative, beyond 2^53 or anything else. */
bool okt_jws_time(const struct okt_jws *jws, const char *claim, int64_t *out);

/* Frees what it holds and zeroes it. */
void okt_jws_free(struct okt_jws *jws);

#endif
