/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_faults.c - which requests are done wrong, and how. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/fault/faults.h"

#define PATH "/api/v1/api-tokens"
enum { NOW = 1764000000, RESET = NOW + 40 };

static const struct fault_subject request = {
    .method = "DELETE",
    .path = PATH "/00Tone",
    .route = PATH "/{id}",
    .token = "00Tadmin",
    .client = "0oaclient",
    .address = "192.0.2.1",
};

static bool read(struct fault *out, const char *json, char *why)
{
    bool no_memory;
    const char *said;
    AUTO(yyjson_doc)
    doc = okt_json_read(json, strlen(json), &said, &no_memory);

    assert_non_null(doc);
    fault_init(out);
    why[0] = '\0';
    return fault_read(out, yyjson_doc_get_root(doc), why);
}

static void add(struct faults *f, const char *json)
{
    OKT_BUF_AUTO shown = OKT_BUF_INIT(FAULT_LISTS_MAX);
    struct fault fault;
    char why[FAULT_WHY_MAX];

    if (!read(&fault, json, why))
        fail_msg("%s: %s", json, why);
    assert_true(faults_add(f, &fault, &shown));
    fault_free(&fault);
}

/* The kind that is to happen; NONE: nothing. */
static enum fault_kind pick(struct faults *f, const struct fault_subject *s)
{
    struct fault_order order;
    enum fault_kind kind = FAULT_NONE;

    fault_order_init(&order);
    if (faults_pick(f, s, NOW, RESET, &order))
        kind = order.kind;
    fault_order_free(&order);
    return kind;
}

/* What one fault makes of the request. */
static void order_of(const char *json, struct fault_order *out)
{
    struct faults *f = faults_new();

    add(f, json);
    fault_order_init(out);
    assert_true(faults_pick(f, &request, NOW, RESET, out));
    faults_free(f);
}

/* -------------------------------------------------------------- Matching -- */

static void matches_by_method_path_token_and_client(void **state)
{
    static const struct {
        const char *json;
        bool does;
    } cases[] = {
        { "{\"do\":\"close\"}", true },
        { "{\"do\":\"close\",\"method\":\"DELETE\"}", true },
        { "{\"do\":\"close\",\"method\":\"GET\"}", false },
        { "{\"do\":\"close\",\"path\":\"" PATH "/00Tone\"}", true },
        { "{\"do\":\"close\",\"path\":\"" PATH "/00Ton\"}", false },
        { "{\"do\":\"close\",\"path\":\"" PATH "/{id}\"}", true },
        { "{\"do\":\"close\",\"path\":\"" PATH "/{id}/x\"}", false },
        { "{\"do\":\"close\",\"path\":\"" PATH "*\"}", true },
        { "{\"do\":\"close\",\"path\":\"/api/v1/users*\"}", false },
        { "{\"do\":\"close\",\"path\":\"*\"}", true },
        { "{\"do\":\"close\",\"token\":\"00Tadmin\"}", true },
        { "{\"do\":\"close\",\"token\":\"00Tother\"}", false },
        { "{\"do\":\"close\",\"client\":\"192.0.2.1\"}", true },
        { "{\"do\":\"close\",\"client\":\"0oaclient\"}", true },
        { "{\"do\":\"close\",\"client\":\"192.0.2.2\"}", false },
        { "{\"do\":\"close\",\"method\":\"DELETE\",\"token\":\"x\"}", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct faults *f = faults_new();

        add(f, cases[i].json);
        if ((pick(f, &request) == FAULT_CLOSE) != cases[i].does)
            fail_msg("%s", cases[i].json);
        faults_free(f);
    }
}

static void what_is_not_known_of_a_request_matches_nothing_wanted(void **state)
{
    const struct fault_subject bare = { .method = "GET", .path = "/x" };
    struct faults *f = faults_new();

    (void)state;
    add(f, "{\"do\":\"close\",\"token\":\"00Tadmin\"}");
    add(f, "{\"do\":\"close\",\"client\":\"192.0.2.1\"}");
    add(f, "{\"do\":\"close\",\"path\":\"/{id}\"}");
    assert_int_equal(pick(f, &bare), FAULT_NONE);
    add(f, "{\"do\":\"reset\",\"path\":\"/x\"}");
    assert_int_equal(pick(f, &bare), FAULT_RESET);
    faults_free(f);
}

static void the_own_token_s_path_is_no_template_s(void **state)
{
    const struct fault_subject current = {
        .method = "DELETE", .path = PATH "/current", .route = PATH "/current"
    };
    struct faults *f = faults_new();

    (void)state;
    add(f, "{\"do\":\"close\",\"path\":\"" PATH "/{id}\"}");
    assert_int_equal(pick(f, &current), FAULT_NONE);
    faults_free(f);
}

/* -------------------------------------------------------------- How often --
 */

static void counts_and_lets_the_first_through(void **state)
{
    static const enum fault_kind wanted[] = {
        FAULT_NONE, FAULT_NONE, FAULT_CLOSE, FAULT_CLOSE, FAULT_NONE, FAULT_NONE
    };
    struct faults *f = faults_new();

    (void)state;
    add(f, "{\"do\":\"close\",\"skip\":2,\"count\":2}");
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        assert_int_equal(pick(f, &request), wanted[i]);
    faults_free(f);
}

static void the_first_in_the_list_that_is_not_spent_has_its_way(void **state)
{
    struct faults *f = faults_new();

    (void)state;
    add(f, "{\"do\":\"close\",\"count\":1}");
    add(f, "{\"do\":\"reset\"}");
    assert_int_equal(pick(f, &request), FAULT_CLOSE);
    assert_int_equal(pick(f, &request), FAULT_RESET);
    assert_true(faults_remove(f, "f2"));
    assert_false(faults_remove(f, "f2"));
    assert_int_equal(pick(f, &request), FAULT_NONE);
    add(f, "{\"do\":\"reset\"}");
    faults_clear(f);
    assert_int_equal(pick(f, &request), FAULT_NONE);
    faults_free(f);
}

/* Which of 64 requests it happens to, a bit each. */
static uint64_t throws(const char *json)
{
    struct faults *f = faults_new();
    uint64_t happened = 0;

    add(f, json);
    for (int i = 0; i < 64; i++)
        happened = happened << 1 | (pick(f, &request) == FAULT_CLOSE);
    faults_free(f);
    return happened;
}

static int count_bits(uint64_t bits)
{
    int count = 0;

    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

static void chance_has_its_share_and_repeats_with_its_seed(void **state)
{
    const char *half = "{\"do\":\"close\",\"probability\":0.5,\"seed\":7}";
    const char *other = "{\"do\":\"close\",\"probability\":0.5,\"seed\":8}";
    const char *rare = "{\"do\":\"close\",\"probability\":0.05}";

    (void)state;
    assert_true(throws(half) == throws(half));
    assert_true(throws(half) != throws(other));
    assert_in_range(count_bits(throws(half)), 20, 44);
    assert_in_range(count_bits(throws(rare)), 0, 12);
    assert_int_equal(count_bits(throws("{\"do\":\"close\"}")), 64);
}

static void a_stall_is_for_connections_and_for_nothing_else(void **state)
{
    struct faults *f = faults_new();
    int64_t ms = 0;

    (void)state;
    assert_false(faults_stall(NULL, "192.0.2.1", &ms));
    add(f, "{\"do\":\"close\"}");
    assert_false(faults_stall(f, "192.0.2.1", &ms));
    faults_clear(f);
    add(f, "{\"do\":\"stall\",\"client\":\"192.0.2.1\",\"count\":1}");
    assert_int_equal(pick(f, &request), FAULT_NONE);
    assert_false(faults_stall(f, "192.0.2.2", &ms));
    assert_true(faults_stall(f, "192.0.2.1", &ms));
    assert_int_equal(ms, -1);
    assert_false(faults_stall(f, "192.0.2.1", &ms));
    faults_free(f);
}

/* ------------------------------------------------------------ What it does --
 */

/* The value of a header that is to be sent; NULL: none. */
static const char *header(const struct fault_order *order, const char *name)
{
    const char *at = order->headers.data;
    const char *end = at + order->headers.len;
    const char *found = NULL;

    while (at < end) {
        const char *value = at + strlen(at) + 1;

        if (strcmp(at, name) == 0)
            found = value;
        at = value + strlen(value) + 1;
    }
    return found;
}

static void a_status_brings_okta_s_error(void **state)
{
    static const struct {
        const char *json;
        int status;
        const char *body; /* how it begins; NULL: there is none */
    } cases[] = {
        { "{\"do\":\"status\",\"status\":503}", 503,
          "{\"errorCode\":\"E0000009\",\"errorSummary\":\"Internal Server Error"
          "\",\"errorLink\":\"E0000009\",\"errorId\":\"oae" },
        { "{\"do\":\"status\",\"code\":\"E0000006\"}", 403,
          "{\"errorCode\":\"E0000006\",\"errorSummary\":\"You do not have "
          "perm" },
        { "{\"do\":\"status\",\"status\":418,\"code\":\"E0000006\"}", 418,
          "{\"errorCode\":\"E0000006\",\"errorSummary\":\"You do not have "
          "perm" },
        { "{\"do\":\"status\",\"status\":400,\"summary\":\"no\"}", 400,
          "{\"errorCode\":\"E0000001\",\"errorSummary\":\"no\"," },
        { "{\"do\":\"status\",\"status\":400,\"code\":\"X1\",\"summary\":"
          "\"y\"}",
          400, "{\"errorCode\":\"X1\",\"errorSummary\":\"y\"," },
        { "{\"do\":\"status\",\"status\":502}", 502, NULL },
        { "{\"do\":\"status\",\"status\":403,\"code\":\"none\"}", 403, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fault_order order;

        order_of(cases[i].json, &order);
        assert_int_equal(order.status, cases[i].status);
        if (cases[i].body == NULL)
            assert_int_equal(order.body.len, 0);
        else
            assert_memory_equal(order.body.data, cases[i].body,
                                strlen(cases[i].body));
        fault_order_free(&order);
    }
}

static void causes_and_headers_come_as_they_were_given(void **state)
{
    struct fault_order order;

    (void)state;
    order_of("{\"do\":\"status\",\"status\":400,\"causes\":[\"a: b\",\"c\"],"
             "\"headers\":{\"Retry-After\":\"3\",\"X-A\":\"\"}}",
             &order);
    assert_non_null(strstr(order.body.data,
                           "\"errorCauses\":[{\"errorSummary\":\"a: b\"},"
                           "{\"errorSummary\":\"c\"}]"));
    assert_string_equal(header(&order, "retry-after"), "3");
    assert_string_equal(header(&order, "x-a"), "");
    fault_order_free(&order);
}

static void a_rate_limit_says_exactly_when_it_ends(void **state)
{
    struct fault_order order;

    (void)state;
    order_of("{\"do\":\"rate-limit\"}", &order);
    assert_int_equal(order.status, 429);
    assert_non_null(strstr(order.body.data, "E0000047"));
    assert_null(header(&order, "x-rate-limit-limit"));
    assert_string_equal(header(&order, "x-rate-limit-remaining"), "0");
    assert_string_equal(header(&order, "x-rate-limit-reset"), "1764000040");
    fault_order_free(&order);
    order_of("{\"do\":\"rate-limit\",\"reset\":2}", &order);
    assert_string_equal(header(&order, "x-rate-limit-reset"), "1764000002");
    fault_order_free(&order);
}

static void too_many_at_a_time_says_a_limit_of_nothing(void **state)
{
    struct fault_order order;

    (void)state;
    order_of("{\"do\":\"concurrency-limit\",\"headers\":"
             "{\"X-Rate-Limit-Reset\":\"7\"}}",
             &order);
    assert_int_equal(order.status, 429);
    assert_string_equal(header(&order, "x-rate-limit-limit"), "0");
    assert_string_equal(header(&order, "x-rate-limit-remaining"), "0");
    assert_string_equal(header(&order, "x-rate-limit-reset"), "7");
    fault_order_free(&order);
}

static void the_rest_is_handed_on(void **state)
{
    struct fault_order order;

    (void)state;
    order_of("{\"do\":\"truncate\",\"bytes\":20,\"ms\":5}", &order);
    assert_int_equal(order.kind, FAULT_TRUNCATE);
    assert_int_equal(order.bytes, 20);
    assert_int_equal(order.ms, 5);
    assert_string_equal(order.id, "f1");
    fault_order_free(&order);
    order_of("{\"do\":\"reset\",\"when\":\"after\"}", &order);
    assert_true(order.after);
    assert_int_equal(order.ms, 0);
    fault_order_free(&order);
}

/* -------------------------------------------------------------- As text -- */

static const struct {
    const char *json;
    const char *why;
} mistakes[] = {
    { "[]", "fault: an object" },
    { "{}", "do: status, rate-limit, concurrency-limit, delay, headers, "
            "close, reset, truncate, half-close or stall" },
    { "{\"do\":\"nothing\"}",
      "do: status, rate-limit, concurrency-limit, delay, headers, close, "
      "reset, truncate, half-close or stall" },
    { "{\"do\":\"headers\"}", "headers: it takes some" },
    { "{\"do\":\"headers\",\"headers\":{\"A\":\"\"},\"when\":\"after\"}",
      "when: \"headers\" has none" },
    { "{\"do\":\"close\",\"methode\":\"GET\"}",
      "methode: there is no such key" },
    { "{\"do\":\"close\",\"00abcdefghijklmnopqrstuvwxyz0123456789_-abcd\":1"
      "}",
      "a key: there is no such key" },
    { "{\"do\":\"close\",\"\\u00fc\":1}", "a key: there is no such key" },
    { "{\"do\":\"close\",\"bytes\":1}", "bytes: \"close\" has none" },
    { "{\"do\":\"stall\",\"path\":\"/\"}", "path: \"stall\" has none" },
    { "{\"do\":\"truncate\",\"when\":\"after\"}",
      "when: \"truncate\" has none" },
    { "{\"do\":\"close\",\"when\":\"later\"}",
      "when: before or after (the change is made)" },
    { "{\"do\":\"close\",\"count\":0}",
      "count: a number from 1 to 1000000000" },
    { "{\"do\":\"close\",\"count\":\"1\"}",
      "count: a number from 1 to 1000000000" },
    { "{\"do\":\"close\",\"ms\":-1}", "ms: a number from 0 to 3600000" },
    { "{\"do\":\"close\",\"probability\":0}",
      "probability: a number over 0, at most 1" },
    { "{\"do\":\"close\",\"method\":7}", "method: a text of 1 to 255 bytes" },
    { "{\"do\":\"delay\"}", "ms: a delay takes how long" },
    { "{\"do\":\"stall\"}",
      "count: a stall takes one: it holds back the control API too" },
    { "{\"do\":\"status\"}", "status: it takes one, or a code" },
    { "{\"do\":\"status\",\"code\":\"X\"}",
      "status: it takes one with that code" },
    { "{\"do\":\"status\",\"status\":100}",
      "status: a number from 200 to 599" },
    { "{\"do\":\"status\",\"status\":400,\"causes\":[1]}",
      "causes: a list of texts of 1 to 255 bytes" },
    { "{\"do\":\"status\",\"status\":400,\"headers\":{\"X\":\"a\\nb\"}}",
      "headers: the values are texts of printable ASCII" },
    { "{\"do\":\"status\",\"status\":400,\"headers\":{\"A:b\":\"\"}}",
      "headers: one of the names is none, or not to be chosen" },
    { "{\"do\":\"status\",\"status\":400,\"headers\":"
      "{\"content-length\":\"1\"}}",
      "headers: one of the names is none, or not to be chosen" },
};

static void what_is_wrong_is_said_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
        struct fault fault;
        char why[FAULT_WHY_MAX];

        if (read(&fault, mistakes[i].json, why))
            fail_msg("taken: %s", mistakes[i].json);
        assert_string_equal(why, mistakes[i].why);
        fault_free(&fault);
    }
}

static void words_become_the_same_fault(void **state)
{
    const char *words[] = {
        "do=status",      "status=429",      "cause=a: b", "cause=c=d",
        "method=GET",     "probability=0.5", "count=2",    "when=after",
        "header.X-A=1 2", "header.X-B=",
    };
    OKT_BUF_AUTO out = OKT_BUF_INIT(FAULT_LISTS_MAX);
    OKT_BUF_AUTO shown = OKT_BUF_INIT(FAULT_LISTS_MAX);
    struct fault fault;
    char why[FAULT_WHY_MAX];

    (void)state;
    assert_null(fault_of_words(words, ARRAY_LEN(words), &out));
    if (!read(&fault, out.data, why))
        fail_msg("%s: %s", out.data, why);
    fault_show(&shown, &fault);
    assert_string_equal(
        shown.data,
        "{\"do\":\"status\",\"method\":\"GET\",\"status\":429,"
        "\"code\":\"E0000047\",\"summary\":\"API call exceeded rate limit due "
        "to too many requests.\",\"causes\":[\"a: b\",\"c=d\"],"
        "\"headers\":{\"X-A\":\"1 2\",\"X-B\":\"\"},\"when\":\"after\","
        "\"count\":2,\"probability\":0.5}");
    fault_free(&fault);
}

static void a_word_that_is_none_is_told(void **state)
{
    const char *words[] = { "do=close", "count" };
    OKT_BUF_AUTO out = OKT_BUF_INIT(FAULT_LISTS_MAX);

    (void)state;
    assert_string_equal(fault_of_words(words, 2, &out), "count");
    words[1] = "=1";
    assert_string_equal(fault_of_words(words, 2, &out), "=1");
}

static void what_is_shown_can_be_given_again(void **state)
{
    static const char *const cases[] = {
        "{\"do\":\"close\"}",
        "{\"do\":\"status\",\"code\":\"E0000011\"}",
        "{\"do\":\"status\",\"status\":502}",
        "{\"do\":\"rate-limit\",\"reset\":1}",
        "{\"do\":\"half-close\",\"bytes\":7,\"skip\":1}",
        "{\"do\":\"stall\",\"ms\":5,\"count\":1}",
        "{\"do\":\"delay\",\"ms\":5,\"seed\":3,\"client\":\"::1\"}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO first = OKT_BUF_INIT(FAULT_LISTS_MAX);
        OKT_BUF_AUTO second = OKT_BUF_INIT(FAULT_LISTS_MAX);
        struct fault fault;
        char why[FAULT_WHY_MAX];

        assert_true(read(&fault, cases[i], why));
        fault_show(&first, &fault);
        fault_free(&fault);
        assert_true(read(&fault, first.data, why));
        fault_show(&second, &fault);
        fault_free(&fault);
        assert_string_equal(first.data, second.data);
    }
}

static void the_list_tells_what_has_become_of_them(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(FAULT_LISTS_MAX);
    struct faults *f = faults_new();

    (void)state;
    faults_show(f, &out);
    assert_string_equal(out.data, "[]");
    okt_buf_clear(&out);
    add(f, "{\"do\":\"close\",\"skip\":1}");
    add(f, "{\"do\":\"reset\",\"method\":\"GET\"}");
    for (int i = 0; i < 3; i++)
        pick(f, &request);
    faults_show(f, &out);
    assert_string_equal(out.data,
                        "[{\"id\":\"f1\",\"do\":\"close\",\"when\":\"before\","
                        "\"skip\":1,\"seen\":3,\"done\":2},"
                        "{\"id\":\"f2\",\"do\":\"reset\",\"method\":\"GET\","
                        "\"when\":\"before\",\"seen\":0,\"done\":0}]");
    faults_free(f);
}

static void a_full_list_takes_no_more(void **state)
{
    OKT_BUF_AUTO shown = OKT_BUF_INIT(FAULT_LISTS_MAX);
    struct faults *f = faults_new();
    struct fault fault;
    char why[FAULT_WHY_MAX];

    (void)state;
    for (int i = 0; i < FAULTS_MAX; i++)
        add(f, "{\"do\":\"status\",\"status\":400,\"causes\":[\"x\"]}");
    assert_true(read(&fault, "{\"do\":\"close\"}", why));
    assert_false(faults_add(f, &fault, &shown));
    assert_int_equal(shown.len, 0);
    fault_free(&fault);
    assert_true(faults_remove(f, "f1"));
    add(f, "{\"do\":\"close\"}");
    faults_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_by_method_path_token_and_client),
        cmocka_unit_test(what_is_not_known_of_a_request_matches_nothing_wanted),
        cmocka_unit_test(the_own_token_s_path_is_no_template_s),
        cmocka_unit_test(counts_and_lets_the_first_through),
        cmocka_unit_test(the_first_in_the_list_that_is_not_spent_has_its_way),
        cmocka_unit_test(chance_has_its_share_and_repeats_with_its_seed),
        cmocka_unit_test(a_stall_is_for_connections_and_for_nothing_else),
        cmocka_unit_test(a_status_brings_okta_s_error),
        cmocka_unit_test(causes_and_headers_come_as_they_were_given),
        cmocka_unit_test(a_rate_limit_says_exactly_when_it_ends),
        cmocka_unit_test(too_many_at_a_time_says_a_limit_of_nothing),
        cmocka_unit_test(the_rest_is_handed_on),
        cmocka_unit_test(what_is_wrong_is_said_by_name),
        cmocka_unit_test(words_become_the_same_fault),
        cmocka_unit_test(a_word_that_is_none_is_told),
        cmocka_unit_test(what_is_shown_can_be_given_again),
        cmocka_unit_test(the_list_tells_what_has_become_of_them),
        cmocka_unit_test(a_full_list_takes_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
