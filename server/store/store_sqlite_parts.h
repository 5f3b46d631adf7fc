/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite_parts.h - what the files of the SQLite backend share. */
#ifndef ORGD_STORE_SQLITE_PARTS_H
#define ORGD_STORE_SQLITE_PARTS_H

#include <sqlite3.h>

#include "server/store/store.h"
#include "server/store/store_sqlite_cache.h"

/* All roles of the user u, as store_token has them: each once, so that there
 * are never more than there are kinds. */
#define DB_ROLES                                              \
    "u.role || ',' || ifnull((SELECT group_concat(DISTINCT"   \
    " CASE substr(g.role, 1, 7) WHEN 'CUSTOM:' THEN 'CUSTOM'" \
    " ELSE g.role END)"                                       \
    " FROM member m JOIN user_group g ON g.id = m.group_id"   \
    " WHERE m.user_id = u.id AND g.role <> ''), '')"

/* One row per statement; prepared on open, finalised on close. */
enum {
    BEGIN,
    BEGIN_READ,
    COMMIT,
    ROLLBACK,
    PROVE,
    USER_ADD,
    USER_FIND,
    USER_EACH,
    USER_SET_STATUS,
    PASSWORD_SET,
    PASSWORD_FIND,
    SESSION_ADD,
    SESSION_FIND,
    SESSION_USE,
    SESSION_REMOVE,
    SESSION_REMOVE_OF,
    SESSION_SWEEP,
    GROUP_ADD,
    GROUP_ADD_MEMBER,
    GROUP_FIND,
    GROUP_EACH_OF,
    GROUP_EACH,
    TOKEN_ADD,
    TOKEN_BY_ID,
    TOKEN_BY_HASH,
    TOKEN_FIRST,
    TOKEN_AFTER,
    TEXT_ADD,
    TEXT_REMOVE,
    TOKEN_HITS,
    TOKEN_SEARCH,
    TOKEN_SCAN,
    TOKEN_EACH_OF,
    TOKEN_EXPIRED,
    TOKEN_RESTRICT,
    TOKEN_RENEW,
    TOKEN_REMOVE,
    ZONE_ADD,
    ZONE_FIND,
    ZONE_EACH,
    EVENT_ADD,
    EVENTS_UP,
    EVENTS_DOWN,
    EVENT_REFUSED,
    EVENT_PRUNE,
    SET_PINNED,
    GET_PINNED,
    CLOCK_SAVE,
    CLOCK_LOAD,
    APP_ADD,
    APP_FIND,
    APP_EACH,
    APP_SET_STATUS,
    APP_SET_KEYS,
    KEY_RETIRE,
    KEY_ADD,
    KEY_EACH,
    DEVICE_ADD,
    DEVICE_BY_CODE,
    DEVICE_BY_USER_CODE,
    DEVICE_DECIDE,
    DEVICE_USE,
    DEVICE_COUNT,
    CODE_ADD,
    CODE_BY_HASH,
    CODE_USE,
    GRANT_ADD,
    GRANT_FIND,
    GRANT_EACH,
    GRANT_EACH_OF,
    DEVICE_REMOVE_OF,
    CODE_REMOVE_OF,
    GRANT_EXTEND,
    GRANT_REMOVE,
    REFRESH_ADD,
    REFRESH_BY_HASH,
    REFRESH_USE,
    REFRESH_REPLACE,
    REFRESH_USE_AGAIN,
    ASSERTION_USE,
    ACCESS_REVOKE,
    ACCESS_FIND,
    LAPSED_ANY,
    LAPSE_DEVICE,
    LAPSE_CODE,
    LAPSE_GRANT,
    LAPSE_REFRESH,
    LAPSE_ASSERTION,
    LAPSE_REVOKED,
    LAPSE_KEY,
    STATEMENTS
};

/* The statements of store_sqlite_oauth.c; NULL for those of other files. */
extern const char *const db_oauth_sql[STATEMENTS];

struct sqlite_store {
    struct store store; /* first */
    sqlite3 *db;
    sqlite3_stmt *stmt[STATEMENTS];
    struct db_cache *cache; /* NULL: none */
};

/* Rewinds the statement when it leaves scope, whatever happened. */
#define AUTO_STMT __attribute__((cleanup(db_reset))) sqlite3_stmt *

void db_reset(sqlite3_stmt **stmt);

struct sqlite_store *db_self(struct store *store);

/* Says what failed and why. SQLite's messages name tables and columns, never a
 * value. Returns STORE_FAILED. */
store_status db_fail(sqlite3 *db, const char *what);

/* What a step without rows came to. */
store_status db_finish(struct sqlite_store *s, int rc);

/* Runs a statement without parameters. */
store_status db_run(struct store *store, int which);

/* For a change that concerns one row: NOT_FOUND where there is none. */
store_status db_run_on_one(struct sqlite_store *s, sqlite3_stmt *stmt);

void db_bind(sqlite3_stmt *stmt, int i, const char *text);
void db_bind_hash(sqlite3_stmt *stmt, int i,
                  const unsigned char hash[SECRET_HASH_LEN]);

const char *db_column(sqlite3_stmt *stmt, int i);

/* Text that the schema promises; NULL from SQLite, for want of memory alone,
 * is "". */
const char *db_text(sqlite3_stmt *stmt, int i);

/* The user in a row whose first columns are a user's. */
struct store_user db_user_row(sqlite3_stmt *stmt);

/* The members of store_ops that store_sqlite_copy.c has. */
store_status db_save(struct store *store, const char *path, int64_t note);
store_status db_restore(struct store *store, const char *path, int64_t *note);

/* Those of store_sqlite_tokens.c. */
store_status db_user_add(struct store *store, const struct store_user *user);
store_status db_user_find(struct store *store, const char *who,
                          store_user_fn *fn, void *ctx);
store_status db_user_each(struct store *store, store_user_fn *fn, void *ctx);
store_status db_user_set_status(struct store *store, const char *id,
                                const char *status, int64_t now);
store_status db_token_add(struct store *store, const struct store_token *token,
                          const unsigned char hash[SECRET_HASH_LEN]);
store_status db_token_by_id(struct store *store, const char *id,
                            store_token_fn *fn, void *ctx);
store_status db_token_by_hash(struct store *store,
                              const unsigned char hash[SECRET_HASH_LEN],
                              store_token_fn *fn, void *ctx);
store_status db_token_each(struct store *store,
                           const struct store_position *after,
                           store_token_fn *fn, void *ctx);
store_status db_token_search(struct store *store, const char *q,
                             const struct store_position *after,
                             store_token_fn *fn, void *ctx);
store_status db_token_each_of(struct store *store, const char *user_id,
                              store_token_fn *fn, void *ctx);
store_status db_token_expired(struct store *store, int64_t now,
                              store_token_fn *fn, void *ctx);
store_status db_token_restrict(struct store *store, const char *id,
                               const struct store_network *network,
                               int64_t last_updated);
store_status db_token_renew(struct store *store, const char *id,
                            int64_t expires, int64_t last_updated);
store_status db_token_remove(struct store *store, const char *id);

/* Those of store_sqlite_web.c. */
store_status db_password_set(struct store *store, const char *user_id,
                             const char *hash, int64_t now);
store_status db_password_find(struct store *store, const char *who,
                              store_password_fn *fn, void *ctx);
store_status db_session_add(struct store *store,
                            const struct store_session *session,
                            const unsigned char hash[SECRET_HASH_LEN]);
store_status db_session_find(struct store *store,
                             const unsigned char hash[SECRET_HASH_LEN],
                             store_session_fn *fn, void *ctx);
store_status db_session_use(struct store *store,
                            const unsigned char hash[SECRET_HASH_LEN],
                            int64_t used);
store_status db_session_remove(struct store *store,
                               const unsigned char hash[SECRET_HASH_LEN]);
store_status db_session_remove_of(struct store *store, const char *user_id,
                                  int64_t *count);
store_status db_session_sweep(struct store *store, int64_t created,
                              int64_t used);

/* And those of store_sqlite_org.c. */
store_status db_group_add(struct store *store, const struct store_group *group);
store_status db_group_add_member(struct store *store, const char *group_id,
                                 const char *user_id);
store_status db_group_find(struct store *store, const char *id,
                           store_group_fn *fn, void *ctx);
store_status db_group_each_of(struct store *store, const char *user_id,
                              store_group_fn *fn, void *ctx);
store_status db_group_each(struct store *store, store_group_fn *fn, void *ctx);
store_status db_zone_add(struct store *store, const struct store_zone *zone);
store_status db_zone_find(struct store *store, const char *id,
                          store_zone_fn *fn, void *ctx);
store_status db_zone_each(struct store *store, store_zone_fn *fn, void *ctx);

store_status db_event_add(struct store *store, const struct store_event *event);
store_status db_event_each(struct store *store,
                           const struct store_events *which, store_event_fn *fn,
                           void *ctx);
store_status db_event_prune(struct store *store, int64_t before, int max);
store_status db_event_refused(struct store *store, const char *token_id,
                              int64_t since, bool *is);

/* And those of store_sqlite_oauth.c. */
store_status db_app_add(struct store *store, const struct store_app *app);
store_status db_app_find(struct store *store, const char *id, store_app_fn *fn,
                         void *ctx);
store_status db_app_each(struct store *store, store_app_fn *fn, void *ctx);
store_status db_app_set_status(struct store *store, const char *id,
                               const char *status, int64_t now);
store_status db_app_set_keys(struct store *store, const char *id,
                             const char *jwks, int64_t now);
store_status db_key_add(struct store *store, const struct store_key *key);
store_status db_key_each(struct store *store, store_key_fn *fn, void *ctx);
store_status db_device_add(struct store *store,
                           const struct store_device *device,
                           const unsigned char hash[SECRET_HASH_LEN],
                           const unsigned char user_hash[SECRET_HASH_LEN]);
store_status db_device_by_code(struct store *store,
                               const unsigned char hash[SECRET_HASH_LEN],
                               store_device_fn *fn, void *ctx);
store_status
db_device_by_user_code(struct store *store,
                       const unsigned char user_hash[SECRET_HASH_LEN],
                       store_device_fn *fn, void *ctx);
store_status db_device_decide(struct store *store,
                              const unsigned char user_hash[SECRET_HASH_LEN],
                              const char *from, const char *status,
                              const char *user_id);
store_status db_device_use(struct store *store,
                           const struct store_device *device,
                           const unsigned char hash[SECRET_HASH_LEN]);
store_status db_device_count(struct store *store, int64_t now, int64_t *count);
store_status db_code_add(struct store *store, const struct store_code *code,
                         const unsigned char hash[SECRET_HASH_LEN]);
store_status db_code_by_hash(struct store *store,
                             const unsigned char hash[SECRET_HASH_LEN],
                             store_code_fn *fn, void *ctx);
store_status db_code_use(struct store *store,
                         const unsigned char hash[SECRET_HASH_LEN],
                         const char *grant_id);
store_status db_grant_add(struct store *store, const struct store_grant *grant);
store_status db_grant_find(struct store *store, const char *id,
                           store_grant_fn *fn, void *ctx);
store_status db_grant_each(struct store *store, const char *user_id,
                           store_grants_fn *fn, void *ctx);
store_status db_consent_remove_of(struct store *store, const char *user_id,
                                  const char *device_status);
store_status db_grant_extend(struct store *store, const char *id,
                             int64_t expires, const char *jkt);
store_status db_grant_remove(struct store *store, const char *id);
store_status db_refresh_add(struct store *store, const char *grant_id,
                            const unsigned char hash[SECRET_HASH_LEN],
                            int64_t expires);
store_status db_refresh_by_hash(struct store *store,
                                const unsigned char hash[SECRET_HASH_LEN],
                                store_refresh_fn *fn, void *ctx);
store_status db_refresh_use(struct store *store,
                            const unsigned char hash[SECRET_HASH_LEN],
                            const struct store_rotation *rotation);
store_status db_refresh_use_again(struct store *store,
                                  const unsigned char hash[SECRET_HASH_LEN],
                                  const struct store_rotation *rotation);
store_status db_assertion_use(struct store *store, const char *client_id,
                              const unsigned char hash[SECRET_HASH_LEN],
                              int64_t expires);
store_status db_access_revoke(struct store *store, const char *jti,
                              int64_t expires);
store_status db_access_find(struct store *store,
                            const struct store_bearer *bearer,
                            store_access_fn *fn, void *ctx);
store_status db_oauth_is_lapsed(struct store *store, int64_t now,
                                int64_t key_seconds, bool *is);
store_status db_oauth_sweep(struct store *store, int64_t now,
                            int64_t key_seconds);

#endif
