/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user_json.h - users and their roles, as far as an audit of tokens reads them.
 *
 * What is decoded borrows from the yyjson document, NULL where it was missing,
 * no string or one with a NUL in it.
 */
#ifndef OKT_USER_JSON_H
#define OKT_USER_JSON_H

#include "wire/json.h"

struct okt_user_view {
    const char *id;
    const char *status; /* "ACTIVE", "SUSPENDED", "DEPROVISIONED", ... */
    const char *login;  /* profile.login */
};

/* NULL: read. Else a constant text that says what is wrong with it: no object,
 * no id or an empty one, or a member of those above that comes twice. */
const char *okt_user_decode(yyjson_val *json, struct okt_user_view *out);

/* A role as it is assigned, to the user or to a group the user is in. */
struct okt_role_view {
    const char *id;
    const char *type;  /* "SUPER_ADMIN", ...; "CUSTOM" */
    const char *label; /* what people call it */
    const char *status;
    const char *assignment_type; /* "USER", "GROUP", "CLIENT" */
};

/* The same; of a role, type is what must be there. */
const char *okt_role_decode(yyjson_val *json, struct okt_role_view *out);

#endif
