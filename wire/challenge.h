/* SPDX-License-Identifier: Apache-2.0 */
/* challenge.h - WWW-Authenticate (RFC 9110, section 11.6.1), read. */
#ifndef OKT_CHALLENGE_H
#define OKT_CHALLENGE_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Finds a parameter of the challenges in one field value: of those of that
 * scheme, or, scheme NULL, of any; the first that has it. Names are compared
 * without regard to letter case. The value, unquoted, is appended to out; on
 * false nothing is. A quote that does not end ends the search; a missing comma
 * is passed over.
 */
bool okt_challenge_param(const char *value, const char *scheme,
                         const char *param, struct okt_buf *out);

#endif
