/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_auth.c - auth token: the credential itself, for another program. */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/output/printer.h"
#include "cli/signin/session.h"

enum { LINE_MAX_LEN = 32 * 1024 };

#define HEADER "Authorization: "

static int print(const struct session *session, const char *authorization)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(LINE_MAX_LEN);
    const char *space = strchr(authorization, ' ');

    if (args_has(session->args, OPT_HEADER))
        okt_buf_printf(&line, HEADER "%s\n", authorization);
    else
        okt_buf_printf(&line, "%s\n",
                       space != NULL ? space + 1 : authorization);
    if (okt_buf_failed(&line))
        return fail_memory(session->args);
    /* No buffer of stdio's keeps a copy. */
    setvbuf(stdout, NULL, _IONBF, 0);
    return printer_text(session, line.data, line.len);
}

int cmd_auth(struct session *session)
{
    const struct args *args = session->args;
    char *authorization;
    okta_error err;
    int code;

    if (strcmp(args_operand(args, 0), "token") != 0)
        return fail(args, EXIT_USAGE, NULL, "auth takes token, not '%s'",
                    args_operand(args, 0));
    if (isatty(STDOUT_FILENO))
        return fail(args, EXIT_REFUSED,
                    "okta-tokens auth token --header | curl -H @- URL",
                    "a credential is not shown on a terminal");
    code = session_open(session);
    if (code != EXIT_OK)
        return code;
    if (okta_client_authorization(session->client, &authorization, &err) !=
        OKTA_OK)
        return fail_call(session, "auth token", &err, NULL);
    code = print(session, authorization);
    okta_text_free(authorization);
    return code;
}
