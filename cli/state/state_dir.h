/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_dir.h - the private folder where okta-tokens keeps what outlives a run.
 *
 * $XDG_STATE_HOME/okta-tokens, or ~/.local/state/okta-tokens: mode 0700 and the
 * caller's own, as is every file in it (0600). All that fails is said here;
 * what returns int returns an exit code.
 */
#ifndef CLI_STATE_DIR_H
#define CLI_STATE_DIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli/term/args.h"

enum { STATE_NAME_SIZE = 256, STATE_ID_LEN = 32, STATE_ID_SIZE };

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

/* Appends what a file holds that is to be removed, whoever may read or write it
 * and without a word where it can't be read. Returns when it was written. */
int64_t state_read_any(const struct state *state, const char *name,
                       struct okt_buf *out);

/* A file on the disk that waits to be written and named. */
struct state_room {
    int fd;     /* -1: none */
    int folder; /* where it is */
    char name[STATE_NAME_SIZE];
};

#define STATE_ROOM_AUTO \
    __attribute__((cleanup(state_release))) struct state_room
#define STATE_ROOM_INIT { .fd = -1, .folder = -1 }

/*
 * Replaces a file by text, atomically, in room (NULL: it makes room now), which
 * is used up on success. Hold the lock of that name (state_lock), or choose a
 * name that no other process chooses.
 */
int state_write(const struct state *state, const char *name, const char *text,
                size_t len, struct state_room *room);

/* Makes room for size bytes, so that a later state_write of no more does not
 * fail for lack of it. */
int state_reserve(const struct state *state, size_t size,
                  struct state_room *out);

/* Gives it back. Does nothing to one that is used up. */
void state_release(struct state_room *room);

/* Removes what runs that died while they wrote that file (NULL: any file) left
 * behind and is at least that old. Hold its lock. */
void state_sweep(const struct state *state, const char *name, long age_s);

/* Removes a file. *removed false: there was none. */
int state_remove(const struct state *state, const char *name, bool *removed);

/* Waits until no other process holds the lock of that name, for as long as
 * --timeout says (30 s), and says that it waits. *fd is to be closed, which
 * gives it back: no process may take a lock twice. */
int state_lock(const struct state *state, const char *name, int *fd);

/* Told each name that does not begin with a dot, in no order. */
typedef void state_name_fn(const char *name, void *ctx);

int state_each(const struct state *state, state_name_fn *visit, void *ctx);

/* A random name of the folder, which no other folder has; made, if make and it
 * has none yet, else "". */
int state_id(const struct state *state, bool make,
             char out[static STATE_ID_SIZE]);

#endif
