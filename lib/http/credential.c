/* SPDX-License-Identifier: Apache-2.0 */
/* credential.c - what a request is authorised with: SSWS, Bearer, nothing. */
#include <string.h>

#include "lib/internal.h"
#include "wire/id.h"

/* A secret that is sent as it is behind its scheme's name. */
struct fixed {
    okta_credential base;
    char *secret;
};

void okta_headers_add(okta_headers *headers, const char *name,
                      const char *value)
{
    okt_buf_printf(&headers->text, "%s: %s", name, value);
    okt_buf_char(&headers->text, '\0');
    headers->count++;
}

okta_status okt_authorization(okta_headers *headers, const char *scheme,
                              const char *secret, okta_error *err)
{
    okt_buf_printf(&headers->text, "Authorization: %s %s", scheme, secret);
    okt_buf_char(&headers->text, '\0');
    headers->count++;
    return okt_check_buf(&headers->text, "the request's header", err);
}

void okt_mask_secrets(const okta_credential *credential, char *text, size_t len)
{
    const char *secret;

    for (size_t i = 0;
         (secret = credential->ops->secret(credential, i)) != NULL; i++)
        okt_mask(text, len, secret);
}

/* ------------------------------------------------------ Sent and kept -- */

okta_status okt_sent_add(struct okt_sent *sent, enum okt_sent_kind kind,
                         const char *text, okta_error *err)
{
    char **texts = sent->texts[kind];
    char *copy;
    okta_status st;

    if (texts[0] != NULL && strcmp(texts[0], text) == 0)
        return OKTA_OK;
    st = okt_copy(text, &copy, err);
    if (st != OKTA_OK)
        return st;
    okt_free_secret(texts[1]);
    texts[1] = texts[0];
    texts[0] = copy;
    return OKTA_OK;
}

const char *okt_sent_text(const struct okt_sent *sent, size_t i)
{
    for (size_t kind = 0; kind < ARRAY_LEN(sent->texts); kind++)
        for (size_t at = 0; at < ARRAY_LEN(sent->texts[kind]); at++)
            if (sent->texts[kind][at] != NULL && i-- == 0)
                return sent->texts[kind][at];
    return NULL;
}

void okt_sent_clear(struct okt_sent *sent)
{
    for (size_t kind = 0; kind < ARRAY_LEN(sent->texts); kind++)
        for (size_t at = 0; at < ARRAY_LEN(sent->texts[kind]); at++)
            okt_free_secret(sent->texts[kind][at]);
    *sent = (struct okt_sent){ 0 };
}

/* ----------------------------------------------------- SSWS and Bearer -- */

static okta_status fixed_authorize(okta_credential *credential,
                                   struct okt_call *call, okta_headers *headers,
                                   okta_error *err)
{
    bool is_ssws = credential->ops->kind == OKTA_CREDENTIAL_SSWS;

    (void)call;
    return okt_authorization(headers, is_ssws ? "SSWS" : "Bearer",
                             ((struct fixed *)credential)->secret, err);
}

static bool never_answered(okta_credential *credential, struct okt_call *call)
{
    (void)credential;
    (void)call;
    return false;
}

static const char *fixed_secret(const okta_credential *credential, size_t i)
{
    return i == 0 ? ((const struct fixed *)credential)->secret : NULL;
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
    OKTA_CREDENTIAL_SSWS, fixed_authorize, never_answered,
    fixed_secret, fixed_copy, fixed_free
};
static const struct okt_credential_ops bearer = {
    OKTA_CREDENTIAL_BEARER, fixed_authorize, never_answered,
    fixed_secret, fixed_copy, fixed_free
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

okta_status okt_check_secret(const char *what, const char *secret, size_t max,
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
    okta_status st = okt_check_secret("API token", token, OKT_SECRET_MAX, err);

    return st == OKTA_OK ? fixed_new(&ssws, token, out, err) : st;
}

okta_status okta_credential_bearer(const char *access_token,
                                   okta_credential **out, okta_error *err)
{
    okta_status st = okt_check_secret("access token", access_token,
                                      OKT_ACCESS_TOKEN_MAX, err);

    return st == OKTA_OK ? fixed_new(&bearer, access_token, out, err) : st;
}

/* -------------------------------------------------------------- Nothing -- */

static okta_status none_authorize(okta_credential *credential,
                                  struct okt_call *call, okta_headers *headers,
                                  okta_error *err)
{
    (void)credential;
    (void)call;
    (void)headers;
    return okt_fail(err, OKTA_ERR_ARGUMENT,
                    "this client is there to sign in and has no credential: "
                    "nothing was sent");
}

static const char *none_secret(const okta_credential *credential, size_t i)
{
    (void)credential;
    (void)i;
    return NULL;
}

static okta_status none_copy(const okta_credential *credential,
                             okta_credential **out, okta_error *err)
{
    (void)credential;
    return okta_credential_none(out, err);
}

static void none_free(okta_credential *credential)
{
    free(credential);
}

static const struct okt_credential_ops none = {
    OKTA_CREDENTIAL_NONE, none_authorize, never_answered,
    none_secret,          none_copy,      none_free
};

okta_status okta_credential_none(okta_credential **out, okta_error *err)
{
    okta_credential *credential = calloc(1, sizeof(*credential));

    if (credential == NULL)
        return okt_fail_memory(err);
    credential->ops = &none;
    *out = credential;
    return OKTA_OK;
}

void okta_text_free(char *text)
{
    okt_free_secret(text);
}

void okta_credential_free(okta_credential *credential)
{
    if (credential != NULL)
        credential->ops->free(credential);
}
