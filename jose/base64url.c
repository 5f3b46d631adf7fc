/* SPDX-License-Identifier: Apache-2.0 */
/* base64url.c - strict both ways, by bits. */
#include "jose/base64url.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdint.h>

#include "base/mem.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789-_";

void okt_base64url_encode(const void *data, size_t len, struct okt_buf *out)
{
    const unsigned char *p = data;
    uint32_t bits = 0;
    unsigned held = 0;

    okt_buf_reserve(out, OKT_BASE64URL_LEN(len));
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | p[i];
        for (held += 8; held >= 6; held -= 6)
            okt_buf_char(out, alphabet[bits >> (held - 6) & 63]);
    }
    if (held > 0)
        okt_buf_char(out, alphabet[bits << (6 - held) & 63]);
}

/* The six bits that a character stands for; -1: none. */
static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '-')
        return 62;
    return c == '_' ? 63 : -1;
}

static bool is_canonical(const char *text, size_t len)
{
    static const int leftover[] = { 0, -1, 15, 3 }; /* bits beyond a byte */

    if (leftover[len % 4] < 0)
        return false;
    for (size_t i = 0; i < len; i++)
        if (value_of(text[i]) < 0)
            return false;
    return len == 0 || (value_of(text[len - 1]) & leftover[len % 4]) == 0;
}

bool okt_base64url_decode(const char *text, size_t len, struct okt_buf *out)
{
    uint32_t bits = 0;
    unsigned held = 0;

    if (!is_canonical(text, len))
        return false;
    okt_buf_reserve(out, len / 4 * 3 + len % 4 * 3 / 4);
    for (size_t i = 0; i < len; i++) {
        bits = bits << 6 | (uint32_t)value_of(text[i]);
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        okt_buf_char(out, (char)(unsigned char)(bits >> held & 0xff));
    }
    return true;
}

bool okt_sha256_base64url(const char *data, size_t len,
                          char out[OKT_SHA256_TEXT])
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(OKT_SHA256_TEXT - 1);
    unsigned char hash[32];
    unsigned hash_len = 0;

    if (EVP_Digest(data, len, hash, &hash_len, EVP_sha256(), NULL) != 1 ||
        hash_len != sizeof(hash))
        return false;
    okt_base64url_encode(hash, sizeof(hash), &text);
    if (okt_buf_failed(&text))
        return false;
    for (size_t i = 0; i < OKT_SHA256_TEXT; i++)
        out[i] = text.data[i];
    return true;
}

bool okt_random_base64url(size_t n, struct okt_buf *out)
{
    unsigned char random[64];

    if (n > sizeof(random) || RAND_bytes(random, (int)n) != 1)
        return false;
    okt_base64url_encode(random, n, out);
    okt_wipe(random, sizeof(random));
    return !okt_buf_failed(out);
}
