/* SPDX-License-Identifier: Apache-2.0 */
/* oauth_device.c - POST /oauth2/v1/device/authorize. */
#include <stdio.h>
#include <string.h>

#include "server/http/listen.h"
#include "server/oauth/app.h"
#include "server/oauth/device.h"
#include "server/oauth/oauth.h"
#include "server/org/attempts.h"
#include "server/web/page.h"
#include "wire/json.h"

enum { TRIES = 4 }; /* to make a user code that nobody else has */

/* What is told to the device. */
struct start {
    struct client client;
    struct oauth_fault fault;
    char scopes[STORE_SCOPES_MAX + 1];
    char device_code[OKT_SECRET_LEN + 1];
    char user_code[DEVICE_CODE_LEN + 1];
};

static void start_free(void *state)
{
    okt_wipe(state, sizeof(struct start));
    free(state);
}

/* -------------------------------------------------------------- The change --
 */

static store_status add_once(struct store *store, const struct request *r,
                             struct start *s)
{
    const int64_t now = org_now(r->org);
    const struct store_device device = {
        .client_id = s->client.id,
        .scopes = s->scopes,
        .address = r->address,
        .status = DEVICE_PENDING,
        .user_id = "",
        .created = now,
        .expires = now + DEVICE_SECONDS,
    };
    unsigned char hash[SECRET_HASH_LEN];
    unsigned char user_hash[SECRET_HASH_LEN];

    if (!secret_new(s->device_code) || !secret_hash(s->device_code, hash) ||
        !device_code_new(s->user_code) ||
        !device_code_hash(r->org, s->user_code, user_hash))
        return STORE_FAILED;
    return store->ops->device_add(store, &device, hash, user_hash);
}

static const struct oauth_fault too_many = {
    503, "temporarily_unavailable",
    "Too many devices wait; try again in some minutes."
};

/* Whoever asks need not be anybody: there is an end to how many may wait. */
static store_status add(struct store *store, const struct request *r,
                        struct start *s)
{
    int64_t count;
    store_status st = store->ops->device_count(store, org_now(r->org), &count);

    if (st != STORE_OK)
        return st;
    if (count >= DEVICES_MAX) {
        s->fault = too_many;
        return STORE_OK;
    }
    st = STORE_CONFLICT;
    for (int i = 0; i < TRIES && st == STORE_CONFLICT; i++)
        st = add_once(store, r, s);
    return st;
}

static store_status apply(struct store *store, void *ctx)
{
    struct request *r = ctx;
    struct start *s = r->state;
    store_status st = client_spend(store, &s->client);

    if (st == STORE_CONFLICT) {
        s->fault = (struct oauth_fault){
            401, "invalid_client",
            "The client_assertion token has already been used."
        };
        return STORE_OK;
    }
    if (st == STORE_OK && s->fault.error == NULL)
        st = add(store, r, s);
    return st == STORE_OK ? st : STORE_FAILED;
}

/* ------------------------------------------------------------- The request --
 */

/* From one address, or one network, nobody can use up what all have. */
static bool takes_too_much(const struct request *r)
{
    char site[ADDRESS_TEXT_MAX];
    int64_t now = org_now(r->org);

    return !address_site(r->address, site) ||
           !attempts_take(r->org->attempts, ATTEMPT_DEVICE, r->address, now) ||
           !attempts_take(r->org->attempts, ATTEMPT_DEVICE_SITE, site, now);
}

static struct oauth_fault check(const struct request *r,
                                const struct form *form, struct start *s)
{
    OKT_BUF_AUTO scopes = OKT_BUF_INIT(STORE_SCOPES_MAX);
    struct oauth_fault fault = { 400, "unauthorized_client",
                                 "The client is not authorized to use the "
                                 "provided grant type." };

    if (strcmp(s->client.type, APP_SERVICE) == 0)
        return fault;
    fault = oauth_scopes(&s->client, form_text(form, "scope"), &scopes);
    if (fault.error == NULL)
        snprintf(s->scopes, sizeof(s->scopes), "%s", scopes.data);
    return fault.error == NULL && takes_too_much(r) ? too_many : fault;
}

static int begin(struct request *r, const struct form *form)
{
    struct start *s = calloc(1, sizeof(*s));
    int status;

    if (s == NULL)
        return reply_unavailable(r);
    r->state = s;
    r->state_free = start_free;
    status = client_check(r, form, &s->client);
    if (status != 200)
        return status;
    s->fault = check(r, form, s);
    if (s->fault.error != NULL && !s->client.to_spend)
        return oauth_fault(r, &s->fault);
    return request_change(r, apply);
}

int oauth_device(struct request *r, const char *id)
{
    FORM_AUTO form = { 0 };
    int status = oauth_form(r, &form);

    (void)id;
    return status == 200 ? begin(r, &form) : status;
}

/* -------------------------------------------------------------- The answer --
 */

static int show(struct request *r, const struct start *s)
{
    OKT_JSON_WRITER_AUTO writer;
    OKT_BUF_AUTO uri = OKT_BUF_INIT(1024);
    OKT_BUF_AUTO complete = OKT_BUF_INIT(1024);
    yyjson_mut_val *root = okt_json_begin_secret(&writer);
    yyjson_mut_doc *doc = writer.doc;

    okt_buf_printf(&uri, "%s" PATH_ACTIVATE, r->base_url);
    okt_buf_printf(&complete, "%s" PATH_ACTIVATE "?user_code=%s", r->base_url,
                   s->user_code);
    if (okt_buf_failed(&uri) || okt_buf_failed(&complete))
        return reply_unavailable(r);
    yyjson_mut_obj_add_str(doc, root, "user_code", s->user_code);
    yyjson_mut_obj_add_str(doc, root, "device_code", s->device_code);
    yyjson_mut_obj_add_int(doc, root, "interval", DEVICE_INTERVAL);
    yyjson_mut_obj_add_str(doc, root, "verification_uri_complete",
                           complete.data);
    yyjson_mut_obj_add_str(doc, root, "verification_uri", uri.data);
    yyjson_mut_obj_add_int(doc, root, "expires_in", DEVICE_SECONDS);
    okt_json_print(&writer, &r->reply);
    return reply_json(r);
}

int oauth_device_done(struct request *r, const char *id)
{
    const struct start *s = r->state;

    (void)id;
    if (r->change.result != STORE_OK)
        return reply_unavailable(r);
    return s->fault.error != NULL ? oauth_fault(r, &s->fault) : show(r, s);
}
