/* SPDX-License-Identifier: Apache-2.0 */
/* seed_groups.c - the groups of a seed, and the roles of users and groups. */
#include <stdio.h>
#include <string.h>

#include "server/org/role.h"
#include "server/seed/seed_parts.h"

enum { GROUP_ID, GROUP_NAME, GROUP_ROLE, GROUP_MEMBERS, GROUP_CREATED, KEYS };

bool seed_get_role(const struct seed *s, const struct seed_key *key,
                   const char *where, const char **out)
{
    if (!seed_get_text(s, key, where, STORE_NAME_MAX, out))
        return false;
    if (strcmp(*out, ROLE_NONE) == 0)
        *out = "";
    return (*out)[0] == '\0' || role_is_known(*out) ||
           seed_fail_at(s, key, where, "no role of that name");
}

static void keep_id(const struct store_user *user, void *ctx)
{
    snprintf(ctx, OKT_ID_MAX + 1, "%s", user->id);
}

static bool add_member(struct seed *s, yaml_node_t *item, const char *where,
                       const char *group_id)
{
    const char *who = seed_yaml_text(&s->yaml, item, where, STORE_NAME_MAX);
    char user_id[OKT_ID_MAX + 1];
    store_status st;

    if (who == NULL)
        return false;
    st = s->store->ops->user_find(s->store, who, keep_id, user_id);
    if (st == STORE_NOT_FOUND)
        return seed_fail(s, item, where, "no user has that login or id");
    if (st == STORE_OK)
        st = s->store->ops->group_add_member(s->store, group_id, user_id);
    if (st == STORE_CONFLICT)
        return seed_fail(s, item, where, "a member is there twice");
    return st == STORE_OK;
}

static bool add_members(struct seed *s, const struct seed_key *key,
                        const char *where, const char *group_id)
{
    struct where place = seed_member(where, key->key);
    yaml_node_t *item;

    if (!seed_yaml_is_list(&s->yaml, key->node, place.text))
        return false;
    for (size_t i = 0; (item = seed_yaml_item(&s->yaml, key->node, i)) != NULL;
         i++)
        if (!add_member(s, item, place.text, group_id))
            return false;
    return true;
}

bool seed_group(struct seed *s, yaml_node_t *node, const char *where)
{
    struct seed_key keys[KEYS] = {
        { "id", NULL },      { "name", NULL },    { "role", NULL },
        { "members", NULL }, { "created", NULL },
    };
    struct store_group group = { .role = "", .created = s->now };
    char id[OKT_ID_LEN + 1];
    store_status st;

    if (!seed_yaml_map(&s->yaml, node, where, keys, KEYS) ||
        !seed_get_id(s, &keys[GROUP_ID], where, "00g", id, &group.id) ||
        !seed_need_text(s, node, &keys[GROUP_NAME], where, STORE_NAME_MAX,
                        &group.name) ||
        !seed_get_role(s, &keys[GROUP_ROLE], where, &group.role) ||
        !seed_get_time(s, &keys[GROUP_CREATED], where, &group.created))
        return false;
    st = s->store->ops->group_add(s->store, &group);
    if (st == STORE_CONFLICT)
        return seed_fail(s, node, where, "the name or the id is taken");
    return st == STORE_OK &&
           add_members(s, &keys[GROUP_MEMBERS], where, group.id);
}
