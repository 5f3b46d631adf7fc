/* SPDX-License-Identifier: Apache-2.0 */
/* owners.h - whose the tokens are that a command is about to change. */
#ifndef CLI_OWNERS_H
#define CLI_OWNERS_H

#include "cli/change/target.h"
#include "cli/enrich/context.h"
#include "cli/signin/session.h"

struct owners {
    struct context *list; /* one a target; of those still to be done */
    bool whole;           /* every login is known, */
    bool zones;           /* and the names of all zones */
};

#define OWNERS_AUTO __attribute__((cleanup(owners_free))) struct owners

/* Asks for the owner, and the owner's roles, of each target that is still to be
 * done; says what stays unknown. Returns an exit code. */
int owners_read(struct session *session, const struct targets *targets,
                struct owners *out);

void owners_free(struct owners *owners);

/* A note for each: "00T... name: of ada@example.com (ACTIVE), roles: ...". */
void owners_tell(const struct session *session, const struct targets *targets,
                 const struct owners *owners);

/* Appends "5 tokens of 3 owners, 1 DEPROVISIONED": how many have each status
 * but ACTIVE. */
void owners_sum_up(const struct targets *targets, const struct owners *owners,
                   struct okt_buf *out);

#endif
