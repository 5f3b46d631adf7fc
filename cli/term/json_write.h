/* SPDX-License-Identifier: Apache-2.0 */
/* json_write.h - JSON of our own, in ASCII alone, so that it is safe anywhere.
 */
#ifndef CLI_JSON_WRITE_H
#define CLI_JSON_WRITE_H

#include <stddef.h>

#include "base/buf.h"

/* Appends text as a JSON string. A byte that is not UTF-8 becomes U+FFFD. */
void json_string(struct okt_buf *out, const char *text);

/* Appends a valid JSON text as it is, but for what is not ASCII. */
void json_ascii(struct okt_buf *out, const char *json, size_t len);

#endif
