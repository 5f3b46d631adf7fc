/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_html.c - HTML in which nothing foreign is markup. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/web/html.h"

static void puts_text_and_markup_in_their_places(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(200);

    (void)state;
    html(&out, "<a title=\"%t\">%h</a> 100%% %t", "a", "<b>b</b>", "c");
    assert_string_equal(out.data, "<a title=\"a\"><b>b</b></a> 100% c");
}

static void escapes_what_is_foreign(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(200);

    (void)state;
    html(&out, "%t", "<script>\"a\" & 'b'</script>\xc3\xa9");
    assert_string_equal(out.data, "&lt;script&gt;&quot;a&quot; &amp; "
                                  "&#39;b&#39;&lt;/script&gt;\xc3\xa9");
}

static void a_name_can_not_turn_what_stands_around_it(void **state)
{
    static const struct {
        const char *name;
        const char *shown;
    } cases[] = {
        { "Ada", "Ada" },
        { "", "?" },
        { "<b>", "&lt;b&gt;" },
        { "a\xe2\x80\xae"
          "b",
          "a\\u{202e}b" },
        { "a\xe2\x80\x8b"
          "b",
          "a\\u{200b}b" },
        { "a\nb\x1b", "a\\nb\\x1b" },
        { "a\xff", "a\\xff" },
        { "</bdi>", "&lt;/bdi&gt;" },
        { "\xd8\xb9\xd8\xb1", "\xd8\xb9\xd8\xb1" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(200);
        char want[100];

        html(&out, "%n", cases[i].name);
        snprintf(want, sizeof(want), "<bdi>%s</bdi>", cases[i].shown);
        assert_string_equal(out.data, want);
    }
}

static void a_mistake_is_latched(void **state)
{
    static const char *const formats[] = { "%s", "a %", "%" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(200);

        html(&out, formats[i], "x");
        assert_true(okt_buf_failed(&out));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_text_and_markup_in_their_places),
        cmocka_unit_test(escapes_what_is_foreign),
        cmocka_unit_test(a_name_can_not_turn_what_stands_around_it),
        cmocka_unit_test(a_mistake_is_latched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
