/* SPDX-License-Identifier: Apache-2.0 */
/* http_info.c - a response as
 * {"Response","StatusCode","Headers","NextPageUri"}.
 */
#include "http_info.h"

#include <string.h>
#include <unistd.h>

#include "ascii.h"
#include "buf.h"
#include "json.h"
#include "json_write.h"
#include "printer.h"

enum { INFO_MAX = 512 * 1024 * 1024 };

/* The body as it is, where it is JSON; else as a string. */
static void add_body(struct okt_buf *out, const okta_response *response)
{
    AUTO(yyjson_doc) doc = NULL;
    size_t len = 0;
    const char *body = okta_response_body(response, &len);
    const char *why;
    bool no_memory = false;

    if (body == NULL || len == 0) {
        okt_buf_str(out, "null");
        return;
    }
    doc = okt_json_read(body, len, &why, &no_memory);
    if (no_memory)
        out->state = OKT_BUF_NO_MEMORY;
    else if (doc == NULL)
        json_string(out, body);
    else if (isatty(STDOUT_FILENO))
        json_ascii(out, body, len);
    else
        okt_buf_append(out, body, len);
}

/* Whether a header of that name stands before i. */
static bool is_repeated(const okta_response *response, size_t i)
{
    const char *name = okta_response_header_name(response, i);

    for (size_t k = 0; k < i; k++)
        if (okt_casecmp(okta_response_header_name(response, k), name) == 0)
            return true;
    return false;
}

/* All values of the header that first stands at i. */
static void add_values(struct okt_buf *out, const okta_response *response,
                       size_t i)
{
    const char *name = okta_response_header_name(response, i);
    size_t count = okta_response_header_count(response);

    json_string(out, name);
    okt_buf_str(out, ":[");
    for (size_t k = i; k < count; k++) {
        if (okt_casecmp(okta_response_header_name(response, k), name) != 0)
            continue;
        if (k > i)
            okt_buf_char(out, ',');
        json_string(out, okta_response_header_value(response, k));
    }
    okt_buf_char(out, ']');
}

static void add_headers(struct okt_buf *out, const okta_response *response)
{
    size_t count = okta_response_header_count(response);
    bool first = true;

    okt_buf_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (is_repeated(response, i))
            continue;
        if (!first)
            okt_buf_char(out, ',');
        first = false;
        add_values(out, response, i);
    }
    okt_buf_char(out, '}');
}

int http_info_print(const struct session *session, int code)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(INFO_MAX);
    const okta_response *response = session->response;
    const char *next = okta_response_next(response);
    int status = okta_response_status(response);
    int written;

    okt_buf_str(&out, "{\"Response\":");
    add_body(&out, response);
    okt_buf_str(&out, ",\"StatusCode\":");
    if (status != 0)
        okt_buf_printf(&out, "%d", status);
    else
        okt_buf_str(&out, "null");
    okt_buf_str(&out, ",\"Headers\":");
    add_headers(&out, response);
    okt_buf_str(&out, ",\"NextPageUri\":");
    if (next != NULL)
        json_string(&out, next);
    else
        okt_buf_str(&out, "null");
    okt_buf_str(&out, "}\n");
    if (okt_buf_failed(&out))
        return fail_memory(session->args);
    written = printer_text(session, out.data, out.len);
    return code != EXIT_OK ? code : written;
}
