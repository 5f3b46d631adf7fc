/* SPDX-License-Identifier: Apache-2.0 */
/* owners.c - owners of targets: asked for, told in a line each, counted. */
#include "cli/change/owners.h"

#include <string.h>

#include "base/escape.h"
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

/* ------------------------------------------------------------- Counting -- */

static const char *status_of(const struct context *context)
{
    if (context->unknown[PART_OWNER] != NULL || context->owner == NULL ||
        context->owner->status == NULL)
        return "unknown";
    return context->owner->status;
}

/* Whether the ith is still to be done, and the first of its owner. One that
 * names no owner has one of its own. */
static bool is_first(const struct targets *targets, const struct owners *owners,
                     size_t i)
{
    const struct owner *owner = owners->list[i].owner;

    if (targets->list[i].result != NULL)
        return false;
    for (size_t k = 0; k < i; k++)
        if (owner != NULL && targets->list[k].result == NULL &&
            owners->list[k].owner == owner)
            return false;
    return true;
}

/* How many owners have the status of the ith; 0 where an earlier one does. */
static size_t count_status(const struct targets *targets,
                           const struct owners *owners, size_t i)
{
    const char *status = status_of(&owners->list[i]);
    size_t count = 0;

    for (size_t k = 0; k < targets->count; k++) {
        if (!is_first(targets, owners, k) ||
            strcmp(status_of(&owners->list[k]), status) != 0)
            continue;
        if (k < i)
            return 0;
        count++;
    }
    return count;
}

void owners_sum_up(const struct targets *targets, const struct owners *owners,
                   struct okt_buf *out)
{
    size_t count = 0;

    for (size_t i = 0; i < targets->count; i++)
        count += is_first(targets, owners, i);
    okt_buf_printf(out, "%zu tokens of %zu owner%s", targets_left(targets),
                   count, count == 1 ? "" : "s");
    for (size_t i = 0; i < targets->count; i++) {
        const char *status = status_of(&owners->list[i]);

        if (!is_first(targets, owners, i) || strcmp(status, "ACTIVE") == 0 ||
            count_status(targets, owners, i) == 0)
            continue;
        okt_buf_printf(out, ", %zu ", count_status(targets, owners, i));
        okt_escape(out, status, strlen(status));
    }
}
