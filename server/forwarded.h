/* SPDX-License-Identifier: Apache-2.0 */
/* forwarded.h - where a request comes from that a proxy has passed on. */
#ifndef ORGD_FORWARDED_H
#define ORGD_FORWARDED_H

#include <stddef.h>

enum { FORWARDED_MAX = 4096 }; /* bytes of all X-Forwarded-For together */

/*
 * Puts the caller's own address in place of the connection's, where that is one
 * of the proxies (gateways of zone.h, a space between them): the last address
 * of X-Forwarded-For that is none of them, or the first where all are. What
 * stands before that anybody may have written. What is no address ends the
 * search: it is the proxy who calls.
 */
void forwarded_apply(const char *proxies, const char *header, char *address,
                     size_t size);

#endif
