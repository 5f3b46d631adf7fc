/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_whoami.c - whoami: for which org, as whom, with what, and how long. */
#include <stdio.h>
#include <string.h>

#include "cli/output/key_values.h"
#include "wire/api.h"
#include "wire/iso8601.h"
#include "wire/rate_limit.h"

enum { LINE_SIZE = 128 };

static const char *const kinds[] = {
    [OKTA_CREDENTIAL_NONE] = "none",
    [OKTA_CREDENTIAL_SSWS] = "API token",
    [OKTA_CREDENTIAL_BEARER] = "access token",
    [OKTA_CREDENTIAL_SERVICE] = "service app",
    [OKTA_CREDENTIAL_DEVICE] = "signed in",
    [OKTA_CREDENTIAL_CUSTOM] = "other",
};

/* Whence the credential is, where there is no profile. */
static const char *origin(const struct session *session)
{
    const char *from = okta_config_origin(session->config, "token");

    return from[0] != '\0' ? from
                           : okta_config_origin(session->config, "privateKey");
}

static const char *text_or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

/* "598 of 600 left until ..." of the bucket that this call was counted in. */
static bool show_limit(const struct session *session, char *out, size_t size)
{
    static const char *const names[] = { OKT_H_RATE_REMAINING, OKT_H_RATE_LIMIT,
                                         OKT_H_RATE_RESET };
    long long numbers[ARRAY_LEN(names)];
    char until[OKT_TIME_SIZE];

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *value = okta_response_header(session->response, names[i]);

        if (value == NULL || sscanf(value, "%lld", &numbers[i]) != 1)
            return false;
    }
    okt_time_format(numbers[2], until);
    snprintf(out, size, "%lld of %lld requests left until %s", numbers[0],
             numbers[1], until);
    return true;
}

static int show(struct session *session, const okta_user *user)
{
    okta_credential_info info;
    char expires[OKT_TIME_SIZE];
    char limit[LINE_SIZE];
    bool oauth;

    okta_credential_describe(okta_client_credential(session->client), &info);
    oauth = info.kind != OKTA_CREDENTIAL_SSWS;
    okt_time_format(info.expires_at, expires);
    const struct fact facts[] = {
        { "org", okta_client_org_url(session->client), false },
        { "profile", session->profile.name, false },
        { "credential", kinds[info.kind], false },
        { "from", session->profile.name != NULL ? NULL : origin(session),
          false },
        { "user", user != NULL ? okta_user_login(user) : NULL, false },
        { "userId", user != NULL ? okta_user_id(user) : NULL, false },
        { "clientId", text_or_null(info.client_id), false },
        { "scopes", oauth ? text_or_null(info.scopes) : NULL, false },
        { "expires", info.expires_at != 0 ? expires : NULL, false },
        { "dpop",
          !oauth      ? NULL
          : info.dpop ? "true"
                      : "false",
          true },
        { "rateLimit", show_limit(session, limit, sizeof(limit)) ? limit : NULL,
          false },
    };
    return facts_print(session, facts, ARRAY_LEN(facts));
}

int cmd_whoami(struct session *session)
{
    AUTO(okta_user) user = NULL;
    okta_error err;
    okta_status st;
    int code = session_open(session);

    if (code != EXIT_OK)
        return code;
    st = okta_user_me(session->client, session->response, &user, &err);
    /* A service app is nobody, and a scope for it may lack. */
    if (st == OKTA_ERR_FORBIDDEN || st == OKTA_ERR_NOT_FOUND)
        note(session->args, "note", "the org does not tell who: %s",
             err.message);
    else if (st != OKTA_OK)
        return session_fail(session, "whoami", &err);
    return show(session, user);
}
