/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter.h - the filter of the System Log: a SCIM expression of eq, and, or and
 * parentheses, such as
 *
 *     eventType eq "system.api_token.revoke" and target.id eq "00T…"
 */
#ifndef ORGD_FILTER_H
#define ORGD_FILTER_H

#include <stdbool.h>

#include "store.h"

enum {
    FILTER_MAX = 1024,    /* bytes of an expression */
    FILTER_STEPS_MAX = 64 /* comparisons and operators */
};

enum filter_step_kind { FILTER_EQ, FILTER_AND, FILTER_OR };

/* The expression in postfix order. */
struct filter {
    struct filter_step {
        enum filter_step_kind kind;
        size_t attribute;
        const char *value; /* into text */
    } steps[FILTER_STEPS_MAX];
    size_t count; /* 0: everything matches */
    char text[FILTER_MAX + 1];
};

/* NULL: read. Else what is wrong with it, a constant text. */
const char *filter_parse(const char *text, struct filter *out);

bool filter_matches(const struct filter *filter,
                    const struct store_event *event);

#endif
