/* SPDX-License-Identifier: Apache-2.0 */
/* html.c - writing HTML in which nothing foreign is ever markup. */
#include "server/web/html.h"

#include <string.h>

#include "base/escape.h"

enum { NAME_MAX_SHOWN = 4096 };

static void add_text(struct okt_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            okt_buf_str(out, "&amp;");
            break;
        case '<':
            okt_buf_str(out, "&lt;");
            break;
        case '>':
            okt_buf_str(out, "&gt;");
            break;
        case '"':
            okt_buf_str(out, "&quot;");
            break;
        case '\'':
            okt_buf_str(out, "&#39;");
            break;
        default:
            okt_buf_char(out, *text);
        }
    }
}

static void add_name(struct okt_buf *out, const char *name)
{
    OKT_BUF_AUTO seen = OKT_BUF_INIT(NAME_MAX_SHOWN);

    okt_escape(&seen, name, strlen(name));
    okt_buf_str(out, "<bdi>");
    add_text(out, okt_buf_failed(&seen) || seen.len == 0 ? "?" : seen.data);
    okt_buf_str(out, "</bdi>");
}

static void add(struct okt_buf *out, char kind, const char *value)
{
    if (kind == 't')
        add_text(out, value);
    else if (kind == 'n')
        add_name(out, value);
    else
        okt_buf_str(out, value);
}

void html(struct okt_buf *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    while (*format != '\0') {
        size_t len = strcspn(format, "%");

        okt_buf_append(out, format, len);
        format += len;
        if (*format == '\0')
            break;
        if (format[1] == '%')
            okt_buf_char(out, '%');
        else if (format[1] != '\0' && strchr("tnh", format[1]) != NULL)
            add(out, format[1], va_arg(args, const char *));
        else
            out->state = OKT_BUF_FULL;
        if (okt_buf_failed(out))
            break;
        format += 2;
    }
    va_end(args);
}
