/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer.h - the one thread that changes the store while a server runs.
 *
 * Whoever wants a change fills a struct change, pushes it and waits to be told.
 * The writer takes all that have come, applies each in turn inside one
 * transaction, commits, and tells every one of them: what was told is durable.
 * Beside that it revokes, each half second, the tokens that have expired,
 * unless a step of the clock lets nobody say which have; and it notes what time
 * it is, for the next start.
 *
 * It writes only while the store has proved to be durable: at the start, and
 * again after each transaction that failed; it looks at least once a second.
 */
#ifndef ORGD_WRITER_H
#define ORGD_WRITER_H

#include <stdbool.h>

#include "server/org/pending_uses.h"
#include "server/store/store.h"
#include "server/util/org_clock.h"

struct change {
    /*
     * Makes the change; called in the writer's thread, inside its transaction.
     * Anything but FAILED concerns this change alone, FAILED takes back all
     * that shared the transaction.
     */
    store_status (*apply)(struct store *store, void *ctx);
    /* Called in the writer's thread once result is final: what apply returned
     * and is durable, or FAILED. The change may be gone when it returns. */
    void (*done)(void *ctx);
    void *ctx;
    /* apply has the store to itself and no transaction around it: it makes its
     * own, and what it returns concerns this change alone. */
    bool alone;
    /* All that is due by the org's clock is done before done is called. */
    bool settles;
    store_status result;
    struct change *next; /* the writer's */
};

struct writer;

/* Opens its own store and starts, by that clock. NULL: it said why. */
struct writer *writer_start(const char *where, struct renewals *renewals,
                            struct org_clock *clock);

/* False: it is stopping and will not call. */
bool writer_push(struct writer *writer, struct change *change);

/* Whether changes can be made, as far as is known. */
bool writer_is_well(const struct writer *writer);

/* There are renewals to be written within a second. */
void writer_nudge(struct writer *writer);

/* Does what was pushed, writes the renewals and ends the thread; from then on
 * pushes are refused. Takes NULL. */
void writer_stop(struct writer *writer);

/* Frees a writer that has been stopped. Takes NULL. */
void writer_free(struct writer *writer);

#endif
