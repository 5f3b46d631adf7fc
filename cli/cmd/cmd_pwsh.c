/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_pwsh.c - the operations by the names of Okta's PowerShell module.
 *
 * They take its parameters, never ask, and list one page.
 */
#include "cli/change/target.h"
#include "cli/cmd/cmd_get.h"
#include "cli/cmd/cmd_revoke.h"
#include "cli/cmd/cursor.h"
#include "cli/cmd/http_info.h"
#include "cli/cmd/next_uri.h"
#include "cli/output/printer.h"
#include "cli/signin/session.h"

/* NULL where -WithHttpInfo prints something else instead; but what came over
 * HTTP for a dry run is not about the change. */
static int open_output(struct session *session, bool array, struct output **out)
{
    *out = NULL;
    if (args_has(session->args, PAR_WITH_HTTP_INFO) &&
        !args_has(session->args, OPT_DRY_RUN))
        return EXIT_OK;
    return printer_open(session, array, out);
}

/* The end of each: the output, or what came over HTTP. */
static int finish(struct session *session, struct output *output, bool whole,
                  int code)
{
    if (output != NULL)
        return printer_close(session, output, whole, code);
    if (session->response == NULL)
        return code;
    return http_info_print(session, code);
}

static int parse_id(const struct session *session, struct targets *out)
{
    const char *id = args_value(session->args, PAR_API_TOKEN_ID);

    if (id == NULL)
        return fail(session->args, EXIT_USAGE, NULL, "%s needs -ApiTokenId",
                    session->args->command->name);
    return targets_parse_one(session, id, out);
}

int cmd_pwsh_get(struct session *session)
{
    TARGETS_AUTO targets = { .count = 0 };
    struct output *output = NULL;
    int code = parse_id(session, &targets);

    if (code == EXIT_OK)
        code = open_output(session, false, &output);
    if (code != EXIT_OK)
        return code;
    code = targets_open(session, &targets);
    if (code == EXIT_OK)
        code = get_targets(session, &targets, output);
    return finish(session, output, code == EXIT_OK, code);
}

/* ---------------------------------------------------------------- List -- */

static int read_options(struct session *session, struct uri_query *query,
                        okta_list_options *out)
{
    const struct args *args = session->args;
    const char *uri = args_value(args, PAR_URI);

    out->single = true;
    out->after = args_value(args, PAR_AFTER);
    out->limit = (int)args_number(args, PAR_LIMIT, 0);
    out->q = args_value(args, PAR_Q);
    if (uri == NULL)
        return EXIT_OK;
    if (out->after != NULL || out->limit != 0 || out->q != NULL)
        return fail(args, EXIT_USAGE, NULL,
                    "-Uri stands alone, without -After, -Limit and -Q");
    return uri_read(session, uri, query, out);
}

static bool print_page(struct output *output, const okta_page *page)
{
    for (size_t i = 0; i < okta_page_count(page); i++)
        if (!output_token(output, okta_page_api_token(page, i), NULL))
            return false;
    return output_flush(output);
}

static int list_page(struct session *session, const okta_list_options *options,
                     struct output *output, okta_page **page)
{
    okta_error err;

    if (okta_api_token_list(session->client, options, session->response, page,
                            &err) != OKTA_OK)
        return session_fail(session, "list", &err);
    if (output != NULL)
        (void)print_page(output, *page); /* printer_close tells */
    return EXIT_OK;
}

int cmd_pwsh_list(struct session *session)
{
    URI_QUERY_AUTO query = URI_QUERY_INIT;
    okta_list_options options = OKTA_LIST_OPTIONS_INIT;
    AUTO(okta_page) page = NULL;
    struct output *output = NULL;
    bool table;
    int code = read_options(session, &query, &options);

    if (code == EXIT_OK)
        code = open_output(session, true, &output);
    if (code != EXIT_OK)
        return code;
    table = printer_shows_table(output);
    code = session_open(session);
    if (code == EXIT_OK)
        code = list_page(session, &options, output, &page);
    code = finish(session, output, code == EXIT_OK, code);
    if (code != EXIT_OK || page == NULL ||
        args_has(session->args, PAR_WITH_HTTP_INFO))
        return code;
    cursor_tell(session->args, page);
    if (table && okta_page_count(page) == 0 && !okta_page_more(page))
        note(session->args, "note", "no tokens");
    return code;
}

/* ------------------------------------------------------------ Revoking -- */

/* That it is done must be told, also where -WithHttpInfo could not print it. */
static int tell_revoked(const struct session *session,
                        const struct output *output, int code, int written)
{
    if (output == NULL && code == EXIT_OK && written != EXIT_OK)
        note(session->args, "note", "revoked");
    return written;
}

int cmd_pwsh_revoke(struct session *session)
{
    TARGETS_AUTO targets = { .count = 0 };
    struct output *output = NULL;
    int code = parse_id(session, &targets);

    if (code == EXIT_OK)
        code = open_output(session, true, &output);
    if (code != EXIT_OK)
        return code;
    code = targets_open(session, &targets);
    if (code == EXIT_OK)
        code = revoke_targets(session, &targets, false, output);
    if (code == EXIT_REFUSED && output == NULL)
        return code; /* what came is about other requests than this one */
    return tell_revoked(session, output, code,
                        finish(session, output, targets_left(&targets) == 0,
                               code));
}

int cmd_pwsh_revoke_current(struct session *session)
{
    struct output *output = NULL;
    int code = open_output(session, true, &output);

    if (code != EXIT_OK)
        return code;
    code = session_open(session);
    if (code == EXIT_OK)
        code = revoke_current(session, output);
    return tell_revoked(session, output, code,
                        finish(session, output, true, code));
}
