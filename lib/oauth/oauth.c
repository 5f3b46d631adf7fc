/* SPDX-License-Identifier: Apache-2.0 */
/* oauth.c - the credential that renews itself, once for all who share it. */
#include "lib/oauth/oauth.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "wire/api.h"

enum { LOOK_MS = 100, AGAIN_S = 10 };

#define NO_NEED UINT_MAX /* no renewal is for all of it */

/* One client's copy: what all share, and what this one sent. */
struct copy {
    okta_credential base;
    okt_oauth *oauth;
    struct okt_sent sent;
};

/* ---------------------------------------------------------------- State -- */

/* Client ids and scopes are the org's: any printable text, for a form. */
static okta_status check_client_id(const char *client_id, okta_error *err)
{
    if (client_id == NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "no client id");
    return okt_check_secret("client id", client_id, OKT_CLIENT_ID_MAX, err);
}

static okta_status check_scopes(const char *scopes, okta_error *err)
{
    size_t len = scopes != NULL ? strlen(scopes) : 1;

    if (len == 0 || len > OKT_SCOPES_MAX)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the scopes are empty, or more than %d bytes",
                        OKT_SCOPES_MAX);
    for (const char *p = scopes; p != NULL && *p != '\0'; p++)
        if (*p < ' ' || *p > '~')
            return okt_fail(err, OKTA_ERR_ARGUMENT,
                            "the scopes hold what can't be one");
    return OKTA_OK;
}

okta_status okt_oauth_new(okta_credential_kind kind, const char *client_id,
                          const char *scopes, okt_oauth **out, okta_error *err)
{
    AUTO(okt_oauth) oauth = NULL;
    okta_status st = check_client_id(client_id, err);

    if (st == OKTA_OK)
        st = check_scopes(scopes, err);
    if (st != OKTA_OK)
        return st;
    oauth = calloc(1, sizeof(*oauth));
    if (oauth == NULL)
        return okt_fail_memory(err);
    oauth->refs = 1;
    oauth->kind = kind;
    pthread_mutex_init(&oauth->lock, NULL);
    pthread_cond_init(&oauth->settled, NULL);
    st = okt_copy(client_id, &oauth->client_id, err);
    if (st == OKTA_OK)
        st = okt_copy(scopes, &oauth->scopes, err);
    if (st == OKTA_OK)
        *out = TAKE(oauth);
    return st;
}

okt_oauth *okt_oauth_ref(okt_oauth *oauth)
{
    oauth->refs++;
    return oauth;
}

void okt_oauth_unref(okt_oauth *oauth)
{
    if (oauth == NULL || --oauth->refs > 0)
        return;
    okt_tokens_clear(&oauth->tokens);
    okt_key_free(oauth->key);
    okt_free_secret(oauth->key_text);
    free(oauth->alg_name);
    okt_key_free(oauth->proof_key);
    free(oauth->client_id);
    free(oauth->scopes);
    free(oauth->key_id);
    free(oauth->org_url);
    free(oauth->nonce);
    pthread_cond_destroy(&oauth->settled);
    pthread_mutex_destroy(&oauth->lock);
    free(oauth);
}

okta_status okt_oauth_bind(okt_oauth *oauth, okta_error *err)
{
    AUTO(okt_key) key = NULL;
    const char *why = okt_key_generate(OKT_ES256, &key);

    if (why != NULL)
        return okt_fail_jose(err, OKTA_ERR_MEMORY, "a key for proofs", why);
    pthread_mutex_lock(&oauth->lock);
    if (oauth->proof_key == NULL)
        oauth->proof_key = TAKE(key);
    pthread_mutex_unlock(&oauth->lock);
    return OKTA_OK;
}

void okt_oauth_install(okt_oauth *oauth, struct okt_tokens *tokens)
{
    /* Without a new refresh token the old one serves on (RFC 6749, 6). */
    if (tokens->refresh == NULL)
        tokens->refresh = TAKE(oauth->tokens.refresh);
    if (tokens->scopes == NULL)
        tokens->scopes = TAKE(oauth->tokens.scopes);
    okt_tokens_clear(&oauth->tokens);
    oauth->spent = false;
    oauth->tokens = *tokens;
    *tokens = (struct okt_tokens){ 0 };
    oauth->generation++;
}

okta_status okt_oauth_check_org(okt_oauth *oauth, const okta_client *client,
                                okta_error *err)
{
    if (oauth->org_url == NULL)
        return okt_copy(client->org_url, &oauth->org_url, err);
    if (strcmp(oauth->org_url, client->org_url) == 0)
        return OKTA_OK;
    return okt_fail(err, OKTA_ERR_ARGUMENT,
                    "this credential is for %s, and not for %s: nothing was "
                    "sent",
                    oauth->org_url, client->org_url);
}

okta_status okt_store_copy(const okta_token_store *from, okta_token_store *to,
                           okta_error *err)
{
    okta_token_store store = OKTA_TOKEN_STORE_INIT;
    okta_status st = okt_take_options(&store, sizeof(store), from,
                                      "OKTA_TOKEN_STORE_INIT", err);

    if (st != OKTA_OK)
        return st;
    if (store.lock == NULL || store.unlock == NULL || store.load == NULL ||
        store.save == NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "a store has to have all its functions");
    *to = store;
    return OKTA_OK;
}

/* ------------------------------------------------------------- Renewing -- */

/* Waits until the renewal under way has ended. Under lock. */
static okta_status wait_settled(okt_oauth *oauth, const okta_client *client,
                                unsigned need, okta_error *err)
{
    uint64_t round = oauth->rounds;

    while (oauth->busy && oauth->rounds == round) {
        struct timespec until;

        if (client->cancelled)
            return okt_fail(err, OKTA_ERR_CANCELLED, "cancelled");
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&oauth->settled, &oauth->lock, &until);
    }
    /* What failed for another fails for us, unless it was only given up. */
    if (oauth->rounds != round + 1 || oauth->failed.status == OKTA_OK ||
        oauth->failed.status == OKTA_ERR_CANCELLED || oauth->failed_for != need)
        return OKTA_OK;
    if (err != NULL)
        *err = oauth->failed;
    return oauth->failed.status;
}

/* Under lock, which is given back while the org is asked. */
static okta_status renew(okt_oauth *oauth, okta_client *client, unsigned need,
                         okta_error *err)
{
    okta_error why = { .status = OKTA_OK };
    okta_status st;

    oauth->busy = true;
    pthread_mutex_unlock(&oauth->lock);
    st = okt_oauth_renew(oauth, client, need, &why);
    pthread_mutex_lock(&oauth->lock);
    oauth->busy = false;
    oauth->rounds++;
    oauth->failed = why;
    oauth->failed.status = st;
    oauth->failed_for = need;
    if (st == OKTA_ERR_AUTH && oauth->kind == OKTA_CREDENTIAL_DEVICE)
        oauth->dead = oauth->failed;
    pthread_cond_broadcast(&oauth->settled);
    if (st != OKTA_OK && err != NULL)
        *err = why;
    return st;
}

static bool is_passing(okta_status st)
{
    return st == OKTA_ERR_NETWORK || st == OKTA_ERR_TIMEOUT ||
           st == OKTA_ERR_SERVER || st == OKTA_ERR_RATE_LIMIT ||
           st == OKTA_ERR_CONFIG; /* of the store: locked, or no room */
}

static int64_t now_of(const okta_client *client)
{
    const struct okt_transport *t = &client->transport;

    return t->ops->wall(t->ctx);
}

/* Sees to it that the tokens can be used for that scope. *old: they could not
 * be renewed, and are good for a while yet. Under lock. */
static okta_status freshen(okt_oauth *oauth, okta_client *client, unsigned need,
                           bool *old, okta_error *err)
{
    for (;;) {
        int64_t now = now_of(client);
        bool good = okt_tokens_are_good(&oauth->tokens, now) &&
                    (oauth->asked & need) == need;
        okta_status st;

        if (oauth->dead.status != OKTA_OK) {
            if (err != NULL)
                *err = oauth->dead;
            return oauth->dead.status;
        }
        if (good && (oauth->busy || oauth->tokens.renew == 0 ||
                     now < oauth->tokens.renew))
            return OKTA_OK;
        if (oauth->busy) {
            st = wait_settled(oauth, client, need, err);
            if (st != OKTA_OK)
                return st;
            continue;
        }
        st = renew(oauth, client, need, err);
        if (st == OKTA_OK || !good || !is_passing(st))
            return st;
        oauth->tokens.renew = oauth->spent ? 0 : now + AGAIN_S;
        *old = true;
        return OKTA_OK;
    }
}

/* ------------------------------------------------------------ One request --
 */

/* What one request takes of the state. */
struct grip {
    okt_secret *access;
    bool bound;
};

static okta_status grasp(okt_oauth *oauth, struct okt_call *call, unsigned need,
                         struct grip *out, okta_error *err)
{
    bool old = false;
    okta_status st;

    pthread_mutex_lock(&oauth->lock);
    st = okt_oauth_check_org(oauth, call->client, err);
    if (st == OKTA_OK)
        st = freshen(oauth, call->client, need, &old, err);
    if (st == OKTA_OK)
        st = okt_copy(oauth->tokens.access, &out->access, err);
    out->bound = oauth->tokens.bound;
    call->token = oauth->generation;
    pthread_mutex_unlock(&oauth->lock);
    if (old)
        okt_log(call->client, OKTA_LOG_WARNING,
                "the access token could not be renewed yet; it is about to "
                "lapse");
    return st;
}

/* Which scope the call needs a token with; 0: whichever it has. */
static unsigned need_of(const okt_oauth *oauth, const struct okt_call *call)
{
    if (oauth->kind != OKTA_CREDENTIAL_SERVICE || oauth->scopes != NULL)
        return 0;
    return okt_scope_of(call->method,
                        call->url + strlen(call->client->org_url));
}

static okta_status add_proof(struct copy *copy, struct okt_call *call,
                             const char *access, okta_headers *headers,
                             okta_error *err)
{
    OKT_BUF_AUTO proof = OKT_BUF_INIT(OKT_REQUEST_HEADERS_MAX);
    okta_status st =
        okt_proof_add(copy->oauth, call, access, headers, &proof, err);

    if (st != OKTA_OK)
        return st;
    return okt_sent_add(&copy->sent, OKT_SENT_PROOF, proof.data, err);
}

static okta_status oauth_authorize(okta_credential *credential,
                                   struct okt_call *call, okta_headers *headers,
                                   okta_error *err)
{
    struct copy *copy = (struct copy *)credential;
    struct grip grip = { NULL, false };
    okta_status st =
        grasp(copy->oauth, call, need_of(copy->oauth, call), &grip, err);

    if (st == OKTA_OK)
        st = okt_sent_add(&copy->sent, OKT_SENT_TOKEN, grip.access, err);
    if (st == OKTA_OK)
        st = okt_authorization(headers, grip.bound ? "DPoP" : "Bearer",
                               grip.access, err);
    if (st == OKTA_OK && grip.bound)
        st = add_proof(copy, call, grip.access, headers, err);
    okt_free_secret(grip.access);
    return st;
}

/* The token of the call is worth nothing, unless there is another by now.
 * Whether a new one can be had. */
static bool give_up_token(okt_oauth *oauth, const struct okt_call *call)
{
    bool can;

    pthread_mutex_lock(&oauth->lock);
    if (oauth->generation == call->token)
        oauth->tokens.expires = 1;
    can = oauth->kind == OKTA_CREDENTIAL_SERVICE ||
          oauth->tokens.refresh != NULL || oauth->store.size != 0;
    pthread_mutex_unlock(&oauth->lock);
    return can;
}

static bool oauth_answered(okta_credential *credential, struct okt_call *call)
{
    struct copy *copy = (struct copy *)credential;
    const okta_response *response = call->response;
    bool has_nonce = call->proved && okt_nonce_keep(copy->oauth, response);

    if (response->status != 401)
        return false;
    if (call->proved && okt_response_challenges(response, "use_dpop_nonce")) {
        if (call->nonced || !has_nonce)
            return false;
        call->nonced = true;
        return true;
    }
    if (call->renewed ||
        okt_response_challenges(response, "invalid_dpop_proof"))
        return false;
    call->renewed = true;
    return give_up_token(copy->oauth, call);
}

/* ----------------------------------------------------------- Credential -- */

static const char *oauth_secret(const okta_credential *credential, size_t i)
{
    return okt_sent_text(&((const struct copy *)credential)->sent, i);
}

static okta_status oauth_copy(const okta_credential *credential,
                              okta_credential **out, okta_error *err)
{
    okt_oauth *oauth = ((const struct copy *)credential)->oauth;
    okta_status st = okt_oauth_credential(okt_oauth_ref(oauth), out, err);

    if (st != OKTA_OK)
        okt_oauth_unref(oauth);
    return st;
}

static void oauth_free(okta_credential *credential)
{
    struct copy *copy = (struct copy *)credential;

    okt_oauth_unref(copy->oauth);
    okt_sent_clear(&copy->sent);
    free(copy);
}

static const struct okt_credential_ops service_ops = {
    OKTA_CREDENTIAL_SERVICE,
    oauth_authorize,
    oauth_answered,
    oauth_secret,
    oauth_copy,
    oauth_free
};
static const struct okt_credential_ops device_ops = {
    OKTA_CREDENTIAL_DEVICE, oauth_authorize, oauth_answered,
    oauth_secret,           oauth_copy,      oauth_free
};

okta_status okt_oauth_credential(okt_oauth *oauth, okta_credential **out,
                                 okta_error *err)
{
    struct copy *copy = calloc(1, sizeof(*copy));

    if (copy == NULL)
        return okt_fail_memory(err);
    copy->base.ops =
        oauth->kind == OKTA_CREDENTIAL_SERVICE ? &service_ops : &device_ops;
    copy->oauth = oauth;
    *out = (okta_credential *)copy; /* it comes first */
    return OKTA_OK;
}

okt_oauth *okt_oauth_of(const okta_credential *credential)
{
    if (credential->ops != &service_ops && credential->ops != &device_ops)
        return NULL;
    return ((const struct copy *)credential)->oauth;
}

static void put_text(char *to, size_t size, const char *text)
{
    if (text != NULL)
        snprintf(to, size, "%s", text);
}

void okta_credential_describe(const okta_credential *credential,
                              okta_credential_info *out)
{
    okt_oauth *oauth = okt_oauth_of(credential);

    *out = (okta_credential_info){ .kind = credential->ops->kind };
    if (oauth == NULL)
        return;
    put_text(out->client_id, sizeof(out->client_id), oauth->client_id);
    put_text(out->key_id, sizeof(out->key_id), oauth->key_id);
    put_text(out->scopes, sizeof(out->scopes), oauth->scopes);
    pthread_mutex_lock(&oauth->lock);
    put_text(out->scopes, sizeof(out->scopes), oauth->tokens.scopes);
    out->dpop = oauth->tokens.access != NULL ? oauth->tokens.bound
                                             : oauth->proof_key != NULL;
    out->expires_at = oauth->tokens.access != NULL ? oauth->tokens.expires : 0;
    pthread_mutex_unlock(&oauth->lock);
}

/* ------------------------------------------------- On a client's behalf -- */

okta_status okta_client_authorization(okta_client *client, char **out,
                                      okta_error *err)
{
    static const char name[] = "Authorization: ";
    okta_credential *credential = client->credential;
    okta_headers headers = OKT_HEADERS_INIT;
    OKT_BUF_AUTO url = OKT_BUF_INIT(OKT_SCOPES_MAX);
    struct okt_call call = { .client = client, .method = "GET" };
    okta_status st;

    if (credential->ops->kind == OKTA_CREDENTIAL_CUSTOM)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "what this credential sends is its maker's business");
    okt_buf_printf(&url, "%s" OKT_PATH_API_TOKENS, client->org_url);
    st = okt_check_buf(&url, "the URL", err);
    if (st != OKTA_OK)
        return st;
    call.url = url.data;
    st = credential->ops->authorize(credential, &call, &headers, err);
    if (st == OKTA_OK && call.proved)
        st = okt_fail(err, OKTA_ERR_ARGUMENT,
                      "the access token is bound to a key: each request takes "
                      "a proof of its own, and a header alone would not do");
    if (st == OKTA_OK)
        st = okt_copy(headers.text.data + strlen(name), out, err);
    okt_buf_free(&headers.text);
    return st;
}

static okta_status revoke(okt_oauth *oauth, okta_client *client,
                          const char *token, const char *hint, okta_error *err)
{
    const struct okt_field fields[] = {
        { "token", token, true },
        { "token_type_hint", hint, false },
    };

    if (token == NULL)
        return OKTA_OK;
    return okt_form_post(oauth, client, OKT_PATH_REVOKE, fields,
                         ARRAY_LEN(fields), OKT_FORM_PLAIN, NULL, err);
}

okta_status okt_oauth_check_bound(okt_oauth *oauth, okta_client *client,
                                  const struct okt_tokens *tokens,
                                  okta_error *err)
{
    bool has_key;
    okta_status st;

    pthread_mutex_lock(&oauth->lock);
    has_key = oauth->proof_key != NULL;
    pthread_mutex_unlock(&oauth->lock);
    if (tokens->bound == has_key)
        return OKTA_OK;
    if (tokens->bound)
        return okt_fail(err, OKTA_ERR_PROTOCOL,
                        "the org gave a token bound to a key where none was "
                        "shown");
    st = revoke(oauth, client, tokens->refresh, "refresh_token", NULL);
    if (revoke(oauth, client, tokens->access, "access_token", NULL) != OKTA_OK)
        st = OKTA_ERR_PROTOCOL;
    return okt_fail(err, OKTA_ERR_PROTOCOL,
                    "the token was to be bound to a key (DPoP), and the org "
                    "gave one that is not: it %s",
                    st == OKTA_OK ? "was revoked" : "could not be revoked");
}

/* Takes the tokens out, so that nobody uses them any more. */
static void take_tokens(okt_oauth *oauth, struct okt_tokens *out)
{
    pthread_mutex_lock(&oauth->lock);
    *out = oauth->tokens;
    oauth->tokens = (struct okt_tokens){ 0 };
    okt_set_error(&oauth->dead, OKTA_ERR_AUTH, "signed out: sign in again");
    pthread_mutex_unlock(&oauth->lock);
}

static okta_status revoke_both(okt_oauth *oauth, okta_client *client,
                               okta_error *err)
{
    OKT_TOKENS_AUTO tokens = { 0 };
    okta_status st;

    take_tokens(oauth, &tokens);
    st = revoke(oauth, client, tokens.refresh, "refresh_token", err);
    if (st == OKTA_OK)
        st = revoke(oauth, client, tokens.access, "access_token", err);
    return st;
}

/* Another process may have rotated the refresh token since; what it got is to
 * end as well, and nobody renews it meanwhile. */
static okta_status revoke_kept(okt_oauth *oauth, okta_client *client,
                               okta_error *err)
{
    okta_status st = oauth->store.lock(oauth->store.ctx, err);

    if (st != OKTA_OK)
        return st;
    st = okt_oauth_reread(oauth, client, err);
    if (st == OKTA_OK)
        st = revoke_both(oauth, client, err);
    oauth->store.unlock(oauth->store.ctx);
    return st;
}

/* Waits until no thread renews, and keeps them all from it. */
static okta_status hold(okt_oauth *oauth, const okta_client *client,
                        okta_error *err)
{
    okta_status st;

    pthread_mutex_lock(&oauth->lock);
    st = okt_oauth_check_org(oauth, client, err);
    while (st == OKTA_OK && oauth->busy)
        st = wait_settled(oauth, client, NO_NEED, err);
    if (st == OKTA_OK)
        oauth->busy = true;
    pthread_mutex_unlock(&oauth->lock);
    return st;
}

static void let_go(okt_oauth *oauth)
{
    pthread_mutex_lock(&oauth->lock);
    oauth->busy = false;
    oauth->rounds++;
    oauth->failed = (okta_error){ .status = OKTA_OK };
    pthread_cond_broadcast(&oauth->settled);
    pthread_mutex_unlock(&oauth->lock);
}

okta_status okta_client_sign_out(okta_client *client, okta_error *err)
{
    okt_oauth *oauth = okt_oauth_of(client->credential);
    okta_error mine = { .status = OKTA_OK };
    okta_status st;

    if (err == NULL)
        err = &mine;
    if (oauth == NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "only what somebody signed in with, or a service "
                        "app's token, is revoked by signing out: nothing was "
                        "sent");
    st = hold(oauth, client, err);
    if (st != OKTA_OK)
        return st;
    st = oauth->store.size != 0 ? revoke_kept(oauth, client, err)
                                : revoke_both(oauth, client, err);
    let_go(oauth);
    return st;
}
