/* SPDX-License-Identifier: Apache-2.0 */
/* hint.c - from a failure to the next step. */
#include "cli/signin/hint.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "wire/api.h"

enum { RETRIES = 4, HOST_MAX = 256 };

static bool begins_with(const char *text, const char *start)
{
    return text != NULL && strncmp(text, start, strlen(start)) == 0;
}

static void add_escaped(struct okt_buf *out, const char *text)
{
    okt_escape(out, text, strlen(text));
}

/* ------------------------------------------------------- What Okta says -- */

const char *hint_scopes(const struct session *session)
{
    const struct profile *profile = &session->profile;

    if (profile->name == NULL || profile->kind != PROFILE_DEVICE)
        return "";
    return ": once the app has it, sign in again with it among --scopes";
}

/* Whether the org says that the access token's scopes do not do. */
static bool is_lacking(const okta_response *response)
{
    const char *error = okta_response_challenge(response, "error");

    return error != NULL && strcmp(error, "insufficient_scope") == 0;
}

/* Whether the credential is an app's own, which acts by the app's role. */
static bool is_service(const struct session *session)
{
    const struct profile *profile = &session->profile;
    const char *mode = okta_config_get(session->config, "authorizationMode");

    if (profile->name != NULL)
        return profile->kind == PROFILE_SERVICE;
    return mode != NULL && strcmp(mode, "PrivateKey") == 0;
}

/* What only reads. */
static bool is_reading(const char *scope)
{
    return strcmp(scope, OKT_SCOPE_READ) == 0 ||
           strcmp(scope, OKT_SCOPE_ZONES) == 0;
}

static const char *role_of(const char *scope)
{
    return is_reading(scope) ? "that of a super or read-only administrator"
                             : "that of a super administrator";
}

/* Whose role, or which scope, the operation takes. */
static void add_forbidden(struct okt_buf *out, const struct session *session,
                          const okta_response *response)
{
    const char *scope =
        response != NULL ? okta_response_challenge(response, "scope") : NULL;

    if (scope != NULL && is_lacking(response)) {
        okt_buf_str(out, "the access token lacks the scope ");
        add_escaped(out, scope);
        okt_buf_str(out, hint_scopes(session));
        return;
    }
    scope = session->args->command->scope;
    if (scope == NULL)
        return;
    if (is_service(session)) {
        okt_buf_printf(out,
                       "its scopes would do, but a service app needs an admin "
                       "role, too, that allows this: give the app %s at the "
                       "org",
                       role_of(scope));
        return;
    }
    okt_buf_printf(out,
                   "it takes a token of a %s, or an access token with the "
                   "scope %s",
                   is_reading(scope) ? "super or read-only administrator"
                                     : "super administrator",
                   scope);
}

static void add_maybe_done(struct okt_buf *out, const char *what,
                           const okta_error *err)
{
    bool answered = err->http_status >= 200 && err->http_status <= 299;

    okt_buf_str(out, answered ? "the answer is none that this operation has"
                              : "the answer was lost");
    okt_buf_str(out, ": it may have been done; ");
    if (begins_with(what, "revoke-current"))
        okt_buf_str(out, "if it was, the next command with this token ends "
                         "with exit code 4");
    else
        okt_buf_str(out, "look with \"okta-tokens get\"");
}

/* How often a request may be sent again. */
static long retries(const struct session *session)
{
    const char *value =
        okta_config_get(session->config, "rateLimit.maxRetries");

    return value != NULL ? strtol(value, NULL, 10) : RETRIES;
}

/* Whether a 429 ended the call since it had been sent often enough. Where only
 * the error is known: since there was time left to wait. */
static bool is_tired(const struct session *session, const okta_error *err,
                     const okta_response *response)
{
    int64_t ms = session->wait.waited_ms + err->retry_after * 1000;

    if (err->http_status != 429)
        return false;
    if (response != NULL)
        return okta_response_attempts(response) > retries(session);
    return ms <= (int64_t)session->wait.max_s * 1000;
}

/* Whether less for others may have been enough. A wait that the library refuses
 * by itself does not say. */
static bool is_reserved(const struct session *session, const okta_error *err)
{
    const struct wait *wait = &session->wait;

    if (wait->refused_ms > 0)
        return wait->refused == OKTA_WAIT_RESERVE;
    return err->http_status == 0 && wait->reserve > 0;
}

static void add_rate_limit(struct okt_buf *out, const struct session *session,
                           const okta_error *err, const okta_response *response)
{
    bool tired = is_tired(session, err, response);

    if (err->retry_after > 0)
        okt_buf_printf(out, "try again in %lld s, or give ",
                       (long long)err->retry_after);
    else if (tired)
        okt_buf_str(out, "try again later, or give ");
    else
        return;
    okt_buf_str(out, tired ? "more --retries" : "a longer --max-wait");
    if (is_reserved(session, err))
        okt_buf_str(out, ", or a smaller --reserve");
}

static const char *not_found(const char *what)
{
    if (begins_with(what, "list") || begins_with(what, "looking"))
        return "this does not look like an Okta org: see --org";
    return "there is no such token in this org; \"okta-tokens list\" shows "
           "those there are";
}

/* ---------------------------------------------------------- The network -- */

/* The proxy that the settings or the environment name, and where. */
static const char *find_proxy(const struct session *session, const char **from)
{
    static const char *const variables[] = { "https_proxy", "HTTPS_PROXY",
                                             "all_proxy", "ALL_PROXY" };
    const char *proxy = okta_config_get(session->config, "proxy.host");

    *from = okta_config_origin(session->config, "proxy.host");
    for (size_t i = 0; proxy == NULL && i < ARRAY_LEN(variables); i++) {
        proxy = getenv(variables[i]);
        *from = variables[i];
    }
    return proxy != NULL && *proxy != '\0' ? proxy : NULL;
}

/* The host of a URL, without scheme, user, port and path. */
static bool read_host(const char *url, char out[static HOST_MAX])
{
    const char *scheme = strstr(url, "://");
    const char *host = scheme != NULL ? scheme + 3 : url;
    size_t len = strcspn(host, "/");
    const char *at = memchr(host, '@', len);

    while (at != NULL) {
        len -= (size_t)(at + 1 - host);
        host = at + 1;
        at = memchr(host, '@', len);
    }
    if (host[0] != '[' && len > strcspn(host, ":"))
        len = strcspn(host, ":");
    if (len == 0 || len >= HOST_MAX)
        return false;
    memcpy(out, host, len);
    out[len] = '\0';
    return true;
}

/* libcurl's words for it. */
static bool is_about_proxy(const char *message, const char *host)
{
    return strstr(message, "proxy") != NULL ||
           strstr(message, "Proxy") != NULL ||
           strstr(message, "CONNECT") != NULL || strstr(message, host) != NULL;
}

static bool add_proxy(struct okt_buf *out, const struct session *session,
                      const char *message)
{
    const char *from;
    const char *proxy = find_proxy(session, &from);
    const char *org = okta_client_org_url(session->client);
    char host[HOST_MAX];

    /* Plain http is loopback, and never goes through one. */
    if (proxy == NULL || !begins_with(org, "https:") ||
        !read_host(proxy, host) || !is_about_proxy(message, host))
        return false;
    okt_buf_str(out, "it goes through the proxy ");
    add_escaped(out, host);
    okt_buf_str(out, " (from ");
    add_escaped(out, from);
    okt_buf_str(out, "); see --proxy");
    return true;
}

static bool add_unresolved(struct okt_buf *out, const struct session *session,
                           const char *message)
{
    char host[HOST_MAX];

    if (strstr(message, "resolve host") == NULL ||
        !read_host(okta_client_org_url(session->client), host))
        return false;
    if (strchr(host, '.') != NULL) {
        okt_buf_str(out, "is --org spelled right?");
        return true;
    }
    okt_buf_str(out, "is it --org https://");
    add_escaped(out, host);
    okt_buf_str(out, ".okta.com?");
    return true;
}

static const char *certificate(const char *message)
{
    if (strstr(message, "certificate") == NULL)
        return NULL;
    if (strstr(message, "does not match") != NULL ||
        strstr(message, "subject name") != NULL)
        return "the certificate is another host's: see --org";
    if (strstr(message, "expired") != NULL ||
        strstr(message, "not yet valid") != NULL)
        return "the certificate is not valid now: is this machine's clock "
               "right?";
    return "the org's certificate is not trusted: --ca-file names a file with "
           "its CA (of okta-orgd: what \"okta-orgd ca print\" prints)";
}

static void add_network(struct okt_buf *out, const struct session *session,
                        const char *message)
{
    const char *text = certificate(message);

    if (text != NULL) {
        okt_buf_str(out, text);
        return;
    }
    if (session->client != NULL && (add_proxy(out, session, message) ||
                                    add_unresolved(out, session, message)))
        return;
    okt_buf_str(out, "see --org, --proxy and --ca-file; --verbose tells more");
}

/* ---------------------------------------------------------------- All -- */

/* RFC 6749's codes, as the token endpoint answers them. */
static const char *oauth_hint(const char *code)
{
    static const struct {
        const char *code;
        const char *hint;
    } hints[] = {
        { "invalid_client",
          "is --client-id an app of this org, and of the right kind: a native "
          "one, or with --key a service app that has this key?" },
        { "invalid_grant", "sign in again: okta-tokens login" },
        { "invalid_scope", "the app is not granted one of these scopes: see "
                           "--scopes" },
        { "unauthorized_client", "the app may not sign in this way" },
    };

    for (size_t i = 0; i < ARRAY_LEN(hints); i++)
        if (strcmp(hints[i].code, code) == 0)
            return hints[i].hint;
    return NULL;
}

static const char *constant_hint(const char *what, const okta_error *err)
{
    if (err->cause == OKTA_CAUSE_GATEWAY)
        return "sign in to this network, if it asks for that in a browser; or "
               "see --proxy and --org";
    if (err->cause == OKTA_CAUSE_ORIGIN)
        return "if that is another name of your org, give it as --org";
    if (err->cause == OKTA_CAUSE_KEY_ID)
        return "privateKeyId (--key-id) must be the id (kid) that the app's "
               "public key has at the org";
    if (oauth_hint(err->code) != NULL)
        return oauth_hint(err->code);
    switch (err->status) {
    case OKTA_ERR_AUTH:
        return "the credential is revoked, expired, or another org's; "
               "\"okta-tokens Get-OktaConfiguration\" shows where it is from";
    case OKTA_ERR_NOT_FOUND:
        return not_found(what);
    case OKTA_ERR_TIMEOUT:
        return "see --timeout and --proxy";
    case OKTA_ERR_SERVER:
        return "try again later; the request id is what Okta's support asks "
               "for";
    default:
        return NULL;
    }
}

void hint_add(struct okt_buf *out, const struct session *session,
              const char *what, const okta_error *err,
              const okta_response *response)
{
    const char *text = constant_hint(what, err);

    if (err->maybe_done)
        add_maybe_done(out, what, err);
    else if (text != NULL)
        okt_buf_str(out, text);
    else if (err->status == OKTA_ERR_NETWORK || err->status == OKTA_ERR_TLS)
        add_network(out, session, err->message);
    else if (err->status == OKTA_ERR_FORBIDDEN)
        add_forbidden(out, session, response);
    else if (err->status == OKTA_ERR_RATE_LIMIT)
        add_rate_limit(out, session, err, response);
}
