/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth.c - the Authorization header.
 *
 * Every request asks the store anew: no token outlives its revocation, whoever
 * made it, and none is good a moment longer outside its zones. An unknown
 * secret changes nothing anywhere.
 */
#include "auth.h"

#include <string.h>

#include "ascii.h"
#include "event.h"
#include "request.h"
#include "scope.h"
#include "token.h"
#include "zone.h"

struct scheme {
    const char *name;
    int (*check)(struct request *request, const char *credential);
};

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

/* Nobody issues access tokens here yet, so each is as good as a forged one. As
 * at Okta, all that there is to say stands in the header. */
static int refuse_access_token(struct request *r, const char *scheme,
                               const char *more)
{
    const char *org = r->org->public_url;

    okt_buf_printf(&r->challenge,
                   "%s %sauthorization_uri=\"%s/oauth2/v1/authorize\", "
                   "realm=\"%s\", scope=\"%s\", error=\"invalid_token\", "
                   "error_description=\"The access token is invalid.\", "
                   "resource=\"%.*s\"",
                   scheme, more, org, org, scope_name(r->route->scope),
                   resource_len(r->route), r->route->path);
    return 401;
}

static int no_session(struct request *r)
{
    return reply_error(r, 403, OKT_E_NO_SESSION, "Invalid session", NULL);
}

static int check_bearer(struct request *r, const char *credential)
{
    (void)credential;
    if (r->route->scope == SCOPE_SELF) /* an operation for SSWS alone */
        return no_session(r);
    return refuse_access_token(r, "Bearer", "");
}

static int check_dpop(struct request *r, const char *credential)
{
    (void)credential;
    if (r->route->scope == SCOPE_SELF)
        return no_session(r);
    return refuse_access_token(
        r, "DPoP", "algs=\"RS256 RS384 RS512 ES256 ES384 ES512\", ");
}

/* ------------------------------------------------------------ The header -- */

static const struct scheme schemes[] = {
    { "SSWS", check_ssws },
    { "Bearer", check_bearer },
    { "DPoP", check_dpop },
};

/* The real server takes "SSWS" and the token without a space as well. */
static const struct scheme *find_scheme(const char *header,
                                        const char **credential)
{
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        size_t len = strlen(schemes[i].name);

        if (okt_ncasecmp(header, schemes[i].name, len) != 0)
            continue;
        if (header[len] != ' ' && schemes[i].check != check_ssws)
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
        return reply_error(
            r, 403, OKT_E_FORBIDDEN,
            "You do not have permission to perform the requested action", NULL);
    return status;
}
