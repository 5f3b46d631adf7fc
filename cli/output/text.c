/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - cells for the eye: times, numbers, widths, cutting and padding. */
#define _XOPEN_SOURCE \
    700 /* wcwidth: an option of POSIX that all systems have */
#include "cli/output/text.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/escape.h"
#include "base/mem.h"
#include "wire/iso8601.h"

/* ------------------------------------------------- Times and numbers -- */

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, YEAR = 365 * DAY };

size_t text_number(int64_t n, char out[static TEXT_SIZE])
{
    uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
    char digits[TEXT_SIZE];
    size_t first = sizeof(digits);
    size_t len;

    digits[--first] = '\0';
    do {
        digits[--first] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (n < 0)
        digits[--first] = '-';
    len = sizeof(digits) - first;
    memcpy(out, digits + first, len);
    return len - 1;
}

/* Two digits. */
static void put_two(char *out, int64_t n)
{
    out[0] = (char)('0' + n / 10);
    out[1] = (char)('0' + n % 10);
}

/* "2025-12-02T" of a day counted from 1970. */
static const char *date_of(struct text_clock *clock, int64_t day)
{
    size_t slot = (size_t)day % TEXT_DAYS;
    char whole[OKT_TIME_SIZE];

    if (clock->days[slot].day == day && clock->days[slot].date[0] != '\0')
        return clock->days[slot].date;
    okt_time_format(day * DAY, whole);
    clock->days[slot].day = day;
    memcpy(clock->days[slot].date, whole, sizeof(clock->days[slot].date) - 1);
    return clock->days[slot].date;
}

size_t text_iso(struct text_clock *clock, int64_t time,
                char out[static TEXT_SIZE])
{
    static const char blank[] = "0000-00-00T00:00:00.000Z";
    int64_t day = time / DAY - (time % DAY < 0);
    int64_t second = time - day * DAY;

    memcpy(out, blank, sizeof(blank));
    memcpy(out, date_of(clock, day), sizeof(clock->days[0].date) - 1);
    put_two(out + 11, second / HOUR);
    put_two(out + 14, second % HOUR / MINUTE);
    put_two(out + 17, second % MINUTE);
    return sizeof(blank) - 1;
}

/* The first unit whose end a span does not reach tells it. */
/* clang-format off */
static const struct unit {
    int64_t end;
    int64_t seconds;
    char letter;
} units[] = {
    { MINUTE,    1,      's' },
    { HOUR,      MINUTE, 'm' },
    { 2 * DAY,   HOUR,   'h' },
    { 2 * YEAR,  DAY,    'd' },
    { INT64_MAX, YEAR,   'y' },
};
/* clang-format on */

size_t text_relative(int64_t time, int64_t now, char out[static TEXT_SIZE])
{
    bool past = time <= now;
    int64_t span = past ? now - time : time - now;
    size_t u = 0;
    int len;

    if (past && span < MINUTE) {
        len = snprintf(out, TEXT_SIZE, "just now");
        return (size_t)len;
    }
    while (u + 1 < ARRAY_LEN(units) && span >= units[u].end)
        u++;
    len = snprintf(out, TEXT_SIZE, past ? "%lld%c ago" : "in %lld%c",
                   (long long)(span / units[u].seconds), units[u].letter);
    return (size_t)len;
}

size_t text_time(struct text_clock *clock, int64_t time,
                 char out[static TEXT_SIZE])
{
    if (clock->how == OUTPUT_UNIX)
        return text_number(time, out);
    if (clock->how == OUTPUT_RELATIVE)
        return text_relative(time, clock->now, out);
    return text_iso(clock, time, out);
}

/* ------------------------------------------------------------- Cells -- */

/* Columns of a code point; negative: the locale has none for it. */
static int columns(int32_t cp)
{
    if (cp < 0)
        return -1;
    if (cp < 0x80)
        return cp >= ' ' && cp < 0x7f ? 1 : -1;
    return wcwidth((wchar_t)cp);
}

void text_cell(struct okt_buf *out, const char *text, size_t len, bool utf8)
{
    size_t taken;
    int32_t cp;

    for (size_t at = 0; at < len; at += taken) {
        taken = okt_utf8_next(text + at, len - at, &cp);
        if (okt_is_unsafe(cp))
            okt_escape(out, text + at, taken);
        else if (cp >= 0x80 && (!utf8 || columns(cp) < 0))
            okt_buf_printf(out, "\\u{%04x}", (unsigned)cp);
        else
            okt_buf_append(out, text + at, taken);
    }
}

/* How many bytes of a cell fit into width columns, and how many they take. */
static size_t fitting(const char *cell, size_t width, size_t *taken_width)
{
    size_t len = strlen(cell);
    size_t used = 0;
    size_t at = 0;
    int32_t cp;

    while (at < len) {
        size_t taken = okt_utf8_next(cell + at, len - at, &cp);
        int wide = columns(cp);

        used += wide > 0 ? (size_t)wide : 0;
        if (used > width) {
            used -= (size_t)wide;
            break;
        }
        at += taken;
    }
    *taken_width = used;
    return at;
}

size_t text_width(const char *cell)
{
    size_t width;

    fitting(cell, SIZE_MAX, &width);
    return width;
}

size_t text_fitting(const char *cell, size_t width)
{
    size_t used;

    return fitting(cell, width, &used);
}

void text_fit(struct okt_buf *out, const char *cell, size_t width, bool pad,
              bool utf8)
{
    size_t used;
    size_t len = fitting(cell, width, &used);

    if (cell[len] != '\0' && width > 0) {
        len = fitting(cell, width - 1, &used);
        okt_buf_append(out, cell, len);
        okt_buf_str(out, utf8 ? "\u2026" : "~");
        used++;
    } else {
        okt_buf_append(out, cell, len);
    }
    for (; pad && used < width; used++)
        okt_buf_char(out, ' ');
}
