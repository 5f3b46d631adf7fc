/* SPDX-License-Identifier: Apache-2.0 */
/* credential.c - the token of a file, of standard input, of a person. */
#include "cli/signin/credential.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/term/terminal.h"
#include "wire/id.h"
#include "wire/loose.h"

enum {
    ACCESS_TOKEN_MAX = 16384,
    /* What may stand around a token: a byte order mark, quotes, its scheme, its
     * line's end; and one byte to see that there is more. */
    AROUND_MAX = 32,
    READ_MAX = ACCESS_TOKEN_MAX + AROUND_MAX,
    PROMPT_MAX = 4096
};

/* Holds a secret: wiped when it leaves scope. */
struct secret {
    char text[READ_MAX + 1];
    size_t len;
};

#define SECRET_AUTO __attribute__((cleanup(secret_wipe))) struct secret

static void secret_wipe(struct secret *secret)
{
    okt_wipe(secret, sizeof(*secret));
}

/* What the settings say of a token that is given here. */
static bool is_bearer(const struct session *session)
{
    const char *mode = okta_config_get(session->config, "authorizationMode");

    return mode != NULL && strcmp(mode, "Bearer") == 0;
}

static size_t longest(const struct session *session)
{
    return is_bearer(session) ? ACCESS_TOKEN_MAX : OKT_SECRET_MAX;
}

static int set_token(struct session *session, const char *token,
                     const char *origin)
{
    okta_error err;
    okta_status st =
        okta_config_set(session->config, "token", token, origin, &err);

    if (st == OKTA_OK)
        st = okta_config_set(session->config, "authorizationMode",
                             is_bearer(session) ? "Bearer" : "SSWS", origin,
                             &err);
    return st == OKTA_OK ? EXIT_OK : fail_call(session, NULL, &err, NULL);
}

/* ------------------------------------------------------ Files and pipes -- */

/* The byte at i is none of a token's. */
static int refuse_byte(const struct args *args, const char *text, size_t i,
                       const char *origin)
{
    if (i == 0 && (strncmp(text, "\xFF\xFE", 2) == 0 ||
                   strncmp(text, "\xFE\xFF", 2) == 0))
        return fail(args, EXIT_USAGE, "save it as plain ASCII",
                    "%s: it is in UTF-16", origin);
    return fail(args, EXIT_USAGE, "the token has to stand alone, in one line",
                "%s: byte %zu can't be part of a token", origin, i + 1);
}

/* Takes off the line's end, as Unix or Windows has it, and what editors and
 * people who copy put around a token. */
static void strip(struct secret *secret)
{
    struct okt_span text = { secret->text, secret->len };

    if (text.len > 0 && text.data[text.len - 1] == '\n')
        text.len--;
    if (text.len > 0 && text.data[text.len - 1] == '\r')
        text.len--;
    text = okt_bare_token(okt_without_bom(text));
    memmove(secret->text, text.data, text.len);
    secret->text[text.len] = '\0';
    secret->len = text.len;
}

/* What is left must be one line of printable ASCII. */
static int check_secret(const struct session *session, struct secret *secret,
                        const char *origin)
{
    const struct args *args = session->args;
    size_t len;

    strip(secret);
    len = secret->len;
    if (len == 0)
        return fail(args, EXIT_AUTH, NULL, "%s: no token in it", origin);
    if (len > longest(session))
        return fail(args, EXIT_USAGE, NULL, "%s: no token is over %zu bytes",
                    origin, longest(session));
    for (size_t i = 0; i < len; i++)
        if (secret->text[i] <= ' ' || secret->text[i] > '~')
            return refuse_byte(args, secret->text, i, origin);
    return EXIT_OK;
}

static int fail_read(const struct args *args, const char *origin, int error)
{
    int code = error == EINTR ? fail_if_interrupted(args) : EXIT_OK;

    if (code != EXIT_OK)
        return code;
    return fail(args, EXIT_USAGE, NULL, "%s: %s", origin, strerror(error));
}

static int read_fd(const struct session *session, int fd, struct secret *out,
                   const char *origin)
{
    while (out->len < READ_MAX) {
        ssize_t n = read(fd, out->text + out->len, READ_MAX - out->len);

        if (n == 0)
            break;
        if (n < 0)
            return fail_read(session->args, origin, errno);
        out->len += (size_t)n;
    }
    return check_secret(session, out, origin);
}

/* Nobody but its owner may have put the token there, or may read it. */
static int check_file(const struct args *args, const struct stat *st,
                      const char *path)
{
    bool own = st->st_uid == geteuid();
    mode_t readers = own ? S_IRGRP | S_IROTH : S_IROTH;

    if (!S_ISREG(st->st_mode) && !S_ISFIFO(st->st_mode))
        return fail(args, EXIT_USAGE, NULL,
                    "--token-file %s: neither a file nor a pipe", path);
    if (!own && st->st_uid != 0)
        return fail(args, EXIT_USAGE, NULL,
                    "--token-file %s: it belongs to somebody else", path);
    if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return fail(args, EXIT_USAGE, "chmod 600 it",
                    "--token-file %s: others may write it", path);
    if ((st->st_mode & readers) == 0)
        return EXIT_OK;
    if (own && S_ISREG(st->st_mode))
        return fail(args, EXIT_USAGE,
                    "chmod 600 it; and revoke the token, if others used this "
                    "machine",
                    "--token-file %s: others may read it", path);
    note(args, "warning", "--token-file %s: others may read it", path);
    return EXIT_OK;
}

static int read_file(const struct session *session, const char *path,
                     struct secret *out)
{
    const struct args *args = session->args;
    struct stat st;
    int code;
    int fd;

    if (strcmp(path, "-") == 0)
        return fail(args, EXIT_USAGE, NULL,
                    "for standard input there is --token-stdin");
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 && errno == EINTR)
        code = fail_read(args, "--token-file", EINTR);
    else if (fd < 0 || fstat(fd, &st) != 0)
        code = fail(args, EXIT_USAGE, NULL, "--token-file %s: %s", path,
                    strerror(errno));
    else
        code = check_file(args, &st, path);
    if (code == EXIT_OK)
        code = read_fd(session, fd, out, "--token-file");
    if (fd >= 0)
        close(fd);
    return code;
}

/* -------------------------------------------------------------- Asking -- */

static int prompt(struct session *session, const char *org, struct secret *out)
{
    TERMINAL_AUTO terminal = TERMINAL_INIT;
    OKT_BUF_AUTO text = OKT_BUF_INIT(PROMPT_MAX);

    okt_buf_printf(&text, "%s token for %s (not shown): ",
                   is_bearer(session) ? "Access" : "API", org);
    if (okt_buf_failed(&text))
        return fail_memory(session->args);
    if (!terminal_open(false, &terminal))
        return fail(session->args, EXIT_AUTH, NULL, "no terminal to ask on");
    if (terminal_secret(&terminal, text.data, out->text, sizeof(out->text)))
        out->len = strlen(out->text);
    return fail_if_interrupted(session->args);
}

static int ask(struct session *session)
{
    AUTO(char) org = NULL;
    SECRET_AUTO secret = { .len = 0 };
    int code;

    if (!session_has_terminal(session))
        return fail(session->args, EXIT_AUTH,
                    "give --token-file or --token-stdin, or set "
                    "OKTA_CLIENT_TOKEN",
                    "no credential");
    code = session_org(session, &org);
    if (code == EXIT_OK)
        code = prompt(session, org, &secret);
    if (code == EXIT_OK)
        code = check_secret(session, &secret, "the prompt");
    return code == EXIT_OK ? set_token(session, secret.text, "the prompt")
                           : code;
}

/* ------------------------------------------------------------- Loading -- */

int credential_load_silently(struct session *session)
{
    const struct args *args = session->args;
    const char *path = args_value(args, OPT_TOKEN_FILE);
    bool stdin_too = args_has(args, OPT_TOKEN_STDIN);
    SECRET_AUTO secret = { .len = 0 };
    int code;

    if (path != NULL && stdin_too)
        return fail(args, EXIT_USAGE, NULL,
                    "--token-file and --token-stdin: which one?");
    if (path == NULL && !stdin_too)
        return EXIT_OK;
    if (stdin_too && isatty(STDIN_FILENO))
        return fail(args, EXIT_USAGE,
                    "without --token-stdin it asks, and does not show what is "
                    "typed",
                    "--token-stdin: standard input is a terminal");
    code = path != NULL
               ? read_file(session, path, &secret)
               : read_fd(session, STDIN_FILENO, &secret, "--token-stdin");
    if (code != EXIT_OK)
        return code;
    return set_token(session, secret.text,
                     path != NULL ? "--token-file" : "--token-stdin");
}

/* Whether the settings name a credential, of whichever kind. */
static bool is_known(const struct session *session)
{
    const char *mode = okta_config_get(session->config, "authorizationMode");

    return okta_config_get(session->config, "token") != NULL ||
           (mode != NULL && strcmp(mode, "PrivateKey") == 0);
}

int credential_load(struct session *session)
{
    int code = credential_load_silently(session);

    if (code != EXIT_OK || is_known(session))
        return code;
    code = session_check_org(session);
    return code == EXIT_OK ? ask(session) : code;
}
