/* SPDX-License-Identifier: Apache-2.0 */
/* guard.h - tokens that are not changed unless one says so. */
#ifndef CLI_GUARD_H
#define CLI_GUARD_H

#include "session.h"
#include "target.h"

/*
 * Refuses (EXIT_REFUSED) targets that are an agent's without --allow-agents, or
 * the token in use without --allow-self. They have been read.
 */
int guard_check(struct session *session, const struct targets *targets);

#endif
