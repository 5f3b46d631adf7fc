/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_revoke.c - revoke and revoke-current. */
#include "cli/cmd/cmd_revoke.h"

#include <stdio.h>

#include "base/buf.h"
#include "cli/change/confirm.h"
#include "cli/change/guard.h"
#include "cli/change/owners.h"
#include "cli/output/printer.h"

enum { QUESTION_MAX = 4096 };

static void revoke_one(void *ctx, struct targets *targets,
                       struct target *target)
{
    struct session *session = ctx;
    okta_error err;

    if (args_has(session->args, OPT_DRY_RUN)) {
        target_done(target, "would-revoke");
        return;
    }
    if (okta_api_token_revoke(session->client, target->id, session->response,
                              &err) == OKTA_OK)
        target_done(target, "revoked");
    else
        target_failed(session, targets, target, "revoke", &err);
}

/* What stands in the question, where none is asked. */
static int tell_owners(struct session *session, const struct targets *targets)
{
    OWNERS_AUTO owners = { .list = NULL };
    int code = owners_read(session, targets, &owners);

    if (code == EXIT_OK)
        owners_tell(session, targets, &owners);
    return code;
}

static int ask(struct session *session, const struct targets *targets)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(QUESTION_MAX);
    size_t left = targets_left(targets);

    if (left == 0)
        return EXIT_OK;
    if (args_has(session->args, OPT_DRY_RUN))
        return tell_owners(session, targets);
    if (left == 1)
        okt_buf_str(&text, "Revoke this token of ");
    else
        okt_buf_printf(&text, "Revoke these %zu tokens of ", left);
    okt_buf_printf(&text, "%s for good?", okta_client_org_url(session->client));
    if (okt_buf_failed(&text))
        return fail_memory(session->args);
    return confirm(session, targets, text.data, "revoked");
}

int revoke_targets(struct session *session, struct targets *targets, bool asks,
                   struct output *output)
{
    int code;

    targets_read(session, targets);
    code = guard_check(session, targets);
    if (code == EXIT_OK && asks)
        code = ask(session, targets);
    if (code != EXIT_OK)
        return code;
    code = targets_each(session, targets, output, revoke_one, session);
    if (asks)
        targets_sum_up(session, targets);
    return code;
}

int cmd_revoke(struct session *session)
{
    TARGETS_AUTO targets = { .count = 0 };
    struct output *output = NULL;
    int code = targets_parse(session, &targets);

    if (code == EXIT_OK)
        code = confirm_possible(session);
    if (code == EXIT_OK)
        code = printer_open(session, true, &output);
    if (code != EXIT_OK)
        return code;
    code = targets_open(session, &targets);
    if (code == EXIT_OK)
        code = revoke_targets(session, &targets, true, output);
    return printer_close(session, output, targets_left(&targets) == 0, code);
}

/* ------------------------------------------------------ revoke-current -- */

static int ask_current(struct session *session)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(QUESTION_MAX);

    okt_buf_printf(&text, "Revoke the token in use (from %s) of %s for good?",
                   okta_config_origin(session->config, "token"),
                   okta_client_org_url(session->client));
    if (okt_buf_failed(&text))
        return fail_memory(session->args);
    return confirm(session, NULL, text.data, "revoked");
}

int revoke_current(struct session *session, struct output *output)
{
    static const char what[] = "revoke-current";
    struct output_result result = { .result = "would-revoke" };
    AUTO(char) json = NULL;
    okta_error err;
    int code = EXIT_OK;

    if (!args_has(session->args, OPT_DRY_RUN)) {
        result.result = "revoked";
        if (okta_api_token_revoke_current(session->client, session->response,
                                          &err) != OKTA_OK) {
            json = fail_call_json(session, what, &err, session->response);
            code = session_fail(session, what, &err);
            result.result = "failed";
            result.error = &err;
            result.error_json = json;
        }
    }
    if (output != NULL && !output_result(output, &result) && code == EXIT_OK &&
        !args_has(session->args, OPT_DRY_RUN))
        note(session->args, "note", "the token in use: revoked");
    return code; /* that it could not be printed, printer_close tells */
}

int cmd_revoke_current(struct session *session)
{
    struct output *output = NULL;
    bool tried = false;
    int code = confirm_possible(session);

    if (code == EXIT_OK)
        code = printer_open(session, true, &output);
    if (code != EXIT_OK)
        return code;
    code = session_open(session);
    if (code == EXIT_OK)
        code = ask_current(session);
    if (code == EXIT_OK) {
        tried = true;
        code = revoke_current(session, output);
    }
    return printer_close(session, output, tried, code);
}
