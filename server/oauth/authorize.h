/* SPDX-License-Identifier: Apache-2.0 */
/*
 * authorize.h - what an app asks a browser to have allowed (RFC 6749, 4.1), and
 * the code that it is given.
 */
#ifndef ORGD_AUTHORIZE_H
#define ORGD_AUTHORIZE_H

#include <stdbool.h>

#include "jose/base64url.h"
#include "server/request/form.h"
#include "server/request/request.h"

enum {
    AUTHORIZE_URI_MAX = 1023,
    AUTHORIZE_STATE_MAX = 1023,
    CODE_SECONDS = 300 /* how long a code is good */
};

struct authorization {
    char client_id[OKT_ID_MAX + 1];
    char app_name[STORE_NAME_MAX + 1];
    char allowed[STORE_SCOPES_MAX + 1]; /* that the app may ask for */
    char scopes[STORE_SCOPES_MAX + 1];  /* that it asks for */
    char redirect_uri[AUTHORIZE_URI_MAX + 1];
    char state[AUTHORIZE_STATE_MAX + 1];
    char challenge[OKT_SHA256_TEXT];
    bool silent;             /* nobody may be asked anything */
    const char *error;       /* NULL: none; else the app is told */
    const char *description; /* and why, a constant text */
    char code[OKT_SECRET_LEN + 1];
};

/*
 * Reads a request, of a query or a form that is sent back. NULL: out says where
 * to send the browser, with an error or, after asking, with a code. Else the
 * browser is sent nowhere: what is wrong is told to whoever sits there, in this
 * constant text; "" where the store failed.
 */
const char *authorize_read(const struct request *request,
                           const struct form *form, struct authorization *out);

/* Fills code, and keeps it for that user, with its event; in the writer's
 * transaction. */
store_status authorize_grant(struct store *store, const struct request *request,
                             struct authorization *authorization,
                             const char *user_id, const char *login);

/* Appends where the browser is sent: with the error, or else the code. */
void authorize_location(const char *issuer,
                        const struct authorization *authorization,
                        struct okt_buf *out);

#endif
