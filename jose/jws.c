/* SPDX-License-Identifier: Apache-2.0 */
/* jws.c - signed tokens in the compact form. */
#include "jose/jws.h"

#include <string.h>

#include "jose/jwk.h"
#include "wire/json.h"

/* -------------------------------------------------------------- Signing -- */

const char *okt_jws_sign(const struct okt_key *key, enum okt_alg alg,
                         const char *header, const char *payload, size_t len,
                         struct okt_buf *out)
{
    OKT_BUF_AUTO head = OKT_BUF_INIT(OKT_JWS_MAX);
    OKT_BUF_AUTO token = OKT_BUF_INIT(OKT_JWS_MAX);
    OKT_BUF_AUTO signature = OKT_BUF_INIT(OKT_SIGNATURE_MAX);
    const char *why;

    if (!okt_key_allows(key, alg))
        return "the key is not for this algorithm";
    okt_buf_printf(&head, "{\"alg\":\"%s\"%s%s}", okt_alg_name(alg),
                   *header != '\0' ? "," : "", header);
    okt_base64url_encode(head.data, head.len, &token);
    okt_buf_char(&token, '.');
    okt_base64url_encode(payload, len, &token);
    if (head.state == OKT_BUF_FULL || token.state == OKT_BUF_FULL)
        return "the token is too long";
    if (okt_buf_failed(&head) || okt_buf_failed(&token))
        return okt_jose_no_memory;
    why = okt_key_sign(key, alg, token.data, token.len, &signature);
    if (why != NULL)
        return why;
    okt_buf_char(&token, '.');
    okt_base64url_encode(signature.data, signature.len, &token);
    if (token.state == OKT_BUF_FULL)
        return "the token is too long";
    okt_buf_append(out, token.data, token.len);
    return okt_buf_failed(&token) || okt_buf_failed(out)
               ? okt_jose_no_memory
               : NULL;
}

/* -------------------------------------------------------------- Reading -- */

/* No object inside has a member twice, or too many of them. */
static const char *check_members(yyjson_val *json)
{
    yyjson_arr_iter items = yyjson_arr_iter_with(json);
    yyjson_obj_iter members = yyjson_obj_iter_with(json);
    const char *why = okt_members_check(json, OKT_JWS_MEMBERS);
    yyjson_val *val;

    while (why == NULL && (val = yyjson_arr_iter_next(&items)) != NULL)
        why = check_members(val);
    while (why == NULL && (val = yyjson_obj_iter_next(&members)) != NULL)
        why = check_members(yyjson_obj_iter_get_val(val));
    return why;
}

/* One of the first two parts: base64url of a JSON object. */
static const char *read_object(const char *text, size_t len, yyjson_doc **doc,
                               yyjson_val **out)
{
    OKT_BUF_AUTO json = OKT_BUF_INIT(OKT_JWS_MAX);
    const char *why;
    bool no_memory;

    if (!okt_base64url_decode(text, len, &json))
        return "the token is not base64url";
    if (okt_buf_failed(&json))
        return okt_jose_no_memory;
    *doc = okt_json_read(json.data, json.len, &why, &no_memory);
    *out = yyjson_doc_get_root(*doc);
    if (no_memory)
        return okt_jose_no_memory;
    if (!yyjson_is_obj(*out))
        return "a part of the token is no JSON object";
    return check_members(*out);
}

/* A member that must be text if it is there. */
static bool read_text(yyjson_val *object, const char *name, const char **out)
{
    *out = okt_json_str(object, name);
    return *out != NULL || yyjson_obj_get(object, name) == NULL;
}

/* The members that only private and symmetric keys have. */
static bool has_private_part(yyjson_val *jwk)
{
    static const char *const names[] = { "d",  "p",  "q",   "dp",
                                         "dq", "qi", "oth", "k" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (yyjson_obj_get(jwk, names[i]) != NULL)
            return true;
    return false;
}

static const char *read_header(struct okt_jws *jws)
{
    const char *alg = okt_json_str(jws->header, "alg");

    jws->alg = alg != NULL ? okt_alg_find(alg) : OKT_ALG_NONE;
    if (jws->alg == OKT_ALG_NONE)
        return "the token's algorithm is not one that is taken";
    if (yyjson_obj_get(jws->header, "crit") != NULL)
        return "the token has a crit header, of which nothing is known here";
    if (!read_text(jws->header, "kid", &jws->kid) ||
        !read_text(jws->header, "typ", &jws->typ))
        return "the token's kid or typ is no text";
    jws->jwk = yyjson_obj_get(jws->header, "jwk");
    if (jws->jwk == NULL)
        return NULL;
    if (!yyjson_is_obj(jws->jwk))
        return "the token's jwk is no JSON object";
    return has_private_part(jws->jwk) ? "the token's jwk is not a public key"
                                      : NULL;
}

static const char *parse(const char *text, size_t len, struct okt_jws *jws)
{
    const char *dot = memchr(text, '.', len);
    const char *last =
        dot != NULL ? memchr(dot + 1, '.', len - (size_t)(dot + 1 - text))
                    : NULL;
    size_t rest;
    const char *why;

    if (last == NULL)
        return "the token has not three parts";
    jws->text = text;
    jws->signed_len = (size_t)(last - text);
    rest = len - jws->signed_len - 1;
    why =
        read_object(text, (size_t)(dot - text), &jws->header_doc, &jws->header);
    if (why == NULL)
        why = read_header(jws);
    if (why == NULL)
        why = read_object(dot + 1, (size_t)(last - dot - 1), &jws->claims_doc,
                          &jws->claims);
    if (why != NULL)
        return why;
    if (!okt_base64url_decode(last + 1, rest, &jws->signature))
        return "the token's signature is not base64url";
    if (jws->signature.state == OKT_BUF_NO_MEMORY)
        return okt_jose_no_memory;
    if (okt_buf_failed(&jws->signature) || jws->signature.len == 0)
        return "the signature has the wrong length";
    return NULL;
}

const char *okt_jws_parse(const char *text, size_t len, struct okt_jws *out)
{
    const char *why;

    *out = (struct okt_jws){ .signature = OKT_BUF_INIT(OKT_SIGNATURE_MAX) };
    if (len > OKT_JWS_MAX)
        return "the token is too long";
    why = parse(text, len, out);
    if (why != NULL)
        okt_jws_free(out);
    return why;
}

const char *okt_jws_verify(const struct okt_jws *jws, const struct okt_key *key)
{
    return okt_key_verify(key, jws->alg, jws->text, jws->signed_len,
                          jws->signature.data, jws->signature.len);
}

const char *okt_jws_text(const struct okt_jws *jws, const char *claim)
{
    return okt_json_str(jws->claims, claim);
}

bool okt_jws_time(const struct okt_jws *jws, const char *claim, int64_t *out)
{
    yyjson_val *json = yyjson_obj_get(jws->claims, claim);
    double seconds = yyjson_get_num(json);

    if (!yyjson_is_num(json) || !(seconds >= 0 && seconds <= 9007199254740992))
        return false;
    *out = (int64_t)seconds;
    return true;
}

void okt_jws_free(struct okt_jws *jws)
{
    yyjson_doc_free(jws->header_doc);
    yyjson_doc_free(jws->claims_doc);
    okt_buf_free(&jws->signature);
    *jws = (struct okt_jws){ 0 };
}
