/* SPDX-License-Identifier: Apache-2.0 */
/* org.c - what an org signs for its own use. */
#include "server/org/org.h"

#include <string.h>

#include "base/mem.h"

enum { MAC_TEXT_MAX = 1024, LABEL_MAX = 32 };

/* A label ends with a NUL, and a cursor (cursor.c), whose MACs are under the
 * same key, begins with what no label does: a number. */
bool org_mac(const struct org *org, const char *label, const void *data,
             size_t len, unsigned char out[static SECRET_HASH_LEN])
{
    unsigned char text[LABEL_MAX + MAC_TEXT_MAX];
    size_t label_len = strlen(label) + 1;
    bool done;

    if (label_len > LABEL_MAX || len > MAC_TEXT_MAX)
        return false;
    memcpy(text, label, label_len);
    memcpy(text + label_len, data, len);
    done = secret_mac(org->cursor_key, text, label_len + len, out);
    okt_wipe(text, sizeof(text));
    return done;
}
