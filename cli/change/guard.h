/* SPDX-License-Identifier: Apache-2.0 */
/* guard.h - tokens that are not changed unless one says so. */
#ifndef CLI_GUARD_H
#define CLI_GUARD_H

#include "cli/change/target.h"
#include "cli/signin/session.h"

/*
 * Refuses targets that are an agent's without --allow-agents, or may be the
 * token in use without --allow-self: names them all and returns EXIT_REFUSED;
 * in a dry run marks them as refused and leaves the others to be done. What may
 * be the token in use is put last. All targets still to be done have been read.
 */
int guard_check(struct session *session, struct targets *targets);

#endif
