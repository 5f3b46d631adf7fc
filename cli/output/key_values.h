/* SPDX-License-Identifier: Apache-2.0 */
/* key_values.h - a few things known of something, as text or as a JSON object.
 */
#ifndef CLI_KEY_VALUES_H
#define CLI_KEY_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/signin/session.h"

struct fact {
    const char *key;   /* of JSON; in text camelCase becomes words */
    const char *value; /* NULL: null, and left out of text */
    bool raw;          /* in JSON it stands as it is: a number, true, false */
};

/* As -o says: a line each, or one object. Returns an exit code. */
int facts_print(const struct session *session, const struct fact *facts,
                size_t count);

/* As an object, whatever -o says. */
int facts_print_json(const struct session *session, const struct fact *facts,
                     size_t count);

#endif
