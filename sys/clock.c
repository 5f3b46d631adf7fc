/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c - the system's two clocks. */
#include "sys/clock.h"

#include <time.h>

int64_t okt_clock_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t okt_clock_ms(void)
{
    return okt_clock_us() / 1000;
}

int64_t okt_clock_now(void)
{
    return (int64_t)time(NULL);
}
