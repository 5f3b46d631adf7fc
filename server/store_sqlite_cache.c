/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite_cache.c - a table of rows, good for one state of the file. */
#include "store_sqlite_cache.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "buf.h"
#include "hash.h"

enum {
    SLOTS = 128,
    STATE_WORDS = 12, /* both copies of the index's header, of 8 bytes each */
    INDEX_SIZE = 32768,
    INDEX_VERSION = 3007000, /* the one whose header is known here */
    TEXT_MAX = 65536
};

/* What a kind of row is made of. */
struct layout {
    size_t size;
    const size_t *texts; /* where it points to one */
    size_t count;
};

/* clang-format off */
static const size_t token_texts[] = {
    offsetof(struct store_token, id),
    offsetof(struct store_token, name),
    offsetof(struct store_token, user_id),
    offsetof(struct store_token, client_name),
    offsetof(struct store_token, window),
    offsetof(struct store_token, connection),
    offsetof(struct store_token, include),
    offsetof(struct store_token, exclude),
    offsetof(struct store_token, owner_roles),
    offsetof(struct store_token, owner_login),
    offsetof(struct store_token, owner_status),
};

static const size_t access_texts[] = {
    offsetof(struct store_access, app_name),
    offsetof(struct store_access, app_status),
    offsetof(struct store_access, roles),
    offsetof(struct store_access, login),
    offsetof(struct store_access, user_status),
};

#define TOKEN { sizeof(struct store_token), token_texts, ARRAY_LEN(token_texts) }

static const struct layout layouts[] = {
    [BY_ID] = TOKEN,
    [BY_HASH] = TOKEN,
    [BY_BEARER] = { sizeof(struct store_access), access_texts, ARRAY_LEN(access_texts) },
};
/* clang-format on */

struct entry {
    uint64_t generation; /* 0: nothing is kept here */
    enum db_cache_key kind;
    size_t key_len;
    unsigned char key[DB_CACHE_KEY_MAX];
    union {
        struct store_token token;
        struct store_access access;
    } row;
    struct okt_buf text; /* what it points to */
};

struct db_cache {
    sqlite3 *db;
    const volatile uint64_t *shared;
    uint64_t state[STATE_WORDS];
    uint64_t generation; /* of that state */
    bool keeps; /* what is read now fits, and is no older than that state */
    struct entry entries[SLOTS];
};

/* A copy that was saved is not: it has no index, nor may it be given one. */
static bool is_wal(sqlite3 *db)
{
    sqlite3_stmt *stmt = NULL;
    bool is =
        sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &stmt, NULL) ==
            SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW &&
        sqlite3_stricmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;

    sqlite3_finalize(stmt);
    return is;
}

/* Where SQLite itself has mapped it. */
static const volatile uint64_t *map_index(sqlite3 *db)
{
    sqlite3_file *file = NULL;
    volatile void *index = NULL;

    if (!is_wal(db) ||
        sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER,
                             (void *)&file) != SQLITE_OK ||
        file->pMethods == NULL || file->pMethods->iVersion < 2 ||
        file->pMethods->xShmMap(file, 0, INDEX_SIZE, 0, &index) != SQLITE_OK ||
        *(volatile uint32_t *)index != INDEX_VERSION)
        return NULL;
    return index;
}

struct db_cache *db_cache_new(sqlite3 *db)
{
    const volatile uint64_t *shared = map_index(db);
    struct db_cache *cache = NULL;

    if (shared != NULL)
        cache = calloc(1, sizeof(*cache));
    if (cache == NULL)
        return NULL;
    cache->db = db;
    cache->shared = shared;
    cache->generation = 1;
    for (size_t i = 0; i < SLOTS; i++)
        cache->entries[i].text = (struct okt_buf)OKT_BUF_INIT(TEXT_MAX);
    return cache;
}

void db_cache_free(struct db_cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        okt_buf_free(&cache->entries[i].text);
    free(cache);
}

/*
 * Whoever commits writes these words before it tells anybody. Half of a change
 * differs from what was there as well as from what will be: it costs a read or
 * two, and finds nothing that is old.
 */
static void look(struct db_cache *cache)
{
    uint64_t now[STATE_WORDS];

    for (size_t i = 0; i < STATE_WORDS; i++)
        now[i] = cache->shared[i];
    atomic_thread_fence(memory_order_acquire);
    if (memcmp(now, cache->state, sizeof(now)) == 0)
        return;
    memcpy(cache->state, now, sizeof(now));
    cache->generation++;
}

static struct entry *entry_of(struct db_cache *cache, const void *key,
                              size_t len)
{
    return &cache->entries[hash_bytes(key, len) % SLOTS];
}

const void *db_cache_find(struct db_cache *cache, enum db_cache_key kind,
                          const void *key, size_t len)
{
    struct entry *entry;

    if (cache == NULL)
        return NULL;
    cache->keeps = len <= DB_CACHE_KEY_MAX &&
                   sqlite3_txn_state(cache->db, NULL) == SQLITE_TXN_NONE;
    if (!cache->keeps)
        return NULL;
    look(cache);
    entry = entry_of(cache, key, len);
    if (entry->generation != cache->generation || entry->kind != kind ||
        entry->key_len != len || memcmp(entry->key, key, len) != 0)
        return NULL;
    return &entry->row;
}

/* Copies a text and has the pointer show where it will be: behind the last. */
static void own(struct entry *entry, const char **text)
{
    size_t at = entry->text.len;

    if (*text == NULL)
        return;
    okt_buf_append(&entry->text, *text, strlen(*text) + 1);
    if (!okt_buf_failed(&entry->text))
        *text = entry->text.data + at;
}

static const char **text_of(struct entry *entry, size_t offset)
{
    void *text = (char *)&entry->row + offset;

    return text;
}

static void own_all(struct entry *entry)
{
    const struct layout *layout = &layouts[entry->kind];
    size_t len = 0;

    for (size_t i = 0; i < layout->count; i++) {
        const char *text = *text_of(entry, layout->texts[i]);

        len += text != NULL ? strlen(text) + 1 : 0;
    }
    okt_buf_clear(&entry->text);
    okt_buf_reserve(&entry->text, len); /* so that nothing moves any more */
    for (size_t i = 0; i < layout->count; i++)
        own(entry, text_of(entry, layout->texts[i]));
}

void db_cache_keep(struct db_cache *cache, enum db_cache_key kind,
                   const void *key, size_t len, const void *row)
{
    struct entry *entry;

    if (cache == NULL || !cache->keeps)
        return;
    entry = entry_of(cache, key, len);
    entry->kind = kind;
    entry->key_len = len;
    memcpy(entry->key, key, len);
    memcpy(&entry->row, row, layouts[kind].size);
    own_all(entry);
    entry->generation = okt_buf_failed(&entry->text) ? 0 : cache->generation;
}
