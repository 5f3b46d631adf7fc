/* SPDX-License-Identifier: Apache-2.0 */
/* role.c - the admin roles and what each may do with API tokens. */
#include "role.h"

#include <stddef.h>
#include <string.h>

#include "mem.h"

static const struct role {
    const char *name;
    enum scope scope;
} roles[] = {
    { "SUPER_ADMIN", SCOPE_MANAGE },
    { "ORG_ADMIN", SCOPE_MANAGE },
    { "READ_ONLY_ADMIN", SCOPE_READ },
    { "API_ACCESS_MANAGEMENT_ADMIN", SCOPE_SELF },
    { "APP_ADMIN", SCOPE_SELF },
    { "GROUP_MEMBERSHIP_ADMIN", SCOPE_SELF },
    { "HELP_DESK_ADMIN", SCOPE_SELF },
    { "MOBILE_ADMIN", SCOPE_SELF },
    { "REPORT_ADMIN", SCOPE_SELF },
    { "USER_ADMIN", SCOPE_SELF },
};

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

    return found != NULL && scope <= found->scope;
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
