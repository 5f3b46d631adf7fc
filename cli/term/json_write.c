/* SPDX-License-Identifier: Apache-2.0 */
/* json_write.c - escaping for JSON. */
#include "cli/term/json_write.h"

#include <string.h>

#include "base/escape.h"

enum { REPLACEMENT = 0xFFFD };

static void add_code_point(struct okt_buf *out, int32_t cp)
{
    if (cp < 0)
        cp = REPLACEMENT;
    if (cp > 0xFFFF) {
        cp -= 0x10000;
        okt_buf_printf(out, "\\u%04x\\u%04x", 0xD800U | (unsigned)(cp >> 10),
                       0xDC00U | ((unsigned)cp & 0x3FF));
        return;
    }
    okt_buf_printf(out, "\\u%04x", (unsigned)cp);
}

static void add_char(struct okt_buf *out, int32_t cp)
{
    if (cp == '"' || cp == '\\') {
        okt_buf_char(out, '\\');
        okt_buf_char(out, (char)cp);
    } else if (cp >= ' ' && cp <= '~') {
        okt_buf_char(out, (char)cp);
    } else if (cp == '\n') {
        okt_buf_str(out, "\\n");
    } else {
        add_code_point(out, cp);
    }
}

void json_string(struct okt_buf *out, const char *text)
{
    size_t len = strlen(text);
    int32_t cp;

    okt_buf_char(out, '"');
    while (len > 0) {
        size_t n = okt_utf8_next(text, len, &cp);

        add_char(out, cp);
        text += n;
        len -= n;
    }
    okt_buf_char(out, '"');
}

/* Outside of its strings JSON is ASCII, so what is not is inside of one. */
void json_ascii(struct okt_buf *out, const char *json, size_t len)
{
    int32_t cp;

    while (len > 0) {
        size_t n = okt_utf8_next(json, len, &cp);

        if (n == 1 && cp >= 0 && cp != 0x7F)
            okt_buf_char(out, *json);
        else
            add_code_point(out, cp);
        json += n;
        len -= n;
    }
}
