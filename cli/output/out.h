/* SPDX-License-Identifier: Apache-2.0 */
/* out.h - what output.c and the files of the formats share. */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "cli/output/field.h"
#include "cli/output/json_pretty.h"
#include "cli/output/out_buffer.h"
#include "cli/output/output.h"
#include "cli/output/text.h"

/* What stands for an id that the API does not tell (revoke-current). */
#define OUTPUT_IN_USE "(the token in use)"

enum { CELL_MAX = 64 * 1024 * 1024 }; /* as long as an answer may be */

/*
 * A format. All write into output->sink, which latches what fails there; false
 * is for the lack of memory.
 */
struct out_format {
    /* Appends those that are shown if none are asked for, with these parts;
     * NULL: it is not cut into any. */
    void (*fields)(struct okt_buf *out, unsigned parts);
    enum output_time time;
    bool (*row)(struct output *output, const struct row *row);
    bool (*result)(struct output *output, const struct output_result *result);
    bool (*flush)(struct output *output); /* NULL: nothing is held back */
    /* Appends the columns that were asked for and had no room; NULL: it leaves
     * none out. */
    void (*left_out)(const struct output *output, struct okt_buf *out);
    bool (*end)(struct output *output, bool whole); /* NULL: nothing to do */
};

/* Ends what row_color begins. */
#define OUT_NO_COLOR "\033[0m"

extern const struct out_format out_table;
extern const struct out_format out_record;
extern const struct out_format out_json;
extern const struct out_format out_jsonl;
extern const struct out_format out_csv;
extern const struct out_format out_tsv;

/* Whether the locale's encoding is UTF-8, by which the eye's formats write. */
bool out_is_utf8(void);

struct table;

struct output {
    const struct out_format *format;
    bool header; /* wanted, and not written yet */
    bool bom;    /* the same of the byte order mark */
    bool array;
    bool terminal;
    bool colors;
    bool default_fields;      /* no --fields */
    bool default_time;        /* no --time */
    unsigned parts;           /* of --with */
    size_t width;             /* of the terminal; 0: there is none */
    size_t count;             /* rows written or held back */
    struct field_list fields; /* none: whole objects */
    struct cell_maker maker;
    struct okt_buf line;       /* for what is put together first */
    struct table *table;       /* out_table's own */
    struct json_pretty pretty; /* of json and jsonl on a terminal */
    struct sink sink;
};

#endif
