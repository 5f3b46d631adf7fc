/* SPDX-License-Identifier: Apache-2.0 */
/* login.c - what all ways of signing in do: check, keep, tell. */
#include "cli/signin/login.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/key_values.h"
#include "cli/signin/profile_select.h"
#include "cli/state/path.h"

/* Two orgs under one name would be one too many. */
static int check_free(const struct session *session,
                      const struct profile *profile)
{
    PROFILE_AUTO other = { .name = NULL };
    bool found;
    int code =
        profile_peek_legible(session->args, profile->name, &other, &found);

    if (code != EXIT_OK || !found || strcmp(other.org, profile->org) == 0)
        return code;
    return fail(session->args, EXIT_REFUSED,
                "choose another --profile, or: okta-tokens profile remove",
                "the profile %s is for %s, not for %s", profile->name,
                other.org, profile->org);
}

int login_keep(const struct session *session, struct profile *profile,
               struct state_room *room)
{
    int lock = -1;
    int code = profile_lock(session->args, profile->name, true, &lock);

    if (code == EXIT_OK)
        code = check_free(session, profile);
    if (code == EXIT_OK)
        code = profile_save(session->args, profile, room);
    if (code == EXIT_OK)
        code = profile_use(session->args, profile->name);
    if (lock >= 0)
        close(lock);
    if (code == EXIT_OK)
        code = pending_sweep(session->args, false);
    return code;
}

int login_print(const struct session *session, const struct profile *profile)
{
    AUTO(char) path = NULL;

    path = profile_path(session->args, profile->name);
    if (path == NULL)
        return fail_memory(session->args);
    const struct fact facts[] = {
        { "profile", profile->name, false },
        { "org", profile->org, false },
        { "kind", profile_kind_name(profile->kind), false },
        { "clientId", profile->client_id, false },
        { "scopes", profile->scopes, false },
        { "dpop", profile->dpop ? "true" : NULL, true },
        { "keptIn", profile->keyring ? "the Secret Service" : path, false },
    };
    return facts_print(session, facts, ARRAY_LEN(facts));
}

int login_profile(const struct session *session, enum profile_kind kind,
                  struct profile *out)
{
    const char *org = okta_client_org_url(session->client);
    const char *given = args_value(session->args, OPT_PROFILE);
    const char *name = given != NULL ? given : session->earlier.name;
    const char *ca = session_sign_in_setting(session, "caFile");

    /* That one is about all programs, and not about this org. */
    if (strcmp(okta_config_origin(session->config, "caFile"),
               "SSL_CERT_FILE") == 0)
        ca = NULL;
    *out = (struct profile){ .kind = kind };
    out->org = strdup(org);
    out->name = name != NULL ? strdup(name) : profile_name_of_org(org);
    if (ca != NULL)
        out->ca_file = path_absolute(ca);
    if (out->org != NULL && out->name != NULL &&
        (ca == NULL || out->ca_file != NULL))
        return check_free(session, out);
    return fail_memory(session->args);
}

/* ----------------------------------------------------------- The client -- */

/* What a file in the working directory says of the org would have a person
 * sign in wherever a cloned repository likes. */
static int check_source(const struct session *session)
{
    if (okta_config_source(session->config, "orgUrl") !=
        OKTA_SOURCE_FOLDER_FILE)
        return session_check_org(session);
    return fail(session->args, EXIT_USAGE, "give --org",
                "the org that to sign in to is not read from %s",
                okta_config_origin(session->config, "orgUrl"));
}

int login_open(struct session *session, const struct profile *profile,
               const okta_credential *credential)
{
    AUTO(okta_credential) none = NULL;
    okta_error err;
    int code = session_configure(session);

    if (code == EXIT_OK && profile != NULL)
        code = signed_in_apply(session, profile);
    if (code == EXIT_OK)
        code = check_source(session);
    if (code != EXIT_OK)
        return code;
    if (credential == NULL) {
        if (okta_credential_none(&none, &err) != OKTA_OK)
            return fail_call(session, "login", &err, NULL);
        credential = none;
    }
    return session_connect(session, credential);
}

/* Everybody may read of himself, whatever the roles; a scope for it may lack
 * all the same, and then the token was good. A service app is no user: 404. */
int login_verify(struct session *session, enum profile_kind kind)
{
    AUTO(okta_user) user = NULL;
    okta_error err;
    okta_status st =
        okta_user_me(session->client, session->response, &user, &err);

    if (st == OKTA_OK || st == OKTA_ERR_FORBIDDEN ||
        (st == OKTA_ERR_NOT_FOUND && kind == PROFILE_SERVICE))
        return EXIT_OK;
    return session_fail(session, "login", &err);
}
