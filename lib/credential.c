/* SPDX-License-Identifier: Apache-2.0 */
/* credential.c - what a request is authorised with: SSWS and Bearer. */
#include <string.h>

#include "id.h"
#include "internal.h"

enum { BEARER_MAX = 16384 };

/* A secret that is sent as it is behind its scheme's name. */
struct fixed {
    okta_credential base;
    char *secret;
};

void okt_headers_add(struct okt_headers *headers, const char *name,
                     const char *value)
{
    okt_buf_printf(&headers->text, "%s: %s", name, value);
    okt_buf_char(&headers->text, '\0');
    headers->count++;
}

static okta_status fixed_authorize(okta_credential *credential,
                                   const char *method, const char *url,
                                   struct okt_headers *headers, okta_error *err)
{
    struct fixed *fixed = (struct fixed *)credential;

    (void)method;
    (void)url;
    okt_buf_printf(&headers->text, "Authorization: %s %s",
                   credential->ops->scheme, fixed->secret);
    okt_buf_char(&headers->text, '\0');
    headers->count++;
    return okt_check_buf(&headers->text, "the request's header", err);
}

static bool fixed_rejected(okta_credential *credential,
                           const okta_response *response)
{
    (void)credential;
    (void)response;
    return false;
}

static const char *fixed_secret(const okta_credential *credential)
{
    return ((const struct fixed *)credential)->secret;
}

static void fixed_free(okta_credential *credential)
{
    struct fixed *fixed = (struct fixed *)credential;

    okt_free_secret(fixed->secret);
    free(fixed);
}

static okta_status fixed_new(const struct okt_credential_ops *ops,
                             const char *secret, okta_credential **out,
                             okta_error *err);

static okta_status fixed_copy(const okta_credential *credential,
                              okta_credential **out, okta_error *err)
{
    const struct fixed *fixed = (const struct fixed *)credential;

    return fixed_new(credential->ops, fixed->secret, out, err);
}

/* clang-format off */
static const struct okt_credential_ops ssws = {
    "SSWS",       fixed_authorize, fixed_rejected,
    fixed_secret, fixed_copy,      fixed_free
};
static const struct okt_credential_ops bearer = {
    "Bearer",     fixed_authorize, fixed_rejected,
    fixed_secret, fixed_copy,      fixed_free
};
/* clang-format on */

static okta_status fixed_new(const struct okt_credential_ops *ops,
                             const char *secret, okta_credential **out,
                             okta_error *err)
{
    struct fixed *fixed = calloc(1, sizeof(*fixed));

    if (fixed == NULL)
        return okt_fail_memory(err);
    fixed->base.ops = ops;
    fixed->secret = strdup(secret);
    if (fixed->secret == NULL) {
        free(fixed);
        return okt_fail_memory(err);
    }
    *out = (okta_credential *)fixed; /* it comes first */
    return OKTA_OK;
}

/* What may stand in a header as it is: 1 to max printable characters. */
static okta_status check(const char *what, const char *secret, size_t max,
                         okta_error *err)
{
    size_t len = strlen(secret);

    if (len == 0)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "the %s is empty", what);
    if (len > max)
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the %s is longer than %zu characters", what, max);
    for (size_t i = 0; i < len; i++)
        if (secret[i] <= ' ' || secret[i] > '~')
            return okt_fail(err, OKTA_ERR_ARGUMENT,
                            "character %zu of the %s can't be part of one",
                            i + 1, what);
    return OKTA_OK;
}

okta_status okta_credential_ssws(const char *token, okta_credential **out,
                                 okta_error *err)
{
    okta_status st = check("API token", token, OKT_SECRET_MAX, err);

    return st == OKTA_OK ? fixed_new(&ssws, token, out, err) : st;
}

okta_status okta_credential_bearer(const char *access_token,
                                   okta_credential **out, okta_error *err)
{
    okta_status st = check("access token", access_token, BEARER_MAX, err);

    return st == OKTA_OK ? fixed_new(&bearer, access_token, out, err) : st;
}

void okta_credential_free(okta_credential *credential)
{
    if (credential != NULL)
        credential->ops->free(credential);
}
