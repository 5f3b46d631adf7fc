/* SPDX-License-Identifier: Apache-2.0 */
/* oauth_token.c - POST /oauth2/v1/token. */
#include <stdio.h>
#include <string.h>

#include "server/oauth/app.h"
#include "server/oauth/poll_throttle.h"
#include "server/oauth/signer.h"
#include "server/oauth/token_request.h"
#include "server/org/event.h"
#include "wire/json.h"

/* ------------------------------------------------------------- The request --
 */

static void issue_free(void *state)
{
    okt_wipe(state, sizeof(struct issue));
    free(state);
}

static struct oauth_fault find_kind(const struct form *form, struct issue *i)
{
    static const struct issue_kind *const kinds[] = {
        &issue_device, &issue_service, &issue_refresh, &issue_code
    };
    const char *type = form_text(form, "grant_type");
    bool service = strcmp(i->client.type, APP_SERVICE) == 0;

    for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
        if (strcmp(kinds[k]->grant_type, type) == 0)
            i->kind = kinds[k];
    if (i->kind == NULL)
        return issue_fault("unsupported_grant_type",
                           "The authorization grant type is not supported by "
                           "the authorization server.");
    if (i->kind->for_service != service)
        return issue_fault("unauthorized_client",
                           "The client is not authorized to use the provided "
                           "grant type.");
    return (struct oauth_fault){ 0, NULL, NULL };
}

static const struct oauth_fault no_memory = { 503, "temporarily_unavailable",
                                              "The server has no memory." };

/* A proof that comes is checked, whether it has to come or not. */
static struct oauth_fault check_proof(struct request *r, struct issue *i)
{
    char nonce[OKT_SHA256_TEXT];

    if (r->headers[HEADER_DPOP] == NULL && !i->client.dpop)
        return (struct oauth_fault){ 0, NULL, NULL };
    switch (dpop_check(r, NULL, &i->dpop)) {
    case DPOP_OK:
        snprintf(i->access.jkt, sizeof(i->access.jkt), "%s", i->dpop.jkt);
        return (struct oauth_fault){ 0, NULL, NULL };
    case DPOP_BAD:
        return issue_fault("invalid_dpop_proof", i->dpop.why);
    case DPOP_NO_NONCE:
        if (!dpop_nonce(r->org, org_now(r->org), nonce))
            return no_memory;
        reply_header_add(r, "DPoP-Nonce", nonce);
        return issue_fault("use_dpop_nonce",
                           "Authorization server requires nonce in DPoP "
                           "proof.");
    default:
        return no_memory;
    }
}

static struct oauth_fault read_request(struct request *r,
                                       const struct form *form, struct issue *i)
{
    struct oauth_fault fault = find_kind(form, i);
    char grant[OKT_ID_LEN + 1];

    if (fault.error == NULL)
        fault = check_proof(r, i);
    if (fault.error == NULL)
        fault = i->kind->read(r, form, i);
    if (fault.error == NULL &&
        (!access_begin(r->org, &i->access) || !id_new("oag", grant)))
        fault = (struct oauth_fault){ 503, "temporarily_unavailable",
                                      "The server has no random bytes." };
    if (fault.error == NULL && !i->kind->for_service)
        snprintf(i->access.grant_id, sizeof(i->access.grant_id), "%s", grant);
    snprintf(i->access.client_id, sizeof(i->access.client_id), "%s",
             i->client.id);
    return fault;
}

/* -------------------------------------------------------------- The change --
 */

/* A grant that was stolen dies, and every token of it. */
static store_status end_stolen(struct store *store, const struct request *r,
                               struct issue *i)
{
    store_status st = store->ops->grant_remove(store, i->access.grant_id);

    if (st == STORE_OK)
        st = issue_event(store, r, i, EVENT_REUSE);
    return st == STORE_NOT_FOUND ? STORE_OK : st;
}

/* An assertion is spent whatever else comes of the request. */
static store_status apply(struct store *store, void *ctx)
{
    struct request *r = ctx;
    struct issue *i = r->state;
    store_status st = client_spend(store, &i->client);

    if (st == STORE_CONFLICT) {
        i->fault = (struct oauth_fault){
            401, "invalid_client",
            "The client_assertion token has already been used."
        };
        return STORE_OK;
    }
    if (st == STORE_OK && i->fault.error == NULL)
        st = i->kind->decide(store, r, i);
    if (st == STORE_OK && i->stolen)
        return end_stolen(store, r, i);
    if (st == STORE_OK && i->fault.error == NULL)
        st = i->kind->apply(store, r, i);
    return st == STORE_OK ? st : STORE_FAILED;
}

/* The look that costs no change. False: the store failed. */
static bool look_first(struct request *r, struct issue *i)
{
    char before[OKT_ID_MAX + 1];
    bool looked;

    if (i->fault.error != NULL)
        return true;
    memcpy(before, i->access.grant_id, sizeof(before));
    looked = i->kind->decide(r->store, r, i) != STORE_FAILED;
    if (i->stolen) { /* that is for the writer to say */
        i->stolen = false;
        i->fault = (struct oauth_fault){ 0, NULL, NULL };
    }
    if (i->kind != &issue_refresh)
        memcpy(i->access.grant_id, before, sizeof(before));
    return looked;
}

static bool is_pending(const struct issue *i)
{
    return i->fault.error != NULL &&
           strcmp(i->fault.error, "authorization_pending") == 0;
}

/* Nobody without a code, a refresh token or an assertion comes so far. */
static struct oauth_fault spend_proof(const struct request *r, struct issue *i)
{
    if (i->fault.error != NULL || i->access.jkt[0] == '\0')
        return i->fault;
    switch (dpop_spend(r->org, i->dpop.used, i->dpop.dated, &i->dpop.why)) {
    case DPOP_OK:
        return i->fault;
    case DPOP_BAD:
        return issue_fault("invalid_dpop_proof", i->dpop.why);
    default:
        return no_memory;
    }
}

static int ask(struct request *r, struct issue *i)
{
    if (!look_first(r, i))
        return reply_unavailable(r);
    i->fault = spend_proof(r, i);
    if (is_pending(i) && polls_is_early(r->org->polls, i->hash))
        i->fault =
            issue_fault("slow_down", "The device polls too often. Please wait "
                                     "longer.");
    if (i->fault.error != NULL && !i->client.to_spend)
        return oauth_fault(r, &i->fault);
    if (i->fault.error == NULL &&
        signer_check(r->org->signer, r->store) != NULL)
        return reply_unavailable(r);
    return request_change(r, apply);
}

static int begin(struct request *r, const struct form *form)
{
    struct issue *i = calloc(1, sizeof(*i));
    int status;

    if (i == NULL)
        return reply_unavailable(r);
    r->state = i;
    r->state_free = issue_free;
    status = client_check(r, form, &i->client);
    if (status != 200)
        return status;
    i->fault = read_request(r, form, i);
    return ask(r, i);
}

int oauth_token(struct request *r, const char *id)
{
    FORM_AUTO form = { 0 };
    int status = oauth_form_or_query(r, &form);

    (void)id;
    if (status != 200)
        return status;
    return begin(r, &form);
}

/* -------------------------------------------------------------- The answer --
 */

static int show(struct request *r, const struct issue *i, const char *token)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin_secret(&writer);
    yyjson_mut_doc *doc = writer.doc;

    yyjson_mut_obj_add_str(doc, root, "token_type",
                           i->access.jkt[0] != '\0' ? "DPoP" : "Bearer");
    yyjson_mut_obj_add_int(doc, root, "expires_in", ACCESS_SECONDS);
    yyjson_mut_obj_add_str(doc, root, "access_token", token);
    yyjson_mut_obj_add_str(doc, root, "scope", i->access.scopes);
    if (i->refreshes)
        yyjson_mut_obj_add_str(doc, root, "refresh_token", i->refresh);
    okt_json_print(&writer, &r->reply);
    return reply_json(r);
}

int oauth_token_done(struct request *r, const char *id)
{
    const struct issue *i = r->state;
    OKT_BUF_AUTO token = OKT_BUF_INIT(ACCESS_MAX);

    (void)id;
    if (r->change.result != STORE_OK)
        return reply_unavailable(r);
    if (i->fault.error != NULL)
        return oauth_fault(r, &i->fault);
    if (access_sign(r->org, r->store, &i->access, i->login, &token) != NULL ||
        okt_buf_failed(&token))
        return reply_unavailable(r);
    return show(r, i, token.data);
}
