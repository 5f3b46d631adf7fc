/* SPDX-License-Identifier: Apache-2.0 */
/* profile_select.h - which profile a run works with. */
#ifndef CLI_PROFILE_SELECT_H
#define CLI_PROFILE_SELECT_H

#include "cli/signin/session.h"

/*
 * For session_configure, when all other settings are in: the profile that
 * --profile or OKTA_TOKENS_PROFILE names; else, if no option and no variable
 * gives a credential, the one in use, or for another org (--org,
 * OKTA_CLIENT_ORGURL) the one that bears its name. Its org and credential then
 * count before those of files. Returns an exit code.
 */
int signed_in_choose(struct session *session);

/* Has the profile's org, CA and API token count before all other settings. */
int signed_in_apply(struct session *session, const struct profile *profile);

/* Finds a profile for that org, whatever its name: the one in use, the one that
 * is called as the org's host, or any. *name (to be freed) is NULL where there
 * is none; *count is more than 1 where it is one of several. */
int signed_in_find(const struct session *session, const char *org, char **name,
                   size_t *count);

/* The OAuth credential of the session's profile; *out stays NULL if it has
 * none. */
int signed_in_credential(struct session *session, okta_credential **out);

#endif
