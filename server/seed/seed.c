/* SPDX-License-Identifier: Apache-2.0 */
/* seed.c - users, groups, zones, tokens and apps out of a YAML or JSON file. */
#include "server/seed/seed_parts.h"

#include <stdio.h>
#include <string.h>

#include "server/org/admin.h"
#include "server/org/role.h"
#include "server/org/token.h"
#include "server/web/password.h"
#include "wire/api.h"
#include "wire/iso8601.h"
#include "wire/token_json.h"

struct where seed_item(const char *list, size_t i)
{
    struct where where;

    snprintf(where.text, sizeof(where.text), "%s[%zu]", list, i);
    return where;
}

struct where seed_member(const char *of, const char *key)
{
    struct where where;

    snprintf(where.text, sizeof(where.text), "%.60s.%.30s", of, key);
    return where;
}

bool seed_fail(const struct seed *s, const yaml_node_t *node, const char *where,
               const char *what)
{
    return seed_yaml_fail(&s->yaml, node, where, what);
}

bool seed_fail_at(const struct seed *s, const struct seed_key *key,
                  const char *where, const char *what)
{
    return seed_fail(s, key->node, seed_member(where, key->key).text, what);
}

bool seed_get_text(const struct seed *s, const struct seed_key *key,
                   const char *where, size_t max, const char **out)
{
    if (key->node == NULL || seed_yaml_is_null(key->node))
        return true;
    *out = seed_yaml_text(&s->yaml, key->node,
                          seed_member(where, key->key).text, max);
    return *out != NULL;
}

bool seed_need_text(const struct seed *s, const yaml_node_t *map,
                    const struct seed_key *key, const char *where, size_t max,
                    const char **out)
{
    *out = NULL;
    if (!seed_get_text(s, key, where, max, out))
        return false;
    if (*out != NULL)
        return true;
    return seed_fail(s, map, seed_member(where, key->key).text, "is missing");
}

bool seed_get_id(const struct seed *s, const struct seed_key *key,
                 const char *where, const char *prefix,
                 char room[static OKT_ID_LEN + 1], const char **out)
{
    char what[48];

    *out = NULL;
    if (!seed_get_text(s, key, where, OKT_ID_MAX, out))
        return false;
    if (*out == NULL) {
        *out = room;
        return id_new(prefix, room) ||
               seed_fail(s, key->node, where, "no random bytes");
    }
    if (strlen(*out) == OKT_ID_LEN && okt_id_is_segment(*out) &&
        strpbrk(*out, "-_") == NULL && strncmp(*out, prefix, 3) == 0)
        return true;
    snprintf(what, sizeof(what), "must be %.3s and 17 letters or digits",
             prefix);
    return seed_fail_at(s, key, where, what);
}

/* ----------------------------------------------------------------- Times -- */

bool seed_get_time(const struct seed *s, const struct seed_key *key,
                   const char *where, int64_t *out)
{
    const char *text = NULL;

    if (!seed_get_text(s, key, where, SEED_TIME_MAX, &text))
        return false;
    if (text == NULL || okt_time_parse_from(text, s->now, out))
        return true;
    return seed_fail_at(s, key, where,
                        "must be a time such as 2026-01-31T08:00:00Z or -3d");
}

/* ----------------------------------------------------------------- Users -- */

enum {
    USER_ID,
    USER_LOGIN,
    USER_ROLE,
    USER_STATUS,
    USER_CREATED,
    USER_PASSWORD,
    USER_KEYS
};

static bool add_password(struct seed *s, const struct seed_key *key,
                         const char *where, const char *user_id)
{
    char hash[PASSWORD_HASH_MAX + 1];
    const char *password = NULL;
    const char *why;

    if (!seed_get_text(s, key, where, PASSWORD_MAX, &password))
        return false;
    if (password == NULL)
        return true;
    s->pinned = true;
    why = password_check(password);
    if (why == NULL && !password_hash(password, hash))
        why = "no memory, or no random bytes";
    if (why != NULL)
        return seed_fail_at(s, key, where, why);
    return s->store->ops->password_set(s->store, user_id, hash, s->now) ==
           STORE_OK;
}

static bool add_user(struct seed *s, yaml_node_t *node, const char *where)
{
    struct seed_key keys[USER_KEYS] = {
        { "id", NULL },     { "login", NULL },   { "role", NULL },
        { "status", NULL }, { "created", NULL }, { "password", NULL }
    };
    struct store_user user = {
        .role = ROLE_DEFAULT, .status = STATUS_ACTIVE, .created = s->now
    };
    char id[OKT_ID_LEN + 1];
    store_status st;

    if (!seed_yaml_map(&s->yaml, node, where, keys, USER_KEYS) ||
        !seed_get_id(s, &keys[USER_ID], where, "00u", id, &user.id) ||
        !seed_need_text(s, node, &keys[USER_LOGIN], where, STORE_NAME_MAX,
                        &user.login) ||
        !seed_get_role(s, &keys[USER_ROLE], where, &user.role) ||
        !seed_get_text(s, &keys[USER_STATUS], where, STORE_NAME_MAX,
                       &user.status) ||
        !seed_get_time(s, &keys[USER_CREATED], where, &user.created))
        return false;
    if (login_check(user.login) != NULL)
        return seed_fail_at(s, &keys[USER_LOGIN], where,
                            login_check(user.login));
    if (!status_is_known(user.status))
        return seed_fail_at(s, &keys[USER_STATUS], where,
                            "must be ACTIVE, SUSPENDED or DEPROVISIONED");
    st = s->store->ops->user_add(s->store, &user);
    if (st == STORE_CONFLICT)
        return seed_fail(s, node, where, "the login or the id is taken");
    return st == STORE_OK &&
           add_password(s, &keys[USER_PASSWORD], where, user.id);
}

/* --------------------------------------------------------------- Network -- */

enum { NET_CONNECTION, NET_INCLUDE, NET_EXCLUDE, NET_KEYS };

/* What a token's lists of zones are written to. */
struct zones {
    struct okt_buf include;
    struct okt_buf exclude;
};

static void ignore(const struct store_zone *zone, void *ctx)
{
    (void)zone;
    (void)ctx;
}

/* Whether an id is that of a zone, or stands for all. */
static bool is_zone(const struct seed *s, const yaml_node_t *node,
                    const char *where, const char *id)
{
    store_status st = STORE_OK;

    if (strcmp(id, OKT_ALL_ZONES) != 0)
        st = s->store->ops->zone_find(s->store, id, ignore, NULL);
    if (st == STORE_NOT_FOUND)
        seed_fail(s, node, where, "no zone has that id");
    return st == STORE_OK;
}

static bool get_zones(struct seed *s, const struct seed_key *key,
                      const char *where, struct okt_buf *out)
{
    yaml_node_t *item;

    okt_buf_clear(out);
    okt_buf_str(out, "");
    if (!seed_yaml_is_list(&s->yaml, key->node,
                           seed_member(where, key->key).text))
        return false;
    for (size_t i = 0; (item = seed_yaml_item(&s->yaml, key->node, i)) != NULL;
         i++) {
        const char *id =
            seed_yaml_text(&s->yaml, item, seed_member(where, key->key).text,
                           OKT_ID_MAX);

        if (id == NULL)
            return false;
        if (!okt_id_is_segment(id) || i >= OKT_ZONES_MAX)
            return seed_fail(s, item, seed_member(where, key->key).text,
                             "must be at most 100 ids of zones");
        if (!is_zone(s, item, seed_member(where, key->key).text, id))
            return false;
        if (out->len > 0)
            okt_buf_char(out, ' ');
        okt_buf_str(out, id);
    }
    return !okt_buf_failed(out) ||
           seed_fail_at(s, key, where, "too many zones");
}

static bool get_network(struct seed *s, yaml_node_t *node, const char *where,
                        struct store_token *token, struct zones *zones)
{
    struct seed_key keys[NET_KEYS] = {
        { "connection", NULL }, { "include", NULL }, { "exclude", NULL }
    };
    bool any;

    token->connection = OKT_ANYWHERE;
    if (!seed_yaml_map(&s->yaml, node, where, keys, NET_KEYS) ||
        !seed_get_text(s, &keys[NET_CONNECTION], where, STORE_NAME_MAX,
                       &token->connection) ||
        !get_zones(s, &keys[NET_INCLUDE], where, &zones->include) ||
        !get_zones(s, &keys[NET_EXCLUDE], where, &zones->exclude))
        return false;
    any = zones->include.len > 0 || zones->exclude.len > 0;
    if (strcmp(token->connection, any ? OKT_ZONE : OKT_ANYWHERE) != 0)
        return seed_fail(
            s, node, where,
            "connection must be ZONE with zones, ANYWHERE without");
    token->include = zones->include.data;
    token->exclude = zones->exclude.data;
    return true;
}

/* ---------------------------------------------------------------- Tokens -- */

enum {
    TOK_ID,
    TOK_SECRET,
    TOK_NAME,
    TOK_USER,
    TOK_CLIENT,
    TOK_WINDOW,
    TOK_CREATED,
    TOK_USED,
    TOK_EXPIRES,
    TOK_UPDATED,
    TOK_NETWORK,
    TOK_KEYS
};

/* A token on its way, with room for what the file does not hold. */
struct draft {
    struct store_token token;
    struct seed_key keys[TOK_KEYS];
    char id[OKT_ID_LEN + 1];
    char user_id[OKT_ID_MAX + 1];
    char secret[OKT_SECRET_LEN + 1];
    struct zones zones;
};

static void keep_user(const struct store_user *user, void *ctx)
{
    snprintf(ctx, OKT_ID_MAX + 1, "%s", user->id);
}

static bool get_owner(struct seed *s, yaml_node_t *node, const char *where,
                      struct draft *d)
{
    const struct seed_key *key = &d->keys[TOK_USER];
    const char *who;
    store_status st;

    if (!seed_need_text(s, node, key, where, STORE_NAME_MAX, &who))
        return false;
    st = s->store->ops->user_find(s->store, who, keep_user, d->user_id);
    if (st == STORE_NOT_FOUND)
        return seed_fail_at(s, key, where, "no user has that login or id");
    d->token.user_id = d->user_id;
    return st == STORE_OK;
}

/* The window's null is kept: such a token's window is not known. */
static bool get_window(const struct seed *s, const char *where, struct draft *d)
{
    const struct seed_key *key = &d->keys[TOK_WINDOW];

    d->token.window = TOKEN_WINDOW_DEFAULT;
    if (key->node != NULL && seed_yaml_is_null(key->node)) {
        d->token.window = NULL;
        return true;
    }
    if (!seed_get_text(s, key, where, STORE_WINDOW_MAX, &d->token.window))
        return false;
    return token_window_is_valid(d->token.window) ||
           seed_fail_at(s, key, where,
                        "must be an ISO 8601 duration such as P30D");
}

static bool get_times(const struct seed *s, const char *where, struct draft *d)
{
    struct store_token *t = &d->token;
    const struct seed_key *keys = d->keys;
    int64_t used;

    if (keys[TOK_USED].node != NULL && keys[TOK_EXPIRES].node != NULL)
        return seed_fail_at(s, &keys[TOK_EXPIRES], where,
                            "not together with lastUsed");
    t->created = s->now;
    if (!seed_get_time(s, &keys[TOK_CREATED], where, &t->created))
        return false;
    used = t->created;
    if (!seed_get_time(s, &keys[TOK_USED], where, &used))
        return false;
    t->expires = token_expiry(t->window, used);
    t->last_updated = used;
    return seed_get_time(s, &keys[TOK_EXPIRES], where, &t->expires) &&
           seed_get_time(s, &keys[TOK_UPDATED], where, &t->last_updated);
}

static bool get_secret(struct seed *s, const char *where, struct draft *d,
                       unsigned char hash[static SECRET_HASH_LEN])
{
    const struct seed_key *key = &d->keys[TOK_SECRET];
    const char *secret = NULL;
    bool done;

    if (!seed_get_text(s, key, where, OKT_SECRET_MAX, &secret))
        return false;
    if (secret != NULL && !secret_is_valid(secret))
        return seed_fail_at(s, key, where,
                            "must be 00 and 40 of letters, digits, _ and -");
    s->pinned = s->pinned || secret != NULL;
    s->secrets += secret != NULL;
    if (secret == NULL && secret_new(d->secret))
        secret = d->secret;
    done = secret != NULL && secret_hash(secret, hash);
    okt_wipe(d->secret, sizeof(d->secret));
    return done || seed_fail_at(s, key, where, "no random bytes");
}

static bool fill(struct seed *s, yaml_node_t *node, const char *where,
                 struct draft *d)
{
    struct store_token *t = &d->token;

    t->client_name = OKT_CLIENT_OKTA_API;
    t->connection = OKT_ANYWHERE;
    t->include = "";
    t->exclude = "";
    return seed_yaml_map(&s->yaml, node, where, d->keys, TOK_KEYS) &&
           seed_get_id(s, &d->keys[TOK_ID], where, "00T", d->id, &t->id) &&
           seed_need_text(s, node, &d->keys[TOK_NAME], where, STORE_NAME_MAX,
                          &t->name) &&
           get_owner(s, node, where, d) &&
           seed_get_text(s, &d->keys[TOK_CLIENT], where, STORE_NAME_MAX,
                         &t->client_name) &&
           get_window(s, where, d) && get_times(s, where, d) &&
           (d->keys[TOK_NETWORK].node == NULL ||
            get_network(s, d->keys[TOK_NETWORK].node,
                        seed_member(where, "network").text, t, &d->zones));
}

static const struct seed_key token_keys[TOK_KEYS] = {
    { "id", NULL },          { "secret", NULL },     { "name", NULL },
    { "user", NULL },        { "clientName", NULL }, { "tokenWindow", NULL },
    { "created", NULL },     { "lastUsed", NULL },   { "expiresAt", NULL },
    { "lastUpdated", NULL }, { "network", NULL },
};

static bool add_token(struct seed *s, yaml_node_t *node, const char *where)
{
    struct draft d = {
        .zones = { OKT_BUF_INIT(STORE_ZONES_MAX),
                   OKT_BUF_INIT(STORE_ZONES_MAX) },
    };
    unsigned char hash[SECRET_HASH_LEN];
    store_status st = STORE_FAILED;

    memcpy(d.keys, token_keys, sizeof(d.keys));
    if (fill(s, node, where, &d) && get_secret(s, where, &d, hash))
        st = s->store->ops->token_add(s->store, &d.token, hash);
    if (st == STORE_CONFLICT)
        seed_fail(s, node, where, "the id or the secret is taken");
    okt_buf_free(&d.zones.include);
    okt_buf_free(&d.zones.exclude);
    return st == STORE_OK;
}

/* ------------------------------------------------------------ The outside --
 */

static bool
add_all(struct seed *s, const struct seed_key *list,
        bool (*add)(struct seed *s, yaml_node_t *node, const char *where),
        size_t *count)
{
    yaml_node_t *item;

    *count = 0;
    if (!seed_yaml_is_list(&s->yaml, list->node, list->key))
        return false;
    while ((item = seed_yaml_item(&s->yaml, list->node, *count)) != NULL) {
        if (!add(s, item, seed_item(list->key, *count).text))
            return false;
        (*count)++;
    }
    return true;
}

enum { SEED_USERS, SEED_GROUPS, SEED_ZONES, SEED_TOKENS, SEED_APPS, SEED_KEYS };

static bool open_document(struct seed *s,
                          struct seed_key keys[static SEED_KEYS])
{
    static const struct seed_key none[SEED_KEYS] = {
        { "users", NULL },  { "groups", NULL }, { "zones", NULL },
        { "tokens", NULL }, { "apps", NULL },
    };

    memcpy(keys, none, sizeof(none));
    return seed_yaml_map(&s->yaml, seed_yaml_root(&s->yaml), "", keys,
                         SEED_KEYS);
}

static bool add_document(struct seed *s, struct seed_count *count)
{
    struct seed_key keys[SEED_KEYS];

    return open_document(s, keys) &&
           add_all(s, &keys[SEED_USERS], add_user, &count->users) &&
           add_all(s, &keys[SEED_GROUPS], seed_group, &count->groups) &&
           add_all(s, &keys[SEED_ZONES], seed_zone, &count->zones) &&
           add_all(s, &keys[SEED_TOKENS], add_token, &count->tokens) &&
           add_all(s, &keys[SEED_APPS], seed_app, &count->apps) &&
           (!s->pinned || s->store->ops->set_pinned(s->store) == STORE_OK);
}

static bool run(struct store *store, const char *path, int64_t now,
                struct seed_count *count, bool keep)
{
    struct seed s = { .store = store, .now = now };
    bool done = false;

    if (!seed_yaml_load(&s.yaml, path))
        return false;
    if (store->ops->begin(store) == STORE_OK) {
        done = add_document(&s, count) &&
               (!keep || store->ops->commit(store) == STORE_OK);
        if (!done || !keep)
            store->ops->rollback(store);
    }
    seed_yaml_free(&s.yaml);
    count->secrets = s.secrets;
    return done;
}

bool seed_file(struct store *store, const char *path, int64_t now,
               struct seed_count *count)
{
    return run(store, path, now, count, true);
}

bool seed_check(struct store *store, const char *path, int64_t now,
                struct seed_count *count)
{
    return run(store, path, now, count, false);
}

static bool ignore_token(const struct store_token *token, void *ctx)
{
    (void)token;
    (void)ctx;
    return true;
}

/* Whether this item has a secret that a token of the store has. */
static bool has_live_secret(struct seed *s, yaml_node_t *node,
                            const char **secret)
{
    struct seed_key keys[TOK_KEYS];
    unsigned char hash[SECRET_HASH_LEN];

    memcpy(keys, token_keys, sizeof(keys));
    *secret = NULL;
    return seed_yaml_map(&s->yaml, node, "tokens", keys, TOK_KEYS) &&
           seed_get_text(s, &keys[TOK_SECRET], "tokens", OKT_SECRET_MAX,
                         secret) &&
           *secret != NULL && secret_is_valid(*secret) &&
           secret_hash(*secret, hash) &&
           s->store->ops->token_by_hash(s->store, hash, ignore_token, NULL) ==
               STORE_OK;
}

bool seed_find_secret(struct store *store, const char *path,
                      char out[static OKT_SECRET_LEN + 1])
{
    struct seed s = { .store = store };
    struct seed_key keys[SEED_KEYS];
    yaml_node_t *tokens;
    yaml_node_t *item;
    const char *secret;
    bool done;

    out[0] = '\0';
    if (!seed_yaml_load(&s.yaml, path))
        return false;
    done = open_document(&s, keys) &&
           seed_yaml_is_list(&s.yaml, keys[SEED_TOKENS].node, "tokens");
    tokens = keys[SEED_TOKENS].node;
    for (size_t i = 0; done && out[0] == '\0' &&
                       (item = seed_yaml_item(&s.yaml, tokens, i)) != NULL;
         i++)
        if (has_live_secret(&s, item, &secret))
            snprintf(out, OKT_SECRET_LEN + 1, "%s", secret);
    seed_yaml_free(&s.yaml);
    return done;
}
