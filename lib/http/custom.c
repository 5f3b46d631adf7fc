/* SPDX-License-Identifier: Apache-2.0 */
/* custom.c - a credential of the caller's own making. */
#include <string.h>

#include "lib/internal.h"

/* What the caller gave, shared by all copies. */
struct shared {
    atomic_uint refs;
    okta_custom_ops ops;
};

struct custom {
    okta_credential base;
    struct shared *shared;
    struct okt_sent sent;
};

/* Remembers what the headers from the nth on hold, so that no log shows it:
 * whole, and without a scheme in front. */
static okta_status remember(struct custom *custom, const okta_headers *headers,
                            size_t n, okta_error *err)
{
    const char *line = headers->text.data;
    okta_status st = OKTA_OK;

    for (size_t i = 0; i < headers->count && st == OKTA_OK; i++) {
        const char *value = strchr(line, ':') + 2;
        const char *space = strchr(value, ' ');

        if (i >= n && *value != '\0')
            st = okt_sent_add(&custom->sent,
                              space != NULL ? OKT_SENT_TOKEN : OKT_SENT_PROOF,
                              space != NULL && space[1] != '\0' ? space + 1
                                                                : value,
                              err);
        line += strlen(line) + 1;
    }
    return st;
}

/* No line of the caller's may become two. */
static okta_status check_lines(const okta_headers *headers, size_t n,
                               okta_error *err)
{
    const char *line = headers->text.data;

    for (size_t i = 0; i < headers->count; i++) {
        for (const char *p = line; i >= n && *p != '\0'; p++)
            if ((unsigned char)*p < ' ' || *p == 0x7f)
                return okt_fail(err, OKTA_ERR_ARGUMENT,
                                "a header of the credential's holds a control "
                                "character");
        line += strlen(line) + 1;
    }
    return OKTA_OK;
}

static okta_status custom_authorize(okta_credential *credential,
                                    struct okt_call *call,
                                    okta_headers *headers, okta_error *err)
{
    struct custom *custom = (struct custom *)credential;
    const okta_custom_ops *ops = &custom->shared->ops;
    okta_error why = { .status = OKTA_OK };
    size_t before = headers->count;
    okta_status st =
        ops->authorize(ops->ctx, call->method, call->url, headers, &why);

    if (st != OKTA_OK) {
        why.message[sizeof(why.message) - 1] = '\0';
        return okt_fail(err, st, "%s",
                        why.message[0] != '\0'
                            ? why.message
                            : "the credential could not authorise the request");
    }
    st = okt_check_buf(&headers->text, "the request's header", err);
    if (st == OKTA_OK)
        st = check_lines(headers, before, err);
    return st == OKTA_OK ? remember(custom, headers, before, err) : st;
}

static bool custom_answered(okta_credential *credential, struct okt_call *call)
{
    const okta_custom_ops *ops = &((struct custom *)credential)->shared->ops;

    if (call->response->status != 401 || call->renewed || ops->rejected == NULL)
        return false;
    call->renewed = true;
    return ops->rejected(ops->ctx, call->response);
}

static const char *custom_secret(const okta_credential *credential, size_t i)
{
    return okt_sent_text(&((const struct custom *)credential)->sent, i);
}

static void unref(struct shared *shared)
{
    if (--shared->refs > 0)
        return;
    if (shared->ops.free != NULL)
        shared->ops.free(shared->ops.ctx);
    free(shared);
}

static void custom_free(okta_credential *credential)
{
    struct custom *custom = (struct custom *)credential;

    unref(custom->shared);
    okt_sent_clear(&custom->sent);
    free(custom);
}

static okta_status custom_new(struct shared *shared, okta_credential **out,
                              okta_error *err);

static okta_status custom_copy(const okta_credential *credential,
                               okta_credential **out, okta_error *err)
{
    struct shared *shared = ((const struct custom *)credential)->shared;
    okta_status st = custom_new(shared, out, err);

    if (st == OKTA_OK)
        shared->refs++;
    return st;
}

static const struct okt_credential_ops custom_ops = {
    OKTA_CREDENTIAL_CUSTOM, custom_authorize, custom_answered,
    custom_secret,          custom_copy,      custom_free
};

static okta_status custom_new(struct shared *shared, okta_credential **out,
                              okta_error *err)
{
    struct custom *custom = calloc(1, sizeof(*custom));

    if (custom == NULL)
        return okt_fail_memory(err);
    custom->base.ops = &custom_ops;
    custom->shared = shared;
    *out = (okta_credential *)custom; /* it comes first */
    return OKTA_OK;
}

okta_status okta_credential_custom(const okta_custom_ops *ops,
                                   okta_credential **out, okta_error *err)
{
    struct shared *shared = calloc(1, sizeof(*shared));
    okta_status st;

    if (shared == NULL)
        return okt_fail_memory(err);
    shared->refs = 1;
    st = okt_take_options(&shared->ops, sizeof(shared->ops), ops,
                          "OKTA_CUSTOM_OPS_INIT", err);
    if (st == OKTA_OK && shared->ops.authorize == NULL)
        st = okt_fail(err, OKTA_ERR_ARGUMENT,
                      "okta_custom_ops: authorize is not set");
    if (st == OKTA_OK)
        st = custom_new(shared, out, err);
    if (st != OKTA_OK)
        free(shared);
    return st;
}
