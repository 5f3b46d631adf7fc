/* SPDX-License-Identifier: Apache-2.0 */
/* authorize.c - what an app asks a browser to have allowed. */
#include "server/oauth/authorize.h"

#include <stdio.h>
#include <string.h>

#include "server/oauth/app.h"
#include "server/org/event.h"
#include "server/org/scope.h"
#include "wire/percent.h"

#define NO_APP                                                               \
    "The link names no app that this org knows, or one that is not active. " \
    "Whoever made it has to mend it."
#define NO_RETURN                                                              \
    "The link leads back to a place that its app has not registered. Whoever " \
    "made it has to mend it; you are sent nowhere."

/* --------------------------------------------------------------- Reading -- */

struct lookup {
    const char *redirect_uri;
    struct authorization *out;
    bool active;
    bool listed; /* the redirect URI */
};

static void keep(const struct store_app *app, void *ctx)
{
    struct lookup *l = ctx;
    struct authorization *a = l->out;

    l->active = strcmp(app->status, APP_ACTIVE) == 0 &&
                strcmp(app->type, APP_SERVICE) != 0;
    l->listed = scopes_have(app->redirect_uris, l->redirect_uri);
    snprintf(a->client_id, sizeof(a->client_id), "%s", app->id);
    snprintf(a->app_name, sizeof(a->app_name), "%s", app->name);
    snprintf(a->allowed, sizeof(a->allowed), "%s", app->scopes);
}

/* Nothing of the request is sent anywhere before its app and the place where
 * that wants to be told are known to belong together. */
static const char *find_app(const struct request *r, const struct form *form,
                            struct authorization *out)
{
    struct lookup l = { form_text(form, "redirect_uri"), out, false, false };
    const char *id = form_text(form, "client_id");
    store_status st = r->store->ops->app_find(r->store, id, keep, &l);

    if (st == STORE_FAILED)
        return "";
    if (st != STORE_OK || !l.active)
        return NO_APP;
    if (l.redirect_uri[0] == '\0' ||
        strlen(l.redirect_uri) > AUTHORIZE_URI_MAX ||
        strchr(l.redirect_uri, ' ') != NULL || !l.listed)
        return NO_RETURN;
    snprintf(out->redirect_uri, sizeof(out->redirect_uri), "%s",
             l.redirect_uri);
    return NULL;
}

static void fail(struct authorization *a, const char *error,
                 const char *description)
{
    if (a->error != NULL)
        return; /* the first one counts */
    a->error = error;
    a->description = description;
}

static void read_scopes(const struct form *form, struct authorization *a)
{
    OKT_BUF_AUTO scopes = OKT_BUF_INIT(STORE_SCOPES_MAX);
    OKT_BUF_AUTO given = OKT_BUF_INIT(STORE_SCOPES_MAX);

    if (!scopes_read(form_text(form, "scope"), &scopes) ||
        !scopes_are_known(scopes.data))
        fail(a, "invalid_scope",
             "One or more scopes are not configured for the authorization "
             "server resource.");
    else if (scopes.len == 0)
        fail(a, "invalid_scope", "No scopes were requested.");
    else if (!scopes_for_user(scopes.data, a->allowed, &given) ||
             given.len == 0)
        fail(a, "access_denied", "The app may not ask for all of the scopes.");
    else
        snprintf(a->scopes, sizeof(a->scopes), "%s", given.data);
}

static void read_challenge(const struct form *form, struct authorization *a)
{
    const char *challenge = form_text(form, "code_challenge");
    OKT_BUF_AUTO bytes = OKT_BUF_INIT(SECRET_HASH_LEN);

    if (strcmp(form_text(form, "code_challenge_method"), "S256") != 0 ||
        !okt_base64url_decode(challenge, strlen(challenge), &bytes) ||
        okt_buf_failed(&bytes) || bytes.len != SECRET_HASH_LEN)
        fail(a, "invalid_request",
             "PKCE code challenge is required, with the method S256.");
    else
        snprintf(a->challenge, sizeof(a->challenge), "%s", challenge);
}

const char *authorize_read(const struct request *r, const struct form *form,
                           struct authorization *out)
{
    const char *state = form_text(form, "state");
    const char *mode = form_get(form, "response_mode");
    const char *why = find_app(r, form, out);

    if (why != NULL)
        return why;
    if (strlen(state) > AUTHORIZE_STATE_MAX)
        fail(out, "invalid_request", "The state is too long.");
    else
        snprintf(out->state, sizeof(out->state), "%s", state);
    if (strcmp(form_text(form, "response_type"), "code") != 0)
        fail(out, "unsupported_response_type",
             "The response_type must be code.");
    if (mode != NULL && strcmp(mode, "query") != 0)
        fail(out, "invalid_request", "The response_mode must be query.");
    read_challenge(form, out);
    read_scopes(form, out);
    out->silent = strcmp(form_text(form, "prompt"), "none") == 0;
    return NULL;
}

/* -------------------------------------------------------------- Granting -- */

static store_status add_event(struct store *store, const struct request *r,
                              const struct authorization *a,
                              const char *user_id, const char *login)
{
    struct store_event event = {
        .published = org_now(r->org),
        .type = EVENT_CODE,
        .actor_id = user_id,
        .actor_login = login,
        .target_type = EVENT_APP,
        .target_id = a->client_id,
        .target_name = a->app_name,
        .address = r->address,
        .request_id = r->request_id,
        .client_id = a->client_id,
    };

    return event_add(store, &event);
}

store_status authorize_grant(struct store *store, const struct request *r,
                             struct authorization *a, const char *user_id,
                             const char *login)
{
    const struct store_code code = {
        .client_id = a->client_id,
        .user_id = user_id,
        .scopes = a->scopes,
        .redirect_uri = a->redirect_uri,
        .challenge = a->challenge,
        .grant_id = "",
        .expires = org_now(r->org) + CODE_SECONDS,
    };
    unsigned char hash[SECRET_HASH_LEN];
    store_status st;

    if (!secret_new(a->code) || !secret_hash(a->code, hash))
        return STORE_FAILED;
    st = store->ops->code_add(store, &code, hash);
    return st == STORE_OK ? add_event(store, r, a, user_id, login) : st;
}

/* ------------------------------------------------------------ Sending back --
 */

static void add(struct okt_buf *out, char mark, const char *name,
                const char *value)
{
    okt_buf_printf(out, "%c%s=", mark, name);
    okt_percent_encode(out, value);
}

void authorize_location(const char *issuer, const struct authorization *a,
                        struct okt_buf *out)
{
    char mark = strchr(a->redirect_uri, '?') != NULL ? '&' : '?';

    okt_buf_str(out, a->redirect_uri);
    if (a->error != NULL) {
        add(out, mark, "error", a->error);
        add(out, '&', "error_description", a->description);
    } else {
        add(out, mark, "code", a->code);
    }
    if (a->state[0] != '\0')
        add(out, '&', "state", a->state);
    add(out, '&', "iss", issuer); /* RFC 9207 */
}
