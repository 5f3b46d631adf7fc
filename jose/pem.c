/* SPDX-License-Identifier: Apache-2.0 */
/* pem.c - keys in PEM, whichever of the usual ways they are wrapped in. */
#include "key_parts.h"

#include <openssl/pem.h>
#include <string.h>

AUTO_DEFINE(BIO, BIO_free_all)

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
        return "the PEM is not a key that can be read";
    if (passphrase->text == NULL)
        return "the key is encrypted, and there is no passphrase for it";
    return "the key can't be decrypted: the passphrase is wrong";
}

static bool holds(const char *pem, size_t len, const char *what)
{
    size_t n = strlen(what);

    for (; len >= n; pem++, len--)
        if (memcmp(pem, what, n) == 0)
            return true;
    return false;
}

const char *okt_key_from_pem(const char *pem, size_t len,
                             const char *passphrase, struct okt_key **out)
{
    OKT_QUIET;
    struct passphrase ctx = { passphrase, false };
    AUTO(BIO) bio = NULL;
    EVP_PKEY *pkey;
    bool is_private;

    if (len > OKT_KEY_TEXT_MAX)
        return "the key is too long for one";
    if (!holds(pem, len, "-----BEGIN "))
        return "not PEM: there is no -----BEGIN line";
    bio = BIO_new_mem_buf(pem, (int)len);
    if (bio == NULL)
        return okt_jose_no_memory;
    is_private = !holds(pem, len, "-----BEGIN PUBLIC KEY-----");
    pkey = is_private
               ? PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &ctx)
               : PEM_read_bio_PUBKEY(bio, NULL, give_passphrase, &ctx);
    return pkey != NULL ? okt_key_wrap(pkey, is_private, out) : why_not(&ctx);
}

const char *okt_key_from_text(const char *text, size_t len,
                              const char *passphrase, struct okt_key **out)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '{')
            return okt_key_from_jwk(text, len, out);
        if (memchr(" \t\r\n", text[i], 4) == NULL)
            break;
    }
    return okt_key_from_pem(text, len, passphrase, out);
}
