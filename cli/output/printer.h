/* SPDX-License-Identifier: Apache-2.0 */
/* printer.h - an output on standard output, as the options want it. */
#ifndef CLI_PRINTER_H
#define CLI_PRINTER_H

#include <stdbool.h>

#include "cli/output/output.h"
#include "cli/signin/session.h"

/*
 * Begins. array: json is one, also of a single token. Returns an exit code; not
 * EXIT_OK: it has been said why not.
 */
int printer_open(struct session *session, bool array, struct output **out);

/* The same of several zones: output_zone prints them. */
int printer_open_zones(struct session *session, struct output **out);

/*
 * Prints a token, after asking for what --with shows around it. Returns an exit
 * code: not EXIT_OK where that could not be known. *ok: false where it could
 * not be written, which printer_close tells.
 */
int printer_token(struct session *session, struct output *output,
                  const okta_api_token *token, bool *ok);

/*
 * Ends it. whole: see output_close. code: what the command comes to so far; a
 * failure to write counts where that was EXIT_OK, and a closed pipe always.
 */
int printer_close(struct session *session, struct output *output, bool whole,
                  int code);

/* Whether a person sees a table of it; output may be NULL. */
bool printer_shows_table(const struct output *output);

/* Writes one buffer of our own to standard output; JSON is laid out for a
 * person on a terminal. Returns an exit code. */
int printer_text(const struct session *session, const char *text, size_t len);

/* The same, through a pager. */
int printer_page(struct session *session, const char *text, size_t len);

/* That something could not be written, errno saying why. */
int printer_fail(const struct args *args);

#endif
