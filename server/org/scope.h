/* SPDX-License-Identifier: Apache-2.0 */
/* scope.h - OAuth's names for what routes ask, and lists of them. */
#ifndef ORGD_SCOPE_H
#define ORGD_SCOPE_H

#include <stdbool.h>

#include "base/buf.h"
#include "server/org/role.h"

/* Lets an app have refresh tokens. It opens no route. */
#define SCOPE_OFFLINE "offline_access"

/* Tell an app who its user is. They open no route, and there are no ID tokens.
 */
#define SCOPES_IDENTITY "openid profile email"

/* What an access token must have for a route; "": no access token opens it. */
const char *scope_name(enum scope scope);

/* Whether a list, spaces between its items, holds a name. */
bool scopes_have(const char *list, const char *name);

/* Whether every item of a list is in the other. */
bool scopes_within(const char *list, const char *other);

/*
 * Appends the items of a list that an app with such scopes gets for a user: its
 * own, and SCOPES_IDENTITY, which is any app's; SCOPE_OFFLINE is left out where
 * the app lacks it. False: there is another that it may not ask for, or out
 * holds no more.
 */
bool scopes_for_user(const char *list, const char *app, struct okt_buf *out);

/* Whether every item of a list is a name that there is. */
bool scopes_are_known(const char *list);

/*
 * Appends the items of a list, each once, one space between them; spaces and
 * commas come between items in what is read. False: a character that no scope
 * has, or out holds no more.
 */
bool scopes_read(const char *text, struct okt_buf *out);

/* The names, a space between them. */
const char *scope_names(void);

#endif
