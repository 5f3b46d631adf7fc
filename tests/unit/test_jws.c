/* SPDX-License-Identifier: Apache-2.0 */
/* test_jws.c - tokens: the RFCs' own, and what must never pass for one. */
#include <stdlib.h>
#include <string.h>

#include "jose/jws.h"
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

/* A copy without a byte to spare, so that ASan sees a step too far. */
static char *exact(const char *text, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);

    assert_non_null(copy);
    memcpy(copy, text, len);
    return copy;
}

static const char *parse(const char *text, struct okt_jws *out)
{
    return okt_jws_parse(text, strlen(text), out);
}

/* ------------------------------------------------ What the RFCs give --- */

static void the_tokens_of_rfc_7515_are_read_and_valid(void **state)
{
    static const struct {
        const char *token;
        const char *jwk;
        enum okt_alg alg;
    } cases[] = {
        { RSA_TOKEN, RSA_PUBLIC, OKT_RS256 },
        { RSA_TOKEN, RSA_PRIVATE, OKT_RS256 },
        { EC_TOKEN, EC_PUBLIC, OKT_ES256 },
        { EC_TOKEN, EC_PRIVATE, OKT_ES256 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okt_key) key = key_of(cases[i].jwk);
        OKT_JWS_AUTO jws = { 0 };
        int64_t exp = 0;

        assert_null(parse(cases[i].token, &jws));
        assert_int_equal(jws.alg, cases[i].alg);
        assert_null(jws.kid);
        assert_null(jws.typ);
        assert_string_equal(okt_jws_text(&jws, "iss"), "joe");
        assert_true(okt_jws_time(&jws, "exp", &exp));
        assert_int_equal(exp, 1300819380);
        assert_null(okt_jws_verify(&jws, key));
    }
}

static void the_proof_of_rfc_9449_is_read_and_valid(void **state)
{
    AUTO(okt_key) key = NULL;
    OKT_JWS_AUTO jws = { 0 };

    (void)state;
    assert_null(parse(DPOP_PROOF, &jws));
    assert_string_equal(jws.typ, "dpop+jwt");
    assert_null(okt_key_from_jwk_val(jws.jwk, &key));
    assert_null(okt_jws_verify(&jws, key));
    assert_string_equal(okt_key_thumbprint(key), DPOP_THUMB);
    assert_string_equal(okt_jws_text(&jws, "htu"),
                        "https://server.example.com/token");
}

/* ------------------------------------------------------------- Attacks -- */

/* A token of that header, with the claims {} and a signature of n bytes. */
static void forge(const char *header, size_t n, struct okt_buf *out)
{
    char signature[1024];

    memset(signature, 1, sizeof(signature));
    okt_base64url_encode(header, strlen(header), out);
    okt_buf_str(out, ".e30.");
    okt_base64url_encode(signature, n, out);
    assert_false(okt_buf_failed(out));
}

static void a_header_that_is_no_good_is_refused(void **state)
{
    static const char *const headers[] = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"None\"}",
        "{\"alg\":\"\"}",
        "{\"alg\":null}",
        "{\"alg\":1}",
        "{\"alg\":[\"RS256\"]}",
        "{}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"HS384\"}",
        "{\"alg\":\"HS512\"}",
        "{\"alg\":\"PS256\"}",
        "{\"alg\":\"EdDSA\"}",
        "{\"alg\":\"ES256K\"}",
        "{\"alg\":\"rs256\"}",
        "{\"alg\":\"RS256\\u0000\"}",
        "{\"alg\":\"RS256\",\"alg\":\"RS256\"}",
        "{\"alg\":\"RS256\",\"alg\":\"none\"}",
        "{\"alg\":\"RS256\",\"a\\u006cg\":\"none\"}",
        "{\"alg\":\"RS256\",\"x\":{\"y\":1,\"y\":1}}",
        "{\"alg\":\"RS256\",\"x\":[{\"y\":1,\"y\":1}]}",
        "{\"alg\":\"RS256\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"RS256\",\"crit\":[]}",
        "{\"alg\":\"RS256\",\"crit\":null}",
        "{\"alg\":\"RS256\",\"kid\":1}",
        "{\"alg\":\"RS256\",\"kid\":null}",
        "{\"alg\":\"RS256\",\"kid\":\"a\\u0000b\"}",
        "{\"alg\":\"RS256\",\"typ\":{}}",
        "{\"alg\":\"ES256\",\"jwk\":\"x\"}",
        "{\"alg\":\"ES256\",\"jwk\":" EC_PRIVATE "}",
        "{\"alg\":\"RS256\",\"jwk\":" RSA_PRIVATE "}",
        "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
        "[\"RS256\"]",
        "\"RS256\"",
        "{\"alg\":\"RS256\"",
        "{\"alg\":\"RS256\"}x",
        "",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        OKT_BUF_AUTO token = OKT_BUF_INIT(OKT_JWS_MAX);
        OKT_JWS_AUTO jws = { 0 };

        forge(headers[i], 64, &token);
        if (parse(token.data, &jws) == NULL)
            fail_msg("taken: %s", headers[i]);
        assert_null(jws.header_doc);
    }
}

static void the_form_is_held_to_the_letter(void **state)
{
    static const char *const tokens[] = {
        "",
        ".",
        "..",
        "...",
        "eyJhbGciOiJFUzI1NiJ9",
        "eyJhbGciOiJFUzI1NiJ9.e30",
        "eyJhbGciOiJFUzI1NiJ9.e30.",
        "eyJhbGciOiJFUzI1NiJ9..AQ",
        ".e30.AQ",
        "eyJhbGciOiJFUzI1NiJ9.e30.AQ.AQ",
        "eyJhbGciOiJFUzI1NiJ9.e30.AQ==", /* padding */
        "eyJhbGciOiJFUzI1NiJ9=.e30.AQ",
        "eyJhbGciOiJFUzI1NiJ9.e30=.AQ",
        "eyJhbGciOiJFUzI1NiJ9.e30.AR", /* stray bits */
        "eyJhbGciOiJFUzI1NiJ9.e31.AQ",
        "eyJhbGciOiJFUzI1NiJ9.e30.A", /* a length that can't be */
        "eyJhbGciOiJFUzI1NiJ9.e30. AQ",
        " eyJhbGciOiJFUzI1NiJ9.e30.AQ",
        "eyJhbGciOiJFUzI1NiJ9.e30.AQ\n",
        "eyJhbGciOiJFUzI1NiJ9.e30.A+AA", /* the other base64 */
        "eyJhbGciOiJFUzI1NiJ9.e30.A/AA",
        "eyJhbGciOiJFUzI1NiJ9.W10.AQ",    /* [] */
        "eyJhbGciOiJFUzI1NiJ9.bnVsbA.AQ", /* null */
        "eyJhbGciOiJFUzI1NiJ9.UGF5bG9hZA.AQ",
        "{\"alg\":\"ES256\"}.{}.AQ",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
        AUTO(char) copy = exact(tokens[i], strlen(tokens[i]));
        OKT_JWS_AUTO jws = { 0 };

        if (okt_jws_parse(copy, strlen(tokens[i]), &jws) == NULL)
            fail_msg("taken: %s", tokens[i]);
    }
}

static void what_is_huge_is_refused(void **state)
{
    OKT_BUF_AUTO many = OKT_BUF_INIT(OKT_JWS_MAX);
    OKT_BUF_AUTO deep = OKT_BUF_INIT(OKT_JWS_MAX);
    OKT_BUF_AUTO token = OKT_BUF_INIT(OKT_JWS_MAX * 2);
    OKT_JWS_AUTO jws = { 0 };
    AUTO(char) big = calloc(1, OKT_JWS_MAX + 1);

    (void)state;
    memset(big, 'A', OKT_JWS_MAX + 1);
    assert_string_equal(okt_jws_parse(big, OKT_JWS_MAX + 1, &jws),
                        "the token is too long");
    okt_buf_str(&many, "{\"alg\":\"ES256\"");
    for (int i = 0; i < OKT_JWS_MEMBERS; i++)
        okt_buf_printf(&many, ",\"m%d\":1", i);
    okt_buf_str(&many, "}");
    forge(many.data, 64, &token);
    assert_string_equal(parse(token.data, &jws),
                        "an object has too many members");
    okt_buf_clear(&token);
    okt_buf_str(&deep, "{\"alg\":\"ES256\",\"x\":");
    for (int i = 0; i < 40; i++)
        okt_buf_str(&deep, "[");
    for (int i = 0; i < 40; i++)
        okt_buf_str(&deep, "]");
    okt_buf_str(&deep, "}");
    forge(deep.data, 64, &token);
    assert_non_null(parse(token.data, &jws));
    okt_buf_clear(&token);
    forge("{\"alg\":\"ES256\"}", OKT_SIGNATURE_MAX, &token);
    assert_null(parse(token.data, &jws));
    okt_jws_free(&jws);
    okt_buf_clear(&token);
    forge("{\"alg\":\"ES256\"}", OKT_SIGNATURE_MAX, &token);
    okt_buf_str(&token, "AAAA");
    assert_string_equal(parse(token.data, &jws),
                        "the signature has the wrong length");
}

/* The first and the last character of a base64url part may differ in bits that
 * count: others do for sure. */
static void a_change_anywhere_is_seen(void **state)
{
    static const char *const tokens[] = { RSA_TOKEN, EC_TOKEN };
    static const char *const jwks[] = { RSA_PUBLIC, EC_PUBLIC };

    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(tokens); t++) {
        AUTO(okt_key) key = key_of(jwks[t]);

        for (size_t i = 0; i < strlen(tokens[t]); i++) {
            AUTO(char) copy = strdup(tokens[t]);
            OKT_JWS_AUTO jws = { 0 };

            copy[i] = copy[i] == 'A' ? 'B' : 'A';
            if (parse(copy, &jws) == NULL && okt_jws_verify(&jws, key) == NULL)
                fail_msg("a change at %zu went unseen", i);
        }
    }
}

static void a_cut_token_is_never_valid(void **state)
{
    AUTO(okt_key) key = key_of(EC_PUBLIC);

    (void)state;
    for (size_t len = 0; len < strlen(EC_TOKEN); len++) {
        AUTO(char) copy = exact(EC_TOKEN, len);
        OKT_JWS_AUTO jws = { 0 };

        if (okt_jws_parse(copy, len, &jws) == NULL)
            assert_non_null(okt_jws_verify(&jws, key));
    }
}

/* The classic: a public key's text taken for a secret of HMAC. The other way to
 * get there, a key for another algorithm, is a matter of okt_key_allows. */
static void another_key_or_algorithm_does_not_verify(void **state)
{
    static const struct {
        const char *token;
        const char *jwk;
    } cases[] = { { RSA_TOKEN, EC_PUBLIC },     { RSA_TOKEN, BILBO_RSA },
                  { RSA_TOKEN, PRINTED_JWK },   { EC_TOKEN, RSA_PUBLIC },
                  { EC_TOKEN, EC521_PRIVATE },  { DPOP_PROOF, EC_PUBLIC },
                  { DPOP_PROOF, EC521_PRIVATE } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okt_key) key = key_of(cases[i].jwk);
        OKT_JWS_AUTO jws = { 0 };

        assert_null(parse(cases[i].token, &jws));
        assert_non_null(okt_jws_verify(&jws, key));
    }
}

/* -------------------------------------------------------------- Signing -- */

static void what_is_signed_can_be_read_and_checked(void **state)
{
    (void)state;
    for (enum okt_alg alg = OKT_RS256; alg <= OKT_ES512; alg++) {
        AUTO(okt_key) key = NULL;
        OKT_BUF_AUTO token = OKT_BUF_INIT(OKT_JWS_MAX);
        OKT_JWS_AUTO jws = { 0 };

        assert_null(okt_key_generate(alg, &key));
        assert_true(okt_key_allows(key, alg));
        assert_null(okt_jws_sign(key, alg, "\"typ\":\"JWT\",\"kid\":\"k\"",
                                 "{\"a\":\"b\"}", 9, &token));
        assert_null(okt_jws_parse(token.data, token.len, &jws));
        assert_int_equal(jws.alg, alg);
        assert_string_equal(jws.kid, "k");
        assert_string_equal(jws.typ, "JWT");
        assert_string_equal(okt_jws_text(&jws, "a"), "b");
        assert_null(okt_jws_verify(&jws, key));
    }
}

static void signing_asks_for_a_private_key_that_fits(void **state)
{
    AUTO(okt_key) public = key_of(EC_PUBLIC);
    AUTO(okt_key) private = key_of(EC_PRIVATE);
    OKT_BUF_AUTO out = OKT_BUF_INIT(OKT_JWS_MAX);
    AUTO(char) big = calloc(1, OKT_JWS_MAX);

    (void)state;
    assert_string_equal(okt_jws_sign(public, OKT_ES256, "", "{}", 2, &out),
                        "the key is a public one, which can't sign");
    assert_string_equal(okt_jws_sign(private, OKT_ES384, "", "{}", 2, &out),
                        "the key is not for this algorithm");
    assert_string_equal(okt_jws_sign(private, OKT_RS256, "", "{}", 2, &out),
                        "the key is not for this algorithm");
    assert_string_equal(okt_jws_sign(private, OKT_ALG_NONE, "", "{}", 2, &out),
                        "the key is not for this algorithm");
    assert_string_equal(okt_jws_sign(private, OKT_ES256, "", big, OKT_JWS_MAX,
                                     &out),
                        "the token is too long");
    assert_int_equal(out.len, 0);
    assert_null(okt_jws_sign(private, OKT_ES256, "", "{}", 2, &out));
}

/* ---------------------------------------------------------------- Claims -- */

static void times_are_read_within_reason(void **state)
{
    static const struct {
        const char *claims;
        int64_t time; /* -1: none */
    } cases[] = {
        { "{\"exp\":0}", 0 },
        { "{\"exp\":1300819380}", 1300819380 },
        { "{\"exp\":1300819380.75}", 1300819380 },
        { "{\"exp\":1.5e9}", 1500000000 },
        { "{\"exp\":-1}", -1 },
        { "{\"exp\":1e300}", -1 },
        { "{\"exp\":18446744073709551615}", -1 },
        { "{\"exp\":\"1300819380\"}", -1 },
        { "{\"exp\":null}", -1 },
        { "{}", -1 },
    };
    AUTO(okt_key) key = key_of(EC_PRIVATE);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO token = OKT_BUF_INIT(OKT_JWS_MAX);
        OKT_JWS_AUTO jws = { 0 };
        int64_t time = -1;

        assert_null(okt_jws_sign(key, OKT_ES256, "", cases[i].claims,
                                 strlen(cases[i].claims), &token));
        assert_null(okt_jws_parse(token.data, token.len, &jws));
        assert_int_equal(okt_jws_time(&jws, "exp", &time), cases[i].time >= 0);
        assert_int_equal(time, cases[i].time);
    }
}

/* ---------------------------------------------------------------- Memory -- */

/* Signs, reads and checks; false where memory lacked and was said to. */
static bool make_and_check(const struct okt_key *key)
{
    OKT_BUF_AUTO token = OKT_BUF_INIT(OKT_JWS_MAX);
    OKT_JWS_AUTO jws = { 0 };
    const char *why = okt_jws_sign(key, OKT_ES256, "", "{\"a\":1}", 7, &token);

    if (why == NULL)
        why = okt_jws_parse(token.data, token.len, &jws);
    if (why == NULL)
        why = okt_jws_verify(&jws, key);
    if (why != NULL)
        assert_string_equal(why, okt_jose_no_memory);
    return why == NULL;
}

static void lack_of_memory_is_told_as_that(void **state)
{
    AUTO(okt_key) key = key_of(EC_PRIVATE);
    long n = 0;
    bool done;

    (void)state;
    do {
        test_fail_alloc(n++);
        done = make_and_check(key);
        test_fail_alloc(-1);
        assert_true(done || test_alloc_failed());
    } while (!done);
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(the_tokens_of_rfc_7515_are_read_and_valid),
        cmocka_test(the_proof_of_rfc_9449_is_read_and_valid),
        cmocka_test(a_header_that_is_no_good_is_refused),
        cmocka_test(the_form_is_held_to_the_letter),
        cmocka_test(what_is_huge_is_refused),
        cmocka_test(a_change_anywhere_is_seen),
        cmocka_test(a_cut_token_is_never_valid),
        cmocka_test(another_key_or_algorithm_does_not_verify),
        cmocka_test(what_is_signed_can_be_read_and_checked),
        cmocka_test(signing_asks_for_a_private_key_that_fits),
        cmocka_test(times_are_read_within_reason),
        cmocka_test(lack_of_memory_is_told_as_that),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
