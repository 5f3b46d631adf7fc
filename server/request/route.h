/* SPDX-License-Identifier: Apache-2.0 */
/* route.h - which handler answers a method and a path. */
#ifndef ORGD_ROUTE_H
#define ORGD_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "server/org/role.h"
#include "wire/id.h"

struct request; /* request.h */

enum {
    ROUTE_ID_MAX = 255
}; /* bytes of what an "{id}" or the like stands for */

struct route {
    const char *method;
    const char *path; /* a segment "{id}" matches one segment that may be an
                         id; a row with the segment itself stands before it.
                         So does "{name}", with one that may be a name, and
                         "{login}", with any that may be an id or a login,
                         percent-encoded */
    enum scope scope; /* what the caller must be allowed; checked before */
    /*
     * Answers: fills the reply and returns its HTTP status. Or asks for a
     * change (request_change) and returns REQUEST_LATER; then done answers,
     * once the change is durable or has failed.
     */
    int (*handle)(struct request *request, const char *id);
    int (*done)(struct request *request, const char *id);
};

/* Whether everybody may ask for all of them, however often, and they can do
 * without a store. */
bool routes_are_open(const struct route *routes, size_t count);

/* The resource that a row is about, which all its rows count as one endpoint:
 * "/api/v1/users" of "/api/v1/users/{id}/roles". Cut if size is less. */
void route_endpoint(const struct route *route, char *out, size_t size);

/* Whether text may be the name of a file that somebody names: 1 to OKT_ID_MAX
 * of [A-Za-z0-9._-], no dot ahead. */
bool route_name_is_valid(const char *text);

/*
 * Finds the route of a request and copies its {id}, decoded, or "", to id. HEAD
 * is answered as GET. Returns 200; 404 when no path matches; 405 when a path
 * does but not with its method.
 */
int route_find(const struct route *routes, size_t count, const char *method,
               const char *path, const struct route **out,
               char id[static ROUTE_ID_MAX + 1]);

/*
 * Whether wanted names a request's path: as it was sent, as its route's
 * template
 * ("current" is no "{id}"), or by its beginning and "*". Both may be NULL.
 */
bool route_names(const char *wanted, const char *path, const char *route);

/* Appends the methods that a path has, for the Allow header. */
void route_allow(const struct route *routes, size_t count, const char *path,
                 struct okt_buf *out);

#endif
