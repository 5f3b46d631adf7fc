/* SPDX-License-Identifier: Apache-2.0 */
/* loose.c - takes off what stands around a value and is no part of it. */
#include "wire/loose.h"

#include <string.h>

#include "base/ascii.h"

static struct okt_span skip(struct okt_span text, size_t count)
{
    return (struct okt_span){ text.data + count, text.len - count };
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct okt_span okt_without_bom(struct okt_span text)
{
    if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
        return skip(text, 3);
    return text;
}

struct okt_span okt_trim(struct okt_span text)
{
    while (text.len > 0 && is_blank(text.data[0]))
        text = skip(text, 1);
    while (text.len > 0 && is_blank(text.data[text.len - 1]))
        text.len--;
    return text;
}

struct okt_span okt_unquote(struct okt_span text)
{
    char quote = text.len >= 2 ? text.data[0] : '\0';

    if ((quote != '"' && quote != '\'') || text.data[text.len - 1] != quote)
        return text;
    text = skip(text, 1);
    text.len--;
    return text;
}

struct okt_span okt_bare(struct okt_span text)
{
    return okt_trim(okt_unquote(okt_trim(okt_without_bom(okt_trim(text)))));
}

struct okt_span okt_bare_token(struct okt_span text)
{
    static const char *const schemes[] = { "SSWS ", "Bearer " };

    text = okt_unquote(text);
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t len = strlen(schemes[i]);

        if (text.len <= len || okt_ncasecmp(text.data, schemes[i], len) != 0)
            continue;
        text = skip(text, len);
        while (text.len > 0 && text.data[0] == ' ')
            text = skip(text, 1);
        return okt_unquote(text);
    }
    return text;
}
