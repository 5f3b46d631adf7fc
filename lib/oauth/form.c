/* SPDX-License-Identifier: Apache-2.0 */
/* form.c - requests to the org's OAuth endpoints. */
#include <string.h>

#include "jose/jws.h"
#include "lib/oauth/oauth.h"
#include "wire/percent.h"

enum { BODY_MAX = 64 * 1024 };

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/* Authorises one form: what it is made of, and what the last attempt had. */
struct form {
    okta_credential base;
    okt_oauth *oauth;
    const struct okt_field *fields;
    size_t count;
    bool proof;
    struct okt_buf assertion;
    struct okt_buf proof_text;
};

static void form_end(struct form *form)
{
    okt_buf_free(&form->assertion);
    okt_buf_free(&form->proof_text);
}

#define FORM_AUTO __attribute__((cleanup(form_end))) struct form

/* -------------------------------------------------------------- Writing -- */

static void add_field(struct okt_buf *body, const char *name, const char *value)
{
    if (value == NULL)
        return;
    if (body->len > 0)
        okt_buf_char(body, '&');
    okt_buf_str(body, name);
    okt_buf_char(body, '=');
    okt_percent_encode(body, value);
}

/* The client names itself, or proves to be who it says. */
static okta_status add_client(struct form *form, struct okt_call *call,
                              struct okt_buf *body, okta_error *err)
{
    const struct okt_transport *t = &call->client->transport;
    okta_status st = okt_service_key(form->oauth, err);

    if (st != OKTA_OK)
        return st;
    if (form->oauth->key == NULL) {
        add_field(body, "client_id", form->oauth->client_id);
        return OKTA_OK;
    }
    okt_buf_clear(&form->assertion);
    st = okt_assertion_write(form->oauth, call->url, t->ops->wall(t->ctx),
                             &form->assertion, err);
    if (st != OKTA_OK)
        return st;
    add_field(body, "client_assertion_type", ASSERTION_TYPE);
    add_field(body, "client_assertion", form->assertion.data);
    call->dated = true;
    return OKTA_OK;
}

static okta_status form_authorize(okta_credential *credential,
                                  struct okt_call *call, okta_headers *headers,
                                  okta_error *err)
{
    struct form *form = (struct form *)credential;
    OKT_BUF_AUTO body = OKT_BUF_INIT(BODY_MAX);
    okta_status st;

    for (size_t i = 0; i < form->count; i++)
        add_field(&body, form->fields[i].name, form->fields[i].value);
    st = add_client(form, call, &body, err);
    if (st == OKTA_OK)
        st = okt_check_buf(&body, "a form", err);
    okt_buf_clear(&form->proof_text);
    if (st == OKTA_OK && form->proof && form->oauth->proof_key != NULL)
        st = okt_proof_add(form->oauth, call, NULL, headers, &form->proof_text,
                           err);
    if (st != OKTA_OK)
        return st;
    okt_free_secret(call->body);
    call->body = okt_buf_take(&body);
    return OKTA_OK;
}

/* ------------------------------------------------------------- Answers -- */

/* Whether the body is an error of that name. */
static bool is_error(const okta_response *response, const char *error)
{
    AUTO(yyjson_doc) doc = NULL;
    const char *why;
    const char *name;
    bool no_memory;

    if (response->body.len == 0)
        return false;
    doc = okt_json_read(response->body.data, response->body.len, &why,
                        &no_memory);
    name = okt_json_str(yyjson_doc_get_root(doc), "error");
    return name != NULL && strcmp(name, error) == 0;
}

/*
 * Once for a nonce, and once for an org that takes only tokens that are bound
 * to a key where there was none yet.
 */
static bool form_answered(okta_credential *credential, struct okt_call *call)
{
    struct form *form = (struct form *)credential;
    const okta_response *response = call->response;
    bool has_nonce = okt_nonce_keep(form->oauth, response);
    bool asks_nonce;

    if (!form->proof || (response->status != 400 && response->status != 401))
        return false;
    asks_nonce = is_error(response, "use_dpop_nonce");
    if (!call->proved && !call->renewed &&
        (asks_nonce || is_error(response, "invalid_dpop_proof"))) {
        call->renewed = true;
        return okt_oauth_bind(form->oauth, NULL) == OKTA_OK;
    }
    if (!call->proved || call->nonced || !asks_nonce || !has_nonce)
        return false;
    call->nonced = true;
    return true;
}

static const char *form_secret(const okta_credential *credential, size_t i)
{
    const struct form *form = (const struct form *)credential;

    for (size_t f = 0; f < form->count; f++)
        if (form->fields[f].secret && form->fields[f].value != NULL && i-- == 0)
            return form->fields[f].value;
    if (form->assertion.len > 0 && i-- == 0)
        return form->assertion.data;
    if (form->proof_text.len > 0 && i-- == 0)
        return form->proof_text.data;
    return NULL;
}

/* A form is on nobody's heap and belongs to one call: the last two are never
 * called. */
static const struct okt_credential_ops ops = {
    OKTA_CREDENTIAL_NONE, form_authorize, form_answered, form_secret, NULL, NULL
};

okta_status okt_form_post(okt_oauth *oauth, okta_client *client,
                          const char *path, const struct okt_field *fields,
                          size_t count, enum okt_form_kind kind,
                          okta_response *response, okta_error *err)
{
    FORM_AUTO form = { .base = { &ops },
                       .oauth = oauth,
                       .fields = fields,
                       .count = count,
                       .proof = kind != OKT_FORM_PLAIN,
                       .assertion = OKT_BUF_INIT(OKT_JWS_MAX),
                       .proof_text = OKT_BUF_INIT(OKT_JWS_MAX) };
    OKT_CALL_AUTO call = { 0 };
    okta_status st =
        okt_call_begin(&call, client, "POST", path, NULL, response, err);

    if (st != OKTA_OK)
        return st;
    call.credential = &form.base;
    call.form = true;
    call.one_time = kind == OKT_FORM_ONE_TIME;
    st = okt_call_finish(&call, err);
    if (st == OKTA_OK && okt_response_is_foreign(call.response))
        st = okt_fail_foreign(err, call.response, client->org_url);
    return st;
}
