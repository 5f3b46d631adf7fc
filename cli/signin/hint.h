/* SPDX-License-Identifier: Apache-2.0 */
/* hint.h - what to do about a call that failed. */
#ifndef CLI_HINT_H
#define CLI_HINT_H

#include "base/buf.h"
#include "cli/signin/session.h"

/* Appends a hint, or nothing. what names the call and response, what came back
 * for it; both may be NULL. */
void hint_add(struct okt_buf *out, const struct session *session,
              const char *what, const okta_error *err,
              const okta_response *response);

/* How somebody who signed in with a browser gets a scope that lacks; "" for
 * others. It goes on behind the scope's name. */
const char *hint_scopes(const struct session *session);

#endif
