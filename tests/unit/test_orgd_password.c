/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_password.c - hashing passwords, and what is said of attempts. */
#include "tests/unit/test_orgd.h"

#include <time.h>

#include "base/mem.h"
#include "server/web/password.h"

static void knows_its_own_and_no_other(void **state)
{
    char hash[PASSWORD_HASH_MAX + 1];
    char again[PASSWORD_HASH_MAX + 1];

    (void)state;
    assert_true(password_hash("correct horse", hash));
    assert_true(password_hash("correct horse", again));
    assert_string_not_equal(hash, again);
    assert_memory_equal(hash, "$y$", 3);
    assert_true(password_verify("correct horse", hash));
    assert_true(password_verify("correct horse", again));
    assert_false(password_verify("correct horsf", hash));
    assert_false(password_verify("Correct horse", hash));
    assert_false(password_verify("correct hors", hash));
    assert_false(password_verify("", hash));
}

static void nobody_has_none(void **state)
{
    (void)state;
    assert_false(password_verify("", ""));
    assert_false(password_verify("correct horse", ""));
    assert_false(password_verify("correct horse", "*"));
    assert_false(password_verify("*0", "*0"));
    assert_false(password_verify("x", "plain text"));
    assert_false(password_verify("x", "x"));
}

static double seconds(const char *hash)
{
    struct timespec begin;
    struct timespec end;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    for (int i = 0; i < 5; i++)
        assert_false(password_verify("a wrong one", hash));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    return (double)(end.tv_sec - begin.tv_sec) +
           (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
}

/* The time tells nobody which users there are. */
static void nobody_takes_as_long_as_somebody(void **state)
{
    char hash[PASSWORD_HASH_MAX + 1];
    double somebody;
    double nobody;

    (void)state;
    assert_true(password_hash("correct horse", hash));
    seconds(hash);
    somebody = seconds(hash);
    nobody = seconds("");
    print_message("%.4f s, nobody: %.4f s\n", somebody, nobody);
    assert_true(nobody > somebody / 2 && nobody < somebody * 2);
}

static void says_what_is_no_password(void **state)
{
    char longest[PASSWORD_MAX + 2];

    (void)state;
    memset(longest, 'a', sizeof(longest));
    longest[PASSWORD_MAX + 1] = '\0';
    assert_non_null(strstr(password_check(longest), "longer"));
    longest[PASSWORD_MAX] = '\0';
    assert_null(password_check(longest));
    assert_non_null(strstr(password_check(""), "shorter"));
    assert_non_null(strstr(password_check("1234567"), "shorter"));
    assert_null(password_check("12345678"));
    assert_null(password_check("p\xc3\xa4ssw\xc3\xb6rd"));
    assert_non_null(strstr(password_check("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"),
                           "shorter"));
    assert_non_null(strstr(password_check("1234567\xff"), "UTF-8"));
    assert_non_null(strstr(password_check("12345678\t"), "control"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_its_own_and_no_other),
        cmocka_unit_test(nobody_has_none),
        cmocka_unit_test(nobody_takes_as_long_as_somebody),
        cmocka_unit_test(says_what_is_no_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
