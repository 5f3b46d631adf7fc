/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_revoke.h - revoking, for the commands of both names. */
#ifndef CLI_CMD_REVOKE_H
#define CLI_CMD_REVOKE_H

#include "cli/change/target.h"
#include "cli/output/output.h"
#include "cli/signin/session.h"

/* Reads, guards, asks if asks, revokes; tells each in output, unless NULL.
 * Return exit codes. */
int revoke_targets(struct session *session, struct targets *targets, bool asks,
                   struct output *output);
int revoke_current(struct session *session, struct output *output);

#endif
