/* SPDX-License-Identifier: Apache-2.0 */
/* store.c - which backend a store's address means. */
#include "server/store/store.h"

#include <string.h>

#include "server/store/store_sqlite.h"
#include "server/util/diag.h"

static const struct backend {
    const char *scheme;
    store_status (*create)(const char *where);
    store_status (*open)(const char *where, struct store **out);
} backends[] = {
    { "sqlite:", store_sqlite_create, store_sqlite_open },
};

static const struct backend *find(const char *where, const char **rest)
{
    for (size_t i = 0; i < ARRAY_LEN(backends); i++) {
        size_t len = strlen(backends[i].scheme);

        *rest = where + len;
        if (strncmp(where, backends[i].scheme, len) == 0)
            return &backends[i];
    }
    say("database: no backend for that address");
    return NULL;
}

store_status store_create(const char *where)
{
    const char *rest;
    const struct backend *backend = find(where, &rest);

    return backend != NULL ? backend->create(rest) : STORE_FAILED;
}

store_status store_open(const char *where, struct store **out)
{
    const char *rest;
    const struct backend *backend = find(where, &rest);

    return backend != NULL ? backend->open(rest, out) : STORE_FAILED;
}

void store_close(struct store *store)
{
    if (store != NULL)
        store->ops->close(store);
}
