/* SPDX-License-Identifier: Apache-2.0 */
/* confirm.c - what is about to be revoked, and whether it is meant. */
#include "cli/change/confirm.h"

#include <stdio.h>

#include "cli/change/owners.h"
#include "cli/term/terminal.h"

enum { FIELDS_MAX_LEN = 256, SUM_MAX = 64 * 1024 };

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

/* An owner who is not known by login is told by id. Only what agents are
 * allowed for may be of another client than people's tokens are. */
static void add_fields(struct okt_buf *out, const struct args *args,
                       const struct owners *owners)
{
    okt_buf_printf(out,
                   "id,name,%sx.owner.login,x.owner.status,x.roles,x.lastUsed,"
                   "%s%s",
                   owners->whole ? "" : "userId,",
                   args_has(args, OPT_ALLOW_AGENTS) ? "clientName," : "",
                   owners->zones ? "x.zones" : "network");
}

static bool show(const struct session *session, const struct targets *targets,
                 const struct owners *owners, FILE *stream)
{
    OKT_BUF_AUTO fields = OKT_BUF_INIT(FIELDS_MAX_LEN);
    struct output_options options = {
        .array = targets_left(targets) > 1,
        .width = terminal_columns(fileno(stream)),
        .has_context = true,
        .now = session->started,
        .stream = stream,
        .terminal = true,
    };
    AUTO(char) why = NULL;
    struct output *output;
    bool ok;

    add_fields(&fields, session->args, owners);
    if (okt_buf_failed(&fields))
        return false;
    options.fields = fields.data;
    output = output_open(&options, &why);
    ok = output != NULL;

    for (size_t i = 0; ok && i < targets->count; i++)
        if (targets->list[i].result == NULL)
            ok = output_token(output, targets->list[i].token, &owners->list[i]);
    return output != NULL && output_close(output, true) && ok;
}

/* Several tokens, told in a line below them. */
static bool show_sum(const struct targets *targets, const struct owners *owners,
                     FILE *stream)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(SUM_MAX);

    if (targets_left(targets) < 2)
        return true;
    owners_sum_up(targets, owners, &text);
    return !okt_buf_failed(&text) && fprintf(stream, "%s\n", text.data) > 0;
}

static bool show_all(const struct session *session,
                     const struct targets *targets, const struct owners *owners,
                     FILE *stream)
{
    return show(session, targets, owners, stream) &&
           show_sum(targets, owners, stream);
}

int confirm(struct session *session, const struct targets *targets,
            const char *question, const char *done)
{
    TERMINAL_AUTO terminal = TERMINAL_INIT;
    OWNERS_AUTO owners = { .list = NULL };
    int code = EXIT_OK;

    if (needs_none(session->args))
        return EXIT_OK;
    if (targets != NULL)
        code = owners_read(session, targets, &owners);
    if (code != EXIT_OK)
        return code;
    if (!terminal_open(args_has(session->args, OPT_TOKEN_STDIN), &terminal) ||
        (targets != NULL && !show_all(session, targets, &owners, terminal.out)))
        return fail(session->args, EXIT_REFUSED, NULL,
                    "not confirmed: the terminal can't be used");
    if (terminal_confirm(&terminal, question))
        return EXIT_OK;
    code = fail_if_interrupted(session->args);
    if (code != EXIT_OK)
        return code;
    return fail(session->args, EXIT_REFUSED, NULL,
                "not confirmed; nothing was %s", done);
}
