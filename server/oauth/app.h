/* SPDX-License-Identifier: Apache-2.0 */
/* app.h - the apps that get access tokens: what one may be, and its keys. */
#ifndef ORGD_APP_H
#define ORGD_APP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "jose/key.h"
#include "server/store/store.h"

#define APP_NATIVE "native"   /* on somebody's machine: it can keep no secret */
#define APP_WEB "web"         /* on a server, for people who sign in */
#define APP_SERVICE "service" /* on its own, for nobody */

#define APP_ACTIVE "ACTIVE"
#define APP_INACTIVE "INACTIVE"

enum {
    APP_NAME_MAX = 100,
    APP_KEYS_MAX = 16,
    APP_URI_MAX = 1023, /* bytes of one redirect URI */
};

/* What is wrong with an app, and what of it; field NULL: nothing. */
struct app_fault {
    const char *field; /* "type", "scopes", "redirectUris", "role", "key" */
    const char *what;
};

struct app_fault app_check(const struct store_app *app);

/* Whether an app of that type has a key and must show that it does. */
bool app_is_confidential(const char *type);

/*
 * Appends the public half of each key in a PEM, a JWK or a JWK Set, as a JWK
 * Set in which each has a kid. NULL: done. Else what is wrong, a constant text.
 */
const char *app_jwks_read(const char *text, size_t len, struct okt_buf *out);

/*
 * Finds the key that a signature names: by its kid or, where that is NULL, the
 * only one there is. NULL: done.
 */
const char *app_key_find(const char *jwks, const char *kid,
                         struct okt_key **out);

/* Adds an app, or changes its keys or status, with its event. */
store_status app_add(struct store *store, const struct store_app *app);
store_status app_set_keys(struct store *store, const struct store_app *app,
                          const char *jwks, int64_t now);
store_status app_set_status(struct store *store, const struct store_app *app,
                            const char *status, int64_t now);

#endif
