/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_completion.c - completion: a script for a shell. */
#include <string.h>

#include "cli/cmd/doc.h"
#include "cli/output/printer.h"

static bool is_shell(const char *name)
{
    for (size_t i = 0; doc_shells[i] != NULL; i++)
        if (strcmp(doc_shells[i], name) == 0)
            return true;
    return false;
}

int cmd_completion(struct session *session)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(DOC_MAX);
    const char *shell = args_operand(session->args, 0);

    if (!is_shell(shell))
        return fail(session->args, EXIT_USAGE, NULL,
                    "completion takes %s, not '%s'",
                    session->args->command->args, shell);
    doc_completion(&text, shell);
    if (okt_buf_failed(&text))
        return fail_memory(session->args);
    return printer_text(session, text.data, text.len);
}
