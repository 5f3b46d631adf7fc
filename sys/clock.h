/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h - what time it is: by the calendar, and for measuring spans. */
#ifndef OKT_CLOCK_H
#define OKT_CLOCK_H

#include <stdint.h>

/* Milliseconds since some fixed moment; never goes back. For spans only. */
int64_t okt_clock_ms(void);

/* Microseconds of the same clock. */
int64_t okt_clock_us(void);

/* Seconds since 1970-01-01T00:00:00Z. */
int64_t okt_clock_now(void);

#endif
