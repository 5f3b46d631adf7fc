/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h - what all pages share: who is looking, forms that are our own, the
 * layout, and the fields of the header that keep a page to itself.
 *
 *     int login_show(struct request *r, const char *id)
 *     {
 *         int status = page_visit(r);
 *
 *         if (status != 200)
 *             return status;
 *         page_open(r, "Sign in", NULL);
 *         html(&r->reply, "<p>%t</p>", ...);
 *         return page_close(r, 200, NULL);
 *     }
 */
#ifndef ORGD_WEB_PAGE_H
#define ORGD_WEB_PAGE_H

#include "server/oauth/oauth.h"
#include "server/request/form.h"
#include "server/request/request.h"
#include "server/web/session.h"

#define PATH_HOME "/"
#define PATH_LOGIN "/login"
#define PATH_LOGOUT "/logout"
#define PATH_ACTIVATE "/activate"
#define PATH_DECIDE "/activate/decide"

#define FIELD_TOKEN "form_token"

enum { RETURN_MAX = 2048 };

struct page {
    struct session session;
    struct form form; /* of a POST */
    size_t own_size;
    unsigned char *own; /* the handler's, until done; NULL: none */
};

/*
 * Begin the answer to a GET, and to a POST, of which the form is read and held
 * to be our own. 200, or the status of the reply that is filled.
 */
int page_visit(struct request *request);
int page_submit(struct request *request);

/* What they found out. */
struct page *page_of(const struct request *request);

/* Zeroed memory for what the handler still needs when it is done; wiped and
 * freed with the request. NULL: out of memory. */
void *page_own(struct request *request, size_t size);

/* The form's field; "" where there is none. */
const char *page_field(const struct request *request, const char *name);

/* The head of a page, its heading and what was wrong with the form that led to
 * it; NULL: nothing. The window's title says that, too. */
void page_open(struct request *request, const char *title, const char *problem);

/* The beginning of a form that is sent to path, with its token. */
void page_form(struct request *request, const char *path);

/* A sentence about what is wrong, which screen readers announce. It has the id
 * "problem". */
void page_problem(struct request *request, const char *text);

/* The end. form_target: where its forms may lead to beside the org itself, as a
 * source of a Content-Security-Policy; NULL: nowhere. */
int page_close(struct request *request, int status, const char *form_target);

/* A page that has nothing but that to say. */
int page_message(struct request *request, int status, const char *title,
                 const char *text);

/* 503. */
int page_unavailable(struct request *request);

/* Adds that a window of attempts.h must end first. */
void page_retry_later(struct request *request);

/* 303, or 500 where the path can't be one. */
int page_redirect(struct request *request, const char *path);

/* To the sign-in page, and from there back to where this request went. */
int page_sign_in(struct request *request);

/* Whether path is one that sign-in may lead back to: of a page of ours, and of
 * nobody else's. */
bool page_is_return(const char *path);

#endif
