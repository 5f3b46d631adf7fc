/* SPDX-License-Identifier: Apache-2.0 */
/* tokens.c - what a token endpoint answers with. */
#include <string.h>

#include "base/ascii.h"
#include "lib/oauth/oauth.h"

enum {
    EARLY_S = 60,  /* before they lapse, tokens are renewed; */
    SPREAD_S = 30, /* so much earlier at most, not all clients at once */
    LIFE_MAX = 10 * 365 * 24 * 3600
};

void okt_tokens_clear(struct okt_tokens *tokens)
{
    okt_free_secret(tokens->access);
    okt_free_secret(tokens->refresh);
    free(tokens->scopes);
    *tokens = (struct okt_tokens){ 0 };
}

bool okt_tokens_are_good(const struct okt_tokens *tokens, int64_t now)
{
    return tokens->access != NULL &&
           (tokens->expires == 0 || now < tokens->expires);
}

/* Sets the times; a short life is renewed in its second half. */
static void set_times(yyjson_val *json, okta_client *client,
                      struct okt_tokens *out)
{
    const struct okt_transport *t = &client->transport;
    int64_t life = yyjson_get_sint(yyjson_obj_get(json, "expires_in"));
    int64_t early = EARLY_S + okt_client_jitter(client, SPREAD_S);

    if (life <= 0)
        return;
    life = life < LIFE_MAX ? life : LIFE_MAX;
    out->expires = t->ops->wall(t->ctx) + life;
    out->renew = out->expires - (early < life / 2 ? early : life / 2);
}

static okta_status copy_text(yyjson_val *json, const char *name, char **out,
                             okta_error *err)
{
    return okt_copy(okt_json_str(json, name), out, err);
}

static okta_status check(yyjson_val *json, okta_error *err)
{
    okta_error why = { .status = OKTA_OK };
    const char *access = okt_json_str(json, "access_token");
    const char *refresh = okt_json_str(json, "refresh_token");
    const char *type = okt_json_str(json, "token_type");

    if (access == NULL || type == NULL)
        return okt_fail(err, OKTA_ERR_PROTOCOL,
                        "the org's token endpoint answered without a token");
    if (okt_casecmp(type, "Bearer") != 0 && okt_casecmp(type, "DPoP") != 0)
        return okt_fail(err, OKTA_ERR_PROTOCOL,
                        "the org gave a token of an unknown type: %.40s", type);
    if (okt_check_secret("access token", access, OKT_ACCESS_TOKEN_MAX, &why) !=
            OKTA_OK ||
        (refresh != NULL &&
         okt_check_secret("refresh token", refresh, OKT_ACCESS_TOKEN_MAX,
                          &why) != OKTA_OK))
        return okt_fail(err, OKTA_ERR_PROTOCOL, "from the org: %s",
                        why.message);
    return OKTA_OK;
}

static okta_status read_json(yyjson_val *json, okta_client *client,
                             struct okt_tokens *out, okta_error *err)
{
    okta_status st = check(json, err);

    if (st == OKTA_OK)
        st = copy_text(json, "access_token", &out->access, err);
    if (st == OKTA_OK)
        st = copy_text(json, "refresh_token", &out->refresh, err);
    if (st == OKTA_OK)
        st = copy_text(json, "scope", &out->scopes, err);
    if (st != OKTA_OK)
        return st;
    out->bound = okt_casecmp(okt_json_str(json, "token_type"), "DPoP") == 0;
    set_times(json, client, out);
    return OKTA_OK;
}

okta_status okt_tokens_read(const struct okt_buf *body, okta_client *client,
                            struct okt_tokens *out, okta_error *err)
{
    OKT_TOKENS_AUTO tokens = { 0 };
    AUTO(yyjson_doc) doc = NULL;
    const char *why;
    bool no_memory;
    okta_status st;

    doc = okt_json_read_secret(body->len > 0 ? body->data : "", body->len, &why,
                               &no_memory);
    if (doc == NULL)
        return no_memory ? okt_fail_memory(err)
                         : okt_fail(err, OKTA_ERR_PROTOCOL,
                                    "the token endpoint's answer is not JSON: "
                                    "%s",
                                    why);
    st = read_json(yyjson_doc_get_root(doc), client, &tokens, err);
    if (st != OKTA_OK)
        return st;
    okt_tokens_clear(out);
    *out = tokens;
    tokens = (struct okt_tokens){ 0 };
    return OKTA_OK;
}
