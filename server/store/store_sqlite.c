/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_sqlite.c - the store in one SQLite file.
 *
 * Write-ahead log and synchronous=FULL: a commit is on the disk when it
 * returns, and readers never wait for it. Every statement is reset as soon as
 * its row is used, or it would pin an old snapshot. Text of users is only ever
 * bound.
 */
#include "server/store/store_sqlite.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "server/store/store_sqlite_parts.h"
#include "server/util/diag.h"
#include "server/util/file.h"

enum {
    BUSY_MS = 5000,           /* how long to wait for another process */
    APPLICATION = 0x6f726764, /* application_id: "orgd" */
};

/* The way from one version of the schema to the next; what has been released
 * is never changed, only added to. The first makes all of a new database. */
static const char *const steps[] = {
    ("CREATE TABLE user ("
     " id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE COLLATE NOCASE,"
     " role TEXT NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE TABLE token ("
     " id TEXT NOT NULL UNIQUE, hash BLOB NOT NULL UNIQUE,"
     " name TEXT NOT NULL COLLATE NOCASE,"
     " user_id TEXT NOT NULL REFERENCES user (id),"
     " client_name TEXT NOT NULL, token_window TEXT, connection TEXT NOT NULL,"
     " include TEXT NOT NULL, exclude TEXT NOT NULL, created INTEGER NOT NULL,"
     " last_updated INTEGER NOT NULL, expires INTEGER NOT NULL"
     ") STRICT;"
     "CREATE INDEX token_by_name ON token (name, id);"
     "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "PRAGMA application_id = 1869768548;"
     "PRAGMA user_version = 1;"),

    ("CREATE TABLE zone ("
     " id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
     " type TEXT NOT NULL, status TEXT NOT NULL, gateways TEXT NOT NULL,"
     " created INTEGER NOT NULL, last_updated INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "PRAGMA user_version = 2;"),

    ("CREATE TABLE event ("
     " seq INTEGER PRIMARY KEY, uuid TEXT NOT NULL, published INTEGER NOT NULL,"
     " type TEXT NOT NULL, actor_id TEXT, actor_login TEXT, target_id TEXT,"
     " target_name TEXT, address TEXT, request_id TEXT, token_id TEXT,"
     " connection TEXT, include TEXT, exclude TEXT"
     ") STRICT;"
     "CREATE INDEX event_by_time ON event (published, seq);"
     "CREATE INDEX event_of_refusal ON event (target_id, published)"
     " WHERE type = 'system.api_token.request_outside_allowed_range';"
     "PRAGMA user_version = 3;"),

    ("ALTER TABLE user ADD COLUMN status_changed INTEGER NOT NULL DEFAULT 0;"
     "CREATE TABLE user_group ("
     " id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
     " role TEXT NOT NULL, created INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE TABLE member ("
     " user_id TEXT NOT NULL REFERENCES user (id),"
     " group_id TEXT NOT NULL REFERENCES user_group (id),"
     " PRIMARY KEY (user_id, group_id)"
     ") STRICT, WITHOUT ROWID;"
     "PRAGMA user_version = 4;"),

    ("CREATE INDEX token_by_end ON token (expires);"
     "PRAGMA user_version = 5;"),

    ("CREATE TABLE password ("
     " user_id TEXT PRIMARY KEY REFERENCES user (id), hash TEXT NOT NULL,"
     " changed INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE TABLE session ("
     " hash BLOB PRIMARY KEY, user_id TEXT NOT NULL REFERENCES user (id),"
     " created INTEGER NOT NULL, used INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX session_of_user ON session (user_id);"
     "PRAGMA user_version = 6;"),

    ("CREATE TABLE app ("
     " id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
     " type TEXT NOT NULL, status TEXT NOT NULL, scopes TEXT NOT NULL,"
     " redirect_uris TEXT NOT NULL, roles TEXT NOT NULL, jwks TEXT NOT NULL,"
     " dpop INTEGER NOT NULL, created INTEGER NOT NULL,"
     " last_updated INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE TABLE signing_key ("
     " kid TEXT PRIMARY KEY, jwk TEXT NOT NULL, created INTEGER NOT NULL,"
     " retired INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE TABLE device ("
     " hash BLOB PRIMARY KEY, user_hash BLOB NOT NULL UNIQUE,"
     " client_id TEXT NOT NULL REFERENCES app (id), scopes TEXT NOT NULL,"
     " address TEXT NOT NULL, status TEXT NOT NULL, user_id TEXT NOT NULL,"
     " created INTEGER NOT NULL, expires INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX device_by_end ON device (expires);"
     "CREATE TABLE code ("
     " hash BLOB PRIMARY KEY, client_id TEXT NOT NULL REFERENCES app (id),"
     " user_id TEXT NOT NULL REFERENCES user (id), scopes TEXT NOT NULL,"
     " redirect_uri TEXT NOT NULL, challenge TEXT NOT NULL,"
     " grant_id TEXT NOT NULL, expires INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX code_by_end ON code (expires);"
     "CREATE TABLE oauth_grant ("
     " id TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES app (id),"
     " user_id TEXT NOT NULL REFERENCES user (id), scopes TEXT NOT NULL,"
     " jkt TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX grant_by_end ON oauth_grant (expires);"
     "CREATE TABLE refresh ("
     " hash BLOB PRIMARY KEY, grant_id TEXT NOT NULL REFERENCES oauth_grant "
     "(id)"
     " ON DELETE CASCADE, used INTEGER NOT NULL, expires INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX refresh_of_grant ON refresh (grant_id);"
     "CREATE INDEX refresh_by_end ON refresh (expires);"
     "CREATE TABLE assertion ("
     " client_id TEXT NOT NULL, hash BLOB NOT NULL, expires INTEGER NOT NULL,"
     " PRIMARY KEY (client_id, hash)"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX assertion_by_end ON assertion (expires);"
     "CREATE TABLE revoked (jti TEXT PRIMARY KEY, expires INTEGER NOT NULL"
     ") STRICT, WITHOUT ROWID;"
     "CREATE INDEX revoked_by_end ON revoked (expires);"
     "ALTER TABLE event ADD COLUMN actor_type TEXT;"
     "ALTER TABLE event ADD COLUMN target_type TEXT;"
     "ALTER TABLE event ADD COLUMN client_id TEXT;"
     "PRAGMA user_version = 7;"),

    ("ALTER TABLE event ADD COLUMN group_id TEXT;"
     "ALTER TABLE event ADD COLUMN group_name TEXT;"
     "ALTER TABLE event ADD COLUMN privilege TEXT;"
     "PRAGMA user_version = 8;"),

    /* seq, so that a row keeps its number when the file is rewritten. */
    ("CREATE TABLE token_of_9 ("
     " seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
     " hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL COLLATE NOCASE,"
     " user_id TEXT NOT NULL REFERENCES user (id),"
     " client_name TEXT NOT NULL, token_window TEXT, connection TEXT NOT NULL,"
     " include TEXT NOT NULL, exclude TEXT NOT NULL, created INTEGER NOT NULL,"
     " last_updated INTEGER NOT NULL, expires INTEGER NOT NULL"
     ") STRICT;"
     "INSERT INTO token_of_9 (id, hash, name, user_id, client_name,"
     " token_window, connection, include, exclude, created, last_updated,"
     " expires) SELECT id, hash, name, user_id, client_name, token_window,"
     " connection, include, exclude, created, last_updated, expires"
     " FROM token ORDER BY name, id;"
     "DROP TABLE token;"
     "ALTER TABLE token_of_9 RENAME TO token;"
     "CREATE INDEX token_by_name ON token (name, id);"
     "CREATE INDEX token_by_end ON token (expires);"
     "CREATE VIRTUAL TABLE token_text USING fts5 (name, client_name,"
     " content = 'token', content_rowid = 'seq', tokenize = 'trigram',"
     " columnsize = 0);"
     "INSERT INTO token_text (token_text) VALUES ('rebuild');"
     "PRAGMA user_version = 9;"),

    /* "used" becomes a time: 1, as it was until here, is long ago. */
    ("ALTER TABLE refresh ADD COLUMN next BLOB;"
     "ALTER TABLE refresh ADD COLUMN next_jti TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE refresh ADD COLUMN next_jkt TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE device ADD COLUMN used INTEGER NOT NULL DEFAULT 0;"
     "ALTER TABLE device ADD COLUMN grant_id TEXT NOT NULL DEFAULT '';"
     "ALTER TABLE device ADD COLUMN jkt TEXT NOT NULL DEFAULT '';"
     "CREATE INDEX grant_of_user ON oauth_grant (user_id);"
     "CREATE INDEX token_of_user ON token (user_id);"
     "PRAGMA user_version = 10;"),
};

static const char settings[] =
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;";

#define COLUMNS                                                             \
    "t.id, t.name, t.user_id, t.client_name, t.token_window, t.connection," \
    " t.include, t.exclude, t.created, t.last_updated, t.expires"

#define USER_COLUMNS "id, login, role, status, created, status_changed"

#define ZONE_COLUMNS "id, name, type, status, gateways, created, last_updated"

#define EVENT_COLUMNS                                                     \
    "seq, uuid, published, type, actor_id, actor_login, target_id,"       \
    " target_name, address, request_id, token_id, connection, include,"   \
    " exclude, actor_type, target_type, client_id, group_id, group_name," \
    " privilege"

/* clang-format off */
static const char *const sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [BEGIN_READ] = "BEGIN",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [PROVE] = "INSERT OR REPLACE INTO setting (key, value)"
              " VALUES ('proof', '1')",
    [USER_ADD] = "INSERT INTO user (" USER_COLUMNS ") VALUES (?,?,?,?,?,?)",
    [USER_FIND] = "SELECT " USER_COLUMNS " FROM user"
                  " WHERE login = ?1 OR id = ?1"
                  " ORDER BY id = ?1 DESC LIMIT 1",
    [USER_EACH] = "SELECT " USER_COLUMNS " FROM user ORDER BY login",
    [USER_SET_STATUS] = "UPDATE user SET status = ?2, status_changed = ?3"
                        " WHERE id = ?1",
    [PASSWORD_SET] = "INSERT OR REPLACE INTO password (user_id, hash, changed)"
                     " VALUES (?,?,?)",
    [PASSWORD_FIND] = "SELECT " USER_COLUMNS ", p.hash FROM user"
                      " LEFT JOIN password p ON p.user_id = id"
                      " WHERE login = ?1 OR id = ?1"
                      " ORDER BY id = ?1 DESC LIMIT 1",
    [SESSION_ADD] = "INSERT INTO session (hash, user_id, created, used)"
                    " VALUES (?,?,?,?)",
    [SESSION_FIND] = "SELECT s.user_id, s.created, s.used, " DB_ROLES ","
                     " u.login, u.status FROM session s"
                     " JOIN user u ON u.id = s.user_id WHERE s.hash = ?",
    [SESSION_USE] = "UPDATE session SET used = max(used, ?2) WHERE hash = ?1",
    [SESSION_REMOVE] = "DELETE FROM session WHERE hash = ?",
    [SESSION_REMOVE_OF] = "DELETE FROM session WHERE user_id = ?",
    [SESSION_SWEEP] = "DELETE FROM session WHERE created < ?1 OR used < ?2",
    [GROUP_ADD] = "INSERT INTO user_group (id, name, role, created)"
                  " VALUES (?,?,?,?)",
    [GROUP_ADD_MEMBER] = "INSERT INTO member (group_id, user_id) VALUES (?,?)",
    [GROUP_FIND] = "SELECT id, name, role, created FROM user_group"
                   " WHERE id = ?",
    [GROUP_EACH_OF] = "SELECT g.id, g.name, g.role, g.created FROM member m"
                      " JOIN user_group g ON g.id = m.group_id"
                      " WHERE m.user_id = ? ORDER BY g.name",
    [GROUP_EACH] = "SELECT id, name, role, created FROM user_group"
                   " ORDER BY name",
    [TOKEN_ADD] = "INSERT INTO token (id, name, user_id, client_name,"
                  " token_window, connection, include, exclude, created,"
                  " last_updated, expires, hash)"
                  " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
    [TOKEN_BY_ID] = "SELECT " COLUMNS " FROM token t WHERE t.id = ?",
    [TOKEN_BY_HASH] = "SELECT " COLUMNS ", " DB_ROLES ", u.status, u.login"
                      " FROM token t"
                      " JOIN user u ON u.id = t.user_id WHERE t.hash = ?",
    [TOKEN_FIRST] = "SELECT " COLUMNS " FROM token t ORDER BY t.name, t.id",
    [TOKEN_AFTER] = "SELECT " COLUMNS " FROM token t"
                    " WHERE (t.name, t.id) > (?, ?) ORDER BY t.name, t.id",
    [TEXT_ADD] = "INSERT INTO token_text (rowid, name, client_name)"
                 " VALUES (last_insert_rowid(), ?1, ?2)",
    [TEXT_REMOVE] = "INSERT INTO token_text (token_text, rowid, name,"
                    " client_name) SELECT 'delete', seq, name, client_name"
                    " FROM token WHERE id = ?1",
    [TOKEN_HITS] = "SELECT count(*) FROM (SELECT rowid FROM token_text"
                   " WHERE token_text MATCH ?1 LIMIT ?2)",
    [TOKEN_SEARCH] = "SELECT " COLUMNS " FROM token_text f"
                     " CROSS JOIN token t ON t.seq = f.rowid"
                     " WHERE f.token_text MATCH ?1"
                     " AND (t.name, t.id) > (?2, ?3) ORDER BY t.name, t.id",
    [TOKEN_SCAN] = "SELECT " COLUMNS " FROM token t"
                   " WHERE (t.name, t.id) > (?2, ?3)"
                   " AND (t.name LIKE ?1 ESCAPE '\\'"
                   " OR t.client_name LIKE ?1 ESCAPE '\\')"
                   " ORDER BY t.name, t.id",
    [TOKEN_EACH_OF] = "SELECT " COLUMNS " FROM token t WHERE t.user_id = ?",
    [TOKEN_EXPIRED] = "SELECT " COLUMNS " FROM token t WHERE t.expires <= ?"
                      " ORDER BY t.expires",
    [TOKEN_RESTRICT] = "UPDATE token SET connection = ?2, include = ?3,"
                       " exclude = ?4, last_updated = max(last_updated, ?5)"
                       " WHERE id = ?1",
    [TOKEN_RENEW] = "UPDATE token SET expires = max(expires, ?2),"
                    " last_updated = max(last_updated, ?3) WHERE id = ?1",
    [TOKEN_REMOVE] = "DELETE FROM token WHERE id = ?",
    [ZONE_ADD] = "INSERT INTO zone (" ZONE_COLUMNS ") VALUES (?,?,?,?,?,?,?)",
    [ZONE_FIND] = "SELECT " ZONE_COLUMNS " FROM zone WHERE id = ?",
    [ZONE_EACH] = "SELECT " ZONE_COLUMNS " FROM zone ORDER BY name",
    [EVENT_ADD] = "INSERT INTO event (uuid, published, type, actor_id,"
                  " actor_login, target_id, target_name, address, request_id,"
                  " token_id, connection, include, exclude, actor_type,"
                  " target_type, client_id, group_id, group_name,"
                  " privilege)"
                  " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [EVENT_PRUNE] = "DELETE FROM event WHERE seq IN (SELECT seq FROM event"
                    " WHERE published < ? ORDER BY published, seq LIMIT ?)",
    [EVENTS_UP] = "SELECT " EVENT_COLUMNS " FROM event"
                  " WHERE published BETWEEN ?1 AND ?2"
                  " AND (published, seq) > (?3, ?4) ORDER BY published, seq",
    [EVENTS_DOWN] = "SELECT " EVENT_COLUMNS " FROM event"
                    " WHERE published BETWEEN ?1 AND ?2"
                    " AND (published, seq) < (?3, ?4)"
                    " ORDER BY published DESC, seq DESC",
    [EVENT_REFUSED] = "SELECT 1 FROM event WHERE target_id = ? AND"
                      " published >= ? AND type ="
                      " 'system.api_token.request_outside_allowed_range'"
                      " LIMIT 1",
    [SET_PINNED] = "INSERT OR REPLACE INTO setting (key, value)"
                   " VALUES ('pinned', '1')",
    [GET_PINNED] = "SELECT value FROM setting WHERE key = 'pinned'",
    [CLOCK_SAVE] = "INSERT OR REPLACE INTO setting (key, value)"
                   " VALUES ('clock_begin', CAST(?1 AS TEXT)),"
                   " ('clock_last', CAST(?2 AS TEXT)),"
                   " ('clock_slow', CAST(?3 AS TEXT)),"
                   " ('clock_fast', CAST(?4 AS TEXT))",
    /* Earlier versions kept neither the slowest nor the fastest. */
    [CLOCK_LOAD] = "SELECT began, last, coalesce(slow, last),"
                   " coalesce(fast, last) FROM (SELECT"
                   " max(value) FILTER (WHERE key = 'clock_begin') AS began,"
                   " max(value) FILTER (WHERE key = 'clock_last') AS last,"
                   " max(value) FILTER (WHERE key = 'clock_slow') AS slow,"
                   " max(value) FILTER (WHERE key = 'clock_fast') AS fast"
                   " FROM setting)",
};
/* clang-format on */

void db_reset(sqlite3_stmt **stmt)
{
    sqlite3_reset(*stmt);
    sqlite3_clear_bindings(*stmt);
}

struct sqlite_store *db_self(struct store *store)
{
    return (struct sqlite_store *)store;
}

/* SQLite's messages name tables and columns, never a value. */
store_status db_fail(sqlite3 *db, const char *what)
{
    say("database: %s: %s", what, sqlite3_errmsg(db));
    return STORE_FAILED;
}

static bool is_conflict(int rc)
{
    return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY;
}

/* What a step without rows came to. */
store_status db_finish(struct sqlite_store *s, int rc)
{
    if (rc == SQLITE_DONE || rc == SQLITE_ROW)
        return STORE_OK;
    if (is_conflict(sqlite3_extended_errcode(s->db)))
        return STORE_CONFLICT;
    return db_fail(s->db, "could not change it");
}

store_status db_run(struct store *store, int which)
{
    AUTO_STMT stmt = db_self(store)->stmt[which];

    return db_finish(db_self(store), sqlite3_step(stmt));
}

/* For a change that concerns one row. */
store_status db_run_on_one(struct sqlite_store *s, sqlite3_stmt *stmt)
{
    int rc = sqlite3_step(stmt);

    if (rc == SQLITE_DONE && sqlite3_changes(s->db) == 0)
        return STORE_NOT_FOUND;
    return db_finish(s, rc);
}

void db_bind(sqlite3_stmt *stmt, int i, const char *text)
{
    sqlite3_bind_text(stmt, i, text, -1, SQLITE_STATIC);
}

void db_bind_hash(sqlite3_stmt *stmt, int i,
                  const unsigned char hash[SECRET_HASH_LEN])
{
    sqlite3_bind_blob(stmt, i, hash, SECRET_HASH_LEN, SQLITE_STATIC);
}

const char *db_column(sqlite3_stmt *stmt, int i)
{
    return (const char *)sqlite3_column_text(stmt, i);
}

/* Text that the schema promises; NULL only for want of memory. */
const char *db_text(sqlite3_stmt *stmt, int i)
{
    const char *value = db_column(stmt, i);

    return value != NULL ? value : "";
}

/* -------------------------------------------------------- Transactions -- */

static store_status begin(struct store *store)
{
    return db_run(store, BEGIN);
}

static store_status begin_read(struct store *store)
{
    return db_run(store, BEGIN_READ);
}

static store_status commit(struct store *store)
{
    return db_run(store, COMMIT);
}

/* Some failures have rolled back already; then there is nothing to do. */
static void rollback(struct store *store)
{
    if (!sqlite3_get_autocommit(db_self(store)->db))
        db_run(store, ROLLBACK);
}

/* SQLite does this, too, when it has made the log, but does not mind if it
 * fails; and a log without an entry is lost with all its commits. */
static store_status sync_folder(sqlite3 *db)
{
    AUTO(char) folder = strdup(sqlite3_db_filename(db, "main"));
    char *slash = folder != NULL ? strrchr(folder, '/') : NULL;

    if (slash != NULL)
        *slash = '\0';
    if (slash != NULL && dir_sync(folder))
        return STORE_OK;
    say("database: could not sync its folder: %s", strerror(errno));
    return STORE_FAILED;
}

/*
 * A commit whose sync failed may be in the log all the same, whole, and a start
 * after a crash would take it for good. The next commit is written over its
 * beginning, and what is left of it no longer counts.
 */
static store_status prove(struct store *store)
{
    store_status st = db_run(store, PROVE);

    return st == STORE_OK ? sync_folder(db_self(store)->db) : st;
}

static store_status set_pinned(struct store *store)
{
    return db_run(store, SET_PINNED);
}

static store_status get_pinned(struct store *store, bool *pinned)
{
    AUTO_STMT stmt = db_self(store)->stmt[GET_PINNED];
    int rc = sqlite3_step(stmt);

    *pinned = rc == SQLITE_ROW;
    return db_finish(db_self(store), rc);
}

static store_status clock_save(struct store *store,
                               const struct clock_seen *seen)
{
    AUTO_STMT stmt = db_self(store)->stmt[CLOCK_SAVE];

    sqlite3_bind_int64(stmt, 1, seen->begin);
    sqlite3_bind_int64(stmt, 2, seen->last);
    sqlite3_bind_int64(stmt, 3, seen->slow);
    sqlite3_bind_int64(stmt, 4, seen->fast);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

static store_status clock_load(struct store *store, struct clock_seen *seen)
{
    AUTO_STMT stmt = db_self(store)->stmt[CLOCK_LOAD];
    int rc = sqlite3_step(stmt);

    if (rc != SQLITE_ROW)
        return db_fail(db_self(store)->db, "could not read it");
    seen->begin = sqlite3_column_int64(stmt, 0);
    seen->last = sqlite3_column_int64(stmt, 1);
    seen->slow = sqlite3_column_int64(stmt, 2);
    seen->fast = sqlite3_column_int64(stmt, 3);
    return STORE_OK;
}

/* ---------------------------------------------------- Opening, closing -- */

static void close_store(struct store *store)
{
    struct sqlite_store *s = db_self(store);

    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(s->stmt[i]);
    db_cache_free(s->cache);
    sqlite3_close(s->db);
    free(s);
}

static const struct store_ops ops = {
    .name = "sqlite",
    .close = close_store,
    .begin = begin,
    .begin_read = begin_read,
    .commit = commit,
    .rollback = rollback,
    .save = db_save,
    .restore = db_restore,
    .prove = prove,
    .user_add = db_user_add,
    .user_find = db_user_find,
    .user_each = db_user_each,
    .user_set_status = db_user_set_status,
    .password_set = db_password_set,
    .password_find = db_password_find,
    .session_add = db_session_add,
    .session_find = db_session_find,
    .session_use = db_session_use,
    .session_remove = db_session_remove,
    .session_remove_of = db_session_remove_of,
    .session_sweep = db_session_sweep,
    .group_add = db_group_add,
    .group_add_member = db_group_add_member,
    .group_find = db_group_find,
    .group_each_of = db_group_each_of,
    .group_each = db_group_each,
    .token_add = db_token_add,
    .token_by_id = db_token_by_id,
    .token_by_hash = db_token_by_hash,
    .token_each = db_token_each,
    .token_search = db_token_search,
    .token_each_of = db_token_each_of,
    .token_expired = db_token_expired,
    .token_restrict = db_token_restrict,
    .token_renew = db_token_renew,
    .token_remove = db_token_remove,
    .zone_add = db_zone_add,
    .zone_find = db_zone_find,
    .zone_each = db_zone_each,
    .event_add = db_event_add,
    .event_each = db_event_each,
    .event_refused = db_event_refused,
    .event_prune = db_event_prune,
    .app_add = db_app_add,
    .app_find = db_app_find,
    .app_each = db_app_each,
    .app_set_status = db_app_set_status,
    .app_set_keys = db_app_set_keys,
    .key_add = db_key_add,
    .key_each = db_key_each,
    .device_add = db_device_add,
    .device_by_code = db_device_by_code,
    .device_by_user_code = db_device_by_user_code,
    .device_decide = db_device_decide,
    .device_use = db_device_use,
    .device_count = db_device_count,
    .code_add = db_code_add,
    .code_by_hash = db_code_by_hash,
    .code_use = db_code_use,
    .grant_add = db_grant_add,
    .grant_find = db_grant_find,
    .grant_each = db_grant_each,
    .consent_remove_of = db_consent_remove_of,
    .grant_extend = db_grant_extend,
    .grant_remove = db_grant_remove,
    .refresh_add = db_refresh_add,
    .refresh_by_hash = db_refresh_by_hash,
    .refresh_use = db_refresh_use,
    .refresh_use_again = db_refresh_use_again,
    .assertion_use = db_assertion_use,
    .access_revoke = db_access_revoke,
    .access_find = db_access_find,
    .oauth_is_lapsed = db_oauth_is_lapsed,
    .oauth_sweep = db_oauth_sweep,
    .clock_save = clock_save,
    .clock_load = clock_load,
    .set_pinned = set_pinned,
    .get_pinned = get_pinned,
};

/* Statistics of memory take one lock for all threads at each allocation, and
 * nobody reads them. Until the first database is open it can be said. */
static void set_up_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static store_status open_db(const char *path, int flags, struct store **out)
{
    AUTO(store_handle) store = NULL;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct sqlite_store *s = calloc(1, sizeof(*s));

    pthread_once(&once, set_up_library);
    if (s == NULL) {
        say("database: out of memory");
        return STORE_FAILED;
    }
    s->store.ops = &ops;
    store = &s->store;
    if (sqlite3_open_v2(path, &s->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | flags,
                        NULL) != SQLITE_OK)
        return db_fail(s->db, "could not open it (okta-orgd init makes one)");
    sqlite3_busy_timeout(s->db, BUSY_MS);
    *out = TAKE(store);
    return STORE_OK;
}

static store_status exec(sqlite3 *db, const char *script, const char *what)
{
    if (sqlite3_exec(db, script, NULL, NULL, NULL) == SQLITE_OK)
        return STORE_OK;
    return db_fail(db, what);
}

static bool read_pragma(sqlite3 *db, const char *pragma, int *out)
{
    sqlite3_stmt *stmt = NULL;
    bool done = sqlite3_prepare_v2(db, pragma, -1, &stmt, NULL) == SQLITE_OK &&
                sqlite3_step(stmt) == SQLITE_ROW;

    if (done)
        *out = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return done;
}

/* Takes every step that is still to be taken, inside a transaction. */
static store_status take_steps(sqlite3 *db)
{
    int version;

    if (!read_pragma(db, "PRAGMA user_version", &version))
        return db_fail(db, "could not read it");
    for (size_t i = (size_t)version; i < ARRAY_LEN(steps); i++)
        if (exec(db, steps[i], "could not bring it to this version") !=
            STORE_OK)
            return STORE_FAILED;
    return STORE_OK;
}

/* All of them or none; whoever comes second finds nothing left to do. */
static store_status migrate(sqlite3 *db)
{
    if (exec(db, "BEGIN EXCLUSIVE", "could not lock it") != STORE_OK)
        return STORE_FAILED;
    if (take_steps(db) == STORE_OK &&
        exec(db, "COMMIT", "could not bring it to this version") == STORE_OK)
        return STORE_OK;
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return STORE_FAILED;
}

store_status store_sqlite_create(const char *path)
{
    AUTO(store_handle) store = NULL;
    sqlite3 *db;

    if (open_db(path, SQLITE_OPEN_CREATE, &store) != STORE_OK)
        return STORE_FAILED;
    db = db_self(store)->db;
    if (exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
             "could not make it") != STORE_OK)
        return STORE_FAILED;
    return migrate(db);
}

static store_status check_schema(sqlite3 *db)
{
    int application = 0;
    int version = 0;

    if (!read_pragma(db, "PRAGMA application_id", &application) ||
        !read_pragma(db, "PRAGMA user_version", &version))
        return db_fail(db, "could not read it");
    if (application == APPLICATION && version == (int)ARRAY_LEN(steps))
        return STORE_OK;
    if (application == APPLICATION && version > 0 &&
        version < (int)ARRAY_LEN(steps)) {
        say("database: bringing it to this version; a million tokens take "
            "half a minute");
        return migrate(db);
    }
    say("database: it is none of this version of okta-orgd; make a new one "
        "with okta-orgd init");
    return STORE_FAILED;
}

/* Each file of this backend has the text of its own statements. */
static const char *sql_of(int which)
{
    return sql[which] != NULL ? sql[which] : db_oauth_sql[which];
}

static store_status prepare(struct sqlite_store *s)
{
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(s->db, sql_of(i), -1, SQLITE_PREPARE_PERSISTENT,
                               &s->stmt[i], NULL) != SQLITE_OK)
            return db_fail(s->db, "could not prepare for it");
    return STORE_OK;
}

/* What is kept nowhere begins empty. */
static store_status check_or_make(sqlite3 *db, const char *path)
{
    return strcmp(path, ":memory:") == 0 ? migrate(db) : check_schema(db);
}

store_status store_sqlite_open(const char *path, struct store **out)
{
    AUTO(store_handle) store = NULL;

    if (open_db(path, 0, &store) != STORE_OK ||
        exec(db_self(store)->db, settings, "could not set it up") != STORE_OK ||
        check_or_make(db_self(store)->db, path) != STORE_OK ||
        prepare(db_self(store)) != STORE_OK)
        return STORE_FAILED;
    db_self(store)->cache = db_cache_new(db_self(store)->db);
    *out = TAKE(store);
    return STORE_OK;
}
