/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_journal.c - what is kept of requests, and what must not be. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/fault/redact.h"
#include "server/fault/request_log.h"
#include "server/request/request.h"

#define SECRET "00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-ab"
#define JWT "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"

enum { OUT_MAX = 1048576, NOW = 1764000000 };

static struct org_clock org_time;
static const struct org org = { .clock = &org_time };
static const struct route route = { "GET", "/api/v1/api-tokens/{id}",
                                    SCOPE_READ, NULL, NULL };

static struct request *a_request(const char *method, const char *target)
{
    struct request *r = request_new(&org, target);

    assert_non_null(r);
    snprintf(r->method, sizeof(r->method), "%s", method);
    snprintf(r->address, sizeof(r->address), "192.0.2.1");
    return r;
}

static void add_header(struct request *r, const char *name, const char *value)
{
    okt_buf_append(&r->seen, name, strlen(name) + 1);
    okt_buf_append(&r->seen, value, strlen(value) + 1);
}

static void note(struct journal *j, const char *method, const char *target,
                 int status)
{
    struct request *r = a_request(method, target);

    r->route = &route;
    snprintf(r->caller.id, sizeof(r->caller.id), "00Tone");
    journal_add(j, r, status, 7);
    request_free(r);
}

/* The paths of those that a query finds, a space between them. */
static void found(struct journal *j, const char *query, struct okt_buf *out)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(OUT_MAX);
    struct journal_filter filter;
    char why[JOURNAL_WHY_MAX];
    const char *at;

    if (!journal_filter_read(&filter, query, 0, why))
        fail_msg("%s: %s", query, why);
    journal_show(j, &filter, &text);
    okt_buf_clear(out);
    okt_buf_str(out, "");
    for (at = text.data; (at = strstr(at, "\"path\":\"")) != NULL;) {
        at += strlen("\"path\":\"");
        okt_buf_printf(out, "%.*s ", (int)strcspn(at, "\""), at);
    }
}

/* --------------------------------------------------------------- Redacting --
 */

static void what_has_the_shape_of_a_secret_is_left_out(void **state)
{
    static const struct {
        const char *text;
        const char *wanted;
    } cases[] = {
        { "", "" },
        { "plain text", "plain text" },
        { SECRET, "***" },
        { "a " SECRET " b", "a *** b" },
        { "x" SECRET "/" JWT "?", "x***/***?" },
        { "a=" JWT "&b=" SECRET, "a=***&b=***" },
        { "%30%30"
          "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-ab",
          "***" },
        { "eyJ is no token", "eyJ is no token" },
        { "caf\xc3\xa9 \xff.", "caf\xc3\xa9 \xef\xbf\xbd." },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

        redact_text(&out, cases[i].text, strlen(cases[i].text));
        assert_string_equal(out.data, cases[i].wanted);
    }
}

static void of_credentials_the_scheme_is_left(void **state)
{
    static const char *const cases[][3] = {
        { "Authorization", "SSWS " SECRET, "SSWS ***" },
        { "authorization", "Bearer opaque", "Bearer ***" },
        { "Authorization", "opaque", "***" },
        { "Authorization", "SSWSopaque-and-long", "***" },
        { "Cookie", "sid=1", "***" },
        { "DPoP", "x", "***" },
        { "Accept", "text/plain", "text/plain" },
        { "X-Other", SECRET, "***" },
        { "X-Auth-Token", "opaque", "***" },
        { "X-Client-Secret", "opaque", "***" },
        { "Referer", "https://h/activate?user_code=BCDFGHJK",
          "https://h/activate?***" },
        { "Referer", "https://h/login?return=%2Factivate%3Fuser%5Fcode%3DBCDF",
          "https://h/login?***" },
        { "Referer", "https://h/x?a=1&b=2", "https://h/x?a=1&b=2" },
        { "X-Empty", "", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

        redact_header(&out, cases[i][0], cases[i][1]);
        assert_string_equal(out.data, cases[i][2]);
    }
}

static void fields_that_hold_secrets_go_by_name(void **state)
{
    static const char form[] =
        "form_token=x&grant_type=x&client_assertion=a.b."
        "c&p%61ssword=hunter2&code=&x&"
        "refresh_token=r&q=" SECRET
        "&userCode=x&new-password=y&user[password]=z"
        "&return=%2Factivate%3Fa%3D1%26user_code%3DBCDF-GHJK"
        "&return=/login%3Freturn=%252Factivate%253Fuser_code%253DBCDF"
        "&return=%zz%2Factivate%3Fuser_code=BCDF&deep=%2525252525252530"
        "&a=%zz%2&b=%2Fx%3Fy%3D1&%00password=x";
    OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

    (void)state;
    redact_form(&out, form, strlen(form));
    assert_string_equal(
        out.data,
        "form_token=***&grant_type=x&client_assertion=***&p%61ssword=***&"
        "code=***&x&refresh_token=***&q=***&userCode=***&new-password=***&"
        "user[password]=***&return=***&return=/login***&return=***&deep=***&"
        "a=%zz%2&b=%2Fx%3Fy%3D1&%00password=***");
}

static void of_a_body_only_what_can_be_read_is_kept(void **state)
{
    static const struct {
        const char *body;
        bool form;
        const char *wanted;
    } cases[] = {
        { "{\"a\" : 1}", false, "{\"a\" : 1}" },
        { "{\"password\":\"p\",\"b\":[1]}", false,
          "{\"password\":\"***\",\"b\":[1]}" },
        { "{\"password\":\"p\"}", true, "{\"password\":\"***\"}" },
        { "{\"credentials\":{\"password\":{\"value\":\"p\",\"n\":[1,null]}}}",
          false,
          "{\"credentials\":{\"password\":{\"value\":\"***\",\"n\":[\"***\","
          "\"***\"]}}}" },
        { "[{\"clientSecret\":1},{\"pass\\u0057ord\":2,\"pass_word\":2}]",
          false,
          "[{\"clientSecret\":\"***\"},{\"passWord\":\"***\","
          "\"pass_word\":\"***\"}]" },
        { "[\"\\u0030\\u0030aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-ab\"]", false,
          "[\"***\"]" },
        { "{\"" SECRET "\":\"/activate?user_code=BCDF\"}", false,
          "{\"***\":\"/activate?***\"}" },
        { "{\"tokenWindow\":\"P30D\"}", false, "{\"tokenWindow\":\"P30D\"}" },
        { "{\"password\":\"p\",}", false, "***" },
        { "{\"password\":\"p\",}", true, "***" },
        { "user: ada\npassword: p", false, "***" },
        { "user: ada\npassword: p", true, "***" },
        { "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n"
          "p\r\n--b--\r\n",
          false, "***" },
        { "password=p", false, "***" },
        { "a=b&password=p", true, "a=b&password=***" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

        redact_body(&out, cases[i].body, strlen(cases[i].body), cases[i].form);
        assert_string_equal(out.data, cases[i].wanted);
    }
}

/* ----------------------------------------------------------------- Entries --
 */

static void an_entry_has_what_came_and_what_became_of_it(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(OUT_MAX);
    OKT_BUF_AUTO wanted = OKT_BUF_INIT(OUT_MAX);
    struct journal *j = journal_new(10);
    struct journal_filter all = { .since = INT64_MIN };
    struct request *r = a_request("PUT", "/x/" SECRET "?a=1&token=t");

    (void)state;
    org_clock_set(&org_time, NOW, true);
    add_header(r, "Authorization", "SSWS " SECRET);
    add_header(r, "X-A", "1");
    add_header(r, "x-a", "2");
    add_header(r, "X-Empty", "");
    add_header(r, "X-\xff", "\xff");
    okt_buf_str(&r->body, "{\"a\":\"" SECRET "\"}");
    journal_add(j, r, 403, 12);
    journal_show(j, &all, &out);
    okt_buf_printf(
        &wanted,
        "[{\"number\":1,\"time\":\"2025-11-24T16:00:00.000Z\",\"requestId\":"
        "\"%s\",\"client\":\"192.0.2.1\",\"method\":\"PUT\",\"path\":"
        "\"/x/***\",\"query\":\"a=1&token=***\",\"status\":403,\"us\":12,"
        "\"headers\":{\"authorization\":\"SSWS ***\",\"x-a\":\"1, 2\","
        "\"x-empty\":\"\",\"x-\xef\xbf\xbd\":\"\xef\xbf\xbd\"},"
        "\"body\":\"{\\\"a\\\":\\\"***\\\"}\",\"bodyBytes\":50}]",
        r->request_id);
    assert_string_equal(out.data, wanted.data);
    request_free(r);
    journal_free(j);
}

static void a_form_is_redacted_as_one(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(OUT_MAX);
    struct journal *j = journal_new(10);
    struct journal_filter all = { .since = INT64_MIN };
    struct request *r = a_request("POST", "/oauth2/v1/token");

    (void)state;
    r->headers[HEADER_CONTENT_TYPE] =
        "application/x-www-form-urlencoded; charset=utf-8";
    okt_buf_str(&r->body, "device_code=abc&scope=s");
    journal_add(j, r, 200, 1);
    journal_show(j, &all, &out);
    assert_non_null(strstr(out.data, "\"device_code=***&scope=s\""));
    assert_null(strstr(out.data, "abc"));
    request_free(r);
    journal_free(j);
}

static void a_large_body_is_cut_where_a_character_ends(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(OUT_MAX);
    struct journal *j = journal_new(10);
    struct journal_filter all = { .since = INT64_MIN };
    struct request *r = a_request("PUT", "/x");
    const char *body;

    (void)state;
    okt_buf_str(&r->body, "\"");
    for (int i = 0; i < JOURNAL_BODY_MAX; i++)
        okt_buf_str(&r->body, "\xc3\xa9");
    okt_buf_str(&r->body, "\"");
    journal_add(j, r, 200, 1);
    journal_show(j, &all, &out);
    body = strstr(out.data, "\"body\":\"") + strlen("\"body\":\"");
    assert_int_equal(strcspn(body + 2, "\""), JOURNAL_BODY_MAX - 2);
    assert_non_null(strstr(body, "\"bodyBytes\":8194}"));
    request_free(r);
    journal_free(j);
}

/* What is no UTF-8 becomes three times as long. */
static void what_grows_without_its_secrets_is_noted(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(OUT_MAX);
    struct journal *j = journal_new(10);
    struct journal_filter all = { .since = INT64_MIN };
    struct request *r = a_request("\xc3", "/x?a=1");
    char *value = calloc(1, JOURNAL_HEADERS_MAX);

    (void)state;
    assert_non_null(value);
    memset(value, '\xff', JOURNAL_HEADERS_MAX - 16);
    r->headers[HEADER_CONTENT_TYPE] = "application/x-www-form-urlencoded";
    okt_buf_str(&r->body, "a=");
    while (r->body.len < BODY_MAX)
        okt_buf_char(&r->body, '\xff');
    add_header(r, "X-Long", value);
    journal_add(j, r, 200, 1);
    journal_show(j, &all, &out);
    assert_non_null(strstr(out.data, "\"bodyBytes\":65536}"));
    free(value);
    request_free(r);
    journal_free(j);
}

static void a_full_ring_forgets_the_oldest(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(OUT_MAX);
    struct journal *j = journal_new(3);
    char path[16];

    (void)state;
    for (int i = 1; i <= 5; i++) {
        snprintf(path, sizeof(path), "/%d", i);
        note(j, "GET", path, 200);
    }
    found(j, "", &out);
    assert_string_equal(out.data, "/3 /4 /5 ");
    journal_clear(j);
    found(j, "", &out);
    assert_string_equal(out.data, "");
    note(j, "GET", "/6", 200);
    found(j, "after=5", &out); /* numbers go on */
    assert_string_equal(out.data, "/6 ");
    journal_free(j);
}

/* --------------------------------------------------------------- Filtering --
 */

static void filters_find_what_they_say(void **state)
{
    static const char *const cases[][2] = {
        { "", "/a /b/c /b?x " },
        { "method=GET", "/a /b?x " },
        { "status=404", "/b/c " },
        { "status=4xx", "/b/c " },
        { "status=2xx", "/a " },
        { "status=0", "/b?x " },
        { "path=/a", "/a " },
        { "path=/b*", "/b/c /b?x " },
        { "path=/api/v1/api-tokens/{id}", "/a /b/c /b?x " },
        { "token=00Tone", "/a /b/c /b?x " },
        { "token=00Ttwo", "" },
        { "q=%22STATUS%22%3A404", "/b/c " },
        { "after=2", "/b?x " },
        { "since=2025-11-24T16:00:00Z", "/a /b/c /b?x " },
        { "since=2025-11-24T16:00:01Z", "" },
        { "follow=false&method=DELETE", "/b/c " },
        { "method=DELETE&status=2xx", "" },
    };
    struct journal *j = journal_new(10);

    (void)state;
    org_clock_set(&org_time, NOW, true);
    note(j, "GET", "/a", 200);
    note(j, "DELETE", "/b/c", 404);
    note(j, "GET", "/b%3Fx", 0);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(OUT_MAX);
        char *mark;

        found(j, cases[i][0], &out);
        while ((mark = strstr(out.data, "%3F")) != NULL) {
            *mark = '?';
            memmove(mark + 1, mark + 3, strlen(mark + 3) + 1);
        }
        if (strcmp(out.data, cases[i][1]) != 0)
            fail_msg("%s: %s", cases[i][0], out.data);
    }
    journal_free(j);
}

static void a_filter_that_is_none_is_told(void **state)
{
    static const char *const cases[][2] = {
        { "methods=GET", "query: its keys are method, path, status, token, "
                         "since, after, q and follow" },
        { "status=600", "status: a status such as 429, or 4xx" },
        { "status=4x", "status: a status such as 429, or 4xx" },
        { "since=yesterday",
          "since: a time such as 2026-01-31T08:00:00Z or -3d" },
        { "after=-1", "after: a request's number" },
        { "q=1&q=2", "q: given twice, malformed or too long" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct journal_filter filter;
        char why[JOURNAL_WHY_MAX] = "";

        if (journal_filter_read(&filter, cases[i][0], 0, why))
            fail_msg("taken: %s", cases[i][0]);
        assert_string_equal(why, cases[i][1]);
    }
}

static void following_gives_each_line_once(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(OUT_MAX);
    struct journal *j = journal_new(10);
    struct journal_filter filter;
    char why[JOURNAL_WHY_MAX];

    (void)state;
    assert_true(journal_filter_read(&filter, "method=GET", 0, why));
    note(j, "GET", "/1", 200);
    note(j, "PUT", "/2", 200);
    journal_follow(j, &filter, &out);
    assert_non_null(strstr(out.data, "\"/1\""));
    assert_null(strstr(out.data, "\"/2\""));
    assert_int_equal(out.data[out.len - 1], '\n');
    okt_buf_clear(&out);
    journal_follow(j, &filter, &out);
    assert_int_equal(out.len, 0);
    note(j, "GET", "/3", 200);
    journal_follow(j, &filter, &out);
    assert_non_null(strstr(out.data, "\"number\":3,"));
    assert_null(strstr(out.data, "\"/1\""));
    journal_free(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_the_shape_of_a_secret_is_left_out),
        cmocka_unit_test(of_credentials_the_scheme_is_left),
        cmocka_unit_test(fields_that_hold_secrets_go_by_name),
        cmocka_unit_test(of_a_body_only_what_can_be_read_is_kept),
        cmocka_unit_test(what_grows_without_its_secrets_is_noted),
        cmocka_unit_test(an_entry_has_what_came_and_what_became_of_it),
        cmocka_unit_test(a_form_is_redacted_as_one),
        cmocka_unit_test(a_large_body_is_cut_where_a_character_ends),
        cmocka_unit_test(a_full_ring_forgets_the_oldest),
        cmocka_unit_test(filters_find_what_they_say),
        cmocka_unit_test(a_filter_that_is_none_is_told),
        cmocka_unit_test(following_gives_each_line_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
