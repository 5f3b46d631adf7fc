/* SPDX-License-Identifier: Apache-2.0 */
/* percent.h - text in URLs and forms: percent-encoding (RFC 3986). */
#ifndef OKT_PERCENT_H
#define OKT_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Appends text; what is not one of [A-Za-z0-9-._~] becomes "%C3%A9". */
void okt_percent_encode(struct okt_buf *out, const char *text);

/*
 * Appends the text that was encoded so; "+" is a space. False: an escape is
 * broken, a NUL would end the text early, or it is too long for out.
 * Then out holds what came before.
 */
bool okt_percent_decode(const char *text, size_t len, struct okt_buf *out);

#endif
