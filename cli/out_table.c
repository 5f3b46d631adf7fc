/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_table.c - a table for the eye.
 *
 * Rows are held back until their page is full. The first page settles the
 * columns: which fit, and how wide each is. libsmartcols works widths out anew
 * for every block it prints, so each cell is cut and filled up before it gets
 * it, and the columns of later pages stand below those of the first.
 */
#include <assert.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "out.h"
#include "smartcols.h"

enum {
    ROWS_MAX = 1000, /* held back at most */
    NAME_LEAST = 4,  /* where there is no room for more */
    ID_WIDTH = 20,
    COMMON_WIDTH = 8 /* "expiring", "729d ago" */
};

/* What is known better takes the place of the id that stands for it. */
static void add_fields(struct okt_buf *out, unsigned parts)
{
    bool owner = (parts & PART_BIT(PART_OWNER)) != 0;
    bool roles = (parts & PART_BIT(PART_ROLES)) != 0;
    bool zones = (parts & PART_BIT(PART_ZONES)) != 0;

    okt_buf_printf(out,
                   "name,id,%s%s,clientName,%s,x.lastUsed,expiresAt,"
                   "x.status",
                   owner ? "x.owner.login,x.owner.status" : "userId",
                   roles ? ",x.roles" : "", zones ? "x.zones" : "network");
}

struct table {
    struct smartcols lib;
    struct libscols_table *scols;
    bool utf8;
    bool settled;
    bool scarce;           /* too narrow, whatever is left out */
    size_t terminal_width; /* 0: what is printed into has none */
    size_t widths[FIELDS_MAX];
    bool shown[FIELDS_MAX];
    char **cells; /* row by row, escaped, not cut */
    size_t count;
};

/* ---------------------------------------------------------- The columns -- */

/* What may be narrower than its cells, and what a narrow terminal leaves out
 * of the default columns, in that order. */
/* clang-format off */
static const struct flexible {
    const char *name;
    size_t floor; /* as narrow as it becomes */
    bool left_out;
} flexible[] = {
    { "clientName",      8,  true  },
    { "userId",          20, true  },
    { "expiresAt",       8,  true  },
    { "network",         10, true  },
    { "x.lastUsed",      8,  true  },
    { "name",            16, false },
    { "x.owner.login",   12, false },
    { "x.roles",         12, false },
    { "x.zones",         10, false },
    { "network.include", 10, false },
    { "network.exclude", 10, false },
};
/* clang-format on */

static const struct flexible *find_flexible(const struct field *field)
{
    for (size_t i = 0; i < ARRAY_LEN(flexible); i++)
        if (strcmp(flexible[i].name, field->name) == 0)
            return &flexible[i];
    return NULL;
}

/* Half a time tells nothing. */
static bool is_whole(const struct field *field)
{
    return field->kind == FIELD_TIME || field->kind == FIELD_LAST_USED;
}

static size_t floor_of(const struct output *output, size_t column)
{
    const struct field *field = &output->fields.fields[column];
    const struct flexible *rule = find_flexible(field);
    size_t width = output->table->widths[column];

    if (output->table->scarce && strcmp(field->name, "name") == 0)
        return width < NAME_LEAST ? width : NAME_LEAST;
    if (rule != NULL && !is_whole(field))
        return width < rule->floor ? width : rule->floor;
    /* Of what the org may send later on, nothing is known. */
    return field->kind == FIELD_PATH && width > ID_WIDTH ? ID_WIDTH : width;
}

/* The width of all columns that are shown, with the spaces between. */
static size_t total(const struct output *output, bool floors)
{
    size_t sum = 0;

    for (size_t i = 0; i < output->fields.count; i++) {
        if (!output->table->shown[i])
            continue;
        sum += 1 + (floors ? floor_of(output, i) : output->table->widths[i]);
    }
    return sum > 0 ? sum - 1 : 0;
}

static void leave_out(struct output *output)
{
    struct table *table = output->table;

    for (size_t i = 0; i < ARRAY_LEN(flexible); i++) {
        if (!flexible[i].left_out ||
            total(output, true) <= table->terminal_width)
            continue;
        for (size_t k = 0; k < output->fields.count; k++)
            if (strcmp(output->fields.fields[k].name, flexible[i].name) == 0)
                table->shown[k] = false;
    }
}

/* The widest of the columns that may still become narrower. */
static bool widest(const struct output *output, size_t *out)
{
    const struct table *table = output->table;
    size_t width = 0;

    for (size_t i = 0; i < output->fields.count; i++) {
        if (!table->shown[i] || table->widths[i] <= width ||
            table->widths[i] <= floor_of(output, i))
            continue;
        width = table->widths[i];
        *out = i;
    }
    return width > 0;
}

static void make_narrow(struct output *output)
{
    size_t column = 0;

    while (total(output, false) > output->table->terminal_width &&
           widest(output, &column))
        output->table->widths[column]--;
}

/* Later pages may hold any status word and span of time. */
static size_t least_of(const struct field *field)
{
    bool common = field->kind == FIELD_TIME || field->kind == FIELD_LAST_USED ||
                  field->kind == FIELD_STATUS;

    return common ? COMMON_WIDTH : 0;
}

/* The last column has the rest of the line: it is not filled up, and later
 * cells need not be cut. */
static void give_rest(struct output *output)
{
    struct table *table = output->table;
    size_t used = total(output, false);

    if (used < table->terminal_width)
        table->widths[output->fields.count - 1] += table->terminal_width - used;
}

/* Makes each column as wide as the cells that are held back. */
static void widen(struct output *output)
{
    struct table *table = output->table;
    size_t columns = output->fields.count;

    assert(columns > 0);
    for (size_t i = 0; i < table->count; i++) {
        size_t width = text_width(table->cells[i]);

        if (width > table->widths[i % columns])
            table->widths[i % columns] = width;
    }
}

/* Makes output->line the title of a column, which may come from --fields. */
static bool make_title(struct output *output, size_t column)
{
    const char *title = output->fields.fields[column].title;

    okt_buf_clear(&output->line);
    text_cell(&output->line, title, strlen(title), output->table->utf8);
    return !okt_buf_failed(&output->line);
}

static bool widen_to_titles(struct output *output)
{
    for (size_t i = 0; i < output->fields.count; i++) {
        size_t width;

        if (!make_title(output, i))
            return false;
        width = text_width(output->line.data);
        if (width > output->table->widths[i])
            output->table->widths[i] = width;
    }
    return true;
}

static bool add_column(struct output *output, size_t column)
{
    struct table *table = output->table;
    OKT_BUF_AUTO title = OKT_BUF_INIT(CELL_MAX);

    if (output->header) {
        if (!make_title(output, column))
            return false;
        text_fit(&title, output->line.data, table->widths[column], false,
                 table->utf8);
    }
    okt_buf_append(&title, "", 0);
    return !okt_buf_failed(&title) &&
           table->lib.table_new_column(table->scols, title.data, 0, 0) != NULL;
}

static bool settle(struct output *output)
{
    struct table *table = output->table;

    for (size_t i = 0; i < output->fields.count; i++) {
        table->shown[i] = true;
        table->widths[i] = least_of(&output->fields.fields[i]);
    }
    if (output->header && !widen_to_titles(output))
        return false;
    widen(output);
    if (table->terminal_width > 0) {
        if (output->default_fields)
            leave_out(output);
        table->scarce = total(output, true) > table->terminal_width;
        make_narrow(output);
        give_rest(output);
    }
    for (size_t i = 0; i < output->fields.count; i++)
        if (table->shown[i] && !add_column(output, i))
            return false;
    table->lib.table_enable_noheadings(table->scols, !output->header);
    table->settled = true;
    return true;
}

/* --------------------------------------------------------------- Colours -- */

/* clang-format off */
static const struct color {
    const char *status;
    const char *sequence;
} colors[] = {
    { "used",     "\033[32m" }, /* green */
    { "idle",     "\033[90m" }, /* gray */
    { "expiring", "\033[31m" }, /* red */
    { "unused",   "\033[33m" }, /* yellow */
};
/* clang-format on */

static const char *color_of(const char *status)
{
    for (size_t i = 0; i < ARRAY_LEN(colors); i++)
        if (strcmp(colors[i].status, status) == 0)
            return colors[i].sequence;
    return NULL;
}

/* --------------------------------------------------------------- Printing --
 */

/* Off a terminal nothing is cut: widths then only grow, from page to page. */
static bool fill_cell(struct output *output, struct libscols_line *line,
                      size_t column, size_t to, const char *cell)
{
    struct table *table = output->table;
    OKT_BUF_AUTO fitted = OKT_BUF_INIT(CELL_MAX);
    const struct field *field = &output->fields.fields[column];
    AUTO(char) data = NULL;
    const char *color;

    text_fit(&fitted, cell, table->widths[column],
             column + 1 < output->fields.count, table->utf8);
    data = okt_buf_take(&fitted);
    if (data == NULL || table->lib.line_refer_data(line, to, data) != 0)
        return false;
    data = NULL; /* the table's */
    color = field->kind == FIELD_STATUS ? color_of(cell) : NULL;
    return color == NULL ||
           table->lib.cell_set_color(table->lib.line_get_cell(line, to),
                                     color) == 0;
}

static bool fill_line(struct output *output, char *const *cells)
{
    struct table *table = output->table;
    struct libscols_line *line = table->lib.table_new_line(table->scols, NULL);
    size_t to = 0;

    if (line == NULL)
        return false;
    for (size_t i = 0; i < output->fields.count; i++)
        if (table->shown[i] && !fill_cell(output, line, i, to++, cells[i]))
            return false;
    return true;
}

static bool print(struct output *output)
{
    struct table *table = output->table;
    AUTO(char) text = NULL;

    for (size_t i = 0; i < table->count; i += output->fields.count)
        if (!fill_line(output, table->cells + i))
            return false;
    if (table->lib.print_table_to_string(table->scols, &text) != 0 ||
        text == NULL || *text == '\0')
        return false;
    sink_str(&output->sink, text);
    if (text[strlen(text) - 1] != '\n')
        sink_char(&output->sink, '\n'); /* which it leaves out */
    table->lib.table_enable_noheadings(table->scols, 1);
    output->header = false;
    return true;
}

/* Frees all but the first. */
static void drop_cells(struct table *table, size_t keep)
{
    while (table->count > keep)
        free(table->cells[--table->count]);
}

static bool flush(struct output *output)
{
    struct table *table = output->table;
    bool done;

    if (table == NULL || table->count == 0)
        return true;
    if (table->settled && table->terminal_width == 0)
        widen(output);
    done = (table->settled || settle(output)) && print(output);
    table->lib.table_remove_lines(table->scols);
    drop_cells(table, 0);
    return done;
}

/* ---------------------------------------------------------------- Opening --
 */

static void free_table(struct output *output)
{
    struct table *table = output->table;

    if (table == NULL)
        return;
    drop_cells(table, 0);
    free(table->cells);
    if (table->scols != NULL)
        table->lib.unref_table(table->scols);
    smartcols_unload(&table->lib);
    free(table);
    output->table = NULL;
}

/* libsmartcols reads text by the locale, which tells what it can print. */
static void set_up(struct output *output, struct table *table)
{
    setlocale(LC_CTYPE, "");
    table->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    table->lib.table_enable_noencoding(table->scols, 1);
    table->lib.table_enable_colors(table->scols, output->colors);
    table->terminal_width = output->width;
    if (output->terminal && output->width == 0)
        table->terminal_width = table->lib.table_get_termwidth(table->scols);
    table->lib.table_set_termforce(table->scols, SCOLS_TERMFORCE_NEVER);
}

/* *missing: there is no libsmartcols. */
static bool open_table(struct output *output, bool *missing)
{
    struct table *table = calloc(1, sizeof(*table));
    const char *why;

    *missing = false;
    output->table = table;
    if (table == NULL)
        return false;
    if (!smartcols_load(&table->lib, &why)) {
        fprintf(stderr,
                "okta-tokens: no table without libsmartcols (%s): tsv with a "
                "header instead\n",
                why);
        free_table(output);
        *missing = true;
        return false;
    }
    table->cells = calloc(ROWS_MAX * output->fields.count, sizeof(char *));
    table->scols = table->lib.new_table();
    if (table->cells == NULL || table->scols == NULL)
        return false;
    set_up(output, table);
    return true;
}

/* ----------------------------------------------------------------- Rows -- */

static bool hold_cell(struct output *output, const struct row *row,
                      const struct field *field)
{
    struct table *table = output->table;
    OKT_BUF_AUTO text = OKT_BUF_INIT(CELL_MAX);
    struct cell cell;

    if (!row_cell(row, field, &output->maker, &cell))
        return false;
    text_cell(&text, cell.data, cell.len, table->utf8);
    table->cells[table->count] = okt_buf_take(&text);
    if (table->cells[table->count] == NULL)
        return false;
    table->count++;
    return true;
}

static bool hold(struct output *output, const struct row *row)
{
    struct table *table = output->table;
    size_t columns = output->fields.count;

    if (table->count / columns >= ROWS_MAX && !flush(output))
        return false;
    for (size_t i = 0; i < columns; i++) {
        if (hold_cell(output, row, &output->fields.fields[i]))
            continue;
        drop_cells(table, table->count - i);
        return false;
    }
    return true;
}

static bool put_token(struct output *output, const struct row *row)
{
    bool missing;

    if (output->table != NULL || open_table(output, &missing))
        return hold(output, row);
    if (!missing)
        return false;
    output->format = &out_tsv; /* and output->header stays as it is */
    return output->format->token(output, row);
}

/* -------------------------------------------------------------- Results -- */

/* One by one as they become known, so there is nothing to settle widths by;
 * but ids are all alike. */
static bool put_result(struct output *output,
                       const struct output_result *result)
{
    struct okt_buf *line = &output->line;
    const char *id = result->id != NULL ? result->id : OUTPUT_IN_USE;

    okt_buf_clear(line);
    okt_escape(line, id, strlen(id));
    while (line->len < ID_WIDTH && !okt_buf_failed(line))
        okt_buf_char(line, ' ');
    okt_buf_str(line, "  ");
    if (result->name != NULL) {
        okt_escape(line, result->name, strlen(result->name));
        okt_buf_str(line, "  ");
    }
    okt_buf_str(line, result->word != NULL ? result->word : result->result);
    okt_buf_char(line, '\n');
    if (okt_buf_failed(line))
        return false;
    sink_write(&output->sink, line->data, line->len);
    return true;
}

static bool end_table(struct output *output, bool whole)
{
    bool done = flush(output);

    (void)whole;
    free_table(output);
    return done;
}

const struct out_format out_table = {
    .fields = add_fields,
    .time = OUTPUT_RELATIVE,
    .token = put_token,
    .result = put_result,
    .flush = flush,
    .end = end_table,
};
