/* SPDX-License-Identifier: Apache-2.0 */
/* routes.h - all that an org answers. */
#ifndef ORGD_ROUTES_H
#define ORGD_ROUTES_H

#include "server/request/route.h"

#define PATH_GROUPS "/api/v1/groups"

extern const struct route api_routes[];
extern const size_t api_route_count;

#endif
