/* SPDX-License-Identifier: Apache-2.0 */
/* escape.c - reading UTF-8, and what of it a terminal must not see as it is. */
#include "base/escape.h"

#include "base/mem.h"

/* ---------------------------------------------------------------- UTF-8 -- */

/* clang-format off */
static const struct lead {
    unsigned char mask; /* which bits of the first byte tell the form */
    unsigned char bits; /* what they are */
    unsigned char len;
    int32_t min;        /* below it the form is overlong */
} leads[] = {
    { 0x80, 0x00, 1, 0x0     },
    { 0xe0, 0xc0, 2, 0x80    },
    { 0xf0, 0xe0, 3, 0x800   },
    { 0xf8, 0xf0, 4, 0x10000 },
};
/* clang-format on */

enum { CP_MAX = 0x10ffff, SURROGATE_FIRST = 0xd800, SURROGATE_LAST = 0xdfff };

/* The code point of a sequence of that form; -1: it is none. */
static int32_t decode(const unsigned char *p, size_t len,
                      const struct lead *lead)
{
    int32_t cp = p[0] & ~lead->mask;

    if (len < lead->len)
        return -1;
    for (size_t i = 1; i < lead->len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return -1;
        cp = cp << 6 | (p[i] & 0x3f);
    }
    if (cp < lead->min || cp > CP_MAX ||
        (cp >= SURROGATE_FIRST && cp <= SURROGATE_LAST))
        return -1;
    return cp;
}

size_t okt_utf8_next(const char *text, size_t len, int32_t *cp)
{
    const unsigned char *p = (const unsigned char *)text;

    for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
        if ((p[0] & leads[i].mask) != leads[i].bits)
            continue;
        *cp = decode(p, len, &leads[i]);
        return *cp < 0 ? 1 : leads[i].len;
    }
    *cp = -1;
    return 1;
}

bool okt_utf8_is_text(const char *text, size_t len)
{
    while (len > 0) {
        int32_t cp;
        size_t n = okt_utf8_next(text, len, &cp);

        if (cp < ' ' || cp == 0x7f)
            return false;
        text += n;
        len -= n;
    }
    return true;
}

/* --------------------------------------------------------------- Unsafe -- */

/*
 * What Unicode calls default-ignorable (drawn as nothing, so that two texts
 * look alike), controls, direction marks, line separators and characters that
 * are blank but no spaces. Variation selectors too: an emoji that had one is
 * drawn plain, but no text can hide in them. Ascending, for the search.
 */
/* clang-format off */
static const struct range {
    int32_t first;
    int32_t last;
} unsafe[] = {
    { 0x0000,  0x001f  }, /* C0 */
    { 0x005c,  0x005c  }, /* the backslash, with which escapes begin */
    { 0x007f,  0x009f  }, /* DEL, C1 */
    { 0x00ad,  0x00ad  }, /* soft hyphen */
    { 0x034f,  0x034f  }, /* combining grapheme joiner */
    { 0x061c,  0x061c  }, /* Arabic letter mark: direction */
    { 0x115f,  0x1160  }, /* Hangul fillers */
    { 0x17b4,  0x17b5  }, /* Khmer inherent vowels */
    { 0x180b,  0x180f  }, /* Mongolian selectors, vowel separator */
    { 0x200b,  0x200f  }, /* zero width, direction marks */
    { 0x2028,  0x202e  }, /* line and paragraph ends, directions */
    { 0x2060,  0x206f  }, /* joiners, invisible operators, isolates */
    { 0x2800,  0x2800  }, /* blank Braille pattern */
    { 0x3164,  0x3164  }, /* Hangul filler */
    { 0xfdd0,  0xfdef  }, /* noncharacters */
    { 0xfe00,  0xfe0f  }, /* variation selectors */
    { 0xfeff,  0xfeff  }, /* byte order mark */
    { 0xffa0,  0xffa0  }, /* halfwidth Hangul filler */
    { 0xfff0,  0xfffb  }, /* to be ignored, interlinear annotation */
    { 0x13430, 0x1343f }, /* Egyptian format controls */
    { 0x1bca0, 0x1bca3 }, /* shorthand format controls */
    { 0x1d159, 0x1d159 }, /* musical null notehead */
    { 0x1d173, 0x1d17a }, /* musical format controls */
    { 0xe0000, 0xe0fff }, /* tags, variation selectors */
};
/* clang-format on */

static bool in_unsafe_range(int32_t cp)
{
    size_t low = 0;
    size_t high = ARRAY_LEN(unsafe);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (cp > unsafe[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ARRAY_LEN(unsafe) && cp >= unsafe[low].first;
}

bool okt_is_unsafe(int32_t cp)
{
    /* The last two of each plane are noncharacters. */
    return cp < 0 || (cp & 0xfffe) == 0xfffe || in_unsafe_range(cp);
}

/* ------------------------------------------------------------- Escaping -- */

/* byte is what stands there if cp is -1. Invalid bytes are above 7f, code
 * points written so below: what \xHH means is never in doubt. */
static void escape_one(struct okt_buf *out, int32_t cp, char byte)
{
    if (cp == '\n')
        okt_buf_append(out, "\\n", 2);
    else if (cp == '\t')
        okt_buf_append(out, "\\t", 2);
    else if (cp == '\r')
        okt_buf_append(out, "\\r", 2);
    else if (cp == '\\')
        okt_buf_append(out, "\\\\", 2);
    else if (cp < 0)
        okt_buf_printf(out, "\\x%02x", (unsigned)(unsigned char)byte);
    else if (cp < 0x80)
        okt_buf_printf(out, "\\x%02x", (unsigned)cp);
    else
        okt_buf_printf(out, "\\u{%04x}", (unsigned)cp);
}

/* Names are mostly printable ASCII, which is passed over without decoding. */
static bool is_plain(char c)
{
    return c >= ' ' && c <= '~' && c != '\\';
}

/* Without an early exit, so that compilers make vector instructions of it. */
static bool all_plain(const char *text, size_t len)
{
    unsigned char found = 0;

    for (size_t i = 0; i < len; i++)
        found |= !is_plain(text[i]);
    return found == 0;
}

size_t okt_safe_length(const char *text, size_t len)
{
    size_t at = 0;
    int32_t cp;

    if (all_plain(text, len))
        return len;
    while (at < len) {
        size_t taken = 1;

        if (!is_plain(text[at])) {
            taken = okt_utf8_next(text + at, len - at, &cp);
            if (okt_is_unsafe(cp))
                break;
        }
        at += taken;
    }
    return at;
}

void okt_escape(struct okt_buf *out, const char *text, size_t len)
{
    int32_t cp;

    for (;;) {
        size_t safe = okt_safe_length(text, len);
        size_t taken;

        okt_buf_append(out, text, safe);
        if (safe == len)
            return;
        taken = okt_utf8_next(text + safe, len - safe, &cp);
        escape_one(out, cp, text[safe]);
        text += safe + taken;
        len -= safe + taken;
    }
}
