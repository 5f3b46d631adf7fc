/* SPDX-License-Identifier: Apache-2.0 */
/* client.h - how an organisation is reached, and the client that does. */
#ifndef OKTA_CLIENT_H
#define OKTA_CLIENT_H

#include <okta/base.h>
#include <okta/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum okta_log_level {
    OKTA_LOG_WARNING,
    OKTA_LOG_INFO, /* a line a request: method, route, status, duration */
    OKTA_LOG_DEBUG /* request and response headers, credentials redacted */
} okta_log_level;

/* Receives one line without a newline. The line never holds a secret. */
typedef void okta_log_fn(void *ctx, okta_log_level level, const char *line);

typedef enum okta_wait_reason {
    OKTA_WAIT_RATE_LIMIT, /* until the org's rate limit is reset */
    OKTA_WAIT_RETRY,      /* before a failed request is sent again */
    OKTA_WAIT_SIGN_IN,    /* before it is asked again whether somebody has */
    OKTA_WAIT_RESERVE     /* as RATE_LIMIT, so that others have what is left */
} okta_wait_reason;

/*
 * Told of every wait: at its start, about once a second, and at its end with
 * left_ms 0. Return nonzero to give up: the call ends with CANCELLED.
 */
typedef int okta_wait_fn(void *ctx, okta_wait_reason reason, int64_t left_ms);

/*
 * How to reach the organisation. Start from OKTA_CLIENT_OPTIONS_INIT, so that
 * fields added by a later release read as zero, which means the default.
 */
typedef struct okta_client_options {
    size_t size;         /* set by OKTA_CLIENT_OPTIONS_INIT */
    const char *org_url; /* required: "https://example.okta.com"; plain
                            http only to this machine's loopback */
    const okta_credential *credential; /* required; copied */
    const char *user_agent;            /* NULL: "libokta/<version>" */
    const char *ca_file;    /* PEM or DER, in place of the system's; or NULL */
    const char *proxy;      /* "http://host:port"; NULL: https_proxy,
                               all_proxy and no_proxy of the environment;
                               "": none. Never used for loopback http */
    const char *proxy_user; /* NULL: the proxy asks for none */
    const char *proxy_password;
    long timeout_ms;         /* one request, all of it; 0: 30000 */
    long connect_timeout_ms; /* its connecting; 0: no less than timeout_ms */
    int retries;             /* how often one request is sent again after a
                                failure; 0: 4; OKTA_NONE: never */
    long max_wait_s;         /* all waits for rate limits of one call, in
                                sum; 0: 300; OKTA_NONE: never wait */
    size_t max_body;  /* bytes of one response, decompressed; 0: 64 MiB */
    okta_log_fn *log; /* NULL: silent */
    void *log_ctx;
    okta_log_level log_level; /* no line above it is made */
    okta_wait_fn *wait;       /* NULL: waits in silence */
    void *wait_ctx;
    int reserve;        /* of each of the org's rate limits leave others so many
                           percent, by waiting for its reset as if it were used up;
                           0: none; at most 99 */
    const char *ca_dir; /* a folder of PEM files named by their hashes (openssl
                           rehash), in place of the system's; or NULL */
} okta_client_options;

#define OKTA_CLIENT_OPTIONS_INIT OKTA_SIZED_(okta_client_options)
#define OKTA_NONE (-1)

/*
 * Makes a client. Sends nothing. Fails with ARGUMENT or MEMORY. An org_url
 * with a path, a query, user information or the "-admin" host of the admin
 * console is refused, and the message says what was meant.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_client_new(const okta_client_options *options, okta_client **out,
                okta_error *err);

/* Frees the client, wipes its credential. Pages and tokens outlive it; an
 * okta_iter, or a page that okta_page_next is yet to be called for, does not
 * continue without it. */
OKTA_API void okta_client_free(okta_client *client);

/*
 * Ends the call under way and every later one with CANCELLED. May be called
 * from any thread and from a signal handler, until okta_client_free.
 */
OKTA_API void okta_client_cancel(okta_client *client);

/* The origin that requests go to: "https://host[:port]", nothing after it. */
OKTA_API const char *okta_client_org_url(const okta_client *client);

/* Its own copy of the credential, borrowed. */
OKTA_API const okta_credential *
okta_client_credential(const okta_client *client);

/*
 * What would stand behind "Authorization:" in a request now, such as "Bearer
 * ...", for a tool beside this library; a token that is needed for it is
 * obtained. Fails with ARGUMENT where a header alone would not do: for a token
 * bound to a key, a custom credential, none. To be given to okta_text_free.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_client_authorization(okta_client *client, char **out, okta_error *err);

/*
 * Has the org revoke the tokens of the client's DEVICE or SERVICE credential
 * (RFC 7009), refresh token first. All clients that share it are signed out,
 * and what the store keeps is worth nothing. ARGUMENT for any other credential:
 * an API token is never revoked by this.
 */
OKTA_API OKTA_MUST_CHECK okta_status okta_client_sign_out(okta_client *client,
                                                          okta_error *err);

#ifdef __cplusplus
}
#endif

#endif
