/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_cursor.c - a cursor serves who it was given to, unchanged. */
#include "tests/unit/test_orgd.h"

#include "server/api/cursor.h"

static const unsigned char key[SECRET_KEY_LEN] = "a key";
static const unsigned char other[SECRET_KEY_LEN] = "another key";

static void write_one(struct okt_buf *out, const char *id, const char *name)
{
    struct cursor place;

    snprintf(place.id, sizeof(place.id), "%s", id);
    snprintf(place.name, sizeof(place.name), "%s", name);
    cursor_write(out, key, &place, "q", "00Tcaller");
    assert_false(okt_buf_failed(out));
}

static void reads_back_what_was_written(void **state)
{
    char long_name[STORE_NAME_MAX + 1];
    const char *const names[] = { "", "a", "ci", "é\n\"\\", long_name };

    (void)state;
    memset(long_name, 'x', STORE_NAME_MAX);
    long_name[STORE_NAME_MAX] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        OKT_BUF_AUTO text = OKT_BUF_INIT(CURSOR_MAX);
        struct cursor back;

        write_one(&text, "00T1", names[i]);
        assert_true(cursor_read(text.data, key, "q", "00Tcaller", &back));
        assert_string_equal(back.id, "00T1");
        assert_string_equal(back.name, names[i]);
    }
}

static void needs_no_escaping_in_a_url(void **state)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(CURSOR_MAX);

    (void)state;
    write_one(&text, "00T1", "\xff\xfe\xfd name");
    assert_int_equal(strspn(text.data, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "abcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_"),
                     text.len);
}

static void is_for_one_search_one_caller_one_org(void **state)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(CURSOR_MAX);
    struct cursor back;

    (void)state;
    write_one(&text, "00T1", "name");
    assert_false(cursor_read(text.data, key, "Q", "00Tcaller", &back));
    assert_false(cursor_read(text.data, key, "", "00Tcaller", &back));
    assert_false(cursor_read(text.data, key, "q", "00Tother", &back));
    assert_false(cursor_read(text.data, other, "q", "00Tcaller", &back));
    /* Not one text cut in two places. */
    assert_false(cursor_read(text.data, key, "q0", "0Tcaller", &back));
}

static void refuses_every_change_of_a_character(void **state)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(CURSOR_MAX);
    struct cursor back;

    (void)state;
    write_one(&text, "00Tabcdefghijklmnopq", "some name");
    for (size_t i = 0; i < text.len; i++) {
        char was = text.data[i];

        for (const char *c = "ABCDabcd0189-_ %="; *c != '\0'; c++) {
            text.data[i] = *c;
            if (*c != was)
                assert_false(cursor_read(text.data, key, "q", "00Tcaller",
                                         &back));
        }
        text.data[i] = '\0';
        assert_false(cursor_read(text.data, key, "q", "00Tcaller", &back));
        text.data[i] = was;
    }
    assert_true(cursor_read(text.data, key, "q", "00Tcaller", &back));
    okt_buf_char(&text, 'A');
    assert_false(cursor_read(text.data, key, "q", "00Tcaller", &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_was_written),
        cmocka_unit_test(needs_no_escaping_in_a_url),
        cmocka_unit_test(is_for_one_search_one_caller_one_org),
        cmocka_unit_test(refuses_every_change_of_a_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
