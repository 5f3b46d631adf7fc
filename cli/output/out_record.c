/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_record.c - one token for the eye, a field a line.
 *
 * Values are whole. Where one is longer than its line it goes on below itself,
 * so that nothing in it can look like the next field.
 */
#include <string.h>

#include "cli/output/out.h"

enum { GAP = 2, ROOM_LEAST = 24 };

/* What is known better stands beside the id that it stands for. */
static void add_fields(struct okt_buf *out, unsigned parts)
{
    okt_buf_str(out, "name,id,x.status,userId");
    if ((parts & PART_BIT(PART_OWNER)) != 0)
        okt_buf_str(out, ",x.owner.login,x.owner.status");
    if ((parts & PART_BIT(PART_ROLES)) != 0)
        okt_buf_str(out, ",x.roles");
    okt_buf_str(out, ",clientName,network");
    if ((parts & PART_BIT(PART_ZONES)) != 0)
        okt_buf_str(out, ",x.zones");
    okt_buf_str(out, ",tokenWindow,created,lastUpdated,x.lastUsed,expiresAt");
}

/* How the lines of a record are laid out. */
struct layout {
    bool utf8;
    size_t key;    /* width of the widest key */
    size_t room;   /* columns for a value */
    size_t indent; /* where a value's later lines begin */
    bool below;    /* there is no room beside the keys */
};

static bool add_key(const struct output *output, const struct layout *layout,
                    size_t i, struct okt_buf *out)
{
    const char *name = output->fields.fields[i].name;

    text_cell(out, name, strlen(name), layout->utf8);
    return !okt_buf_failed(out);
}

static bool lay_out(const struct output *output, struct layout *out)
{
    *out = (struct layout){ .utf8 = out_is_utf8(), .room = SIZE_MAX };
    for (size_t i = 0; i < output->fields.count; i++) {
        OKT_BUF_AUTO key = OKT_BUF_INIT(CELL_MAX);
        size_t width;

        if (!add_key(output, out, i, &key))
            return false;
        width = text_width(key.data);
        out->key = width > out->key ? width : out->key;
    }
    out->indent = out->key + GAP;
    if (output->width == 0)
        return true;
    out->below = output->width < out->indent + ROOM_LEAST;
    if (out->below)
        out->indent = GAP;
    out->room = output->width > out->indent ? output->width - out->indent : 1;
    return true;
}

/* A time is told twice, unless one way was asked for. */
static void add_relative(struct output *output, const struct row *row,
                         const struct field *field, struct okt_buf *out)
{
    char text[TEXT_SIZE];
    int64_t time = row->last_used;
    bool there =
        field->kind == FIELD_LAST_USED
            ? row->usage == OKTA_USAGE_USED
            : field->kind == FIELD_TIME && field->time(row->token, &time);

    if (!there || !output->default_time)
        return;
    if (field->kind == FIELD_LAST_USED && time > output->maker.clock.now)
        time = output->maker.clock.now; /* the org's clock may be ahead */
    text_relative(time, output->maker.clock.now, text);
    okt_buf_printf(out, " (%s)", text);
}

/* How many bytes of a value go on this line: up to a space, if there is one. */
static size_t line_of(const char *value, size_t room)
{
    size_t len = text_fitting(value, room);
    size_t space = len;

    if (len == 0 && *value != '\0')
        return strlen(value); /* a wide character on a narrow terminal */
    if (value[len] == '\0' || value[len] == ' ')
        return len;
    while (space > 0 && value[space - 1] != ' ')
        space--;
    return space > 0 ? space : len;
}

static void add_spaces(struct okt_buf *out, size_t count)
{
    okt_buf_printf(out, "%*s", (int)count, "");
}

static void add_value(const struct layout *layout, const char *value,
                      const char *color, struct okt_buf *out)
{
    bool first = !layout->below;

    if (layout->below || *value == '\0')
        okt_buf_char(out, '\n');
    while (*value != '\0' && !okt_buf_failed(out)) {
        size_t len = line_of(value, layout->room);

        if (!first)
            add_spaces(out, layout->indent);
        first = false;
        okt_buf_str(out, color != NULL ? color : "");
        okt_buf_append(out, value, len);
        okt_buf_str(out, color != NULL ? OUT_NO_COLOR : "");
        okt_buf_char(out, '\n');
        value += len;
        value += strspn(value, " ");
    }
}

static bool put_field(struct output *output, const struct row *row,
                      const struct layout *layout, size_t i)
{
    const struct field *field = &output->fields.fields[i];
    struct okt_buf *line = &output->line;
    OKT_BUF_AUTO value = OKT_BUF_INIT(CELL_MAX);
    struct cell cell;

    okt_buf_clear(line);
    if (!add_key(output, layout, i, line) ||
        !row_cell(row, field, &output->maker, &cell))
        return false;
    if (!layout->below && cell.len > 0)
        add_spaces(line, layout->indent - text_width(line->data));
    text_cell(&value, cell.data, cell.len, layout->utf8);
    add_relative(output, row, field, &value);
    okt_buf_str(&value, "");
    if (okt_buf_failed(&value))
        return false;
    add_value(layout, value.data, output->colors ? row_color(row, field) : NULL,
              line);
    if (okt_buf_failed(line))
        return false;
    sink_write(&output->sink, line->data, line->len);
    return true;
}

static bool put_row(struct output *output, const struct row *row)
{
    struct layout layout;

    if (!lay_out(output, &layout))
        return false;
    if (output->count > 0)
        sink_char(&output->sink, '\n');
    for (size_t i = 0; i < output->fields.count; i++)
        if (!put_field(output, row, &layout, i))
            return false;
    return true;
}

/* What a change came to is a list, which record is not chosen for. */
static bool put_result(struct output *output,
                       const struct output_result *result)
{
    return out_table.result(output, result);
}

const struct out_format out_record = {
    .fields = add_fields,
    .time = OUTPUT_ISO,
    .row = put_row,
    .result = put_result,
};
