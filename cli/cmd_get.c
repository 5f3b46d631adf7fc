/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_get.c - get: one token or more. */
#include "cmd_get.h"

#include "printer.h"

/* False: it could not be written (printer_close tells). */
static bool print_one(struct session *session, struct targets *targets,
                      struct target *target, struct output *output)
{
    okta_error err;

    if (target->result != NULL)
        return true;
    if (okta_api_token_get(session->client, target->id, session->response,
                           &target->token, &err) != OKTA_OK) {
        target_failed(session, targets, target, "get", &err);
        return true;
    }
    target_done(target, "read");
    return output == NULL ||
           (output_token(output, target->token) && output_flush(output));
}

int get_targets(struct session *session, struct targets *targets,
                struct output *output)
{
    bool ok = true;

    for (size_t i = 0; ok && i < targets->count; i++)
        ok = print_one(session, targets, &targets->list[i], output);
    return targets_exit(targets);
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
    return printer_close(session, output, tried && !targets.broken_off, code);
}
