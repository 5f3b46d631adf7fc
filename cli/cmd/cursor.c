/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.c - the line that says how to go on. */
#include "cli/cmd/cursor.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cli/term/fail.h"
#include "cli/term/json_write.h"

enum { LINE_MAX_LEN = 64 * 1024 };

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

/* 'text', as a shell reads it; as it is where a shell sees nothing in it. */
static void add_quoted(struct okt_buf *out, const char *text)
{
    static const char harmless[] =
        "abcdefghijklmnopqrstuvwxyz0123456789_-.,:"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ/@%+";

    if (*text != '\0' && text[strspn(text, harmless)] == '\0') {
        okt_buf_str(out, text);
        return;
    }
    okt_buf_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            okt_buf_str(out, "'\\''");
        else
            okt_buf_char(out, *text);
    }
    okt_buf_char(out, '\'');
}

static void add_option(struct okt_buf *out, enum option_id id,
                       const char *value)
{
    if (value == NULL)
        return;
    okt_buf_printf(out, " %s%s ", option_dashes(id), option_table[id].name);
    add_quoted(out, value);
}

/* Of every command's options: what the next call needs as well. */
static bool is_repeated(enum option_id id)
{
    return option_is_global(id) && id != OPT_HELP && id != OPT_VERSION &&
           id != OPT_VERBOSE && id != OPT_DEBUG_HTTP;
}

/* False: one can't be shown. */
static bool add_rest(struct okt_buf *out, const struct args *args)
{
    for (size_t i = 0; i < args->count; i++) {
        enum option_id id = args->given[i].id;

        if (!is_repeated(id))
            continue;
        if (!is_plain(args->given[i].value))
            return false;
        if (option_table[id].value != NULL)
            add_option(out, id, args->given[i].value);
        else
            okt_buf_printf(out, " --%s", option_table[id].name);
    }
    return true;
}

/* False: it holds what can't be pasted, or shown. */
static bool add_command(struct okt_buf *out, const struct args *args,
                        const char *cursor)
{
    bool powershell = command_is_powershell(args->command);
    enum option_id q = powershell ? PAR_Q : OPT_Q;
    enum option_id limit = powershell ? PAR_LIMIT : OPT_LIMIT;
    const char *text = args_value(args, q);

    if (!is_plain(cursor) || (text != NULL && !is_plain(text)))
        return false;
    okt_buf_printf(out, "next: okta-tokens %s", args->command->name);
    add_option(out, limit, args_value(args, limit));
    add_option(out, q, text);
    add_option(out, powershell ? PAR_AFTER : OPT_AFTER, cursor);
    return add_rest(out, args);
}

static void tell(const struct args *args, const char *cursor)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(LINE_MAX_LEN);

    if (args->json) {
        okt_buf_str(&line, "{\"next\":");
        json_string(&line, cursor);
        okt_buf_char(&line, '}');
    } else if (!add_command(&line, args, cursor)) {
        okt_buf_clear(&line);
        okt_buf_str(&line, "next: the cursor (escaped; -o json has it whole) ");
        okt_escape(&line, cursor, strlen(cursor));
    }
    if (!okt_buf_failed(&line))
        fprintf(stderr, "%s\n", line.data);
}

void cursor_tell(const struct args *args, const okta_page *page)
{
    const char *cursor = okta_page_cursor(page);

    if (cursor != NULL)
        tell(args, cursor);
    else if (okta_page_more(page))
        note(args, "note",
             "there are more tokens, but no cursor to go on with: the org sent "
             "more than were asked for, so this page had to be cut");
}
