/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_help.c - help and version. */
#include "cli/cmd/cmd_help.h"

#include <stdio.h>
#include <string.h>

#include "cli/cmd/doc.h"
#include "cli/output/printer.h"

static void add_commands(struct okt_buf *out, bool powershell)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &commands[i];
        const char *args = command->args[0] != '\0' ? command->args : NULL;

        if (command_is_powershell(command) == powershell)
            doc_term(out, DOC_TEXT, command->name, args, command->summary);
    }
}

static void add_overview(struct okt_buf *out)
{
    okt_buf_str(out, "usage: okta-tokens [OPTION...] COMMAND [ARG...]\n\n");
    doc_heading(out, DOC_TEXT, "Commands");
    add_commands(out, false);
    okt_buf_char(out, '\n');
    doc_heading(out, DOC_TEXT, "Commands by their PowerShell names");
    add_commands(out, true);
    okt_buf_char(out, '\n');
    doc_heading(out, DOC_TEXT, "Options of every command");
    doc_global_options(out, DOC_TEXT);
    okt_buf_char(out, '\n');
    doc_heading(out, DOC_TEXT, "Topics of help");
    for (size_t i = 0; i < doc_topic_count; i++)
        doc_term(out, DOC_TEXT, doc_topics[i].name, NULL,
                 doc_topics[i].summary);
    okt_buf_str(out, "\nokta-tokens COMMAND --help tells more of a command.\n");
}

static int print(struct session *session, const struct okt_buf *text)
{
    if (okt_buf_failed(text))
        return fail_memory(session->args);
    return printer_page(session, text->data, text->len);
}

int help_overview(struct session *session)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(DOC_MAX);

    add_overview(&text);
    return print(session, &text);
}

int help_command(struct session *session, const struct command *command)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(DOC_MAX);

    doc_command(&text, DOC_TEXT, command);
    okt_buf_char(&text, '\n');
    doc_heading(
        &text, DOC_TEXT,
        "Options of every command, which \"okta-tokens help\" explains");
    doc_global_names(&text);
    return print(session, &text);
}

int help_missing_command(void)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(DOC_MAX);

    add_overview(&text);
    if (!okt_buf_failed(&text))
        fwrite(text.data, 1, text.len, stderr);
    return EXIT_USAGE;
}

int cmd_help(struct session *session)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(DOC_MAX);
    const char *name = args_operand(session->args, 0);
    const struct doc_topic *topic;
    const struct command *command;

    if (name == NULL)
        return help_overview(session);
    command = command_find(name);
    if (command != NULL)
        return help_command(session, command);
    topic = doc_topic_find(name);
    if (topic == NULL)
        return fail(session->args, EXIT_USAGE, "okta-tokens help",
                    "there is no command or topic '%s'", name);
    doc_topic(&text, DOC_TEXT, topic);
    return print(session, &text);
}

int cmd_version(struct session *session)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(DOC_MAX);

    okt_buf_printf(&text, "okta-tokens %s\nlibokta %s\n", OKTA_VERSION,
                   okta_version());
    return print(session, &text);
}
