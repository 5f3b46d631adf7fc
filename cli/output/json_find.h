/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_find.h - members in the text of a JSON object, byte for byte.
 *
 * For text that was parsed before, and so is valid: what an org sent is shown
 * as it came, not as a library would write it. On other text the answers are
 * wrong, but nothing beyond its end is read.
 */
#ifndef CLI_JSON_FIND_H
#define CLI_JSON_FIND_H

#include <stdbool.h>

#include "base/buf.h"
#include "wire/json.h"

/*
 * Finds the value at a path, "network.include": of members of the same name
 * the last, as parsers do. False: there is none. Keys that are written with
 * escapes are found up to a length of 1024 bytes.
 */
bool json_find(struct okt_span object, const char *path, struct okt_span *out);

/* Appends a value as plain text: a string's characters, nothing for null, JSON
 * for all else. False: out of memory. */
bool json_plain(struct okt_buf *out, struct okt_span value);

#endif
