/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_sqlite_cache.h - rows that a handle has read, for as long as nobody
 * has changed anything.
 *
 * In WAL mode all who have a database open share the WAL-index, a piece of
 * memory. It begins with two copies of a header of 48 bytes (SQLite's "WAL-mode
 * File Format" has them) that names the last commit: they change with each, by
 * whichever thread or process, before its COMMIT returns. So what was read
 * while they were the same is what the database says now; to know that takes a
 * comparison of 96 bytes, where a read transaction takes locks. By the same
 * words SQLite tells whether its own pages in memory are still good: what could
 * deceive one, such as an index that is lost twice while the log is empty,
 * deceives the other. No clock is in it.
 *
 * A checkpoint changes neither them nor any row. Who writes a header and dies
 * leaves copies that differ, and the next who reads makes the index anew from
 * the log. As long as a handle is open nobody can leave WAL mode, and its
 * mapping stays where it is however the index grows.
 */
#ifndef ORGD_STORE_SQLITE_CACHE_H
#define ORGD_STORE_SQLITE_CACHE_H

#include <sqlite3.h>

#include "server/store/store.h"

/* What a row is kept by, and which: a store_token of its id or of its secret's
 * hash, the store_access of a bearer. */
enum db_cache_key { BY_ID, BY_HASH, BY_BEARER };

enum { DB_CACHE_KEY_MAX = 320 /* bytes; what has more is not kept */ };

struct db_cache;

/* For a database that has been read from. NULL: it can't have one, or there is
 * no memory; all goes without, just slower. */
struct db_cache *db_cache_new(sqlite3 *db);
void db_cache_free(struct db_cache *cache);

/*
 * A row as the database has it now, borrowed until the next call. NULL: it is
 * to be read. Inside of a transaction that has begun to read or write it always
 * is: what that sees may be older, or newer, than what others see.
 */
const void *db_cache_find(struct db_cache *cache, enum db_cache_key kind,
                          const void *key, size_t len);

/* Keeps what was read after db_cache_find had not found it. */
void db_cache_keep(struct db_cache *cache, enum db_cache_key kind,
                   const void *key, size_t len, const void *row);

/*
 * The tokens behind a place, as far as they were looked at: the same page is
 * asked for again and again. What becomes of them by the clock, and by
 * renewals that are not written yet, is for whoever they are shown to.
 */
struct db_list;

/*
 * *kept: the list has them, until the next call. If it has not, or too few:
 * give each row that is read (behind those) to db_list_add, then call
 * db_list_end, with whether that was all. NULL: nothing can be kept now; those
 * two take it.
 */
struct db_list *db_cache_list(struct db_cache *cache,
                              const struct store_position *after, bool *kept);
void db_list_add(struct db_list *list, const struct store_token *row);
void db_list_end(struct db_list *list, bool all);

/* The rows of a list that is kept; NULL behind the last. */
const struct store_token *db_list_row(const struct db_list *list, size_t i);

/* Whether no row is behind them. */
bool db_list_is_all(const struct db_list *list);

#endif
