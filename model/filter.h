/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter.h - expressions in Okta's filter language (RFC 7644, 3.4.2.2), such as
 *
 *     name sw "ci-" and (created lt "-90d" or not owner.status eq "ACTIVE")
 *
 * Operators: eq ne co sw ew gt ge lt le pr, in any letter case. "not" binds
 * closest, then "and", then "or". Attributes are written exactly as the
 * caller's table has them. No I/O: the caller's table says which attributes
 * there are, the caller's function what values they have.
 */
#ifndef OKT_FILTER_H
#define OKT_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FILTER_TEXT_MAX = 4096, /* bytes of an expression */
    FILTER_DEPTH_MAX = 32,  /* of parentheses and "not" */
    FILTER_TERMS_MAX = 256, /* comparisons */
    FILTER_WHY_MAX = 200
};

enum filter_type {
    FILTER_TEXT,    /* compares without regard to ASCII letter case */
    FILTER_ID,      /* compares exactly */
    FILTER_NUMBER,  /* a JSON number */
    FILTER_BOOLEAN, /* true or false; eq, ne and pr alone */
    FILTER_TIME     /* "2026-01-31T08:00:00Z", or "-14d": relative to now, in s,
                       m or min, h, d, w or y (365 days); no co, sw, ew */
};

struct filter_attribute {
    const char *name;
    enum filter_type type;
};

struct filter;

/* Why an expression was not read. */
struct filter_error {
    bool no_memory;
    size_t
        at; /* the byte of the expression that is wrong; its length: the end */
    char why[FILTER_WHY_MAX];
};

/*
 * Reads an expression over these attributes, which must outlive the filter. now
 * is what relative times count from, in seconds since 1970. NULL: error says
 * why.
 */
struct filter *
filter_parse(const char *text, const struct filter_attribute *attributes,
             size_t count, int64_t now, struct filter_error *error);

/* Takes NULL. */
void filter_free(struct filter *filter);

/* Whether the expression names the attribute of that index. */
bool filter_uses(const struct filter *filter, size_t attribute);

/* ------------------------------------------------------------ Evaluation -- */

/* Kleene's three: "unknown" is what could not be read. */
enum filter_truth { FILTER_FALSE, FILTER_TRUE, FILTER_UNKNOWN };

/* A value that an attribute has; which member counts, its type says. */
struct filter_value {
    enum { FILTER_VALUE_SET, FILTER_VALUE_NULL, FILTER_VALUE_UNKNOWN } state;
    const char *text; /* TEXT and ID */
    double number;
    bool boolean;
    int64_t time;
};

/*
 * Fills *out with value i of an attribute; *out is a SET of nothing before.
 * False: it has no more. An attribute without any value counts as null; one
 * with several matches if one of them does.
 */
typedef bool filter_get_fn(void *ctx, size_t attribute, size_t i,
                           struct filter_value *out);

/*
 * A comparison with null is false, but for eq null; ne is not eq. A comparison
 * with what is unknown is unknown, and so is pr.
 */
enum filter_truth filter_evaluate(const struct filter *filter,
                                  filter_get_fn *get, void *ctx);

#endif
