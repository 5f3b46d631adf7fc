/* SPDX-License-Identifier: Apache-2.0 */
/* api_tokens.c - /api/v1/api-tokens: the five operations. */
#include "server/api/api_tokens.h"

#include <stdio.h>
#include <string.h>

#include "server/api/cursor.h"
#include "server/dispatch/auth.h"
#include "server/oauth/access_token.h"
#include "server/org/event.h"
#include "server/org/token.h"
#include "server/org/zone.h"
#include "server/request/query.h"
#include "server/request/request.h"
#include "wire/api.h"
#include "wire/link.h"
#include "wire/percent.h"
#include "wire/token_json.h"

enum { Q_MAX = 256, URL_MAX = 4096, WHOLE_MAX = 1000 };

/* ------------------------------------------------------------------ List -- */

struct list {
    struct request *request;
    int64_t now;
    int64_t limit; /* 0: none */
    bool whole;    /* no page was asked for */
    int64_t count;
    bool more;
    struct okt_buf q;
    struct okt_buf after;
    struct cursor last; /* of a page that is full */
};

static void note_last(struct list *list, const struct store_token *token)
{
    snprintf(list->last.id, sizeof(list->last.id), "%s", token->id);
    snprintf(list->last.name, sizeof(list->last.name), "%s", token->name);
}

static bool show_one(const struct store_token *row, void *ctx)
{
    struct list *list = ctx;
    struct request *r = list->request;
    struct store_token token = *row;

    if (!okt_q_matches(list->q.data, token.name, token.client_name) ||
        !token_refresh(&token, r->org->renewals, list->now))
        return true;
    if (list->limit > 0 && list->count == list->limit) {
        list->more = true;
        return false;
    }
    if (list->count > 0)
        okt_buf_char(&r->reply, ',');
    token_show(&r->reply, &token, r->base_url);
    list->count++;
    if (list->count == list->limit)
        note_last(list, &token);
    return !okt_buf_failed(&r->reply);
}

/* Writes a link to a page of this list. Behind a list that is too long to come
 * whole there are the largest pages. */
static void link_page(const struct list *list, const char *after,
                      const char *rel, struct okt_buf *out)
{
    OKT_BUF_AUTO url = OKT_BUF_INIT(URL_MAX);
    int64_t limit = list->whole ? OKT_LIMIT_MAX : list->limit;
    char mark = '?';

    okt_buf_printf(&url, "%s%s", list->request->base_url, OKT_PATH_API_TOKENS);
    if (after[0] != '\0') {
        okt_buf_printf(&url, "%cafter=%s", mark, after);
        mark = '&';
    }
    if (after[0] != '\0' || !list->whole) {
        okt_buf_printf(&url, "%climit=%lld", mark, (long long)limit);
        mark = '&';
    }
    if (list->q.len > 0) {
        okt_buf_printf(&url, "%cq=", mark);
        okt_percent_encode(&url, list->q.data);
    }
    if (okt_buf_failed(&url))
        out->state = OKT_BUF_NO_MEMORY;
    else
        okt_link_write(out, url.data, rel);
}

static int link_pages(struct list *list)
{
    OKT_BUF_AUTO cursor = OKT_BUF_INIT(CURSOR_MAX);
    struct request *r = list->request;

    link_page(list, list->after.data, "self", &r->link_self);
    if (list->more) {
        cursor_write(&cursor, r->org->cursor_key, &list->last, list->q.data,
                     r->caller.id);
        if (okt_buf_failed(&cursor))
            return reply_internal(r);
        link_page(list, cursor.data, "next", &r->link_next);
    }
    if (okt_buf_failed(&r->link_self) || okt_buf_failed(&r->link_next))
        return reply_internal(r);
    return reply_json(r);
}

static int show_list(struct list *list, const struct store_position *after)
{
    struct request *r = list->request;

    okt_buf_char(&r->reply, '[');
    if (r->store->ops->token_search(r->store,
                                    list->q.len > 0 ? list->q.data : "", after,
                                    show_one, list) != STORE_OK)
        return reply_unavailable(r);
    okt_buf_char(&r->reply, ']');
    return list->whole && !list->more ? reply_json(r) : link_pages(list);
}

/* False: the reply says what is wrong with it. */
static bool read_limit(struct list *list)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(16);
    struct request *r = list->request;
    enum query_result result = query_get(r->query, "limit", &text);
    long value = OKT_LIMIT_DEFAULT;

    list->whole = result == QUERY_ABSENT && list->after.len == 0 &&
                  r->org->paging == PAGING_ASKED;
    if (list->whole) {
        list->limit = WHOLE_MAX;
        return true;
    }
    if (result == QUERY_FOUND && (text.len == 0 || text.len > 9 ||
                                  strspn(text.data, "0123456789") != text.len))
        result = QUERY_BAD;
    if (result == QUERY_FOUND)
        value = strtol(text.data, NULL, 10);
    if (result == QUERY_BAD || value < OKT_LIMIT_MIN || value > OKT_LIMIT_MAX) {
        r->status =
            reply_invalid(r, "limit", "limit: must be a number from 1 to 200");
        return false;
    }
    list->limit = value;
    return true;
}

static bool read_q(struct list *list)
{
    struct request *r = list->request;

    if (query_get(r->query, "q", &list->q) == QUERY_BAD) {
        r->status =
            reply_invalid(r, "q", "q: must be one text of at most 256 bytes");
        return false;
    }
    okt_buf_str(&list->q, ""); /* never NULL */
    return !okt_buf_failed(&list->q);
}

/* *given: there is a cursor, and place is what it says. */
static bool read_after(struct list *list, struct cursor *place, bool *given)
{
    struct request *r = list->request;
    enum query_result result = query_get(r->query, "after", &list->after);

    *given = result == QUERY_FOUND;
    if (result == QUERY_ABSENT)
        return true;
    if (result == QUERY_FOUND &&
        cursor_read(list->after.data, r->org->cursor_key, list->q.data,
                    r->caller.id, place))
        return true;
    r->status = reply_invalid(r, "after", "after: not a cursor of this list");
    return false;
}

static int list_page(struct list *list)
{
    struct cursor place;
    bool given;

    if (!read_q(list) || !read_after(list, &place, &given) || !read_limit(list))
        return list->request->status;
    return show_list(list,
                     given ? &(struct store_position){ place.name, place.id }
                           : NULL);
}

int api_tokens_list(struct request *r, const char *id)
{
    struct list list = {
        .request = r,
        .now = org_now(r->org),
        .q = OKT_BUF_INIT(Q_MAX),
        .after = OKT_BUF_INIT(CURSOR_MAX),
    };
    int status;

    (void)id;
    r->status = 500; /* for a reader that has run out of memory */
    list.whole = r->org->paging == PAGING_NEVER;
    status = list.whole ? show_list(&list, NULL) : list_page(&list);
    okt_buf_free(&list.q);
    okt_buf_free(&list.after);
    return status;
}

/* ------------------------------------------------------------------- Get -- */

static int not_found(struct request *r, const char *id)
{
    return reply_not_found(r, id, "Token");
}

/* Puts a token that is alive into the reply. */
static bool show_alive(const struct store_token *row, void *ctx)
{
    struct request *r = ctx;
    struct store_token token = *row;

    if (token_refresh(&token, r->org->renewals, org_now(r->org)))
        token_show(&r->reply, &token, r->base_url);
    return false;
}

int api_tokens_get(struct request *r, const char *id)
{
    store_status st = r->store->ops->token_by_id(r->store, id, show_alive, r);

    if (st == STORE_FAILED)
        return reply_unavailable(r);
    if (r->reply.len == 0 && !okt_buf_failed(&r->reply))
        return not_found(r, id);
    return reply_json(r);
}

/* ------------------------------------------------------- What changes do -- */

struct alive {
    const struct request *request;
    char *name; /* where to keep it; NULL: nowhere */
    bool is;
};

static bool look(const struct store_token *row, void *ctx)
{
    struct alive *alive = ctx;
    struct store_token token = *row;
    const struct org *org = alive->request->org;

    alive->is = token_refresh(&token, org->renewals, org_now(org));
    if (alive->name != NULL)
        snprintf(alive->name, STORE_NAME_MAX + 1, "%s", token.name);
    return false;
}

static store_status is_alive(struct store *store, const struct request *r,
                             const char *id, char *name)
{
    struct alive alive = { .request = r, .name = name };
    store_status st = store->ops->token_by_id(store, id, look, &alive);

    return st == STORE_OK && !alive.is ? STORE_NOT_FOUND : st;
}

/* What there is to know of the caller's own API token. */
struct own_token {
    const struct request *request;
    struct caller *caller;
    bool good; /* it is alive, and its owner is active */
    char connection[STORE_NAME_MAX + 1];
    struct okt_buf include;
    struct okt_buf exclude;
};

static bool look_at_own(const struct store_token *row, void *ctx)
{
    struct own_token *own = ctx;
    struct store_token token = *row;
    const struct org *org = own->request->org;

    own->good = token_refresh(&token, org->renewals, org_now(org)) &&
                status_allows(token.owner_status);
    snprintf(own->caller->roles, sizeof(own->caller->roles), "%s",
             token.owner_roles);
    snprintf(own->connection, sizeof(own->connection), "%s", token.connection);
    okt_buf_str(&own->include, token.include);
    okt_buf_str(&own->exclude, token.exclude);
    return false;
}

/* The same as when the request was let in. */
static store_status check_own_token(struct store *store, struct request *r)
{
    struct own_token own = { .request = r,
                             .caller = &r->caller,
                             .include = OKT_BUF_INIT(STORE_ZONES_MAX),
                             .exclude = OKT_BUF_INIT(STORE_ZONES_MAX) };
    store_status st =
        store->ops->token_by_hash(store, r->caller.hash, look_at_own, &own);
    const struct store_network network = { own.connection, own.include.data,
                                           own.exclude.data };

    if (st == STORE_OK && !own.good)
        st = STORE_NOT_FOUND;
    if (okt_buf_failed(&own.include) || okt_buf_failed(&own.exclude))
        st = STORE_FAILED;
    if (st == STORE_OK)
        st = network_admits(store, &network, r->address);
    okt_buf_free(&own.include);
    okt_buf_free(&own.exclude);
    return st;
}

/* NOT_FOUND: nobody would let the caller in by now. */
static store_status check_caller(struct store *store, struct request *r)
{
    struct caller *c = &r->caller;
    const struct store_bearer bearer = { c->client_id, c->user_id, c->grant_id,
                                         c->jti, c->kid };
    struct standing standing;
    store_status st;

    if (c->client_id[0] == '\0')
        return check_own_token(store, r);
    st = access_standing(store, &bearer, &standing);
    snprintf(c->roles, sizeof(c->roles), "%s", standing.roles);
    return st == STORE_OK && !standing.good ? STORE_NOT_FOUND : st;
}

static bool may_still(const struct request *r)
{
    return roles_allow(r->caller.roles, r->route->scope);
}

/*
 * Inside the writer's transaction: since the caller was checked, the token may
 * have been revoked or restricted, and its owner suspended or left without the
 * role, by a change that stood before this one in the queue. Then the change is
 * not made, and a caller who is nobody any more is forgotten.
 */
static store_status check_both(struct store *store, struct request *r)
{
    store_status st = check_caller(store, r);

    if (st == STORE_NOT_FOUND)
        r->caller.id[0] = '\0';
    if (st == STORE_OK && !may_still(r))
        return STORE_NOT_FOUND;
    return st == STORE_OK ? is_alive(store, r, r->target, r->target_name) : st;
}

/* What both kinds of change come back with, when they were not made. */
static int reply_unchanged(struct request *r, const char *id)
{
    if (r->change.result != STORE_NOT_FOUND)
        return reply_unavailable(r);
    if (r->caller.id[0] == '\0')
        return auth_refuse_caller(r);
    return may_still(r) ? not_found(r, id) : auth_refuse_role(r);
}

/* ---------------------------------------------------------------- Revoke -- */

static store_status apply_revoke(struct store *store, void *ctx)
{
    struct request *r = ctx;
    store_status st = check_both(store, r);

    if (st == STORE_OK)
        st = store->ops->token_remove(store, r->target);
    return st == STORE_OK ? event_add_of_request(store, r, EVENT_REVOKE) : st;
}

int api_tokens_revoke(struct request *r, const char *id)
{
    r->target = id;
    return request_change(r, apply_revoke);
}

int api_tokens_revoke_current(struct request *r, const char *id)
{
    (void)id;
    r->target = r->caller.id;
    return request_change(r, apply_revoke);
}

int api_tokens_revoked(struct request *r, const char *id)
{
    return r->change.result == STORE_OK ? 204 : reply_unchanged(r, id);
}

/* -------------------------------------------------------------- Restrict -- */

static store_status apply_restrict(struct store *store, void *ctx)
{
    struct request *r = ctx;
    store_status st = check_both(store, r);

    if (st == STORE_OK)
        st = store->ops->token_restrict(store, r->target, &r->network,
                                        org_now(r->org));
    if (st == STORE_OK)
        st = event_add_of_request(store, r, EVENT_UPDATE);
    if (st == STORE_OK)
        st = store->ops->token_by_id(store, r->target, show_alive, r);
    return st;
}

static const char *join(yyjson_val *list, struct okt_buf *out)
{
    yyjson_arr_iter iter;
    yyjson_val *item;

    okt_buf_str(out, "");
    yyjson_arr_iter_init(list, &iter);
    while ((item = yyjson_arr_iter_next(&iter)) != NULL) {
        if (out->len > 0)
            okt_buf_char(out, ' ');
        okt_buf_str(out, yyjson_get_str(item));
    }
    return out->data;
}

/* Reads the body; 200 or the status of the reply. */
static int read_network(struct request *r)
{
    const char *why;
    bool no_memory = false;
    AUTO(yyjson_doc)
    doc = okt_json_read_request(r->body.data, r->body.len, &why, &no_memory);
    struct okt_network_view view;

    if (no_memory)
        return reply_internal(r);
    if (doc == NULL || !yyjson_is_obj(yyjson_doc_get_root(doc)))
        return reply_error(r, 400, OKT_E_MALFORMED,
                           "The request body was not well-formed.", NULL);
    why = okt_network_decode(yyjson_doc_get_root(doc), &view);
    if (why != NULL)
        return reply_invalid(r, "network", why);
    r->network = (struct store_network){
        .connection =
            strcmp(view.connection, OKT_ZONE) == 0 ? OKT_ZONE : OKT_ANYWHERE,
        .include = join(view.include, &r->include),
        .exclude = join(view.exclude, &r->exclude),
    };
    if (okt_buf_failed(&r->include) || okt_buf_failed(&r->exclude))
        return reply_internal(r);
    return 200;
}

/* What is wrong with the zones of an update, a text each. */
struct complaints {
    char text[OKT_ZONES_MAX][128];
    const char *causes[OKT_ZONES_MAX];
    size_t count;
};

static void note_usable(const struct store_zone *zone, void *ctx)
{
    const char **why = ctx;

    if (strcmp(zone->type, ZONE_TYPE_IP) != 0)
        *why = "is no IP zone";
    else if (!zone_is_usable(zone))
        *why = "is not active";
    else
        *why = NULL;
}

static store_status check_zone(struct store *store, const char *list,
                               const char *id, struct complaints *complaints)
{
    const char *why = "does not exist";
    store_status st;

    if (strcmp(id, OKT_ALL_ZONES) == 0)
        return STORE_OK;
    st = store->ops->zone_find(store, id, note_usable, &why);
    if (st == STORE_FAILED)
        return st;
    if (why != NULL && complaints->count < OKT_ZONES_MAX) {
        char *text = complaints->text[complaints->count];

        snprintf(text, sizeof(complaints->text[0]),
                 "network.%s: the zone %s %s", list,
                 okt_has_secret(id) ? "***" : id, why);
        complaints->causes[complaints->count++] = text;
    }
    return STORE_OK;
}

static store_status check_zones(struct store *store, const char *list,
                                const char *ids, struct complaints *complaints)
{
    while (*ids != '\0') {
        size_t len = strcspn(ids, " ");
        char id[OKT_ID_MAX + 1];

        snprintf(id, sizeof(id), "%.*s", (int)len, ids);
        if (check_zone(store, list, id, complaints) != STORE_OK)
            return STORE_FAILED;
        ids += len;
        ids += *ids == ' ';
    }
    return STORE_OK;
}

/* 200, or the status of the reply. */
static int check_network(struct request *r)
{
    struct complaints complaints = { .count = 0 };

    if (check_zones(r->store, "include", r->network.include, &complaints) !=
            STORE_OK ||
        check_zones(r->store, "exclude", r->network.exclude, &complaints) !=
            STORE_OK)
        return reply_unavailable(r);
    if (complaints.count == 0)
        return 200;
    return reply_invalid_causes(r, "network", complaints.causes,
                                complaints.count);
}

int api_tokens_restrict(struct request *r, const char *id)
{
    store_status st = is_alive(r->store, r, id, NULL);
    int status;

    if (st == STORE_NOT_FOUND)
        return not_found(r, id);
    if (st != STORE_OK)
        return reply_unavailable(r);
    status = read_network(r);
    if (status == 200)
        status = check_network(r);
    if (status != 200)
        return status;
    r->target = id;
    return request_change(r, apply_restrict);
}

int api_tokens_restricted(struct request *r, const char *id)
{
    return r->change.result == STORE_OK ? reply_json(r)
                                        : reply_unchanged(r, id);
}
