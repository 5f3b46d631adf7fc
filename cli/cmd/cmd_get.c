/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_get.c - get: one token or more. */
#include "cli/cmd/cmd_get.h"

#include "cli/enrich/enrich.h"
#include "cli/output/printer.h"

/* Returns an exit code, and *ok, as printer_token. */
static int print_one(struct session *session, struct targets *targets,
                     struct target *target, struct output *output, bool *ok)
{
    okta_error err;
    int code;

    if (target->result != NULL)
        return EXIT_OK;
    if (okta_api_token_get(session->client, target->id, session->response,
                           &target->token, &err) != OKTA_OK) {
        target_failed(session, targets, target, "get", &err);
        return EXIT_OK;
    }
    target_done(target, "read");
    if (output == NULL)
        return EXIT_OK;
    code = printer_token(session, output, target->token, ok);
    *ok = *ok && output_flush(output);
    return code;
}

int get_targets(struct session *session, struct targets *targets,
                struct output *output)
{
    bool ok = true;
    int code = EXIT_OK;

    for (size_t i = 0; ok && code == EXIT_OK && i < targets->count; i++)
        code = print_one(session, targets, &targets->list[i], output, &ok);
    if (code == EXIT_OK)
        return targets_exit(targets);
    targets->broken_off = true; /* what stands around a token is part of it */
    return code;
}

int cmd_get(struct session *session)
{
    TARGETS_AUTO targets = { .count = 0 };
    struct output *output = NULL;
    bool tried = false;
    int code = targets_parse(session, &targets);

    if (code == EXIT_OK)
        code = printer_open(session, targets.count > 1, &output);
    if (code != EXIT_OK)
        return code;
    code = targets_open(session, &targets);
    if (code == EXIT_OK) {
        tried = true;
        code = get_targets(session, &targets, output);
    }
    code = printer_close(session, output, tried && !targets.broken_off, code);
    audit_tell(session->audit);
    return code;
}
