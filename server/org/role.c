/* SPDX-License-Identifier: Apache-2.0 */
/* role.c - the admin roles and what each may do with API tokens. */
#include "server/org/role.h"

#include <stddef.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"

enum { LABEL_MAX = 60 };

#define SELF (1u << SCOPE_SELF | 1u << SCOPE_ME)
#define LOGS (SELF | 1u << SCOPE_LOGS)
#define READ                                                            \
    (LOGS | 1u << SCOPE_READ | 1u << SCOPE_USERS | 1u << SCOPE_GROUPS | \
     1u << SCOPE_ROLES | 1u << SCOPE_ZONES)
#define MANAGE (READ | 1u << SCOPE_MANAGE)

/* clang-format off */
static const struct role {
    const char *name;
    const char *label;
    unsigned scopes;
} roles[] = {
    { "SUPER_ADMIN",                 "Super administrator",                 MANAGE },
    { "ORG_ADMIN",                   "Organization administrator",          MANAGE },
    { "READ_ONLY_ADMIN",             "Read-only administrator",             READ },
    { "API_ACCESS_MANAGEMENT_ADMIN", "API Access Management administrator", SELF },
    { "APP_ADMIN",                   "Application administrator",           SELF },
    { "GROUP_MEMBERSHIP_ADMIN",      "Group Membership administrator",      SELF },
    { "HELP_DESK_ADMIN",             "Help Desk administrator",             SELF },
    { "MOBILE_ADMIN",                "Mobile administrator",                SELF },
    { "REPORT_ADMIN",                "Report administrator",                LOGS },
    { "USER_ADMIN",                  "Group administrator",                 SELF },
};
/* clang-format on */

static const struct role *find(const char *name, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if (strlen(roles[i].name) == len &&
            strncmp(name, roles[i].name, len) == 0)
            return &roles[i];
    return NULL;
}

/* The label of a custom role; NULL: it is none, or has a label that is none. */
static const char *custom_label(const char *role)
{
    const char *label = role + strlen(ROLE_CUSTOM_OF);

    if (strncmp(role, ROLE_CUSTOM_OF, strlen(ROLE_CUSTOM_OF)) != 0)
        return NULL;
    return label[0] != '\0' && strlen(label) <= LABEL_MAX &&
                   strchr(label, ',') == NULL &&
                   okt_utf8_is_text(label, strlen(label))
               ? label
               : NULL;
}

bool role_is_known(const char *role)
{
    return find(role, strlen(role)) != NULL || custom_label(role) != NULL;
}

const char *role_type(const char *role)
{
    return custom_label(role) != NULL ? ROLE_CUSTOM : role;
}

const char *role_label(const char *role)
{
    const struct role *found = find(role, strlen(role));

    return found != NULL ? found->label : custom_label(role);
}

/* What concerns a token alone takes no role: its owner may have lost all. */
bool roles_allow(const char *names, enum scope scope)
{
    unsigned scopes = SELF;

    while (*names != '\0') {
        size_t len = strcspn(names, ",");
        const struct role *found = find(names, len);

        if (found != NULL)
            scopes |= found->scopes;
        names += len;
        names += *names == ',';
    }
    return (scopes >> scope & 1) != 0;
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
           strcmp(status, STATUS_SUSPENDED) == 0 ||
           strcmp(status, STATUS_DEPROVISIONED) == 0;
}

bool status_allows(const char *status)
{
    return strcmp(status, STATUS_ACTIVE) == 0;
}
