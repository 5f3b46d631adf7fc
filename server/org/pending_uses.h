/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pending_uses.h - uses of tokens that are not written to the store yet.
 *
 * A use moves a token's times. The answer does not wait for the disk: the use
 * is noted here, everything that reads a token looks here too, and the writer
 * carries the notes to the store. A crash loses at most what was noted since
 * its last round. Safe from any thread.
 */
#ifndef ORGD_PENDING_USES_H
#define ORGD_PENDING_USES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/store/store.h"

struct renewal {
    char id[OKT_ID_MAX + 1];
    int64_t used;
    int64_t expires;
};

struct renewals;

/* NULL: out of memory. */
struct renewals *renewals_new(void);
void renewals_free(struct renewals *renewals);

/* Forgets all of them, written or not. */
void renewals_clear(struct renewals *renewals);

/* Notes a use; the latest of a token counts. False: out of memory. */
bool renewals_note(struct renewals *renewals, const char *id, int64_t used,
                   int64_t expires);

bool renewals_find(struct renewals *renewals, const char *id,
                   struct renewal *out);

/* Whether there is nothing for the writer to do. */
bool renewals_are_written(struct renewals *renewals);

/*
 * The writer's round: renewals_write puts all notes into the transaction that
 * is open; once that is durable, renewals_written takes those off that have
 * not moved on since.
 */
store_status renewals_write(struct renewals *renewals, struct store *store);
void renewals_written(struct renewals *renewals);

#endif
