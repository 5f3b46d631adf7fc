/* SPDX-License-Identifier: Apache-2.0 */
/* timers.h - calls back when a time has passed; a thread of its own. */
#ifndef ORGD_TIMERS_H
#define ORGD_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

struct alarms;

/* NULL: out of memory, or of threads. */
struct alarms *alarms_new(void);

/* Calls ring(ctx) in the alarms' thread after so long. False: it will not;
 * they have ended, or there is no memory. */
bool alarms_set(struct alarms *alarms, int64_t ms, void (*ring)(void *ctx),
                void *ctx);

/* Calls all that were set at once, and takes no more. Takes NULL. */
void alarms_end(struct alarms *alarms);

/* Ends them, and frees what is there. Takes NULL. */
void alarms_free(struct alarms *alarms);

#endif
