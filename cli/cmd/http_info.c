/* SPDX-License-Identifier: Apache-2.0 */
/* http_info.c - a response as
 * {"Response","StatusCode","Headers","NextPageUri"}.
 */
#include "cli/cmd/http_info.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "cli/output/printer.h"
#include "cli/term/json_write.h"
#include "cli/term/signals.h"
#include "wire/json.h"

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

/* One header. By a sorted list of them, each is looked at a few times only:
 * how many there are, the org decides. */
struct header {
    const char *name;
    const char *value;
    size_t at;    /* where it stands in the response */
    size_t first; /* of the header at [i]: where the list has the first of its
                     name; or NONE: it is none such */
};

#define NONE ((size_t)-1)

typedef struct header header;

AUTO_DEFINE(header, free)

/* By name, letter case aside; of one name in the order they came. */
static int compare(const void *a, const void *b)
{
    const struct header *x = a;
    const struct header *y = b;
    int order = okt_casecmp(x->name, y->name);

    if (order != 0)
        return order;
    return x->at < y->at ? -1 : 1;
}

static bool is_same_name(const struct header *a, const struct header *b)
{
    return okt_casecmp(a->name, b->name) == 0;
}

static void sort(struct header *list, size_t count,
                 const okta_response *response)
{
    for (size_t i = 0; i < count; i++) {
        list[i].name = okta_response_header_name(response, i);
        list[i].value = okta_response_header_value(response, i);
        list[i].at = i;
        list[i].first = NONE;
    }
    qsort(list, count, sizeof(list[0]), compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !is_same_name(&list[i - 1], &list[i]))
            list[list[i].at].first = i;
}

/* All values of the name whose first is list[k]. */
static void add_values(struct okt_buf *out, const struct header *list,
                       size_t count, size_t k)
{
    size_t first = k;

    json_string(out, list[k].name);
    okt_buf_str(out, ":[");
    while (k < count && is_same_name(&list[first], &list[k])) {
        if (k > first)
            okt_buf_char(out, ',');
        json_string(out, list[k++].value);
    }
    okt_buf_char(out, ']');
}

/* In the order of the response, what comes twice where it came first. */
static void add_headers(struct okt_buf *out, const okta_response *response)
{
    size_t count = okta_response_header_count(response);
    AUTO(header) list = calloc(count + 1, sizeof(*list));
    bool first = true;

    if (list == NULL) {
        out->state = OKT_BUF_NO_MEMORY;
        return;
    }
    sort(list, count, response);
    okt_buf_char(out, '{');
    for (size_t i = 0; i < count && signals_caught() == 0; i++) {
        if (list[i].first == NONE)
            continue;
        if (!first)
            okt_buf_char(out, ',');
        first = false;
        add_values(out, list, count, list[i].first);
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
    if (signals_caught() != 0)
        return code != EXIT_OK ? code : fail_if_interrupted(session->args);
    if (okt_buf_failed(&out))
        return fail_memory(session->args);
    written = printer_text(session, out.data, out.len);
    return code != EXIT_OK ? code : written;
}
