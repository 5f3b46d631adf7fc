/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loose.h - takes off what editors, shells and copying put around a value: a
 * byte order mark, white space, a pair of quotes, the scheme before a token.
 * None of it can be part of the value itself.
 */
#ifndef OKT_LOOSE_H
#define OKT_LOOSE_H

#include "wire/json.h"

/* The text without UTF-8's byte order mark before it. */
struct okt_span okt_without_bom(struct okt_span text);

/* The text without the white space around it. */
struct okt_span okt_trim(struct okt_span text);

/* The text without the one pair of " or ' around it. */
struct okt_span okt_unquote(struct okt_span text);

/* A byte order mark, white space, quotes and the white space inside them. */
struct okt_span okt_bare(struct okt_span text);

/* A token without quotes around it, "SSWS " or "Bearer " before it, and quotes
 * behind that. */
struct okt_span okt_bare_token(struct okt_span text);

#endif
