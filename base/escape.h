/* SPDX-License-Identifier: Apache-2.0 */
/* escape.h - making foreign text safe for a terminal, a log line, one line. */
#ifndef OKT_ESCAPE_H
#define OKT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Appends text so that it can neither steer a terminal nor deceive an eye: C0
 * and C1 controls, DEL, invisible and direction-changing characters and line
 * separators become \n, \t, \r, \xHH or \u{HHHH}; so does every byte that is
 * not UTF-8 (\xHH) and the backslash itself (\\).
 */
void okt_escape(struct okt_buf *out, const char *text, size_t len);

/* Returns how many bytes at the beginning of text okt_escape would leave as
 * they are. */
size_t okt_safe_length(const char *text, size_t len);

/*
 * Reads one code point of UTF-8 at text[0..len), len > 0, and says how many
 * bytes it took. An invalid sequence gives one byte and *cp = -1.
 */
size_t okt_utf8_next(const char *text, size_t len, int32_t *cp);

/* Whether text is UTF-8, and none of it a C0 control or DEL. */
bool okt_utf8_is_text(const char *text, size_t len);

/* Whether okt_escape would write cp as an escape. cp < 0: true. */
bool okt_is_unsafe(int32_t cp);

#endif
