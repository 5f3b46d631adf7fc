/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_limits.c - windows of a minute. */
#include "test_orgd.h"

#include "limits.h"

static void counts_down_and_starts_anew_after_a_minute(void **state)
{
    struct limits *l = limits_new(6);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", 1000, &s));
    assert_int_equal(s.limit, 3); /* half of the org's */
    assert_int_equal(s.remaining, 2);
    assert_int_equal(s.reset, 1060); /* from the first request on */
    assert_true(limits_take(l, "a", 1030, &s));
    assert_true(limits_take(l, "a", 1059, &s));
    assert_int_equal(s.remaining, 0);
    assert_int_equal(s.reset, 1060);
    assert_false(limits_take(l, "a", 1059, &s));
    assert_int_equal(s.remaining, 0);
    assert_int_equal(s.reset, 1060);
    assert_true(limits_take(l, "a", 1060, &s));
    assert_int_equal(s.remaining, 2);
    assert_int_equal(s.reset, 1120);
    limits_free(l);
}

static void callers_do_not_share(void **state)
{
    struct limits *l = limits_new(2);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", 1000, &s));
    assert_false(limits_take(l, "a", 1000, &s));
    assert_true(limits_take(l, "b", 1000, &s));
    limits_free(l);
}

static void zero_is_no_limit_and_says_so_the_same_every_time(void **state)
{
    struct limits *l = limits_new(0);
    struct limit_state s;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_true(limits_take(l, "a", 1000, &s));
        assert_int_equal(s.limit, LIMIT_MAX);
        assert_int_equal(s.remaining, LIMIT_MAX);
        assert_int_equal(s.reset, 1060);
    }
    limits_free(l);
}

static void one_a_minute_is_the_least(void **state)
{
    struct limits *l = limits_new(1);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", 1000, &s));
    assert_int_equal(s.limit, 1);
    assert_false(limits_take(l, "a", 1000, &s));
    limits_free(l);
}

static void a_clock_set_back_locks_nobody_out(void **state)
{
    struct limits *l = limits_new(2);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", 100000, &s));
    assert_true(limits_take(l, "a", 1000, &s));
    assert_int_equal(s.reset, 1060);
    limits_free(l);
}

static void many_callers_and_a_long_name_do_no_harm(void **state)
{
    struct limits *l = limits_new(4);
    struct limit_state s;
    char name[100];

    (void)state;
    for (int i = 0; i < 70000; i++) {
        snprintf(name, sizeof(name), "caller %d", i);
        limits_take(l, name, 1000, &s);
    }
    snprintf(name, sizeof(name), "%099d", 1);
    limits_take(l, name, 1000, &s);
    /* A minute later there is room again. */
    assert_true(limits_take(l, "caller 69999", 1060, &s));
    assert_int_equal(s.limit, 2);
    limits_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_down_and_starts_anew_after_a_minute),
        cmocka_unit_test(callers_do_not_share),
        cmocka_unit_test(zero_is_no_limit_and_says_so_the_same_every_time),
        cmocka_unit_test(one_a_minute_is_the_least),
        cmocka_unit_test(a_clock_set_back_locks_nobody_out),
        cmocka_unit_test(many_callers_and_a_long_name_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
