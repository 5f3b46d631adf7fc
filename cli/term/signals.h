/* SPDX-License-Identifier: Apache-2.0 */
/* signals.h - Ctrl-C and its like end the call under way, not the process. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>

#include <okta/okta.h>

/* SIGINT, SIGTERM and SIGHUP are noted, a closed pipe makes a write fail. */
void signals_install(void);

/* The signal that asked to end, or 0. */
int signals_caught(void);

/* As if that signal had come: for SIGPIPE, where a write has failed. */
void signals_note(int signo);

/* Whose call a signal cancels from now on; NULL: nobody's. */
void signals_cancel(okta_client *client);

/* Waits until fd can be read. False: a signal came. */
bool signals_wait_readable(int fd);

/* Dies of the signal that was caught, if any: so a shell's loop ends too. */
void signals_die(void);

#endif
