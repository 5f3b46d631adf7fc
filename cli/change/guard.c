/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard.c - whether a token is an agent's, or the one that this command uses.
 *
 * The API does not say which token a request was made with, but it names the
 * user whose it is and dates every token's last use. The token in use is one
 * of that user's and has been used in this run. The org does not date a use
 * anew that follows another within a minute, though, so its last use may also
 * lie that much before the run. If several of the user's tokens were used
 * then, it can't be known which one it is: each of them may be.
 */
#include "cli/change/guard.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "sys/clock.h"
#include "wire/api.h"
#include "wire/iso8601.h"

enum {
    TEXT_MAX = 4096,
    /* Uses this close count as one: none was dated anew after 33 s, one after
     * 72. */
    SAME_USE_S = 75,
    /* Clocks tell whole seconds, and ours and the org's do not tick at once. */
    CLOCK_SLACK_S = 2
};

#define AGENTS_HINT \
    "an agent that loses its token stops: --allow-agents, if that is meant"
#define SELF_HINT "--allow-self, if that is meant"
#define BOTH_HINT "if that is meant: --allow-agents and --allow-self"

/* When a token was last used, as far as it tells whether it is the one in use;
 * the more likely it is, the greater. */
enum recency { NOT_RECENT, UNDATED, SHORTLY_BEFORE, IN_THIS_RUN };

/* What is known of the token in use. */
struct caller {
    okta_user *user;   /* whose it is; NULL: unknown */
    int64_t run_began; /* by the org's clock */
    size_t candidates; /* how many tokens of the org may be it */
};

/* Only an API token is in the list of tokens. */
static bool uses_api_token(const struct session *session)
{
    const struct profile *profile = &session->profile;
    const char *mode = okta_config_get(session->config, "authorizationMode");

    if (profile->name != NULL)
        return profile->kind == PROFILE_SSWS;
    return mode == NULL || strcmp(mode, "SSWS") == 0;
}

static int64_t run_began(const struct session *session)
{
    const char *date = okta_response_header(session->response, "Date");
    int64_t now = okt_clock_now();
    int64_t org_now = now;

    if (date != NULL)
        okt_http_date_parse(date, &org_now);
    return org_now - (now - session->started) - CLOCK_SLACK_S;
}

/* A first use may not be dated either, shortly after the token was made. */
static enum recency recency(const okta_api_token *token, int64_t began)
{
    int64_t when;
    okta_usage usage = okta_api_token_usage(token, &when);

    if (usage == OKTA_USAGE_UNKNOWN)
        return UNDATED;
    if (usage == OKTA_USAGE_USED && when >= began)
        return IN_THIS_RUN;
    if (usage == OKTA_USAGE_NEVER && !okta_api_token_created_time(token, &when))
        return UNDATED;
    return when >= began - SAME_USE_S ? SHORTLY_BEFORE : NOT_RECENT;
}

/* How likely a token is the one in use; NOT_RECENT: it is not. */
static enum recency likeness(const struct caller *caller,
                             const okta_api_token *token)
{
    enum recency r = recency(token, caller->run_began);
    const char *owner = okta_api_token_user_id(token);

    if (caller->user != NULL && owner != NULL)
        return strcmp(owner, okta_user_id(caller->user)) == 0 ? r : NOT_RECENT;
    return r != UNDATED ? r : NOT_RECENT;
}

/* Asks whose token is in use. An org that does not say leaves it unknown. */
static int ask_user(struct session *session, struct caller *caller)
{
    okta_error err;
    okta_status st =
        okta_user_me(session->client, session->response, &caller->user, &err);

    if (st == OKTA_OK || !target_is_general(st))
        return EXIT_OK;
    return session_fail(session, "looking up whose the token in use is", &err);
}

static bool has_recent(const struct targets *targets, int64_t began)
{
    for (size_t i = 0; i < targets->count; i++)
        if (targets->list[i].result == NULL &&
            recency(targets->list[i].token, began) != NOT_RECENT)
            return true;
    return false;
}

static int find_self(struct session *session, struct targets *targets,
                     struct caller *caller)
{
    int code;

    if (targets_left(targets) == 1 && args_has(session->args, OPT_ALLOW_SELF))
        return EXIT_OK; /* it is all the same */
    caller->run_began = run_began(session);
    if (!uses_api_token(session) || !has_recent(targets, caller->run_began))
        return EXIT_OK;
    code = ask_user(session, caller);
    for (size_t i = 0; i < targets->count && code == EXIT_OK; i++) {
        struct target *target = &targets->list[i];

        if (target->result == NULL)
            target->self = (int)likeness(caller, target->token);
    }
    return code;
}

/* ------------------------------------------------------------- Refusing -- */

static bool is_agents(const okta_api_token *token)
{
    const char *client = okta_api_token_client_name(token);

    return client == NULL || strcmp(client, OKT_CLIENT_OKTA_API) != 0;
}

/* What a run refuses, and of which kind. */
struct refusals {
    size_t count;
    size_t agents;
    size_t selves;
};

static struct refusals refuse(const struct args *args, struct targets *targets)
{
    bool agents = args_has(args, OPT_ALLOW_AGENTS);
    bool self = args_has(args, OPT_ALLOW_SELF);
    struct refusals sum = { 0 };

    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->list[i];

        if (target->result != NULL)
            continue;
        target->refused_agent = !agents && is_agents(target->token);
        target->refused_self = !self && target->self != NOT_RECENT;
        sum.agents += target->refused_agent;
        sum.selves += target->refused_self;
        sum.count += target->refused_agent || target->refused_self;
    }
    return sum;
}

/* Why, of one; in a text to be put behind its id and name. */
static void explain(struct okt_buf *out, const struct caller *caller,
                    const struct target *target)
{
    const char *client = okta_api_token_client_name(target->token);

    okt_buf_printf(out, "%s (%s)", target->id,
                   okta_api_token_name(target->token));
    if (target->refused_agent)
        okt_buf_printf(out,
                       " is a token of the client \"%s\", not one that a "
                       "person made",
                       client != NULL ? client : "");
    if (!target->refused_self)
        return;
    okt_buf_str(out, target->refused_agent ? ", and" : "");
    if (caller->candidates == 1)
        okt_buf_str(out, " is the token that this command uses, as it seems: "
                         "no other was used just now");
    else
        okt_buf_str(out, " may be the token that this command uses: it was "
                         "used, or made, within the last minute, but it is "
                         "not the only one");
}

static const char *hint(const struct refusals *sum)
{
    if (sum->agents > 0 && sum->selves > 0)
        return BOTH_HINT;
    return sum->agents > 0 ? AGENTS_HINT : SELF_HINT;
}

/* Says which, each in a line of its own where there are several. */
static int tell(const struct session *session, const struct targets *targets,
                const struct caller *caller, const struct refusals *sum)
{
    for (size_t i = 0; i < targets->count; i++) {
        const struct target *target = &targets->list[i];
        OKT_BUF_AUTO text = OKT_BUF_INIT(TEXT_MAX);

        if (!target->refused_agent && !target->refused_self)
            continue;
        explain(&text, caller, target);
        if (okt_buf_failed(&text))
            return fail_memory(session->args);
        if (sum->count == 1)
            return fail(session->args, EXIT_REFUSED, hint(sum), "%s",
                        text.data);
        note(session->args, "note", "%s", text.data);
    }
    return fail(session->args, EXIT_REFUSED, hint(sum),
                "%zu of %zu tokens are refused", sum->count, targets->count);
}

static void count_candidate(const okta_api_token *token, void *ctx)
{
    struct caller *caller = ctx;

    caller->candidates += likeness(caller, token) != NOT_RECENT;
}

/* Whether there is one candidate or several, the org's list tells. */
static int count_candidates(struct session *session, struct caller *caller)
{
    return session_each_token(session, "looking for the token in use",
                              count_candidate, caller);
}

/* --------------------------------------------------------------- Order -- */

/* What may be the token in use comes last: without it nothing more is done. */
static int put_self_last(const struct session *session, struct targets *targets)
{
    struct target *sorted;
    size_t count = 0;

    if (!args_has(session->args, OPT_ALLOW_SELF))
        return EXIT_OK; /* there is none, or it is refused */
    sorted = calloc(targets->count, sizeof(sorted[0]));
    if (sorted == NULL)
        return fail_memory(session->args);
    for (int r = NOT_RECENT; r <= IN_THIS_RUN; r++)
        for (size_t i = 0; i < targets->count; i++)
            if (targets->list[i].self == r)
                sorted[count++] = targets->list[i];
    free(targets->list);
    targets->list = sorted;
    return EXIT_OK;
}

/* ----------------------------------------------------------------- All -- */

static int check(struct session *session, struct targets *targets,
                 struct caller *caller)
{
    struct refusals sum;
    int code = find_self(session, targets, caller);

    if (code != EXIT_OK)
        return code;
    sum = refuse(session->args, targets);
    if (sum.count == 0)
        return put_self_last(session, targets);
    if (sum.selves > 0)
        code = count_candidates(session, caller);
    if (code == EXIT_OK)
        code = tell(session, targets, caller, &sum);
    if (code != EXIT_REFUSED || !args_has(session->args, OPT_DRY_RUN))
        return code;
    targets_refuse(targets);
    return put_self_last(session, targets);
}

int guard_check(struct session *session, struct targets *targets)
{
    struct caller caller = { .user = NULL };
    int code = EXIT_OK;

    if (targets_left(targets) > 0)
        code = check(session, targets, &caller);
    okta_user_free(caller.user);
    return code;
}
