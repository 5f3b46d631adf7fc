/* SPDX-License-Identifier: Apache-2.0 */
/* device.c - devices that wait for a person to allow them. */
#include "server/oauth/device.h"

#include <stdio.h>
#include <string.h>

#include "server/oauth/app.h"

/* As RFC 8628, 6.1 has it: no vowels, so no words, and none that could be a
 * digit. */
static const char letters[] = "BCDFGHJKLMNPQRSTVWXZ";

enum { LETTERS = 20, SHIFT = 'a' - 'A' };

/* --------------------------------------------------------------- The codes --
 */

bool device_code_new(char out[static DEVICE_CODE_LEN + 1])
{
    return random_of(letters, LETTERS, out, DEVICE_CODE_LEN);
}

bool device_code_read(const char *typed, char out[static DEVICE_CODE_LEN + 1])
{
    size_t len = 0;

    for (; *typed != '\0'; typed++) {
        char c =
            *typed >= 'a' && *typed <= 'z' ? (char)(*typed - SHIFT) : *typed;

        if (c == ' ' || c == '-')
            continue;
        if (len == DEVICE_CODE_LEN || strchr(letters, c) == NULL)
            return false;
        out[len++] = c;
    }
    out[len] = '\0';
    return len == DEVICE_CODE_LEN;
}

void device_code_show(const char code[static DEVICE_CODE_LEN + 1],
                      char out[static DEVICE_SHOWN_LEN + 1])
{
    snprintf(out, DEVICE_SHOWN_LEN + 1, "%.4s-%.4s", code,
             code + DEVICE_CODE_LEN / 2);
}

bool device_code_hash(const struct org *org, const char *code,
                      unsigned char out[static SECRET_HASH_LEN])
{
    return org_mac(org, "user code", code, strlen(code), out);
}

/* ------------------------------------------------------------ The decision --
 */

struct lookup {
    struct device *out;
    bool waits;
    bool active;
};

static void keep(const struct store_device *row, void *ctx)
{
    struct lookup *l = ctx;
    struct device *d = l->out;

    l->waits = strcmp(row->status, DEVICE_PENDING) == 0;
    snprintf(d->client_id, sizeof(d->client_id), "%s", row->client_id);
    snprintf(d->scopes, sizeof(d->scopes), "%s", row->scopes);
    snprintf(d->address, sizeof(d->address), "%s", row->address);
    d->created = row->created;
    d->expires = row->expires;
}

static void keep_app(const struct store_app *app, void *ctx)
{
    struct lookup *l = ctx;

    l->active = strcmp(app->status, APP_ACTIVE) == 0;
    snprintf(l->out->app_name, sizeof(l->out->app_name), "%s", app->name);
}

store_status device_find(struct store *store, const struct org *org,
                         const char *code, struct device *out)
{
    struct lookup l = { .out = out };
    unsigned char hash[SECRET_HASH_LEN];
    store_status st;

    if (!device_code_hash(org, code, hash))
        return STORE_FAILED;
    st = store->ops->device_by_user_code(store, hash, keep, &l);
    if (st == STORE_OK && (!l.waits || out->expires <= org_now(org)))
        return STORE_NOT_FOUND;
    if (st == STORE_OK)
        st = store->ops->app_find(store, out->client_id, keep_app, &l);
    return st == STORE_OK && !l.active ? STORE_NOT_FOUND : st;
}

store_status device_decide(struct store *store, const struct org *org,
                           const char *code, const char *user_id, bool allow)
{
    struct device device;
    unsigned char hash[SECRET_HASH_LEN];
    store_status st = device_find(store, org, code, &device);

    if (st != STORE_OK)
        return st;
    if (!device_code_hash(org, code, hash))
        return STORE_FAILED;
    return store->ops->device_decide(store, hash, DEVICE_PENDING,
                                     allow ? DEVICE_ALLOWED : DEVICE_DENIED,
                                     user_id);
}
