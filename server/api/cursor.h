/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cursor.h - the place in a list that a client takes away and comes back with.
 *
 * A cursor says behind which token to go on, so it stays good while tokens come
 * and go. It is signed over that place, the search, the caller and the format,
 * so that it serves only who it was given to, for what it was given for.
 */
#ifndef ORGD_CURSOR_H
#define ORGD_CURSOR_H

#include <stdbool.h>

#include "base/buf.h"
#include "server/store/store.h"
#include "server/util/secret.h"

enum { CURSOR_MAX = 1024 }; /* characters */

struct cursor {
    char id[OKT_ID_MAX + 1];
    char name[STORE_NAME_MAX + 1];
};

/* Appends a cursor, of [A-Za-z0-9_-] alone. */
void cursor_write(struct okt_buf *out,
                  const unsigned char key[static SECRET_KEY_LEN],
                  const struct cursor *place, const char *q,
                  const char *caller);

/* False: it is none of ours, or not for this search or this caller. */
bool cursor_read(const char *text,
                 const unsigned char key[static SECRET_KEY_LEN], const char *q,
                 const char *caller, struct cursor *out);

#endif
