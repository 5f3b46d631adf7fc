/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth.c - the Authorization header.
 *
 * Every request asks the store anew: no token outlives its revocation, whoever
 * made it, and none is good a moment longer outside its zones. An unknown
 * secret changes nothing anywhere.
 */
#include "server/dispatch/auth.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "server/oauth/access_token.h"
#include "server/oauth/dpop.h"
#include "server/org/event.h"
#include "server/org/scope.h"
#include "server/org/token.h"
#include "server/org/zone.h"
#include "server/request/request.h"

/* ------------------------------------------------------------------ SSWS -- */

/* What is kept of the row until the store can be asked again. */
struct lookup {
    struct request *request;
    bool alive;
    bool counts;     /* the use is to be written down */
    int64_t used;    /* now */
    int64_t expires; /* where it is */
    struct caller caller;
    char name[STORE_NAME_MAX + 1];
    char connection[STORE_NAME_MAX + 1];
    struct okt_buf include;
    struct okt_buf exclude;
};

static bool copy(char *out, size_t size, const char *text)
{
    size_t len = strlen(text);

    if (len >= size)
        return false;
    memcpy(out, text, len + 1);
    return true;
}

static bool found(const struct store_token *row, void *ctx)
{
    struct lookup *l = ctx;
    struct request *r = l->request;
    struct store_token token = *row;

    l->used = org_now(r->org);
    l->alive =
        token_refresh(&token, r->org->renewals, l->used) &&
        status_allows(token.owner_status) &&
        copy(l->caller.id, sizeof(l->caller.id), token.id) &&
        copy(l->caller.user_id, sizeof(l->caller.user_id), token.user_id) &&
        copy(l->caller.login, sizeof(l->caller.login), token.owner_login) &&
        copy(l->name, sizeof(l->name), token.name) &&
        copy(l->caller.roles, sizeof(l->caller.roles), token.owner_roles) &&
        copy(l->connection, sizeof(l->connection), token.connection);
    l->counts = token_use_counts(&token, l->used);
    l->expires = token_expiry(token.window, l->used);
    okt_buf_str(&l->include, token.include);
    okt_buf_str(&l->exclude, token.exclude);
    return false;
}

/* OK; NOT_FOUND: none of the token's zones lets the request in. */
static store_status check_network(const struct lookup *l)
{
    const struct store_network network = {
        .connection = l->connection,
        .include = l->include.data,
        .exclude = l->exclude.data,
    };

    if (okt_buf_failed(&l->include) || okt_buf_failed(&l->exclude))
        return STORE_FAILED;
    return network_admits(l->request->store, &network, l->request->address);
}

/* Notes a use that counts. If there is no memory for that, the use is lost, not
 * the request. */
static void use(const struct lookup *l)
{
    const struct org *org = l->request->org;

    if (l->counts &&
        renewals_note(org->renewals, l->caller.id, l->used, l->expires))
        writer_nudge(org->writer);
}

/* In the writer's thread: a refused use is logged once a second, or whoever has
 * found a token could fill the disk with it. */
static store_status apply_refusal(struct store *store, void *ctx)
{
    struct request *r = ctx;
    bool is = false;
    store_status st =
        store->ops->event_refused(store, r->refused.id, org_now(r->org), &is);

    if (st != STORE_OK || is)
        return st;
    return event_add_of_request(store, r, EVENT_OUTSIDE);
}

/* What it says of the network is the condition that the request did not meet.
 */
static int refuse(struct lookup *l)
{
    struct request *r = l->request;
    const struct okt_buf empty = OKT_BUF_INIT(STORE_ZONES_MAX);

    r->refused = l->caller;
    r->target = r->refused.id;
    memcpy(r->target_name, l->name, sizeof(l->name));
    okt_buf_free(&r->include);
    okt_buf_free(&r->exclude);
    r->include = l->include;
    r->exclude = l->exclude;
    l->include = l->exclude = empty;
    r->network = (struct store_network){
        .connection = OKT_ZONE,
        .include = r->include.data,
        .exclude = r->exclude.data,
    };
    return request_change(r, apply_refusal);
}

/* A caller that is refused stays nobody, so that whoever has stolen a token
 * can't use up what it may ask for, nor keep it alive. */
static int look_up(struct lookup *l,
                   const unsigned char hash[static SECRET_HASH_LEN])
{
    struct request *r = l->request;
    store_status st = r->store->ops->token_by_hash(r->store, hash, found, l);

    if (st == STORE_FAILED)
        return reply_unavailable(r);
    if (st != STORE_OK || !l->alive)
        return reply_bad_token(r);
    st = check_network(l);
    if (st == STORE_FAILED)
        return reply_unavailable(r);
    if (st != STORE_OK)
        return refuse(l);
    r->caller = l->caller;
    memcpy(r->caller.hash, hash, SECRET_HASH_LEN);
    use(l);
    return 200;
}

static int check_ssws(struct request *r, const char *secret)
{
    struct lookup lookup = {
        .request = r,
        .include = OKT_BUF_INIT(STORE_ZONES_MAX),
        .exclude = OKT_BUF_INIT(STORE_ZONES_MAX),
    };
    unsigned char hash[SECRET_HASH_LEN];
    int status;

    if (!secret_is_valid(secret))
        return reply_bad_token(r);
    if (!secret_hash(secret, hash))
        return reply_internal(r);
    status = look_up(&lookup, hash);
    okt_buf_free(&lookup.include);
    okt_buf_free(&lookup.exclude);
    return status;
}

/* ----------------------------------------------------------------- OAuth -- */

/* The route's path, without what stands for an id and behind it. */
static int resource_len(const struct route *route)
{
    return (int)strcspn(route->path, "{") - (strchr(route->path, '{') != NULL);
}

/* How an access token comes. */
struct access_scheme {
    const char *name;
    const char *more; /* of its challenge */
    bool bound;
};

static const struct access_scheme bearer_scheme = { "Bearer", "", false };
static const struct access_scheme dpop_scheme = {
    "DPoP", "algs=\"" DPOP_ALGS "\", ", true
};

/* As at Okta, all that there is to say stands in the header. */
static int refuse_access(struct request *r, const struct access_scheme *scheme,
                         int status, const char *error, const char *why)
{
    const char *org = r->base_url;

    okt_buf_printf(&r->challenge,
                   "%s %sauthorization_uri=\"%s/oauth2/v1/authorize\", "
                   "realm=\"%s\", scope=\"%s\", error=\"%s\", "
                   "error_description=\"%s\", resource=\"%.*s\"",
                   scheme->name, scheme->more, org, org,
                   scope_name(r->route->scope), error, why,
                   resource_len(r->route), r->route->path);
    return status;
}

static int refuse_token(struct request *r, const struct access_scheme *scheme)
{
    return refuse_access(r, scheme, 401, "invalid_token",
                         "The access token is invalid.");
}

static int no_session(struct request *r)
{
    return reply_error(r, 403, OKT_E_NO_SESSION, "Invalid session", NULL);
}

/* Whose requests count as one, and whose cursors are its own: an app acting for
 * a user, whichever token it has at the moment. */
static void set_caller(struct caller *out, const struct access *a,
                       const struct standing *standing)
{
    bool user = a->user_id[0] != '\0';

    snprintf(out->id, sizeof(out->id), "%.31s%s%.31s", a->client_id,
             user ? ":" : "", a->user_id);
    snprintf(out->client_id, sizeof(out->client_id), "%s", a->client_id);
    snprintf(out->user_id, sizeof(out->user_id), "%s", a->user_id);
    snprintf(out->grant_id, sizeof(out->grant_id), "%s", a->grant_id);
    snprintf(out->jti, sizeof(out->jti), "%s", a->jti);
    snprintf(out->kid, sizeof(out->kid), "%s", a->kid);
    snprintf(out->roles, sizeof(out->roles), "%s", standing->roles);
    snprintf(out->login, sizeof(out->login), "%s",
             user ? standing->login : standing->app_name);
}

/* A bound token is good for nothing without its key, nor is a proof beside one
 * that is not bound. */
static int check_binding(struct request *r, const struct access_scheme *scheme,
                         const struct access *a, const char *token)
{
    struct dpop dpop;

    if (scheme->bound != (a->jkt[0] != '\0'))
        return refuse_token(r, scheme);
    if (!scheme->bound)
        return 200;
    switch (dpop_check(r, token, &dpop)) {
    case DPOP_OK:
        break;
    case DPOP_BAD:
        return refuse_access(r, scheme, 400, "invalid_dpop_proof", dpop.why);
    default:
        return reply_unavailable(r);
    }
    if (strcmp(dpop.jkt, a->jkt) == 0) {
        okt_buf_clear(&r->proof);
        okt_buf_str(&r->proof, dpop.used);
        r->proof_dated = dpop.dated;
        return okt_buf_failed(&r->proof) ? reply_unavailable(r) : 200;
    }
    return refuse_access(r, scheme, 400, "invalid_dpop_proof",
                         "The DPoP proof JWT's key is not the access token's.");
}

int auth_spend(struct request *r)
{
    const char *why;

    if (r->proof.len == 0)
        return 200;
    switch (dpop_spend(r->org, r->proof.data, r->proof_dated, &why)) {
    case DPOP_OK:
        return 200;
    case DPOP_BAD:
        return refuse_access(r, &dpop_scheme, 400, "invalid_dpop_proof", why);
    default:
        return reply_unavailable(r);
    }
}

/* Whether there is such a token, how it stands, and who comes with it. */
static int check_token(struct request *r, const struct access_scheme *scheme,
                       const char *token, struct access *access)
{
    struct standing standing = { 0 };
    store_status st = access_read(r->org, r->store, token, access);
    int status;

    if (st == STORE_OK) {
        const struct store_bearer bearer = access_bearer(access);

        st = access_standing(r->store, &bearer, &standing);
    }
    if (st == STORE_FAILED)
        return reply_unavailable(r);
    if (!standing.good)
        return refuse_token(r, scheme);
    status = check_binding(r, scheme, access, token);
    if (status == 200)
        set_caller(&r->caller, access, &standing);
    return status;
}

static int check_access(struct request *r, const struct access_scheme *scheme,
                        const char *token)
{
    struct access access;
    int status;

    if (r->route->scope == SCOPE_SELF) /* an operation for SSWS alone */
        return no_session(r);
    status = check_token(r, scheme, token, &access);
    if (status != 200 ||
        scopes_have(access.scopes, scope_name(r->route->scope)))
        return status;
    return refuse_access(
        r, scheme, 403, "insufficient_scope",
        "The access token provided does not contain the required scopes.");
}

static int check_bearer(struct request *r, const char *token)
{
    return check_access(r, &bearer_scheme, token);
}

static int check_dpop(struct request *r, const char *token)
{
    return check_access(r, &dpop_scheme, token);
}

int auth_refuse_caller(struct request *r)
{
    if (r->caller.client_id[0] == '\0')
        return reply_bad_token(r);
    return refuse_token(r, r->headers[HEADER_DPOP] != NULL ? &dpop_scheme
                                                           : &bearer_scheme);
}

int auth_refuse_role(struct request *r)
{
    return reply_error(
        r, 403, OKT_E_FORBIDDEN,
        "You do not have permission to perform the requested action", NULL);
}

/* ------------------------------------------------------------ The header -- */

/* Okta takes some without a space before the token as well. */
static const struct scheme {
    const char *name;
    bool may_lack_space;
    int (*check)(struct request *request, const char *credential);
} schemes[] = {
    { "SSWS", true, check_ssws },
    { "Bearer", true, check_bearer },
    { "DPoP", false, check_dpop },
};

static const struct scheme *find_scheme(const char *header,
                                        const char **credential)
{
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        size_t len = strlen(schemes[i].name);

        if (okt_ncasecmp(header, schemes[i].name, len) != 0)
            continue;
        if (header[len] != ' ' && !schemes[i].may_lack_space)
            continue;
        *credential = header + len + strspn(header + len, " ");
        return &schemes[i];
    }
    return NULL;
}

int auth_check(struct request *r)
{
    const char *header = r->headers[HEADER_AUTHORIZATION];
    const struct scheme *scheme = NULL;
    const char *credential;
    int status;

    if (header != NULL)
        scheme = find_scheme(header, &credential);
    if (scheme == NULL)
        return no_session(r);
    status = scheme->check(r, credential);
    if (status == 200 && !roles_allow(r->caller.roles, r->route->scope))
        return auth_refuse_role(r);
    return status;
}
