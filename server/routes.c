/* SPDX-License-Identifier: Apache-2.0 */
/* routes.c - the table of all that an org answers. */
#include "server/routes.h"

#include "base/mem.h"
#include "server/api/api_logs.h"
#include "server/api/api_org.h"
#include "server/api/api_tokens.h"
#include "server/oauth/oauth.h"
#include "server/web/page.h"
#include "server/web/page_activate.h"
#include "server/web/page_authorize.h"
#include "server/web/page_login.h"
#include "server/web/page_style.h"
#include "server/web/style.h"
#include "wire/api.h"

#define TOKENS OKT_PATH_API_TOKENS
#define TOKEN OKT_PATH_API_TOKENS "/{id}"
#define ME OKT_PATH_USERS "/me"
#define USER OKT_PATH_USERS "/{login}"
#define CURRENT OKT_PATH_API_TOKENS "/" OKT_ID_CURRENT

/* clang-format off */
const struct route api_routes[] = {
    { "GET",    TOKENS,     SCOPE_READ,   api_tokens_list,           NULL },
    { "GET",    TOKENS "/", SCOPE_READ,   api_tokens_list,           NULL },
    { "DELETE", CURRENT,    SCOPE_SELF,   api_tokens_revoke_current, api_tokens_revoked },
    { "GET",    TOKEN,      SCOPE_READ,   api_tokens_get,            NULL },
    { "PUT",    TOKEN,      SCOPE_MANAGE, api_tokens_restrict,       api_tokens_restricted },
    { "DELETE", TOKEN,      SCOPE_MANAGE, api_tokens_revoke,         api_tokens_revoked },
    { "GET",    OKT_PATH_LOGS,  SCOPE_LOGS,   api_logs_list,             NULL },
    { "GET",    ME,         SCOPE_ME,     api_users_me,              NULL },
    { "GET",    USER,       SCOPE_USERS,  api_users_get,             NULL },
    { "GET",    USER "/roles",  SCOPE_ROLES,  api_users_roles,       NULL },
    { "GET",    USER "/groups", SCOPE_GROUPS, api_users_groups,      NULL },
    { "GET",    PATH_GROUPS "/{id}/roles", SCOPE_ROLES, api_groups_roles, NULL },
    { "GET",    OKT_PATH_ZONES, SCOPE_ZONES,  api_zones_list,            NULL },
    { "GET",    OKT_PATH_ZONES "/{id}", SCOPE_ZONES, api_zones_get,      NULL },
    { "POST",   PATH_DEVICE,     SCOPE_OPEN, oauth_device,     oauth_device_done },
    { "POST",   PATH_TOKEN,      SCOPE_OPEN, oauth_token,      oauth_token_done },
    { "POST",   PATH_REVOKE,     SCOPE_OPEN, oauth_revoke,     oauth_revoke_done },
    { "POST",   PATH_INTROSPECT, SCOPE_OPEN, oauth_introspect, oauth_introspect_done },
    { "GET",    PATH_KEYS,       SCOPE_OPEN, oauth_keys,       NULL },
    { "GET",    PATH_OPENID,     SCOPE_OPEN, oauth_metadata,   NULL },
    { "GET",    PATH_METADATA,   SCOPE_OPEN, oauth_metadata,   NULL },
    { "GET",    PATH_ORGANIZATION, SCOPE_OPEN, oauth_organization, NULL },
    { "GET",    PATH_HOME,   SCOPE_PAGE, page_home,       NULL },
    { "GET",    PATH_LOGIN,  SCOPE_PAGE, page_login_show, NULL },
    { "POST",   PATH_LOGIN,  SCOPE_PAGE, page_login_try,  page_login_done },
    { "POST",   PATH_LOGOUT, SCOPE_PAGE, page_logout,     page_logout_done },
    { "GET",    PATH_ACTIVATE, SCOPE_PAGE, page_activate_show, NULL },
    { "POST",   PATH_ACTIVATE, SCOPE_PAGE, page_activate_find, NULL },
    { "POST",   PATH_DECIDE,   SCOPE_PAGE, page_activate_decide, page_activate_decided },
    { "GET",    PATH_AUTHORIZE, SCOPE_PAGE, page_authorize_show, NULL },
    { "POST",   PATH_AUTHORIZE, SCOPE_PAGE, page_authorize_decide, page_authorize_decided },
    { "GET",    STYLE_PATH,  SCOPE_PAGE, page_style,      NULL },
};
/* clang-format on */

const size_t api_route_count = ARRAY_LEN(api_routes);
