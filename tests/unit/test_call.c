/* SPDX-License-Identifier: Apache-2.0 */
/* test_call.c - retries, pacing, budgets, lost answers, cancelling, logs. */
#include <stdio.h>
#include <string.h>

#include "sys/clock.h"
#include "tests/unit/test.h"

#define ID "00Taaaaaaaaaaaaaaaaa"
#define URL_ID PATH "/" ID
#define TOKEN "{\"id\":\"" ID "\",\"name\":\"ci\"}"
#define DATE "Date: Mon, 24 Nov 2025 16:00:00 GMT\n" /* NOW */
#define RATE(limit, remaining, reset)                                        \
    DATE "X-Rate-Limit-Limit: " limit "\nX-Rate-Limit-Remaining: " remaining \
         "\nX-Rate-Limit-Reset: " reset "\n"

static okta_status get(okta_client *client, okta_response *response,
                       okta_error *err)
{
    AUTO(okta_api_token) token = NULL;

    return okta_api_token_get(client, ID, response, &token, err);
}

/* The milliseconds of the nth sleep of the script's log, ticks added up. */
static int64_t slept(const struct script *script)
{
    return script->now_ms;
}

/* ------------------------------------------------------------ 429, 5xx -- */

static void a_429_waits_until_just_after_the_reset(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 429,
          RATE("50", "0", "1764000007") "X-Okta-Request-Id: first\n" },
        { "GET " URL_ID, 200, RATE("50", "49", "1764000060"), TOKEN,
          STEP_ANSWERS, NULL, "X-Okta-Retry-For: first" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_response) response = NULL;

    (void)state;
    assert_int_equal(okta_response_new(&response, NULL), OKTA_OK);
    assert_int_equal(get(client, response, NULL), OKTA_OK);
    assert_int_equal(slept(&script), 8000);
    assert_int_equal(okta_response_attempts(response), 2);
    test_script_end(&script, "");
}

static void a_retry_counts_itself(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 503, "X-Okta-Request-Id: first\n" },
        { "GET " URL_ID, 503, "X-Okta-Request-Id: second\n", NULL, STEP_ANSWERS,
          NULL, "X-Okta-Retry-Count: 1" },
        { "GET " URL_ID, 200, "", TOKEN, STEP_ANSWERS, NULL,
          "X-Okta-Retry-Count: 2" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 3);

    (void)state;
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    test_script_end(&script, "");
}

static void retry_after_comes_before_the_reset(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 429,
          RATE("50", "0", "1764000050") "Retry-After: 3\n" },
        { "GET " URL_ID, 200, "", TOKEN },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);

    (void)state;
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_int_equal(slept(&script), 3000);
    test_script_end(&script, "");
}

static void a_server_failure_waits_as_long_as_it_says(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 503, "Retry-After: 3\n" },
        { "GET " URL_ID, 503,
          DATE "Retry-After: Mon, 24 Nov 2025 16:00:04 GMT\n" },
        { "GET " URL_ID, 200, "", TOKEN },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 3);

    (void)state;
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_int_equal(slept(&script), 7000);
    test_script_end(&script, "");
}

static void a_wait_of_nothing_backs_off_all_the_same(void **state)
{
    static const char *const headers[] = {
        "Retry-After: 0\n",
        RATE("50", "0", "1763999000"),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        const struct step steps[] = {
            { "GET " URL_ID, 429, headers[i] },
            { "GET " URL_ID, 200, "", TOKEN },
        };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, steps, 2);

        assert_int_equal(get(client, NULL, NULL), OKTA_OK);
        assert_in_range(slept(&script), 500, 1000);
        test_script_end(&script, "");
    }
}

/* Without a Date header the wait is told by this machine's clock. */
static void an_error_tells_no_wait_of_decades(void **state)
{
    struct step step = { "GET " URL_ID, 429, NULL, "" };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    char headers[128];
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    snprintf(headers, sizeof(headers), "X-Rate-Limit-Reset: %lld\n",
             (long long)okt_clock_now() + 30);
    step.headers = headers;
    options.retries = OKTA_NONE;
    client = test_client_with(&script, &step, 1, &options);
    assert_int_equal(get(client, NULL, &err), OKTA_ERR_RATE_LIMIT);
    assert_in_range(err.retry_after, 29, 31);
}

static void a_concurrency_429_backs_off_with_jitter(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 429, RATE("0", "0", "1764000050") },
        { "GET " URL_ID, 429, RATE("0", "0", "1764000050") },
        { "GET " URL_ID, 200, "", TOKEN },
    };
    int64_t first = -1;
    bool differs = false;

    (void)state;
    for (int i = 0; i < 20; i++) {
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, steps, 3);

        assert_int_equal(get(client, NULL, NULL), OKTA_OK);
        assert_in_range(slept(&script), 1500, 3000);
        first = i == 0 ? slept(&script) : first;
        differs |= slept(&script) != first;
        test_script_end(&script, "");
    }
    assert_true(differs);
}

static void server_failures_back_off_twice_as_long_each_time(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 500 }, { "GET " URL_ID, 502 }, { "GET " URL_ID, 503 },
        { "GET " URL_ID, 504 }, { "GET " URL_ID, 500 },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 5);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, NULL, &err), OKTA_ERR_SERVER);
    assert_int_equal(err.http_status, 500);
    /* 500 + 1000 + 2000 + 4000 ms, each at least half of it. */
    assert_in_range(slept(&script), 3750, 7500);
    test_script_end(&script, "");
}

static void broken_connections_are_tried_again(void **state)
{
    static const enum step_end ends[] = { STEP_UNSENT, STEP_LOST, STEP_BROKEN,
                                          STEP_TIMES_OUT };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        const struct step steps[] = {
            { "GET " URL_ID, 200, "", "{", ends[i] },
            { "GET " URL_ID, 200, "", TOKEN },
        };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, steps, 2);

        assert_int_equal(get(client, NULL, NULL), OKTA_OK);
        test_script_end(&script, "");
    }
}

static void what_is_wrong_for_good_is_not_tried_again(void **state)
{
    static const int statuses[] = { 400, 401, 403, 404, 409, 501, 505 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        const struct step step = { "GET " URL_ID, statuses[i], "", "" };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, &step, 1);

        assert_int_not_equal(get(client, NULL, NULL), OKTA_OK);
        test_script_end(&script, "");
    }
}

/* -------------------------------------------------------------- Budgets -- */

static void no_more_retries_than_the_budget(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 0, "", NULL, STEP_LOST },
        { "GET " URL_ID, 0, "", NULL, STEP_LOST },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    options.retries = 1;
    client = test_client_with(&script, steps, 2, &options);
    assert_int_equal(get(client, NULL, &err), OKTA_ERR_NETWORK);
    assert_int_equal(err.maybe_done, 0); /* a GET does nothing */
    test_script_end(&script, "");
}

static void no_longer_waits_than_the_budget(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 429, RATE("50", "0", "1764000009") },
        { "GET " URL_ID, 429, RATE("50", "0", "1764000009") },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    options.max_wait_s = 19; /* room for one wait of 10 s, not for two */
    client = test_client_with(&script, steps, 2, &options);
    assert_int_equal(get(client, NULL, &err), OKTA_ERR_RATE_LIMIT);
    assert_int_equal(err.http_status, 429);
    assert_int_equal(err.retry_after, 10);
    assert_int_equal(slept(&script), 10000);
    test_script_end(&script, "");
}

static void none_means_not_to_wait_at_all(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 429, RATE("50", "0", "1764000009") },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;

    (void)state;
    options.max_wait_s = OKTA_NONE;
    client = test_client_with(&script, steps, 1, &options);
    assert_int_equal(get(client, NULL, NULL), OKTA_ERR_RATE_LIMIT);
    assert_int_equal(slept(&script), 0);
    test_script_end(&script, "");
}

/* --------------------------------------------------------------- Pacing -- */

static void the_call_after_the_last_of_a_window_waits_for_the_next(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 200, RATE("50", "0", "1764000004"), TOKEN },
        { "GET " URL_ID, 200, RATE("50", "49", "1764000064"), TOKEN },
        { "GET " URL_ID, 200, "", TOKEN },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 3);

    (void)state;
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    script.now_ms += 2000; /* two of the five seconds pass by themselves */
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_int_equal(slept(&script), 5000);
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_int_equal(slept(&script), 5000);
    test_script_end(&script,
                    "start 1;headers 1;done 1;sleep 1000;sleep 1000;"
                    "sleep 1000;start 2;headers 2;done 2;start 3;headers 3;"
                    "done 3;");
}

static void a_pause_that_is_too_long_sends_nothing(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 200, RATE("50", "0", "1764000029"), TOKEN },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    options.max_wait_s = 5;
    client = test_client_with(&script, steps, 1, &options);
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_int_equal(get(client, NULL, &err), OKTA_ERR_RATE_LIMIT);
    assert_int_equal(err.http_status, 0);
    assert_int_equal(err.retry_after, 30);
    test_script_end(&script, "");
}

/* Keeps the reason of the last wait. */
static int keep_reason(void *ctx, okta_wait_reason reason, int64_t left_ms)
{
    okta_wait_reason *last = ctx;

    (void)left_ms;
    *last = reason;
    return 0;
}

/* What the second call waits after an answer to the first. */
static void expect_reserve(int reserve, const char *rate, int64_t ms,
                           okta_wait_reason why)
{
    const struct step steps[] = {
        { "GET " URL_ID, 200, rate, TOKEN },
        { "GET " URL_ID, 200, "", TOKEN },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_wait_reason reason = OKTA_WAIT_RETRY;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;

    options.reserve = reserve;
    options.wait = keep_reason;
    options.wait_ctx = &reason;
    client = test_client_with(&script, steps, 2, &options);
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_int_equal(slept(&script), ms);
    assert_int_equal(reason, why);
}

static void others_are_left_their_share(void **state)
{
    (void)state;
    expect_reserve(0, RATE("50", "1", "1764000004"), 0, OKTA_WAIT_RETRY);
    expect_reserve(10, RATE("50", "6", "1764000004"), 0, OKTA_WAIT_RETRY);
    expect_reserve(10, RATE("50", "5", "1764000004"), 5000, OKTA_WAIT_RESERVE);
    expect_reserve(10, RATE("59", "5", "1764000004"), 5000, OKTA_WAIT_RESERVE);
    expect_reserve(10, RATE("50", "1", "1764000004"), 5000, OKTA_WAIT_RESERVE);
    expect_reserve(10, RATE("50", "0", "1764000004"), 5000,
                   OKTA_WAIT_RATE_LIMIT);
    expect_reserve(10, RATE("9", "1", "1764000004"), 0, OKTA_WAIT_RETRY);
    expect_reserve(99, RATE("600", "595", "1764000004"), 0, OKTA_WAIT_RETRY);
    expect_reserve(99, RATE("600", "594", "1764000004"), 5000,
                   OKTA_WAIT_RESERVE);
    expect_reserve(99, RATE("0", "0", "1764000004"), 0, OKTA_WAIT_RETRY);
    expect_reserve(99, RATE("600", "", "1764000004"), 0, OKTA_WAIT_RETRY);
    expect_reserve(99, RATE("600", "9", "1763999998"), 0, OKTA_WAIT_RETRY);
}

static void a_share_that_takes_too_long_to_leave_sends_nothing(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 200, RATE("50", "5", "1764000029"), TOKEN },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    options.max_wait_s = 5;
    options.reserve = 10;
    client = test_client_with(&script, steps, 1, &options);
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_int_equal(get(client, NULL, &err), OKTA_ERR_RATE_LIMIT);
    assert_int_equal(err.http_status, 0);
    assert_int_equal(err.retry_after, 30);
    assert_string_equal(err.message,
                        "leaving others the rest of the rate limit means to "
                        "wait 30 s, more than is left of the 5 s to wait at "
                        "most");
    test_script_end(&script, "");
}

/* --------------------------------------------------------- Lost answers -- */

static void a_404_after_a_lost_answer_is_a_success(void **state)
{
    static const struct {
        struct step first;
        okta_status status;
    } cases[] = {
        { { "DELETE " URL_ID, 0, "", NULL, STEP_LOST }, OKTA_OK },
        { { "DELETE " URL_ID, 0, "", NULL, STEP_TIMES_OUT }, OKTA_OK },
        { { "DELETE " URL_ID, 504, "", NULL, STEP_ANSWERS }, OKTA_OK },
        { { "DELETE " URL_ID, 502, "", NULL, STEP_ANSWERS }, OKTA_OK },
        { { "DELETE " URL_ID, 0, "", NULL, STEP_UNSENT }, OKTA_ERR_NOT_FOUND },
        { { "DELETE " URL_ID, 503, "", NULL, STEP_ANSWERS },
          OKTA_ERR_NOT_FOUND },
        { { "DELETE " URL_ID, 429, RATE("5", "0", "1764000000"), NULL,
            STEP_ANSWERS },
          OKTA_ERR_NOT_FOUND },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct step steps[] = { cases[i].first,
                                      { "DELETE " URL_ID, 404, "", "" } };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, steps, 2);

        assert_int_equal(okta_api_token_revoke(client, ID, NULL, NULL),
                         cases[i].status);
        test_script_end(&script, "");
    }
}

static void a_request_that_the_transport_repeated_counts_as_lost(void **state)
{
    static const struct step step = { "DELETE " URL_ID, 404, "", "",
                                      STEP_RESENT };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, &step, 1);

    (void)state;
    assert_int_equal(okta_api_token_revoke(client, ID, NULL, NULL), OKTA_OK);
    test_script_end(&script, "");
}

/* What stands between here and the org says nothing about a token. */
static void what_a_gateway_answers_is_not_the_orgs_word(void **state)
{
#define HTML "Content-Type: text/html; charset=utf-8\n"
    static const struct {
        int status;
        const char *headers;
        const char *body;
        okta_status st;
    } cases[] = {
        { 200, HTML, "<html>Sign in to the Wi-Fi</html>", OKTA_ERR_NETWORK },
        { 200, "Content-Type: text/plain\n", "ok", OKTA_ERR_NETWORK },
        { 302, "Location: http://portal.example/\n", "", OKTA_ERR_NETWORK },
        { 401, HTML, "<p>", OKTA_ERR_NETWORK },
        { 401, "Server: x\n", "", OKTA_ERR_NETWORK },
        { 401, "WWW-Authenticate: Basic realm=\"x\"\n", "", OKTA_ERR_NETWORK },
        { 403, HTML, "Forbidden", OKTA_ERR_NETWORK },
        { 403, "Content-Type: application/json\n",
          "{\"message\":\"Forbidden\"}", OKTA_ERR_NETWORK },
        { 404, HTML, "<html></html>", OKTA_ERR_NETWORK },
        { 404, "Content-Type: application/json\n",
          "{\"status\":404,\"error\":\"Not Found\"}", OKTA_ERR_NETWORK },
        { 404, "Server: x\n", "", OKTA_ERR_NETWORK },
        { 501, HTML, "<html></html>", OKTA_ERR_SERVER },
        { 505, HTML, "<html></html>", OKTA_ERR_SERVER },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct step steps[] = {
            { "DELETE " URL_ID, 502, HTML, "<html></html>" },
            { "DELETE " URL_ID, cases[i].status, cases[i].headers,
              cases[i].body },
        };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, steps, 2);
        okta_error err = { 0 };
        okta_status st = okta_api_token_revoke(client, ID, NULL, &err);

        if (st != cases[i].st || err.cause != OKTA_CAUSE_GATEWAY ||
            err.http_status != cases[i].status || !err.maybe_done ||
            strstr(err.message, "example.okta.com") == NULL)
            fail_msg("case %zu: %s, %s", i, okta_status_name(st), err.message);
        test_script_end(&script, "");
    }
#undef HTML
}

/* OAuth failures have an empty body, and all in a header. */
static void a_challenge_of_oauth_is_the_orgs_word(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 401,
          "WWW-Authenticate: Bearer realm=\"x\", error=\"invalid_token\"\n",
          "" },
        { "GET " URL_ID, 403,
          "WWW-Authenticate: Bearer error=\"insufficient_scope\"\n", "" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    okta_error err;

    (void)state;
    assert_int_equal(get(client, NULL, &err), OKTA_ERR_AUTH);
    assert_int_equal(err.cause, OKTA_CAUSE_NONE);
    assert_int_equal(get(client, NULL, &err), OKTA_ERR_FORBIDDEN);
    assert_int_equal(err.cause, OKTA_CAUSE_NONE);
}

static void a_404_at_once_is_not_found(void **state)
{
    static const struct step step = { "DELETE " URL_ID, 404, "", "" };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, &step, 1);

    (void)state;
    assert_int_equal(okta_api_token_revoke(client, ID, NULL, NULL),
                     OKTA_ERR_NOT_FOUND);
}

static void revoke_current_takes_a_401_for_its_lost_success(void **state)
{
    static const struct step steps[] = {
        { "DELETE " PATH "/current", 0, "", NULL, STEP_LOST },
        { "DELETE " PATH "/current", 401, "", "" },
        { "DELETE " PATH "/current", 401, "", "" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 3);

    (void)state;
    assert_int_equal(okta_api_token_revoke_current(client, NULL, NULL),
                     OKTA_OK);
    assert_int_equal(okta_api_token_revoke_current(client, NULL, NULL),
                     OKTA_ERR_AUTH);
    test_script_end(&script, "");
}

static void a_revocation_that_never_got_an_answer_says_so(void **state)
{
    static const struct step steps[] = {
        { "DELETE " URL_ID, 0, "", NULL, STEP_LOST },
        { "DELETE " URL_ID, 0, "", NULL, STEP_UNSENT },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    options.retries = 1;
    client = test_client_with(&script, steps, 2, &options);
    assert_int_equal(okta_api_token_revoke(client, ID, NULL, &err),
                     OKTA_ERR_NETWORK);
    assert_int_equal(err.maybe_done, 1);
    test_script_end(&script, "");
}

/* Ends a PUT whose first attempt ends so; further steps must not be needed. */
static okta_status put(const struct step *steps, size_t count, okta_error *err)
{
    static const char json[] = TOKEN;
    okta_network network = OKTA_NETWORK_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, count);
    AUTO(okta_api_token) token = NULL;
    okta_status st;

    assert_int_equal(okt_api_token_parse(json, sizeof(json) - 1, &token, NULL),
                     OKTA_OK);
    network.connection = "ANYWHERE";
    st = okta_api_token_set_network(client, token, &network, NULL, NULL, err);
    test_script_end(&script, "");
    return st;
}

#define UPDATE "{\"name\":\"ci\",\"network\":{\"connection\":\"ANYWHERE\"}}"

static void a_put_is_repeated_only_where_nothing_was_sent(void **state)
{
    static const struct step steps[][2] = {
        { { "PUT " URL_ID, 0, "", NULL, STEP_UNSENT, UPDATE },
          { "PUT " URL_ID, 200, "", TOKEN, STEP_ANSWERS, UPDATE } },
        { { "PUT " URL_ID, 429, RATE("5", "0", "1764000000"), "", STEP_ANSWERS,
            UPDATE },
          { "PUT " URL_ID, 200, "", TOKEN, STEP_ANSWERS, UPDATE } },
        { { "PUT " URL_ID, 0, "", NULL, STEP_LOST, UPDATE } },
        { { "PUT " URL_ID, 503, "", NULL, STEP_ANSWERS, UPDATE } },
        { { "PUT " URL_ID, 200, "", NULL, STEP_BROKEN, UPDATE } },
    };
    okta_error err = { 0 };

    (void)state;
    assert_int_equal(put(steps[0], 2, &err), OKTA_OK);
    assert_int_equal(put(steps[1], 2, &err), OKTA_OK);
    assert_int_equal(put(steps[2], 1, &err), OKTA_ERR_NETWORK);
    assert_int_equal(err.maybe_done, 1);
    assert_int_equal(put(steps[3], 1, &err), OKTA_ERR_SERVER);
    assert_int_equal(put(steps[4], 1, &err), OKTA_ERR_NETWORK);
    assert_int_equal(err.maybe_done, 1);
}

/* ----------------------------------------------------------- Cancelling -- */

static void cancel_ends_the_call_under_way_and_later_ones(void **state)
{
    static const struct step step = { "GET " URL_ID, 200, "", TOKEN };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, &step, 1);

    (void)state;
    script.cancel_at = 1;
    assert_int_equal(get(client, NULL, NULL), OKTA_ERR_CANCELLED);
    script.cancel_at = 0;
    script.next = 0;
    assert_int_equal(get(client, NULL, NULL), OKTA_ERR_CANCELLED);
}

struct waits {
    int calls;
    int64_t longest;
    int64_t last;
    int give_up_after; /* so many calls; 0: never */
};

static int on_wait(void *ctx, okta_wait_reason reason, int64_t left_ms)
{
    struct waits *waits = ctx;

    assert_int_equal(reason, OKTA_WAIT_RATE_LIMIT);
    waits->calls++;
    waits->longest = left_ms > waits->longest ? left_ms : waits->longest;
    waits->last = left_ms;
    return waits->calls == waits->give_up_after;
}

static void a_wait_is_told_each_second_and_at_its_end(void **state)
{
    static const struct step steps[] = {
        { "GET " URL_ID, 429, RATE("50", "0", "1764000003") },
        { "GET " URL_ID, 200, "", TOKEN },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct waits waits = { 0 };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;

    (void)state;
    options.wait = on_wait;
    options.wait_ctx = &waits;
    client = test_client_with(&script, steps, 2, &options);
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_int_equal(waits.calls, 5);
    assert_int_equal(waits.longest, 4000);
    assert_int_equal(waits.last, 0);
}

static void a_wait_can_be_given_up(void **state)
{
    static const struct step step = { "GET " URL_ID, 429,
                                      RATE("50", "0", "1764000003") };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct waits waits = { .give_up_after = 2 };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;

    (void)state;
    options.wait = on_wait;
    options.wait_ctx = &waits;
    client = test_client_with(&script, &step, 1, &options);
    assert_int_equal(get(client, NULL, NULL), OKTA_ERR_CANCELLED);
    assert_int_equal(slept(&script), 1000);
}

/* ----------------------------------------------------------------- Log -- */

static void keep_line(void *ctx, okta_log_level level, const char *line)
{
    (void)level;
    okt_buf_printf(ctx, "%s\n", line);
}

static void the_log_tells_all_but_secrets(void **state)
{
    static const struct step step = { "GET " URL_ID, 200,
                                      "X-Okta-Request-Id: r1\n", TOKEN };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    OKT_BUF_AUTO log = OKT_BUF_INIT(65536);
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;

    (void)state;
    options.log = keep_line;
    options.log_ctx = &log;
    options.log_level = OKTA_LOG_DEBUG;
    client = test_client_with(&script, &step, 1, &options);
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
    assert_non_null(strstr(log.data, "> GET " ORG URL_ID "\n"));
    assert_non_null(strstr(log.data, "> Authorization: SSWS [redacted]\n"));
    assert_non_null(strstr(log.data,
                           "GET " ORG URL_ID " 200, 0 ms, request r1\n"));
    assert_null(strstr(log.data, SECRET));
}

/* An access token has no shape to tell it by; it is known all the same. */
static void a_credential_that_is_thrown_back_is_struck_out(void **state)
{
    static const char token[] = "opaqueAccessToken_0123456789";
    static const struct step steps[] = {
        { "GET " URL_ID, 503,
          "X-Okta-Request-Id: opaqueAccessToken_0123456789\n", "" },
        { "GET " URL_ID, 400, "X-Echo: Bearer opaqueAccessToken_0123456789\n",
          "{\"errorSummary\":\"no opaqueAccessToken_0123456789\","
          "\"errorCauses\":[{\"errorSummary\":"
          "\"opaqueAccessToken_0123456789\"}]}" },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    OKT_BUF_AUTO log = OKT_BUF_INIT(65536);
    AUTO(okta_credential) bearer = NULL;
    AUTO(okta_response) response = NULL;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(okta_response_new(&response, NULL), OKTA_OK);
    assert_int_equal(okta_credential_bearer(token, &bearer, NULL), OKTA_OK);
    options.credential = bearer;
    options.log = keep_line;
    options.log_ctx = &log;
    options.log_level = OKTA_LOG_DEBUG;
    client = test_client_with(&script, steps, 2, &options);
    assert_int_equal(get(client, response, &err), OKTA_ERR_REQUEST);
    assert_null(strstr(err.message, token));
    assert_null(strstr(okta_response_cause(response, 0), token));
    assert_null(strstr(okta_response_header(response, "X-Echo"), token));
    assert_null(strstr(okta_response_body(response, NULL), token));
    okt_log(client, OKTA_LOG_DEBUG, "< X-Echo: %s", token);
    assert_non_null(strstr(log.data, "< X-Echo: ***"));
    assert_null(strstr(log.data, token));
    assert_null(strstr(log.data, "Retry-For"));
}

static void options_that_cannot_be_are_refused(void **state)
{
    AUTO(okta_credential) credential = NULL;
    okta_client *client = NULL;
    okta_client_options good = OKTA_CLIENT_OPTIONS_INIT;
    okta_error err;

    (void)state;
    assert_int_equal(okta_credential_ssws(SECRET, &credential, NULL), OKTA_OK);
    good.org_url = ORG;
    good.credential = credential;
    for (int i = 0; i < 11; i++) {
        okta_client_options o = good;

        o.org_url = i == 0 ? NULL : o.org_url;
        o.credential = i == 1 ? NULL : o.credential;
        o.size += i == 2;
        o.timeout_ms = i == 3 ? -1 : 0;
        o.retries = i == 4 ? -2 : 0;
        o.max_wait_s = i == 5 ? -2 : 0;
        o.proxy = i == 6 ? "http://user:pw@127.0.0.1:1" : NULL;
        o.user_agent = i == 7 ? "a\r\nX: y" : NULL;
        o.max_body = i == 8 ? (size_t)2 << 30 : 0;
        o.reserve = i == 9 ? -1 : i == 10 ? 100 : 99;
        assert_int_equal(okta_client_new(&o, &client, &err), OKTA_ERR_ARGUMENT);
        assert_int_equal(strstr(err.message, "OKTA_CLIENT_OPTIONS_INIT") !=
                             NULL,
                         i == 2);
    }
    assert_int_equal(okta_client_new(&good, &client, NULL), OKTA_OK);
    assert_string_equal(okta_client_org_url(client), ORG);
    okta_client_free(client);
}

/* A program built against an older header has a shorter struct. */
static void a_shorter_struct_has_defaults_for_the_rest(void **state)
{
    static const struct step step = { "GET " URL_ID, 200, "", TOKEN };
    okta_client_options options;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;

    (void)state;
    memset(&options, 0xff, sizeof(options));
    options.size = offsetof(okta_client_options, user_agent);
    options.credential = NULL;
    client = test_client_with(&script, &step, 1, &options);
    assert_int_equal(get(client, NULL, NULL), OKTA_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_429_waits_until_just_after_the_reset),
        cmocka_unit_test(a_retry_counts_itself),
        cmocka_unit_test(retry_after_comes_before_the_reset),
        cmocka_unit_test(a_server_failure_waits_as_long_as_it_says),
        cmocka_unit_test(a_wait_of_nothing_backs_off_all_the_same),
        cmocka_unit_test(an_error_tells_no_wait_of_decades),
        cmocka_unit_test(a_concurrency_429_backs_off_with_jitter),
        cmocka_unit_test(server_failures_back_off_twice_as_long_each_time),
        cmocka_unit_test(broken_connections_are_tried_again),
        cmocka_unit_test(what_is_wrong_for_good_is_not_tried_again),
        cmocka_unit_test(no_more_retries_than_the_budget),
        cmocka_unit_test(no_longer_waits_than_the_budget),
        cmocka_unit_test(none_means_not_to_wait_at_all),
        cmocka_unit_test(
            the_call_after_the_last_of_a_window_waits_for_the_next),
        cmocka_unit_test(a_pause_that_is_too_long_sends_nothing),
        cmocka_unit_test(others_are_left_their_share),
        cmocka_unit_test(a_share_that_takes_too_long_to_leave_sends_nothing),
        cmocka_unit_test(a_404_after_a_lost_answer_is_a_success),
        cmocka_unit_test(what_a_gateway_answers_is_not_the_orgs_word),
        cmocka_unit_test(a_challenge_of_oauth_is_the_orgs_word),
        cmocka_unit_test(a_request_that_the_transport_repeated_counts_as_lost),
        cmocka_unit_test(a_404_at_once_is_not_found),
        cmocka_unit_test(revoke_current_takes_a_401_for_its_lost_success),
        cmocka_unit_test(a_revocation_that_never_got_an_answer_says_so),
        cmocka_unit_test(a_put_is_repeated_only_where_nothing_was_sent),
        cmocka_unit_test(cancel_ends_the_call_under_way_and_later_ones),
        cmocka_unit_test(a_wait_is_told_each_second_and_at_its_end),
        cmocka_unit_test(a_wait_can_be_given_up),
        cmocka_unit_test(the_log_tells_all_but_secrets),
        cmocka_unit_test(a_credential_that_is_thrown_back_is_struck_out),
        cmocka_unit_test(options_that_cannot_be_are_refused),
        cmocka_unit_test(a_shorter_struct_has_defaults_for_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
