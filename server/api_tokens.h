/* SPDX-License-Identifier: Apache-2.0 */
/* api_tokens.h - /api/v1/api-tokens: the five operations. */
#ifndef ORGD_API_TOKENS_H
#define ORGD_API_TOKENS_H

#include "route.h"

extern const struct route api_routes[];
extern const size_t api_route_count;

#endif
