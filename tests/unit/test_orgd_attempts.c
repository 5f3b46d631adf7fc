/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_attempts.c - counting guesses. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/http/listen.h"
#include "server/org/attempts.h"

#define HERE ATTEMPT_SIGN_IN_ADDRESS

enum { NOW = 900 * 1000000 };

static int set_up(void **state)
{
    *state = attempts_new();
    return *state == NULL;
}

static int tear_down(void **state)
{
    attempts_free(*state);
    return 0;
}

static void use_up(struct attempts *a, enum attempt kind, const char *key)
{
    for (unsigned i = 0; i < attempts_limit(kind); i++)
        assert_true(attempts_take(a, kind, key, NOW));
}

static void what_is_used_up_is_refused_until_the_window_ends(void **state)
{
    for (enum attempt kind = 0; kind < ATTEMPT_KINDS; kind++) {
        use_up(*state, kind, "a");
        assert_false(attempts_take(*state, kind, "a", NOW));
        assert_false(attempts_take(*state, kind, "a",
                                   NOW + ATTEMPTS_WINDOW - 1));
        assert_true(attempts_take(*state, kind, "b", NOW));
        assert_true(attempts_take(*state, kind, "a", NOW + ATTEMPTS_WINDOW));
    }
}

static void what_was_no_guess_is_given_back(void **state)
{
    for (unsigned i = 0; i < 3 * attempts_limit(HERE); i++) {
        assert_true(attempts_take(*state, HERE, "a", NOW));
        attempts_give_back(*state, HERE, "a", NOW);
    }
    use_up(*state, HERE, "a");
    assert_false(attempts_take(*state, HERE, "a", NOW));
    attempts_give_back(*state, HERE, "a", NOW);
    assert_true(attempts_take(*state, HERE, "a", NOW));
}

/* Who was counted before a window ended gives nothing back of the next. */
static void giving_back_late_takes_nothing_from_others(void **state)
{
    assert_true(attempts_take(*state, HERE, "a", NOW));
    for (unsigned i = 0; i < attempts_limit(HERE); i++)
        assert_true(attempts_take(*state, HERE, "a", NOW + ATTEMPTS_WINDOW));
    attempts_give_back(*state, HERE, "a", NOW);
    assert_false(attempts_take(*state, HERE, "a", NOW + ATTEMPTS_WINDOW));
}

static void a_site_is_what_one_customer_has(void **state)
{
    static const char *const cases[][2] = {
        { "192.0.2.77", "192.0.2.0" },
        { "2001:db8:1:2:3::4", "2001:db8:1::" },
    };
    char site[ADDRESS_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_true(address_site(cases[i][0], site));
        assert_string_equal(site, cases[i][1]);
    }
    assert_false(address_site("", site));
    assert_false(address_site("unknown", site));
}

static void giving_back_earns_nothing(void **state)
{
    attempts_give_back(*state, HERE, "a", NOW);
    attempts_give_back(*state, HERE, "a", NOW + ATTEMPTS_WINDOW);
    use_up(*state, HERE, "a");
    assert_false(attempts_take(*state, HERE, "a", NOW));
}

static void a_host_has_one_ipv6_network(void **state)
{
    use_up(*state, HERE, "2001:db8:1:2::1");
    assert_false(attempts_take(*state, HERE, "2001:db8:1:2:ffff::2", NOW));
    assert_true(attempts_take(*state, HERE, "2001:db8:1:3::1", NOW));
}

static void letter_case_makes_no_other_account(void **state)
{
    use_up(*state, ATTEMPT_SIGN_IN_ACCOUNT, "ada@example.com");
    assert_false(attempts_take(*state, ATTEMPT_SIGN_IN_ACCOUNT,
                               "Ada@Example.COM", NOW));
}

/* From one address nobody locks an account for everybody else. */
static void an_address_is_used_up_before_an_account(void **state)
{
    (void)state;
    assert_true(attempts_limit(ATTEMPT_SIGN_IN_ADDRESS) * 2 <
                attempts_limit(ATTEMPT_SIGN_IN_ACCOUNT));
}

/* Many others make nobody forgotten. */
static void a_crowd_hides_nobody(void **state)
{
    char key[32];

    use_up(*state, HERE, "a");
    for (int i = 0; i < 100000; i++) {
        snprintf(key, sizeof(key), "10.%d", i);
        attempts_take(*state, HERE, key, NOW);
    }
    assert_false(attempts_take(*state, HERE, "a", NOW));
}

static void nobody_has_guessed_yet(void **state)
{
    use_up(*state, HERE, "a");
    attempts_clear(*state);
    use_up(*state, HERE, "a");
    assert_false(attempts_take(*state, HERE, "a", NOW));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nobody_has_guessed_yet),
        TEST(what_is_used_up_is_refused_until_the_window_ends),
        TEST(what_was_no_guess_is_given_back),
        TEST(giving_back_earns_nothing),
        TEST(giving_back_late_takes_nothing_from_others),
        TEST(a_site_is_what_one_customer_has),
        TEST(a_host_has_one_ipv6_network),
        TEST(letter_case_makes_no_other_account),
        TEST(an_address_is_used_up_before_an_account),
        TEST(a_crowd_hides_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
