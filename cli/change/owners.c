/* SPDX-License-Identifier: Apache-2.0 */
/* owners.c - owners of targets: asked for, and told in a line each. */
#include "cli/change/owners.h"

#include "cli/enrich/enrich.h"
#include "cli/term/progress.h"

enum { TEXT_MAX = 64 * 1024 };

void owners_free(struct owners *owners)
{
    free(owners->list);
    owners->list = NULL;
}

int owners_read(struct session *session, const struct targets *targets,
                struct owners *out)
{
    int code = EXIT_OK;

    out->whole = true;
    out->zones = true;
    out->list = calloc(targets->count + 1, sizeof(out->list[0]));
    if (session->audit == NULL)
        session->audit =
            audit_new(session, PART_BIT(PART_OWNER) | PART_BIT(PART_ROLES) |
                                   PART_BIT(PART_ZONES));
    if (out->list == NULL || session->audit == NULL)
        return fail_memory(session->args);
    for (size_t i = 0; i < targets->count; i++)
        if (targets->list[i].result == NULL &&
            !audit_expect(session->audit, targets->list[i].token, false))
            return fail_memory(session->args);
    for (size_t i = 0; i < targets->count && code == EXIT_OK; i++) {
        const struct target *target = &targets->list[i];
        struct context *context = &out->list[i];

        if (target->result != NULL)
            continue;
        code = audit_token(session->audit, target->token, context);
        out->whole = out->whole && context->unknown[PART_OWNER] == NULL;
        out->zones = out->zones && context->unknown[PART_ZONES] == NULL;
    }
    progress_clear();
    if (code == EXIT_OK)
        audit_tell(session->audit);
    return code;
}

static void tell(const struct session *session, const struct target *target,
                 const struct context *context)
{
    const char *user = okta_api_token_user_id(target->token);
    OKT_BUF_AUTO text = OKT_BUF_INIT(TEXT_MAX);

    if (context->unknown[PART_OWNER] != NULL)
        okt_buf_str(&text, user != NULL ? user : "unknown");
    else
        context_text(&text, context, CONTEXT_LOGIN, target->token);
    okt_buf_str(&text, " (");
    context_text(&text, context, CONTEXT_STATUS, target->token);
    okt_buf_str(&text, "), roles: ");
    context_text(&text, context, CONTEXT_ROLES, target->token);
    if (!okt_buf_failed(&text))
        note(session->args, "note", "%s %s: of %s", target->id,
             okta_api_token_name(target->token), text.data);
}

void owners_tell(const struct session *session, const struct targets *targets,
                 const struct owners *owners)
{
    for (size_t i = 0; i < targets->count; i++)
        if (targets->list[i].result == NULL)
            tell(session, &targets->list[i], &owners->list[i]);
}
