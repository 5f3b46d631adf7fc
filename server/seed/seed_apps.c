/* SPDX-License-Identifier: Apache-2.0 */
/* seed_apps.c - the apps of a seed. */
#include <string.h>

#include "server/oauth/app.h"
#include "server/org/scope.h"
#include "server/seed/seed_parts.h"

enum {
    APP_KEY_ID,
    APP_KEY_NAME,
    APP_KEY_TYPE,
    APP_KEY_STATUS,
    APP_KEY_SCOPES,
    APP_KEY_URIS,
    APP_KEY_ROLE,
    APP_KEY_KEY,
    APP_KEY_DPOP,
    APP_KEY_CREATED,
    APP_KEYS
};

/* What an app's lists and keys are written to. */
struct room {
    struct okt_buf scopes;
    struct okt_buf uris;
    struct okt_buf jwks;
};

/* Joins a list of words, one space between them. */
static bool get_words(struct seed *s, const struct seed_key *key,
                      const char *where, size_t max, struct okt_buf *out)
{
    struct where place = seed_member(where, key->key);
    yaml_node_t *item;

    okt_buf_str(out, "");
    if (!seed_yaml_is_list(&s->yaml, key->node, place.text))
        return false;
    for (size_t i = 0; (item = seed_yaml_item(&s->yaml, key->node, i)) != NULL;
         i++) {
        const char *word = seed_yaml_text(&s->yaml, item, place.text, max);

        if (word == NULL)
            return false;
        if (strchr(word, ' ') != NULL)
            return seed_fail(s, item, place.text, "no spaces are allowed");
        okt_buf_printf(out, "%s%s", i > 0 ? " " : "", word);
    }
    return !okt_buf_failed(out) ||
           seed_fail(s, key->node, place.text, "there are too many");
}

static bool get_keys(const struct seed *s, const struct seed_key *key,
                     const char *where, struct okt_buf *out)
{
    const char *text = NULL;
    const char *why;

    okt_buf_str(out, "");
    if (!seed_get_text(s, key, where, OKT_KEY_TEXT_MAX, &text))
        return false;
    if (text == NULL)
        return true;
    okt_buf_clear(out);
    why = app_jwks_read(text, strlen(text), out);
    return why == NULL || seed_fail_at(s, key, where, why);
}

static bool get_dpop(const struct seed *s, const struct seed_key *key,
                     const char *where, bool *out)
{
    const char *text = "optional";

    if (!seed_get_text(s, key, where, STORE_NAME_MAX, &text))
        return false;
    *out = strcmp(text, "required") == 0;
    return *out || strcmp(text, "optional") == 0 ||
           seed_fail_at(s, key, where, "must be required or optional");
}

static bool get_status(const struct seed *s, const struct seed_key *key,
                       const char *where, const char **out)
{
    return seed_get_text(s, key, where, STORE_NAME_MAX, out) &&
           (strcmp(*out, APP_ACTIVE) == 0 || strcmp(*out, APP_INACTIVE) == 0 ||
            seed_fail_at(s, key, where, "must be ACTIVE or INACTIVE"));
}

static bool fill(struct seed *s, yaml_node_t *node, const char *where,
                 struct seed_key *keys, struct room *room,
                 char id[static OKT_ID_LEN + 1], struct store_app *app)
{
    return seed_yaml_map(&s->yaml, node, where, keys, APP_KEYS) &&
           seed_get_id(s, &keys[APP_KEY_ID], where, "0oa", id, &app->id) &&
           seed_need_text(s, node, &keys[APP_KEY_NAME], where, APP_NAME_MAX,
                          &app->name) &&
           seed_need_text(s, node, &keys[APP_KEY_TYPE], where, STORE_NAME_MAX,
                          &app->type) &&
           get_status(s, &keys[APP_KEY_STATUS], where, &app->status) &&
           get_words(s, &keys[APP_KEY_SCOPES], where, STORE_SCOPES_MAX,
                     &room->scopes) &&
           get_words(s, &keys[APP_KEY_URIS], where, APP_URI_MAX, &room->uris) &&
           seed_get_role(s, &keys[APP_KEY_ROLE], where, &app->roles) &&
           get_keys(s, &keys[APP_KEY_KEY], where, &room->jwks) &&
           get_dpop(s, &keys[APP_KEY_DPOP], where, &app->dpop) &&
           seed_get_time(s, &keys[APP_KEY_CREATED], where, &app->created);
}

static bool add(struct seed *s, yaml_node_t *node, const char *where,
                const struct store_app *app)
{
    const struct app_fault fault = app_check(app);
    store_status st;

    if (fault.field != NULL)
        return seed_fail(s, node, seed_member(where, fault.field).text,
                         fault.what);
    st = s->store->ops->app_add(s->store, app);
    if (st == STORE_CONFLICT)
        return seed_fail(s, node, where, "the name or the id is taken");
    return st == STORE_OK;
}

bool seed_app(struct seed *s, yaml_node_t *node, const char *where)
{
    struct seed_key keys[APP_KEYS] = {
        { "id", NULL },      { "name", NULL },   { "type", NULL },
        { "status", NULL },  { "scopes", NULL }, { "redirectUris", NULL },
        { "role", NULL },    { "key", NULL },    { "dpop", NULL },
        { "created", NULL },
    };
    struct room room = { OKT_BUF_INIT(STORE_SCOPES_MAX),
                         OKT_BUF_INIT(STORE_URIS_MAX),
                         OKT_BUF_INIT(STORE_JWKS_MAX) };
    struct store_app app = {
        .status = APP_ACTIVE, .roles = "", .created = s->now
    };
    char id[OKT_ID_LEN + 1];
    bool done = fill(s, node, where, keys, &room, id, &app);

    if (done) {
        app.scopes = room.scopes.data;
        app.redirect_uris = room.uris.data;
        app.jwks = room.jwks.data;
        app.last_updated = app.created;
        done = add(s, node, where, &app);
    }
    okt_buf_free(&room.scopes);
    okt_buf_free(&room.uris);
    okt_buf_free(&room.jwks);
    return done;
}
