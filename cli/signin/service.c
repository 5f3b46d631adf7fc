/* SPDX-License-Identifier: Apache-2.0 */
/* service.c - a service app's key, and the credential made of it. */
#include "cli/signin/service.h"

#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "cli/state/path.h"
#include "cli/term/terminal.h"

enum { PASSPHRASE_SIZE = 1024, PROMPT_MAX = 8192 };

static bool copy(const char *text, char **out)
{
    if (text == NULL)
        return true;
    *out = strdup(text);
    return *out != NULL;
}

/* The key is read whenever the profile is used: what can be read once, such as
 * standard input, is no place for it. */
static int check_key_path(const struct args *args, const char *path)
{
    struct stat st;

    if (path == NULL)
        return fail(args, EXIT_USAGE, NULL, "give --key");
    if (strncmp(path, "/dev/", 5) != 0 && strncmp(path, "/proc/", 6) != 0 &&
        (stat(path, &st) != 0 || S_ISREG(st.st_mode)))
        return EXIT_OK;
    return fail(args, EXIT_USAGE, "put the key into a file of mode 0600",
                "--key %s: it is read again with each later run, and must be a "
                "file",
                path);
}

int service_profile(const struct session *session, struct profile *profile)
{
    const struct args *args = session->args;
    const struct profile *earlier = &session->earlier;
    const char *key = args_value(args, OPT_KEY);
    const char *key_id = args_value(args, OPT_KEY_ID);
    const char *client_id = session_sign_in_setting(session, "clientId");

    if (client_id == NULL)
        return fail(args, EXIT_USAGE, NULL,
                    "--key needs --client-id: the service app's id, 0oa...");
    if (key == NULL)
        key_id = key_id != NULL ? key_id : earlier->key_id;
    key = key != NULL ? key : earlier->key_file;
    if (check_key_path(args, key) != EXIT_OK)
        return EXIT_USAGE;
    profile->dpop = args_has(args, OPT_DPOP) || earlier->dpop;
    profile->key_file = path_absolute(key);
    if (profile->key_file != NULL && copy(client_id, &profile->client_id) &&
        copy(session_sign_in_setting(session, "scopes"), &profile->scopes) &&
        copy(key_id, &profile->key_id))
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
