/* SPDX-License-Identifier: Apache-2.0 */
/* access_token.c - access tokens: made, read, and how they stand. */
#include "server/oauth/access_token.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "jose/jws.h"
#include "server/oauth/app.h"
#include "server/oauth/signer.h"
#include "server/org/role.h"
#include "wire/json.h"

#define TYP                                                          \
    "at+jwt" /* RFC 9068: nothing else that is signed passes for one \
              */

enum { JTI_BYTES = 32, CLAIMS_MAX = 4096, CACHE_SLOTS = 2048 };

static bool copy(char *out, size_t size, const char *text)
{
    size_t len = text != NULL ? strlen(text) : size;

    if (len >= size)
        return false;
    memcpy(out, text, len + 1);
    return true;
}

/* ---------------------------------------------------------------- Making -- */

bool access_begin(const struct org *org, struct access *a)
{
    OKT_BUF_AUTO jti = OKT_BUF_INIT(ACCESS_JTI_MAX);

    okt_buf_str(&jti, "AT.");
    if (!okt_random_base64url(JTI_BYTES, &jti) || okt_buf_failed(&jti))
        return false;
    a->issued = org_now(org);
    a->expires = a->issued + ACCESS_SECONDS;
    return copy(a->jti, sizeof(a->jti), jti.data);
}

static void add_scopes(struct okt_json_writer *w, yyjson_mut_val *root,
                       const char *scopes)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(w->doc, root, "scp");

    while (*scopes != '\0') {
        size_t len = strcspn(scopes, " ");

        yyjson_mut_arr_add_strn(w->doc, list, scopes, len);
        scopes += len;
        scopes += *scopes == ' ';
    }
}

static void add_claims(struct okt_json_writer *w, yyjson_mut_val *root,
                       const struct org *org, const struct access *a,
                       const char *login)
{
    yyjson_mut_doc *doc = w->doc;
    bool user = a->user_id[0] != '\0';

    yyjson_mut_obj_add_int(doc, root, "ver", 1);
    yyjson_mut_obj_add_str(doc, root, "jti", a->jti);
    yyjson_mut_obj_add_str(doc, root, "iss", org->public_url);
    yyjson_mut_obj_add_str(doc, root, "aud", org->public_url);
    yyjson_mut_obj_add_str(doc, root, "sub", user ? login : a->client_id);
    yyjson_mut_obj_add_int(doc, root, "iat", a->issued);
    yyjson_mut_obj_add_int(doc, root, "exp", a->expires);
    yyjson_mut_obj_add_str(doc, root, "cid", a->client_id);
    if (user)
        yyjson_mut_obj_add_str(doc, root, "uid", a->user_id);
    if (a->grant_id[0] != '\0')
        yyjson_mut_obj_add_str(doc, root, "gid", a->grant_id);
    add_scopes(w, root, a->scopes);
    if (a->jkt[0] != '\0')
        yyjson_mut_obj_add_str(doc, yyjson_mut_obj_add_obj(doc, root, "cnf"),
                               "jkt", a->jkt);
}

const char *access_sign(const struct org *org, struct store *store,
                        const struct access *a, const char *login,
                        struct okt_buf *out)
{
    OKT_JSON_WRITER_AUTO writer;
    OKT_BUF_AUTO claims = OKT_BUF_INIT(CLAIMS_MAX);
    yyjson_mut_val *root = okt_json_begin(&writer);

    add_claims(&writer, root, org, a, login);
    okt_json_print(&writer, &claims);
    if (okt_buf_failed(&claims))
        return okt_jose_no_memory;
    return signer_sign(org->signer, store, &claims, out);
}

/* --------------------------------------------------------------- Reading -- */

/* Appends the items of "scp", a space between them. */
static bool read_scopes(yyjson_val *list, char *out, size_t size)
{
    size_t used = 0;
    size_t i;
    size_t count;
    yyjson_val *item;

    if (!yyjson_is_arr(list))
        return false;
    out[0] = '\0';
    yyjson_arr_foreach(list, i, count, item) {
        const char *scope = okt_json_text(item);
        int len = snprintf(out + used, size - used, "%s%s", i > 0 ? " " : "",
                           scope != NULL ? scope : "");

        if (scope == NULL || len < 0 || (size_t)len >= size - used)
            return false;
        used += (size_t)len;
    }
    return true;
}

/* A claim that may be missing, and then is "". */
static bool read_text(const char *text, bool there, char *out, size_t size)
{
    return copy(out, size, there ? text : "");
}

/* What this org has signed is as it wrote it; all the same, nothing is taken
 * for granted. */
static bool read_claims(const struct org *org, const struct okt_jws *jws,
                        struct access *a)
{
    const char *iss = okt_jws_text(jws, "iss");
    const char *aud = okt_jws_text(jws, "aud");
    yyjson_val *uid = yyjson_obj_get(jws->claims, "uid");
    yyjson_val *gid = yyjson_obj_get(jws->claims, "gid");
    yyjson_val *cnf = yyjson_obj_get(jws->claims, "cnf");

    return iss != NULL && strcmp(iss, org->public_url) == 0 && aud != NULL &&
           strcmp(aud, org->public_url) == 0 &&
           okt_jws_time(jws, "iat", &a->issued) &&
           okt_jws_time(jws, "exp", &a->expires) &&
           copy(a->jti, sizeof(a->jti), okt_jws_text(jws, "jti")) &&
           copy(a->kid, sizeof(a->kid), jws->kid) &&
           copy(a->client_id, sizeof(a->client_id), okt_jws_text(jws, "cid")) &&
           read_text(okt_json_text(uid), uid != NULL, a->user_id,
                     sizeof(a->user_id)) &&
           read_text(okt_json_text(gid), gid != NULL, a->grant_id,
                     sizeof(a->grant_id)) &&
           read_text(okt_json_str(cnf, "jkt"), cnf != NULL, a->jkt,
                     sizeof(a->jkt)) &&
           read_scopes(yyjson_obj_get(jws->claims, "scp"), a->scopes,
                       sizeof(a->scopes));
}

static store_status verify(const struct org *org, struct store *store,
                           const char *token, struct access *out)
{
    OKT_JWS_AUTO jws = { 0 };
    AUTO(held_key) held = NULL;
    const char *why = okt_jws_parse(token, strlen(token), &jws);
    store_status st;

    if (why != NULL)
        return why == okt_jose_no_memory ? STORE_FAILED : STORE_NOT_FOUND;
    if (jws.kid == NULL || jws.typ == NULL || strcmp(jws.typ, TYP) != 0)
        return STORE_NOT_FOUND;
    st = signer_key(org->keys, store, jws.kid, org_now(org), &held);
    if (st != STORE_OK)
        return st;
    why = okt_jws_verify(&jws, held_key_of(held));
    if (why != NULL)
        return why == okt_jose_no_memory ? STORE_FAILED : STORE_NOT_FOUND;
    return read_claims(org, &jws, out) ? STORE_OK : STORE_NOT_FOUND;
}

/* ------------------------------------------------------------- The cache -- */

/* A slot belongs to whoever came last. */
struct entry {
    unsigned char hash[SECRET_HASH_LEN];
    struct access access; /* client_id "": an empty slot */
};

struct access_cache {
    pthread_mutex_t lock;
    struct entry slots[CACHE_SLOTS];
};

struct access_cache *access_cache_new(void)
{
    struct access_cache *cache = calloc(1, sizeof(*cache));

    if (cache != NULL)
        pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

void access_cache_free(struct access_cache *cache)
{
    if (cache == NULL)
        return;
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static struct entry *entry_of(struct access_cache *cache,
                              const unsigned char hash[SECRET_HASH_LEN])
{
    return &cache->slots[(hash[0] << 8 | hash[1]) % CACHE_SLOTS];
}

static bool recall(struct access_cache *cache,
                   const unsigned char hash[SECRET_HASH_LEN],
                   struct access *out)
{
    const struct entry *entry = entry_of(cache, hash);
    bool found;

    pthread_mutex_lock(&cache->lock);
    found = entry->access.client_id[0] != '\0' &&
            memcmp(entry->hash, hash, SECRET_HASH_LEN) == 0;
    if (found)
        *out = entry->access;
    pthread_mutex_unlock(&cache->lock);
    return found;
}

static void remember(struct access_cache *cache,
                     const unsigned char hash[SECRET_HASH_LEN],
                     const struct access *access)
{
    struct entry *entry = entry_of(cache, hash);

    pthread_mutex_lock(&cache->lock);
    memcpy(entry->hash, hash, SECRET_HASH_LEN);
    entry->access = *access;
    pthread_mutex_unlock(&cache->lock);
}

static bool is_good_at(const struct access *a, int64_t now)
{
    return a->issued <= now && now < a->expires;
}

store_status access_read(const struct org *org, struct store *store,
                         const char *token, struct access *out)
{
    unsigned char hash[SECRET_HASH_LEN];
    store_status st = STORE_OK;

    if (strlen(token) > ACCESS_MAX)
        return STORE_NOT_FOUND;
    if (!secret_hash(token, hash))
        return STORE_FAILED;
    if (!recall(org->verified, hash, out)) {
        *out = (struct access){ 0 };
        st = verify(org, store, token, out);
        if (st == STORE_OK)
            remember(org->verified, hash, out);
    }
    if (st == STORE_OK && !is_good_at(out, org_now(org)))
        return STORE_NOT_FOUND;
    return st;
}

/* -------------------------------------------------------------- Standing -- */

struct look {
    const struct store_bearer *bearer;
    struct standing *out;
};

static void look(const struct store_access *row, void *ctx)
{
    struct look *l = ctx;
    struct standing *s = l->out;
    bool user = l->bearer->user_id[0] != '\0';
    bool lives = !user || (row->granted && row->user_status != NULL &&
                           status_allows(row->user_status));

    s->good = lives && row->keyed && !row->revoked &&
              strcmp(row->app_status, APP_ACTIVE) == 0 &&
              copy(s->app_name, sizeof(s->app_name), row->app_name) &&
              copy(s->login, sizeof(s->login), user ? row->login : "") &&
              copy(s->roles, sizeof(s->roles), row->roles);
}

store_status access_standing(struct store *store,
                             const struct store_bearer *bearer,
                             struct standing *out)
{
    struct look l = { bearer, out };
    store_status st;

    *out = (struct standing){ 0 };
    st = store->ops->access_find(store, bearer, look, &l);
    return st == STORE_NOT_FOUND ? STORE_OK : st;
}

struct store_bearer access_bearer(const struct access *a)
{
    return (struct store_bearer){ a->client_id, a->user_id, a->grant_id, a->jti,
                                  a->kid };
}
