/* SPDX-License-Identifier: Apache-2.0 */
/* test_percent.c - percent-encoding, there and back. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"
#include "wire/percent.h"

enum { ROOM = 8 };

/* Decodes a copy without a byte to spare, so that ASan sees a step too far. */
static bool decode(const char *text, struct okt_buf *out)
{
    size_t len = strlen(text);
    AUTO(char) copy = malloc(len > 0 ? len : 1);

    assert_non_null(copy);
    memcpy(copy, text, len);
    return okt_percent_decode(copy, len, out);
}

static void escapes_and_plus_are_read(void **state)
{
    static const char *const cases[][2] = {
        { "", "" },
        { "a", "a" },
        { "a+b%20c%2B", "a b c+" },
        { "%C3%a9", "\xc3\xa9" },
        { "%7e%7E", "~~" },
        { "%01%fF", "\x01\xff" },
        { "%2541", "%41" },
        { "&=#?", "&=#?" },
        { "12345678", "12345678" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(ROOM);

        if (!decode(cases[i][0], &out))
            fail_msg("%s is refused", cases[i][0]);
        assert_string_equal(out.data, cases[i][1]);
    }
}

static void broken_escapes_nuls_and_too_much_are_refused(void **state)
{
    static const char *const cases[] = {
        "%",   "a%",  "%4",  "a%4",  "%4g", "%g4",       "%%41",
        "% 1", "%+1", "%00", "a%00", "%-1", "123456789", "%31%32345678%39",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(ROOM);

        if (decode(cases[i], &out))
            fail_msg("%s is taken for \"%s\"", cases[i], out.data);
    }
}

static void a_nul_is_neither_text_nor_a_digit(void **state)
{
    static const char *const cases[] = { "a\0b", "%\0a", "%4\0" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(ROOM);

        assert_false(okt_percent_decode(cases[i], 3, &out));
    }
}

static void only_unreserved_characters_stay_what_they_are(void **state)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-._~";

    (void)state;
    for (int c = 1; c < 256; c++) {
        const char text[] = { (char)c, '\0' };
        char expected[4];
        OKT_BUF_AUTO out = OKT_BUF_INIT(ROOM);

        if (strchr(plain, c) != NULL)
            snprintf(expected, sizeof(expected), "%c", c);
        else
            snprintf(expected, sizeof(expected), "%%%02X", (unsigned)c);
        okt_percent_encode(&out, text);
        assert_string_equal(out.data, expected);
        okt_buf_clear(&out);
        assert_true(decode(expected, &out));
        assert_string_equal(out.data, text);
    }
}

static void both_append_within_the_bound(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(ROOM);

    (void)state;
    okt_buf_str(&out, "q=");
    okt_percent_encode(&out, "a b");
    assert_string_equal(out.data, "q=a%20b");
    assert_true(decode("%41", &out));
    assert_string_equal(out.data, "q=a%20bA");
    okt_percent_encode(&out, "c");
    assert_true(okt_buf_failed(&out));
    assert_string_equal(out.data, "q=a%20bA");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_and_plus_are_read),
        cmocka_unit_test(broken_escapes_nuls_and_too_much_are_refused),
        cmocka_unit_test(a_nul_is_neither_text_nor_a_digit),
        cmocka_unit_test(only_unreserved_characters_stay_what_they_are),
        cmocka_unit_test(both_append_within_the_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
