/* SPDX-License-Identifier: Apache-2.0 */
/* session.h - what a command works with: arguments, settings, the client. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <okta/okta.h>

#include "base/mem.h"
#include "cli/output/pager.h"
#include "cli/signin/token_store.h"
#include "cli/state/profile.h"
#include "cli/term/args.h"
#include "cli/term/fail.h"
#include "cli/term/wait.h"

AUTO_DEFINE(okta_api_token, okta_api_token_free)
AUTO_DEFINE(okta_client, okta_client_free)
AUTO_DEFINE(okta_credential, okta_credential_free)
AUTO_DEFINE(okta_iter, okta_iter_free)
AUTO_DEFINE(okta_page, okta_page_free)
AUTO_DEFINE(okta_user, okta_user_free)

struct audit;

struct session {
    const struct args *args;
    okta_config *config;      /* NULL until session_configure */
    struct profile profile;   /* signed in with; name NULL: none */
    struct profile earlier;   /* that login signs in to again; or none */
    bool locked;              /* this command holds that profile's lock */
    struct token_store store; /* where its tokens are kept */
    okta_client *client;      /* NULL until session_open */
    okta_response *response;  /* of the last call */
    okta_response *log;       /* of the last read of the System Log; or NULL */
    int64_t started;          /* when this run began */
    struct wait wait;
    struct audit *audit; /* what --with asks for; or NULL */
    struct pager pager;  /* that standard output goes through */
};

#define SESSION_AUTO __attribute__((cleanup(session_close))) struct session

/*
 * Reads the settings: files, environment, options. Sends and asks nothing.
 * These return an exit code; not EXIT_OK: it has been said why not.
 */
int session_configure(struct session *session);

/* Whether an org is set; says so if not. */
int session_check_org(const struct session *session);

/* A setting to sign in with, unless it is from the working directory's file,
 * which may be anybody's. */
const char *session_sign_in_setting(const struct session *session,
                                    const char *key);

/* The org's URL as the client will use it, to be freed; session_configure, if
 * it has not been. */
int session_org(struct session *session, char **out);

/* session_configure, if it has not been; the credential, asked for on the
 * terminal if there is none; the client. */
int session_open(struct session *session);

/* The client, in place of one that there is, with that credential; NULL: the
 * one that the settings give. */
int session_connect(struct session *session, const okta_credential *credential);

void session_close(struct session *session);

typedef void session_token_fn(const okta_api_token *token, void *ctx);

/* Shows visit each token of the org, to the list's end; what names the reason
 * in an error. */
int session_each_token(struct session *session, const char *what,
                       session_token_fn *visit, void *ctx);

/* Whether a person can be asked, see terminal_present. */
bool session_has_terminal(const struct session *session);

/* Fails with what the library said about the call named by what. */
int session_fail(const struct session *session, const char *what,
                 const okta_error *err);

#endif
