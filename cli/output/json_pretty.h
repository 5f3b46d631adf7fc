/* SPDX-License-Identifier: Apache-2.0 */
/* json_pretty.h - JSON for a person: indented, coloured. */
#ifndef CLI_JSON_PRETTY_H
#define CLI_JSON_PRETTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Zeroed but for the first two before the first call. */
struct json_pretty {
    bool indent; /* else each document stays on a line of its own */
    bool colors;
    unsigned depth;   /* of open arrays and objects */
    uint64_t objects; /* a bit for each depth: whether it is an object */
    bool fresh;       /* an array or object has just begun */
    bool in_string;
    bool in_word;       /* a number, true, false or null */
    bool in_null;       /* the word is null */
    bool escaped;       /* the next character of the string is */
    bool value_follows; /* within an object: after a key's colon */
    bool unfinished;    /* the line has no end yet */
};

/*
 * Appends valid JSON, of one document or several, which may come in pieces cut
 * anywhere. White space between tokens is replaced, strings stay as they are.
 */
void json_pretty(struct json_pretty *pretty, struct okt_buf *out,
                 const char *json, size_t len);

/* Ends the line of a document that broke off. */
void json_pretty_end(struct json_pretty *pretty, struct okt_buf *out);

#endif
