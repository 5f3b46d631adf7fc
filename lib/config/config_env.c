/* SPDX-License-Identifier: Apache-2.0 */
/* config_env.c - the settings in OKTA_CLIENT_* of the environment. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/config/config.h"

enum { NAME_MAX_LEN = 64 };

/*
 * The variable that a key of okta.yaml has: "rateLimit.maxRetries" is
 * OKTA_CLIENT_RATELIMIT_MAXRETRIES to the SDKs for Java, .NET and Node, and
 * OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES (words apart) to Python's and, for some
 * keys, Go's.
 */
static void variable_name(const char *key, bool words, char name[NAME_MAX_LEN])
{
    size_t len = strlen("OKTA_CLIENT_");

    memcpy(name, "OKTA_CLIENT_", len);
    for (; *key != '\0' && len + 2 < NAME_MAX_LEN; key++) {
        bool upper = *key >= 'A' && *key <= 'Z';

        if (upper && words)
            name[len++] = '_';
        if (*key == '.')
            name[len++] = '_';
        else
            name[len++] =
                (char)(*key >= 'a' && *key <= 'z' ? *key - 'a' + 'A' : *key);
    }
    name[len] = '\0';
}

/* A variable that is set to nothing counts as not set. */
static okta_status read_variable(okta_config *config, enum okt_config_key key,
                                 const char *spelling, bool words,
                                 okta_error *err)
{
    char name[NAME_MAX_LEN];
    struct okt_config_input in = { OKTA_SOURCE_ENVIRONMENT, spelling, name,
                                   NULL, NULL };

    variable_name(spelling, words, name);
    in.text = getenv(name);
    if (in.text == NULL || okt_config_is_blank(in.text))
        return OKTA_OK;
    return okt_config_put(config, key, &in, err);
}

static okta_status read_key(okta_config *config, enum okt_config_key key,
                            okta_error *err)
{
    const char *const *spelling = okt_config_rows[key].spellings;
    okta_status st = OKTA_OK;

    for (; *spelling != NULL && st == OKTA_OK; spelling++) {
        st = read_variable(config, key, *spelling, false, err);
        if (st == OKTA_OK)
            st = read_variable(config, key, *spelling, true, err);
    }
    return st;
}

/*
 * The certificates to trust, as OpenSSL, curl, Python and Go know them: below
 * what is said to us alone.
 */
static okta_status read_certificates(okta_config *config, okta_error *err)
{
    static const struct {
        const char *name;
        enum okt_config_key key;
        const char *what;
    } variables[] = {
        { "SSL_CERT_FILE", OKT_KEY_CA_FILE, "caFile" },
        { "SSL_CERT_DIR", OKT_KEY_CA_DIR, "caDir" },
    };
    okta_status st = OKTA_OK;

    if (config->slots[OKT_KEY_CA_FILE][OKTA_SOURCE_ENVIRONMENT].text != NULL ||
        config->slots[OKT_KEY_CA_DIR][OKTA_SOURCE_ENVIRONMENT].text != NULL)
        return OKTA_OK;
    for (size_t i = 0; i < ARRAY_LEN(variables) && st == OKTA_OK; i++) {
        struct okt_config_input in = { OKTA_SOURCE_ENVIRONMENT,
                                       variables[i].what, variables[i].name,
                                       getenv(variables[i].name), NULL };

        if (in.text != NULL && !okt_config_is_blank(in.text))
            st = okt_config_put(config, variables[i].key, &in, err);
    }
    return st;
}

/* What switches the SDKs' checks off, each SDK's own. */
static void warn_of_unchecked(const okta_config *config)
{
    static const char *const names[] = {
        "OKTA_TESTING_DISABLE_HTTPS_CHECK",
        "OKTA_TESTING_DISABLEHTTPSCHECK",
        "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK",
        "OKTA_TESTING_TESTING_DISABLE_HTTPS_CHECK",
        "OKTA_CLIENT_DISABLEHTTPSCHECK",
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && okt_config_is_on(value))
            okt_config_warn(config, "%s is ignored: https is always checked",
                            names[i]);
    }
}

okta_status okt_config_read_environment(okta_config *config, okta_error *err)
{
    okta_status st = OKTA_OK;

    for (int key = 0; key < OKT_KEY_COUNT && st == OKTA_OK; key++)
        st = read_key(config, (enum okt_config_key)key, err);
    if (st == OKTA_OK)
        st = read_certificates(config, err);
    if (st == OKTA_OK)
        warn_of_unchecked(config);
    return st;
}
