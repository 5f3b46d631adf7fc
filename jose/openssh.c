/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openssh.c - private keys as ssh-keygen writes them (PROTOCOL.key), which
 * OpenSSL does not read. What is read is written as a JWK, so that all checks
 * of one hold.
 */
#include "jose/openssh.h"

#include <string.h>

#include "jose/key_parts.h"
#include "wire/json.h"

#define BAD "the key is OpenSSH's, and damaged"

enum { JWK_MAX = 16 * 1024 };

/* Reads on from a text; the first failure is latched. */
struct reader {
    const unsigned char *at;
    size_t left;
    bool failed;
};

static uint32_t read_number(struct reader *r)
{
    uint32_t number = 0;

    r->failed |= r->left < 4;
    if (r->failed)
        return 0;
    for (size_t i = 0; i < 4; i++)
        number = number << 8 | r->at[i];
    r->at += 4;
    r->left -= 4;
    return number;
}

/* A length and so many bytes; empty after a failure. */
static struct okt_span read_string(struct reader *r)
{
    size_t len = read_number(r);
    struct okt_span string = { (const char *)r->at, len };

    r->failed |= len > r->left;
    if (r->failed)
        return (struct okt_span){ "", 0 };
    r->at += len;
    r->left -= len;
    return string;
}

/* A number without the zeros ahead that say it is not negative. */
static struct okt_span read_mpint(struct reader *r)
{
    struct okt_span number = read_string(r);

    while (number.len > 0 && number.data[0] == '\0') {
        number.data++;
        number.len--;
    }
    r->failed |= number.len > OKT_SIGNATURE_MAX;
    return number;
}

static bool is(struct okt_span text, const char *what)
{
    return text.len == strlen(what) && memcmp(text.data, what, text.len) == 0;
}

static void add_member(struct okt_buf *jwk, const char *name,
                       struct okt_span bytes)
{
    okt_buf_printf(jwk, ",\"%s\":\"", name);
    okt_base64url_encode(bytes.data, bytes.len, jwk);
    okt_buf_char(jwk, '"');
}

/* Adds d mod (prime - 1). */
static bool add_exponent(struct okt_buf *jwk, const char *name,
                         struct okt_span d, struct okt_span prime)
{
    unsigned char bytes[OKT_SIGNATURE_MAX];
    AUTO(BIGNUM) left = BN_secure_new();
    AUTO(BIGNUM) p = BN_secure_new();
    BN_CTX *ctx = BN_CTX_secure_new();
    bool good =
        left != NULL && p != NULL && ctx != NULL &&
        BN_bin2bn((const unsigned char *)d.data, (int)d.len, left) &&
        BN_bin2bn((const unsigned char *)prime.data, (int)prime.len, p) &&
        BN_sub_word(p, 1) == 1 && !BN_is_zero(p) &&
        BN_mod(left, left, p, ctx) == 1;

    if (good)
        add_member(jwk, name,
                   (struct okt_span){ (const char *)bytes,
                                      (size_t)BN_bn2bin(left, bytes) });
    okt_wipe(bytes, sizeof(bytes));
    BN_CTX_free(ctx);
    return good;
}

static void read_rsa(struct reader *r, struct okt_buf *jwk)
{
    struct okt_span n = read_mpint(r);
    struct okt_span e = read_mpint(r);
    struct okt_span d = read_mpint(r);
    struct okt_span qi = read_mpint(r);
    struct okt_span p = read_mpint(r);
    struct okt_span q = read_mpint(r);

    if (r->failed)
        return;
    okt_buf_str(jwk, "{\"kty\":\"RSA\"");
    add_member(jwk, "n", n);
    add_member(jwk, "e", e);
    add_member(jwk, "d", d);
    add_member(jwk, "p", p);
    add_member(jwk, "q", q);
    r->failed |= !add_exponent(jwk, "dp", d, p);
    r->failed |= !add_exponent(jwk, "dq", d, q);
    add_member(jwk, "qi", qi);
}

/* The point is 4, x and y; the number is as long as a coordinate. */
static void read_ec(struct reader *r, const char *crv, struct okt_buf *jwk)
{
    static const char zeros[128] = "";
    const struct okt_kind *kind = okt_kind_find(crv);
    OKT_BUF_AUTO padded = OKT_BUF_INIT(sizeof(zeros));
    struct okt_span point;
    struct okt_span d;

    read_string(r); /* the curve once more */
    point = read_string(r);
    d = read_mpint(r);
    r->failed |= point.len != 1 + 2 * kind->size || point.data[0] != 4 ||
                 d.len > kind->size;
    if (r->failed)
        return;
    okt_buf_append(&padded, zeros, kind->size - d.len);
    okt_buf_append(&padded, d.data, d.len);
    if (okt_buf_failed(&padded)) {
        jwk->state = padded.state;
        return;
    }
    okt_buf_printf(jwk, "{\"kty\":\"EC\",\"crv\":\"%s\"", crv);
    add_member(jwk, "x", (struct okt_span){ point.data + 1, kind->size });
    add_member(jwk, "y",
               (struct okt_span){ point.data + 1 + kind->size, kind->size });
    add_member(jwk, "d", (struct okt_span){ padded.data, padded.len });
}

/* Goes to what is private, which is one of it and not encrypted. */
static const char *open_private(struct reader *r, struct reader *out)
{
    static const char magic[] = "openssh-key-v1";
    struct okt_span cipher;
    struct okt_span text;
    uint32_t count;

    if (r->left < sizeof(magic) || memcmp(r->at, magic, sizeof(magic)) != 0)
        return BAD;
    r->at += sizeof(magic);
    r->left -= sizeof(magic);
    cipher = read_string(r);
    read_string(r); /* how the passphrase becomes a key, and with what */
    read_string(r);
    count = read_number(r);
    if (!r->failed && !is(cipher, "none"))
        return "the key is OpenSSH's and encrypted: ssh-keygen -p -m PKCS8 -f "
               "FILE converts it";
    if (count != 1)
        return BAD;
    read_string(r); /* the public part */
    text = read_string(r);
    *out = (struct reader){ (const unsigned char *)text.data, text.len,
                            r->failed };
    if (read_number(out) != read_number(out) || out->failed)
        return BAD;
    return NULL;
}

const char *okt_key_from_openssh(const void *data, size_t len,
                                 struct okt_key **out)
{
    static const struct {
        const char *name;
        const char *crv; /* NULL: RSA */
    } types[] = {
        { "ssh-rsa", NULL },
        { "ecdsa-sha2-nistp256", "P-256" },
        { "ecdsa-sha2-nistp384", "P-384" },
        { "ecdsa-sha2-nistp521", "P-521" },
    };
    OKT_BUF_AUTO jwk = OKT_BUF_INIT(JWK_MAX);
    struct reader whole = { data, len, false };
    struct reader r;
    const char *why = open_private(&whole, &r);
    struct okt_span type;
    size_t i = 0;

    if (why != NULL)
        return why;
    type = read_string(&r);
    while (i < ARRAY_LEN(types) && !is(type, types[i].name))
        i++;
    if (i == ARRAY_LEN(types))
        return r.failed ? BAD
                        : "the key is OpenSSH's, and neither RSA nor ECDSA";
    if (types[i].crv == NULL)
        read_rsa(&r, &jwk);
    else
        read_ec(&r, types[i].crv, &jwk);
    if (r.failed)
        return BAD;
    okt_buf_char(&jwk, '}');
    if (okt_buf_failed(&jwk))
        return okt_jose_no_memory;
    return okt_key_from_jwk(jwk.data, jwk.len, out);
}
