/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_seen.c - what an org remembers of clients: what was used, the keys
 * that were read, and when a device polled. */
#include "test_orgd.h"

#include "keyring.h"
#include "polls.h"
#include "seen.h"

enum { SECONDS = 100, NOW = 1000000, ROOM = 524288 };

static enum seen_result take(struct seen *s, const char *text, int64_t now)
{
    return seen_take(s, text, strlen(text), now);
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

/* Nothing is let through that could not be remembered, and it gets better. */
static void where_no_room_is_left_nothing_is_taken(void **state)
{
    struct seen *s = seen_new(SECONDS);
    int taken = 0;

    (void)state;
    while (seen_take(s, &taken, sizeof(taken), NOW) == SEEN_NEW)
        taken++;
    assert_int_equal(taken, ROOM);
    assert_int_equal(seen_take(s, &taken, sizeof(taken), NOW), SEEN_FULL);
    for (int i = 0; i < ROOM; i += 1001)
        assert_int_equal(seen_take(s, &i, sizeof(i), NOW), SEEN_BEFORE);
    assert_int_equal(seen_take(s, &taken, sizeof(taken), NOW + SECONDS),
                     SEEN_NEW);
    taken = 0;
    assert_int_equal(seen_take(s, &taken, sizeof(taken), NOW + SECONDS),
                     SEEN_BEFORE);
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
        cmocka_unit_test(where_no_room_is_left_nothing_is_taken),
        cmocka_unit_test(a_key_is_found_by_its_own_name_alone),
        cmocka_unit_test(only_the_same_device_polls_too_often),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
