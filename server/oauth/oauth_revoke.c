/* SPDX-License-Identifier: Apache-2.0 */
/* oauth_revoke.c - POST /oauth2/v1/revoke and /oauth2/v1/introspect. */
#include <stdio.h>
#include <string.h>

#include "server/oauth/access_token.h"
#include "server/oauth/app.h"
#include "server/oauth/oauth.h"
#include "server/org/event.h"
#include "wire/json.h"

/* A token that came, of either kind, and what there is to know of it. */
struct subject {
    struct client client;
    bool spent; /* the client's assertion was used before */
    bool refresh;
    bool used;  /* a refresh token that was rotated */
    bool known; /* it is a token of this org, and its time is not over */
    unsigned char hash[SECRET_HASH_LEN];
    struct access access; /* of a refresh token: what stands in its grant */
    struct standing standing;
};

static void subject_free(void *state)
{
    okt_wipe(state, sizeof(struct subject));
    free(state);
}

/* ------------------------------------------------------------- The subject --
 */

struct look {
    struct subject *subject;
    int64_t now;
    bool good;
};

static void look_at_refresh(const struct store_refresh *row, void *ctx)
{
    struct look *look = ctx;
    struct access *a = &look->subject->access;

    look->good = row->expires > look->now;
    look->subject->used = row->used != 0;
    a->expires = row->expires;
    snprintf(a->grant_id, sizeof(a->grant_id), "%s", row->grant_id);
}

static void look_at_grant(const struct store_grant *g, void *ctx)
{
    struct look *look = ctx;
    struct access *a = &look->subject->access;

    a->issued = g->created;
    snprintf(a->client_id, sizeof(a->client_id), "%s", g->client_id);
    snprintf(a->user_id, sizeof(a->user_id), "%s", g->user_id);
    snprintf(a->scopes, sizeof(a->scopes), "%s", g->scopes);
    snprintf(a->jkt, sizeof(a->jkt), "%s", g->jkt);
}

static store_status find_refresh(struct store *store, const struct request *r,
                                 struct subject *s)
{
    struct look look = { .subject = s, .now = org_now(r->org) };
    store_status st =
        store->ops->refresh_by_hash(store, s->hash, look_at_refresh, &look);

    if (st == STORE_OK)
        st = store->ops->grant_find(store, s->access.grant_id, look_at_grant,
                                    &look);
    s->known = st == STORE_OK && look.good;
    return st;
}

static store_status find(struct request *r, const char *token,
                         struct subject *s)
{
    const struct store_bearer bearer = access_bearer(&s->access);
    store_status st;

    s->refresh = secret_is_valid(token);
    if (s->refresh) {
        if (!secret_hash(token, s->hash))
            return STORE_FAILED;
        st = find_refresh(r->store, r, s);
    } else {
        st = access_read(r->org, r->store, token, &s->access);
        s->known = st == STORE_OK;
    }
    if (s->known)
        st = access_standing(r->store, &bearer, &s->standing);
    return st == STORE_FAILED ? st : STORE_OK;
}

/* Reads the request. 0: go on. */
static int begin(struct request *r, const struct form *form)
{
    struct subject *s = calloc(1, sizeof(*s));
    const char *token = form_get(form, "token");
    int status;

    if (s == NULL)
        return reply_unavailable(r);
    r->state = s;
    r->state_free = subject_free;
    status = client_check(r, form, &s->client);
    if (status != 200)
        return status;
    if (token == NULL || token[0] == '\0')
        return oauth_error(r, 400, "invalid_request",
                           "The `token` parameter is required.");
    return find(r, token, s) == STORE_OK ? 0 : reply_unavailable(r);
}

static bool is_own(const struct subject *s)
{
    return strcmp(s->client.id, s->access.client_id) == 0;
}

/* In the writer's transaction: true where it goes on. */
static bool spend(struct store *store, struct subject *s, store_status *st)
{
    *st = client_spend(store, &s->client);
    s->spent = *st == STORE_CONFLICT;
    if (s->spent)
        *st = STORE_OK;
    return *st == STORE_OK && !s->spent;
}

static int reply_spent(struct request *r)
{
    return oauth_error(r, 401, "invalid_client",
                       "The client_assertion token has already been used.");
}

/* -------------------------------------------------------------- Revocation --
 */

static store_status add_event(struct store *store, const struct request *r,
                              const struct subject *s)
{
    bool user = s->access.user_id[0] != '\0';
    struct store_event event = {
        .published = org_now(r->org),
        .type = EVENT_TOKEN_REVOKE,
        .actor_type = user ? NULL : EVENT_CLIENT,
        .actor_id = user ? s->access.user_id : s->client.id,
        .actor_login = user ? s->standing.login : s->client.name,
        .target_type = EVENT_APP,
        .target_id = s->client.id,
        .target_name = s->client.name,
        .address = r->address,
        .request_id = r->request_id,
        .client_id = s->client.id,
    };

    return event_add(store, &event);
}

/* A refresh token takes with it all that was issued for it, a rotated one too:
 * what came after that may never have reached the client. NOT_FOUND: it was
 * revoked before. */
static store_status revoke(struct store *store, const struct org *org,
                           const struct subject *s)
{
    if (s->refresh)
        return store->ops->grant_remove(store, s->access.grant_id);
    return store->ops->access_revoke(store, s->access.jti,
                                     org_keeps_until(org, s->access.expires));
}

static store_status apply_revoke(struct store *store, void *ctx)
{
    struct request *r = ctx;
    struct subject *s = r->state;
    store_status st;

    if (!spend(store, s, &st) || !s->known || !is_own(s))
        return st;
    st = revoke(store, r->org, s);
    if (st == STORE_NOT_FOUND)
        return STORE_OK;
    return st == STORE_OK ? add_event(store, r, s) : st;
}

int oauth_revoke(struct request *r, const char *id)
{
    FORM_AUTO form = { 0 };
    int status = oauth_form(r, &form);

    (void)id;
    if (status == 200)
        status = begin(r, &form);
    return status == 0 ? request_change(r, apply_revoke) : status;
}

/* What was no token of the client's is told no other way. */
int oauth_revoke_done(struct request *r, const char *id)
{
    const struct subject *s = r->state;

    (void)id;
    if (r->change.result != STORE_OK)
        return reply_unavailable(r);
    return s->spent ? reply_spent(r) : 200;
}

/* ----------------------------------------------------------- Introspection --
 */

static void show_good(const struct subject *s, const struct org *org,
                      struct okt_json_writer *w, yyjson_mut_val *root)
{
    const struct access *a = &s->access;
    yyjson_mut_doc *doc = w->doc;
    bool user = a->user_id[0] != '\0';
    const char *name = user ? s->standing.login : a->client_id;

    yyjson_mut_obj_add_bool(doc, root, "active", true);
    if (!s->refresh) {
        yyjson_mut_obj_add_str(doc, root, "token_type",
                               a->jkt[0] != '\0' ? "DPoP" : "Bearer");
        yyjson_mut_obj_add_str(doc, root, "jti", a->jti);
        yyjson_mut_obj_add_str(doc, root, "aud", org->public_url);
        yyjson_mut_obj_add_str(doc, root, "iss", org->public_url);
        yyjson_mut_obj_add_int(doc, root, "iat", a->issued);
    }
    yyjson_mut_obj_add_str(doc, root, "scope", a->scopes);
    yyjson_mut_obj_add_str(doc, root, "client_id", a->client_id);
    yyjson_mut_obj_add_str(doc, root, "username", name);
    yyjson_mut_obj_add_str(doc, root, "sub", name);
    yyjson_mut_obj_add_int(doc, root, "exp", a->expires);
    if (user)
        yyjson_mut_obj_add_str(doc, root, "uid", a->user_id);
    if (a->jkt[0] != '\0')
        yyjson_mut_obj_add_str(doc, yyjson_mut_obj_add_obj(doc, root, "cnf"),
                               "jkt", a->jkt);
}

/* An app that anybody can pose as is told of its own tokens alone. */
static bool may_know(const struct subject *s)
{
    return is_own(s) || app_is_confidential(s->client.type);
}

static int show(struct request *r)
{
    const struct subject *s = r->state;
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);

    if (s->known && !s->used && s->standing.good && may_know(s))
        show_good(s, r->org, &writer, root);
    else
        yyjson_mut_obj_add_bool(writer.doc, root, "active", false);
    okt_json_print(&writer, &r->reply);
    return reply_json(r);
}

static store_status apply_spend(struct store *store, void *ctx)
{
    struct request *r = ctx;
    store_status st;

    spend(store, r->state, &st);
    return st;
}

int oauth_introspect(struct request *r, const char *id)
{
    FORM_AUTO form = { 0 };
    int status = oauth_form(r, &form);
    const struct subject *s;

    (void)id;
    if (status == 200)
        status = begin(r, &form);
    if (status != 0)
        return status;
    s = r->state;
    return s->client.to_spend ? request_change(r, apply_spend) : show(r);
}

int oauth_introspect_done(struct request *r, const char *id)
{
    const struct subject *s = r->state;

    (void)id;
    if (r->change.result != STORE_OK)
        return reply_unavailable(r);
    return s->spent ? reply_spent(r) : show(r);
}
