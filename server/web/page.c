/* SPDX-License-Identifier: Apache-2.0 */
/* page.c - what all pages share. */
#include "server/web/page.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "server/org/attempts.h"
#include "server/web/html.h"
#include "server/web/style.h"
#include "wire/percent.h"

#define HTML "text/html; charset=utf-8"

enum { POLICY_MAX = 1024 };

/* ------------------------------------------------------------- The state -- */

static void page_free(void *state)
{
    struct page *page = state;

    form_free(&page->form);
    okt_wipe(page->own, page->own_size);
    free(page->own);
    okt_wipe(page, sizeof(*page));
    free(page);
}

struct page *page_of(const struct request *r)
{
    return r->state;
}

void *page_own(struct request *r, size_t size)
{
    struct page *page = page_of(r);

    page->own = calloc(1, size);
    page->own_size = page->own != NULL ? size : 0;
    return page->own;
}

const char *page_field(const struct request *r, const char *name)
{
    return form_text(&page_of(r)->form, name);
}

/* ------------------------------------------------------------ The layout -- */

static const char *host_of(const struct request *r)
{
    return strstr(r->base_url, "://") + strlen("://");
}

/* Who is signed in, and the way out. */
static void add_person(struct request *r)
{
    const struct page *page = page_of(r);

    if (page == NULL || !session_is_signed_in(&page->session))
        return;
    html(&r->reply, "<div class=\"person\"><span>%n</span>",
         page->session.login);
    page_form(r, PATH_LOGOUT);
    okt_buf_str(&r->reply,
                "<button class=\"quiet\">Sign out</button></form></div>\n");
}

void page_open(struct request *r, const char *title, const char *problem)
{
    okt_buf_clear(&r->reply);
    html(&r->reply,
         "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
         "<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<title>%h%t \xe2\x80\x93 %t</title>\n"
         "<link rel=\"stylesheet\" href=\"" STYLE_PATH "\">\n"
         "</head>\n<body>\n<header>\n<p class=\"org\">%t</p>\n",
         problem != NULL ? "Error: " : "", title, host_of(r), host_of(r));
    add_person(r);
    html(&r->reply, "</header>\n<main>\n<h1>%t</h1>\n", title);
    if (problem != NULL)
        page_problem(r, problem);
}

void page_form(struct request *r, const char *path)
{
    char token[FORM_TOKEN_LEN + 1];

    if (!session_token(r->org, &page_of(r)->session, token)) {
        r->reply.state = OKT_BUF_NO_MEMORY;
        return;
    }
    html(&r->reply,
         "<form method=\"post\" action=\"%t\">\n"
         "<input type=\"hidden\" name=\"" FIELD_TOKEN "\" value=\"%t\">\n",
         path, token);
    okt_wipe(token, sizeof(token));
}

void page_problem(struct request *r, const char *text)
{
    html(&r->reply,
         "<p class=\"problem\" id=\"problem\" role=\"alert\">%t</p>\n", text);
}

/* Nothing is loaded but our style, nothing runs, nobody frames it, and no form
 * is sent elsewhere. */
static void add_headers(struct request *r, const char *form_target)
{
    OKT_BUF_AUTO policy = OKT_BUF_INIT(POLICY_MAX);

    okt_buf_printf(&policy,
                   "default-src 'none'; style-src 'self'; form-action "
                   "'self'%s%s; frame-ancestors 'none'; base-uri 'none'",
                   form_target != NULL ? " " : "",
                   form_target != NULL ? form_target : "");
    reply_header_add(r, "Content-Security-Policy",
                     okt_buf_failed(&policy) ? "default-src 'none'"
                                             : policy.data);
    reply_header_add(r, "Referrer-Policy", "no-referrer");
    reply_header_add(r, "X-Content-Type-Options", "nosniff");
    reply_header_add(r, "X-Frame-Options", "DENY");
    reply_header_add(r, "Cross-Origin-Opener-Policy", "same-origin");
}

int page_close(struct request *r, int status, const char *form_target)
{
    okt_buf_str(&r->reply, "</main>\n<footer>\n<p>Served by okta-orgd. "
                           "Not affiliated with Okta.</p>\n"
                           "</footer>\n</body>\n</html>\n");
    if (okt_buf_failed(&r->reply))
        return reply_internal(r);
    r->content_type = HTML;
    add_headers(r, form_target);
    return status;
}

int page_message(struct request *r, int status, const char *title,
                 const char *text)
{
    page_open(r, title, NULL);
    html(&r->reply, "<p>%t</p>\n", text);
    return page_close(r, status, NULL);
}

int page_unavailable(struct request *r)
{
    return page_message(r, 503, "Not just now",
                        "The org can\xe2\x80\x99t do this at the moment. "
                        "Nothing was changed; try again in a little while.");
}

void page_retry_later(struct request *r)
{
    char seconds[16];

    snprintf(seconds, sizeof(seconds), "%d", ATTEMPTS_WINDOW);
    reply_header_add(r, "Retry-After", seconds);
}

/* ------------------------------------------------------------ Coming in -- */

int page_visit(struct request *r)
{
    struct page *page = calloc(1, sizeof(*page));

    if (page == NULL)
        return reply_internal(r);
    r->state = page;
    r->state_free = page_free;
    if (session_read(r, &page->session) != STORE_OK)
        return page_unavailable(r);
    return 200;
}

/*
 * Browsers say where a form stood. The Referrer-Policy of our own pages makes
 * them say "null", which tells nothing either way; then the token decides
 * alone.
 */
static bool is_from_elsewhere(const struct request *r)
{
    const char *origin = r->headers[HEADER_ORIGIN];
    const char *site = r->headers[HEADER_SEC_FETCH_SITE];

    if (origin != NULL && strcmp(origin, "null") != 0 &&
        okt_casecmp(origin, r->base_url) != 0)
        return true;
    return site != NULL && strcmp(site, "same-origin") != 0 &&
           strcmp(site, "none") != 0;
}

static int refuse_form(struct request *r)
{
    return page_message(r, 403, "This form is not valid any more",
                        "It was made for another browser or an earlier "
                        "sign-in, or cookies are off. Nothing was done. Go "
                        "back, load the page again and send it once more.");
}

int page_submit(struct request *r)
{
    int status = page_visit(r);
    struct page *page = page_of(r);

    if (status != 200)
        return status;
    if (form_parse(&page->form, r->headers[HEADER_CONTENT_TYPE], r->body.data,
                   r->body.len) != NULL)
        return page_message(r, 400, "This is no form of ours",
                            "What was sent could not be read. Nothing was "
                            "done.");
    if (is_from_elsewhere(r) ||
        !session_token_is(r->org, &page->session, page_field(r, FIELD_TOKEN)))
        return refuse_form(r);
    return 200;
}

/* ------------------------------------------------------------ Going on -- */

int page_redirect(struct request *r, const char *path)
{
    okt_buf_clear(&r->reply);
    reply_header_add(r, "Location", path);
    add_headers(r, NULL);
    return okt_buf_failed(&r->added) ? reply_internal(r) : 303;
}

bool page_is_return(const char *path)
{
    static const char *const pages[] = { PATH_HOME, PATH_ACTIVATE,
                                         PATH_AUTHORIZE };
    size_t len = strcspn(path, "?");

    if (strlen(path) > RETURN_MAX)
        return false;
    for (const char *p = path; *p != '\0'; p++)
        if (*p <= ' ' || *p > '~' || strchr("\"#<>\\^`{|}", *p) != NULL)
            return false;
    for (size_t i = 0; i < ARRAY_LEN(pages); i++)
        if (strlen(pages[i]) == len && strncmp(path, pages[i], len) == 0)
            return true;
    return false;
}

int page_sign_in(struct request *r)
{
    OKT_BUF_AUTO here = OKT_BUF_INIT(RETURN_MAX);
    OKT_BUF_AUTO path = OKT_BUF_INIT(REPLY_HEADER_MAX * 2);

    okt_buf_printf(&here, "%s%s%s", r->path, r->query != NULL ? "?" : "",
                   r->query != NULL ? r->query : "");
    okt_buf_str(&path, PATH_LOGIN);
    if (!okt_buf_failed(&here) && page_is_return(here.data)) {
        okt_buf_str(&path, "?return=");
        okt_percent_encode(&path, here.data);
    }
    if (okt_buf_failed(&path))
        return reply_internal(r);
    return page_redirect(r, path.data);
}
