/* SPDX-License-Identifier: Apache-2.0 */
/* test_device.c - the device grant: what is shown, and how long it is asked. */
#include <stdlib.h>
#include <string.h>

#include "lib/oauth/oauth.h"
#include "tests/unit/test.h"

#define START "POST /oauth2/v1/device/authorize"
#define POLL "POST /oauth2/v1/token"
#define CODES                                                                \
    "\"device_code\":\"dcSECRET\",\"user_code\":\"BCDF-GHJK\","              \
    "\"verification_uri\":\"" ORG "/activate\","                             \
    "\"verification_uri_complete\":\"" ORG "/activate?user_code=BCDFGHJK\"," \
    "\"expires_in\":600"
#define STARTED                                                                \
    { START, 200, "", "{" CODES ",\"interval\":5}",                            \
      .sent_body =                                                             \
          "scope=okta.apiTokens.read%20okta.apiTokens.manage%20offline_access" \
          "&client_id=0oa1" }
#define POLL_BODY                                                        \
    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&" \
    "device_code=dcSECRET&client_id=0oa1"
#define POLLED(status, body) { POLL, status, "", body, .sent_body = POLL_BODY }
#define ERROR(code) "{\"error\":\"" code "\",\"error_description\":\"x\"}"
#define PENDING POLLED(400, ERROR("authorization_pending"))
#define TOKENS                                                      \
    "{\"token_type\":\"Bearer\",\"expires_in\":3600,"               \
    "\"access_token\":\"atSECRET\",\"refresh_token\":\"rtSECRET\"," \
    "\"scope\":\"okta.apiTokens.read offline_access\"}"

struct fixture {
    struct script script;
    okta_client *client;
    okta_device *device;
    okta_credential *credential;
    struct okt_buf log;
    okta_error err;
};

static void keep_line(void *ctx, okta_log_level level, const char *line)
{
    (void)level;
    okt_buf_printf(ctx, "%s\n", line);
}

static okta_status start_with(struct fixture *f, const struct step *steps,
                              size_t count, const okta_device_options *given)
{
    AUTO(okta_credential) none = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;

    f->log = (struct okt_buf)OKT_BUF_INIT(1 << 20);
    assert_int_equal(okta_credential_none(&none, NULL), OKTA_OK);
    options.credential = none;
    options.log = keep_line;
    options.log_ctx = &f->log;
    options.log_level = OKTA_LOG_DEBUG;
    options.retries = OKTA_NONE;
    f->client = test_client_with(&f->script, steps, count, &options);
    return okta_device_start(f->client, given, &f->device, &f->err);
}

static okta_status start(struct fixture *f, const struct step *steps,
                         size_t count)
{
    okta_device_options options = OKTA_DEVICE_OPTIONS_INIT;

    options.client_id = "0oa1";
    return start_with(f, steps, count, &options);
}

static okta_status wait_for(struct fixture *f)
{
    return okta_device_wait(f->client, f->device, &f->credential, &f->err);
}

static void end(struct fixture *f)
{
    okta_credential_free(f->credential);
    okta_device_free(f->device);
    okta_client_free(f->client);
    okt_buf_free(&f->log);
    test_script_free(&f->script);
}

#define FIXTURE_AUTO __attribute__((cleanup(end))) struct fixture

static void ignore_request(const struct okt_request *request)
{
    (void)request;
}

/* ------------------------------------------------------------ The grant -- */

static void a_person_allows_it_after_a_while(void **state)
{
    static const struct step steps[] = { STARTED, PENDING, PENDING,
                                         POLLED(200, TOKENS) };
    FIXTURE_AUTO f = { .device = NULL };
    okta_credential_info info;

    (void)state;
    assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
    assert_string_equal(okta_device_user_code(f.device), "BCDF-GHJK");
    assert_string_equal(okta_device_uri(f.device), ORG "/activate");
    assert_string_equal(okta_device_uri_complete(f.device),
                        ORG "/activate?user_code=BCDFGHJK");
    assert_int_equal(okta_device_expires_at(f.device), NOW + 600);
    assert_int_equal(wait_for(&f), OKTA_OK);
    assert_int_equal(f.script.now_ms, 15000);
    test_script_end(&f.script, "");
    okta_credential_describe(f.credential, &info);
    assert_int_equal(info.kind, OKTA_CREDENTIAL_DEVICE);
    assert_string_equal(info.scopes, "okta.apiTokens.read offline_access");
    assert_null(strstr(f.log.data, "SECRET"));
}

static void slow_down_adds_five_seconds_each_time(void **state)
{
    static const struct step steps[] = {
        STARTED, POLLED(400, ERROR("slow_down")), PENDING,
        POLLED(400, ERROR("slow_down")), POLLED(200, TOKENS)
    };
    FIXTURE_AUTO f = { .device = NULL };

    (void)state;
    assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
    assert_int_equal(wait_for(&f), OKTA_OK);
    assert_int_equal(f.script.now_ms, (5 + 10 + 10 + 15) * 1000);
}

static void the_interval_is_what_the_org_says(void **state)
{
    static const struct {
        const char *interval;
        int64_t ms;
    } cases[] = {
        { ",\"interval\":2", 2000 },
        { ",\"interval\":0", 5000 },
        { ",\"interval\":-1", 5000 },
        { ",\"interval\":\"7\"", 5000 },
        { ",\"interval\":1000000000000", 300000 },
        { "", 5000 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO body = OKT_BUF_INIT(1000);
        FIXTURE_AUTO f = { .device = NULL };
        struct step steps[] = { STARTED, POLLED(200, TOKENS) };

        okt_buf_printf(&body, "{" CODES "%s}", cases[i].interval);
        steps[0].body = body.data;
        assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
        assert_int_equal(wait_for(&f), OKTA_OK);
        assert_int_equal(f.script.now_ms, cases[i].ms);
    }
}

static void a_denial_and_an_end_are_told(void **state)
{
    static const struct {
        int status;
        const char *body;
        okta_status want;
        const char *message;
        const char *code;
    } cases[] = {
        { 403, ERROR("access_denied"), OKTA_ERR_FORBIDDEN, "denied",
          "access_denied" },
        { 400, ERROR("access_denied"), OKTA_ERR_FORBIDDEN, "denied",
          "access_denied" },
        { 400, ERROR("expired_token"), OKTA_ERR_TIMEOUT, "lapsed",
          "expired_token" },
        { 400, ERROR("invalid_grant"), OKTA_ERR_REQUEST, "x", "invalid_grant" },
        { 401, ERROR("invalid_client"), OKTA_ERR_AUTH, "x", "invalid_client" },
        { 200, "{}", OKTA_ERR_PROTOCOL, "without a token", "" },
        { 200, "", OKTA_ERR_PROTOCOL, "not JSON", "" },
        { 200, "{\"token_type\":\"DPoP\",\"access_token\":\"a\"}",
          OKTA_ERR_PROTOCOL, "bound to a key", "" },
        { 200, "{\"token_type\":\"mac\",\"access_token\":\"a\"}",
          OKTA_ERR_PROTOCOL, "unknown type", "" },
        { 200, "{\"token_type\":\"Bearer\",\"access_token\":\"a\\nb\"}",
          OKTA_ERR_PROTOCOL, "access token", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct step steps[] = { STARTED, PENDING,
                                      POLLED(cases[i].status, cases[i].body) };
        FIXTURE_AUTO f = { .device = NULL };

        assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
        assert_int_equal(wait_for(&f), cases[i].want);
        if (strstr(f.err.message, cases[i].message) == NULL)
            fail_msg("%s", f.err.message);
        assert_string_equal(f.err.code, cases[i].code);
        assert_null(f.credential);
        test_script_end(&f.script, "");
    }
}

static void nothing_is_asked_once_the_code_has_lapsed(void **state)
{
    static const struct step steps[] = {
        { START, 200, "",
          "{\"device_code\":\"dcSECRET\",\"user_code\":\"B\","
          "\"verification_uri\":\"" ORG "/activate\",\"expires_in\":12}",
          .check = NULL,
          .sent_body = "scope=okta.apiTokens.read%20okta.apiTokens.manage%"
                       "20offline_access"
                       "&client_id=0oa1" },
        PENDING,
        PENDING,
        PENDING
    };
    FIXTURE_AUTO f = { .device = NULL };

    (void)state;
    assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
    assert_null(okta_device_uri_complete(f.device));
    assert_int_equal(wait_for(&f), OKTA_ERR_TIMEOUT);
    assert_int_equal(f.script.now_ms, 12000);
    test_script_end(&f.script, "");
}

static void a_network_that_fails_is_borne_with(void **state)
{
    static const struct step steps[] = {
        STARTED,
        { POLL, .end = STEP_UNSENT, .sent_body = POLL_BODY },
        /* Sent, so that tokens may have been given: once more, at once. */
        { POLL, .end = STEP_TIMES_OUT, .sent_body = POLL_BODY },
        { POLL, .end = STEP_TIMES_OUT, .sent_body = POLL_BODY },
        POLLED(503, ""),
        POLLED(200, TOKENS),
    };
    FIXTURE_AUTO f = { .device = NULL };

    (void)state;
    assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
    assert_int_equal(wait_for(&f), OKTA_OK);
    assert_int_equal(f.script.now_ms, (5 + 10 + 20 + 40) * 1000);
    test_script_end(&f.script, "");
}

static void a_lost_answer_to_a_poll_is_asked_for_at_once(void **state)
{
    static const struct step steps[] = {
        STARTED,
        { POLL, .end = STEP_LOST, .sent_body = POLL_BODY },
        POLLED(200, TOKENS),
    };
    FIXTURE_AUTO f = { .device = NULL };

    (void)state;
    assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
    assert_int_equal(wait_for(&f), OKTA_OK);
    assert_int_equal(f.script.now_ms, 5000);
}

static void a_sign_in_that_was_to_be_bound_is_not_taken_unbound(void **state)
{
    static const struct step steps[] = {
        STARTED,
        { POLL, 200, "", TOKENS, .check = ignore_request },
        { "POST /oauth2/v1/revoke", 200, "", "",
          .sent_body = "token=rtSECRET&token_type_hint=refresh_token&"
                       "client_id=0oa1" },
        { "POST /oauth2/v1/revoke", 200, "", "",
          .sent_body = "token=atSECRET&token_type_hint=access_token&"
                       "client_id=0oa1" },
    };
    FIXTURE_AUTO f = { .device = NULL };
    okta_device_options options = OKTA_DEVICE_OPTIONS_INIT;

    (void)state;
    options.client_id = "0oa1";
    options.dpop = true;
    assert_int_equal(start_with(&f, steps, ARRAY_LEN(steps), &options),
                     OKTA_OK);
    assert_int_equal(wait_for(&f), OKTA_ERR_PROTOCOL);
    assert_non_null(strstr(f.err.message, "DPoP"));
    assert_non_null(strstr(f.err.message, "was revoked"));
    assert_null(f.credential);
    assert_null(strstr(f.log.data, "SECRET"));
    test_script_end(&f.script, "");
}

static void waiting_can_be_cancelled(void **state)
{
    static const struct step steps[] = { STARTED, PENDING, PENDING };
    FIXTURE_AUTO f = { .device = NULL };

    (void)state;
    assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
    f.script.cancel_at = 3;
    assert_int_equal(wait_for(&f), OKTA_ERR_CANCELLED);
    assert_int_equal(wait_for(&f), OKTA_ERR_CANCELLED);
}

/* ----------------------------------------------------- What is refused -- */

static void an_answer_that_cannot_be_shown_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "[]",
        "{\"user_code\":\"B\",\"verification_uri\":\"" ORG "/activate\"}",
        "{\"device_code\":\"d\",\"verification_uri\":\"" ORG "/activate\"}",
        "{\"device_code\":\"d\",\"user_code\":\"B\"}",
        "{\"device_code\":\"d\",\"user_code\":\"B\",\"verification_uri\":"
        "\"https://evil.test/activate\"}",
        "{\"device_code\":\"d\",\"user_code\":\"B\",\"verification_uri\":"
        "\"http://example.okta.com/activate\"}",
        "{\"device_code\":\"d\",\"user_code\":\"B\",\"verification_uri\":"
        "\"https://example.okta.com:8443/activate\"}",
        "{\"device_code\":\"d\",\"user_code\":\"B\",\"verification_uri\":"
        "\"https://a@example.okta.com/activate\"}",
        "{\"device_code\":\"d\",\"user_code\":\"B\",\"verification_uri\":"
        "\"javascript:alert(1)\"}",
        "{\"device_code\":\"d\",\"user_code\":\"B\",\"verification_uri\":"
        "\"/activate\"}",
        "{\"device_code\":\"d\",\"user_code\":\"B\",\"verification_uri\":"
        "\"" ORG "/activate\",\"verification_uri_complete\":"
        "\"https://evil.test/?user_code=B\"}",
        "{\"device_code\":\"d\",\"user_code\":\"B\\u001b[0m\","
        "\"verification_uri\":\"" ORG "/activate\"}",
        "{\"device_code\":\"d\\n\",\"user_code\":\"B\","
        "\"verification_uri\":\"" ORG "/activate\"}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct step steps[] = { STARTED };
        FIXTURE_AUTO f = { .device = NULL };

        steps[0].body = bodies[i];
        if (start(&f, steps, 1) != OKTA_ERR_PROTOCOL)
            fail_msg("taken: %s", bodies[i]);
        assert_null(f.device);
    }
}

static void a_refusal_by_the_org_is_told(void **state)
{
    struct step steps[] = { STARTED };
    FIXTURE_AUTO f = { .device = NULL };

    (void)state;
    steps[0].status = 401;
    steps[0].body = "{\"error\":\"invalid_client\",\"error_description\":"
                    "\"No such client.\"}";
    assert_int_equal(start(&f, steps, 1), OKTA_ERR_AUTH);
    assert_string_equal(f.err.code, "invalid_client");
    assert_string_equal(f.err.message, "No such client.");
}

static void options_are_checked_before_anything_is_sent(void **state)
{
    static const okta_device_options bad[] = {
        { .size = sizeof(okta_device_options) + 1, .client_id = "0oa1" },
        { .size = sizeof(okta_device_options) },
        { .size = sizeof(okta_device_options), .client_id = "" },
        { .size = sizeof(okta_device_options), .client_id = "a\nb" },
        { .size = sizeof(okta_device_options),
          .client_id = "0oa1",
          .scopes = "" },
        { .size = sizeof(okta_device_options),
          .client_id = "0oa1",
          .scopes = "a\nb" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        FIXTURE_AUTO f = { .device = NULL };

        assert_int_equal(start_with(&f, NULL, 0, &bad[i]), OKTA_ERR_ARGUMENT);
        assert_null(f.device);
    }
}

static void a_client_for_signing_in_does_nothing_else(void **state)
{
    static const struct step steps[] = { STARTED };
    FIXTURE_AUTO f = { .device = NULL };
    AUTO(okta_api_token) token = NULL;
    char *text = NULL;

    (void)state;
    assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
    assert_int_equal(okta_api_token_get(f.client, "00T1", NULL, &token, &f.err),
                     OKTA_ERR_ARGUMENT);
    assert_int_equal(okta_client_authorization(f.client, &text, &f.err),
                     OKTA_ERR_ARGUMENT);
    assert_int_equal(okta_client_sign_out(f.client, &f.err), OKTA_ERR_ARGUMENT);
    test_script_end(&f.script, "");
}

/* -------------------------------------------------------- Another run --- */

static void what_was_begun_can_be_ended_elsewhere(void **state)
{
    static const struct step steps[] = { STARTED, PENDING,
                                         POLLED(200, TOKENS) };
    FIXTURE_AUTO f = { .device = NULL };
    char *text = NULL;

    (void)state;
    assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
    assert_int_equal(okta_device_export(f.device, &text, NULL), OKTA_OK);
    okta_device_free(f.device);
    f.device = NULL;
    assert_int_equal(okta_device_import(text, &f.device, &f.err), OKTA_OK);
    okta_text_free(text);
    assert_string_equal(okta_device_user_code(f.device), "BCDF-GHJK");
    assert_string_equal(okta_device_uri_complete(f.device),
                        ORG "/activate?user_code=BCDFGHJK");
    assert_int_equal(okta_device_expires_at(f.device), NOW + 600);
    assert_int_equal(wait_for(&f), OKTA_OK);
    assert_int_equal(f.script.now_ms, 10000);
    assert_int_equal(okta_credential_export(f.credential, &text, NULL),
                     OKTA_OK);
    assert_non_null(strstr(text, "rtSECRET"));
    okta_text_free(text);
}

static void a_key_goes_along(void **state)
{
    static const struct step steps[] = { STARTED };
    okta_device_options options = OKTA_DEVICE_OPTIONS_INIT;
    FIXTURE_AUTO f = { .device = NULL };
    AUTO(okta_device) again = NULL;
    char *first = NULL;
    char *second = NULL;

    (void)state;
    options.client_id = "0oa1";
    options.dpop = true;
    assert_int_equal(start_with(&f, steps, 1, &options), OKTA_OK);
    assert_int_equal(okta_device_export(f.device, &first, NULL), OKTA_OK);
    assert_non_null(strstr(first, "P-256"));
    assert_int_equal(okta_device_import(first, &again, NULL), OKTA_OK);
    assert_int_equal(okta_device_export(again, &second, NULL), OKTA_OK);
    assert_string_equal(first, second);
    okta_text_free(first);
    okta_text_free(second);
}

static void what_is_no_sign_in_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "x",
        "[]",
        "{}",
        "{\"state\":\"{}\"}",
        "{\"state\":\"{\\\"kind\\\":\\\"device\\\",\\\"org\\\":\\\"" ORG
        "\\\",\\\"client\\\":\\\"0oa1\\\"}\"}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        okta_device *device = NULL;

        if (okta_device_import(bad[i], &device, NULL) == OKTA_OK)
            fail_msg("taken: %s", bad[i]);
        assert_null(device);
    }
}

static void a_sign_in_is_for_its_own_org(void **state)
{
    static const struct step steps[] = { STARTED };
    FIXTURE_AUTO f = { .device = NULL };
    AUTO(okta_credential) none = NULL;
    AUTO(okta_client) other = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;

    (void)state;
    assert_int_equal(start(&f, steps, ARRAY_LEN(steps)), OKTA_OK);
    assert_int_equal(okta_credential_none(&none, NULL), OKTA_OK);
    options.org_url = "https://evil.example.com";
    options.credential = none;
    assert_int_equal(okta_client_new(&options, &other, NULL), OKTA_OK);
    assert_int_equal(okta_device_wait(other, f.device, &f.credential, &f.err),
                     OKTA_ERR_ARGUMENT);
}

/* --------------------------------------------------------------- Memory -- */

static okta_status whole_grant(long nth)
{
    static const struct step steps[] = { STARTED, PENDING,
                                         POLLED(200, TOKENS) };
    FIXTURE_AUTO f = { .device = NULL };
    okta_device_options options = OKTA_DEVICE_OPTIONS_INIT;
    char *text = NULL;
    okta_status st;

    options.client_id = "0oa1";
    /* The client first: its making has tests of its own. */
    st = start_with(&f, steps, ARRAY_LEN(steps),
                    &(okta_device_options){ .size = 1 });
    assert_int_equal(st, OKTA_ERR_ARGUMENT);
    test_fail_alloc(nth);
    st = okta_device_start(f.client, &options, &f.device, &f.err);
    if (st == OKTA_OK)
        st = okta_device_export(f.device, &text, &f.err);
    if (st == OKTA_OK)
        st = wait_for(&f);
    test_fail_alloc(-1);
    okta_text_free(text);
    return st;
}

static void every_allocation_may_fail(void **state)
{
    okta_status st;
    long n = 0;

    (void)state;
    do {
        st = whole_grant(n++);
        if (st != OKTA_OK && st != OKTA_ERR_MEMORY)
            fail_msg("allocation %ld: %s", n - 1, okta_status_name(st));
    } while (st != OKTA_OK || test_alloc_failed());
    assert_true(n > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(a_person_allows_it_after_a_while),
        cmocka_test(slow_down_adds_five_seconds_each_time),
        cmocka_test(the_interval_is_what_the_org_says),
        cmocka_test(a_denial_and_an_end_are_told),
        cmocka_test(nothing_is_asked_once_the_code_has_lapsed),
        cmocka_test(a_network_that_fails_is_borne_with),
        cmocka_test(a_lost_answer_to_a_poll_is_asked_for_at_once),
        cmocka_test(a_sign_in_that_was_to_be_bound_is_not_taken_unbound),
        cmocka_test(waiting_can_be_cancelled),
        cmocka_test(an_answer_that_cannot_be_shown_is_refused),
        cmocka_test(a_refusal_by_the_org_is_told),
        cmocka_test(options_are_checked_before_anything_is_sent),
        cmocka_test(a_client_for_signing_in_does_nothing_else),
        cmocka_test(what_was_begun_can_be_ended_elsewhere),
        cmocka_test(a_key_goes_along),
        cmocka_test(what_is_no_sign_in_is_refused),
        cmocka_test(a_sign_in_is_for_its_own_org),
        cmocka_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
