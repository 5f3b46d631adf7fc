/* SPDX-License-Identifier: Apache-2.0 */
/* diag.c - one escaped line on stderr. */
#include "server/util/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "wire/id.h"

enum { LINE_MAX = 4096 };

void say(const char *fmt, ...)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(LINE_MAX);
    OKT_BUF_AUTO line = OKT_BUF_INIT(LINE_MAX * 10);
    va_list args;

    va_start(args, fmt);
    okt_buf_vprintf(&text, fmt, args);
    va_end(args);
    okt_buf_str(&line, "okta-orgd: ");
    if (okt_buf_failed(&text))
        okt_buf_str(&line, "an error whose text is too long to show");
    else
        okt_escape(&line, text.data, text.len);
    okt_buf_char(&line, '\n');
    if (!okt_buf_failed(&line))
        fwrite(line.data, 1, line.len, stderr);
}

const char *say_word(const char *word)
{
    /* "--" before it would hide a secret's beginning. */
    return okt_has_secret(word + strspn(word, "-"))
               ? "(not shown: it looks like a secret)"
               : word;
}
