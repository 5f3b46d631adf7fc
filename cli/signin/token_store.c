/* SPDX-License-Identifier: Apache-2.0 */
/* token_store.c - locking, reading and writing a profile's tokens. */
#include "cli/signin/token_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/state/profile.h"
#include "cli/term/fail.h"

/* Why has been said already. */
static okta_status failed(const struct token_store *store, const char *what,
                          okta_error *err)
{
    *err = (okta_error){ .status = OKTA_ERR_CONFIG };
    snprintf(err->message, sizeof(err->message), "the profile %s can't be %s",
             store->profile->name, what);
    return OKTA_ERR_CONFIG;
}

static okta_status lock(void *ctx, okta_error *err)
{
    struct token_store *store = ctx;

    if (store->held)
        return OKTA_OK;
    if (profile_lock(store->args, store->profile->name, true, &store->lock) ==
        EXIT_OK)
        return OKTA_OK;
    return failed(store, "locked", err);
}

static void unlock(void *ctx)
{
    struct token_store *store = ctx;

    if (store->lock >= 0)
        close(store->lock);
    store->lock = -1;
    state_release(&store->room);
}

static okta_status load(void *ctx, char **out, okta_error *err)
{
    const struct token_store *store = ctx;
    PROFILE_AUTO profile = { .name = NULL };
    bool found;

    if (profile_load(store->args, store->profile->name, &profile, &found) !=
        EXIT_OK)
        return failed(store, "read", err);
    *out = TAKE(profile.secret);
    return OKTA_OK;
}

static okta_status reserve(void *ctx, okta_error *err)
{
    struct token_store *store = ctx;

    if (profile_reserve(store->args, &store->room) == EXIT_OK)
        return OKTA_OK;
    return failed(store, "written: its tokens are not renewed", err);
}

static bool is_same(const struct profile *a, const struct profile *b)
{
    return a->kind == b->kind && a->client_id != NULL && b->client_id != NULL &&
           strcmp(a->client_id, b->client_id) == 0;
}

/* One that was signed out of meanwhile stays so, and so does another client's
 * sign-in that has taken its place. */
static okta_status save(void *ctx, const char *text, okta_error *err)
{
    struct token_store *store = ctx;
    PROFILE_AUTO profile = { .name = NULL };
    bool found;
    int code =
        profile_peek(store->args, store->profile->name, &profile, &found);

    if (code != EXIT_OK)
        return failed(store, "read", err);
    if (!found || profile.ended)
        return failed(store, "kept: it has been removed", err);
    if (!is_same(&profile, store->profile))
        return failed(store, "kept: another client has signed in to it", err);
    okt_free_secret(profile.secret);
    profile.secret = strdup(text);
    if (profile.secret == NULL ||
        profile_save(store->args, &profile, &store->room) != EXIT_OK)
        return failed(store, "written", err);
    return OKTA_OK;
}

void token_store_init(struct token_store *store, okta_token_store *out)
{
    store->lock = -1;
    store->room = (struct state_room)STATE_ROOM_INIT;
    *out = (okta_token_store)OKTA_TOKEN_STORE_INIT;
    out->ctx = store;
    out->lock = lock;
    out->unlock = unlock;
    out->load = load;
    out->reserve = reserve;
    out->save = save;
}
