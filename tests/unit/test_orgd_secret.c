/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_secret.c - shapes of secrets and ids, and their hashes. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/util/secret.h"

#define FORTY "abcdefghijABCDEFGHIJ0123456789_-_-_-abcd"

static void knows_a_secret_from_what_is_none(void **state)
{
    (void)state;
    assert_true(secret_is_valid("00" FORTY));
    assert_false(secret_is_valid(""));
    assert_false(secret_is_valid("00"));
    assert_false(secret_is_valid("01" FORTY));
    assert_false(secret_is_valid("00" FORTY "x"));
    assert_false(secret_is_valid("00" FORTY " "));
    assert_false(secret_is_valid(FORTY));
    assert_false(secret_is_valid("00abcdefghijABCDEFGHIJ0123456789_-_-_-ab.d"));
}

static void makes_secrets_that_differ_in_every_place(void **state)
{
    char first[OKT_SECRET_LEN + 1];
    bool moved[OKT_SECRET_LEN] = { false };

    (void)state;
    assert_true(secret_new(first));
    for (int i = 0; i < 100; i++) {
        char next[OKT_SECRET_LEN + 1];

        assert_true(secret_new(next));
        assert_true(secret_is_valid(next));
        for (size_t j = 0; j < OKT_SECRET_LEN; j++)
            moved[j] = moved[j] || next[j] != first[j];
    }
    for (size_t j = 2; j < OKT_SECRET_LEN; j++)
        assert_true(moved[j]);
}

static void makes_ids_of_their_kind(void **state)
{
    char id[OKT_ID_LEN + 1];
    char error_id[ERROR_ID_LEN + 1];
    char request_id[REQUEST_ID_LEN + 1];

    (void)state;
    for (int i = 0; i < 100; i++) {
        assert_true(id_new("00T", id));
        assert_true(okt_id_is_token(id));
        assert_true(error_id_new(error_id));
        assert_int_equal(strlen(error_id), 25);
        assert_memory_equal(error_id, "oae", 3);
        assert_true(request_id_new(request_id));
        assert_int_equal(strspn(request_id, "0123456789abcdef"), 32);
        assert_int_equal(strlen(request_id), 32);
    }
}

/* FIPS 180-2's example. */
static void hashes_are_sha_256(void **state)
{
    static const unsigned char abc[] = {
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
        0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
        0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad
    };
    static const unsigned char key[SECRET_KEY_LEN] =
        "0123456789abcdef0123456789abcde";
    unsigned char out[SECRET_HASH_LEN];
    unsigned char mac[SECRET_HASH_LEN];

    (void)state;
    assert_true(secret_hash("abc", out));
    assert_memory_equal(out, abc, sizeof(abc));
    assert_true(secret_mac(key, "abc", 3, out));
    assert_true(secret_mac(key, "abd", 3, mac));
    assert_memory_not_equal(out, mac, sizeof(mac));
    assert_memory_not_equal(out, abc, sizeof(abc));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_secret_from_what_is_none),
        cmocka_unit_test(makes_secrets_that_differ_in_every_place),
        cmocka_unit_test(makes_ids_of_their_kind),
        cmocka_unit_test(hashes_are_sha_256),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
