/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.h - how far a run is: one line on a terminal's standard error, from
 * its first second on.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *what; /* "owners" */
    size_t done;
    size_t total;
    bool grows;       /* the total may: the time left is unknown */
    int64_t began_ms; /* 0: set by the first progress_show */
};

/* Draws the line, if it is time for it; no other does so meanwhile. */
void progress_show(struct progress *progress);

/* Whether the line is on the terminal. Costs no system call. */
bool progress_is_shown(void);

/* Takes the line off the terminal, before anything else is shown there. */
void progress_clear(void);

#endif
