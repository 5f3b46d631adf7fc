/* SPDX-License-Identifier: Apache-2.0 */
/* profile_select.c - choosing a profile, and making its settings count. */
#include "cli/signin/profile_select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/signin/service.h"

#define VARIABLE "OKTA_TOKENS_PROFILE"

enum { ORIGIN_MAX = 128 };

/* Beside what files say, an option or a variable gives that. */
static bool is_given(const struct session *session, const char *key)
{
    return okta_config_get(session->config, key) != NULL &&
           okta_config_source(session->config, key) >= OKTA_SOURCE_ENVIRONMENT;
}

static bool gives_credential(const struct session *session)
{
    return args_has(session->args, OPT_TOKEN_FILE) ||
           args_has(session->args, OPT_TOKEN_STDIN) ||
           is_given(session, "token") || is_given(session, "privateKey");
}

/* --------------------------------------------------------------- Finding -- */

static int load_named(struct session *session, const char *name,
                      const char *origin)
{
    bool found = false;
    int code = EXIT_OK;

    if (args_has(session->args, OPT_TOKEN_FILE) ||
        args_has(session->args, OPT_TOKEN_STDIN))
        return fail(session->args, EXIT_USAGE, NULL,
                    "%s and a token: which one?", origin);
    if (profile_name_is_valid(name))
        code = profile_load(session->args, name, &session->profile, &found);
    if (code != EXIT_OK || found)
        return code;
    return fail(session->args, EXIT_USAGE,
                "okta-tokens profile list shows those there are, okta-tokens "
                "login makes one",
                "%s: there is no profile '%s'", origin, name);
}

/* Whether the profile of that name is for the org; out of its file alone. */
static int is_for(const struct session *session, const char *name,
                  const char *org, bool *out)
{
    PROFILE_AUTO profile = { .name = NULL };
    bool found;
    int code = profile_peek_legible(session->args, name, &profile, &found);

    *out = code == EXIT_OK && found && !profile.ended &&
           strcmp(profile.org, org) == 0;
    return code;
}

/* Takes the name if that profile is for the org. */
static int take_if(const struct session *session, char *candidate,
                   const char *org, char **name)
{
    AUTO(char) owned = candidate;
    bool fits = false;
    int code = is_for(session, owned, org, &fits);

    if (code == EXIT_OK && fits)
        *name = TAKE(owned);
    return code;
}

/* Several that bear other names are told apart by nobody but their user. */
static int find_any(const struct session *session, const char *org, char **name,
                    size_t *count)
{
    PROFILE_NAMES_AUTO names = { .names = NULL };
    int code = profile_names_read(session->args, &names);

    for (size_t i = 0; code == EXIT_OK && i < names.count; i++) {
        bool fits;

        code = is_for(session, names.names[i], org, &fits);
        if (code != EXIT_OK || !fits || ++*count > 1)
            continue;
        *name = strdup(names.names[i]);
        if (*name == NULL)
            code = fail_memory(session->args);
    }
    return code;
}

int signed_in_find(const struct session *session, const char *org, char **name,
                   size_t *count)
{
    AUTO(char) current = NULL;
    char *host;
    int code = profile_current(session->args, &current);

    *name = NULL;
    *count = 0;
    if (code == EXIT_OK && current != NULL)
        code = take_if(session, TAKE(current), org, name);
    if (code != EXIT_OK || *name != NULL)
        return code;
    host = profile_name_of_org(org);
    if (host == NULL)
        return fail_memory(session->args);
    code = take_if(session, host, org, name);
    if (code != EXIT_OK || *name != NULL)
        return code;
    return find_any(session, org, name, count);
}

static int load_current(struct session *session, const char *org)
{
    AUTO(char) name = NULL;
    size_t count = 0;
    bool found;
    int code = org == NULL ? profile_current(session->args, &name)
                           : signed_in_find(session, org, &name, &count);

    if (code != EXIT_OK || name == NULL)
        return code;
    if (count > 1)
        return fail(session->args, EXIT_USAGE,
                    "choose one with --profile; okta-tokens profile list shows "
                    "them",
                    "%zu profiles are for %s, such as %s", count, org, name);
    return profile_load(session->args, name, &session->profile, &found);
}

/* Says which credential counts where there are two. */
static int tell_rank(const struct session *session, const char *name,
                     const char *origin)
{
    AUTO(char) current = NULL;
    int code;

    if (okta_config_source(session->config, "token") != OKTA_SOURCE_ENVIRONMENT)
        return EXIT_OK;
    if (name != NULL) {
        note(session->args, "note",
             "the profile %s (%s) counts, and not OKTA_CLIENT_TOKEN", name,
             origin);
        return EXIT_OK;
    }
    code = profile_current(session->args, &current);
    if (code == EXIT_OK && current != NULL)
        note(session->args, "note",
             "OKTA_CLIENT_TOKEN counts, and not the profile in use (%s): unset "
             "it, or give --profile",
             current);
    return code;
}

/* --org must be the profile's; what it is not given, it is no use for. */
static int check_org(struct session *session, const char *org,
                     const char *origin)
{
    if (org == NULL || strcmp(org, session->profile.org) == 0)
        return EXIT_OK;
    return fail(session->args, EXIT_USAGE, NULL,
                "%s is for %s, not for %s (from %s)", origin,
                session->profile.org, org,
                okta_config_origin(session->config, "orgUrl"));
}

/* -------------------------------------------------------------- Applying -- */

static int set(struct session *session, const char *key, const char *value,
               const char *origin)
{
    okta_error err;

    if (okta_config_set(session->config, key, value, origin, &err) == OKTA_OK)
        return EXIT_OK;
    return fail_call(session, "configuration", &err, NULL);
}

#define PROFILE_ORIGIN "profile "

/* What the environment says to all programs is less than what was said when
 * somebody signed in; and one profile's CA says nothing of another's org. */
static bool gives_ca(const struct session *session)
{
    const char *origin = okta_config_origin(session->config, "caFile");

    return is_given(session, "caFile") &&
           strcmp(origin, "SSL_CERT_FILE") != 0 &&
           strncmp(origin, PROFILE_ORIGIN, strlen(PROFILE_ORIGIN)) != 0;
}

int signed_in_apply(struct session *session, const struct profile *profile)
{
    char origin[ORIGIN_MAX];
    int code;

    snprintf(origin, sizeof(origin), PROFILE_ORIGIN "%s", profile->name);
    code = set(session, "orgUrl", profile->org, origin);
    if (code == EXIT_OK &&
        !gives_ca(session)) /* NULL takes an earlier one out */
        code = set(session, "caFile", profile->ca_file, origin);
    if (code != EXIT_OK || profile->kind != PROFILE_SSWS)
        return code;
    code = set(session, "token", profile->secret, origin);
    return code == EXIT_OK ? set(session, "authorizationMode", "SSWS", origin)
                           : code;
}

/* ------------------------------------------------------- The credential -- */

static int import(struct session *session, const okta_token_store *store,
                  okta_credential **out)
{
    const struct profile *profile = &session->profile;
    okta_error err;

    if (profile->secret != NULL &&
        okta_credential_import(profile->secret, store, out, &err) == OKTA_OK)
        return EXIT_OK;
    return fail(session->args, EXIT_AUTH, "okta-tokens login",
                "the tokens of the profile %s can't be read", profile->name);
}

int signed_in_credential(struct session *session, okta_credential **out)
{
    const struct profile *profile = &session->profile;
    okta_token_store store;

    if (profile->name == NULL || profile->kind == PROFILE_SSWS)
        return EXIT_OK;
    session->store = (struct token_store){
        .args = session->args, .profile = profile, .held = session->locked
    };
    token_store_init(&session->store, &store);
    if (profile->kind == PROFILE_SERVICE)
        return service_credential(session, profile, &store, out);
    return import(session, &store, out);
}

/* -------------------------------------------------------------- Choosing -- */

int signed_in_choose(struct session *session)
{
    const char *name = args_value(session->args, OPT_PROFILE);
    const char *origin = name != NULL ? "--profile" : VARIABLE;
    AUTO(char) org = NULL;
    int code = EXIT_OK;

    if (session->args->command->no_profile)
        return EXIT_OK;
    if (name == NULL)
        name = getenv(VARIABLE);
    if (name == NULL && gives_credential(session))
        return args_has(session->args, OPT_TOKEN_FILE) ||
                       args_has(session->args, OPT_TOKEN_STDIN)
                   ? EXIT_OK
                   : tell_rank(session, NULL, NULL);
    if (name != NULL)
        tell_rank(session, name, origin);
    if (is_given(session, "orgUrl"))
        code = session_org(session, &org);
    if (code != EXIT_OK)
        return code;
    code = name != NULL ? load_named(session, name, origin)
                        : load_current(session, org);
    if (code != EXIT_OK || session->profile.name == NULL)
        return code;
    code = check_org(session, org, origin);
    return code == EXIT_OK ? signed_in_apply(session, &session->profile) : code;
}
