/* SPDX-License-Identifier: Apache-2.0 */
/* dpop.c - proofs that the caller has the key a token is bound to. */
#include "server/oauth/dpop.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "jose/jws.h"
#include "server/oauth/key_cache.h"
#include "server/oauth/replay_cache.h"
#include "server/request/request.h"

enum { NONCE_SECONDS = 86400, NONCES = 3 };

/* ---------------------------------------------------------------- Nonces -- */

/* Nothing has to be kept of them: a nonce is the MAC of its day. */
static bool nonce_of(const struct org *org, int64_t day,
                     char out[OKT_SHA256_TEXT])
{
    unsigned char mac[SECRET_HASH_LEN];
    OKT_BUF_AUTO text = OKT_BUF_INIT(OKT_SHA256_TEXT);

    if (!org_mac(org, "dpop nonce", &day, sizeof(day), mac))
        return false;
    okt_base64url_encode(mac, sizeof(mac), &text);
    if (okt_buf_failed(&text) || text.len >= OKT_SHA256_TEXT)
        return false;
    memcpy(out, text.data, text.len + 1);
    return true;
}

bool dpop_nonce(const struct org *org, int64_t now, char out[OKT_SHA256_TEXT])
{
    return nonce_of(org, now / NONCE_SECONDS, out);
}

static enum dpop_result check_nonce(const struct org *org, const char *nonce)
{
    int64_t day = org_now(org) / NONCE_SECONDS;
    char ours[OKT_SHA256_TEXT];

    for (int64_t i = 0; nonce != NULL && i < NONCES; i++) {
        if (!nonce_of(org, day - i, ours))
            return DPOP_NO_MEMORY;
        if (strcmp(nonce, ours) == 0)
            return DPOP_OK;
    }
    return DPOP_NO_NONCE;
}

/* ---------------------------------------------------------------- Claims -- */

/* Scheme and host in whatever letter case; the path as it is. */
static bool is_htu(const struct request *r, const char *htu)
{
    const char *path = htu != NULL ? request_own_path(r, htu) : NULL;

    return path != NULL && strcmp(path, r->path) == 0;
}

/* In seconds. A clock that somebody has moved changes nothing of that. */
static int64_t age_of(const struct org *org)
{
    return (org_clock_steady_ms(org->clock) - org->started) / 1000;
}

static const char *check_time(const struct request *r,
                              const struct okt_jws *jws)
{
    int64_t now = org_now(r->org);
    int64_t iat;

    if (!okt_jws_time(jws, "iat", &iat))
        return "The DPoP proof JWT must have an iat.";
    if (iat > now + DPOP_AHEAD_SECONDS)
        return "The DPoP proof JWT was issued in the future.";
    if (iat < now - DPOP_SECONDS)
        return "The DPoP proof JWT is too old.";
    /* What was used before the start is not remembered. */
    if (iat < now - age_of(r->org))
        return "The DPoP proof JWT is older than this server.";
    return NULL;
}

static const char *check_claims(const struct request *r,
                                const struct okt_jws *jws)
{
    const char *htm = okt_jws_text(jws, "htm");
    const char *jti = okt_jws_text(jws, "jti");

    if (htm == NULL || strcmp(htm, r->method) != 0)
        return "The DPoP proof JWT's htm is not the request's method.";
    if (!is_htu(r, okt_jws_text(jws, "htu")))
        return "The DPoP proof JWT's htu is not the request's URL.";
    if (jti == NULL || jti[0] == '\0' || strlen(jti) > DPOP_JTI_MAX)
        return "The DPoP proof JWT must have a jti.";
    return check_time(r, jws);
}

static const char *check_token(const struct okt_jws *jws, const char *token)
{
    const char *ath = okt_jws_text(jws, "ath");
    char hash[OKT_SHA256_TEXT];

    if (!okt_sha256_base64url(token, strlen(token), hash))
        return okt_jose_no_memory;
    return ath != NULL && strcmp(ath, hash) == 0
               ? NULL
               : "The DPoP proof JWT's ath is not the access token's.";
}

/* ----------------------------------------------------------------- The key --
 */

/* A client's proofs all have the same header. */
static const char *find_key(const struct org *org, const struct okt_jws *jws,
                            held_key **out)
{
    char header[OKT_JWS_MAX];
    unsigned char name[SECRET_HASH_LEN];
    okt_key *key = NULL;
    const char *why;

    snprintf(header, sizeof(header), "%.*s", (int)strcspn(jws->text, "."),
             jws->text);
    if (!secret_hash(header, name))
        return okt_jose_no_memory;
    *out = keyring_find(org->keys, name);
    if (*out != NULL)
        return NULL;
    why = okt_key_from_jwk_val(jws->jwk, &key);
    if (why != NULL)
        return why;
    *out = keyring_add(org->keys, name, key);
    return *out != NULL ? NULL : okt_jose_no_memory;
}

static const char *check_key(const struct org *org, const struct okt_jws *jws,
                             struct dpop *out)
{
    AUTO(held_key) held = NULL;
    const char *why;

    if (jws->typ == NULL || strcmp(jws->typ, "dpop+jwt") != 0)
        return "The DPoP proof JWT's typ must be dpop+jwt.";
    if (jws->jwk == NULL)
        return "The DPoP proof JWT must have a jwk in its header.";
    why = find_key(org, jws, &held);
    if (why != NULL)
        return why == okt_jose_no_memory
                   ? why
                   : "The DPoP proof JWT's jwk is no key that can be used.";
    why = okt_jws_verify(jws, held_key_of(held));
    if (why != NULL)
        return why == okt_jose_no_memory
                   ? why
                   : "The DPoP proof JWT's signature is invalid.";
    snprintf(out->jkt, sizeof(out->jkt), "%s",
             okt_key_thumbprint(held_key_of(held)));
    return NULL;
}

static const char used_before[] = "The DPoP proof JWT has already been used.";

static struct seen_time time_of(const struct org *org, int64_t dated)
{
    return (struct seen_time){ dated, org_now(org),
                               org_clock_steady_ms(org->clock) / 1000 };
}

static enum dpop_result check_unused(const struct request *r,
                                     const struct okt_jws *jws,
                                     struct dpop *out)
{
    struct seen_time time;

    okt_jws_time(jws, "iat", &out->dated); /* check_time has seen it */
    time = time_of(r->org, out->dated);
    snprintf(out->used, sizeof(out->used), "%s%s", out->jkt,
             okt_jws_text(jws, "jti"));
    if (!seen_has(r->org->proofs, out->used, strlen(out->used), &time))
        return DPOP_OK;
    out->why = used_before;
    return DPOP_BAD;
}

enum dpop_result dpop_spend(const struct org *org, const char *used,
                            int64_t dated, const char **why)
{
    const struct seen_time time = time_of(org, dated);

    switch (seen_take(org->proofs, used, strlen(used), &time)) {
    case SEEN_NEW:
        return DPOP_OK;
    case SEEN_BEFORE:
        *why = used_before;
        return DPOP_BAD;
    case SEEN_FORGOTTEN:
        *why = "The DPoP proof JWT is of a time that this server has seen "
               "before.";
        return DPOP_BAD;
    default:
        return DPOP_NO_MEMORY;
    }
}

enum dpop_result dpop_check(const struct request *r, const char *token,
                            struct dpop *out)
{
    const char *proof = r->headers[HEADER_DPOP];
    OKT_JWS_AUTO jws = { 0 };
    enum dpop_result result = DPOP_OK;

    *out = (struct dpop){ .why = "The DPoP proof JWT header is missing." };
    if (proof == NULL)
        return DPOP_BAD;
    out->why = okt_jws_parse(proof, strlen(proof), &jws);
    if (out->why != NULL && out->why != okt_jose_no_memory)
        out->why = "The DPoP proof JWT is malformed.";
    if (out->why == NULL)
        out->why = check_key(r->org, &jws, out);
    if (out->why == NULL)
        out->why = check_claims(r, &jws);
    if (out->why == NULL && token != NULL)
        out->why = check_token(&jws, token);
    if (out->why != NULL)
        return out->why == okt_jose_no_memory ? DPOP_NO_MEMORY : DPOP_BAD;
    if (token == NULL)
        result = check_nonce(r->org, okt_jws_text(&jws, "nonce"));
    return result == DPOP_OK ? check_unused(r, &jws, out) : result;
}
