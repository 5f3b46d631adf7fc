/* SPDX-License-Identifier: Apache-2.0 */
/* page.c - lists of any kind: pages, and the one that is asked for ahead. */
#include <string.h>

#include "lib/internal.h"

enum { PATH_MAX_LEN = 8192 };

/* One parsed answer; the objects borrow from its body and document. */
struct content {
    struct okt_buf body;
    yyjson_doc *doc;
    char *objects; /* those that match q, one behind another */
    size_t count;
    char *cursor; /* of the page behind it; NULL: none known */
};

/* What a list carries from page to page. */
struct okta_page {
    const struct okt_kind *kind;
    char *path; /* where the links must lead */
    char *q;
    char *owner;
    size_t limit; /* SIZE_MAX: as the org cuts them */
    bool single;
    bool polled; /* an empty page is the end, whatever is said to be behind */
    bool discard;
    yyjson_alc *memory;   /* of the documents: each is read in it anew */
    struct okt_buf spare; /* what a page's body was in, for the one to come */
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
    free(content->objects);
    yyjson_doc_free(content->doc);
    okt_buf_free(&content->body);
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
    yyjson_alc_dyn_free(page->memory);
    okt_buf_free(&page->spare);
    free(page->path);
    free(page->q);
    free(page->owner);
    free(page->next);
    free(page->mark);
    free(page);
}

/* -------------------------------------------------------------- Asking -- */

/*
 * Reads the link to the next page out of the headers that are in. *out is its
 * path and query on the org's own origin, or NULL.
 */
static okta_status next_path(const okta_client *client, const char *path,
                             okta_response *response, char **out,
                             okta_error *err)
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
    st = okt_own_url(client->org_url, path, response->next, &url, err);
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

static struct okt_object *object_at(const struct okt_kind *kind,
                                    const struct content *content, size_t i)
{
    return (struct okt_object *)(void *)(content->objects + i * kind->size);
}

/* Fills content->objects with those of the array that match. */
static okta_status read_objects(const okta_page *page, struct content *content,
                                okta_error *err)
{
    const struct okt_kind *kind = page->kind;
    yyjson_val *root = yyjson_doc_get_root(content->doc);
    size_t total = yyjson_arr_size(root);
    struct okt_span *spans = calloc(total + 1, sizeof(*spans));
    yyjson_arr_iter iter = yyjson_arr_iter_with(root);
    okta_status st = OKTA_OK;

    content->objects = calloc(total + 1, kind->size);
    if (spans == NULL || content->objects == NULL)
        st = okt_fail_memory(err);
    else /* where it finds no object, decoding fails too */
        (void)okt_json_objects(content->doc, content->body.data,
                               content->body.len, spans);
    for (size_t i = 0; i < total && st == OKTA_OK; i++) {
        struct okt_object *object = object_at(kind, content, content->count);
        const char *why = kind->decode(yyjson_arr_iter_next(&iter), object);

        if (why != NULL) {
            st = okt_fail(err, OKTA_ERR_PROTOCOL,
                          "the org sent %s (number %zu of the page)", why,
                          i + 1);
            continue;
        }
        object->json = spans[i].data;
        object->json_len = spans[i].len;
        content->count += kind->matches == NULL ||
                          kind->matches(object, page->q, page->owner);
    }
    free(spans);
    return st;
}

/* Takes the body out of the response; copies it where a caller wants it. */
static okta_status take_body(struct okt_call *call, bool keep,
                             struct okt_buf *out, okta_error *err)
{
    struct okt_buf *body = &call->response->body;

    out->max = body->max;
    if (!keep) {
        *out = *body;
        *body = (struct okt_buf)OKT_BUF_INIT(body->max);
    } else if (body->len > 0) {
        okt_buf_append(out, body->data, body->len);
    }
    okt_buf_append(out, "", 0); /* an empty one is a text, too */
    return okt_check_buf(out, "the list", err);
}

static okta_status read_content(const okta_page *page, struct okt_call *call,
                                bool keep_body, struct content *content,
                                okta_error *err)
{
    const char *type = okta_response_header(call->response, "Content-Type");
    const char *why;
    bool no_memory;
    okta_status st;

    if (okt_response_is_foreign(call->response))
        return okt_fail_foreign(err, call->response, call->client->org_url);
    st = take_body(call, keep_body, &content->body, err);
    if (st != OKTA_OK)
        return st;
    content->doc = okt_json_read_in(page->memory, content->body.data,
                                    content->body.len, &why, &no_memory);
    if (content->doc == NULL && no_memory)
        return okt_fail_memory(err);
    if (content->doc == NULL)
        return okt_fail(err, OKTA_ERR_PROTOCOL, "the list is not JSON (%s): %s",
                        type != NULL ? type : "no Content-Type", why);
    if (!yyjson_is_arr(yyjson_doc_get_root(content->doc)))
        return okt_fail(err, OKTA_ERR_PROTOCOL, "the list is no array");
    return read_objects(page, content, err);
}

/* -------------------------------------------------------------- Pages -- */

/* Drops what the page holds. Its body's memory serves the next one, so that
 * large blocks do not go back and forth between us and the system. */
static void discard(okta_page *page)
{
    okt_buf_free(&page->spare);
    page->spare = page->now.body;
    page->spare.len = 0;
    page->now.body = (struct okt_buf){ 0 };
    content_free(&page->now);
    page->first = 0;
}

static void use_spare(okta_page *page, struct okt_buf *body)
{
    if (page->spare.cap == 0 || page->spare.cap > body->max)
        return;
    page->spare.max = body->max;
    *body = page->spare;
    page->spare = (struct okt_buf){ 0 };
}

/* Reads the link in the headers that are in, and asks for the page there. */
static okta_status ask_ahead(okta_page *page, struct okt_call *call,
                             char **next, struct okt_call *ahead,
                             okta_error *err)
{
    okta_client *client = call->client;
    const char *path = call->url + strlen(client->org_url);
    okta_status st = OKTA_OK;
    bool stays;

    if (call->response->status == 200)
        st = next_path(client, page->path, call->response, next, err);
    stays = page->polled && *next != NULL && strcmp(*next, path) == 0;
    if (st == OKTA_OK && !stays)
        st = check_circle(page, path, *next, err);
    if (st == OKTA_OK && *next != NULL && !page->single && !stays) {
        st = okt_call_begin(ahead, client, "GET", *next, NULL, NULL, err);
        if (st == OKTA_OK) {
            use_spare(page, &ahead->response->body);
            okt_call_ahead(ahead);
        }
    }
    return st;
}

/*
 * Reads one page of the org's: its headers, then, the next page's request on
 * its way, its body. *next is the path of the page behind it.
 */
static okta_status read_page(okta_page *page, struct okt_call *call,
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

/* Drops the next page where this one is the end, once its body is read. */
static okta_status
end_polled(const okta_page *page, const struct okt_call *call, size_t count,
           char **next, struct okt_call *ahead, okta_error *err)
{
    const char *path = call->url + strlen(call->client->org_url);

    if (count > 0)
        return check_circle(page, path, *next, err);
    okt_call_end(ahead);
    free(TAKE(*next));
    return OKTA_OK;
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
    okta_status st;

    if (page->discard)
        discard(page);
    st = read_page(page, call, &next, &ahead, err);
    if (st == OKTA_OK)
        st = read_content(page, call, keep_body, &content, err);
    if (st == OKTA_OK && page->polled)
        st = end_polled(page, call, content.count, &next, &ahead, err);
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

static okta_status page_new(const struct okt_list *list, okta_page **out,
                            okta_error *err)
{
    AUTO(okta_page) page = calloc(1, sizeof(*page));
    okta_status st;

    if (page == NULL)
        return okt_fail_memory(err);
    page->memory = yyjson_alc_dyn_new();
    if (page->memory == NULL)
        return okt_fail_memory(err);
    page->kind = list->kind;
    page->single = list->single;
    page->polled = list->polled;
    page->discard = list->discard;
    page->limit = list->limit > 0 ? (size_t)list->limit : SIZE_MAX;
    page->steps_to_mark = 1;
    st = okt_copy(list->path, &page->path, err);
    if (st == OKTA_OK)
        st = okt_copy(list->q, &page->q, err);
    if (st == OKTA_OK)
        st = okt_copy(list->owner, &page->owner, err);
    if (st != OKTA_OK)
        return st;
    *out = TAKE(page);
    return OKTA_OK;
}

okta_status okt_list_begin(okta_client *client, const struct okt_list *list,
                           okta_response *response, okta_page **out,
                           okta_error *err)
{
    OKT_CALL_AUTO call = { 0 };
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_MAX_LEN);
    AUTO(okta_page) page = NULL;
    okta_status st;

    okt_buf_printf(&path, "%s%s", list->path, list->query);
    st = okt_check_buf(&path, "the request's path", err);
    if (st == OKTA_OK)
        st = page_new(list, &page, err);
    if (st == OKTA_OK)
        st = okt_call_begin(&call, client, "GET", path.data, NULL, NULL, err);
    if (st == OKTA_OK)
        st = turn_for(page, &call, response, err);
    if (st != OKTA_OK)
        return st;
    *out = TAKE(page);
    return OKTA_OK;
}

/* Where the page ends among the objects that the org sent together. */
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

const struct okt_object *okt_page_object(const okta_page *page,
                                         const struct okt_kind *kind, size_t i)
{
    return page->kind == kind ? object_at(kind, &page->now, page->first + i)
                              : NULL;
}

bool okta_page_more(const okta_page *page)
{
    return window_end(page) < page->now.count || page->next != NULL;
}

const char *okta_page_cursor(const okta_page *page)
{
    return window_end(page) < page->now.count ? NULL : page->now.cursor;
}
