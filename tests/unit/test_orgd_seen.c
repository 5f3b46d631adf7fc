/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_seen.c - what an org remembers of clients: what was used, the keys
 * that were read, and when a device polled. */
#include "tests/unit/test_orgd.h"

#include "server/oauth/key_cache.h"
#include "server/oauth/poll_throttle.h"
#include "server/oauth/replay_cache.h"

enum { SECONDS = 100, NOW = 1000000, ROOM = 524288 };

/* Both clocks go the same way. */
static enum seen_result take_number(struct seen *s, int number, int64_t now)
{
    const struct seen_time time = { now, now, now };

    return seen_take(s, &number, sizeof(number), &time);
}

static enum seen_result take_at(struct seen *s, const char *text, int64_t dated,
                                int64_t now, int64_t steady)
{
    const struct seen_time time = { dated, now, steady };

    return seen_take(s, text, strlen(text), &time);
}

static enum seen_result take(struct seen *s, const char *text, int64_t now)
{
    return take_at(s, text, now, now, now);
}

static void what_was_used_is_known_for_its_time(void **state)
{
    struct seen *s = seen_new(SECONDS);

    (void)state;
    assert_non_null(s);
    assert_int_equal(take(s, "a", NOW), SEEN_NEW);
    assert_int_equal(take(s, "a", NOW), SEEN_BEFORE);
    assert_int_equal(take(s, "b", NOW + SECONDS - 1), SEEN_NEW);
    for (int64_t at = 1; at <= SECONDS; at++)
        assert_int_equal(take(s, "a", NOW + at), SEEN_BEFORE);
    for (int64_t at = SECONDS; at < 2 * SECONDS; at++)
        assert_int_equal(take(s, "b", NOW + at), SEEN_BEFORE);
    assert_int_equal(take(s, "a", NOW - 5 * SECONDS), SEEN_BEFORE);
    assert_int_equal(take(s, "a", NOW + 10 * SECONDS), SEEN_NEW);
    seen_free(s);
}

/* 31 days ahead for two seconds: what was used before is known still, and what
 * comes is taken at once. */
static void a_step_forth_and_back_revives_nothing(void **state)
{
    const int64_t far = NOW + INT64_C(31) * 86400;
    struct seen *s = seen_new(SECONDS);

    (void)state;
    assert_int_equal(take_at(s, "a", NOW, NOW, 10), SEEN_NEW);
    assert_int_equal(take_at(s, "b", far, far, 11), SEEN_NEW);
    assert_int_equal(take_at(s, "a", NOW, NOW + 2, 12), SEEN_BEFORE);
    assert_int_equal(take_at(s, "c", NOW + 2, NOW + 2, 12), SEEN_NEW);
    /* Until then all of these are forgotten, but not their times. */
    for (int64_t at = 1; at < 6 * SECONDS; at += SECONDS)
        assert_int_equal(take_at(s, "d", NOW + at, NOW + 2 + at, 12 + at) ==
                             SEEN_FULL,
                         false);
    assert_int_equal(take_at(s, "e", NOW + 6 * SECONDS, NOW + 6 * SECONDS,
                             12 + 6 * SECONDS),
                     SEEN_NEW);
    assert_int_equal(take_at(s, "b", far, far, 13 + 6 * SECONDS),
                     SEEN_FORGOTTEN);
    assert_int_equal(take_at(s, "f", far + 2 * SECONDS, far + 2 * SECONDS,
                             13 + 6 * SECONDS),
                     SEEN_NEW);
    seen_free(s);
}

static void a_step_back_revives_nothing(void **state)
{
    struct seen *s = seen_new(SECONDS);
    int64_t steady = 0;

    (void)state;
    assert_int_equal(take_at(s, "a", NOW, NOW, NOW), SEEN_NEW);
    for (; steady < 5 * SECONDS; steady += SECONDS / 2)
        assert_int_equal(take_number(s, (int)steady, NOW + steady), SEEN_NEW);
    assert_int_equal(take_at(s, "a", NOW, NOW, NOW + steady), SEEN_FORGOTTEN);
    assert_int_equal(take_at(s, "c", NOW + 1, NOW, NOW + steady),
                     SEEN_FORGOTTEN);
    seen_forget(s, NOW + 50 * SECONDS, NOW + 60 * SECONDS);
    assert_int_equal(take_at(s, "d", NOW + 55 * SECONDS, NOW + 55 * SECONDS,
                             NOW + steady),
                     SEEN_FORGOTTEN);
    assert_int_equal(take_at(s, "d", NOW + 61 * SECONDS, NOW + 61 * SECONDS,
                             NOW + steady),
                     SEEN_NEW);
    seen_free(s);
}

/* A clock that stands, as a test's may, makes nothing forgotten. */
static void while_the_clock_stands_nothing_is_forgotten(void **state)
{
    struct seen *s = seen_new(SECONDS);

    (void)state;
    assert_int_equal(take_at(s, "a", NOW, NOW, 0), SEEN_NEW);
    for (int64_t steady = 1; steady < 10 * SECONDS; steady += SECONDS)
        assert_int_equal(take_at(s, "a", NOW, NOW, steady), SEEN_BEFORE);
    assert_int_equal(take_at(s, "b", NOW, NOW, 10 * SECONDS), SEEN_NEW);
    assert_int_equal(take_at(s, "b", NOW, NOW + 5 * SECONDS, 10 * SECONDS + 1),
                     SEEN_BEFORE);
    seen_free(s);
}

/* However many spans there were, none is taken for new. */
static void too_many_spans_become_fewer(void **state)
{
    struct seen *s = seen_new(SECONDS);

    (void)state;
    for (int64_t i = 0; i < 40; i++)
        seen_forget(s, NOW + i * i * SECONDS, NOW + i * i * SECONDS + 1);
    for (int64_t i = 0; i < 40; i++)
        assert_int_equal(take_at(s, "a", NOW + i * i * SECONDS, NOW, 0),
                         SEEN_FORGOTTEN);
    assert_int_equal(take_at(s, "a", NOW + 40 * 40 * SECONDS, NOW, 0),
                     SEEN_NEW);
    seen_free(s);
}

/* Nothing is let through that could not be remembered, and it gets better. */
static void where_no_room_is_left_nothing_is_taken(void **state)
{
    struct seen *s = seen_new(SECONDS);
    int taken = 0;

    (void)state;
    while (take_number(s, taken, NOW) == SEEN_NEW)
        taken++;
    assert_int_equal(taken, ROOM);
    assert_int_equal(take_number(s, taken, NOW), SEEN_FULL);
    for (int i = 0; i < ROOM; i += 1001)
        assert_int_equal(take_number(s, i, NOW), SEEN_BEFORE);
    assert_int_equal(take_number(s, taken, NOW + SECONDS), SEEN_NEW);
    assert_int_equal(take_number(s, 0, NOW + SECONDS), SEEN_BEFORE);
    seen_free(s);
}

static void name_of(unsigned char first, unsigned char last,
                    unsigned char out[SECRET_HASH_LEN])
{
    memset(out, 0, SECRET_HASH_LEN);
    out[0] = first;
    out[SECRET_HASH_LEN - 1] = last;
}

static void a_key_is_found_by_its_own_name_alone(void **state)
{
    struct keyring *ring = keyring_new();
    unsigned char one[SECRET_HASH_LEN];
    unsigned char two[SECRET_HASH_LEN];
    okt_key *key = NULL;
    okt_key *other = NULL;
    held_key *held;
    held_key *found;

    (void)state;
    name_of(7, 1, one);
    name_of(7, 2, two); /* of the same place */
    assert_null(okt_key_generate(OKT_ES256, &key));
    assert_null(okt_key_generate(OKT_ES256, &other));
    assert_null(keyring_find(ring, one));
    held = keyring_add(ring, one, key);
    assert_ptr_equal(held_key_of(held), key);
    found = keyring_find(ring, one);
    assert_ptr_equal(held_key_of(found), key);
    held_key_free(found);
    assert_null(keyring_find(ring, two));
    held_key_free(keyring_add(ring, two, other));
    assert_null(keyring_find(ring, one));
    /* Whoever still has the first one goes on with it. */
    assert_int_equal(strlen(okt_key_thumbprint(held_key_of(held))), 43);
    keyring_free(ring);
    assert_int_equal(strlen(okt_key_thumbprint(held_key_of(held))), 43);
    held_key_free(held);
}

static void only_the_same_device_polls_too_often(void **state)
{
    struct polls *p = polls_new();
    unsigned char one[SECRET_HASH_LEN];
    unsigned char two[SECRET_HASH_LEN] = { 7, 0, 9 };

    (void)state;
    name_of(7, 1, one);
    assert_false(polls_is_early(p, one));
    assert_true(polls_is_early(p, one));
    assert_false(polls_is_early(p, two)); /* of the same place */
    assert_false(polls_is_early(p, one));
    polls_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_used_is_known_for_its_time),
        cmocka_unit_test(a_step_forth_and_back_revives_nothing),
        cmocka_unit_test(a_step_back_revives_nothing),
        cmocka_unit_test(while_the_clock_stands_nothing_is_forgotten),
        cmocka_unit_test(too_many_spans_become_fewer),
        cmocka_unit_test(where_no_room_is_left_nothing_is_taken),
        cmocka_unit_test(a_key_is_found_by_its_own_name_alone),
        cmocka_unit_test(only_the_same_device_polls_too_often),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
