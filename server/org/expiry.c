/* SPDX-License-Identifier: Apache-2.0 */
/* expiry.c - a batch of expired tokens, read, then removed one by one. */
#include "server/org/expiry.h"

#include <stdio.h>

#include "server/oauth/signer.h"
#include "server/org/event.h"
#include "server/org/token.h"

enum {
    BATCH = 100,
    KEPT_SECONDS = 600,          /* what lapsed in OAuth, to tell that it has */
    LOG_SECONDS = 90 * 24 * 3600 /* an event */
};

/* What is kept of a row until the store can be asked again. */
struct ended {
    char id[OKT_ID_MAX + 1];
    char name[STORE_NAME_MAX + 1];
};

struct batch {
    struct renewals *renewals;
    int64_t now;
    size_t count;
    struct ended tokens[BATCH];
};

static bool note_one(const struct store_token *row, void *ctx)
{
    (void)row;
    *(bool *)ctx = true;
    return false;
}

static bool note_event(const struct store_event *event, void *ctx)
{
    (void)event;
    *(bool *)ctx = true;
    return false;
}

/* Whether anything has had its time that is removed without an event. */
static store_status is_lapsed(struct store *store, int64_t now, bool *is)
{
    const struct store_events old = { .since = INT64_MIN,
                                      .until = now - LOG_SECONDS - 1 };
    store_status st = store->ops->oauth_is_lapsed(store, now - KEPT_SECONDS,
                                                  ACCESS_SECONDS, is);

    return st == STORE_OK && !*is
               ? store->ops->event_each(store, &old, note_event, is)
               : st;
}

store_status expiry_is_due(struct store *store, struct expiry_time time,
                           bool *due)
{
    store_status st;

    *due = false;
    st = store->ops->token_expired(store, time.now, note_one, due);
    return st == STORE_OK && !*due ? is_lapsed(store, time.surely, due) : st;
}

static bool keep(const struct store_token *row, void *ctx)
{
    struct batch *batch = ctx;
    struct store_token token = *row;
    struct ended *ended = &batch->tokens[batch->count];

    if (token_refresh(&token, batch->renewals, batch->now))
        return true;
    snprintf(ended->id, sizeof(ended->id), "%s", token.id);
    snprintf(ended->name, sizeof(ended->name), "%s", token.name);
    return ++batch->count < BATCH;
}

static store_status end_one(struct store *store, const struct ended *ended,
                            int64_t now)
{
    const struct store_token token = { .id = ended->id, .name = ended->name };
    store_status st = store->ops->token_remove(store, ended->id);

    return st == STORE_OK ? event_add_of_org(store, EVENT_REVOKE, &token, now)
                          : st;
}

store_status expiry_sweep(struct store *store, struct renewals *renewals,
                          struct expiry_time time, bool *more)
{
    struct batch batch = { .renewals = renewals, .now = time.now };
    store_status st = store->ops->token_expired(store, time.now, keep, &batch);

    for (size_t i = 0; i < batch.count && st == STORE_OK; i++)
        st = end_one(store, &batch.tokens[i], time.now);
    if (st == STORE_OK)
        st = store->ops->oauth_sweep(store, time.surely - KEPT_SECONDS,
                                     ACCESS_SECONDS);
    if (st == STORE_OK)
        st = store->ops->event_prune(store, time.surely - LOG_SECONDS, BATCH);
    *more = false;
    if (st == STORE_OK)
        st = is_lapsed(store, time.surely, more);
    *more = *more || batch.count == BATCH;
    return st;
}
