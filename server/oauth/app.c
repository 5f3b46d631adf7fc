/* SPDX-License-Identifier: Apache-2.0 */
/* app.c - the apps that get access tokens: what one may be, and its keys. */
#include "server/oauth/app.h"

#include <stdio.h>
#include <string.h>

#include "server/org/event.h"
#include "server/org/scope.h"
#include "wire/json.h"
#include "wire/loose.h"

/* -------------------------------------------------------------- Checking -- */

bool app_is_confidential(const char *type)
{
    return strcmp(type, APP_NATIVE) != 0;
}

static bool is_type(const char *type)
{
    return strcmp(type, APP_NATIVE) == 0 || strcmp(type, APP_WEB) == 0 ||
           strcmp(type, APP_SERVICE) == 0;
}

static bool has_prefix(const char *uri, size_t len, const char *prefix)
{
    return len > strlen(prefix) && strncmp(uri, prefix, strlen(prefix)) == 0;
}

/* Plain http only to this machine itself. */
static bool is_loopback(const char *uri, size_t len)
{
    static const char *const hosts[] = { "http://127.0.0.1", "http://localhost",
                                         "http://[::1]" };

    for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
        if (has_prefix(uri, len, hosts[i]) &&
            strchr(":/", uri[strlen(hosts[i])]) != NULL)
            return true;
    return false;
}

/* A scheme of the app's own: the reverse of a domain's name (RFC 8252, 7.1). */
static bool is_private(const char *uri, size_t len)
{
    size_t scheme = strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789+-.");

    return scheme < len && uri[scheme] == ':' &&
           memchr(uri, '.', scheme) != NULL;
}

static bool is_uri(const char *uri, size_t len, bool native)
{
    if (len == 0 || len > APP_URI_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if (uri[i] <= ' ' || uri[i] > '~' || strchr("\"#<>\\^`{|}", uri[i]))
            return false;
    return has_prefix(uri, len, "https://") || is_loopback(uri, len) ||
           (native && is_private(uri, len));
}

static bool are_uris(const char *uris, bool native)
{
    while (*uris != '\0') {
        size_t len = strcspn(uris, " ");

        if (!is_uri(uris, len, native))
            return false;
        uris += len;
        uris += *uris == ' ';
    }
    return true;
}

struct app_fault app_check(const struct store_app *app)
{
    bool service = strcmp(app->type, APP_SERVICE) == 0;
    bool native = strcmp(app->type, APP_NATIVE) == 0;

    if (!is_type(app->type))
        return (struct app_fault){ "type", "must be native, web or service" };
    if (!scopes_are_known(app->scopes))
        return (struct app_fault){ "scopes", "no scope of that name" };
    if (service && app->redirect_uris[0] != '\0')
        return (struct app_fault){ "redirectUris",
                                   "a service has nobody to send back" };
    if (!are_uris(app->redirect_uris, native))
        return (struct app_fault){
            "redirectUris",
            "must be https, http to this machine, or, for a native app, a "
            "scheme such as com.example.app; no fragment"
        };
    if (!service && app->roles[0] != '\0')
        return (struct app_fault){
            "role", "only a service has one; others act for people"
        };
    if (app->roles[0] != '\0' && !role_is_known(app->roles))
        return (struct app_fault){ "role", "no role of that name" };
    if (!native && app->jwks[0] == '\0')
        return (struct app_fault){
            "key", "an app that is not native shows by a key who it is"
        };
    return (struct app_fault){ NULL, NULL };
}

/* ------------------------------------------------------------------ Keys -- */

/* What stands in a JWT's header, and on a terminal. */
static bool is_kid(const char *kid)
{
    size_t len = strspn(kid, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789._~:/+=@-");

    return len > 0 && kid[len] == '\0';
}

/* An "alg" in the JWK binds the key; only of RSA there is a choice. */
static bool is_bound(const struct okt_key *key)
{
    return !okt_key_allows(key, OKT_RS256) || !okt_key_allows(key, OKT_RS384);
}

static const char *add_key(const struct okt_key *key, struct okt_buf *out)
{
    OKT_BUF_AUTO jwk = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);
    const char *kid = okt_key_kid(key);

    if (kid == NULL)
        kid = okt_key_thumbprint(key);
    if (!is_kid(kid))
        return "the kid has characters other than letters, digits and "
               "._~:/+=@-";
    okt_key_public_jwk(key, &jwk);
    if (okt_buf_failed(&jwk))
        return okt_jose_no_memory;
    okt_buf_printf(out, "%s{\"kid\":\"%s\",\"use\":\"sig\",",
                   out->data[out->len - 1] == '}' ? "," : "", kid);
    if (is_bound(key))
        okt_buf_printf(out, "\"alg\":\"%s\",", okt_alg_name(okt_key_alg(key)));
    okt_buf_str(out, jwk.data + 1);
    return NULL;
}

static const char *add_set(yyjson_val *keys, struct okt_buf *out)
{
    size_t i;
    size_t count;
    yyjson_val *jwk;

    if (yyjson_arr_size(keys) == 0 || yyjson_arr_size(keys) > APP_KEYS_MAX)
        return "a JWK Set of 1 to 16 keys is taken";
    yyjson_arr_foreach(keys, i, count, jwk) {
        AUTO(okt_key) key = NULL;
        const char *why = okt_key_from_jwk_val(jwk, &key);

        if (why == NULL)
            why = add_key(key, out);
        if (why != NULL)
            return why;
    }
    return NULL;
}

/* Keys in PEM that go into one set; a private and a public part are one. */
struct pem_keys {
    struct okt_buf *out;
    char seen[APP_KEYS_MAX][OKT_SHA256_TEXT];
    size_t count;
};

static const char *add_pem_key(void *ctx, struct okt_key **key)
{
    struct pem_keys *keys = ctx;
    const char *print = okt_key_thumbprint(*key);

    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->seen[i], print) == 0)
            return NULL;
    if (keys->count == APP_KEYS_MAX)
        return "at most 16 keys are taken";
    snprintf(keys->seen[keys->count], sizeof(keys->seen[0]), "%s", print);
    keys->count++;
    return add_key(*key, keys->out);
}

static const char *add_keys(const char *text, size_t len, struct okt_buf *out)
{
    AUTO(okt_key) key = NULL;
    struct pem_keys in_pem = { .out = out };
    struct okt_span bare = okt_bare((struct okt_span){ text, len });
    const char *why;
    bool no_memory;
    AUTO(yyjson_doc) doc = okt_json_read(text, len, &why, &no_memory);
    yyjson_val *keys = yyjson_obj_get(yyjson_doc_get_root(doc), "keys");

    if (keys != NULL)
        return add_set(keys, out);
    if (bare.len == 0 || bare.data[0] != '{')
        return okt_key_each_pem(text, len, NULL, add_pem_key, &in_pem);
    why = okt_key_from_text(text, len, NULL, &key);
    return why == NULL ? add_key(key, out) : why;
}

const char *app_jwks_read(const char *text, size_t len, struct okt_buf *out)
{
    const char *why;

    okt_buf_str(out, "{\"keys\":[");
    if (okt_buf_failed(out))
        return okt_jose_no_memory;
    why = add_keys(text, len, out);
    if (why != NULL)
        return why;
    okt_buf_str(out, "]}");
    return okt_buf_failed(out) ? "the keys are too large" : NULL;
}

const char *app_key_find(const char *jwks, const char *kid,
                         struct okt_key **out)
{
    const char *why;
    bool no_memory;
    AUTO(yyjson_doc) doc = okt_json_read(jwks, strlen(jwks), &why, &no_memory);
    yyjson_val *keys = yyjson_obj_get(yyjson_doc_get_root(doc), "keys");
    yyjson_val *jwk;
    size_t i;
    size_t count;

    if (kid == NULL && yyjson_arr_size(keys) == 1)
        return okt_key_from_jwk_val(yyjson_arr_get_first(keys), out);
    if (kid == NULL)
        return "no kid";
    yyjson_arr_foreach(keys, i, count, jwk) {
        const char *name = okt_json_str(jwk, "kid");

        if (name != NULL && strcmp(name, kid) == 0)
            return okt_key_from_jwk_val(jwk, out);
    }
    return "no key of that kid";
}

/* --------------------------------------------------------------- Changes -- */

static store_status with_event(struct store *store, store_status st,
                               const char *type, const struct store_app *app,
                               int64_t now)
{
    struct store_event event = {
        .published = now,
        .type = type,
        .target_type = EVENT_APP,
        .target_id = app->id,
        .target_name = app->name,
    };

    return st == STORE_OK ? event_add(store, &event) : st;
}

store_status app_add(struct store *store, const struct store_app *app)
{
    return with_event(store, store->ops->app_add(store, app), EVENT_APP_CREATE,
                      app, app->created);
}

store_status app_set_keys(struct store *store, const struct store_app *app,
                          const char *jwks, int64_t now)
{
    return with_event(store,
                      store->ops->app_set_keys(store, app->id, jwks, now),
                      EVENT_APP_UPDATE, app, now);
}

store_status app_set_status(struct store *store, const struct store_app *app,
                            const char *status, int64_t now)
{
    bool active = strcmp(status, APP_ACTIVE) == 0;

    return with_event(store,
                      store->ops->app_set_status(store, app->id, status, now),
                      active ? EVENT_APP_ACTIVATE : EVENT_APP_DEACTIVATE, app,
                      now);
}
