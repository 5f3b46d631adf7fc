/* SPDX-License-Identifier: Apache-2.0 */
/* user_json.c - users and roles, read. */
#include "wire/user_json.h"

const char *okt_user_decode(yyjson_val *json, struct okt_user_view *out)
{
    static const struct okt_span keys[] = { OKT_SPAN("id"), OKT_SPAN("status"),
                                            OKT_SPAN("profile") };
    yyjson_val *found[ARRAY_LEN(keys)];

    *out = (struct okt_user_view){ 0 };
    if (!yyjson_is_obj(json))
        return "a user that is no object";
    if (!okt_json_members(json, keys, ARRAY_LEN(keys), found))
        return "a user that says the same thing twice";
    out->id = okt_json_text(found[0]);
    out->status = okt_json_text(found[1]);
    out->login = okt_json_str(found[2], "login");
    return out->id != NULL && *out->id != '\0' ? NULL : "a user without an id";
}

const char *okt_role_decode(yyjson_val *json, struct okt_role_view *out)
{
    static const struct okt_span keys[] = {
        OKT_SPAN("id"), OKT_SPAN("type"), OKT_SPAN("label"), OKT_SPAN("status"),
        OKT_SPAN("assignmentType")
    };
    yyjson_val *found[ARRAY_LEN(keys)];

    *out = (struct okt_role_view){ 0 };
    if (!yyjson_is_obj(json))
        return "a role that is no object";
    if (!okt_json_members(json, keys, ARRAY_LEN(keys), found))
        return "a role that says the same thing twice";
    out->id = okt_json_text(found[0]);
    out->type = okt_json_text(found[1]);
    out->label = okt_json_text(found[2]);
    out->status = okt_json_text(found[3]);
    out->assignment_type = okt_json_text(found[4]);
    return out->type != NULL && *out->type != '\0'
               ? NULL
               : "a role without a type";
}
