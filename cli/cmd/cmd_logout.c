/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_logout.c - logout: forgets one profile, or all. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/signin/profile_select.h"
#include "cli/signin/session.h"
#include "cli/state/profile.h"

/* Ends at the org what the profile holds. */
static int revoke(struct session *session, const char *name)
{
    AUTO(okta_credential) credential = NULL;
    okta_error err;
    bool found = false;
    int code = session_configure(session);

    profile_free(&session->profile);
    if (code == EXIT_OK)
        code = profile_load(session->args, name, &session->profile, &found);
    if (code == EXIT_OK && !found)
        return EXIT_OK; /* another process was faster */
    if (code == EXIT_OK && session->profile.kind == PROFILE_SSWS) {
        note(session->args, "note",
             "profile %s: its API token goes on; okta-tokens revoke-current "
             "ends one",
             name);
        return EXIT_OK;
    }
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

/* Where revoking fails the profile stays, to try again with. Under its lock. */
static int end_locked(struct session *session, const char *name, bool *removed)
{
    PROFILE_AUTO profile = { .name = NULL };
    bool found;
    int code = EXIT_OK;

    if (args_has(session->args, OPT_REVOKE))
        code = revoke(session, name);
    if (code == EXIT_OK)
        code = profile_peek_legible(session->args, name, &profile, &found);
    if (code != EXIT_OK)
        found = false; /* it can't be read, but it can be removed */
    if (!args_has(session->args, OPT_REVOKE) || code == EXIT_OK)
        code = profile_remove(session->args, name, removed);
    if (code == EXIT_OK && *removed && found)
        note(session->args, "note", "signed out of %s (profile %s)",
             profile.org, name);
    else if (code == EXIT_OK && *removed)
        note(session->args, "note", "signed out of profile %s", name);
    return code;
}

static int end_one(struct session *session, const char *name, bool *removed)
{
    int lock = -1;
    int code = profile_lock(session->args, name, false, &lock);

    *removed = false;
    if (code != EXIT_OK)
        return code;
    session->locked = true;
    code = end_locked(session, name, removed);
    session->locked = false;
    if (lock >= 0)
        close(lock);
    return code;
}

/* All that can be, whatever fails; each is told. */
static int end_all(struct session *session)
{
    PROFILE_NAMES_AUTO names = { .names = NULL };
    int code = profile_names_read(session->args, &names);
    int rest;

    if (code != EXIT_OK)
        return code;
    for (size_t i = 0; i < names.count; i++) {
        bool removed;
        int one = end_one(session, names.names[i], &removed);

        if (one > EXIT_SIGNAL)
            return one;
        if (one != EXIT_OK)
            code = EXIT_INTERNAL;
    }
    /* A profile that stays keeps its secret. */
    rest = code == EXIT_OK ? profile_remove_rest(session->args)
                           : pending_sweep(session->args, true);
    return rest == EXIT_OK ? code : EXIT_INTERNAL;
}

static int end_named(struct session *session, const char *name)
{
    bool removed = false;
    int code = EXIT_OK;

    if (name != NULL && profile_name_is_valid(name))
        code = end_one(session, name, &removed);
    if (code != EXIT_OK || removed)
        return code;
    return fail(session->args, EXIT_NOT_FOUND,
                "okta-tokens profile list shows the profiles there are",
                name != NULL ? "there is no profile '%s'" : "not signed in",
                name);
}

int cmd_logout(struct session *session)
{
    const char *name = args_value(session->args, OPT_PROFILE);
    AUTO(char) current = NULL;
    int code = EXIT_OK;

    if (args_has(session->args, OPT_ALL) && name != NULL)
        return fail(session->args, EXIT_USAGE, NULL,
                    "--all and --profile cannot be combined");
    if (args_has(session->args, OPT_ALL))
        return end_all(session);
    if (name == NULL)
        code = profile_current(session->args, &current);
    if (code != EXIT_OK)
        return code;
    return end_named(session, name != NULL ? name : current);
}
