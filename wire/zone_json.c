/* SPDX-License-Identifier: Apache-2.0 */
/* zone_json.c - network zones, read. */
#include "wire/zone_json.h"

static bool is_gateways(yyjson_val *json)
{
    yyjson_arr_iter iter;
    yyjson_val *item;

    /* Each look at one walks from the first: what is hostile must have an end.
     */
    if (!yyjson_arr_iter_init(json, &iter) ||
        yyjson_arr_size(json) > OKT_GATEWAYS_MAX)
        return false;
    while ((item = yyjson_arr_iter_next(&iter)) != NULL)
        if (okt_json_str(item, "value") == NULL)
            return false;
    return true;
}

static bool is_empty(const char *text)
{
    return text == NULL || *text == '\0';
}

const char *okt_zone_decode(yyjson_val *json, struct okt_zone_view *out)
{
    static const struct okt_span keys[] = {
        OKT_SPAN("id"), OKT_SPAN("name"), OKT_SPAN("type"), OKT_SPAN("status"),
        OKT_SPAN("gateways")
    };
    yyjson_val *found[ARRAY_LEN(keys)];

    *out = (struct okt_zone_view){ 0 };
    if (!yyjson_is_obj(json))
        return "a network zone that is no object";
    if (!okt_json_members(json, keys, ARRAY_LEN(keys), found))
        return "a network zone that says the same thing twice";
    out->id = okt_json_text(found[0]);
    out->name = okt_json_text(found[1]);
    out->type = okt_json_text(found[2]);
    out->status = okt_json_text(found[3]);
    out->gateways = is_gateways(found[4]) ? found[4] : NULL;
    out->unreadable =
        out->gateways == NULL && found[4] != NULL && !yyjson_is_null(found[4]);
    if (is_empty(out->id))
        return "a network zone without an id";
    return is_empty(out->name) ? "a network zone without a name" : NULL;
}

size_t okt_zone_gateway_count(const struct okt_zone_view *zone)
{
    return yyjson_arr_size(zone->gateways);
}

const char *okt_zone_gateway(const struct okt_zone_view *zone, size_t i)
{
    return okt_json_str(yyjson_arr_get(zone->gateways, i), "value");
}
