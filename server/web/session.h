/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - which browser a request comes from, and who is signed in there.
 *
 * A browser is known by a random id in a cookie, from the first page on. Where
 * somebody signs in it gets a new one, of which the store keeps the hash; so an
 * id that was there before, whoever planted it, never becomes a session. The
 * token in every form is an HMAC of the id, so it is good for that browser and,
 * with the id, ends at sign-in and at sign-out.
 */
#ifndef ORGD_SESSION_H
#define ORGD_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "server/request/request.h"
#include "server/store/store.h"

enum {
    SESSION_IDLE = 7200,  /* seconds unused, after which it ends */
    SESSION_LIFE = 43200, /* seconds from sign-in, after which it ends */
    SESSION_NOTED = 60,   /* how exactly its uses are kept */
    FORM_TOKEN_LEN = 2 * SECRET_HASH_LEN
};

struct session {
    char id[SESSION_ID_LEN + 1];
    char user_id[OKT_ID_MAX + 1]; /* "": nobody is signed in */
    char login[STORE_NAME_MAX + 1];
    char roles[1024]; /* a comma between them; empty ones may be among them */
};

/*
 * Finds out whose browser it is. One without an id gets one, by a field of the
 * reply. A session that is alive is thereby used. FAILED: the store, or random
 * bytes.
 */
store_status session_read(struct request *request, struct session *out);

static inline bool session_is_signed_in(const struct session *session)
{
    return session->user_id[0] != '\0';
}

/* Whether the user has any admin role, and with that something to allow. */
bool session_has_role(const struct session *session);

/* In the writer's transaction: NOT_FOUND where the session has ended since it
 * was read. */
store_status session_check(struct store *store, const struct request *request,
                           const struct session *session);

/* In the writer's transaction: ends the old session, if it is one, begins one
 * of that user in its place, and sweeps those that are over. */
store_status session_begin(struct store *store, const struct request *request,
                           const struct session *old,
                           const struct session *with);

/* The same for its end. OK if it was none. */
store_status session_end(struct store *store, const struct request *request,
                         const struct session *session);

/* Adds the field to the reply with which the browser keeps that id; "": with
 * which it forgets the one it has. */
void session_set_cookie(struct request *request, const char *id);

/* The token that a form of this browser's must bring along. False: no memory.
 */
bool session_token(const struct org *org, const struct session *session,
                   char out[static FORM_TOKEN_LEN + 1]);

/* Whether it is that one. */
bool session_token_is(const struct org *org, const struct session *session,
                      const char *token);

#endif
