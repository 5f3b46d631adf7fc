/* SPDX-License-Identifier: Apache-2.0 */
/* signer.c - the keys that access tokens are signed with. */
#include "server/oauth/signer.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "jose/jws.h"
#include "server/org/event.h"
#include "server/util/diag.h"
#include "server/util/file.h"

#define PREFIX "signing-"

enum { KID_MAX = OKT_SHA256_TEXT, JWK_MAX = 4096, NAME_MAX_LEN = 80 };

struct signer {
    const char *dir;
    pthread_rwlock_t lock;
    char kid[KID_MAX]; /* of key; "": none is loaded */
    struct okt_key *key;
};

static bool file_name(const char *kid, char out[static NAME_MAX_LEN])
{
    int len = snprintf(out, NAME_MAX_LEN, PREFIX "%s.jwk", kid);

    return len > 0 && len < NAME_MAX_LEN;
}

/* ---------------------------------------------------------------- Making -- */

/* The kid of the key that signs. */
static void keep_current(const struct store_key *key, void *ctx)
{
    char *kid = ctx;

    if (key->retired == 0)
        snprintf(kid, KID_MAX, "%s", key->kid);
}

static bool write_private(const char *dir, const struct okt_key *key)
{
    OKT_BUF_AUTO jwk = OKT_BUF_INIT(JWK_MAX);
    char name[NAME_MAX_LEN];
    AUTO(char) path = NULL;

    okt_key_private_jwk(key, &jwk);
    if (file_name(okt_key_thumbprint(key), name))
        path = path_join(dir, name);
    if (path == NULL || okt_buf_failed(&jwk)) {
        say("signing key: out of memory");
        return false;
    }
    if (file_write_new(path, jwk.data, jwk.len) && dir_sync(dir))
        return true;
    say("could not write a signing key in the data folder: %s",
        strerror(errno));
    return false;
}

static void remove_private(const char *dir, const char *kid)
{
    char name[NAME_MAX_LEN];
    AUTO(char) path = file_name(kid, name) ? path_join(dir, name) : NULL;

    if (path != NULL)
        unlink(path);
}

/* The first one is none that anybody has changed. */
static store_status add_event(struct store *store, const char *kid,
                              const char *before, int64_t now)
{
    struct store_event event = {
        .published = now,
        .type = EVENT_KEY_ROTATE,
        .target_type = EVENT_KEY,
        .target_id = kid,
        .target_name = kid,
    };

    return before[0] != '\0' ? event_add(store, &event) : STORE_OK;
}

/* In the transaction. The file first: a key that the database names must be
 * there. */
static bool add(const char *dir, struct store *store, const struct okt_key *key,
                int64_t now)
{
    OKT_BUF_AUTO jwk = OKT_BUF_INIT(JWK_MAX);
    struct store_key row = { .kid = okt_key_thumbprint(key), .created = now };
    char before[KID_MAX] = "";

    okt_key_public_jwk(key, &jwk);
    row.jwk = jwk.data;
    return !okt_buf_failed(&jwk) &&
           store->ops->key_each(store, keep_current, before) == STORE_OK &&
           write_private(dir, key) &&
           store->ops->key_add(store, &row) == STORE_OK &&
           add_event(store, row.kid, before, now) == STORE_OK &&
           store->ops->commit(store) == STORE_OK;
}

/* Whether private halves of other keys than kid lie there; and removes them. */
static bool find_others(const char *dir, const char *kid, bool remove)
{
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    char own[NAME_MAX_LEN] = "";
    bool found = false;

    file_name(kid, own);
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 ||
            strcmp(entry->d_name, own) == 0)
            continue;
        found = true;
        if (remove)
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder != NULL)
        closedir(folder);
    return found;
}

/*
 * Of a key that signs no more, the private half is good for nothing but harm:
 * that of the one before, of one that a snapshot took out of the database, or
 * that a crash left. The transaction changes nothing; while it lasts, nobody is
 * between the file and the row of a new key.
 */
static void tidy(const char *dir, struct store *store, const char *kid)
{
    char now[KID_MAX] = "";

    if (!find_others(dir, kid, false) || store->ops->begin(store) != STORE_OK)
        return;
    if (store->ops->key_each(store, keep_current, now) == STORE_OK)
        find_others(dir, now, true);
    store->ops->rollback(store);
}

bool signer_rotate(const char *dir, struct store *store, int64_t now)
{
    AUTO(okt_key) key = NULL;
    const char *why = okt_key_generate(OKT_RS256, &key);

    if (why != NULL) {
        say("could not make a signing key: %s", why);
        return false;
    }
    if (store->ops->begin(store) != STORE_OK)
        return false;
    if (!add(dir, store, key, now)) {
        remove_private(dir, okt_key_thumbprint(key));
        store->ops->rollback(store);
        return false;
    }
    tidy(dir, store, okt_key_thumbprint(key));
    return true;
}

static bool has_private(const char *dir, const char *kid)
{
    char name[NAME_MAX_LEN];
    AUTO(char) path = file_name(kid, name) ? path_join(dir, name) : NULL;

    return path != NULL && access(path, F_OK) == 0;
}

bool signer_ensure(const char *dir, struct store *store, int64_t now)
{
    char kid[KID_MAX] = "";

    if (store->ops->key_each(store, keep_current, kid) != STORE_OK)
        return false;
    if (kid[0] == '\0' || !has_private(dir, kid))
        return signer_rotate(dir, store, now);
    tidy(dir, store, kid);
    return true;
}

/* --------------------------------------------------------------- Signing -- */

struct signer *signer_new(const char *dir)
{
    struct signer *s = calloc(1, sizeof(*s));

    if (s == NULL)
        return NULL;
    s->dir = dir;
    pthread_rwlock_init(&s->lock, NULL);
    return s;
}

void signer_free(struct signer *s)
{
    if (s == NULL)
        return;
    okt_key_free(s->key);
    pthread_rwlock_destroy(&s->lock);
    free(s);
}

static const char *read_private(const char *dir, const char *kid,
                                struct okt_key **out)
{
    OKT_BUF_AUTO jwk = OKT_BUF_INIT(JWK_MAX);
    AUTO(okt_key) key = NULL;
    char name[NAME_MAX_LEN];
    AUTO(char) path = file_name(kid, name) ? path_join(dir, name) : NULL;
    const char *why =
        path != NULL ? file_read(path, FILE_PRIVATE, &jwk) : "out of memory";

    if (why == NULL)
        why = okt_key_from_jwk(jwk.data, jwk.len, &key);
    if (why != NULL)
        return why;
    if (!okt_key_is_private(key) || strcmp(okt_key_thumbprint(key), kid) != 0)
        return "it is another key";
    *out = TAKE(key);
    return NULL;
}

/* With the lock to write. Another thread may have been faster. */
static const char *load(struct signer *s, const char *kid)
{
    struct okt_key *key = NULL;
    const char *why;

    if (strcmp(s->kid, kid) == 0)
        return NULL;
    why = read_private(s->dir, kid, &key);
    if (why != NULL) {
        say("could not read the signing key in the data folder: %s; okta-orgd "
            "key rotate makes another",
            why);
        return why;
    }
    okt_key_free(s->key);
    s->key = key;
    snprintf(s->kid, sizeof(s->kid), "%s", kid);
    return NULL;
}

/* Leaves the lock held to read, where it worked. */
static const char *hold(struct signer *s, const char *kid)
{
    const char *why = NULL;

    pthread_rwlock_rdlock(&s->lock);
    while (why == NULL && strcmp(s->kid, kid) != 0) {
        pthread_rwlock_unlock(&s->lock);
        pthread_rwlock_wrlock(&s->lock);
        why = load(s, kid);
        pthread_rwlock_unlock(&s->lock);
        if (why == NULL)
            pthread_rwlock_rdlock(&s->lock);
    }
    return why;
}

static const char *hold_current(struct signer *s, struct store *store,
                                char kid[static KID_MAX])
{
    kid[0] = '\0';
    if (store->ops->key_each(store, keep_current, kid) != STORE_OK ||
        kid[0] == '\0')
        return "there is no signing key";
    return hold(s, kid);
}

const char *signer_check(struct signer *s, struct store *store)
{
    char kid[KID_MAX];
    const char *why = hold_current(s, store, kid);

    if (why == NULL)
        pthread_rwlock_unlock(&s->lock);
    return why;
}

const char *signer_sign(struct signer *s, struct store *store,
                        const struct okt_buf *claims, struct okt_buf *out)
{
    char kid[KID_MAX];
    char header[KID_MAX + 64];
    const char *why = hold_current(s, store, kid);

    if (why != NULL)
        return why;
    snprintf(header, sizeof(header), "\"typ\":\"at+jwt\",\"kid\":\"%s\"", kid);
    why = okt_jws_sign(s->key, okt_key_alg(s->key), header, claims->data,
                       claims->len, out);
    pthread_rwlock_unlock(&s->lock);
    return why;
}

/* ----------------------------------------------------------- Public halves --
 */

struct search {
    const char *kid;
    int64_t now;
    struct keyring *keyring;
    held_key *held;
    bool no_memory;
};

static bool is_good(const struct store_key *key, int64_t now)
{
    return key->retired == 0 || key->retired + ACCESS_SECONDS > now;
}

static void read_key(const char *jwk, struct search *search)
{
    unsigned char name[SECRET_HASH_LEN];
    okt_key *key = NULL;

    if (!secret_hash(jwk, name)) {
        search->no_memory = true;
        return;
    }
    search->held = keyring_find(search->keyring, name);
    if (search->held != NULL)
        return;
    if (okt_key_from_jwk(jwk, strlen(jwk), &key) == NULL)
        search->held = keyring_add(search->keyring, name, key);
    search->no_memory = search->held == NULL;
}

static void match(const struct store_key *key, void *ctx)
{
    struct search *search = ctx;

    if (search->held == NULL && strcmp(key->kid, search->kid) == 0 &&
        is_good(key, search->now))
        read_key(key->jwk, search);
}

store_status signer_key(struct keyring *keyring, struct store *store,
                        const char *kid, int64_t now, held_key **out)
{
    struct search search = { .kid = kid, .now = now, .keyring = keyring };
    store_status st = store->ops->key_each(store, match, &search);

    *out = search.held;
    if (st == STORE_OK && search.no_memory)
        return STORE_FAILED;
    return st == STORE_OK && search.held == NULL ? STORE_NOT_FOUND : st;
}

struct listing {
    int64_t now;
    struct okt_buf *out;
};

static void show(const struct store_key *key, void *ctx)
{
    struct listing *listing = ctx;
    struct okt_buf *out = listing->out;

    if (!is_good(key, listing->now))
        return;
    okt_buf_printf(out,
                   "%s{\"kid\":\"%s\",\"use\":\"sig\",\"alg\":\"RS256\",%s",
                   out->data[out->len - 1] == '}' ? "," : "", key->kid,
                   key->jwk + 1);
}

store_status signer_show(struct store *store, int64_t now, struct okt_buf *out)
{
    struct listing listing = { now, out };
    store_status st;

    okt_buf_str(out, "{\"keys\":[");
    if (okt_buf_failed(out))
        return STORE_FAILED;
    st = store->ops->key_each(store, show, &listing);
    okt_buf_str(out, "]}");
    return st;
}
