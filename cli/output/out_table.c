/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_table.c - a table for the eye.
 *
 * Rows are held back until their page is full. The first page settles the
 * columns: which fit, and how wide each is; no line is wider than the terminal.
 */
#include <assert.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "cli/output/out.h"

enum {
    ROWS_MAX = 1000,  /* held back at most */
    FLOOR = 8,        /* as narrow as a column becomes, unless rules tell */
    NAME_FLOOR = 4,   /* where no other column is left to go */
    ID_WIDTH = 20,    /* half an id is of no use */
    TIME_WIDTH = 24,  /* half a time tells nothing: 2025-12-02T14:47:13.000Z */
    COMMON_WIDTH = 8, /* "expiring", "729d ago" */
    WORD_WIDTH = 14   /* what became of an id: "would-restrict" */
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

struct held {
    char *text;        /* escaped, not cut */
    const char *color; /* or NULL */
};

struct table {
    bool utf8;
    bool settled;
    bool scarce; /* nothing but name, status and id is left */
    size_t widths[FIELDS_MAX];
    bool shown[FIELDS_MAX];
    size_t last; /* the last column that is shown */
    struct held *cells;
    size_t count;
};

/* ---------------------------------------------------------- The columns -- */

/* In the order in which a narrow terminal leaves the default columns out, and
 * as narrow as each becomes before that. */
/* clang-format off */
static const struct rule {
    const char *name;
    size_t floor;
} rules[] = {
    { "type",           FLOOR      }, /* of zones: these three */
    { "gateways",       18         },
    { "status",         FLOOR      },
    { "clientName",     FLOOR      },
    { "userId",         ID_WIDTH   },
    { "expiresAt",      TIME_WIDTH },
    { "network",        10         },
    { "x.lastUsed",     TIME_WIDTH },
    { "x.zones",        10         },
    { "x.owner.status", FLOOR      },
    { "x.roles",        12         },
    { "x.owner.login",  12         },
    { "x.status",       FLOOR      },
    { "name",           16         },
    { "id",             ID_WIDTH   },
};
/* clang-format on */

static const struct rule *find_rule(const struct field *field)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        if (strcmp(rules[i].name, field->name) == 0)
            return &rules[i];
    return NULL;
}

static bool is_named(const struct output *output, size_t column,
                     const char *name)
{
    return strcmp(output->fields.fields[column].name, name) == 0;
}

static size_t floor_of(const struct output *output, size_t column)
{
    const struct field *field = &output->fields.fields[column];
    const struct rule *rule = find_rule(field);
    size_t width = output->table->widths[column];
    size_t floor = rule != NULL ? rule->floor : FLOOR;

    if (field->kind == FIELD_TIME)
        floor = TIME_WIDTH;
    if (output->table->scarce && is_named(output, column, "name"))
        floor = NAME_FLOOR;
    return width < floor ? width : floor;
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

/* How long a column stays: 0 goes first. Of those that were asked for the last
 * goes first, but id and name stay longest in any case. */
static size_t rank_of(const struct output *output, size_t column)
{
    const struct rule *rule = find_rule(&output->fields.fields[column]);
    size_t rank = rule != NULL ? (size_t)(rule - rules) : 0;
    bool key =
        is_named(output, column, "id") || is_named(output, column, "name");

    if (output->default_fields || key)
        return FIELDS_MAX + rank;
    return output->fields.count - 1 - column;
}

/* The next to go; false: but one column has gone. */
static bool next_to_go(const struct output *output, size_t *out)
{
    size_t lowest = SIZE_MAX;
    size_t left = 0;

    for (size_t i = 0; i < output->fields.count; i++) {
        size_t rank = rank_of(output, i);

        if (!output->table->shown[i])
            continue;
        left++;
        if (rank < lowest) {
            lowest = rank;
            *out = i;
        }
    }
    return left > 1;
}

static void leave_out(struct output *output)
{
    struct table *table = output->table;
    size_t column = 0;

    while (total(output, true) > output->width && next_to_go(output, &column)) {
        bool essential =
            is_named(output, column, "name") ||
            is_named(output, column, "id") ||
            (output->default_fields && is_named(output, column, "x.status"));

        if (essential && !table->scarce)
            table->scarce = true;
        else
            table->shown[column] = false;
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
    struct table *table = output->table;
    size_t column = 0;

    while (total(output, false) > output->width && widest(output, &column))
        table->widths[column]--;
    /* The last one that is left: there is nothing but to cut it. */
    if (total(output, false) > output->width)
        table->widths[table->last] = output->width;
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
    size_t used = total(output, false);

    if (used < output->width)
        output->table->widths[output->table->last] += output->width - used;
}

/* Makes each column as wide as the cells that are held back. */
static void widen(struct output *output)
{
    struct table *table = output->table;
    size_t columns = output->fields.count;

    assert(columns > 0);
    for (size_t i = 0; i < table->count; i++) {
        size_t width = text_width(table->cells[i].text);

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
    if (output->width > 0)
        leave_out(output);
    for (size_t i = 0; i < output->fields.count; i++)
        if (table->shown[i])
            table->last = i;
    if (output->width > 0) {
        make_narrow(output);
        give_rest(output);
    }
    table->settled = true;
    return true;
}

/* ------------------------------------------------------------- Printing -- */

/* Off a terminal nothing is cut: widths then only grow, from page to page. */
static bool put_cell(struct output *output, size_t column, const char *text,
                     const char *color)
{
    struct table *table = output->table;
    bool last = column == table->last;
    OKT_BUF_AUTO fitted = OKT_BUF_INIT(CELL_MAX);

    okt_buf_str(&fitted, color != NULL ? color : "");
    text_fit(&fitted, text, table->widths[column], !last, table->utf8);
    okt_buf_str(&fitted, color != NULL ? OUT_NO_COLOR : "");
    okt_buf_char(&fitted, last ? '\n' : ' ');
    if (okt_buf_failed(&fitted))
        return false;
    sink_write(&output->sink, fitted.data, fitted.len);
    return true;
}

static bool put_titles(struct output *output)
{
    output->header = false;
    for (size_t i = 0; i < output->fields.count; i++)
        if (output->table->shown[i] &&
            (!make_title(output, i) ||
             !put_cell(output, i, output->line.data, NULL)))
            return false;
    return true;
}

static bool put_rows(struct output *output)
{
    struct table *table = output->table;

    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % output->fields.count;

        if (table->shown[column] &&
            !put_cell(output, column, table->cells[i].text,
                      table->cells[i].color))
            return false;
    }
    return true;
}

/* Frees all but the first. */
static void drop_cells(struct table *table, size_t keep)
{
    while (table->count > keep)
        free(table->cells[--table->count].text);
}

static bool flush(struct output *output)
{
    struct table *table = output->table;
    bool done;

    if (table == NULL || table->count == 0)
        return true;
    if (table->settled && output->width == 0)
        widen(output);
    done = (table->settled || settle(output)) &&
           (!output->header || put_titles(output)) && put_rows(output);
    drop_cells(table, 0);
    return done;
}

static void add_left_out(const struct output *output, struct okt_buf *out)
{
    const struct table *table = output->table;

    if (table == NULL || !table->settled || output->default_fields)
        return;
    for (size_t i = 0; i < output->fields.count; i++)
        if (!table->shown[i])
            okt_buf_printf(out, "%s%s", out->len > 0 ? ", " : "",
                           output->fields.fields[i].name);
}

/* ----------------------------------------------------------------- Rows -- */

bool out_is_utf8(void)
{
    setlocale(LC_CTYPE, "");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool open_table(struct output *output)
{
    struct table *table = calloc(1, sizeof(*table));

    output->table = table;
    if (table == NULL)
        return false;
    table->utf8 = out_is_utf8();
    table->cells =
        calloc(ROWS_MAX * output->fields.count, sizeof(table->cells[0]));
    return table->cells != NULL;
}

static bool hold_cell(struct output *output, const struct row *row,
                      const struct field *field)
{
    struct table *table = output->table;
    struct held *held = &table->cells[table->count];
    OKT_BUF_AUTO text = OKT_BUF_INIT(CELL_MAX);
    struct cell cell;

    if (!row_cell(row, field, &output->maker, &cell))
        return false;
    text_cell(&text, cell.data, cell.len, table->utf8);
    held->text = okt_buf_take(&text);
    if (held->text == NULL)
        return false;
    held->color = output->colors ? row_color(row, field) : NULL;
    table->count++;
    return true;
}

static bool put_row(struct output *output, const struct row *row)
{
    struct table *table = output->table;
    size_t columns = output->fields.count;

    if (table == NULL && !open_table(output))
        return false;
    table = output->table;
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

/* -------------------------------------------------------------- Results -- */

/* The name as far as there is room for it; 0: for none of it. */
static size_t room_for_name(const struct output *output, size_t id_width)
{
    size_t others =
        (id_width > ID_WIDTH ? id_width : ID_WIDTH) + 2 + 2 + WORD_WIDTH;

    if (output->width == 0)
        return SIZE_MAX;
    return output->width >= others + NAME_FLOOR ? output->width - others : 0;
}

/* One by one as they become known, so there is nothing to settle widths by;
 * but ids are all alike. */
static bool put_result(struct output *output,
                       const struct output_result *result)
{
    struct okt_buf *line = &output->line;
    const char *id = result->id != NULL ? result->id : OUTPUT_IN_USE;
    OKT_BUF_AUTO name = OKT_BUF_INIT(CELL_MAX);
    size_t room;

    okt_buf_clear(line);
    okt_escape(line, id, strlen(id));
    room = room_for_name(output, line->len);
    while (line->len < ID_WIDTH && !okt_buf_failed(line))
        okt_buf_char(line, ' ');
    okt_buf_str(line, "  ");
    if (result->name != NULL && room > 0) {
        bool utf8 = out_is_utf8();

        text_cell(&name, result->name, strlen(result->name), utf8);
        if (!okt_buf_failed(&name) && name.len > 0)
            text_fit(line, name.data, room, false, utf8);
        okt_buf_str(line, "  ");
    }
    okt_buf_str(line, result->word != NULL ? result->word : result->result);
    okt_buf_char(line, '\n');
    if (okt_buf_failed(line) || okt_buf_failed(&name))
        return false;
    sink_write(&output->sink, line->data, line->len);
    return true;
}

static bool end_table(struct output *output, bool whole)
{
    struct table *table = output->table;
    bool done = flush(output);

    (void)whole;
    if (table != NULL) {
        drop_cells(table, 0);
        free(table->cells);
        free(table);
    }
    output->table = NULL;
    return done;
}

const struct out_format out_table = {
    .fields = add_fields,
    .time = OUTPUT_RELATIVE,
    .row = put_row,
    .result = put_result,
    .flush = flush,
    .left_out = add_left_out,
    .end = end_table,
};
