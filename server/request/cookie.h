/* SPDX-License-Identifier: Apache-2.0 */
/* cookie.h - the Cookie header. */
#ifndef ORGD_COOKIE_H
#define ORGD_COOKIE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copies the value of the cookie of that name. header may be NULL. False: there
 * is none, it is there twice (somebody planted one of them), or it is too long
 * or not made of RFC 6265's characters.
 */
bool cookie_get(const char *header, const char *name, char *out, size_t size);

#endif
