/* SPDX-License-Identifier: Apache-2.0 */
/* event_json.c - events of the System Log, read. */
#include "wire/event_json.h"

const char *okt_event_decode(yyjson_val *json, struct okt_event_view *out)
{
    static const struct okt_span keys[] = {
        OKT_SPAN("uuid"), OKT_SPAN("eventType"), OKT_SPAN("published"),
        OKT_SPAN("client"), OKT_SPAN("transaction")
    };
    yyjson_val *found[ARRAY_LEN(keys)];

    *out = (struct okt_event_view){ 0 };
    if (!yyjson_is_obj(json))
        return "an event that is no object";
    if (!okt_json_members(json, keys, ARRAY_LEN(keys), found))
        return "an event that says the same thing twice";
    out->id = okt_json_text(found[0]);
    out->type = okt_json_text(found[1]);
    out->published = okt_json_text(found[2]);
    out->address = okt_json_str(found[3], "ipAddress");
    out->token_id =
        okt_json_str(yyjson_obj_get(found[4], "detail"), "requestApiTokenId");
    return out->type != NULL && *out->type != '\0'
               ? NULL
               : "an event without a type";
}
