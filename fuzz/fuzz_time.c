/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_time.c - times, HTTP dates and durations, and arithmetic with them. */
#include "fuzz/fuzz.h"
#include "wire/iso8601.h"

static void check_time(int64_t time)
{
    char text[OKT_TIME_SIZE];
    char date[OKT_HTTP_DATE_SIZE];
    int64_t again;

    okt_time_format(time, text);
    FUZZ_TRUE(okt_time_parse(text, &again) && again == time);
    okt_http_date_format(time, date);
    FUZZ_TRUE(okt_http_date_parse(date, &again) && again == time);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    size_t first = strcspn(text, "\n");
    const char *second = text + first + (text[first] == '\n');
    struct okt_duration duration;
    int64_t time = 0;
    int64_t moved;

    text[first] = '\0';
    if (okt_time_parse(text, &time))
        check_time(time);
    if (okt_http_date_parse(text, &time) && time >= 0)
        check_time(time);
    if (okt_duration_parse(second, &duration)) {
        FUZZ_TRUE(duration.months >= 0 && duration.seconds >= 0);
        if (okt_duration_add(time, &duration, 1, &moved))
            FUZZ_TRUE(moved >= time);
        if (okt_duration_add(time, &duration, -1, &moved))
            FUZZ_TRUE(moved <= time);
    }
    free(text);
    return 0;
}
