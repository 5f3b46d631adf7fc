/* SPDX-License-Identifier: Apache-2.0 */
/* zone.c - network zones. */
#include "wire/zone_json.h"

#include "lib/internal.h"
#include "wire/api.h"

struct okta_zone {
    struct okt_object object;
    struct okt_zone_view view;
};

static const char *decode(yyjson_val *json, struct okt_object *object)
{
    return okt_zone_decode(json, &((okta_zone *)object)->view);
}

const struct okt_kind okt_zone_kind = {
    "network zone", sizeof(okta_zone), decode, NULL, NULL,
};

const char *okta_zone_json(const okta_zone *zone, size_t *len)
{
    *len = zone->object.json_len;
    return zone->object.json;
}

const char *okta_zone_id(const okta_zone *zone)
{
    return zone->view.id;
}

const char *okta_zone_name(const okta_zone *zone)
{
    return zone->view.name;
}

const char *okta_zone_type(const okta_zone *zone)
{
    return zone->view.type;
}

const char *okta_zone_status(const okta_zone *zone)
{
    return zone->view.status;
}

bool okta_zone_gateways_unreadable(const okta_zone *zone)
{
    return zone->view.unreadable;
}

size_t okta_zone_gateway_count(const okta_zone *zone)
{
    return okt_zone_gateway_count(&zone->view);
}

const char *okta_zone_gateway(const okta_zone *zone, size_t i)
{
    return okt_zone_gateway(&zone->view, i);
}

okta_status okta_zone_list(okta_client *client, okta_response *response,
                           okta_page **out, okta_error *err)
{
    static const struct okt_list list = {
        .kind = &okt_zone_kind, .path = OKT_PATH_ZONES, .query = ""
    };

    return okt_list_begin(client, &list, response, out, err);
}

const okta_zone *okta_page_zone(const okta_page *page, size_t i)
{
    return (const okta_zone *)okt_page_object(page, &okt_zone_kind, i);
}
