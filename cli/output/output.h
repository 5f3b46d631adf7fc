/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output.h - tokens or zones on stdout, in one of the formats.
 *
 * output.c reads the options and hands on to one file a format. Text of the
 * org is escaped in every format (a pipe may end at a terminal) but in json and
 * jsonl off a terminal, which have the bytes that the org sent.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <okta/okta.h>

#include "base/buf.h"

enum output_format {
    OUTPUT_DEFAULT, /* a table on a terminal, or a record; else tsv */
    OUTPUT_TABLE,
    OUTPUT_JSON,
    OUTPUT_JSONL,
    OUTPUT_CSV,
    OUTPUT_TSV
};

enum output_time {
    OUTPUT_TIME_DEFAULT,
    OUTPUT_ISO,
    OUTPUT_RELATIVE,
    OUTPUT_UNIX
};

enum output_color {
    OUTPUT_COLOR_AUTO,
    OUTPUT_COLOR_ALWAYS,
    OUTPUT_COLOR_NEVER
};

enum { OUTPUT_WIDTH = 80 };

struct output_options {
    enum output_format format;
    enum output_time time;
    enum output_color color;
    const char *fields; /* "name,id,x.status", or NULL: the format's own */
    unsigned parts;     /* of the context, that the format's own then show */
    bool has_context;   /* whether there is one, see output_token */
    bool zones;         /* it is of zones: output_zone alone */
    bool no_header;
    bool bom;    /* csv: a byte order mark first, unless on a terminal */
    bool array;  /* there may be several: json is an array, and the default on
                    a terminal a table, also for a single token */
    int64_t now; /* the time that ages and spans are told by */
    FILE *stream;
    bool terminal;            /* whether stream is one */
    size_t width;             /* its columns; 0: OUTPUT_WIDTH */
    void (*begin)(void *ctx); /* called before the first byte goes to stream;
                                 or NULL */
    void *ctx;
};

/* Reads "table", "json", ...: false if it is none of them. */
bool output_format_parse(const char *text, enum output_format *out);
bool output_time_parse(const char *text, enum output_time *out);
bool output_color_parse(const char *text, enum output_color *out);

/* Whether that, the environment and the terminal mean colours. */
bool output_wants_colors(const struct output_options *options);

struct context;
struct output;

/*
 * Begins. NULL: out of memory, or fields names one that there is not; *why is
 * then a text for the person (who asked), to be freed.
 */
struct output *output_open(const struct output_options *options, char **why);

/* Whether the format that is in force is json or jsonl: errors follow it. */
bool output_is_json(const struct output *output);

/* Whether it is a table. */
bool output_is_table(const struct output *output);

/* Writes one token, and what is known around it (context, or NULL); it may be
 * held back until a page is full (output_flush). False: out of memory, or
 * stream can't be written to. */
bool output_token(struct output *output, const okta_api_token *token,
                  const struct context *context);

/* The same of a zone. */
bool output_zone(struct output *output, const okta_zone *zone);

/* The parts of the context that are shown. */
unsigned output_parts(const struct output *output);

/* Hands on what is written so far, before something is waited for; a table goes
 * on holding its rows back. */
bool output_hand_on(struct output *output);

/* Shows what was held back: at a page's end. */
bool output_flush(struct output *output);

/*
 * Appends the names of the columns that were asked for and are left out, since
 * the terminal is too narrow; a comma between them. After output_flush.
 */
void output_left_out(const struct output *output, struct okt_buf *out);

/*
 * Ends and frees. whole false: the list broke off, and a JSON array stays
 * unclosed, so that nobody takes it for a whole one. False: not all of it could
 * be written (errno says why).
 */
bool output_close(struct output *output, bool whole);

/* What became of one id in revoke, restrict and dry runs. */
struct output_result {
    const char *id;          /* or NULL: not known (revoke-current) */
    const char *name;        /* or NULL */
    const char *result;      /* "revoked", "already-gone", ... */
    const char *word;        /* in its place but for json; or NULL */
    const okta_error *error; /* or NULL */
    const char *error_json;  /* or NULL; for json in place of error, by one who
                                knows more: {"code":...,"message":...} */
};

/* The words of x.status, by the rules in okta-tokens(1). */
const char *output_status(const okta_api_token *token, int64_t now);

/* One line, such as "00T...  ci-deploy  revoked"; with json an element of an
 * array, with jsonl a line. The same output must not be used for tokens. */
bool output_result(struct output *output, const struct output_result *result);

/* The formats, fields and status words, told to a person; lines of at most 78
 * columns, in pieces, NULL behind the last. */
extern const char *const output_help[];

#endif
