/* SPDX-License-Identifier: Apache-2.0 */
/* certs.c - certificates and keys, read by GnuTLS. */
#include "server/http/certs.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "server/util/diag.h"

enum { CHAIN_MAX = 16, KEY_ID_MAX = 64, NAMES_MAX = 32, NAME_MAX_LEN = 255 };

struct pair {
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned count;
    gnutls_privkey_t key;
    char names[NAMES_MAX][NAME_MAX_LEN + 1];
    size_t name_count;
    struct pair *older;
};

struct certs {
    pthread_mutex_t lock;
    struct pair *newest;
};

struct certs *certs_new(void)
{
    struct certs *c = calloc(1, sizeof(*c));

    if (c != NULL)
        pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void pair_free(struct pair *pair)
{
    if (pair == NULL)
        return;
    for (unsigned i = 0; i < pair->count; i++)
        gnutls_pcert_deinit(&pair->chain[i]);
    gnutls_privkey_deinit(pair->key);
    free(pair);
}

void certs_free(struct certs *c)
{
    if (c == NULL)
        return;
    while (c->newest != NULL) {
        struct pair *pair = c->newest;

        c->newest = pair->older;
        pair_free(pair);
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static gnutls_datum_t datum_of(const struct okt_buf *buf)
{
    return (gnutls_datum_t){ (unsigned char *)buf->data, (unsigned)buf->len };
}

static bool key_id(gnutls_pubkey_t key, unsigned char id[static KEY_ID_MAX])
{
    size_t len = KEY_ID_MAX;

    memset(id, 0, KEY_ID_MAX);
    return gnutls_pubkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, id, &len) ==
           0;
}

/* Whether the key is that of the chain's first certificate. */
static bool is_key_of(const struct pair *pair)
{
    unsigned char shown[KEY_ID_MAX];
    unsigned char held[KEY_ID_MAX];
    gnutls_pubkey_t key;
    bool same;

    if (gnutls_pubkey_init(&key) != 0)
        return false;
    same = gnutls_pubkey_import_privkey(key, pair->key, 0, 0) == 0 &&
           key_id(key, held) && key_id(pair->chain[0].pubkey, shown) &&
           memcmp(shown, held, sizeof(held)) == 0;
    gnutls_pubkey_deinit(key);
    return same;
}

/* Keeps a name of the certificate as a Host header has it; others are passed
 * over. */
static void keep_name(struct pair *pair, int type, const unsigned char *name,
                      size_t len)
{
    char *out = pair->names[pair->name_count];

    if (type == GNUTLS_SAN_IPADDRESS && (len == 4 || len == 16)) {
        inet_ntop(len == 4 ? AF_INET : AF_INET6, name, out, NAME_MAX_LEN);
        pair->name_count++;
    } else if (type == GNUTLS_SAN_DNSNAME && len > 0 && len <= NAME_MAX_LEN &&
               memchr(name, '\0', len) == NULL) {
        memcpy(out, name, len);
        out[len] = '\0';
        pair->name_count++;
    }
}

static void read_names(struct pair *pair)
{
    unsigned char name[NAME_MAX_LEN + 1];
    gnutls_x509_crt_t cert;

    if (gnutls_pcert_export_x509(&pair->chain[0], &cert) != 0)
        return;
    for (unsigned i = 0; pair->name_count < NAMES_MAX; i++) {
        size_t len = NAME_MAX_LEN;
        int type =
            gnutls_x509_crt_get_subject_alt_name(cert, i, name, &len, NULL);

        if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            break;
        if (type >= 0)
            keep_name(pair, type, name, len);
    }
    gnutls_x509_crt_deinit(cert);
}

/* NULL: read. Else what is wrong. */
static const char *read_pair(struct pair *pair, const struct okt_buf *chain,
                             const struct okt_buf *key)
{
    gnutls_datum_t chain_pem = datum_of(chain);
    gnutls_datum_t key_pem = datum_of(key);
    unsigned count = CHAIN_MAX;

    if (gnutls_privkey_init(&pair->key) != 0)
        return "out of memory";
    if (gnutls_pcert_list_import_x509_raw(
            pair->chain, &count, &chain_pem, GNUTLS_X509_FMT_PEM,
            GNUTLS_X509_CRT_LIST_FAIL_IF_UNSORTED) != 0)
        return "the certificate can't be read";
    pair->count = count;
    if (gnutls_privkey_import_x509_raw(pair->key, &key_pem, GNUTLS_X509_FMT_PEM,
                                       NULL, 0) != 0)
        return "the key can't be read";
    if (count == 0 || !is_key_of(pair))
        return "key and certificate do not match";
    read_names(pair);
    return NULL;
}

bool certs_load(struct certs *c, const struct okt_buf *chain,
                const struct okt_buf *key)
{
    struct pair *pair = calloc(1, sizeof(*pair));
    const char *why =
        pair != NULL ? read_pair(pair, chain, key) : "out of memory";

    if (why != NULL) {
        say("serve: %s", why);
        pair_free(pair);
        return false;
    }
    pthread_mutex_lock(&c->lock);
    pair->older = c->newest;
    c->newest = pair;
    pthread_mutex_unlock(&c->lock);
    return true;
}

bool certs_name(struct certs *c, const char *name)
{
    struct pair *pair;

    pthread_mutex_lock(&c->lock);
    pair = c->newest;
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; pair != NULL && i < pair->name_count; i++)
        if (okt_casecmp(pair->names[i], name) == 0)
            return true;
    return false;
}

bool certs_get(struct certs *c, gnutls_pcert_st **chain, unsigned *count,
               gnutls_privkey_t *key)
{
    struct pair *pair;

    pthread_mutex_lock(&c->lock);
    pair = c->newest;
    pthread_mutex_unlock(&c->lock);
    if (pair == NULL)
        return false;
    *chain = pair->chain;
    *count = pair->count;
    *key = pair->key;
    return true;
}
