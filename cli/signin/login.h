/* SPDX-License-Identifier: Apache-2.0 */
/* login.h - the ways of signing in, and what they share. All return an exit
 * code. */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include "cli/signin/session.h"
#include "cli/state/profile.h"

/* With a browser, on a terminal or in two runs; and the second of the two. */
int login_device(struct session *session);
int login_complete(struct session *session, const char *handle);

/* With a browser, since another command needs it: the session's profile is then
 * the one that came of it. */
int login_first(struct session *session);

/* As a service app, with the key of --key. */
int login_service(struct session *session);

/* Finds the profile that is signed in to again (session->earlier), and has its
 * org, CA, client and scopes count where none are given. token: with an API
 * token, which has no client. */
int login_recall(struct session *session, bool token);

/* What a sign-in with a browser asks for, unless told. */
enum { LOGIN_SCOPE_COUNT = 6 };

extern const char *const login_scopes[LOGIN_SCOPE_COUNT];

/* The session's client, for the settings' org, or the profile's; with that
 * credential, or (NULL) one that authorises nothing. */
int login_open(struct session *session, const struct profile *profile,
               const okta_credential *credential);

/* Begins a profile: its name, the org of the session's client, its CA. That
 * name must be free, or the same org's. */
int login_profile(const struct session *session, enum profile_kind kind,
                  struct profile *out);

/* Whether the org takes the client's credential. */
int login_verify(struct session *session, enum profile_kind kind);

/* Keeps the profile, in room (or NULL), and makes it the one in use. */
int login_keep(const struct session *session, struct profile *profile,
               struct state_room *room);

/* Prints what was kept, and where. */
int login_print(const struct session *session, const struct profile *profile);

#endif
