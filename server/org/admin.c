/* SPDX-License-Identifier: Apache-2.0 */
/* admin.c - users, groups and zones, changed with their events. */
#include "server/org/admin.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "server/oauth/device.h"
#include "server/org/event.h"
#include "server/org/role.h"
#include "server/util/diag.h"

enum {
    ENDED_MAX = 268435456, /* bytes of what one change ends */
    LOGIN_MAX = 100        /* characters, as in a real org */
};

/* ---------------------------------------------------------------- Events -- */

static store_status note_user(struct store *store, const char *type,
                              const char *id, const char *login, int64_t now)
{
    struct store_event event = {
        .published = now,
        .type = type,
        .target_type = EVENT_USER,
        .target_id = id,
        .target_name = login,
    };

    return event_add(store, &event);
}

static store_status note_grant(struct store *store, const char *type,
                               const char *target, const char *id,
                               const char *name, const char *role, int64_t now)
{
    struct store_event event = {
        .published = now,
        .type = type,
        .target_type = target,
        .target_id = id,
        .target_name = name,
        .privilege = role_label(role),
    };

    return role[0] != '\0' ? event_add(store, &event) : STORE_OK;
}

/* ----------------------------------------------------------------- Users -- */

const char *login_check(const char *text)
{
    const char *at = strchr(text, '@');
    size_t len = strlen(text);
    size_t count = 0;
    int32_t cp;

    for (size_t i = 0; i < len; count++) {
        i += okt_utf8_next(text + i, len - i, &cp);
        if (cp <= ' ' || okt_is_unsafe(cp))
            return "must have no space and no invisible character";
    }
    if (count == 0 || count > LOGIN_MAX)
        return "must have 1 to 100 characters";
    if (at == NULL)
        return NULL;
    if (at == text || at[1] == '\0' || at[1] == '.' || text[len - 1] == '.' ||
        strchr(at + 1, '@') != NULL || strstr(at, "..") != NULL)
        return "must be a name, or an address such as ada@example.com";
    return NULL;
}

store_status admin_add_user(struct store *store, const struct store_user *user)
{
    store_status st = store->ops->user_add(store, user);

    if (st == STORE_OK)
        st = note_user(store, EVENT_USER_CREATE, user->id, user->login,
                       user->created);
    if (st == STORE_OK)
        st = note_grant(store, EVENT_USER_GRANT, EVENT_USER, user->id,
                        user->login, user->role, user->created);
    return st;
}

/* What is kept of a row until the store can be asked again. */
struct person {
    char login[STORE_NAME_MAX + 1];
    char status[STORE_NAME_MAX + 1];
};

static void keep(const struct store_user *user, void *ctx)
{
    struct person *person = ctx;

    snprintf(person->login, sizeof(person->login), "%s", user->login);
    snprintf(person->status, sizeof(person->status), "%s", user->status);
}

/* ----------------------------------------------------------------- Ends -- */

static store_status end_sessions(struct store *store, const char *user_id,
                                 const char *login, int64_t now)
{
    int64_t count = 0;
    store_status st = store->ops->session_remove_of(store, user_id, &count);

    for (; count > 0 && st == STORE_OK; count--)
        st = note_user(store, EVENT_SESSION_END, user_id, login, now);
    return st;
}

struct grant_end {
    char client_id[OKT_ID_MAX + 1];
    char user_id[OKT_ID_MAX + 1];
    char app_name[STORE_NAME_MAX + 1];
};

static void keep_grant(const struct store_grant *grant, void *ctx)
{
    struct grant_end *end = ctx;

    snprintf(end->client_id, sizeof(end->client_id), "%s", grant->client_id);
    snprintf(end->user_id, sizeof(end->user_id), "%s", grant->user_id);
}

static void keep_app_name(const struct store_app *app, void *ctx)
{
    struct grant_end *end = ctx;

    snprintf(end->app_name, sizeof(end->app_name), "%s", app->name);
}

store_status admin_end_grant(struct store *store, const char *id, int64_t now)
{
    struct grant_end end = { 0 };
    struct person person;
    struct store_event event = {
        .published = now,
        .type = EVENT_TOKEN_REVOKE,
        .target_type = EVENT_APP,
        .target_id = end.client_id,
        .target_name = end.app_name,
        .group_id = end.user_id,
        .group_name = person.login,
        .client_id = end.client_id,
    };
    store_status st = store->ops->grant_find(store, id, keep_grant, &end);

    if (st == STORE_OK)
        st = store->ops->app_find(store, end.client_id, keep_app_name, &end);
    if (st == STORE_OK)
        st = store->ops->user_find(store, end.user_id, keep, &person);
    if (st == STORE_OK)
        st = store->ops->grant_remove(store, id);
    return st == STORE_OK ? event_add(store, &event) : st;
}

/* Texts to be ended, each with its NUL. */
static void list_grant(const struct store_grant *grant, const char *app_name,
                       const char *login, void *ctx)
{
    (void)app_name;
    (void)login;
    okt_buf_append(ctx, grant->id, strlen(grant->id) + 1);
}

static bool list_token(const struct store_token *token, void *ctx)
{
    okt_buf_append(ctx, token->id, strlen(token->id) + 1);
    okt_buf_append(ctx, token->name, strlen(token->name) + 1);
    return true;
}

static store_status list_failed(void)
{
    say("out of memory");
    return STORE_FAILED;
}

static store_status end_grants(struct store *store, const char *user_id,
                               int64_t now)
{
    OKT_BUF_AUTO ids = OKT_BUF_INIT(ENDED_MAX);
    store_status st =
        store->ops->consent_remove_of(store, user_id, DEVICE_ALLOWED);

    if (st == STORE_OK)
        st = store->ops->grant_each(store, user_id, list_grant, &ids);
    if (okt_buf_failed(&ids))
        return list_failed();
    for (size_t at = 0; at < ids.len && st == STORE_OK;
         at += strlen(ids.data + at) + 1)
        st = admin_end_grant(store, ids.data + at, now);
    return st;
}

static store_status end_tokens(struct store *store, const char *user_id,
                               int64_t now)
{
    OKT_BUF_AUTO list = OKT_BUF_INIT(ENDED_MAX);
    store_status st =
        store->ops->token_each_of(store, user_id, list_token, &list);

    if (okt_buf_failed(&list))
        return list_failed();
    for (size_t at = 0; at < list.len && st == STORE_OK;) {
        struct store_token token = { .id = list.data + at };

        at += strlen(token.id) + 1;
        token.name = list.data + at;
        at += strlen(token.name) + 1;
        st = store->ops->token_remove(store, token.id);
        if (st == STORE_OK)
            st = event_add_of_org(store, EVENT_REVOKE, &token, now);
    }
    return st;
}

static bool keep_token_name(const struct store_token *token, void *ctx)
{
    snprintf(ctx, STORE_NAME_MAX + 1, "%s", token->name);
    return true;
}

store_status admin_end_token(struct store *store, const char *id, int64_t now)
{
    char name[STORE_NAME_MAX + 1];
    const struct store_token token = { .id = id, .name = name };
    store_status st = store->ops->token_by_id(store, id, keep_token_name, name);

    if (st == STORE_OK)
        st = store->ops->token_remove(store, id);
    return st == STORE_OK ? event_add_of_org(store, EVENT_REVOKE, &token, now)
                          : st;
}

store_status admin_sign_out(struct store *store, const char *user_id,
                            int64_t now)
{
    struct person person;
    store_status st = store->ops->user_find(store, user_id, keep, &person);

    if (st == STORE_OK)
        st = end_sessions(store, user_id, person.login, now);
    return st == STORE_OK ? end_grants(store, user_id, now) : st;
}

/* --------------------------------------------------- Status and password -- */

/* Whoever comes back has been suspended or deactivated before. */
static const char *event_of(const char *from, const char *to)
{
    if (strcmp(to, STATUS_SUSPENDED) == 0)
        return EVENT_USER_SUSPEND;
    if (strcmp(to, STATUS_DEPROVISIONED) == 0)
        return EVENT_USER_DEACTIVATE;
    return strcmp(from, STATUS_SUSPENDED) == 0 ? EVENT_USER_UNSUSPEND
                                               : EVENT_USER_REACTIVATE;
}

store_status admin_set_status(struct store *store, const char *user_id,
                              const char *status, int64_t now)
{
    struct person person;
    store_status st = store->ops->user_find(store, user_id, keep, &person);

    if (st != STORE_OK || strcmp(person.status, status) == 0)
        return st;
    st = store->ops->user_set_status(store, user_id, status, now);
    if (st == STORE_OK)
        st = note_user(store, event_of(person.status, status), user_id,
                       person.login, now);
    /* A seed, or an earlier version, may have left something to end. */
    if (st != STORE_OK || (strcmp(status, STATUS_DEPROVISIONED) != 0 &&
                           strcmp(person.status, STATUS_DEPROVISIONED) != 0))
        return st;
    st = admin_sign_out(store, user_id, now);
    return st == STORE_OK ? end_tokens(store, user_id, now) : st;
}

store_status admin_set_password(struct store *store, const char *user_id,
                                const char *hash, int64_t now)
{
    struct person person;
    store_status st = store->ops->user_find(store, user_id, keep, &person);

    if (st == STORE_OK)
        st = store->ops->password_set(store, user_id, hash, now);
    if (st == STORE_OK)
        st = end_sessions(store, user_id, person.login, now);
    if (st == STORE_OK)
        st = note_user(store, EVENT_PASSWORD, user_id, person.login, now);
    return st;
}

/* ---------------------------------------------------------------- Groups -- */

store_status admin_add_group(struct store *store,
                             const struct store_group *group)
{
    struct store_event event = {
        .published = group->created,
        .type = EVENT_GROUP_CREATE,
        .target_type = EVENT_GROUP,
        .target_id = group->id,
        .target_name = group->name,
    };
    store_status st = store->ops->group_add(store, group);

    if (st == STORE_OK)
        st = event_add(store, &event);
    if (st == STORE_OK)
        st = note_grant(store, EVENT_GROUP_GRANT, EVENT_GROUP, group->id,
                        group->name, group->role, group->created);
    return st;
}

store_status admin_add_member(struct store *store,
                              const struct store_group *group,
                              const char *user_id, int64_t now)
{
    struct person person;
    struct store_event event = {
        .published = now,
        .type = EVENT_MEMBER_ADD,
        .target_type = EVENT_USER,
        .target_id = user_id,
        .target_name = person.login,
        .group_id = group->id,
        .group_name = group->name,
    };
    store_status st = store->ops->user_find(store, user_id, keep, &person);

    if (st == STORE_OK)
        st = store->ops->group_add_member(store, group->id, user_id);
    return st == STORE_OK ? event_add(store, &event) : st;
}

/* ----------------------------------------------------------------- Zones -- */

store_status admin_add_zone(struct store *store, const struct store_zone *zone)
{
    struct store_event event = {
        .published = zone->created,
        .type = EVENT_ZONE_CREATE,
        .target_type = EVENT_ZONE,
        .target_id = zone->id,
        .target_name = zone->name,
    };
    store_status st = store->ops->zone_add(store, zone);

    return st == STORE_OK ? event_add(store, &event) : st;
}
