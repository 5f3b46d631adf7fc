/* SPDX-License-Identifier: Apache-2.0 */
/* request.h - one request, from its target to its answer. No sockets here. */
#ifndef ORGD_REQUEST_H
#define ORGD_REQUEST_H

#include "base/buf.h"
#include "server/http/listen.h"
#include "server/org/org.h"
#include "server/org/writer.h"
#include "server/request/limits.h"
#include "server/request/route.h"
#include "server/store/store.h"
#include "wire/api.h"

enum {
    REQUEST_LATER = 0,  /* no status yet: the change that was asked for first */
    REQUEST_AGAIN = -1, /* nor here: request_answer once more, after a while */
    METHOD_MAX = 15,
    ADDRESS_MAX = LIMIT_KEY_MAX,
    BODY_MAX = 65536,          /* of a request */
    REPLY_MAX = 268435456,     /* of an answer; a page of 200 is far below */
    REPLY_HEADER_MAX = 10240,  /* of one field's value */
    REPLY_HEADERS_MAX = 16384, /* of all that are added */
};

/* The fields of a request's header that are read; none may be there twice. */
enum request_header {
    HEADER_AUTHORIZATION,
    HEADER_CONTENT_TYPE,
    HEADER_COOKIE,
    HEADER_DPOP,
    HEADER_HOST,
    HEADER_ORIGIN,
    HEADER_SEC_FETCH_SITE,
    HEADER_USER_AGENT,
    REQUEST_HEADERS
};

struct fault_order; /* faults.h */

/* Who is calling; filled by auth.c. */
struct caller {
    char id[OKT_ID_MAX + 1]; /* of the token or, by OAuth, of the app and the
                                user that it acts for; "": nobody */
    unsigned char hash[SECRET_HASH_LEN]; /* of an API token's secret */
    char user_id[OKT_ID_MAX + 1];        /* "": an app on its own */
    char client_id[OKT_ID_MAX + 1]; /* of the app; "": it is an API token */
    char grant_id[OKT_ID_MAX + 1];
    char jti[OKT_ID_MAX + 1]; /* of the access token */
    char kid[OKT_ID_MAX + 1]; /* of the key that signed it */
    char login[STORE_NAME_MAX + 1];
    char roles[1024]; /* of its owner, a comma between them */
};

struct request {
    const struct org *org;
    struct store *store; /* of this thread, for the call at hand; NULL: it
                            can't be opened, for routes that are open */
    void *owner;         /* whoever has the connection */

    /* What came. */
    char request_id[REQUEST_ID_LEN + 1];
    char method[METHOD_MAX + 1];
    char *path;           /* as it was sent */
    char *query;          /* NULL: none */
    const char *base_url; /* what links begin with: the org's public_url, or
                             named, where the client used another name */
    char named[URL_TEXT_MAX + 16];
    char address[ADDRESS_MAX + 1];
    const char *headers[REQUEST_HEADERS]; /* borrowed; NULL: none */
    struct okt_buf seen; /* the header, name and value in turn, each with its
                            NUL; empty where there is no journal */
    struct okt_buf body;
    bool browses; /* its Accept has HTML */

    /* What was found out. */
    const struct route *route; /* NULL: none */
    char id[ROUTE_ID_MAX + 1]; /* the path's, or "" */
    struct caller caller;
    struct limit_state limit;
    struct change change;
    store_status (*work)(struct request *request); /* NULL: nothing slow */
    const char *target; /* which token the change concerns */
    char target_name[STORE_NAME_MAX + 1];
    struct caller refused; /* whose token is good, but not from here; id "":
                              nobody's */
    struct store_network network;
    struct okt_buf include; /* what network points to */
    struct okt_buf exclude;
    struct fault_order *fault; /* how it is done wrong; NULL: it is not */

    void *state; /* the handler's own, until done; NULL: none */
    void (*state_free)(void *state);

    /* What goes back. */
    int status;
    const char *content_type; /* NULL: no body */
    const char *cache;        /* Cache-Control; NULL: it must not be kept */
    struct okt_buf added;     /* further fields: reply_header_add */
    struct okt_buf reply;
    struct okt_buf link_self; /* a field's value each; empty: not sent */
    struct okt_buf link_next;
    struct okt_buf challenge;
    struct okt_buf proof; /* a DPoP proof that is to be spent; empty: none */
    int64_t proof_dated;
    struct okt_buf allow;
    /* Appends to the reply what there is by now, of an answer that has no end;
     * NULL: this one has. */
    void (*more)(struct request *request);
    void *more_state; /* freed with the request */
};

/* The path and what is behind it in a URL of this org, as the client or the org
 * itself names it; NULL: it is another's. */
const char *request_own_path(const struct request *request, const char *url);

/* NULL: out of memory, or the system has no random bytes. */
struct request *request_new(const struct org *org, const char *target);
void request_free(struct request *request);

/*
 * The whole way: route, authentication, scope, limit, handler. Returns a status
 * with the reply filled, or REQUEST_LATER: then push request->change, and call
 * request_finish once it is done. Or REQUEST_AGAIN: then a fault wants it
 * called again in fault->ms.
 */
int request_answer(struct request *request, const struct route *routes,
                   size_t count);
int request_finish(struct request *request);

/*
 * Holds a request against the org's faults, once it is known whose it is. True:
 * one comes in place of what it is for, and status is set; REQUEST_AGAIN: not
 * yet. Else the fault, if there is one, concerns the answer.
 */
bool request_is_faulty(struct request *request);
void request_free_fault(struct request *request);

/* Fills the reply as the request's fault has it. */
void reply_fault(struct request *request);

/* Asks for a change, from a handler. */
int request_change(struct request *request,
                   store_status (*apply)(struct store *store, void *request));

/*
 * Adds a field to the reply's header; the same name may come again. A value
 * that could end the line, or too many of them, make the reply a 500.
 */
void reply_header_add(struct request *request, const char *name,
                      const char *value);

/* The fields that were added: the one at *at, which then is the next. False:
 * that was all. */
bool reply_header_next(const struct request *request, size_t *at,
                       const char **name, const char **value);

/*
 * Asks, from a handler, for something slow to be done first, in the worker's
 * thread, with no store. If it returns OK, the change that was asked for is
 * made; else that status is the change's result. FAILED, too, where the worker
 * has too much to do.
 */
int request_work(struct request *request,
                 store_status (*work)(struct request *request));

/* Fills the reply with Okta's error body; returns status. cause may be NULL. */
int reply_error(struct request *request, int status, const char *code,
                const char *summary, const char *cause);

/* 400 E0000001 for a field; cause begins with its name. */
int reply_invalid(struct request *request, const char *field,
                  const char *cause);

/* The same with a cause each for all that is wrong. */
int reply_invalid_causes(struct request *request, const char *field,
                         const char *const *causes, size_t count);

/* 503: the store did not do what it should. 500: we did not. */
int reply_unavailable(struct request *request);
int reply_internal(struct request *request);

/* 404 for an id of that kind: "Token", "User", … */
int reply_not_found(struct request *request, const char *id, const char *kind);

/* 401: the caller's token is none. */
int reply_bad_token(struct request *request);

/* A 200 whose body a handler has put into reply. */
int reply_json(struct request *request);

#endif
