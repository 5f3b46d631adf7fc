/* SPDX-License-Identifier: Apache-2.0 */
/* lockout.c - the last known address of a token, held against a condition. */
#include "cli/change/lockout.h"

#include <string.h>

#include "base/buf.h"
#include "cli/change/target.h"
#include "wire/api.h"
#include "wire/iso8601.h"

enum { LOG_DAYS = 90, DAY = 86400, FILTER_MAX = 256 };

#define SHUT_OUT "whether this shuts out who uses it is unknown: "

/* ---------------------------------------------------------- The condition --
 */

/* An address on its way through the zones of one list. */
struct look {
    const struct okt_address *address;
    bool in;      /* it is in one */
    bool allowed; /* in one that is active */
    bool unknown; /* one may hold it or not */
};

static void look_at(struct look *look, const struct zone *zone)
{
    if (zone == NULL || !zone->known) {
        look->unknown = true;
        return;
    }
    if (!zone_holds(zone, look->address))
        return;
    look->in = true;
    look->allowed = look->allowed || zone->active;
}

static void look_at_all(struct look *look, const struct zones *zones)
{
    look->unknown = look->unknown || zones == NULL;
    for (size_t i = 0; zones != NULL && i < zones->count; i++)
        if (zones->list[i].ip)
            look_at(look, &zones->list[i]);
}

static void look_through(struct look *look, const char *const *ids,
                         size_t count, const struct zones *zones)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(ids[i], OKT_ALL_ZONES) == 0)
            look_at_all(look, zones);
        else
            look_at(look, zones_find(zones, ids[i]));
    }
}

enum reach reach_of(const okta_network *network, const struct zones *zones,
                    const char *text)
{
    struct okt_address address;
    struct look include = { .address = &address };
    struct look exclude = { .address = &address };

    if (strcmp(network->connection, OKT_ANYWHERE) == 0)
        return REACH_IN;
    if (!okt_address_parse(text, &address))
        return REACH_UNKNOWN;
    look_through(&include, network->include, network->include_count, zones);
    look_through(&exclude, network->exclude, network->exclude_count, zones);
    if (exclude.in ||
        (network->include_count > 0 && !include.allowed && !include.unknown))
        return REACH_OUT;
    if (exclude.unknown || (network->include_count > 0 && !include.allowed))
        return REACH_UNKNOWN;
    return REACH_IN;
}

/* ---------------------------------------------------------------- The log --
 */

/* The reads of the log are others' too: none of them is worth waiting for. */
static bool is_spent(const struct session *session)
{
    int64_t limit = okta_response_rate_limit(session->log);
    int64_t remaining = okta_response_rate_remaining(session->log);

    return limit > 0 && remaining >= 0 &&
           remaining <= limit * session->wait.reserve / 100;
}

static okta_status ask(struct session *session, const okta_api_token *token,
                       okta_page **out, okta_error *err)
{
    OKT_BUF_AUTO filter = OKT_BUF_INIT(FILTER_MAX);
    okta_event_options options = OKTA_EVENT_OPTIONS_INIT;

    okt_buf_printf(&filter, "transaction.detail.requestApiTokenId eq \"%s\"",
                   okta_api_token_id(token));
    if (okt_buf_failed(&filter)) {
        *err = (okta_error){ .status = OKTA_ERR_MEMORY,
                             .message = "out of memory" };
        return err->status;
    }
    options.filter = filter.data;
    options.since = session->started - (int64_t)LOG_DAYS * DAY;
    options.descending = true;
    options.limit = 1;
    options.single = true;
    return okta_event_list(session->client, &options, session->log, out, err);
}

static void tell_event(const struct session *session,
                       const okta_api_token *token, const okta_event *event,
                       const okta_network *network, const struct zones *zones)
{
    const char *id = okta_api_token_id(token);
    const char *address = okta_event_address(event);
    enum reach reach = reach_of(network, zones, address);
    char when[OKT_TIME_SIZE] = "";
    int64_t time;

    if (okta_event_published_time(event, &time))
        okt_time_format(time, when);
    if (reach == REACH_OUT)
        note(session->args, "warning",
             "%s was last seen at %s (%s), which this shuts out", id, address,
             when);
    else if (reach == REACH_UNKNOWN)
        note(session->args, "note",
             "%s was last seen at %s (%s); " SHUT_OUT
             "a zone is not known by its addresses",
             id, address, when);
}

/* The event must be what was asked for, and say whence it came. */
static const okta_event *find_event(const okta_page *page, const char *id)
{
    for (size_t i = 0; i < okta_page_count(page); i++) {
        const okta_event *event = okta_page_event(page, i);
        const char *token = okta_event_token_id(event);

        if (token != NULL && strcmp(token, id) == 0 &&
            okta_event_address(event) != NULL)
            return event;
    }
    return NULL;
}

/* Unknown, and why. */
static void tell_unknown(const struct session *session, const char *id,
                         const okta_error *err)
{
    if (err != NULL)
        note(session->args, "note",
             "%s: " SHUT_OUT "the System Log can't be read: %s%s", id,
             err->message,
             err->status == OKTA_ERR_FORBIDDEN
                 ? "; it takes the role of an administrator who may read it, "
                   "or the scope okta.logs.read"
                 : "");
    else
        note(session->args, "note",
             "%s: " SHUT_OUT "the System Log of the last %d days tells no "
             "address of it",
             id, LOG_DAYS);
}

static okta_status look_up(struct session *session, const okta_api_token *token,
                           const okta_network *network,
                           const struct zones *zones, okta_error *err)
{
    const char *id = okta_api_token_id(token);
    AUTO(okta_page) page = NULL;
    const okta_event *event = NULL;
    okta_status st = ask(session, token, &page, err);

    if (st != OKTA_OK && st != OKTA_ERR_RATE_LIMIT && target_is_general(st) &&
        !target_path_is_absent(err))
        return st;
    if (st == OKTA_OK)
        event = find_event(page, id);
    if (event != NULL)
        tell_event(session, token, event, network, zones);
    else
        tell_unknown(session, id, st != OKTA_OK ? err : NULL);
    return OKTA_OK;
}

okta_status reach_warn(struct session *session, const okta_api_token *token,
                       const okta_network *network, const struct zones *zones,
                       okta_error *err)
{
    if (strcmp(network->connection, OKT_ANYWHERE) == 0)
        return OKTA_OK;
    if (session->log == NULL &&
        okta_response_new(&session->log, err) != OKTA_OK)
        return err->status;
    if (!is_spent(session))
        return look_up(session, token, network, zones, err);
    note(session->args, "note",
         "%s: " SHUT_OUT "the org's limit for reads of its log is nearly used "
         "up",
         okta_api_token_id(token));
    return OKTA_OK;
}
