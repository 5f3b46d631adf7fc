/* SPDX-License-Identifier: Apache-2.0 */
/* login_again.c - what an earlier sign-in gives a new one: org, client, scopes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/signin/login.h"
#include "cli/signin/profile_select.h"

enum { SCOPES_MAX = 4096 };

/* Read, revoke and restrict tokens; whose they are, what those may do, and the
 * names of their zones; and stay signed in. */
const char *const login_scopes[LOGIN_SCOPE_COUNT] = {
    "okta.apiTokens.read", "okta.apiTokens.manage",  "okta.users.read",
    "okta.roles.read",     "okta.networkZones.read", "offline_access",
};

/* A file in the working directory does not say where to sign in. */
static bool gives_org(const struct session *session)
{
    return okta_config_get(session->config, "orgUrl") != NULL &&
           okta_config_source(session->config, "orgUrl") !=
               OKTA_SOURCE_FOLDER_FILE;
}

/* The profile that is signed in to again: the one that --profile names, the one
 * for that org, or the one in use. *name NULL: none. */
static int find_earlier(struct session *session, char **name)
{
    const char *given = args_value(session->args, OPT_PROFILE);
    AUTO(char) org = NULL;
    size_t count;
    int code;

    if (given != NULL) {
        *name = strdup(given);
        return *name != NULL ? EXIT_OK : fail_memory(session->args);
    }
    if (!gives_org(session))
        return profile_current(session->args, name);
    code = session_org(session, &org);
    if (code == EXIT_OK)
        code = signed_in_find(session, org, name, &count);
    if (code == EXIT_OK && count > 1)
        free(TAKE(*name));
    return code;
}

static int set(struct session *session, const char *key, const char *value,
               const char *origin)
{
    okta_error err;

    if (value == NULL ||
        okta_config_set(session->config, key, value, origin, &err) == OKTA_OK)
        return EXIT_OK;
    return fail_call(session, "configuration", &err, NULL);
}

/* "+a b" means those beside the ones that were asked for last, or would be. */
static int add_scopes(struct session *session)
{
    const char *scopes = session_sign_in_setting(session, "scopes");
    OKT_BUF_AUTO all = OKT_BUF_INIT(SCOPES_MAX);
    const char *earlier = session->earlier.scopes;

    if (scopes == NULL || scopes[0] != '+')
        return set(session, "scopes", scopes == NULL ? earlier : NULL,
                   "the profile");
    if (earlier != NULL)
        okt_buf_str(&all, earlier);
    for (size_t i = 0; earlier == NULL && i < LOGIN_SCOPE_COUNT; i++)
        okt_buf_printf(&all, "%s%s", i > 0 ? " " : "", login_scopes[i]);
    while (*scopes != '\0') {
        size_t len = strcspn(scopes, " ,");

        if (len > 0)
            okt_buf_printf(&all, " %.*s", (int)(len - (*scopes == '+')),
                           scopes + (*scopes == '+'));
        scopes += len + (scopes[len] != '\0');
    }
    if (okt_buf_failed(&all))
        return fail(session->args, EXIT_USAGE, NULL, "--scopes is too long");
    return set(session, "scopes", all.data, "--scopes");
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Takes over what is not given, and forgets a profile that is another's. */
static int take_over(struct session *session, bool token)
{
    struct profile *earlier = &session->earlier;
    bool org_given = gives_org(session);
    AUTO(char) org = NULL;
    int code = EXIT_OK;

    if (org_given)
        code = session_org(session, &org);
    if (code != EXIT_OK || (org_given && strcmp(org, earlier->org) != 0)) {
        profile_free(earlier);
        return code;
    }
    if (!org_given)
        code = set(session, "orgUrl", earlier->org, "the profile");
    if (code == EXIT_OK && session_sign_in_setting(session, "caFile") == NULL)
        code = set(session, "caFile", earlier->ca_file, "the profile");
    if (code == EXIT_OK && !token &&
        session_sign_in_setting(session, "clientId") == NULL)
        code = set(session, "clientId", earlier->client_id, "the profile");
    if (token ? org_given || earlier->client_id != NULL
              : earlier->client_id == NULL ||
                    !is_same(session_sign_in_setting(session, "clientId"),
                             earlier->client_id))
        profile_free(earlier);
    return code;
}

int login_recall(struct session *session, bool token)
{
    AUTO(char) name = NULL;
    bool found = false;
    int code = session_configure(session);

    if (code == EXIT_OK)
        code = find_earlier(session, &name);
    if (code == EXIT_OK && name != NULL)
        code = profile_peek_legible(session->args, name, &session->earlier,
                                    &found);
    if (code == EXIT_OK && found)
        code = take_over(session, token);
    return code == EXIT_OK && !token ? add_scopes(session) : code;
}
