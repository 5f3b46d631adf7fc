/* SPDX-License-Identifier: Apache-2.0 */
/* error_json.h - Okta's error body, read and written. */
#ifndef OKT_ERROR_JSON_H
#define OKT_ERROR_JSON_H

#include <stddef.h>

#include "base/buf.h"
#include "wire/json.h"

enum { OKT_CAUSES_MAX = 1000 }; /* further ones are passed over */

/* As read; borrows from the document. RFC 6749's {"error",
 * "error_description"} is read as code and summary. */
struct okt_error_view {
    const char *code;
    const char *summary;
    const char *link;
    const char *id;
    yyjson_val *causes; /* an array, or NULL; see okt_error_cause */
    bool oauth;         /* RFC 6749's "error", which others write, too */
};

/* False: the document is no error body: it has neither code nor summary. */
bool okt_error_decode(yyjson_val *json, struct okt_error_view *out);

/* The errorSummary of cause i; NULL from the last on, "" where it has none. */
const char *okt_error_cause(const struct okt_error_view *error, size_t i);

/* Appends an error body. errorLink is the code, as real orgs send it. */
void okt_error_encode(struct okt_buf *out, const char *code,
                      const char *summary, const char *id,
                      const char *const *causes, size_t cause_count);

#endif
