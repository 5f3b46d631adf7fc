/* SPDX-License-Identifier: Apache-2.0 */
/* login_device.c - signing in with a browser, by the device grant. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cli/output/key_values.h"
#include "cli/signin/browser.h"
#include "cli/signin/login.h"
#include "cli/signin/profile_select.h"
#include "cli/signin/qr.h"
#include "cli/term/terminal.h"
#include "wire/iso8601.h"

enum { TEXT_MAX = 64 * 1024, COMMAND_MAX = 256, CODE_LEN = 8 };

AUTO_DEFINE(okta_device, okta_device_free)

typedef char okta_text; /* of the library's; may be secret */
AUTO_DEFINE(okta_text, okta_text_free)

/* ------------------------------------------------------------- The code -- */

/* "BCDF-GHJK" with room to be read across a table; the page does without the
 * hyphen, people do not. */
static void add_code(struct okt_buf *out, const char *code)
{
    OKT_BUF_AUTO wide = OKT_BUF_INIT(TEXT_MAX);
    size_t half = strlen(code) == CODE_LEN ? CODE_LEN / 2 : 0;

    for (size_t i = 0; code[i] != '\0'; i++)
        okt_buf_printf(&wide, "%s %c", i > 0 && i == half ? " -" : "", code[i]);
    okt_buf_str(&wide, " ");
    okt_buf_str(out, "\n    +");
    for (size_t i = 0; i < wide.len + 2; i++)
        okt_buf_char(out, '-');
    okt_buf_printf(out, "+\n    | %s |\n    +", wide.data);
    for (size_t i = 0; i < wide.len + 2; i++)
        okt_buf_char(out, '-');
    okt_buf_str(out, "+\n\n");
}

/* What came from the org is one line, of characters that show. */
static void add_safe(struct okt_buf *out, const char *text)
{
    okt_escape(out, text, strlen(text));
}

static void add_qr(const struct session *session, struct okt_buf *out,
                   const okta_device *device)
{
    const char *uri = okta_device_uri_complete(device);

    if (!args_has(session->args, OPT_QR))
        return;
    okt_buf_char(out, '\n');
    if (!qr_show(out, uri != NULL ? uri : okta_device_uri(device)))
        note(session->args, "note", "no QR code: libqrencode is not installed");
}

static void add_steps(const struct session *session, struct okt_buf *out,
                      const okta_device *device)
{
    OKT_BUF_AUTO code = OKT_BUF_INIT(COMMAND_MAX);

    add_safe(&code, okta_device_user_code(device));
    okt_buf_str(out, "To sign in, open\n\n    ");
    add_safe(out, okta_device_uri(device));
    okt_buf_str(out, "\n\nin a browser, here or on another device, and type\n");
    add_code(out, code.data);
    add_qr(session, out, device);
}

static int show(const struct session *session, const okta_device *device)
{
    TERMINAL_AUTO terminal = TERMINAL_INIT;
    OKT_BUF_AUTO text = OKT_BUF_INIT(TEXT_MAX);
    const char *uri = okta_device_uri_complete(device);

    add_steps(session, &text, device);
    if (okt_buf_failed(&text))
        return fail_memory(session->args);
    if (!terminal_open(false, &terminal))
        return fail(session->args, EXIT_REFUSED, NULL,
                    "the terminal can't be used");
    fputs(text.data, terminal.out);
    fflush(terminal.out);
    if (!args_has(session->args, OPT_NO_BROWSER) &&
        browser_open(okta_client_org_url(session->client),
                     uri != NULL ? uri : okta_device_uri(device)))
        fputs("A browser is being opened.\n", terminal.out);
    return EXIT_OK;
}

/* -------------------------------------------------------- Until the end -- */

/* Whether by a person: something between here and the org may say 403, too. */
static bool is_denied(const okta_error *err)
{
    return strcmp(err->code, "access_denied") == 0;
}

static int fail_wait(const struct session *session, const okta_error *err)
{
    if (is_denied(err))
        return fail(session->args, EXIT_FORBIDDEN, NULL,
                    "signing in was denied, in the browser");
    if (err->status == OKTA_ERR_TIMEOUT)
        return fail(session->args, EXIT_AUTH, "okta-tokens login starts anew",
                    "nobody signed in before the code lapsed");
    return fail_call(session, "login", err, NULL);
}

static int take_tokens(const struct session *session,
                       const okta_credential *credential,
                       struct profile *profile)
{
    AUTO(okta_text) tokens = NULL;
    okta_credential_info info;
    okta_error err;

    if (okta_credential_export(credential, &tokens, &err) != OKTA_OK)
        return fail_call(session, "login", &err, NULL);
    okta_credential_describe(credential, &info);
    okt_free_secret(profile->secret);
    free(profile->scopes);
    profile->secret = strdup(tokens);
    profile->scopes = strdup(info.scopes);
    profile->dpop = info.dpop;
    profile->expires = 0;
    return profile->secret != NULL && profile->scopes != NULL
               ? EXIT_OK
               : fail_memory(session->args);
}

/* Tokens that nobody keeps must not live on. */
static void give_back(struct session *session,
                      const okta_credential *credential)
{
    okta_error err;

    if (session_connect(session, credential) != EXIT_OK)
        return;
    if (okta_client_sign_out(session->client, &err) == OKTA_OK)
        note(session->args, "note",
             "what the org gave for this sign-in was revoked");
    else
        note(session->args, "warning",
             "what the org gave for this sign-in could not be revoked: %s",
             err.message);
}

/* *over: there is nothing more to come of this code. */
static int wait_and_keep(struct session *session, okta_device *device,
                         struct profile *profile, bool *over)
{
    AUTO(okta_credential) credential = NULL;
    STATE_ROOM_AUTO room = STATE_ROOM_INIT;
    okta_error err;
    okta_status st;
    int code = profile_reserve(session->args, &room);

    *over = false;
    if (code != EXIT_OK)
        return code;
    session->wait.sign_in_by = okta_device_expires_at(device);
    st = okta_device_wait(session->client, device, &credential, &err);
    wait_clear(&session->wait);
    *over = st == OKTA_OK || is_denied(&err) || err.status == OKTA_ERR_TIMEOUT;
    if (st != OKTA_OK)
        return fail_wait(session, &err);
    code = take_tokens(session, credential, profile);
    if (code == EXIT_OK)
        code = login_keep(session, profile, &room);
    if (code != EXIT_OK)
        give_back(session, credential);
    return code;
}

/* ------------------------------------------------- In one run, or in two -- */

static okta_status ask(struct session *session, const char *scopes,
                       okta_device **out, okta_error *err)
{
    okta_device_options options = OKTA_DEVICE_OPTIONS_INIT;
    okta_device *device = NULL;
    okta_status st;

    options.client_id = session_sign_in_setting(session, "clientId");
    options.scopes = scopes;
    options.dpop = args_has(session->args, OPT_DPOP) || session->earlier.dpop;
    st = okta_device_start(session->client, &options, &device, err);
    if (st != OKTA_OK)
        return st;
    okta_device_free(*out);
    *out = device;
    return OKTA_OK;
}

static bool is_scope_refused(okta_status st, const okta_error *err)
{
    return st != OKTA_OK && (strcmp(err->code, "invalid_scope") == 0 ||
                             strcmp(err->code, "consent_required") == 0);
}

/* The org does not say which scope the app lacks: each is tried beside those
 * that it has. */
static okta_status ask_one_by_one(struct session *session, okta_device **out,
                                  okta_error *err)
{
    OKT_BUF_AUTO has = OKT_BUF_INIT(TEXT_MAX);
    OKT_BUF_AUTO lacks = OKT_BUF_INIT(TEXT_MAX);
    okta_status st = OKTA_OK;

    for (size_t i = 0; i < LOGIN_SCOPE_COUNT; i++) {
        size_t len = has.len;

        okt_buf_printf(&has, "%s%s", len > 0 ? " " : "", login_scopes[i]);
        st = ask(session, has.data, out, err);
        if (st != OKTA_OK && !is_scope_refused(st, err))
            return st;
        if (st == OKTA_OK)
            continue;
        okt_buf_cut(&has, len);
        okt_buf_printf(&lacks, "%s%s", lacks.len > 0 ? ", " : "",
                       login_scopes[i]);
    }
    if (*out == NULL)
        return st;
    note(session->args, "note", "left out, since the app does not have it: %s",
         lacks.data);
    return OKTA_OK;
}

static int start(struct session *session, okta_device **out)
{
    const char *scopes = session_sign_in_setting(session, "scopes");
    OKT_BUF_AUTO all = OKT_BUF_INIT(TEXT_MAX);
    okta_error err;
    okta_status st;

    for (size_t i = 0; scopes == NULL && i < LOGIN_SCOPE_COUNT; i++)
        okt_buf_printf(&all, "%s%s", i > 0 ? " " : "", login_scopes[i]);
    if (okt_buf_failed(&all))
        return fail_memory(session->args);
    st = ask(session, scopes != NULL ? scopes : all.data, out, &err);
    if (scopes == NULL && is_scope_refused(st, &err))
        st = ask_one_by_one(session, out, &err);
    return st == OKTA_OK ? EXIT_OK : fail_call(session, "login", &err, NULL);
}

/* For who can't show it to a person: all there is to know, and what is to be
 * called once the person has been told. */
static int print_pending(struct session *session, const okta_device *device,
                         struct profile *profile)
{
    AUTO(okta_text) text = NULL;
    char handle[PENDING_SIZE];
    char expires[OKT_TIME_SIZE];
    char next[COMMAND_MAX];
    okta_error err;
    int code;

    if (okta_device_export(device, &text, &err) != OKTA_OK)
        return fail_call(session, "login", &err, NULL);
    profile->secret = strdup(text);
    profile->expires = okta_device_expires_at(device);
    code = profile->secret != NULL
               ? pending_save(session->args, profile, handle)
               : fail_memory(session->args);
    if (code != EXIT_OK)
        return code;
    okt_time_format(okta_device_expires_at(device), expires);
    snprintf(next, sizeof(next), "okta-tokens login --complete %s", handle);
    const struct fact facts[] = {
        { "verification_uri", okta_device_uri(device), false },
        { "verification_uri_complete", okta_device_uri_complete(device),
          false },
        { "user_code", okta_device_user_code(device), false },
        { "expires_at", expires, false },
        { "handle", handle, false },
        { "next_step", next, false },
    };
    return facts_print_json(session, facts, ARRAY_LEN(facts));
}

static int check_ready(const struct session *session)
{
    const struct args *args = session->args;

    if (session_sign_in_setting(session, "clientId") == NULL)
        return fail(args, EXIT_USAGE,
                    "a native app's id with a browser; or --client-id and "
                    "--key; or --token-file, --token-stdin",
                    "login needs --client-id, or another way to sign in");
    if (args_has(args, OPT_NON_INTERACTIVE) || session_has_terminal(session))
        return EXIT_OK;
    return fail(args, EXIT_REFUSED,
                "okta-tokens login --non-interactive prints what a person has "
                "to do",
                "there is no terminal to show the code on");
}

/* Up to where a person is needed. */
static int begin(struct session *session, struct profile *profile,
                 okta_device **out)
{
    const char *client_id;
    int code = login_open(session, NULL, NULL);

    if (code == EXIT_OK)
        code = check_ready(session);
    if (code == EXIT_OK)
        code = login_profile(session, PROFILE_DEVICE, profile);
    if (code == EXIT_OK)
        code = start(session, out);
    if (code != EXIT_OK)
        return code;
    client_id = session_sign_in_setting(session, "clientId");
    profile->client_id = strdup(client_id != NULL ? client_id : "");
    return profile->client_id != NULL ? EXIT_OK : fail_memory(session->args);
}

int login_device(struct session *session)
{
    AUTO(okta_device) device = NULL;
    PROFILE_AUTO profile = { .name = NULL };
    bool over;
    int code = begin(session, &profile, &device);

    if (code == EXIT_OK && args_has(session->args, OPT_NON_INTERACTIVE))
        return print_pending(session, device, &profile);
    if (code == EXIT_OK)
        code = show(session, device);
    if (code == EXIT_OK)
        code = wait_and_keep(session, device, &profile, &over);
    return code == EXIT_OK ? login_print(session, &profile) : code;
}

int login_first(struct session *session)
{
    AUTO(okta_device) device = NULL;
    PROFILE_AUTO profile = { .name = NULL };
    bool over;
    int code = EXIT_OK;

    if (!session_has_terminal(session))
        return fail(session->args, EXIT_AUTH,
                    "okta-tokens login --client-id ID signs in, or give "
                    "--token-file or --token-stdin",
                    "not signed in");
    code = begin(session, &profile, &device);
    if (code == EXIT_OK)
        code = show(session, device);
    if (code == EXIT_OK)
        code = wait_and_keep(session, device, &profile, &over);
    if (code != EXIT_OK)
        return code;
    session->profile = profile;
    profile = (struct profile){ .name = NULL };
    return signed_in_apply(session, &session->profile);
}

int login_complete(struct session *session, const char *handle)
{
    PROFILE_AUTO profile = { .name = NULL };
    AUTO(okta_device) device = NULL;
    okta_error err;
    bool found;
    bool over;
    int code = pending_load(session->args, handle, &profile, &found);

    if (code == EXIT_OK && !found)
        return fail(session->args, EXIT_NOT_FOUND,
                    "okta-tokens login --non-interactive gives one",
                    "there is no sign-in '%s' under way", handle);
    if (code == EXIT_OK)
        code = login_open(session, &profile, NULL);
    if (code != EXIT_OK)
        return code;
    if (okta_device_import(profile.secret, &device, &err) != OKTA_OK)
        return fail_call(session, "login", &err, NULL);
    code = wait_and_keep(session, device, &profile, &over);
    if (over)
        pending_remove(session->args, handle);
    return code == EXIT_OK ? login_print(session, &profile) : code;
}
