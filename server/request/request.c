/* SPDX-License-Identifier: Apache-2.0 */
/* request.c - the way of a request, and the replies that are alike. */
#include "server/request/request.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "server/dispatch/auth.h"
#include "server/fault/request_log.h"
#include "server/http/listen.h"
#include "server/oauth/dpop.h"
#include "server/web/page.h"
#include "wire/error_json.h"

/* ----------------------------------------------------- Making and ending -- */

static void buffers_init(struct request *r)
{
    r->seen = (struct okt_buf)OKT_BUF_INIT(JOURNAL_HEADERS_MAX);
    r->body = (struct okt_buf)OKT_BUF_INIT(BODY_MAX);
    r->reply = (struct okt_buf)OKT_BUF_INIT(REPLY_MAX);
    r->include = (struct okt_buf)OKT_BUF_INIT(STORE_ZONES_MAX);
    r->exclude = (struct okt_buf)OKT_BUF_INIT(STORE_ZONES_MAX);
    r->added = (struct okt_buf)OKT_BUF_INIT(REPLY_HEADERS_MAX);
    r->link_self = (struct okt_buf)OKT_BUF_INIT(REPLY_HEADER_MAX);
    r->link_next = (struct okt_buf)OKT_BUF_INIT(REPLY_HEADER_MAX);
    r->challenge = (struct okt_buf)OKT_BUF_INIT(REPLY_HEADER_MAX);
    r->proof = (struct okt_buf)OKT_BUF_INIT(DPOP_USED_MAX);
    r->allow = (struct okt_buf)OKT_BUF_INIT(REPLY_HEADER_MAX);
}

struct request *request_new(const struct org *org, const char *target)
{
    struct request *r = calloc(1, sizeof(*r));
    char *mark;

    if (r == NULL)
        return NULL;
    r->org = org;
    r->base_url = org->public_url;
    buffers_init(r);
    r->path = strdup(target);
    if (r->path == NULL || !request_id_new(r->request_id)) {
        request_free(r);
        return NULL;
    }
    mark = strchr(r->path, '?');
    if (mark != NULL) {
        *mark = '\0';
        r->query = mark + 1;
    }
    return r;
}

const char *request_own_path(const struct request *r, const char *url)
{
    const char *path = public_url_path(r->base_url, url);

    return path != NULL ? path : public_url_path(r->org->public_url, url);
}

void request_free(struct request *r)
{
    if (r == NULL)
        return;
    if (r->state != NULL)
        r->state_free(r->state);
    /* Somebody may have put a secret where an id belongs. */
    if (r->query != NULL)
        okt_wipe(r->path, strlen(r->path) + 1 + strlen(r->query));
    okt_free_secret(r->path);
    okt_buf_free(&r->seen);
    okt_buf_free(&r->body);
    okt_buf_free(&r->reply);
    okt_buf_free(&r->include);
    okt_buf_free(&r->exclude);
    okt_buf_free(&r->added);
    okt_buf_free(&r->link_self);
    okt_buf_free(&r->link_next);
    okt_buf_free(&r->challenge);
    okt_buf_free(&r->proof);
    okt_buf_free(&r->allow);
    request_free_fault(r);
    free(r->more_state);
    okt_wipe(r, sizeof(*r));
    free(r);
}

/* --------------------------------------------------------------- Replies -- */

static int reply_causes(struct request *r, int status, const char *code,
                        const char *summary, const char *const *causes,
                        size_t count)
{
    char id[ERROR_ID_LEN + 1];

    if (!error_id_new(id))
        return reply_internal(r);
    okt_buf_clear(&r->reply);
    okt_error_encode(&r->reply, code, summary, id, causes, count);
    r->content_type = "application/json";
    return status;
}

int reply_error(struct request *r, int status, const char *code,
                const char *summary, const char *cause)
{
    return reply_causes(r, status, code, summary, &cause, cause != NULL);
}

int reply_invalid_causes(struct request *r, const char *field,
                         const char *const *causes, size_t count)
{
    char summary[128];

    snprintf(summary, sizeof(summary), "Api validation failed: %s", field);
    return reply_causes(r, 400, OKT_E_VALIDATION, summary, causes, count);
}

int reply_invalid(struct request *r, const char *field, const char *cause)
{
    return reply_invalid_causes(r, field, &cause, 1);
}

/* Whether only programs ask there, whatever they take. */
static bool is_of_programs(const char *path)
{
    static const char *const parts[] = { "/api", "/oauth2", "/.well-known",
                                         "/_org" };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        size_t len = strlen(parts[i]);

        if (strncmp(path, parts[i], len) == 0 &&
            (path[len] == '\0' || path[len] == '/'))
            return true;
    }
    return false;
}

static bool is_page(const struct request *r)
{
    if (r->route != NULL)
        return r->route->scope == SCOPE_PAGE;
    return r->browses && !is_of_programs(r->path);
}

int reply_unavailable(struct request *r)
{
    if (is_page(r))
        return page_unavailable(r);
    return reply_error(r, 503, OKT_E_INTERNAL, "Internal Server Error", NULL);
}

void reply_header_add(struct request *r, const char *name, const char *value)
{
    /* More than there is room for: latched, and seen before it is sent. */
    if (value[strcspn(value, "\r\n")] != '\0')
        okt_buf_reserve(&r->added, REPLY_HEADERS_MAX + 1);
    okt_buf_append(&r->added, name, strlen(name) + 1);
    okt_buf_append(&r->added, value, strlen(value) + 1);
}

bool reply_header_next(const struct request *r, size_t *at, const char **name,
                       const char **value)
{
    if (okt_buf_failed(&r->added) || *at >= r->added.len)
        return false;
    *name = r->added.data + *at;
    *value = *name + strlen(*name) + 1;
    *at = (size_t)(*value - r->added.data) + strlen(*value) + 1;
    return true;
}

/* Without random bytes or memory, so with nothing that takes them. */
int reply_internal(struct request *r)
{
    okt_buf_free(&r->added);
    okt_buf_free(&r->reply);
    r->content_type = NULL;
    return 500;
}

int reply_bad_token(struct request *r)
{
    return reply_error(r, 401, OKT_E_BAD_TOKEN, "Invalid token provided", NULL);
}

int reply_not_found(struct request *r, const char *id, const char *kind)
{
    char summary[ROUTE_ID_MAX + 80];

    snprintf(summary, sizeof(summary), "Not found: Resource not found: %s (%s)",
             okt_has_secret(id) ? "***" : id, kind);
    return reply_error(r, 404, OKT_E_NOT_FOUND, summary, NULL);
}

int reply_json(struct request *r)
{
    if (okt_buf_failed(&r->reply))
        return reply_internal(r);
    r->content_type = "application/json";
    return 200;
}

static int reply_no_path(struct request *r)
{
    if (is_page(r))
        return page_message(r, 404, "There is no such page",
                            "Nothing is at this address. Check it, or begin "
                            "at the start page of the org.");
    return reply_error(r, 404, OKT_E_NO_PATH,
                       "The requested path was not found", NULL);
}

static int reply_no_method(struct request *r)
{
    if (is_page(r))
        return page_message(
            r, 405, "Nothing to see here",
            "A form is sent to this address; it can\xe2\x80\x99t "
            "be opened. Go back to the page that the form "
            "was on.");
    return reply_error(r, 405, OKT_E_METHOD,
                       "The endpoint does not support the provided HTTP method",
                       NULL);
}

static int reply_limited(struct request *r)
{
    if (is_page(r))
        return page_message(r, 429, "Too many requests",
                            "There have been too many requests from where you "
                            "are. Wait a minute, then try again.");
    return reply_error(r, 429, OKT_E_RATE_LIMIT,
                       "API call exceeded rate limit due to too many requests.",
                       NULL);
}

/* --------------------------------------------------------------- The way -- */

/* Whether the request may reach its handler; if not, the reply is filled, or
 * it is later, once the refusal is in the log. */
static bool admit(struct request *r, const struct route *routes, size_t count)
{
    r->status = route_find(routes, count, r->method, r->path, &r->route, r->id);
    if (routes_are_open(routes, count)) /* nobody else finds the style there */
        r->browses = false;
    if (r->status == 404)
        r->status = reply_no_path(r);
    if (r->status == 405) {
        route_allow(routes, count, r->path, &r->allow);
        r->status = reply_no_method(r);
    }
    if (r->status == 200 && r->route->scope != SCOPE_OPEN &&
        r->route->scope != SCOPE_PAGE)
        r->status = auth_check(r);
    return r->status == 200;
}

/* A caller that is nobody counts by its network, and at no endpoint. */
static bool take(struct request *r)
{
    char endpoint[LIMIT_KEY_MAX + 1];
    char network[ADDRESS_TEXT_MAX];

    if (r->caller.id[0] == '\0')
        return limits_take(r->org->limits,
                           address_network(r->address, network) ? network
                                                                : r->address,
                           NULL, org_now(r->org), &r->limit);
    route_endpoint(r->route, endpoint, sizeof(endpoint));
    return limits_take(r->org->limits, r->caller.id, endpoint, org_now(r->org),
                       &r->limit);
}

static int answer(struct request *r, const struct route *routes, size_t count)
{
    bool admitted = admit(r, routes, count);
    bool open = routes_are_open(routes, count);

    if (!open && r->fault == NULL && !take(r)) {
        okt_buf_clear(&r->challenge);
        r->status = reply_limited(r);
    } else if ((open || !request_is_faulty(r)) && admitted) {
        r->status = auth_spend(r);
        if (r->status == 200)
            r->status = r->route->handle(r, r->id);
    }
    return r->status;
}

int request_answer(struct request *r, const struct route *routes, size_t count)
{
    /* The probes tell of a store that can't be read: they need none. */
    if (routes_are_open(routes, count))
        return answer(r, routes, count);
    if (r->store->ops->begin_read(r->store) != STORE_OK)
        return r->status = reply_unavailable(r);
    answer(r, routes, count);
    r->store->ops->commit(r->store);
    return r->status;
}

int request_finish(struct request *r)
{
    r->status = r->refused.id[0] != '\0' ? reply_bad_token(r)
                                         : r->route->done(r, r->id);
    return r->status;
}

int request_change(struct request *r,
                   store_status (*apply)(struct store *store, void *request))
{
    r->change.apply = apply;
    return REQUEST_LATER;
}

int request_work(struct request *r, store_status (*work)(struct request *r))
{
    r->work = work;
    return REQUEST_LATER;
}
