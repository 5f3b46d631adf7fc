/* SPDX-License-Identifier: Apache-2.0 */
/* test_escape.c - reading UTF-8, and what of it becomes an escape. */
#include <string.h>

#include "base/escape.h"
#include "tests/unit/test.h"

enum { MAX = 4096, CP_LAST = 0x10ffff };

struct text {
    const char *data;
    size_t len;
};

#define TEXT(literal) { (literal), sizeof(literal) - 1 }

static void text_that_is_safe_stays_as_it_is(void **state)
{
    static const char *const safe[] = {
        "",
        "ci-deploy (prod)",
        "\"quoted\" & <b>'",
        "Z\u00fcrich caf\u00e9 \u65e5\u672c\u8a9e \u0440\u0443\u0441",
        "\U0001f680",
        "a\u0301\u0323",
        "no\u00a0break \u3000",
        "\u05e9\u05dc\u05d5\u05dd",
        "\ufffd",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(safe); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(MAX);

        okt_escape(&out, safe[i], strlen(safe[i]));
        assert_int_equal(out.len, strlen(safe[i]));
        assert_int_equal(okt_safe_length(safe[i], strlen(safe[i])), out.len);
        assert_string_equal(out.data, safe[i]);
    }
}

static void what_steers_or_deceives_is_escaped(void **state)
{
    static const struct {
        struct text in;
        const char *out;
    } cases[] = {
        { TEXT("a\nb\tc\rd"), "a\\nb\\tc\\rd" },
        { TEXT("\x1b[31mred"), "\\x1b[31mred" },
        { TEXT("nul\0l"), "nul\\x00l" },
        { TEXT("\x7f"), "\\x7f" },
        { TEXT("\\n"), "\\\\n" },
        { TEXT("\xc2\x9b"
               "31m\xc2\x85"),
          "\\u{009b}31m\\u{0085}" },
        { TEXT("\u202e\u2066x\u2069"), "\\u{202e}\\u{2066}x\\u{2069}" },
        { TEXT("a\u200bb\ufeff"), "a\\u{200b}b\\u{feff}" },
        { TEXT("\u2028\u2029"), "\\u{2028}\\u{2029}" },
        { TEXT("\u2764\ufe0f"), "\u2764\\u{fe0f}" },
        { TEXT("\U000e0041\U000e0fff"), "\\u{e0041}\\u{e0fff}" },
        { TEXT("\U0010ffff\ufffe"), "\\u{10ffff}\\u{fffe}" },
        /* No UTF-8: alone, cut off, overlong, surrogate, beyond the last. */
        { TEXT("\xff\x80z"), "\\xff\\x80z" },
        { TEXT("\xc3"), "\\xc3" },
        { TEXT("\xe2\x82"), "\\xe2\\x82" },
        { TEXT("\xe2\x82z"), "\\xe2\\x82z" },
        { TEXT("\xc0\xaf"), "\\xc0\\xaf" },
        { TEXT("\xe0\x80\xaf"), "\\xe0\\x80\\xaf" },
        { TEXT("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
        { TEXT("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
        { TEXT("\x9b"
               "31m"),
          "\\x9b31m" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(MAX);

        okt_escape(&out, cases[i].in.data, cases[i].in.len);
        assert_string_equal(out.data, cases[i].out);
        assert_true(okt_safe_length(cases[i].in.data, cases[i].in.len) <
                    cases[i].in.len);
    }
}

/* What stands on either side of each range, and its ends. */
static void ranges_begin_and_end_where_they_should(void **state)
{
    static const struct {
        int32_t first;
        int32_t last;
    } ranges[] = {
        { 0x00, 0x1f },         { 0x5c, 0x5c },       { 0x7f, 0x9f },
        { 0xad, 0xad },         { 0x34f, 0x34f },     { 0x61c, 0x61c },
        { 0x115f, 0x1160 },     { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
        { 0x200b, 0x200f },     { 0x2028, 0x202e },   { 0x2060, 0x206f },
        { 0x2800, 0x2800 },     { 0x3164, 0x3164 },   { 0xfdd0, 0xfdef },
        { 0xfe00, 0xfe0f },     { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
        { 0xfff0, 0xfffb },     { 0xfffe, 0xffff },   { 0x13430, 0x1343f },
        { 0x1bca0, 0x1bca3 },   { 0x1d159, 0x1d159 }, { 0x1d173, 0x1d17a },
        { 0x1fffe, 0x1ffff },   { 0x2fffe, 0x2ffff }, { 0x3fffe, 0x3ffff },
        { 0x4fffe, 0x4ffff },   { 0x5fffe, 0x5ffff }, { 0x6fffe, 0x6ffff },
        { 0x7fffe, 0x7ffff },   { 0x8fffe, 0x8ffff }, { 0x9fffe, 0x9ffff },
        { 0xafffe, 0xaffff },   { 0xbfffe, 0xbffff }, { 0xcfffe, 0xcffff },
        { 0xdfffe, 0xe0fff },   { 0xefffe, 0xeffff }, { 0xffffe, 0xfffff },
        { 0x10fffe, 0x10ffff },
    };
    size_t at = 0;

    (void)state;
    assert_true(okt_is_unsafe(-1));
    for (int32_t cp = 0; cp <= CP_LAST; cp++) {
        bool inside;

        while (at < ARRAY_LEN(ranges) && ranges[at].last < cp)
            at++;
        inside = at < ARRAY_LEN(ranges) && ranges[at].first <= cp;
        if (okt_is_unsafe(cp) != inside)
            fail_msg("U+%04X", (unsigned)cp);
    }
}

static size_t encode(int32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

static void every_code_point_is_read_as_written(void **state)
{
    (void)state;
    for (int32_t cp = 0; cp <= CP_LAST; cp++) {
        bool surrogate = cp >= 0xd800 && cp <= 0xdfff;
        char text[4];
        size_t len = encode(cp, text);
        int32_t read;

        if (okt_utf8_next(text, len, &read) != (surrogate ? 1 : len) ||
            read != (surrogate ? -1 : cp))
            fail_msg("U+%04X", (unsigned)cp);
        if (len > 1 && (okt_utf8_next(text, len - 1, &read) != 1 || read >= 0))
            fail_msg("U+%04X cut off", (unsigned)cp);
    }
}

static void nothing_passes_the_bound(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(5);

    (void)state;
    okt_escape(&out, "ab\x1b", 3);
    assert_int_equal(out.state, OKT_BUF_FULL);
    assert_string_equal(out.data, "ab");
}

static void lack_of_memory_is_latched(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(MAX);

    (void)state;
    test_fail_alloc(0);
    okt_escape(&out, "a\nb", 3);
    test_fail_alloc(-1);
    assert_int_equal(out.state, OKT_BUF_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_is_safe_stays_as_it_is),
        cmocka_unit_test(what_steers_or_deceives_is_escaped),
        cmocka_unit_test(ranges_begin_and_end_where_they_should),
        cmocka_unit_test(every_code_point_is_read_as_written),
        cmocka_unit_test(nothing_passes_the_bound),
        cmocka_unit_test(lack_of_memory_is_latched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
