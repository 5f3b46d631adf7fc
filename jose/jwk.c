/* SPDX-License-Identifier: Apache-2.0 */
/* jwk.c - JSON Web Keys (RFC 7517, 7518), read within narrow bounds. */
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <string.h>

#include "jose/jwk.h"
#include "jose/key_parts.h"
#include "wire/json.h"

AUTO_DEFINE(OSSL_PARAM, OSSL_PARAM_free)

enum { RSA_PARTS = 8, PARTS_MAX = RSA_PARTS };

/* The numbers of a key, while OpenSSL is handed them. */
struct parts {
    OSSL_PARAM_BLD *builder;
    BIGNUM *numbers[PARTS_MAX];
    size_t count;
    struct okt_buf point; /* 04, x and y of an EC key */
    const char *why;      /* the first thing that was wrong */
};

static void parts_free(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        BN_clear_free(parts->numbers[i]);
    OSSL_PARAM_BLD_free(parts->builder);
    okt_buf_free(&parts->point);
}

#define PARTS_AUTO __attribute__((cleanup(parts_free))) struct parts

/* The first failure is latched. */
static void latch(struct parts *parts, bool good, const char *why)
{
    if (!good && parts->why == NULL)
        parts->why = why;
}

/* Decodes a member; size: bytes that it must have, 0: any, no zero ahead. */
static bool decode(yyjson_val *jwk, const char *name, size_t size,
                   struct okt_buf *out)
{
    const char *text = okt_json_str(jwk, name);
    size_t before = out->len;
    size_t len;

    if (text == NULL || !okt_base64url_decode(text, strlen(text), out) ||
        okt_buf_failed(out))
        return false;
    len = out->len - before;
    if (size > 0)
        return len == size;
    return len > 0 && out->data[before] != '\0';
}

/* Adds a number; a private one goes into memory that is wiped. */
static void add_number(struct parts *parts, yyjson_val *jwk, const char *name,
                       const char *param, size_t size)
{
    OKT_BUF_AUTO bytes = OKT_BUF_INIT(OKT_SIGNATURE_MAX);
    BIGNUM *number;

    if (!decode(jwk, name, size, &bytes)) {
        latch(parts, bytes.state != OKT_BUF_NO_MEMORY, okt_jose_no_memory);
        latch(parts, false, "the JWK lacks a number, or has a bad one");
        return;
    }
    number = BN_secure_new();
    latch(parts, number != NULL, okt_jose_no_memory);
    if (number == NULL)
        return;
    parts->numbers[parts->count++] = number;
    latch(parts,
          BN_bin2bn((const unsigned char *)bytes.data, (int)bytes.len,
                    number) != NULL &&
              OSSL_PARAM_BLD_push_BN(parts->builder, param, number) == 1,
          okt_jose_no_memory);
}

/* ----------------------------------------------------------- The kinds -- */

/* clang-format off */
static const struct {
    const char *name;
    const char *param;
} rsa[RSA_PARTS] = {
    { "n",  OSSL_PKEY_PARAM_RSA_N },
    { "e",  OSSL_PKEY_PARAM_RSA_E },
    { "d",  OSSL_PKEY_PARAM_RSA_D },
    { "p",  OSSL_PKEY_PARAM_RSA_FACTOR1 },
    { "q",  OSSL_PKEY_PARAM_RSA_FACTOR2 },
    { "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1 },
    { "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2 },
    { "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
};
/* clang-format on */

/* Public: the first two; private: three, or all. */
static void add_rsa(struct parts *parts, yyjson_val *jwk, bool is_private)
{
    size_t count = 2;

    if (is_private)
        count = yyjson_obj_get(jwk, "p") != NULL ? RSA_PARTS : 3;
    for (size_t i = count; i < RSA_PARTS; i++)
        latch(parts, yyjson_obj_get(jwk, rsa[i].name) == NULL,
              "the JWK has a number that makes no sense without others");
    latch(parts, yyjson_obj_get(jwk, "oth") == NULL,
          "the JWK is an RSA key of more than two primes");
    for (size_t i = 0; i < count; i++)
        add_number(parts, jwk, rsa[i].name, rsa[i].param, 0);
}

static void add_ec(struct parts *parts, yyjson_val *jwk, bool is_private)
{
    const char *crv = okt_json_str(jwk, "crv");
    const struct okt_kind *kind = crv != NULL ? okt_kind_find(crv) : NULL;
    bool is_good;

    latch(parts, kind != NULL,
          "the JWK's curve is none of P-256, P-384 and P-521");
    if (kind == NULL)
        return;
    okt_buf_char(&parts->point, 4);
    is_good = decode(jwk, "x", kind->size, &parts->point) &&
              decode(jwk, "y", kind->size, &parts->point);
    latch(parts, parts->point.state != OKT_BUF_NO_MEMORY, okt_jose_no_memory);
    latch(parts, is_good, "the JWK lacks a coordinate, or has a bad one");
    latch(parts,
          OSSL_PARAM_BLD_push_utf8_string(parts->builder,
                                          OSSL_PKEY_PARAM_GROUP_NAME,
                                          kind->group, 0) == 1,
          okt_jose_no_memory);
    latch(parts,
          okt_buf_failed(&parts->point) ||
              OSSL_PARAM_BLD_push_octet_string(parts->builder,
                                               OSSL_PKEY_PARAM_PUB_KEY,
                                               parts->point.data,
                                               parts->point.len) == 1,
          okt_jose_no_memory);
    if (is_private)
        add_number(parts, jwk, "d", OSSL_PKEY_PARAM_PRIV_KEY, kind->size);
}

/* Hands the parts to OpenSSL. */
static const char *build(const struct parts *parts, const char *type,
                         bool is_private, struct okt_key **out)
{
    AUTO(OSSL_PARAM) params = OSSL_PARAM_BLD_to_param(parts->builder);
    AUTO(EVP_PKEY_CTX) ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *pkey = NULL;

    if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1)
        return okt_jose_no_memory;
    if (EVP_PKEY_fromdata(ctx, &pkey,
                          is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                          params) != 1)
        return "the JWK's numbers make no key";
    return okt_key_wrap(pkey, is_private, out);
}

static const char *read_numbers(yyjson_val *jwk, struct okt_key **out)
{
    PARTS_AUTO parts = { .point = OKT_BUF_INIT(256) };
    const char *kty = okt_json_str(jwk, "kty");
    bool is_private = yyjson_obj_get(jwk, "d") != NULL;
    bool is_ec = kty != NULL && strcmp(kty, "EC") == 0;

    if (!is_ec && (kty == NULL || strcmp(kty, "RSA") != 0))
        return "the JWK's kty is neither RSA nor EC";
    parts.builder = OSSL_PARAM_BLD_new();
    if (parts.builder == NULL)
        return okt_jose_no_memory;
    if (is_ec)
        add_ec(&parts, jwk, is_private);
    else
        add_rsa(&parts, jwk, is_private);
    if (parts.why != NULL)
        return parts.why;
    return build(&parts, is_ec ? "EC" : "RSA", is_private, out);
}

/* ----------------------------------------------------------- All of it -- */

/* A label; NULL: it is not there, or null, as some libraries write it. */
static yyjson_val *label(yyjson_val *jwk, const char *name)
{
    yyjson_val *val = yyjson_obj_get(jwk, name);

    return yyjson_is_null(val) ? NULL : val;
}

/* What the JWK says about its use. */
static const char *read_labels(yyjson_val *jwk, struct okt_key *key)
{
    yyjson_val *alg = label(jwk, "alg");
    yyjson_val *use = label(jwk, "use");
    yyjson_val *kid = label(jwk, "kid");
    const char *text;

    if (use != NULL && !yyjson_equals_str(use, "sig"))
        return "the JWK is not for signatures (its use is not sig)";
    if (alg != NULL) {
        text = okt_json_text(alg);
        key->bound = text != NULL ? okt_alg_find(text) : OKT_ALG_NONE;
        if (!okt_key_allows(key, key->bound))
            return "the JWK's alg is unknown, or does not fit its key";
    }
    if (kid == NULL)
        return NULL;
    text = okt_json_text(kid);
    if (text == NULL || *text == '\0' || strlen(text) > OKT_KID_MAX)
        return "the JWK's kid is no text, empty or too long";
    key->kid = strdup(text);
    return key->kid != NULL ? NULL : okt_jose_no_memory;
}

const char *okt_members_check(yyjson_val *object, size_t max)
{
    yyjson_obj_iter outer = yyjson_obj_iter_with(object);
    yyjson_val *key;

    if (yyjson_obj_size(object) > max)
        return "an object has too many members";
    while ((key = yyjson_obj_iter_next(&outer)) != NULL) {
        yyjson_val *val = yyjson_obj_iter_get_val(key);

        if (yyjson_obj_getn(object, yyjson_get_str(key), yyjson_get_len(key)) !=
            val)
            return "an object has a member twice";
    }
    return NULL;
}

const char *okt_key_from_jwk_val(yyjson_val *jwk, struct okt_key **out)
{
    OKT_QUIET;
    AUTO(okt_key) key = NULL;
    const char *why;

    if (!yyjson_is_obj(jwk))
        return "the JWK is no JSON object";
    why = okt_members_check(jwk, OKT_JWK_MEMBERS);
    if (why == NULL)
        why = read_numbers(jwk, &key);
    if (why == NULL)
        why = read_labels(jwk, key);
    if (why == NULL)
        *out = TAKE(key);
    return why;
}

/* The one key of a JWK Set. */
static const char *read_set(yyjson_val *keys, struct okt_key **out)
{
    if (!yyjson_is_arr(keys) || yyjson_arr_size(keys) == 0)
        return "the JWK Set has no key";
    if (yyjson_arr_size(keys) > 1)
        return "the JWK Set has more than one key: leave the one to be used";
    return okt_key_from_jwk_val(yyjson_arr_get_first(keys), out);
}

const char *okt_key_from_jwk(const char *json, size_t len, struct okt_key **out)
{
    AUTO(yyjson_doc) doc = NULL;
    yyjson_val *keys;
    const char *why;
    bool no_memory;

    if (len > OKT_KEY_TEXT_MAX)
        return "the key is too long for one";
    doc = okt_json_read_secret(json, len, &why, &no_memory);
    if (doc == NULL)
        return no_memory ? okt_jose_no_memory : "the JWK is no JSON";
    keys = yyjson_obj_get(yyjson_doc_get_root(doc), "keys");
    if (keys != NULL &&
        okt_members_check(yyjson_doc_get_root(doc), OKT_JWK_MEMBERS) == NULL)
        return read_set(keys, out);
    return okt_key_from_jwk_val(yyjson_doc_get_root(doc), out);
}
