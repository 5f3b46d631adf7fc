/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redact.h - text of a request without what must not be kept of it.
 *
 * "***" stands for what was there: for all of a field that carries a
 * credential, for what has the shape of an API token or of a JWT, wherever it
 * stands, and for what follows the "?" of a URL with such a field; all of it
 * percent-encoded too.
 */
#ifndef ORGD_REDACT_H
#define ORGD_REDACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Appends a text of any kind. What is not UTF-8 becomes U+FFFD. */
void redact_text(struct okt_buf *out, const char *text, size_t len);

/* Appends the value of a header; of credentials, their scheme is left. */
void redact_header(struct okt_buf *out, const char *name, const char *value);

/* Appends a query, or a form, whose fields with certain names hold secrets. */
void redact_form(struct okt_buf *out, const char *text, size_t len);

/* Appends a body: JSON without the values of such members, a form as one, and
 * nothing of what is neither. */
void redact_body(struct okt_buf *out, const char *text, size_t len, bool form);

#endif
