/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_login.c - login: which way of signing in, and the plainest one. */
#include <string.h>

#include "cli/signin/login.h"

/* ---------------------------------------------------------- An API token -- */

static int login_ssws(struct session *session)
{
    PROFILE_AUTO profile = { .name = NULL };
    const char *token;
    int code = session_open(session);

    if (code == EXIT_OK)
        code = login_profile(session, PROFILE_SSWS, &profile);
    if (code == EXIT_OK)
        code = login_verify(session, PROFILE_SSWS);
    if (code != EXIT_OK)
        return code;
    token = okta_config_get(session->config, "token");
    profile.secret = strdup(token != NULL ? token : "");
    if (profile.secret == NULL)
        return fail_memory(session->args);
    code = login_keep(session, &profile, NULL);
    return code == EXIT_OK ? login_print(session, &profile) : code;
}

/* -------------------------------------------------------------- Command -- */

/* Options that only make sense with some way of signing in. */
static const struct rule {
    enum option_id id;
    const char *way; /* what it goes with */
} rules[] = {
    { OPT_QR, "a browser" },
    { OPT_NO_BROWSER, "a browser" },
    { OPT_NON_INTERACTIVE, "a browser" },
    { OPT_KEY_ID, "--key" },
};

enum way { WAY_TOKEN, WAY_KEY, WAY_BROWSER, WAY_COMPLETE };

static bool fits(enum option_id id, enum way way)
{
    if (id == OPT_KEY_ID)
        return way == WAY_KEY;
    return way == WAY_BROWSER;
}

static int check_options(const struct args *args, enum way way)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        if (args_has(args, rules[i].id) && !fits(rules[i].id, way))
            return fail(args, EXIT_USAGE, NULL, "--%s goes with %s alone",
                        option_table[rules[i].id].name, rules[i].way);
    return EXIT_OK;
}

static enum way find_way(const struct session *session)
{
    const struct args *args = session->args;

    if (args_has(args, OPT_COMPLETE))
        return WAY_COMPLETE;
    if (args_has(args, OPT_KEY))
        return WAY_KEY;
    if (args_has(args, OPT_TOKEN_FILE) || args_has(args, OPT_TOKEN_STDIN))
        return WAY_TOKEN;
    return session->earlier.kind == PROFILE_SERVICE ? WAY_KEY : WAY_BROWSER;
}

static int check_name(const struct args *args)
{
    const char *name = args_value(args, OPT_PROFILE);

    if (name == NULL || profile_name_is_valid(name))
        return EXIT_OK;
    return fail(args, EXIT_USAGE,
                "letters and digits, and after the first . _ : @ and -",
                "'%s' can't be the name of a profile", name);
}

int cmd_login(struct session *session)
{
    const struct args *args = session->args;
    enum way way = find_way(session);
    int code = check_name(args);

    if (code == EXIT_OK && way != WAY_COMPLETE)
        code = login_recall(session, way == WAY_TOKEN);
    way = find_way(session);
    if (code == EXIT_OK)
        code = check_options(args, way);
    if (code != EXIT_OK)
        return code;
    switch (way) {
    case WAY_COMPLETE:
        return login_complete(session, args_value(args, OPT_COMPLETE));
    case WAY_KEY:
        return login_service(session);
    case WAY_TOKEN:
        return login_ssws(session);
    default:
        return login_device(session);
    }
}
