/* SPDX-License-Identifier: Apache-2.0 */
/* expiry.h - what has come to its end: tokens that nobody has used for their
 * window are revoked; what lapsed in OAuth, and events of 90 days ago, are
 * swept out. */
#ifndef ORGD_EXPIRY_H
#define ORGD_EXPIRY_H

#include <stdbool.h>
#include <stdint.h>

#include "server/org/pending_uses.h"
#include "server/store/store.h"

/* Two times: after a step of the clock they differ. */
struct expiry_time {
    int64_t now;
    int64_t surely; /* whichever clock is right, it is that late at least: for
                       what must be remembered, such as what was spent */
};

/* Whether the store has anything whose time has come; uses of tokens that are
 * not written may have moved it on. */
store_status expiry_is_due(struct store *store, struct expiry_time time,
                           bool *due);

/*
 * Inside a transaction: removes what has expired, each with its event, but for
 * tokens with a use that is not written yet. At most a hundred at once; *more:
 * there may be others.
 */
store_status expiry_sweep(struct store *store, struct renewals *renewals,
                          struct expiry_time time, bool *more);

#endif
