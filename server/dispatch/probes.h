/* SPDX-License-Identifier: Apache-2.0 */
/* probes.h - what an org tells those who watch it, on a listener of its own. */
#ifndef ORGD_PROBES_H
#define ORGD_PROBES_H

#include "server/request/route.h"

extern const struct route probe_routes[];
extern const size_t probe_route_count;

#endif
