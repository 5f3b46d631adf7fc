/* SPDX-License-Identifier: Apache-2.0 */
/* test_iso8601.c - times, HTTP dates, durations, and what time it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sys/clock.h"
#include "tests/unit/test_text.h"
#include "wire/iso8601.h"

#define UNTOUCHED (-424242)
#define TIME_MIN INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define TIME_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define DAY INT64_C(86400)

typedef bool parse_fn(const char *text, int64_t *out);

static void expect_time(parse_fn *parse, const char *text, int64_t time)
{
    AUTO(char) copy = exact(text, strlen(text));
    int64_t out = UNTOUCHED;

    if (!parse(copy, &out) || out != time)
        fail_msg("\"%s\" gave %lld, not %lld", text, (long long)out,
                 (long long)time);
}

static void expect_no_time(parse_fn *parse, const char *text)
{
    AUTO(char) copy = exact(text, strlen(text));
    int64_t out = UNTOUCHED;

    if (parse(copy, &out))
        fail_msg("\"%s\" was read, as %lld", text, (long long)out);
    assert_int_equal(out, UNTOUCHED);
}

/* None of the text's beginnings and no longer text is read. */
static void expect_whole(parse_fn *parse, const char *text)
{
    for (size_t len = 0; len < strlen(text); len++) {
        AUTO(char) part = exact(text, len);

        expect_no_time(parse, part);
    }
    for (const char *c = "Z0 \n.-+,;x"; *c != '\0'; c++) {
        char longer[80];

        snprintf(longer, sizeof(longer), "%s%c", text, *c);
        expect_no_time(parse, longer);
        snprintf(longer, sizeof(longer), "%c%s", *c, text);
        expect_no_time(parse, longer);
    }
}

/* --------------------------------------------------------------- Times -- */

static void times_are_read_as_the_api_and_rfc_3339_write_them(void **state)
{
    static const struct {
        const char *text;
        int64_t time;
    } cases[] = {
        { "1970-01-01T00:00:00.000Z", 0 },
        { "2025-12-02T14:47:13.000Z", 1764686833 },
        { "2025-12-02T14:47:13Z", 1764686833 },
        { "2025-12-02t14:47:13z", 1764686833 },
        { "2025-12-02 14:47:13Z", 1764686833 },
        { "1969-12-31T23:59:59Z", -1 },
        { "1970-01-01T00:00:00+00:00", 0 },
        { "1970-01-01T00:00:00-00:00", 0 },
        { "1970-01-01T00:00:00+00:01", -60 },
        { "1970-01-01T00:00:00-00:01", 60 },
        { "1970-01-01T05:30:00+05:30", 0 },
        { "1969-12-31T16:00:00-08:00", 0 },
        { "1970-01-01T23:59:00+23:59", 0 },
        { "1969-12-31T00:01:00-23:59", 0 },
        { "1996-12-19T16:39:57-08:00", 851042397 },
        { "1937-01-01T12:00:27.87+00:20", -1041337173 },
        { "1985-04-12T23:20:50.52Z", 482196050 },
        /* RFC 3339's own examples of a leap second: the second after it. */
        { "1990-12-31T23:59:60Z", 662688000 },
        { "1990-12-31T15:59:60-08:00", 662688000 },
        /* over midnight, the month, the year and a leap day */
        { "2024-02-29T23:30:00-01:00", 1709253000 },
        { "2024-03-01T00:30:00+01:00", 1709249400 },
        { "2025-01-01T00:30:00+01:00", 1735687800 },
        { "2024-12-31T23:30:00-01:00", 1735691400 },
        { "2000-02-29T00:00:00Z", 951782400 },
        { "0001-01-01T00:00:00Z", TIME_MIN },
        { "9999-12-31T23:59:59.999Z", TIME_MAX },
        { "0001-01-01T00:00:00-00:01", TIME_MIN + 60 },
        { "9999-12-31T23:59:59+00:01", TIME_MAX - 60 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_time(okt_time_parse, cases[i].text, cases[i].time);
}

static void a_fraction_is_cut_not_rounded(void **state)
{
    (void)state;
    expect_time(okt_time_parse, "1970-01-01T00:00:00.9Z", 0);
    expect_time(okt_time_parse, "1970-01-01T00:00:00.999999999999999999Z", 0);
    expect_time(okt_time_parse, "1969-12-31T23:59:59.1Z", -1);
    expect_time(okt_time_parse, "1969-12-31T23:59:59.999Z", -1);
    expect_time(okt_time_parse, "1970-01-01T01:00:00.5+01:00", 0);
}

static const char *const no_times[] = {
    "",
    "Z",
    "soon",
    "2025-12-02",
    "14:47:13Z",
    "20251202T144713Z",
    "2025-W49-2T14:47:13Z",
    "2025-336T14:47:13Z",
    "2025-12-02T14:47Z",
    "2025-12-02T14Z",
    "2025-12-02T14:47:13",
    "2025-12-02T14:47:13.",
    "2025-12-02T14:47:13.Z",
    "2025-12-02T14:47:13.+01:00",
    "2025-12-02T14:47:13,000Z",
    "2025-12-02T14:47:13.0.0Z",
    "2025-12-02T14:47:13.-1Z",
    "2025-12-02T14:47:13+01",
    "2025-12-02T14:47:13+0100",
    "2025-12-02T14:47:13+1:00",
    "2025-12-02T14:47:13+01:0",
    "2025-12-02T14:47:13+01:000",
    "2025-12-02T14:47:13+24:00",
    "2025-12-02T14:47:13+00:60",
    "2025-12-02T14:47:13-99:99",
    "2025-12-02T14:47:13\xe2\x88\x92"
    "01:00",
    "2025-12-02T14:47:13Z+01:00",
    "2025-12-02T14:47:13ZZ",
    "2025-12-02T14:47:13 Z",
    "2025-12-02T14:47:13Z ",
    " 2025-12-02T14:47:13Z",
    "2025-12-02T14:47:13Z\n",
    "2025-12-02  14:47:13Z",
    "2025-12-0214:47:13Z",
    "2025-12-02_14:47:13Z",
    "2025/12/02T14:47:13Z",
    "2025-12-02T14.47.13Z",
    "25-12-02T14:47:13Z",
    "02025-12-02T14:47:13Z",
    "+2025-12-02T14:47:13Z",
    "-2025-12-02T14:47:13Z",
    "2025-1-02T14:47:13Z",
    "2025-12-2T14:47:13Z",
    "2025-12-02T4:47:13Z",
    "2025-12-02T14:7:13Z",
    "2025-12-02T14:47:3Z",
    "2025-+1-02T14:47:13Z",
    "2025-12-+2T14:47:13Z",
    "2025-12- 2T14:47:13Z",
    "2025-12-02T-1:47:13Z",
    "2025-00-02T14:47:13Z",
    "2025-13-02T14:47:13Z",
    "2025-12-00T14:47:13Z",
    "2025-12-32T14:47:13Z",
    "2025-12-02T24:00:00Z",
    "2025-12-02T25:00:00Z",
    "2025-12-02T14:60:13Z",
    "2025-12-02T14:47:61Z",
    "0000-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "9999-12-31T23:59:60Z",
    "\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa5-12-02T14:47:13Z",
};

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(no_times); i++)
        expect_no_time(okt_time_parse, no_times[i]);
}

static void a_time_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    expect_whole(okt_time_parse, "2025-12-02T14:47:13.000Z");
    expect_whole(okt_time_parse, "2025-12-02T14:47:13-08:00");
}

static void each_month_has_its_days(void **state)
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    static const struct {
        int year;
        bool leap;
    } years[] = {
        { 1, false },   { 4, true },     { 100, false },  { 400, true },
        { 1600, true }, { 1700, false }, { 1900, false }, { 1904, true },
        { 2000, true }, { 2023, false }, { 2024, true },  { 2100, false },
        { 2400, true }, { 9999, false },
    };
    char text[64];

    (void)state;
    for (size_t y = 0; y < ARRAY_LEN(years); y++) {
        for (int m = 0; m < 12; m++) {
            int last = days[m] + (m == 1 && years[y].leap ? 1 : 0);
            int64_t out;

            snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00Z",
                     years[y].year, m + 1, last);
            if (!okt_time_parse(text, &out))
                fail_msg("%s was not read", text);
            snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00Z",
                     years[y].year, m + 1, last + 1);
            expect_no_time(okt_time_parse, text);
        }
    }
}

/* One changed byte gives another time, which is written as it was read, or
 * none. */
static void a_changed_byte_is_never_read_as_something_else(void **state)
{
    static const char good[] = "2025-12-02T14:47:13.000Z";

    (void)state;
    for (size_t i = 0; i < sizeof(good) - 1; i++) {
        for (int c = 1; c < 256; c++) {
            AUTO(char) text = exact(good, sizeof(good) - 1);
            char written[OKT_TIME_SIZE];
            int64_t out = UNTOUCHED;

            text[i] = (char)c;
            if (!okt_time_parse(text, &out))
                continue;
            okt_time_format(out, written);
            if (i == 10)
                assert_non_null(strchr("Tt ", c));
            else if (i == 23)
                assert_non_null(strchr("Zz", c));
            else if (i >= 20)
                assert_in_range(c, '0', '9');
            else
                assert_int_equal(written[i], c);
            text[i] = good[i];
            written[i] = good[i];
            assert_string_equal(written, text);
        }
    }
}

/* --------------------------------------- Both ways, held against libc -- */

/* Compares with what gmtime_r says, in the three forms that have a writer. */
static void check_both_ways(int64_t time)
{
    time_t t = (time_t)time;
    struct tm tm;
    char expected[64];
    char written[OKT_TIME_SIZE];
    char date[OKT_HTTP_DATE_SIZE];
    int64_t out = UNTOUCHED;

    assert_non_null(gmtime_r(&t, &tm));
    snprintf(expected, sizeof(expected), "%04d-%02d-%02dT%02d:%02d:%02d.000Z",
             tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
             tm.tm_min, tm.tm_sec);
    okt_time_format(time, written);
    if (strcmp(written, expected) != 0)
        fail_msg("%s is not %s", written, expected);
    assert_true(okt_time_parse(expected, &out));
    assert_int_equal(out, time);

    strftime(expected, sizeof(expected), "%a, %d %b ", &tm);
    snprintf(expected + strlen(expected), 32, "%04d %02d:%02d:%02d GMT",
             tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
    okt_http_date_format(time, date);
    if (strcmp(date, expected) != 0)
        fail_msg("%s is not %s", date, expected);
    out = UNTOUCHED;
    assert_true(okt_http_date_parse(expected, &out));
    assert_int_equal(out, time);

    strftime(expected, sizeof(expected), "%a %b %e %H:%M:%S ", &tm);
    snprintf(expected + strlen(expected), 32, "%04d", tm.tm_year + 1900);
    out = UNTOUCHED;
    assert_true(okt_http_date_parse(expected, &out));
    assert_int_equal(out, time);
}

static void times_from_year_1_to_9999_are_those_of_the_calendar(void **state)
{
    (void)state;
    for (int64_t time = TIME_MIN; time <= TIME_MAX; time += 5 * 1000003)
        check_both_ways(time);
    check_both_ways(TIME_MAX);
}

static void every_day_of_three_centuries_begins_and_ends(void **state)
{
    (void)state;
    for (int64_t day = -70 * 366; day < 230 * 366; day++) {
        check_both_ways(day * DAY);
        check_both_ways(day * DAY - 1);
    }
}

static void every_year_begins_and_has_its_february(void **state)
{
    (void)state;
    for (int year = 1; year <= 9999; year++) {
        char text[64];
        int64_t start;

        snprintf(text, sizeof(text), "%04d-01-01T00:00:00Z", year);
        assert_true(okt_time_parse(text, &start));
        check_both_ways(start);
        check_both_ways(start + 58 * DAY); /* 28 February */
        check_both_ways(start + 59 * DAY);
        check_both_ways(start + 60 * DAY);
        if (start > TIME_MIN)
            check_both_ways(start - 1);
    }
}

static void a_time_out_of_range_is_written_as_the_nearest(void **state)
{
    static const struct {
        int64_t time;
        const char *text;
        const char *date;
    } cases[] = {
        { TIME_MIN - 1, "0001-01-01T00:00:00.000Z",
          "Mon, 01 Jan 0001 00:00:00 GMT" },
        { INT64_MIN, "0001-01-01T00:00:00.000Z",
          "Mon, 01 Jan 0001 00:00:00 GMT" },
        { TIME_MAX + 1, "9999-12-31T23:59:59.000Z",
          "Fri, 31 Dec 9999 23:59:59 GMT" },
        { INT64_MAX, "9999-12-31T23:59:59.000Z",
          "Fri, 31 Dec 9999 23:59:59 GMT" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[OKT_TIME_SIZE];
        char date[OKT_HTTP_DATE_SIZE];

        okt_time_format(cases[i].time, text);
        assert_string_equal(text, cases[i].text);
        okt_http_date_format(cases[i].time, date);
        assert_string_equal(date, cases[i].date);
    }
}

/* ---------------------------------------------------------- HTTP dates -- */

static void http_dates_are_read_in_three_forms(void **state)
{
    static const struct {
        const char *text;
        int64_t time;
    } cases[] = {
        { "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
        { "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
        { "Sun Nov  6 08:49:37 1994", 784111777 },
        { "Wed Nov 16 08:49:37 1994", 784975777 },
        { "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
        { "Tue, 29 Feb 2000 23:59:59 GMT", 951868799 },
        { "Tuesday, 29-Feb-00 23:59:59 GMT", 951868799 },
        { "Tue Feb 29 23:59:59 2000", 951868799 },
        { "Wednesday, 31-Dec-25 00:00:00 GMT", 1767139200 },
        { "Sat, 31 Dec 2016 23:59:60 GMT", 1483228800 },
        { "Fri, 31 Dec 9999 23:59:59 GMT", TIME_MAX },
        { "Thursday, 01-Jan-70 00:00:00 GMT", 0 },
        { "Tuesday, 31-Dec-69 23:59:59 GMT", 3155759999 },
        { "Sun Nov 06 08:49:37 1994", 784111777 },
        /* which weekday it was is not looked at */
        { "Mon, 06 Nov 1994 08:49:37 GMT", 784111777 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        expect_time(okt_http_date_parse, cases[i].text, cases[i].time);
        expect_whole(okt_http_date_parse, cases[i].text);
    }
}

static void every_month_of_an_http_date_has_its_name(void **state)
{
    static const struct {
        const char *name;
        int64_t start; /* in 2025 */
    } months[] = {
        { "Jan", 1735689600 }, { "Feb", 1738368000 }, { "Mar", 1740787200 },
        { "Apr", 1743465600 }, { "May", 1746057600 }, { "Jun", 1748736000 },
        { "Jul", 1751328000 }, { "Aug", 1754006400 }, { "Sep", 1756684800 },
        { "Oct", 1759276800 }, { "Nov", 1761955200 }, { "Dec", 1764547200 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(months); i++) {
        time_t t = (time_t)months[i].start;
        struct tm tm;
        char text[64];

        assert_non_null(gmtime_r(&t, &tm));
        strftime(text, sizeof(text), "%A, %d-%b-25 %H:%M:%S GMT", &tm);
        assert_non_null(strstr(text, months[i].name));
        expect_time(okt_http_date_parse, text, months[i].start);
    }
}

static void what_is_no_http_date_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "0",
        "1764686833",
        "GMT",
        "2025-12-02T14:47:13.000Z",
        "06 Nov 1994 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT",
        "Sun,06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun,  6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 08:49:37 GMT+1",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Wed, 29 Feb 2023 00:00:00 GMT",
        "Sun, 06 Xxx 1994 08:49:37 GMT",
        "Sun, 06 November 1994 08:49:37 GMT",
        "Xxx, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 19940 08:49:37 GMT",
        "Sun, +6 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sunday, 06 Nov 94 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 6-Nov-94 08:49:37 GMT",
        "Someday, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37",
        "Sunday, 31-Feb-94 08:49:37 GMT",
        "Sun Nov 6 08:49:37 1994",
        "Sun Nov   6 08:49:37 1994",
        "Sun Nov  6 08:49:37 94",
        "Sun Nov  6 08:49:37 1994 GMT",
        "Sun Nov  6 08:49:37 GMT 1994",
        "Sun Nov 31 08:49:37 1994",
        "Sun Nov  0 08:49:37 1994",
        "Sun, Nov  6 08:49:37 1994",
        "Xxx Nov  6 08:49:37 1994",
        "sun, 06 Nov 1994 08:49:37 GMT",
        "Fri, 31 Dec 9999 23:59:60 GMT",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_no_time(okt_http_date_parse, cases[i]);
}

/* ----------------------------------------------------------- Durations -- */

struct duration_case {
    const char *text;
    int64_t months;
    int64_t seconds;
};

static void expect_duration(const char *text, int64_t months, int64_t seconds)
{
    AUTO(char) copy = exact(text, strlen(text));
    struct okt_duration out = { UNTOUCHED, UNTOUCHED };

    if (!okt_duration_parse(copy, &out) || out.months != months ||
        out.seconds != seconds)
        fail_msg("\"%s\" gave %lld months, %lld s", text, (long long)out.months,
                 (long long)out.seconds);
}

static void expect_no_duration(const char *text)
{
    AUTO(char) copy = exact(text, strlen(text));
    struct okt_duration out = { UNTOUCHED, UNTOUCHED };

    if (okt_duration_parse(copy, &out))
        fail_msg("\"%s\" was read: %lld months, %lld s", text,
                 (long long)out.months, (long long)out.seconds);
    assert_int_equal(out.months, UNTOUCHED);
    assert_int_equal(out.seconds, UNTOUCHED);
}

static void durations_of_every_form_are_read(void **state)
{
    static const struct duration_case cases[] = {
        { "P30D", 0, 30 * DAY },
        { "PT5M", 0, 300 },
        { "P1Y", 12, 0 },
        { "P1M", 1, 0 },
        { "P2W", 0, 14 * DAY },
        { "P1D", 0, DAY },
        { "PT1H", 0, 3600 },
        { "PT1M", 0, 60 },
        { "PT1S", 0, 1 },
        { "P1MT1M", 1, 60 },
        { "P1Y2M3DT4H5M6S", 14, 3 * DAY + 4 * 3600 + 5 * 60 + 6 },
        { "P1Y2M1W3DT4H5M6S", 14, 10 * DAY + 4 * 3600 + 5 * 60 + 6 },
        { "P1YT1S", 12, 1 },
        { "P1Y1D", 12, DAY },
        { "PT1H1S", 0, 3601 },
        { "P0D", 0, 0 },
        { "PT0S", 0, 0 },
        { "P0Y0M0DT0H0M0S", 0, 0 },
        { "P00000000000000000000000000000030D", 0, 30 * DAY },
        { "PT36H", 0, 36 * 3600 },
        { "PT86400S", 0, DAY },
        { "P18M", 18, 0 },
        /* the alternative forms */
        { "P0001-02-03T04:05:06", 14, 3 * DAY + 4 * 3600 + 5 * 60 + 6 },
        { "P00010203T040506", 14, 3 * DAY + 4 * 3600 + 5 * 60 + 6 },
        { "P0000-00-30T00:00:00", 0, 30 * DAY },
        { "P00000000T000500", 0, 300 },
        { "P0001-02-03", 14, 3 * DAY },
        { "P00010203", 14, 3 * DAY },
        { "P9999-12-30T24:60:60", 9999 * 12 + 12,
          30 * DAY + 24 * 3600 + 3600 + 60 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_duration(cases[i].text, cases[i].months, cases[i].seconds);
}

static void the_last_part_may_have_a_fraction(void **state)
{
    static const struct duration_case cases[] = {
        { "P0.5Y", 6, 0 },
        { "P1,5Y", 18, 0 },
        { "P0.1Y", 1, 0 },
        { "P0.99Y", 11, 0 },
        { "P0.08Y", 0, 0 },
        { "P0.5M", 0, 15 * DAY },
        { "P1.5M", 1, 15 * DAY },
        { "P1Y1,1M", 13, 3 * DAY },
        { "P0.5W", 0, 7 * DAY / 2 },
        { "P1.25D", 0, DAY + DAY / 4 },
        { "PT0.5H", 0, 1800 },
        { "PT1,5M", 0, 90 },
        { "PT1.999999S", 0, 1 },
        { "PT0.9S", 0, 0 },
        { "P1DT0.5H", 0, DAY + 1800 },
        { "P1Y2M3DT4H5M6,789S", 14, 3 * DAY + 4 * 3600 + 5 * 60 + 6 },
        { "P0.5D", 0, DAY / 2 },
        { "P1.0D", 0, DAY },
        { "P0.00000000000000000000000000000001D", 0, 0 },
        { "P0.99999999999999999999999999999999D", 0, DAY - 1 },
        { "P0.50000000000000000000000000000000D", 0, DAY / 2 },
        { "P0.33333333333333333333333333333333D", 0, 28799 },
        { "P0.333333334D", 0, 28800 },
        { "P0.05M", 0, 3 * DAY / 2 },
        { "P0.0001M", 0, 259 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_duration(cases[i].text, cases[i].months, cases[i].seconds);
}

/* Binary fractions would lose a second here and there. */
static void decimal_fractions_are_exact(void **state)
{
    static const struct {
        const char *before;
        char letter;
        int64_t seconds;
    } units[] = {
        { "P0.", 'M', 30 * DAY }, { "P0.", 'W', 7 * DAY }, { "P0,", 'D', DAY },
        { "PT0.", 'H', 3600 },    { "PT0,", 'M', 60 },     { "PT0.", 'S', 1 },
    };

    (void)state;
    for (size_t u = 0; u < ARRAY_LEN(units); u++) {
        for (int k = 0; k < 10000; k += 7) {
            char text[32];

            snprintf(text, sizeof(text), "%s%04d%c", units[u].before, k,
                     units[u].letter);
            expect_duration(text, 0, units[u].seconds * k / 10000);
        }
    }
    for (int k = 0; k < 1000; k++) {
        char text[32];

        snprintf(text, sizeof(text), "P0.%03dY", k);
        expect_duration(text, k * 12 / 1000, 0);
    }
}

static const char *const no_durations[] = {
    "",
    "P",
    "PT",
    "T1H",
    "D",
    "30",
    "P30",
    "30D",
    "PD",
    "PTS",
    "P1DT",
    "P1YT",
    "P1S",
    "P1H",
    "PT1D",
    "PT1Y",
    "PT1W",
    "P1X",
    "PT1X",
    /* order and repetition */
    "P1M1Y",
    "P1D1M",
    "P1D1W",
    "P1D1Y",
    "PT1M1H",
    "PT1S1M",
    "PT1S1H",
    "PT1H1D",
    "P1Y1Y",
    "P1D1D",
    "PT1S1S",
    "P1DT1HT1M",
    "PT1HT1M",
    "PP1D",
    "P1DP1D",
    /* fractions */
    "P0.5Y1M",
    "P1.5DT1H",
    "P1.0DT1H",
    "P1.00000000001DT1H",
    "PT1,0M1S",
    "PT0.5H1M",
    "PT1.5M1S",
    "P1.D",
    "P.5D",
    "P,5D",
    "P1.5",
    "P1..5D",
    "P1.5.5D",
    "P1.,5D",
    "PT1.S",
    "PT.S",
    /* signs, spaces, letter case, other numbers */
    "-P1D",
    "+P1D",
    "P-1D",
    "P+1D",
    "PT-5M",
    " P1D",
    "P1D ",
    "P 1D",
    "P1 D",
    "P1D\n",
    "p1d",
    "P1d",
    "Pt1H",
    "P1e3D",
    "P0x10D",
    "P\xd9\xa1"
    "D",
    /* the alternative forms */
    "P0001-02-03T04:05:0",
    "P0001-02-03T04:05:066",
    "P0001-02-03T04:05",
    "P0001-02-03T",
    "P001-02-03T04:05:06",
    "P0001-2-03T04:05:06",
    "P0001-02-03T040506",
    "P00010203T04:05:06",
    "P0001-0203T04:05:06",
    "P000102-03T04:05:06",
    "P0001/02/03T04:05:06",
    "P0001-02-03 04:05:06",
    "P0001-02-03T04-05-06",
    "P0001-02-03T04:05:06Z",
    "P0001-02-03T04:05:06S",
    "P00010203T040506S",
    "P0001-13-03T04:05:06",
    "P0001-02-31T04:05:06",
    "P0001-02-03T25:05:06",
    "P0001-02-03T04:61:06",
    "P0001-02-03T04:05:61",
    "P00011303T040506",
    "P00010231T040506",
    "P00010203T250506",
    "P00010203T046106",
    "P00010203T040561",
    "P-001-02-03T04:05:06",
    "P0001-02-03T04:05:-6",
    "P0001-02-03T04: 5:06",
};

static void what_is_no_duration_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(no_durations); i++)
        expect_no_duration(no_durations[i]);
}

static void huge_durations_are_refused(void **state)
{
    static const char *const refused[] = {
        "P1000000001D",
        "PT1000000001S",
        "P4294967297D",
        "P9223372036854775808M",
        "P18446744073709551616M",
        "P18446744073709551617D",
        "PT9223372036854775808S",
        "PT18446744073709551615S",
        "PT18446744073709551616S",
        "PT18446744073709551646S",
        "P768614336404564651Y",
        "P9223372036854775807Y",
        "P106751991167301D",
        "P9223372036854775807D",
        "P9223372036854775807W",
        "PT9223372036854775807H",
        "PT9223372036854775807M",
        "P1DT9223372036854775807S",
        "P106751991167300DT86400S",
        "PT9223372036854775807.5M",
        "P99999999999999999999999999999999999999999999999999Y",
        "PT99999999999999999999999999999999999999999999999999S",
    };
    static const struct duration_case cases[] = {
        { "P1000000000D", 0, 1000000000 * DAY },
        { "P1000000000W", 0, 7000000000 * DAY },
        { "PT1000000000S", 0, 1000000000 },
        { "P1000000000Y1000000000M", 13000000000, 0 },
        { "P0000000000001000000000M", 1000000000, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        expect_no_duration(refused[i]);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_duration(cases[i].text, cases[i].months, cases[i].seconds);
}

/* Changed or cut, a duration is read as what it says or not at all; here only
 * that nothing is read beyond its end, nor more than it could say. */
static void changed_and_cut_durations_do_no_harm(void **state)
{
    static const char *const good[] = {
        "P1Y2M3W4DT5H6M7.8S", "P0001-02-03T04:05:06", "P00010203T040506"
    };

    (void)state;
    for (size_t g = 0; g < ARRAY_LEN(good); g++) {
        size_t len = strlen(good[g]);

        for (size_t i = 0; i < len; i++) {
            AUTO(char) part = exact(good[g], i);
            struct okt_duration out;

            (void)okt_duration_parse(part, &out);
            for (int c = 1; c < 256; c++) {
                AUTO(char) text = exact(good[g], len);

                text[i] = (char)c;
                if (!okt_duration_parse(text, &out))
                    continue;
                assert_in_range(out.months, 0, 9999 * 12 + 12);
                assert_in_range(out.seconds, 0, 999 * 7 * DAY);
            }
        }
    }
}

/* -------------------------------------------------------------- Adding -- */

static int64_t at(const char *text)
{
    int64_t time = 0;

    if (!okt_time_parse(text, &time))
        fail_msg("%s is no time", text);
    return time;
}

static void times_move_by_the_calendar(void **state)
{
    static const struct {
        const char *from;
        const char *duration;
        int sign;
        const char *to;
    } cases[] = {
        { "2025-12-02T14:47:13Z", "P30D", 1, "2026-01-01T14:47:13Z" },
        { "2026-01-01T14:47:13Z", "P30D", -1, "2025-12-02T14:47:13Z" },
        { "2025-12-31T23:59:59Z", "PT1S", 1, "2026-01-01T00:00:00Z" },
        { "2026-01-01T00:00:00Z", "PT1S", -1, "2025-12-31T23:59:59Z" },
        /* the last day of a shorter month */
        { "2024-01-31T10:00:00Z", "P1M", 1, "2024-02-29T10:00:00Z" },
        { "2023-01-31T10:00:00Z", "P1M", 1, "2023-02-28T10:00:00Z" },
        { "2023-01-28T10:00:00Z", "P1M", 1, "2023-02-28T10:00:00Z" },
        { "2024-03-31T10:00:00Z", "P1M", -1, "2024-02-29T10:00:00Z" },
        { "2024-03-31T10:00:00Z", "P1M", 1, "2024-04-30T10:00:00Z" },
        { "2024-02-29T10:00:00Z", "P1M", 1, "2024-03-29T10:00:00Z" },
        { "2024-02-29T10:00:00Z", "P1Y", 1, "2025-02-28T10:00:00Z" },
        { "2024-02-29T10:00:00Z", "P1Y", -1, "2023-02-28T10:00:00Z" },
        { "2024-02-29T10:00:00Z", "P4Y", 1, "2028-02-29T10:00:00Z" },
        { "1996-02-29T10:00:00Z", "P4Y", 1, "2000-02-29T10:00:00Z" },
        { "2096-02-29T10:00:00Z", "P4Y", 1, "2100-02-28T10:00:00Z" },
        { "1904-02-29T10:00:00Z", "P4Y", -1, "1900-02-28T10:00:00Z" },
        /* over the year's end, both ways */
        { "2025-12-15T00:00:00Z", "P1M", 1, "2026-01-15T00:00:00Z" },
        { "2025-01-15T00:00:00Z", "P1M", -1, "2024-12-15T00:00:00Z" },
        { "2025-06-15T00:00:00Z", "P18M", -1, "2023-12-15T00:00:00Z" },
        { "2025-06-15T00:00:00Z", "P18M", 1, "2026-12-15T00:00:00Z" },
        { "2025-12-31T00:00:00Z", "P12M", -1, "2024-12-31T00:00:00Z" },
        /* before 1970 */
        { "1969-12-31T23:59:59Z", "P1M", 1, "1970-01-31T23:59:59Z" },
        { "1970-01-31T23:59:59Z", "P1M", -1, "1969-12-31T23:59:59Z" },
        { "1600-02-29T23:59:59Z", "P400Y", -1, "1200-02-29T23:59:59Z" },
        /* months go first, then the rest */
        { "2024-01-31T00:00:00Z", "P1M1D", 1, "2024-03-01T00:00:00Z" },
        { "2024-03-31T00:00:00Z", "P1M1D", -1, "2024-02-28T00:00:00Z" },
        { "2024-02-28T12:00:00Z", "P1MT12H", 1, "2024-03-29T00:00:00Z" },
        { "2024-03-01T00:00:00Z", "P1MT1S", -1, "2024-01-31T23:59:59Z" },
        /* to the ends */
        { "0001-02-01T00:00:00Z", "P1M", -1, "0001-01-01T00:00:00Z" },
        { "9999-11-30T23:59:59Z", "P1M1D", 1, "9999-12-31T23:59:59Z" },
        { "0001-01-01T00:00:00Z", "P9998Y", 1, "9999-01-01T00:00:00Z" },
        { "2025-01-01T00:00:00Z", "P0D", 1, "2025-01-01T00:00:00Z" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct okt_duration d;
        int64_t out = UNTOUCHED;

        assert_true(okt_duration_parse(cases[i].duration, &d));
        if (!okt_duration_add(at(cases[i].from), &d, cases[i].sign, &out) ||
            out != at(cases[i].to))
            fail_msg("%s %+d * %s is not %s", cases[i].from, cases[i].sign,
                     cases[i].duration, cases[i].to);
    }
}

static void what_leaves_the_range_is_refused(void **state)
{
    static const struct {
        int64_t from;
        struct okt_duration duration;
        int sign;
    } cases[] = {
        { TIME_MAX, { 0, 1 }, 1 },
        { TIME_MAX, { 1, 0 }, 1 },
        { TIME_MIN, { 0, 1 }, -1 },
        { TIME_MIN, { 1, 0 }, -1 },
        { TIME_MIN, { 0, -1 }, 1 },
        { TIME_MAX, { -1, 0 }, -1 },
        { TIME_MAX - DAY, { 0, DAY + 1 }, 1 },
        { 0, { 9999 * 12, 0 }, 1 },
        { 0, { 1969 * 12 + 1, 0 }, -1 },
        { 0, { INT64_MAX, 0 }, 1 },
        { 0, { INT64_MAX, 0 }, -1 },
        { 0, { INT64_MIN, 0 }, 1 },
        { 0, { INT64_MIN, 0 }, -1 },
        { 0, { 0, INT64_MAX }, 1 },
        { 0, { 0, INT64_MAX }, -1 },
        { 0, { 0, INT64_MIN }, 1 },
        { 0, { 0, INT64_MIN }, -1 },
        { -1, { INT64_MIN, INT64_MIN }, -1 },
        { TIME_MAX, { INT64_MAX, INT64_MAX }, 1 },
        { TIME_MIN, { INT64_MAX, INT64_MAX }, -1 },
        { INT64_MAX, { 0, 0 }, 1 },
        { INT64_MIN, { 0, 0 }, 1 },
        { INT64_MAX, { 0, 1 }, 1 },
        { INT64_MIN, { 1, 1 }, -1 },
        { TIME_MAX + 1, { 0, 0 }, 1 },
        { TIME_MIN - 1, { 0, 0 }, 1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t out = UNTOUCHED;

        if (okt_duration_add(cases[i].from, &cases[i].duration, cases[i].sign,
                             &out))
            fail_msg("case %zu was moved to %lld", i, (long long)out);
        assert_int_equal(out, UNTOUCHED);
    }
}

/* A walk month by month meets each one once, on its own last day. */
static void months_follow_one_another_over_four_centuries(void **state)
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    int64_t start = at("1804-01-31T12:00:00Z");

    (void)state;
    for (int n = 0; n < 400 * 12; n++) {
        struct okt_duration d = { n, 0 };
        int64_t out = UNTOUCHED;
        time_t t;
        struct tm tm;
        int year = 1804 + n / 12;
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

        assert_true(okt_duration_add(start, &d, 1, &out));
        t = (time_t)out;
        assert_non_null(gmtime_r(&t, &tm));
        assert_int_equal(tm.tm_year + 1900, year);
        assert_int_equal(tm.tm_mon, n % 12);
        assert_int_equal(tm.tm_mday,
                         days[n % 12] + (n % 12 == 1 && leap ? 1 : 0));
        assert_int_equal(tm.tm_hour, 12);
    }
}

/* -------------------------------------------------------------- Clocks -- */

static void the_clocks_go_forward_in_their_units(void **state)
{
    time_t before = time(NULL);
    int64_t now = okt_clock_now();
    int64_t us = okt_clock_us();
    int64_t ms = okt_clock_ms();
    struct timespec pause = { 0, 20000000 };

    (void)state;
    assert_true(now >= before && now <= time(NULL));
    assert_true(ms >= us / 1000 && ms - us / 1000 < 10000);
    nanosleep(&pause, NULL);
    assert_true(okt_clock_us() - us >= 20000);
    assert_in_range(okt_clock_ms() - ms, 19, 10000);
}

static void a_time_may_be_counted_from_now(void **state)
{
    static const struct {
        const char *text;
        int64_t time; /* from 1000000 on; -1: none */
    } cases[] = {
        { "-3d", 1000000 - 3 * 86400 },
        { "-P3D", 1000000 - 3 * 86400 },
        { "+3d", 1000000 + 3 * 86400 },
        { "P3D", 1000000 + 3 * 86400 },
        { "+P3D", 1000000 + 3 * 86400 },
        { "+90min", 1000000 + 5400 },
        { "+PT90M", 1000000 + 5400 },
        { "-1w", 1000000 - 604800 },
        { "1970-01-01T00:00:07Z", 7 },
        { "3d", -1 },
        { "-", -1 },
        { "--3d", -1 },
        { "-3", -1 },
        { "-3x", -1 },
        { "-3.5d", -1 },
        { "-0000000003d", -1 },
        { "+-3d", -1 },
        { "+P", -1 },
        { "", -1 },
        { "P", -1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t time = 0;

        print_message("%s\n", cases[i].text);
        assert_int_equal(okt_time_parse_from(cases[i].text, 1000000, &time),
                         cases[i].time >= 0);
        if (cases[i].time >= 0)
            assert_int_equal(time, cases[i].time);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(times_are_read_as_the_api_and_rfc_3339_write_them),
        cmocka_test(a_fraction_is_cut_not_rounded),
        cmocka_test(what_is_no_time_is_refused),
        cmocka_test(a_time_is_read_whole_or_not_at_all),
        cmocka_test(each_month_has_its_days),
        cmocka_test(a_changed_byte_is_never_read_as_something_else),
        cmocka_test(times_from_year_1_to_9999_are_those_of_the_calendar),
        cmocka_test(every_day_of_three_centuries_begins_and_ends),
        cmocka_test(every_year_begins_and_has_its_february),
        cmocka_test(a_time_out_of_range_is_written_as_the_nearest),
        cmocka_test(http_dates_are_read_in_three_forms),
        cmocka_test(every_month_of_an_http_date_has_its_name),
        cmocka_test(what_is_no_http_date_is_refused),
        cmocka_test(durations_of_every_form_are_read),
        cmocka_test(the_last_part_may_have_a_fraction),
        cmocka_test(decimal_fractions_are_exact),
        cmocka_test(what_is_no_duration_is_refused),
        cmocka_test(huge_durations_are_refused),
        cmocka_test(changed_and_cut_durations_do_no_harm),
        cmocka_test(times_move_by_the_calendar),
        cmocka_test(what_leaves_the_range_is_refused),
        cmocka_test(months_follow_one_another_over_four_centuries),
        cmocka_test(a_time_may_be_counted_from_now),
        cmocka_test(the_clocks_go_forward_in_their_units),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
