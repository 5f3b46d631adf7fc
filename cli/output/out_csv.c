/* SPDX-License-Identifier: Apache-2.0 */
/* out_csv.c - csv (RFC 4180) and tsv. */
#include <string.h>

#include "base/escape.h"
#include "cli/output/out.h"

#define TSV_FIELDS                                                    \
    "id,name,userId,clientName,network.connection,created,expiresAt," \
    "x.lastUsed,x.status"

#define CSV_FIELDS                                                   \
    "id,name,userId,clientName,tokenWindow,network.connection,"      \
    "network.include,network.exclude,expiresAt,created,lastUpdated," \
    "x.lastUsed,x.neverUsed,x.status,x.ageDays,x.expiresInDays"

/* Columns keep their places: what is added stands behind them. */
static void add_parts(struct okt_buf *out, unsigned parts)
{
    if ((parts & PART_BIT(PART_OWNER)) != 0)
        okt_buf_str(out, ",x.owner.login,x.owner.status");
    if ((parts & PART_BIT(PART_ROLES)) != 0)
        okt_buf_str(out, ",x.roles");
    if ((parts & PART_BIT(PART_ZONES)) != 0)
        okt_buf_str(out, ",x.zones");
}

static void add_csv_fields(struct okt_buf *out, unsigned parts)
{
    okt_buf_str(out, CSV_FIELDS);
    add_parts(out, parts);
}

static void add_tsv_fields(struct okt_buf *out, unsigned parts)
{
    okt_buf_str(out, TSV_FIELDS);
    add_parts(out, parts);
}

/* How one of the two writes a cell, which is escaped already, and parts and
 * ends them. */
struct dialect {
    void (*put)(struct sink *sink, const struct cell *cell);
    char separator;
    const char *end;
};

/* ---------------------------------------------------------------- csv -- */

/* Spreadsheets take what begins so for a formula; which a name might be. */
static bool is_formula(const struct cell *cell)
{
    return cell->foreign && cell->len > 0 &&
           memchr("=+-@", cell->data[0], 4) != NULL;
}

static void put_quoted(struct sink *sink, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '"')
            sink_char(sink, '"');
        sink_char(sink, data[i]);
    }
}

static void put_csv(struct sink *sink, const struct cell *cell)
{
    bool guard = is_formula(cell);

    if (strcspn(cell->data, ",\"") == cell->len) {
        if (guard)
            sink_char(sink, '\'');
        sink_write(sink, cell->data, cell->len);
        return;
    }
    sink_str(sink, guard ? "\"'" : "\"");
    put_quoted(sink, cell->data, cell->len);
    sink_char(sink, '"');
}

static const struct dialect csv = { put_csv, ',', "\r\n" };

/* ---------------------------------------------------------------- tsv -- */

static void put_tsv(struct sink *sink, const struct cell *cell)
{
    sink_write(sink, cell->data, cell->len);
}

static const struct dialect tsv = { put_tsv, '\t', "\n" };

/* --------------------------------------------------------------- Both -- */

static const struct dialect *dialect_of(const struct output *output)
{
    return output->format == &out_csv ? &csv : &tsv;
}

/* A pipe may end at a terminal, so cells are escaped wherever they go. What is
 * worked out here holds nothing to escape. */
static bool put_cell(struct output *output, const struct dialect *dialect,
                     const struct cell *cell)
{
    struct cell safe = *cell;

    if (!cell->foreign || okt_safe_length(cell->data, cell->len) == cell->len) {
        dialect->put(&output->sink, cell);
        return true;
    }
    okt_buf_clear(&output->line);
    okt_escape(&output->line, cell->data, cell->len);
    if (okt_buf_failed(&output->line))
        return false;
    safe.data = output->line.data;
    safe.len = output->line.len;
    dialect->put(&output->sink, &safe);
    return true;
}

/* Spreadsheets read UTF-8 where a byte order mark says so. */
static void put_bom(struct output *output)
{
    if (output->bom)
        sink_str(&output->sink, "\xef\xbb\xbf");
    output->bom = false;
}

static bool put_text(struct output *output, const struct dialect *dialect,
                     const char *text, bool foreign)
{
    struct cell cell = { text, strlen(text), foreign };

    return put_cell(output, dialect, &cell);
}

/* A line of texts of ours, such as the header. */
static bool put_header(struct output *output, const char *const *names,
                       size_t count)
{
    const struct dialect *dialect = dialect_of(output);

    output->header = false;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            sink_char(&output->sink, dialect->separator);
        if (!put_text(output, dialect, names[i], true))
            return false;
    }
    sink_str(&output->sink, dialect->end);
    return true;
}

static bool put_field_names(struct output *output)
{
    const char *names[FIELDS_MAX];

    put_bom(output);
    if (!output->header)
        return true;
    for (size_t i = 0; i < output->fields.count; i++)
        names[i] = output->fields.fields[i].name;
    return put_header(output, names, output->fields.count);
}

static bool put_row(struct output *output, const struct row *row)
{
    const struct dialect *dialect = dialect_of(output);
    struct cell cell;

    if (!put_field_names(output))
        return false;
    for (size_t i = 0; i < output->fields.count; i++) {
        if (i > 0)
            sink_char(&output->sink, dialect->separator);
        if (!row_cell(row, &output->fields.fields[i], &output->maker, &cell) ||
            !put_cell(output, dialect, &cell))
            return false;
    }
    sink_str(&output->sink, dialect->end);
    return true;
}

static bool put_result(struct output *output,
                       const struct output_result *result)
{
    static const char *const names[] = { "id", "name", "result" };
    const struct dialect *dialect = dialect_of(output);
    const char *const cells[] = {
        result->id != NULL ? result->id : OUTPUT_IN_USE, result->name,
        result->word != NULL ? result->word : result->result
    };

    put_bom(output);
    if (output->header && !put_header(output, names, ARRAY_LEN(names)))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        if (i > 0)
            sink_char(&output->sink, dialect->separator);
        if (cells[i] != NULL && !put_text(output, dialect, cells[i], true))
            return false;
    }
    sink_str(&output->sink, dialect->end);
    return true;
}

/* Of an empty list the header is shown. */
static bool end_csv(struct output *output, bool whole)
{
    return !whole || put_field_names(output);
}

const struct out_format out_csv = {
    .fields = add_csv_fields,
    .time = OUTPUT_ISO,
    .row = put_row,
    .result = put_result,
    .end = end_csv,
};

const struct out_format out_tsv = {
    .fields = add_tsv_fields,
    .time = OUTPUT_ISO,
    .row = put_row,
    .result = put_result,
};
