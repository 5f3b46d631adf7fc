/* SPDX-License-Identifier: Apache-2.0 */
/* test_oauth.c - credentials that look after themselves. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "jose/jws.h"
#include "lib/oauth/oauth.h"
#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

#define TOKEN_PATH "POST /oauth2/v1/token"
#define GET_ONE "GET " PATH "/00T1"
#define ONE "{\"id\":\"00T1\",\"name\":\"a\",\"userId\":\"00u1\"}"
#define BEARER(token)                                 \
    "{\"token_type\":\"Bearer\",\"expires_in\":3600," \
    "\"access_token\":\"" token "\",\"scope\":\"okta.apiTokens.read\"}"
#define BOUND(token)                                \
    "{\"token_type\":\"DPoP\",\"expires_in\":3600," \
    "\"access_token\":\"" token "\",\"scope\":\"okta.apiTokens.read\"}"
#define ROTATED(token, refresh)                                                \
    "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"" token \
    "\",\"refresh_token\":\"" refresh "\"}"
#define LAPSED                                                \
    401, "WWW-Authenticate: Bearer error=\"invalid_token\", " \
         "error_description=\"The access token is invalid\"\n"

/* ------------------------------------------------- What was asked for --- */

/* A value of a form, decoded; each assert_form ends with it. */
static char *form_value(const struct okt_request *request, const char *name)
{
    OKT_BUF_AUTO url = OKT_BUF_INIT(65536);
    char *value = NULL;

    okt_buf_printf(&url, "?%s", request->body);
    assert_int_equal(okt_url_param(url.data, name, &value, NULL), OKTA_OK);
    return value;
}

static void assert_form(const struct okt_request *request, const char *name,
                        const char *want)
{
    AUTO(char) value = form_value(request, name);

    if (want == NULL) {
        assert_null(value);
        return;
    }
    if (value == NULL)
        fail_msg("no %s in the form", name);
    assert_string_equal(value, want);
}

/* What must never be sent a second time. */
static char *seen[64];
static size_t seen_count;

static void assert_fresh(const char *text)
{
    for (size_t i = 0; i < seen_count; i++)
        assert_string_not_equal(seen[i], text);
    assert_true(seen_count < ARRAY_LEN(seen));
    seen[seen_count++] = strdup(text);
}

static int forget(void **state)
{
    (void)state;
    while (seen_count > 0)
        free(seen[--seen_count]);
    return 0;
}

static void check_assertion(const struct okt_request *request)
{
    AUTO(char) text = form_value(request, "client_assertion");
    AUTO(okt_key) key = NULL;
    OKT_JWS_AUTO jws = { 0 };
    int64_t iat;
    int64_t exp;

    assert_form(request, "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert_form(request, "client_id", NULL);
    assert_null(okt_jws_parse(text, strlen(text), &jws));
    assert_null(okt_key_from_jwk(EC_PUBLIC, strlen(EC_PUBLIC), &key));
    assert_null(okt_jws_verify(&jws, key));
    assert_string_equal(okt_jws_text(&jws, "iss"), "0oa1");
    assert_string_equal(okt_jws_text(&jws, "sub"), "0oa1");
    assert_string_equal(okt_jws_text(&jws, "aud"), request->url);
    assert_true(okt_jws_time(&jws, "iat", &iat));
    assert_true(okt_jws_time(&jws, "exp", &exp));
    assert_int_equal(exp - iat, 300);
    assert_fresh(okt_jws_text(&jws, "jti"));
    assert_fresh(text);
}

static void check_credentials(const struct okt_request *request)
{
    assert_string_equal(test_header(request, "Content-Type"),
                        "application/x-www-form-urlencoded");
    assert_null(test_header(request, "Authorization"));
    assert_form(request, "grant_type", "client_credentials");
    assert_form(request, "scope", "okta.apiTokens.read");
    check_assertion(request);
}

static void check_proof(const struct okt_request *request, const char *nonce,
                        const char *access)
{
    const char *text = test_header(request, "DPoP");
    AUTO(okt_key) key = NULL;
    OKT_JWS_AUTO jws = { 0 };
    char hash[OKT_SHA256_TEXT];

    assert_non_null(text);
    assert_null(okt_jws_parse(text, strlen(text), &jws));
    assert_string_equal(jws.typ, "dpop+jwt");
    assert_null(okt_key_from_jwk_val(jws.jwk, &key));
    assert_null(okt_jws_verify(&jws, key));
    assert_string_equal(okt_jws_text(&jws, "htm"), request->method);
    assert_int_equal(strncmp(okt_jws_text(&jws, "htu"), request->url,
                             strcspn(request->url, "?")),
                     0);
    assert_null(strchr(okt_jws_text(&jws, "htu"), '?'));
    assert_fresh(okt_jws_text(&jws, "jti"));
    if (nonce == NULL)
        assert_null(okt_jws_text(&jws, "nonce"));
    else
        assert_string_equal(okt_jws_text(&jws, "nonce"), nonce);
    if (access == NULL) {
        assert_null(okt_jws_text(&jws, "ath"));
        return;
    }
    assert_true(okt_sha256_base64url(access, strlen(access), hash));
    assert_string_equal(okt_jws_text(&jws, "ath"), hash);
}

static void check_proved(const struct okt_request *request)
{
    check_assertion(request);
    check_proof(request, NULL, NULL);
}

static void check_proved_n1(const struct okt_request *request)
{
    check_assertion(request);
    check_proof(request, "n1", NULL);
}

static void check_bound(const struct okt_request *request)
{
    assert_string_equal(test_header(request, "Authorization"), "DPoP at1");
    check_proof(request, "n1", "at1");
}

static void check_bound_n2(const struct okt_request *request)
{
    assert_string_equal(test_header(request, "Authorization"), "DPoP at1");
    check_proof(request, "n2", "at1");
}

/* -------------------------------------------------------- Making them --- */

static okta_credential *service_of(const okta_service_options *given)
{
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    okta_credential *credential = NULL;
    okta_error err;

    if (given != NULL)
        options = *given;
    options.client_id = "0oa1";
    options.key = EC_PRIVATE;
    if (okta_credential_service(&options, &credential, &err) != OKTA_OK)
        fail_msg("%s", err.message);
    return credential;
}

static okta_client *client_of(struct script *script, const struct step *steps,
                              size_t count, okta_credential *credential)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;

    options.credential = credential;
    return test_client_with(script, steps, count, &options);
}

static okta_status get(okta_client *client, okta_error *err)
{
    AUTO(okta_api_token) token = NULL;

    return okta_api_token_get(client, "00T1", NULL, &token, err);
}

/* ------------------------------------------------------- Service apps --- */

static void a_service_app_gets_a_token_and_keeps_it(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_credentials },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at1" },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at1" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_credential_info info;

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(get(client, NULL), OKTA_OK);
    test_script_end(&script, "");
    okta_credential_describe(okta_client_credential(client), &info);
    assert_int_equal(info.kind, OKTA_CREDENTIAL_SERVICE);
    assert_string_equal(info.client_id, "0oa1");
    assert_string_equal(info.scopes, "okta.apiTokens.read");
    assert_int_equal(info.expires_at, NOW + 3600);
    assert_false(info.dpop);
}

static void check_both_scopes(const struct okt_request *request)
{
    assert_form(request, "scope", "okta.apiTokens.read okta.apiTokens.manage");
    check_assertion(request);
}

static void check_told_scopes(const struct okt_request *request)
{
    assert_form(request, "scope", "a b");
    check_assertion(request);
}

static void an_operation_asks_for_the_scope_it_needs(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_credentials },
        { GET_ONE, 200, "", ONE },
        { TOKEN_PATH, 200, "", BEARER("at2"), .check = check_both_scopes },
        { "DELETE " PATH "/00T1", 204, "", "",
          .sent_header = "Authorization: Bearer at2" },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at2" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(okta_api_token_revoke(client, "00T1", NULL, NULL),
                     OKTA_OK);
    assert_int_equal(get(client, NULL), OKTA_OK);
    test_script_end(&script, "");
}

static void a_scope_that_lacks_spoils_no_other(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_credentials },
        { GET_ONE, 200, "", ONE },
        { TOKEN_PATH, 400, "",
          "{\"error\":\"invalid_scope\",\"error_description\":\"One or more "
          "scopes are not configured.\"}",
          .check = check_both_scopes },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at1" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(okta_api_token_revoke(client, "00T1", NULL, &err),
                     OKTA_ERR_FORBIDDEN);
    assert_string_equal(err.message,
                        "0oa1 is not granted what was asked for: One or more "
                        "scopes are not configured. (asked for: "
                        "okta.apiTokens.read okta.apiTokens.manage; an admin "
                        "grants scopes to the app)");
    assert_string_equal(err.code, "invalid_scope");
    assert_int_equal(err.http_status, 400);
    assert_int_equal(err.maybe_done, 0);
    assert_int_equal(get(client, NULL), OKTA_OK);
    test_script_end(&script, "");
}

static void scopes_that_were_told_are_asked_for(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_told_scopes },
        { GET_ONE, 200, "", ONE },
        { "DELETE " PATH "/00T1", 204, "", "" },
    };
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = NULL;
    AUTO(okta_client) client = NULL;

    (void)state;
    options.scopes = "a b";
    credential = service_of(&options);
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(okta_api_token_revoke(client, "00T1", NULL, NULL),
                     OKTA_OK);
    test_script_end(&script, "");
}

/* The org notes a jti that it has seen, whatever came of the request. */
static void each_attempt_is_signed_anew(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, .end = STEP_LOST, .check = check_credentials },
        { TOKEN_PATH, 503, "", "", .check = check_credentials },
        { TOKEN_PATH, 429, "", "", .check = check_credentials },
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_credentials },
        { GET_ONE, 200, "", ONE },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    test_script_end(&script, "");
}

static void a_token_endpoint_that_fails_is_not_tried_over_and_over(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, .end = STEP_UNSENT, .check = check_credentials },
        { TOKEN_PATH, .end = STEP_UNSENT, .check = check_credentials },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client) client = NULL;

    (void)state;
    options.retries = 1;
    options.credential = credential;
    client = test_client_with(&script, steps, ARRAY_LEN(steps), &options);
    assert_int_equal(get(client, NULL), OKTA_ERR_NETWORK);
    test_script_end(&script, "");
}

static void a_refused_client_is_told_why(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 401, "X-Okta-Request-Id: r1\n",
          "{\"error\":\"invalid_client\",\"error_description\":\"The "
          "client_assertion is expired.\"}",
          .check = check_credentials },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_string_equal(err.message,
                        "0oa1 is not accepted as a client of the org: The "
                        "client_assertion is expired.");
    assert_string_equal(err.request_id, "r1");
    test_script_end(&script, "");
}

/* ------------------------------------------------------- Renewing ------- */

static void a_token_is_renewed_before_it_lapses(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_credentials },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at1" },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at1" },
        { TOKEN_PATH, 200, "", BEARER("at2"), .check = check_credentials },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at2" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    script.now_ms = (3600 - 91) * 1000; /* never earlier than 90 s before */
    assert_int_equal(get(client, NULL), OKTA_OK);
    script.now_ms = (3600 - 60) * 1000; /* never later than 60 */
    assert_int_equal(get(client, NULL), OKTA_OK);
    test_script_end(&script, "");
}

static void one_that_cannot_be_renewed_yet_serves_on(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_credentials },
        { GET_ONE, 200, "", ONE },
        { TOKEN_PATH, .end = STEP_UNSENT, .check = check_credentials },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at1" },
        { TOKEN_PATH, .end = STEP_UNSENT, .check = check_credentials },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client) client = NULL;

    (void)state;
    options.retries = OKTA_NONE;
    options.credential = credential;
    client = test_client_with(&script, steps, ARRAY_LEN(steps), &options);
    assert_int_equal(get(client, NULL), OKTA_OK);
    script.now_ms = 3550 * 1000;
    assert_int_equal(get(client, NULL), OKTA_OK);
    script.now_ms = 3600 * 1000;
    assert_int_equal(get(client, NULL), OKTA_ERR_NETWORK);
    test_script_end(&script, "");
}

static void a_401_renews_once_and_repeats(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_credentials },
        { GET_ONE, LAPSED, "", .sent_header = "Authorization: Bearer at1" },
        { TOKEN_PATH, 200, "", BEARER("at2"), .check = check_credentials },
        { GET_ONE, LAPSED, "", .sent_header = "Authorization: Bearer at2" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_non_null(strstr(err.message, "invalid_token"));
    test_script_end(&script, "");
}

static void a_403_names_the_scope_and_renews_nothing(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_credentials },
        { GET_ONE, 403,
          "WWW-Authenticate: Bearer error=\"insufficient_scope\", "
          "error_description=\"The access token provided does not contain the "
          "required scopes.\", scope=\"okta.apiTokens.read\"\n",
          "" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_FORBIDDEN);
    assert_non_null(strstr(err.message, "okta.apiTokens.read"));
    assert_non_null(strstr(err.message, "grant"));
    test_script_end(&script, "");
}

static void an_oauth_token_cannot_revoke_itself(void **state)
{
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client) client = client_of(&script, NULL, 0, credential);
    okta_error err;

    (void)state;
    assert_int_equal(okta_api_token_revoke_current(client, NULL, &err),
                     OKTA_ERR_ARGUMENT);
    test_script_end(&script, "");
}

/* ------------------------------------------------------------- DPoP ------ */

static okta_credential *bound_service(void)
{
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;

    options.dpop = true;
    return service_of(&options);
}

#define NONCE_WANTED                                           \
    400, "DPoP-Nonce: n1\n",                                   \
        "{\"error\":\"use_dpop_nonce\",\"error_description\":" \
        "\"Authorization server requires nonce in DPoP proof.\"}"

static void each_request_is_proved_anew(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, NONCE_WANTED, .check = check_proved },
        { TOKEN_PATH, 200, "", BOUND("at1"), .check = check_proved_n1 },
        { GET_ONE, 503, "", "", .check = check_bound },
        { GET_ONE, 200, "DPoP-Nonce: n2\n", ONE, .check = check_bound },
        { GET_ONE, 200, "", ONE, .check = check_bound_n2 },
        { "GET " PATH "?limit=1", 200,
          "Link: <" ORG PATH "?after=x&limit=1>; rel=\"next\"\n", "[" ONE "]",
          .check = check_bound_n2 },
        { "GET " PATH "?after=x&limit=1", 200, "", "[]",
          .check = check_bound_n2 },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = bound_service();
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_list_options list = OKTA_LIST_OPTIONS_INIT;
    AUTO(okta_page) page = NULL;
    okta_credential_info info;

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(get(client, NULL), OKTA_OK);
    list.limit = 1;
    assert_int_equal(okta_api_token_list(client, &list, NULL, &page, NULL),
                     OKTA_OK);
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    test_script_end(&script, "");
    okta_credential_describe(credential, &info);
    assert_true(info.dpop);
}

static void one_round_for_a_nonce_and_no_more(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, NONCE_WANTED, .check = check_proved },
        { TOKEN_PATH, NONCE_WANTED, .check = check_proved_n1 },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = bound_service();
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_REQUEST);
    assert_string_equal(err.code, "use_dpop_nonce");
    test_script_end(&script, "");
}

#define RESOURCE_NONCE      \
    401, "DPoP-Nonce: n2\n" \
         "WWW-Authenticate: DPoP error=\"use_dpop_nonce\"\n"

static void a_resource_may_want_a_nonce_too(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "DPoP-Nonce: n1\n", BOUND("at1"),
          .check = check_proved },
        { GET_ONE, RESOURCE_NONCE, "", .check = check_bound },
        { GET_ONE, 200, "", ONE, .check = check_bound_n2 },
        { GET_ONE, RESOURCE_NONCE, "", .check = check_bound_n2 },
        { GET_ONE, RESOURCE_NONCE, "", .check = check_bound_n2 },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = bound_service();
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(get(client, NULL), OKTA_ERR_AUTH);
    test_script_end(&script, "");
}

static void check_revoke_unbound(const struct okt_request *request)
{
    assert_form(request, "token", "at1");
    assert_form(request, "token_type_hint", "access_token");
}

static void a_token_that_was_to_be_bound_is_not_taken_unbound(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_proved },
        { "POST /oauth2/v1/revoke", 200, "", "",
          .check = check_revoke_unbound },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = bound_service();
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_credential_info info;
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_PROTOCOL);
    assert_non_null(strstr(err.message, "DPoP"));
    okta_credential_describe(credential, &info);
    assert_int_equal(info.expires_at, 0);
    test_script_end(&script, "");
}

static void an_org_that_wants_proofs_gets_them_unasked(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 400, "",
          "{\"error\":\"invalid_dpop_proof\",\"error_description\":\"The DPoP "
          "proof JWT header is missing.\"}",
          .check = check_credentials },
        { TOKEN_PATH, NONCE_WANTED, .check = check_proved },
        { TOKEN_PATH, 200, "", BOUND("at1"), .check = check_proved_n1 },
        { GET_ONE, 200, "", ONE, .check = check_bound },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    test_script_end(&script, "");
}

#define OLD_PROOF                                                 \
    400, "WWW-Authenticate: DPoP error=\"invalid_dpop_proof\", "  \
         "error_description=\"The DPoP proof JWT is expired.\"\n" \
         "Date: Mon, 24 Nov 2025 "
#define LATE_ASSERTION                                           \
    "{\"error\":\"invalid_client\",\"error_description\":\"The " \
    "client_assertion token is expired.\"}"

static void a_clock_that_is_off_is_told(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BOUND("at1"), .check = check_proved },
        { GET_ONE, OLD_PROOF "15:50:00 GMT\n", "" },
        { GET_ONE, OLD_PROOF "16:10:00 GMT\n", "" },
        { GET_ONE, OLD_PROOF "16:00:09 GMT\n", "" },
        { GET_ONE, 404,
          "Date: Mon, 24 Nov 2025 15:50:00 GMT\nX-Okta-Request-Id: r\n", "" },
    };
    static const struct step assertion[] = {
        { TOKEN_PATH, 401, "Date: Mon, 24 Nov 2025 15:50:00 GMT\n",
          LATE_ASSERTION, .check = check_credentials },
    };
    SCRIPT_AUTO script;
    SCRIPT_AUTO other;
    AUTO(okta_credential) credential = bound_service();
    AUTO(okta_credential) plain = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    AUTO(okta_client)
    second = client_of(&other, assertion, ARRAY_LEN(assertion), plain);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_non_null(strstr(err.message, "clock is 600 s ahead of the org's"));
    assert_non_null(strstr(err.message, "proof JWT is expired"));
    assert_int_equal(err.http_status, 400);
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_non_null(strstr(err.message, "clock is 600 s behind the org's"));
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_null(strstr(err.message, "clock"));
    assert_int_equal(get(client, &err), OKTA_ERR_NOT_FOUND);
    assert_null(strstr(err.message, "clock"));
    assert_int_equal(get(second, &err), OKTA_ERR_AUTH);
    assert_non_null(strstr(err.message, "clock is 600 s ahead of the org's"));
    test_script_end(&script, "");
    test_script_end(&other, "");
}

static void a_bound_token_without_a_key_is_refused(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BOUND("at1"), .check = check_credentials },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = service_of(NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_ERR_PROTOCOL);
    test_script_end(&script, "");
}

static void a_bound_token_is_handed_to_no_other_tool(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BOUND("at1"), .check = check_proved },
        { TOKEN_PATH, 200, "", BEARER("at2"), .check = check_credentials },
    };
    SCRIPT_AUTO script;
    SCRIPT_AUTO other;
    AUTO(okta_credential) bound = bound_service();
    AUTO(okta_credential) free_one = service_of(NULL);
    AUTO(okta_client) client = client_of(&script, steps, 1, bound);
    AUTO(okta_client) second = client_of(&other, steps + 1, 1, free_one);
    okta_error err;
    char *text = NULL;

    (void)state;
    assert_int_equal(okta_client_authorization(client, &text, &err),
                     OKTA_ERR_ARGUMENT);
    assert_null(text);
    assert_int_equal(okta_client_authorization(second, &text, &err), OKTA_OK);
    assert_string_equal(text, "Bearer at2");
    okta_text_free(text);
}

/* ------------------------------------------------------ Refresh tokens -- */

#define KEPT(access, refresh, expires)                                         \
    "{\"kind\":\"device\",\"org\":\"" ORG "\",\"client\":\"0oa1\",\"scopes\":" \
    "\"s offline_access\",\"access\":\"" access "\",\"refresh\":\"" refresh    \
    "\",\"expires\":" expires ",\"bound\":false}"
#define LATER "1764003600"
#define EARLIER "1763990000"

static okta_credential *signed_in(const char *text,
                                  const okta_token_store *store)
{
    okta_credential *credential = NULL;
    okta_error err;

    if (okta_credential_import(text, store, &credential, &err) != OKTA_OK)
        fail_msg("%s", err.message);
    return credential;
}

static void check_refresh(const struct okt_request *request)
{
    assert_form(request, "grant_type", "refresh_token");
    assert_form(request, "client_id", "0oa1");
    assert_form(request, "refresh_token", "rt1");
    assert_form(request, "scope", NULL);
}

static void check_refresh_2(const struct okt_request *request)
{
    assert_form(request, "refresh_token", "rt2");
}

static void refresh_tokens_rotate(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", ROTATED("at2", "rt2"), .check = check_refresh },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at2" },
        { TOKEN_PATH, 200, "", BEARER("at3"), .check = check_refresh_2 },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at3" },
        { TOKEN_PATH, 400, "",
          "{\"error\":\"invalid_grant\","
          "\"error_description\":\"The refresh token is invalid or expired.\"}",
          .check = check_refresh_2 },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", EARLIER), NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    script.now_ms = 3600 * 1000;
    assert_int_equal(get(client, NULL), OKTA_OK);
    script.now_ms = 7200 * 1000;
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_non_null(strstr(err.message, "okta-tokens login"));
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH); /* nothing is sent */
    test_script_end(&script, "");
}

/* With a key for proofs, as a sign-in with DPoP keeps it. */
static okta_credential *signed_in_bound(void)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(OKT_STATE_MAX);
    OKT_BUF_AUTO jwk = OKT_BUF_INIT(OKT_STATE_MAX);
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin_secret(&writer);
    AUTO(okt_key) key = NULL;

    assert_null(okt_key_generate(OKT_ES256, &key));
    okt_key_private_jwk(key, &jwk);
    yyjson_mut_obj_add_str(writer.doc, root, "kind", "device");
    yyjson_mut_obj_add_str(writer.doc, root, "org", ORG);
    yyjson_mut_obj_add_str(writer.doc, root, "client", "0oa1");
    yyjson_mut_obj_add_str(writer.doc, root, "access", "at1");
    yyjson_mut_obj_add_str(writer.doc, root, "refresh", "rt1");
    yyjson_mut_obj_add_int(writer.doc, root, "expires", NOW - 10);
    yyjson_mut_obj_add_bool(writer.doc, root, "bound", true);
    yyjson_mut_obj_add_str(writer.doc, root, "key", jwk.data);
    okt_json_print(&writer, &text);
    return signed_in(text.data, NULL);
}

static void check_token_rt2(const struct okt_request *request)
{
    assert_form(request, "token", "rt2");
}

static void check_token_at2(const struct okt_request *request)
{
    assert_form(request, "token", "at2");
}

static void a_renewal_does_not_unbind(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", ROTATED("at2", "rt2"), .check = check_refresh },
        { "POST /oauth2/v1/revoke", 200, "", "", .check = check_token_rt2 },
        { "POST /oauth2/v1/revoke", 200, "", "", .check = check_token_at2 },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = signed_in_bound();
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_PROTOCOL);
    assert_non_null(strstr(err.message, "was revoked"));
    test_script_end(&script, "");
}

static void a_lost_renewal_is_asked_for_once_more_at_once(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, .end = STEP_LOST, .check = check_refresh },
        { TOKEN_PATH, 200, "", ROTATED("at2", "rt2"), .check = check_refresh },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at2" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", EARLIER), NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(script.now_ms, 0);
    test_script_end(&script, "");
}

static void a_renewal_lost_twice_is_not_asked_for_again(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, .end = STEP_LOST, .check = check_refresh },
        { TOKEN_PATH, 502, "", "", .check = check_refresh },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", EARLIER), NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_SERVER);
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_non_null(strstr(err.message, "was lost"));
    test_script_end(&script, "");
}

static void without_a_refresh_token_the_end_is_the_end(void **state)
{
    static const struct step steps[] = {
        { GET_ONE, LAPSED, "", .sent_header = "Authorization: Bearer at1" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in("{\"kind\":\"device\",\"org\":\"" ORG
                           "\",\"client\":\"0oa1\",\"access\":\"at1\"}",
                           NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_int_equal(err.http_status, 401);
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_non_null(strstr(err.message, "offline_access"));
    test_script_end(&script, "");
}

static void tokens_go_to_the_org_that_gave_them(void **state)
{
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", LATER), NULL);
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    options.org_url = "https://evil.example.com";
    options.credential = credential;
    assert_int_equal(okta_client_new(&options, &client, &err), OKTA_OK);
    assert_int_equal(get(client, &err), OKTA_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "nothing was sent"));
    assert_int_equal(okta_client_sign_out(client, &err), OKTA_ERR_ARGUMENT);
}

static void what_is_exported_can_be_imported(void **state)
{
    static const struct step steps[] = {
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at1" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    first = signed_in(KEPT("at1", "rt1", LATER), NULL);
    AUTO(okta_credential) second = NULL;
    AUTO(okta_credential) service = service_of(NULL);
    AUTO(okta_client) client = NULL;
    okta_credential_info info;
    char *text = NULL;

    (void)state;
    assert_int_equal(okta_credential_export(first, &text, NULL), OKTA_OK);
    second = signed_in(text, NULL);
    okta_text_free(text);
    client = client_of(&script, steps, ARRAY_LEN(steps), second);
    assert_int_equal(get(client, NULL), OKTA_OK);
    okta_credential_describe(second, &info);
    assert_int_equal(info.kind, OKTA_CREDENTIAL_DEVICE);
    assert_int_equal(info.expires_at, NOW + 3600);
    assert_string_equal(info.scopes, "s offline_access");
    assert_int_equal(okta_credential_export(service, &text, NULL),
                     OKTA_ERR_ARGUMENT);
    test_script_end(&script, "");
}

static void what_was_not_exported_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "x",
        "[]",
        "{}",
        "{\"kind\":\"service\",\"org\":\"" ORG "\",\"client\":\"0oa1\"}",
        "{\"kind\":\"device\",\"org\":\"" ORG "\"}",
        "{\"kind\":\"device\",\"client\":\"0oa1\"}",
        "{\"kind\":\"device\",\"org\":\"http://a.test\",\"client\":\"0oa1\"}",
        "{\"kind\":\"device\",\"org\":\"" ORG "\",\"client\":\"\"}",
        KEPT("a\\nb", "rt1", LATER),
        KEPT("at1", "r\\r1", LATER),
        "{\"kind\":\"device\",\"org\":\"" ORG "\",\"client\":\"0oa1\","
        "\"access\":\"a\",\"bound\":true}",
        "{\"kind\":\"device\",\"org\":\"" ORG "\",\"client\":\"0oa1\","
        "\"access\":\"a\",\"key\":\"x\"}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        okta_credential *credential = NULL;

        if (okta_credential_import(bad[i], NULL, &credential, NULL) !=
            OKTA_ERR_ARGUMENT)
            fail_msg("taken: %s", bad[i]);
        assert_null(credential);
    }
}

/* ------------------------------------------------------------ Stores ----- */

struct shelf {
    char text[8192];
    int locked;
    int loads;
    int saves;
    int reserves;
    bool broken;
    bool full;
};

static okta_status shelf_lock(void *ctx, okta_error *err)
{
    struct shelf *shelf = ctx;

    (void)err;
    assert_int_equal(shelf->locked++, 0);
    return OKTA_OK;
}

static void shelf_unlock(void *ctx)
{
    assert_int_equal(--((struct shelf *)ctx)->locked, 0);
}

static okta_status shelf_load(void *ctx, char **out, okta_error *err)
{
    struct shelf *shelf = ctx;

    (void)err;
    assert_int_equal(shelf->locked, 1);
    shelf->loads++;
    if (shelf->text[0] != '\0')
        *out = strdup(shelf->text);
    return OKTA_OK;
}

static okta_status shelf_save(void *ctx, const char *text, okta_error *err)
{
    struct shelf *shelf = ctx;

    assert_int_equal(shelf->locked, 1);
    shelf->saves++;
    if (shelf->broken) {
        snprintf(err->message, sizeof(err->message), "the disk is full");
        return OKTA_ERR_CONFIG;
    }
    snprintf(shelf->text, sizeof(shelf->text), "%s", text);
    return OKTA_OK;
}

static okta_status shelf_reserve(void *ctx, okta_error *err)
{
    struct shelf *shelf = ctx;

    assert_int_equal(shelf->locked, 1);
    assert_int_equal(shelf->saves, shelf->reserves++);
    if (!shelf->full)
        return OKTA_OK;
    snprintf(err->message, sizeof(err->message), "no room");
    return OKTA_ERR_CONFIG;
}

static okta_token_store store_on(struct shelf *shelf)
{
    okta_token_store store = OKTA_TOKEN_STORE_INIT;

    store.ctx = shelf;
    store.lock = shelf_lock;
    store.unlock = shelf_unlock;
    store.load = shelf_load;
    store.save = shelf_save;
    store.reserve = shelf_reserve;
    return store;
}

static void new_tokens_are_kept_before_the_lock_is_given_back(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", ROTATED("at2", "rt2"), .check = check_refresh },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at2" },
    };
    struct shelf shelf = { .text = KEPT("at1", "rt1", EARLIER) };
    okta_token_store store = store_on(&shelf);
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = signed_in(shelf.text, &store);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(shelf.saves, 1);
    assert_int_equal(shelf.reserves, 1);
    assert_int_equal(shelf.locked, 0);
    assert_non_null(strstr(shelf.text, "\"rt2\""));
    assert_null(strstr(shelf.text, "\"rt1\""));
    test_script_end(&script, "");
}

static void nothing_is_spent_without_room_for_what_comes(void **state)
{
    struct shelf shelf = { .text = KEPT("at1", "rt1", EARLIER), .full = true };
    okta_token_store store = store_on(&shelf);
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = signed_in(shelf.text, &store);
    AUTO(okta_client) client = client_of(&script, NULL, 0, credential);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, &err), OKTA_ERR_CONFIG);
    assert_string_equal(err.message, "no room");
    assert_int_equal(shelf.saves, 0);
    assert_int_equal(shelf.locked, 0);
    test_script_end(&script, "");
}

static void what_another_process_renewed_is_taken_over(void **state)
{
    static const struct step steps[] = {
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at9" },
        { TOKEN_PATH, 200, "", ROTATED("at2", "rt3"),
          .check = check_refresh_2 },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at2" },
    };
    struct shelf shelf = { .text = KEPT("at9", "rt9", LATER) };
    okta_token_store store = store_on(&shelf);
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", EARLIER), &store);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(shelf.saves, 0);
    /* Lapsed there as well: its refresh token is the one to spend. */
    snprintf(shelf.text, sizeof(shelf.text), "%s", KEPT("at8", "rt2", EARLIER));
    script.now_ms = 3600 * 1000;
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_int_equal(shelf.saves, 1);
    test_script_end(&script, "");
}

static void what_is_kept_for_another_is_left_alone(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", ROTATED("at2", "rt2"), .check = check_refresh },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at2" },
    };
    struct shelf shelf = {
        .text = "{\"kind\":\"device\",\"org\":\"https://other.test\","
                "\"client\":\"0oa1\",\"access\":\"at9\",\"refresh\":\"rt9\"}"
    };
    okta_token_store store = store_on(&shelf);
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", EARLIER), &store);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(get(client, NULL), OKTA_OK);
    test_script_end(&script, "");
}

static void keep_line(void *ctx, okta_log_level level, const char *line)
{
    (void)level;
    okt_buf_printf(ctx, "%s\n", line);
}

static void a_store_that_fails_is_told_and_borne(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", ROTATED("at2", "rt2"), .check = check_refresh },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at2" },
    };
    struct shelf shelf = { .text = "", .broken = true };
    okta_token_store store = store_on(&shelf);
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", EARLIER), &store);
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    OKT_BUF_AUTO log = OKT_BUF_INIT(65536);
    AUTO(okta_client) client = NULL;

    (void)state;
    options.credential = credential;
    options.log = keep_line;
    options.log_ctx = &log;
    client = test_client_with(&script, steps, ARRAY_LEN(steps), &options);
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_non_null(strstr(log.data, "the disk is full"));
    test_script_end(&script, "");
}

/* ------------------------------------------------------- Signing out ---- */

static void check_revoke_refresh(const struct okt_request *request)
{
    assert_form(request, "token", "rt1");
    assert_form(request, "token_type_hint", "refresh_token");
    assert_form(request, "client_id", "0oa1");
}

static void check_revoke_access(const struct okt_request *request)
{
    assert_form(request, "token", "at1");
    assert_form(request, "token_type_hint", "access_token");
}

static void signing_out_revokes_and_ends_it_for_all(void **state)
{
    static const struct step steps[] = {
        { "POST /oauth2/v1/revoke", 200, "", "",
          .check = check_revoke_refresh },
        { "POST /oauth2/v1/revoke", 200, "", "", .check = check_revoke_access },
    };
    SCRIPT_AUTO script;
    SCRIPT_AUTO other;
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", LATER), NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    AUTO(okta_client) second = client_of(&other, NULL, 0, credential);
    okta_error err;

    (void)state;
    assert_int_equal(okta_client_sign_out(client, NULL), OKTA_OK);
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_non_null(strstr(err.message, "signed out"));
    assert_int_equal(get(second, &err), OKTA_ERR_AUTH);
    test_script_end(&script, "");
}

static void check_revoke_rotated(const struct okt_request *request)
{
    assert_form(request, "token", "rt9");
}

static void check_revoke_renewed(const struct okt_request *request)
{
    assert_form(request, "token", "at9");
}

static void what_another_process_renewed_is_revoked(void **state)
{
    static const struct step steps[] = {
        { "POST /oauth2/v1/revoke", 200, "", "",
          .check = check_revoke_rotated },
        { "POST /oauth2/v1/revoke", 200, "", "",
          .check = check_revoke_renewed },
    };
    struct shelf shelf = { .text = KEPT("at9", "rt9", LATER) };
    okta_token_store store = store_on(&shelf);
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", LATER), &store);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);

    (void)state;
    assert_int_equal(okta_client_sign_out(client, NULL), OKTA_OK);
    assert_int_equal(shelf.loads, 1);
    assert_int_equal(shelf.saves, 0);
    assert_int_equal(shelf.locked, 0);
    test_script_end(&script, "");
}

static void a_gateways_page_revokes_nothing(void **state)
{
    static const struct step steps[] = {
        { "POST /oauth2/v1/revoke", 200, "Content-Type: text/html\n",
          "<html>Blocked</html>", .check = check_revoke_refresh },
    };
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", LATER), NULL);
    AUTO(okta_client)
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    okta_error err = { 0 };

    (void)state;
    assert_int_equal(okta_client_sign_out(client, &err), OKTA_ERR_NETWORK);
    assert_int_equal(err.cause, OKTA_CAUSE_GATEWAY);
}

static void an_api_token_is_never_revoked_by_signing_out(void **state)
{
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, NULL, 0);

    (void)state;
    assert_int_equal(okta_client_sign_out(client, NULL), OKTA_ERR_ARGUMENT);
}

/* --------------------------------------------------------------- Secrecy -- */

#define ECHO(secret)                                \
    "X-Okta-Request-Id: r\nX-Echo: a " secret "\n", \
        "{\"error\":\"x\","                         \
        "\"error_description\":\"no " secret "\"}"

static void check_nothing(const struct okt_request *request)
{
    (void)request;
}

static okta_client *logging;

/* As the real transport logs a header that comes back. */
static void check_log(const struct okt_request *request)
{
    AUTO(char) token = form_value(request, "refresh_token");

    okt_log(logging, OKTA_LOG_DEBUG, "< X-Early: %s", token);
}

/* A careless server throws all back, in headers and bodies. */
static void no_secret_is_logged_at_any_level(void **state)
{
    static const struct step steps[] = {
        { GET_ONE, 404, ECHO("atSECRET"),
          .sent_header = "Authorization: Bearer atSECRET" },
        { GET_ONE, LAPSED "X-Echo: atSECRET\n", "", .check = check_nothing },
        { TOKEN_PATH, 403, ECHO("rtSECRET"), .check = check_log },
        { "POST /oauth2/v1/revoke", 500, ECHO("rtSECRET"),
          .check = check_nothing },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    OKT_BUF_AUTO log = OKT_BUF_INIT(65536);
    SCRIPT_AUTO script;
    AUTO(okta_credential)
    credential = signed_in(KEPT("atSECRET", "rtSECRET", LATER), NULL);
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    options.log = keep_line;
    options.log_ctx = &log;
    options.log_level = OKTA_LOG_DEBUG;
    options.retries = OKTA_NONE;
    options.credential = credential;
    client = test_client_with(&script, steps, ARRAY_LEN(steps), &options);
    logging = client;
    assert_int_equal(get(client, &err), OKTA_ERR_NOT_FOUND);
    assert_null(strstr(err.message, "SECRET"));
    assert_int_equal(get(client, &err), OKTA_ERR_FORBIDDEN);
    assert_string_equal(err.message, "no ********");
    assert_int_equal(okta_client_sign_out(client, &err), OKTA_ERR_SERVER);
    assert_null(strstr(err.message, "SECRET"));
    assert_non_null(strstr(log.data, "> Authorization: Bearer [redacted]"));
    assert_non_null(strstr(log.data, "< X-Early: ********"));
    assert_null(strstr(log.data, "SECRET"));
    test_script_end(&script, "");
}

static void proofs_and_assertions_are_not_logged(void **state)
{
    static const struct step steps[] = {
        { TOKEN_PATH, 200, "", BOUND("at1"), .check = check_proved },
        { GET_ONE, 200, "", ONE, .check = check_nothing },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    OKT_BUF_AUTO log = OKT_BUF_INIT(65536);
    SCRIPT_AUTO script;
    AUTO(okta_credential) credential = bound_service();
    AUTO(okta_client) client = NULL;

    (void)state;
    options.log = keep_line;
    options.log_ctx = &log;
    options.log_level = OKTA_LOG_DEBUG;
    options.credential = credential;
    client = test_client_with(&script, steps, ARRAY_LEN(steps), &options);
    assert_int_equal(get(client, NULL), OKTA_OK);
    assert_non_null(strstr(log.data, "> DPoP: [redacted]"));
    assert_non_null(strstr(log.data, "> Authorization: DPoP [redacted]"));
    assert_null(strstr(log.data, "eyJ"));
}

/* ------------------------------------------------------- Threads -------- */

enum { THREADS = 8, CALLS = 20 };

/* A script a thread, by which only one of them may ask for a token. */
struct runner {
    pthread_t thread;
    okta_credential *credential;
    int failures;
};

static atomic_int token_requests;

static okta_status rt_start(void *ctx, const struct okt_request *request,
                            okta_response *response, struct okt_exchange **out,
                            okta_error *err)
{
    struct okt_exchange *ex = calloc(1, sizeof(*ex));
    bool is_token = strcmp(request->method, "POST") == 0;

    (void)ctx;
    (void)err;
    assert_non_null(ex);
    okt_response_begin(response, 200);
    if (is_token) {
        token_requests++;
        nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
    }
    okt_buf_str(&response->body, is_token ? ROTATED("at2", "rt2") : ONE);
    ex->sends = 1;
    *out = ex;
    return OKTA_OK;
}

static okta_status rt_drive(void *ctx, struct okt_exchange *exchange,
                            enum okt_stage until, okta_error *err)
{
    (void)ctx;
    (void)exchange;
    (void)until;
    (void)err;
    return OKTA_OK;
}

static void rt_drop(void *ctx, struct okt_exchange *exchange)
{
    (void)ctx;
    free(exchange);
}

static int64_t rt_now(void *ctx)
{
    (void)ctx;
    return 0;
}

static int64_t rt_wall(void *ctx)
{
    (void)ctx;
    return NOW;
}

static void rt_sleep(void *ctx, int64_t ms)
{
    (void)ctx;
    (void)ms;
}

static void rt_free(void *ctx)
{
    (void)ctx;
}

static const struct okt_transport_ops rt_ops = {
    rt_start, rt_drive, rt_drop, rt_now, rt_wall, rt_sleep, rt_free
};

static void *run(void *ctx)
{
    struct runner *runner = ctx;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct okt_transport transport = { &rt_ops, NULL };
    okta_client *client = NULL;

    options.org_url = ORG;
    options.credential = runner->credential;
    runner->failures = okt_client_new(&options, &transport, &client, NULL) != 0;
    for (int i = 0; i < CALLS && client != NULL; i++)
        runner->failures += get(client, NULL) != OKTA_OK;
    okta_client_free(client);
    return NULL;
}

static void many_threads_renew_once(void **state)
{
    AUTO(okta_credential)
    credential = signed_in(KEPT("at1", "rt1", EARLIER), NULL);
    struct runner runners[THREADS];

    (void)state;
    token_requests = 0;
    for (size_t i = 0; i < THREADS; i++) {
        runners[i] = (struct runner){ .credential = credential };
        assert_int_equal(pthread_create(&runners[i].thread, NULL, run,
                                        &runners[i]),
                         0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(runners[i].thread, NULL);
        assert_int_equal(runners[i].failures, 0);
    }
    assert_int_equal(token_requests, 1);
}

/* --------------------------------------------------------- The key ------ */

static okta_status service(const okta_service_options *options, okta_error *err)
{
    AUTO(okta_credential) credential = NULL;

    return okta_credential_service(options, &credential, err);
}

static void keys_come_in_every_form(void **state)
{
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    okta_error err;

    (void)state;
    options.client_id = "0oa1";
    options.key = EC_PRIVATE;
    assert_int_equal(service(&options, &err), OKTA_OK);
    options.alg = "ES256";
    assert_int_equal(service(&options, &err), OKTA_OK);
    options.alg = "RS256";
    assert_int_equal(service(&options, &err), OKTA_ERR_ARGUMENT);
    options.alg = "none";
    assert_int_equal(service(&options, &err), OKTA_ERR_ARGUMENT);
    options.alg = NULL;
    options.key = EC_PUBLIC;
    assert_int_equal(service(&options, &err), OKTA_ERR_CONFIG);
    options.key = "nonsense SECRET";
    assert_int_equal(service(&options, &err), OKTA_ERR_CONFIG);
    assert_null(strstr(err.message, "SECRET"));
    options.key_file = "/x";
    assert_int_equal(service(&options, &err), OKTA_ERR_ARGUMENT);
    options.key = NULL;
    options.key_file = NULL;
    assert_int_equal(service(&options, &err), OKTA_ERR_ARGUMENT);
    options.key = EC_PRIVATE;
    options.client_id = NULL;
    assert_int_equal(service(&options, &err), OKTA_ERR_ARGUMENT);
    options.size++;
    assert_int_equal(service(&options, &err), OKTA_ERR_ARGUMENT);
}

/* Tokens that are kept do without it: making it takes longer than a request. */
static void a_key_is_made_when_tokens_are_asked_for(void **state)
{
    static const struct step first[] = {
        { TOKEN_PATH, 200, "", BEARER("at1"), .check = check_credentials },
        { GET_ONE, 200, "", ONE, .sent_header = "Authorization: Bearer at1" },
    };
    struct shelf shelf = { .text = "" };
    okta_token_store store = store_on(&shelf);
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    okta_error err;

    (void)state;
    options.store = &store;
    options.client_id = "0oa1";
    options.key = "nonsense SECRET";
    for (int kept = 0; kept < 2; kept++) {
        SCRIPT_AUTO script;
        AUTO(okta_credential) credential = NULL;
        AUTO(okta_client) client = NULL;

        assert_int_equal(okta_credential_service(&options, &credential, &err),
                         OKTA_OK);
        client = client_of(&script, first + 1, (size_t)kept, credential);
        assert_int_equal(get(client, &err), kept ? OKTA_OK : OKTA_ERR_CONFIG);
        assert_null(strstr(err.message, "SECRET"));
        test_script_end(&script, "");
        if (!kept) {
            SCRIPT_AUTO other;
            AUTO(okta_credential) good = service_of(&options);
            AUTO(okta_client) keeps = client_of(&other, first, 2, good);

            assert_int_equal(get(keeps, &err), OKTA_OK);
            assert_int_equal(shelf.saves, 1);
        }
    }
}

/* Puts a key into a file of the test's own. */
static void write_key(const char *path, const char *from, bool fold)
{
    char name[1024];
    char text[8192];
    FILE *file;
    size_t len;

    snprintf(name, sizeof(name), "%s/%s", PEM_FOLDER, from);
    file = fopen(name, "r");
    assert_non_null(file);
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < len; i++)
        if (fold && text[i] == '\n')
            fputs("\\n", file);
        else
            fputc(text[i], file);
    fclose(file);
    assert_int_equal(chmod(path, 0600), 0);
}

static void a_key_file_must_be_the_callers_alone(void **state)
{
    char path[] = "/tmp/okta-key-XXXXXX";
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    okta_error err;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    options.client_id = "0oa1";
    options.key_file = path;
    write_key(path, "rsa-pkcs1", false);
    assert_int_equal(service(&options, &err), OKTA_OK);
    write_key(path, "ec-pkcs8", true); /* in one line, as in the environment */
    assert_int_equal(service(&options, &err), OKTA_OK);
    write_key(path, "ec-pkcs8-encrypted", false);
    assert_int_equal(service(&options, &err), OKTA_ERR_CONFIG);
    assert_non_null(strstr(err.message, "passphrase"));
    options.passphrase = "rosebud";
    assert_int_equal(service(&options, &err), OKTA_OK);
    options.passphrase = "SECRET";
    assert_int_equal(service(&options, &err), OKTA_ERR_CONFIG);
    assert_null(strstr(err.message, "SECRET"));
    write_key(path, "rsa-1024", false);
    assert_int_equal(service(&options, &err), OKTA_ERR_CONFIG);
    write_key(path, "rsa-pkcs8", false);
    chmod(path, 0644);
    assert_int_equal(service(&options, &err), OKTA_ERR_CONFIG);
    assert_non_null(strstr(err.message, "chmod 600"));
    chmod(path, 0620);
    assert_int_equal(service(&options, &err), OKTA_ERR_CONFIG);
    options.key_file = "/nonexistent";
    assert_int_equal(service(&options, &err), OKTA_ERR_CONFIG);
    options.key_file = "/dev/null";
    assert_int_equal(service(&options, &err), OKTA_ERR_CONFIG);
    unlink(path);
}

/* ------------------------------------------------------------- Custom --- */

struct own {
    int authorized;
    int rejections;
    int freed;
    const char *value;
    okta_status fail;
};

static okta_status own_authorize(void *ctx, const char *method, const char *url,
                                 okta_headers *headers, okta_error *err)
{
    struct own *own = ctx;

    assert_string_equal(method, "GET");
    assert_string_equal(url, ORG PATH "/00T1");
    own->authorized++;
    if (own->fail != OKTA_OK) {
        snprintf(err->message, sizeof(err->message), "not today");
        return own->fail;
    }
    okta_headers_add(headers, "Authorization", own->value);
    okta_headers_add(headers, "X-Mine", "mySECRET");
    return OKTA_OK;
}

static bool own_rejected(void *ctx, const okta_response *response)
{
    struct own *own = ctx;

    assert_int_equal(okta_response_status(response), 401);
    own->rejections++;
    own->value = "Mine SECRET2";
    return true;
}

static void own_free(void *ctx)
{
    ((struct own *)ctx)->freed++;
}

static void a_caller_may_authorise_as_it_likes(void **state)
{
    static const struct step steps[] = {
        { GET_ONE, 401, "", "", .sent_header = "Authorization: Mine SECRET1" },
        { GET_ONE, 401,
          "X-Okta-Request-Id: r\nX-Echo: SECRET2 mySECRET SECRET1\n", "",
          .sent_header = "Authorization: Mine SECRET2" },
    };
    okta_custom_ops ops = OKTA_CUSTOM_OPS_INIT;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    OKT_BUF_AUTO log = OKT_BUF_INIT(65536);
    struct own own = { .value = "Mine SECRET1" };
    okta_credential *credential = NULL;
    okta_client *client = NULL;
    SCRIPT_AUTO script;
    char *text = NULL;

    (void)state;
    ops.ctx = &own;
    ops.authorize = own_authorize;
    ops.rejected = own_rejected;
    ops.free = own_free;
    assert_int_equal(okta_credential_custom(&ops, &credential, NULL), OKTA_OK);
    options.credential = credential;
    options.log = keep_line;
    options.log_ctx = &log;
    options.log_level = OKTA_LOG_DEBUG;
    client = test_client_with(&script, steps, ARRAY_LEN(steps), &options);
    assert_int_equal(get(client, NULL), OKTA_ERR_AUTH);
    assert_int_equal(own.authorized, 2);
    assert_int_equal(own.rejections, 1);
    assert_null(strstr(log.data, "SECRET"));
    assert_int_equal(okta_client_authorization(client, &text, NULL),
                     OKTA_ERR_ARGUMENT);
    okta_credential_free(credential);
    assert_int_equal(own.freed, 0);
    okta_client_free(client);
    assert_int_equal(own.freed, 1);
    test_script_end(&script, "");
}

static void what_a_caller_does_wrong_is_told(void **state)
{
    okta_custom_ops ops = OKTA_CUSTOM_OPS_INIT;
    struct own own = { .value = "a\r\nX-Evil: b" };
    AUTO(okta_credential) credential = NULL;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(okta_credential_custom(&ops, &credential, NULL),
                     OKTA_ERR_ARGUMENT);
    ops.ctx = &own;
    ops.authorize = own_authorize;
    assert_int_equal(okta_credential_custom(&ops, &credential, NULL), OKTA_OK);
    client = client_of(&script, NULL, 0, credential);
    assert_int_equal(get(client, &err), OKTA_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "control character"));
    own.fail = OKTA_ERR_AUTH;
    assert_int_equal(get(client, &err), OKTA_ERR_AUTH);
    assert_string_equal(err.message, "not today");
    ops.size++;
    assert_int_equal(okta_credential_custom(&ops, &credential, NULL),
                     OKTA_ERR_ARGUMENT);
}

/* --------------------------------------------------------------- Memory -- */

/* Making, renewing, proving and keeping, with the nth allocation failing. */
static okta_status whole_life(long nth)
{
    static const struct step steps[] = {
        { TOKEN_PATH, NONCE_WANTED, .check = check_nothing },
        { TOKEN_PATH, 200, "", BOUND("at1"), .check = check_nothing },
        { GET_ONE, 200, "", ONE, .check = check_nothing },
    };
    struct shelf shelf = { .text = "" };
    okta_token_store store = store_on(&shelf);
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    AUTO(okta_credential) credential = NULL;
    AUTO(okta_client) client = NULL;
    okta_error err = { .status = OKTA_OK };
    SCRIPT_AUTO script = { .log = OKT_BUF_INIT(10) };
    okta_status st;

    options.client_id = "0oa1";
    options.key = EC_PRIVATE;
    options.key_id = "k";
    options.dpop = true;
    options.store = &store;
    test_fail_alloc(nth);
    st = okta_credential_service(&options, &credential, &err);
    if (st != OKTA_OK) {
        test_fail_alloc(-1);
        return st;
    }
    test_fail_alloc(-1);
    client = client_of(&script, steps, ARRAY_LEN(steps), credential);
    if (!test_alloc_failed())
        test_fail_alloc(nth);
    st = get(client, &err);
    test_fail_alloc(-1);
    assert_int_equal(shelf.locked, 0);
    return st;
}

/* What lacked memory for a nonce or a warning alone goes on without. */
static void every_allocation_may_fail(void **state)
{
    bool failed;
    long n = 0;

    (void)state;
    do {
        okta_status st = whole_life(n++);

        failed = test_alloc_failed() != 0;
        if (st != OKTA_OK && st != OKTA_ERR_MEMORY && st != OKTA_ERR_REQUEST)
            fail_msg("allocation %ld: %s", n - 1, okta_status_name(st));
        assert_true(failed || st == OKTA_OK);
    } while (failed);
    assert_true(n > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(a_service_app_gets_a_token_and_keeps_it),
        cmocka_test(an_operation_asks_for_the_scope_it_needs),
        cmocka_test(a_scope_that_lacks_spoils_no_other),
        cmocka_test(scopes_that_were_told_are_asked_for),
        cmocka_unit_test_teardown(each_attempt_is_signed_anew, forget),
        cmocka_test(a_token_endpoint_that_fails_is_not_tried_over_and_over),
        cmocka_test(a_refused_client_is_told_why),
        cmocka_test(a_token_is_renewed_before_it_lapses),
        cmocka_test(one_that_cannot_be_renewed_yet_serves_on),
        cmocka_test(a_401_renews_once_and_repeats),
        cmocka_test(a_403_names_the_scope_and_renews_nothing),
        cmocka_test(an_oauth_token_cannot_revoke_itself),
        cmocka_unit_test_teardown(each_request_is_proved_anew, forget),
        cmocka_test(one_round_for_a_nonce_and_no_more),
        cmocka_test(a_resource_may_want_a_nonce_too),
        cmocka_test(a_token_that_was_to_be_bound_is_not_taken_unbound),
        cmocka_test(an_org_that_wants_proofs_gets_them_unasked),
        cmocka_test(a_clock_that_is_off_is_told),
        cmocka_test(a_bound_token_without_a_key_is_refused),
        cmocka_unit_test_teardown(a_bound_token_is_handed_to_no_other_tool,
                                  forget),
        cmocka_test(refresh_tokens_rotate),
        cmocka_test(a_renewal_does_not_unbind),
        cmocka_test(a_lost_renewal_is_asked_for_once_more_at_once),
        cmocka_test(a_renewal_lost_twice_is_not_asked_for_again),
        cmocka_test(without_a_refresh_token_the_end_is_the_end),
        cmocka_test(tokens_go_to_the_org_that_gave_them),
        cmocka_test(what_is_exported_can_be_imported),
        cmocka_test(what_was_not_exported_is_refused),
        cmocka_test(new_tokens_are_kept_before_the_lock_is_given_back),
        cmocka_test(nothing_is_spent_without_room_for_what_comes),
        cmocka_test(what_another_process_renewed_is_taken_over),
        cmocka_test(what_is_kept_for_another_is_left_alone),
        cmocka_test(a_store_that_fails_is_told_and_borne),
        cmocka_test(signing_out_revokes_and_ends_it_for_all),
        cmocka_test(what_another_process_renewed_is_revoked),
        cmocka_test(a_gateways_page_revokes_nothing),
        cmocka_test(an_api_token_is_never_revoked_by_signing_out),
        cmocka_test(no_secret_is_logged_at_any_level),
        cmocka_unit_test_teardown(proofs_and_assertions_are_not_logged, forget),
        cmocka_test(many_threads_renew_once),
        cmocka_test(keys_come_in_every_form),
        cmocka_test(a_key_is_made_when_tokens_are_asked_for),
        cmocka_test(a_key_file_must_be_the_callers_alone),
        cmocka_test(a_caller_may_authorise_as_it_likes),
        cmocka_test(what_a_caller_does_wrong_is_told),
        cmocka_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
