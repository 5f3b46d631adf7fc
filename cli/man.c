/* SPDX-License-Identifier: Apache-2.0 */
/*
 * man.c - fills the man page's source with what the tables say.
 *
 * Copies standard input to standard output. A line "@options", "@commands",
 * "@powershell" or "@topic NAME" becomes what that has to say. Part of the
 * build, not installed.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cmd/doc.h"

enum { LINE_SIZE = 1024 };

static void add_commands(struct okt_buf *out, bool powershell)
{
    for (size_t i = 0; i < command_count; i++)
        if (command_is_powershell(&commands[i]) == powershell)
            doc_command(out, DOC_SCDOC, &commands[i]);
}

/* False: no such thing. */
static bool add_directive(struct okt_buf *out, const char *line)
{
    const struct doc_topic *topic;

    if (strcmp(line, "@options") == 0) {
        doc_global_options(out, DOC_SCDOC);
        return true;
    }
    if (strcmp(line, "@commands") == 0 || strcmp(line, "@powershell") == 0) {
        add_commands(out, line[1] == 'p');
        return true;
    }
    topic = strncmp(line, "@topic ", 7) == 0 ? doc_topic_find(line + 7) : NULL;
    if (topic != NULL)
        doc_topic(out, DOC_SCDOC, topic);
    return topic != NULL;
}

int main(void)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(DOC_MAX);
    char line[LINE_SIZE];

    while (fgets(line, sizeof(line), stdin) != NULL) {
        if (line[0] != '@') {
            okt_buf_str(&out, line);
            continue;
        }
        line[strcspn(line, "\n")] = '\0';
        if (!add_directive(&out, line)) {
            fprintf(stderr, "okta-tokens-man: what is %s?\n", line);
            return 1;
        }
    }
    if (okt_buf_failed(&out) || ferror(stdin) ||
        fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0)
        return 1;
    return 0;
}
