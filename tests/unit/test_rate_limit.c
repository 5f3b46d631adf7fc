/* SPDX-License-Identifier: Apache-2.0 */
/* test_rate_limit.c - how long the headers ask a client to wait. */
#include "tests/unit/test.h"
#include "wire/rate_limit.h"

enum { SERVER_NOW = 784111777 };
#define SERVER_DATE "Sun, 06 Nov 1994 08:49:37 GMT"
#define LARGEST "999999999999999" /* of fifteen digits */

static void headers_are_noted_by_name(void **state)
{
    struct okt_rate_limit r = OKT_RATE_LIMIT_INIT;

    (void)state;
    okt_rate_limit_header(&r, "X-Rate-Limit-Limit", "50");
    okt_rate_limit_header(&r, "x-rate-limit-remaining", "0");
    okt_rate_limit_header(&r, "X-RATE-LIMIT-RESET", "784111800");
    okt_rate_limit_header(&r, "date", SERVER_DATE);
    okt_rate_limit_header(&r, "Retry-after", "7");
    assert_int_equal(r.limit, 50);
    assert_int_equal(r.remaining, 0);
    assert_int_equal(r.reset, 784111800);
    assert_int_equal(r.date, SERVER_NOW);
    assert_int_equal(r.retry_after, 7);
}

static void other_headers_are_passed_over(void **state)
{
    static const char *const names[] = {
        "",
        "X-Rate-Limit",
        "X-Rate-Limit-Limits",
        "X-Rate-Limit-Limit ",
        "Dat",
        "Dates",
        "X-Date",
        "Retry",
        "Reset",
        "Retry-After-X",
        "RateLimit-Limit",
        "X-Okta-Request-Id",
    };
    struct okt_rate_limit r = OKT_RATE_LIMIT_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        okt_rate_limit_header(&r, names[i], "5");
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        okt_rate_limit_header(&r, names[i], SERVER_DATE);
    assert_int_equal(r.limit, -1);
    assert_int_equal(r.remaining, -1);
    assert_int_equal(r.reset, -1);
    assert_int_equal(r.date, -1);
    assert_int_equal(r.retry_after, -1);
    assert_int_equal(r.retry_at, -1);
}

static void what_is_no_number_is_as_if_it_were_not_there(void **state)
{
    static const char *const values[] = {
        "",     " ",     "abc",  "5x",   "x5",
        "-1",   "-0",    "+5",   "1.5",  "1e3",
        "0x10", "5 6",   "5,6",  "5;6",  "1000000000000000",
        "1 x",  "1\n 2", "\xb2", "five", "99999999999999999999999999999",
    };
    static const char *const names[] = { OKT_H_RATE_LIMIT, OKT_H_RATE_REMAINING,
                                         OKT_H_RATE_RESET, "Retry-After",
                                         "Date" };

    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(names); n++) {
        for (size_t v = 0; v < ARRAY_LEN(values); v++) {
            struct okt_rate_limit r = OKT_RATE_LIMIT_INIT;

            okt_rate_limit_header(&r, names[n], values[v]);
            if (r.limit != -1 || r.remaining != -1 || r.reset != -1 ||
                r.date != -1 || r.retry_after != -1 || r.retry_at != -1)
                fail_msg("%s: \"%s\" was taken", names[n], values[v]);
            assert_int_equal(okt_rate_limit_wait(&r, 0), -1);
        }
    }
}

static void the_wait_is_what_the_headers_say(void **state)
{
    static const struct {
        struct okt_rate_limit r; /* limit, remaining, reset, date, retry */
        int64_t now;
        int64_t wait;
    } cases[] = {
        { OKT_RATE_LIMIT_INIT, 1000, -1 },
        { { 50, 0, -1, 1000, -1, -1 }, 1000, -1 },
        { { -1, -1, 1030, 1000, -1, -1 }, 5, 31 },
        { { 50, 0, 1030, 1000, -1, -1 }, 999999, 31 },
        { { 50, 0, 1000, 1000, -1, -1 }, 0, 1 },
        { { 50, 0, 999, 1000, -1, -1 }, 0, 0 },
        { { 50, 0, 998, 1000, -1, -1 }, 0, 0 },
        { { 50, 0, 0, 1000, -1, -1 }, 0, 0 },
        { { 50, 0, 1060, 1000, -1, -1 }, 0, 61 },
        /* no Date: by the caller's clock */
        { { 50, 0, 1030, -1, -1, -1 }, 1000, 31 },
        { { 50, 0, 1030, -1, -1, -1 }, 2000, 0 },
        { { 50, 0, 1030, -1, -1, -1 }, 1031, 0 },
        { { 50, 0, 1030, -1, -1, -1 }, 1030, 1 },
        { { 50, 0, 1030, 0, -1, -1 }, 1000, 1031 },
        /* Retry-After counts more, as it is */
        { { 50, 0, 1030, 1000, 5, -1 }, 1000, 5 },
        { { 50, 0, 1030, 1000, 0, -1 }, 1000, 0 },
        { { 50, 0, 1030, 1000, 300, -1 }, 1000, 300 },
        { { -1, -1, -1, -1, 5, -1 }, 1000, 5 },
        { { -1, -1, -1, 1000, 0, -1 }, 1000, 0 },
        /* the guess of a concurrency limit is a guess, and told */
        { { 0, 0, 1030, 1000, -1, -1 }, 1000, 31 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t wait = okt_rate_limit_wait(&cases[i].r, cases[i].now);

        if (wait != cases[i].wait)
            fail_msg("case %zu: %lld, not %lld", i, (long long)wait,
                     (long long)cases[i].wait);
    }
}

static void a_date_tells_when_to_try_again_too(void **state)
{
    struct okt_rate_limit r = OKT_RATE_LIMIT_INIT;

    (void)state;
    okt_rate_limit_header(&r, "Retry-After", SERVER_DATE);
    assert_int_equal(r.retry_after, -1);
    assert_int_equal(okt_rate_limit_wait(&r, SERVER_NOW - 90), 90);
    assert_int_equal(okt_rate_limit_wait(&r, SERVER_NOW), 0);
    assert_int_equal(okt_rate_limit_wait(&r, SERVER_NOW + 1), 0);
    okt_rate_limit_header(&r, OKT_H_RATE_RESET, "784111900");
    assert_int_equal(okt_rate_limit_wait(&r, SERVER_NOW - 90), 90);
    okt_rate_limit_header(&r, "Date", "Sun, 06 Nov 1994 08:49:07 GMT");
    assert_int_equal(okt_rate_limit_wait(&r, 0), 30);
    okt_rate_limit_header(&r, "Retry-After", "5");
    assert_int_equal(okt_rate_limit_wait(&r, 0), 5);
}

static void a_later_header_counts_unless_it_says_nothing(void **state)
{
    static const char *const names[] = { OKT_H_RATE_LIMIT, OKT_H_RATE_REMAINING,
                                         OKT_H_RATE_RESET, "Retry-After" };
    struct okt_rate_limit r = OKT_RATE_LIMIT_INIT;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        okt_rate_limit_header(&r, names[i], "7");
        okt_rate_limit_header(&r, names[i], "8");
        okt_rate_limit_header(&r, names[i], "soon");
        okt_rate_limit_header(&r, names[i], "");
    }
    okt_rate_limit_header(&r, "Date", SERVER_DATE);
    okt_rate_limit_header(&r, "Date", "today");
    assert_int_equal(r.limit, 8);
    assert_int_equal(r.remaining, 8);
    assert_int_equal(r.reset, 8);
    assert_int_equal(r.date, SERVER_NOW);
    assert_int_equal(r.retry_after, 8);
}

/* From the headers to the seconds, with what an attacker would choose. */
static void absurd_numbers_give_long_waits_and_none_below_0(void **state)
{
    static const char *const dates[] = { NULL, SERVER_DATE,
                                         "Mon, 01 Jan 0001 00:00:00 GMT",
                                         "Fri, 31 Dec 9999 23:59:59 GMT" };
    static const int64_t nows[] = { 0, 1, 1764000000, 253402300799 };

    (void)state;
    for (size_t j = 0; j < ARRAY_LEN(dates); j++) {
        for (size_t k = 0; k < ARRAY_LEN(nows); k++) {
            struct okt_rate_limit r = OKT_RATE_LIMIT_INIT;

            if (dates[j] != NULL)
                okt_rate_limit_header(&r, "Date", dates[j]);
            okt_rate_limit_header(&r, OKT_H_RATE_RESET, "0");
            assert_in_range(okt_rate_limit_wait(&r, nows[k]), 0, 1);
            okt_rate_limit_header(&r, OKT_H_RATE_RESET, LARGEST);
            assert_in_range(okt_rate_limit_wait(&r, nows[k]),
                            INT64_C(999746597699200),
                            INT64_C(1000000000000000));
            okt_rate_limit_header(&r, "Retry-After", LARGEST);
            assert_int_equal(okt_rate_limit_wait(&r, nows[k]),
                             INT64_C(999999999999999));
        }
    }
}

static void a_concurrency_limit_is_known_by_its_limit_of_0(void **state)
{
    static const struct okt_rate_limit none = OKT_RATE_LIMIT_INIT;
    static const struct okt_rate_limit usual = { 50, 0, 1030, 1000, -1, -1 };
    static const struct okt_rate_limit concurrency = {
        0, 0, 1030, 1000, -1, -1
    };

    (void)state;
    assert_false(okt_rate_limit_is_concurrency(&none));
    assert_false(okt_rate_limit_is_concurrency(&usual));
    assert_true(okt_rate_limit_is_concurrency(&concurrency));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(headers_are_noted_by_name),
        cmocka_test(other_headers_are_passed_over),
        cmocka_test(what_is_no_number_is_as_if_it_were_not_there),
        cmocka_test(the_wait_is_what_the_headers_say),
        cmocka_test(a_date_tells_when_to_try_again_too),
        cmocka_test(a_later_header_counts_unless_it_says_nothing),
        cmocka_test(absurd_numbers_give_long_waits_and_none_below_0),
        cmocka_test(a_concurrency_limit_is_known_by_its_limit_of_0),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
