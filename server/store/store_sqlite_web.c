/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite_web.c - passwords and sessions in SQLite. */
#include "server/store/store_sqlite_parts.h"

/* ----------------------------------------------------------- Passwords -- */

store_status db_password_set(struct store *store, const char *user_id,
                             const char *hash, int64_t now)
{
    AUTO_STMT stmt = db_self(store)->stmt[PASSWORD_SET];

    db_bind(stmt, 1, user_id);
    db_bind(stmt, 2, hash);
    sqlite3_bind_int64(stmt, 3, now);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_password_find(struct store *store, const char *who,
                              store_password_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[PASSWORD_FIND];
    struct store_user user;
    int rc;

    db_bind(stmt, 1, who);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE)
        return STORE_NOT_FOUND;
    if (rc != SQLITE_ROW)
        return db_fail(db_self(store)->db, "could not read the users");
    user = db_user_row(stmt);
    fn(&user, db_text(stmt, 6), ctx);
    return STORE_OK;
}

/* ------------------------------------------------------------ Sessions -- */

store_status db_session_add(struct store *store,
                            const struct store_session *session,
                            const unsigned char hash[SECRET_HASH_LEN])
{
    AUTO_STMT stmt = db_self(store)->stmt[SESSION_ADD];

    db_bind_hash(stmt, 1, hash);
    db_bind(stmt, 2, session->user_id);
    sqlite3_bind_int64(stmt, 3, session->created);
    sqlite3_bind_int64(stmt, 4, session->used);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_session_find(struct store *store,
                             const unsigned char hash[SECRET_HASH_LEN],
                             store_session_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[SESSION_FIND];
    struct store_session session;
    int rc;

    db_bind_hash(stmt, 1, hash);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE)
        return STORE_NOT_FOUND;
    if (rc != SQLITE_ROW)
        return db_fail(db_self(store)->db, "could not read the sessions");
    session = (struct store_session){
        .user_id = db_text(stmt, 0),
        .created = sqlite3_column_int64(stmt, 1),
        .used = sqlite3_column_int64(stmt, 2),
        .roles = db_text(stmt, 3),
        .login = db_text(stmt, 4),
        .status = db_text(stmt, 5),
    };
    fn(&session, ctx);
    return STORE_OK;
}

store_status db_session_use(struct store *store,
                            const unsigned char hash[SECRET_HASH_LEN],
                            int64_t used)
{
    AUTO_STMT stmt = db_self(store)->stmt[SESSION_USE];

    db_bind_hash(stmt, 1, hash);
    sqlite3_bind_int64(stmt, 2, used);
    return db_run_on_one(db_self(store), stmt);
}

store_status db_session_remove(struct store *store,
                               const unsigned char hash[SECRET_HASH_LEN])
{
    AUTO_STMT stmt = db_self(store)->stmt[SESSION_REMOVE];

    db_bind_hash(stmt, 1, hash);
    return db_run_on_one(db_self(store), stmt);
}

store_status db_session_remove_of(struct store *store, const char *user_id,
                                  int64_t *count)
{
    AUTO_STMT stmt = db_self(store)->stmt[SESSION_REMOVE_OF];
    int rc;

    db_bind(stmt, 1, user_id);
    rc = sqlite3_step(stmt);
    *count = rc == SQLITE_DONE ? sqlite3_changes(db_self(store)->db) : 0;
    return db_finish(db_self(store), rc);
}

store_status db_session_sweep(struct store *store, int64_t created,
                              int64_t used)
{
    AUTO_STMT stmt = db_self(store)->stmt[SESSION_SWEEP];

    sqlite3_bind_int64(stmt, 1, created);
    sqlite3_bind_int64(stmt, 2, used);
    return db_finish(db_self(store), sqlite3_step(stmt));
}
