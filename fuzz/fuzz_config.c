/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_config.c - okta.yaml; a secret in it is in no message. */
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "lib/internal.h"

#define SECRET "00fUzZfUzZfUzZfUzZfUzZfUzZfUzZfUzZfUzZfUzZ"

static char folder[64];

static void remove_folder(void)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/okta.yaml", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/.okta/okta.yaml", folder);
    unlink(path);
    snprintf(path, sizeof(path), "%s/.okta", folder);
    rmdir(path);
    rmdir(folder);
}

/* Loading libyaml and initialising libcurl for every input would be slow. */
static void keep_libraries(void)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    static okta_client *client;
    okta_credential *credential = NULL;

    FUZZ_TRUE(dlopen("libyaml-0.so.2", RTLD_NOW) != NULL);
    FUZZ_TRUE(okta_credential_ssws("x", &credential, NULL) == OKTA_OK);
    options.org_url = "https://acme.okta.com";
    options.credential = credential;
    FUZZ_TRUE(okta_client_new(&options, &client, NULL) == OKTA_OK);
    okta_credential_free(credential);
}

static void make_folder(void)
{
    char path[128];

    keep_libraries();
    snprintf(folder, sizeof(folder), "/tmp/fuzz_config.XXXXXX");
    FUZZ_TRUE(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/.okta", folder);
    FUZZ_TRUE(mkdir(path, 0700) == 0);
    atexit(remove_folder);
}

static void write_file(const char *name, const uint8_t *data, size_t size)
{
    char path[128];
    int fd;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    FUZZ_TRUE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    close(fd);
}

static void no_secret(void *ctx, okta_log_level level, const char *line)
{
    (void)ctx;
    (void)level;
    FUZZ_TRUE(strstr(line, SECRET) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    okta_config_options options = OKTA_CONFIG_OPTIONS_INIT;
    okta_client_options more = OKTA_CLIENT_OPTIONS_INIT;
    okta_config *config = NULL;
    okta_client *client = NULL;
    okta_error err = { 0 };

    if (folder[0] == '\0')
        make_folder();
    write_file(".okta/okta.yaml", data, size);
    write_file("okta.yaml", data, size / 2);
    options.home = folder;
    options.folder = folder;
    options.no_environment = true;
    options.log = no_secret;
    if (okta_config_load(&options, &config, &err) == OKTA_OK) {
        for (size_t i = 0; i < okta_config_key_count(); i++)
            (void)okta_config_origin(config, okta_config_key(i));
        if (okta_client_from_config(config, &more, &client, &err) == OKTA_OK)
            FUZZ_TRUE(okta_config_get(config, "token") != NULL);
    }
    if (strstr(err.message, SECRET) != NULL)
        fprintf(stderr, "%s\n", err.message);
    FUZZ_TRUE(strstr(err.message, SECRET) == NULL);
    okta_client_free(client);
    okta_config_free(config);
    return 0;
}
