/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_token.c - windows, uses, ends. */
#include "tests/unit/test_orgd_store.h"

#include "server/org/pending_uses.h"
#include "server/org/token.h"

enum { DAY = 86400, WINDOW = 30 * DAY };

static void knows_a_window_from_what_is_none(void **state)
{
    static const char *const good[] = { "P30D", "PT5M", "P1Y",           "P1M",
                                        "P2W",  "PT1S", "P1Y2M3DT4H5M6S" };
    static const char *const bad[] = { "",     "P",    "30D",  "P0D",
                                       "PT0S", "P-1D", "P30d", "P99999Y" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_true(token_window_is_valid(good[i]));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(token_window_is_valid(bad[i]));
}

static void ends_a_window_after_its_last_use(void **state)
{
    (void)state;
    assert_int_equal(token_expiry("P30D", 1000), 1000 + WINDOW);
    assert_int_equal(token_expiry("PT5M", 1000), 1300);
    assert_int_equal(token_expiry(NULL, 1000), 1000 + WINDOW);
}

/* Real orgs: no renewal after 33 seconds, one after 72. */
static void uses_within_a_minute_count_as_one(void **state)
{
    struct store_token t = a_token("00T1", "one");

    (void)state;
    t.expires = 50000 + WINDOW; /* last used at 50000 */
    assert_false(token_use_counts(&t, 50000));
    assert_false(token_use_counts(&t, 50033));
    assert_false(token_use_counts(&t, 50059));
    assert_true(token_use_counts(&t, 50060));
    assert_true(token_use_counts(&t, 50072));
    t.window = NULL;
    assert_false(token_use_counts(&t, 50059));
    assert_true(token_use_counts(&t, 50060));
}

/* Or a token would pass for never used for its first minute. */
static void the_first_use_counts_at_once(void **state)
{
    struct store_token t = a_token("00T1", "one"); /* made at 1000 */

    (void)state;
    assert_true(token_use_counts(&t, 1003));
    t.expires = 1003 + WINDOW;
    assert_false(token_use_counts(&t, 1004));
}

static void what_is_not_yet_written_counts(void **state)
{
    struct renewals *r = renewals_new();
    struct store_token t = a_token("00T1", "one");

    (void)state;
    t.expires = 2000;
    assert_true(token_refresh(&t, r, 1999));
    assert_false(token_refresh(&t, r, 2000));
    assert_true(renewals_note(r, "00T1", 1990, 9000));
    assert_true(token_refresh(&t, r, 2000));
    assert_int_equal(t.expires, 9000);
    assert_int_equal(t.last_updated, 1990);
    /* A change that was made later stays. */
    t.last_updated = 1995;
    assert_true(token_refresh(&t, r, 2000));
    assert_int_equal(t.last_updated, 1995);
    renewals_free(r);
}

static void is_shown_as_real_orgs_do(void **state)
{
    struct store_token t = a_token("00T1", "one \"1\"");
    OKT_BUF_AUTO out = OKT_BUF_INIT(10000);

    (void)state;
    t.window = NULL;
    t.connection = "ZONE";
    t.include = "nzo1 nzo2";
    t.exclude = "nzo3";
    token_show(&out, &t, "https://org.example");
    assert_string_equal(
        out.data,
        "{\"id\":\"00T1\",\"name\":\"one \\\"1\\\"\",\"userId\":\"00u1\","
        "\"clientName\":\"Okta API\",\"tokenWindow\":null,"
        "\"network\":{\"connection\":\"ZONE\",\"include\":[\"nzo1\",\"nzo2\"],"
        "\"exclude\":[\"nzo3\"]},"
        "\"expiresAt\":\"1970-01-31T00:16:40.000Z\","
        "\"created\":\"1970-01-01T00:16:40.000Z\","
        "\"lastUpdated\":\"1970-01-01T00:16:40.000Z\","
        "\"_links\":{\"self\":{\"href\":\"https://org.example/api/v1/"
        "api-tokens/00T1\",\"hints\":{\"allow\":[\"GET\",\"DELETE\"]}},"
        "\"user\":{\"href\":\"https://org.example/api/v1/users/00u1\","
        "\"hints\":{\"allow\":[\"GET\"]}}}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_window_from_what_is_none),
        cmocka_unit_test(ends_a_window_after_its_last_use),
        cmocka_unit_test(uses_within_a_minute_count_as_one),
        cmocka_unit_test(the_first_use_counts_at_once),
        cmocka_unit_test(what_is_not_yet_written_counts),
        cmocka_unit_test(is_shown_as_real_orgs_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
