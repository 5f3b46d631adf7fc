/* SPDX-License-Identifier: Apache-2.0 */
/* encode.h - users, roles, groups and zones as JSON. */
#ifndef ORGD_ENCODE_H
#define ORGD_ENCODE_H

#include "base/buf.h"
#include "server/store/store.h"

/* Each appends one object. base_url: "https://host:port", for _links. */

void user_show(struct okt_buf *out, const struct store_user *user,
               const char *base_url);

/* A role, assigned to a user or to a group since then. */
void role_show_of_user(struct okt_buf *out, const char *role,
                       const char *user_id, int64_t created,
                       const char *base_url);
void role_show_of_group(struct okt_buf *out, const struct store_group *group,
                        const char *base_url);

void group_show(struct okt_buf *out, const struct store_group *group,
                const char *base_url);

void zone_show(struct okt_buf *out, const struct store_zone *zone,
               const char *base_url);

#endif
