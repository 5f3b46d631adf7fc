/* SPDX-License-Identifier: Apache-2.0 */
/* admin.c - users, groups and zones, changed with their events. */
#include "admin.h"

#include <stdio.h>
#include <string.h>

#include "event.h"
#include "role.h"

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
        st = store->ops->session_remove_of(store, user_id);
    if (st == STORE_OK)
        st = note_user(store, event_of(person.status, status), user_id,
                       person.login, now);
    return st;
}

store_status admin_set_password(struct store *store, const char *user_id,
                                const char *hash, int64_t now)
{
    struct person person;
    store_status st = store->ops->user_find(store, user_id, keep, &person);

    if (st == STORE_OK)
        st = store->ops->password_set(store, user_id, hash, now);
    if (st == STORE_OK)
        st = store->ops->session_remove_of(store, user_id);
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
