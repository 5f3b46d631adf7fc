/* SPDX-License-Identifier: Apache-2.0 */
/* percent.c - percent-encoding, written and read. */
#include "wire/percent.h"

#include <string.h>

#include "base/ascii.h"

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, okt_lower(c)) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* Reads "%41". */
static bool decode_escape(const char *text, size_t len, char *out)
{
    int high = len >= 3 ? hex(text[1]) : -1;
    int low = high >= 0 ? hex(text[2]) : -1;

    if (low < 0)
        return false;
    *out = (char)(high * 16 + low);
    return true;
}

bool okt_percent_decode(const char *text, size_t len, struct okt_buf *out)
{
    okt_buf_str(out, "");
    for (size_t i = 0; i < len; i++) {
        char c = text[i] == '+' ? ' ' : text[i];

        if (c == '%') {
            if (!decode_escape(text + i, len - i, &c))
                return false;
            i += 2;
        }
        if (c == '\0')
            return false;
        okt_buf_char(out, c);
    }
    return !okt_buf_failed(out);
}

void okt_percent_encode(struct okt_buf *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (; *text != '\0'; text++) {
        if (strchr(plain, *text) != NULL)
            okt_buf_char(out, *text);
        else
            okt_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}
