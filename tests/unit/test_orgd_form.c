/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_form.c - bodies of forms. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/request/form.h"

#define TYPE "application/x-www-form-urlencoded"

static void reads_what_browsers_and_clients_send(void **state)
{
    static const struct {
        const char *body;
        const char *value; /* of "q"; NULL: there is none */
    } cases[] = {
        { "", NULL },
        { "q=", NULL },
        { "q", NULL },
        { "q=a", "a" },
        { "a=1&q=b&c=2", "b" },
        { "q=a+b%20c%2B", "a b c+" },
        { "q=a=b", "a=b" },
        { "q=a b", "a b" },
        { "q=%C3%a9", "\xc3\xa9" },
        { "%71=a", "a" },
        { "q=a%0D%0Ab%09", "a\r\nb\t" },
        { "qq=a&xq=b", NULL },
        { "q=a&", "a" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        FORM_AUTO form = { 0 };

        print_message("%s\n", cases[i].body);
        assert_null(form_parse(&form, TYPE, cases[i].body,
                               strlen(cases[i].body)));
        if (cases[i].value != NULL)
            assert_string_equal(form_get(&form, "q"), cases[i].value);
        else
            assert_null(form_get(&form, "q"));
    }
}

static void a_target_may_have_the_parameters(void **state)
{
    static const struct {
        const char *query;
        const char *type;
        const char *body;
        const char *value; /* of "q"; NULL: it is refused */
    } cases[] = {
        { "q=a%20b", NULL, "", "a b" },  { "q=a", "text/plain", "", "a" },
        { "x=1&q=a", TYPE, "y=2", "a" }, { "x=1", TYPE, "q=a", "a" },
        { "", TYPE, "q=a", "a" },        { NULL, TYPE, "q=a", "a" },
        { "q=a", TYPE, "q=a", NULL },    { "q=a", TYPE, "%71=", NULL },
        { "q=a&q=a", TYPE, "", NULL },   { "q=%0", TYPE, "", NULL },
        { "q=a", NULL, "x=1", NULL },    { "q=a", "text/plain", "x=1", NULL },
        { NULL, NULL, "", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        FORM_AUTO form = { 0 };
        const char *why = form_parse_both(&form, cases[i].query, cases[i].type,
                                          cases[i].body, strlen(cases[i].body));

        print_message("%s %s\n", cases[i].query, cases[i].body);
        if (cases[i].value != NULL)
            assert_string_equal(form_get(&form, "q"), cases[i].value);
        else
            assert_non_null(why);
    }
}

static void refuses_what_could_be_read_in_two_ways(void **state)
{
    static const char *const cases[] = {
        "q=&q=a",   "q=a&q=a",   "q=a&%71=b", "q&q",    "q=%",
        "q=%4",     "q=%4&x=1",  "q=%4g",     "q=%00",  "q=%01",
        "q=%7f",    "q=%1b[31m", "q=%ff",     "=a",     "&q=a",
        "a=1&&q=a", "q=%C3",     "q=\x01",    "q=\xc3", "%FF=1&q=a"
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct form form = { 0 };
        const char *why = form_parse(&form, TYPE, cases[i], strlen(cases[i]));

        print_message("%s\n", cases[i]);
        assert_non_null(why);
        assert_int_equal(form.text.cap, 0); /* nothing is kept */
    }
}

static void a_nul_ends_no_value(void **state)
{
    struct form form = { 0 };

    (void)state;
    assert_non_null(form_parse(&form, TYPE, "q=a\0b", 5));
    assert_non_null(form_parse(&form, TYPE, "q\0=a", 4));
}

static void takes_one_type_alone(void **state)
{
    static const struct {
        const char *type;
        bool good;
    } cases[] = {
        { TYPE, true },
        { "Application/X-WWW-Form-URLEncoded", true },
        { TYPE "; charset=UTF-8", true },
        { TYPE ";charset=utf-8", true },
        { NULL, false },
        { "", false },
        { "application/json", false },
        { "text/plain", false },
        { TYPE "2", false },
        { "multipart/form-data; boundary=x", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        FORM_AUTO form = { 0 };
        const char *why = form_parse(&form, cases[i].type, "q=a", 3);

        assert_int_equal(why == NULL, cases[i].good);
    }
}

static void the_number_of_fields_is_bounded(void **state)
{
    OKT_BUF_AUTO body = OKT_BUF_INIT(1000);
    FORM_AUTO form = { 0 };

    (void)state;
    for (int i = 0; i < FORM_FIELDS_MAX; i++)
        okt_buf_printf(&body, "%sf%d=x", i > 0 ? "&" : "", i);
    assert_null(form_parse(&form, TYPE, body.data, body.len));
    assert_string_equal(form_get(&form, "f31"), "x");
    form_free(&form);
    okt_buf_str(&body, "&f32=x");
    assert_non_null(form_parse(&form, TYPE, body.data, body.len));
}

static void what_is_not_there_reads_as_empty(void **state)
{
    FORM_AUTO form = { 0 };

    (void)state;
    assert_null(form_parse(&form, TYPE, "q=a", 3));
    assert_string_equal(form_text(&form, "q"), "a");
    assert_string_equal(form_text(&form, "x"), "");
}

/* A password that was sent does not lie around in memory that is free. */
static void values_are_wiped(void **state)
{
    struct form form = { 0 };
    const char *value;

    (void)state;
    assert_null(form_parse(&form, TYPE, "password=secret", 15));
    value = form_get(&form, "password");
    okt_buf_clear(&form.text);
    assert_int_equal(value[0], '\0');
    assert_int_equal(value[5], '\0');
    form_free(&form);
    assert_null(form_get(&form, "password"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_browsers_and_clients_send),
        cmocka_unit_test(a_target_may_have_the_parameters),
        cmocka_unit_test(refuses_what_could_be_read_in_two_ways),
        cmocka_unit_test(a_nul_ends_no_value),
        cmocka_unit_test(takes_one_type_alone),
        cmocka_unit_test(the_number_of_fields_is_bounded),
        cmocka_unit_test(what_is_not_there_reads_as_empty),
        cmocka_unit_test(values_are_wiped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
