/* SPDX-License-Identifier: Apache-2.0 */
/* out_json.c - json and jsonl: the bytes that the org sent, and x. */
#include <string.h>

#include "cli/output/json_find.h"
#include "cli/output/out.h"
#include "cli/term/json_write.h"

/* ------------------------------------------------------------ Writing -- */

/* Without line ends. In valid JSON none is inside of a string. */
static void put_line(struct sink *sink, const char *json, size_t len)
{
    const char *end = json + len;

    while (json < end) {
        size_t n = 0;

        while (json + n < end && json[n] != '\n' && json[n] != '\r')
            n++;
        sink_write(sink, json, n);
        json += n < (size_t)(end - json) ? n + 1 : n;
    }
}

/* Foreign JSON, byte for byte; but ASCII for a terminal, one line for jsonl. */
static bool put_json(struct output *output, const char *json, size_t len)
{
    if (output->terminal) {
        okt_buf_clear(&output->line);
        json_ascii(&output->line, json, len);
        if (okt_buf_failed(&output->line))
            return false;
        json = output->line.data;
        len = output->line.len;
    }
    if (output->format == &out_jsonl && memchr(json, '\n', len) != NULL)
        put_line(&output->sink, json, len);
    else
        sink_write(&output->sink, json, len);
    return true;
}

/* What stands before an object: "[" before the first of an array. */
static void begin_object(struct output *output)
{
    if (output->array)
        sink_str(&output->sink, output->count == 0 ? "[" : ",\n");
    else if (output->count > 0)
        sink_char(&output->sink, '\n');
}

/* ------------------------------------------------------- Whole objects -- */

/* Finds text, of two characters or more, by its first that is rare: with
 * memchr, which is many times as fast as memmem. */
static bool holds(struct okt_span json, const char *text, size_t rare)
{
    size_t len = strlen(text);
    const char *end = json.data + json.len;
    const char *p = json.data;

    while ((p = memchr(p, text[rare], (size_t)(end - p))) != NULL) {
        if ((size_t)(p - json.data) >= rare &&
            (size_t)(end - p) >= len - rare && memcmp(p - rare, text, len) == 0)
            return true;
        p++;
    }
    return false;
}

/* Whether a member might be called "x", also by an escape. Almost always there
 * is none, so that nothing is parsed. */
static bool may_hold_x(struct okt_span json)
{
    return holds(json, "\"x\"", 1) || holds(json, "\\u0078", 0);
}

enum { UNDERSCORES = 8 };

/*
 * The name of our member: "x", with so many "_" before it that the org has
 * none of that name, since a name that comes twice is read in two ways. NULL:
 * the org has them all.
 */
static const char *x_name(struct okt_span json)
{
    static const char names[] = "________x";
    const char *name = names + UNDERSCORES;
    struct okt_span found;

    if (!may_hold_x(json))
        return name;
    while (json_find(json, name, &found)) {
        if (name == names)
            return NULL;
        name--;
    }
    return name;
}

/* The object without the bracket that ends it. */
static struct okt_span open_object(struct okt_span json)
{
    while (json.len > 0 && json.data[json.len - 1] != '}')
        json.len--;
    json.len -= json.len > 0;
    while (json.len > 0 && strchr(" \t\r\n", json.data[json.len - 1]) != NULL)
        json.len--;
    return json;
}

static bool put_context(struct output *output, const struct row *row)
{
    okt_buf_clear(&output->line);
    context_members(&output->line, row->context, row->token);
    if (okt_buf_failed(&output->line))
        return false;
    sink_write(&output->sink, output->line.data, output->line.len);
    return true;
}

static bool put_whole(struct output *output, const struct row *row)
{
    struct okt_span json = row_json(row);
    struct okt_span open = open_object(json);
    const char *name = x_name(json);
    struct piece x;

    if (row->zone != NULL) /* nothing is worked out of those */
        return put_json(output, json.data, json.len);
    if (!put_json(output, open.data, open.len))
        return false;
    if (name != NULL) {
        row_x_object(row, &output->maker.clock, &x);
        sink_write(&output->sink, ",\"", 2);
        sink_str(&output->sink, name);
        sink_write(&output->sink, "\":", 2);
        sink_write(&output->sink, x.data, x.len - 1);
        if (row->context != NULL && !put_context(output, row))
            return false;
        sink_char(&output->sink, '}');
    }
    sink_char(&output->sink, '}');
    return true;
}

/* -------------------------------------------------------------- Fields -- */

static bool put_name(struct output *output, const char *name)
{
    okt_buf_clear(&output->line);
    json_string(&output->line, name);
    okt_buf_char(&output->line, ':');
    if (okt_buf_failed(&output->line))
        return false;
    sink_write(&output->sink, output->line.data, output->line.len);
    return true;
}

static bool put_context_item(struct output *output, const struct row *row,
                             enum context_item item)
{
    okt_buf_clear(&output->line);
    context_json(&output->line, row->context, item, row->token);
    if (okt_buf_failed(&output->line))
        return false;
    sink_write(&output->sink, output->line.data, output->line.len);
    return true;
}

static bool put_value(struct output *output, const struct row *row,
                      const struct field *field)
{
    struct okt_span value;
    struct piece x;

    if (field->kind == FIELD_CONTEXT)
        return put_context_item(output, row, field->context);
    if (field_is_x(field)) {
        row_x_json(row, field, &output->maker.clock, &x);
        sink_write(&output->sink, x.data, x.len);
        return true;
    }
    if (row_find(row, field, &value))
        return put_json(output, value.data, value.len);
    sink_str(&output->sink, "null");
    return true;
}

static bool put_fields(struct output *output, const struct row *row)
{
    const struct field_list *list = &output->fields;

    for (size_t i = 0; i < list->count; i++) {
        sink_char(&output->sink, i == 0 ? '{' : ',');
        if (!put_name(output, list->fields[i].name) ||
            !put_value(output, row, &list->fields[i]))
            return false;
    }
    sink_char(&output->sink, '}');
    return true;
}

/* ------------------------------------------------------------- Results -- */

static void add_member(struct okt_buf *out, const char *name, const char *value)
{
    okt_buf_printf(out, "\"%s\":", name);
    if (value == NULL || *value == '\0')
        okt_buf_str(out, "null");
    else
        json_string(out, value);
    okt_buf_char(out, ',');
}

/* As far as an okta_error goes; who knows more says so in error_json. */
static void add_error(struct okt_buf *out, const okta_error *error)
{
    okt_buf_char(out, '{');
    add_member(out, "code", okta_status_name(error->status));
    add_member(out, "message", error->message);
    if (error->http_status > 0)
        okt_buf_printf(out, "\"http\":%d,", error->http_status);
    else
        okt_buf_str(out, "\"http\":null,");
    add_member(out, "oktaErrorCode", error->code);
    add_member(out, "errorId", error->error_id);
    add_member(out, "requestId", error->request_id);
    okt_buf_str(out, "\"causes\":[],\"hint\":null}");
}

static bool put_result(struct output *output,
                       const struct output_result *result)
{
    struct okt_buf *line = &output->line;

    okt_buf_clear(line);
    okt_buf_char(line, '{');
    add_member(line, "id", result->id);
    add_member(line, "name", result->name);
    add_member(line, "result", result->result);
    okt_buf_str(line, "\"error\":");
    if (result->error_json != NULL)
        okt_buf_str(line, result->error_json);
    else if (result->error != NULL)
        add_error(line, result->error);
    else
        okt_buf_str(line, "null");
    okt_buf_char(line, '}');
    if (okt_buf_failed(line))
        return false;
    sink_write(&output->sink, line->data, line->len);
    return true;
}

/* -------------------------------------------------------- The formats -- */

static bool put_row(struct output *output, const struct row *row)
{
    begin_object(output);
    return output->fields.count > 0 ? put_fields(output, row)
                                    : put_whole(output, row);
}

static bool put_row_line(struct output *output, const struct row *row)
{
    bool done = output->fields.count > 0 ? put_fields(output, row)
                                         : put_whole(output, row);

    sink_char(&output->sink, '\n');
    return done;
}

static bool put_result_element(struct output *output,
                               const struct output_result *result)
{
    output->array = true;
    begin_object(output);
    return put_result(output, result);
}

static bool put_result_line(struct output *output,
                            const struct output_result *result)
{
    bool done = put_result(output, result);

    sink_char(&output->sink, '\n');
    return done;
}

static bool end_json(struct output *output, bool whole)
{
    if (output->array && output->count == 0)
        sink_char(&output->sink, '[');
    if (output->array && whole)
        sink_char(&output->sink, ']');
    if (output->array || output->count > 0)
        sink_char(&output->sink, '\n');
    return true;
}

const struct out_format out_json = {
    .time = OUTPUT_ISO,
    .row = put_row,
    .result = put_result_element,
    .end = end_json,
};

const struct out_format out_jsonl = {
    .time = OUTPUT_ISO,
    .row = put_row_line,
    .result = put_result_line,
};
