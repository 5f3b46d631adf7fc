/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_env.c - okta-orgd env: the environment of clients of a running org. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/cmd/commands.h"
#include "server/control/dev.h"
#include "server/http/ca.h"
#include "server/http/listen.h"
#include "server/seed/seed.h"
#include "server/util/diag.h"
#include "server/util/file.h"
#include "server/util/secret.h"

enum { WAIT_MAX = 3600, POLL_MS = 50, PATH_TEXT_MAX = 4096 };

/* What clients are told; "" where there is nothing to tell. */
struct environment {
    char url[URL_TEXT_MAX];
    char *ca; /* an absolute path */
    char token[OKT_SECRET_LEN + 1];
};

/* ------------------------------------------------------------- The URL -- */

/* Waits until the file is there, or the time is over. */
static void wait_for_file(const char *path, int64_t seconds)
{
    const struct timespec nap = { .tv_nsec = POLL_MS * 1000000L };

    for (int64_t left = seconds * 1000; left > 0 && access(path, F_OK) != 0;
         left -= POLL_MS)
        nanosleep(&nap, NULL);
}

/* Copies the first line of a file. False: it said why not. */
static bool read_line(const char *path, const char *hint, char *out,
                      size_t size)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(PATH_TEXT_MAX);
    const char *why = file_read(path, FILE_PRIVATE, &text);
    size_t len = why == NULL ? strcspn(text.data, "\r\n") : 0;

    if (why == NULL && len < size) {
        memcpy(out, text.data, len);
        out[len] = '\0';
        return true;
    }
    say("env: %s: %s%s", say_word(path), why != NULL ? why : "it is too long",
        hint);
    return false;
}

static bool find_org(const struct args *args, int64_t seconds,
                     struct environment *env)
{
    const char *dir = args->value[OPT_DATA];
    AUTO(char) url_file = path_join(dir, DEV_URL_FILE);
    AUTO(char) folder = realpath(dir, NULL);

    env->ca = folder != NULL ? path_join(folder, CA_CERT_FILE) : NULL;
    if (url_file == NULL || env->ca == NULL) {
        say("env: out of memory");
        return false;
    }
    wait_for_file(url_file, seconds);
    return read_line(url_file,
                     "; okta-orgd serve --dev puts it there while it serves",
                     env->url, sizeof(env->url));
}

/* ----------------------------------------------------------- The token -- */

static bool ignore_token(const struct store_token *token, void *ctx)
{
    (void)token;
    (void)ctx;
    return true;
}

/* A secret that is given by name must be one of this org. */
static bool read_token_file(struct store *store, const char *path,
                            struct environment *env)
{
    unsigned char hash[SECRET_HASH_LEN];

    if (!read_line(path, "", env->token, sizeof(env->token)))
        return false;
    if (secret_is_valid(env->token) && secret_hash(env->token, hash) &&
        store->ops->token_by_hash(store, hash, ignore_token, NULL) == STORE_OK)
        return true;
    say("env: %s: not the secret of a token of this org", say_word(path));
    return false;
}

/* The seed that the secrets came from, if it is there still. */
static bool read_seed(struct store *store, const char *dir,
                      struct environment *env)
{
    AUTO(char) file = path_join(dir, SEED_PATH_FILE);
    char seed[PATH_TEXT_MAX];

    if (file == NULL || access(file, F_OK) != 0)
        return true;
    return read_line(file, "", seed, sizeof(seed)) &&
           seed_find_secret(store, seed, env->token);
}

static bool find_token(const struct args *args, struct store *store,
                       struct environment *env)
{
    const char *path = args->value[OPT_TOKEN_FILE];

    if (path != NULL)
        return read_token_file(store, path, env);
    if (!read_seed(store, args->value[OPT_DATA], env) || env->token[0] == '\0')
        say("env: no token is known; --token-file FILE names one");
    return true;
}

/* --------------------------------------------------------------- Output -- */

/* Appends a value that a shell reads as it is. */
static void quote(struct okt_buf *out, const char *value)
{
    okt_buf_char(out, '\'');
    for (; *value != '\0'; value++) {
        if (*value == '\'')
            okt_buf_str(out, "'\\'");
        okt_buf_char(out, *value);
    }
    okt_buf_char(out, '\'');
}

static void add_variable(struct okt_buf *out, bool plain, const char *name,
                         const char *value)
{
    okt_buf_printf(out, "%s%s=", plain ? "" : "export ", name);
    if (plain)
        okt_buf_str(out, value);
    else
        quote(out, value);
    okt_buf_char(out, '\n');
}

static int print(const struct environment *env, bool plain)
{
    /* Those of Okta's tools, Node, OpenSSL, curl and Python's requests. */
    static const char *const ca_names[] = {
        "OKTA_CLIENT_CAFILE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE",
        "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"
    };
    OKT_BUF_AUTO out = OKT_BUF_INIT(COMMAND_OUTPUT_MAX);

    if (plain && strpbrk(env->ca, "\r\n") != NULL)
        return say_failed("env: the path of the data folder has a line break; "
                          "take --format shell");
    add_variable(&out, plain, "OKTA_CLIENT_ORGURL", env->url);
    if (env->token[0] != '\0')
        add_variable(&out, plain, "OKTA_CLIENT_TOKEN", env->token);
    if (strncmp(env->url, "https:", 6) == 0)
        for (size_t i = 0; i < ARRAY_LEN(ca_names); i++)
            add_variable(&out, plain, ca_names[i], env->ca);
    if (okt_buf_failed(&out))
        return say_failed("env: out of memory");
    fwrite(out.data, 1, out.len, stdout);
    return finish_output();
}

int cmd_env(const struct args *args)
{
    const char *format = args->value[OPT_FORMAT];
    bool plain = format != NULL && strcmp(format, "plain") == 0;
    struct environment env = { 0 };
    AUTO(store_handle) store = NULL;
    int status = EXIT_CODE_FAILED;
    int64_t seconds = 0;

    if (format != NULL && !plain && strcmp(format, "shell") != 0)
        return say_usage("env: --format: shell or plain");
    if (!args_number(args, OPT_WAIT, "wait", WAIT_MAX, &seconds))
        return EXIT_CODE_USAGE;
    if (data_open(args, &store) && find_org(args, seconds, &env) &&
        find_token(args, store, &env))
        status = print(&env, plain);
    okt_wipe(env.token, sizeof(env.token));
    free(env.ca);
    return status;
}
