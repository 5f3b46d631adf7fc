/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_limits.c - windows of a minute. */
#include "tests/unit/test_orgd.h"

#include "server/request/limits.h"

static void counts_down_and_starts_anew_after_a_minute(void **state)
{
    struct limits *l = limits_new(6);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", NULL, 1000, &s));
    assert_int_equal(s.limit, 3); /* half of the org's */
    assert_int_equal(s.remaining, 2);
    assert_int_equal(s.reset, 1060); /* from the first request on */
    assert_true(limits_take(l, "a", NULL, 1030, &s));
    assert_true(limits_take(l, "a", NULL, 1059, &s));
    assert_int_equal(s.remaining, 0);
    assert_int_equal(s.reset, 1060);
    assert_false(limits_take(l, "a", NULL, 1059, &s));
    assert_int_equal(s.remaining, 0);
    assert_int_equal(s.reset, 1060);
    assert_true(limits_take(l, "a", NULL, 1060, &s));
    assert_int_equal(s.remaining, 2);
    assert_int_equal(s.reset, 1120);
    limits_free(l);
}

static void callers_do_not_share(void **state)
{
    struct limits *l = limits_new(2);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", NULL, 1000, &s));
    assert_false(limits_take(l, "a", NULL, 1000, &s));
    assert_true(limits_take(l, "b", NULL, 1000, &s));
    limits_free(l);
}

static void three_callers_share_what_an_endpoint_has(void **state)
{
    struct limits *l = limits_new(4);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", "/x", 1000, &s));
    assert_int_equal(s.limit, 2); /* its own is the tighter one */
    assert_int_equal(s.remaining, 1);
    assert_true(limits_take(l, "a", "/x", 1001, &s));
    assert_true(limits_take(l, "b", "/x", 1002, &s));
    assert_true(limits_take(l, "b", "/x", 1003, &s));
    assert_int_equal(s.remaining, 0);
    assert_false(limits_take(l, "c", "/x", 1004, &s));
    assert_int_equal(s.limit, 4); /* the endpoint's */
    assert_int_equal(s.remaining, 0);
    assert_int_equal(s.reset, 1060);
    /* What was refused has cost it nothing. */
    assert_true(limits_take(l, "c", "/y", 1005, &s));
    assert_int_equal(s.limit, 2);
    assert_int_equal(s.remaining, 1);
    assert_true(limits_take(l, "c", "/x", 1060, &s));
    limits_free(l);
}

static void what_a_caller_has_too_much_costs_the_endpoint_nothing(void **state)
{
    struct limits *l = limits_new(4);
    struct limit_state s;

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(limits_take(l, "a", "/x", 1000, &s), i < 2);
    assert_true(limits_take(l, "b", "/x", 1000, &s));
    assert_true(limits_take(l, "b", "/x", 1000, &s));
    limits_free(l);
}

static void nobody_uses_up_an_endpoint(void **state)
{
    struct limits *l = limits_new(2);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "192.0.2.1", NULL, 1000, &s));
    assert_true(limits_take(l, "192.0.2.2", NULL, 1000, &s));
    assert_true(limits_take(l, "192.0.2.3", NULL, 1000, &s));
    assert_true(limits_take(l, "a", "/x", 1000, &s));
    limits_free(l);
}

/* However many there are: they share what room is left among themselves. */
static void nobody_takes_the_room_of_callers(void **state)
{
    enum { MANY = 70000 };
    struct limits *l = limits_new(8);
    struct limit_state s;
    char address[32];

    (void)state;
    for (int i = 0; i < MANY; i++) {
        snprintf(address, sizeof(address), "2001:db8:%x:%x::", i >> 16,
                 i & 0xffff);
        limits_take(l, address, NULL, 1000, &s);
    }
    assert_false(limits_take(l, "192.0.2.1", NULL, 1000, &s));
    for (int i = 0; i < 4; i++) {
        assert_true(limits_take(l, "a", i % 2 == 0 ? "/x" : "/y", 1000, &s));
        assert_true(limits_take(l, "b", i % 2 == 0 ? "/x" : "/y", 1000, &s));
    }
    limits_free(l);
}

/* Who waits for the first reset would only be refused again. */
static void of_two_that_are_used_up_the_later_reset_counts(void **state)
{
    struct limits *l = limits_new(4);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", "/y", 1000, &s));
    assert_true(limits_take(l, "b", "/x", 1020, &s));
    assert_true(limits_take(l, "b", "/x", 1020, &s));
    assert_true(limits_take(l, "c", "/x", 1020, &s));
    assert_true(limits_take(l, "a", "/x", 1020, &s));
    assert_int_equal(s.remaining, 0);
    assert_int_equal(s.reset, 1080);
    assert_false(limits_take(l, "a", "/x", 1020, &s));
    assert_int_equal(s.reset, 1080);
    assert_int_equal(s.limit, 4);
    limits_free(l);
}

static void all_begin_anew(void **state)
{
    struct limits *l = limits_new(2);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", "/x", 1000, &s));
    assert_false(limits_take(l, "a", "/x", 1000, &s));
    limits_clear(l);
    assert_true(limits_take(l, "a", "/x", 1000, &s));
    assert_true(limits_take(l, "b", "/x", 1000, &s));
    limits_free(l);
}

static void zero_is_no_limit_and_says_so_the_same_every_time(void **state)
{
    struct limits *l = limits_new(0);
    struct limit_state s;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_true(limits_take(l, "a", NULL, 1000, &s));
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
    assert_true(limits_take(l, "a", NULL, 1000, &s));
    assert_int_equal(s.limit, 1);
    assert_false(limits_take(l, "a", NULL, 1000, &s));
    limits_free(l);
}

static void a_clock_set_back_locks_nobody_out(void **state)
{
    struct limits *l = limits_new(2);
    struct limit_state s;

    (void)state;
    assert_true(limits_take(l, "a", NULL, 100000, &s));
    assert_true(limits_take(l, "a", NULL, 1000, &s));
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
        limits_take(l, name, NULL, 1000, &s);
    }
    snprintf(name, sizeof(name), "%099d", 1);
    limits_take(l, name, NULL, 1000, &s);
    /* A minute later there is room again. */
    assert_true(limits_take(l, "caller 69999", NULL, 1060, &s));
    assert_int_equal(s.limit, 2);
    limits_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_down_and_starts_anew_after_a_minute),
        cmocka_unit_test(callers_do_not_share),
        cmocka_unit_test(three_callers_share_what_an_endpoint_has),
        cmocka_unit_test(what_a_caller_has_too_much_costs_the_endpoint_nothing),
        cmocka_unit_test(nobody_uses_up_an_endpoint),
        cmocka_unit_test(nobody_takes_the_room_of_callers),
        cmocka_unit_test(of_two_that_are_used_up_the_later_reset_counts),
        cmocka_unit_test(all_begin_anew),
        cmocka_unit_test(zero_is_no_limit_and_says_so_the_same_every_time),
        cmocka_unit_test(one_a_minute_is_the_least),
        cmocka_unit_test(a_clock_set_back_locks_nobody_out),
        cmocka_unit_test(many_callers_and_a_long_name_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
