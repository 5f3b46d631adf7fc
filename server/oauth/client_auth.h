/* SPDX-License-Identifier: Apache-2.0 */
/* client_auth.h - which app asks for tokens, and that it is the one it says. */
#ifndef ORGD_CLIENT_AUTH_H
#define ORGD_CLIENT_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "server/request/form.h"
#include "server/request/request.h"

struct client {
    char id[OKT_ID_MAX + 1];
    char name[STORE_NAME_MAX + 1];
    char type[16];
    char scopes[STORE_SCOPES_MAX + 1];
    bool dpop;     /* it gets bound tokens alone */
    bool to_spend; /* its assertion has a jti, of this hash: */
    unsigned char assertion[SECRET_HASH_LEN];
    int64_t assertion_expires; /* and is kept until then */
};

/*
 * Finds the app of a request and checks its assertion, if it has to show one.
 * Returns 200, or the status of the reply it has filled.
 */
int client_check(struct request *request, const struct form *form,
                 struct client *out);

/* In the writer's transaction: CONFLICT where the assertion was used before. */
store_status client_spend(struct store *store, const struct client *client);

#endif
