/* SPDX-License-Identifier: Apache-2.0 */
/* forwarded.h - where a request comes from that a proxy has passed on. */
#ifndef ORGD_FORWARDED_H
#define ORGD_FORWARDED_H

#include <stdbool.h>
#include <stddef.h>

enum { FORWARDED_MAX = 4096 }; /* bytes of all X-Forwarded-For together */

/*
 * Replaces the connection's address by the caller's, where the connection comes
 * from one of the proxies (gateways of zone.h, a space between them): the last
 * address of X-Forwarded-For that is none of them, since anybody may have
 * written what stands before it; the last of all where every one is a proxy. A
 * port is taken off.
 *
 * header: all of that field's lines, joined by commas; NULL if they are too
 * long. Returns false if the caller can't be told, since the header is too long
 * or an entry that counts is empty or no address; refuse the request then.
 */
bool forwarded_apply(const char *proxies, const char *header, char *address,
                     size_t size);

#endif
