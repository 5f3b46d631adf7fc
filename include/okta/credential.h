/* SPDX-License-Identifier: Apache-2.0 */
/* credential.h - what authorises requests: API tokens and OAuth 2.0. */
#ifndef OKTA_CREDENTIAL_H
#define OKTA_CREDENTIAL_H

#include <okta/base.h>
#include <okta/error.h>

#ifdef __cplusplus
extern "C" {
#endif

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
    /* Makes room for what save will be given, or NULL. Called with the lock
     * held before a refresh token is spent, which is not done where this fails;
     * unlock gives back what save did not use. */
    okta_status (*reserve)(void *ctx, okta_error *err);
} okta_token_store;

#define OKTA_TOKEN_STORE_INIT OKTA_SIZED_(okta_token_store)

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
    const char *key;       /* PEM (PKCS#1, PKCS#8, SEC 1, OpenSSH) or JWK: it */
    const char *key_file;  /* or a file's path, which only its owner may read */
    const char *passphrase; /* of an encrypted PEM; NULL: none */
    const char *key_id;     /* NULL: the JWK's own, or none */
    const char *alg;        /* NULL: as above */
    bool dpop; /* bind tokens to a key made here (RFC 9449); where the org
                  wants that it is done unasked */
    const okta_token_store *store; /* NULL: tokens live in memory only */
} okta_service_options;

#define OKTA_SERVICE_OPTIONS_INIT OKTA_SIZED_(okta_service_options)

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

#define OKTA_CUSTOM_OPS_INIT OKTA_SIZED_(okta_custom_ops)

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

#ifdef __cplusplus
}
#endif

#endif
