/* SPDX-License-Identifier: Apache-2.0 */
/* test_api_token.c - the ApiToken, its operations, and what errors tell. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"
#include "wire/error_json.h"

#define ID "00Taaaaaaaaaaaaaaaaa"
#define TOKEN                                                                \
    "{\"id\":\"" ID "\",\"name\":\"ci\",\"userId\":\"00u1\","                \
    "\"clientName\":\"Okta API\",\"tokenWindow\":\"P30D\","                  \
    "\"network\":{\"connection\":\"ZONE\",\"include\":[\"nzo1\",\"nzo2\"]}," \
    "\"expiresAt\":\"2025-12-24T16:00:00.000Z\","                            \
    "\"created\":\"2025-10-01T00:00:00.000Z\","                              \
    "\"lastUpdated\":\"2025-11-24T16:00:00.000Z\",\"future\":[1,{\"a\":2}]," \
    "\"_links\":{\"self\":{\"href\":\"https://example.okta.com/s\"},"        \
    "\"user\":{\"href\":\"https://example.okta.com/u\"}}}"

static okta_api_token *parse(const char *json)
{
    okta_api_token *token = NULL;

    assert_int_equal(okt_api_token_parse(json, strlen(json), &token, NULL),
                     OKTA_OK);
    return token;
}

/* ---------------------------------------------------------- The object -- */

static void get_reads_every_field(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH "/" ID, 200, "Content-Type: application/json\n", TOKEN },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));
    AUTO(okta_api_token) t = NULL;
    okta_error err;
    size_t len;

    (void)state;
    assert_int_equal(okta_api_token_get(client, ID, NULL, &t, &err), OKTA_OK);
    assert_string_equal(okta_api_token_id(t), ID);
    assert_string_equal(okta_api_token_name(t), "ci");
    assert_string_equal(okta_api_token_user_id(t), "00u1");
    assert_string_equal(okta_api_token_client_name(t), "Okta API");
    assert_string_equal(okta_api_token_token_window(t), "P30D");
    assert_string_equal(okta_api_token_expires_at(t),
                        "2025-12-24T16:00:00.000Z");
    assert_string_equal(okta_api_token_created(t), "2025-10-01T00:00:00.000Z");
    assert_string_equal(okta_api_token_last_updated(t),
                        "2025-11-24T16:00:00.000Z");
    assert_string_equal(okta_api_token_connection(t), "ZONE");
    assert_int_equal(okta_api_token_include_count(t), 2);
    assert_string_equal(okta_api_token_include(t, 1), "nzo2");
    assert_null(okta_api_token_include(t, 2));
    assert_int_equal(okta_api_token_exclude_count(t), 0);
    assert_null(okta_api_token_exclude(t, 0));
    assert_string_equal(okta_api_token_self_href(t), ORG "/s");
    assert_string_equal(okta_api_token_user_href(t), ORG "/u");
    assert_memory_equal(okta_api_token_json(t, &len), TOKEN, strlen(TOKEN));
    assert_int_equal(len, strlen(TOKEN));
    test_script_end(&script, "start 1;headers 1;done 1;");
}

static void raw_json_has_no_space_around_it(void **state)
{
    AUTO(okta_api_token) t = parse(" \n{\"id\":\"x\",\"name\":\"\"}\r\n ");
    size_t len;

    (void)state;
    assert_memory_equal(okta_api_token_json(t, &len), "{\"id\":\"x\"", 9);
    assert_int_equal(len, strlen("{\"id\":\"x\",\"name\":\"\"}"));
}

static void absent_fields_are_null(void **state)
{
    AUTO(okta_api_token) t = parse("{\"id\":\"x\",\"name\":\"n\"}");
    int64_t time = 42;

    (void)state;
    assert_null(okta_api_token_user_id(t));
    assert_null(okta_api_token_client_name(t));
    assert_null(okta_api_token_connection(t));
    assert_null(okta_api_token_self_href(t));
    assert_false(okta_api_token_created_time(t, &time));
    assert_false(okta_api_token_expires_at_time(t, &time));
    assert_false(okta_api_token_last_updated_time(t, &time));
    assert_int_equal(time, 42);
}

static void usage_is_told_by_expiry_and_window(void **state)
{
    static const struct {
        const char *window;
        const char *expires;
        const char *created;
        okta_usage usage;
        int64_t used;
    } cases[] = {
        { "\"P30D\"", "2025-12-24T16:00:00.000Z", "2025-10-01T00:00:00.000Z",
          OKTA_USAGE_USED, NOW },
        { "\"PT5M\"", "2025-11-24T16:05:00.000Z", "2025-10-01T00:00:00.000Z",
          OKTA_USAGE_USED, NOW },
        { "\"P1M\"", "2025-12-24T16:00:00.000Z", "2025-10-01T00:00:00.000Z",
          OKTA_USAGE_USED, NOW },
        { "\"P30D\"", "2025-12-24T16:00:00.000Z", "2025-11-24T16:00:00.000Z",
          OKTA_USAGE_NEVER, 0 },
        { "\"P30D\"", "2025-12-24T16:00:02.000Z", "2025-11-24T16:00:00.000Z",
          OKTA_USAGE_NEVER, 0 },
        { "\"P30D\"", "2025-12-24T16:00:03.000Z", "2025-11-24T16:00:00.000Z",
          OKTA_USAGE_USED, NOW + 3 },
        { "\"P30D\"", "2025-12-24T15:59:57.000Z", "2025-11-24T16:00:00.000Z",
          OKTA_USAGE_UNKNOWN, 0 },
        { "null", "2025-12-24T16:00:00.000Z", "2025-10-01T00:00:00.000Z",
          OKTA_USAGE_UNKNOWN, 0 },
        { "\"30 days\"", "2025-12-24T16:00:00.000Z", "2025-10-01T00:00:00.000Z",
          OKTA_USAGE_UNKNOWN, 0 },
        { "\"P30D\"", "soon", "2025-10-01T00:00:00.000Z", OKTA_USAGE_UNKNOWN,
          0 },
        { "\"P30D\"", "2025-12-24T16:00:00.000Z", "long ago", OKTA_USAGE_USED,
          NOW },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_api_token) t = NULL;
        char json[512];
        int64_t used = 0;

        snprintf(json, sizeof(json),
                 "{\"id\":\"x\",\"name\":\"n\",\"tokenWindow\":%s,"
                 "\"expiresAt\":\"%s\",\"created\":\"%s\"}",
                 cases[i].window, cases[i].expires, cases[i].created);
        t = parse(json);
        assert_int_equal(okta_api_token_usage(t, &used), cases[i].usage);
        assert_int_equal(used, cases[i].used);
        assert_int_equal(okta_api_token_usage(t, NULL), cases[i].usage);
    }
}

/* -------------------------------------------------- What is never sent -- */

static void an_id_that_means_something_else_is_never_sent(void **state)
{
    static const char *const ids[] = {
        "",
        ".",
        "..",
        "current",
        "a/b",
        "a?b",
        "a b",
        "%2e",
        "a\n",
        "ü",
        SECRET,
        ("SSWS " SECRET),
        "0123456789012345678901234567890123456789012345678901234567890123x",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, NULL, 0);
        okta_api_token *t = NULL;
        okta_error err;

        assert_int_equal(okta_api_token_get(client, ids[i], NULL, &t, &err),
                         OKTA_ERR_ARGUMENT);
        assert_int_equal(okta_api_token_revoke(client, ids[i], NULL, &err),
                         OKTA_ERR_ARGUMENT);
        assert_null(t);
        assert_null(strstr(err.message, SECRET));
        assert_int_equal(script.next, 0);
    }
}

static void bearer_cannot_revoke_itself(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    AUTO(okta_credential) bearer = NULL;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(okta_credential_bearer("eyJ.a.b", &bearer, NULL), OKTA_OK);
    options.credential = bearer;
    client = test_client_with(&script, NULL, 0, &options);
    assert_int_equal(okta_api_token_revoke_current(client, NULL, &err),
                     OKTA_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "nothing was sent"));
}

static void a_credential_is_one_printable_line(void **state)
{
    static const char *const bad[] = { "", "a b", "a\r\nX: y", "ü", "a\t" };
    char longest[258];
    okta_credential *credential = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(okta_credential_ssws(bad[i], &credential, NULL),
                         OKTA_ERR_ARGUMENT);
    memset(longest, 'a', sizeof(longest));
    longest[257] = '\0';
    assert_int_equal(okta_credential_ssws(longest, &credential, NULL),
                     OKTA_ERR_ARGUMENT);
    longest[256] = '\0';
    assert_int_equal(okta_credential_ssws(longest, &credential, NULL), OKTA_OK);
    okta_credential_free(credential);
}

/* ------------------------------------------------------------- Headers -- */

static void the_token_is_sent_in_one_header(void **state)
{
    static const struct step steps[] = {
        { "DELETE " PATH "/current", 204, "", NULL, STEP_ANSWERS, NULL,
          "Authorization: SSWS " SECRET },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));

    (void)state;
    assert_int_equal(okta_api_token_revoke_current(client, NULL, NULL),
                     OKTA_OK);
    test_script_end(&script, "");
}

static void set_network_sends_what_was_read(void **state)
{
    static const char *const zones[] = { "nzo7", "nzo8" };
    static const struct step steps[] = {
        { "PUT " PATH "/" ID, 200, "", TOKEN, STEP_ANSWERS,
          "{\"name\":\"ci\",\"userId\":\"00u1\",\"clientName\":\"Okta API\","
          "\"created\":\"2025-10-01T00:00:00.000Z\","
          "\"network\":{\"connection\":\"ZONE\","
          "\"exclude\":[\"nzo7\",\"nzo8\"]}}",
          "Content-Type: application/json" },
    };
    okta_network network = OKTA_NETWORK_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));
    AUTO(okta_api_token) before = parse(TOKEN);
    AUTO(okta_api_token) after = NULL;

    (void)state;
    network.connection = "ZONE";
    network.exclude = zones;
    network.exclude_count = 2;
    assert_int_equal(okta_api_token_set_network(client, before, &network, NULL,
                                                &after, NULL),
                     OKTA_OK);
    assert_non_null(after);
    test_script_end(&script, "");
}

static void a_network_that_cannot_be_is_never_sent(void **state)
{
    static const char *const good[] = { "nzo7" };
    static const char *const bad[] = { "no zone" };
    static const char *const secret[] = { SECRET };
    const okta_network cases[] = {
        { sizeof(okta_network), NULL, NULL, 0, NULL, 0 },
        { sizeof(okta_network), "SOMEWHERE", NULL, 0, NULL, 0 },
        { sizeof(okta_network), "ZONE", NULL, 0, NULL, 0 },
        { sizeof(okta_network), "ANYWHERE", good, 1, NULL, 0 },
        { sizeof(okta_network), "ZONE", bad, 1, NULL, 0 },
        { sizeof(okta_network), "ZONE", NULL, 0, secret, 1 },
        { sizeof(okta_network), "ZONE", good, 101, NULL, 0 },
        { sizeof(okta_network) + 1, "ANYWHERE", NULL, 0, NULL, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, NULL, 0);
        AUTO(okta_api_token) token = parse(TOKEN);

        assert_int_equal(okta_api_token_set_network(client, token, &cases[i],
                                                    NULL, NULL, NULL),
                         OKTA_ERR_ARGUMENT);
    }
}

/* -------------------------------------------------------------- Errors -- */

#define NOT_FOUND                                                         \
    "{\"errorCode\":\"E0000007\",\"errorSummary\":\"Not found: Resource " \
    "not found: " ID " (Token)\",\"errorLink\":\"E0000007\","             \
    "\"errorId\":\"oaeX\",\"errorCauses\":[{\"errorSummary\":\"one\"},{"  \
    "\"errorSummary\":\"two\"}]}"

static void an_error_and_its_response_tell_everything(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH "/" ID, 404,
          "X-Okta-Request-Id: r1\nX-Rate-Limit-Limit: 50\n"
          "X-Rate-Limit-Remaining: 48\nX-Rate-Limit-Reset: 1764000060\n"
          "Set-Cookie: a\nset-cookie: b\n",
          NOT_FOUND },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));
    AUTO(okta_response) r = NULL;
    okta_api_token *t = NULL;
    okta_error err;
    size_t len;

    (void)state;
    assert_int_equal(okta_response_new(&r, NULL), OKTA_OK);
    assert_int_equal(okta_api_token_get(client, ID, r, &t, &err),
                     OKTA_ERR_NOT_FOUND);
    assert_null(t);
    assert_int_equal(err.status, OKTA_ERR_NOT_FOUND);
    assert_int_equal(err.http_status, 404);
    assert_string_equal(err.code, "E0000007");
    assert_string_equal(err.error_id, "oaeX");
    assert_string_equal(err.request_id, "r1");
    assert_string_equal(err.message, "Not found: Resource not found: " ID
                                     " (Token): one; two");
    assert_int_equal(okta_response_status(r), 404);
    assert_int_equal(okta_response_attempts(r), 1);
    assert_string_equal(okta_response_error_code(r), "E0000007");
    assert_string_equal(okta_response_error_link(r), "E0000007");
    assert_string_equal(okta_response_error_id(r), "oaeX");
    assert_int_equal(okta_response_cause_count(r), 2);
    assert_string_equal(okta_response_cause(r, 1), "two");
    assert_null(okta_response_cause(r, 2));
    assert_int_equal(okta_response_header_count(r), 6);
    assert_string_equal(okta_response_header_name(r, 5), "set-cookie");
    assert_string_equal(okta_response_header_value(r, 5), "b");
    assert_string_equal(okta_response_header(r, "SET-COOKIE"), "a");
    assert_null(okta_response_header(r, "Link"));
    assert_int_equal(okta_response_rate_limit(r), 50);
    assert_int_equal(okta_response_rate_remaining(r), 48);
    assert_int_equal(okta_response_rate_reset(r), 1764000060);
    assert_string_equal(okta_response_body(r, &len), NOT_FOUND);
    assert_int_equal(len, strlen(NOT_FOUND));
}

/* An org that is hostile sends more of them than are read. */
static void every_cause_that_is_counted_is_there(void **state)
{
    OKT_BUF_AUTO body = OKT_BUF_INIT(64 * 1024);
    struct step steps[] = { { "GET " PATH "/" ID, 400, "", NULL } };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    AUTO(okta_response) r = NULL;
    okta_api_token *t = NULL;

    (void)state;
    okt_buf_str(&body, "{\"errorSummary\":\"many\",\"errorCauses\":[1");
    for (int i = 0; i < 2 * OKT_CAUSES_MAX; i++)
        okt_buf_str(&body, ",{}");
    okt_buf_str(&body, "]}");
    assert_false(okt_buf_failed(&body));
    steps[0].body = body.data;
    client = test_client(&script, steps, ARRAY_LEN(steps));
    assert_int_equal(okta_response_new(&r, NULL), OKTA_OK);
    assert_int_equal(okta_api_token_get(client, ID, r, &t, NULL),
                     OKTA_ERR_REQUEST);
    assert_int_equal(okta_response_cause_count(r), OKT_CAUSES_MAX);
    for (size_t i = 0; i < OKT_CAUSES_MAX; i++)
        assert_non_null(okta_response_cause(r, i));
    assert_null(okta_response_cause(r, OKT_CAUSES_MAX));
}

#define CHALLENGE                                                          \
    "WWW-Authenticate: Bearer authorization_uri=\"https://x/authorize\", " \
    "realm=\"https://x\", scope=\"okta.apiTokens.read\", "                 \
    "error=\"insufficient_scope\", error_description=\"The access token "  \
    "does not contain the required scopes.\", resource=\"/r\"\n"

static void an_empty_body_is_explained_by_its_challenge(void **state)
{
    static const struct step steps[] = {
        { "DELETE " PATH "/" ID, 403, CHALLENGE, NULL },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));
    AUTO(okta_response) r = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(okta_response_new(&r, NULL), OKTA_OK);
    assert_int_equal(okta_api_token_revoke(client, ID, r, &err),
                     OKTA_ERR_FORBIDDEN);
    assert_string_equal(err.message,
                        "insufficient_scope: The access token does not contain "
                        "the required scopes. (the scope okta.apiTokens.read "
                        "is to be granted to the app)");
    assert_string_equal(okta_response_challenge(r, "error"),
                        "insufficient_scope");
    assert_string_equal(okta_response_challenge(r, "resource"), "/r");
    assert_null(okta_response_challenge(r, "algs"));
}

static void each_http_status_has_its_meaning(void **state)
{
    static const struct {
        int http;
        okta_status status;
    } cases[] = {
        { 204, OKTA_ERR_PROTOCOL },   { 202, OKTA_ERR_PROTOCOL },
        { 301, OKTA_ERR_NETWORK },    { 400, OKTA_ERR_REQUEST },
        { 401, OKTA_ERR_AUTH },       { 403, OKTA_ERR_FORBIDDEN },
        { 404, OKTA_ERR_NOT_FOUND },  { 409, OKTA_ERR_REQUEST },
        { 429, OKTA_ERR_RATE_LIMIT }, { 500, OKTA_ERR_SERVER },
        { 503, OKTA_ERR_SERVER },     { 600, OKTA_ERR_PROTOCOL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        struct step step = { "GET " PATH "/" ID, cases[i].http, "", NULL };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = NULL;
        okta_api_token *t = NULL;
        okta_error err;

        options.retries = OKTA_NONE;
        client = test_client_with(&script, &step, 1, &options);
        assert_int_equal(okta_api_token_get(client, ID, NULL, &t, &err),
                         cases[i].status);
        assert_int_equal(err.http_status, cases[i].http);
        assert_string_not_equal(err.message, "");
    }
}

static void a_redirect_is_told_and_not_followed(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH "/" ID, 302, "Location: https://evil.test/\n", NULL },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));
    okta_api_token *t = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(okta_api_token_get(client, ID, NULL, &t, &err),
                     OKTA_ERR_NETWORK);
    assert_int_equal(err.cause, OKTA_CAUSE_GATEWAY);
    assert_non_null(strstr(err.message, "https://evil.test/; not followed"));
    test_script_end(&script, "");
}

/* Not the one in use, which is struck out of the answer itself. */
#define ANOTHER "00zZyYxXwWvVuUtTsSrRqQpPoOnNmMlLkKjJiIhHgG"

static void a_message_is_one_line_without_secrets(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH "/" ID, 400, "X-Okta-Request-Id: \x1b[2Jx\n",
          "{\"errorCode\":\"E\\n1\",\"errorSummary\":\"no " ANOTHER
          "\\n\\u001b[31m\\u202e\"}" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));
    okta_api_token *t = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(okta_api_token_get(client, ID, NULL, &t, &err),
                     OKTA_ERR_REQUEST);
    assert_string_equal(err.message, "no [redacted]\\n\\x1b[31m\\u{202e}");
    assert_string_equal(err.code, "E\\n1");
    assert_string_equal(err.request_id, "\\x1b[2Jx");
}

static void an_answer_that_is_no_token_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "[]",
        "{}",
        "{\"id\":\"x\"}",
        "{\"id\":7,\"name\":\"n\"}",
        TOKEN "x",
        "{\"id\":\"" ID "\"",
        "{\"id\":\"" ID "\",\"name\":null}",
        "{\"id\":\"00Tbbbbbbbbbbbbbbbbb\",\"name\":\"another\"}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct step step = { "GET " PATH "/" ID, 200, "", bodies[i] };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, &step, 1);
        okta_api_token *t = NULL;

        assert_int_equal(okta_api_token_get(client, ID, NULL, &t, NULL),
                         OKTA_ERR_PROTOCOL);
        assert_null(t);
    }
}

static void a_revocation_succeeds_by_204_alone(void **state)
{
    static const int statuses[] = { 200, 202, 205 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        struct step step = { "DELETE " PATH "/" ID, statuses[i], "", "" };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, &step, 1);
        okta_error err;

        assert_int_equal(okta_api_token_revoke(client, ID, NULL, &err),
                         OKTA_ERR_PROTOCOL);
        assert_int_equal(err.maybe_done, 1);
    }
}

/* ---------------------------------------------------- Failed allocation -- */

static void every_failed_allocation_is_told(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH "/" ID, 404, "X-Okta-Request-Id: r1\n" CHALLENGE,
          NOT_FOUND },
        { "GET " PATH "/" ID, 200, "X-Okta-Request-Id: r2\n", TOKEN },
    };
    okta_status st = OKTA_ERR_MEMORY;

    (void)state;
    for (long nth = 0; st == OKTA_ERR_MEMORY; nth++) {
        SCRIPT_AUTO script;
        AUTO(okta_client)
        client = test_client(&script, steps, ARRAY_LEN(steps));
        okta_api_token *t = NULL;

        assert_true(nth < 200);
        test_fail_alloc(nth);
        st = okta_api_token_get(client, ID, NULL, &t, NULL);
        if (st == OKTA_ERR_NOT_FOUND)
            st = okta_api_token_get(client, ID, NULL, &t, NULL);
        if (st == OKTA_OK && test_alloc_failed())
            fail_msg("failed allocation %ld went by unnoticed", nth);
        test_fail_alloc(-1);
        assert_true(st == OKTA_OK || st == OKTA_ERR_MEMORY);
        assert_true((st == OKTA_OK) == (t != NULL));
        okta_api_token_free(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(get_reads_every_field),
        cmocka_unit_test(raw_json_has_no_space_around_it),
        cmocka_unit_test(absent_fields_are_null),
        cmocka_unit_test(usage_is_told_by_expiry_and_window),
        cmocka_unit_test(an_id_that_means_something_else_is_never_sent),
        cmocka_unit_test(bearer_cannot_revoke_itself),
        cmocka_unit_test(a_credential_is_one_printable_line),
        cmocka_unit_test(the_token_is_sent_in_one_header),
        cmocka_unit_test(set_network_sends_what_was_read),
        cmocka_unit_test(a_network_that_cannot_be_is_never_sent),
        cmocka_unit_test(an_error_and_its_response_tell_everything),
        cmocka_unit_test(every_cause_that_is_counted_is_there),
        cmocka_unit_test(an_empty_body_is_explained_by_its_challenge),
        cmocka_unit_test(each_http_status_has_its_meaning),
        cmocka_unit_test(a_redirect_is_told_and_not_followed),
        cmocka_unit_test(a_message_is_one_line_without_secrets),
        cmocka_unit_test(an_answer_that_is_no_token_is_refused),
        cmocka_unit_test(a_revocation_succeeds_by_204_alone),
        cmocka_unit_test(every_failed_allocation_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
