/* SPDX-License-Identifier: Apache-2.0 */
/* json.h - reading JSON from the network within bounds. */
#ifndef OKT_JSON_H
#define OKT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <yyjson.h>

#include "base/buf.h"
#include "base/mem.h"

enum {
    OKT_JSON_DEPTH = 32,   /* of nested arrays and objects, at most */
    OKT_JSON_MEMBERS = 256 /* of one object in a request, at most */
};

/* Part of a text. */
struct okt_span {
    const char *data;
    size_t len;
};

/* The span of a literal. */
#define OKT_SPAN(text) { (text), sizeof(text) - 1 }

AUTO_DEFINE(yyjson_doc, yyjson_doc_free)

/*
 * Parses data, whole and strict (RFC 8259, valid UTF-8). NULL: *why (never
 * NULL) is a constant text, and whether memory lacked is said by *no_memory.
 */
yyjson_doc *okt_json_read(const char *data, size_t len, const char **why,
                          bool *no_memory);

/* The same in memory of the caller's: documents that are read and freed one
 * after another may share one yyjson_alc_dyn_new, which keeps it for the next.
 */
yyjson_doc *okt_json_read_in(const yyjson_alc *memory, const char *data,
                             size_t len, const char **why, bool *no_memory);

/* The same for what holds secrets: all memory that it took is wiped before it
 * is freed. */
yyjson_doc *okt_json_read_secret(const char *data, size_t len, const char **why,
                                 bool *no_memory);

/*
 * The same for what others ask of us, where it must not be open to two
 * readings: no object has two members of a name, or more than OKT_JSON_MEMBERS.
 */
yyjson_doc *okt_json_read_request(const char *data, size_t len,
                                  const char **why, bool *no_memory);

/*
 * Where the objects of an array stand in the text that it was read from: fills
 * a span for each. False: an element is no object, or one without a member.
 */
bool okt_json_objects(yyjson_doc *doc, const char *data, size_t len,
                      struct okt_span *out);

/*
 * A document to be written. yyjson leaves out what it finds no memory for, so
 * the failure is latched here and okt_json_print tells it.
 */
struct okt_json_writer {
    yyjson_alc alc;
    bool failed;
    yyjson_mut_doc *doc;
};

#define OKT_JSON_WRITER_AUTO \
    __attribute__((cleanup(okt_json_writer_free))) struct okt_json_writer

/*
 * Begins one whose root is an empty object, which it returns (NULL: failed;
 * yyjson's functions take that and do nothing). The strings that are added
 * are borrowed until okt_json_print.
 */
yyjson_mut_val *okt_json_begin(struct okt_json_writer *writer);

/* The same for what holds secrets, as okt_json_read_secret. */
yyjson_mut_val *okt_json_begin_secret(struct okt_json_writer *writer);

/* Appends the document's text, or latches the failure into out. */
void okt_json_print(struct okt_json_writer *writer, struct okt_buf *out);

/* For what is written too often for a document: appends what stands between
 * the quotes of that string. */
void okt_json_escape(struct okt_buf *out, const char *text);

void okt_json_writer_free(struct okt_json_writer *writer);

/*
 * A string; NULL if it is none, or one with a NUL in it: as a C string it
 * would be cut there and pass for another.
 */
const char *okt_json_text(yyjson_val *json);

/* The same of a member, the first of that name; NULL if it is missing too. */
const char *okt_json_str(yyjson_val *object, const char *key);

/*
 * Finds the members of these names: found[i] is the value of keys[i], or NULL.
 * False: it is no object, or one of them comes twice, and what is read here
 * must be what any other reader of the JSON sees.
 */
bool okt_json_members(yyjson_val *object, const struct okt_span *keys,
                      size_t count, yyjson_val **found);

#endif
