/* SPDX-License-Identifier: Apache-2.0 */
/* device.c - the device grant (RFC 8628): a person signs in elsewhere. */
#include <string.h>

#include "lib/oauth/oauth.h"
#include "wire/api.h"

#define GRANT_TYPE "urn:ietf:params:oauth:grant-type:device_code"
#define SCOPES OKT_SCOPE_READ " " OKT_SCOPE_MANAGE " offline_access"

enum {
    CODE_MAX = 4096,
    USER_CODE_MAX = 64,
    INTERVAL_S = 5, /* where the org tells none */
    SLOWER_S = 5,   /* with each slow_down */
    INTERVAL_MAX_S = 300,
    LIFE_S = 600,
    LIFE_MAX_S = 24 * 3600,
    SECOND_MS = 1000
};

struct okta_device {
    okt_oauth *oauth;
    char *code; /* secret: who has it gets the tokens */
    char *user_code;
    char *uri;
    char *uri_complete; /* or NULL */
    int64_t interval;   /* seconds */
    int64_t expires;
};

void okta_device_free(okta_device *device)
{
    if (device == NULL)
        return;
    okt_oauth_unref(device->oauth);
    okt_free_secret(device->code);
    free(device->user_code);
    free(device->uri);
    free(device->uri_complete);
    free(device);
}

const char *okta_device_user_code(const okta_device *device)
{
    return device->user_code;
}

const char *okta_device_uri(const okta_device *device)
{
    return device->uri;
}

const char *okta_device_uri_complete(const okta_device *device)
{
    return device->uri_complete;
}

int64_t okta_device_expires_at(const okta_device *device)
{
    return device->expires;
}

/* ------------------------------------------------------------ Beginning -- */

static int64_t within(int64_t value, int64_t standard, int64_t max)
{
    if (value <= 0)
        return standard;
    return value < max ? value : max;
}

/* A page of the org's own: people follow it to type their password there. */
static okta_status copy_uri(const okta_device *device, yyjson_val *json,
                            const char *name, char **out, okta_error *err)
{
    const char *text = okt_json_str(json, name);
    okta_error why = { .status = OKTA_OK };
    okta_status st;

    if (text == NULL)
        return OKTA_OK;
    st = okt_own_origin(device->oauth->org_url, text, out, &why);
    if (st == OKTA_ERR_MEMORY)
        return okt_fail_memory(err);
    if (st != OKTA_OK)
        return okt_fail(err, OKTA_ERR_PROTOCOL,
                        "the org would have people sign in somewhere else, "
                        "which is not shown: %s",
                        why.message);
    return OKTA_OK;
}

static okta_status check_codes(yyjson_val *json, okta_error *err)
{
    okta_error why = { .status = OKTA_OK };
    const char *code = okt_json_str(json, "device_code");
    const char *user_code = okt_json_str(json, "user_code");

    if (code == NULL || user_code == NULL ||
        okt_json_str(json, "verification_uri") == NULL)
        return okt_fail(err, OKTA_ERR_PROTOCOL,
                        "the org's answer lacks a code, or where to type it");
    if (okt_check_secret("device code", code, CODE_MAX, &why) != OKTA_OK ||
        okt_check_secret("code", user_code, USER_CODE_MAX, &why) != OKTA_OK)
        return okt_fail(err, OKTA_ERR_PROTOCOL, "from the org: %s",
                        why.message);
    return OKTA_OK;
}

/* The members are those of the org's answer, in our own text, too. */
static okta_status read_device(okta_device *device, yyjson_val *json,
                               okta_error *err)
{
    okta_status st = check_codes(json, err);

    if (st == OKTA_OK)
        st = okt_copy(okt_json_str(json, "device_code"), &device->code, err);
    if (st == OKTA_OK)
        st = okt_copy(okt_json_str(json, "user_code"), &device->user_code, err);
    if (st == OKTA_OK)
        st = copy_uri(device, json, "verification_uri", &device->uri, err);
    if (st == OKTA_OK)
        st = copy_uri(device, json, "verification_uri_complete",
                      &device->uri_complete, err);
    device->interval = within(yyjson_get_sint(yyjson_obj_get(json, "interval")),
                              INTERVAL_S, INTERVAL_MAX_S);
    return st;
}

static okta_status parse(const struct okt_buf *body, yyjson_doc **out,
                         okta_error *err)
{
    const char *why;
    bool no_memory;

    *out = okt_json_read_secret(body->len > 0 ? body->data : "", body->len,
                                &why, &no_memory);
    if (no_memory)
        return okt_fail_memory(err);
    if (!yyjson_is_obj(yyjson_doc_get_root(*out)))
        return okt_fail(err, OKTA_ERR_PROTOCOL,
                        "the org's answer is no JSON object");
    return OKTA_OK;
}

static okta_status ask_code(okta_client *client, okta_device *device,
                            const char *scopes, okta_error *err)
{
    const struct okt_transport *t = &client->transport;
    const struct okt_field fields[] = { { "scope", scopes, false } };
    AUTO(okta_response) response = NULL;
    AUTO(yyjson_doc) doc = NULL;
    okta_status st = okta_response_new(&response, err);
    yyjson_val *json;

    if (st == OKTA_OK)
        st = okt_form_post(device->oauth, client, OKT_PATH_DEVICE, fields,
                           ARRAY_LEN(fields), OKT_FORM_PLAIN, response, err);
    if (st == OKTA_OK)
        st = parse(&response->body, &doc, err);
    if (st != OKTA_OK)
        return st;
    json = yyjson_doc_get_root(doc);
    device->expires =
        t->ops->wall(t->ctx) +
        within(yyjson_get_sint(yyjson_obj_get(json, "expires_in")), LIFE_S,
               LIFE_MAX_S);
    return read_device(device, json, err);
}

static okta_status new_device(const char *client_id, const char *scopes,
                              const char *org_url, bool dpop, okta_device **out,
                              okta_error *err)
{
    AUTO(okta_device) device = calloc(1, sizeof(*device));
    okta_status st;

    if (device == NULL)
        return okt_fail_memory(err);
    st = okt_oauth_new(OKTA_CREDENTIAL_DEVICE, client_id, scopes,
                       &device->oauth, err);
    if (st == OKTA_OK)
        st = okt_copy(org_url, &device->oauth->org_url, err);
    if (st == OKTA_OK && dpop)
        st = okt_oauth_bind(device->oauth, err);
    if (st == OKTA_OK)
        *out = TAKE(device);
    return st;
}

okta_status okta_device_start(okta_client *client,
                              const okta_device_options *options,
                              okta_device **out, okta_error *err)
{
    okta_device_options ours = OKTA_DEVICE_OPTIONS_INIT;
    AUTO(okta_device) device = NULL;
    const char *scopes;
    okta_status st = okt_take_options(&ours, sizeof(ours), options,
                                      "OKTA_DEVICE_OPTIONS_INIT", err);

    if (st != OKTA_OK)
        return st;
    scopes = ours.scopes != NULL ? ours.scopes : SCOPES;
    st = new_device(ours.client_id, scopes, client->org_url, ours.dpop, &device,
                    err);
    if (st == OKTA_OK)
        st = ask_code(client, device, scopes, err);
    if (st == OKTA_OK)
        *out = TAKE(device);
    return st;
}

/* -------------------------------------------------------------- Waiting -- */

/* Says it in our words, and keeps the org's code. */
static okta_status end(okta_error *err, const char *code, okta_status st,
                       const char *why)
{
    okt_set_error(err, st, "%s", why);
    if (err != NULL)
        snprintf(err->code, sizeof(err->code), "%s", code);
    return st;
}

/* What a poll without tokens means. DONE: go on. */
static okta_status judge(okta_device *device, const char *code, okta_status st,
                         okta_error *err)
{
    if (code == NULL)
        code = "";
    if (strcmp(code, "authorization_pending") == 0)
        return OKTA_DONE;
    if (strcmp(code, "slow_down") == 0) {
        device->interval += SLOWER_S;
        return OKTA_DONE;
    }
    if (strcmp(code, "access_denied") == 0)
        return end(err, code, OKTA_ERR_FORBIDDEN,
                   "the sign-in was denied on the org's page");
    if (strcmp(code, "expired_token") == 0)
        return end(err, code, OKTA_ERR_TIMEOUT,
                   "the code has lapsed before it was used: begin anew");
    if (st != OKTA_ERR_NETWORK && st != OKTA_ERR_TIMEOUT &&
        st != OKTA_ERR_SERVER)
        return st;
    /* RFC 8628, 3.5: less often, where the org is out of reach. */
    device->interval = device->interval * 2 < INTERVAL_MAX_S
                           ? device->interval * 2
                           : INTERVAL_MAX_S;
    return OKTA_DONE;
}

static okta_status take_tokens(okta_device *device, okta_client *client,
                               const struct okt_buf *body, okta_error *err)
{
    okt_oauth *oauth = device->oauth;
    OKT_TOKENS_AUTO tokens = { 0 };
    okta_status st = okt_tokens_read(body, client, &tokens, err);

    if (st != OKTA_OK)
        return st;
    st = okt_oauth_check_bound(oauth, client, &tokens, err);
    if (st != OKTA_OK)
        return st;
    pthread_mutex_lock(&oauth->lock);
    okt_oauth_install(oauth, &tokens);
    pthread_mutex_unlock(&oauth->lock);
    return OKTA_OK;
}

/* Asks once. DONE: nobody has decided yet, ask again later. */
static okta_status poll_once(okta_client *client, okta_device *device,
                             okta_error *err)
{
    const struct okt_field fields[] = {
        { "grant_type", GRANT_TYPE, false },
        { "device_code", device->code, true },
    };
    AUTO(okta_response) response = NULL;
    okta_status st = okta_response_new(&response, err);

    if (st != OKTA_OK)
        return st;
    st = okt_form_post(device->oauth, client, OKT_PATH_TOKEN, fields,
                       ARRAY_LEN(fields), OKT_FORM_ONE_TIME, response, err);
    if (st != OKTA_OK)
        return judge(device, okta_response_error_code(response), st, err);
    return take_tokens(device, client, &response->body, err);
}

static okta_status wait_turn(okta_client *client, const okta_device *device,
                             okta_error *err)
{
    const struct okt_transport *t = &client->transport;
    int64_t left = device->expires - t->ops->wall(t->ctx);

    if (left <= 0)
        return okt_fail(err, OKTA_ERR_TIMEOUT,
                        "the code has lapsed before it was used: begin anew");
    if (left > device->interval)
        left = device->interval;
    return okt_client_wait(client, OKTA_WAIT_SIGN_IN, left * SECOND_MS, err);
}

okta_status okta_device_wait(okta_client *client, okta_device *device,
                             okta_credential **out, okta_error *err)
{
    okt_oauth *oauth = device->oauth;
    okta_error mine = { .status = OKTA_OK };
    okta_status st = okt_oauth_check_org(oauth, client, err);

    if (err == NULL)
        err = &mine;
    if (st != OKTA_OK)
        return st;
    do {
        st = wait_turn(client, device, err);
        if (st != OKTA_OK)
            return st;
        st = poll_once(client, device, err);
    } while (st == OKTA_DONE);
    if (st == OKTA_OK)
        st = okt_oauth_credential(okt_oauth_ref(oauth), out, err);
    else
        return st;
    if (st != OKTA_OK)
        okt_oauth_unref(oauth);
    return st;
}

/* -------------------------------------------------------------- As text -- */

okta_status okta_device_export(const okta_device *device, char **out,
                               okta_error *err)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(OKT_STATE_MAX);
    OKT_BUF_AUTO tokens = OKT_BUF_INIT(OKT_STATE_MAX);
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin_secret(&writer);
    okta_status st;

    pthread_mutex_lock(&device->oauth->lock);
    st = okt_oauth_write(device->oauth, &tokens, err);
    pthread_mutex_unlock(&device->oauth->lock);
    if (st != OKTA_OK)
        return st;
    yyjson_mut_obj_add_str(writer.doc, root, "state", tokens.data);
    yyjson_mut_obj_add_str(writer.doc, root, "device_code", device->code);
    yyjson_mut_obj_add_str(writer.doc, root, "user_code", device->user_code);
    yyjson_mut_obj_add_str(writer.doc, root, "verification_uri", device->uri);
    if (device->uri_complete != NULL)
        yyjson_mut_obj_add_str(writer.doc, root, "verification_uri_complete",
                               device->uri_complete);
    yyjson_mut_obj_add_sint(writer.doc, root, "interval", device->interval);
    yyjson_mut_obj_add_sint(writer.doc, root, "expires", device->expires);
    okt_json_print(&writer, &text);
    st = okt_check_buf(&text, "a sign-in", err);
    if (st == OKTA_OK)
        *out = okt_buf_take(&text);
    return st;
}

okta_status okta_device_import(const char *text, okta_device **out,
                               okta_error *err)
{
    struct okt_buf all = { .len = strlen(text) };
    AUTO(okta_device) device = calloc(1, sizeof(*device));
    AUTO(yyjson_doc) doc = NULL;
    const char *state;
    yyjson_val *json;
    okta_status st;

    if (device == NULL)
        return okt_fail_memory(err);
    all.data = (char *)(uintptr_t)text; /* read only */
    st = parse(&all, &doc, err);
    if (st != OKTA_OK)
        return st;
    json = yyjson_doc_get_root(doc);
    state = okt_json_str(json, "state");
    if (state == NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "this is no sign-in that was begun: begin anew");
    st = okt_oauth_import(state, &device->oauth, err);
    if (st == OKTA_OK)
        st = read_device(device, json, err);
    device->expires = yyjson_get_sint(yyjson_obj_get(json, "expires"));
    if (st == OKTA_OK)
        *out = TAKE(device);
    return st;
}
