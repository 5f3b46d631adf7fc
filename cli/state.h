/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - the private folder where okta-tokens keeps what outlives a run.
 *
 * $XDG_STATE_HOME/okta-tokens, or ~/.local/state/okta-tokens: mode 0700 and the
 * caller's own, as is every file in it (0600). All that fails is said here;
 * what returns int returns an exit code.
 */
#ifndef CLI_STATE_H
#define CLI_STATE_H

#include <stdbool.h>

#include "args.h"
#include "buf.h"

struct state {
    const struct args *args;
    int fd;     /* the folder; -1: there is none yet */
    char *path; /* of it, for messages */
};

#define STATE_AUTO __attribute__((cleanup(state_close))) struct state

/* Opens the folder; makes it, if make. That it is not there is no failure. */
int state_open(const struct args *args, bool make, struct state *out);
void state_close(struct state *state);

/* Appends what a file holds. *found false: there is no such file. */
int state_read(const struct state *state, const char *name, struct okt_buf *out,
               bool *found);

/* Puts text into a file, which is there whole or as it was. Of two that write
 * the same file at once, the caller lets one wait (state_lock). */
int state_write(const struct state *state, const char *name, const char *text,
                size_t len);

/* Removes a file. *removed false: there was none. */
int state_remove(const struct state *state, const char *name, bool *removed);

/* Waits until nobody else holds the lock of that name. *fd is to be closed,
 * which gives it back. */
int state_lock(const struct state *state, const char *name, int *fd);

/* Told each name that does not begin with a dot, in no order. */
typedef void state_name_fn(const char *name, void *ctx);

int state_each(const struct state *state, state_name_fn *visit, void *ctx);

#endif
