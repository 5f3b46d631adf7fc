/* SPDX-License-Identifier: Apache-2.0 */
/* output.c - choosing a format, handing on to it, and what help says of them.
 */
#include "cli/output/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/output/out.h"

enum { OWN_FIELDS_MAX = 512 };

/* Of zones, in every format that is cut into fields. */
#define ZONE_FIELDS "id,name,status,type,gateways"

/* ------------------------------------------------------------- Options -- */

struct word {
    const char *text;
    int value;
};

/* clang-format off */
static const struct word formats[] = {
    { "table", OUTPUT_TABLE },
    { "json",  OUTPUT_JSON  },
    { "jsonl", OUTPUT_JSONL },
    { "csv",   OUTPUT_CSV   },
    { "tsv",   OUTPUT_TSV   },
};

static const struct word times[] = {
    { "iso",      OUTPUT_ISO      },
    { "relative", OUTPUT_RELATIVE },
    { "unix",     OUTPUT_UNIX     },
};

static const struct word colors[] = {
    { "auto",   OUTPUT_COLOR_AUTO   },
    { "always", OUTPUT_COLOR_ALWAYS },
    { "never",  OUTPUT_COLOR_NEVER  },
};
/* clang-format on */

static bool find_word(const struct word *words, size_t count, const char *text,
                      int *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i].text, text) != 0)
            continue;
        *out = words[i].value;
        return true;
    }
    return false;
}

bool output_format_parse(const char *text, enum output_format *out)
{
    int value;

    if (!find_word(formats, ARRAY_LEN(formats), text, &value))
        return false;
    *out = (enum output_format)value;
    return true;
}

bool output_time_parse(const char *text, enum output_time *out)
{
    int value;

    if (!find_word(times, ARRAY_LEN(times), text, &value))
        return false;
    *out = (enum output_time)value;
    return true;
}

bool output_color_parse(const char *text, enum output_color *out)
{
    int value;

    if (!find_word(colors, ARRAY_LEN(colors), text, &value))
        return false;
    *out = (enum output_color)value;
    return true;
}

static const struct out_format *format_of(const struct output_options *options)
{
    switch (options->format) {
    case OUTPUT_TABLE:
        return &out_table;
    case OUTPUT_JSON:
        return &out_json;
    case OUTPUT_JSONL:
        return &out_jsonl;
    case OUTPUT_CSV:
        return &out_csv;
    case OUTPUT_TSV:
        return &out_tsv;
    default:
        if (!options->terminal)
            return &out_tsv;
        return options->array ? &out_table : &out_record;
    }
}

/* Only auto asks the environment: who says always knows better. */
bool output_wants_colors(const struct output_options *options)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    if (options->color != OUTPUT_COLOR_AUTO)
        return options->color == OUTPUT_COLOR_ALWAYS;
    return options->terminal && (no_color == NULL || *no_color == '\0') &&
           (term == NULL || strcmp(term, "dumb") != 0);
}

/* ------------------------------------------------------------- Opening -- */

static void free_output(struct output *output)
{
    field_list_free(&output->fields);
    okt_buf_free(&output->maker.buf);
    okt_buf_free(&output->line);
    free(output);
}

static void make_pretty(void *ctx, struct okt_buf *out, const char *json,
                        size_t len)
{
    struct json_pretty *pretty = ctx;

    if (json != NULL)
        json_pretty(pretty, out, json, len);
    else
        json_pretty_end(pretty, out);
}

/* What json and jsonl write goes through it on the way to a terminal. */
static void set_up_pretty(struct output *output)
{
    output->pretty.indent = output->format == &out_json;
    output->pretty.colors = output->colors;
    output->sink.filter = make_pretty;
    output->sink.filter_ctx = &output->pretty;
}

static void set_up(struct output *output, const struct output_options *options)
{
    output->format = format_of(options);
    output->header = !options->no_header && output->format != &out_tsv;
    output->bom =
        options->bom && output->format == &out_csv && !options->terminal;
    output->array = options->array && output->format == &out_json;
    output->terminal = options->terminal;
    output->colors = output_wants_colors(options);
    if (options->terminal)
        output->width = options->width > 0 ? options->width : OUTPUT_WIDTH;
    output->default_fields = options->fields == NULL;
    output->default_time = options->time == OUTPUT_TIME_DEFAULT;
    output->parts = options->parts;
    output->maker.clock.now = options->now;
    output->maker.clock.how =
        options->time != OUTPUT_TIME_DEFAULT
            ? options->time
            : output->format->time;
    output->maker.words =
        output->format == &out_table || output->format == &out_record;
    output->maker.buf = (struct okt_buf)OKT_BUF_INIT(CELL_MAX);
    output->line = (struct okt_buf)OKT_BUF_INIT(CELL_MAX);
    output->sink.stream = options->stream;
    output->sink.begin = options->begin;
    output->sink.ctx = options->ctx;
    if (options->terminal && output_is_json(output))
        set_up_pretty(output);
}

/* Those that are asked for, or the format's own. False as output_open. */
static bool choose_fields(struct output *output,
                          const struct output_options *options, char **why)
{
    OKT_BUF_AUTO own = OKT_BUF_INIT(OWN_FIELDS_MAX);
    const struct field_set *set =
        options->zones ? &field_of_zones : &field_of_tokens;
    const char *text = options->fields;

    if (text == NULL && output->format->fields != NULL) {
        if (options->zones)
            okt_buf_str(&own, ZONE_FIELDS);
        else
            output->format->fields(&own, options->parts);
        if (okt_buf_failed(&own))
            return false;
        text = own.data;
    }
    if (text != NULL && !field_list_parse(set, text, &output->fields, why))
        return false;
    if (options->has_context || output_parts(output) == 0)
        return true;
    *why = strdup("x.owner.login, x.owner.status, x.roles and x.zones are "
                  "there with the commands list and get alone");
    return false;
}

struct output *output_open(const struct output_options *options, char **why)
{
    struct output *output = calloc(1, sizeof(*output));

    *why = NULL;
    if (output == NULL)
        return NULL;
    set_up(output, options);
    if (choose_fields(output, options, why))
        return output;
    free_output(output);
    return NULL;
}

unsigned output_parts(const struct output *output)
{
    return output->parts | field_list_parts(&output->fields);
}

bool output_is_json(const struct output *output)
{
    return output->format == &out_json || output->format == &out_jsonl;
}

bool output_is_table(const struct output *output)
{
    return output->format == &out_table;
}

/* ----------------------------------------------------------------- Rows -- */

/* What a format could not do is for lack of memory; the rest the sink knows.
 * After a failure no more is asked of it. */
static bool check(struct output *output, bool done)
{
    if (!done)
        sink_fail(&output->sink, ENOMEM);
    errno = output->sink.error;
    return output->sink.error == 0;
}

static bool put_row(struct output *output, const struct row *row)
{
    bool done = output->format->row(output, row);

    output->count++;
    return check(output, done);
}

bool output_token(struct output *output, const okta_api_token *token,
                  const struct context *context)
{
    struct row row;

    if (output->sink.error != 0)
        return check(output, true);
    row_init(&row, token, context, output->maker.clock.now);
    return put_row(output, &row);
}

bool output_zone(struct output *output, const okta_zone *zone)
{
    const struct row row = { .zone = zone };

    if (output->sink.error != 0)
        return check(output, true);
    return put_row(output, &row);
}

bool output_result(struct output *output, const struct output_result *result)
{
    bool done =
        output->sink.error == 0 && output->format->result(output, result);

    output->count++;
    /* Each tells of a change that was made: it must not wait in a buffer. */
    return check(output, done) && sink_flush(&output->sink);
}

bool output_hand_on(struct output *output)
{
    return check(output, true) && sink_flush(&output->sink);
}

bool output_flush(struct output *output)
{
    bool done = output->format->flush == NULL || output->format->flush(output);

    return check(output, done) && sink_flush(&output->sink);
}

void output_left_out(const struct output *output, struct okt_buf *out)
{
    if (output->format->left_out != NULL)
        output->format->left_out(output, out);
}

bool output_close(struct output *output, bool whole)
{
    bool done =
        output->format->end == NULL || output->format->end(output, whole);
    int error;

    if (!done)
        sink_fail(&output->sink, ENOMEM);
    sink_close(&output->sink);
    error = output->sink.error;
    free_output(output);
    errno = error;
    return error == 0;
}

const char *output_status(const okta_api_token *token, int64_t now)
{
    return row_status(token, now);
}

/* ----------------------------------------------------------------- Help -- */

/* clang-format off */
const char *const output_help[] = {
"Formats (-o, --output)\n"
"\n"
"table   for the eye; what is printed on a terminal unless told otherwise.\n"
"        Columns: NAME, ID, OWNER (userId), CLIENT, NETWORK, LAST USED,\n"
"        EXPIRES, STATUS. No line is wider than the terminal: cells are cut\n"
"        (\"...\" as one character marks it), then columns are left out:\n"
"        CLIENT, OWNER, EXPIRES, NETWORK, LAST USED, ZONES, OWNER STATUS,\n"
"        ROLES, the owner's login, STATUS. Of --fields the last column goes\n"
"        first, and a note names what has gone. Name and id go last. The\n"
"        first page settles this for the later ones. Off a terminal nothing\n"
"        is cut.\n"
"record  of a single token (get ID), on a terminal, unless told otherwise: a\n"
"        field a line, by the names that --fields takes, whole. It is no\n"
"        value of --output.\n"
"tsv     a line a token, without a header; the default off a terminal.\n"
"        Columns: id, name, userId, clientName, network.connection,\n"
"        created, expiresAt, x.lastUsed, x.status. What is not known is\n"
"        empty.\n"
"csv     as RFC 4180 has it: a header of the fields' names, lines that end\n"
"        in CR LF, quotes where they are needed. A text that a spreadsheet\n"
"        would take for a formula (= + - or @ first) has a ' before it.\n"
"        Columns: those of tsv, tokenWindow, network.include,\n"
"        network.exclude, lastUpdated and all of x. --csv-bom writes a byte\n"
"        order mark first, by which Excel knows that the file is UTF-8.\n"
"json    an array of what the org sent: every member, byte for byte and in\n"
"        its order, and behind them x. A single token (get ID) is an\n"
"        object. An empty list is []. A list that broke off has no ] at\n"
"        its end.\n"
"jsonl   the same, an object a line.\n"
"\n"
"Text from the org is escaped in every format but json and jsonl, into files\n"
"and pipes too, since a pipe may end at a terminal: controls, direction marks,\n"
"invisible characters, bytes that are not UTF-8. To undo it, replace from left\n"
"to right:\n"
"\n"
"\\n \\t \\r   line feed, tab, carriage return\n"
"\\\\         a backslash\n"
"\\xHH       below 80 the character of that number, else a byte of that value,\n"
"           which was part of no UTF-8\n"
"\\u{H...}   the Unicode character of that number\n"
"\n"
"json and jsonl have the org's own bytes in a file or pipe; on a terminal all\n"
"that is not ASCII is written as JSON's \\u202e, and json is indented.\n"
"\n",
"Fields (--fields A,B,...)\n"
"\n"
"id, name, userId, clientName, tokenWindow, network, network.connection,\n"
"network.include, network.exclude, created, lastUpdated, expiresAt,\n"
"_links.self.href, _links.user.href, and those of x below. Any other member\n"
"of the org's JSON is named with a dot before it: .added, .profile.email.\n"
"network is told in words (\"anywhere\", \"any zone\", \"in nzo...\", \"not\n"
"in nzo...\", \"no zone\"), but in json it is the object. Zones are parted\n"
"by a space. With json and jsonl an object has these members alone, in this\n"
"order, under these names; null where there is none.\n"
"\n"
"x, which the org does not send\n"
"\n"
"x.lastUsed       when it was last used, within about a minute (expiresAt\n"
"                 less tokenWindow); null: never, or not known\n"
"x.neverUsed      true or false; null: not known\n"
"x.status         one of the words below\n"
"x.ageDays        whole days since it was created\n"
"x.expiresInDays  whole days until it lapses, unless it is used\n"
"\n"
"If the org sends a member x of its own, that one stays and ours is called\n"
"_x; x.status and so on still name ours.\n"
"\n"
"Status: the first that holds\n"
"\n"
"unused    not once since it was created (yellow)\n"
"used      within the last 3 days, however soon it would lapse (green)\n"
"expiring  lapses within 7 days, and was not used in the last 3 (red)\n"
"idle      used, but not in the last 3 days (gray)\n"
"unknown   the org does not say how long its window is, so that its last\n"
"          use can't be told\n"
"\n"
"Times (--time iso|relative|unix): relative in a table, else iso. json and\n"
"jsonl have the org's own times as it sent them; x.lastUsed is iso there,\n"
"unless unix is asked for.\n"
"\n"
"Colours (--color auto|always|never): in tables, in records and in JSON on a\n"
"terminal. auto: on a terminal, unless NO_COLOR is set and not empty, or TERM\n"
"is \"dumb\". Beside the status words: DEPROVISIONED and SUPER_ADMIN are red,\n"
"anywhere and never yellow.\n"
"\n"
"Pager: what list, get and help print on a terminal goes through less, if it\n"
"is more than a screenful. OKTA_TOKENS_PAGER and PAGER name another (\"\" or\n"
"cat: none), --no-pager does without (see \"help environment\").\n"
"\n"
"Progress: a run of more than a second that asks for owners, or is about\n"
"several tokens, tells how far it is in one line (\"owners 212 of 505, about\n"
"2 min left\"), which is erased at the end. On standard error, if that is a\n"
"terminal, and with no pager in its place.\n"
"\n"
"revoke, restrict and --dry-run print a line an id: id, name and result\n"
"(revoked, already-gone, restricted, unchanged, would-revoke,\n"
"would-restrict, failed, and \"not tried\" of what a failure before it left\n"
"out); with json an array of {\"id\",\"name\",\"result\",\"error\"}, error\n"
"null unless it failed or was not tried, which is failed there too.\n",
NULL
};
/* clang-format on */
