/* SPDX-License-Identifier: Apache-2.0 */
/* error.h - what a call comes to, and why it failed. */
#ifndef OKTA_ERROR_H
#define OKTA_ERROR_H

#include <okta/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum okta_status {
    OKTA_OK = 0,
    OKTA_DONE,           /* no more pages; not an error, okta_error unset */
    OKTA_ERR_ARGUMENT,   /* the caller's mistake; nothing was sent */
    OKTA_ERR_CONFIG,     /* a configuration that can't be used; nothing sent */
    OKTA_ERR_MEMORY,     /* out of memory */
    OKTA_ERR_CANCELLED,  /* okta_client_cancel, or a callback said so */
    OKTA_ERR_NETWORK,    /* no whole response: DNS, TCP, TLS, broken off; or
                            not the org's, see OKTA_CAUSE_GATEWAY */
    OKTA_ERR_TIMEOUT,    /* the same, because time ran out */
    OKTA_ERR_TLS,        /* the server's certificate is not trusted; nothing was
                            sent, and nothing is tried again */
    OKTA_ERR_PROTOCOL,   /* a response this API does not document */
    OKTA_ERR_TOO_LARGE,  /* a response beyond max_body or another bound */
    OKTA_ERR_AUTH,       /* HTTP 401: no such credential, or no longer */
    OKTA_ERR_FORBIDDEN,  /* HTTP 403: the credential does not allow this */
    OKTA_ERR_NOT_FOUND,  /* HTTP 404 */
    OKTA_ERR_RATE_LIMIT, /* HTTP 429, and max_wait_s does not reach */
    OKTA_ERR_REQUEST,    /* any other HTTP 4xx */
    OKTA_ERR_SERVER      /* HTTP 5xx */
} okta_status;

/* What lies behind a failure, where more is known than its status. */
typedef enum okta_cause {
    OKTA_CAUSE_NONE = 0,
    OKTA_CAUSE_GATEWAY, /* the answer is from something between here and the
                           org, such as a proxy or a captive portal */
    OKTA_CAUSE_ORIGIN,  /* a link led to another host than the org's, which the
                           message names */
    OKTA_CAUSE_KEY_ID   /* the org knows no key of that id (kid) */
} okta_cause;

/*
 * Why a call failed. A plain value: put it on the stack, never free it.
 * It carries no secret, so it may be logged whole.
 */
typedef struct okta_error {
    okta_status status;
    int http_status;     /* 0 when no response arrived */
    int64_t retry_after; /* seconds to wait, or 0 when the server gave none */
    int maybe_done;      /* 1: the org may have carried out the change that
                            was asked for, the answer was lost; else 0 */
    char code[32];       /* Okta's errorCode, such as "E0000007", OAuth's
                            error, such as "access_denied", or "" */
    char error_id[64];   /* Okta's errorId, or "" */
    char request_id[64]; /* X-Okta-Request-Id, or "" */
    char message[512];   /* one line for a person */
    okta_cause cause;
    unsigned char reserved[124];
} okta_error;

/* Returns a short constant name such as "not found". Never NULL. */
OKTA_API const char *okta_status_name(okta_status status);

#ifdef __cplusplus
}
#endif

#endif
