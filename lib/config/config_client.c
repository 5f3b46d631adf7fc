/* SPDX-License-Identifier: Apache-2.0 */
/* config_client.c - a client out of a configuration: what may go where. */
#include <string.h>
#include <unistd.h>

#include "lib/config/config.h"

enum { PROXY_MAX = 4096 };

/* ----------------------------------------------- Which origin may have it --
 */

/* Names the folder's values that do not count for this credential. */
static void warn_of_guarded(const okta_config *config)
{
    for (int key = 0; key < OKT_KEY_COUNT; key++) {
        const struct okt_config_slot *slot =
            &config->slots[key][OKTA_SOURCE_FOLDER_FILE];
        okta_source source;

        okt_config_slot(config, (enum okt_config_key)key, &source);
        if (okt_config_rows[key].guarded && slot->text != NULL &&
            source < OKTA_SOURCE_FOLDER_FILE)
            okt_config_warn(config,
                            "%s: %s is ignored: the credential is not from "
                            "that file",
                            slot->origin, okt_config_rows[key].spellings[0]);
    }
}

/*
 * Whatever the caller says goes with whatever else he says. The credential of a
 * folder's file, which may be anybody's, goes nowhere that neither this file
 * nor somebody who sees it has named.
 */
static okta_status find_org(const okta_config *config,
                            const struct okt_config_slot *credential,
                            okta_source from, const char **out, okta_error *err)
{
    okta_source source;
    const struct okt_config_slot *org =
        okt_config_slot(config, OKT_KEY_ORG_URL, &source);

    if (org == NULL)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "no org: set OKTA_CLIENT_ORGURL, or orgUrl below "
                        "okta.client in ~/.okta/okta.yaml");
    if (from == OKTA_SOURCE_FOLDER_FILE && source < from)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "the credential is from %s, but the org only from %s, "
                        "which ranks lower: set orgUrl in that file too, or "
                        "OKTA_CLIENT_ORGURL",
                        credential->origin, org->origin);
    *out = org->text;
    return OKTA_OK;
}

/* ------------------------------------------------------------- Credential --
 */

static okta_status fail_missing(const okta_config *config, okta_error *err)
{
    if (okt_config_mode_is(config, "PrivateKey"))
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "no private key: set OKTA_CLIENT_PRIVATEKEY, or "
                        "privateKey below okta.client in ~/.okta/okta.yaml");
    if (okt_config_mode_is(config, "Bearer"))
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "no access token: set OKTA_CLIENT_TOKEN, or token "
                        "below okta.client in ~/.okta/okta.yaml");
    if (okt_config_slot(config, OKT_KEY_CLIENT_ID, NULL) != NULL)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "a client id alone authorises nothing: sign in with "
                        "okta-tokens login, or configure the app's private key "
                        "and authorizationMode PrivateKey");
    return okt_fail(err, OKTA_ERR_CONFIG,
                    "no API token: set OKTA_CLIENT_TOKEN, or token below "
                    "okta.client in ~/.okta/okta.yaml");
}

static const char *text_of(const struct okt_config_slot *slot)
{
    return slot != NULL ? slot->text : NULL;
}

/*
 * The key itself, or the path of it. What seems to be a relative path may be a
 * key that lacks its first line: it is repeated only if such a file exists.
 */
static okta_status choose_key(const struct okt_config_slot *key,
                              okta_service_options *options, okta_error *err)
{
    if (okt_config_is_key(key->text)) {
        options->key = key->text;
        return OKTA_OK;
    }
    if (key->number != 0 && access(key->text, F_OK) != 0)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "the private key is no PEM, no JWK and not the path of "
                        "a file that is there");
    options->key_file = key->text;
    return OKTA_OK;
}

static okta_status make_service(const okta_config *config,
                                const struct okt_config_slot *key,
                                okta_credential **out, okta_error *err)
{
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    okta_status st = choose_key(key, &options, err);

    if (st != OKTA_OK)
        return st;
    options.client_id =
        text_of(okt_config_slot(config, OKT_KEY_CLIENT_ID, NULL));
    if (options.client_id == NULL)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "there is a private key but no client id: set "
                        "OKTA_CLIENT_CLIENTID, or clientId below okta.client "
                        "in ~/.okta/okta.yaml");
    options.scopes = text_of(okt_config_slot(config, OKT_KEY_SCOPES, NULL));
    options.key_id =
        text_of(okt_config_slot(config, OKT_KEY_PRIVATE_KEY_ID, NULL));
    return okta_credential_service(&options, out, err);
}

/* Of the configuration: its token, or its private key. */
static okta_status make_credential(const okta_config *config,
                                   const struct okt_config_slot *slot,
                                   okta_credential **out, okta_error *err)
{
    okta_error why = { .status = OKTA_OK };
    okta_status st;

    if (okt_config_slot(config, OKT_KEY_TOKEN, NULL) == NULL)
        st = make_service(config, slot, out, &why);
    else if (okt_config_mode_is(config, "SSWS"))
        st = okta_credential_ssws(slot->text, out, &why);
    else
        st = okta_credential_bearer(slot->text, out, &why);
    if (st == OKTA_OK)
        return st;
    if (st == OKTA_ERR_MEMORY)
        return okt_fail_memory(err);
    return okt_fail(err, OKTA_ERR_CONFIG, "%s: %s", slot->origin, why.message);
}

/* ------------------------------------------------------------------ Proxy --
 */

/* Where the host begins: behind "scheme://". */
static const char *host_of(const char *proxy)
{
    const char *scheme = strstr(proxy, "://");

    return scheme != NULL ? scheme + 3 : proxy;
}

/* An IPv6 address has colons that lead to no port. */
static bool has_port(const char *host)
{
    const char *end = strchr(host, ']');
    const char *colon = strchr(end != NULL ? end : host, ':');

    return colon != NULL && strchr(colon + 1, ':') == NULL;
}

static okta_status write_proxy(const struct okt_config_slot *host,
                               const struct okt_config_slot *port,
                               struct okt_buf *out, okta_error *err)
{
    const char *bare = host_of(host->text);
    bool v6 = bare[0] != '[' && !has_port(bare) && strchr(bare, ':') != NULL;

    okt_buf_append(out, host->text, (size_t)(bare - host->text));
    if (bare == host->text)
        okt_buf_str(out, "http://");
    okt_buf_printf(out, v6 ? "[%s]" : "%s", bare);
    if (!has_port(bare)) {
        if (port == NULL)
            return okt_fail(err, OKTA_ERR_CONFIG,
                            "%s: proxy.host has no port, and there is no "
                            "proxy.port",
                            host->origin);
        okt_buf_printf(out, ":%ld", port->number);
    }
    return okt_check_buf(out, "the proxy's URL", err);
}

/* Its password is a credential as well, and the proxy its origin: the folder's
 * password goes to no proxy that ranks lower, no other password to the folder's
 * proxy. */
static okta_status check_password(const struct okt_config_slot *host,
                                  okta_source host_from,
                                  const struct okt_config_slot *password,
                                  okta_source from, okta_error *err)
{
    bool from_folder = from == OKTA_SOURCE_FOLDER_FILE;
    bool to_folder = host_from == OKTA_SOURCE_FOLDER_FILE;

    if (password == NULL || host_from == from || (!from_folder && !to_folder) ||
        (from_folder && host_from > from))
        return OKTA_OK;
    return okt_fail(err, OKTA_ERR_CONFIG,
                    "proxy.password is from %s, but proxy.host from %s: set "
                    "both in the same place",
                    password->origin, host->origin);
}

/* Unless the caller has one of its own, which then has its own password. */
static okta_status merge_proxy(const okta_config *config,
                               okta_client_options *o, struct okt_buf *url,
                               okta_error *err)
{
    okta_source host_from;
    okta_source password_from;
    const struct okt_config_slot *host =
        okt_config_slot(config, OKT_KEY_PROXY_HOST, &host_from);
    const struct okt_config_slot *password =
        okt_config_slot(config, OKT_KEY_PROXY_PASSWORD, &password_from);
    okta_status st;

    if (o->proxy != NULL || host == NULL)
        return OKTA_OK;
    if (host->text[0] == '\0') {
        o->proxy = "";
        return OKTA_OK;
    }
    st = check_password(host, host_from, password, password_from, err);
    if (st == OKTA_OK)
        st =
            write_proxy(host, okt_config_slot(config, OKT_KEY_PROXY_PORT, NULL),
                        url, err);
    if (st != OKTA_OK)
        return st;
    o->proxy = url->data;
    if (o->proxy_user == NULL)
        o->proxy_user =
            text_of(okt_config_slot(config, OKT_KEY_PROXY_USERNAME, NULL));
    if (o->proxy_password == NULL)
        o->proxy_password = text_of(password);
    return OKTA_OK;
}

/* ---------------------------------------------------------------- Numbers --
 */

/* 0, as in the SDKs, is the default. */
static void merge_timeout(const okta_config *config, enum okt_config_key key,
                          long *ms)
{
    const struct okt_config_slot *slot = okt_config_slot(config, key, NULL);

    if (*ms == 0 && slot != NULL)
        *ms = slot->number;
}

/* A file and a folder count together where one source names both. */
static void merge_certificates(const okta_config *config,
                               okta_client_options *o)
{
    okta_source file_from;
    okta_source dir_from;
    const struct okt_config_slot *file =
        okt_config_slot(config, OKT_KEY_CA_FILE, &file_from);
    const struct okt_config_slot *dir =
        okt_config_slot(config, OKT_KEY_CA_DIR, &dir_from);

    if (o->ca_file != NULL || o->ca_dir != NULL)
        return;
    if (file_from >= dir_from)
        o->ca_file = text_of(file);
    if (dir_from >= file_from)
        o->ca_dir = text_of(dir);
}

/* rateLimit.maxBackoff bounds a single wait of the SDKs; here waits are bounded
 * in sum, by max_wait_s, so it has nothing to go into. */
static void merge_rest(const okta_config *config, okta_client_options *o)
{
    const struct okt_config_slot *retries =
        okt_config_slot(config, OKT_KEY_MAX_RETRIES, NULL);

    merge_timeout(config, OKT_KEY_REQUEST_TIMEOUT, &o->timeout_ms);
    merge_timeout(config, OKT_KEY_CONNECTION_TIMEOUT, &o->connect_timeout_ms);
    if (o->retries == 0 && retries != NULL)
        o->retries = retries->number > 0 ? (int)retries->number : OKTA_NONE;
    merge_certificates(config, o);
}

/* ----------------------------------------------------------------- Client --
 */

static okta_status take_options(const okta_client_options *options,
                                okta_client_options *out, okta_error *err)
{
    okta_status st;

    *out = (okta_client_options)OKTA_CLIENT_OPTIONS_INIT;
    st = okt_take_options(out, sizeof(*out), options,
                          "OKTA_CLIENT_OPTIONS_INIT", err);
    if (st == OKTA_OK && out->org_url != NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the org is the configuration's: use okta_config_set");
    return st;
}

/* One that the caller made goes only where the caller says. */
static okta_status use_given(const okta_config *config, okta_client_options *o,
                             okta_error *err)
{
    static const struct okt_config_slot given = {
        .origin = (char *)(uintptr_t)"the program"
    };

    return find_org(config, &given, OKTA_SOURCE_PROGRAM, &o->org_url, err);
}

static okta_status use_own(const okta_config *config, okta_client_options *o,
                           okta_credential **out, okta_error *err)
{
    okta_source from;
    const struct okt_config_slot *slot = okt_config_credential(config, &from);
    okta_status st;

    if (slot == NULL)
        return fail_missing(config, err);
    warn_of_guarded(config);
    st = find_org(config, slot, from, &o->org_url, err);
    if (st == OKTA_OK)
        st = make_credential(config, slot, out, err);
    o->credential = *out;
    return st;
}

okta_status okta_client_from_config(const okta_config *config,
                                    const okta_client_options *options,
                                    okta_client **out, okta_error *err)
{
    okta_client_options o;
    AUTO(okta_credential) credential = NULL;
    OKT_BUF_AUTO proxy = OKT_BUF_INIT(PROXY_MAX);
    okta_config view = *config; /* borrows all that it holds */
    okta_status st = take_options(options, &o, err);

    if (st != OKTA_OK)
        return st;
    if (o.credential != NULL)
        view.other = OKTA_SOURCE_PROGRAM;
    st = o.credential != NULL ? use_given(&view, &o, err)
                              : use_own(&view, &o, &credential, err);
    if (st == OKTA_OK)
        st = merge_proxy(&view, &o, &proxy, err);
    if (st != OKTA_OK)
        return st;
    merge_rest(&view, &o);
    return okta_client_new(&o, out, err);
}
