/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_authorize.c - an app sends a browser here to be allowed something.
 *
 * What it asks for comes in the address, and is sent back with the answer as
 * hidden fields; both times all of it is read and checked. So nothing has to be
 * kept of a question that nobody answers.
 */
#include "server/web/page_authorize.h"

#include <string.h>

#include "base/mem.h"
#include "server/oauth/authorize.h"
#include "server/oauth/oauth.h"
#include "server/web/page.h"
#include "server/web/page_consent.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define BAD_LINK "This link does not work"

static struct authorization *authorization_of(const struct request *r)
{
    return (struct authorization *)(void *)page_of(r)->own;
}

/* ------------------------------------------------------------ Sending back --
 */

static int send_back(struct request *r)
{
    OKT_BUF_AUTO location = OKT_BUF_INIT(REPLY_HEADER_MAX * 2);

    authorize_location(r->base_url, authorization_of(r), &location);
    if (okt_buf_failed(&location))
        return page_unavailable(r);
    return page_redirect(r, location.data);
}

static int send_error(struct request *r, const char *error,
                      const char *description)
{
    authorization_of(r)->error = error;
    authorization_of(r)->description = description;
    return send_back(r);
}

/* 200: the request is good, and is page_own. */
static int check(struct request *r, const struct form *form)
{
    struct authorization *a = page_own(r, sizeof(*a));
    const char *why;

    if (a == NULL)
        return page_unavailable(r);
    why = authorize_read(r, form, a);
    if (why != NULL)
        return why[0] == '\0' ? page_unavailable(r)
                              : page_message(r, 400, BAD_LINK, why);
    return a->error != NULL ? send_back(r) : 200;
}

/* ------------------------------------------------------------ The question --
 */

static int ask(struct request *r)
{
    const struct authorization *a = authorization_of(r);
    const struct consent_field fields[] = {
        { "response_type", "code" },
        { "client_id", a->client_id },
        { "redirect_uri", a->redirect_uri },
        { "scope", a->scopes },
        { "state", a->state },
        { "code_challenge", a->challenge },
        { "code_challenge_method", "S256" },
    };

    return page_consent(r, &(struct consent){
                               .app = a->app_name,
                               .scopes = a->scopes,
                               .leads_to = a->redirect_uri,
                               .action = PATH_AUTHORIZE,
                               .fields = fields,
                               .field_count = ARRAY_LEN(fields),
                           });
}

static int check_query(struct request *r)
{
    const char *query = r->query != NULL ? r->query : "";
    FORM_AUTO form = { 0 };
    const char *why = form_parse(&form, FORM_TYPE, query, strlen(query));

    if (why == FORM_NO_MEMORY)
        return page_unavailable(r);
    if (why != NULL)
        return page_message(r, 400, BAD_LINK,
                            "It can be read in more than one way, or not at "
                            "all. Whoever made it has to mend it.");
    return check(r, &form);
}

int page_authorize_show(struct request *r, const char *id)
{
    int status = page_visit(r);
    bool signed_in;

    (void)id;
    if (status == 200)
        status = check_query(r);
    if (status != 200)
        return status;
    signed_in = session_is_signed_in(&page_of(r)->session);
    if (!authorization_of(r)->silent)
        return signed_in ? ask(r) : page_sign_in(r);
    if (!signed_in)
        return send_error(r, "login_required", "Nobody is signed in.");
    return send_error(r, "consent_required",
                      "The app was not allowed to act for the user.");
}

/* -------------------------------------------------------------- The answer --
 */

/* In the writer's thread. */
static store_status grant(struct store *store, void *ctx)
{
    const struct request *r = ctx;
    const struct session *session = &page_of(r)->session;
    store_status st = session_check(store, r, session);

    if (st != STORE_OK)
        return st;
    return authorize_grant(store, r, authorization_of(r), session->user_id,
                           session->login);
}

int page_authorize_decide(struct request *r, const char *id)
{
    int status = page_submit(r);

    (void)id;
    if (status != 200)
        return status;
    if (!session_is_signed_in(&page_of(r)->session))
        return page_redirect(r, PATH_LOGIN);
    status = check(r, &page_of(r)->form);
    if (status != 200)
        return status;
    if (!page_consent_allows(r))
        return send_error(r, "access_denied",
                          "The user has not allowed the app to act.");
    return request_change(r, grant);
}

int page_authorize_decided(struct request *r, const char *id)
{
    (void)id;
    if (r->change.result == STORE_NOT_FOUND)
        return page_redirect(r, PATH_LOGIN);
    return r->change.result == STORE_OK ? send_back(r) : page_unavailable(r);
}
