/* SPDX-License-Identifier: Apache-2.0 */
/* token_request.c - the grants by which tokens are issued, one after the other.
 */
#include "server/oauth/token_request.h"

#include <stdio.h>
#include <string.h>

#include "server/oauth/app.h"
#include "server/oauth/device.h"
#include "server/oauth/signer.h"
#include "server/org/event.h"
#include "server/org/scope.h"

enum {
    REFRESH_SECONDS = 7 * 86400, /* unused */
    VERIFIER_MIN = 43,
    VERIFIER_MAX = 128
};

static const struct oauth_fault fine = { 0, NULL, NULL };

struct oauth_fault issue_fault(const char *error, const char *description)
{
    return (struct oauth_fault){ 400, error, description };
}

/* ---------------------------------------------------------------- Shared -- */

struct oauth_fault issue_secret(const struct form *form, const char *name,
                                const char *invalid, struct issue *i)
{
    const char *secret = form_get(form, name);

    if (secret == NULL)
        return issue_fault("invalid_request", invalid);
    if (!secret_is_valid(secret))
        return issue_fault("invalid_grant", invalid);
    if (!secret_hash(secret, i->hash))
        return (struct oauth_fault){ 503, "temporarily_unavailable",
                                     "The server has no memory." };
    return fine;
}

static void keep_user(const struct store_user *user, void *ctx)
{
    struct issue *i = ctx;

    i->active = status_allows(user->status);
    snprintf(i->login, sizeof(i->login), "%s", user->login);
}

store_status issue_user(struct store *store, struct issue *i)
{
    store_status st =
        store->ops->user_find(store, i->access.user_id, keep_user, i);

    if (st == STORE_NOT_FOUND)
        i->active = false;
    if (st != STORE_FAILED && !i->active)
        i->fault = issue_fault("invalid_grant", "The user is not active.");
    return st == STORE_FAILED ? st : STORE_OK;
}

static bool wants_refresh(const struct issue *i)
{
    return scopes_have(i->access.scopes, SCOPE_OFFLINE);
}

static store_status add_refresh(struct store *store, struct issue *i)
{
    i->refreshes = true;
    i->refresh_expires = i->access.issued + REFRESH_SECONDS;
    if (!secret_new(i->refresh) || !secret_hash(i->refresh, i->refresh_hash))
        return STORE_FAILED;
    return store->ops->refresh_add(store, i->access.grant_id, i->refresh_hash,
                                   i->refresh_expires);
}

/* Of an app that can keep no secret, the key is all that there is. */
static const char *binding(const struct issue *i)
{
    return app_is_confidential(i->client.type) ? "" : i->access.jkt;
}

store_status issue_grant(struct store *store, struct issue *i)
{
    const struct store_grant grant = {
        .id = i->access.grant_id,
        .client_id = i->client.id,
        .user_id = i->access.user_id,
        .scopes = i->access.scopes,
        .jkt = binding(i),
        .created = i->access.issued,
        .expires = i->access.issued +
                   (wants_refresh(i) ? REFRESH_SECONDS : ACCESS_SECONDS),
    };
    store_status st;

    st = store->ops->grant_add(store, &grant);
    return st == STORE_OK && wants_refresh(i) ? add_refresh(store, i) : st;
}

store_status issue_event(struct store *store, const struct request *r,
                         const struct issue *i, const char *type)
{
    bool user = i->access.user_id[0] != '\0';
    struct store_event event = {
        .published = org_now(r->org),
        .type = type,
        .actor_type = user ? NULL : EVENT_CLIENT,
        .actor_id = user ? i->access.user_id : i->client.id,
        .actor_login = user ? i->login : i->client.name,
        .target_type = EVENT_APP,
        .target_id = i->client.id,
        .target_name = i->client.name,
        .address = r->address,
        .request_id = r->request_id,
        .client_id = i->client.id,
    };

    return event_add(store, &event);
}

/* What every grant ends with. */
static store_status add_events(struct store *store, const struct request *r,
                               const struct issue *i)
{
    store_status st = issue_event(store, r, i, EVENT_ACCESS);

    return st == STORE_OK && i->refreshes
               ? issue_event(store, r, i, EVENT_REFRESH)
               : st;
}

static void set_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

#define SET(field, text) set_text(field, sizeof(field), text)

/* ------------------------------------------------------ Client credentials --
 */

static struct oauth_fault read_scope(const struct client *client,
                                     const char *scope, struct access *access)
{
    OKT_BUF_AUTO scopes = OKT_BUF_INIT(STORE_SCOPES_MAX);
    const struct oauth_fault fault = oauth_scopes(client, scope, &scopes);

    if (fault.error == NULL)
        SET(access->scopes, scopes.data);
    return fault;
}

static struct oauth_fault service_read(struct request *r,
                                       const struct form *form, struct issue *i)
{
    (void)r;
    if (scopes_have(form_text(form, "scope"), SCOPE_OFFLINE))
        return issue_fault("invalid_scope",
                           "A service gets no refresh tokens.");
    return read_scope(&i->client, form_text(form, "scope"), &i->access);
}

static store_status service_decide(struct store *store, const struct request *r,
                                   struct issue *i)
{
    (void)store;
    (void)r;
    (void)i;
    return STORE_OK;
}

static store_status service_apply(struct store *store, const struct request *r,
                                  struct issue *i)
{
    return add_events(store, r, i);
}

const struct issue_kind issue_service = {
    GRANT_SERVICE, true, service_read, service_decide, service_apply,
};

/* ----------------------------------------------------------------- Devices --
 */

static struct oauth_fault device_read(struct request *r,
                                      const struct form *form, struct issue *i)
{
    (void)r;
    return issue_secret(form, "device_code", "The device code is invalid.", i);
}

/* When it is, as far as one-time things go: by the fastest clock that was seen,
 * so that no step back makes them good again. */
static int64_t one_time_now(const struct request *r)
{
    int64_t now = org_now(r->org) + org_clock_look(r->org->clock).ahead;

    return now > 0 ? now : 1;
}

/* Whether what was used then may be used once more now. */
static bool in_grace(const struct request *r, int64_t used)
{
    int64_t now = one_time_now(r);

    return used > 0 && used <= now && now - used < r->org->grace;
}

struct device_look {
    const struct request *request;
    struct issue *issue;
    bool ours;
    bool over;
    char status[16];
};

static void look_at_device(const struct store_device *d, void *ctx)
{
    struct device_look *look = ctx;
    struct issue *i = look->issue;

    look->ours = strcmp(d->client_id, i->client.id) == 0;
    look->over = d->expires <= org_now(look->request->org);
    SET(look->status, d->status);
    SET(i->access.user_id, d->user_id);
    SET(i->access.scopes, d->scopes);
    i->again =
        look->ours && d->grant_is_new && in_grace(look->request, d->used) &&
        strcmp(d->jkt, i->access.jkt) == 0;
    SET(i->lost, d->grant_id);
}

static struct oauth_fault device_fault(const struct device_look *look)
{
    if (look->issue->again)
        return fine;
    if (!look->ours || strcmp(look->status, DEVICE_USED) == 0)
        return issue_fault("invalid_grant", "The device code is invalid.");
    if (look->over)
        return issue_fault("expired_token", "The device code has expired.");
    if (strcmp(look->status, DEVICE_PENDING) == 0)
        return issue_fault("authorization_pending",
                           "The device authorization is pending. Please try "
                           "again later.");
    if (strcmp(look->status, DEVICE_ALLOWED) != 0)
        return (struct oauth_fault){ 403, "access_denied",
                                     "The device was not allowed." };
    return fine;
}

static store_status device_decide_issue(struct store *store,
                                        const struct request *r,
                                        struct issue *i)
{
    struct device_look look = { .request = r, .issue = i };
    store_status st;

    i->again = false;
    st = store->ops->device_by_code(store, i->hash, look_at_device, &look);
    if (st == STORE_FAILED)
        return st;
    i->fault = device_fault(&look);
    return i->fault.error == NULL ? issue_user(store, i) : STORE_OK;
}

static store_status device_apply(struct store *store, const struct request *r,
                                 struct issue *i)
{
    const int64_t now = org_now(r->org);
    const struct store_device used = {
        .status = DEVICE_USED,
        .used = one_time_now(r),
        .grant_id = i->access.grant_id,
        .jkt = i->access.jkt,
        .expires = now + r->org->grace,
    };
    store_status st = STORE_OK;

    if (i->again)
        st = store->ops->grant_remove(store, i->lost);
    if (st == STORE_OK && i->again)
        st = issue_event(store, r, i, EVENT_TOKEN_REVOKE);
    if (st == STORE_OK)
        st = store->ops->device_use(store, &used, i->hash);
    if (st == STORE_OK)
        st = issue_grant(store, i);
    return st == STORE_OK ? add_events(store, r, i) : st;
}

const struct issue_kind issue_device = {
    GRANT_DEVICE, false, device_read, device_decide_issue, device_apply,
};

/* ----------------------------------------------------- Authorization codes --
 */

static bool is_verifier(const char *text)
{
    size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789-._~");

    return text[len] == '\0' && len >= VERIFIER_MIN && len <= VERIFIER_MAX;
}

static struct oauth_fault code_read(struct request *r, const struct form *form,
                                    struct issue *i)
{
    const char *verifier = form_text(form, "code_verifier");
    const char *uri = form_text(form, "redirect_uri");

    (void)r;
    if (!is_verifier(verifier))
        return issue_fault("invalid_grant", "PKCE verification failed.");
    if (strlen(uri) >= sizeof(i->redirect_uri))
        return issue_fault("invalid_grant", "The redirect_uri is another.");
    SET(i->redirect_uri, uri);
    if (!okt_sha256_base64url(verifier, strlen(verifier), i->challenge))
        return (struct oauth_fault){ 503, "temporarily_unavailable",
                                     "The server has no memory." };
    return issue_secret(form, "code",
                        "The authorization code is invalid or has expired.", i);
}

struct code_look {
    struct issue *issue;
    bool ours;
    bool over;
    bool used;
    bool same_uri;
    bool verified;
    int64_t now;
};

static void look_at_code(const struct store_code *c, void *ctx)
{
    struct code_look *look = ctx;
    struct issue *i = look->issue;

    look->ours = strcmp(c->client_id, i->client.id) == 0;
    look->over = c->expires <= look->now;
    look->used = c->grant_id[0] != '\0';
    look->same_uri = strcmp(c->redirect_uri, i->redirect_uri) == 0;
    look->verified = strcmp(c->challenge, i->challenge) == 0;
    SET(i->access.user_id, c->user_id);
    SET(i->access.scopes, c->scopes);
    if (look->ours && look->used)
        SET(i->access.grant_id, c->grant_id);
}

static struct oauth_fault code_fault(const struct code_look *look)
{
    if (!look->ours || look->used || look->over)
        return issue_fault("invalid_grant",
                           "The authorization code is invalid or has expired.");
    if (!look->same_uri)
        return issue_fault("invalid_grant", "The redirect_uri is another.");
    if (!look->verified)
        return issue_fault("invalid_grant", "PKCE verification failed.");
    return fine;
}

static store_status code_decide(struct store *store, const struct request *r,
                                struct issue *i)
{
    struct code_look look = { .issue = i, .now = org_now(r->org) };
    store_status st =
        store->ops->code_by_hash(store, i->hash, look_at_code, &look);

    if (st == STORE_FAILED)
        return st;
    i->fault = code_fault(&look);
    i->stolen = look.ours && look.used;
    return i->fault.error == NULL ? issue_user(store, i) : STORE_OK;
}

static store_status code_apply(struct store *store, const struct request *r,
                               struct issue *i)
{
    store_status st = store->ops->code_use(store, i->hash, i->access.grant_id);

    if (st == STORE_OK)
        st = issue_grant(store, i);
    return st == STORE_OK ? add_events(store, r, i) : st;
}

const struct issue_kind issue_code = {
    GRANT_CODE, false, code_read, code_decide, code_apply,
};

/* ---------------------------------------------------------- Refresh tokens --
 */

static struct oauth_fault refresh_read(struct request *r,
                                       const struct form *form, struct issue *i)
{
    const char *scope = form_get(form, "scope");
    struct oauth_fault fault =
        issue_secret(form, "refresh_token",
                     "The refresh token is invalid or expired.", i);

    (void)r;
    if (fault.error == NULL && scope != NULL)
        fault = read_scope(&i->client, scope, &i->access);
    return fault;
}

struct refresh_look {
    const struct request *request;
    struct issue *issue;
    bool ours;
    bool over;
    bool used;
    bool within; /* the scopes asked for are granted */
    bool again;  /* by the row alone */
};

static void look_at_refresh(const struct store_refresh *row, void *ctx)
{
    struct refresh_look *look = ctx;
    struct issue *i = look->issue;

    look->over = row->expires <= org_now(look->request->org);
    look->used = row->used != 0;
    look->again = row->next_is_new && in_grace(look->request, row->used) &&
                  strcmp(row->next_jkt, i->access.jkt) == 0;
    SET(i->access.grant_id, row->grant_id);
    SET(i->lost, row->next_jti);
}

static void look_at_grant(const struct store_grant *g, void *ctx)
{
    struct refresh_look *look = ctx;
    struct issue *i = look->issue;
    OKT_BUF_AUTO allowed = OKT_BUF_INIT(STORE_SCOPES_MAX);

    look->ours = strcmp(g->client_id, i->client.id) == 0;
    SET(i->access.user_id, g->user_id);
    SET(i->grant_jkt, g->jkt);
    if (i->access.scopes[0] == '\0')
        SET(i->access.scopes, g->scopes);
    look->within =
        scopes_within(i->access.scopes, g->scopes) &&
        scopes_for_user(i->access.scopes, i->client.scopes, &allowed) &&
        scopes_within(i->access.scopes, allowed.data);
}

/*
 * A used token means that it leaked; thief and owner look alike, so the grant
 * ends. Only where nobody has used what was given for it, within the grace and
 * with the same key, the answer is taken for lost instead.
 */
static struct oauth_fault refresh_fault(const struct refresh_look *look)
{
    const struct issue *i = look->issue;

    if (!i->again && (!look->ours || look->used || look->over))
        return issue_fault("invalid_grant",
                           "The refresh token is invalid or expired.");
    if (i->grant_jkt[0] != '\0' && strcmp(i->grant_jkt, i->dpop.jkt) != 0)
        return issue_fault("invalid_dpop_proof",
                           "The refresh token is bound to another key.");
    if (!look->within)
        return issue_fault("invalid_scope",
                           "The scopes are not those that were granted.");
    return fine;
}

static store_status refresh_decide(struct store *store, const struct request *r,
                                   struct issue *i)
{
    struct refresh_look look = { .request = r, .issue = i };
    store_status st =
        store->ops->refresh_by_hash(store, i->hash, look_at_refresh, &look);

    if (st == STORE_OK)
        st = store->ops->grant_find(store, i->access.grant_id, look_at_grant,
                                    &look);
    if (st == STORE_FAILED)
        return st;
    i->again = look.ours && look.again;
    /* After a step of the clock nobody can say; it is refused, and no more. */
    i->stolen = look.ours && look.used && !look.again &&
                !org_clock_look(r->org->clock).held;
    i->fault = refresh_fault(&look);
    return i->fault.error == NULL ? issue_user(store, i) : STORE_OK;
}

/* The access token that a lost answer gave; the client may have revoked it. */
static store_status revoke_lost(struct store *store, const struct request *r,
                                const struct issue *i, int64_t now)
{
    store_status st =
        store->ops->access_revoke(store, i->lost,
                                  org_keeps_until(r->org,
                                                  now + ACCESS_SECONDS));

    if (st == STORE_NOT_FOUND)
        return STORE_OK;
    return st == STORE_OK ? issue_event(store, r, i, EVENT_TOKEN_REVOKE) : st;
}

static store_status refresh_apply(struct store *store, const struct request *r,
                                  struct issue *i)
{
    const struct store_ops *ops = store->ops;
    const int64_t now = org_now(r->org);
    const struct store_rotation rotation = {
        .now = one_time_now(r),
        .next = i->refresh_hash,
        .jti = i->access.jti,
        .jkt = i->access.jkt,
    };
    store_status st = add_refresh(store, i);

    if (st == STORE_OK)
        st = i->again ? ops->refresh_use_again(store, i->hash, &rotation)
                      : ops->refresh_use(store, i->hash, &rotation);
    if (st == STORE_OK && i->again)
        st = revoke_lost(store, r, i, now);
    if (st == STORE_OK)
        st = ops->grant_extend(store, i->access.grant_id, i->refresh_expires,
                               binding(i));
    return st == STORE_OK ? add_events(store, r, i) : st;
}

const struct issue_kind issue_refresh = {
    GRANT_REFRESH, false, refresh_read, refresh_decide, refresh_apply,
};
