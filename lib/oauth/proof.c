/* SPDX-License-Identifier: Apache-2.0 */
/* proof.c - what is signed for one request: DPoP proofs, client assertions. */
#include <string.h>

#include "jose/jws.h"
#include "lib/oauth/oauth.h"

enum { JTI_BYTES = 16, ASSERTION_S = 300, CLAIMS_MAX = 8192 };

okta_status okt_fail_jose(okta_error *err, okta_status status, const char *what,
                          const char *why)
{
    if (why == okt_jose_no_memory)
        return okt_fail_memory(err);
    return okt_fail(err, status, "%s: %s", what, why);
}

/* Prints a document into buf; braces: with those around it. */
static okta_status print(struct okt_json_writer *writer, struct okt_buf *out,
                         okta_error *err)
{
    okt_json_print(writer, out);
    return okt_check_buf(out, "what is to be signed", err);
}

static okta_status write_jti(struct okt_buf *out, okta_error *err)
{
    if (okt_random_base64url(JTI_BYTES, out))
        return OKTA_OK;
    return okt_fail(err, OKTA_ERR_MEMORY, "no randomness is to be had");
}

/* --------------------------------------------------------------- Proofs -- */

static okta_status proof_claims(const char *method, const char *url,
                                const char *nonce, const char *access,
                                int64_t now, struct okt_buf *out,
                                okta_error *err)
{
    OKT_BUF_AUTO jti = OKT_BUF_INIT(64);
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);
    char hash[OKT_SHA256_TEXT];
    okta_status st = write_jti(&jti, err);

    if (st != OKTA_OK)
        return st;
    yyjson_mut_obj_add_str(writer.doc, root, "jti", jti.data);
    yyjson_mut_obj_add_str(writer.doc, root, "htm", method);
    yyjson_mut_obj_add_strn(writer.doc, root, "htu", url, strcspn(url, "?#"));
    yyjson_mut_obj_add_sint(writer.doc, root, "iat", now);
    if (nonce != NULL)
        yyjson_mut_obj_add_str(writer.doc, root, "nonce", nonce);
    if (access != NULL) {
        if (!okt_sha256_base64url(access, strlen(access), hash))
            return okt_fail_memory(err);
        yyjson_mut_obj_add_str(writer.doc, root, "ath", hash);
    }
    return print(&writer, out, err);
}

okta_status okt_proof_write(const struct okt_key *key, const char *method,
                            const char *url, const char *nonce,
                            const char *access, int64_t now,
                            struct okt_buf *out, okta_error *err)
{
    OKT_BUF_AUTO header = OKT_BUF_INIT(CLAIMS_MAX);
    OKT_BUF_AUTO claims = OKT_BUF_INIT(CLAIMS_MAX);
    const char *why;
    okta_status st =
        proof_claims(method, url, nonce, access, now, &claims, err);

    okt_buf_str(&header, "\"typ\":\"dpop+jwt\",\"jwk\":");
    okt_key_public_jwk(key, &header);
    if (st == OKTA_OK)
        st = okt_check_buf(&header, "the proof's header", err);
    if (st != OKTA_OK)
        return st;
    why = okt_jws_sign(key, okt_key_alg(key), header.data, claims.data,
                       claims.len, out);
    if (why != NULL)
        return okt_fail_jose(err, OKTA_ERR_ARGUMENT, "a proof of possession",
                             why);
    return OKTA_OK;
}

okta_status okt_proof_add(okt_oauth *oauth, struct okt_call *call,
                          const char *access, okta_headers *headers,
                          struct okt_buf *text, okta_error *err)
{
    const struct okt_transport *t = &call->client->transport;
    OKT_BUF_AUTO proof = OKT_BUF_INIT(OKT_JWS_MAX);
    int64_t now = t->ops->wall(t->ctx);
    okta_status st;

    pthread_mutex_lock(&oauth->lock);
    st = okt_proof_write(oauth->proof_key, call->method, call->url,
                         oauth->nonce, access, now, &proof, err);
    pthread_mutex_unlock(&oauth->lock);
    if (st != OKTA_OK)
        return st;
    okta_headers_add(headers, "DPoP", proof.data);
    okt_buf_append(text, proof.data, proof.len);
    call->proved = true;
    call->dated = true;
    return okt_check_buf(text, "a proof of possession", err);
}

/* What a nonce is made of (RFC 9449, 8.1). */
static bool is_nonce(const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++)
        if (text[i] < '!' || text[i] > '~' || text[i] == '"' || text[i] == '\\')
            return false;
    return len > 0 && len <= OKT_NONCE_MAX;
}

bool okt_nonce_keep(okt_oauth *oauth, const okta_response *response)
{
    const char *nonce = okta_response_header(response, "DPoP-Nonce");
    char *copy;

    if (nonce == NULL || !is_nonce(nonce) ||
        okt_copy(nonce, &copy, NULL) != OKTA_OK)
        return false;
    pthread_mutex_lock(&oauth->lock);
    free(oauth->nonce);
    oauth->nonce = copy;
    pthread_mutex_unlock(&oauth->lock);
    return true;
}

/* ----------------------------------------------------------- Assertions -- */

static okta_status assertion_claims(const okt_oauth *oauth, const char *url,
                                    int64_t now, struct okt_buf *out,
                                    okta_error *err)
{
    OKT_BUF_AUTO jti = OKT_BUF_INIT(64);
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);
    okta_status st = write_jti(&jti, err);

    if (st != OKTA_OK)
        return st;
    yyjson_mut_obj_add_str(writer.doc, root, "iss", oauth->client_id);
    yyjson_mut_obj_add_str(writer.doc, root, "sub", oauth->client_id);
    yyjson_mut_obj_add_str(writer.doc, root, "aud", url);
    yyjson_mut_obj_add_sint(writer.doc, root, "iat", now);
    yyjson_mut_obj_add_sint(writer.doc, root, "exp", now + ASSERTION_S);
    yyjson_mut_obj_add_str(writer.doc, root, "jti", jti.data);
    return print(&writer, out, err);
}

/* "kid":"..." without braces, or nothing. */
static okta_status write_kid(const char *kid, struct okt_buf *out,
                             okta_error *err)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);
    okta_status st;

    yyjson_mut_obj_add_str(writer.doc, root, "kid", kid);
    st = print(&writer, out, err);
    if (st != OKTA_OK)
        return st;
    memmove(out->data, out->data + 1, out->len - 2);
    out->len -= 2;
    out->data[out->len] = '\0';
    return OKTA_OK;
}

okta_status okt_assertion_write(const okt_oauth *oauth, const char *url,
                                int64_t now, struct okt_buf *out,
                                okta_error *err)
{
    OKT_BUF_AUTO header = OKT_BUF_INIT(CLAIMS_MAX);
    OKT_BUF_AUTO claims = OKT_BUF_INIT(CLAIMS_MAX);
    const char *why;
    okta_status st = assertion_claims(oauth, url, now, &claims, err);

    if (st == OKTA_OK && oauth->key_id != NULL)
        st = write_kid(oauth->key_id, &header, err);
    if (st != OKTA_OK)
        return st;
    why = okt_jws_sign(oauth->key, oauth->alg, header.data, claims.data,
                       claims.len, out);
    if (why != NULL)
        return okt_fail_jose(err, OKTA_ERR_CONFIG, "the private key", why);
    return OKTA_OK;
}
