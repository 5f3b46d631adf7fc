/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_user.c - okta-orgd user and group: people and what they may do. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "server/cmd/commands.h"
#include "server/org/admin.h"
#include "server/org/role.h"
#include "server/util/diag.h"
#include "sys/clock.h"

/* The role that --role says, "" for none, or what it is if it is not given.
 * NULL: there is no such role, and it said so. */
static const char *read_role(const struct args *args, const char *otherwise)
{
    const char *role = args->value[OPT_ROLE];

    if (role == NULL)
        return otherwise;
    if (strcmp(role, ROLE_NONE) == 0)
        return "";
    if (role_is_known(role))
        return role;
    say("--role: unknown; there are %s, " ROLE_CUSTOM_OF "LABEL and %s",
        role_names(), ROLE_NONE);
    return NULL;
}

static void keep_id(const struct store_user *user, void *ctx)
{
    snprintf(ctx, OKT_ID_MAX + 1, "%s", user->id);
}

bool find_user(struct store *store, const char *who, const char *command,
               char id[static OKT_ID_MAX + 1])
{
    store_status st = store->ops->user_find(store, who, keep_id, id);

    if (st == STORE_NOT_FOUND)
        say("%s: no user has the login or id %s; okta-orgd user add makes one",
            command, say_word(who));
    return st == STORE_OK;
}

/* --------------------------------------------------------------- Users -- */

int cmd_user_add(const struct args *args)
{
    AUTO(store_handle) store = NULL;
    char id[OKT_ID_LEN + 1];
    struct store_user user = {
        .id = id,
        .login = args->value[OPT_LOGIN],
        .role = read_role(args, ROLE_DEFAULT),
        .status = STATUS_ACTIVE,
        .created = okt_clock_now(),
    };
    store_status st;

    if (user.role == NULL || !args_text("login", user.login, STORE_NAME_MAX))
        return EXIT_CODE_USAGE;
    if (login_check(user.login) != NULL)
        return say_usage("--login: %s", login_check(user.login));
    if (!data_open(args, &store))
        return EXIT_CODE_FAILED;
    if (!id_new("00u", id))
        return say_failed("user add: no random bytes");
    if (store->ops->begin(store) != STORE_OK)
        return EXIT_CODE_FAILED;
    st = data_end(store, admin_add_user(store, &user));
    if (st == STORE_CONFLICT)
        return say_failed("user add: %s: that login is taken",
                          say_word(user.login));
    if (st != STORE_OK)
        return EXIT_CODE_FAILED;
    printf("%s\n", id);
    return finish_output();
}

static void print_user(const struct store_user *user, void *ctx)
{
    struct okt_buf *out = ctx;

    okt_buf_printf(out, "%s\t%s\t%s\t", user->id, user->status,
                   user->role[0] != '\0' ? user->role : ROLE_NONE);
    okt_escape(out, user->login, strlen(user->login));
    okt_buf_char(out, '\n');
}

int cmd_user_list(const struct args *args)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(COMMAND_OUTPUT_MAX);
    AUTO(store_handle) store = NULL;

    if (!data_open(args, &store) ||
        store->ops->user_each(store, print_user, &out) != STORE_OK)
        return EXIT_CODE_FAILED;
    if (okt_buf_failed(&out))
        return say_failed("user list: out of memory");
    if (out.len > 0)
        fwrite(out.data, 1, out.len, stdout);
    return finish_output();
}

static int set_status(const struct args *args, const char *status,
                      const char *command)
{
    AUTO(store_handle) store = NULL;
    char id[OKT_ID_MAX + 1];

    if (!data_open(args, &store) ||
        !find_user(store, args->value[OPT_USER], command, id) ||
        store->ops->begin(store) != STORE_OK)
        return EXIT_CODE_FAILED;
    return data_end(store, admin_set_status(store, id, status,
                                            okt_clock_now())) == STORE_OK
               ? EXIT_CODE_OK
               : EXIT_CODE_FAILED;
}

int cmd_user_suspend(const struct args *args)
{
    return set_status(args, STATUS_SUSPENDED, "user suspend");
}

int cmd_user_deactivate(const struct args *args)
{
    return set_status(args, STATUS_DEPROVISIONED, "user deactivate");
}

int cmd_user_activate(const struct args *args)
{
    return set_status(args, STATUS_ACTIVE, "user activate");
}

int cmd_user_sign_out(const struct args *args)
{
    AUTO(store_handle) store = NULL;
    char id[OKT_ID_MAX + 1];

    if (!data_open(args, &store) ||
        !find_user(store, args->value[OPT_USER], "user sign-out", id) ||
        store->ops->begin(store) != STORE_OK)
        return EXIT_CODE_FAILED;
    return data_end(store, admin_sign_out(store, id, okt_clock_now())) ==
                   STORE_OK
               ? EXIT_CODE_OK
               : EXIT_CODE_FAILED;
}

/* -------------------------------------------------------------- Groups -- */

static bool add_members(struct store *store, const struct args *args,
                        const struct store_group *group)
{
    for (size_t i = 0; i < args->many_count; i++) {
        char user_id[OKT_ID_MAX + 1];
        store_status st;

        if (!find_user(store, args->many[i], "group add", user_id))
            return false;
        st = admin_add_member(store, group, user_id, group->created);
        if (st == STORE_CONFLICT)
            say("group add: %s is there twice", say_word(args->many[i]));
        if (st != STORE_OK)
            return false;
    }
    return true;
}

/* The group with its members, or nothing. */
static bool add_group(struct store *store, const struct args *args,
                      const struct store_group *group)
{
    store_status st = admin_add_group(store, group);

    if (st == STORE_CONFLICT)
        say("group add: %s: that name is taken", say_word(group->name));
    return st == STORE_OK && add_members(store, args, group);
}

int cmd_group_add(const struct args *args)
{
    AUTO(store_handle) store = NULL;
    char id[OKT_ID_LEN + 1];
    const struct store_group group = {
        .id = id,
        .name = args->value[OPT_NAME],
        .role = read_role(args, ""),
        .created = okt_clock_now(),
    };

    if (group.role == NULL || !args_text("name", group.name, STORE_NAME_MAX))
        return EXIT_CODE_USAGE;
    if (!data_open(args, &store))
        return EXIT_CODE_FAILED;
    if (!id_new("00g", id))
        return say_failed("group add: no random bytes");
    if (store->ops->begin(store) != STORE_OK)
        return EXIT_CODE_FAILED;
    if (data_end(store,
                 add_group(store, args, &group) ? STORE_OK : STORE_FAILED) !=
        STORE_OK)
        return EXIT_CODE_FAILED;
    printf("%s\n", id);
    return finish_output();
}

static void print_group(const struct store_group *group, void *ctx)
{
    struct okt_buf *out = ctx;

    okt_buf_printf(out, "%s\t%s\t", group->id,
                   group->role[0] != '\0' ? group->role : ROLE_NONE);
    okt_escape(out, group->name, strlen(group->name));
    okt_buf_char(out, '\n');
}

int cmd_group_list(const struct args *args)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(COMMAND_OUTPUT_MAX);
    AUTO(store_handle) store = NULL;

    if (!data_open(args, &store) ||
        store->ops->group_each(store, print_group, &out) != STORE_OK)
        return EXIT_CODE_FAILED;
    if (okt_buf_failed(&out))
        return say_failed("group list: out of memory");
    if (out.len > 0)
        fwrite(out.data, 1, out.len, stdout);
    return finish_output();
}
