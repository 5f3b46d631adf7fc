/* SPDX-License-Identifier: Apache-2.0 */
/* pem.c - keys in PEM, whichever of the usual ways they are wrapped in. */
#include "jose/key_parts.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "jose/openssh.h"
#include "wire/loose.h"

AUTO_DEFINE(BIO, BIO_free_all)
AUTO_DEFINE(X509, X509_free)

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define NO_KEY "the PEM is not a key that can be read"

enum { LINE_MAX_LEN = 64, LABEL_MAX = 64 };

struct passphrase {
    const char *text;
    bool asked;
};

/* OpenSSL asks for the passphrase here, and never at the terminal. */
static int give_passphrase(char *to, int size, int writing, void *ctx)
{
    struct passphrase *passphrase = ctx;
    size_t len;

    (void)writing;
    passphrase->asked = true;
    if (passphrase->text == NULL)
        return -1;
    len = strlen(passphrase->text);
    if (len > (size_t)size)
        return -1;
    memcpy(to, passphrase->text, len);
    return (int)len;
}

static const char *why_not(const struct passphrase *passphrase)
{
    if (!passphrase->asked)
        return NO_KEY;
    if (passphrase->text == NULL)
        return "the key is encrypted, and there is no passphrase for it";
    return "the key can't be decrypted: the passphrase is wrong";
}

/* -------------------------------------------------------------- Blocks -- */

/* What stands between a BEGIN and its END. */
struct block {
    struct okt_span label;
    struct okt_span body;
};

/* Where what begins in text; NULL: nowhere. */
static const char *find(struct okt_span text, const char *what)
{
    size_t n = strlen(what);

    for (; text.len >= n; text.data++, text.len--)
        if (memcmp(text.data, what, n) == 0)
            return text.data;
    return NULL;
}

static struct okt_span between(const char *from, const char *to)
{
    return (struct okt_span){ from, (size_t)(to - from) };
}

static bool ends_with(struct okt_span text, const char *end)
{
    size_t len = strlen(end);

    return text.len >= len && memcmp(text.data + text.len - len, end, len) == 0;
}

/* Takes the next block off text. False: there is none that is whole. */
static bool next_block(struct okt_span *text, struct block *out)
{
    const char *stop = text->data + text->len;
    const char *begin = find(*text, BEGIN);
    const char *dashes;
    const char *end;

    if (begin == NULL)
        return false;
    begin += strlen(BEGIN);
    dashes = find(between(begin, stop), DASHES);
    if (dashes == NULL || dashes - begin > LABEL_MAX)
        return false;
    out->label = between(begin, dashes);
    dashes += strlen(DASHES);
    end = find(between(dashes, stop), END);
    if (end == NULL)
        return false;
    out->body = between(dashes, end);
    *text = between(end + strlen(END), stop);
    return true;
}

/* A variable that holds \\n, or \\\\n, for the end of a line: what it takes. */
static size_t escaped_end(const char *p, const char *stop)
{
    size_t len = 0;

    while (p + len < stop && p[len] == '\\')
        len++;
    if (len > 0 && p + len < stop && (p[len] == 'n' || p[len] == 'r'))
        len++;
    return len;
}

/* Appends base64 in lines of their usual length, whatever it was divided by. */
static void add_base64(struct okt_span body, struct okt_buf *out)
{
    const char *stop = body.data + body.len;
    size_t column = 0;

    for (const char *p = body.data; p < stop; p++) {
        size_t escaped = escaped_end(p, stop);

        if (escaped > 0) {
            p += escaped - 1;
            continue;
        }
        if (memchr(" \t\r\n", *p, 4) != NULL)
            continue;
        if (column == LINE_MAX_LEN) {
            okt_buf_char(out, '\n');
            column = 0;
        }
        okt_buf_char(out, *p);
        column++;
    }
    okt_buf_char(out, '\n');
}

/* Appends lines that have headers among them, without indentation. */
static void add_lines(struct okt_span body, struct okt_buf *out)
{
    const char *stop = body.data + body.len;
    const char *p = body.data;

    while (p < stop) {
        const char *from = p;
        size_t escaped = 0;
        struct okt_span line;

        while (p < stop && *p != '\n' && (escaped = escaped_end(p, stop)) == 0)
            p++;
        line = okt_trim(between(from, p));
        if (from != body.data || line.len > 0) {
            okt_buf_append(out, line.data, line.len);
            okt_buf_char(out, '\n');
        }
        p += escaped > 0 ? escaped : 1;
    }
}

static void write_block(const struct block *block, struct okt_buf *out)
{
    okt_buf_printf(out, BEGIN "%.*s" DASHES "\n", (int)block->label.len,
                   block->label.data);
    if (memchr(block->body.data, ':', block->body.len) != NULL)
        add_lines(block->body, out);
    else
        add_base64(block->body, out);
    okt_buf_printf(out, END "%.*s" DASHES "\n", (int)block->label.len,
                   block->label.data);
}

/* ---------------------------------------------------------------- Keys -- */

static const char *read_openssh(BIO *bio, struct okt_key **out)
{
    char *name = NULL;
    char *header = NULL;
    unsigned char *data = NULL;
    long len = 0;
    const char *why = NO_KEY;

    if (PEM_read_bio(bio, &name, &header, &data, &len) == 1)
        why = okt_key_from_openssh(data, (size_t)len, out);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, (size_t)len);
    return why;
}

static const char *read_block(const struct block *block, const char *passphrase,
                              struct okt_key **out)
{
    OKT_BUF_AUTO pem = OKT_BUF_INIT(2 * OKT_KEY_TEXT_MAX);
    struct passphrase ctx = { passphrase, false };
    bool is_private = ends_with(block->label, "PRIVATE KEY");
    AUTO(BIO) bio = NULL;
    EVP_PKEY *pkey;

    write_block(block, &pem);
    if (okt_buf_failed(&pem))
        return okt_jose_no_memory;
    bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    if (bio == NULL)
        return okt_jose_no_memory;
    if (ends_with(block->label, "OPENSSH PRIVATE KEY"))
        return read_openssh(bio, out);
    pkey = is_private
               ? PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &ctx)
               : PEM_read_bio_PUBKEY(bio, NULL, give_passphrase, &ctx);
    return pkey != NULL ? okt_key_wrap(pkey, is_private, out) : why_not(&ctx);
}

/* What no block is: the way to one, where there is a short one. */
static const char *why_no_block(struct okt_span text)
{
    static const struct {
        const char *begin;
        const char *why;
    } others[] = {
        { BEGIN, NO_KEY },
        { "\x30\x82", "the key is binary (DER): openssl pkey -inform DER -in "
                      "FILE writes it as PEM" },
        { "PuTTY-User-Key-File", "the key is PuTTY's: puttygen FILE -O "
                                 "private-openssh -o KEY converts it" },
        { "ssh-", "the key is the public part, as OpenSSH writes it: "
                  "ssh-keygen -e -m PKCS8 -f FILE converts it" },
        { "ecdsa-sha2-", "the key is the public part, as OpenSSH writes it: "
                         "ssh-keygen -e -m PKCS8 -f FILE converts it" },
    };

    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (text.len > strlen(others[i].begin) &&
            memcmp(text.data, others[i].begin, strlen(others[i].begin)) == 0)
            return others[i].why;
    return find(text, BEGIN) != NULL ? NO_KEY
                                     : "not PEM: there is no -----BEGIN line";
}

const char *okt_key_each_pem(const char *pem, size_t len,
                             const char *passphrase, okt_key_fn *visit,
                             void *ctx)
{
    OKT_QUIET;
    struct okt_span text = okt_bare((struct okt_span){ pem, len });
    struct block block;
    bool any_block = false;
    bool any_key = false;

    if (len > OKT_KEY_TEXT_MAX)
        return "the key is too long for one";
    while (next_block(&text, &block)) {
        AUTO(okt_key) key = NULL;
        const char *why;

        any_block = true;
        if (!ends_with(block.label, " KEY"))
            continue;
        any_key = true;
        why = read_block(&block, passphrase, &key);
        if (why == NULL)
            why = visit(ctx, &key);
        if (why != NULL)
            return why;
    }
    if (any_key)
        return NULL;
    if (any_block)
        return "the PEM holds no key (a certificate is none)";
    return why_no_block(okt_bare((struct okt_span){ pem, len }));
}

/* Keeps the one key that a text is about: a public part beside it says nothing
 * more. */
static const char *keep_one(void *ctx, struct okt_key **key)
{
    struct okt_key **kept = ctx;

    if (*kept != NULL && !okt_key_is_private(*key))
        return NULL;
    if (*kept != NULL && okt_key_is_private(*kept))
        return "the PEM holds more than one private key";
    okt_key_free(*kept);
    *kept = TAKE(*key);
    return NULL;
}

const char *okt_key_from_pem(const char *pem, size_t len,
                             const char *passphrase, struct okt_key **out)
{
    AUTO(okt_key) key = NULL;
    const char *why = okt_key_each_pem(pem, len, passphrase, keep_one, &key);

    if (why == NULL)
        *out = TAKE(key);
    return why;
}

const char *okt_key_from_text(const char *text, size_t len,
                              const char *passphrase, struct okt_key **out)
{
    struct okt_span bare = okt_bare((struct okt_span){ text, len });

    if (bare.len > 0 && bare.data[0] == '{')
        return okt_key_from_jwk(bare.data, bare.len, out);
    return okt_key_from_pem(text, len, passphrase, out);
}

bool okt_certificate_pem(const void *der, size_t len, struct okt_buf *out)
{
    OKT_QUIET;
    const unsigned char *at = der;
    AUTO(X509) certificate = d2i_X509(NULL, &at, (long)len);
    AUTO(BIO) bio = BIO_new(BIO_s_mem());
    char *text;
    long size;

    if (certificate == NULL || at != (const unsigned char *)der + len ||
        bio == NULL || PEM_write_bio_X509(bio, certificate) != 1)
        return false;
    size = BIO_get_mem_data(bio, &text);
    okt_buf_append(out, text, (size_t)size);
    return !okt_buf_failed(out);
}
