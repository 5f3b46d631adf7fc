/* SPDX-License-Identifier: Apache-2.0 */
/* service.c - a service app's key, and the credential made of it. */
#include "service.h"

#include <string.h>

#include "buf.h"
#include "path.h"
#include "terminal.h"

enum { PASSPHRASE_SIZE = 1024, PROMPT_MAX = 8192 };

static bool copy(const char *text, char **out)
{
    if (text == NULL)
        return true;
    *out = strdup(text);
    return *out != NULL;
}

int service_profile(const struct session *session, struct profile *profile)
{
    const struct args *args = session->args;
    const char *client_id = session_sign_in_setting(session, "clientId");

    if (client_id == NULL)
        return fail(args, EXIT_USAGE, NULL,
                    "--key needs --client-id: the service app's id, 0oa...");
    profile->dpop = args_has(args, OPT_DPOP);
    profile->key_file = path_absolute(args_value(args, OPT_KEY));
    if (profile->key_file != NULL && copy(client_id, &profile->client_id) &&
        copy(session_sign_in_setting(session, "scopes"), &profile->scopes) &&
        copy(args_value(args, OPT_KEY_ID), &profile->key_id))
        return EXIT_OK;
    return fail_memory(args);
}

/* The library says so of a key that it was given no passphrase for. */
static bool is_encrypted(const okta_error *err)
{
    return err->status == OKTA_ERR_CONFIG &&
           strstr(err->message, "there is no passphrase") != NULL;
}

static int ask(const struct session *session, const char *key_file, char *out,
               size_t size)
{
    TERMINAL_AUTO terminal = TERMINAL_INIT;
    OKT_BUF_AUTO text = OKT_BUF_INIT(PROMPT_MAX);

    okt_buf_printf(&text, "Passphrase of %s (not shown): ", key_file);
    if (okt_buf_failed(&text))
        return fail_memory(session->args);
    if (!terminal_open(args_has(session->args, OPT_TOKEN_STDIN), &terminal))
        return fail(session->args, EXIT_AUTH,
                    "use a key without one, in a file that only you can read",
                    "%s is encrypted, and there is no terminal to ask for its "
                    "passphrase on",
                    key_file);
    if (terminal_secret(&terminal, text.data, out, size))
        return EXIT_OK;
    return fail(session->args, EXIT_AUTH, NULL, "no passphrase");
}

int service_credential(const struct session *session,
                       const struct profile *profile,
                       const okta_token_store *store, okta_credential **out)
{
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    char passphrase[PASSPHRASE_SIZE];
    okta_error err;
    okta_status st;
    int code = EXIT_OK;

    options.client_id = profile->client_id;
    options.scopes = profile->scopes;
    options.key_file = profile->key_file;
    options.key_id = profile->key_id;
    options.dpop = profile->dpop;
    options.store = store;
    st = okta_credential_service(&options, out, &err);
    if (st != OKTA_OK && is_encrypted(&err)) {
        code = ask(session, profile->key_file, passphrase, sizeof(passphrase));
        options.passphrase = passphrase;
        if (code == EXIT_OK)
            st = okta_credential_service(&options, out, &err);
        okt_wipe(passphrase, sizeof(passphrase));
    }
    if (code != EXIT_OK || st == OKTA_OK)
        return code;
    return fail_call(session, "the key", &err, NULL);
}
