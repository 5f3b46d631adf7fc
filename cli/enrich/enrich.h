/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enrich.h - asking for what --with shows, each thing once.
 *
 * A run asks for the list of zones once, and twice for each distinct owner:
 * for the user, and for the user's roles, which are told with those through
 * groups. Nothing is asked for that no token needs. It keeps the owners and the
 * zones, so memory grows by them and not by tokens.
 */
#ifndef CLI_ENRICH_H
#define CLI_ENRICH_H

#include "cli/enrich/context.h"
#include "cli/signin/session.h"

struct audit;

/* parts: which of PART_BIT. NULL: no memory. */
struct audit *audit_new(struct session *session, unsigned parts);

void audit_free(struct audit *audit);

/*
 * Fills out with what is known around a token, borrowed from audit, after
 * asking for what is not known yet. What the credential may not read, or the
 * org does not have, is unknown; any other failure is told of, and its exit
 * code returned.
 */
int audit_token(struct audit *audit, const okta_api_token *token,
                struct context *out);

/* That audit_token is going to be called for that token, so that progress tells
 * of how many owners. grows: more such calls follow. False: no memory. audit
 * may be NULL. */
bool audit_expect(struct audit *audit, const okta_api_token *token, bool grows);

/* Whether audit_token would answer without asking the org. */
bool audit_knows(const struct audit *audit, const okta_api_token *token);

/* Says what stayed unknown, and why, a line a part; once all is out. audit may
 * be NULL. */
void audit_tell(const struct audit *audit);

#endif
