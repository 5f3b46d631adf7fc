/* SPDX-License-Identifier: Apache-2.0 */
/* state.c - an OAuth credential's tokens as text, written and read. */
#include <string.h>

#include "lib/oauth/oauth.h"

/* What the text calls a kind. */
static const char *kind_name(okta_credential_kind kind)
{
    return kind == OKTA_CREDENTIAL_SERVICE ? "service" : "device";
}

/* ------------------------------------------------------------- Writing -- */

static void add_text(struct okt_json_writer *writer, const char *name,
                     const char *text)
{
    if (text != NULL)
        yyjson_mut_obj_add_str(writer->doc,
                               yyjson_mut_doc_get_root(writer->doc), name,
                               text);
}

static void add_time(struct okt_json_writer *writer, const char *name,
                     int64_t time)
{
    if (time != 0)
        yyjson_mut_obj_add_sint(writer->doc,
                                yyjson_mut_doc_get_root(writer->doc), name,
                                time);
}

okta_status okt_oauth_write(const okt_oauth *oauth, struct okt_buf *out,
                            okta_error *err)
{
    OKT_BUF_AUTO key = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);
    OKT_JSON_WRITER_AUTO writer;
    const struct okt_tokens *tokens = &oauth->tokens;
    yyjson_mut_val *root = okt_json_begin_secret(&writer);

    add_text(&writer, "kind", kind_name(oauth->kind));
    add_text(&writer, "org", oauth->org_url);
    add_text(&writer, "client", oauth->client_id);
    add_text(&writer, "scopes", oauth->scopes);
    add_text(&writer, "access", tokens->access);
    add_text(&writer, "refresh", tokens->refresh);
    add_text(&writer, "granted", tokens->scopes);
    add_time(&writer, "expires", tokens->expires);
    add_time(&writer, "renew", tokens->renew);
    yyjson_mut_obj_add_bool(writer.doc, root, "bound", tokens->bound);
    if (oauth->proof_key != NULL) {
        okt_key_private_jwk(oauth->proof_key, &key);
        if (okt_buf_failed(&key))
            return okt_fail_memory(err);
        add_text(&writer, "key", key.data);
    }
    okt_json_print(&writer, out);
    return okt_check_buf(out, "the tokens", err);
}

/* ------------------------------------------------------------- Reading -- */

static okta_status parse(const char *text, yyjson_doc **out, okta_error *err)
{
    const char *why;
    bool no_memory;

    *out = okt_json_read_secret(text, strlen(text), &why, &no_memory);
    if (no_memory)
        return okt_fail_memory(err);
    if (!yyjson_is_obj(yyjson_doc_get_root(*out)))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the tokens that were kept can't be read: sign in "
                        "again");
    return OKTA_OK;
}

static okta_status read_tokens(yyjson_val *json, struct okt_tokens *out,
                               okta_error *err)
{
    okta_status st = okt_copy(okt_json_str(json, "access"), &out->access, err);

    if (st == OKTA_OK)
        st = okt_copy(okt_json_str(json, "refresh"), &out->refresh, err);
    if (st == OKTA_OK)
        st = okt_copy(okt_json_str(json, "granted"), &out->scopes, err);
    out->expires = yyjson_get_sint(yyjson_obj_get(json, "expires"));
    out->renew = yyjson_get_sint(yyjson_obj_get(json, "renew"));
    out->bound = yyjson_get_bool(yyjson_obj_get(json, "bound"));
    return st;
}

/* What may be sent of it, should somebody else have written it. */
static okta_status check_tokens(const struct okt_tokens *tokens,
                                const okt_key *key, okta_error *err)
{
    okta_status st = OKTA_OK;

    if (tokens->access != NULL)
        st = okt_check_secret("access token", tokens->access,
                              OKT_ACCESS_TOKEN_MAX, err);
    if (st == OKTA_OK && tokens->refresh != NULL)
        st = okt_check_secret("refresh token", tokens->refresh,
                              OKT_ACCESS_TOKEN_MAX, err);
    if (st == OKTA_OK && tokens->bound && key == NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the tokens that were kept lack their key: sign in "
                        "again");
    return st;
}

static okta_status read_key(yyjson_val *json, okt_key **out, okta_error *err)
{
    const char *jwk = okt_json_str(json, "key");
    const char *why;

    if (jwk == NULL)
        return OKTA_OK;
    why = okt_key_from_jwk(jwk, strlen(jwk), out);
    if (why == NULL && !okt_key_is_private(*out))
        why = "it is not a private one";
    return why == NULL ? OKTA_OK
                       : okt_fail_jose(err, OKTA_ERR_ARGUMENT,
                                       "the key that was kept", why);
}

static okta_status read_state(yyjson_val *json, struct okt_tokens *tokens,
                              okt_key **key, okta_error *err)
{
    OKT_TOKENS_AUTO read = { 0 };
    AUTO(okt_key) its_key = NULL;
    okta_status st = read_key(json, &its_key, err);

    if (st == OKTA_OK)
        st = read_tokens(json, &read, err);
    if (st == OKTA_OK)
        st = check_tokens(&read, its_key, err);
    if (st != OKTA_OK)
        return st;
    *tokens = read;
    read = (struct okt_tokens){ 0 };
    *key = TAKE(its_key);
    return OKTA_OK;
}

static bool is_same(yyjson_val *json, const char *name, const char *want)
{
    const char *text = okt_json_str(json, name);

    return text != NULL && want != NULL && strcmp(text, want) == 0;
}

okta_status okt_oauth_read(const okt_oauth *oauth, const char *text,
                           struct okt_tokens *tokens, okt_key **proof_key,
                           bool *found, okta_error *err)
{
    AUTO(yyjson_doc) doc = NULL;
    okta_status st = parse(text, &doc, err);
    yyjson_val *json = yyjson_doc_get_root(doc);

    if (st != OKTA_OK)
        return st;
    *found = is_same(json, "kind", kind_name(oauth->kind)) &&
             is_same(json, "org", oauth->org_url) &&
             is_same(json, "client", oauth->client_id);
    return *found ? read_state(json, tokens, proof_key, err) : OKTA_OK;
}

okta_status okt_oauth_import(const char *text, okt_oauth **out, okta_error *err)
{
    AUTO(yyjson_doc) doc = NULL;
    AUTO(okt_oauth) oauth = NULL;
    okta_status st = parse(text, &doc, err);
    yyjson_val *json = yyjson_doc_get_root(doc);
    const char *org = okt_json_str(json, "org");
    const char *client = okt_json_str(json, "client");

    if (st != OKTA_OK)
        return st;
    if (!is_same(json, "kind", "device") || org == NULL || client == NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the tokens that were kept are not those of a "
                        "sign-in: sign in again");
    st = okt_oauth_new(OKTA_CREDENTIAL_DEVICE, client,
                       okt_json_str(json, "scopes"), &oauth, err);
    if (st == OKTA_OK)
        st = okt_org_url(org, &oauth->org_url, err);
    if (st == OKTA_OK)
        st = read_state(json, &oauth->tokens, &oauth->proof_key, err);
    if (st == OKTA_OK)
        *out = TAKE(oauth);
    return st;
}

okta_status okta_credential_import(const char *text,
                                   const okta_token_store *store,
                                   okta_credential **out, okta_error *err)
{
    AUTO(okt_oauth) oauth = NULL;
    okta_status st = okt_oauth_import(text, &oauth, err);

    if (st == OKTA_OK && store != NULL)
        st = okt_store_copy(store, &oauth->store, err);
    if (st == OKTA_OK)
        st = okt_oauth_credential(oauth, out, err);
    if (st == OKTA_OK)
        oauth = NULL;
    return st;
}

okta_status okta_credential_export(const okta_credential *credential,
                                   char **out, okta_error *err)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(OKT_STATE_MAX);
    okt_oauth *oauth = okt_oauth_of(credential);
    okta_status st;

    if (oauth == NULL || oauth->kind != OKTA_CREDENTIAL_DEVICE)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "only what somebody signed in with can be kept");
    pthread_mutex_lock(&oauth->lock);
    st = okt_oauth_write(oauth, &text, err);
    pthread_mutex_unlock(&oauth->lock);
    if (st == OKTA_OK)
        *out = okt_buf_take(&text);
    return st;
}
