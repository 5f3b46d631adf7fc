/* SPDX-License-Identifier: Apache-2.0 */
/* form.h - parameters in application/x-www-form-urlencoded. */
#ifndef ORGD_FORM_H
#define ORGD_FORM_H

#include <stddef.h>

#include "base/buf.h"

enum { FORM_FIELDS_MAX = 32 };

struct form {
    struct okt_buf text; /* what the fields point into */
    size_t count;
    struct {
        const char *name;
        const char *value;
    } fields[FORM_FIELDS_MAX];
};

#define FORM_AUTO __attribute__((cleanup(form_free))) struct form

/*
 * Reads a whole body. content_type is the header's, NULL where there is none.
 * Refused are another type, a name given twice or empty, a broken escape, a
 * control character (tab and line ends aside), what is not UTF-8 and more than
 * FORM_FIELDS_MAX fields. NULL: done, form_free it. Else a constant text saying
 * what is wrong, and there is nothing to free; FORM_NO_MEMORY if it is us.
 */
const char *form_parse(struct form *out, const char *content_type,
                       const char *body, size_t len);

/*
 * The same of a request whose target has parameters, too: those of both, and
 * none of them twice. query may be NULL. An empty body needs no type.
 */
const char *form_parse_both(struct form *out, const char *query,
                            const char *content_type, const char *body,
                            size_t len);

extern const char FORM_NO_MEMORY[];

/* The value of a field; NULL: there is none of that name, or it has no value
 * (RFC 6749, 3.2: that is as good as none). */
const char *form_get(const struct form *form, const char *name);

/* The same, "" where there is none. */
const char *form_text(const struct form *form, const char *name);

/* Wipes the values, for one of them may be a password. */
void form_free(struct form *form);

#endif
