/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - where users, groups, zones, tokens and events are kept; one file a
 * database behind it.
 *
 * A store handle belongs to one thread: each worker of okta-orgd opens its own,
 * and so does the writer, which alone changes anything while a server runs.
 * Expiry is not the store's business: it keeps what it was given.
 */
#ifndef ORGD_STORE_H
#define ORGD_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "mem.h"
#include "secret.h"

enum {
    STORE_NAME_MAX = 255,      /* bytes of a name, a clientName, a login */
    STORE_PASSWORD_MAX = 127,  /* bytes of a password's hash */
    STORE_WINDOW_MAX = 63,     /* bytes of a tokenWindow */
    STORE_ZONES_MAX = 8191,    /* bytes of one list of zones */
    STORE_GATEWAYS_MAX = 16383 /* bytes of one zone's gateways */
};

typedef enum store_status {
    STORE_OK = 0,
    STORE_NOT_FOUND,
    STORE_CONFLICT, /* the id, the login or the secret is taken */
    STORE_FAILED    /* the backend broke; it has said why */
} store_status;

struct store_user {
    const char *id;
    const char *login; /* unique, ASCII letter case aside */
    const char *role;  /* the user's own; "": none */
    const char *status;
    int64_t created;
    int64_t status_changed; /* 0: never */
};

/* Somebody who is signed in in a browser. */
struct store_session {
    const char *user_id;
    int64_t created;
    int64_t used;
    /* Of the user; filled by session_find alone, as store_token has them. */
    const char *roles;
    const char *login;
    const char *status;
};

/* A group: its members have its role. */
struct store_group {
    const char *id;
    const char *name; /* unique, ASCII letter case aside */
    const char *role; /* "": none */
    int64_t created;
};

/* A token. What a store hands out borrows from it until the callback returns.
 */
struct store_token {
    const char *id;
    const char *name;
    const char *user_id;
    const char *client_name;
    const char *window;     /* ISO 8601; NULL: not known */
    const char *connection; /* ANYWHERE or ZONE */
    const char *include;    /* ids with a space between them; "": none */
    const char *exclude;
    int64_t created;
    int64_t last_updated;
    int64_t expires;
    /* Of the user; filled by token_by_hash alone. All roles, the user's own and
     * those of groups, a comma between them; empty ones may be among them. */
    const char *owner_roles;
    const char *owner_login;
    const char *owner_status;
};

struct store_network {
    const char *connection;
    const char *include;
    const char *exclude;
};

/* A network zone. Its id, once given, never means another. */
struct store_zone {
    const char *id;
    const char *name;     /* unique, ASCII letter case aside */
    const char *type;     /* IP, or another kind, of which no more is known */
    const char *status;   /* ACTIVE or INACTIVE */
    const char *gateways; /* as zone.h reads them, a space between them */
    int64_t created;
    int64_t last_updated;
};

/* An event of the System Log. NULL: there is no such thing about it. */
struct store_event {
    int64_t seq; /* the store's; later events have a greater one */
    const char *uuid;
    int64_t published;
    const char *type;
    const char *actor_id; /* a user; NULL: the org itself */
    const char *actor_login;
    const char *target_id; /* a token */
    const char *target_name;
    const char *address;
    const char *request_id;
    const char *token_id; /* that the request came with */
    struct store_network network;
};

/* Which events: published since..until, both included. */
struct store_events {
    int64_t since;
    int64_t until;
    bool descending;
    /* Only what stands behind the event of that time and seq, in that order;
     * ignored if seq is 0. */
    int64_t after_published;
    int64_t after_seq;
};

/* Where a list goes on: behind the token of that name and id. */
struct store_position {
    const char *name;
    const char *id;
};

struct store;

typedef void store_user_fn(const struct store_user *user, void *ctx);

/* hash "": the user has no password. */
typedef void store_password_fn(const struct store_user *user, const char *hash,
                               void *ctx);
typedef void store_session_fn(const struct store_session *session, void *ctx);
typedef void store_group_fn(const struct store_group *group, void *ctx);
typedef void store_zone_fn(const struct store_zone *zone, void *ctx);

/* Return false to stop. The store must not be used meanwhile. */
typedef bool store_event_fn(const struct store_event *event, void *ctx);
typedef bool store_token_fn(const struct store_token *token, void *ctx);

/* Every member is required. What finds calls back once, or is NOT_FOUND. */
struct store_ops {
    const char *name;
    void (*close)(struct store *store);

    /* A transaction that changes something. OK from commit: it survives a loss
     * of power. After FAILED from any change: rollback. */
    store_status (*begin)(struct store *store);
    /* One that only reads: all of it sees the same, and it costs less than each
     * read by itself. commit ends it. */
    store_status (*begin_read)(struct store *store);
    store_status (*commit)(struct store *store);
    void (*rollback)(struct store *store);

    store_status (*user_add)(struct store *store,
                             const struct store_user *user);
    /* By id or, if there is none, by login. */
    store_status (*user_find)(struct store *store, const char *who,
                              store_user_fn *fn, void *ctx);

    /* By login. OK even if there is none. */
    store_status (*user_each)(struct store *store, store_user_fn *fn,
                              void *ctx);
    store_status (*user_set_status)(struct store *store, const char *id,
                                    const char *status, int64_t now);

    store_status (*password_set)(struct store *store, const char *user_id,
                                 const char *hash, int64_t now);
    /* As user_find. */
    store_status (*password_find)(struct store *store, const char *who,
                                  store_password_fn *fn, void *ctx);

    store_status (*session_add)(struct store *store,
                                const struct store_session *session,
                                const unsigned char hash[SECRET_HASH_LEN]);
    store_status (*session_find)(struct store *store,
                                 const unsigned char hash[SECRET_HASH_LEN],
                                 store_session_fn *fn, void *ctx);
    /* Never moves a time back. */
    store_status (*session_use)(struct store *store,
                                const unsigned char hash[SECRET_HASH_LEN],
                                int64_t used);
    store_status (*session_remove)(struct store *store,
                                   const unsigned char hash[SECRET_HASH_LEN]);
    /* All of a user's; those that were made or used before these times. OK even
     * if there is none. */
    store_status (*session_remove_of)(struct store *store, const char *user_id);
    store_status (*session_sweep)(struct store *store, int64_t created,
                                  int64_t used);

    store_status (*group_add)(struct store *store,
                              const struct store_group *group);
    store_status (*group_add_member)(struct store *store, const char *group_id,
                                     const char *user_id);
    store_status (*group_find)(struct store *store, const char *id,
                               store_group_fn *fn, void *ctx);
    /* Those a user is in, by name. OK even if there is none. */
    store_status (*group_each_of)(struct store *store, const char *user_id,
                                  store_group_fn *fn, void *ctx);

    store_status (*token_add)(struct store *store,
                              const struct store_token *token,
                              const unsigned char hash[SECRET_HASH_LEN]);
    store_status (*token_by_id)(struct store *store, const char *id,
                                store_token_fn *fn, void *ctx);
    store_status (*token_by_hash)(struct store *store,
                                  const unsigned char hash[SECRET_HASH_LEN],
                                  store_token_fn *fn, void *ctx);
    /* By name, ASCII letter case aside, then id. after NULL: from the first.
     * OK even if there is none. */
    store_status (*token_each)(struct store *store,
                               const struct store_position *after,
                               store_token_fn *fn, void *ctx);
    /* Those that end by then, the first first. OK even if there is none. */
    store_status (*token_expired)(struct store *store, int64_t now,
                                  store_token_fn *fn, void *ctx);
    store_status (*token_restrict)(struct store *store, const char *id,
                                   const struct store_network *network,
                                   int64_t last_updated);
    /* Never moves a time back. */
    store_status (*token_renew)(struct store *store, const char *id,
                                int64_t expires, int64_t last_updated);
    store_status (*token_remove)(struct store *store, const char *id);

    store_status (*zone_add)(struct store *store,
                             const struct store_zone *zone);
    store_status (*zone_find)(struct store *store, const char *id,
                              store_zone_fn *fn, void *ctx);
    /* By name. OK even if there is none. */
    store_status (*zone_each)(struct store *store, store_zone_fn *fn,
                              void *ctx);

    /* seq is not looked at. */
    store_status (*event_add)(struct store *store,
                              const struct store_event *event);
    /* By time, then seq. OK even if there is none. */
    store_status (*event_each)(struct store *store,
                               const struct store_events *which,
                               store_event_fn *fn, void *ctx);
    /* Whether a use of that token outside its zones is in the log since then.
     */
    store_status (*event_refused)(struct store *store, const char *token_id,
                                  int64_t since, bool *is);

    /* Whether secrets came out of a seed: such an org stays on loopback. */
    store_status (*set_pinned)(struct store *store);
    store_status (*get_pinned)(struct store *store, bool *pinned);
};

struct store {
    const struct store_ops *ops;
};

/* Makes a new, empty one at "sqlite:<path>". */
store_status store_create(const char *where);

/* Opens it. A further backend is a further row in store.c. */
store_status store_open(const char *where, struct store **out);

void store_close(struct store *store);

typedef struct store store_handle; /* AUTO(store_handle) s = NULL; */

AUTO_DEFINE(store_handle, store_close)

#endif
