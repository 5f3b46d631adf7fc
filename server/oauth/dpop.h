/* SPDX-License-Identifier: Apache-2.0 */
/* dpop.h - proofs that the caller has the key a token is bound to (RFC 9449).
 */
#ifndef ORGD_DPOP_H
#define ORGD_DPOP_H

#include <stdbool.h>
#include <stdint.h>

#include "jose/base64url.h"

enum {
    DPOP_JTI_MAX = 256,
    DPOP_USED_MAX = OKT_SHA256_TEXT + DPOP_JTI_MAX,
    DPOP_SECONDS = 300,     /* how old a proof may be */
    DPOP_AHEAD_SECONDS = 5, /* how far a client's clock may be ahead: what
                               was used so long before a start is good again */
};

struct org;
struct request;

enum dpop_result {
    DPOP_OK,
    DPOP_BAD,       /* why says what is wrong */
    DPOP_NO_NONCE,  /* none, or one that has lapsed: tell the client one */
    DPOP_NO_MEMORY, /* it can't be told */
};

/* The algorithms, as a challenge names them. */
#define DPOP_ALGS "RS256 RS384 RS512 ES256 ES384 ES512"

struct dpop {
    char jkt[OKT_SHA256_TEXT];    /* the thumbprint of its key */
    char used[DPOP_USED_MAX + 1]; /* what it is remembered by */
    int64_t dated;                /* its iat */
    const char *why;
};

/*
 * Checks the request's proof, and that it was not used before. access_token:
 * the one it is to belong to; NULL: none, and it must have a nonce of ours.
 */
enum dpop_result dpop_check(const struct request *request,
                            const char *access_token, struct dpop *out);

/*
 * Remembers a proof that dpop_check found good as used. Call it last, once
 * nothing else refuses the request: the memory is bounded, and must not be
 * filled by those who have no token or grant. BAD: another request was faster.
 */
enum dpop_result dpop_spend(const struct org *org, const char *used,
                            int64_t dated, const char **why);

/* The nonce of that time; good for a day and taken for two more. False: no
 * memory. */
bool dpop_nonce(const struct org *org, int64_t now, char out[OKT_SHA256_TEXT]);

#endif
