/* SPDX-License-Identifier: Apache-2.0 */
/* http.h - the sockets of an org: HTTP/1.1, with or without TLS. */
#ifndef ORGD_HTTP_H
#define ORGD_HTTP_H

#include <stdint.h>

#include "server/org/org.h"
#include "server/request/route.h"

struct certs;
struct dev;
struct metrics;

struct http_options {
    const struct org *org;
    const struct route *routes;
    size_t route_count;
    int listener;            /* a listening socket; http_start takes it over */
    struct certs *certs;     /* NULL: no TLS. Both must live as long as the */
    uint16_t port;           /* that the listener's URL has */
    struct metrics *metrics; /* server does; NULL: nothing is counted */
    struct dev *dev;         /* NULL: there is no control API */
};

struct http;

/* Starts to serve, in threads of its own. NULL: it said why. */
struct http *http_start(const struct http_options *options);

/*
 * Takes no more connections, lets the requests in hand end (for at most ten
 * seconds), and stops. The writer must run until http_drain is through, be
 * stopped before http_free, and freed after it. Both take NULL.
 */
void http_drain(struct http *http);
void http_free(struct http *http);

#endif
