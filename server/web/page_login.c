/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_login.c - signing in and out.
 *
 * Whatever is wrong, a login or a password, the page says the same, after the
 * same time.
 */
#include "server/web/page_login.h"

#include <stdio.h>
#include <string.h>

#include "server/org/attempts.h"
#include "server/org/role.h"
#include "server/request/query.h"
#include "server/web/html.h"
#include "server/web/page.h"
#include "server/web/password.h"

#define WRONG                                                               \
    "This login and this password don\xe2\x80\x99t belong together. Check " \
    "both; capital letters count in the password."
#define TOO_MANY                                                           \
    "There have been too many attempts. Wait a quarter of an hour before " \
    "the next."

/* An attempt to sign in, on its way through worker and writer. */
struct sign_in {
    struct session with;               /* the session to be */
    char hash[STORE_PASSWORD_MAX + 1]; /* "": there is no way in */
    int64_t taken;                     /* when the attempt was counted */
};

/* -------------------------------------------------------------- The form -- */

/* Where sign-in leads: what the form or the query says, if it is ours. */
static const char *return_or_home(const char *path)
{
    return page_is_return(path) ? path : PATH_HOME;
}

static void show_fields(struct request *r, const char *login, bool wrong)
{
    const char *mark =
        wrong ? " aria-invalid=\"true\" aria-describedby=\"problem\"" : "";

    html(&r->reply,
         "<label for=\"login\">Login</label>\n"
         "<input id=\"login\" name=\"login\" value=\"%t\" required "
         "autocomplete=\"username\" autocapitalize=\"none\" "
         "spellcheck=\"false\"%h>\n"
         "<label for=\"password\">Password</label>\n"
         "<input id=\"password\" name=\"password\" type=\"password\" required "
         "autocomplete=\"current-password\"%h>\n"
         "<div class=\"choice\"><button>Sign in</button></div>\n</form>\n",
         login, mark, mark);
}

static int show_form(struct request *r, int status, const char *login,
                     const char *path, const char *problem)
{
    page_open(r, "Sign in", problem);
    page_form(r, PATH_LOGIN);
    html(&r->reply, "<input type=\"hidden\" name=\"return\" value=\"%t\">\n",
         return_or_home(path));
    show_fields(r, login, problem != NULL);
    return page_close(r, status, NULL);
}

static int show_form_again(struct request *r, int status, const char *problem)
{
    return show_form(r, status, page_field(r, "login"), page_field(r, "return"),
                     problem);
}

int page_login_show(struct request *r, const char *id)
{
    OKT_BUF_AUTO path = OKT_BUF_INIT(RETURN_MAX);
    int status = page_visit(r);

    (void)id;
    if (status != 200)
        return status;
    if (query_get(r->query, "return", &path) != QUERY_FOUND)
        okt_buf_clear(&path);
    okt_buf_str(&path, "");
    if (okt_buf_failed(&path))
        return page_unavailable(r);
    if (session_is_signed_in(&page_of(r)->session))
        return page_redirect(r, return_or_home(path.data));
    return show_form(r, 200, "", path.data, NULL);
}

/* ----------------------------------------------------------- The attempt -- */

static struct sign_in *sign_in_of(const struct request *r)
{
    return (struct sign_in *)(void *)page_of(r)->own;
}

static void found(const struct store_user *user, const char *hash, void *ctx)
{
    struct sign_in *a = ctx;

    snprintf(a->with.user_id, sizeof(a->with.user_id), "%s", user->id);
    snprintf(a->with.login, sizeof(a->with.login), "%s", user->login);
    if (status_allows(user->status) && strlen(hash) < sizeof(a->hash))
        memcpy(a->hash, hash, strlen(hash) + 1);
}

/* In the worker's thread. */
static store_status verify(struct request *r)
{
    return password_verify(page_field(r, "password"), sign_in_of(r)->hash)
               ? STORE_OK
               : STORE_NOT_FOUND;
}

/* In the writer's thread. What was found may have changed in the meantime. */
static store_status begin(struct store *store, void *ctx)
{
    struct request *r = ctx;
    struct sign_in *a = sign_in_of(r);
    struct sign_in *now = calloc(1, sizeof(*now));
    store_status st = STORE_FAILED;

    if (now != NULL)
        st = store->ops->password_find(store, a->with.user_id, found, now);
    if (st == STORE_OK && strcmp(now->hash, a->hash) != 0)
        st = STORE_NOT_FOUND;
    if (st == STORE_OK)
        st = session_begin(store, r, &page_of(r)->session, &a->with);
    if (now != NULL)
        okt_wipe(now, sizeof(*now));
    free(now);
    return st;
}

/* An account counts as one, however it is called. */
static const char *account_of(const struct request *r)
{
    const struct sign_in *a = sign_in_of(r);

    return a->with.user_id[0] != '\0' ? a->with.user_id
                                      : page_field(r, "login");
}

static void give_attempt_back(const struct request *r)
{
    struct attempts *attempts = r->org->attempts;
    int64_t taken = sign_in_of(r)->taken;

    attempts_give_back(attempts, ATTEMPT_SIGN_IN_ADDRESS, r->address, taken);
    attempts_give_back(attempts, ATTEMPT_SIGN_IN_ACCOUNT, account_of(r), taken);
}

static int refuse_attempt(struct request *r)
{
    page_retry_later(r);
    return show_form_again(r, 429, TOO_MANY);
}

int page_login_try(struct request *r, const char *id)
{
    int status = page_submit(r);
    struct attempts *attempts = r->org->attempts;
    struct sign_in *a;

    (void)id;
    if (status != 200)
        return status;
    a = page_own(r, sizeof(*a));
    if (a == NULL || !session_id_new(a->with.id))
        return page_unavailable(r);
    a->taken = org_now(r->org);
    if (!attempts_take(attempts, ATTEMPT_SIGN_IN_ADDRESS, r->address, a->taken))
        return refuse_attempt(r);
    if (r->store->ops->password_find(r->store, page_field(r, "login"), found,
                                     a) == STORE_FAILED)
        return page_unavailable(r);
    if (!attempts_take(attempts, ATTEMPT_SIGN_IN_ACCOUNT, account_of(r),
                       a->taken))
        return refuse_attempt(r);
    request_change(r, begin);
    return request_work(r, verify);
}

int page_login_done(struct request *r, const char *id)
{
    const char *path = return_or_home(page_field(r, "return"));

    (void)id;
    if (r->change.result == STORE_NOT_FOUND)
        return show_form_again(r, 403, WRONG);
    give_attempt_back(r);
    if (r->change.result != STORE_OK)
        return page_unavailable(r);
    session_set_cookie(r, sign_in_of(r)->with.id);
    return page_redirect(r, path);
}

/* -------------------------------------------------------------- The end -- */

static store_status end(struct store *store, void *ctx)
{
    const struct request *r = ctx;

    return session_end(store, r, &page_of(r)->session);
}

int page_logout(struct request *r, const char *id)
{
    int status = page_submit(r);

    (void)id;
    return status == 200 ? request_change(r, end) : status;
}

int page_logout_done(struct request *r, const char *id)
{
    (void)id;
    if (r->change.result != STORE_OK)
        return page_unavailable(r);
    session_set_cookie(r, "");
    return page_redirect(r, PATH_LOGIN);
}

/* ------------------------------------------------------------------ Home -- */

int page_home(struct request *r, const char *id)
{
    int status = page_visit(r);

    (void)id;
    if (status != 200)
        return status;
    if (!session_is_signed_in(&page_of(r)->session))
        return page_sign_in(r);
    page_open(r, "You are signed in", NULL);
    html(&r->reply,
         "<p>As %n. This browser stays signed in for twelve hours, or until it "
         "has not been used for two.</p>\n"
         "<p><a href=\"" PATH_ACTIVATE "\">Enter the code that a device or a "
         "terminal shows</a></p>\n",
         page_of(r)->session.login);
    return page_close(r, 200, NULL);
}
