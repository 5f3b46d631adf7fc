/* SPDX-License-Identifier: Apache-2.0 */
/* role.c - the admin roles and what each may do with API tokens. */
#include "role.h"

#include <stddef.h>
#include <string.h>

#include "mem.h"

#define SELF (1u << SCOPE_SELF)
#define LOGS (SELF | 1u << SCOPE_LOGS)
#define READ (LOGS | 1u << SCOPE_READ)
#define MANAGE (READ | 1u << SCOPE_MANAGE)

/* clang-format off */
static const struct role {
    const char *name;
    unsigned scopes;
} roles[] = {
    { "SUPER_ADMIN",                 MANAGE },
    { "ORG_ADMIN",                   MANAGE },
    { "READ_ONLY_ADMIN",             READ },
    { "API_ACCESS_MANAGEMENT_ADMIN", SELF },
    { "APP_ADMIN",                   SELF },
    { "GROUP_MEMBERSHIP_ADMIN",      SELF },
    { "HELP_DESK_ADMIN",             SELF },
    { "MOBILE_ADMIN",                SELF },
    { "REPORT_ADMIN",                LOGS },
    { "USER_ADMIN",                  SELF },
};
/* clang-format on */

static const struct role *find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if (strcmp(name, roles[i].name) == 0)
            return &roles[i];
    return NULL;
}

bool role_is_known(const char *role)
{
    return find(role) != NULL;
}

bool role_allows(const char *role, enum scope scope)
{
    const struct role *found = find(role);

    return found != NULL && (found->scopes >> scope & 1) != 0;
}

const char *role_names(void)
{
    return "SUPER_ADMIN, ORG_ADMIN, READ_ONLY_ADMIN, "
           "API_ACCESS_MANAGEMENT_ADMIN, APP_ADMIN, GROUP_MEMBERSHIP_ADMIN, "
           "HELP_DESK_ADMIN, MOBILE_ADMIN, REPORT_ADMIN, USER_ADMIN";
}

bool status_is_known(const char *status)
{
    return strcmp(status, STATUS_ACTIVE) == 0 ||
           strcmp(status, "SUSPENDED") == 0 ||
           strcmp(status, "DEPROVISIONED") == 0;
}

bool status_allows(const char *status)
{
    return strcmp(status, STATUS_ACTIVE) == 0;
}
