/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite_copy.c - a whole database in a file, and back from it. */
#include <stdio.h>

#include "server/store/store_sqlite.h"
#include "server/store/store_sqlite_parts.h"
#include "server/util/diag.h"

static bool run_with(sqlite3 *db, const char *sql, const char *text,
                     int64_t value)
{
    sqlite3_stmt *stmt = NULL;
    bool done = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK;

    if (done && text != NULL)
        db_bind(stmt, 1, text);
    else if (done)
        sqlite3_bind_int64(stmt, 1, value);
    done = done && sqlite3_step(stmt) == SQLITE_DONE;
    return sqlite3_finalize(stmt) == SQLITE_OK && done;
}

/* The commit of it is what brings the whole file to the disk. */
static store_status write_note(const char *path, int64_t note)
{
    sqlite3 *db = NULL;
    store_status st = STORE_OK;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA synchronous = FULL", NULL, NULL, NULL) !=
            SQLITE_OK ||
        !run_with(db,
                  "INSERT OR REPLACE INTO setting (key, value)"
                  " VALUES ('note', CAST(? AS TEXT))",
                  NULL, note))
        st = db_fail(db, "could not write a copy of it");
    sqlite3_close(db);
    return st;
}

store_status db_save(struct store *store, const char *path, int64_t note)
{
    sqlite3 *db = db_self(store)->db;

    if (!run_with(db, "VACUUM INTO ?", path, 0))
        return db_fail(db, "could not write a copy of it");
    return write_note(path, note);
}

static store_status read_note(sqlite3 *db, int64_t *note)
{
    sqlite3_stmt *stmt = NULL;
    bool done = sqlite3_prepare_v2(db,
                                   "SELECT CAST(value AS INTEGER) FROM setting"
                                   " WHERE key = 'note'",
                                   -1, &stmt, NULL) == SQLITE_OK &&
                sqlite3_step(stmt) == SQLITE_ROW;

    if (done)
        *note = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return done ? STORE_OK : db_fail(db, "it is no copy that was saved");
}

/* One transaction, which whoever reads meanwhile does not see the half of. */
static store_status copy_pages(sqlite3 *to, sqlite3 *from)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");

    if (backup == NULL)
        return db_fail(to, "could not put a copy in its place");
    sqlite3_backup_step(backup, -1);
    if (sqlite3_backup_finish(backup) == SQLITE_OK)
        return STORE_OK;
    return db_fail(to, "could not put a copy in its place");
}

store_status db_restore(struct store *store, const char *path, int64_t *note)
{
    AUTO(store_handle) copy = NULL;
    store_status st = store_sqlite_open(path, &copy);

    if (st == STORE_OK)
        st = read_note(db_self(copy)->db, note);
    return st == STORE_OK ? copy_pages(db_self(store)->db, db_self(copy)->db)
                          : st;
}
