/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_restrict.c - restrict: change from where tokens may be used. */
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "buf.h"
#include "guard.h"
#include "network.h"
#include "printer.h"
#include "session.h"
#include "target.h"

enum { ZONES_MAX = 100, TEXT_MAX = 16 * 1024 };

/* The network condition that is asked for. */
struct wanted {
    okta_network network;
    const char *zones[ZONES_MAX];
    size_t count;
};

/* ----------------------------------------------------- What is asked for */

/* clang-format off */
static const enum option_id modes[] = {
    OPT_ZONE, OPT_NOT_ZONE, OPT_ANY_ZONE, OPT_NO_ZONE, OPT_ANYWHERE,
};
/* clang-format on */

static int find_mode(const struct args *args, enum option_id *out)
{
    size_t count = 0;

    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        if (!args_has(args, modes[i]))
            continue;
        *out = modes[i];
        count++;
    }
    if (count == 1)
        return EXIT_OK;
    return fail(args, EXIT_USAGE, NULL,
                "restrict takes one of --zone, --not-zone, --any-zone, "
                "--no-zone, --anywhere");
}

static bool has_zone(const struct wanted *wanted, const char *zone)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (strcmp(wanted->zones[i], zone) == 0)
            return true;
    return false;
}

static int add_zone(const struct args *args, struct wanted *out,
                    const char *zone)
{
    if (!okt_id_is_segment(zone) || strncmp(zone, "nzo", 3) != 0)
        return fail(args, EXIT_USAGE,
                    "the admin console has it under Security, Networks",
                    "'%s' is not the id of a network zone (nzo...)", zone);
    if (has_zone(out, zone))
        return EXIT_OK;
    if (out->count == ZONES_MAX)
        return fail(args, EXIT_USAGE, NULL, "more than %d zones", ZONES_MAX);
    out->zones[out->count++] = zone;
    return EXIT_OK;
}

static int add_zones(const struct args *args, enum option_id id,
                     struct wanted *out)
{
    int code = EXIT_OK;

    for (size_t i = 0; i < args->count && code == EXIT_OK; i++)
        if (args->given[i].id == id)
            code = add_zone(args, out, args->given[i].value);
    return code;
}

static int read_wanted(const struct args *args, struct wanted *out)
{
    enum option_id mode = OPT_ANYWHERE;
    int code = find_mode(args, &mode);

    if (code == EXIT_OK && (mode == OPT_ZONE || mode == OPT_NOT_ZONE))
        code = add_zones(args, mode, out);
    if (code != EXIT_OK)
        return code;
    out->network.connection = mode == OPT_ANYWHERE ? OKT_ANYWHERE : OKT_ZONE;
    if (mode == OPT_ANY_ZONE || mode == OPT_NO_ZONE)
        out->zones[out->count++] = OKT_ALL_ZONES;
    if (mode == OPT_ZONE || mode == OPT_ANY_ZONE) {
        out->network.include = out->zones;
        out->network.include_count = out->count;
    } else if (mode != OPT_ANYWHERE) {
        out->network.exclude = out->zones;
        out->network.exclude_count = out->count;
    }
    return EXIT_OK;
}

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

static void show_change(const struct session *session,
                        const okta_api_token *token,
                        const okta_network *network)
{
    OKT_BUF_AUTO before = OKT_BUF_INIT(TEXT_MAX);
    OKT_BUF_AUTO after = OKT_BUF_INIT(TEXT_MAX);

    network_of_token(&before, token, NULL);
    if (before.len == 0)
        okt_buf_str(&before, "no condition");
    network_of_wanted(&after, network, NULL);
    if (okt_buf_failed(&before) || okt_buf_failed(&after))
        return;
    note(session->args, "change", "%s %s: %s -> %s", okta_api_token_id(token),
         okta_api_token_name(token), before.data, after.data);
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

static void restrict_one(struct session *session, struct targets *targets,
                         struct target *target, const okta_network *network)
{
    okta_error err;

    if (is_as_wanted(target->token, network)) {
        target_done(target, "unchanged");
        return;
    }
    show_change(session, target->token, network);
    if (args_has(session->args, OPT_DRY_RUN)) {
        target_done(target, "would-restrict");
        return;
    }
    if (change(session, target->token, network, &err) == OKTA_OK)
        target_done(target, "restricted");
    else
        target_failed(session, targets, target, "restrict", &err);
}

static int restrict_targets(struct session *session, struct targets *targets,
                            const okta_network *network, struct output *output)
{
    bool ok = true;
    int code;

    targets_read(session, targets);
    code = guard_check(session, targets);
    if (code != EXIT_OK)
        return code;
    for (size_t i = 0; i < targets->count; i++) {
        struct target *target = &targets->list[i];

        if (target->result == NULL)
            restrict_one(session, targets, target, network);
        ok = target_print(session, target, output, ok);
    }
    return targets_exit(targets);
}

int cmd_restrict(struct session *session)
{
    TARGETS_AUTO targets = { .count = 0 };
    struct wanted wanted = { .network = OKTA_NETWORK_INIT };
    struct output *output = NULL;
    int code = read_wanted(session->args, &wanted);

    if (code == EXIT_OK)
        code = targets_parse(session, &targets);
    if (code == EXIT_OK)
        code = printer_open(session, true, &output);
    if (code != EXIT_OK)
        return code;
    code = targets_open(session, &targets);
    if (code == EXIT_OK)
        code = restrict_targets(session, &targets, &wanted.network, output);
    return printer_close(session, output, targets_left(&targets) == 0, code);
}
