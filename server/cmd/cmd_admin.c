/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_admin.c - the commands that make an org and what is in it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "server/cmd/commands.h"
#include "server/http/ca.h"
#include "server/http/listen.h"
#include "server/oauth/signer.h"
#include "server/org/event.h"
#include "server/org/role.h"
#include "server/org/token.h"
#include "server/util/diag.h"
#include "server/util/file.h"
#include "sys/clock.h"
#include "wire/api.h"
#include "wire/iso8601.h"

/* ----------------------------------------------------------------- Shared --
 */

char *data_store(const struct args *args)
{
    const char *dir = args->value[OPT_DATA];
    struct okt_buf where = OKT_BUF_INIT(4096);
    const char *why = dir_check(dir);
    char *text;

    if (why != NULL) {
        say("data folder %s: %s; okta-orgd init makes one", say_word(dir), why);
        return NULL;
    }
    okt_buf_printf(&where, "sqlite:%s/%s", dir, DATABASE_FILE);
    text = okt_buf_take(&where);
    if (text == NULL)
        say("data folder %s: its path is too long", say_word(dir));
    return text;
}

bool data_open(const struct args *args, struct store **out)
{
    AUTO(char) where = data_store(args);

    return where != NULL && store_open(where, out) == STORE_OK;
}

store_status data_end(struct store *store, store_status st)
{
    if (st == STORE_OK)
        st = store->ops->commit(store);
    if (st != STORE_OK)
        store->ops->rollback(store);
    return st;
}

bool args_now(const struct args *args, int64_t *out)
{
    *out = okt_clock_now();
    if (args->value[OPT_NOW] == NULL ||
        okt_time_parse_from(args->value[OPT_NOW], *out, out))
        return true;
    say("--now: not a time such as 2026-01-31T08:00:00Z or -3d");
    return false;
}

bool args_number(const struct args *args, enum option option, const char *name,
                 int64_t max, int64_t *out)
{
    const char *text = args->value[option];

    if (text == NULL)
        return true;
    if (text[0] != '\0' && strlen(text) <= 7 &&
        text[strspn(text, "0123456789")] == '\0') {
        *out = strtol(text, NULL, 10);
        if (*out <= max)
            return true;
    }
    say("--%s: a number from 0 to %lld", name, (long long)max);
    return false;
}

int finish_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_CODE_OK;
    return say_failed("could not write to stdout: %s", strerror(errno));
}

bool args_text(const char *option, const char *text, size_t max)
{
    size_t len = strlen(text);
    int32_t cp;

    if (len == 0 || len > max) {
        say("--%s: 1 to %zu bytes are allowed", option, max);
        return false;
    }
    if (okt_has_secret(text)) {
        say("--%s: this looks like a secret; a command line is no place for "
            "one, revoke it",
            option);
        return false;
    }
    for (size_t i = 0; i < len;) {
        i += okt_utf8_next(text + i, len - i, &cp);
        if (cp < 0) {
            say("--%s: not UTF-8", option);
            return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------- init --
 */

static bool make_signing_key(const struct args *args)
{
    AUTO(store_handle) store = NULL;

    return data_open(args, &store) &&
           signer_ensure(args->value[OPT_DATA], store, okt_clock_now());
}

static bool make_cursor_key(const char *dir)
{
    AUTO(char) path = path_join(dir, CURSOR_KEY_FILE);
    unsigned char key[SECRET_KEY_LEN];
    bool done = path != NULL && random_key(key) &&
                file_write_new(path, key, sizeof(key));

    okt_wipe(key, sizeof(key));
    if (!done)
        say("could not write %s in the data folder: %s", CURSOR_KEY_FILE,
            strerror(errno));
    return done;
}

/* The host that clients will use, where it is not loopback. False: the URL is
 * none, and it said so. */
static bool read_host(const struct args *args, char host[static URL_TEXT_MAX],
                      struct ca_hosts *hosts)
{
    const char *text = args->value[OPT_PUBLIC_URL];
    char url[URL_TEXT_MAX];

    if (text == NULL)
        return true;
    if (public_url_parse(text, url)) {
        public_url_host(url, host);
        if (ca_host_is_valid(host)) {
            hosts->host[hosts->count++] = host;
            return true;
        }
    }
    say("init: --public-url: scheme, host and port alone, such as "
        "https://org.example:8443");
    return false;
}

static int make_org(const struct args *args, const struct ca_hosts *hosts)
{
    const char *dir = args->value[OPT_DATA];
    const char *why = dir_make(dir);
    AUTO(char) where = NULL;

    if (why != NULL)
        return say_failed("init: %s: %s; give it a new or empty folder",
                          say_word(dir), why);
    where = data_store(args);
    if (where == NULL || !make_cursor_key(dir) || !ca_create(dir, hosts) ||
        store_create(where) != STORE_OK || !make_signing_key(args))
        return EXIT_CODE_FAILED;
    if (!dir_sync(dir))
        return say_failed("init: %s: %s", say_word(dir), strerror(errno));
    return EXIT_CODE_OK;
}

/* No folder is made for a seed that is none. */
int cmd_init(const struct args *args)
{
    const char *starter = args->value[OPT_WRITE_SEED];
    const char *seed = starter != NULL ? starter : args->value[OPT_SEED];
    AUTO(store_handle) store = NULL;
    struct ca_hosts hosts = { .count = 0 };
    char host[URL_TEXT_MAX];
    int64_t now;
    int status;

    if (!args_now(args, &now) || !read_host(args, host, &hosts))
        return EXIT_CODE_USAGE;
    if (starter != NULL && args->value[OPT_SEED] != NULL)
        return say_usage("init: --seed and --write-seed cannot be combined");
    if (starter != NULL && !seed_write_starter(starter))
        return EXIT_CODE_FAILED;
    if (seed != NULL && !seed_prepare(seed, now))
        return EXIT_CODE_FAILED;
    status = make_org(args, &hosts);
    if (seed == NULL || status != EXIT_CODE_OK)
        return status;
    return data_open(args, &store)
               ? seed_into(store, args->value[OPT_DATA], seed, now)
               : EXIT_CODE_FAILED;
}

/* ----------------------------------------------------------- token create --
 */

static bool add_with_event(struct store *store, const struct store_token *token,
                           const unsigned char hash[static SECRET_HASH_LEN])
{
    return store->ops->token_add(store, token, hash) == STORE_OK &&
           event_add_of_org(store, EVENT_CREATE, token, token->created) ==
               STORE_OK;
}

/* Shows the secret before the token is there for good: one whose secret nobody
 * has seen must not live. */
static bool add_and_show(struct store *store, const struct store_token *token,
                         const unsigned char hash[static SECRET_HASH_LEN],
                         const char *secret)
{
    const struct store_ops *ops = store->ops;

    if (ops->begin(store) != STORE_OK)
        return false;
    if (add_with_event(store, token, hash)) {
        printf("%s\n", secret);
        if (finish_output() == EXIT_CODE_OK && ops->commit(store) == STORE_OK)
            return true;
        say("token create: no token was made; what was printed is none");
    }
    ops->rollback(store);
    return false;
}

static int add_token(struct store *store, const struct store_token *like)
{
    unsigned char hash[SECRET_HASH_LEN];
    char secret[OKT_SECRET_LEN + 1];
    char id[OKT_ID_LEN + 1];
    struct store_token token = *like;
    bool added = false;

    token.id = id;
    if (!id_new("00T", id) || !secret_new(secret) || !secret_hash(secret, hash))
        say("token create: no random bytes");
    else
        added = add_and_show(store, &token, hash, secret);
    okt_wipe(secret, sizeof(secret));
    return added ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

static void check_active(const struct store_user *user, void *active)
{
    *(bool *)active = strcmp(user->status, STATUS_ACTIVE) == 0;
}

/* A token of somebody who is locked out would be refused at every use. */
static bool is_active(struct store *store, const char *user_id)
{
    bool active = false;

    if (store->ops->user_find(store, user_id, check_active, &active) !=
        STORE_OK)
        return false;
    if (!active)
        say("token create: this user is not active, and no token of theirs "
            "would be let in; okta-orgd user activate lifts that");
    return active;
}

int cmd_token_create(const struct args *args)
{
    const char *window = args->value[OPT_WINDOW];
    AUTO(store_handle) store = NULL;
    char user_id[OKT_ID_MAX + 1];
    struct store_token token = {
        .name = args->value[OPT_NAME],
        .user_id = user_id,
        .client_name = OKT_CLIENT_OKTA_API,
        .window = window != NULL ? window : TOKEN_WINDOW_DEFAULT,
        .connection = OKT_ANYWHERE,
        .include = "",
        .exclude = "",
    };

    if (!args_text("name", token.name, STORE_NAME_MAX) ||
        !args_now(args, &token.created))
        return EXIT_CODE_USAGE;
    if (!token_window_is_valid(token.window))
        return say_usage("--window: not an ISO 8601 duration such as P30D");
    if (!data_open(args, &store) ||
        !find_user(store, args->value[OPT_USER], "token create", user_id) ||
        !is_active(store, user_id))
        return EXIT_CODE_FAILED;
    token.last_updated = token.created;
    token.expires = token_expiry(token.window, token.created);
    return add_token(store, &token);
}

/* -------------------------------------------------------------- ca print --
 */

int cmd_ca_print(const struct args *args)
{
    OKT_BUF_AUTO pem = OKT_BUF_INIT(CA_PEM_MAX);
    const char *why = dir_check(args->value[OPT_DATA]);

    if (why != NULL)
        return say_failed("data folder %s: %s; okta-orgd init makes one",
                          say_word(args->value[OPT_DATA]), why);
    if (!ca_read(args->value[OPT_DATA], &pem))
        return EXIT_CODE_FAILED;
    fwrite(pem.data, 1, pem.len, stdout);
    return finish_output();
}
