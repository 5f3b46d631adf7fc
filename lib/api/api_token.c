/* SPDX-License-Identifier: Apache-2.0 */
/* api_token.c - the ApiToken, and the operations on one. */
#include <string.h>

#include "lib/internal.h"
#include "wire/api.h"
#include "wire/id.h"
#include "wire/iso8601.h"

enum { PATH_MAX_LEN = 128, UPDATE_MAX = 64 * 1024, SAME_S = 2 };

/* ---------------------------------------------------------- The object -- */

static bool read_time(const char *text, int64_t *out)
{
    return text != NULL && okt_time_parse(text, out);
}

static const char *decode(yyjson_val *json, struct okt_object *object)
{
    okta_api_token *token = (okta_api_token *)object;
    const char *why = okt_token_decode(json, &token->view);

    if (why != NULL)
        return why;
    token->has_created = read_time(token->view.created, &token->created);
    token->has_expires = read_time(token->view.expires_at, &token->expires);
    return NULL;
}

static const char *id_of(const struct okt_object *object)
{
    return ((const okta_api_token *)object)->view.id;
}

static bool matches(const struct okt_object *object, const char *q,
                    const char *owner)
{
    const okta_api_token *token = (const okta_api_token *)object;

    if (owner != NULL && (token->view.user_id == NULL ||
                          strcmp(token->view.user_id, owner) != 0))
        return false;
    return okt_q_matches(q, token->view.name, token->view.client_name);
}

const struct okt_kind okt_token_kind = {
    "token", sizeof(okta_api_token), decode, id_of, matches,
};

okta_status okt_api_token_parse(const char *json, size_t len,
                                okta_api_token **out, okta_error *err)
{
    struct okt_object *object = NULL;
    okta_status st = okt_object_parse(&okt_token_kind, json, len, &object, err);

    if (st == OKTA_OK)
        *out = (okta_api_token *)object;
    return st;
}

void okta_api_token_free(okta_api_token *token)
{
    if (token != NULL)
        okt_object_free(&token->object);
}

const char *okta_api_token_id(const okta_api_token *token)
{
    return token->view.id;
}

const char *okta_api_token_name(const okta_api_token *token)
{
    return token->view.name;
}

const char *okta_api_token_user_id(const okta_api_token *token)
{
    return token->view.user_id;
}

const char *okta_api_token_client_name(const okta_api_token *token)
{
    return token->view.client_name;
}

const char *okta_api_token_token_window(const okta_api_token *token)
{
    return token->view.token_window;
}

const char *okta_api_token_expires_at(const okta_api_token *token)
{
    return token->view.expires_at;
}

const char *okta_api_token_created(const okta_api_token *token)
{
    return token->view.created;
}

const char *okta_api_token_last_updated(const okta_api_token *token)
{
    return token->view.last_updated;
}

const char *okta_api_token_connection(const okta_api_token *token)
{
    return token->view.connection;
}

size_t okta_api_token_include_count(const okta_api_token *token)
{
    return yyjson_arr_size(token->view.include);
}

const char *okta_api_token_include(const okta_api_token *token, size_t i)
{
    return yyjson_get_str(yyjson_arr_get(token->view.include, i));
}

size_t okta_api_token_exclude_count(const okta_api_token *token)
{
    return yyjson_arr_size(token->view.exclude);
}

const char *okta_api_token_exclude(const okta_api_token *token, size_t i)
{
    return yyjson_get_str(yyjson_arr_get(token->view.exclude, i));
}

const char *okta_api_token_self_href(const okta_api_token *token)
{
    return okt_token_href(&token->view, "self");
}

const char *okta_api_token_user_href(const okta_api_token *token)
{
    return okt_token_href(&token->view, "user");
}

const char *okta_api_token_json(const okta_api_token *token, size_t *len)
{
    *len = token->object.json_len;
    return token->object.json;
}

bool okta_api_token_created_time(const okta_api_token *token, int64_t *out)
{
    if (token->has_created)
        *out = token->created;
    return token->has_created;
}

bool okta_api_token_last_updated_time(const okta_api_token *token, int64_t *out)
{
    return read_time(token->view.last_updated, out);
}

bool okta_api_token_expires_at_time(const okta_api_token *token, int64_t *out)
{
    if (token->has_expires)
        *out = token->expires;
    return token->has_expires;
}

okta_usage okta_api_token_usage(const okta_api_token *token, int64_t *last_used)
{
    struct okt_duration window;
    int64_t expires;
    int64_t created;
    int64_t used;

    if (token->view.token_window == NULL ||
        !okt_duration_parse(token->view.token_window, &window) ||
        !okta_api_token_expires_at_time(token, &expires) ||
        !okt_duration_add(expires, &window, -1, &used))
        return OKTA_USAGE_UNKNOWN;
    if (okta_api_token_created_time(token, &created) &&
        used <= created + SAME_S)
        return used < created - SAME_S ? OKTA_USAGE_UNKNOWN : OKTA_USAGE_NEVER;
    if (last_used != NULL)
        *last_used = used;
    return OKTA_USAGE_USED;
}

/* ------------------------------------------------------ The operations -- */

static okta_status check_id(const char *id, okta_error *err)
{
    if (strcmp(id, OKT_ID_CURRENT) == 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "\"current\" would mean the token in use, and is no "
                        "token's id");
    return okt_check_id(&okt_token_kind, id, err);
}

/* Begins a call on /api/v1/api-tokens/{id}. */
static okta_status begin(struct okt_call *call, okta_client *client,
                         const char *method, const char *id, const char *body,
                         okta_response *response, okta_error *err)
{
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_MAX_LEN);
    okta_status st;

    okt_buf_printf(&path, "%s/%s", OKT_PATH_API_TOKENS, id);
    st = okt_check_buf(&path, "the path", err);
    if (st != OKTA_OK)
        return st;
    return okt_call_begin(call, client, method, path.data, body, response, err);
}

/* Ends a call whose answer is one token. */
static okta_status finish_token(struct okt_call *call, const char *id,
                                okta_api_token **out, okta_error *err)
{
    struct okt_object *object = NULL;
    okta_status st = okt_object_finish(&okt_token_kind, call, id,
                                       out != NULL ? &object : NULL, err);

    if (st == OKTA_OK && out != NULL)
        *out = (okta_api_token *)object;
    return st;
}

okta_status okta_api_token_get(okta_client *client, const char *id,
                               okta_response *response, okta_api_token **out,
                               okta_error *err)
{
    OKT_CALL_AUTO call = { 0 };
    okta_status st = check_id(id, err);

    if (st == OKTA_OK)
        st = begin(&call, client, "GET", id, NULL, response, err);
    if (st != OKTA_OK)
        return st;
    return finish_token(&call, id, out, err);
}

/*
 * Ends a revocation. gone is what the org answers about a token that it has
 * revoked: where an earlier answer of this call was lost, that is a success.
 */
static okta_status finish_revocation(struct okt_call *call, okta_status gone,
                                     okta_error *err)
{
    okta_status st = okt_call_finish(call, err);

    if (st == gone && call->lost)
        return OKTA_OK;
    if (st != OKTA_OK)
        return st;
    st = okt_expect(call, 204, err);
    if (st != OKTA_OK && err != NULL)
        err->maybe_done = 1;
    return st;
}

okta_status okta_api_token_revoke(okta_client *client, const char *id,
                                  okta_response *response, okta_error *err)
{
    OKT_CALL_AUTO call = { 0 };
    okta_status st = check_id(id, err);

    if (st == OKTA_OK)
        st = begin(&call, client, "DELETE", id, NULL, response, err);
    if (st != OKTA_OK)
        return st;
    return finish_revocation(&call, OKTA_ERR_NOT_FOUND, err);
}

okta_status okta_api_token_revoke_current(okta_client *client,
                                          okta_response *response,
                                          okta_error *err)
{
    OKT_CALL_AUTO call = { 0 };
    okta_status st;

    if (client->credential->ops->kind != OKTA_CREDENTIAL_SSWS &&
        client->credential->ops->kind != OKTA_CREDENTIAL_CUSTOM)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "only an API token can revoke itself, and this "
                        "credential is an OAuth access token: nothing was "
                        "sent. Revoke the API token by its id");
    st = begin(&call, client, "DELETE", OKT_ID_CURRENT, NULL, response, err);
    if (st != OKTA_OK)
        return st;
    call.fresh = true;
    return finish_revocation(&call, OKTA_ERR_AUTH, err);
}

static okta_status check_network(const struct okta_network *network,
                                 okta_error *err)
{
    size_t zones = network->include_count + network->exclude_count;

    if (network->connection == NULL ||
        (strcmp(network->connection, OKT_ANYWHERE) != 0 &&
         strcmp(network->connection, OKT_ZONE) != 0))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the connection must be ANYWHERE or ZONE");
    if (strcmp(network->connection, OKT_ANYWHERE) == 0 && zones > 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "zones need the connection ZONE");
    if (strcmp(network->connection, OKT_ZONE) == 0 && zones == 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the connection ZONE needs zones");
    if (network->include_count > OKT_ZONES_MAX ||
        network->exclude_count > OKT_ZONES_MAX)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "more than %d zones",
                        OKT_ZONES_MAX);
    for (size_t i = 0; i < zones; i++) {
        const char *zone = i < network->include_count
                               ? network->include[i]
                               : network->exclude[i - network->include_count];

        if (!okt_id_is_segment(zone) || okt_has_secret(zone))
            return okt_fail(err, OKTA_ERR_ARGUMENT,
                            "not the id of a network zone: \"%.80s\"", zone);
    }
    return OKTA_OK;
}

okta_status
okta_api_token_set_network(okta_client *client, const okta_api_token *token,
                           const okta_network *network, okta_response *response,
                           okta_api_token **out, okta_error *err)
{
    OKT_CALL_AUTO call = { 0 };
    OKT_BUF_AUTO body = OKT_BUF_INIT(UPDATE_MAX);
    okta_network own = OKTA_NETWORK_INIT;
    okta_status st =
        okt_take_options(&own, sizeof(own), network, "OKTA_NETWORK_INIT", err);

    if (st == OKTA_OK)
        st = check_id(token->view.id, err);
    if (st == OKTA_OK)
        st = check_network(&own, err);
    if (st != OKTA_OK)
        return st;
    okt_update_encode(&body, &token->view,
                      &(struct okt_network){
                          own.connection, own.include, own.include_count,
                          own.exclude, own.exclude_count });
    st = okt_check_buf(&body, "the update", err);
    if (st == OKTA_OK)
        st = begin(&call, client, "PUT", token->view.id, body.data, response,
                   err);
    if (st != OKTA_OK)
        return st;
    st = finish_token(&call, token->view.id, out, err);
    if (st != OKTA_OK && err != NULL && call.response->status == 200)
        err->maybe_done = 1;
    return st;
}
