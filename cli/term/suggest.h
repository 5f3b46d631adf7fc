/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.h - what was probably meant. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

#include "cli/term/command.h"

/* The nearest of several candidates, letter case aside, as far as it is near
 * enough to have been meant. */
struct nearest {
    const char *name;
    size_t len;
    size_t distance;
    const char *best; /* borrowed; NULL: none is near */
};

void nearest_begin(struct nearest *nearest, const char *name, size_t len);
void nearest_consider(struct nearest *nearest, const char *candidate);

/* The name of an option of command (NULL: none yet) that is close to arg, len
 * bytes with its dashes; or NULL. */
const char *suggest_option(const struct command *command, const char *arg,
                           size_t len);

/* The same for the name of a command. */
const char *suggest_command(const char *name);

#endif
