/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite_tokens.c - users and tokens in SQLite. */
#include <string.h>

#include "base/buf.h"
#include "server/store/store_sqlite_parts.h"
#include "server/util/diag.h"

store_status db_user_add(struct store *store, const struct store_user *user)
{
    AUTO_STMT stmt = db_self(store)->stmt[USER_ADD];

    db_bind(stmt, 1, user->id);
    db_bind(stmt, 2, user->login);
    db_bind(stmt, 3, user->role);
    db_bind(stmt, 4, user->status);
    sqlite3_bind_int64(stmt, 5, user->created);
    sqlite3_bind_int64(stmt, 6, user->status_changed);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

struct store_user db_user_row(sqlite3_stmt *stmt)
{
    return (struct store_user){
        .id = db_text(stmt, 0),
        .login = db_text(stmt, 1),
        .role = db_text(stmt, 2),
        .status = db_text(stmt, 3),
        .created = sqlite3_column_int64(stmt, 4),
        .status_changed = sqlite3_column_int64(stmt, 5),
    };
}

/* Calls back for every row that is left. *count: how many there were. */
static store_status show_users(struct store *store, sqlite3_stmt *stmt,
                               store_user_fn *fn, void *ctx, size_t *count)
{
    int rc;

    for (*count = 0; (rc = sqlite3_step(stmt)) == SQLITE_ROW; (*count)++) {
        struct store_user user = db_user_row(stmt);

        fn(&user, ctx);
    }
    if (rc == SQLITE_DONE)
        return STORE_OK;
    return db_fail(db_self(store)->db, "could not read the users");
}

store_status db_user_find(struct store *store, const char *who,
                          store_user_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[USER_FIND];
    store_status st;
    size_t count;

    db_bind(stmt, 1, who);
    st = show_users(store, stmt, fn, ctx, &count);
    return st == STORE_OK && count == 0 ? STORE_NOT_FOUND : st;
}

store_status db_user_each(struct store *store, store_user_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[USER_EACH];
    size_t count;

    return show_users(store, stmt, fn, ctx, &count);
}

store_status db_user_set_status(struct store *store, const char *id,
                                const char *status, int64_t now)
{
    AUTO_STMT stmt = db_self(store)->stmt[USER_SET_STATUS];

    db_bind(stmt, 1, id);
    db_bind(stmt, 2, status);
    sqlite3_bind_int64(stmt, 3, now);
    return db_run_on_one(db_self(store), stmt);
}

/* -------------------------------------------------------------- Tokens -- */

static store_status add_row(struct store *store,
                            const struct store_token *token,
                            const unsigned char hash[SECRET_HASH_LEN])
{
    AUTO_STMT stmt = db_self(store)->stmt[TOKEN_ADD];

    db_bind(stmt, 1, token->id);
    db_bind(stmt, 2, token->name);
    db_bind(stmt, 3, token->user_id);
    db_bind(stmt, 4, token->client_name);
    db_bind(stmt, 5, token->window);
    db_bind(stmt, 6, token->connection);
    db_bind(stmt, 7, token->include);
    db_bind(stmt, 8, token->exclude);
    sqlite3_bind_int64(stmt, 9, token->created);
    sqlite3_bind_int64(stmt, 10, token->last_updated);
    sqlite3_bind_int64(stmt, 11, token->expires);
    db_bind_hash(stmt, 12, hash);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

/* What q finds. Not by a trigger: FTS5 may be used in none where the schema is
 * not trusted. */
static store_status add_text(struct store *store,
                             const struct store_token *token)
{
    AUTO_STMT stmt = db_self(store)->stmt[TEXT_ADD];

    db_bind(stmt, 1, token->name);
    db_bind(stmt, 2, token->client_name);
    return db_finish(db_self(store), sqlite3_step(stmt));
}

store_status db_token_add(struct store *store, const struct store_token *token,
                          const unsigned char hash[SECRET_HASH_LEN])
{
    store_status st = add_row(store, token, hash);

    return st == STORE_OK ? add_text(store, token) : st;
}

static struct store_token row(sqlite3_stmt *stmt)
{
    return (struct store_token){
        .id = db_text(stmt, 0),
        .name = db_text(stmt, 1),
        .user_id = db_text(stmt, 2),
        .client_name = db_text(stmt, 3),
        .window = db_column(stmt, 4),
        .connection = db_text(stmt, 5),
        .include = db_text(stmt, 6),
        .exclude = db_text(stmt, 7),
        .created = sqlite3_column_int64(stmt, 8),
        .last_updated = sqlite3_column_int64(stmt, 9),
        .expires = sqlite3_column_int64(stmt, 10),
    };
}

static store_status read_by_id(struct sqlite_store *s, const char *id,
                               store_token_fn *fn, void *ctx)
{
    AUTO_STMT stmt = s->stmt[TOKEN_BY_ID];
    struct store_token token;
    int rc;

    db_bind(stmt, 1, id);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE)
        return STORE_NOT_FOUND;
    if (rc != SQLITE_ROW)
        return db_fail(s->db, "could not look a token up");
    token = row(stmt);
    db_cache_keep(s->cache, BY_ID, id, strlen(id), &token);
    fn(&token, ctx);
    return STORE_OK;
}

store_status db_token_by_id(struct store *store, const char *id,
                            store_token_fn *fn, void *ctx)
{
    struct sqlite_store *s = db_self(store);
    const struct store_token *kept =
        db_cache_find(s->cache, BY_ID, id, strlen(id));

    if (kept == NULL)
        return read_by_id(s, id, fn, ctx);
    fn(kept, ctx);
    return STORE_OK;
}

static store_status read_by_hash(struct sqlite_store *s,
                                 const unsigned char hash[SECRET_HASH_LEN],
                                 store_token_fn *fn, void *ctx)
{
    AUTO_STMT stmt = s->stmt[TOKEN_BY_HASH];
    struct store_token token;
    int rc;

    db_bind_hash(stmt, 1, hash);
    rc = sqlite3_step(stmt);
    if (rc == SQLITE_DONE)
        return STORE_NOT_FOUND;
    if (rc != SQLITE_ROW)
        return db_fail(s->db, "could not look a secret up");
    token = row(stmt);
    token.owner_roles = db_text(stmt, 11);
    token.owner_status = db_text(stmt, 12);
    token.owner_login = db_text(stmt, 13);
    db_cache_keep(s->cache, BY_HASH, hash, SECRET_HASH_LEN, &token);
    fn(&token, ctx);
    return STORE_OK;
}

store_status db_token_by_hash(struct store *store,
                              const unsigned char hash[SECRET_HASH_LEN],
                              store_token_fn *fn, void *ctx)
{
    struct sqlite_store *s = db_self(store);
    const struct store_token *kept =
        db_cache_find(s->cache, BY_HASH, hash, SECRET_HASH_LEN);

    if (kept == NULL)
        return read_by_hash(s, hash, fn, ctx);
    fn(kept, ctx);
    return STORE_OK;
}

/* Calls back for every row that is left, until it has enough. */
static store_status show_tokens(struct store *store, sqlite3_stmt *stmt,
                                store_token_fn *fn, void *ctx)
{
    bool more = true;
    int rc;

    while (more && (rc = sqlite3_step(stmt)) != SQLITE_DONE) {
        struct store_token token;

        if (rc != SQLITE_ROW)
            return db_fail(db_self(store)->db, "could not list the tokens");
        token = row(stmt);
        more = fn(&token, ctx);
    }
    return STORE_OK;
}

store_status db_token_each(struct store *store,
                           const struct store_position *after,
                           store_token_fn *fn, void *ctx)
{
    AUTO_STMT stmt =
        db_self(store)->stmt[after == NULL ? TOKEN_FIRST : TOKEN_AFTER];

    if (after != NULL) {
        db_bind(stmt, 1, after->name);
        db_bind(stmt, 2, after->id);
    }
    return show_tokens(store, stmt, fn, ctx);
}

/* -------------------------------------------------------------- Search -- */

/*
 * Both ways find what okt_q_matches does, and may find more. The index has each
 * three letters in a row, in the letter case of all of Unicode; LIKE goes by
 * ASCII's. Neither is asked for letters beyond ASCII, as q need not be UTF-8,
 * but for the longest part of q between them.
 */
enum {
    INDEXED_MIN = 3, /* letters; fewer are in no index */
    HITS_MAX = 8000, /* with more, a page fills up sooner from the list */
    PATTERN_MAX = 1024
};

/* A part of q, and where a page of what it finds begins. */
struct search {
    const char *part;
    size_t len;
    const struct store_position *after;
    store_token_fn *fn;
    void *ctx;
};

static void find_part(const char *q, struct search *search)
{
    search->part = q;
    while (*q != '\0') {
        size_t len = 0;

        while (q[len] >= ' ' && q[len] <= '~')
            len++;
        if (len > search->len) {
            search->part = q;
            search->len = len;
        }
        q += len;
        q += *q != '\0';
    }
}

/* Writes the part between two ends, and something before what is special. */
static store_status write_pattern(const struct search *search, char end,
                                  const char *special, char escape,
                                  struct okt_buf *out)
{
    okt_buf_char(out, end);
    for (size_t i = 0; i < search->len; i++) {
        if (strchr(special, search->part[i]) != NULL)
            okt_buf_char(out, escape);
        okt_buf_char(out, search->part[i]);
    }
    okt_buf_char(out, end);
    if (!okt_buf_failed(out))
        return STORE_OK;
    say("database: could not search the tokens: out of memory");
    return STORE_FAILED;
}

/* Whether so few have it that they can be fetched and sorted for each page. */
static store_status count_hits(struct sqlite_store *s, const char *phrase,
                               bool *few)
{
    AUTO_STMT stmt = s->stmt[TOKEN_HITS];

    db_bind(stmt, 1, phrase);
    sqlite3_bind_int64(stmt, 2, HITS_MAX + 1);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return db_fail(s->db, "could not search the tokens");
    *few = sqlite3_column_int64(stmt, 0) <= HITS_MAX;
    return STORE_OK;
}

static store_status show_hits(struct sqlite_store *s, int which,
                              const char *pattern, const struct search *search)
{
    AUTO_STMT stmt = s->stmt[which];
    const struct store_position *after = search->after;

    db_bind(stmt, 1, pattern);
    db_bind(stmt, 2, after != NULL ? after->name : "");
    db_bind(stmt, 3, after != NULL ? after->id : "");
    return show_tokens(&s->store, stmt, search->fn, search->ctx);
}

static store_status search_list(struct sqlite_store *s,
                                const struct search *search)
{
    OKT_BUF_AUTO pattern = OKT_BUF_INIT(PATTERN_MAX);
    store_status st = write_pattern(search, '%', "%_\\", '\\', &pattern);

    return st == STORE_OK ? show_hits(s, TOKEN_SCAN, pattern.data, search) : st;
}

static store_status search_index(struct sqlite_store *s,
                                 const struct search *search)
{
    OKT_BUF_AUTO phrase = OKT_BUF_INIT(PATTERN_MAX);
    store_status st = write_pattern(search, '"', "\"", '"', &phrase);
    bool few = false;

    if (st == STORE_OK)
        st = count_hits(s, phrase.data, &few);
    if (st != STORE_OK)
        return st;
    return few ? show_hits(s, TOKEN_SEARCH, phrase.data, search)
               : search_list(s, search);
}

static store_status search_tokens(struct store *store, const char *q,
                                  const struct store_position *after,
                                  store_token_fn *fn, void *ctx)
{
    struct search search = { .after = after, .fn = fn, .ctx = ctx };

    find_part(q, &search);
    if (search.len >= INDEXED_MIN)
        return search_index(db_self(store), &search);
    return search.len > 0 ? search_list(db_self(store), &search)
                          : db_token_each(store, after, fn, ctx);
}

/* Hands rows on to whoever searches, and keeps them. */
struct keeper {
    struct db_list *list;
    store_token_fn *fn;
    void *ctx;
    bool more; /* fn has not had enough */
};

static bool keep(const struct store_token *token, void *ctx)
{
    struct keeper *keeper = ctx;

    db_list_add(keeper->list, token);
    keeper->more = keeper->fn(token, keeper->ctx);
    return keeper->more;
}

/* Shows what is kept. *last: where that ends. False: it was enough, or all. */
static bool show_kept(struct keeper *keeper, struct store_position *last)
{
    const struct store_token *token;

    for (size_t i = 0; (token = db_list_row(keeper->list, i)) != NULL; i++) {
        if (!keeper->fn(token, keeper->ctx))
            return false;
        *last = (struct store_position){ token->name, token->id };
    }
    return !db_list_is_all(keeper->list);
}

/* What is looked for is not kept: somebody may have pasted a secret there. */
store_status db_token_search(struct store *store, const char *q,
                             const struct store_position *after,
                             store_token_fn *fn, void *ctx)
{
    struct keeper keeper = { .fn = fn, .ctx = ctx, .more = true };
    struct store_position last;
    bool kept = false;
    store_status st;

    if (q[0] == '\0')
        keeper.list = db_cache_list(db_self(store)->cache, after, &kept);
    if (kept && !show_kept(&keeper, &last))
        return STORE_OK;
    st = search_tokens(store, q, kept ? &last : after, keep, &keeper);
    if (st == STORE_OK)
        db_list_end(keeper.list, keeper.more);
    return st;
}

store_status db_token_each_of(struct store *store, const char *user_id,
                              store_token_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[TOKEN_EACH_OF];

    db_bind(stmt, 1, user_id);
    return show_tokens(store, stmt, fn, ctx);
}

store_status db_token_expired(struct store *store, int64_t now,
                              store_token_fn *fn, void *ctx)
{
    AUTO_STMT stmt = db_self(store)->stmt[TOKEN_EXPIRED];

    sqlite3_bind_int64(stmt, 1, now);
    return show_tokens(store, stmt, fn, ctx);
}

store_status db_token_restrict(struct store *store, const char *id,
                               const struct store_network *network,
                               int64_t last_updated)
{
    AUTO_STMT stmt = db_self(store)->stmt[TOKEN_RESTRICT];

    db_bind(stmt, 1, id);
    db_bind(stmt, 2, network->connection);
    db_bind(stmt, 3, network->include);
    db_bind(stmt, 4, network->exclude);
    sqlite3_bind_int64(stmt, 5, last_updated);
    return db_run_on_one(db_self(store), stmt);
}

store_status db_token_renew(struct store *store, const char *id,
                            int64_t expires, int64_t last_updated)
{
    AUTO_STMT stmt = db_self(store)->stmt[TOKEN_RENEW];

    db_bind(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, expires);
    sqlite3_bind_int64(stmt, 3, last_updated);
    return db_run_on_one(db_self(store), stmt);
}

/* An index that does not fit its row (somebody has been at the database) must
 * keep no token alive: what stays in it finds no row. */
static store_status remove_text(struct store *store, const char *id)
{
    struct sqlite_store *s = db_self(store);
    AUTO_STMT stmt = s->stmt[TEXT_REMOVE];
    int rc;

    db_bind(stmt, 1, id);
    rc = sqlite3_step(stmt);
    if (sqlite3_extended_errcode(s->db) == SQLITE_CORRUPT_VTAB)
        return STORE_OK;
    return db_finish(s, rc);
}

store_status db_token_remove(struct store *store, const char *id)
{
    AUTO_STMT stmt = db_self(store)->stmt[TOKEN_REMOVE];
    store_status st = remove_text(store, id);

    db_bind(stmt, 1, id);
    return st == STORE_OK ? db_run_on_one(db_self(store), stmt) : st;
}
