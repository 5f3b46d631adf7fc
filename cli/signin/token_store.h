/* SPDX-License-Identifier: Apache-2.0 */
/* token_store.h - a profile as the place where an OAuth credential keeps its
 * tokens. */
#ifndef CLI_TOKEN_STORE_H
#define CLI_TOKEN_STORE_H

#include <okta/okta.h>

#include "cli/state/profile.h"
#include "cli/term/args.h"

struct token_store {
    const struct args *args;
    const struct profile *profile; /* as it was loaded */
    bool held;                     /* the caller holds the profile's lock */
    int lock;                      /* -1: not held by the store */
    struct state_room room;        /* for the tokens that are asked for */
};

/* Fills out with functions on store, which must outlive the credential. */
void token_store_init(struct token_store *store, okta_token_store *out);

#endif
