/* SPDX-License-Identifier: Apache-2.0 */
/* config.h - the settings that Okta's tools share. */
#ifndef OKTA_CONFIG_H
#define OKTA_CONFIG_H

#include <okta/base.h>
#include <okta/client.h>
#include <okta/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What Okta's tools share: ~/.okta/okta.yaml, ./okta.yaml or ./.okta.yaml, the
 * OKTA_CLIENT_* environment, and what the program is told; the later wins.
 * Keys are named as in okta.yaml below okta.client: "orgUrl", "token",
 * "authorizationMode", "proxy.host", ...
 *
 * A file in the working directory counts only if it is the caller's own and
 * nobody else can write it, and never gives the org, a proxy, a CA or a timeout
 * for a credential from elsewhere, nor a client id or scopes for a key from
 * elsewhere. What else there is, is the caller's, and goes with what else the
 * caller says.
 */
typedef enum okta_source {
    OKTA_SOURCE_NONE,        /* not set */
    OKTA_SOURCE_HOME_FILE,   /* ~/.okta/okta.yaml */
    OKTA_SOURCE_FOLDER_FILE, /* ./okta.yaml or ./.okta.yaml */
    OKTA_SOURCE_ENVIRONMENT,
    OKTA_SOURCE_PROGRAM /* okta_config_set */
} okta_source;

typedef struct okta_config_options {
    size_t size;        /* set by OKTA_CONFIG_OPTIONS_INIT */
    const char *home;   /* NULL: $HOME, or the account's home; "": no file */
    const char *folder; /* NULL: the working directory; "": no file */
    bool no_environment;
    okta_log_fn *log; /* warnings: a file ignored, a setting refused */
    void *log_ctx;
} okta_config_options;

#define OKTA_CONFIG_OPTIONS_INIT OKTA_SIZED_(okta_config_options)

/*
 * Reads them all. options may be NULL. Fails with CONFIG (the message names
 * file, line and key, never a value) or MEMORY. A file that is not there is no
 * error; one that others can write is.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_config_load(const okta_config_options *options, okta_config **out,
                 okta_error *err);

/*
 * Sets one key, above all files and the environment. origin says where the
 * value is from, such as "--org", and is shown in messages. value NULL unsets.
 * Fails with ARGUMENT (unknown key, a value that can't be) or MEMORY.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_config_set(okta_config *config, const char *key, const char *value,
                const char *origin, okta_error *err);

/* The value in force, or NULL. The token is a value too: mind where it goes. */
OKTA_API const char *okta_config_get(const okta_config *config,
                                     const char *key);

/* Which source it is from. */
OKTA_API okta_source okta_config_source(const okta_config *config,
                                        const char *key);

/* The same for a person: "/home/me/.okta/okta.yaml:3", "OKTA_CLIENT_TOKEN",
 * "--org"; "" if the key is not set. */
OKTA_API const char *okta_config_origin(const okta_config *config,
                                        const char *key);

/* The keys there are, in a fixed order; NULL from okta_config_key_count on.
 * okta_config_is_secret: a key whose value must not be shown. */
OKTA_API size_t okta_config_key_count(void);
OKTA_API const char *okta_config_key(size_t i);
OKTA_API bool okta_config_is_secret(const char *key);

/*
 * Makes a client of it. options gives what no configuration holds (user_agent,
 * log, wait, max_body, max_wait_s); every field it sets wins. options->org_url
 * must be NULL: use okta_config_set. options->credential wins as well, and
 * never goes to the org of a file in the working directory. options may be
 * NULL. Fails with CONFIG if there is no org or credential, if the credential
 * may not go to that org, or for a private key that can't be had; else as
 * okta_client_new.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_client_from_config(const okta_config *config,
                        const okta_client_options *options, okta_client **out,
                        okta_error *err);

OKTA_API void okta_config_free(okta_config *config);

#ifdef __cplusplus
}
#endif

#endif
