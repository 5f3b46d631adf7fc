/* SPDX-License-Identifier: Apache-2.0 */
/* test_mem.c - owned locals, secrets wiped and secrets compared. */
#include <string.h>

#include "base/mem.h"
#include "tests/unit/test.h"

void __real_free(void *p);
void __wrap_free(void *p);

/* The memory to look at when it is freed, and what was found there. */
static struct {
    const void *at;
    size_t len;
    int frees;
    bool wiped;
} watch;

static void watch_memory(const void *at, size_t len)
{
    watch.at = at;
    watch.len = len;
    watch.frees = 0;
    watch.wiped = false;
}

static bool is_zero(const void *data, size_t len)
{
    const unsigned char *byte = data;

    for (size_t i = 0; i < len; i++) {
        if (byte[i] != 0)
            return false;
    }
    return true;
}

void __wrap_free(void *p)
{
    if (p != NULL && p == watch.at) {
        watch.frees++;
        watch.wiped = is_zero(p, watch.len);
        watch.at = NULL;
    }
    __real_free(p);
}

static char *watched_copy(const char *text)
{
    char *copy = strdup(text);

    assert_non_null(copy);
    watch_memory(copy, strlen(text));
    return copy;
}

static void a_secret_is_wiped_before_it_is_freed(void **state)
{
    (void)state;
    okt_free_secret(watched_copy(SECRET));
    assert_int_equal(watch.frees, 1);
    assert_true(watch.wiped);
    okt_free_secret(watched_copy("x"));
    assert_int_equal(watch.frees, 1);
    assert_true(watch.wiped);
    okt_free_secret(watched_copy(""));
    assert_int_equal(watch.frees, 1);
    okt_free_secret(NULL);
}

static void an_owned_secret_is_wiped_when_it_leaves_scope(void **state)
{
    (void)state;
    {
        AUTO(okt_secret) secret = watched_copy(SECRET);

        assert_string_equal(secret, SECRET);
    }
    assert_int_equal(watch.frees, 1);
    assert_true(watch.wiped);
}

static void an_owned_local_is_freed_once_and_not_when_handed_on(void **state)
{
    char *kept = NULL;

    (void)state;
    {
        AUTO(char) text = watched_copy("text");

        assert_string_equal(text, "text");
    }
    assert_int_equal(watch.frees, 1);
    {
        AUTO(char) text = watched_copy("text");

        kept = TAKE(text);
        assert_null(text);
    }
    assert_int_equal(watch.frees, 0);
    free(kept);
    assert_int_equal(watch.frees, 1);
}

static void wiping_reaches_every_byte_and_no_other(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 40; len++) {
        unsigned char memory[64];

        memset(memory, 0xa5, sizeof(memory));
        okt_wipe(memory + 8, len);
        assert_true(is_zero(memory + 8, len));
        for (size_t i = 0; i < sizeof(memory); i++) {
            if (i < 8 || i >= 8 + len)
                assert_int_equal(memory[i], 0xa5);
        }
    }
    okt_wipe(NULL, 0);
}

static void secrets_are_equal_only_in_all_bytes(void **state)
{
    static const char one[] = SECRET;
    char other[sizeof(one)];

    (void)state;
    assert_true(okt_equal_secret(one, SECRET, sizeof(one)));
    for (size_t i = 0; i < sizeof(one); i++) {
        for (unsigned int bit = 1; bit < 0x100; bit <<= 1) {
            memcpy(other, one, sizeof(one));
            other[i] = (char)((unsigned char)other[i] ^ bit);
            assert_false(okt_equal_secret(one, other, sizeof(one)));
            assert_false(okt_equal_secret(other, one, sizeof(one)));
            assert_true(okt_equal_secret(one, other, i));
        }
    }
}

static void secrets_with_two_differences_are_not_equal(void **state)
{
    (void)state;
    /* Differences that a sum or an exclusive or of them would hide. */
    assert_false(okt_equal_secret("ab", "ba", 2));
    assert_false(okt_equal_secret("aa", "bb", 2));
    assert_false(okt_equal_secret("\x01\xff", "\x02\xfe", 2));
    assert_false(okt_equal_secret("\x80\x80", "\0\0", 2));
    assert_true(okt_equal_secret("a\0b", "a\0b", 3));
    assert_false(okt_equal_secret("a\0b", "a\0c", 3));
    assert_true(okt_equal_secret("a", "b", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(a_secret_is_wiped_before_it_is_freed),
        cmocka_test(an_owned_secret_is_wiped_when_it_leaves_scope),
        cmocka_test(an_owned_local_is_freed_once_and_not_when_handed_on),
        cmocka_test(wiping_reaches_every_byte_and_no_other),
        cmocka_test(secrets_are_equal_only_in_all_bytes),
        cmocka_test(secrets_with_two_differences_are_not_equal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
