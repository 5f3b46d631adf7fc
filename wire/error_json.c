/* SPDX-License-Identifier: Apache-2.0 */
/* error_json.c - Okta's error body, read and written. */
#include "wire/error_json.h"

bool okt_error_decode(yyjson_val *json, struct okt_error_view *out)
{
    *out = (struct okt_error_view){ 0 };
    out->code = okt_json_str(json, "errorCode");
    out->summary = okt_json_str(json, "errorSummary");
    out->link = okt_json_str(json, "errorLink");
    out->id = okt_json_str(json, "errorId");
    out->causes = yyjson_obj_get(json, "errorCauses");
    if (!yyjson_is_arr(out->causes))
        out->causes = NULL;
    if (out->code == NULL && out->summary == NULL) {
        out->oauth = true;
        out->code = okt_json_str(json, "error");
        out->summary = okt_json_str(json, "error_description");
    }
    return out->code != NULL || out->summary != NULL;
}

const char *okt_error_cause(const struct okt_error_view *error, size_t i)
{
    yyjson_val *cause;
    const char *summary;

    /* Each look walks from the first: what is hostile must have an end. */
    cause = i < OKT_CAUSES_MAX ? yyjson_arr_get(error->causes, i) : NULL;
    if (cause == NULL)
        return NULL;
    summary = okt_json_str(cause, "errorSummary");
    return summary != NULL ? summary : "";
}

void okt_error_encode(struct okt_buf *out, const char *code,
                      const char *summary, const char *id,
                      const char *const *causes, size_t cause_count)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);
    yyjson_mut_doc *doc = writer.doc;
    yyjson_mut_val *list;

    yyjson_mut_obj_add_str(doc, root, "errorCode", code);
    yyjson_mut_obj_add_str(doc, root, "errorSummary", summary);
    yyjson_mut_obj_add_str(doc, root, "errorLink", code);
    yyjson_mut_obj_add_str(doc, root, "errorId", id);
    list = yyjson_mut_obj_add_arr(doc, root, "errorCauses");
    for (size_t i = 0; i < cause_count; i++)
        yyjson_mut_obj_add_str(doc, yyjson_mut_arr_add_obj(doc, list),
                               "errorSummary", causes[i]);
    okt_json_print(&writer, out);
}
