/* SPDX-License-Identifier: Apache-2.0 */
/* login.h - what the ways of signing in share. All return an exit code. */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include "profile.h"
#include "session.h"

/* Begins a profile: its name, the org of the session's client, its CA. */
int login_profile(const struct session *session, enum profile_kind kind,
                  struct profile *out);

/* Keeps it, makes it the one in use, and says so. */
int login_keep(const struct session *session, struct profile *profile);

#endif
