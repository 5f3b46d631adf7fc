/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_journal.c - the request log of okta-orgd, and what it leaves out. */
#include "fuzz/fuzz.h"
#include "server/fault/request_log.h"
#include "server/request/request.h"
#include "wire/id.h"
#include "wire/json.h"

static struct org_clock org_time;
static const struct org org = { .clock = &org_time };

/* Ends the line at *at and moves *at to the next; NULL: it was the last. */
static char *next_line(char **at)
{
    char *line = *at;
    char *end = line != NULL ? strchr(line, '\n') : NULL;

    if (end != NULL)
        *end++ = '\0';
    *at = end;
    return line;
}

/* Reads "METHOD target", lines of "Name: value", an empty line and a body. */
static struct request *read_request(char *text)
{
    char *method = next_line(&text);
    char *target = strchr(method, ' ');
    struct request *r;
    char *line;

    if (target != NULL)
        *target++ = '\0';
    r = request_new(&org, target != NULL ? target : "/");
    FUZZ_TRUE(r != NULL);
    snprintf(r->method, sizeof(r->method), "%s", method);
    snprintf(r->address, sizeof(r->address), "192.0.2.1");
    while ((line = next_line(&text)) != NULL && line[0] != '\0') {
        char *value = strchr(line, ':');

        if (value != NULL)
            *value++ = '\0';
        else
            value = line + strlen(line);
        value += strspn(value, " ");
        okt_buf_append(&r->seen, line, strlen(line) + 1);
        okt_buf_append(&r->seen, value, strlen(value) + 1);
        if (strcmp(line, "Content-Type") == 0)
            r->headers[HEADER_CONTENT_TYPE] = value;
    }
    if (text != NULL)
        okt_buf_str(&r->body, text);
    return r;
}

/* No string of it has the shape of an API token. */
static void check_strings(yyjson_doc *doc)
{
    yyjson_val *val = yyjson_doc_get_root(doc);
    size_t count = yyjson_doc_get_val_count(doc);

    for (size_t i = 0; i < count; i++) {
        size_t len = yyjson_get_len(&val[i]);
        size_t found;

        if (yyjson_is_str(&val[i]))
            FUZZ_TRUE(okt_secret_find(yyjson_get_str(&val[i]), len, &found) ==
                      NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct journal_filter all = { .since = INT64_MIN };
    struct okt_buf out = OKT_BUF_INIT(1048576);
    char *text = fuzz_text(data, size);
    struct request *r = read_request(text);
    struct journal *j = journal_new(1);
    yyjson_doc *doc;

    FUZZ_TRUE(j != NULL);
    journal_add(j, r, 200, 1);
    journal_show(j, &all, &out);
    doc = yyjson_read(out.data, out.len, 0);
    FUZZ_TRUE(doc != NULL);
    /* A request that could not be noted would have got around the log. */
    FUZZ_TRUE(yyjson_arr_size(yyjson_doc_get_root(doc)) == 1);
    check_strings(doc);
    yyjson_doc_free(doc);
    okt_buf_free(&out);
    journal_free(j);
    request_free(r);
    free(text);
    return 0;
}
