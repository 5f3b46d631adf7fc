/* SPDX-License-Identifier: Apache-2.0 */
/* service.h - the credential of a service app. Both return an exit code. */
#ifndef CLI_SERVICE_H
#define CLI_SERVICE_H

#include "cli/signin/session.h"
#include "cli/state/profile.h"

/* What a profile keeps of one: out of the options and the settings. */
int service_profile(const struct session *session, struct profile *profile);

/* Makes it; the passphrase of its key, if it has one, is asked for. store may
 * be NULL: then its tokens are not kept. */
int service_credential(const struct session *session,
                       const struct profile *profile,
                       const okta_token_store *store, okta_credential **out);

#endif
