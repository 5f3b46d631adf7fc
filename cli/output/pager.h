/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pager.h - a pager between this process and its terminal, as git has one.
 *
 * $OKTA_TOKENS_PAGER, else $PAGER, else less, with LESS=FRX unless LESS is set.
 * Plain words are a program and its arguments; anything that a shell would read
 * goes to sh -c. "" and "cat" mean none.
 */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include <stdbool.h>
#include <sys/types.h>

/* Zeroed: none runs. */
struct pager {
    pid_t pid; /* 0: none runs */
    int out;   /* the terminal, as standard output and error were */
    int err;   /* -1: standard error is not redirected */
};

/*
 * Starts one; standard output, and standard error where that is a terminal,
 * go there from now on. Does nothing where standard output is no terminal, the
 * terminal is a dumb one, or the pager can't be run.
 */
void pager_start(struct pager *pager);

/* What a pager came to. */
enum pager_end {
    PAGER_NONE,  /* none ran */
    PAGER_DONE,  /* it has ended; that it did before all was read is no error */
    PAGER_FAILED /* the shell could not run it: nobody saw the output */
};

/* Gives the terminal back once the person has left the pager. */
enum pager_end pager_end(struct pager *pager);

#endif
