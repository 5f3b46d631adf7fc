/* SPDX-License-Identifier: Apache-2.0 */
/* id.h - what an id looks like, what a secret looks like, and what q finds. */
#ifndef OKT_ID_H
#define OKT_ID_H

#include <stdbool.h>
#include <stddef.h>

enum {
    OKT_ID_LEN = 20,     /* of the ids that the org makes */
    OKT_ID_MAX = 64,     /* of those that go into a path */
    OKT_SECRET_LEN = 42, /* "00" and 40 of [A-Za-z0-9_-] */
    OKT_SECRET_MAX = 256 /* of what is taken as a credential at all */
};

/* Whether text may be a path segment: 1 to OKT_ID_MAX of [A-Za-z0-9_-]. */
bool okt_id_is_segment(const char *text);

/* Whether text is "00T" and 17 letters or digits: only ever a token's id. */
bool okt_id_is_token(const char *text);

/*
 * Finds what has the shape of a secret: "00" and 40 or more of [A-Za-z0-9_-],
 * whatever stands before it. NULL: none. *len reaches to the end of such
 * characters. For never echoing one, so it rather finds too much.
 */
const char *okt_secret_find(const char *text, size_t text_len, size_t *len);

/* Whether text holds what okt_secret_find finds. */
bool okt_has_secret(const char *text);

/*
 * The search of listApiTokens, for both halves: whether q occurs in name or
 * clientName, ASCII letter case aside. q NULL or "": true. NULL fields: none.
 */
bool okt_q_matches(const char *q, const char *name, const char *client_name);

#endif
