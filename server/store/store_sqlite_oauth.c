/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite_oauth.c - apps, keys, codes, grants and tokens in SQLite. */
#include <string.h>

#include "server/store/store_sqlite_parts.h"

#define APP_COLUMNS                                                     \
    "id, name, type, status, scopes, redirect_uris, roles, jwks, dpop," \
    " created, last_updated"

#define DEVICE_COLUMNS \
    "client_id, scopes, address, status, user_id, created, expires"

/* What became of the grant that was made of a code. */
#define DEVICE_GRANT                                                     \
    ", used, grant_id, jkt,"                                             \
    " EXISTS (SELECT 1 FROM oauth_grant g WHERE g.id = device.grant_id)" \
    " AND NOT EXISTS (SELECT 1 FROM refresh r"                           \
    " WHERE r.grant_id = device.grant_id AND r.used <> 0)"

#define CODE_COLUMNS \
    "client_id, user_id, scopes, redirect_uri, challenge, grant_id, expires"

#define GRANT_COLUMNS "id, client_id, user_id, scopes, jkt, created, expires"

#define GRANTS                                                             \
    "g.id, g.client_id, g.user_id, g.scopes, g.jkt, g.created, g.expires," \
    " a.name, u.login FROM oauth_grant g"                                  \
    " JOIN app a ON a.id = g.client_id JOIN user u ON u.id = g.user_id"

/* How much goes in one sweep, so that no change waits long for it. */
#define SOME_OF(table, key)                             \
    "DELETE FROM " table " WHERE (" key ") IN ("        \
    " SELECT " key " FROM " table " WHERE expires <= ?" \
    " ORDER BY expires LIMIT 200)"

/* clang-format off */
const char *const db_oauth_sql[STATEMENTS] = {
    [APP_ADD] = "INSERT INTO app (" APP_COLUMNS ")"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?)",
    [APP_FIND] = "SELECT " APP_COLUMNS " FROM app WHERE id = ?",
    [APP_EACH] = "SELECT " APP_COLUMNS " FROM app ORDER BY name",
    [APP_SET_STATUS] = "UPDATE app SET status = ?2, last_updated = ?3"
                       " WHERE id = ?1",
    [APP_SET_KEYS] = "UPDATE app SET jwks = ?2, last_updated = ?3"
                     " WHERE id = ?1",
    [KEY_RETIRE] = "UPDATE signing_key SET retired = ? WHERE retired = 0",
    [KEY_ADD] = "INSERT INTO signing_key (kid, jwk, created, retired)"
                " VALUES (?,?,?,0)",
    [KEY_EACH] = "SELECT kid, jwk, created, retired FROM signing_key"
                 " ORDER BY retired > 0, retired DESC",
    [DEVICE_ADD] = "INSERT INTO device (" DEVICE_COLUMNS ", hash, user_hash)"
                   " VALUES (?,?,?,?,?,?,?,?,?)",
    [DEVICE_BY_CODE] = "SELECT " DEVICE_COLUMNS DEVICE_GRANT " FROM device"
                       " WHERE hash = ?",
    [DEVICE_BY_USER_CODE] = "SELECT " DEVICE_COLUMNS DEVICE_GRANT
                            " FROM device"
                            " WHERE user_hash = ?",
    [DEVICE_DECIDE] = "UPDATE device SET status = ?3, user_id = ?4"
                      " WHERE user_hash = ?1 AND status = ?2",
    [DEVICE_USE] = "UPDATE device SET status = ?6,"
                   " used = CASE used WHEN 0 THEN ?2 ELSE used END,"
                   " grant_id = ?3, jkt = ?4, expires = ?5 WHERE hash = ?1",
    [DEVICE_COUNT] = "SELECT count(*) FROM device WHERE expires > ?",
    [CODE_ADD] = "INSERT INTO code (" CODE_COLUMNS ", hash)"
                 " VALUES (?,?,?,?,?,?,?,?)",
    [CODE_BY_HASH] = "SELECT " CODE_COLUMNS " FROM code WHERE hash = ?",
    [CODE_USE] = "UPDATE code SET grant_id = ?2"
                 " WHERE hash = ?1 AND grant_id = ''",
    [GRANT_ADD] = "INSERT INTO oauth_grant (" GRANT_COLUMNS ")"
                  " VALUES (?,?,?,?,?,?,?)",
    [GRANT_FIND] = "SELECT " GRANT_COLUMNS " FROM oauth_grant WHERE id = ?",
    [GRANT_EACH] = "SELECT " GRANTS " ORDER BY g.created, g.id",
    [GRANT_EACH_OF] = "SELECT " GRANTS " WHERE g.user_id = ?"
                      " ORDER BY g.created, g.id",
    [DEVICE_REMOVE_OF] = "DELETE FROM device WHERE user_id = ?1"
                         " AND status = ?2",
    [CODE_REMOVE_OF] = "DELETE FROM code WHERE user_id = ? AND grant_id = ''",
    [GRANT_EXTEND] = "UPDATE oauth_grant SET expires = max(expires, ?2),"
                     " jkt = CASE jkt WHEN '' THEN ?3 ELSE jkt END"
                     " WHERE id = ?1",
    [GRANT_REMOVE] = "DELETE FROM oauth_grant WHERE id = ?",
    [REFRESH_ADD] = "INSERT INTO refresh (grant_id, hash, expires, used)"
                    " VALUES (?,?,?,0)",
    [REFRESH_BY_HASH] = "SELECT r.grant_id, r.expires, r.used, r.next_jti,"
                        " r.next_jkt, n.used = 0 FROM refresh r"
                        " LEFT JOIN refresh n ON n.hash = r.next"
                        " WHERE r.hash = ?",
    [REFRESH_USE] = "UPDATE refresh SET used = ?2, next = ?3, next_jti = ?4,"
                    " next_jkt = ?5 WHERE hash = ?1 AND used = 0",
    [REFRESH_REPLACE] = "UPDATE refresh SET used = -1 WHERE used = 0 AND"
                        " hash = (SELECT next FROM refresh WHERE hash = ?)",
    [REFRESH_USE_AGAIN] = "UPDATE refresh SET next = ?3, next_jti = ?4,"
                          " next_jkt = ?5 WHERE hash = ?1 AND used > 0",
    [ASSERTION_USE] = "INSERT INTO assertion (client_id, hash, expires)"
                      " VALUES (?,?,?)",
    [ACCESS_REVOKE] = "INSERT OR IGNORE INTO revoked (jti, expires)"
                      " VALUES (?,?)",
    [ACCESS_FIND] = "SELECT a.name, a.status,"
                    " CASE ?2 WHEN '' THEN a.roles ELSE " DB_ROLES " END,"
                    " u.login, u.status,"
                    " EXISTS (SELECT 1 FROM oauth_grant WHERE id = ?3),"
                    " EXISTS (SELECT 1 FROM revoked WHERE jti = ?4),"
                    " ?5 = '' OR"
                    " EXISTS (SELECT 1 FROM signing_key WHERE kid = ?5)"
                    " FROM app a LEFT JOIN user u ON u.id = ?2"
                    " WHERE a.id = ?1",
    [LAPSED_ANY] = "SELECT EXISTS (SELECT 1 FROM device WHERE expires <= ?1)"
                   " OR EXISTS (SELECT 1 FROM code WHERE expires <= ?1)"
                   " OR EXISTS (SELECT 1 FROM oauth_grant WHERE expires <= ?1)"
                   " OR EXISTS (SELECT 1 FROM refresh WHERE expires <= ?1)"
                   " OR EXISTS (SELECT 1 FROM assertion WHERE expires <= ?1)"
                   " OR EXISTS (SELECT 1 FROM revoked WHERE expires <= ?1)"
                   " OR EXISTS (SELECT 1 FROM signing_key"
                   " WHERE retired BETWEEN 1 AND ?2)",
    [LAPSE_DEVICE] = SOME_OF("device", "hash"),
    [LAPSE_CODE] = SOME_OF("code", "hash"),
    [LAPSE_GRANT] = SOME_OF("oauth_grant", "id"),
    [LAPSE_REFRESH] = SOME_OF("refresh", "hash"),
    [LAPSE_ASSERTION] = SOME_OF("assertion", "client_id, hash"),
    [LAPSE_REVOKED] = SOME_OF("revoked", "jti"),
    [LAPSE_KEY] = "DELETE FROM signing_key WHERE retired BETWEEN 1 AND ?",
};
/* clang-format on */

/* The one row of a statement whose callback has it, or NOT_FOUND. */
static store_status end_one(struct store *store, int rc)
{
    if (rc == SQLITE_ROW)
        return STORE_OK;
    if (rc == SQLITE_DONE)
        return STORE_NOT_FOUND;
    return db_fail(db_self(store)->db, "could not read of OAuth");
}

static store_status end_list(struct store *store, int rc)
{
    return rc == SQLITE_DONE ? STORE_OK : end_one(store, rc);
}

/* ---------------------------------------------------------------- Apps -- */

store_status db_app_add(struct store *store, const struct store_app *app)
{
    AUTO_STMT stmt = db_self(store)->stmt[APP_ADD];

    db_bind(stmt, 1, app->id);
    db_bind(stmt, 2, app->name);
    db_bind(stmt, 3, app->type);
    db_bind(stmt, 4, app->status);
    db_bind(stmt, 5, app->scopes);
    db_bind(stmt, 6, app->redirect_uris);
    db_bind(stmt, 7, app->roles);
    db_bind(stmt, 8, app->jwks);
    sqlite3_bind_int(stmt, 9, app->dpop);
    sqlite3_bind_int64(stmt, 10, app->created);
    sqlite3_bind_int64(stmt, 11, app->last_updated);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

static void show_app(sqlite3_stmt *stmt, store_app_fn *fn, void *ctx)
{
    const struct store_app app = {
        .id = db_text(stmt, 0),
        .name = db_text(stmt, 1),
        .type = db_text(stmt, 2),
        .status = db_text(stmt, 3),
        .scopes = db_text(stmt, 4),
        .redirect_uris = db_text(stmt, 5),
        .roles = db_text(stmt, 6),
        .jwks = db_text(stmt, 7),
        .dpop = sqlite3_column_int(stmt, 8) != 0,
        .created = sqlite3_column_int64(stmt, 9),
        .last_updated = sqlite3_column_int64(stmt, 10),
    };

    fn(&app, ctx);
}

store_status db_app_find(struct store *store, const char *id, store_app_fn *fn,
                         void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[APP_FIND];
    int rc;

    db_bind(stmt, 1, id);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        show_app(stmt, fn, ctx);
    return end_one(store, rc);
}

store_status db_app_each(struct store *store, store_app_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[APP_EACH];
    int rc;

    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
        show_app(stmt, fn, ctx);
    return end_list(store, rc);
}

static store_status set_app(struct store *store, int which, const char *id,
                            const char *value, int64_t now)
{
    AUTO_STMT stmt = db_self(store)->stmt[which];

    db_bind(stmt, 1, id);
    db_bind(stmt, 2, value);
    sqlite3_bind_int64(stmt, 3, now);
    return db_run_on_one(db_self(store), stmt);
}

store_status db_app_set_status(struct store *store, const char *id,
                               const char *status, int64_t now)
{
    return set_app(store, APP_SET_STATUS, id, status, now);
}

store_status db_app_set_keys(struct store *store, const char *id,
                             const char *jwks, int64_t now)
{
    return set_app(store, APP_SET_KEYS, id, jwks, now);
}

/* -------------------------------------------------------- Signing keys -- */

static store_status retire_keys(struct store *store, int64_t now)
{
    AUTO_STMT stmt = db_self(store)->stmt[KEY_RETIRE];

    sqlite3_bind_int64(stmt, 1, now);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_key_add(struct store *store, const struct store_key *key)
{
    AUTO_STMT stmt = db_self(store)->stmt[KEY_ADD];
    store_status st = retire_keys(store, key->created);

    if (st != STORE_OK)
        return st;
    db_bind(stmt, 1, key->kid);
    db_bind(stmt, 2, key->jwk);
    sqlite3_bind_int64(stmt, 3, key->created);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_key_each(struct store *store, store_key_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[KEY_EACH];
    int rc;

    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const struct store_key key = {
            .kid = db_text(stmt, 0),
            .jwk = db_text(stmt, 1),
            .created = sqlite3_column_int64(stmt, 2),
            .retired = sqlite3_column_int64(stmt, 3),
        };

        fn(&key, ctx);
    }
    return end_list(store, rc);
}

/* ------------------------------------------------------------- Devices -- */

store_status db_device_add(struct store *store,
                           const struct store_device *device,
                           const unsigned char hash[SECRET_HASH_LEN],
                           const unsigned char user_hash[SECRET_HASH_LEN])
{
    AUTO_STMT stmt = db_self(store)->stmt[DEVICE_ADD];

    db_bind(stmt, 1, device->client_id);
    db_bind(stmt, 2, device->scopes);
    db_bind(stmt, 3, device->address);
    db_bind(stmt, 4, device->status);
    db_bind(stmt, 5, device->user_id);
    sqlite3_bind_int64(stmt, 6, device->created);
    sqlite3_bind_int64(stmt, 7, device->expires);
    db_bind_hash(stmt, 8, hash);
    db_bind_hash(stmt, 9, user_hash);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

static store_status find_device(struct store *store, int which,
                                const unsigned char hash[SECRET_HASH_LEN],
                                store_device_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[which];
    int rc;

    db_bind_hash(stmt, 1, hash);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        const struct store_device device = {
            .client_id = db_text(stmt, 0),
            .scopes = db_text(stmt, 1),
            .address = db_text(stmt, 2),
            .status = db_text(stmt, 3),
            .user_id = db_text(stmt, 4),
            .created = sqlite3_column_int64(stmt, 5),
            .expires = sqlite3_column_int64(stmt, 6),
            .used = sqlite3_column_int64(stmt, 7),
            .grant_id = db_text(stmt, 8),
            .jkt = db_text(stmt, 9),
            .grant_is_new = sqlite3_column_int(stmt, 10) != 0,
        };

        fn(&device, ctx);
    }
    return end_one(store, rc);
}

store_status db_device_by_code(struct store *store,
                               const unsigned char hash[SECRET_HASH_LEN],
                               store_device_fn *fn, void *ctx)
{
    return find_device(store, DEVICE_BY_CODE, hash, fn, ctx);
}

store_status
db_device_by_user_code(struct store *store,
                       const unsigned char user_hash[SECRET_HASH_LEN],
                       store_device_fn *fn, void *ctx)
{
    return find_device(store, DEVICE_BY_USER_CODE, user_hash, fn, ctx);
}

store_status db_device_decide(struct store *store,
                              const unsigned char user_hash[SECRET_HASH_LEN],
                              const char *from, const char *status,
                              const char *user_id)
{
    AUTO_STMT stmt = db_self(store)->stmt[DEVICE_DECIDE];

    db_bind_hash(stmt, 1, user_hash);
    db_bind(stmt, 2, from);
    db_bind(stmt, 3, status);
    db_bind(stmt, 4, user_id);
    return db_run_on_one(db_self(store), stmt);
}

store_status db_device_use(struct store *store,
                           const struct store_device *device,
                           const unsigned char hash[SECRET_HASH_LEN])
{
    AUTO_STMT stmt = db_self(store)->stmt[DEVICE_USE];

    db_bind_hash(stmt, 1, hash);
    sqlite3_bind_int64(stmt, 2, device->used);
    db_bind(stmt, 3, device->grant_id);
    db_bind(stmt, 4, device->jkt);
    sqlite3_bind_int64(stmt, 5, device->expires);
    db_bind(stmt, 6, device->status);
    return db_run_on_one(db_self(store), stmt);
}

store_status db_device_count(struct store *store, int64_t now, int64_t *count)
{
    AUTO_STMT stmt = db_self(store)->stmt[DEVICE_COUNT];
    int rc;

    sqlite3_bind_int64(stmt, 1, now);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *count = sqlite3_column_int64(stmt, 0);
    return end_one(store, rc);
}

/* ------------------------------------------------ Authorization codes -- */

store_status db_code_add(struct store *store, const struct store_code *code,
                         const unsigned char hash[SECRET_HASH_LEN])
{
    AUTO_STMT stmt = db_self(store)->stmt[CODE_ADD];

    db_bind(stmt, 1, code->client_id);
    db_bind(stmt, 2, code->user_id);
    db_bind(stmt, 3, code->scopes);
    db_bind(stmt, 4, code->redirect_uri);
    db_bind(stmt, 5, code->challenge);
    db_bind(stmt, 6, code->grant_id);
    sqlite3_bind_int64(stmt, 7, code->expires);
    db_bind_hash(stmt, 8, hash);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_code_by_hash(struct store *store,
                             const unsigned char hash[SECRET_HASH_LEN],
                             store_code_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[CODE_BY_HASH];
    int rc;

    db_bind_hash(stmt, 1, hash);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        const struct store_code code = {
            .client_id = db_text(stmt, 0),
            .user_id = db_text(stmt, 1),
            .scopes = db_text(stmt, 2),
            .redirect_uri = db_text(stmt, 3),
            .challenge = db_text(stmt, 4),
            .grant_id = db_text(stmt, 5),
            .expires = sqlite3_column_int64(stmt, 6),
        };

        fn(&code, ctx);
    }
    return end_one(store, rc);
}

store_status db_code_use(struct store *store,
                         const unsigned char hash[SECRET_HASH_LEN],
                         const char *grant_id)
{
    AUTO_STMT stmt = db_self(store)->stmt[CODE_USE];

    db_bind_hash(stmt, 1, hash);
    db_bind(stmt, 2, grant_id);
    return db_run_on_one(db_self(store), stmt);
}

/* ------------------------------------------- Grants and refresh tokens -- */

store_status db_grant_add(struct store *store, const struct store_grant *grant)
{
    AUTO_STMT stmt = db_self(store)->stmt[GRANT_ADD];

    db_bind(stmt, 1, grant->id);
    db_bind(stmt, 2, grant->client_id);
    db_bind(stmt, 3, grant->user_id);
    db_bind(stmt, 4, grant->scopes);
    db_bind(stmt, 5, grant->jkt);
    sqlite3_bind_int64(stmt, 6, grant->created);
    sqlite3_bind_int64(stmt, 7, grant->expires);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

static struct store_grant grant_row(sqlite3_stmt *stmt)
{
    return (struct store_grant){
        .id = db_text(stmt, 0),
        .client_id = db_text(stmt, 1),
        .user_id = db_text(stmt, 2),
        .scopes = db_text(stmt, 3),
        .jkt = db_text(stmt, 4),
        .created = sqlite3_column_int64(stmt, 5),
        .expires = sqlite3_column_int64(stmt, 6),
    };
}

store_status db_grant_find(struct store *store, const char *id,
                           store_grant_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[GRANT_FIND];
    int rc;

    db_bind(stmt, 1, id);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        const struct store_grant grant = grant_row(stmt);

        fn(&grant, ctx);
    }
    return end_one(store, rc);
}

store_status db_grant_each(struct store *store, const char *user_id,
                           store_grants_fn *fn, void *ctx)
{
    AUTO_STMT stmt =
        db_self(store)->stmt[user_id == NULL ? GRANT_EACH : GRANT_EACH_OF];
    int rc;

    if (user_id != NULL)
        db_bind(stmt, 1, user_id);
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        const struct store_grant grant = grant_row(stmt);

        fn(&grant, db_text(stmt, 7), db_text(stmt, 8), ctx);
    }
    return end_list(store, rc);
}

store_status db_consent_remove_of(struct store *store, const char *user_id,
                                  const char *device_status)
{
    AUTO_STMT devices = db_self(store)->stmt[DEVICE_REMOVE_OF];
    AUTO_STMT codes = db_self(store)->stmt[CODE_REMOVE_OF];
    store_status st;

    db_bind(devices, 1, user_id);
    db_bind(devices, 2, device_status);
    st = db_finish(db_self(store), sqlite3_step(devices));
    if (st != STORE_OK)
        return st;
    db_bind(codes, 1, user_id);
    return db_finish(db_self(store), sqlite3_step(codes));
}

store_status db_grant_extend(struct store *store, const char *id,
                             int64_t expires, const char *jkt)
{
    AUTO_STMT stmt = db_self(store)->stmt[GRANT_EXTEND];

    db_bind(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, expires);
    db_bind(stmt, 3, jkt);
    return db_run_on_one(db_self(store), stmt);
}

store_status db_grant_remove(struct store *store, const char *id)
{
    AUTO_STMT stmt = db_self(store)->stmt[GRANT_REMOVE];

    db_bind(stmt, 1, id);
    return db_run_on_one(db_self(store), stmt);
}

store_status db_refresh_add(struct store *store, const char *grant_id,
                            const unsigned char hash[SECRET_HASH_LEN],
                            int64_t expires)
{
    AUTO_STMT stmt = db_self(store)->stmt[REFRESH_ADD];

    db_bind(stmt, 1, grant_id);
    db_bind_hash(stmt, 2, hash);
    sqlite3_bind_int64(stmt, 3, expires);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_refresh_by_hash(struct store *store,
                                const unsigned char hash[SECRET_HASH_LEN],
                                store_refresh_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[REFRESH_BY_HASH];
    int rc;

    db_bind_hash(stmt, 1, hash);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        const struct store_refresh refresh = {
            .grant_id = db_text(stmt, 0),
            .expires = sqlite3_column_int64(stmt, 1),
            .used = sqlite3_column_int64(stmt, 2),
            .next_jti = db_text(stmt, 3),
            .next_jkt = db_text(stmt, 4),
            .next_is_new = sqlite3_column_int(stmt, 5) != 0,
        };

        fn(&refresh, ctx);
    }
    return end_one(store, rc);
}

static store_status rotate(struct store *store, int which,
                           const unsigned char hash[SECRET_HASH_LEN],
                           const struct store_rotation *rotation)
{
    AUTO_STMT stmt = db_self(store)->stmt[which];

    db_bind_hash(stmt, 1, hash);
    if (which == REFRESH_USE)
        sqlite3_bind_int64(stmt, 2, rotation->now);
    db_bind_hash(stmt, 3, rotation->next);
    db_bind(stmt, 4, rotation->jti);
    db_bind(stmt, 5, rotation->jkt);
    return db_run_on_one(db_self(store), stmt);
}

store_status db_refresh_use(struct store *store,
                            const unsigned char hash[SECRET_HASH_LEN],
                            const struct store_rotation *rotation)
{
    return rotate(store, REFRESH_USE, hash, rotation);
}

store_status db_refresh_use_again(struct store *store,
                                  const unsigned char hash[SECRET_HASH_LEN],
                                  const struct store_rotation *rotation)
{
    AUTO_STMT stmt = db_self(store)->stmt[REFRESH_REPLACE];
    store_status st;

    db_bind_hash(stmt, 1, hash);
    st = db_run_on_one(db_self(store), stmt);
    return st == STORE_OK ? rotate(store, REFRESH_USE_AGAIN, hash, rotation)
                          : st;
}

/* ----------------------------------------- Assertions, access tokens -- */

store_status db_assertion_use(struct store *store, const char *client_id,
                              const unsigned char hash[SECRET_HASH_LEN],
                              int64_t expires)
{
    AUTO_STMT stmt = db_self(store)->stmt[ASSERTION_USE];

    db_bind(stmt, 1, client_id);
    db_bind_hash(stmt, 2, hash);
    sqlite3_bind_int64(stmt, 3, expires);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_access_revoke(struct store *store, const char *jti,
                              int64_t expires)
{
    AUTO_STMT stmt = db_self(store)->stmt[ACCESS_REVOKE];

    db_bind(stmt, 1, jti);
    sqlite3_bind_int64(stmt, 2, expires);
    return db_run_on_one(db_self(store), stmt);
}

struct bearer_key {
    char bytes[DB_CACHE_KEY_MAX];
    size_t len; /* DB_CACHE_KEY_MAX + 1: it is too long to be kept */
};

/* All five, each with its NUL, so that no two bearers have the same. */
static struct bearer_key key_of(const struct store_bearer *bearer)
{
    const char *const parts[] = { bearer->client_id, bearer->user_id,
                                  bearer->grant_id, bearer->jti, bearer->kid };
    struct bearer_key key;

    key.len = 0;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        size_t len = strlen(parts[i]) + 1;

        if (len > sizeof(key.bytes) - key.len) {
            key.len = sizeof(key.bytes) + 1;
            return key;
        }
        memcpy(key.bytes + key.len, parts[i], len);
        key.len += len;
    }
    return key;
}

static store_status
read_access(struct sqlite_store *s, const struct store_bearer *bearer,
            const struct bearer_key *key, store_access_fn *fn, void *ctx)
{
    AUTO_STMT stmt = s->stmt[ACCESS_FIND];
    struct store_access access;
    int rc;

    db_bind(stmt, 1, bearer->client_id);
    db_bind(stmt, 2, bearer->user_id);
    db_bind(stmt, 3, bearer->grant_id);
    db_bind(stmt, 4, bearer->jti);
    db_bind(stmt, 5, bearer->kid);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        access = (struct store_access){
            .app_name = db_text(stmt, 0),
            .app_status = db_text(stmt, 1),
            .roles = db_text(stmt, 2),
            .login = db_column(stmt, 3),
            .user_status = db_column(stmt, 4),
            .granted = sqlite3_column_int(stmt, 5) != 0,
            .revoked = sqlite3_column_int(stmt, 6) != 0,
            .keyed = sqlite3_column_int(stmt, 7) != 0,
        };
        db_cache_keep(s->cache, BY_BEARER, key->bytes, key->len, &access);
        fn(&access, ctx);
    }
    return end_one(&s->store, rc);
}

store_status db_access_find(struct store *store,
                            const struct store_bearer *bearer,
                            store_access_fn *fn, void *ctx)
{
    struct sqlite_store *s = db_self(store);
    const struct bearer_key key = key_of(bearer);
    const struct store_access *kept =
        db_cache_find(s->cache, BY_BEARER, key.bytes, key.len);

    if (kept == NULL)
        return read_access(s, bearer, &key, fn, ctx);
    fn(kept, ctx);
    return STORE_OK;
}

/* ------------------------------------------------------- What has lapsed -- */

store_status db_oauth_is_lapsed(struct store *store, int64_t now,
                                int64_t key_seconds, bool *is)
{
    AUTO_STMT stmt = db_self(store)->stmt[LAPSED_ANY];
    int rc;

    sqlite3_bind_int64(stmt, 1, now);
    sqlite3_bind_int64(stmt, 2, now - key_seconds);
    rc = sqlite3_step(stmt);
    *is = rc == SQLITE_ROW && sqlite3_column_int(stmt, 0) != 0;
    return end_one(store, rc);
}

static store_status lapse(struct store *store, int which, int64_t until)
{
    AUTO_STMT stmt = db_self(store)->stmt[which];

    sqlite3_bind_int64(stmt, 1, until);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_oauth_sweep(struct store *store, int64_t now,
                            int64_t key_seconds)
{
    store_status st = lapse(store, LAPSE_KEY, now - key_seconds);

    for (int which = LAPSE_DEVICE; which < LAPSE_KEY && st == STORE_OK; which++)
        st = lapse(store, which, now);
    return st;
}
