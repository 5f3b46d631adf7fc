/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_logout.c - logout: forgets one profile, or all. */
#include <stdlib.h>
#include <string.h>

#include "profile.h"
#include "session.h"
#include "signed_in.h"

static int forget(const struct session *session, const struct profile *profile)
{
    bool removed;
    int code = profile_remove(session->args, profile->name, &removed);

    if (code == EXIT_OK && removed)
        note(session->args, "note", "signed out of %s (profile %s)",
             profile->org, profile->name);
    return code;
}

/* Where that fails the profile stays, to try again with. */
static int revoke(struct session *session, const char *name)
{
    AUTO(okta_credential) credential = NULL;
    okta_error err;
    bool found;
    int code = session_configure(session);

    profile_free(&session->profile);
    if (code == EXIT_OK)
        code = profile_load(session->args, name, &session->profile, &found);
    if (code == EXIT_OK)
        code = signed_in_apply(session, &session->profile);
    if (code == EXIT_OK)
        code = signed_in_credential(session, &credential);
    if (code == EXIT_OK)
        code = session_connect(session, credential);
    if (code != EXIT_OK)
        return code;
    if (okta_client_sign_out(session->client, &err) == OKTA_OK)
        return EXIT_OK;
    return fail_call(session, "logout", &err, NULL);
}

static int end_one(const struct profile *profile, void *ctx)
{
    struct session *session = ctx;
    bool token = profile->kind == PROFILE_SSWS;
    int code = EXIT_OK;

    if (args_has(session->args, OPT_REVOKE) && token)
        note(session->args, "note",
             "profile %s: its API token goes on; okta-tokens revoke-current "
             "ends one",
             profile->name);
    else if (args_has(session->args, OPT_REVOKE))
        code = revoke(session, profile->name);
    return code == EXIT_OK ? forget(session, profile) : code;
}

static int end_named(struct session *session, const char *name)
{
    PROFILE_AUTO profile = { .name = NULL };
    bool found = false;
    int code = EXIT_OK;

    if (name != NULL && profile_name_is_valid(name))
        code = profile_peek(session->args, name, &profile, &found);
    if (code != EXIT_OK)
        return code;
    if (!found)
        return fail(session->args, EXIT_NOT_FOUND,
                    "okta-tokens profile list shows the profiles there are",
                    name != NULL ? "there is no profile '%s'" : "not signed in",
                    name);
    return end_one(&profile, session);
}

int cmd_logout(struct session *session)
{
    const char *name = args_value(session->args, OPT_PROFILE);
    AUTO(char) current = NULL;
    int code = EXIT_OK;

    if (args_has(session->args, OPT_ALL) && name != NULL)
        return fail(session->args, EXIT_USAGE, NULL,
                    "--all and --profile: which one?");
    if (args_has(session->args, OPT_ALL))
        return profile_each(session->args, end_one, session);
    if (name == NULL)
        code = profile_current(session->args, &current);
    if (code != EXIT_OK)
        return code;
    return end_named(session, name != NULL ? name : current);
}
