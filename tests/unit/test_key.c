/* SPDX-License-Identifier: Apache-2.0 */
/* test_key.c - keys: what is one, what each may sign with, and how it looks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jose/key.h"
#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

static struct okt_key *key_of(const char *jwk)
{
    struct okt_key *key = NULL;
    const char *why = okt_key_from_jwk(jwk, strlen(jwk), &key);

    if (why != NULL)
        fail_msg("%s", why);
    return key;
}

/* One of the files that the fuzz target begins with. */
static const char *from_file(const char *name, const char *passphrase,
                             struct okt_key **out)
{
    char path[1024];
    char text[8192];
    size_t len;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", PEM_FOLDER, name);
    file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("no %s", path);
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    return okt_key_from_text(text, len, passphrase, out);
}

/* ------------------------------------------------------------ base64url -- */

static void base64url_goes_both_ways(void **state)
{
    static const struct {
        const char *bytes;
        const char *text;
    } cases[] = {
        { "", "" },
        { "f", "Zg" },
        { "fo", "Zm8" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg" },
        { "fooba", "Zm9vYmE" },
        { "foobar", "Zm9vYmFy" },
        { "\xff\xff\xff", "____" },
        { "\xfb\xef\xbe", "----" },
        { "\xff", "_w" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO text = OKT_BUF_INIT(100);
        OKT_BUF_AUTO bytes = OKT_BUF_INIT(100);

        okt_buf_char(&text, '>');
        okt_base64url_encode(cases[i].bytes, strlen(cases[i].bytes), &text);
        assert_string_equal(text.data + 1, cases[i].text);
        assert_int_equal(text.len - 1,
                         OKT_BASE64URL_LEN(strlen(cases[i].bytes)));
        okt_buf_char(&bytes, '>');
        assert_true(okt_base64url_decode(cases[i].text, strlen(cases[i].text),
                                         &bytes));
        assert_string_equal(bytes.data + 1, cases[i].bytes);
    }
}

static void base64url_is_read_strictly(void **state)
{
    static const char *const bad[] = {
        "A",
        "AAAAA",
        "Zg==",
        "Zg=",
        "Zh",
        "Zm9=",
        "Zm+v",
        "Zm/",
        "Zm 9v",
        "Zm9v\n",
        " Zm9v",
        "Zm9",
        "Zm9v.",
        "\xc3\xa4"
        "AA",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        OKT_BUF_AUTO bytes = OKT_BUF_INIT(100);

        if (okt_base64url_decode(bad[i], strlen(bad[i]), &bytes))
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(bytes.len, 0);
    }
}

static void hashes_are_those_of_the_rfcs(void **state)
{
    static const char verifier[] =
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; /* RFC 7636, B */
    char out[OKT_SHA256_TEXT];

    (void)state;
    assert_true(okt_sha256_base64url(DPOP_TOKEN, strlen(DPOP_TOKEN), out));
    assert_string_equal(out, DPOP_ATH);
    assert_true(okt_sha256_base64url(verifier, strlen(verifier), out));
    assert_string_equal(out, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void random_texts_differ(void **state)
{
    OKT_BUF_AUTO a = OKT_BUF_INIT(100);
    OKT_BUF_AUTO b = OKT_BUF_INIT(100);

    (void)state;
    assert_true(okt_random_base64url(32, &a));
    assert_true(okt_random_base64url(32, &b));
    assert_int_equal(a.len, 43);
    assert_string_not_equal(a.data, b.data);
    assert_false(okt_random_base64url(65, &b));
}

/* ----------------------------------------------------------- Algorithms -- */

static void algorithms_are_found_by_their_exact_names(void **state)
{
    static const char *const none[] = { "none",   "",      "HS256", "rs256",
                                        "RS256 ", "PS256", "EdDSA", "ES256K" };

    (void)state;
    assert_null(okt_alg_name(OKT_ALG_NONE));
    for (enum okt_alg alg = OKT_RS256; alg <= OKT_ES512; alg++)
        assert_int_equal(okt_alg_find(okt_alg_name(alg)), alg);
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        assert_int_equal(okt_alg_find(none[i]), OKT_ALG_NONE);
}

static void an_algorithm_is_bound_to_type_curve_and_label(void **state)
{
    static const struct {
        const char *jwk;
        const char *allowed; /* a digit for each of enum okt_alg */
        enum okt_alg usual;
    } cases[] = {
        { RSA_PUBLIC, "0111000", OKT_RS256 },
        { PRINTED_JWK, "0100000", OKT_RS256 },
        { EC_PUBLIC, "0000100", OKT_ES256 },
        { EC521_PRIVATE, "0000001", OKT_ES512 },
        { "{\"alg\":\"RS512\",\"kty\":\"RSA\",\"n\":\"" RSA_N
          "\",\"e\":\"AQAB\"}",
          "0001000", OKT_RS512 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okt_key) key = key_of(cases[i].jwk);

        for (enum okt_alg alg = OKT_ALG_NONE; alg <= OKT_ES512; alg++)
            assert_int_equal(okt_key_allows(key, alg),
                             cases[i].allowed[alg] == '1');
        assert_int_equal(okt_key_alg(key), cases[i].usual);
    }
}

/* ------------------------------------------------------------- Vectors -- */

static void check_vector(const char *jwk, enum okt_alg alg,
                         const char *signed_part, const char *signature,
                         bool repeatable)
{
    AUTO(okt_key) key = key_of(jwk);
    OKT_BUF_AUTO bytes = OKT_BUF_INIT(OKT_SIGNATURE_MAX);
    OKT_BUF_AUTO ours = OKT_BUF_INIT(OKT_SIGNATURE_MAX);

    assert_true(okt_base64url_decode(signature, strlen(signature), &bytes));
    assert_null(okt_key_verify(key, alg, signed_part, strlen(signed_part),
                               bytes.data, bytes.len));
    assert_null(okt_key_sign(key, alg, signed_part, strlen(signed_part),
                             &ours));
    assert_int_equal(ours.len, bytes.len);
    assert_int_equal(memcmp(ours.data, bytes.data, ours.len) == 0, repeatable);
    assert_null(okt_key_verify(key, alg, signed_part, strlen(signed_part),
                               ours.data, ours.len));
    assert_non_null(okt_key_verify(key, alg, signed_part,
                                   strlen(signed_part) - 1, ours.data,
                                   ours.len));
}

static void signatures_of_the_rfcs_are_valid(void **state)
{
    (void)state;
    check_vector(EC521_PRIVATE, OKT_ES512, EC521_SIGNED, EC521_SIGNATURE,
                 false);
    check_vector(BILBO_RSA, OKT_RS256, BILBO_RSA_SIGNED, BILBO_RSA_SIGNATURE,
                 true);
    check_vector(BILBO_EC, OKT_ES512, BILBO_EC_SIGNED, BILBO_EC_SIGNATURE,
                 false);
}

static void thumbprints_are_those_of_the_rfcs(void **state)
{
    AUTO(okt_key) rsa = key_of(PRINTED_JWK);

    (void)state;
    assert_string_equal(okt_key_thumbprint(rsa), PRINTED_THUMB);
    assert_string_equal(okt_key_kid(rsa), "2011-04-29");
}

static void a_key_is_written_as_it_was_read(void **state)
{
    static const char *const jwks[] = { BILBO_RSA, EC_PRIVATE, EC521_PRIVATE,
                                        RSA_PRIVATE };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(jwks); i++) {
        AUTO(okt_key) key = key_of(jwks[i]);
        OKT_BUF_AUTO public = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);
        OKT_BUF_AUTO private = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);
        AUTO(okt_key) public_key = NULL;
        AUTO(okt_key) again = NULL;

        okt_key_public_jwk(key, &public);
        okt_key_private_jwk(key, &private);
        assert_null(strstr(public.data, "\"d\""));
        assert_null(okt_key_from_jwk(public.data, public.len, &public_key));
        assert_null(okt_key_from_jwk(private.data, private.len, &again));
        assert_false(okt_key_is_private(public_key));
        assert_true(okt_key_is_private(again));
        assert_string_equal(okt_key_thumbprint(public_key),
                            okt_key_thumbprint(key));
        assert_string_equal(okt_key_thumbprint(again), okt_key_thumbprint(key));
        okt_buf_clear(&public);
        okt_key_private_jwk(again, &public);
        assert_string_equal(public.data, private.data);
    }
}

static void a_public_jwk_is_what_rfc_7638_hashes(void **state)
{
    AUTO(okt_key) key = key_of(EC_PRIVATE);
    OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

    (void)state;
    okt_key_public_jwk(key, &out);
    assert_string_equal(out.data,
                        "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" EC_X
                        "\",\"y\":\"" EC_Y "\"}");
}

/* ------------------------------------------------------ What is no JWK -- */

#define P256(x, y) \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" x "\",\"y\":\"" y "\"}"

/* 1024 bits: half of the digits of the other one, which are odd, too. */
static const char n1024[] =
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4f"
    "Akd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR"
    "T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63k"
    "k\"}";
static const char *const no_keys[] = {
    n1024,
    "",
    "[]",
    "null",
    "\"{}\"",
    "{}",
    "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" EC_X "\"}",
    "{\"kty\":\"RSA\"}",
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\"}",
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"\"}",
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQ\"}",     /* 1 */
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"Ag\"}",     /* 2 */
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AAEAAQ\"}", /* a zero */
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":65537}",
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAAAAAAAAAB\"}",
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "==\",\"e\":\"AQAB\"}",
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\",\"d\":\"AQ\"}",
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\",\"p\":\"AQ\"}",
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\",\"d\":\"" RSA_D
    "\",\"p\":\"AQ\"}",
    "{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\",\"d\":\"" RSA_D
    "\",\"oth\":[]}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\"}",
    "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y
    "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}",
    "{\"kty\":\"EC\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}",
    "{\"kty\":\"ec\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}",
    P256(EC_X, EC_X), /* off the curve */
    P256("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    P256("__________________________________________8", EC_Y),
    P256("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU=", EC_Y),
    P256("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV", EC_Y),
    P256("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVA", EC_Y),
    P256("AH_NzidwvsRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF", EC_Y),
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y
    "\",\"d\":\"" EC_X "\"}", /* another's */
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y
    "\",\"d\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y
    "\",\"d\":null}",
    "{\"kty\":\"EC\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
    "\",\"y\":\"" EC_Y "\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y
    "\",\"y\":\"" EC_Y "\"}",
    "{\"use\":\"enc\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
    "\",\"y\":\"" EC_Y "\"}",
    "{\"alg\":\"ES384\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
    "\",\"y\":\"" EC_Y "\"}",
    "{\"alg\":\"none\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X
    "\",\"y\":\"" EC_Y "\"}",
    "{\"alg\":\"RSA-OAEP\",\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}",
    "{\"kid\":\"\",\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}",
    "{\"kid\":1,\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}",
};

static void what_is_no_key_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(no_keys); i++) {
        struct okt_key *key = NULL;

        if (okt_key_from_jwk(no_keys[i], strlen(no_keys[i]), &key) == NULL)
            fail_msg("taken: %s", no_keys[i]);
        assert_null(key);
    }
}

/* What is wrong with a key that a person made is said as it is. */
static void the_reason_is_told(void **state)
{
    static const struct {
        const char *file;
        const char *passphrase;
        const char *why;
    } cases[] = {
        { "rsa-1024", NULL, "the RSA key has fewer than 2048 bits" },
        { "secp256k1", NULL,
          "the EC key's curve is none of P-256, P-384 and P-521" },
        { "ed25519", NULL, "the key is neither RSA nor EC" },
        { "rsa-pss", NULL, "the key is neither RSA nor EC" },
        { "dsa", NULL, "the key is neither RSA nor EC" },
        { "certificate", NULL, "the PEM holds no key (a certificate is none)" },
        { "cut", NULL, "the PEM is not a key that can be read" },
        { "rsa-pkcs8-encrypted", NULL,
          "the key is encrypted, and there is no passphrase for it" },
        { "rsa-pkcs1-encrypted", NULL,
          "the key is encrypted, and there is no passphrase for it" },
        { "ec-pkcs8-encrypted", "wrong",
          "the key can't be decrypted: the passphrase is wrong" },
        { "rsa-pkcs1-encrypted", "",
          "the key can't be decrypted: the passphrase is wrong" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct okt_key *key = NULL;
        const char *why = from_file(cases[i].file, cases[i].passphrase, &key);

        assert_null(key);
        assert_non_null(why);
        assert_string_equal(why, cases[i].why);
    }
}

/* ------------------------------------------------------------------ PEM -- */

static void every_wrapping_of_a_key_gives_the_same_one(void **state)
{
    static const struct {
        const char *file;
        const char *passphrase;
        const char *jwk;
        bool is_private;
    } cases[] = {
        { "rsa-pkcs1", NULL, BILBO_RSA, true },
        { "rsa-pkcs8", NULL, BILBO_RSA, true },
        { "rsa-pkcs8", "unused", BILBO_RSA, true },
        { "rsa-pkcs8-encrypted", "rosebud", BILBO_RSA, true },
        { "rsa-pkcs1-encrypted", "rosebud", BILBO_RSA, true },
        { "rsa-public", NULL, BILBO_RSA, false },
        { "ec-sec1", NULL, EC_PRIVATE, true },
        { "ec-pkcs8", NULL, EC_PRIVATE, true },
        { "ec-pkcs8-encrypted", "rosebud", EC_PRIVATE, true },
        { "ec-public", NULL, EC_PRIVATE, false },
        { "rsa-openssh", NULL, BILBO_RSA, true },
        { "ec-openssh", NULL, EC_PRIVATE, true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okt_key) expected = key_of(cases[i].jwk);
        AUTO(okt_key) key = NULL;
        const char *why = from_file(cases[i].file, cases[i].passphrase, &key);

        if (why != NULL)
            fail_msg("%s: %s", cases[i].file, why);
        assert_string_equal(okt_key_thumbprint(key),
                            okt_key_thumbprint(expected));
        assert_int_equal(okt_key_is_private(key), cases[i].is_private);
        assert_null(okt_key_kid(key));
    }
}

#define B64_1 "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff"
#define B64_2 "H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp"
#define B64_3 "7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt"
#define PEM_WITH(end)                                               \
    "-----BEGIN PRIVATE KEY-----" end B64_1 end B64_2 end B64_3 end \
    "-----END PRIVATE KEY-----"
#define PUBLIC_PEM                                                       \
    "-----BEGIN PUBLIC KEY-----\n"                                       \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n" \
    "6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n"     \
    "-----END PUBLIC KEY-----\n"

/* As variables, env files, YAML and mail programs leave a PEM. */
static void what_carries_a_key_does_it_no_harm(void **state)
{
    static const char *const texts[] = {
        PEM_WITH("\n"),
        PEM_WITH("\r\n") "\r\n",
        PEM_WITH("\\n"),
        PEM_WITH("\\r\\n") "\\r\\n",
        PEM_WITH("\\\\n"),
        PEM_WITH(" "),
        PEM_WITH("\n    "),
        PEM_WITH("\n\t\n"),
        PEM_WITH(""),
        "\"" PEM_WITH("\n") "\"",
        "'" PEM_WITH("\\n") "'\r\n",
        "\xef\xbb\xbf" PEM_WITH("\r\n"),
        "Bag Attributes {x}\n  friendlyName: a\n" PEM_WITH("\n"),
        PEM_WITH("\n") "\n" PUBLIC_PEM,
        PUBLIC_PEM PEM_WITH("\n"),
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
        "-----END EC PARAMETERS-----\n" PEM_WITH("\n"),
        EC_PRIVATE,
        "'" EC_PRIVATE "'",
        "\xef\xbb\xbf" EC_PRIVATE "\r\n",
        "{\"keys\":[" EC_PRIVATE "]}",
        "\"{\"keys\":[" EC_PRIVATE "]}\"",
    };
    AUTO(okt_key) expected = key_of(EC_PRIVATE);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        AUTO(okt_key) key = NULL;
        const char *why =
            okt_key_from_text(texts[i], strlen(texts[i]), NULL, &key);

        if (why != NULL)
            fail_msg("%s: %s", texts[i], why);
        assert_string_equal(okt_key_thumbprint(key),
                            okt_key_thumbprint(expected));
        assert_true(okt_key_is_private(key));
    }
}

static void labels_that_are_null_are_not_there(void **state)
{
    AUTO(okt_key) key = NULL;
    OKT_BUF_AUTO jwk = OKT_BUF_INIT(1024);

    (void)state;
    okt_buf_printf(&jwk, "{\"kid\":null,\"alg\":null,\"use\":null,%s",
                   &EC_PRIVATE[1]);
    key = key_of(jwk.data);
    assert_null(okt_key_kid(key));
    assert_int_equal(okt_key_alg(key), OKT_ES256);
}

static void what_is_no_key_is_told_by_name(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        { "\x30\x82\x01", "binary (DER): openssl pkey -inform DER" },
        { "PuTTY-User-Key-File-3: ssh-rsa\n", "puttygen FILE" },
        { "ssh-rsa AAAA x", "ssh-keygen -e -m PKCS8" },
        { "ecdsa-sha2-nistp256 AAAA", "ssh-keygen -e -m PKCS8" },
        { "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
          "holds no key" },
        { PEM_WITH("\n") PEM_WITH("\n"), "more than one private key" },
        { "{\"keys\":[]}", "the JWK Set has no key" },
        { "{\"keys\":{}}", "the JWK Set has no key" },
        { "{\"keys\":[{},{}]}", "the JWK Set has more than one key" },
        { "{\"keys\":[1]}", "no JSON object" },
        { "-----BEGIN PRIVATE KEY-----\n", "is not a key that can be read" },
        { "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
          "-----END OPENSSH PRIVATE KEY-----",
          "OpenSSH's, and damaged" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okt_key) key = NULL;
        const char *why =
            okt_key_from_text(cases[i].text, strlen(cases[i].text), NULL, &key);

        if (why == NULL || strstr(why, cases[i].why) == NULL)
            fail_msg("%s: %s", cases[i].text, why != NULL ? why : "taken");
    }
}

static void what_of_openssh_is_not_taken_is_told(void **state)
{
    AUTO(okt_key) key = NULL;

    (void)state;
    assert_string_equal(from_file("ec-openssh-encrypted", "rosebud", &key),
                        "the key is OpenSSH's and encrypted: ssh-keygen -p -m "
                        "PKCS8 -f FILE converts it");
    assert_string_equal(from_file("ed25519-openssh", NULL, &key),
                        "the key is OpenSSH's, and neither RSA nor ECDSA");
}

/* A certificate in DER, and what OpenSSL makes of it. */
static void a_certificate_in_der_becomes_pem(void **state)
{
    static const char junk[] = "\x30\x03\x02\x01\x01";
    OKT_BUF_AUTO pem = OKT_BUF_INIT(4096);

    (void)state;
    assert_false(okt_certificate_pem(junk, sizeof(junk) - 1, &pem));
    assert_false(okt_certificate_pem("", 0, &pem));
    assert_int_equal(pem.len, 0);
}

static void a_text_is_told_apart_by_its_first_character(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        { " \n{}", "the JWK's kty is neither RSA nor EC" },
        { "x", "not PEM: there is no -----BEGIN line" },
        { "", "not PEM: there is no -----BEGIN line" },
        { "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
          "the PEM is not a key that can be read" },
    };
    AUTO(okt_key) key = NULL;
    AUTO(char) big = calloc(1, OKT_KEY_TEXT_MAX + 1);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_string_equal(okt_key_from_text(cases[i].text,
                                              strlen(cases[i].text), NULL,
                                              &key),
                            cases[i].why);
    assert_string_equal(okt_key_from_pem(big, OKT_KEY_TEXT_MAX + 1, NULL, &key),
                        "the key is too long for one");
    assert_string_equal(okt_key_from_jwk(big, OKT_KEY_TEXT_MAX + 1, &key),
                        "the key is too long for one");
}

/* ----------------------------------------------------------- Signatures -- */

static void signatures_that_only_look_right_are_refused(void **state)
{
    AUTO(okt_key) ec = key_of(EC_PRIVATE);
    AUTO(okt_key) rsa = key_of(RSA_PRIVATE);
    OKT_BUF_AUTO good = OKT_BUF_INIT(OKT_SIGNATURE_MAX);
    char zero[64] = { 0 };
    char half[64];

    (void)state;
    assert_null(okt_key_sign(ec, OKT_ES256, "x", 1, &good));
    assert_null(okt_key_verify(ec, OKT_ES256, "x", 1, good.data, 64));
    assert_non_null(okt_key_verify(ec, OKT_ES256, "x", 1, zero, 64));
    memcpy(half, good.data, 64);
    memset(half, 0, 32); /* r = 0 */
    assert_string_equal(okt_key_verify(ec, OKT_ES256, "x", 1, half, 64),
                        "the signature is not valid");
    memcpy(half, good.data, 64);
    memset(half + 32, 0, 32); /* s = 0 */
    assert_non_null(okt_key_verify(ec, OKT_ES256, "x", 1, half, 64));
    memset(half, 0xff, 64); /* beyond the order */
    assert_non_null(okt_key_verify(ec, OKT_ES256, "x", 1, half, 64));
    for (size_t len = 0; len < 64; len++)
        assert_string_equal(okt_key_verify(ec, OKT_ES256, "x", 1, good.data,
                                           len),
                            "the signature has the wrong length");
    okt_buf_char(&good, '\0');
    assert_non_null(okt_key_verify(ec, OKT_ES256, "x", 1, good.data, 65));
    okt_buf_clear(&good);
    assert_null(okt_key_sign(rsa, OKT_RS256, "x", 1, &good));
    assert_int_equal(good.len, 256);
    assert_null(okt_key_verify(rsa, OKT_RS256, "x", 1, good.data, 256));
    assert_non_null(okt_key_verify(rsa, OKT_RS384, "x", 1, good.data, 256));
    assert_non_null(okt_key_verify(rsa, OKT_RS256, "x", 1, good.data, 255));
    assert_non_null(okt_key_verify(rsa, OKT_ES256, "x", 1, good.data, 64));
    assert_non_null(okt_key_verify(rsa, OKT_ALG_NONE, "x", 1, good.data, 0));
}

/* --------------------------------------------------------------- Memory -- */

static bool read_and_write(const char *jwk)
{
    AUTO(okt_key) key = NULL;
    OKT_BUF_AUTO out = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);
    const char *why = okt_key_from_jwk(jwk, strlen(jwk), &key);

    if (why != NULL) {
        assert_string_equal(why, okt_jose_no_memory);
        return false;
    }
    okt_key_private_jwk(key, &out);
    return !okt_buf_failed(&out);
}

static void lack_of_memory_is_told_as_that(void **state)
{
    static const char *const jwks[] = { BILBO_EC, BILBO_RSA, EC_PRIVATE };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(jwks); i++) {
        bool done;
        long n = 0;

        do {
            test_fail_alloc(n++);
            done = read_and_write(jwks[i]);
            test_fail_alloc(-1);
            assert_true(done || test_alloc_failed());
        } while (!done);
        assert_true(n > 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(base64url_goes_both_ways),
        cmocka_test(base64url_is_read_strictly),
        cmocka_test(hashes_are_those_of_the_rfcs),
        cmocka_test(random_texts_differ),
        cmocka_test(algorithms_are_found_by_their_exact_names),
        cmocka_test(an_algorithm_is_bound_to_type_curve_and_label),
        cmocka_test(signatures_of_the_rfcs_are_valid),
        cmocka_test(thumbprints_are_those_of_the_rfcs),
        cmocka_test(a_key_is_written_as_it_was_read),
        cmocka_test(a_public_jwk_is_what_rfc_7638_hashes),
        cmocka_test(what_is_no_key_is_refused),
        cmocka_test(the_reason_is_told),
        cmocka_test(every_wrapping_of_a_key_gives_the_same_one),
        cmocka_test(a_text_is_told_apart_by_its_first_character),
        cmocka_test(what_carries_a_key_does_it_no_harm),
        cmocka_test(labels_that_are_null_are_not_there),
        cmocka_test(what_is_no_key_is_told_by_name),
        cmocka_test(what_of_openssh_is_not_taken_is_told),
        cmocka_test(a_certificate_in_der_becomes_pem),
        cmocka_test(signatures_that_only_look_right_are_refused),
        cmocka_test(lack_of_memory_is_told_as_that),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
