/* SPDX-License-Identifier: Apache-2.0 */
/* scope.c - OAuth's names for what routes ask, and lists of them. */
#include "server/org/scope.h"

#include <string.h>

#include "base/mem.h"
#include "wire/api.h"

#define LOGS_READ "okta.logs.read"
#define USERS_READ "okta.users.read"
#define GROUPS_READ "okta.groups.read"
#define ROLES_READ "okta.roles.read"
#define ZONES_READ "okta.networkZones.read"

const char *scope_names(void)
{
    return OKT_SCOPE_READ
        " " OKT_SCOPE_MANAGE " " LOGS_READ " " USERS_READ " " GROUPS_READ
        " " ROLES_READ " " ZONES_READ " " SCOPES_IDENTITY " " SCOPE_OFFLINE;
}

const char *scope_name(enum scope scope)
{
    static const char *const names[] = {
        [SCOPE_OPEN] = "",
        [SCOPE_PAGE] = "",
        [SCOPE_SELF] = "",
        [SCOPE_ME] = USERS_READ,
        [SCOPE_READ] = OKT_SCOPE_READ,
        [SCOPE_MANAGE] = OKT_SCOPE_MANAGE,
        [SCOPE_LOGS] = LOGS_READ,
        [SCOPE_USERS] = USERS_READ,
        [SCOPE_GROUPS] = GROUPS_READ,
        [SCOPE_ROLES] = ROLES_READ,
        [SCOPE_ZONES] = ZONES_READ,
    };

    return (size_t)scope < ARRAY_LEN(names) && names[scope] != NULL
               ? names[scope]
               : "";
}

static bool has(const char *list, const char *name, size_t len)
{
    while (*list != '\0') {
        size_t item = strcspn(list, " ");

        if (item == len && strncmp(list, name, len) == 0)
            return true;
        list += item;
        list += *list == ' ';
    }
    return false;
}

bool scopes_have(const char *list, const char *name)
{
    return has(list, name, strlen(name));
}

bool scopes_within(const char *list, const char *other)
{
    while (*list != '\0') {
        size_t item = strcspn(list, " ");

        if (item > 0 && !has(other, list, item))
            return false;
        list += item;
        list += *list == ' ';
    }
    return true;
}

bool scopes_are_known(const char *list)
{
    return scopes_within(list, scope_names());
}

/* RFC 6749, 3.3; a comma separates, as in Okta's configuration. */
static bool may_be_in_scope(char c)
{
    return c > ' ' && c <= '~' && c != '"' && c != '\\';
}

static void add_once(struct okt_buf *out, const char *item, size_t len)
{
    if (out->len > 0 && has(out->data, item, len))
        return;
    if (out->len > 0)
        okt_buf_char(out, ' ');
    okt_buf_append(out, item, len);
}

bool scopes_read(const char *text, struct okt_buf *out)
{
    okt_buf_str(out, "");
    while (*text != '\0') {
        size_t item;

        text += strspn(text, " ,");
        item = strcspn(text, " ,");
        for (size_t i = 0; i < item; i++)
            if (!may_be_in_scope(text[i]))
                return false;
        if (item > 0)
            add_once(out, text, item);
        text += item;
    }
    return !okt_buf_failed(out);
}

bool scopes_for_user(const char *list, const char *app, struct okt_buf *out)
{
    okt_buf_str(out, "");
    while (*list != '\0') {
        size_t item = strcspn(list, " ");

        if (has(app, list, item) || has(SCOPES_IDENTITY, list, item))
            add_once(out, list, item);
        else if (item > 0 && !has(SCOPE_OFFLINE, list, item))
            return false;
        list += item;
        list += *list == ' ';
    }
    return !okt_buf_failed(out);
}
