/* SPDX-License-Identifier: Apache-2.0 */
/* test_challenge.c - WWW-Authenticate: what it says where a body is empty. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test_text.h"
#include "wire/challenge.h"

/* As Okta sends them. */
#define SCOPE                                                       \
    "Bearer authorization_uri=\"" ORG "/oauth2/v1/authorize\", "    \
    "realm=\"" ORG "\", scope=\"okta.apiTokens.read\", "            \
    "error=\"insufficient_scope\", error_description=\"The access " \
    "token provided does not contain the required scopes.\", "      \
    "resource=\"/api/v1/api-tokens\""
#define PROOF                                                           \
    "DPoP algs=\"RS256 RS384 RS512 ES256 ES384 ES512\", "               \
    "authorization_uri=\"" ORG "/oauth2/v1/authorize\", "               \
    "realm=\"" ORG "\", scope=\"okta.apiTokens.read\", "                \
    "error=\"invalid_dpop_proof\", error_description=\"The DPoP proof " \
    "JWT header is missing.\", resource=\"/api/v1/api-tokens\""

/* expected NULL: there must be none. */
static void expect_param(const char *value, const char *scheme,
                         const char *param, const char *expected)
{
    AUTO(char) copy = exact(value, strlen(value));
    OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

    okt_buf_char(&out, '>');
    if (!okt_challenge_param(copy, scheme, param, &out)) {
        if (expected != NULL)
            fail_msg("in %s no %s was found", value, param);
        assert_string_equal(out.data, ">");
        return;
    }
    if (expected == NULL)
        fail_msg("in %s the %s is %s", value, param, out.data);
    assert_int_equal(out.data[0], '>');
    assert_string_equal(out.data + 1, expected);
}

static void what_okta_says_is_read(void **state)
{
    static const struct {
        const char *value;
        const char *scheme;
        const char *param;
        const char *expected;
    } cases[] = {
        { SCOPE, "Bearer", "error", "insufficient_scope" },
        { SCOPE, NULL, "error", "insufficient_scope" },
        { SCOPE, "DPoP", "error", NULL },
        { SCOPE, "Bearer", "scope", "okta.apiTokens.read" },
        { SCOPE, "Bearer", "realm", ORG },
        { SCOPE, "Bearer", "authorization_uri", ORG "/oauth2/v1/authorize" },
        { SCOPE, "Bearer", "error_description",
          "The access token provided does not contain the required scopes." },
        { SCOPE, "Bearer", "resource", "/api/v1/api-tokens" },
        { SCOPE, "Bearer", "algs", NULL },
        { PROOF, "DPoP", "algs", "RS256 RS384 RS512 ES256 ES384 ES512" },
        { PROOF, "DPoP", "error", "invalid_dpop_proof" },
        { PROOF, NULL, "resource", "/api/v1/api-tokens" },
        { PROOF, "Bearer", "error", NULL },
        { SCOPE ", " PROOF, "DPoP", "error", "invalid_dpop_proof" },
        { SCOPE ", " PROOF, "Bearer", "error", "insufficient_scope" },
        { SCOPE ", " PROOF, NULL, "error", "insufficient_scope" },
        { SCOPE ", " PROOF, NULL, "algs",
          "RS256 RS384 RS512 ES256 ES384 ES512" },
        { PROOF ", " SCOPE, "Bearer", "error", "insufficient_scope" },
        { PROOF ", " SCOPE, NULL, "error", "invalid_dpop_proof" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_param(cases[i].value, cases[i].scheme, cases[i].param,
                     cases[i].expected);
}

static const char *const same[] = {
    "Bearer error=v",
    "Bearer error=\"v\"",
    "bearer error=v",
    "BEARER ERROR=v",
    "Bearer Error=\"v\"",
    "Bearer   error=v",
    "Bearer error = v",
    "Bearer error\t=\t\"v\"",
    "Bearer error =v",
    "Bearer error= v",
    "  Bearer error=v  ",
    "Bearer realm=x,error=v",
    "Bearer realm=\"x\",error=\"v\"",
    "Bearer realm=\"x\" , error=\"v\"",
    "Bearer realm=\"x\"\t,\terror=\"v\"",
    "Bearer realm=\"\", error=v",
    "Bearer realm=\"a, b\", error=v",
    "Bearer realm=\"error=w\", error=v",
    "Bearer realm=\", error=w\", error=v",
    "Bearer realm=\"\\\", error=\\\"w\", error=v",
    "Bearer realm=\"\\\\\", error=v",
    "Bearer x-error=w, error=v",
    "Bearer error_description=w, error=v",
    "Bearer error_uri=\"w\", error=v",
    "Bearer error=v, error=w",
    "Bearer error=v, Basic error=w",
    /* elements of a list may be empty (RFC 9110, section 5.6.1) */
    ", Bearer error=v",
    " , ,,Bearer error=v",
    "Bearer realm=x, , error=v",
    "Bearer realm=x,,, error=v,",
    "Bearer error=v, ,",
    "Bearer , error=v",
    /* others before it */
    "Basic realm=\"x\", Bearer error=v",
    "Basic realm=\"x\",Bearer error=v",
    "Basic error=w, Bearer error=v",
    "Basic realm=\"Bearer error=w\", Bearer error=v",
    "Basic realm=\", Bearer error=w\", Bearer error=v",
    "Negotiate, Bearer error=v",
    "Negotiate,Bearer error=v",
    "Negotiate YII=, Bearer error=v",
    "Negotiate YIIabc==, Bearer error=v",
    "Negotiate a/b+c._~-d, Bearer error=v",
    "NTLM TlRMTVNTUAAC, Negotiate, Bearer error=v",
    "Bearer YII=, Bearer error=v",
    "Bearer, Bearer error=v",
    "Bearer realm=x, Bearer error=v",
    "Bearer realm=x, Basic error=w, Bearer error=v",
    /* not legal, and what is meant is plain */
    "Bearer realm=\"x\" error=v",
    "Bearer realm=x error=v",
    "Bearer error=v realm=x",
    "Bearer error=\"v\"realm=\"x\"",
};

static void legal_ways_to_write_it_make_no_difference(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        expect_param(same[i], "Bearer", "error", "v");
        expect_param(same[i], "bEARER", "eRROR", "v");
    }
}

static void what_only_resembles_it_is_not_found(void **state)
{
    static const char *const none[] = {
        "Bearer",
        "Bearer ",
        "Bearer error_description=v",
        "Bearer xerror=v",
        "Bearer x-error=v",
        "Bearer errors=v",
        "Bearer realm=error",
        "Bearer realm=\"error=v\"",
        "Bearer realm=\", error=v\"",
        "Bearer realm=\"\\\", error=v\"",
        "Bearers error=v",
        "XBearer error=v",
        "Beare error=v",
        "Basic error=v",
        "Basic realm=x, error=v",
        "Bearer realm=x, Basic error=v",
        "Bearer, Basic error=v",
        "Basic realm=\"Bearer error=v\"",
        "Negotiate Bearer, Basic error=v",
        "Negotiate Bearer, error=v",
        "Negotiate Bearer",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        expect_param(none[i], "Bearer", "error", NULL);
}

static void quoted_values_are_unquoted(void **state)
{
    static const struct {
        const char *value;
        const char *expected;
    } cases[] = {
        { "Bearer error=\"\"", "" },
        { "Bearer error=\"a b\"", "a b" },
        { "Bearer error=\"a, b=c\"", "a, b=c" },
        { "Bearer error=\"say \\\"hello\\\"\"", "say \"hello\"" },
        { "Bearer error=\"a\\\\b\"", "a\\b" },
        { "Bearer error=\"\\\\\"", "\\" },
        { "Bearer error=\"\\a\\b\"", "ab" },
        { "Bearer error=\"\\\\\\\"\"", "\\\"" },
        { "Bearer error=\"n\xc3\xa4"
          "chste\"",
          "n\xc3\xa4"
          "chste" },
        { "Bearer error=\"a\tb\"", "a\tb" },
        { "Bearer error=\"=\"", "=" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_param(cases[i].value, "Bearer", "error", cases[i].expected);
}

static void what_is_malformed_gives_nothing(void **state)
{
    static const char *const malformed[] = {
        "",
        " ",
        ",",
        "=",
        "\"",
        "error",
        "error=v",
        ", error=\"v\", realm=x",
        "Bearer error",
        "Bearer error=",
        "Bearer error= ",
        "Bearer error=,",
        "Bearer error=\"",
        "Bearer error=\"v",
        "Bearer error=\"v\\",
        "Bearer error=\"v\\\"",
        "Bearer realm=\"x, error=v",
        "Bearer =v",
        "Bearer \"error\"=v",
        "\"Bearer\" error=v",
        "Bearer: error=v",
        "Bearer;error=v",
        "=Bearer error=v",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(malformed); i++) {
        expect_param(malformed[i], "Bearer", "error", NULL);
        expect_param(malformed[i], NULL, "error", NULL);
    }
}

/* --------------------------------------------------- Cut and changed ones --
 */

static const char *const good[] = {
    "Negotiate YI/=, Bearer realm=\"a\\\"b, c\" , ,error = \"in, \\\\\"",
    "Basic,Digest a=b,c=\"d\", Bearer x=y, error=\"insufficient_scope\"",
    SCOPE,
};

static void try_all(const char *value)
{
    static const char *const schemes[] = { NULL, "Bearer", "Negotiate",
                                           "Digest" };
    static const char *const params[] = { "error", "realm", "a", "YI/" };

    for (size_t s = 0; s < ARRAY_LEN(schemes); s++) {
        for (size_t p = 0; p < ARRAY_LEN(params); p++) {
            OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

            if (okt_challenge_param(value, schemes[s], params[p], &out))
                assert_true(out.len < strlen(value));
            else
                assert_int_equal(out.len, 0);
            assert_false(okt_buf_failed(&out));
        }
    }
}

static void cut_values_never_give_a_cut_value(void **state)
{
    (void)state;
    for (size_t g = 0; g < ARRAY_LEN(good); g++) {
        for (size_t len = 0; len <= strlen(good[g]); len++) {
            AUTO(char) cut = exact(good[g], len);
            OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

            try_all(cut);
            if (okt_challenge_param(cut, "Bearer", "error", &out))
                assert_string_equal(out.data,
                                    g == 0 ? "in, \\" : "insufficient_scope");
        }
    }
}

static void changed_values_do_no_harm(void **state)
{
    (void)state;
    for (size_t g = 0; g < 2; g++) {
        size_t len = strlen(good[g]);

        for (size_t i = 0; i < len; i++) {
            AUTO(char) shorter = exact(good[g], len);

            memmove(shorter + i, shorter + i + 1, len - i);
            try_all(shorter);
            for (int c = 1; c < 256; c++) {
                AUTO(char) changed = exact(good[g], len);

                changed[i] = (char)c;
                try_all(changed);
            }
        }
    }
}

static void a_value_too_long_is_latched_in_the_buffer(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(3);

    (void)state;
    (void)okt_challenge_param("Bearer error=\"long\"", "Bearer", "error", &out);
    assert_true(okt_buf_failed(&out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(what_okta_says_is_read),
        cmocka_test(legal_ways_to_write_it_make_no_difference),
        cmocka_test(what_only_resembles_it_is_not_found),
        cmocka_test(quoted_values_are_unquoted),
        cmocka_test(what_is_malformed_gives_nothing),
        cmocka_test(cut_values_never_give_a_cut_value),
        cmocka_test(changed_values_do_no_harm),
        cmocka_test(a_value_too_long_is_latched_in_the_buffer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
