/* SPDX-License-Identifier: Apache-2.0 */
/* client_auth.c - which app asks for tokens, and that it is the one it says. */
#include "server/oauth/client_auth.h"

#include <stdio.h>
#include <string.h>

#include "jose/jws.h"
#include "server/oauth/app.h"
#include "server/oauth/key_cache.h"
#include "server/oauth/oauth.h"
#include "wire/json.h"

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

enum {
    ASSERTION_SECONDS = 3600, /* how far ahead it may end */
    LEEWAY = 300,             /* how far apart the clocks may be */
    JTI_MAX = 512
};

static int invalid_client(struct request *r, const char *what)
{
    return oauth_error(r, 401, "invalid_client", what);
}

/* ------------------------------------------------------------------- Apps --
 */

struct lookup {
    struct client *out;
    bool active;
    struct okt_buf jwks;
};

static void keep(const struct store_app *app, void *ctx)
{
    struct lookup *l = ctx;
    struct client *c = l->out;

    snprintf(c->id, sizeof(c->id), "%s", app->id);
    snprintf(c->name, sizeof(c->name), "%s", app->name);
    snprintf(c->type, sizeof(c->type), "%s", app->type);
    snprintf(c->scopes, sizeof(c->scopes), "%s", app->scopes);
    c->dpop = app->dpop;
    l->active = strcmp(app->status, APP_ACTIVE) == 0;
    okt_buf_str(&l->jwks, app->jwks);
}

static int find(struct request *r, const char *id, struct lookup *l)
{
    store_status st = r->store->ops->app_find(r->store, id, keep, l);

    if (st == STORE_FAILED || okt_buf_failed(&l->jwks))
        return reply_unavailable(r);
    if (st != STORE_OK)
        return invalid_client(r, "Invalid value for 'client_id' parameter.");
    return l->active ? 200 : invalid_client(r, "The client is not active.");
}

/* ------------------------------------------------------------- Assertions --
 */

/* One text, or a list of one. */
static const char *audience(const struct okt_jws *jws)
{
    yyjson_val *aud = yyjson_obj_get(jws->claims, "aud");

    if (yyjson_arr_size(aud) == 1)
        aud = yyjson_arr_get_first(aud);
    return okt_json_text(aud);
}

/* The endpoint itself, so that what is made for one is good at no other; the
 * token endpoint's is taken everywhere, since clients know that one best. */
static bool is_for_us(const struct request *r, const char *aud)
{
    const char *path = aud != NULL ? request_own_path(r, aud) : NULL;

    return path != NULL &&
           (strcmp(path, r->path) == 0 || strcmp(path, PATH_TOKEN) == 0);
}

static const char *check_times(const struct request *r,
                               const struct okt_jws *jws, struct client *c)
{
    int64_t now = org_now(r->org);
    int64_t at;

    if (!okt_jws_time(jws, "exp", &c->assertion_expires))
        return "The client_assertion token must have an exp.";
    if (c->assertion_expires <= now)
        return "The client_assertion token is expired.";
    if (c->assertion_expires > now + ASSERTION_SECONDS + LEEWAY)
        return "The client_assertion token has an expiration too far into the "
               "future.";
    c->assertion_expires = org_keeps_until(r->org, c->assertion_expires);
    if (yyjson_obj_get(jws->claims, "iat") != NULL &&
        (!okt_jws_time(jws, "iat", &at) || at > now + LEEWAY))
        return "The client_assertion token was issued in the future.";
    if (yyjson_obj_get(jws->claims, "nbf") != NULL &&
        (!okt_jws_time(jws, "nbf", &at) || at > now + LEEWAY))
        return "The client_assertion token is not valid yet.";
    return NULL;
}

/* Real orgs take one without a jti, since there are clients that send none. */
static const char *check_jti(const struct okt_jws *jws, struct client *c)
{
    const char *jti = okt_jws_text(jws, "jti");

    if (yyjson_obj_get(jws->claims, "jti") == NULL)
        return NULL;
    if (jti == NULL || jti[0] == '\0' || strlen(jti) > JTI_MAX)
        return "The client_assertion token's jti is invalid.";
    c->to_spend = true;
    return secret_hash(jti, c->assertion) ? NULL : okt_jose_no_memory;
}

static const char *check_claims(const struct request *r,
                                const struct okt_jws *jws, struct client *c)
{
    const char *why;

    if (!is_for_us(r, audience(jws)))
        return "The audience claim for client_assertion must be the endpoint "
               "invoked for the request.";
    why = check_times(r, jws, c);
    return why == NULL ? check_jti(jws, c) : why;
}

static const char *find_key(const struct org *org, const struct okt_jws *jws,
                            const char *jwks, held_key **out)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(STORE_JWKS_MAX + OKT_JWS_MAX);
    unsigned char name[SECRET_HASH_LEN];
    okt_key *key = NULL;
    const char *why;

    okt_buf_printf(&text, "%s %s", jwks, jws->kid != NULL ? jws->kid : "");
    if (okt_buf_failed(&text) || !secret_hash(text.data, name))
        return okt_jose_no_memory;
    *out = keyring_find(org->keys, name);
    if (*out != NULL)
        return NULL;
    why = app_key_find(jwks, jws->kid, &key);
    if (why != NULL)
        return why;
    *out = keyring_add(org->keys, name, key);
    return *out != NULL ? NULL : okt_jose_no_memory;
}

static const char *check_signature(const struct org *org,
                                   const struct okt_jws *jws, const char *jwks)
{
    AUTO(held_key) held = NULL;
    const char *why = find_key(org, jws, jwks, &held);

    if (why != NULL)
        return why == okt_jose_no_memory
                   ? why
                   : "The client_assertion JWT kid is invalid.";
    why = okt_jws_verify(jws, held_key_of(held));
    return why == NULL || why == okt_jose_no_memory
               ? why
               : "The client_assertion signature is invalid.";
}

/* Whose assertion it says it is; "" where it says no one thing. */
static const char *subject(const struct okt_jws *jws)
{
    const char *iss = okt_jws_text(jws, "iss");
    const char *sub = okt_jws_text(jws, "sub");

    return iss != NULL && sub != NULL && strcmp(iss, sub) == 0 ? sub : "";
}

/* Until the signature is verified nothing but the name is believed. */
static int check_assertion(struct request *r, const struct form *form,
                           struct lookup *l)
{
    const char *text = form_text(form, "client_assertion");
    const char *named = form_get(form, "client_id");
    OKT_JWS_AUTO jws = { 0 };
    const char *why = okt_jws_parse(text, strlen(text), &jws);
    int status;

    if (why != NULL)
        return why == okt_jose_no_memory
                   ? reply_unavailable(r)
                   : invalid_client(r, "The parsing of the client_assertion "
                                       "failed.");
    if (subject(&jws)[0] == '\0' ||
        (named != NULL && strcmp(named, subject(&jws)) != 0))
        return invalid_client(r, "The issuer and subject claims of the "
                                 "client_assertion must be the client_id.");
    status = find(r, subject(&jws), l);
    if (status != 200)
        return status;
    why = check_signature(r->org, &jws, l->jwks.data);
    if (why == NULL)
        why = check_claims(r, &jws, l->out);
    if (why == okt_jose_no_memory)
        return reply_unavailable(r);
    return why == NULL ? 200 : invalid_client(r, why);
}

/* -------------------------------------------------------------- The client --
 */

/* An app that can keep a key must show it. */
static int check_public(struct request *r, const struct form *form,
                        struct lookup *l)
{
    const char *id = form_get(form, "client_id");
    int status;

    if (id == NULL)
        return invalid_client(r, "No client credentials found");
    status = find(r, id, l);
    if (status == 200 && app_is_confidential(l->out->type))
        return invalid_client(r, "No client credentials found");
    return status;
}

static int refuse_secret(struct request *r)
{
    if (r->headers[HEADER_AUTHORIZATION] != NULL)
        okt_buf_printf(&r->challenge, "Basic realm=\"%s\"", r->base_url);
    return invalid_client(r, "This org takes no client secrets; use a "
                             "client_assertion.");
}

static int check(struct request *r, const struct form *form, struct lookup *l)
{
    const char *type = form_get(form, "client_assertion_type");
    bool asserts = form_get(form, "client_assertion") != NULL;
    bool secret = form_get(form, "client_secret") != NULL ||
                  r->headers[HEADER_AUTHORIZATION] != NULL;

    if (asserts && secret)
        return oauth_error(
            r, 400, "invalid_request",
            "Can't supply multiple client credentials. Use one of the "
            "following: credentials in the Authorization header, credentials "
            "in the post body, or a `client_assertion` in the post body.");
    if (secret)
        return refuse_secret(r);
    if (!asserts)
        return check_public(r, form, l);
    if (type == NULL || strcmp(type, ASSERTION_TYPE) != 0)
        return oauth_error(r, 400, "invalid_request",
                           "The `client_assertion_type` is invalid.");
    return check_assertion(r, form, l);
}

int client_check(struct request *r, const struct form *form, struct client *out)
{
    struct lookup l = { .out = out, .jwks = OKT_BUF_INIT(STORE_JWKS_MAX) };
    int status;

    *out = (struct client){ 0 };
    status = check(r, form, &l);
    okt_buf_free(&l.jwks);
    return status;
}

store_status client_spend(struct store *store, const struct client *c)
{
    if (!c->to_spend)
        return STORE_OK;
    return store->ops->assertion_use(store, c->id, c->assertion,
                                     c->assertion_expires);
}
