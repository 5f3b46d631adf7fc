/* SPDX-License-Identifier: Apache-2.0 */
/* oauth.h - what the files of OAuth 2.0 share. */
#ifndef OKT_OAUTH_H
#define OKT_OAUTH_H

#include <pthread.h>

#include "jose/key.h"
#include "lib/internal.h"

#define OKT_PATH_TOKEN "/oauth2/v1/token"
#define OKT_PATH_REVOKE "/oauth2/v1/revoke"
#define OKT_PATH_DEVICE "/oauth2/v1/device/authorize"

enum {
    OKT_CLIENT_ID_MAX = 127,
    OKT_SCOPES_MAX = 4096,
    OKT_NONCE_MAX = 1024,
    OKT_STATE_MAX = 64 * 1024 /* tokens as text */
};

/* ------------------------------------------------- Tokens (tokens.c) -- */

struct okt_tokens {
    char *access;    /* NULL: none */
    char *refresh;   /* NULL: none */
    char *scopes;    /* granted; NULL: not told */
    bool bound;      /* to the key that proved the request for them */
    int64_t expires; /* 0: not told */
    int64_t renew;   /* when to, from then on; 0: never unasked */
};

#define OKT_TOKENS_AUTO \
    __attribute__((cleanup(okt_tokens_clear))) struct okt_tokens

void okt_tokens_clear(struct okt_tokens *tokens);

/* Reads a token endpoint's answer. PROTOCOL, MEMORY. */
okta_status okt_tokens_read(const struct okt_buf *body, okta_client *client,
                            struct okt_tokens *out, okta_error *err);

/* Whether they can be used at that time. */
bool okt_tokens_are_good(const struct okt_tokens *tokens, int64_t now);

/* ---------------------------------------------------- State (oauth.c) -- */

/*
 * An OAuth credential as all its copies share it; each has a reference. What
 * stands below lock changes, and is read and written under it.
 */
struct okt_oauth {
    atomic_uint refs;
    okta_credential_kind kind; /* SERVICE or DEVICE */
    char *client_id;
    char *scopes;        /* as told; NULL: those that operations need */
    struct okt_key *key; /* of a service app; NULL: see okt_service_key */
    okt_secret *key_text;
    char *alg_name; /* as told, or NULL */
    enum okt_alg alg;
    char *key_id;           /* or NULL */
    okta_token_store store; /* size 0: none */

    pthread_mutex_t lock;
    pthread_cond_t settled; /* a renewal has ended */
    bool busy;              /* one is under way */
    okta_error failed;      /* how the last one ended */
    unsigned failed_for;    /* which scopes it was to get */
    uint64_t rounds;        /* how many have ended */
    uint64_t generation;    /* of the tokens */
    struct okt_tokens tokens;
    unsigned asked;            /* for these scopes; see okt_scope_of */
    char *org_url;             /* whose they are; NULL: not known yet */
    struct okt_key *proof_key; /* for DPoP; NULL: none */
    char *nonce;               /* the org's last, for proofs; or NULL */
    okta_error dead;           /* why there will be no tokens; OK: alive */
    bool spent;                /* the refresh token, as far as can be told */
};

typedef struct okt_oauth okt_oauth;

okta_status okt_oauth_new(okta_credential_kind kind, const char *client_id,
                          const char *scopes, okt_oauth **out, okta_error *err);
okt_oauth *okt_oauth_ref(okt_oauth *oauth);
void okt_oauth_unref(okt_oauth *oauth);

AUTO_DEFINE(okt_oauth, okt_oauth_unref)

/*
 * Sees to it that a service app's key is there. Where tokens are kept, it is
 * made of its text when the first are asked for: a program that only uses those
 * there are is spared that, which takes longer than all else of its start.
 */
okta_status okt_service_key(okt_oauth *oauth, okta_error *err);

/* Makes a key for proofs, unless there is one. */
okta_status okt_oauth_bind(okt_oauth *oauth, okta_error *err);

/* Makes the credential, and takes the reference on success. */
okta_status okt_oauth_credential(okt_oauth *oauth, okta_credential **out,
                                 okta_error *err);

/* Puts tokens in place of those there were, and empties *tokens. Under lock. */
void okt_oauth_install(okt_oauth *oauth, struct okt_tokens *tokens);

/* Checks that tokens are bound to a key if, and only if, a key was shown. Those
 * that were to be bound and are not are revoked. PROTOCOL. Not under lock. */
okta_status okt_oauth_check_bound(okt_oauth *oauth, okta_client *client,
                                  const struct okt_tokens *tokens,
                                  okta_error *err);

/* Checks that the tokens are for the client's org, and sees to it from now on.
 * Under lock. */
okta_status okt_oauth_check_org(okt_oauth *oauth, const okta_client *client,
                                okta_error *err);

/* A copy of the store's functions, if there is a whole one; or ARGUMENT. */
okta_status okt_store_copy(const okta_token_store *from, okta_token_store *to,
                           okta_error *err);

/* The shared state of an OAuth credential; NULL: it is none. */
okt_oauth *okt_oauth_of(const okta_credential *credential);

/* ---------------------------------------------- Renewals (renew.c) -- */

/*
 * Gets tokens for those scopes, from the store or the org, and installs them.
 * Not under lock, but busy.
 */
okta_status okt_oauth_renew(okt_oauth *oauth, okta_client *client,
                            unsigned need, okta_error *err);

/* Takes over what another process has kept in the store, of which the lock is
 * held. Not under lock, but busy. */
okta_status okt_oauth_reread(okt_oauth *oauth, okta_client *client,
                             okta_error *err);

/* The bit of the scope that an operation needs; 0: none that is known. */
unsigned okt_scope_of(const char *method, const char *path);

/* Appends the names of those bits, a space between. */
void okt_scope_names(unsigned bits, struct okt_buf *out);

/* ------------------------------------------------- As text (state.c) -- */

/* Appends what okta_credential_import takes. Under lock. */
okta_status okt_oauth_write(const okt_oauth *oauth, struct okt_buf *out,
                            okta_error *err);

/* Makes a state of such a text, which is of a sign-in. */
okta_status okt_oauth_import(const char *text, okt_oauth **out,
                             okta_error *err);

/* Reads the tokens and the key for proofs of such a text, if it is of the same
 * kind, client and org; *found false: it is not. Takes no lock. */
okta_status okt_oauth_read(const okt_oauth *oauth, const char *text,
                           struct okt_tokens *tokens, okt_key **proof_key,
                           bool *found, okta_error *err);

/* ----------------------------------------------------- Forms (form.c) -- */

struct okt_field {
    const char *name;
    const char *value; /* NULL: left out */
    bool secret;       /* struck out of logs and answers */
};

enum okt_form_kind {
    OKT_FORM_PLAIN,
    OKT_FORM_PROVED,  /* each attempt with a proof, if oauth has a key for it */
    OKT_FORM_ONE_TIME /* so, too; and it spends something that is accepted once:
                         see one_time of okt_call */
};

/*
 * POSTs a form to the client's org, each attempt with an assertion of its own
 * if oauth has a key. Ends as okt_call_finish does.
 */
okta_status okt_form_post(okt_oauth *oauth, okta_client *client,
                          const char *path, const struct okt_field *fields,
                          size_t count, enum okt_form_kind kind,
                          okta_response *response, okta_error *err);

/* ---------------------------------------------------- Proofs (proof.c) -- */

/*
 * Appends a DPoP proof (RFC 9449) for one request; the query is left out of
 * url. nonce and access may be NULL.
 */
okta_status okt_proof_write(const struct okt_key *key, const char *method,
                            const char *url, const char *nonce,
                            const char *access, int64_t now,
                            struct okt_buf *out, okta_error *err);

/* Appends an assertion of the client's (RFC 7523) for that endpoint. */
okta_status okt_assertion_write(const okt_oauth *oauth, const char *url,
                                int64_t now, struct okt_buf *out,
                                okta_error *err);

/* Adds the header of a proof for the call, and sets call->proved. Not under
 * lock. *text (NULL allowed) gets a copy of the proof. */
okta_status okt_proof_add(okt_oauth *oauth, struct okt_call *call,
                          const char *access, okta_headers *headers,
                          struct okt_buf *text, okta_error *err);

/* Keeps the nonce that an answer brought. False: it brought none. */
bool okt_nonce_keep(okt_oauth *oauth, const okta_response *response);

/* "why" of jose/ as an error of that status. */
okta_status okt_fail_jose(okta_error *err, okta_status status, const char *what,
                          const char *why);

#endif
