/* SPDX-License-Identifier: Apache-2.0 */
/* oauth.h - what the endpoints of OAuth 2.0 share, and the endpoints. */
#ifndef ORGD_OAUTH_H
#define ORGD_OAUTH_H

#include "server/oauth/client_auth.h"
#include "server/request/form.h"
#include "server/request/request.h"

#define PATH_DEVICE "/oauth2/v1/device/authorize"
#define PATH_TOKEN "/oauth2/v1/token"
#define PATH_AUTHORIZE "/oauth2/v1/authorize"
#define PATH_REVOKE "/oauth2/v1/revoke"
#define PATH_INTROSPECT "/oauth2/v1/introspect"
#define PATH_KEYS "/oauth2/v1/keys"
#define PATH_OPENID "/.well-known/openid-configuration"
#define PATH_METADATA "/.well-known/oauth-authorization-server"
#define PATH_ORGANIZATION "/.well-known/okta-organization"

#define GRANT_DEVICE "urn:ietf:params:oauth:grant-type:device_code"
#define GRANT_SERVICE "client_credentials"
#define GRANT_CODE "authorization_code"
#define GRANT_REFRESH "refresh_token"

/*
 * How long after its use a refresh token or a device code is answered once
 * more, as Okta's rotation has it: its answer may have been lost.
 */
enum { GRACE_DEFAULT = 30, GRACE_MAX = 60 };

/* An error that a request comes to; error NULL: none. Constant texts. */
struct oauth_fault {
    int status;
    const char *error;
    const char *description;
};

/* Fills the reply with {"error", "error_description"}; returns status. */
int oauth_error(struct request *request, int status, const char *error,
                const char *description);
int oauth_fault(struct request *request, const struct oauth_fault *fault);

/* Reads the request's form. Returns 200, or the status of the reply. */
int oauth_form(struct request *request, struct form *out);

/* The same, with the parameters of the target among those of the form. */
int oauth_form_or_query(struct request *request, struct form *out);

/* Reads a scope, and appends to out what of it the client gets. */
struct oauth_fault oauth_scopes(const struct client *client, const char *scope,
                                struct okt_buf *out);

/*
 * Makes what an org keeps in memory for them; dir is its data folder, and must
 * outlive it. False: no memory, or no random bytes. oauth_stop frees it, and
 * may be called in any case.
 */
bool oauth_start(struct org *org, const char *dir);
void oauth_stop(struct org *org);

/* The endpoints, as route.h has them. */
int oauth_device(struct request *request, const char *id);
int oauth_device_done(struct request *request, const char *id);
int oauth_token(struct request *request, const char *id);
int oauth_token_done(struct request *request, const char *id);
int oauth_revoke(struct request *request, const char *id);
int oauth_revoke_done(struct request *request, const char *id);
int oauth_introspect(struct request *request, const char *id);
int oauth_introspect_done(struct request *request, const char *id);
int oauth_keys(struct request *request, const char *id);
int oauth_metadata(struct request *request, const char *id);
int oauth_organization(struct request *request, const char *id);

#endif
