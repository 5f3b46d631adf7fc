/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cursor.c - base64url of: the version, the id, a NUL, the name, and the first
 * 16 bytes of the MAC over these and the search and the caller.
 */
#include "server/api/cursor.h"

#include <string.h>

#include "base/mem.h"

enum { VERSION = 1, MAC_LEN = 16 };

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789-_";

static void base64_write(struct okt_buf *out, const unsigned char *data,
                         size_t len)
{
    uint32_t bits = 0;
    int held = 0;

    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | data[i];
        held += 8;
        while (held >= 6) {
            held -= 6;
            okt_buf_char(out, alphabet[bits >> held & 63]);
        }
    }
    if (held > 0)
        okt_buf_char(out, alphabet[bits << (6 - held) & 63]);
}

static bool base64_read(const char *text, struct okt_buf *out)
{
    uint32_t bits = 0;
    int held = 0;

    for (; *text != '\0'; text++) {
        const char *at = strchr(alphabet, *text);

        if (at == NULL)
            return false;
        bits = bits << 6 | (uint32_t)(at - alphabet);
        held += 6;
        if (held >= 8) {
            held -= 8;
            okt_buf_char(out, (char)(bits >> held & 255));
        }
    }
    /* One text for one cursor: what is left over is less than a character, and
     * zero. */
    return held < 6 && (bits & ((1u << held) - 1)) == 0 && !okt_buf_failed(out);
}

/* The place as it is sent, without the MAC. */
static void pack(struct okt_buf *out, const struct cursor *place)
{
    okt_buf_char(out, VERSION);
    okt_buf_append(out, place->id, strlen(place->id) + 1);
    okt_buf_str(out, place->name);
}

/* Every part has its end marked, so no two different ones look the same. */
static bool sign(const unsigned char key[static SECRET_KEY_LEN],
                 const void *packed, size_t len, const char *q,
                 const char *caller, unsigned char mac[static SECRET_HASH_LEN])
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(CURSOR_MAX * 4);

    okt_buf_append(&text, packed, len);
    okt_buf_append(&text, "", 1);
    okt_buf_append(&text, q, strlen(q) + 1);
    okt_buf_append(&text, caller, strlen(caller) + 1);
    return !okt_buf_failed(&text) && secret_mac(key, text.data, text.len, mac);
}

void cursor_write(struct okt_buf *out,
                  const unsigned char key[static SECRET_KEY_LEN],
                  const struct cursor *place, const char *q, const char *caller)
{
    OKT_BUF_AUTO packed = OKT_BUF_INIT(CURSOR_MAX);
    unsigned char mac[SECRET_HASH_LEN];

    pack(&packed, place);
    if (okt_buf_failed(&packed) ||
        !sign(key, packed.data, packed.len, q, caller, mac)) {
        out->state = OKT_BUF_NO_MEMORY;
        return;
    }
    okt_buf_append(&packed, mac, MAC_LEN);
    base64_write(out, (const unsigned char *)packed.data, packed.len);
}

static bool unpack(const char *packed, size_t len, struct cursor *out)
{
    size_t id_len = strnlen(packed + 1, len - 1);
    size_t name_len = len - id_len - 2;

    if (packed[0] != VERSION || id_len > OKT_ID_MAX || id_len + 2 > len ||
        name_len > STORE_NAME_MAX)
        return false;
    memcpy(out->id, packed + 1, id_len + 1);
    memcpy(out->name, packed + 1 + id_len + 1, name_len);
    out->name[name_len] = '\0';
    return true;
}

bool cursor_read(const char *text,
                 const unsigned char key[static SECRET_KEY_LEN], const char *q,
                 const char *caller, struct cursor *out)
{
    OKT_BUF_AUTO packed = OKT_BUF_INIT(CURSOR_MAX);
    unsigned char mac[SECRET_HASH_LEN];
    size_t len;

    if (strlen(text) > CURSOR_MAX || !base64_read(text, &packed) ||
        packed.len < MAC_LEN + 2)
        return false;
    len = packed.len - MAC_LEN;
    return sign(key, packed.data, len, q, caller, mac) &&
           okt_equal_secret(mac, packed.data + len, MAC_LEN) &&
           unpack(packed.data, len, out);
}
