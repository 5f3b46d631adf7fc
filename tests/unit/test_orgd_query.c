/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_query.c - the parameters of a target. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/request/query.h"

static void reads_one_parameter(void **state)
{
    static const struct {
        const char *query;
        enum query_result result;
        const char *value;
    } cases[] = {
        { NULL, QUERY_ABSENT, NULL },
        { "", QUERY_ABSENT, NULL },
        { "q=", QUERY_FOUND, "" },
        { "q", QUERY_FOUND, "" },
        { "q=a", QUERY_FOUND, "a" },
        { "a=1&q=b&c=2", QUERY_FOUND, "b" },
        { "q=a+b%20c%2B", QUERY_FOUND, "a b c+" },
        { "q=a=b", QUERY_FOUND, "a=b" },
        { "q=%C3%a9", QUERY_FOUND, "\xc3\xa9" },
        { "q=a&q=a", QUERY_BAD, NULL },
        { "q=%", QUERY_BAD, NULL },
        { "q=%4", QUERY_BAD, NULL },
        { "q=%4&x=1", QUERY_BAD, NULL },
        { "q=%4g", QUERY_BAD, NULL },
        { "q=%00", QUERY_BAD, NULL },
        { "q=12345678", QUERY_FOUND, "12345678" },
        { "q=123456789", QUERY_BAD, NULL },
        { "qq=a", QUERY_ABSENT, NULL },
        { "xq=a", QUERY_ABSENT, NULL },
        { "%71=a", QUERY_ABSENT, NULL },
        { "&&q=a&&", QUERY_FOUND, "a" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO value = OKT_BUF_INIT(8);

        if (cases[i].query != NULL)
            print_message("%s\n", cases[i].query);
        assert_int_equal(query_get(cases[i].query, "q", &value),
                         cases[i].result);
        if (cases[i].value != NULL)
            assert_string_equal(value.data, cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_one_parameter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
