/* SPDX-License-Identifier: Apache-2.0 */
/* api_org.h - what an audit reads beside tokens: users, roles, groups, zones.
 * Lists come whole. */
#ifndef ORGD_API_ORG_H
#define ORGD_API_ORG_H

struct request;

int api_users_get(struct request *request, const char *id);
int api_users_me(struct request *request, const char *id);
int api_users_roles(struct request *request, const char *id);
int api_users_groups(struct request *request, const char *id);
int api_groups_roles(struct request *request, const char *id);
int api_zones_list(struct request *request, const char *id);
int api_zones_get(struct request *request, const char *id);

#endif
