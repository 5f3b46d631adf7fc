/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite_org.c - network zones in SQLite. */
#include "store_sqlite_parts.h"

/* --------------------------------------------------------------- Zones -- */

store_status db_zone_add(struct store *store, const struct store_zone *zone)
{
    AUTO_STMT stmt = db_self(store)->stmt[ZONE_ADD];

    db_bind(stmt, 1, zone->id);
    db_bind(stmt, 2, zone->name);
    db_bind(stmt, 3, zone->type);
    db_bind(stmt, 4, zone->status);
    db_bind(stmt, 5, zone->gateways);
    sqlite3_bind_int64(stmt, 6, zone->created);
    sqlite3_bind_int64(stmt, 7, zone->last_updated);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

/* Calls back for every row that is left. *count: how many there were. */
static store_status show_zones(struct store *store, sqlite3_stmt *stmt,
                               store_zone_fn *fn, void *ctx, size_t *count)
{
    int rc;

    for (*count = 0; (rc = sqlite3_step(stmt)) == SQLITE_ROW; (*count)++) {
        struct store_zone zone = {
            .id = db_text(stmt, 0),
            .name = db_text(stmt, 1),
            .type = db_text(stmt, 2),
            .status = db_text(stmt, 3),
            .gateways = db_text(stmt, 4),
            .created = sqlite3_column_int64(stmt, 5),
            .last_updated = sqlite3_column_int64(stmt, 6),
        };

        fn(&zone, ctx);
    }
    if (rc == SQLITE_DONE)
        return STORE_OK;
    return db_fail(db_self(store)->db, "could not read the zones");
}

store_status db_zone_find(struct store *store, const char *id,
                          store_zone_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[ZONE_FIND];
    store_status st;
    size_t count;

    db_bind(stmt, 1, id);
    st = show_zones(store, stmt, fn, ctx, &count);
    return st == STORE_OK && count == 0 ? STORE_NOT_FOUND : st;
}

store_status db_zone_each(struct store *store, store_zone_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[ZONE_EACH];
    size_t count;

    return show_zones(store, stmt, fn, ctx, &count);
}
