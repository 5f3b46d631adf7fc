/* SPDX-License-Identifier: Apache-2.0 */
/* key_values.c - laying facts out. */
#include "cli/output/key_values.h"

#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cli/output/printer.h"
#include "cli/term/json_write.h"

enum { TEXT_MAX = 256 * 1024, KEY_WIDTH = 14 };

static void add_json(struct okt_buf *out, const struct fact *facts,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        okt_buf_char(out, i > 0 ? ',' : '{');
        json_string(out, facts[i].key);
        okt_buf_char(out, ':');
        if (facts[i].value == NULL)
            okt_buf_str(out, "null");
        else if (facts[i].raw)
            okt_buf_str(out, facts[i].value);
        else
            json_string(out, facts[i].value);
    }
    okt_buf_str(out, "}\n");
}

/* "clientId" as "client id", and spaces behind it. */
static void add_key(struct okt_buf *out, const char *key)
{
    size_t width = 0;

    for (; *key != '\0'; key++) {
        bool upper = *key >= 'A' && *key <= 'Z';

        if (upper)
            okt_buf_char(out, ' ');
        okt_buf_char(out, upper ? (char)(*key - 'A' + 'a') : *key);
        width += 1 + upper;
    }
    do
        okt_buf_char(out, ' ');
    while (++width < KEY_WIDTH);
}

static void add_text(struct okt_buf *out, const struct fact *facts,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (facts[i].value == NULL)
            continue;
        add_key(out, facts[i].key);
        okt_escape(out, facts[i].value, strlen(facts[i].value));
        okt_buf_char(out, '\n');
    }
}

static int print(const struct session *session, const struct okt_buf *text)
{
    if (okt_buf_failed(text))
        return fail_memory(session->args);
    return printer_text(session, text->data, text->len);
}

int facts_print_json(const struct session *session, const struct fact *facts,
                     size_t count)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(TEXT_MAX);

    add_json(&text, facts, count);
    return print(session, &text);
}

int facts_print(const struct session *session, const struct fact *facts,
                size_t count)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(TEXT_MAX);

    if (session->args->json)
        return facts_print_json(session, facts, count);
    add_text(&text, facts, count);
    return print(session, &text);
}
