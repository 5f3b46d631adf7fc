/* SPDX-License-Identifier: Apache-2.0 */
/* confirm.c - what is about to be revoked, and whether it is meant. */
#include "confirm.h"

#include "terminal.h"

static bool needs_none(const struct args *args)
{
    return args_has(args, OPT_YES) || args_has(args, OPT_DRY_RUN);
}

int confirm_possible(const struct session *session)
{
    if (needs_none(session->args) || session_has_terminal(session))
        return EXIT_OK;
    return fail(session->args, EXIT_REFUSED, "give --yes to go on without",
                "not confirmed: there is no terminal to ask on");
}

static bool show(const struct session *session, const struct targets *targets,
                 FILE *stream)
{
    struct output_options options = {
        .format = OUTPUT_TABLE,
        .fields = "id,name,userId,clientName,network,x.lastUsed",
        .now = session->started,
        .stream = stream,
        .terminal = true,
    };
    AUTO(char) why = NULL;
    struct output *output = output_open(&options, &why);
    bool ok = output != NULL;

    for (size_t i = 0; ok && i < targets->count; i++)
        if (targets->list[i].result == NULL)
            ok = output_token(output, targets->list[i].token, NULL);
    return output != NULL && output_close(output, true) && ok;
}

int confirm(const struct session *session, const struct targets *targets,
            const char *question)
{
    TERMINAL_AUTO terminal = TERMINAL_INIT;
    int code;

    if (needs_none(session->args))
        return EXIT_OK;
    if (!terminal_open(args_has(session->args, OPT_TOKEN_STDIN), &terminal) ||
        (targets != NULL && !show(session, targets, terminal.out)))
        return fail(session->args, EXIT_REFUSED, NULL,
                    "not confirmed: the terminal can't be used");
    if (terminal_confirm(&terminal, question))
        return EXIT_OK;
    code = fail_if_interrupted(session->args);
    if (code != EXIT_OK)
        return code;
    return fail(session->args, EXIT_REFUSED, NULL,
                "not confirmed; nothing was revoked");
}
