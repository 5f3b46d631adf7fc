/* SPDX-License-Identifier: Apache-2.0 */
/* signed_in.c - choosing a profile, and making its settings count. */
#include "signed_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service.h"

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

/* The profile of that name, unless it is for another org. */
static int load_for(struct session *session, const char *name, const char *org)
{
    bool found = false;
    int code = profile_load(session->args, name, &session->profile, &found);

    if (code == EXIT_OK && found && org != NULL &&
        strcmp(session->profile.org, org) != 0)
        profile_free(&session->profile);
    return code;
}

static int load_current(struct session *session, const char *org)
{
    AUTO(char) name = NULL;
    int code = profile_current(session->args, &name);

    if (code == EXIT_OK && name != NULL)
        code = load_for(session, name, org);
    if (code != EXIT_OK || session->profile.name != NULL || org == NULL)
        return code;
    free(name);
    name = profile_name_of_org(org);
    return name != NULL ? load_for(session, name, org)
                        : fail_memory(session->args);
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

/* What the environment says to all programs is less than what was said when
 * somebody signed in. */
static bool gives_ca(const struct session *session)
{
    return is_given(session, "caFile") &&
           strcmp(okta_config_origin(session->config, "caFile"),
                  "SSL_CERT_FILE") != 0;
}

int signed_in_apply(struct session *session, const struct profile *profile)
{
    char origin[ORIGIN_MAX];
    int code;

    snprintf(origin, sizeof(origin), "profile %s", profile->name);
    code = set(session, "orgUrl", profile->org, origin);
    if (code == EXIT_OK && profile->ca_file != NULL && !gives_ca(session))
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
        return EXIT_OK;
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
