/* SPDX-License-Identifier: Apache-2.0 */
/*
 * iso8601.h - the times and durations of the wire, and HTTP's dates.
 *
 * Times are seconds since 1970-01-01T00:00:00Z, years 0001 to 9999.
 */
#ifndef OKT_ISO8601_H
#define OKT_ISO8601_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OKT_TIME_SIZE 25 /* "2025-12-02T14:47:13.000Z" and its NUL */

/*
 * Reads "2025-12-02T14:47:13.000Z" and what else RFC 3339 allows: any fraction
 * (cut), "t" or a space for the "T", "z" or an offset, a second 60, which is
 * the one behind it. False: none of it, and *out is as it was.
 */
bool okt_time_parse(const char *text, int64_t *out);

/* Writes it as the API does. A time out of range is written as the nearest. */
void okt_time_format(int64_t time, char out[static OKT_TIME_SIZE]);

/*
 * Reads an HTTP date in any of RFC 9110's three forms. Two digits of a year are
 * those of 1970 to 2069. Which weekday it names is not looked at.
 */
bool okt_http_date_parse(const char *text, int64_t *out);

#define OKT_HTTP_DATE_SIZE 30 /* "Sun, 06 Nov 1994 08:49:37 GMT", a NUL */

void okt_http_date_format(int64_t time, char out[static OKT_HTTP_DATE_SIZE]);

/* A calendar part, whose length depends on where it is added, and a fixed
 * one. */
struct okt_duration {
    int64_t months;
    int64_t seconds;
};

/*
 * Reads an ISO 8601 duration: "P30D", "P1Y2M3DT4H5M6S", "P2W", a fraction with
 * "." or "," on the last part, and the alternative forms "P0001-02-03T04:05:06"
 * and "P00010203T040506", whose time may be absent. Fractions of a second are
 * cut, those of a year are whole months, those of a month counted with 30 days;
 * nine digits of a fraction count. A number over 10^9 is refused.
 */
bool okt_duration_parse(const char *text, struct okt_duration *out);

/* Reads such a duration or a short one: a whole number and s, m, min, h, d, w
 * or y (365 days), as "3d". */
bool okt_duration_parse_short(const char *text, struct okt_duration *out);

/*
 * Reads a time as okt_time_parse does, or one that is counted from now: a sign
 * and a duration of either kind, as "-3d", "+P3D"; "P3D" is "+P3D".
 */
bool okt_time_parse_from(const char *text, int64_t now, int64_t *out);

/* Moves time by sign (+1, -1) times the duration, its months first; a day past
 * the month's end becomes its last. False: out of range. */
bool okt_duration_add(int64_t time, const struct okt_duration *duration,
                      int sign, int64_t *out);

#endif
