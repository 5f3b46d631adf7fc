/* SPDX-License-Identifier: Apache-2.0 */
/* session.c - from arguments and settings to a client. */
#include "cli/signin/session.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/enrich/enrich.h"
#include "cli/signin/credential.h"
#include "cli/signin/login.h"
#include "cli/signin/profile_select.h"
#include "cli/state/wipe_env.h"
#include "cli/term/signals.h"
#include "cli/term/terminal.h"
#include "wire/api.h"

enum { VALUE_MAX = 64 * 1024 };

static void log_line(void *ctx, okta_log_level level, const char *line)
{
    const struct session *session = ctx;

    note_safe(session->args, level == OKTA_LOG_WARNING ? "warning" : "log",
              line);
}

static okta_log_level log_level(const struct args *args)
{
    if (args_has(args, OPT_DEBUG_HTTP))
        return OKTA_LOG_DEBUG;
    return args_has(args, OPT_VERBOSE) ? OKTA_LOG_INFO : OKTA_LOG_WARNING;
}

static void fill_options(struct session *session, okta_client_options *out)
{
    const struct args *args = session->args;

    wait_init(&session->wait, args);
    out->user_agent = "okta-tokens/" OKTA_VERSION;
    out->max_wait_s = session->wait.max_s > 0 ? session->wait.max_s : OKTA_NONE;
    out->reserve = session->wait.reserve;
    out->log = log_line;
    out->log_ctx = session;
    out->log_level = log_level(args);
    out->wait = wait_show;
    out->wait_ctx = &session->wait;
}

int session_fail(const struct session *session, const char *what,
                 const okta_error *err)
{
    return fail_call(session, what, err, session->response);
}

bool session_has_terminal(const struct session *session)
{
    return terminal_present(args_has(session->args, OPT_TOKEN_STDIN));
}

/* clang-format off */
static const struct {
    enum option_id id;
    const char *key;
    const char *unit; /* put behind the number; or "" */
} settings[] = {
    { OPT_ORG,     "orgUrl",               ""    },
    { OPT_CLIENT_ID, "clientId",           ""    },
    { OPT_SCOPES,  "scopes",               ""    },
    { OPT_CA_FILE, "caFile",               ""    },
    { OPT_PROXY,   "proxy.host",           ""    },
    { OPT_RETRIES, "rateLimit.maxRetries", ""    },
    { OPT_TIMEOUT, "requestTimeout",       "000" }, /* milliseconds */
};
/* clang-format on */

/* "--org: orgUrl is ..." becomes "--org is ...": who gave an option has not
 * heard of the key. */
static void name_option(okta_error *err, const char *origin, const char *key)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(sizeof(err->message));
    const char *rest = err->message;
    size_t len = strlen(origin);

    if (strncmp(rest, origin, len) == 0 && rest[len] == ':')
        rest += len + 1 + (rest[len + 1] == ' ');
    len = strlen(key);
    if (strncmp(rest, key, len) == 0 && rest[len] == ' ')
        rest += len + 1;
    okt_buf_printf(&text, "%s %s", origin, rest);
    if (!okt_buf_failed(&text) && text.len < sizeof(err->message))
        memcpy(err->message, text.data, text.len + 1);
}

static int apply_setting(const struct session *session, size_t i)
{
    const char *value = args_value(session->args, settings[i].id);
    OKT_BUF_AUTO text = OKT_BUF_INIT(VALUE_MAX);
    char origin[32];
    okta_error err;

    if (value == NULL)
        return EXIT_OK;
    okt_buf_printf(&text, "%s%s", value, settings[i].unit);
    if (text.state == OKT_BUF_NO_MEMORY)
        return fail_memory(session->args);
    snprintf(origin, sizeof(origin), "--%s", option_table[settings[i].id].name);
    if (okt_buf_failed(&text))
        return fail(session->args, EXIT_USAGE, NULL, "%s is too long", origin);
    if (okta_config_set(session->config, settings[i].key, text.data, origin,
                        &err) == OKTA_OK)
        return EXIT_OK;
    name_option(&err, origin, settings[i].key);
    return fail_call(session, NULL, &err, NULL);
}

int session_configure(struct session *session)
{
    okta_config_options options = OKTA_CONFIG_OPTIONS_INIT;
    okta_error err;
    okta_status st;
    int code = EXIT_OK;

    if (session->config != NULL)
        return EXIT_OK;
    options.log = log_line;
    options.log_ctx = session;
    st = okta_config_load(&options, &session->config, &err);
    wipe_env();
    if (st != OKTA_OK)
        return fail_call(session, "configuration", &err, NULL);
    for (size_t i = 0; i < ARRAY_LEN(settings) && code == EXIT_OK; i++)
        code = apply_setting(session, i);
    return code == EXIT_OK ? signed_in_choose(session) : code;
}

int session_check_org(const struct session *session)
{
    bool folder =
        access("okta.yaml", F_OK) == 0 || access(".okta.yaml", F_OK) == 0;

    if (okta_config_get(session->config, "orgUrl") != NULL)
        return EXIT_OK;
    return fail(session->args, EXIT_USAGE,
                folder ? "give --org https://acme.okta.com; what the okta.yaml "
                         "of this folder says counts for a token in it alone"
                       : "give --org https://acme.okta.com, set "
                         "OKTA_CLIENT_ORGURL, or write it into "
                         "~/.okta/okta.yaml",
                "no organisation is set");
}

const char *session_sign_in_setting(const struct session *session,
                                    const char *key)
{
    return okta_config_source(session->config, key) == OKTA_SOURCE_FOLDER_FILE
               ? NULL
               : okta_config_get(session->config, key);
}

/* A cloned repository may bring both an org and a token for it: whoever means
 * to change his own org gets to see it. */
static void tell_of_folder(const struct session *session)
{
    const char *scope = session->args->command->scope;
    const char *key = okta_config_get(session->config, "token") != NULL
                          ? "token"
                          : "privateKey";

    if (scope == NULL || strcmp(scope, OKT_SCOPE_MANAGE) != 0 ||
        okta_config_source(session->config, "orgUrl") !=
            OKTA_SOURCE_FOLDER_FILE ||
        okta_config_source(session->config, key) != OKTA_SOURCE_FOLDER_FILE)
        return;
    note(session->args, "note",
         "this changes %s: org and credential are from %s",
         okta_client_org_url(session->client),
         okta_config_origin(session->config, "orgUrl"));
}

/* A client that is never used knows how the library reads the URL. */
int session_org(struct session *session, char **out)
{
    AUTO(okta_credential) none = NULL;
    AUTO(okta_client) client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_error err;
    okta_status st;
    int code = session_configure(session);

    if (code == EXIT_OK)
        code = session_check_org(session);
    if (code != EXIT_OK)
        return code;
    st = okta_credential_ssws("none", &none, &err);
    options.org_url = okta_config_get(session->config, "orgUrl");
    options.credential = none;
    if (st == OKTA_OK)
        st = okta_client_new(&options, &client, &err);
    if (st != OKTA_OK)
        return fail_call(session, "configuration", &err, NULL);
    *out = strdup(okta_client_org_url(client));
    return *out != NULL ? EXIT_OK : fail_memory(session->args);
}

int session_connect(struct session *session, const okta_credential *credential)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_error err;
    okta_status st;

    signals_cancel(NULL);
    okta_client_free(session->client);
    session->client = NULL;
    fill_options(session, &options);
    options.credential = credential;
    st = okta_client_from_config(session->config, &options, &session->client,
                                 &err);
    /* It has warned of an org that does not count; that there is none we say.
     */
    if (st != OKTA_OK && okta_config_get(session->config, "orgUrl") == NULL)
        return session_check_org(session);
    if (st == OKTA_OK && session->response == NULL)
        st = okta_response_new(&session->response, &err);
    if (st != OKTA_OK)
        return fail_call(session, "configuration", &err, NULL);
    signals_cancel(session->client);
    if (credential == NULL)
        tell_of_folder(session);
    return EXIT_OK;
}

/* The settings name an app to sign in with, and nothing else. */
static bool must_sign_in(const struct session *session)
{
    static const char *const others[] = { "token", "privateKey" };

    if (session->profile.name != NULL ||
        args_has(session->args, OPT_TOKEN_FILE) ||
        args_has(session->args, OPT_TOKEN_STDIN))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (okta_config_get(session->config, others[i]) != NULL)
            return false;
    return session_sign_in_setting(session, "clientId") != NULL;
}

int session_open(struct session *session)
{
    AUTO(okta_credential) credential = NULL;
    int code = session_configure(session);

    if (code == EXIT_OK && must_sign_in(session))
        code = login_first(session);
    if (code == EXIT_OK)
        code = signed_in_credential(session, &credential);
    if (code == EXIT_OK && credential == NULL)
        code = credential_load(session);
    return code == EXIT_OK ? session_connect(session, credential) : code;
}

int session_each_token(struct session *session, const char *what,
                       session_token_fn *visit, void *ctx)
{
    okta_list_options options = OKTA_LIST_OPTIONS_INIT;
    AUTO(okta_iter) iter = NULL;
    const okta_api_token *token;
    okta_error err;
    okta_status st;

    options.limit = OKT_LIMIT_MAX;
    st = okta_api_token_iter(session->client, &options, &iter, &err);
    while (st == OKTA_OK) {
        st = okta_iter_next(iter, &token, &err);
        if (st == OKTA_OK)
            visit(token, ctx);
    }
    if (st != OKTA_DONE)
        return fail_call(session, what, &err, NULL);
    return EXIT_OK;
}

void session_close(struct session *session)
{
    signals_cancel(NULL);
    pager_end(&session->pager);
    audit_free(session->audit);
    okta_client_free(session->client);
    okta_response_free(session->response);
    okta_response_free(session->log);
    okta_config_free(session->config);
    profile_free(&session->profile);
    profile_free(&session->earlier);
    *session = (struct session){ .args = session->args };
}
