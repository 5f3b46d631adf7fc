/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_restrict.c - restrict: change from where tokens may be used. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/change/confirm.h"
#include "cli/change/guard.h"
#include "cli/change/lockout.h"
#include "cli/change/restriction.h"
#include "cli/change/target.h"
#include "cli/enrich/network.h"
#include "cli/output/printer.h"
#include "cli/signin/session.h"
#include "wire/api.h"

enum { TEXT_MAX = 16 * 1024 };

/* What is to be done, and what is known for it. */
struct restriction {
    struct session *session;
    struct wanted wanted;
    struct zones zones;
    bool asked; /* for the zones, */
    bool known; /* and the org told them */
};

/* ------------------------------------------------- What a token is like -- */

typedef const char *zone_fn(const okta_api_token *token, size_t i);

/* Whether a list of the token's holds the same zones, in whatever order. */
static bool is_same_list(const okta_api_token *token, zone_fn *zone,
                         size_t zone_count, const char *const *list,
                         size_t count)
{
    if (zone_count != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;

        while (k < count && strcmp(zone(token, k), list[i]) != 0)
            k++;
        if (k == count)
            return false;
    }
    return true;
}

static bool has_lists(const okta_api_token *token, const okta_network *network)
{
    return is_same_list(token, okta_api_token_include,
                        okta_api_token_include_count(token), network->include,
                        network->include_count) &&
           is_same_list(token, okta_api_token_exclude,
                        okta_api_token_exclude_count(token), network->exclude,
                        network->exclude_count);
}

/* Whether writing would change nothing of what the org says. */
static bool is_as_wanted(const okta_api_token *token,
                         const okta_network *network)
{
    const char *connection = okta_api_token_connection(token);

    return connection != NULL && strcmp(connection, network->connection) == 0 &&
           has_lists(token, network);
}

/* Whether it comes to the same: a token without a condition may be used from
 * anywhere, and lists mean nothing there. */
static bool is_in_force(const okta_api_token *token,
                        const okta_network *network)
{
    const char *connection = okta_api_token_connection(token);

    if (connection == NULL)
        connection = OKT_ANYWHERE;
    return strcmp(connection, network->connection) == 0 &&
           (strcmp(connection, OKT_ANYWHERE) == 0 || has_lists(token, network));
}

/* --------------------------------------------------------- In words -- */

static void show_change(const struct restriction *r,
                        const okta_api_token *token)
{
    const struct network_style style = { r->known ? &r->zones : NULL, true };
    OKT_BUF_AUTO before = OKT_BUF_INIT(TEXT_MAX);
    OKT_BUF_AUTO after = OKT_BUF_INIT(TEXT_MAX);

    network_of_token(&before, token, &style);
    if (before.len == 0)
        okt_buf_str(&before, "no condition");
    network_of_wanted(&after, &r->wanted.network, &style);
    if (okt_buf_failed(&before) || okt_buf_failed(&after))
        return;
    note(r->session->args, "change", "%s %s: %s -> %s",
         okta_api_token_id(token), okta_api_token_name(token), before.data,
         after.data);
}

/* ---------------------------------------------------------- Restricting */

/* It is written, and whoever only reads that it failed must know. */
static okta_status fail_unverified(const struct session *session,
                                   const okta_error *why, okta_error *err)
{
    static const char text[] =
        "the org accepted the change, but the token can't be read again: ";
    int room = (int)(sizeof(err->message) - sizeof(text));
    okta_error settled = *why;

    wait_settle(&session->wait, &settled);
    *err = settled;
    if (settled.status == OKTA_ERR_CANCELLED)
        err->maybe_done = 1;
    else
        snprintf(err->message, sizeof(err->message), "%s%.*s", text, room,
                 settled.message);
    return settled.status;
}

/* Reads again: what counts is what the org keeps. */
static okta_status verify(struct session *session, const char *id,
                          const okta_network *network, okta_error *err)
{
    AUTO(okta_api_token) token = NULL;
    okta_error why;
    okta_status st = okta_api_token_get(session->client, id, session->response,
                                        &token, &why);

    if (st != OKTA_OK)
        return fail_unverified(session, &why, err);
    if (is_in_force(token, network))
        return OKTA_OK;
    *err = (okta_error){ .status = OKTA_ERR_PROTOCOL, .http_status = 200 };
    snprintf(err->message, sizeof(err->message),
             "the org accepted the change, but reading the token again shows "
             "another network condition");
    return err->status;
}

/* Writes, and verifies also where the answer was lost. */
static okta_status change(struct session *session, const okta_api_token *token,
                          const okta_network *network, okta_error *err)
{
    const char *id = okta_api_token_id(token);
    okta_error ignored;
    okta_status st = okta_api_token_set_network(session->client, token, network,
                                                session->response, NULL, err);

    if (st == OKTA_OK)
        return verify(session, id, network, err);
    if (err->maybe_done && st != OKTA_ERR_CANCELLED &&
        verify(session, id, network, &ignored) == OKTA_OK)
        return OKTA_OK;
    return st;
}

static void restrict_one(void *ctx, struct targets *targets,
                         struct target *target)
{
    struct restriction *r = ctx;
    struct session *session = r->session;
    const okta_network *network = &r->wanted.network;
    const struct zones *zones = r->known ? &r->zones : NULL;
    okta_error err;

    if (is_as_wanted(target->token, network)) {
        target_done(target, "unchanged");
        return;
    }
    show_change(r, target->token);
    if (reach_warn(session, target->token, network, zones, &err) != OKTA_OK) {
        target_failed(session, targets, target, "last address of", &err);
        return;
    }
    if (args_has(session->args, OPT_DRY_RUN)) {
        target_done(target, "would-restrict");
        return;
    }
    if (change(session, target->token, network, &err) == OKTA_OK)
        target_done(target, "restricted");
    else
        target_failed(session, targets, target, "restrict", &err);
}

/* ------------------------------------------------------------ The zones -- */

/* Asks for them. Who may not read them can do without, if ids were given. */
static int learn_zones(struct restriction *r)
{
    struct session *session = r->session;
    okta_error err;
    okta_status st =
        zones_read(session->client, session->response, &r->zones, &err);

    r->asked = true;
    r->known = st == OKTA_OK;
    if (st == OKTA_OK)
        return EXIT_OK;
    if (wanted_has_names(&r->wanted) ||
        (st != OKTA_ERR_FORBIDDEN && !target_path_is_absent(&err)))
        return session_fail(session, "looking the network zones up", &err);
    note(session->args, "note", "the network zones can't be read: %s",
         err.message);
    return EXIT_OK;
}

static bool is_by_zones(const struct restriction *r)
{
    return strcmp(r->wanted.network.connection, OKT_ZONE) == 0;
}

static int find_wanted(struct restriction *r)
{
    int code;

    if (!is_by_zones(r))
        return EXIT_OK;
    code = learn_zones(r);
    if (code != EXIT_OK || !r->known)
        return code;
    return wanted_resolve(r->session->args, &r->wanted, &r->zones);
}

/* What tokens have so far is told by names, too. */
static int find_former(struct restriction *r, const struct targets *targets)
{
    for (size_t i = 0; !r->asked && i < targets->count; i++)
        if (targets->list[i].result == NULL &&
            network_names_zones(targets->list[i].token))
            return learn_zones(r);
    return EXIT_OK;
}

/* ------------------------------------------------------------------ All -- */

/* More than one is asked for. */
static int ask(const struct restriction *r, const struct targets *targets)
{
    const struct network_style style = { r->known ? &r->zones : NULL, true };
    OKT_BUF_AUTO text = OKT_BUF_INIT(TEXT_MAX);
    size_t left = targets_left(targets);

    if (left < 2)
        return EXIT_OK;
    okt_buf_printf(&text, "Restrict these %zu tokens of %s to use ", left,
                   okta_client_org_url(r->session->client));
    network_of_wanted(&text, &r->wanted.network, &style);
    okt_buf_char(&text, '?');
    okt_buf_char(&text, '\0');
    if (okt_buf_failed(&text))
        return fail_memory(r->session->args);
    return confirm(r->session, targets, text.data, "restricted");
}

static int restrict_targets(struct restriction *r, struct targets *targets,
                            struct output *output)
{
    struct session *session = r->session;
    int code = find_wanted(r);

    if (code != EXIT_OK)
        return code;
    targets_read(session, targets);
    code = guard_check(session, targets);
    if (code == EXIT_OK)
        code = find_former(r, targets);
    if (code == EXIT_OK)
        code = ask(r, targets);
    if (code != EXIT_OK)
        return code;
    code = targets_each(session, targets, output, restrict_one, r);
    targets_sum_up(session, targets);
    return code;
}

int cmd_restrict(struct session *session)
{
    TARGETS_AUTO targets = { .count = 0 };
    struct restriction r = { .session = session,
                             .wanted.network = OKTA_NETWORK_INIT };
    struct output *output = NULL;
    int code = wanted_read(session->args, &r.wanted);

    if (code == EXIT_OK)
        code = targets_parse(session, &targets);
    if (code == EXIT_OK && targets.count > 1)
        code = confirm_possible(session);
    if (code == EXIT_OK)
        code = printer_open(session, true, &output);
    if (code != EXIT_OK)
        return code;
    code = targets_open(session, &targets);
    if (code == EXIT_OK)
        code = restrict_targets(&r, &targets, output);
    zones_free(&r.zones);
    return printer_close(session, output, targets_left(&targets) == 0, code);
}
