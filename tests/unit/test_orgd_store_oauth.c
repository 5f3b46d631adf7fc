/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_store_oauth.c - apps, keys, codes, grants and tokens in a store,
 * for every backend of store.h; and the devices that stand on it. */
#include "tests/unit/test_orgd_store.h"

#include <sqlite3.h>

#include "server/oauth/app.h"
#include "server/oauth/device.h"

enum { NOW = 1000 };

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct store_app app = {
        .id = "0oa1",
        .name = "One",
        .type = APP_NATIVE,
        .status = APP_ACTIVE,
        .scopes = "okta.apiTokens.read",
        .redirect_uris = "",
        .roles = "",
        .jwks = "",
        .created = NOW
    };

    fixture_open(f);
    add_user(f->store, "00u1", "ada@example.com", "SUPER_ADMIN");
    assert_int_equal(f->store->ops->app_add(f->store, &app), STORE_OK);
    *state = f;
    return 0;
}

static void hash_of(const char *text, unsigned char out[SECRET_HASH_LEN])
{
    assert_true(secret_hash(text, out));
}

static void see_app(const struct store_app *a, void *ctx)
{
    snprintf(ctx, 256, "%s|%s|%s|%s|%s|%s|%s|%s|%d|%lld|%lld", a->id, a->name,
             a->type, a->status, a->scopes, a->redirect_uris, a->roles, a->jwks,
             a->dpop, (long long)a->created, (long long)a->last_updated);
}

static void keeps_every_field_of_an_app(void **state)
{
    struct store *s = store_of(state);
    struct store_app app = {
        "0oa2",      "Two", APP_SERVICE, APP_ACTIVE, "a b", "https:x",
        "ORG_ADMIN", "{}",  true,        5,          6
    };
    char seen[256] = "";

    assert_int_equal(s->ops->app_add(s, &app), STORE_OK);
    assert_int_equal(s->ops->app_find(s, "0oa2", see_app, seen), STORE_OK);
    assert_string_equal(
        seen, "0oa2|Two|service|ACTIVE|a b|https:x|ORG_ADMIN|{}|1|5|6");
    app.id = "0oa3";
    app.name = "TWO";
    assert_int_equal(s->ops->app_add(s, &app), STORE_CONFLICT);
    assert_int_equal(s->ops->app_find(s, "0oa3", see_app, seen),
                     STORE_NOT_FOUND);
    assert_int_equal(s->ops->app_set_keys(s, "0oa2", "{1}", 8), STORE_OK);
    assert_int_equal(s->ops->app_set_status(s, "0oa2", APP_INACTIVE, 9),
                     STORE_OK);
    s->ops->app_find(s, "0oa2", see_app, seen);
    assert_string_equal(
        seen, "0oa2|Two|service|INACTIVE|a b|https:x|ORG_ADMIN|{1}|1|5|9");
    assert_int_equal(s->ops->app_set_keys(s, "0oa9", "", 8), STORE_NOT_FOUND);
    assert_int_equal(s->ops->app_each(s, see_app, seen), STORE_OK);
    assert_non_null(strstr(seen, "0oa2")); /* the last one by name */
}

static void see_key(const struct store_key *k, void *ctx)
{
    size_t len = strlen(ctx);

    snprintf((char *)ctx + len, 256 - len, "%s|%s|%lld|%lld;", k->kid, k->jwk,
             (long long)k->created, (long long)k->retired);
}

static void one_key_signs_and_the_others_are_retired(void **state)
{
    struct store *s = store_of(state);
    char seen[256] = "";

    assert_int_equal(s->ops->key_add(s,
                                     &(struct store_key){ "k1", "j1", 10, 0 }),
                     STORE_OK);
    assert_int_equal(s->ops->key_add(s,
                                     &(struct store_key){ "k2", "j2", 20, 0 }),
                     STORE_OK);
    assert_int_equal(s->ops->key_add(s,
                                     &(struct store_key){ "k3", "j3", 30, 0 }),
                     STORE_OK);
    assert_int_equal(s->ops->key_each(s, see_key, seen), STORE_OK);
    assert_string_equal(seen, "k3|j3|30|0;k2|j2|20|30;k1|j1|10|20;");
}

static void see_code(const struct store_code *c, void *ctx)
{
    snprintf(ctx, 256, "%s|%s|%s|%s|%s|%s|%lld", c->client_id, c->user_id,
             c->scopes, c->redirect_uri, c->challenge, c->grant_id,
             (long long)c->expires);
}

static void a_code_is_used_once(void **state)
{
    struct store *s = store_of(state);
    struct store_code code = { "0oa1", "00u1", "a b", "https:x", "ch", "", 7 };
    unsigned char hash[SECRET_HASH_LEN];
    char seen[256] = "";

    hash_of("code", hash);
    assert_int_equal(s->ops->code_add(s, &code, hash), STORE_OK);
    assert_int_equal(s->ops->code_use(s, hash, "g1"), STORE_OK);
    assert_int_equal(s->ops->code_use(s, hash, "g2"), STORE_NOT_FOUND);
    assert_int_equal(s->ops->code_by_hash(s, hash, see_code, seen), STORE_OK);
    assert_string_equal(seen, "0oa1|00u1|a b|https:x|ch|g1|7");
}

static void see_grant(const struct store_grant *g, void *ctx)
{
    snprintf(ctx, 256, "%s|%s|%s|%s|%s|%lld|%lld", g->id, g->client_id,
             g->user_id, g->scopes, g->jkt, (long long)g->created,
             (long long)g->expires);
}

static void see_refresh(const struct store_refresh *r, void *ctx)
{
    snprintf(ctx, 256, "%s|%lld|%lld|%s|%s|%d", r->grant_id,
             (long long)r->expires, (long long)r->used, r->next_jti,
             r->next_jkt, r->next_is_new);
}

static void refresh_tokens_die_with_their_grant(void **state)
{
    struct store *s = store_of(state);
    struct store_grant grant = { "g1", "0oa1", "00u1", "a", "jkt", 5, 50 };
    unsigned char hash[SECRET_HASH_LEN];
    char seen[256] = "";

    hash_of("refresh", hash);
    assert_int_equal(s->ops->refresh_add(s, "g0", hash, 7), STORE_FAILED);
    assert_int_equal(s->ops->grant_add(s, &grant), STORE_OK);
    assert_int_equal(s->ops->grant_extend(s, "g1", 40, "other"), STORE_OK);
    s->ops->grant_find(s, "g1", see_grant, seen);
    assert_string_equal(seen, "g1|0oa1|00u1|a|jkt|5|50");
    grant.id = "g2";
    grant.jkt = "";
    assert_int_equal(s->ops->grant_add(s, &grant), STORE_OK);
    assert_int_equal(s->ops->grant_extend(s, "g2", 60, "other"), STORE_OK);
    s->ops->grant_find(s, "g2", see_grant, seen);
    assert_string_equal(seen, "g2|0oa1|00u1|a|other|5|60");
    assert_int_equal(s->ops->refresh_add(s, "g1", hash, 7), STORE_OK);
    assert_int_equal(s->ops->refresh_by_hash(s, hash, see_refresh, seen),
                     STORE_OK);
    assert_string_equal(seen, "g1|7|0|||0");
    assert_int_equal(s->ops->grant_remove(s, "g1"), STORE_OK);
    assert_int_equal(s->ops->refresh_by_hash(s, hash, see_refresh, seen),
                     STORE_NOT_FOUND);
    assert_int_equal(s->ops->grant_remove(s, "g1"), STORE_NOT_FOUND);
}

static void sees_refresh(struct store *s, const unsigned char *hash,
                         const char *want)
{
    char seen[256] = "";

    assert_int_equal(s->ops->refresh_by_hash(s, hash, see_refresh, seen),
                     STORE_OK);
    assert_string_equal(seen, want);
}

static void a_refresh_token_knows_its_successor(void **state)
{
    struct store *s = store_of(state);
    const struct store_grant grant = { "g1", "0oa1", "00u1", "a", "", 5, 50 };
    unsigned char hash[3][SECRET_HASH_LEN];
    struct store_rotation to[] = { { 3, hash[1], "AT.1", "k" },
                                   { 4, hash[2], "AT.2", "l" } };

    assert_int_equal(s->ops->grant_add(s, &grant), STORE_OK);
    for (int i = 0; i < 3; i++) {
        hash_of((const char *[]){ "a", "b", "c" }[i], hash[i]);
        assert_int_equal(s->ops->refresh_add(s, "g1", hash[i], 7), STORE_OK);
    }
    assert_int_equal(s->ops->refresh_use_again(s, hash[0], &to[0]),
                     STORE_NOT_FOUND);
    assert_int_equal(s->ops->refresh_use(s, hash[0], &to[0]), STORE_OK);
    assert_int_equal(s->ops->refresh_use(s, hash[0], &to[1]), STORE_NOT_FOUND);
    sees_refresh(s, hash[0], "g1|7|3|AT.1|k|1");
    assert_int_equal(s->ops->refresh_use_again(s, hash[0], &to[1]), STORE_OK);
    sees_refresh(s, hash[0], "g1|7|3|AT.2|l|1");
    sees_refresh(s, hash[1], "g1|7|-1|||0");
    assert_int_equal(s->ops->refresh_use(s, hash[1], &to[1]), STORE_NOT_FOUND);
    assert_int_equal(s->ops->refresh_use(s, hash[2], &to[0]), STORE_OK);
    sees_refresh(s, hash[0], "g1|7|3|AT.2|l|0");
    assert_int_equal(s->ops->refresh_use_again(s, hash[0], &to[1]),
                     STORE_NOT_FOUND);
}

/* Of that version is only known that it was used, not when. */
static void what_version_9_has_used_is_long_used(void **state)
{
    struct fixture *f = *state;
    const struct store_grant grant = { "g1", "0oa1", "00u1", "a", "", 5, 50 };
    unsigned char hash[SECRET_HASH_LEN];
    sqlite3 *db = NULL;

    hash_of("a", hash);
    assert_int_equal(f->store->ops->grant_add(f->store, &grant), STORE_OK);
    assert_int_equal(f->store->ops->refresh_add(f->store, "g1", hash, 7),
                     STORE_OK);
    store_close(f->store);
    assert_int_equal(sqlite3_open(f->where + strlen("sqlite:"), &db),
                     SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db,
                     "DROP INDEX grant_of_user; DROP INDEX token_of_user;"
                     "ALTER TABLE refresh DROP COLUMN next;"
                     "ALTER TABLE refresh DROP COLUMN next_jti;"
                     "ALTER TABLE refresh DROP COLUMN next_jkt;"
                     "ALTER TABLE device DROP COLUMN used;"
                     "ALTER TABLE device DROP COLUMN grant_id;"
                     "ALTER TABLE device DROP COLUMN jkt;"
                     "UPDATE refresh SET used = 1; PRAGMA user_version = 9;",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(store_open(f->where, &f->store), STORE_OK);
    sees_refresh(f->store, hash, "g1|7|1|||0");
}

static void an_assertion_is_its_client_s_and_used_once(void **state)
{
    struct store *s = store_of(state);
    unsigned char hash[SECRET_HASH_LEN];

    hash_of("jti", hash);
    assert_int_equal(s->ops->assertion_use(s, "0oa1", hash, 9), STORE_OK);
    assert_int_equal(s->ops->assertion_use(s, "0oa1", hash, 9), STORE_CONFLICT);
    assert_int_equal(s->ops->assertion_use(s, "0oa2", hash, 9), STORE_OK);
}

static void see_access(const struct store_access *a, void *ctx)
{
    snprintf(ctx, 256, "%s|%s|%s|%s|%s|%d|%d%s", a->app_name, a->app_status,
             a->roles, a->login != NULL ? a->login : "-",
             a->user_status != NULL ? a->user_status : "-", a->granted,
             a->revoked, a->keyed ? "" : "|no key");
}

static void an_access_token_is_what_all_behind_it_are(void **state)
{
    struct store *s = store_of(state);
    struct store_grant grant = { "g1", "0oa1", "00u1", "a", "", 5, 50 };
    struct store_app service = {
        .id = "0oa2",
        .name = "Two",
        .type = APP_SERVICE,
        .status = APP_ACTIVE,
        .scopes = "",
        .redirect_uris = "",
        .roles = "READ_ONLY_ADMIN",
        .jwks = "{}"
    };
    struct store_bearer bearer = { "0oa1", "00u1", "g1", "AT.1", "" };
    const struct store_key key = { "found", "{}", 5, 0 };
    char seen[256] = "";

    assert_int_equal(s->ops->app_add(s, &service), STORE_OK);
    assert_int_equal(s->ops->access_find(s, &bearer, see_access, seen),
                     STORE_OK);
    assert_string_equal(seen, "One|ACTIVE|SUPER_ADMIN,|ada@example.com|ACTIVE"
                              "|0|0");
    assert_int_equal(s->ops->grant_add(s, &grant), STORE_OK);
    assert_int_equal(s->ops->access_revoke(s, "AT.1", 50), STORE_OK);
    assert_int_equal(s->ops->access_revoke(s, "AT.1", 50), STORE_NOT_FOUND);
    s->ops->access_find(s, &bearer, see_access, seen);
    assert_non_null(strstr(seen, "|1|1"));
    bearer = (struct store_bearer){ "0oa2", "", "", "AT.2", "" };
    s->ops->access_find(s, &bearer, see_access, seen);
    assert_string_equal(seen, "Two|ACTIVE|READ_ONLY_ADMIN|-|-|0|0");
    bearer.user_id = "00ugone";
    s->ops->access_find(s, &bearer, see_access, seen);
    assert_string_equal(seen, "Two|ACTIVE||-|-|0|0");
    bearer.kid = "lost";
    s->ops->access_find(s, &bearer, see_access, seen);
    assert_string_equal(seen, "Two|ACTIVE||-|-|0|0|no key");
    assert_int_equal(s->ops->key_add(s, &key), STORE_OK);
    bearer.kid = "found";
    s->ops->access_find(s, &bearer, see_access, seen);
    assert_string_equal(seen, "Two|ACTIVE||-|-|0|0");
    bearer.client_id = "0oagone";
    assert_int_equal(s->ops->access_find(s, &bearer, see_access, seen),
                     STORE_NOT_FOUND);
}

static void turn_app_off(struct store *s)
{
    assert_int_equal(s->ops->app_set_status(s, "0oa1", APP_INACTIVE, NOW),
                     STORE_OK);
}

static void suspend_user(struct store *s)
{
    assert_int_equal(s->ops->user_set_status(s, "00u1", "SUSPENDED", NOW),
                     STORE_OK);
}

static void end_grant(struct store *s)
{
    assert_int_equal(s->ops->grant_remove(s, "g1"), STORE_OK);
}

static void revoke_token(struct store *s)
{
    assert_int_equal(s->ops->access_revoke(s, "AT.1", NOW), STORE_OK);
}

static void join_group(struct store *s)
{
    const struct store_group group = { "00g1", "All", "ORG_ADMIN", NOW };

    assert_int_equal(s->ops->group_add(s, &group), STORE_OK);
    assert_int_equal(s->ops->group_add_member(s, "00g1", "00u1"), STORE_OK);
}

/* Each read is the second of its kind, so that the first could be kept. */
static void how_a_token_stands_is_told_anew_after_any_commit(void **state)
{
    static const struct {
        void (*change)(struct store *store);
        const char *seen;
    } cases[] = {
        { join_group, "One|ACTIVE|SUPER_ADMIN,ORG_ADMIN|ada@example.com"
                      "|ACTIVE|1|0" },
        { turn_app_off, "One|INACTIVE|SUPER_ADMIN,ORG_ADMIN|ada@example.com"
                        "|ACTIVE|1|0" },
        { suspend_user, "One|INACTIVE|SUPER_ADMIN,ORG_ADMIN|ada@example.com"
                        "|SUSPENDED|1|0" },
        { end_grant, "One|INACTIVE|SUPER_ADMIN,ORG_ADMIN|ada@example.com"
                     "|SUSPENDED|0|0" },
        { revoke_token, "One|INACTIVE|SUPER_ADMIN,ORG_ADMIN|ada@example.com"
                        "|SUSPENDED|0|1" },
    };
    static const struct store_grant grant = { "g1", "0oa1", "00u1", "a",
                                              "",   5,      50 };
    static const struct store_bearer bearer = { "0oa1", "00u1", "g1", "AT.1",
                                                "" };
    struct fixture *f = *state;
    AUTO(store_handle) reader = NULL;
    char seen[256];

    assert_int_equal(f->store->ops->grant_add(f->store, &grant), STORE_OK);
    assert_int_equal(store_open(f->where, &reader), STORE_OK);
    reader->ops->access_find(reader, &bearer, see_access, seen);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        cases[i].change(f->store);
        for (int round = 0; round < 3; round++) {
            seen[0] = '\0';
            assert_int_equal(reader->ops->access_find(reader, &bearer,
                                                      see_access, seen),
                             STORE_OK);
            assert_string_equal(seen, cases[i].seen);
        }
    }
}

static void add_group_of(struct store *s, int n, const char *role)
{
    char id[16];
    char name[16];
    const struct store_group group = { id, name, role, NOW };

    snprintf(id, sizeof(id), "00g%d", n);
    snprintf(name, sizeof(name), "Group %d", n);
    assert_int_equal(s->ops->group_add(s, &group), STORE_OK);
    assert_int_equal(s->ops->group_add_member(s, id, "00u1"), STORE_OK);
}

static bool see_owner_roles(const struct store_token *token, void *ctx)
{
    snprintf(ctx, 256, "%s", token->owner_roles);
    return false;
}

static void see_session_roles(const struct store_session *session, void *ctx)
{
    snprintf(ctx, 256, "%s", session->roles);
}

/* Whoever asks has room for each role there is, and for no group. */
static void a_role_is_told_once_however_many_groups_have_it(void **state)
{
    struct store *s = store_of(state);
    const struct store_bearer bearer = { "0oa1", "00u1", "", "AT.1", "" };
    const struct store_session session = { .user_id = "00u1", .created = NOW };
    unsigned char hash[SECRET_HASH_LEN];
    char seen[256] = "";

    for (int i = 0; i < 100; i++)
        add_group_of(s, i, i % 2 == 0 ? "ORG_ADMIN" : "");
    s->ops->access_find(s, &bearer, see_access, seen);
    assert_string_equal(
        seen, "One|ACTIVE|SUPER_ADMIN,ORG_ADMIN|ada@example.com|ACTIVE|0|0");
    add_token(s, "00T1", "one");
    hash_of("00T1", hash);
    s->ops->token_by_hash(s, hash, see_owner_roles, seen);
    assert_string_equal(seen, "SUPER_ADMIN,ORG_ADMIN");
    assert_int_equal(s->ops->session_add(s, &session, hash), STORE_OK);
    s->ops->session_find(s, hash, see_session_roles, seen);
    assert_string_equal(seen, "SUPER_ADMIN,ORG_ADMIN");
}

/* No two bearers are one, wherever one part of them ends; and one that is too
 * long to be kept is read each time. */
static void no_bearer_is_taken_for_another(void **state)
{
    static const char *const ids[] = { "AT.1", "AT.", "AT.11" };
    struct store *s = store_of(state);
    struct store_bearer bearer = { "0oa1", "", "", "", "" };
    char longest[400];
    char seen[256] = "";

    assert_int_equal(s->ops->access_revoke(s, "AT.1", 50), STORE_OK);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
            bearer.jti = ids[i];
            s->ops->access_find(s, &bearer, see_access, seen);
            assert_string_equal(seen, i == 0 ? "One|ACTIVE||-|-|0|1"
                                             : "One|ACTIVE||-|-|0|0");
        }
        bearer.user_id = "00u";
        bearer.grant_id = "1";
        s->ops->access_find(s, &bearer, see_access, seen);
        assert_string_equal(seen, "One|ACTIVE||-|-|0|0");
        bearer.user_id = "00u1";
        bearer.grant_id = "";
        s->ops->access_find(s, &bearer, see_access, seen);
        assert_string_equal(
            seen, "One|ACTIVE|SUPER_ADMIN,|ada@example.com|ACTIVE|0|0");
        bearer.user_id = "";
        memset(longest, 'x', sizeof(longest) - 1);
        longest[sizeof(longest) - 1] = '\0';
        bearer.jti = longest;
        s->ops->access_find(s, &bearer, see_access, seen);
        assert_string_equal(seen, "One|ACTIVE||-|-|0|0");
    }
}

/* ---------------------------------------------------------- What lapses -- */

static void fill(struct store *s, int64_t end)
{
    const struct store_device device = {
        .client_id = "0oa1",
        .scopes = "",
        .address = "",
        .status = DEVICE_PENDING,
        .user_id = "",
        .created = 1,
        .expires = end
    };
    const struct store_code code = { "0oa1", "00u1", "", "", "", "", end };
    const struct store_grant grant = { "g1", "0oa1", "00u1", "", "", 1, end };
    unsigned char hash[SECRET_HASH_LEN];

    hash_of("x", hash);
    assert_int_equal(s->ops->device_add(s, &device, hash, hash), STORE_OK);
    assert_int_equal(s->ops->code_add(s, &code, hash), STORE_OK);
    assert_int_equal(s->ops->grant_add(s, &grant), STORE_OK);
    assert_int_equal(s->ops->refresh_add(s, "g1", hash, end), STORE_OK);
    assert_int_equal(s->ops->assertion_use(s, "0oa1", hash, end), STORE_OK);
    assert_int_equal(s->ops->access_revoke(s, "AT.1", end), STORE_OK);
    assert_int_equal(s->ops->key_add(s, &(struct store_key){ "k1", "j", 1, 0 }),
                     STORE_OK);
    assert_int_equal(s->ops->key_add(s, &(struct store_key){ "k2", "j",
                                                             end - 50, 0 }),
                     STORE_OK);
}

static int count_rows(const struct fixture *f, const char *table)
{
    char sql[64];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int count;

    snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
    assert_int_equal(sqlite3_open(f->where + strlen("sqlite:"), &db),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    count = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return count;
}

static void what_has_lapsed_is_swept(void **state)
{
    static const char *const tables[] = { "device",  "code",      "oauth_grant",
                                          "refresh", "assertion", "revoked" };
    struct fixture *f = *state;
    struct store *s = f->store;
    bool is = true;

    fill(s, NOW);
    assert_int_equal(s->ops->oauth_is_lapsed(s, NOW - 1, 50, &is), STORE_OK);
    assert_false(is);
    assert_int_equal(s->ops->oauth_sweep(s, NOW - 1, 50), STORE_OK);
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        assert_int_equal(count_rows(f, tables[i]), 1);
    assert_int_equal(count_rows(f, "signing_key"), 2);
    assert_int_equal(s->ops->oauth_is_lapsed(s, NOW, 50, &is), STORE_OK);
    assert_true(is);
    assert_int_equal(s->ops->oauth_sweep(s, NOW, 50), STORE_OK);
    for (size_t i = 0; i < ARRAY_LEN(tables); i++)
        assert_int_equal(count_rows(f, tables[i]), 0);
    assert_int_equal(count_rows(f, "signing_key"), 1); /* that signs */
    assert_int_equal(s->ops->oauth_is_lapsed(s, NOW, 50, &is), STORE_OK);
    assert_false(is);
}

/* -------------------------------------------------------------- Devices -- */

static struct org_clock clock_of_the_test;

static struct org an_org(void)
{
    org_clock_set(&clock_of_the_test, NOW, true);
    return (struct org){ .clock = &clock_of_the_test, .cursor_key = { 1 } };
}

static void add_device(struct store *s, const struct org *org, const char *code,
                       int64_t expires)
{
    const struct store_device device = {
        .client_id = "0oa1",
        .scopes = "okta.apiTokens.read",
        .address = "192.0.2.1",
        .status = DEVICE_PENDING,
        .user_id = "",
        .created = NOW,
        .expires = expires,
    };
    unsigned char hash[SECRET_HASH_LEN];
    unsigned char user_hash[SECRET_HASH_LEN];

    hash_of(code, hash);
    assert_true(device_code_hash(org, code, user_hash));
    assert_memory_not_equal(hash, user_hash, SECRET_HASH_LEN);
    assert_int_equal(s->ops->device_add(s, &device, hash, user_hash), STORE_OK);
}

static void a_device_is_decided_about_once(void **state)
{
    struct store *s = store_of(state);
    struct org org = an_org();
    struct device d;

    add_device(s, &org, "BCDFGHJK", NOW + 600);
    assert_int_equal(device_find(s, &org, "BCDFGHJK", &d), STORE_OK);
    assert_string_equal(d.client_id, "0oa1");
    assert_string_equal(d.app_name, "One");
    assert_string_equal(d.scopes, "okta.apiTokens.read");
    assert_string_equal(d.address, "192.0.2.1");
    assert_int_equal(d.created, NOW);
    assert_int_equal(device_find(s, &org, "BCDFGHJL", &d), STORE_NOT_FOUND);
    assert_int_equal(device_decide(s, &org, "BCDFGHJK", "00u1", false),
                     STORE_OK);
    assert_int_equal(device_find(s, &org, "BCDFGHJK", &d), STORE_NOT_FOUND);
    assert_int_equal(device_decide(s, &org, "BCDFGHJK", "00u1", true),
                     STORE_NOT_FOUND);
}

static void a_code_is_nothing_after_its_time(void **state)
{
    struct store *s = store_of(state);
    struct org org = an_org();
    struct device d;

    add_device(s, &org, "BCDFGHJK", NOW);
    assert_int_equal(device_find(s, &org, "BCDFGHJK", &d), STORE_NOT_FOUND);
    assert_int_equal(device_decide(s, &org, "BCDFGHJK", "00u1", true),
                     STORE_NOT_FOUND);
}

static void nobody_allows_an_app_that_is_not_active(void **state)
{
    struct store *s = store_of(state);
    struct org org = an_org();

    add_device(s, &org, "BCDFGHJK", NOW + 600);
    assert_int_equal(s->ops->app_set_status(s, "0oa1", APP_INACTIVE, NOW),
                     STORE_OK);
    assert_int_equal(device_decide(s, &org, "BCDFGHJK", "00u1", true),
                     STORE_NOT_FOUND);
}

static void a_typed_code_is_read_however_it_looks(void **state)
{
    static const struct {
        const char *typed;
        const char *code; /* NULL: none */
    } cases[] = {
        { "BCDFGHJK", "BCDFGHJK" },
        { "bcdf-ghjk", "BCDFGHJK" },
        { " Bc Df--gH jK ", "BCDFGHJK" },
        { "", NULL },
        { "BCDF-GHJ", NULL },
        { "BCDFGHJKL", NULL },
        { "BCDF-GHJA", NULL },
        { "BCDF\tGHJK", NULL },
        { "BCDF-GHJ\xc3\x84", NULL },
    };
    char code[DEVICE_CODE_LEN + 1];
    char shown[DEVICE_SHOWN_LEN + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(device_code_read(cases[i].typed, code),
                         cases[i].code != NULL);
        if (cases[i].code != NULL)
            assert_string_equal(code, cases[i].code);
    }
    device_code_show("BCDFGHJK", shown);
    assert_string_equal(shown, "BCDF-GHJK");
    assert_true(device_code_new(code));
    assert_int_equal(strspn(code, "BCDFGHJKLMNPQRSTVWXZ"), DEVICE_CODE_LEN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_every_field_of_an_app),
        TEST(one_key_signs_and_the_others_are_retired),
        TEST(a_code_is_used_once),
        TEST(refresh_tokens_die_with_their_grant),
        TEST(a_refresh_token_knows_its_successor),
        TEST(what_version_9_has_used_is_long_used),
        TEST(an_assertion_is_its_client_s_and_used_once),
        TEST(an_access_token_is_what_all_behind_it_are),
        TEST(how_a_token_stands_is_told_anew_after_any_commit),
        TEST(a_role_is_told_once_however_many_groups_have_it),
        TEST(no_bearer_is_taken_for_another),
        TEST(what_has_lapsed_is_swept),
        TEST(a_device_is_decided_about_once),
        TEST(a_code_is_nothing_after_its_time),
        TEST(nobody_allows_an_app_that_is_not_active),
        TEST(a_typed_code_is_read_however_it_looks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
