/* SPDX-License-Identifier: Apache-2.0 */
/* user.c - users, and the admin roles that they have. */
#include "lib/internal.h"
#include "wire/api.h"
#include "wire/id.h"
#include "wire/percent.h"
#include "wire/user_json.h"

#include <string.h>

enum { PATH_MAX_LEN = 512, USER_ID_LEN = 20, LOGIN_MAX = 100 };

struct okta_user {
    struct okt_object object;
    struct okt_user_view view;
};

struct okta_role {
    struct okt_object object;
    struct okt_role_view view;
};

/* ----------------------------------------------------------- The objects -- */

static const char *decode_user(yyjson_val *json, struct okt_object *object)
{
    return okt_user_decode(json, &((okta_user *)object)->view);
}

static const char *id_of_user(const struct okt_object *object)
{
    return ((const okta_user *)object)->view.id;
}

const struct okt_kind okt_user_kind = {
    "user", sizeof(okta_user), decode_user, id_of_user, NULL,
};

static const char *decode_role(yyjson_val *json, struct okt_object *object)
{
    return okt_role_decode(json, &((okta_role *)object)->view);
}

const struct okt_kind okt_role_kind = {
    "role", sizeof(okta_role), decode_role, NULL, NULL,
};

void okta_user_free(okta_user *user)
{
    if (user != NULL)
        okt_object_free(&user->object);
}

const char *okta_user_id(const okta_user *user)
{
    return user->view.id;
}

const char *okta_user_status(const okta_user *user)
{
    return user->view.status;
}

const char *okta_user_login(const okta_user *user)
{
    return user->view.login;
}

const char *okta_role_type(const okta_role *role)
{
    return role->view.type;
}

const char *okta_role_label(const okta_role *role)
{
    return role->view.label;
}

const char *okta_role_status(const okta_role *role)
{
    return role->view.status;
}

const char *okta_role_assignment_type(const okta_role *role)
{
    return role->view.assignment_type;
}

/* -------------------------------------------------------- The operations -- */

/* Appends /api/v1/users/{id} and what is behind it. */
static okta_status write_path(struct okt_buf *out, const char *id,
                              const char *rest, okta_error *err)
{
    okta_status st = okt_check_id(&okt_user_kind, id, err);

    if (st != OKTA_OK)
        return st;
    okt_buf_printf(out, "%s/%s%s", OKT_PATH_USERS, id, rest);
    return okt_check_buf(out, "the path", err);
}

/* id NULL: whose it turns out to be. */
static okta_status get(okta_client *client, const char *path, const char *id,
                       okta_response *response, okta_user **out,
                       okta_error *err)
{
    OKT_CALL_AUTO call = { 0 };
    struct okt_object *object = NULL;
    okta_status st =
        okt_call_begin(&call, client, "GET", path, NULL, response, err);

    if (st == OKTA_OK)
        st = okt_object_finish(&okt_user_kind, &call, id, &object, err);
    if (st == OKTA_OK)
        *out = (okta_user *)object;
    return st;
}

/* Okta's ids of users; a short login may consist of the same characters. */
static bool is_user_id(const char *text)
{
    return strlen(text) == USER_ID_LEN && strncmp(text, "00u", 3) == 0 &&
           okt_id_is_segment(text);
}

/* A login goes into the path encoded. What a server between here and the org
 * could take for more than one segment all the same is refused. */
static okta_status check_login(const char *login, okta_error *err)
{
    size_t len = strlen(login);

    if (okt_has_secret(login))
        return okt_check_id(&okt_user_kind, login, err);
    if (strcmp(login, "me") == 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "\"me\" is no user: use okta_user_me");
    if (len == 0 || len > LOGIN_MAX || strcmp(login, ".") == 0 ||
        strcmp(login, "..") == 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "not the id or the login of a user (1 to %d bytes)",
                        LOGIN_MAX);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)login[i] < ' ' || login[i] == 0x7f ||
            strchr("/\\%?#", login[i]) != NULL)
            return okt_fail(err, OKTA_ERR_ARGUMENT,
                            "character %zu is none of an id or a login", i + 1);
    return OKTA_OK;
}

okta_status okta_user_get(okta_client *client, const char *id,
                          okta_response *response, okta_user **out,
                          okta_error *err)
{
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_MAX_LEN);
    okta_status st = check_login(id, err);

    if (st != OKTA_OK)
        return st;
    okt_buf_str(&path, OKT_PATH_USERS "/");
    okt_percent_encode(&path, id);
    st = okt_check_buf(&path, "the path", err);
    if (st != OKTA_OK)
        return st;
    return get(client, path.data, is_user_id(id) ? id : NULL, response, out,
               err);
}

okta_status okta_user_me(okta_client *client, okta_response *response,
                         okta_user **out, okta_error *err)
{
    return get(client, OKT_PATH_USERS "/me", NULL, response, out, err);
}

okta_status okta_user_roles(okta_client *client, const char *user_id,
                            okta_response *response, okta_page **out,
                            okta_error *err)
{
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_MAX_LEN);
    okta_status st = write_path(&path, user_id, "/roles", err);

    if (st != OKTA_OK)
        return st;
    return okt_list_begin(client,
                          &(struct okt_list){ .kind = &okt_role_kind,
                                              .path = path.data,
                                              .query = "" },
                          response, out, err);
}

const okta_role *okta_page_role(const okta_page *page, size_t i)
{
    return (const okta_role *)okt_page_object(page, &okt_role_kind, i);
}
