/* SPDX-License-Identifier: Apache-2.0 */
/* role.h - what the admin roles of a token's owner allow. */
#ifndef ORGD_ROLE_H
#define ORGD_ROLE_H

#include <stdbool.h>

#define ROLE_DEFAULT "SUPER_ADMIN"
#define ROLE_NONE "none" /* on a command line, in a seed */
#define STATUS_ACTIVE "ACTIVE"
#define STATUS_SUSPENDED "SUSPENDED"
#define STATUS_DEPROVISIONED "DEPROVISIONED"

/* What a route asks of its caller. */
enum scope {
    SCOPE_OPEN,   /* nothing */
    SCOPE_PAGE,   /* nothing; people read its answers, errors too */
    SCOPE_SELF,   /* any API token: it concerns that token alone */
    SCOPE_ME,     /* any API token, or okta.users.read: whose it is */
    SCOPE_READ,   /* okta.apiTokens.read */
    SCOPE_MANAGE, /* okta.apiTokens.manage */
    SCOPE_LOGS,   /* okta.logs.read */
    SCOPE_USERS,  /* okta.users.read */
    SCOPE_GROUPS, /* okta.groups.read */
    SCOPE_ROLES,  /* okta.roles.read */
    SCOPE_ZONES   /* okta.networkZones.read */
};

/* A role that an org has made for itself: this, and its label behind. It gives
 * nothing here. */
#define ROLE_CUSTOM "CUSTOM"
#define ROLE_CUSTOM_OF ROLE_CUSTOM ":"

/* Whether there is such a role. */
bool role_is_known(const char *role);

/* How it is called for people; NULL: there is no such role. */
const char *role_label(const char *role);

/* What the API calls it. */
const char *role_type(const char *role);

/* Whether one of the roles, a comma between them, gives that. */
bool roles_allow(const char *roles, enum scope scope);

/* The names, for messages. */
const char *role_names(void);

/* Whether a user can be in such a status, and whether the user's tokens work
 * in it. */
bool status_is_known(const char *status);
bool status_allows(const char *status);

#endif
