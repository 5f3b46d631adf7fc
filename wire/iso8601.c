/* SPDX-License-Identifier: Apache-2.0 */
/* iso8601.c - calendar arithmetic, and the texts of times and durations. */
#include "wire/iso8601.h"

#include <string.h>

#include "base/mem.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, MONTH_DAYS = 30 };

#define TIME_MIN (-62135596800) /* 0001-01-01T00:00:00Z */
#define TIME_MAX 253402300799   /* 9999-12-31T23:59:59Z */

struct civil {
    int64_t year;
    int64_t month; /* 1 to 12 */
    int64_t day;   /* 1 to 31 */
    int64_t hour;
    int64_t minute;
    int64_t second;
};

/* ------------------------------------------------------- The calendar -- */

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t days_in_month(int64_t year, int64_t month)
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first of January of a year from 1 on. */
static int64_t days_to_year(int64_t year)
{
    int64_t past = year - 1;

    return past * 365 + past / 4 - past / 100 + past / 400 - 719162;
}

static bool is_civil(const struct civil *c)
{
    return c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12 &&
           c->day >= 1 && c->day <= days_in_month(c->year, c->month) &&
           c->hour <= 23 && c->minute <= 59 && c->second <= 60;
}

static int64_t from_civil(const struct civil *c)
{
    static const int before[] = { 0,   31,  59,  90,  120, 151,
                                  181, 212, 243, 273, 304, 334 };
    int64_t days = days_to_year(c->year) + before[c->month - 1] +
                   (c->month > 2 && is_leap(c->year)) + c->day - 1;

    return days * DAY + c->hour * HOUR + c->minute * MINUTE + c->second;
}

static struct civil to_civil(int64_t time)
{
    int64_t days = time / DAY;
    int64_t rest = time % DAY;
    struct civil c = { .month = 1 };

    if (rest < 0) {
        rest += DAY;
        days--;
    }
    c.year = 1970 + days / 366 - (days < 0);
    while (c.year < 9999 && days_to_year(c.year + 1) <= days)
        c.year++;
    while (days_to_year(c.year) > days)
        c.year--;
    days -= days_to_year(c.year);
    while (days >= days_in_month(c.year, c.month))
        days -= days_in_month(c.year, c.month++);
    c.day = days + 1;
    c.hour = rest / HOUR;
    c.minute = rest % HOUR / MINUTE;
    c.second = rest % MINUTE;
    return c;
}

static int64_t clamp(int64_t time)
{
    if (time < TIME_MIN)
        return TIME_MIN;
    return time > TIME_MAX ? TIME_MAX : time;
}

/* -------------------------------------------------------------- Times -- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads exactly n digits. */
static bool digits(const char **p, int n, int64_t *out)
{
    int64_t value = 0;

    for (int i = 0; i < n; i++) {
        if (!is_digit((*p)[i]))
            return false;
        value = value * 10 + ((*p)[i] - '0');
    }
    *p += n;
    *out = value;
    return true;
}

static bool literal(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

/* Reads "YYYY-MM-DD" and "hh:mm:ss"; without separators if basic. */
static bool read_date(const char **p, bool basic, struct civil *c)
{
    return digits(p, 4, &c->year) && (basic || literal(p, '-')) &&
           digits(p, 2, &c->month) && (basic || literal(p, '-')) &&
           digits(p, 2, &c->day);
}

static bool read_time(const char **p, bool basic, struct civil *c)
{
    return digits(p, 2, &c->hour) && (basic || literal(p, ':')) &&
           digits(p, 2, &c->minute) && (basic || literal(p, ':')) &&
           digits(p, 2, &c->second);
}

static bool skip_fraction(const char **p)
{
    if (!literal(p, '.'))
        return true;
    if (!is_digit(**p))
        return false;
    while (is_digit(**p))
        (*p)++;
    return true;
}

/* Reads "Z" or "+hh:mm" as the seconds that local time is ahead. */
static bool read_zone(const char **p, int64_t *ahead)
{
    int64_t hours;
    int64_t minutes;
    int sign = **p == '-' ? -1 : 1;

    *ahead = 0;
    if (literal(p, 'Z') || literal(p, 'z'))
        return true;
    if (!literal(p, '+') && !literal(p, '-'))
        return false;
    if (!digits(p, 2, &hours) || !literal(p, ':') || !digits(p, 2, &minutes) ||
        hours > 23 || minutes > 59)
        return false;
    *ahead = sign * (hours * HOUR + minutes * MINUTE);
    return true;
}

bool okt_time_parse(const char *text, int64_t *out)
{
    const char *p = text;
    struct civil c;
    int64_t ahead;
    int64_t time;

    if (!read_date(&p, false, &c) ||
        !(literal(&p, 'T') || literal(&p, 't') || literal(&p, ' ')) ||
        !read_time(&p, false, &c) || !skip_fraction(&p) ||
        !read_zone(&p, &ahead) || *p != '\0' || !is_civil(&c))
        return false;
    time = from_civil(&c) - ahead;
    if (time != clamp(time))
        return false;
    *out = time;
    return true;
}

/* Writes a number of two digits over those at out. */
static void put(char *out, int64_t value)
{
    out[0] = (char)('0' + value / 10);
    out[1] = (char)('0' + value % 10);
}

static void put_year(char *out, int64_t year)
{
    put(out, year / 100);
    put(out + 2, year % 100);
}

/* Over "hh:mm:ss". */
static void put_time(char *out, const struct civil *c)
{
    put(out, c->hour);
    put(out + 3, c->minute);
    put(out + 6, c->second);
}

void okt_time_format(int64_t time, char out[static OKT_TIME_SIZE])
{
    struct civil c = to_civil(clamp(time));

    memcpy(out, "YYYY-MM-DDThh:mm:ss.000Z", OKT_TIME_SIZE);
    put_year(out, c.year);
    put(out + 5, c.month);
    put(out + 8, c.day);
    put_time(out + 11, &c);
}

/* --------------------------------------------------------- HTTP dates -- */

static const char *const months[] = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};
static const char *const weekdays[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
};

/* Reads the name of any weekday: recipients need not know which it was. */
static bool read_weekday(const char **p, bool whole)
{
    for (size_t i = 0; i < ARRAY_LEN(weekdays); i++) {
        size_t len = whole ? strlen(weekdays[i]) : 3;

        if (strncmp(*p, weekdays[i], len) != 0)
            continue;
        *p += len;
        return true;
    }
    return false;
}

static bool read_month(const char **p, int64_t *month)
{
    for (size_t i = 0; i < ARRAY_LEN(months); i++) {
        if (strncmp(*p, months[i], 3) != 0)
            continue;
        *p += 3;
        *month = (int64_t)i + 1;
        return true;
    }
    return false;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool read_imf(const char *p, struct civil *c)
{
    return read_weekday(&p, false) && literal(&p, ',') && literal(&p, ' ') &&
           digits(&p, 2, &c->day) && literal(&p, ' ') &&
           read_month(&p, &c->month) && literal(&p, ' ') &&
           digits(&p, 4, &c->year) && literal(&p, ' ') &&
           read_time(&p, false, c) && strcmp(p, " GMT") == 0;
}

/* "Sunday, 06-Nov-94 08:49:37 GMT" */
static bool read_rfc850(const char *p, struct civil *c)
{
    if (!read_weekday(&p, true) || !literal(&p, ',') || !literal(&p, ' ') ||
        !digits(&p, 2, &c->day) || !literal(&p, '-') ||
        !read_month(&p, &c->month) || !literal(&p, '-') ||
        !digits(&p, 2, &c->year) || !literal(&p, ' ') ||
        !read_time(&p, false, c) || strcmp(p, " GMT") != 0)
        return false;
    c->year += c->year < 70 ? 2000 : 1900;
    return true;
}

/* "Sun Nov  6 08:49:37 1994" */
static bool read_asctime(const char *p, struct civil *c)
{
    return read_weekday(&p, false) && literal(&p, ' ') &&
           read_month(&p, &c->month) && literal(&p, ' ') &&
           digits(&p, literal(&p, ' ') ? 1 : 2, &c->day) && literal(&p, ' ') &&
           read_time(&p, false, c) && literal(&p, ' ') &&
           digits(&p, 4, &c->year) && *p == '\0';
}

bool okt_http_date_parse(const char *text, int64_t *out)
{
    struct civil c;
    int64_t time;

    if (!read_imf(text, &c) && !read_rfc850(text, &c) &&
        !read_asctime(text, &c))
        return false;
    if (!is_civil(&c))
        return false;
    time = from_civil(&c);
    if (time != clamp(time))
        return false;
    *out = time;
    return true;
}

void okt_http_date_format(int64_t time, char out[static OKT_HTTP_DATE_SIZE])
{
    int64_t at = clamp(time);
    struct civil c = to_civil(at);
    int64_t days = (at - TIME_MIN) / DAY; /* 0001-01-01 was a Monday */

    memcpy(out, "Www, DD Mmm YYYY hh:mm:ss GMT", OKT_HTTP_DATE_SIZE);
    memcpy(out, weekdays[days % 7], 3);
    put(out + 5, c.day);
    memcpy(out + 8, months[c.month - 1], 3);
    put_year(out + 12, c.year);
    put_time(out + 17, &c);
}

/* ---------------------------------------------------------- Durations -- */

/* A number with a fraction of up to nine digits, as billionths. */
struct number {
    bool has_fraction;
    int64_t whole;
    int64_t billionths;
};

enum { BILLION = 1000000000, WHOLE_MAX = 1000000000 };

static bool read_number(const char **p, struct number *out)
{
    int64_t scale = BILLION / 10;

    if (!is_digit(**p))
        return false;
    *out = (struct number){ false, 0, 0 };
    for (; is_digit(**p); (*p)++) {
        out->whole = out->whole * 10 + (**p - '0');
        if (out->whole > WHOLE_MAX)
            return false;
    }
    if (**p != '.' && **p != ',')
        return true;
    (*p)++;
    if (!is_digit(**p))
        return false;
    out->has_fraction = true;
    for (; is_digit(**p); (*p)++, scale /= 10)
        out->billionths += (**p - '0') * scale;
    return true;
}

/* How long one of each designator is; a month's fraction counts in days. */
struct unit {
    char letter;
    bool time; /* stands behind the T */
    int64_t months;
    int64_t seconds;
};

/* clang-format off */
static const struct unit units[] = {
    { 'Y', false, 12, 0      },
    { 'M', false, 1,  0      },
    { 'W', false, 0,  7 * DAY },
    { 'D', false, 0,  DAY    },
    { 'H', true,  0,  HOUR   },
    { 'M', true,  0,  MINUTE },
    { 'S', true,  0,  1      },
};
/* clang-format on */

static void add_unit(struct okt_duration *d, const struct unit *unit,
                     const struct number *n)
{
    d->months += n->whole * unit->months;
    d->seconds += n->whole * unit->seconds;
    if (unit->months == 12)
        d->months += n->billionths * 12 / BILLION;
    else if (unit->months == 1)
        d->seconds += n->billionths * MONTH_DAYS * DAY / BILLION;
    else
        d->seconds += n->billionths * unit->seconds / BILLION;
}

/* The designators, in their order and each at most once. */
static bool read_designators(const char *p, struct okt_duration *d)
{
    size_t next = 0;
    bool time = false;
    bool any = false;
    struct number n = { false, 0, 0 };

    while (*p != '\0') {
        if (*p == 'T') {
            if (time)
                return false;
            time = true;
            p++;
        }
        if (n.has_fraction || !read_number(&p, &n))
            return false;
        while (next < ARRAY_LEN(units) &&
               (units[next].letter != *p || units[next].time != time))
            next++;
        if (next == ARRAY_LEN(units))
            return false;
        add_unit(d, &units[next++], &n);
        any = true;
        p++;
    }
    return any;
}

/* "0001-02-03T04:05:06", or without separators; the time may be absent. */
static bool read_alternative(const char *p, struct okt_duration *d)
{
    bool basic = strchr(p, '-') == NULL;
    struct civil c = { 0 };

    if (!read_date(&p, basic, &c))
        return false;
    if (*p != '\0' && (!literal(&p, 'T') || !read_time(&p, basic, &c)))
        return false;
    if (*p != '\0' || c.month > 12 || c.day > 30 || c.hour > 24 ||
        c.minute > 60 || c.second > 60)
        return false;
    d->months = c.year * 12 + c.month;
    d->seconds = c.day * DAY + c.hour * HOUR + c.minute * MINUTE + c.second;
    return true;
}

bool okt_duration_parse(const char *text, struct okt_duration *out)
{
    struct okt_duration d = { 0, 0 };

    if (text[0] != 'P')
        return false;
    if (!read_designators(text + 1, &d)) {
        d = (struct okt_duration){ 0, 0 };
        if (!read_alternative(text + 1, &d))
            return false;
    }
    *out = d;
    return true;
}

enum { MONTHS_MAX = 9999 * 12 };

static bool is_within(int64_t value, int64_t bound)
{
    return value >= -bound && value <= bound;
}

/* Adds calendar months; a day that its month lacks becomes the last one. */
static bool add_months(int64_t *time, int64_t count)
{
    struct civil c = to_civil(*time);
    int64_t month = c.year * 12 + c.month - 1 + count;

    if (month < 12 || month >= (int64_t)10000 * 12)
        return false;
    c.year = month / 12;
    c.month = month % 12 + 1;
    if (c.day > days_in_month(c.year, c.month))
        c.day = days_in_month(c.year, c.month);
    *time = from_civil(&c);
    return true;
}

bool okt_duration_add(int64_t time, const struct okt_duration *duration,
                      int sign, int64_t *out)
{
    int64_t moved = time;

    if (time != clamp(time) || !is_within(duration->months, MONTHS_MAX) ||
        !is_within(duration->seconds, TIME_MAX - TIME_MIN))
        return false;
    if (duration->months != 0 && !add_months(&moved, sign * duration->months))
        return false;
    moved += sign * duration->seconds;
    if (moved != clamp(moved))
        return false;
    *out = moved;
    return true;
}

/* ------------------------------------------------------ Relative times -- */

static int64_t unit_seconds(const char *unit)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } short_units[] = {
        { "s", 1 },     { "m", 60 },     { "min", 60 },     { "h", 3600 },
        { "d", 86400 }, { "w", 604800 }, { "y", 31536000 },
    };

    for (size_t i = 0; i < ARRAY_LEN(short_units); i++)
        if (strcmp(unit, short_units[i].name) == 0)
            return short_units[i].seconds;
    return 0;
}

bool okt_duration_parse_short(const char *text, struct okt_duration *out)
{
    size_t count = strspn(text, "0123456789");
    int64_t value = 0;

    if (okt_duration_parse(text, out))
        return true;
    if (count == 0 || count > 9 || unit_seconds(text + count) == 0)
        return false;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (text[i] - '0');
    *out = (struct okt_duration){ 0, value * unit_seconds(text + count) };
    return true;
}

bool okt_time_parse_from(const char *text, int64_t now, int64_t *out)
{
    bool is_signed = text[0] == '-' || text[0] == '+';
    struct okt_duration by;

    if (!is_signed && text[0] != 'P')
        return okt_time_parse(text, out);
    return okt_duration_parse_short(text + is_signed, &by) &&
           okt_duration_add(now, &by, text[0] == '-' ? -1 : 1, out);
}
