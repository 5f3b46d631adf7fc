/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doc.h - the documentation that help, man page and completions share.
 *
 * Each piece is a paragraph, or a term and what it means; doc_* lay it out, as
 * plain text of 79 columns or as scdoc's source.
 */
#ifndef CLI_DOC_H
#define CLI_DOC_H

#include <stddef.h>

#include "base/buf.h"
#include "cli/term/command.h"

struct doc_item {
    const char *term; /* NULL: a paragraph */
    const char *text;
};

struct doc_topic {
    const char *name;
    const char *summary;
    const char *const *literal; /* laid out already, in pieces, NULL behind the
                                   last; or NULL: items */
    const struct doc_item *items;
    size_t count;
};

enum { DOC_EXAMPLES = 2 };

/* The DOC_EXAMPLES examples of a command: the line to type as term. NULL: it
 * has none. */
const struct doc_item *doc_examples(const char *command);

extern const struct doc_topic doc_topics[];
extern const size_t doc_topic_count;

/* NULL: there is none. */
const struct doc_topic *doc_topic_find(const char *name);

/* How a document is laid out. */
enum doc_form { DOC_TEXT, DOC_SCDOC };

enum { DOC_MAX = 256 * 1024 };

void doc_heading(struct okt_buf *out, enum doc_form form, const char *text);

/* text may hold several paragraphs, "\n" between them. */
void doc_paragraph(struct okt_buf *out, enum doc_form form, const char *text);

/* value may be NULL. */
void doc_term(struct okt_buf *out, enum doc_form form, const char *term,
              const char *value, const char *text);

/* What every form of documentation says of these. */
void doc_command(struct okt_buf *out, enum doc_form form,
                 const struct command *command);
void doc_global_options(struct okt_buf *out, enum doc_form form);

/* Their names alone, as text. */
void doc_global_names(struct okt_buf *out);
void doc_topic(struct okt_buf *out, enum doc_form form,
               const struct doc_topic *topic);

/* The shells that completion has a script for; NULL after the last. */
extern const char *const doc_shells[];

/* completion.c: appends the script for a shell of those. */
void doc_completion(struct okt_buf *out, const char *shell);

#endif
