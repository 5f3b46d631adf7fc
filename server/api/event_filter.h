/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event_filter.h - the filter of the System Log, such as
 *
 *     eventType eq "system.api_token.revoke" and target.id eq "00T…"
 */
#ifndef ORGD_EVENT_FILTER_H
#define ORGD_EVENT_FILTER_H

#include "model/filter.h"
#include "server/store/store.h"

/* As filter_parse, over what an event can be filtered by. */
struct filter *event_filter_parse(const char *text, int64_t now,
                                  struct filter_error *error);

bool event_filter_matches(const struct filter *filter,
                          const struct store_event *event);

#endif
