/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite_cache.c - a table of rows, and a few lists, good for one state
 * of the file. */
#include "server/store/store_sqlite_cache.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "server/util/hash.h"

enum {
    SLOTS = 128,
    STATE_WORDS = 12, /* both copies of the index's header, of 8 bytes each */
    INDEX_SIZE = 32768,
    INDEX_VERSION = 3007000, /* the one whose header is known here */
    TEXT_MAX = 65536,
    LISTS = 4,
    LIST_ROWS = 256, /* a page of 200, and the one that says there are more */
    LIST_KEY_MAX = 1024,
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

struct db_list {
    uint64_t generation; /* 0: nothing is kept here */
    uint64_t read_in;    /* the one in which it was begun to be read */
    struct okt_buf key;
    bool all; /* no row is behind these */
    size_t count;
    struct store_token rows[LIST_ROWS];
    struct okt_buf text; /* what they point to */
};

struct db_cache {
    sqlite3 *db;
    const volatile uint64_t *shared;
    uint64_t state[STATE_WORDS];
    uint64_t generation; /* of that state */
    bool keeps; /* what is read now fits, and is no older than that state */
    struct entry entries[SLOTS];
    struct db_list lists[LISTS];
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
    for (size_t i = 0; i < LISTS; i++) {
        cache->lists[i].key = (struct okt_buf)OKT_BUF_INIT(LIST_KEY_MAX);
        cache->lists[i].text = (struct okt_buf)OKT_BUF_INIT(TEXT_MAX);
    }
    return cache;
}

void db_cache_free(struct db_cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        okt_buf_free(&cache->entries[i].text);
    for (size_t i = 0; i < LISTS; i++) {
        okt_buf_free(&cache->lists[i].key);
        okt_buf_free(&cache->lists[i].text);
    }
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

/* Outside of a transaction alone; then the generation is that of now. */
static bool is_current(struct db_cache *cache)
{
    if (sqlite3_txn_state(cache->db, NULL) != SQLITE_TXN_NONE)
        return false;
    look(cache);
    return true;
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
    cache->keeps = len <= DB_CACHE_KEY_MAX && is_current(cache);
    if (!cache->keeps)
        return NULL;
    entry = entry_of(cache, key, len);
    if (entry->generation != cache->generation || entry->kind != kind ||
        entry->key_len != len || memcmp(entry->key, key, len) != 0)
        return NULL;
    return &entry->row;
}

/* Copies a text, for which there is room, behind the last. */
static void own(struct okt_buf *texts, const char **text)
{
    size_t at = texts->len;

    if (*text == NULL)
        return;
    okt_buf_append(texts, *text, strlen(*text) + 1);
    if (!okt_buf_failed(texts))
        *text = texts->data + at;
}

static const char **text_of(void *row, size_t offset)
{
    void *text = (char *)row + offset;

    return text;
}

static void own_all(struct okt_buf *texts, const struct layout *layout,
                    void *row)
{
    for (size_t i = 0; i < layout->count; i++)
        own(texts, text_of(row, layout->texts[i]));
}

static size_t length_of_all(const struct layout *layout, void *row)
{
    size_t len = 0;

    for (size_t i = 0; i < layout->count; i++) {
        const char *text = *text_of(row, layout->texts[i]);

        len += text != NULL ? strlen(text) + 1 : 0;
    }
    return len;
}

void db_cache_keep(struct db_cache *cache, enum db_cache_key kind,
                   const void *key, size_t len, const void *row)
{
    const struct layout *layout = &layouts[kind];
    struct entry *entry;

    if (cache == NULL || !cache->keeps)
        return;
    entry = entry_of(cache, key, len);
    entry->kind = kind;
    entry->key_len = len;
    memcpy(entry->key, key, len);
    memcpy(&entry->row, row, layout->size);
    okt_buf_clear(&entry->text);
    okt_buf_reserve(&entry->text, length_of_all(layout, &entry->row));
    own_all(&entry->text, layout, &entry->row);
    entry->generation = okt_buf_failed(&entry->text) ? 0 : cache->generation;
}

/* --------------------------------------------------------------- Lists -- */

/* No name is before "". */
static void write_key(struct okt_buf *out, const struct store_position *after)
{
    const char *name = after != NULL ? after->name : "";
    const char *id = after != NULL ? after->id : "";

    okt_buf_append(out, name, strlen(name) + 1);
    okt_buf_append(out, id, strlen(id) + 1);
}

struct db_list *db_cache_list(struct db_cache *cache,
                              const struct store_position *after, bool *kept)
{
    OKT_BUF_AUTO key = OKT_BUF_INIT(LIST_KEY_MAX);
    struct db_list *list;

    *kept = false;
    write_key(&key, after);
    if (cache == NULL || okt_buf_failed(&key) || !is_current(cache))
        return NULL;
    list = &cache->lists[hash_bytes(key.data, key.len) % LISTS];
    *kept = list->generation == cache->generation && list->key.len == key.len &&
            memcmp(list->key.data, key.data, key.len) == 0;
    if (*kept)
        return list;
    list->generation = 0;
    list->read_in = cache->generation;
    list->count = 0;
    okt_buf_clear(&list->key);
    okt_buf_append(&list->key, key.data, key.len);
    okt_buf_clear(&list->text);
    okt_buf_reserve(&list->text, TEXT_MAX); /* so that nothing moves */
    return list;
}

void db_list_add(struct db_list *list, const struct store_token *row)
{
    if (list == NULL || list->count > LIST_ROWS)
        return;
    list->generation = 0; /* until it is known how it ends */
    if (list->count < LIST_ROWS) {
        list->rows[list->count] = *row;
        own_all(&list->text, &layouts[BY_ID], &list->rows[list->count]);
    }
    list->count++;
}

void db_list_end(struct db_list *list, bool all)
{
    if (list == NULL || list->count > LIST_ROWS || okt_buf_failed(&list->key) ||
        okt_buf_failed(&list->text))
        return;
    list->all = all;
    list->generation = list->read_in;
}

const struct store_token *db_list_row(const struct db_list *list, size_t i)
{
    return i < list->count ? &list->rows[i] : NULL;
}

bool db_list_is_all(const struct db_list *list)
{
    return list->all;
}
