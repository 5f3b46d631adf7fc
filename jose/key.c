/* SPDX-License-Identifier: Apache-2.0 */
/* key.c - keys: what may be one, what it may sign with, signing and checking.
 */
#include "jose/key_parts.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <string.h>

const char okt_jose_no_memory[] = "out of memory";

enum { RSA_BITS_MIN = 2048, RSA_BITS_MAX = 8192, RSA_EXPONENT_BITS_MAX = 64 };

/* ---------------------------------------------------------- Algorithms -- */

/* clang-format off */
static const struct okt_kind kinds[] = {
    /* group        crv      size  alg */
    { NULL,         NULL,       0, OKT_RS256 },
    { "prime256v1", "P-256",   32, OKT_ES256 },
    { "secp384r1",  "P-384",   48, OKT_ES384 },
    { "secp521r1",  "P-521",   66, OKT_ES512 },
};

static const struct {
    const char *name;
    const struct okt_kind *kind;
    const EVP_MD *(*hash)(void);
} algs[] = {
    [OKT_ALG_NONE] = { NULL, NULL, NULL },
    [OKT_RS256] = { "RS256", &kinds[0], EVP_sha256 },
    [OKT_RS384] = { "RS384", &kinds[0], EVP_sha384 },
    [OKT_RS512] = { "RS512", &kinds[0], EVP_sha512 },
    [OKT_ES256] = { "ES256", &kinds[1], EVP_sha256 },
    [OKT_ES384] = { "ES384", &kinds[2], EVP_sha384 },
    [OKT_ES512] = { "ES512", &kinds[3], EVP_sha512 },
};
/* clang-format on */

const char *okt_alg_name(enum okt_alg alg)
{
    return algs[alg].name;
}

enum okt_alg okt_alg_find(const char *name)
{
    for (size_t i = OKT_RS256; i < ARRAY_LEN(algs); i++)
        if (strcmp(name, algs[i].name) == 0)
            return (enum okt_alg)i;
    return OKT_ALG_NONE;
}

const struct okt_kind *okt_kind_find(const char *crv)
{
    for (size_t i = 1; i < ARRAY_LEN(kinds); i++)
        if (strcmp(crv, kinds[i].crv) == 0)
            return &kinds[i];
    return NULL;
}

bool okt_key_allows(const struct okt_key *key, enum okt_alg alg)
{
    return alg != OKT_ALG_NONE && algs[alg].kind == key->kind &&
           (key->bound == OKT_ALG_NONE || key->bound == alg);
}

/* ---------------------------------------------------- What may be a key -- */

/* OpenSSL reads a number into *out; it is made anew, and to be freed. */
static const char *number_of(const EVP_PKEY *pkey, const char *param,
                             BIGNUM **out)
{
    if (EVP_PKEY_get_bn_param(pkey, param, out) != 1)
        return "the key lacks a number";
    return NULL;
}

const char *okt_number_text(const EVP_PKEY *pkey, const char *param,
                            size_t size, struct okt_buf *out)
{
    AUTO(BIGNUM) number = NULL;
    unsigned char bytes[OKT_SIGNATURE_MAX];
    const char *why = number_of(pkey, param, &number);
    size_t len;

    if (why != NULL)
        return why;
    len = size > 0 ? size : (size_t)BN_num_bytes(number);
    if (len > sizeof(bytes) || BN_bn2binpad(number, bytes, (int)len) < 0)
        return "the key has a number that is too large";
    okt_base64url_encode(bytes, len, out);
    okt_wipe(bytes, sizeof(bytes));
    return NULL;
}

static const char *check_rsa(const EVP_PKEY *pkey)
{
    AUTO(BIGNUM) exponent = NULL;
    int bits = EVP_PKEY_get_bits(pkey);
    const char *why = number_of(pkey, OSSL_PKEY_PARAM_RSA_E, &exponent);

    if (why != NULL)
        return why;
    if (bits < RSA_BITS_MIN)
        return "the RSA key has fewer than 2048 bits";
    if (bits > RSA_BITS_MAX)
        return "the RSA key has more than 8192 bits";
    if (!BN_is_odd(exponent) || BN_is_one(exponent) ||
        BN_num_bits(exponent) > RSA_EXPONENT_BITS_MAX)
        return "the RSA key's exponent can't be one";
    return NULL;
}

static const char *check_ec(EVP_PKEY *pkey)
{
    AUTO(EVP_PKEY_CTX) ctx = EVP_PKEY_CTX_new(pkey, NULL);

    if (ctx == NULL)
        return okt_jose_no_memory;
    if (EVP_PKEY_public_check_quick(ctx) != 1)
        return "the EC key's point is not on its curve";
    return NULL;
}

static const char *find_kind(EVP_PKEY *pkey, const struct okt_kind **out)
{
    char group[64] = "";

    *out = &kinds[0];
    if (EVP_PKEY_is_a(pkey, "RSA"))
        return check_rsa(pkey);
    if (!EVP_PKEY_is_a(pkey, "EC"))
        return "the key is neither RSA nor EC";
    EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME, group,
                                   sizeof(group), NULL);
    for (size_t i = 1; i < ARRAY_LEN(kinds); i++) {
        *out = &kinds[i];
        if (strcmp(group, kinds[i].group) == 0)
            return check_ec(pkey);
    }
    return "the EC key's curve is none of P-256, P-384 and P-521";
}

/* ---------------------------------------------------------- Making one -- */

/* Appends ,"name":"number". */
static const char *add_member(const EVP_PKEY *pkey, const char *name,
                              const char *param, size_t size,
                              struct okt_buf *out)
{
    const char *why;

    okt_buf_printf(out, "\"%s\":\"", name);
    why = okt_number_text(pkey, param, size, out);
    okt_buf_char(out, '"');
    return why;
}

/* The public members, in braces; names are in the order of the alphabet. */
static const char *write_public(const struct okt_key *key, struct okt_buf *out)
{
    const struct okt_kind *kind = key->kind;
    const char *why;

    if (kind->crv == NULL) {
        okt_buf_char(out, '{');
        why = add_member(key->pkey, "e", OSSL_PKEY_PARAM_RSA_E, 0, out);
        if (why != NULL)
            return why;
        okt_buf_str(out, ",\"kty\":\"RSA\",");
        why = add_member(key->pkey, "n", OSSL_PKEY_PARAM_RSA_N, 0, out);
        okt_buf_char(out, '}');
        return why;
    }
    okt_buf_printf(out, "{\"crv\":\"%s\",\"kty\":\"EC\",", kind->crv);
    why = add_member(key->pkey, "x", OSSL_PKEY_PARAM_EC_PUB_X, kind->size, out);
    if (why != NULL)
        return why;
    okt_buf_char(out, ',');
    why = add_member(key->pkey, "y", OSSL_PKEY_PARAM_EC_PUB_Y, kind->size, out);
    okt_buf_char(out, '}');
    return why;
}

/* Whether what a private key signs is what its public part checks. */
static const char *check_pair(const struct okt_key *key)
{
    static const char text[] = "does one half fit the other";
    OKT_BUF_AUTO signature = OKT_BUF_INIT(OKT_SIGNATURE_MAX);
    enum okt_alg alg = key->kind->alg;
    const char *why;

    if (!key->is_private)
        return NULL;
    why = okt_key_sign(key, alg, text, sizeof(text), &signature);
    if (why == NULL)
        why = okt_key_verify(key, alg, text, sizeof(text), signature.data,
                             signature.len);
    if (why == NULL || why == okt_jose_no_memory)
        return why;
    return "the private key does not fit its public part";
}

static const char *complete(struct okt_key *key)
{
    OKT_BUF_AUTO jwk = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);
    const char *why = find_kind(key->pkey, &key->kind);

    if (why == NULL)
        why = check_pair(key);
    if (why == NULL)
        why = write_public(key, &jwk);
    if (why != NULL)
        return why;
    if (!okt_buf_failed(&jwk) &&
        !okt_sha256_base64url(jwk.data, jwk.len, key->thumbprint))
        return okt_jose_no_memory;
    key->public_jwk = okt_buf_take(&jwk);
    return key->public_jwk != NULL ? NULL : okt_jose_no_memory;
}

const char *okt_key_wrap(EVP_PKEY *pkey, bool is_private, struct okt_key **out)
{
    AUTO(okt_key) key = calloc(1, sizeof(*key));
    const char *why;

    if (key == NULL) {
        EVP_PKEY_free(pkey);
        return okt_jose_no_memory;
    }
    key->pkey = pkey;
    key->is_private = is_private;
    why = complete(key);
    if (why == NULL)
        *out = TAKE(key);
    return why;
}

const char *okt_key_generate(enum okt_alg alg, struct okt_key **out)
{
    OKT_QUIET;
    const struct okt_kind *kind = algs[alg].kind;
    EVP_PKEY *pkey;

    if (kind == NULL)
        return "no such algorithm";
    pkey = kind->group == NULL ? EVP_RSA_gen(RSA_BITS_MIN)
                               : EVP_EC_gen(kind->group);
    if (pkey == NULL)
        return "a key could not be made";
    return okt_key_wrap(pkey, true, out);
}

void okt_key_free(struct okt_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->pkey);
    free(key->kid);
    free(key->public_jwk);
    free(key);
}

/* -------------------------------------------------------------- Reading -- */

bool okt_key_is_private(const struct okt_key *key)
{
    return key->is_private;
}

enum okt_alg okt_key_alg(const struct okt_key *key)
{
    return key->bound != OKT_ALG_NONE ? key->bound : key->kind->alg;
}

const char *okt_key_kid(const struct okt_key *key)
{
    return key->kid;
}

const char *okt_key_thumbprint(const struct okt_key *key)
{
    return key->thumbprint;
}

void okt_key_public_jwk(const struct okt_key *key, struct okt_buf *out)
{
    okt_buf_str(out, key->public_jwk);
}

/* Members that a private key has beyond its public ones. */
static const struct {
    const char *name;
    const char *param;
} rsa_private[] = {
    { "d", OSSL_PKEY_PARAM_RSA_D },
    { "p", OSSL_PKEY_PARAM_RSA_FACTOR1 },
    { "q", OSSL_PKEY_PARAM_RSA_FACTOR2 },
    { "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1 },
    { "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2 },
    { "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1 },
};

/* Appends one behind others, or nothing: a key may have come without it. */
static void add_private(const struct okt_key *key, const char *name,
                        const char *param, struct okt_buf *out)
{
    OKT_BUF_AUTO member = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);

    okt_buf_char(&member, ',');
    if (add_member(key->pkey, name, param, key->kind->size, &member) != NULL)
        return;
    okt_buf_append(out, member.data, member.len);
    if (okt_buf_failed(&member) && out->state == OKT_BUF_OK)
        out->state = member.state;
}

void okt_key_private_jwk(const struct okt_key *key, struct okt_buf *out)
{
    OKT_QUIET;

    okt_buf_append(out, key->public_jwk, strlen(key->public_jwk) - 1);
    if (key->kind->crv != NULL)
        add_private(key, "d", OSSL_PKEY_PARAM_PRIV_KEY, out);
    for (size_t i = 0; key->kind->crv == NULL && i < ARRAY_LEN(rsa_private);
         i++)
        add_private(key, rsa_private[i].name, rsa_private[i].param, out);
    okt_buf_char(out, '}');
}

/* ------------------------------------------------ Signing and checking -- */

AUTO_DEFINE(ECDSA_SIG, ECDSA_SIG_free)
AUTO_DEFINE(EVP_MD_CTX, EVP_MD_CTX_free)

/* What OpenSSL writes as DER is r and s side by side here. */
static const char *from_der(const unsigned char *der, size_t len, size_t size,
                            struct okt_buf *out)
{
    const unsigned char *p = der;
    AUTO(ECDSA_SIG) sig = d2i_ECDSA_SIG(NULL, &p, (long)len);
    unsigned char raw[2 * 66];

    if (sig == NULL)
        return okt_jose_no_memory;
    if (BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, (int)size) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + size, (int)size) < 0)
        return "the signature can't be written";
    okt_buf_append(out, raw, 2 * size);
    return NULL;
}

const char *okt_key_sign(const struct okt_key *key, enum okt_alg alg,
                         const void *data, size_t len, struct okt_buf *out)
{
    OKT_QUIET;
    AUTO(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
    unsigned char signature[OKT_SIGNATURE_MAX];
    size_t signature_len = sizeof(signature);
    const char *why = NULL;

    if (!key->is_private)
        return "the key is a public one, which can't sign";
    if (!okt_key_allows(key, alg))
        return "the key is not for this algorithm";
    if (ctx == NULL)
        return okt_jose_no_memory;
    if (EVP_DigestSignInit(ctx, NULL, algs[alg].hash(), NULL, key->pkey) != 1 ||
        EVP_DigestSign(ctx, signature, &signature_len, data, len) != 1)
        return "the key can't sign";
    if (key->kind->size > 0)
        why = from_der(signature, signature_len, key->kind->size, out);
    else
        okt_buf_append(out, signature, signature_len);
    return why == NULL && okt_buf_failed(out) ? okt_jose_no_memory : why;
}

static const char *to_der(const unsigned char *raw, size_t size,
                          unsigned char *der, size_t *len)
{
    AUTO(ECDSA_SIG) sig = ECDSA_SIG_new();
    AUTO(BIGNUM) r = BN_bin2bn(raw, (int)size, NULL);
    AUTO(BIGNUM) s = BN_bin2bn(raw + size, (int)size, NULL);
    int n;

    if (sig == NULL || r == NULL || s == NULL)
        return okt_jose_no_memory;
    if (BN_is_zero(r) || BN_is_zero(s))
        return "the signature is not valid";
    if (ECDSA_SIG_set0(sig, r, s) != 1)
        return okt_jose_no_memory;
    r = NULL;
    s = NULL;
    n = i2d_ECDSA_SIG(sig, &der);
    if (n < 0)
        return okt_jose_no_memory;
    *len = (size_t)n;
    return NULL;
}

/* Leaves the signature as OpenSSL wants it in *signature, which is der for EC.
 */
static const char *prepare(const struct okt_key *key,
                           const unsigned char **signature, size_t *len,
                           unsigned char *der)
{
    const char *why = NULL;

    if (key->kind->size == 0)
        return *len == (size_t)EVP_PKEY_get_size(key->pkey)
                   ? NULL
                   : "the signature has the wrong length";
    if (*len != 2 * key->kind->size)
        return "the signature has the wrong length";
    why = to_der(*signature, key->kind->size, der, len);
    *signature = der;
    return why;
}

const char *okt_key_verify(const struct okt_key *key, enum okt_alg alg,
                           const void *data, size_t len, const void *signature,
                           size_t signature_len)
{
    OKT_QUIET;
    AUTO(EVP_MD_CTX) ctx = EVP_MD_CTX_new();
    const unsigned char *sig = signature;
    unsigned char der[2 * 66 + 16];
    const char *why;

    if (!okt_key_allows(key, alg))
        return "the key is not for this algorithm";
    why = prepare(key, &sig, &signature_len, der);
    if (why != NULL)
        return why;
    if (ctx == NULL)
        return okt_jose_no_memory;
    if (EVP_DigestVerifyInit(ctx, NULL, algs[alg].hash(), NULL, key->pkey) !=
            1 ||
        EVP_DigestVerify(ctx, sig, signature_len, data, len) != 1)
        return "the signature is not valid";
    return NULL;
}
