/* SPDX-License-Identifier: Apache-2.0 */
/* test_page.c - lists: pages, what the org ignores, cursors, the page ahead. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"

#define T(n) "{\"id\":\"00T" #n "\",\"name\":\"token " #n "\"}"
#define NEXT(query) "Link: <" ORG PATH query ">; rel=\"next\"\n"

/* The ids' last letters of all tokens of a page. */
static void expect_page(const okta_page *page, const char *names)
{
    char seen[64] = "";

    assert_true(okta_page_count(page) < sizeof(seen));
    for (size_t i = 0; i < okta_page_count(page); i++)
        seen[i] = okta_api_token_id(okta_page_api_token(page, i))[3];
    assert_string_equal(seen, names);
}

static void list_walks_every_page_and_asks_ahead(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH, 200,
          "Link: <" ORG PATH ">; rel=\"self\"\n" NEXT("?after=b"),
          "[" T(a) "," T(b) "]" },
        { "GET " PATH "?after=b", 200, NEXT("?after=c"), "[" T(c) "]" },
        { "GET " PATH "?after=c", 200, "", "[ ]" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 3);
    AUTO(okta_page) page = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(okta_api_token_list(client, NULL, NULL, &page, &err),
                     OKTA_OK);
    expect_page(page, "ab");
    assert_string_equal(okta_page_cursor(page), "b");
    assert_true(okta_page_more(page));
    assert_int_equal(okta_page_next(client, page, NULL, &err), OKTA_OK);
    expect_page(page, "c");
    assert_int_equal(okta_page_next(client, page, NULL, &err), OKTA_OK);
    expect_page(page, "");
    assert_false(okta_page_more(page));
    assert_null(okta_page_cursor(page));
    assert_int_equal(okta_page_next(client, page, NULL, &err), OKTA_DONE);
    expect_page(page, "");
    test_script_end(&script, "start 1;headers 1;start 2;done 1;"
                             "headers 2;start 3;done 2;headers 3;done 3;");
}

/* An org knows no such filter: what it sends of others is left out. */
static void tokens_of_one_owner_are_picked_out(void **state)
{
#define OF(n, user) \
    "{\"id\":\"00T" #n "\",\"name\":\"t\",\"userId\":\"" user "\"}"
    static const struct step steps[] = {
        { "GET " PATH, 200, NEXT("?after=b"),
          "[" OF(a, "00u1") "," OF(b, "00u2") "]" },
        { "GET " PATH "?after=b", 200, "",
          "[" OF(c, "00u2") "," T(d) "," OF(e, "00u1") "]" },
    };
    okta_list_options options = OKTA_LIST_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_iter) iter = NULL;
    const okta_api_token *token;
    okta_error err;

    (void)state;
    options.user_id = "00u1";
    assert_int_equal(okta_api_token_iter(client, &options, &iter, &err),
                     OKTA_OK);
    assert_int_equal(okta_iter_next(iter, &token, &err), OKTA_OK);
    assert_string_equal(okta_api_token_id(token), "00Ta");
    assert_int_equal(okta_iter_next(iter, &token, &err), OKTA_OK);
    assert_string_equal(okta_api_token_id(token), "00Te");
    assert_int_equal(okta_iter_next(iter, &token, &err), OKTA_DONE);
}

static void options_become_the_query(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH "?after=a%26b&limit=7&q=x%20%C3%BC%3D", 200, "", "[]" },
    };
    okta_list_options options = OKTA_LIST_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 1);
    AUTO(okta_page) page = NULL;

    (void)state;
    options.after = "a&b";
    options.limit = 7;
    options.q = "x \xC3\xBC=";
    assert_int_equal(okta_api_token_list(client, &options, NULL, &page, NULL),
                     OKTA_OK);
    test_script_end(&script, "");
}

static void what_the_org_ignores_is_done_here(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH "?limit=2&q=TOKEN", 200, NEXT("?after=e"),
          "[" T(a) "," T(b) ",{\"id\":\"00Tx\",\"name\":\"else\"}," T(c) "," T(
              d) "," T(e) "]" },
        { "GET " PATH "?after=e", 200, "",
          "[{\"id\":\"00Tf\",\"name\":\"-\",\"clientName\":\"A Token\"}]" },
    };
    okta_list_options options = OKTA_LIST_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_page) page = NULL;

    (void)state;
    options.limit = 2;
    options.q = "TOKEN";
    assert_int_equal(okta_api_token_list(client, &options, NULL, &page, NULL),
                     OKTA_OK);
    expect_page(page, "ab");
    assert_null(okta_page_cursor(page)); /* the org's would lose c, d, e */
    assert_true(okta_page_more(page));
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "cd");
    assert_null(okta_page_cursor(page));
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "e");
    assert_string_equal(okta_page_cursor(page), "e");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "f");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_DONE);
    test_script_end(&script, "");
}

static void a_single_page_asks_for_no_other(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH, 200, NEXT("?after=a"), "[" T(a) "]" },
        { "GET " PATH "?after=a", 200, "", "[" T(b) "]" },
    };
    okta_list_options options = OKTA_LIST_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_response) response = NULL;
    AUTO(okta_page) page = NULL;

    (void)state;
    options.single = true;
    assert_int_equal(okta_response_new(&response, NULL), OKTA_OK);
    assert_int_equal(okta_api_token_list(client, &options, response, &page,
                                         NULL),
                     OKTA_OK);
    assert_string_equal(okta_response_body(response, NULL), "[" T(a) "]");
    assert_int_equal(script.next, 1);
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "b");
}

static void an_empty_page_with_a_link_is_not_the_end(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH, 200, NEXT("?after=a"), "[]" },
        { "GET " PATH "?after=a", 200, "", "[" T(a) "]" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_iter) iter = NULL;
    const okta_api_token *token = NULL;

    (void)state;
    assert_int_equal(okta_api_token_iter(client, NULL, &iter, NULL), OKTA_OK);
    assert_int_equal(okta_iter_next(iter, &token, NULL), OKTA_OK);
    assert_string_equal(okta_api_token_id(token), "00Ta");
    assert_int_equal(okta_iter_next(iter, &token, NULL), OKTA_DONE);
}

static void raw_json_of_each_token_is_kept(void **state)
{
    static const char a[] = "{\"name\" : \"[\\\"}\", \"id\":\"00Ta\" }";
    static const char b[] = "{\"id\":\"00Tb\",\"name\":\"\",\"x\":[[],{}]}";
    OKT_BUF_AUTO body = OKT_BUF_INIT(1024);
    struct step step = { "GET " PATH, 200, "" };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    AUTO(okta_page) page = NULL;
    size_t len;

    (void)state;
    okt_buf_printf(&body, " [ %s\n,\t%s ]\n", a, b);
    step.body = body.data;
    client = test_client(&script, &step, 1);
    assert_int_equal(okta_api_token_list(client, NULL, NULL, &page, NULL),
                     OKTA_OK);
    assert_memory_equal(okta_api_token_json(okta_page_api_token(page, 0), &len),
                        a, strlen(a));
    assert_int_equal(len, strlen(a));
    assert_memory_equal(okta_api_token_json(okta_page_api_token(page, 1), &len),
                        b, strlen(b));
    assert_int_equal(len, strlen(b));
}

/* ---------------------------------------------------------------- Links -- */

static void a_next_link_never_takes_the_token_elsewhere(void **state)
{
    static const char *const links[] = {
        "https://example.okta.com.evil.test" PATH "?after=x",
        "https://evil.test" PATH,
        "http://example.okta.com" PATH "?after=x",
        "https://example.okta.com:8443" PATH,
        "https://user@example.okta.com" PATH,
        "https://example.okta.com@evil.test" PATH,
        "//evil.test" PATH,
        ORG "/api/v1/users",
        ORG PATH "/current",
        ORG PATH "/../users",
        ORG PATH "/",
        "file:///etc/passwd",
        "https://",
        "\\\\evil.test" PATH,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(links); i++) {
        char header[256];
        struct step step = { "GET " PATH, 200, header, "[" T(a) "]" };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = NULL;
        okta_page *page = NULL;
        okta_error err;

        snprintf(header, sizeof(header), "Link: <%s>; rel=\"next\"\n",
                 links[i]);
        client = test_client(&script, &step, 1);
        if (okta_api_token_list(client, NULL, NULL, &page, &err) !=
            OKTA_ERR_PROTOCOL)
            fail_msg("followed %s", links[i]);
        assert_null(page);
    }
}

static void links_of_every_legal_form_are_followed(void **state)
{
    static const char *const headers[] = {
        "Link: <" ORG PATH "?after=x>; rel=\"next\"\n",
        "link: <" ORG PATH ">; rel=\"self\", <" ORG PATH
        "?after=x>;title=\"a,b\";REL=next\n",
        "Link: <HTTPS://EXAMPLE.okta.com:443" PATH "?after=x#f>; rel=next\n",
        "Link: <" PATH "?after=x>; rel=\"prefetch next\"\n",
        "Link: <?after=x>; rel=next\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        const struct step steps[] = {
            { "GET " PATH, 200, headers[i], "[" T(a) "]" },
            { "GET " PATH "?after=x", 200, "", "[" T(b) "]" },
        };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, steps, 2);
        AUTO(okta_page) page = NULL;
        okta_error err = { 0 };

        if (okta_api_token_list(client, NULL, NULL, &page, &err) != OKTA_OK)
            fail_msg("%s%s", headers[i], err.message);
        assert_string_equal(okta_page_cursor(page), "x");
        assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
        expect_page(page, "b");
        test_script_end(&script, "");
    }
}

static void links_that_lead_in_a_circle_end_with_an_error(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH, 200, NEXT("?after=1"), "[]" },
        { "GET " PATH "?after=1", 200, NEXT("?after=2"), "[]" },
        { "GET " PATH "?after=2", 200, NEXT("?after=3"), "[]" },
        { "GET " PATH "?after=3", 200, NEXT("?after=1"), "[]" },
        { "GET " PATH "?after=1", 200, NEXT("?after=2"), "[]" },
        { "GET " PATH "?after=2", 200, NEXT("?after=3"), "[]" },
        { "GET " PATH "?after=3", 200, NEXT("?after=1"), "[]" },
        { "GET " PATH "?after=1", 200, NEXT("?after=2"), "[]" },
    };
    /* The third page names itself: no page but these three is asked for. */
    static const struct step self[] = {
        { "GET " PATH, 200, NEXT("?after=1"), "[]" },
        { "GET " PATH "?after=1", 200, NEXT("?after=2"), "[]" },
        { "GET " PATH "?after=2", 200, NEXT("?after=3"), "[]" },
        { "GET " PATH "?after=3", 200, NEXT("?after=3"), "[]" },
    };
    okta_error err;

    (void)state;
    for (int i = 0; i < 2; i++) {
        SCRIPT_AUTO script;
        AUTO(okta_client)
        client = test_client(&script, i == 0 ? self : steps,
                             i == 0 ? ARRAY_LEN(self) : ARRAY_LEN(steps));
        AUTO(okta_page) page = NULL;
        okta_status st = okta_api_token_list(client, NULL, NULL, &page, &err);

        while (st == OKTA_OK)
            st = okta_page_next(client, page, NULL, &err);
        assert_int_equal(st, OKTA_ERR_PROTOCOL);
        assert_non_null(strstr(err.message, "already read"));
    }
}

/* ------------------------------------------------------------- Failures -- */

static void a_list_that_is_none_is_refused(void **state)
{
    static const char *const bodies[] = {
        "",
        "{}",
        "null",
        "[",
        "[1]",
        "[{}]",
        "[{\"id\":\"x\"}]",
        "[" T(a) "]x",
        "[" T(a) ",]",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct step step = { "GET " PATH, 200, "", bodies[i] };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, &step, 1);
        okta_page *page = NULL;

        assert_int_equal(okta_api_token_list(client, NULL, NULL, &page, NULL),
                         OKTA_ERR_PROTOCOL);
        assert_null(page);
    }
}

static void an_error_is_never_an_empty_list(void **state)
{
    static const int statuses[] = { 204, 302, 400, 401, 403, 404 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        struct step step = { "GET " PATH, statuses[i], NEXT("?after=x"), "[]" };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, &step, 1);
        okta_page *page = NULL;
        okta_error err;

        assert_int_not_equal(okta_api_token_list(client, NULL, NULL, &page,
                                                 &err),
                             OKTA_OK);
        assert_null(page);
        test_script_end(&script, "");
    }
}

static void a_page_that_broke_off_can_be_asked_for_again(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH, 200, NEXT("?after=a"), "[" T(a) "]" },
        { "GET " PATH "?after=a", 200, NEXT("?after=b"), "[", STEP_BROKEN },
        { "GET " PATH "?after=b", 200, "", "[" T(c) "]" }, /* ahead */
        { "GET " PATH "?after=a", 200, NEXT("?after=b"), "[" T(b) "]" },
        { "GET " PATH "?after=b", 200, "", "[" T(c) "]" },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    AUTO(okta_page) page = NULL;

    (void)state;
    options.retries = OKTA_NONE;
    client = test_client_with(&script, steps, 5, &options);
    assert_int_equal(okta_api_token_list(client, NULL, NULL, &page, NULL),
                     OKTA_OK);
    assert_int_equal(okta_page_next(client, page, NULL, NULL),
                     OKTA_ERR_NETWORK);
    expect_page(page, "a");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "b");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "c");
    test_script_end(&script, "");
}

static void a_list_that_discards_holds_one_page(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH, 200, NEXT("?after=a"), "[" T(a) "]" },
        { "GET " PATH "?after=a", 200, NEXT("?after=b"), "[", STEP_BROKEN },
        { "GET " PATH "?after=b", 200, "", "[" T(c) "]" }, /* ahead */
        { "GET " PATH "?after=a", 200, NEXT("?after=b"),
          "[" T(b) "," T(c) "," T(d) "]" },
        { "GET " PATH "?after=b", 200, NEXT("?after=e"), "[" T(e) "]" },
        { "GET " PATH "?after=e", 200, NEXT("?after=f"), "[]" },
        { "GET " PATH "?after=f", 200, "", "[" T(f) "]" },
    };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_list_options list = OKTA_LIST_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = NULL;
    AUTO(okta_page) page = NULL;

    (void)state;
    options.retries = OKTA_NONE;
    list.discard = true;
    client = test_client_with(&script, steps, ARRAY_LEN(steps), &options);
    assert_int_equal(okta_api_token_list(client, &list, NULL, &page, NULL),
                     OKTA_OK);
    expect_page(page, "a");
    assert_int_equal(okta_page_next(client, page, NULL, NULL),
                     OKTA_ERR_NETWORK);
    assert_int_equal(okta_page_count(page), 0);
    assert_true(okta_page_more(page));
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "bcd");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "e");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    expect_page(page, "f");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_DONE);
    expect_page(page, "f");
    test_script_end(&script, "");
}

static void what_comes_in_place_of_a_broken_page_counts(void **state)
{
    static const struct step steps[][3] = {
        /* The link comes with the second answer alone, */
        { { "GET " PATH, 200, "", "[", STEP_BROKEN },
          { "GET " PATH, 200, NEXT("?after=a"), "[" T(a) "]" },
          { "GET " PATH "?after=a", 200, "", "[" T(b) "]" } },
        /* or with the first one alone. */
        { { "GET " PATH, 200, NEXT("?after=x"), "[", STEP_BROKEN },
          { "GET " PATH "?after=x", 200, "", "[" T(x) "]" }, /* ahead */
          { "GET " PATH, 200, "", "[" T(a) "]" } },
    };
    static const char *const second[] = { "b", NULL };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, steps[i], 3);
        AUTO(okta_page) page = NULL;

        assert_int_equal(okta_api_token_list(client, NULL, NULL, &page, NULL),
                         OKTA_OK);
        expect_page(page, "a");
        assert_int_equal(okta_page_next(client, page, NULL, NULL),
                         second[i] != NULL ? OKTA_OK : OKTA_DONE);
        if (second[i] != NULL)
            expect_page(page, second[i]);
        test_script_end(&script, "");
    }
}

static void a_link_that_cannot_be_read_is_not_the_end(void **state)
{
    static const char *const headers[] = {
        "Link: <" ORG PATH "?after=a>; rel=\"next\n",
        "Link: " ORG PATH "?after=a; rel=next\n",
        "Link: <" ORG PATH "?after=a\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        struct step step = { "GET " PATH, 200, headers[i], "[" T(a) "]" };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, &step, 1);
        okta_page *page = NULL;

        assert_int_equal(okta_api_token_list(client, NULL, NULL, &page, NULL),
                         OKTA_ERR_PROTOCOL);
    }
}

static void the_page_ahead_is_not_sent_into_a_spent_limit(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH, 200,
          NEXT("?after=a") "Date: Mon, 24 Nov 2025 16:00:00 GMT\n"
                           "X-Rate-Limit-Limit: 5\nX-Rate-Limit-Remaining: 0\n"
                           "X-Rate-Limit-Reset: 1764000000\n",
          "[" T(a) "]" },
        { "GET " PATH "?after=a", 200, "", "[" T(b) "]" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_page) page = NULL;

    (void)state;
    assert_int_equal(okta_api_token_list(client, NULL, NULL, &page, NULL),
                     OKTA_OK);
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    test_script_end(&script, "start 1;headers 1;done 1;sleep 1000;start 2;"
                             "headers 2;done 2;");
}

static void the_response_of_each_page_can_be_had(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH, 200, NEXT("?after=a") "X-Okta-Request-Id: r1\n",
          "[" T(a) "]" },
        { "GET " PATH "?after=a", 200, "X-Okta-Request-Id: r2\n",
          "[" T(b) "]" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_response) response = NULL;
    AUTO(okta_page) page = NULL;
    size_t len;

    (void)state;
    assert_int_equal(okta_response_new(&response, NULL), OKTA_OK);
    assert_int_equal(okta_api_token_list(client, NULL, response, &page, NULL),
                     OKTA_OK);
    assert_string_equal(okta_response_request_id(response), "r1");
    assert_string_equal(okta_response_next(response), ORG PATH "?after=a");
    assert_null(okta_response_body(response, &len));
    assert_int_equal(okta_page_next(client, page, response, NULL), OKTA_OK);
    assert_string_equal(okta_response_request_id(response), "r2");
    assert_null(okta_response_next(response));
    expect_page(page, "b");
    assert_int_equal(okta_page_next(client, page, response, NULL), OKTA_DONE);
    assert_int_equal(okta_response_status(response), 0);
    test_script_end(&script, "");
}

static void a_page_outlives_its_client(void **state)
{
    static const struct step steps[] = {
        { "GET " PATH, 200, NEXT("?after=a"), "[" T(a) "]" },
        { "GET " PATH "?after=a", 200, "", "[" T(b) "]" },
    };
    SCRIPT_AUTO script;
    okta_client *client = test_client(&script, steps, 2);
    AUTO(okta_page) page = NULL;

    (void)state;
    assert_int_equal(okta_api_token_list(client, NULL, NULL, &page, NULL),
                     OKTA_OK);
    okta_client_free(client);
    expect_page(page, "a");
}

static void options_that_cannot_be_are_refused(void **state)
{
    const okta_list_options cases[] = {
        { .size = sizeof(okta_list_options), .limit = 201 },
        { .size = sizeof(okta_list_options), .limit = -1 },
        { .size = sizeof(okta_list_options), .q = SECRET },
        { .size = sizeof(okta_list_options) + 8 },
        { .size = 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, NULL, 0);
        okta_page *page = NULL;

        assert_int_equal(okta_api_token_list(client, &cases[i], NULL, &page,
                                             NULL),
                         OKTA_ERR_ARGUMENT);
    }
}

/* Fails each allocation in turn; the leak checker watches the rest. */
static void survive_every_failed_allocation(bool discard)
{
    static const struct step steps[] = {
        { "GET " PATH "?limit=2&q=t", 200, NEXT("?after=b"),
          "[" T(a) "," T(b) "]" },
        { "GET " PATH "?after=b", 200, "", "[" T(c) "]" },
    };
    okta_list_options options = OKTA_LIST_OPTIONS_INIT;
    okta_status st = OKTA_ERR_MEMORY;

    options.q = "t";
    options.limit = 2;
    options.discard = discard;
    for (long nth = 0; st != OKTA_DONE; nth++) {
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, steps, 2);
        AUTO(okta_page) page = NULL;
        size_t count = 0;

        assert_true(nth < 200);
        test_fail_alloc(nth);
        st = okta_api_token_list(client, &options, NULL, &page, NULL);
        assert_true((st == OKTA_OK) == (page != NULL));
        while (st == OKTA_OK) {
            count += okta_page_count(page);
            st = okta_page_next(client, page, NULL, NULL);
        }
        test_fail_alloc(-1);
        assert_true(st == OKTA_DONE ? count == 3 : st == OKTA_ERR_MEMORY);
    }
}

static void list_survives_every_failed_allocation(void **state)
{
    (void)state;
    survive_every_failed_allocation(false);
    survive_every_failed_allocation(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_walks_every_page_and_asks_ahead),
        cmocka_unit_test(tokens_of_one_owner_are_picked_out),
        cmocka_unit_test(options_become_the_query),
        cmocka_unit_test(what_the_org_ignores_is_done_here),
        cmocka_unit_test(a_single_page_asks_for_no_other),
        cmocka_unit_test(an_empty_page_with_a_link_is_not_the_end),
        cmocka_unit_test(raw_json_of_each_token_is_kept),
        cmocka_unit_test(a_next_link_never_takes_the_token_elsewhere),
        cmocka_unit_test(links_of_every_legal_form_are_followed),
        cmocka_unit_test(links_that_lead_in_a_circle_end_with_an_error),
        cmocka_unit_test(a_list_that_is_none_is_refused),
        cmocka_unit_test(an_error_is_never_an_empty_list),
        cmocka_unit_test(a_page_that_broke_off_can_be_asked_for_again),
        cmocka_unit_test(a_list_that_discards_holds_one_page),
        cmocka_unit_test(what_comes_in_place_of_a_broken_page_counts),
        cmocka_unit_test(a_link_that_cannot_be_read_is_not_the_end),
        cmocka_unit_test(the_page_ahead_is_not_sent_into_a_spent_limit),
        cmocka_unit_test(the_response_of_each_page_can_be_had),
        cmocka_unit_test(a_page_outlives_its_client),
        cmocka_unit_test(options_that_cannot_be_are_refused),
        cmocka_unit_test(list_survives_every_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
