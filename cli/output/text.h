/* SPDX-License-Identifier: Apache-2.0 */
/* text.h - cells for the eye: times, numbers, widths, cutting and padding. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli/output/output.h"

/* ------------------------------------------------- Times and numbers -- */

enum { TEXT_SIZE = 32, TEXT_DAYS = 64 };

/* How times are told. Writing a date costs most of it and tokens share their
 * days, so the last ones are kept. */
struct text_clock {
    enum output_time how;
    int64_t now;
    struct {
        int64_t day;
        char date[sizeof "2025-12-02T"]; /* "": none yet */
    } days[TEXT_DAYS];
};

/* Each returns how long its text is; out is NUL-terminated. */
size_t text_number(int64_t n, char out[static TEXT_SIZE]);
size_t text_iso(struct text_clock *clock, int64_t time,
                char out[static TEXT_SIZE]);

/* "just now", "5m ago", "in 30d". */
size_t text_relative(int64_t time, int64_t now, char out[static TEXT_SIZE]);

/* In the way of the clock. */
size_t text_time(struct text_clock *clock, int64_t time,
                 char out[static TEXT_SIZE]);

/* ------------------------------------------------------------- Cells -- */

/*
 * Appends foreign text as it goes into a cell: as okt_escape does, and what the
 * locale can't print is an escape too. utf8: whether the locale's encoding is
 * UTF-8; without it all beyond ASCII is one.
 */
void text_cell(struct okt_buf *out, const char *text, size_t len, bool utf8);

/* How many columns of a terminal the text of a cell takes. */
size_t text_width(const char *cell);

/* How many bytes at the beginning of a cell fit into width columns. */
size_t text_fitting(const char *cell, size_t width);

/* Appends a cell, cut to width columns, with a mark where it was, and filled
 * up with spaces if pad. */
void text_fit(struct okt_buf *out, const char *cell, size_t width, bool pad,
              bool utf8);

#endif
