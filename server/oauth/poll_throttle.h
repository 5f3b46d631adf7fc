/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poll_throttle.h - when a device polled last, so that one who polls like mad
 * is told.
 *
 * In memory alone, fixed in size: what falls together with another is not told
 * so, never the other way round. Safe from any thread.
 */
#ifndef ORGD_POLL_THROTTLE_H
#define ORGD_POLL_THROTTLE_H

#include <stdbool.h>

#include "server/util/secret.h"

struct polls;

/* NULL: out of memory. */
struct polls *polls_new(void);
void polls_free(struct polls *polls);

/* Notes a poll. True: the one before it was so short a time ago that it can't
 * be a matter of clocks. */
bool polls_is_early(struct polls *polls,
                    const unsigned char hash[static SECRET_HASH_LEN]);

#endif
