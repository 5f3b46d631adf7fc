/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_sqlite.c - the store in one SQLite file, and all of its SQL.
 *
 * Write-ahead log and synchronous=FULL: a commit is on the disk when it
 * returns, and readers never wait for it. Every statement is reset as soon as
 * its row is used, or it would pin an old snapshot. Text of users is only ever
 * bound.
 */
#include "store_sqlite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "say.h"

enum {
    BUSY_MS = 5000,           /* how long to wait for another process */
    SCHEMA = 1,               /* user_version */
    APPLICATION = 0x6f726764, /* application_id: "orgd" */
};

static const char schema[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "BEGIN EXCLUSIVE;"
    "CREATE TABLE user ("
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
    "PRAGMA user_version = 1;"
    "COMMIT;";

static const char settings[] =
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;";

/* One row per statement; prepared on open, finalised on close. */
enum {
    BEGIN,
    COMMIT,
    ROLLBACK,
    USER_ADD,
    USER_FIND,
    TOKEN_ADD,
    TOKEN_BY_ID,
    TOKEN_BY_HASH,
    TOKEN_FIRST,
    TOKEN_AFTER,
    TOKEN_RESTRICT,
    TOKEN_RENEW,
    TOKEN_REMOVE,
    SET_PINNED,
    GET_PINNED,
    STATEMENTS
};

#define COLUMNS                                                             \
    "t.id, t.name, t.user_id, t.client_name, t.token_window, t.connection," \
    " t.include, t.exclude, t.created, t.last_updated, t.expires"

/* clang-format off */
static const char *const sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [USER_ADD] = "INSERT INTO user (id, login, role, status, created)"
                 " VALUES (?,?,?,?,?)",
    [USER_FIND] = "SELECT id, login, role, status, created FROM user"
                  " WHERE login = ?1 OR id = ?1",
    [TOKEN_ADD] = "INSERT INTO token (id, name, user_id, client_name,"
                  " token_window, connection, include, exclude, created,"
                  " last_updated, expires, hash)"
                  " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
    [TOKEN_BY_ID] = "SELECT " COLUMNS " FROM token t WHERE t.id = ?",
    [TOKEN_BY_HASH] = "SELECT " COLUMNS ", u.role, u.status FROM token t"
                      " JOIN user u ON u.id = t.user_id WHERE t.hash = ?",
    [TOKEN_FIRST] = "SELECT " COLUMNS " FROM token t ORDER BY t.name, t.id",
    [TOKEN_AFTER] = "SELECT " COLUMNS " FROM token t"
                    " WHERE (t.name, t.id) > (?, ?) ORDER BY t.name, t.id",
    [TOKEN_RESTRICT] = "UPDATE token SET connection = ?2, include = ?3,"
                       " exclude = ?4, last_updated = max(last_updated, ?5)"
                       " WHERE id = ?1",
    [TOKEN_RENEW] = "UPDATE token SET expires = max(expires, ?2),"
                    " last_updated = max(last_updated, ?3) WHERE id = ?1",
    [TOKEN_REMOVE] = "DELETE FROM token WHERE id = ?",
    [SET_PINNED] = "INSERT OR REPLACE INTO setting (key, value)"
                   " VALUES ('pinned', '1')",
    [GET_PINNED] = "SELECT value FROM setting WHERE key = 'pinned'",
};
/* clang-format on */

struct sqlite_store {
    struct store store; /* first */
    sqlite3 *db;
    sqlite3_stmt *stmt[STATEMENTS];
};

/* Rewinds the statement when it leaves scope, whatever happened. */
#define AUTO_STMT __attribute__((cleanup(stmt_reset))) sqlite3_stmt *

static void stmt_reset(sqlite3_stmt **stmt)
{
    sqlite3_reset(*stmt);
    sqlite3_clear_bindings(*stmt);
}

static struct sqlite_store *self(struct store *store)
{
    return (struct sqlite_store *)store;
}

/* SQLite's messages name tables and columns, never a value. */
static store_status fail(sqlite3 *db, const char *what)
{
    say("database: %s: %s", what, sqlite3_errmsg(db));
    return STORE_FAILED;
}

static bool is_conflict(int rc)
{
    return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY;
}

/* What a step without rows came to. */
static store_status finish(struct sqlite_store *s, int rc)
{
    if (rc == SQLITE_DONE || rc == SQLITE_ROW)
        return STORE_OK;
    if (is_conflict(sqlite3_extended_errcode(s->db)))
        return STORE_CONFLICT;
    return fail(s->db, "could not change it");
}

static store_status run(struct store *store, int which)
{
    AUTO_STMT stmt = self(store)->stmt[which];

    return finish(self(store), sqlite3_step(stmt));
}

/* For a change that concerns one row. */
static store_status run_on_one(struct sqlite_store *s, sqlite3_stmt *stmt)
{
    int rc = sqlite3_step(stmt);

    if (rc == SQLITE_DONE && sqlite3_changes(s->db) == 0)
        return STORE_NOT_FOUND;
    return finish(s, rc);
}

static void bind(sqlite3_stmt *stmt, int i, const char *text)
{
    sqlite3_bind_text(stmt, i, text, -1, SQLITE_STATIC);
}

static const char *column(sqlite3_stmt *stmt, int i)
{
    return (const char *)sqlite3_column_text(stmt, i);
}

/* Text that the schema promises; NULL only for want of memory. */
static const char *text(sqlite3_stmt *stmt, int i)
{
    const char *value = column(stmt, i);

    return value != NULL ? value : "";
}

/* ------------------------------------------------- Transactions, users -- */

static store_status begin(struct store *store)
{
    return run(store, BEGIN);
}

static store_status commit(struct store *store)
{
    return run(store, COMMIT);
}

/* Some failures have rolled back already; then there is nothing to do. */
static void rollback(struct store *store)
{
    if (!sqlite3_get_autocommit(self(store)->db))
        run(store, ROLLBACK);
}

static store_status user_add(struct store *store, const struct store_user *user)
{
    AUTO_STMT stmt = self(store)->stmt[USER_ADD];

    bind(stmt, 1, user->id);
    bind(stmt, 2, user->login);
    bind(stmt, 3, user->role);
    bind(stmt, 4, user->status);
    sqlite3_bind_int64(stmt, 5, user->created);
    return finish(self(store), sqlite3_step(stmt));
}

static store_status user_find(struct store *store, const char *who,
                              store_user_fn *fn, void *ctx)
{
    AUTO_STMT stmt = self(store)->stmt[USER_FIND];
    struct store_user user;
    int rc;

    bind(stmt, 1, who);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE)
        return STORE_NOT_FOUND;
    if (rc != SQLITE_ROW)
        return fail(self(store)->db, "could not look a user up");
    user = (struct store_user){
        .id = text(stmt, 0),
        .login = text(stmt, 1),
        .role = text(stmt, 2),
        .status = text(stmt, 3),
        .created = sqlite3_column_int64(stmt, 4),
    };
    fn(&user, ctx);
    return STORE_OK;
}

/* -------------------------------------------------------------- Tokens -- */

static store_status token_add(struct store *store,
                              const struct store_token *token,
                              const unsigned char hash[SECRET_HASH_LEN])
{
    AUTO_STMT stmt = self(store)->stmt[TOKEN_ADD];

    bind(stmt, 1, token->id);
    bind(stmt, 2, token->name);
    bind(stmt, 3, token->user_id);
    bind(stmt, 4, token->client_name);
    bind(stmt, 5, token->window);
    bind(stmt, 6, token->connection);
    bind(stmt, 7, token->include);
    bind(stmt, 8, token->exclude);
    sqlite3_bind_int64(stmt, 9, token->created);
    sqlite3_bind_int64(stmt, 10, token->last_updated);
    sqlite3_bind_int64(stmt, 11, token->expires);
    sqlite3_bind_blob(stmt, 12, hash, SECRET_HASH_LEN, SQLITE_STATIC);
    return finish(self(store), sqlite3_step(stmt));
}

static struct store_token row(sqlite3_stmt *stmt)
{
    return (struct store_token){
        .id = text(stmt, 0),
        .name = text(stmt, 1),
        .user_id = text(stmt, 2),
        .client_name = text(stmt, 3),
        .window = column(stmt, 4),
        .connection = text(stmt, 5),
        .include = text(stmt, 6),
        .exclude = text(stmt, 7),
        .created = sqlite3_column_int64(stmt, 8),
        .last_updated = sqlite3_column_int64(stmt, 9),
        .expires = sqlite3_column_int64(stmt, 10),
    };
}

static store_status token_by_id(struct store *store, const char *id,
                                store_token_fn *fn, void *ctx)
{
    AUTO_STMT stmt = self(store)->stmt[TOKEN_BY_ID];
    struct store_token token;
    int rc;

    bind(stmt, 1, id);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE)
        return STORE_NOT_FOUND;
    if (rc != SQLITE_ROW)
        return fail(self(store)->db, "could not look a token up");
    token = row(stmt);
    fn(&token, ctx);
    return STORE_OK;
}

static store_status token_by_hash(struct store *store,
                                  const unsigned char hash[SECRET_HASH_LEN],
                                  store_token_fn *fn, void *ctx)
{
    AUTO_STMT stmt = self(store)->stmt[TOKEN_BY_HASH];
    struct store_token token;
    int rc;

    sqlite3_bind_blob(stmt, 1, hash, SECRET_HASH_LEN, SQLITE_STATIC);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE)
        return STORE_NOT_FOUND;
    if (rc != SQLITE_ROW)
        return fail(self(store)->db, "could not look a secret up");
    token = row(stmt);
    token.owner_role = text(stmt, 11);
    token.owner_status = text(stmt, 12);
    fn(&token, ctx);
    return STORE_OK;
}

static store_status token_each(struct store *store,
                               const struct store_position *after,
                               store_token_fn *fn, void *ctx)
{
    AUTO_STMT stmt =
        self(store)->stmt[after == NULL ? TOKEN_FIRST : TOKEN_AFTER];
    bool more = true;
    int rc;

    if (after != NULL) {
        bind(stmt, 1, after->name);
        bind(stmt, 2, after->id);
    }
    while (more && (rc = sqlite3_step(stmt)) != SQLITE_DONE) {
        struct store_token token;

        if (rc != SQLITE_ROW)
            return fail(self(store)->db, "could not list the tokens");
        token = row(stmt);
        more = fn(&token, ctx);
    }
    return STORE_OK;
}

static store_status token_restrict(struct store *store, const char *id,
                                   const struct store_network *network,
                                   int64_t last_updated)
{
    AUTO_STMT stmt = self(store)->stmt[TOKEN_RESTRICT];

    bind(stmt, 1, id);
    bind(stmt, 2, network->connection);
    bind(stmt, 3, network->include);
    bind(stmt, 4, network->exclude);
    sqlite3_bind_int64(stmt, 5, last_updated);
    return run_on_one(self(store), stmt);
}

static store_status token_renew(struct store *store, const char *id,
                                int64_t expires, int64_t last_updated)
{
    AUTO_STMT stmt = self(store)->stmt[TOKEN_RENEW];

    bind(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, expires);
    sqlite3_bind_int64(stmt, 3, last_updated);
    return run_on_one(self(store), stmt);
}

static store_status token_remove(struct store *store, const char *id)
{
    AUTO_STMT stmt = self(store)->stmt[TOKEN_REMOVE];

    bind(stmt, 1, id);
    return run_on_one(self(store), stmt);
}

static store_status set_pinned(struct store *store)
{
    return run(store, SET_PINNED);
}

static store_status get_pinned(struct store *store, bool *pinned)
{
    AUTO_STMT stmt = self(store)->stmt[GET_PINNED];
    int rc = sqlite3_step(stmt);

    *pinned = rc == SQLITE_ROW;
    return finish(self(store), rc);
}

/* ---------------------------------------------------- Opening, closing -- */

static void close_store(struct store *store)
{
    struct sqlite_store *s = self(store);

    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(s->stmt[i]);
    sqlite3_close(s->db);
    free(s);
}

static const struct store_ops ops = {
    .name = "sqlite",
    .close = close_store,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .user_add = user_add,
    .user_find = user_find,
    .token_add = token_add,
    .token_by_id = token_by_id,
    .token_by_hash = token_by_hash,
    .token_each = token_each,
    .token_restrict = token_restrict,
    .token_renew = token_renew,
    .token_remove = token_remove,
    .set_pinned = set_pinned,
    .get_pinned = get_pinned,
};

static store_status open_db(const char *path, int flags, struct store **out)
{
    AUTO(store_handle) store = NULL;
    struct sqlite_store *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        say("database: out of memory");
        return STORE_FAILED;
    }
    s->store.ops = &ops;
    store = &s->store;
    if (sqlite3_open_v2(path, &s->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | flags,
                        NULL) != SQLITE_OK)
        return fail(s->db, "could not open it (okta-orgd init makes one)");
    sqlite3_busy_timeout(s->db, BUSY_MS);
    *out = TAKE(store);
    return STORE_OK;
}

store_status store_sqlite_create(const char *path)
{
    AUTO(store_handle) store = NULL;

    if (open_db(path, SQLITE_OPEN_CREATE, &store) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_exec(self(store)->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        return fail(self(store)->db, "could not make it");
    return STORE_OK;
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

static store_status check_schema(sqlite3 *db)
{
    int application = 0;
    int version = 0;

    if (!read_pragma(db, "PRAGMA application_id", &application) ||
        !read_pragma(db, "PRAGMA user_version", &version))
        return fail(db, "could not read it");
    if (application == APPLICATION && version == SCHEMA)
        return STORE_OK;
    say("database: it is none of this version of okta-orgd; make a new one "
        "with okta-orgd init");
    return STORE_FAILED;
}

static store_status prepare(struct sqlite_store *s)
{
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(s->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &s->stmt[i], NULL) != SQLITE_OK)
            return fail(s->db, "could not prepare for it");
    return STORE_OK;
}

store_status store_sqlite_open(const char *path, struct store **out)
{
    AUTO(store_handle) store = NULL;

    if (open_db(path, 0, &store) != STORE_OK ||
        check_schema(self(store)->db) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_exec(self(store)->db, settings, NULL, NULL, NULL) != SQLITE_OK)
        return fail(self(store)->db, "could not set it up");
    if (prepare(self(store)) != STORE_OK)
        return STORE_FAILED;
    *out = TAKE(store);
    return STORE_OK;
}
