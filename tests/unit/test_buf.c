/* SPDX-License-Identifier: Apache-2.0 */
/* test_buf.c - buffers: their bound, their latch, and what they leave behind.
 */
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/buf.h"
#include "tests/unit/test.h"

void __real_free(void *p);
void __wrap_free(void *p);

/* The memory to look at when it is freed, and what was found there. */
static struct {
    const char *at;
    size_t len;
    int frees;
    bool wiped;
} watch;

void __wrap_free(void *p)
{
    if (p != NULL && p == watch.at) {
        watch.frees++;
        watch.wiped = true;
        for (size_t i = 0; i < watch.len; i++)
            watch.wiped = watch.wiped && watch.at[i] == '\0';
        watch.at = NULL;
    }
    __real_free(p);
}

static void watch_buf(const struct okt_buf *buf)
{
    watch.at = buf->data;
    watch.len = buf->len;
    watch.frees = 0;
    watch.wiped = false;
}

/* Appends s in one of the ways there are. */
static void append(struct okt_buf *buf, int way, const char *s)
{
    switch (way) {
    case 0:
        okt_buf_append(buf, s, strlen(s));
        break;
    case 1:
        okt_buf_str(buf, s);
        break;
    case 2:
        okt_buf_printf(buf, "%s", s);
        break;
    default:
        for (; *s != '\0'; s++)
            okt_buf_char(buf, *s);
    }
}

enum { WAYS = 4 };

/* ------------------------------------------------------------ Contents -- */

static void appends_follow_one_another(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(100);

    (void)state;
    okt_buf_str(&b, "id=");
    okt_buf_printf(&b, "%d, %s", 42, "x");
    okt_buf_char(&b, ';');
    okt_buf_append(&b, "a\0b", 3);
    okt_buf_str(&b, "");
    okt_buf_append(&b, "", 0);
    okt_buf_printf(&b, "%s", "");
    assert_false(okt_buf_failed(&b));
    assert_int_equal(b.len, 12);
    assert_memory_equal(b.data, "id=42, x;a\0b", 12);
    assert_true(b.cap > b.len);
}

static void any_append_that_works_leaves_a_string(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS - 1; way++) {
        OKT_BUF_AUTO b = OKT_BUF_INIT(100);

        append(&b, way, "");
        assert_false(okt_buf_failed(&b));
        assert_non_null(b.data);
        assert_string_equal(b.data, "");
        append(&b, way, "abc");
        assert_string_equal(b.data, "abc");
    }
}

static void what_is_long_is_kept_whole(void **state)
{
    enum { LONG = 100000 };
    static char text[LONG + 1];
    OKT_BUF_AUTO b = OKT_BUF_INIT(3 * LONG);

    (void)state;
    for (size_t i = 0; i < LONG; i++)
        text[i] = (char)('a' + i % 23);
    okt_buf_str(&b, text);
    okt_buf_printf(&b, "%s", text);
    for (size_t i = 0; i < LONG; i++)
        okt_buf_char(&b, text[i]);
    assert_false(okt_buf_failed(&b));
    assert_int_equal(b.len, 3 * LONG);
    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(b.data + i * LONG, text, LONG);
    assert_int_equal(b.data[b.len], '\0');
}

/* --------------------------------------------------------------- Bound -- */

static void the_bound_can_be_reached_and_not_passed(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        OKT_BUF_AUTO b = OKT_BUF_INIT(8);

        append(&b, way, "12345");
        append(&b, way, "678");
        assert_false(okt_buf_failed(&b));
        assert_int_equal(b.len, 8);
        assert_string_equal(b.data, "12345678");
        append(&b, way, "9");
        assert_int_equal(b.state, OKT_BUF_FULL);
        assert_int_equal(b.len, 8);
        assert_string_equal(b.data, "12345678");
    }
}

static void an_append_that_does_not_fit_changes_nothing(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS - 1; way++) {
        OKT_BUF_AUTO b = OKT_BUF_INIT(8);

        append(&b, way, "12345");
        append(&b, way, "6789");
        assert_int_equal(b.state, OKT_BUF_FULL);
        assert_string_equal(b.data, "12345");
    }
}

static void after_a_failure_every_later_append_changes_nothing(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        OKT_BUF_AUTO b = OKT_BUF_INIT(8);

        okt_buf_str(&b, "12345");
        okt_buf_str(&b, "6789");
        append(&b, way, "6");
        append(&b, way, "");
        okt_buf_reserve(&b, 1);
        assert_int_equal(b.state, OKT_BUF_FULL);
        assert_int_equal(b.len, 5);
        assert_string_equal(b.data, "12345");
    }
}

static void a_bound_of_zero_takes_nothing_but_the_empty(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(0);

    (void)state;
    okt_buf_str(&b, "");
    assert_false(okt_buf_failed(&b));
    assert_string_equal(b.data, "");
    okt_buf_char(&b, 'x');
    assert_int_equal(b.state, OKT_BUF_FULL);
    assert_int_equal(b.len, 0);
}

static void lengths_near_the_end_of_size_t_do_not_wrap(void **state)
{
    static const size_t lengths[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 4,
                                      SIZE_MAX - 5, SIZE_MAX / 2 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        OKT_BUF_AUTO bounded = OKT_BUF_INIT(100);
        OKT_BUF_AUTO b = OKT_BUF_INIT(SIZE_MAX);

        okt_buf_str(&bounded, "1234");
        okt_buf_reserve(&bounded, lengths[i]);
        assert_int_equal(bounded.state, OKT_BUF_FULL);
        assert_string_equal(bounded.data, "1234");

        okt_buf_str(&b, "1234");
        test_fail_alloc(0); /* what might be asked for can't be had */
        okt_buf_reserve(&b, lengths[i]);
        test_fail_alloc(-1);
        assert_true(okt_buf_failed(&b));
        assert_string_equal(b.data, "1234");
        okt_buf_str(&b, "5");
        assert_string_equal(b.data, "1234");
    }
}

static void what_cannot_be_printed_is_latched(void **state)
{
    static const wchar_t text[] = { L'a', 0x7fffffff, L'\0' };
    OKT_BUF_AUTO b = OKT_BUF_INIT(8);

    (void)state;
    okt_buf_str(&b, "12345");
    okt_buf_printf(&b, "%ls", text); /* no character in any encoding */
    assert_int_equal(b.state, OKT_BUF_NO_MEMORY);
    assert_string_equal(b.data, "12345");
    okt_buf_clear(&b);
    okt_buf_str(&b, "123456789");
    okt_buf_printf(&b, "%ls", text);
    assert_int_equal(b.state, OKT_BUF_FULL);
}

static void an_empty_buffer_is_an_empty_text(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(100);

    (void)state;
    assert_string_equal(b.data, "");
    okt_buf_clear(&b);
    okt_buf_cut(&b, 0);
    assert_string_equal(b.data, "");
    okt_buf_str(&b, "x");
    okt_buf_clear(&b);
    assert_string_equal(b.data, "");
    okt_buf_free(&b);
    assert_string_equal(b.data, "");
}

/* -------------------------------------------------------------- Memory -- */

static void without_memory_appends_fail_and_keep_what_was(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        OKT_BUF_AUTO empty = OKT_BUF_INIT(10000);
        OKT_BUF_AUTO b = OKT_BUF_INIT(10000);

        test_fail_alloc(0);
        append(&empty, way, "x");
        assert_int_equal(empty.state, OKT_BUF_NO_MEMORY);
        assert_string_equal(empty.data, "");

        test_fail_alloc(-1);
        okt_buf_str(&b, "kept");
        test_fail_alloc(0);
        while (!okt_buf_failed(&b))
            append(&b, way, "x");
        test_fail_alloc(-1);
        assert_int_equal(b.state, OKT_BUF_NO_MEMORY);
        assert_memory_equal(b.data, "kept", 4);
        assert_int_equal(strlen(b.data), b.len);
    }
}

static void room_once_reserved_needs_no_memory(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(5000);

    (void)state;
    okt_buf_str(&b, "12345");
    okt_buf_reserve(&b, 4995);
    assert_false(okt_buf_failed(&b));
    assert_string_equal(b.data, "12345");
    test_fail_alloc(0);
    for (int i = 0; i < 4990; i++)
        okt_buf_char(&b, 'x');
    okt_buf_printf(&b, "%s", "12345");
    test_fail_alloc(-1);
    assert_false(okt_buf_failed(&b));
    assert_int_equal(b.len, 5000);
}

static void room_beyond_the_bound_cannot_be_reserved(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(10);

    (void)state;
    okt_buf_str(&b, "12345");
    okt_buf_reserve(&b, 6);
    assert_int_equal(b.state, OKT_BUF_FULL);
}

static void growing_wipes_what_it_leaves(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS + 1; way++) {
        OKT_BUF_AUTO b = OKT_BUF_INIT(100000);

        okt_buf_str(&b, SECRET);
        watch_buf(&b);
        if (way == WAYS)
            okt_buf_reserve(&b, 5000);
        while (watch.frees == 0 && b.len < 5000)
            append(&b, way, SECRET);
        assert_int_equal(watch.frees, 1);
        assert_true(watch.wiped);
        assert_memory_equal(b.data, SECRET, strlen(SECRET));
    }
}

static void growing_keeps_what_was_there(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 130; len++) {
        OKT_BUF_AUTO b = OKT_BUF_INIT(10000);
        char text[131];

        memset(text, 'x', len);
        text[len] = '\0';
        okt_buf_str(&b, text);
        okt_buf_reserve(&b, 5000);
        assert_false(okt_buf_failed(&b));
        assert_int_equal(b.len, len);
        assert_string_equal(b.data, text);
    }
}

static void a_failed_growth_keeps_the_old_memory(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(100000);

    (void)state;
    okt_buf_str(&b, SECRET);
    watch_buf(&b);
    test_fail_alloc(0);
    okt_buf_reserve(&b, 50000);
    test_fail_alloc(-1);
    assert_int_equal(watch.frees, 0);
    assert_string_equal(b.data, SECRET);
}

static void freeing_wipes_and_leaves_an_empty_buffer(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(50);

    (void)state;
    okt_buf_str(&b, SECRET);
    watch_buf(&b);
    okt_buf_free(&b);
    assert_int_equal(watch.frees, 1);
    assert_true(watch.wiped);
    assert_string_equal(b.data, "");
    assert_int_equal(b.len, 0);
    okt_buf_free(&b);

    okt_buf_str(&b, SECRET);
    assert_string_equal(b.data, SECRET);
    okt_buf_str(&b, SECRET);
    assert_int_equal(b.state, OKT_BUF_FULL);
    okt_buf_free(&b);
    okt_buf_str(&b, "again");
    assert_false(okt_buf_failed(&b));
    assert_string_equal(b.data, "again");
}

static void leaving_scope_wipes_and_frees(void **state)
{
    (void)state;
    {
        OKT_BUF_AUTO b = OKT_BUF_INIT(100);

        okt_buf_str(&b, SECRET);
        watch_buf(&b);
    }
    assert_int_equal(watch.frees, 1);
    assert_true(watch.wiped);
}

static void clearing_wipes_and_keeps_the_memory(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(50);
    const char *data;

    (void)state;
    okt_buf_clear(&b);
    okt_buf_str(&b, SECRET);
    okt_buf_str(&b, SECRET);
    assert_true(okt_buf_failed(&b));
    data = b.data;
    okt_buf_clear(&b);
    assert_false(okt_buf_failed(&b));
    assert_int_equal(b.len, 0);
    assert_ptr_equal(b.data, data);
    for (size_t i = 0; i <= strlen(SECRET); i++)
        assert_int_equal(b.data[i], '\0');
    test_fail_alloc(0);
    okt_buf_str(&b, "next");
    test_fail_alloc(-1);
    assert_string_equal(b.data, "next");
}

/* -------------------------------------------------------------- Taking -- */

static void taking_hands_the_string_on(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(100);
    char *first;
    char *second;
    char *empty;

    (void)state;
    okt_buf_str(&b, "first");
    first = okt_buf_take(&b);
    assert_string_equal(first, "first");
    assert_string_equal(b.data, "");
    assert_int_equal(b.len, 0);
    okt_buf_str(&b, "second");
    second = okt_buf_take(&b);
    assert_string_equal(second, "second");
    empty = okt_buf_take(&b);
    assert_string_equal(empty, "");
    free(first);
    free(second);
    free(empty);
}

static void taking_after_a_failure_gives_nothing(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(60);

    (void)state;
    okt_buf_str(&b, SECRET);
    okt_buf_str(&b, SECRET);
    watch_buf(&b);
    assert_null(okt_buf_take(&b));
    /* As if it had been freed: a half of an answer can't come out later. */
    assert_int_equal(b.len, 0);
    assert_int_equal(watch.frees, 1);
    assert_true(watch.wiped);
}

static void taking_nothing_without_memory_gives_nothing(void **state)
{
    OKT_BUF_AUTO b = OKT_BUF_INIT(60);

    (void)state;
    test_fail_alloc(0);
    assert_null(okt_buf_take(&b));
    test_fail_alloc(-1);
}

static void numbers_are_written_as_printf_does(void **state)
{
    static const int64_t values[] = { 0,    1,         -1,        9,
                                      10,   -10,       99999,     1764686833,
                                      -120, INT64_MAX, INT64_MIN, 1000000 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        OKT_BUF_AUTO buf = OKT_BUF_INIT(40);
        char expected[40];

        snprintf(expected, sizeof(expected), "n=%lld", (long long)values[i]);
        okt_buf_str(&buf, "n=");
        okt_buf_int(&buf, values[i]);
        assert_string_equal(buf.data, expected);
    }
}

static void what_is_cut_off_is_wiped(void **state)
{
    OKT_BUF_AUTO buf = OKT_BUF_INIT(20);

    (void)state;
    okt_buf_cut(&buf, 0); /* nothing there yet */
    okt_buf_str(&buf, "public secret");
    okt_buf_cut(&buf, 20);
    assert_string_equal(buf.data, "public secret");
    okt_buf_cut(&buf, 7);
    assert_int_equal(buf.len, 7);
    assert_memory_equal(buf.data, "public \0\0\0\0\0\0", 14);
    okt_buf_reserve(&buf, 100);
    okt_buf_cut(&buf, 0);
    assert_int_equal(buf.len, 0);
    assert_true(okt_buf_failed(&buf));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(appends_follow_one_another),
        cmocka_test(an_empty_buffer_is_an_empty_text),
        cmocka_test(any_append_that_works_leaves_a_string),
        cmocka_test(what_is_long_is_kept_whole),
        cmocka_test(the_bound_can_be_reached_and_not_passed),
        cmocka_test(an_append_that_does_not_fit_changes_nothing),
        cmocka_test(after_a_failure_every_later_append_changes_nothing),
        cmocka_test(a_bound_of_zero_takes_nothing_but_the_empty),
        cmocka_test(lengths_near_the_end_of_size_t_do_not_wrap),
        cmocka_test(what_cannot_be_printed_is_latched),
        cmocka_test(without_memory_appends_fail_and_keep_what_was),
        cmocka_test(room_once_reserved_needs_no_memory),
        cmocka_test(room_beyond_the_bound_cannot_be_reserved),
        cmocka_test(growing_wipes_what_it_leaves),
        cmocka_test(growing_keeps_what_was_there),
        cmocka_test(a_failed_growth_keeps_the_old_memory),
        cmocka_test(freeing_wipes_and_leaves_an_empty_buffer),
        cmocka_test(leaving_scope_wipes_and_frees),
        cmocka_test(clearing_wipes_and_keeps_the_memory),
        cmocka_test(taking_hands_the_string_on),
        cmocka_test(taking_after_a_failure_gives_nothing),
        cmocka_test(taking_nothing_without_memory_gives_nothing),
        cmocka_unit_test(numbers_are_written_as_printf_does),
        cmocka_unit_test(what_is_cut_off_is_wiped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
