/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lockout.h - whether a network condition shuts a token's user out.
 *
 * The System Log tells from which address the last change was made with a
 * token, and the last use that was refused; reads are not logged. That address
 * is held against the zones of the condition.
 */
#ifndef CLI_LOCKOUT_H
#define CLI_LOCKOUT_H

#include "cli/enrich/zones.h"
#include "cli/signin/session.h"

enum reach {
    REACH_IN,
    REACH_OUT,
    REACH_UNKNOWN /* a zone is not known by its addresses */
};

/* zones NULL: none of them is known. Zones of other kinds than IP zones don't
 * count where any zone of the org is meant. */
enum reach reach_of(const okta_network *network, const struct zones *zones,
                    const char *address);

/*
 * Warns if the condition shuts out the address that a token was last known to
 * be used from, and notes where that can't be known. Not OK: a failure that
 * any other call would meet, too.
 */
okta_status reach_warn(struct session *session, const okta_api_token *token,
                       const okta_network *network, const struct zones *zones,
                       okta_error *err);

#endif
