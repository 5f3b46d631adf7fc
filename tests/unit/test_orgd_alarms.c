/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_alarms.c - in order, in time, and all at once at the end. */
#include "tests/unit/test_orgd.h"

#include <stdatomic.h>
#include <time.h>

#include "server/util/timers.h"
#include "sys/clock.h"

static atomic_int rung;

/* ctx is which digit it adds. */
static void ring(void *ctx)
{
    atomic_store(&rung, atomic_load(&rung) * 10 + *(int *)ctx);
}

static int digits[] = { 0, 1, 2, 3 };

static void wait_for(int wanted)
{
    const struct timespec step = { .tv_nsec = 1000000 };

    for (int i = 0; i < 5000 && atomic_load(&rung) != wanted; i++)
        nanosleep(&step, NULL);
    assert_int_equal(atomic_load(&rung), wanted);
}

static void they_ring_by_their_time(void **state)
{
    struct alarms *a = alarms_new();
    int64_t begun = okt_clock_ms();

    (void)state;
    atomic_store(&rung, 0);
    assert_true(alarms_set(a, 60, ring, &digits[3]));
    assert_true(alarms_set(a, 0, ring, &digits[1]));
    assert_true(alarms_set(a, 30, ring, &digits[2]));
    wait_for(123);
    assert_in_range(okt_clock_ms() - begun, 60, 4000);
    alarms_free(a);
}

static void the_end_rings_what_is_left_and_takes_no_more(void **state)
{
    struct alarms *a = alarms_new();

    (void)state;
    atomic_store(&rung, 0);
    assert_true(alarms_set(a, 3600000, ring, &digits[2]));
    assert_true(alarms_set(a, 1800000, ring, &digits[1]));
    alarms_end(a);
    assert_int_equal(atomic_load(&rung), 12);
    assert_false(alarms_set(a, 0, ring, &digits[3]));
    assert_int_equal(atomic_load(&rung), 12);
    alarms_free(a);
    alarms_end(NULL);
    alarms_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_ring_by_their_time),
        cmocka_unit_test(the_end_rings_what_is_left_and_takes_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
