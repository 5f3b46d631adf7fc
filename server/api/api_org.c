/* SPDX-License-Identifier: Apache-2.0 */
/* api_org.c - what an audit reads beside tokens. */
#include "server/api/api_org.h"

#include <stdio.h>

#include "server/request/encode.h"
#include "server/request/request.h"

/* Between two objects of a list. */
static void separate(struct okt_buf *out)
{
    if (out->len > 1)
        okt_buf_char(out, ',');
}

/* What a lookup came to: the reply is filled by its callback. */
static int found(struct request *r, store_status st, const char *id,
                 const char *kind)
{
    if (st == STORE_NOT_FOUND)
        return reply_not_found(r, id, kind);
    return st == STORE_OK ? reply_json(r) : reply_unavailable(r);
}

/* --------------------------------------------------------------- Users -- */

static void show_user(const struct store_user *user, void *ctx)
{
    struct request *r = ctx;

    user_show(&r->reply, user, r->base_url);
}

int api_users_get(struct request *r, const char *id)
{
    return found(r, r->store->ops->user_find(r->store, id, show_user, r), id,
                 "User");
}

int api_users_me(struct request *r, const char *id)
{
    (void)id;
    if (r->caller.user_id[0] == '\0') /* an app that acts for nobody */
        return reply_not_found(r, "me", "User");
    return api_users_get(r, r->caller.user_id);
}

/* The user whom a path names may be named by login: groups go by the id. */
struct person {
    struct request *request;
    char id[OKT_ID_MAX + 1];
};

static void show_own_role(const struct store_user *user, void *ctx)
{
    struct person *p = ctx;
    struct request *r = p->request;

    snprintf(p->id, sizeof(p->id), "%s", user->id);
    if (user->role[0] != '\0')
        role_show_of_user(&r->reply, user->role, user->id, user->created,
                          r->base_url);
}

static void show_group_role(const struct store_group *group, void *ctx)
{
    struct request *r = ctx;

    if (group->role[0] == '\0')
        return;
    separate(&r->reply);
    role_show_of_group(&r->reply, group, r->base_url);
}

int api_users_roles(struct request *r, const char *id)
{
    struct person p = { .request = r };
    store_status st;

    okt_buf_char(&r->reply, '[');
    st = r->store->ops->user_find(r->store, id, show_own_role, &p);
    if (st == STORE_OK)
        st = r->store->ops->group_each_of(r->store, p.id, show_group_role, r);
    okt_buf_char(&r->reply, ']');
    return found(r, st, id, "User");
}

/* -------------------------------------------------------------- Groups -- */

static void show_group(const struct store_group *group, void *ctx)
{
    struct request *r = ctx;

    separate(&r->reply);
    group_show(&r->reply, group, r->base_url);
}

static void keep_id(const struct store_user *user, void *ctx)
{
    snprintf(ctx, OKT_ID_MAX + 1, "%s", user->id);
}

int api_users_groups(struct request *r, const char *id)
{
    char user_id[OKT_ID_MAX + 1];
    store_status st = r->store->ops->user_find(r->store, id, keep_id, user_id);

    okt_buf_char(&r->reply, '[');
    if (st == STORE_OK)
        st = r->store->ops->group_each_of(r->store, user_id, show_group, r);
    okt_buf_char(&r->reply, ']');
    return found(r, st, id, "User");
}

int api_groups_roles(struct request *r, const char *id)
{
    store_status st;

    okt_buf_char(&r->reply, '[');
    st = r->store->ops->group_find(r->store, id, show_group_role, r);
    okt_buf_char(&r->reply, ']');
    return found(r, st, id, "UserGroup");
}

/* --------------------------------------------------------------- Zones -- */

static void show_zone(const struct store_zone *zone, void *ctx)
{
    struct request *r = ctx;

    separate(&r->reply);
    zone_show(&r->reply, zone, r->base_url);
}

int api_zones_list(struct request *r, const char *id)
{
    store_status st;

    okt_buf_char(&r->reply, '[');
    st = r->store->ops->zone_each(r->store, show_zone, r);
    okt_buf_char(&r->reply, ']');
    return found(r, st, id, "NetworkZone");
}

int api_zones_get(struct request *r, const char *id)
{
    return found(r, r->store->ops->zone_find(r->store, id, show_zone, r), id,
                 "NetworkZone");
}
