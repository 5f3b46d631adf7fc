/* SPDX-License-Identifier: Apache-2.0 */
/* target.h - the tokens a command is about: found, read, guarded, accounted. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/output/output.h"
#include "cli/signin/session.h"
#include "wire/id.h"

enum target_kind { TARGET_ID, TARGET_PREFIX, TARGET_NAME };

struct target {
    enum target_kind kind;
    const char *given;       /* as typed */
    char id[OKT_ID_MAX + 1]; /* "" until a prefix or name is resolved */
    okta_api_token *token;   /* as it was read; or NULL */
    const char *result;      /* "revoked", ...; NULL: still to be done */
    okta_error error;        /* if result is "failed" */
    char *error_json;        /* that in JSON, or NULL */
    bool not_tried;          /* it failed since another had failed before */
    int exit;                /* what that is as an exit code */
    int self;                /* how likely it is the token in use; 0: not */
    bool refused_agent;      /* by a guard (guard.c): an agent's, */
    bool refused_self;       /* or perhaps the token in use */
};

struct targets {
    struct target *list;
    size_t count;
    bool broken_off; /* a failure ended it before all had been tried */
};

#define TARGETS_AUTO __attribute__((cleanup(targets_free))) struct targets

void targets_free(struct targets *targets);

/* All of these return an exit code; not EXIT_OK: it has been said why not. */

/* Checks the operands and --name: shapes only, nothing is sent. Whatever is
 * given twice counts once. */
int targets_parse(const struct session *session, struct targets *out);

/* The same for one id. */
int targets_parse_one(const struct session *session, const char *id,
                      struct targets *out);

/* session_open; then finds what prefixes and names stand for, in a list that
 * came to its end. */
int targets_open(struct session *session, struct targets *targets);

/*
 * Reads each token that is still to be done. One that can't be read is marked
 * as failed and told of; so are the rest, where trying is of no use. With
 * --if-exists one that is not there is "already-gone".
 */
void targets_read(struct session *session, struct targets *targets);

/* It came to that; result is a constant. */
void target_done(struct target *target, const char *result);

/* Marks those that a guard refused as "refused": a dry run shows the others. */
void targets_refuse(struct targets *targets);

/*
 * It failed, what names the call: tells of it, and marks the rest as failed
 * where trying is of no use.
 */
void target_failed(struct session *session, struct targets *targets,
                   struct target *target, const char *what,
                   const okta_error *err);

/* What a command does with one target; target_done or target_failed says what
 * came of it. */
typedef void target_fn(void *ctx, struct targets *targets,
                       struct target *target);

/*
 * Does that with each that is still to be done, and prints what became of each
 * in output; NULL: says nothing. What can't be printed any more is told on
 * standard error. Returns targets_exit.
 */
int targets_each(struct session *session, struct targets *targets,
                 struct output *output, target_fn *act, void *ctx);

/* Tells a person at a terminal how many came to which result, where there are
 * several. */
void targets_sum_up(const struct session *session,
                    const struct targets *targets);

/* Whether a failure is not about one token, so that the next would fail
 * alike. */
bool target_is_general(okta_status status);

/* Whether the org, or something before it, answered that it has no such path:
 * what is only read for advice can do without. */
bool target_path_is_absent(const okta_error *err);

/* How many are still to be done. */
size_t targets_left(const struct targets *targets);

/* The exit code for them all. */
int targets_exit(const struct targets *targets);

#endif
