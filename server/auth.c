/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth.c - the Authorization header.
 *
 * Every request asks the store anew: no token outlives its revocation, whoever
 * made it. An unknown secret changes nothing anywhere.
 */
#include "auth.h"

#include <string.h>
#include <strings.h>

#include "request.h"
#include "token.h"

struct scheme {
    const char *name;
    int (*check)(struct request *request, const char *credential);
};

/* ------------------------------------------------------------------ SSWS -- */

struct lookup {
    struct request *request;
    bool alive;
};

/* Notes a use that counts. If there is no memory for that, the use is lost, not
 * the request. */
static void use(struct request *r, const struct store_token *token, int64_t now)
{
    if (!token_use_counts(token, now))
        return;
    if (renewals_note(r->org->renewals, token->id, now,
                      token_expiry(token->window, now)))
        writer_nudge(r->org->writer);
}

static bool found(const struct store_token *row, void *ctx)
{
    struct lookup *lookup = ctx;
    struct request *r = lookup->request;
    struct store_token token = *row;
    int64_t now = org_now(r->org);

    if (!token_refresh(&token, r->org->renewals, now) ||
        !status_allows(token.owner_status) ||
        strlen(token.owner_role) >= sizeof(r->caller.role))
        return false;
    memcpy(r->caller.id, token.id, strlen(token.id) + 1);
    memcpy(r->caller.role, token.owner_role, strlen(token.owner_role) + 1);
    lookup->alive = true;
    use(r, &token, now);
    return false;
}

static int check_ssws(struct request *r, const char *secret)
{
    struct lookup lookup = { .request = r };
    unsigned char hash[SECRET_HASH_LEN];
    store_status st;

    if (!secret_is_valid(secret))
        return reply_bad_token(r);
    if (!secret_hash(secret, hash))
        return reply_internal(r);
    st = r->store->ops->token_by_hash(r->store, hash, found, &lookup);
    if (st == STORE_FAILED)
        return reply_unavailable(r);
    return lookup.alive ? 200 : reply_bad_token(r);
}

/* ----------------------------------------------------------------- OAuth -- */

static const char *scope_name(enum scope scope)
{
    return scope == SCOPE_MANAGE ? OKT_SCOPE_MANAGE : OKT_SCOPE_READ;
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
                   "resource=\"%s\"",
                   scheme, more, org, org, scope_name(r->route->scope),
                   OKT_PATH_API_TOKENS);
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

        if (strncasecmp(header, schemes[i].name, len) != 0)
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
    const struct scheme *scheme = NULL;
    const char *credential;
    int status;

    if (r->authorization != NULL)
        scheme = find_scheme(r->authorization, &credential);
    if (scheme == NULL)
        return no_session(r);
    status = scheme->check(r, credential);
    if (status == 200 && !role_allows(r->caller.role, r->route->scope))
        return reply_error(
            r, 403, OKT_E_FORBIDDEN,
            "You do not have permission to perform the requested action", NULL);
    return status;
}
