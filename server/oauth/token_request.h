/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token_request.h - one request for tokens, on its way through the token
 * endpoint.
 *
 * What may be wrong is looked at twice by the same function: where the request
 * is read, so that most refusals cost no change, and in the writer's
 * transaction, where nothing can come between the look and the change.
 */
#ifndef ORGD_TOKEN_REQUEST_H
#define ORGD_TOKEN_REQUEST_H

#include "server/oauth/access_token.h"
#include "server/oauth/client_auth.h"
#include "server/oauth/dpop.h"
#include "server/oauth/oauth.h"

struct issue;

/* One grant_type. */
struct issue_kind {
    const char *grant_type;
    bool for_service; /* for services alone; else for all others */
    /* Reads the form. */
    struct oauth_fault (*read)(struct request *r, const struct form *form,
                               struct issue *issue);
    /* Finds out whose tokens they are to be. FAILED: the store broke. Else
     * issue->fault says what is wrong, if anything is. */
    store_status (*decide)(struct store *store, const struct request *r,
                           struct issue *issue);
    /* Makes the change, after decide found nothing wrong. */
    store_status (*apply)(struct store *store, const struct request *r,
                          struct issue *issue);
};

extern const struct issue_kind issue_service;
extern const struct issue_kind issue_device;
extern const struct issue_kind issue_code;
extern const struct issue_kind issue_refresh;

struct issue {
    const struct issue_kind *kind;
    struct client client;
    struct dpop dpop; /* jkt "": no proof came */
    struct oauth_fault fault;

    unsigned char hash[SECRET_HASH_LEN]; /* of the code or token that came */
    char challenge[OKT_SHA256_TEXT];     /* of the code_verifier */
    char redirect_uri[1024];

    struct access access; /* what is issued */
    char login[STORE_NAME_MAX + 1];
    bool stolen; /* access.grant_id was: it dies with its tokens */
    bool again;  /* the answer is taken for lost, and given anew; */
    char lost[ACCESS_JTI_MAX + 1]; /* with it went that access token, or, of a
                                      device, that grant */
    bool refreshes;                /* there is a refresh token */
    bool active;                   /* the user's status, from the last look */
    char grant_jkt[OKT_SHA256_TEXT];
    int64_t refresh_expires;
    char refresh[OKT_SECRET_LEN + 1];
    unsigned char refresh_hash[SECRET_HASH_LEN];
};

/* A fault with status 400. */
struct oauth_fault issue_fault(const char *error, const char *description);

/* Hashes a secret out of the form. */
struct oauth_fault issue_secret(const struct form *form, const char *name,
                                const char *invalid, struct issue *issue);

/* Looks at the user of issue->access: login, and whether active. */
store_status issue_user(struct store *store, struct issue *issue);

/* Makes the grant of issue->access, with a refresh token if it is to have one.
 */
store_status issue_grant(struct store *store, struct issue *issue);

/* Adds an event about the client that asks. */
store_status issue_event(struct store *store, const struct request *r,
                         const struct issue *issue, const char *type);

#endif
