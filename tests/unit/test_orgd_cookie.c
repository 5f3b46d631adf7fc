/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_cookie.c - the Cookie header. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/request/cookie.h"

static void reads_one_cookie(void **state)
{
    static const struct {
        const char *header;
        const char *value; /* NULL: none */
    } cases[] = {
        { NULL, NULL },
        { "", NULL },
        { "id=a", "a" },
        { "id=", "" },
        { "x=1; id=a; y=2", "a" },
        { "x=1;id=a;y=2", "a" },
        { "id=a=b", "a=b" },
        { "id", NULL },
        { "xid=a", NULL },
        { "id2=a", NULL },
        { "ID=a", NULL },
        { "x=id=a", NULL },
        { "x=\"; id=a\"", NULL },
        { "id=a; id=b", NULL },
        { "id=a; id=a", NULL },
        { "id=\"a\"", NULL },
        { "id=a b", NULL },
        { "id=a,b", NULL },
        { "id=a\\b", NULL },
        { "id=\xc3\xa9", NULL },
        { "id=1234567", "1234567" },
        { "id=12345678", NULL },
        { ";;; id=a ;;", NULL },
        { ";;; id=a;;", "a" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char value[8] = "";
        bool found = cookie_get(cases[i].header, "id", value, sizeof(value));

        if (cases[i].header != NULL)
            print_message("%s\n", cases[i].header);
        assert_int_equal(found, cases[i].value != NULL);
        if (cases[i].value != NULL)
            assert_string_equal(value, cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_one_cookie),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
