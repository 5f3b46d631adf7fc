/* SPDX-License-Identifier: Apache-2.0 */
/* log.h - one key=value line a request, into the org's log. */
#ifndef ORGD_LOG_H
#define ORGD_LOG_H

#include <stdint.h>

struct request;

/*
 * Writes the line of a request that has been answered with that status (0: none
 * left). It holds the route's template and an id, never the path or the query
 * as they came, nor any header or body.
 */
void log_request(const struct request *request, int status, int64_t us);

#endif
