/* SPDX-License-Identifier: Apache-2.0 */
/* link.h - the Link header (RFC 8288), read and written. */
#ifndef OKT_LINK_H
#define OKT_LINK_H

#include <stddef.h>

#include "base/buf.h"

enum okt_link {
    OKT_LINK_NONE,
    OKT_LINK_FOUND,
    OKT_LINK_MALFORMED /* and so it may hold one: it is not the end */
};

/*
 * Finds the target of the first link with that relation type in one field
 * value, which may hold many links: *target points into value, *len bytes.
 */
enum okt_link okt_link_find(const char *value, const char *rel,
                            const char **target, size_t *len);

/* Appends `<url>; rel="rel"`. */
void okt_link_write(struct okt_buf *out, const char *url, const char *rel);

#endif
