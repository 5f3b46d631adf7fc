/* SPDX-License-Identifier: Apache-2.0 */
/* test_ascii.c - letter case of ASCII, whatever the locale. */
#include "base/ascii.h"
#include "tests/unit/test.h"

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void only_ascii_letters_lose_their_case(void **state)
{
    (void)state;
    for (int c = -128; c < 128; c++) {
        bool capital = c >= 'A' && c <= 'Z';

        assert_int_equal(okt_lower((char)c), capital ? c + 32 : c);
    }
}

static void texts_compare_as_in_the_c_locale(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        size_t n;
        int all;
        int first_n;
    } cases[] = {
        { "Link", "lINK", 4, 0, 0 },
        { "id", "ID", 2, 0, 0 },
        { "", "", 1, 0, 0 },
        { "a", "", 1, 1, 1 },
        { "", "a", 0, -1, 0 },
        { "abc", "ABD", 2, -1, 0 },
        { "abc", "AB", 3, 1, 1 },
        { "a\0b", "A\0c", 3, 0, 0 },
        { "[", "{", 1, -1, -1 },
        { "@", "`", 1, -1, -1 },
        { "\xC3\x84", "\xC3\xA4", 2, -1, -1 },
        { "Z", "a", 1, 1, 1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(sign(okt_casecmp(cases[i].a, cases[i].b)),
                         cases[i].all);
        assert_int_equal(sign(okt_ncasecmp(cases[i].a, cases[i].b, cases[i].n)),
                         cases[i].first_n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_ascii_letters_lose_their_case),
        cmocka_unit_test(texts_compare_as_in_the_c_locale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
