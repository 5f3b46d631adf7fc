/* SPDX-License-Identifier: Apache-2.0 */
/*
 * admin.h - what an admin changes of users, groups and zones.
 *
 * Each change has its events in the System Log; both stand in the caller's
 * transaction, so that neither is there without the other. What a store says
 * goes on to the caller.
 */
#ifndef ORGD_ADMIN_H
#define ORGD_ADMIN_H

#include "server/store/store.h"

/*
 * NULL: text may be a login: up to 100 visible characters without a space and,
 * where there is an "@" in it, a name, one "@" and a domain. Else what is
 * wrong, a constant text.
 */
const char *login_check(const char *text);

store_status admin_add_user(struct store *store, const struct store_user *user);

/*
 * The status that a user has already is no change. Who is suspended comes back
 * with all there was; deactivation ends sessions, grants and API tokens for
 * good, so that nothing comes back with the user.
 */
store_status admin_set_status(struct store *store, const char *user_id,
                              const char *status, int64_t now);

/* Ends a user's sessions and grants, and what would have become a grant; never
 * API tokens. */
store_status admin_sign_out(struct store *store, const char *user_id,
                            int64_t now);

/* Ends one grant, with all its tokens. */
store_status admin_end_grant(struct store *store, const char *id, int64_t now);

/* Revokes one API token. */
store_status admin_end_token(struct store *store, const char *id, int64_t now);

/* Wherever the user was signed in, that ends. */
store_status admin_set_password(struct store *store, const char *user_id,
                                const char *hash, int64_t now);

store_status admin_add_group(struct store *store,
                             const struct store_group *group);
store_status admin_add_member(struct store *store,
                              const struct store_group *group,
                              const char *user_id, int64_t now);

store_status admin_add_zone(struct store *store, const struct store_zone *zone);

#endif
