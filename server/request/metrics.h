/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.h - what an org counts, in Prometheus' text. Safe from any thread. */
#ifndef ORGD_METRICS_H
#define ORGD_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "server/request/route.h"

struct metrics;

/* Counts requests of these routes. NULL: out of memory. */
struct metrics *metrics_new(const struct route *routes, size_t count);
void metrics_free(struct metrics *metrics);

/* A request begins, and ends: of no route if route is NULL, status 0 if it got
 * no answer. */
void metrics_begin(struct metrics *metrics);
void metrics_end(struct metrics *metrics, const struct route *route, int status,
                 int64_t us);

/* Whether it takes requests: not before it has started, nor once it stops. */
void metrics_set_ready(struct metrics *metrics, bool ready);
bool metrics_is_ready(struct metrics *metrics);

/* Appends all of it. */
void metrics_show(struct metrics *metrics, struct okt_buf *out);

#endif
