/* SPDX-License-Identifier: Apache-2.0 */
/* doc.c - laying documentation out, as text and as scdoc's source. */
#include "cli/cmd/doc.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/term/fail.h"

enum { WIDTH = 79, INDENT = 2, TEXT_COLUMN = 26, EXAMPLE_INDENT = 6 };

/* ---------------------------------------------------------------- Text -- */

static void add_spaces(struct okt_buf *out, size_t count)
{
    okt_buf_printf(out, "%*s", (int)count, "");
}

/* Words up to WIDTH; column is where the cursor stands, indent where the
 * lines after the first begin. */
static void wrap(struct okt_buf *out, const char *text, size_t column,
                 size_t indent)
{
    bool first = true;

    while (*text != '\0') {
        size_t len = strcspn(text, " ");

        if (!first && column + 1 + len > WIDTH) {
            okt_buf_char(out, '\n');
            add_spaces(out, indent);
            column = indent;
        } else if (!first) {
            okt_buf_char(out, ' ');
            column++;
        }
        okt_buf_append(out, text, len);
        column += len;
        text += len + strspn(text + len, " ");
        first = false;
    }
    okt_buf_char(out, '\n');
}

/* --------------------------------------------------------------- scdoc -- */

/* What has a meaning in scdoc loses it. */
static void add_escaped(struct okt_buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (strchr("\\*_~", text[i]) != NULL)
            okt_buf_char(out, '\\');
        okt_buf_char(out, text[i]);
    }
}

static void add_marked(struct okt_buf *out, char mark, const char *text)
{
    okt_buf_char(out, mark);
    add_escaped(out, text, strlen(text));
    okt_buf_char(out, mark);
}

/* --------------------------------------------------------------- Parts -- */

void doc_heading(struct okt_buf *out, enum doc_form form, const char *text)
{
    if (form == DOC_SCDOC)
        okt_buf_printf(out, "## %s\n\n", text);
    else
        okt_buf_printf(out, "%s:\n", text);
}

static void one_paragraph(struct okt_buf *out, enum doc_form form,
                          const char *text, size_t len)
{
    OKT_BUF_AUTO copy = OKT_BUF_INIT(DOC_MAX);

    okt_buf_append(&copy, text, len);
    if (okt_buf_failed(&copy)) {
        out->state = copy.state;
        return;
    }
    if (form == DOC_TEXT) {
        wrap(out, copy.data, 0, 0);
    } else {
        add_escaped(out, copy.data, copy.len);
        okt_buf_char(out, '\n');
    }
    okt_buf_char(out, '\n');
}

void doc_paragraph(struct okt_buf *out, enum doc_form form, const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");

        one_paragraph(out, form, text, len);
        text += len + (text[len] == '\n');
    }
}

static void text_term(struct okt_buf *out, const char *term, const char *value,
                      const char *text)
{
    size_t len = strlen(term) + (value != NULL ? strlen(value) + 1 : 0);

    add_spaces(out, INDENT);
    okt_buf_printf(out, "%s%s%s", term, value != NULL ? " " : "",
                   value != NULL ? value : "");
    if (INDENT + len + 2 > TEXT_COLUMN) {
        okt_buf_char(out, '\n');
        add_spaces(out, TEXT_COLUMN);
    } else {
        add_spaces(out, TEXT_COLUMN - INDENT - len);
    }
    wrap(out, text, TEXT_COLUMN, TEXT_COLUMN);
}

void doc_term(struct okt_buf *out, enum doc_form form, const char *term,
              const char *value, const char *text)
{
    if (form == DOC_TEXT) {
        text_term(out, term, value, text);
        return;
    }
    add_marked(out, '*', term);
    if (value != NULL) {
        okt_buf_char(out, ' ');
        add_marked(out, '_', value);
    }
    okt_buf_str(out, "\n\t");
    add_escaped(out, text, strlen(text));
    okt_buf_str(out, "\n\n");
}

/* ------------------------------------------------- Options and commands -- */

static void add_option(struct okt_buf *out, enum doc_form form,
                       enum option_id id)
{
    const struct option *option = &option_table[id];
    char term[64];
    const char *value =
        option->choices != NULL ? option->choices : option->value;

    if (option->letter != 0)
        snprintf(term, sizeof(term), "-%c, --%s", option->letter, option->name);
    else
        snprintf(term, sizeof(term), "%s%s", option_dashes(id), option->name);
    doc_term(out, form, term, value, option->help);
}

static void add_own_options(struct okt_buf *out, enum doc_form form,
                            const struct command *command)
{
    for (int id = 0; id < OPTION_COUNT; id++)
        if (!option_is_global((enum option_id)id) &&
            command_takes(command, (enum option_id)id))
            add_option(out, form, (enum option_id)id);
}

static void add_usage(struct okt_buf *out, const struct command *command)
{
    okt_buf_printf(out, "okta-tokens %s", command->name);
    for (size_t i = 0; i < command->position_count; i++)
        okt_buf_printf(out, " [-%s] %s",
                       option_table[command->positions[i]].name,
                       option_table[command->positions[i]].value);
    if (command->options != 0)
        okt_buf_str(out, " [OPTION...]");
    if (command->args[0] != '\0')
        okt_buf_printf(out, " %s", command->args);
}

static void add_sentence(struct okt_buf *out, enum doc_form form,
                         const char *summary)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(DOC_MAX);

    okt_buf_printf(&text, "%c%s.", toupper((unsigned char)summary[0]),
                   summary + 1);
    if (okt_buf_failed(&text))
        out->state = text.state;
    else
        doc_paragraph(out, form, text.data);
}

static void add_examples(struct okt_buf *out, enum doc_form form,
                         const struct command *command)
{
    const struct doc_item *examples = doc_examples(command->name);

    if (examples == NULL)
        return;
    if (form == DOC_TEXT)
        okt_buf_str(out,
                    command->options != 0 ? "\nExamples:\n" : "Examples:\n");
    for (size_t i = 0; i < DOC_EXAMPLES; i++) {
        if (form == DOC_SCDOC) {
            doc_term(out, form, examples[i].term, NULL, examples[i].text);
            continue;
        }
        add_spaces(out, INDENT);
        okt_buf_printf(out, "%s\n", examples[i].term);
        add_spaces(out, EXAMPLE_INDENT);
        wrap(out, examples[i].text, EXAMPLE_INDENT, EXAMPLE_INDENT);
    }
}

void doc_command(struct okt_buf *out, enum doc_form form,
                 const struct command *command)
{
    OKT_BUF_AUTO usage = OKT_BUF_INIT(DOC_MAX);

    add_usage(&usage, command);
    if (okt_buf_failed(&usage)) {
        out->state = usage.state;
        return;
    }
    if (form == DOC_TEXT) {
        okt_buf_printf(out, "usage: %s\n\n", usage.data);
    } else {
        okt_buf_printf(out, "## %s\n\n", command->name);
        add_marked(out, '*', usage.data);
        okt_buf_str(out, "\n\n");
    }
    add_sentence(out, form, command->summary);
    if (command->text != NULL)
        doc_paragraph(out, form, command->text);
    if (command->options != 0 && form == DOC_TEXT)
        doc_heading(out, form, "Options");
    add_own_options(out, form, command);
    add_examples(out, form, command);
}

void doc_global_options(struct okt_buf *out, enum doc_form form)
{
    for (int id = 0; id <= OPTION_GLOBAL_LAST; id++)
        add_option(out, form, (enum option_id)id);
}

void doc_global_names(struct okt_buf *out)
{
    OKT_BUF_AUTO names = OKT_BUF_INIT(DOC_MAX);

    for (int id = 0; id <= OPTION_GLOBAL_LAST; id++)
        okt_buf_printf(&names, "%s--%s", id > 0 ? " " : "",
                       option_table[id].name);
    if (okt_buf_failed(&names)) {
        out->state = names.state;
        return;
    }
    add_spaces(out, INDENT);
    wrap(out, names.data, INDENT, INDENT);
}

static void add_exit_codes(struct okt_buf *out, enum doc_form form)
{
    for (size_t i = 0; i < exit_meaning_count; i++)
        doc_term(out, form, exit_meanings[i].code, NULL, exit_meanings[i].text);
}

static void literal(struct okt_buf *out, enum doc_form form,
                    const char *const *pieces)
{
    const char *fence = form == DOC_SCDOC ? "```\n" : "";

    okt_buf_str(out, fence);
    for (; *pieces != NULL; pieces++)
        okt_buf_str(out, *pieces);
    okt_buf_str(out, fence);
}

void doc_topic(struct okt_buf *out, enum doc_form form,
               const struct doc_topic *topic)
{
    if (topic->literal != NULL)
        literal(out, form, topic->literal);
    for (size_t i = 0; i < topic->count; i++) {
        const struct doc_item *item = &topic->items[i];
        bool follows = i > 0 && topic->items[i - 1].term != NULL;

        if (item->term != NULL) {
            doc_term(out, form, item->term, NULL, item->text);
            continue;
        }
        if (follows && form == DOC_TEXT)
            okt_buf_char(out, '\n');
        doc_paragraph(out, form, item->text);
    }
    if (strcmp(topic->name, "exit-codes") == 0)
        add_exit_codes(out, form);
}
