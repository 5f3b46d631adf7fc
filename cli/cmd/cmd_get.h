/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_get.h - reading, for the commands of both names. */
#ifndef CLI_CMD_GET_H
#define CLI_CMD_GET_H

#include "cli/change/target.h"
#include "cli/output/output.h"
#include "cli/signin/session.h"

/* Reads each and prints it, unless output is NULL. Returns an exit code. */
int get_targets(struct session *session, struct targets *targets,
                struct output *output);

#endif
