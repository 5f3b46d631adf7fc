/* SPDX-License-Identifier: Apache-2.0 */
/* options.h - okta-orgd's command line: the tables, and what was given. */
#ifndef ORGD_OPTIONS_H
#define ORGD_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

enum option {
    OPT_DATA,
    OPT_LOGIN,
    OPT_ROLE,
    OPT_NAME,
    OPT_USER,
    OPT_WINDOW,
    OPT_LISTEN,
    OPT_METRICS_LISTEN,
    OPT_TRUSTED_PROXY,
    OPT_TLS,
    OPT_TLS_CERT,
    OPT_TLS_KEY,
    OPT_PUBLIC_URL,
    OPT_RATE_LIMIT,
    OPT_PAGING,
    OPT_NOW,
    OPT_DEV,
    OPT_SEED,
    OPT_MEMBER,
    OPT_GATEWAY,
    OPT_INACTIVE,
    OPT_TYPE,
    OPT_SCOPES,
    OPT_KEY,
    OPT_REDIRECT_URI,
    OPT_DPOP,
    OPT_APP,
    OPT_GRACE,
    OPT_SIGN_OUT,
    OPT_WRITE_SEED,
    OPT_TOKEN_FILE,
    OPT_WAIT,
    OPT_FORMAT,
    OPT_DEV_ANYWHERE,
    OPTIONS
};

#define OPT(o) (UINT64_C(1) << (o))

enum { ARGS_MANY_MAX = 256 };

struct args {
    const char *value[OPTIONS]; /* NULL: not given; "" for one without value */
    const char *many[ARGS_MANY_MAX]; /* of the one option, or the operand, of
                                        the command that may be given again and
                                        again */
    size_t many_count;
    const char *operand; /* NULL: none */
};

struct command {
    const char *name;    /* one word or more */
    const char *operand; /* the name of the one it takes, or NULL; it may be
                            left out: "[NAME]"; there may be more: "NAME..." */
    const char *help;
    uint64_t required; /* OPT() of those that must be there */
    uint64_t allowed;  /* and of those that may */
    int (*run)(const struct args *args);
};

enum options_result { OPTIONS_OK, OPTIONS_HELP, OPTIONS_WRONG };

/*
 * Finds the command that argv begins with and takes the rest apart. HELP: help
 * was asked for, of *out or, where that is NULL, of the program. WRONG: it said
 * what is wrong.
 */
enum options_result options_parse(const struct command *commands, size_t count,
                                  char *const *argv, struct args *args,
                                  const struct command **out);

/* Prints the usage of one command, or, NULL, of all, to stdout. */
void options_usage(const struct command *commands, size_t count,
                   const struct command *command);

#endif
