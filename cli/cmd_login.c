/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_login.c - login: makes a profile, of whichever kind of credential. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "facts.h"
#include "login.h"
#include "profile.h"

enum { PATH_LEN_MAX = 8192 };

/* --------------------------------------------------------------- Keeping -- */

static int check_name(const struct session *session, const char *name)
{
    if (name == NULL || profile_name_is_valid(name))
        return EXIT_OK;
    return fail(session->args, EXIT_USAGE,
                "letters and digits, and after the first . _ : @ and -",
                "'%s' can't be the name of a profile", name);
}

/* Two orgs under one name would be one too many. */
static int check_free(const struct session *session,
                      const struct profile *profile)
{
    PROFILE_AUTO other = { .name = NULL };
    bool found;
    int code = profile_peek(session->args, profile->name, &other, &found);

    if (code != EXIT_OK || !found || strcmp(other.org, profile->org) == 0)
        return code;
    return fail(session->args, EXIT_REFUSED,
                "choose another --profile, or: okta-tokens profile remove",
                "the profile %s is for %s, not for %s", profile->name,
                other.org, profile->org);
}

static int keep(const struct session *session, struct profile *profile)
{
    int lock = -1;
    int code = profile_lock(session->args, profile->name, &lock);

    if (code == EXIT_OK)
        code = check_free(session, profile);
    if (code == EXIT_OK)
        code = profile_save(session->args, profile);
    if (code == EXIT_OK)
        code = profile_use(session->args, profile->name);
    if (lock >= 0)
        close(lock);
    return code;
}

int login_keep(const struct session *session, struct profile *profile)
{
    AUTO(char) path = NULL;
    int code = keep(session, profile);

    if (code != EXIT_OK)
        return code;
    path = profile_path(session->args, profile->name);
    if (path == NULL)
        return fail_memory(session->args);
    const struct fact facts[] = {
        { "profile", profile->name, false },
        { "org", profile->org, false },
        { "kind", profile_kind_name(profile->kind), false },
        { "clientId", profile->client_id, false },
        { "scopes", profile->scopes, false },
        { "keptIn", profile->keyring ? "the Secret Service" : path, false },
    };
    return facts_print(session, facts, ARRAY_LEN(facts));
}

/* A later run may be in another folder. NULL: no memory. */
static char *absolute(const char *path)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(PATH_LEN_MAX);
    AUTO(char) folder = NULL;

    if (path[0] != '/') {
        folder = getcwd(NULL, 0);
        okt_buf_printf(&text, "%s/", folder != NULL ? folder : ".");
    }
    okt_buf_str(&text, path);
    return okt_buf_take(&text);
}

int login_profile(const struct session *session, enum profile_kind kind,
                  struct profile *out)
{
    const char *org = okta_client_org_url(session->client);
    const char *name = args_value(session->args, OPT_PROFILE);
    const char *ca = okta_config_get(session->config, "caFile");

    *out = (struct profile){ .kind = kind };
    out->org = strdup(org);
    out->name = name != NULL ? strdup(name) : profile_name_of_org(org);
    if (ca != NULL)
        out->ca_file = absolute(ca);
    if (out->org != NULL && out->name != NULL &&
        (ca == NULL || out->ca_file != NULL))
        return EXIT_OK;
    return fail_memory(session->args);
}

/* ---------------------------------------------------------- An API token -- */

/* A token that the org does not know is not kept. One whose owner may not list
 * is good all the same. */
static int verify(struct session *session)
{
    okta_list_options options = OKTA_LIST_OPTIONS_INIT;
    AUTO(okta_page) page = NULL;
    okta_error err;
    okta_status st;

    options.limit = 1;
    st = okta_api_token_list(session->client, &options, session->response,
                             &page, &err);
    if (st == OKTA_OK || st == OKTA_ERR_FORBIDDEN)
        return EXIT_OK;
    return session_fail(session, "login", &err);
}

static int login_ssws(struct session *session)
{
    PROFILE_AUTO profile = { .name = NULL };
    const char *token;
    int code = session_open(session);

    if (code == EXIT_OK)
        code = verify(session);
    if (code == EXIT_OK)
        code = login_profile(session, PROFILE_SSWS, &profile);
    if (code != EXIT_OK)
        return code;
    token = okta_config_get(session->config, "token");
    profile.secret = strdup(token != NULL ? token : "");
    return profile.secret != NULL ? login_keep(session, &profile)
                                  : fail_memory(session->args);
}

/* -------------------------------------------------------------- Command -- */

int cmd_login(struct session *session)
{
    const struct args *args = session->args;
    int code = check_name(session, args_value(args, OPT_PROFILE));

    if (code != EXIT_OK)
        return code;
    return login_ssws(session);
}
