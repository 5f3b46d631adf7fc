/* SPDX-License-Identifier: Apache-2.0 */
/*
 * okta.h - manage the API tokens of an Okta organisation.
 *
 * This header is the whole API; read it from the top.
 *
 * Errors     A function that can fail returns okta_status and takes an
 *            okta_error last. It is written on failure only; NULL is allowed.
 *            What does not fit into it (every header, every cause) is in an
 *            optional okta_response.
 * Ownership  What arrives through a "**out" is yours: give it to the _free
 *            of its type. On failure *out is left as it was. Any other
 *            pointer you get is borrowed from the object you asked, and lives
 *            as long as that object. What you pass in is copied.
 * NULL       Every _free takes NULL. Nothing else does unless it says so.
 * Threads    No globals. A client and what was made with it belong to one
 *            thread at a time; different clients may run in different threads.
 *            okta_client_cancel alone may be called from anywhere. Clients
 *            made with one OAuth credential share its tokens, under a lock of
 *            their own: whichever needs it first renews them for all.
 *            The first client of a process initialises libcurl: make it, or
 *            call curl_global_init, before a second thread starts.
 * Text       UTF-8, NUL-terminated. What the org sent is handed on as it came:
 *            escape it before a terminal sees it. The text of an okta_error
 *            is one line and safe to print.
 * Times      int64_t seconds since 1970-01-01T00:00:00Z.
 */
#ifndef OKTA_OKTA_H
#define OKTA_OKTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OKTA_VERSION "0.1.0" /* the build reads it here */
#define OKTA_VERSION_NUMBER 0x000100

#ifdef __GNUC__
#define OKTA_API __attribute__((visibility("default")))
#define OKTA_MUST_CHECK __attribute__((warn_unused_result))
#else
#define OKTA_API
#define OKTA_MUST_CHECK
#endif

typedef struct okta_client okta_client;
typedef struct okta_credential okta_credential;
typedef struct okta_config okta_config;
typedef struct okta_device okta_device;
typedef struct okta_headers okta_headers;
typedef struct okta_response okta_response;
typedef struct okta_api_token okta_api_token;
typedef struct okta_user okta_user;
typedef struct okta_role okta_role;
typedef struct okta_zone okta_zone;
typedef struct okta_event okta_event;
typedef struct okta_page okta_page;
typedef struct okta_iter okta_iter;

/* The version of the library that runs, such as "0.1.0". */
OKTA_API const char *okta_version(void);

/* ------------------------------------------------------------- Errors -- */

typedef enum okta_status {
    OKTA_OK = 0,
    OKTA_DONE,           /* no more pages; not an error, okta_error unset */
    OKTA_ERR_ARGUMENT,   /* the caller's mistake; nothing was sent */
    OKTA_ERR_CONFIG,     /* a configuration that can't be used; nothing sent */
    OKTA_ERR_MEMORY,     /* out of memory */
    OKTA_ERR_CANCELLED,  /* okta_client_cancel, or a callback said so */
    OKTA_ERR_NETWORK,    /* no whole response: DNS, TCP, TLS, broken off */
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
    char code[32];       /* Okta's errorCode, such as "E0000007", or "" */
    char error_id[64];   /* Okta's errorId, or "" */
    char request_id[64]; /* X-Okta-Request-Id, or "" */
    char message[512];   /* one line for a person */
    unsigned char reserved[128];
} okta_error;

/* Returns a short constant name such as "not found". Never NULL. */
OKTA_API const char *okta_status_name(okta_status status);

/* -------------------------------------------------------- Credentials -- */

/*
 * Makes a credential of an API token ("00" and 40 more characters), sent as
 * "Authorization: SSWS ...". Fails with ARGUMENT where token is empty, longer
 * than 256 bytes or holds anything but printable ASCII.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_credential_ssws(const char *token, okta_credential **out, okta_error *err);

/*
 * Makes a credential of an OAuth 2.0 access token that the caller obtained,
 * sent as "Authorization: Bearer ...". At most 16384 bytes; as above.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_credential_bearer(const char *access_token, okta_credential **out,
                       okta_error *err);

/*
 * Makes one that authorises nothing: for a client that is to sign somebody in
 * (okta_device_start). Every other call of that client fails with ARGUMENT.
 */
OKTA_API OKTA_MUST_CHECK okta_status okta_credential_none(okta_credential **out,
                                                          okta_error *err);

/*
 * Where an OAuth credential keeps its tokens between runs. The text is the
 * library's own, holds secrets, and is no use to another credential. Refresh
 * tokens may be spent once: whoever renews them takes the lock, reads what is
 * there by then, and keeps what is new before it gives the lock back. Called by
 * one thread at a time. A function that fails fills err: a status, a message.
 */
typedef struct okta_token_store {
    size_t size; /* set by OKTA_TOKEN_STORE_INIT */
    void *ctx;
    /* Until nobody else, here or in another process, holds it. */
    okta_status (*lock)(void *ctx, okta_error *err);
    void (*unlock)(void *ctx);
    /* What was kept last, allocated with malloc; the library wipes and frees
     * it. *out stays NULL if there is nothing. */
    okta_status (*load)(void *ctx, char **out, okta_error *err);
    /* Keeps text. That this fails is logged; the tokens in memory serve on. */
    okta_status (*save)(void *ctx, const char *text, okta_error *err);
} okta_token_store;

#define OKTA_TOKEN_STORE_INIT { .size = sizeof(okta_token_store) }

/*
 * A service app: it signs what it asks for its access tokens with its private
 * key (private_key_jwt), and needs nobody to sign in. RSA keys of 2048 bits and
 * more sign with RS256 unless alg says RS384 or RS512, EC keys with what their
 * curve takes: ES256, ES384, ES512.
 */
typedef struct okta_service_options {
    size_t size;           /* set by OKTA_SERVICE_OPTIONS_INIT */
    const char *client_id; /* required */
    const char *scopes;    /* a space between them; NULL: of each operation
                              what it needs, when it is first called */
    const char *key;       /* PEM (PKCS#1, PKCS#8, SEC 1) or JWK: either it */
    const char *key_file;  /* or a file's path, which only its owner may read */
    const char *passphrase; /* of an encrypted PEM; NULL: none */
    const char *key_id;     /* NULL: the JWK's own, or none */
    const char *alg;        /* NULL: as above */
    bool dpop; /* bind tokens to a key made here (RFC 9449); where the org
                  wants that it is done unasked */
    const okta_token_store *store; /* NULL: tokens live in memory only */
} okta_service_options;

#define OKTA_SERVICE_OPTIONS_INIT { .size = sizeof(okta_service_options) }

/*
 * Makes a credential of a service app. Sends nothing: the first call of a
 * client does, and it is then for that client's org alone. The private key
 * is never written anywhere. Fails with ARGUMENT, CONFIG (the key can't be had,
 * or is none) or MEMORY. With a store, whether the key is one is seen when the
 * first token is to be asked for, unless it has a passphrase.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_credential_service(const okta_service_options *options,
                        okta_credential **out, okta_error *err);

/* Adds a header to a request; for okta_custom_ops.authorize. Neither may
 * hold a control character. Too many bytes of them fail the call later. */
OKTA_API void okta_headers_add(okta_headers *headers, const char *name,
                               const char *value);

/*
 * A credential of the caller's own making. authorize is called for every
 * request and every repetition of one, url being whole. What it adds is never
 * logged. rejected (NULL: never) is told of a 401 and answers whether one more
 * attempt may go better. Clients of different threads may call them at once.
 */
typedef struct okta_custom_ops {
    size_t size; /* set by OKTA_CUSTOM_OPS_INIT */
    void *ctx;
    okta_status (*authorize)(void *ctx, const char *method, const char *url,
                             okta_headers *headers, okta_error *err);
    bool (*rejected)(void *ctx, const okta_response *response);
    void (*free)(void *ctx); /* when nobody uses it any more; or NULL */
} okta_custom_ops;

#define OKTA_CUSTOM_OPS_INIT { .size = sizeof(okta_custom_ops) }

/* On failure ops->free is not called. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_credential_custom(const okta_custom_ops *ops, okta_credential **out,
                       okta_error *err);

typedef enum okta_credential_kind {
    OKTA_CREDENTIAL_NONE,
    OKTA_CREDENTIAL_SSWS,
    OKTA_CREDENTIAL_BEARER,
    OKTA_CREDENTIAL_SERVICE,
    OKTA_CREDENTIAL_DEVICE, /* somebody signed in: okta_device_wait */
    OKTA_CREDENTIAL_CUSTOM
} okta_credential_kind;

/* What is known of a credential. A plain value, without a secret. */
typedef struct okta_credential_info {
    okta_credential_kind kind;
    bool dpop;           /* the access token is bound to a key */
    int64_t expires_at;  /* of the access token; 0: none yet, or not told */
    char client_id[128]; /* "" where there is none */
    char key_id[256];
    char scopes[1024]; /* granted, or what will be asked for; cut if longer */
    unsigned char reserved[128];
} okta_credential_info;

OKTA_API void okta_credential_describe(const okta_credential *credential,
                                       okta_credential_info *out);

/*
 * The tokens of a DEVICE credential as text, for okta_credential_import: what
 * its store is given, too. It holds secrets. To be given to okta_text_free.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_credential_export(const okta_credential *credential, char **out,
                       okta_error *err);

/* Makes one of such a text. It is for the org that gave the tokens, and for no
 * other. store may be NULL. Fails with ARGUMENT or MEMORY. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_credential_import(const char *text, const okta_token_store *store,
                       okta_credential **out, okta_error *err);

/* Wipes and frees a text of this library's. */
OKTA_API void okta_text_free(char *text);

/* Wipes and frees it. Clients made with it keep a copy of their own. */
OKTA_API void okta_credential_free(okta_credential *credential);

/* ------------------------------------------------------------- Client -- */

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
    const char *ca_file;    /* PEM, in place of the system's store; or NULL */
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
    int reserve; /* of each of the org's rate limits leave others so many
                    percent, by waiting for its reset as if it were used up;
                    0: none; at most 99 */
} okta_client_options;

#define OKTA_CLIENT_OPTIONS_INIT { .size = sizeof(okta_client_options) }
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

/* ---------------------------------------------------- Signing in -- */

/*
 * The device grant (RFC 8628): a person opens a page of the org anywhere, types
 * a code there, signs in and allows what is asked for.
 *
 *     st = okta_device_start(client, &options, &device, &err);
 *     if (st == OKTA_OK) {
 *         printf("Open %s and type %s\n", okta_device_uri(device),
 *                okta_device_user_code(device));
 *         st = okta_device_wait(client, device, &credential, &err);
 *     }
 *
 * Show it to the person at this machine and to nobody else: who sends such a
 * code to others has them sign in for him.
 */
typedef struct okta_device_options {
    size_t size;           /* set by OKTA_DEVICE_OPTIONS_INIT */
    const char *client_id; /* required: of a native app */
    const char *scopes;    /* NULL: to read and manage API tokens, and to stay
                              signed in (offline_access) */
    bool dpop;             /* as of okta_service_options */
} okta_device_options;

#define OKTA_DEVICE_OPTIONS_INIT { .size = sizeof(okta_device_options) }

/* Asks the client's org for a code. The client's credential is not used. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_device_start(okta_client *client, const okta_device_options *options,
                  okta_device **out, okta_error *err);

/* Borrowed. Both URIs have the org's own origin, or okta_device_start failed;
 * the complete one has the code in it, and may be NULL. */
OKTA_API const char *okta_device_user_code(const okta_device *device);
OKTA_API const char *okta_device_uri(const okta_device *device);
OKTA_API const char *okta_device_uri_complete(const okta_device *device);

/* When the code lapses. */
OKTA_API int64_t okta_device_expires_at(const okta_device *device);

/*
 * Asks, as often as the org allows and with OKTA_WAIT_SIGN_IN between, until
 * somebody has decided: a DEVICE credential, or FORBIDDEN (denied), TIMEOUT
 * (the code lapsed), CANCELLED, or a failure. A network that fails for a while
 * is borne with.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_device_wait(okta_client *client, okta_device *device,
                 okta_credential **out, okta_error *err);

/* The same as text, to go on in another process: it holds a secret. To be given
 * to okta_text_free. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_device_export(const okta_device *device, char **out, okta_error *err);
OKTA_API OKTA_MUST_CHECK okta_status
okta_device_import(const char *text, okta_device **out, okta_error *err);

OKTA_API void okta_device_free(okta_device *device);

/* ------------------------------------------------------ Configuration -- */

/*
 * What Okta's tools share: ~/.okta/okta.yaml, ./okta.yaml or ./.okta.yaml, the
 * OKTA_CLIENT_* environment, and what the program is told; the later wins.
 * Keys are named as in okta.yaml below okta.client: "orgUrl", "token",
 * "authorizationMode", "proxy.host", ...
 *
 * A file in the working directory counts only if it is the caller's own and
 * nobody else can write it, and never gives the org, a proxy, a CA or a timeout
 * for a credential from elsewhere. A credential goes only to an org from the
 * same source or one that ranks higher.
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

#define OKTA_CONFIG_OPTIONS_INIT { .size = sizeof(okta_config_options) }

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
 * must be NULL: use okta_config_set. options->credential wins as well, and may
 * go only to an org that okta_config_set gave (okta_credential_none to any).
 * options may be NULL. Fails with CONFIG if there is no org or credential, if
 * the credential may not go to that org, or for a private key that can't be
 * had; else as okta_client_new.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_client_from_config(const okta_config *config,
                        const okta_client_options *options, okta_client **out,
                        okta_error *err);

OKTA_API void okta_config_free(okta_config *config);

/* ---------------------------------------------------------- Responses -- */

/*
 * All that came back for a call: pass one to see more than okta_error holds.
 * Each call that takes one empties it first and fills it if a response came,
 * also when the call fails. With retries it is the last response.
 */
OKTA_API OKTA_MUST_CHECK okta_status okta_response_new(okta_response **out,
                                                       okta_error *err);
OKTA_API void okta_response_free(okta_response *response);

/* HTTP status; 0 if no response came. */
OKTA_API int okta_response_status(const okta_response *response);

/* How many requests were sent for it, the first included. */
OKTA_API int okta_response_attempts(const okta_response *response);

/* The headers in the order they came, names in the case they came in. */
OKTA_API size_t okta_response_header_count(const okta_response *response);
OKTA_API const char *okta_response_header_name(const okta_response *response,
                                               size_t i);
OKTA_API const char *okta_response_header_value(const okta_response *response,
                                                size_t i);

/* The first header of that name, letter case aside, or NULL. */
OKTA_API const char *okta_response_header(const okta_response *response,
                                          const char *name);

/* The body as it came, decompressed; NULL if there is none, and for a page of a
 * list that is not single: the page keeps it. len may be NULL. */
OKTA_API const char *okta_response_body(const okta_response *response,
                                        size_t *len);

/* The target of Link: rel="next" as the org sent it, unchecked; or NULL. */
OKTA_API const char *okta_response_next(const okta_response *response);

/* X-Okta-Request-Id, or NULL. */
OKTA_API const char *okta_response_request_id(const okta_response *response);

/* Okta's error body. NULL (count 0) where it was not there. */
OKTA_API const char *okta_response_error_code(const okta_response *response);
OKTA_API const char *okta_response_error_summary(const okta_response *response);
OKTA_API const char *okta_response_error_link(const okta_response *response);
OKTA_API const char *okta_response_error_id(const okta_response *response);
OKTA_API size_t okta_response_cause_count(const okta_response *response);
OKTA_API const char *okta_response_cause(const okta_response *response,
                                         size_t i);

/*
 * What WWW-Authenticate says; OAuth failures have no body. param is "error",
 * "error_description", "scope", "realm", ...; NULL where it is not there. With
 * several challenges, the first that has the parameter.
 */
OKTA_API const char *okta_response_challenge(const okta_response *response,
                                             const char *param);

/* X-Rate-Limit-Limit, -Remaining, -Reset (a time); -1 where it is not there. */
OKTA_API int64_t okta_response_rate_limit(const okta_response *response);
OKTA_API int64_t okta_response_rate_remaining(const okta_response *response);
OKTA_API int64_t okta_response_rate_reset(const okta_response *response);

/* --------------------------------------------------------- API tokens -- */

/*
 * Ids are 1 to 64 letters, digits, "_" or "-". "current", and what has the
 * shape of a secret, is refused with ARGUMENT and never sent; a message does
 * not repeat it. response may be NULL everywhere.
 */

/* Fetches the metadata of one token: GET /api/v1/api-tokens/{id}. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_get(okta_client *client, const char *id, okta_response *response,
                   okta_api_token **out, okta_error *err);

/*
 * Revokes one token: DELETE /api/v1/api-tokens/{id}. A token that is not there
 * is NOT_FOUND; but where the answer to an earlier attempt of this same call
 * was lost, NOT_FOUND means that it worked, and OKTA_OK is returned.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_revoke(okta_client *client, const char *id,
                      okta_response *response, okta_error *err);

/*
 * Revokes the token the client authenticates with: DELETE
 * /api/v1/api-tokens/current. Only for okta_credential_ssws; with another
 * credential ARGUMENT, and nothing is sent. A lost answer is treated as above,
 * with AUTH in place of NOT_FOUND.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_revoke_current(okta_client *client, okta_response *response,
                              okta_error *err);

/*
 * From where a token may be used. With "ZONE", include or exclude name network
 * zones by id ("nzo..."), or "ALL_ZONES" for any zone of the org.
 */
typedef struct okta_network {
    size_t size;            /* set by OKTA_NETWORK_INIT */
    const char *connection; /* required: "ANYWHERE" or "ZONE" */
    const char *const *include;
    size_t include_count;
    const char *const *exclude;
    size_t exclude_count;
} okta_network;

#define OKTA_NETWORK_INIT { .size = sizeof(okta_network) }

/*
 * Changes from where a token may be used: PUT /api/v1/api-tokens/{id}. token
 * is the token as just read: its name, userId, clientName and created are
 * sent as they were. *out, unless out is NULL, is what the org answered.
 * Retried only where nothing had been sent, or after a 429.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_set_network(okta_client *client, const okta_api_token *token,
                           const okta_network *network, okta_response *response,
                           okta_api_token **out, okta_error *err);

OKTA_API void okta_api_token_free(okta_api_token *token);

/*
 * The fields, as sent. Borrowed. id and name are never NULL; the others are
 * where the org left them out or sent null.
 */
OKTA_API const char *okta_api_token_id(const okta_api_token *token);
OKTA_API const char *okta_api_token_name(const okta_api_token *token);
OKTA_API const char *okta_api_token_user_id(const okta_api_token *token);
OKTA_API const char *okta_api_token_client_name(const okta_api_token *token);
OKTA_API const char *okta_api_token_token_window(const okta_api_token *token);
OKTA_API const char *okta_api_token_expires_at(const okta_api_token *token);
OKTA_API const char *okta_api_token_created(const okta_api_token *token);
OKTA_API const char *okta_api_token_last_updated(const okta_api_token *token);

/* network.connection ("ANYWHERE", "ZONE", or NULL) and its two lists. NULL
 * from the count on. */
OKTA_API const char *okta_api_token_connection(const okta_api_token *token);
OKTA_API size_t okta_api_token_include_count(const okta_api_token *token);
OKTA_API const char *okta_api_token_include(const okta_api_token *token,
                                            size_t i);
OKTA_API size_t okta_api_token_exclude_count(const okta_api_token *token);
OKTA_API const char *okta_api_token_exclude(const okta_api_token *token,
                                            size_t i);

/* _links.self.href and _links.user.href (also read as _link). */
OKTA_API const char *okta_api_token_self_href(const okta_api_token *token);
OKTA_API const char *okta_api_token_user_href(const okta_api_token *token);

/*
 * The token's JSON object, byte for byte as the org sent it, fields that this
 * library does not know included. Not NUL-terminated: *len bytes.
 */
OKTA_API const char *okta_api_token_json(const okta_api_token *token,
                                         size_t *len);

/*
 * When it was created, was last changed or used, and lapses. False, and *out as
 * it was, where the org did not say or said it unreadably.
 */
OKTA_API bool okta_api_token_created_time(const okta_api_token *token,
                                          int64_t *out);
OKTA_API bool okta_api_token_last_updated_time(const okta_api_token *token,
                                               int64_t *out);
OKTA_API bool okta_api_token_expires_at_time(const okta_api_token *token,
                                             int64_t *out);

typedef enum okta_usage {
    OKTA_USAGE_UNKNOWN, /* the window is null or unreadable */
    OKTA_USAGE_NEVER,   /* not once since it was created */
    OKTA_USAGE_USED
} okta_usage;

/*
 * Whether and when it was last used: expiresAt - tokenWindow, within about a
 * minute, since the org counts uses that close as one. lastUpdated can't tell:
 * a change of the network condition moves it too. *last_used (NULL allowed) is
 * written for USED only.
 */
OKTA_API okta_usage okta_api_token_usage(const okta_api_token *token,
                                         int64_t *last_used);

/* -------------------------------------------------------------- Lists -- */

typedef struct okta_list_options {
    size_t size;       /* set by OKTA_LIST_OPTIONS_INIT */
    const char *q;     /* only tokens whose name or clientName holds this text,
                          ASCII letter case aside; NULL: all */
    const char *after; /* a cursor from okta_page_cursor; NULL: the beginning */
    int limit;         /* tokens a page, 1 to 200; 0: as the org likes */
    bool single;       /* one page only: the next is not asked for ahead */
} okta_list_options;

#define OKTA_LIST_OPTIONS_INIT { .size = sizeof(okta_list_options) }

/*
 * Lists the tokens, one page at a time: GET /api/v1/api-tokens.
 *
 *     okta_page *page = NULL;
 *     okta_error err;
 *     okta_status st = okta_api_token_list(client, NULL, NULL, &page, &err);
 *
 *     while (st == OKTA_OK) {
 *         for (size_t i = 0; i < okta_page_count(page); i++)
 *             show(okta_page_api_token(page, i));
 *         st = okta_page_next(client, page, NULL, &err);
 *     }
 *     okta_page_free(page);
 *     if (st != OKTA_DONE)
 *         complain(&err);
 *
 * An org may ignore q and limit: both are applied here too, so that a page
 * never holds more than limit tokens nor one that does not match. A page may
 * be empty without being the last. While a page's body still arrives, the next
 * one is asked for; at most two are in memory. options may be NULL.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_list(okta_client *client, const okta_list_options *options,
                    okta_response *response, okta_page **out, okta_error *err);

/*
 * Replaces what page holds by the next page. Returns OKTA_DONE when there is
 * none. On DONE and on failure page keeps what it held; after a failure the
 * call may be repeated.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_page_next(okta_client *client, okta_page *page, okta_response *response,
               okta_error *err);

OKTA_API size_t okta_page_count(const okta_page *page);

/* Borrowed from page until okta_page_next or okta_page_free. i < count. Each is
 * for pages of its own kind of list; NULL for those of another. */
OKTA_API const okta_api_token *okta_page_api_token(const okta_page *page,
                                                   size_t i);
OKTA_API const okta_role *okta_page_role(const okta_page *page, size_t i);
OKTA_API const okta_zone *okta_page_zone(const okta_page *page, size_t i);
OKTA_API const okta_event *okta_page_event(const okta_page *page, size_t i);

/* Whether okta_page_next has more to give, as far as is known by now. */
OKTA_API bool okta_page_more(const okta_page *page);

/*
 * The cursor to go on from after this page, for okta_list_options.after; or
 * NULL: on the last page, and where this page was cut on our side out of a
 * larger one, since going on from the org's cursor would lose tokens.
 */
OKTA_API const char *okta_page_cursor(const okta_page *page);

OKTA_API void okta_page_free(okta_page *page);

/*
 * The same token by token. client must outlive the iterator.
 *
 *     while ((st = okta_iter_next(iter, &token, &err)) == OKTA_OK)
 *         show(token);
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_iter(okta_client *client, const okta_list_options *options,
                    okta_iter **out, okta_error *err);

/* *out is borrowed until the next call. OKTA_DONE after the last token. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_iter_next(okta_iter *iter, const okta_api_token **out, okta_error *err);

OKTA_API void okta_iter_free(okta_iter *iter);

/* ------------------------------------------------------------- Audits -- */

/*
 * What an audit reads beside tokens, as far as it needs it: whose a token is,
 * what its owner may do, from where it may be used, and from where it was. The
 * fields are as sent, borrowed, and NULL where the org left them out or sent
 * null, unless it says otherwise. Each takes a right of its own: FORBIDDEN
 * where the credential lacks it.
 */

/* Fetches a user by id: GET /api/v1/users/{id} (okta.users.read). */
OKTA_API OKTA_MUST_CHECK okta_status
okta_user_get(okta_client *client, const char *id, okta_response *response,
              okta_user **out, okta_error *err);

/* Fetches whoever the credential acts for: GET /api/v1/users/me. With an API
 * token its owner may always; NOT_FOUND for a service app, which is nobody. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_user_me(okta_client *client, okta_response *response, okta_user **out,
             okta_error *err);

OKTA_API void okta_user_free(okta_user *user);

/* id is never NULL. status: "ACTIVE", "SUSPENDED", "DEPROVISIONED", ...; login
 * is that of the profile. */
OKTA_API const char *okta_user_id(const okta_user *user);
OKTA_API const char *okta_user_status(const okta_user *user);
OKTA_API const char *okta_user_login(const okta_user *user);

/*
 * Lists the admin roles of a user, those through groups too: GET
 * /api/v1/users/{id}/roles (okta.roles.read), with okta_page_role and
 * okta_page_next. Who is no admin has none.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_user_roles(okta_client *client, const char *user_id,
                okta_response *response, okta_page **out, okta_error *err);

/* type is never NULL: "SUPER_ADMIN", ...; of a "CUSTOM" one the label tells
 * which. status: "ACTIVE", "INACTIVE". assignment_type: "USER", "GROUP". */
OKTA_API const char *okta_role_type(const okta_role *role);
OKTA_API const char *okta_role_label(const okta_role *role);
OKTA_API const char *okta_role_status(const okta_role *role);
OKTA_API const char *okta_role_assignment_type(const okta_role *role);

/*
 * Lists the network zones: GET /api/v1/zones (okta.networkZones.read), with
 * okta_page_zone and okta_page_next.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_zone_list(okta_client *client, okta_response *response, okta_page **out,
               okta_error *err);

/* id and name are never NULL. type: "IP", "DYNAMIC", ...; status: "ACTIVE",
 * "INACTIVE". */
OKTA_API const char *okta_zone_id(const okta_zone *zone);
OKTA_API const char *okta_zone_name(const okta_zone *zone);
OKTA_API const char *okta_zone_type(const okta_zone *zone);
OKTA_API const char *okta_zone_status(const okta_zone *zone);

/* Of an IP zone, "192.0.2.0/24" or "192.0.2.1-192.0.2.9"; NULL from the count
 * on. Where the org sent one that is no text, there are none, and unreadable is
 * true. */
OKTA_API bool okta_zone_gateways_unreadable(const okta_zone *zone);
OKTA_API size_t okta_zone_gateway_count(const okta_zone *zone);
OKTA_API const char *okta_zone_gateway(const okta_zone *zone, size_t i);

typedef struct okta_event_options {
    size_t size;        /* set by OKTA_EVENT_OPTIONS_INIT */
    const char *filter; /* such as "eventType eq \"system.api_token.create\"";
                           NULL: all */
    int64_t since;      /* from this time on; 0: as the org likes (7 days) */
    int limit;          /* events a page, 1 to 1000; 0: as the org likes */
    bool descending;    /* the newest first */
    bool single;        /* one page only: the next is not asked for ahead */
} okta_event_options;

#define OKTA_EVENT_OPTIONS_INIT { .size = sizeof(okta_event_options) }

/*
 * Lists events of the System Log: GET /api/v1/logs (okta.logs.read), with
 * okta_page_event and okta_page_next. options may be NULL.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_event_list(okta_client *client, const okta_event_options *options,
                okta_response *response, okta_page **out, okta_error *err);

/* type is never NULL. address is whence the request came, token_id the token
 * that it was made with. */
OKTA_API const char *okta_event_type(const okta_event *event);
OKTA_API const char *okta_event_address(const okta_event *event);
OKTA_API const char *okta_event_token_id(const okta_event *event);

/* When; false, and *out as it was, where it is not said or can't be read. */
OKTA_API bool okta_event_published_time(const okta_event *event, int64_t *out);

#ifdef __cplusplus
}
#endif

#endif
