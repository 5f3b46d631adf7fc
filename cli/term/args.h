/* SPDX-License-Identifier: Apache-2.0 */
/* args.h - the command line, read by the tables of command.h. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "cli/term/command.h"

/* An option with its value ("" if it takes none), or an operand. */
struct given {
    enum option_id id; /* or OPERAND */
    const char *value;
};

struct args {
    const struct command *command; /* NULL: none was given */
    bool json;                     /* errors are printed as JSON */
    size_t count;
    struct given *given; /* in the order they were given */
};

#define ARGS_AUTO __attribute__((cleanup(args_free))) struct args

/*
 * Reads argv, all values checked for themselves; the texts are borrowed from
 * it. Not EXIT_OK: it has been said why not. args_free in either case.
 */
int args_read(int argc, char **argv, struct args *out);

void args_free(struct args *args);

bool args_has(const struct args *args, enum option_id id);

/* The value given last, or NULL. */
const char *args_value(const struct args *args, enum option_id id);

/* That as a number, or fallback. */
long args_number(const struct args *args, enum option_id id, long fallback);

/* The operand i, from 0 on; NULL: there are no more. */
const char *args_operand(const struct args *args, size_t i);

/* How often an option, or operands (OPERAND), were given. */
size_t args_count(const struct args *args, enum option_id id);

#endif
