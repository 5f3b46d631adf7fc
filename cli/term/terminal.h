/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.h - asking a person. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The columns of the terminal that fd is; as COLUMNS says, or 80, where it does
 * not tell. */
size_t terminal_columns(int fd);

/* The controlling terminal, whatever the standard streams are. */
struct terminal {
    int fd;
    FILE *out; /* NULL: not open */
};

#define TERMINAL_INIT { .fd = -1 }
#define TERMINAL_AUTO __attribute__((cleanup(terminal_close))) struct terminal

/*
 * Whether a person is there to be asked: standard input is a terminal; or, with
 * secret_on_stdin, which is then no one's voice, /dev/tty can be opened.
 */
bool terminal_present(bool secret_on_stdin);

/* False: terminal_present says no, or it can't be opened. */
bool terminal_open(bool secret_on_stdin, struct terminal *out);

void terminal_close(struct terminal *terminal);

/* Asks; only "y" and "yes" are a yes. */
bool terminal_confirm(struct terminal *terminal, const char *question);

/*
 * Asks for a line that is not shown, into out: at most size - 1 bytes. The
 * terminal is as it was when this returns. False: none, too long, or a signal.
 */
bool terminal_secret(struct terminal *terminal, const char *prompt, char *out,
                     size_t size);

#endif
