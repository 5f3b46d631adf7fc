/* SPDX-License-Identifier: Apache-2.0 */
/* target.c - from what was typed to tokens, and what became of each. */
#include "cli/change/target.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/term/progress.h"
#include "wire/api.h"

enum {
    PREFIX_MIN = 4, /* "00T" and something */
    CANDIDATES_SHOWN = 5,
    TEXT_MAX = 4096
};

void targets_free(struct targets *targets)
{
    for (size_t i = 0; i < targets->count; i++) {
        okta_api_token_free(targets->list[i].token);
        free(targets->list[i].error_json);
    }
    free(targets->list);
    *targets = (struct targets){ .count = 0 };
}

/* ------------------------------------------------------------- Parsing -- */

static int refuse_id(const struct args *args, const char *text)
{
    if (strcmp(text, OKT_ID_CURRENT) == 0)
        return fail(args, EXIT_USAGE,
                    "for the token in use there is "
                    "\"okta-tokens revoke-current\"",
                    "'%s' is no token id", text);
    if (okt_id_is_segment(text) && strlen(text) == OKT_ID_LEN &&
        strncmp(text, "00u", 3) == 0)
        return fail(args, EXIT_USAGE, NULL,
                    "%s is a user's id; a token's begins with 00T", text);
    return fail(args, EXIT_USAGE,
                "an id is 00T and 17 letters or digits; a name is given with "
                "--name",
                "'%s' is no token id", text);
}

static int parse_operand(const struct session *session, const char *text,
                         struct target *out)
{
    out->given = text;
    if (okt_id_is_token(text)) {
        out->kind = TARGET_ID;
        memcpy(out->id, text, OKT_ID_LEN + 1);
        return EXIT_OK;
    }
    if (!okt_id_is_segment(text) || strncmp(text, "00T", 3) != 0 ||
        strlen(text) < PREFIX_MIN || strlen(text) >= OKT_ID_LEN)
        return refuse_id(session->args, text);
    if (!session_has_terminal(session))
        return fail(session->args, EXIT_USAGE,
                    "the beginning of an id does only on a terminal",
                    "'%s' is no whole token id", text);
    out->kind = TARGET_PREFIX;
    return EXIT_OK;
}

static int parse_name(const struct session *session, const char *name,
                      struct target *out)
{
    out->kind = TARGET_NAME;
    out->given = name;
    if (session_has_terminal(session))
        return EXIT_OK;
    return fail(session->args, EXIT_USAGE,
                "names can be changed by whoever owns them: give the id",
                "--name is for people, and there is no terminal");
}

static bool is_known(const struct targets *targets, const struct target *one)
{
    assert(one->given != NULL);
    for (size_t i = 0; i < targets->count; i++)
        if (targets->list[i].kind == one->kind &&
            strcmp(targets->list[i].given, one->given) == 0)
            return true;
    return false;
}

static int allocate(const struct session *session, size_t count,
                    struct targets *out)
{
    out->count = 0;
    out->list = calloc(count + 1, sizeof(out->list[0]));
    return out->list != NULL ? EXIT_OK : fail_memory(session->args);
}

int targets_parse(const struct session *session, struct targets *out)
{
    const struct args *args = session->args;
    int code = allocate(session, args->count, out);

    for (size_t i = 0; i < args->count && code == EXIT_OK; i++) {
        const struct given *given = &args->given[i];
        struct target one = { .exit = EXIT_OK };

        if (given->id == OPERAND)
            code = parse_operand(session, given->value, &one);
        else if (given->id == OPT_NAME)
            code = parse_name(session, given->value, &one);
        else
            continue;
        if (code == EXIT_OK && !is_known(out, &one))
            out->list[out->count++] = one;
    }
    return code;
}

int targets_parse_one(const struct session *session, const char *id,
                      struct targets *out)
{
    int code = allocate(session, 1, out);

    if (code != EXIT_OK)
        return code;
    code = parse_operand(session, id, &out->list[0]);
    if (code == EXIT_OK)
        out->count = 1;
    return code;
}

/* ----------------------------------------------------------- Resolving -- */

/* Tokens that a prefix or name may mean. */
struct candidates {
    size_t count;
    struct okt_buf text; /* the first few, for a message */
};

static bool means(const struct target *target, const okta_api_token *token)
{
    if (target->kind == TARGET_PREFIX)
        return strncmp(okta_api_token_id(token), target->given,
                       strlen(target->given)) == 0;
    return target->kind == TARGET_NAME &&
           strcmp(okta_api_token_name(token), target->given) == 0;
}

static void consider(struct target *target, struct candidates *found,
                     const okta_api_token *token)
{
    const char *id = okta_api_token_id(token);

    if (!means(target, token))
        return;
    found->count++;
    if (strlen(id) <= OKT_ID_MAX)
        memcpy(target->id, id, strlen(id) + 1);
    if (found->count > CANDIDATES_SHOWN)
        return;
    okt_buf_printf(&found->text, "%s%s (%s)", found->count > 1 ? ", " : "", id,
                   okta_api_token_name(token));
}

static int judge(const struct args *args, const struct target *target,
                 const struct candidates *found)
{
    const char *kind = target->kind == TARGET_NAME ? "is named" : "begins with";

    if (found->count == 1 && okt_id_is_segment(target->id))
        return EXIT_OK;
    if (found->count == 0)
        return fail(args, EXIT_NOT_FOUND, NULL, "no token of this org %s '%s'",
                    kind, target->given);
    return fail(args, EXIT_USAGE, "give the whole id",
                "'%s' means %zu tokens: %s%s", target->given, found->count,
                okt_buf_failed(&found->text) ? "" : found->text.data,
                found->count > CANDIDATES_SHOWN ? ", ..." : "");
}

/* Two ways of naming one token are one target. */
static void merge(struct targets *targets)
{
    size_t kept = 0;

    for (size_t i = 0; i < targets->count; i++) {
        size_t k = 0;

        while (k < kept &&
               strcmp(targets->list[k].id, targets->list[i].id) != 0)
            k++;
        if (k == kept)
            targets->list[kept++] = targets->list[i];
    }
    targets->count = kept;
}

/* What is looked for, and what was found for each. */
struct lookup {
    struct targets *targets;
    struct candidates *found;
};

static void consider_all(const okta_api_token *token, void *ctx)
{
    const struct lookup *lookup = ctx;

    for (size_t i = 0; i < lookup->targets->count; i++)
        consider(&lookup->targets->list[i], &lookup->found[i], token);
}

static int search(struct session *session, struct targets *targets,
                  struct candidates *found)
{
    struct lookup lookup = { targets, found };

    return session_each_token(session, "looking the token up", consider_all,
                              &lookup);
}

static bool needs_search(const struct targets *targets)
{
    for (size_t i = 0; i < targets->count; i++)
        if (targets->list[i].kind != TARGET_ID)
            return true;
    return false;
}

static int resolve(struct session *session, struct targets *targets)
{
    struct candidates *found = calloc(targets->count, sizeof(found[0]));
    int code;

    if (found == NULL)
        return fail_memory(session->args);
    for (size_t i = 0; i < targets->count; i++)
        found[i].text.max = TEXT_MAX;
    code = search(session, targets, found);
    for (size_t i = 0; i < targets->count; i++) {
        if (code == EXIT_OK && targets->list[i].kind != TARGET_ID)
            code = judge(session->args, &targets->list[i], &found[i]);
        okt_buf_free(&found[i].text);
    }
    free(found);
    merge(targets);
    return code;
}

int targets_open(struct session *session, struct targets *targets)
{
    int code = session_open(session);

    if (code != EXIT_OK || !needs_search(targets))
        return code;
    return resolve(session, targets);
}

/* ------------------------------------------------------------ Outcomes -- */

void target_done(struct target *target, const char *result)
{
    target->result = result;
    target->exit = EXIT_OK;
}

void targets_refuse(struct targets *targets)
{
    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->list[i];

        if (!target->refused_agent && !target->refused_self)
            continue;
        target->result = "refused";
        target->exit = EXIT_REFUSED;
    }
}

bool target_is_general(okta_status status)
{
    return status == OKTA_ERR_AUTH || status == OKTA_ERR_CANCELLED ||
           status == OKTA_ERR_MEMORY || status == OKTA_ERR_NETWORK ||
           status == OKTA_ERR_TIMEOUT || status == OKTA_ERR_TLS ||
           status == OKTA_ERR_RATE_LIMIT;
}

bool target_path_is_absent(const okta_error *err)
{
    return err->status == OKTA_ERR_NOT_FOUND ||
           (err->cause == OKTA_CAUSE_GATEWAY && err->http_status == 404);
}

static void give_up(const struct session *session, struct targets *targets,
                    const okta_error *err)
{
    targets->broken_off = true;
    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->list[i];

        if (target->result != NULL)
            continue;
        target->result = "failed";
        target->not_tried = true;
        target->error = *err;
        target->error.maybe_done = 0;
        target->error_json =
            fail_call_json(session, "not tried", &target->error, NULL);
        target->exit = exit_of(err);
    }
}

void target_failed(struct session *session, struct targets *targets,
                   struct target *target, const char *what,
                   const okta_error *err)
{
    char call[OKT_ID_MAX + 32];
    okta_error settled = *err;

    wait_settle(&session->wait, &settled);
    err = &settled;
    if (err->status == OKTA_ERR_NOT_FOUND &&
        args_has(session->args, OPT_IF_EXISTS)) {
        target_done(target, "already-gone");
        return;
    }
    snprintf(call, sizeof(call), "%s %s", what, target->id);
    target->result = "failed";
    target->error = *err;
    target->error_json = fail_call_json(session, call, err, session->response);
    target->exit = session_fail(session, call, err);
    if (target_is_general(err->status))
        give_up(session, targets, err);
}

static bool print(const struct target *target, struct output *output)
{
    struct output_result result = { .id = target->id,
                                    .result = target->result };

    if (target->not_tried)
        result.word = "not tried";

    if (target->token != NULL)
        result.name = okta_api_token_name(target->token);
    if (target->exit != EXIT_OK && target->exit != EXIT_REFUSED) {
        result.error = &target->error;
        result.error_json = target->error_json;
    }
    return output_result(output, &result) && output_flush(output);
}

/* What was done must be told somewhere. */
static void tell(const struct session *session, const struct target *target)
{
    if (target->exit == EXIT_OK && !args_has(session->args, OPT_DRY_RUN))
        note(session->args, "note", "%s: %s", target->id, target->result);
}

int targets_each(struct session *session, struct targets *targets,
                 struct output *output, target_fn *act, void *ctx)
{
    struct progress progress = { .what = "tokens", .total = targets->count };
    bool ok = true;

    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->list[i];

        progress.done = i;
        progress_show(&progress);
        if (target->result == NULL)
            act(ctx, targets, target);
        progress_clear();
        ok = ok && output != NULL && print(target, output);
        if (!ok && output != NULL)
            tell(session, target);
    }
    return targets_exit(targets);
}

/* How many came to the result of the ith; 0 where an earlier one did, too. */
static size_t count_alike(const struct targets *targets, size_t i)
{
    const char *result = targets->list[i].result;
    size_t count = 0;

    for (size_t k = 0; result != NULL && k < targets->count; k++) {
        const char *other = targets->list[k].result;

        if (other == NULL || strcmp(other, result) != 0)
            continue;
        if (k < i)
            return 0;
        count++;
    }
    return count;
}

void targets_sum_up(const struct session *session,
                    const struct targets *targets)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(TEXT_MAX);

    if (targets->count < 2 || session->args->json || !isatty(STDERR_FILENO))
        return;
    for (size_t i = 0; i < targets->count; i++) {
        size_t count = count_alike(targets, i);

        if (count > 0)
            okt_buf_printf(&text, "%s%zu %s", text.len > 0 ? ", " : "", count,
                           targets->list[i].result);
    }
    if (text.len > 0 && !okt_buf_failed(&text))
        note(session->args, "note", "%s", text.data);
}

size_t targets_left(const struct targets *targets)
{
    size_t left = 0;

    for (size_t i = 0; i < targets->count; i++)
        left += targets->list[i].result == NULL;
    return left;
}

int targets_exit(const struct targets *targets)
{
    for (size_t i = 0; i < targets->count; i++)
        if (targets->list[i].exit == EXIT_REFUSED)
            return EXIT_REFUSED;
    for (size_t i = 1; i < targets->count; i++)
        if (targets->list[i].exit != targets->list[0].exit)
            return EXIT_MIXED;
    return targets->count > 0 ? targets->list[0].exit : EXIT_OK;
}

/* ------------------------------------------------------------- Reading -- */

void targets_read(struct session *session, struct targets *targets)
{
    struct progress progress = { .what = "tokens read",
                                 .total = targets->count };
    okta_error err;

    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->list[i];

        progress.done = i;
        progress_show(&progress);
        if (target->result == NULL &&
            okta_api_token_get(session->client, target->id, session->response,
                               &target->token, &err) != OKTA_OK)
            target_failed(session, targets, target, "get", &err);
    }
    progress_clear();
}
