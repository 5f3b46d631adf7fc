/* SPDX-License-Identifier: Apache-2.0 */
/* confirm.h - asking before something is changed. */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include "cli/change/target.h"
#include "cli/signin/session.h"

/* Before anything is sent: whether there will be someone to ask, or need not
 * be. Both return an exit code. */
int confirm_possible(const struct session *session);

/* Shows what is still to be done of targets (NULL: nothing to show), and whose
 * they are, and asks; done says what is not done then, "revoked". */
int confirm(struct session *session, const struct targets *targets,
            const char *question, const char *done);

#endif
