/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard.c - whose token it is, and whether it is our own.
 *
 * The API does not say which token a request was made with, but it dates every
 * token's last use. Our own has been used in this run. The org does not date a
 * use anew that follows another within a minute, though, so its last use may
 * also lie that much before this run. So ours is the only token of the org that
 * was used in this run; if none was, the only one that was used shortly before.
 * If there are several of those, it can't be known; and one of those shortly
 * before may be ours although another was used in this run, by somebody else.
 * Both are told.
 */
#include "guard.h"

#include <stdio.h>
#include <string.h>

#include "api.h"
#include "clock.h"
#include "iso8601.h"

enum {
    /* Uses this close count as one: none was dated anew after 33 s, one after
     * 72. */
    SAME_USE_S = 75,
    /* Clocks tell whole seconds, and ours and the org's do not tick at once. */
    CLOCK_SLACK_S = 2
};

/* -------------------------------------------------------------- Agents -- */

static bool is_agents(const okta_api_token *token)
{
    const char *client = okta_api_token_client_name(token);

    return client == NULL || strcmp(client, OKT_CLIENT_OKTA_API) != 0;
}

static int check_agents(const struct session *session,
                        const struct targets *targets)
{
    const struct target *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < targets->count; i++) {
        const struct target *target = &targets->list[i];

        if (target->result != NULL || !is_agents(target->token))
            continue;
        if (count++ == 0)
            first = target;
    }
    if (count == 0 || args_has(session->args, OPT_ALLOW_AGENTS))
        return EXIT_OK;
    return fail(session->args, EXIT_REFUSED,
                "an agent that loses its token stops: --allow-agents, if that "
                "is meant",
                "%s (%s) is a token of the client \"%s\", not one that a "
                "person made; %zu of %zu are such",
                first->id, okta_api_token_name(first->token),
                okta_api_token_client_name(first->token) != NULL
                    ? okta_api_token_client_name(first->token)
                    : "",
                count, targets->count);
}

/* ---------------------------------------------------------------- Self -- */

enum recency { NOT_RECENT, SHORTLY_BEFORE, IN_THIS_RUN };

/* When this run began, by the org's clock. */
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

    if (usage == OKTA_USAGE_USED && when >= began)
        return IN_THIS_RUN;
    if (usage == OKTA_USAGE_NEVER && !okta_api_token_created_time(token, &when))
        return NOT_RECENT;
    return usage != OKTA_USAGE_UNKNOWN && when >= began - SAME_USE_S
               ? SHORTLY_BEFORE
               : NOT_RECENT;
}

static const struct target *find_recent(const struct targets *targets,
                                        int64_t began)
{
    for (size_t i = 0; i < targets->count; i++)
        if (targets->list[i].result == NULL &&
            recency(targets->list[i].token, began) != NOT_RECENT)
            return &targets->list[i];
    return NULL;
}

/* How many tokens of the org there are of each recency, and the last one. */
struct census {
    int64_t began;
    size_t count[IN_THIS_RUN + 1];
    char id[IN_THIS_RUN + 1][OKT_ID_MAX + 1];
};

static void count_token(const okta_api_token *token, void *ctx)
{
    struct census *census = ctx;
    enum recency r = recency(token, census->began);

    census->count[r]++;
    snprintf(census->id[r], sizeof(census->id[r]), "%s",
             okta_api_token_id(token));
}

static int take_census(struct session *session, int64_t began,
                       struct census *out)
{
    out->began = began;
    return session_each_token(session, "looking for the token in use",
                              count_token, out);
}

/* NULL: can't be known. */
static const char *own_id(const struct census *census)
{
    if (census->count[IN_THIS_RUN] == 1)
        return census->id[IN_THIS_RUN];
    if (census->count[IN_THIS_RUN] == 0 && census->count[SHORTLY_BEFORE] == 1)
        return census->id[SHORTLY_BEFORE];
    return NULL;
}

/* Only an API token can be one of the list. */
static bool uses_api_token(const struct session *session)
{
    const char *mode = okta_config_get(session->config, "authorizationMode");

    return mode == NULL || strcmp(mode, "SSWS") == 0;
}

static const struct target *find_id(const struct targets *targets,
                                    const char *id)
{
    for (size_t i = 0; i < targets->count; i++)
        if (targets->list[i].result == NULL &&
            strcmp(targets->list[i].id, id) == 0)
            return &targets->list[i];
    return NULL;
}

static int judge(const struct session *session, const struct targets *targets,
                 const struct census *census, const struct target *recent)
{
    const char *id = own_id(census);
    const struct target *own = id != NULL ? find_id(targets, id) : NULL;

    if (own != NULL)
        return fail(session->args, EXIT_REFUSED,
                    "--allow-self, if that is meant",
                    "%s (%s) is the token that this command uses, as it seems: "
                    "no other was used just now",
                    own->id, okta_api_token_name(own->token));
    note(session->args, "note",
         "%s may be the token that this command uses: it was used, or made, "
         "within the last minute, but it is not the only one",
         recent->id);
    return EXIT_OK;
}

static int check_self(struct session *session, const struct targets *targets)
{
    int64_t began = run_began(session);
    const struct target *recent = find_recent(targets, began);
    struct census census = { .count = { 0 } };
    int code;

    if (recent == NULL || !uses_api_token(session) ||
        args_has(session->args, OPT_ALLOW_SELF))
        return EXIT_OK;
    code = take_census(session, began, &census);
    return code == EXIT_OK ? judge(session, targets, &census, recent) : code;
}

int guard_check(struct session *session, const struct targets *targets)
{
    int code;

    if (targets_left(targets) == 0)
        return EXIT_OK;
    code = check_agents(session, targets);
    return code == EXIT_OK ? check_self(session, targets) : code;
}
