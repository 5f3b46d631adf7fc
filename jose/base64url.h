/* SPDX-License-Identifier: Apache-2.0 */
/* base64url.h - RFC 4648, section 5, without padding; and what is used in it.
 */
#ifndef OKT_BASE64URL_H
#define OKT_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Characters that n bytes take. */
#define OKT_BASE64URL_LEN(n) (((n) * 8 + 5) / 6)

enum { OKT_SHA256_TEXT = 44 }; /* a SHA-256 in base64url, its NUL included */

/* Appends the text of len bytes. */
void okt_base64url_encode(const void *data, size_t len, struct okt_buf *out);

/*
 * Appends the bytes that a text stands for. False, and nothing is appended, if
 * it is not the one text that encoding them gives: a foreign character, "=",
 * white space, a length that can't be, bits left over that are not zero. What
 * finds no room is latched in out, as ever.
 */
bool okt_base64url_decode(const char *text, size_t len, struct okt_buf *out);

/* The SHA-256 of len bytes: a PKCE challenge, DPoP's ath, a thumbprint. False:
 * libcrypto could not. */
bool okt_sha256_base64url(const char *data, size_t len,
                          char out[OKT_SHA256_TEXT]);

/* Appends the text of n random bytes, n at most 64: a jti, a PKCE verifier.
 * False: no randomness is to be had, or no memory. */
bool okt_random_base64url(size_t n, struct okt_buf *out);

#endif
