/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oauth_client.c - libokta's OAuth credentials, told what to do by a script.
 *
 *     oauth_client URL CA service APP KEY_FILE ALG|- [dpop] [store FILE] OP...
 *     oauth_client URL CA device APP SCOPES|- [dpop] [store FILE] OP...
 *     oauth_client URL CA stored FILE OP...
 *
 * Operations: list, get ID, revoke ID, info, authorization, sign-out. Prints a
 * line for each; the first that fails ends it, with 1.
 */
#include <fcntl.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MAX = 65536 };

static const char *org_url;
static const char *ca_file;
static okta_error err;

static int complain(const char *what)
{
    printf("%s: %s: %s\n", what, okta_status_name(err.status), err.message);
    return 1;
}

/* ---------------------------------------------------------------- Store -- */

static int lock_fd = -1;

static okta_status store_lock(void *ctx, okta_error *why)
{
    char path[4096];

    (void)why;
    snprintf(path, sizeof(path), "%s.lock", (const char *)ctx);
    lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return lock_fd >= 0 && flock(lock_fd, LOCK_EX) == 0
               ? OKTA_OK
               : OKTA_ERR_CONFIG;
}

static void store_unlock(void *ctx)
{
    (void)ctx;
    close(lock_fd);
}

static okta_status store_load(void *ctx, char **out, okta_error *why)
{
    FILE *file = fopen(ctx, "r");
    char *text;
    size_t len;

    (void)why;
    if (file == NULL)
        return OKTA_OK;
    text = malloc(TEXT_MAX + 1);
    if (text == NULL)
        exit(3);
    len = fread(text, 1, TEXT_MAX, file);
    text[len] = '\0';
    fclose(file);
    *out = text;
    return OKTA_OK;
}

static okta_status store_save(void *ctx, const char *text, okta_error *why)
{
    FILE *file = fopen(ctx, "w");

    (void)why;
    if (file == NULL)
        return OKTA_ERR_CONFIG;
    fputs(text, file);
    return fclose(file) == 0 ? OKTA_OK : OKTA_ERR_CONFIG;
}

static okta_token_store store_in(char *path)
{
    okta_token_store store = OKTA_TOKEN_STORE_INIT;

    store.ctx = path;
    store.lock = store_lock;
    store.unlock = store_unlock;
    store.load = store_load;
    store.save = store_save;
    return store;
}

/* ---------------------------------------------------------- Operations -- */

static int list_all(okta_client *client)
{
    okta_iter *iter = NULL;
    const okta_api_token *token;
    okta_status st = okta_api_token_iter(client, NULL, &iter, &err);
    int count = 0;

    while (st == OKTA_OK &&
           (st = okta_iter_next(iter, &token, &err)) == OKTA_OK)
        count++;
    okta_iter_free(iter);
    if (st != OKTA_DONE)
        return complain("list");
    printf("list: %d\n", count);
    return 0;
}

static int get_one(okta_client *client, const char *id)
{
    okta_api_token *token = NULL;

    if (okta_api_token_get(client, id, NULL, &token, &err) != OKTA_OK)
        return complain("get");
    printf("get: %s\n", okta_api_token_name(token));
    okta_api_token_free(token);
    return 0;
}

static int revoke_one(okta_client *client, const char *id)
{
    if (okta_api_token_revoke(client, id, NULL, &err) != OKTA_OK)
        return complain("revoke");
    puts("revoke: done");
    return 0;
}

static int info(okta_client *client)
{
    okta_credential_info known;

    okta_credential_describe(okta_client_credential(client), &known);
    printf("info: kind %d, dpop %d, client %s, scopes %s\n", (int)known.kind,
           known.dpop, known.client_id, known.scopes);
    return 0;
}

static int authorization(okta_client *client)
{
    char *text = NULL;

    if (okta_client_authorization(client, &text, &err) != OKTA_OK)
        return complain("authorization");
    printf("authorization: %s\n", text);
    okta_text_free(text);
    return 0;
}

static int sign_out(okta_client *client)
{
    if (okta_client_sign_out(client, &err) != OKTA_OK)
        return complain("sign-out");
    puts("sign-out: done");
    return 0;
}

static int run(okta_client *client, char **ops)
{
    int failed = 0;

    for (; *ops != NULL && !failed; ops++) {
        if (strcmp(*ops, "list") == 0)
            failed = list_all(client);
        else if (strcmp(*ops, "info") == 0)
            failed = info(client);
        else if (strcmp(*ops, "authorization") == 0)
            failed = authorization(client);
        else if (strcmp(*ops, "sign-out") == 0)
            failed = sign_out(client);
        else if (strcmp(*ops, "get") == 0 && ops[1] != NULL)
            failed = get_one(client, *++ops);
        else if (strcmp(*ops, "revoke") == 0 && ops[1] != NULL)
            failed = revoke_one(client, *++ops);
        else
            failed = 2;
        fflush(stdout);
    }
    return failed;
}

/* ---------------------------------------------------------- Credentials -- */

static okta_client *client_with(const okta_credential *credential)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_client *client = NULL;

    options.org_url = org_url;
    options.ca_file = ca_file;
    options.credential = credential;
    if (okta_client_new(&options, &client, &err) != OKTA_OK)
        exit(complain("client"));
    return client;
}

/* What stands between the credential and the operations. */
static char **take_flags(char **args, bool *dpop, okta_token_store *store)
{
    *dpop = *args != NULL && strcmp(*args, "dpop") == 0;
    args += *dpop;
    if (*args != NULL && strcmp(*args, "store") == 0 && args[1] != NULL) {
        *store = store_in(args[1]);
        args += 2;
    }
    return args;
}

static okta_credential *service(char **args, char ***ops)
{
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    okta_token_store store = { .size = 0 };
    okta_credential *credential = NULL;

    options.client_id = args[0];
    options.key_file = args[1];
    options.alg = strcmp(args[2], "-") == 0 ? NULL : args[2];
    *ops = take_flags(args + 3, &options.dpop, &store);
    options.store = store.size != 0 ? &store : NULL;
    if (okta_credential_service(&options, &credential, &err) != OKTA_OK)
        exit(complain("service"));
    return credential;
}

static okta_credential *stored(char *path)
{
    okta_token_store store = store_in(path);
    okta_credential *credential = NULL;
    char *text = NULL;

    if (store_load(path, &text, &err) != OKTA_OK || text == NULL)
        exit(3);
    if (okta_credential_import(text, &store, &credential, &err) != OKTA_OK)
        exit(complain("stored"));
    okta_text_free(text);
    return credential;
}

static void keep(const okta_credential *credential, okta_token_store *store)
{
    char *text = NULL;

    if (store->size == 0)
        return;
    if (okta_credential_export(credential, &text, &err) != OKTA_OK)
        exit(complain("export"));
    if (store->save(store->ctx, text, &err) != OKTA_OK)
        exit(3);
    okta_text_free(text);
}

static okta_credential *device(char **args, char ***ops)
{
    okta_device_options options = OKTA_DEVICE_OPTIONS_INIT;
    okta_token_store store = { .size = 0 };
    okta_credential *none = NULL;
    okta_credential *credential = NULL;
    okta_device *started = NULL;
    okta_client *client;

    options.client_id = args[0];
    options.scopes = strcmp(args[1], "-") == 0 ? NULL : args[1];
    *ops = take_flags(args + 2, &options.dpop, &store);
    if (okta_credential_none(&none, &err) != OKTA_OK)
        exit(complain("none"));
    client = client_with(none);
    if (okta_device_start(client, &options, &started, &err) != OKTA_OK)
        exit(complain("start"));
    printf("code: %s %s\n", okta_device_user_code(started),
           okta_device_uri(started));
    fflush(stdout);
    if (okta_device_wait(client, started, &credential, &err) != OKTA_OK)
        exit(complain("wait"));
    keep(credential, &store);
    okta_device_free(started);
    okta_client_free(client);
    okta_credential_free(none);
    return credential;
}

int main(int argc, char **argv)
{
    okta_credential *credential;
    okta_client *client;
    char **ops;
    int code;

    if (argc < 6)
        return 2;
    org_url = argv[1];
    ca_file = argv[2];
    if (strcmp(argv[3], "service") == 0 && argc > 7) {
        credential = service(argv + 4, &ops);
    } else if (strcmp(argv[3], "device") == 0) {
        credential = device(argv + 4, &ops);
    } else {
        credential = stored(argv[4]);
        ops = argv + 5;
    }
    client = client_with(credential);
    okta_credential_free(credential);
    code = run(client, ops);
    okta_client_free(client);
    return code;
}
