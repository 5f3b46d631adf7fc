/* SPDX-License-Identifier: Apache-2.0 */
/* url.c - org URLs, links out of answers, query parameters; libcurl parses. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

#include "base/ascii.h"
#include "lib/internal.h"
#include "wire/id.h"
#include "wire/percent.h"

enum { URL_MAX = 16384 };

typedef CURLU url_handle;
typedef char url_part;

AUTO_DEFINE(url_handle, curl_url_cleanup)
AUTO_DEFINE(url_part, curl_free)

/* A part of a URL, NULL where it has none. */
static char *part(CURLU *url, CURLUPart what, unsigned flags)
{
    char *text = NULL;

    return curl_url_get(url, what, &text, flags) == CURLUE_OK ? text : NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text);

    return len >= strlen(end) &&
           okt_casecmp(text + len - strlen(end), end) == 0;
}

/* 127.0.0.0/8 and ::1 as literals, and the name localhost. */
static bool is_loopback(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    char bare[64];
    size_t len = strlen(host);

    if (okt_casecmp(host, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    if (len < 4 || len >= sizeof(bare) || host[0] != '[')
        return false;
    memcpy(bare, host + 1, len - 2);
    bare[len - 2] = '\0';
    return inet_pton(AF_INET6, bare, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

/* ------------------------------------------------------------ Org URLs -- */

/* Refuses the admin console's host: the API is served by the other one. */
static okta_status check_admin(const char *host, okta_error *err)
{
    static const char *const domains[] = { ".okta.com", ".oktapreview.com",
                                           ".okta-emea.com" };

    for (size_t i = 0; i < ARRAY_LEN(domains); i++) {
        OKT_BUF_AUTO end = OKT_BUF_INIT(64);
        int keep = (int)(strlen(host) - strlen(domains[i])) - 6;

        okt_buf_printf(&end, "-admin%s", domains[i]);
        if (okt_buf_failed(&end))
            return okt_fail_memory(err);
        if (keep > 0 && ends_with(host, end.data))
            return okt_fail(err, OKTA_ERR_ARGUMENT,
                            "%s is the admin console: use https://%.*s%s", host,
                            keep, host, domains[i]);
    }
    return OKTA_OK;
}

static okta_status check_host(const char *host, okta_error *err)
{
    if (strchr(host, '{') != NULL || okt_casecmp(host, "yourOktaDomain") == 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the org URL still is an example: put your own in");
    if (strspn(host, "-.:[]_0123456789"
                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "abcdefghijklmnopqrstuvwxyz") != strlen(host))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the org URL's host can't be one: %s", host);
    return check_admin(host, err);
}

/* What an org URL must not have beside scheme, host and port. */
static okta_status check_rest(CURLU *url, okta_error *err)
{
    AUTO(url_part) user = part(url, CURLUPART_USER, 0);
    AUTO(url_part) password = part(url, CURLUPART_PASSWORD, 0);
    AUTO(url_part) path = part(url, CURLUPART_PATH, 0);
    AUTO(url_part) query = part(url, CURLUPART_QUERY, 0);
    AUTO(url_part) fragment = part(url, CURLUPART_FRAGMENT, 0);

    if (user != NULL || password != NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the org URL must not hold a user or a password");
    if (path != NULL && strspn(path, "/") != strlen(path))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the org URL ends behind the host: leave %s away",
                        path);
    if (query != NULL || fragment != NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the org URL must not hold a query or a fragment");
    return OKTA_OK;
}

static okta_status check_scheme(const char *scheme, const char *host,
                                const char *given, okta_error *err)
{
    if (strcmp(scheme, "https") == 0)
        return OKTA_OK;
    if (strcmp(scheme, "http") != 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the org URL must begin with https://, not %s://",
                        scheme);
    /* A number that only comes out as loopback is none: "literal" is meant. */
    if (!is_loopback(host) || !okt_q_matches(host, given, NULL))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "http would show the token to the network: use "
                        "https://%s",
                        host);
    return OKTA_OK;
}

/* Writes "scheme://host[:port]", the host in small letters. */
static okta_status write_origin(CURLU *url, const char *given, char **out,
                                okta_error *err)
{
    AUTO(url_part) scheme = part(url, CURLUPART_SCHEME, 0);
    AUTO(url_part) host = part(url, CURLUPART_HOST, 0);
    AUTO(url_part) port = part(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    OKT_BUF_AUTO text = OKT_BUF_INIT(URL_MAX);
    okta_status st;

    if (scheme == NULL || host == NULL || *host == '\0')
        return okt_fail(err, OKTA_ERR_ARGUMENT, "the org URL has no host");
    for (char *p = host; *p != '\0'; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    st = check_host(host, err);
    if (st == OKTA_OK)
        st = check_scheme(scheme, host, given, err);
    if (st != OKTA_OK)
        return st;
    okt_buf_printf(&text, "%s://%s%s%s", scheme, host, port != NULL ? ":" : "",
                   port != NULL ? port : "");
    st = okt_check_buf(&text, "the org URL", err);
    if (st == OKTA_OK)
        *out = okt_buf_take(&text);
    return st;
}

/* Why libcurl does not take a text for a URL. */
static okta_status fail_url(CURLUcode why, const char *what, okta_error *err)
{
    if (why == CURLUE_OUT_OF_MEMORY)
        return okt_fail_memory(err);
    return okt_fail(err, OKTA_ERR_ARGUMENT, "%s is no URL: %s", what,
                    curl_url_strerror(why));
}

okta_status okt_org_url(const char *text, char **out, okta_error *err)
{
    AUTO(url_handle) url = curl_url();
    CURLUcode why;
    okta_status st;

    if (url == NULL)
        return okt_fail_memory(err);
    if (strspn(text, " \t") == strlen(text))
        return okt_fail(err, OKTA_ERR_ARGUMENT, "the org URL is empty");
    if (strchr(text, '%') != NULL)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the org URL must not hold a percent sign");
    why = curl_url_set(url, CURLUPART_URL, text,
                       CURLU_DEFAULT_SCHEME | CURLU_NON_SUPPORT_SCHEME);
    if (why != CURLUE_OK)
        return fail_url(why, "the org URL", err);
    st = check_rest(url, err);
    return st == OKTA_OK ? write_origin(url, text, out, err) : st;
}

bool okt_url_is_plain(const char *org_url)
{
    return strncmp(org_url, "http://", 7) == 0;
}

/* -------------------------------------------------------------- Links -- */

/* Whether both have the same scheme, host and port. */
static bool same_origin(CURLU *a, CURLU *b)
{
    static const CURLUPart parts[] = { CURLUPART_SCHEME, CURLUPART_HOST,
                                       CURLUPART_PORT };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        AUTO(url_part) x = part(a, parts[i], CURLU_DEFAULT_PORT);
        AUTO(url_part) y = part(b, parts[i], CURLU_DEFAULT_PORT);

        if (x == NULL || y == NULL || okt_casecmp(x, y) != 0)
            return false;
    }
    return true;
}

static okta_status fail_origin(CURLU *url, okta_error *err)
{
    AUTO(url_part) scheme = part(url, CURLUPART_SCHEME, 0);
    AUTO(url_part) host = part(url, CURLUPART_HOST, 0);
    AUTO(url_part) port = part(url, CURLUPART_PORT, 0);

    okt_set_error(err, OKTA_ERR_PROTOCOL,
                  "a link to another place (%s://%s%s%s): nothing was sent "
                  "there",
                  scheme != NULL ? scheme : "?", host != NULL ? host : "?",
                  port != NULL ? ":" : "", port != NULL ? port : "");
    if (err != NULL)
        err->cause = OKTA_CAUSE_ORIGIN;
    return OKTA_ERR_PROTOCOL;
}

static okta_status check_own(CURLU *org, CURLU *url, const char *path,
                             okta_error *err)
{
    AUTO(url_part) user = part(url, CURLUPART_USER, 0);
    AUTO(url_part) password = part(url, CURLUPART_PASSWORD, 0);
    AUTO(url_part) its_path = part(url, CURLUPART_PATH, 0);

    if (!same_origin(org, url) || user != NULL || password != NULL)
        return fail_origin(url, err);
    if (its_path == NULL || strcmp(its_path, path) != 0)
        return okt_fail(err, OKTA_ERR_PROTOCOL,
                        "a link to another path (%s): nothing was sent there",
                        its_path != NULL ? its_path : "?");
    return OKTA_OK;
}

okta_status okt_own_origin(const char *org_url, const char *text, char **out,
                           okta_error *err)
{
    AUTO(url_handle) url = curl_url();
    AUTO(url_part) path = NULL;

    if (url == NULL)
        return okt_fail_memory(err);
    if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
        return okt_fail(err, OKTA_ERR_PROTOCOL, "a link that is no URL");
    path = part(url, CURLUPART_PATH, 0);
    return okt_own_url(org_url, path != NULL ? path : "/", text, out, err);
}

okta_status okt_own_url(const char *org_url, const char *path, const char *text,
                        char **out, okta_error *err)
{
    AUTO(url_handle) org = curl_url();
    AUTO(url_handle) url = curl_url();
    AUTO(url_part) query = NULL;
    OKT_BUF_AUTO rebuilt = OKT_BUF_INIT(URL_MAX);
    okta_status st;

    if (org == NULL || url == NULL ||
        curl_url_set(org, CURLUPART_URL, org_url, 0) != CURLUE_OK ||
        curl_url_set(url, CURLUPART_URL, org_url, 0) != CURLUE_OK ||
        curl_url_set(url, CURLUPART_PATH, path, 0) != CURLUE_OK)
        return okt_fail_memory(err);
    if (curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK)
        return okt_fail(err, OKTA_ERR_PROTOCOL, "a link that is no URL");
    st = check_own(org, url, path, err);
    if (st != OKTA_OK)
        return st;
    query = part(url, CURLUPART_QUERY, 0);
    okt_buf_printf(&rebuilt, "%s%s%s%s", org_url, path,
                   query != NULL ? "?" : "", query != NULL ? query : "");
    st = okt_check_buf(&rebuilt, "a link", err);
    if (st == OKTA_OK)
        *out = okt_buf_take(&rebuilt);
    return st;
}

/* ------------------------------------------------------------ Queries -- */

static okta_status decode(const char *text, size_t len, char **out,
                          okta_error *err)
{
    OKT_BUF_AUTO plain = OKT_BUF_INIT(URL_MAX);
    bool ok = okt_percent_decode(text, len, &plain);
    okta_status st = okt_check_buf(&plain, "a link", err);

    if (st != OKTA_OK)
        return st;
    if (!ok)
        return okt_fail(err, OKTA_ERR_PROTOCOL,
                        "a link with a parameter that can't be read");
    *out = okt_buf_take(&plain);
    return OKTA_OK;
}

okta_status okt_url_param(const char *url, const char *name, char **out,
                          okta_error *err)
{
    const char *p = strchr(url, '?');
    size_t name_len = strlen(name);

    while (p != NULL) {
        size_t len = strcspn(++p, "&");

        if (len > name_len && p[name_len] == '=' &&
            strncmp(p, name, name_len) == 0)
            return decode(p + name_len + 1, len - name_len - 1, out, err);
        p = p[len] == '&' ? p + len : NULL;
    }
    *out = NULL;
    return OKTA_OK;
}
