/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite_org.c - groups, network zones and the System Log in SQLite. */
#include "server/store/store_sqlite_parts.h"

/* -------------------------------------------------------------- Groups -- */

store_status db_group_add(struct store *store, const struct store_group *group)
{
    AUTO_STMT stmt = db_self(store)->stmt[GROUP_ADD];

    db_bind(stmt, 1, group->id);
    db_bind(stmt, 2, group->name);
    db_bind(stmt, 3, group->role);
    sqlite3_bind_int64(stmt, 4, group->created);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_group_add_member(struct store *store, const char *group_id,
                                 const char *user_id)
{
    AUTO_STMT stmt = db_self(store)->stmt[GROUP_ADD_MEMBER];

    db_bind(stmt, 1, group_id);
    db_bind(stmt, 2, user_id);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

static store_status show_groups(struct store *store, sqlite3_stmt *stmt,
                                store_group_fn *fn, void *ctx, size_t *count)
{
    int rc;

    for (*count = 0; (rc = sqlite3_step(stmt)) == SQLITE_ROW; (*count)++) {
        struct store_group group = {
            .id = db_text(stmt, 0),
            .name = db_text(stmt, 1),
            .role = db_text(stmt, 2),
            .created = sqlite3_column_int64(stmt, 3),
        };

        fn(&group, ctx);
    }
    if (rc == SQLITE_DONE)
        return STORE_OK;
    return db_fail(db_self(store)->db, "could not read the groups");
}

store_status db_group_find(struct store *store, const char *id,
                           store_group_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[GROUP_FIND];
    store_status st;
    size_t count;

    db_bind(stmt, 1, id);
    st = show_groups(store, stmt, fn, ctx, &count);
    return st == STORE_OK && count == 0 ? STORE_NOT_FOUND : st;
}

store_status db_group_each_of(struct store *store, const char *user_id,
                              store_group_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[GROUP_EACH_OF];
    size_t count;

    db_bind(stmt, 1, user_id);
    return show_groups(store, stmt, fn, ctx, &count);
}

store_status db_group_each(struct store *store, store_group_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[GROUP_EACH];
    size_t count;

    return show_groups(store, stmt, fn, ctx, &count);
}

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

/* -------------------------------------------------------------- Events -- */

store_status db_event_add(struct store *store, const struct store_event *event)
{
    AUTO_STMT stmt = db_self(store)->stmt[EVENT_ADD];

    db_bind(stmt, 1, event->uuid);
    sqlite3_bind_int64(stmt, 2, event->published);
    db_bind(stmt, 3, event->type);
    db_bind(stmt, 4, event->actor_id);
    db_bind(stmt, 5, event->actor_login);
    db_bind(stmt, 6, event->target_id);
    db_bind(stmt, 7, event->target_name);
    db_bind(stmt, 8, event->address);
    db_bind(stmt, 9, event->request_id);
    db_bind(stmt, 10, event->token_id);
    db_bind(stmt, 11, event->network.connection);
    db_bind(stmt, 12, event->network.include);
    db_bind(stmt, 13, event->network.exclude);
    db_bind(stmt, 14, event->actor_type);
    db_bind(stmt, 15, event->target_type);
    db_bind(stmt, 16, event->client_id);
    db_bind(stmt, 17, event->group_id);
    db_bind(stmt, 18, event->group_name);
    db_bind(stmt, 19, event->privilege);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

static struct store_event event_row(sqlite3_stmt *stmt)
{
    return (struct store_event){
        .seq = sqlite3_column_int64(stmt, 0),
        .uuid = db_text(stmt, 1),
        .published = sqlite3_column_int64(stmt, 2),
        .type = db_text(stmt, 3),
        .actor_id = db_column(stmt, 4),
        .actor_login = db_column(stmt, 5),
        .target_id = db_column(stmt, 6),
        .target_name = db_column(stmt, 7),
        .address = db_column(stmt, 8),
        .request_id = db_column(stmt, 9),
        .token_id = db_column(stmt, 10),
        .network = { db_column(stmt, 11), db_column(stmt, 12),
                     db_column(stmt, 13) },
        .actor_type = db_column(stmt, 14),
        .target_type = db_column(stmt, 15),
        .client_id = db_column(stmt, 16),
        .group_id = db_column(stmt, 17),
        .group_name = db_column(stmt, 18),
        .privilege = db_column(stmt, 19),
    };
}

/* Where a list begins that goes on behind no event: before the first, or behind
 * the last. */
static void bind_after(sqlite3_stmt *stmt, const struct store_events *which)
{
    int64_t edge = which->descending ? INT64_MAX : INT64_MIN;
    bool any = which->after_seq == 0;

    sqlite3_bind_int64(stmt, 3, any ? edge : which->after_published);
    sqlite3_bind_int64(stmt, 4, any ? edge : which->after_seq);
}

store_status db_event_each(struct store *store,
                           const struct store_events *which, store_event_fn *fn,
                           void *ctx)
{
    AUTO_STMT stmt =
        db_self(store)->stmt[which->descending ? EVENTS_DOWN : EVENTS_UP];
    bool more = true;
    int rc;

    sqlite3_bind_int64(stmt, 1, which->since);
    sqlite3_bind_int64(stmt, 2, which->until);
    bind_after(stmt, which);
    while (more && (rc = sqlite3_step(stmt)) != SQLITE_DONE) {
        struct store_event event;

        if (rc != SQLITE_ROW)
            return db_fail(db_self(store)->db, "could not read the log");
        event = event_row(stmt);
        more = fn(&event, ctx);
    }
    return STORE_OK;
}

store_status db_event_prune(struct store *store, int64_t before, int max)
{
    AUTO_STMT stmt = db_self(store)->stmt[EVENT_PRUNE];

    sqlite3_bind_int64(stmt, 1, before);
    sqlite3_bind_int(stmt, 2, max);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_event_refused(struct store *store, const char *token_id,
                              int64_t since, bool *is)
{
    AUTO_STMT stmt = db_self(store)->stmt[EVENT_REFUSED];
    int rc;

    db_bind(stmt, 1, token_id);
    sqlite3_bind_int64(stmt, 2, since);
    rc = sqlite3_step(stmt);
    *is = rc == SQLITE_ROW;
    return db_finish(db_self(store), rc);
}
