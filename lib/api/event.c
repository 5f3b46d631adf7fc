/* SPDX-License-Identifier: Apache-2.0 */
/* event.c - the System Log. */
#include "lib/internal.h"
#include "wire/api.h"
#include "wire/event_json.h"
#include "wire/id.h"
#include "wire/iso8601.h"
#include "wire/percent.h"

enum { QUERY_MAX_LEN = 8192, LIMIT_MAX = 1000 };

struct okta_event {
    struct okt_object object;
    struct okt_event_view view;
};

static const char *decode(yyjson_val *json, struct okt_object *object)
{
    return okt_event_decode(json, &((okta_event *)object)->view);
}

const struct okt_kind okt_event_kind = {
    "event", sizeof(okta_event), decode, NULL, NULL,
};

const char *okta_event_type(const okta_event *event)
{
    return event->view.type;
}

const char *okta_event_address(const okta_event *event)
{
    return event->view.address;
}

const char *okta_event_token_id(const okta_event *event)
{
    return event->view.token_id;
}

bool okta_event_published_time(const okta_event *event, int64_t *out)
{
    return event->view.published != NULL &&
           okt_time_parse(event->view.published, out);
}

/* ------------------------------------------------------------ The list -- */

static okta_status check_options(const okta_event_options *o, okta_error *err)
{
    if (o->limit < 0 || o->limit > LIMIT_MAX)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "limit must be 1 to %d",
                        LIMIT_MAX);
    if (o->filter != NULL && okt_has_secret(o->filter))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the filter holds what has the shape of a token's "
                        "secret: nothing was sent");
    return OKTA_OK;
}

static void add_query(const okta_event_options *o, struct okt_buf *query)
{
    char since[OKT_TIME_SIZE];

    okt_buf_printf(query, "?sortOrder=%s",
                   o->descending ? "DESCENDING" : "ASCENDING");
    if (o->limit > 0)
        okt_buf_printf(query, "&limit=%d", o->limit);
    if (o->since != 0) {
        okt_time_format(o->since, since);
        okt_buf_str(query, "&since=");
        okt_percent_encode(query, since);
    }
    if (o->filter != NULL) {
        okt_buf_str(query, "&filter=");
        okt_percent_encode(query, o->filter);
    }
}

okta_status
okta_event_list(okta_client *client, const okta_event_options *options,
                okta_response *response, okta_page **out, okta_error *err)
{
    okta_event_options o = OKTA_EVENT_OPTIONS_INIT;
    OKT_BUF_AUTO query = OKT_BUF_INIT(QUERY_MAX_LEN);
    okta_status st = okt_take_options(&o, sizeof(o), options,
                                      "OKTA_EVENT_OPTIONS_INIT", err);

    if (st == OKTA_OK)
        st = check_options(&o, err);
    if (st != OKTA_OK)
        return st;
    add_query(&o, &query);
    st = okt_check_buf(&query, "the request's path", err);
    if (st != OKTA_OK)
        return st;
    return okt_list_begin(client,
                          &(struct okt_list){ .kind = &okt_event_kind,
                                              .path = OKT_PATH_LOGS,
                                              .query = query.data,
                                              .limit = o.limit,
                                              .single = o.single,
                                              .polled = !o.descending },
                          response, out, err);
}

const okta_event *okta_page_event(const okta_page *page, size_t i)
{
    return (const okta_event *)okt_page_object(page, &okt_event_kind, i);
}
