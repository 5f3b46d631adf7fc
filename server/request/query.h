/* SPDX-License-Identifier: Apache-2.0 */
/* query.h - the parameters of a request's target. */
#ifndef ORGD_QUERY_H
#define ORGD_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum query_result {
    QUERY_FOUND,
    QUERY_ABSENT,
    QUERY_BAD /* given twice, badly escaped, or too long for out */
};

/*
 * Appends the decoded value of a parameter of "a=1&b=x%20y" ("+" is a space) to
 * out. query may be NULL.
 */
enum query_result query_get(const char *query, const char *name,
                            struct okt_buf *out);

#endif
