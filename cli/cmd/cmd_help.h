/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_help.h - help that is asked for otherwise than by "help". */
#ifndef CLI_CMD_HELP_H
#define CLI_CMD_HELP_H

#include "cli/signin/session.h"

int help_overview(struct session *session);
int help_command(struct session *session, const struct command *command);

/* No command was given: the overview on standard error. */
int help_missing_command(void);

#endif
