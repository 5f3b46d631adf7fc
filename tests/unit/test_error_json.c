/* SPDX-License-Identifier: Apache-2.0 */
/* test_error_json.c - what the org says went wrong, read and written. */
#include <string.h>

#include "tests/unit/test_text.h"
#include "wire/error_json.h"

static void all_five_parts_are_read(void **state)
{
    AUTO(yyjson_doc)
    doc = parse_json(
        "{\"errorCode\":\"E0000001\",\"errorSummary\":\"Api validation failed: "
        "name\",\"errorLink\":\"E0000001L\",\"errorId\":\"oaeAbc\","
        "\"errorCauses\":[{\"errorSummary\":\"name: may not be empty\"},"
        "{\"errorSummary\":\"second\"}],\"future\":1}");
    struct okt_error_view error;

    (void)state;
    assert_true(okt_error_decode(yyjson_doc_get_root(doc), &error));
    assert_string_equal(error.code, "E0000001");
    assert_string_equal(error.summary, "Api validation failed: name");
    assert_string_equal(error.link, "E0000001L");
    assert_string_equal(error.id, "oaeAbc");
    assert_non_null(error.causes);
    assert_string_equal(okt_error_cause(&error, 0), "name: may not be empty");
    assert_string_equal(okt_error_cause(&error, 1), "second");
    assert_null(okt_error_cause(&error, 2));
    assert_null(okt_error_cause(&error, SIZE_MAX));
}

static void error_bodies_of_both_kinds_are_known(void **state)
{
    static const struct {
        const char *text;
        bool known;
        const char *code;
        const char *summary;
    } cases[] = {
        { "{\"errorCode\":\"E0000007\"}", true, "E0000007", NULL },
        { "{\"errorCode\":\"E0000007\",\"errorSummary\":\"gone\"}", true,
          "E0000007", "gone" },
        { "{\"errorCode\":\"\",\"errorSummary\":\"\"}", true, "", "" },
        { "{\"errorCode\":\"E1\",\"errorSummary\":null}", true, "E1", NULL },
        { "{\"errorCode\":\"E1\",\"errorSummary\":[1]}", true, "E1", NULL },
        { "{\"error\":\"invalid_client\",\"error_description\":\"no such\"}",
          true, "invalid_client", "no such" },
        { "{\"error\":\"invalid_client\"}", true, "invalid_client", NULL },
        { "{\"error\":\"x\",\"error_description\":7}", true, "x", NULL },
        /* Okta's own form counts before RFC 6749's */
        { "{\"error\":\"x\",\"error_description\":\"d\",\"errorCode\":\"E1\","
          "\"errorSummary\":\"s\"}",
          true, "E1", "s" },
        { "{\"errorCode\":null,\"error\":\"x\",\"error_description\":\"d\"}",
          true, "x", "d" },
        { "{\"errorSummary\":\"s\"}", true, NULL, "s" },
        { "{\"error_description\":\"d\"}", true, NULL, "d" },
        { "{}", false, NULL, NULL },
        { "[]", false, NULL, NULL },
        { "null", false, NULL, NULL },
        { "\"errorCode\"", false, NULL, NULL },
        { "7", false, NULL, NULL },
        { "[{\"errorCode\":\"E1\"}]", false, NULL, NULL },
        { "{\"errorcode\":\"E1\"}", false, NULL, NULL },
        { "{\"errorCode\":1}", false, NULL, NULL },
        { "{\"error\":{\"code\":\"x\"}}", false, NULL, NULL },
        { "{\"error\":true}", false, NULL, NULL },
        { "{\"error_description\":7}", false, NULL, NULL },
        { "{\"message\":\"Bad Gateway\"}", false, NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(yyjson_doc) doc = parse_json(cases[i].text);
        struct okt_error_view error = { 0 };

        if (okt_error_decode(yyjson_doc_get_root(doc), &error) !=
            cases[i].known)
            fail_msg("%s", cases[i].text);
        if (!cases[i].known)
            continue;
        expect_text(error.code, cases[i].code);
        expect_text(error.summary, cases[i].summary);
    }
    assert_false(okt_error_decode(NULL, &(struct okt_error_view){ 0 }));
}

static void causes_of_odd_types_do_no_harm(void **state)
{
    static const struct {
        const char *causes;
        const char *cause[4];
    } cases[] = {
        { "[]", { NULL } },
        { "null", { NULL } },
        { "7", { NULL } },
        { "\"text\"", { NULL } },
        { "{\"errorSummary\":\"x\"}", { NULL } },
        { "[{\"errorSummary\":\"x\"}]", { "x" } },
        { "[{},{\"errorSummary\":\"x\"}]", { "", "x" } },
        { "[{\"errorSummary\":7},{\"errorSummary\":null}]", { "", "" } },
        { "[null,[1],\"s\"]", { "", "", "" } },
        { "[{\"a\":[1,2]},{\"errorSummary\":\"x\"}]", { "", "x" } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO text = OKT_BUF_INIT(1000);
        AUTO(yyjson_doc) doc = NULL;
        struct okt_error_view error;

        okt_buf_printf(&text, "{\"errorCode\":\"E1\",\"errorCauses\":%s}",
                       cases[i].causes);
        doc = parse_json(text.data);
        assert_true(okt_error_decode(yyjson_doc_get_root(doc), &error));
        for (size_t n = 0; n < ARRAY_LEN(cases[i].cause); n++) {
            if (cases[i].cause[n] == NULL)
                assert_null(okt_error_cause(&error, n));
            expect_text(okt_error_cause(&error, n), cases[i].cause[n]);
        }
    }
}

static void an_error_without_causes_has_none(void **state)
{
    static const char *const texts[] = { "{\"errorCode\":\"E1\"}",
                                         "{\"error\":\"x\"}" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        AUTO(yyjson_doc) doc = parse_json(texts[i]);
        struct okt_error_view error;

        memset(&error, 0xa5, sizeof(error));
        assert_true(okt_error_decode(yyjson_doc_get_root(doc), &error));
        assert_null(error.causes);
        assert_null(error.summary);
        assert_null(error.link);
        assert_null(error.id);
        assert_null(okt_error_cause(&error, 0));
    }
}

static void a_part_with_a_nul_is_as_if_it_were_not_there(void **state)
{
    AUTO(yyjson_doc)
    doc = parse_json(
        "{\"errorCode\":\"E1\\u0000\",\"error\":\"x\",\"errorId\":\"oae\\u0000"
        "1\",\"errorCauses\":[{\"errorSummary\":\"a\\u0000b\"}]}");
    struct okt_error_view error;

    (void)state;
    assert_true(okt_error_decode(yyjson_doc_get_root(doc), &error));
    assert_string_equal(error.code, "x");
    assert_null(error.id);
    assert_string_equal(okt_error_cause(&error, 0), "");
}

static void causes_without_end_are_cut(void **state)
{
    enum { MANY = 100000 };
    OKT_BUF_AUTO text = OKT_BUF_INIT(1000000);
    AUTO(yyjson_doc) doc = NULL;
    struct okt_error_view error;
    size_t count = 0;

    (void)state;
    okt_buf_str(&text, "{\"errorCode\":\"E1\",\"errorCauses\":[{}");
    for (int i = 1; i < MANY; i++)
        okt_buf_str(&text, ",{}");
    okt_buf_str(&text, "]}");
    doc = parse_json(text.data);
    assert_true(okt_error_decode(yyjson_doc_get_root(doc), &error));
    while (okt_error_cause(&error, count) != NULL)
        count++;
    assert_int_equal(count, OKT_CAUSES_MAX);
}

/* ------------------------------------------------------------- Writing -- */

static void an_error_is_written_as_orgs_send_it(void **state)
{
    static const char *const causes[] = { "name: \"x\"", "second" };
    OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

    (void)state;
    okt_error_encode(&out, "E0000007",
                     "Not found: Resource not found: 00Tx (Token)", "oaeX",
                     NULL, 0);
    assert_string_equal(
        out.data, "{\"errorCode\":\"E0000007\",\"errorSummary\":\"Not found: "
                  "Resource not found: 00Tx (Token)\",\"errorLink\":"
                  "\"E0000007\",\"errorId\":\"oaeX\",\"errorCauses\":[]}");
    okt_buf_clear(&out);
    okt_error_encode(&out, "E0000001", "a\\b\n", "oae\"", causes, 2);
    assert_string_equal(
        out.data,
        "{\"errorCode\":\"E0000001\",\"errorSummary\":\"a\\\\b\\n\","
        "\"errorLink\":\"E0000001\",\"errorId\":\"oae\\\"\",\"errorCauses\":["
        "{\"errorSummary\":\"name: \\\"x\\\"\"},{\"errorSummary\":\"second\"}"
        "]}");
}

static void what_is_written_can_be_read(void **state)
{
    static const char *const causes[] = { "one", "", "three" };
    OKT_BUF_AUTO out = OKT_BUF_INIT(1000);
    AUTO(yyjson_doc) doc = NULL;
    struct okt_error_view error;

    (void)state;
    okt_error_encode(&out, "E1", "s", "oae1", causes, 3);
    doc = parse_json(out.data);
    assert_true(okt_error_decode(yyjson_doc_get_root(doc), &error));
    assert_string_equal(error.code, "E1");
    assert_string_equal(error.summary, "s");
    assert_string_equal(error.link, "E1");
    assert_string_equal(error.id, "oae1");
    assert_string_equal(okt_error_cause(&error, 0), "one");
    assert_string_equal(okt_error_cause(&error, 1), "");
    assert_string_equal(okt_error_cause(&error, 2), "three");
    assert_null(okt_error_cause(&error, 3));
}

static void writing_survives_every_failed_allocation(void **state)
{
    static const char *const causes[] = { "one", "two" };
    bool done = false;

    (void)state;
    for (int nth = 0; !done; nth++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

        assert_true(nth < 100);
        test_fail_alloc(nth);
        okt_error_encode(&out, "E1", "s", "oae1", causes, 2);
        test_fail_alloc(-1);
        done = !test_alloc_failed();
        assert_int_equal(out.state, done ? OKT_BUF_OK : OKT_BUF_NO_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(all_five_parts_are_read),
        cmocka_test(error_bodies_of_both_kinds_are_known),
        cmocka_test(causes_of_odd_types_do_no_harm),
        cmocka_test(an_error_without_causes_has_none),
        cmocka_test(causes_without_end_are_cut),
        cmocka_test(a_part_with_a_nul_is_as_if_it_were_not_there),
        cmocka_test(an_error_is_written_as_orgs_send_it),
        cmocka_test(what_is_written_can_be_read),
        cmocka_test(writing_survives_every_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
