/* SPDX-License-Identifier: Apache-2.0 */
/* page.c - listApiTokens: pages, the one asked for ahead, and the iterator. */
#include <string.h>

#include "api.h"
#include "id.h"
#include "internal.h"

enum { PATH_MAX_LEN = 8192 };

/* One parsed answer; the tokens borrow from its body and document. */
struct content {
    char *body;
    yyjson_doc *doc;
    okta_api_token *tokens; /* those that match q */
    size_t count;
    char *cursor; /* of the page behind it; NULL: none known */
};

/* What a list carries from page to page. */
struct okta_page {
    char *q;
    size_t limit; /* SIZE_MAX: as the org cuts them */
    bool single;
    struct content now;
    size_t first;          /* the window into now that is this page */
    char *next;            /* path and query of the org's next page, or NULL */
    struct okt_call ahead; /* the request for it; client NULL: none */
    char *mark;            /* an earlier next, to notice a circle (Brent) */
    size_t steps;
    size_t steps_to_mark;
};

static void content_free(struct content *content)
{
    free(content->tokens);
    yyjson_doc_free(content->doc);
    free(content->body);
    free(content->cursor);
    *content = (struct content){ 0 };
}

#define CONTENT_AUTO __attribute__((cleanup(content_free))) struct content

void okta_page_free(okta_page *page)
{
    if (page == NULL)
        return;
    okt_call_end(&page->ahead);
    content_free(&page->now);
    free(page->q);
    free(page->next);
    free(page->mark);
    free(page);
}

/* -------------------------------------------------------------- Asking -- */

static okta_status check_options(const okta_list_options *o, okta_error *err)
{
    if (o->limit < 0 || o->limit > OKT_LIMIT_MAX)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "limit must be %d to %d",
                        OKT_LIMIT_MIN, OKT_LIMIT_MAX);
    if (o->q != NULL && okt_has_secret(o->q))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the text to look for has the shape of a token's "
                        "secret: nothing was sent");
    return OKTA_OK;
}

static okta_status first_path(const okta_list_options *o, char **out,
                              okta_error *err)
{
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_MAX_LEN);
    char mark = '?';
    okta_status st;

    okt_buf_str(&path, OKT_PATH_API_TOKENS);
    if (o->after != NULL) {
        okt_buf_printf(&path, "%cafter=", mark);
        okt_url_escape(&path, o->after);
        mark = '&';
    }
    if (o->limit > 0) {
        okt_buf_printf(&path, "%climit=%d", mark, o->limit);
        mark = '&';
    }
    if (o->q != NULL) {
        okt_buf_printf(&path, "%cq=", mark);
        okt_url_escape(&path, o->q);
    }
    st = okt_check_buf(&path, "the request's path", err);
    if (st == OKTA_OK)
        *out = okt_buf_take(&path);
    return st;
}

/*
 * Reads the link to the next page out of the headers that are in. *out is its
 * path and query on the org's own origin, or NULL.
 */
static okta_status next_path(const okta_client *client, okta_response *response,
                             char **out, okta_error *err)
{
    AUTO(char) url = NULL;
    okta_status st = okt_response_read_link(response, err);

    *out = NULL;
    if (st != OKTA_OK)
        return st;
    if (response->next == NULL)
        return response->bad_link
                   ? okt_fail(err, OKTA_ERR_PROTOCOL,
                              "a Link header that can't be read: this may not "
                              "be the last page")
                   : OKTA_OK;
    st = okt_own_url(client->org_url, OKT_PATH_API_TOKENS, response->next, &url,
                     err);
    if (st != OKTA_OK)
        return st;
    return okt_copy(url + strlen(client->org_url), out, err);
}

/* A link that came before leads round in a circle. */
static okta_status check_circle(const okta_page *page, const char *path,
                                const char *next, okta_error *err)
{
    if (next == NULL || (strcmp(next, path) != 0 &&
                         (page->mark == NULL || strcmp(next, page->mark) != 0)))
        return OKTA_OK;
    return okt_fail(err, OKTA_ERR_PROTOCOL,
                    "the link to the next page leads to a page that was "
                    "already read");
}

/* Remembers every link that is twice as far as the one before. */
static okta_status note_step(okta_page *page, const char *next, okta_error *err)
{
    AUTO(char) mark = NULL;
    okta_status st;

    if (next == NULL || page->steps + 1 < page->steps_to_mark) {
        page->steps++;
        return OKTA_OK;
    }
    st = okt_copy(next, &mark, err);
    if (st != OKTA_OK)
        return st;
    page->steps = 0;
    page->steps_to_mark *= 2;
    free(page->mark);
    page->mark = TAKE(mark);
    return OKTA_OK;
}

/* ------------------------------------------------------------- Reading -- */

/* Fills content->tokens with those of the array that match. */
static okta_status read_tokens(struct content *content, size_t len,
                               const char *q, okta_error *err)
{
    yyjson_val *root = yyjson_doc_get_root(content->doc);
    size_t total = yyjson_arr_size(root);
    struct okt_span *spans = calloc(total + 1, sizeof(*spans));
    yyjson_arr_iter iter = yyjson_arr_iter_with(root);
    okta_status st = OKTA_OK;

    content->tokens = calloc(total + 1, sizeof(content->tokens[0]));
    if (spans == NULL || content->tokens == NULL)
        st = okt_fail_memory(err);
    else /* where it finds no object, decoding fails too */
        (void)okt_json_objects(content->doc, content->body, len, spans);
    for (size_t i = 0; i < total && st == OKTA_OK; i++) {
        okta_api_token *token = &content->tokens[content->count];
        const char *why =
            okt_api_token_decode(yyjson_arr_iter_next(&iter), token);

        if (why != NULL) {
            st = okt_fail(err, OKTA_ERR_PROTOCOL,
                          "the org sent %s (number %zu of the page)", why,
                          i + 1);
            continue;
        }
        token->json = spans[i].data;
        token->json_len = spans[i].len;
        content->count +=
            okt_q_matches(q, token->view.name, token->view.client_name);
    }
    free(spans);
    return st;
}

/* Takes the body out of the response; copies it where a caller wants it. */
static okta_status take_body(struct okt_call *call, bool keep, char **out,
                             size_t *len, okta_error *err)
{
    struct okt_buf *body = &call->response->body;

    *len = body->len;
    if (!keep) {
        *out = okt_buf_take(body);
        return *out != NULL ? OKTA_OK : okt_fail_memory(err);
    }
    *out = malloc(body->len + 1);
    if (*out == NULL)
        return okt_fail_memory(err);
    memcpy(*out, body->len > 0 ? body->data : "", body->len);
    (*out)[body->len] = '\0';
    return OKTA_OK;
}

static okta_status read_content(struct okt_call *call, bool keep_body,
                                const char *q, struct content *content,
                                okta_error *err)
{
    const char *type = okta_response_header(call->response, "Content-Type");
    const char *why;
    bool no_memory;
    size_t len;
    okta_status st = take_body(call, keep_body, &content->body, &len, err);

    if (st != OKTA_OK)
        return st;
    content->doc = okt_json_read(content->body, len, &why, &no_memory);
    if (content->doc == NULL && no_memory)
        return okt_fail_memory(err);
    if (content->doc == NULL)
        return okt_fail(err, OKTA_ERR_PROTOCOL, "the list is not JSON (%s): %s",
                        type != NULL ? type : "no Content-Type", why);
    if (!yyjson_is_arr(yyjson_doc_get_root(content->doc)))
        return okt_fail(err, OKTA_ERR_PROTOCOL, "the list is no array");
    return read_tokens(content, len, q, err);
}

/* -------------------------------------------------------------- Pages -- */

/* Reads the link in the headers that are in, and asks for the page there. */
static okta_status ask_ahead(const okta_page *page, struct okt_call *call,
                             char **next, struct okt_call *ahead,
                             okta_error *err)
{
    okta_client *client = call->client;
    const char *path = call->url + strlen(client->org_url);
    okta_status st = OKTA_OK;

    if (call->response->status == 200)
        st = next_path(client, call->response, next, err);
    if (st == OKTA_OK)
        st = check_circle(page, path, *next, err);
    if (st == OKTA_OK && *next != NULL && !page->single) {
        st = okt_call_begin(ahead, client, "GET", *next, NULL, NULL, err);
        if (st == OKTA_OK)
            okt_call_ahead(ahead);
    }
    return st;
}

/*
 * Reads one page of the org's: its headers, then, the next page's request on
 * its way, its body. *next is the path of the page behind it.
 */
static okta_status read_page(const okta_page *page, struct okt_call *call,
                             char **next, struct okt_call *ahead,
                             okta_error *err)
{
    okta_status st = okt_call_headers(call, err);
    int attempts = call->response->attempts;

    if (st == OKTA_OK)
        st = ask_ahead(page, call, next, ahead, err);
    if (st == OKTA_OK)
        st = okt_call_finish(call, err);
    if (st == OKTA_OK && call->response->attempts != attempts) {
        /* The body broke off: what came in its place counts, its link too. */
        okt_call_end(ahead);
        free(TAKE(*next));
        st = ask_ahead(page, call, next, ahead, err);
    }
    if (st == OKTA_OK && call->response->status != 200)
        st = okt_fail(err, OKTA_ERR_PROTOCOL, "expected HTTP 200, got %d",
                      call->response->status);
    return st;
}

/* Makes content, and what is behind it, what the page holds. */
static void replace(okta_page *page, struct content *content, char *next,
                    struct okt_call *ahead)
{
    content_free(&page->now);
    page->now = *content;
    *content = (struct content){ 0 };
    page->first = 0;
    free(page->next);
    page->next = next;
    okt_call_end(&page->ahead);
    okt_call_move(&page->ahead, ahead);
}

/* Replaces what the page holds by what the call brings. */
static okta_status turn(okta_page *page, struct okt_call *call, bool keep_body,
                        okta_error *err)
{
    CONTENT_AUTO content = { 0 };
    OKT_CALL_AUTO ahead = { 0 };
    AUTO(char) next = NULL;
    okta_status st = read_page(page, call, &next, &ahead, err);

    if (st == OKTA_OK)
        st = read_content(call, keep_body, page->q, &content, err);
    if (st == OKTA_OK && next != NULL)
        st = okt_url_param(next, "after", &content.cursor, err);
    if (st == OKTA_OK)
        st = note_step(page, next, err);
    if (st == OKTA_OK)
        replace(page, &content, TAKE(next), &ahead);
    return st;
}

/*
 * The same, with the response handed to the caller, who may want none. The
 * call has one of its own: it may have been under way before the caller came.
 */
static okta_status turn_for(okta_page *page, struct okt_call *call,
                            okta_response *response, okta_error *err)
{
    okta_status st = turn(page, call, response != NULL && page->single, err);

    if (response != NULL) {
        okta_response theirs = *response;

        *response = *call->response;
        *call->response = theirs;
    }
    return st;
}

static okta_status page_new(const okta_list_options *o, okta_page **out,
                            okta_error *err)
{
    AUTO(okta_page) page = calloc(1, sizeof(*page));
    okta_status st;

    if (page == NULL)
        return okt_fail_memory(err);
    page->single = o->single;
    page->limit = o->limit > 0 ? (size_t)o->limit : SIZE_MAX;
    page->steps_to_mark = 1;
    st = okt_copy(o->q, &page->q, err);
    if (st != OKTA_OK)
        return st;
    *out = TAKE(page);
    return OKTA_OK;
}

okta_status
okta_api_token_list(okta_client *client, const okta_list_options *options,
                    okta_response *response, okta_page **out, okta_error *err)
{
    okta_list_options o = OKTA_LIST_OPTIONS_INIT;
    OKT_CALL_AUTO call = { 0 };
    AUTO(okta_page) page = NULL;
    AUTO(char) path = NULL;
    okta_status st;

    if (options != NULL && !okt_copy_options(&o, sizeof(o), options))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "options of another version of okta.h: begin with "
                        "OKTA_LIST_OPTIONS_INIT");
    st = check_options(&o, err);
    if (st == OKTA_OK)
        st = first_path(&o, &path, err);
    if (st == OKTA_OK)
        st = page_new(&o, &page, err);
    if (st == OKTA_OK)
        st = okt_call_begin(&call, client, "GET", path, NULL, NULL, err);
    if (st == OKTA_OK)
        st = turn_for(page, &call, response, err);
    if (st != OKTA_OK)
        return st;
    *out = TAKE(page);
    return OKTA_OK;
}

/* Where the page ends among the tokens that the org sent together. */
static size_t window_end(const okta_page *page)
{
    size_t left = page->now.count - page->first;

    return page->first + (left < page->limit ? left : page->limit);
}

okta_status okta_page_next(okta_client *client, okta_page *page,
                           okta_response *response, okta_error *err)
{
    OKT_CALL_AUTO call = { 0 };
    okta_status st;

    if (response != NULL)
        okt_response_clear(response);
    if (window_end(page) < page->now.count) {
        page->first = window_end(page);
        return OKTA_OK;
    }
    if (page->next == NULL)
        return OKTA_DONE;
    if (page->ahead.client == client) {
        okt_call_move(&call, &page->ahead);
        return turn_for(page, &call, response, err);
    }
    st = okt_call_begin(&call, client, "GET", page->next, NULL, NULL, err);
    return st == OKTA_OK ? turn_for(page, &call, response, err) : st;
}

size_t okta_page_count(const okta_page *page)
{
    return window_end(page) - page->first;
}

const okta_api_token *okta_page_api_token(const okta_page *page, size_t i)
{
    return &page->now.tokens[page->first + i];
}

bool okta_page_more(const okta_page *page)
{
    return window_end(page) < page->now.count || page->next != NULL;
}

const char *okta_page_cursor(const okta_page *page)
{
    return window_end(page) < page->now.count ? NULL : page->now.cursor;
}

/* ------------------------------------------------------------ Iterator -- */

struct okta_iter {
    okta_client *client;
    okta_page *page;
    size_t next;
};

okta_status okta_api_token_iter(okta_client *client,
                                const okta_list_options *options,
                                okta_iter **out, okta_error *err)
{
    AUTO(okta_iter) iter = calloc(1, sizeof(*iter));
    okta_status st;

    if (iter == NULL)
        return okt_fail_memory(err);
    iter->client = client;
    st = okta_api_token_list(client, options, NULL, &iter->page, err);
    if (st != OKTA_OK)
        return st;
    *out = TAKE(iter);
    return OKTA_OK;
}

okta_status okta_iter_next(okta_iter *iter, const okta_api_token **out,
                           okta_error *err)
{
    while (iter->next >= okta_page_count(iter->page)) {
        okta_status st = okta_page_next(iter->client, iter->page, NULL, err);

        if (st != OKTA_OK)
            return st;
        iter->next = 0;
    }
    *out = okta_page_api_token(iter->page, iter->next++);
    return OKTA_OK;
}

void okta_iter_free(okta_iter *iter)
{
    if (iter == NULL)
        return;
    okta_page_free(iter->page);
    free(iter);
}
