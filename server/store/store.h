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

#include "base/mem.h"
#include "server/util/org_clock.h"
#include "server/util/secret.h"

enum {
    STORE_NAME_MAX = 255,      /* bytes of a name, a clientName, a login */
    STORE_PASSWORD_MAX = 127,  /* bytes of a password's hash */
    STORE_WINDOW_MAX = 63,     /* bytes of a tokenWindow */
    STORE_ZONES_MAX = 8191,    /* bytes of one list of zones */
    STORE_SCOPES_MAX = 1023,   /* bytes of an app's or a grant's scopes */
    STORE_URIS_MAX = 4095,     /* bytes of an app's redirect URIs */
    STORE_JWKS_MAX = 32767,    /* bytes of an app's public keys */
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
    const char *actor_type; /* NULL: a user */
    const char *actor_id;   /* NULL: the org itself */
    const char *actor_login;
    const char *target_type; /* NULL: a token */
    const char *target_id;
    const char *target_name;
    /* A second target: the group that the first now belongs to; of an app, the
     * user. */
    const char *group_id;
    const char *group_name;
    const char *privilege; /* that was granted */
    const char *client_id; /* of the app that asked, by OAuth */
    const char *address;
    const char *request_id;
    const char *token_id; /* that the request came with */
    struct store_network network;
};

/* An app that gets access tokens. Lists have a space between their items. */
struct store_app {
    const char *id;   /* its client_id */
    const char *name; /* unique, ASCII letter case aside */
    const char *type; /* as app.h has it */
    const char *status;
    const char *scopes;        /* that it may ask for */
    const char *redirect_uris; /* "": none */
    const char *roles;         /* of a service, a comma between them; "" */
    const char *jwks;          /* its public keys, a JWK Set; "": none */
    bool dpop;                 /* its tokens are bound to a key, always */
    int64_t created;
    int64_t last_updated;
};

/* A key that access tokens are signed with: its public half. */
struct store_key {
    const char *kid;
    const char *jwk;
    int64_t created;
    int64_t retired; /* since when it signs no more; 0: it signs */
};

/* A device that waits for somebody to allow it. */
struct store_device {
    const char *client_id;
    const char *scopes;
    const char *address; /* that it asked from */
    const char *status;  /* as device.h has it */
    const char *user_id; /* who decided; "": nobody yet */
    int64_t created;
    int64_t expires;
    /* Of a code that was used; ignored by device_add. */
    int64_t used;         /* when, the first time; 0: never */
    const char *grant_id; /* what was made of it last */
    const char *jkt;   /* the key of the access token that went with it; "" */
    bool grant_is_new; /* that grant is there, and was not renewed yet */
};

/* What stands behind an authorization code. */
struct store_code {
    const char *client_id;
    const char *user_id;
    const char *scopes;
    const char *redirect_uri;
    const char *challenge; /* of PKCE, S256 */
    const char *grant_id;  /* what was made of it; "": it is not used yet */
    int64_t expires;
};

/* What a person has allowed an app: all tokens of it live and die with it. */
struct store_grant {
    const char *id;
    const char *client_id;
    const char *user_id;
    const char *scopes;
    const char *jkt; /* of the key that its refresh tokens are bound to; "" */
    int64_t created;
    int64_t expires;
};

enum { STORE_REPLACED = -1 /* used, of a refresh token that was replaced */ };

/* A refresh token, found by its hash. */
struct store_refresh {
    const char *grant_id;
    int64_t expires;
    /* When it was rotated, the first time; 0: never. STORE_REPLACED: its answer
     * was taken for lost, and another token given in its place. */
    int64_t used;
    /* Of a token that was rotated: what was given for it last. */
    const char *next_jti; /* the access token's */
    const char *next_jkt; /* the key that one is bound to; "" */
    bool next_is_new;     /* the refresh token is there, and unused */
};

/* What is given for a refresh token. */
struct store_rotation {
    int64_t now;
    const unsigned char *next; /* the hash of the refresh token */
    const char *jti;           /* of the access token */
    const char *jkt;
};

/* Whose an access token is. */
struct store_bearer {
    const char *client_id;
    const char *user_id;  /* "": the app's own */
    const char *grant_id; /* "": none */
    const char *jti;
    const char *kid; /* of the key that signed it; "": none did */
};

/* And how that stands at the moment. */
struct store_access {
    const char *app_name;
    const char *app_status;
    const char *roles;       /* of the user, or of the app */
    const char *login;       /* NULL: there is no such user */
    const char *user_status; /* NULL: there is no such user */
    bool granted;            /* the grant is there */
    bool revoked;
    bool keyed; /* that key is there, or none did */
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

typedef void store_app_fn(const struct store_app *app, void *ctx);
typedef void store_key_fn(const struct store_key *key, void *ctx);
typedef void store_device_fn(const struct store_device *device, void *ctx);
typedef void store_code_fn(const struct store_code *code, void *ctx);
typedef void store_grant_fn(const struct store_grant *grant, void *ctx);
typedef void store_grants_fn(const struct store_grant *grant,
                             const char *app_name, const char *login,
                             void *ctx);
typedef void store_refresh_fn(const struct store_refresh *refresh, void *ctx);
typedef void store_access_fn(const struct store_access *access, void *ctx);

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
    /* Commits a change that means nothing. OK: the store is durable again, and
     * of a commit that failed before nothing is left to come back. */
    store_status (*prove)(struct store *store);

    /* All of it in a file, durable, which must not be there yet; with a note
     * for whoever puts it back. No transaction may be open, for either. */
    store_status (*save)(struct store *store, const char *path, int64_t note);
    /* What such a file has in place of all there is, in a transaction of its
     * own. */
    store_status (*restore)(struct store *store, const char *path,
                            int64_t *note);

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
    /* Removes all of a user's; *count: how many there were. */
    store_status (*session_remove_of)(struct store *store, const char *user_id,
                                      int64_t *count);
    /* Removes those that were made or used before these times. */
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

    /* By name. OK even if there is none. */
    store_status (*group_each)(struct store *store, store_group_fn *fn,
                               void *ctx);

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
    /* The same of those alone that okt_q_matches may find by q; it may show
     * others between them, so whoever asks looks once more. */
    store_status (*token_search)(struct store *store, const char *q,
                                 const struct store_position *after,
                                 store_token_fn *fn, void *ctx);
    /* A user's. OK even if there is none. */
    store_status (*token_each_of)(struct store *store, const char *user_id,
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
    /* Removes the oldest of those published before then, at most max. */
    store_status (*event_prune)(struct store *store, int64_t before, int max);
    /* Whether a use of that token outside its zones is in the log since then.
     */
    store_status (*event_refused)(struct store *store, const char *token_id,
                                  int64_t since, bool *is);

    /* ---- OAuth. Hashes are of secrets; what has lapsed is there until it is
     * swept, so look at its times. */

    store_status (*app_add)(struct store *store, const struct store_app *app);
    store_status (*app_find)(struct store *store, const char *id,
                             store_app_fn *fn, void *ctx);
    /* By name. OK even if there is none. */
    store_status (*app_each)(struct store *store, store_app_fn *fn, void *ctx);
    store_status (*app_set_status)(struct store *store, const char *id,
                                   const char *status, int64_t now);
    store_status (*app_set_keys)(struct store *store, const char *id,
                                 const char *jwks, int64_t now);

    /* The one that signs from then on; all others are retired. */
    store_status (*key_add)(struct store *store, const struct store_key *key);
    /* The one that signs, then the others. OK even if there is none. */
    store_status (*key_each)(struct store *store, store_key_fn *fn, void *ctx);

    store_status (*device_add)(struct store *store,
                               const struct store_device *device,
                               const unsigned char hash[SECRET_HASH_LEN],
                               const unsigned char user_hash[SECRET_HASH_LEN]);
    store_status (*device_by_code)(struct store *store,
                                   const unsigned char hash[SECRET_HASH_LEN],
                                   store_device_fn *fn, void *ctx);
    store_status (*device_by_user_code)(
        struct store *store, const unsigned char user_hash[SECRET_HASH_LEN],
        store_device_fn *fn, void *ctx);
    /* NOT_FOUND too if the status is another than from. */
    store_status (*device_decide)(
        struct store *store, const unsigned char user_hash[SECRET_HASH_LEN],
        const char *from, const char *status, const char *user_id);
    /* Marks a code as used: sets status, grant_id, jkt, expires and, the first
     * time, used. */
    store_status (*device_use)(struct store *store,
                               const struct store_device *device,
                               const unsigned char hash[SECRET_HASH_LEN]);
    /* How many have not lapsed by then. */
    store_status (*device_count)(struct store *store, int64_t now,
                                 int64_t *count);

    store_status (*code_add)(struct store *store, const struct store_code *code,
                             const unsigned char hash[SECRET_HASH_LEN]);
    store_status (*code_by_hash)(struct store *store,
                                 const unsigned char hash[SECRET_HASH_LEN],
                                 store_code_fn *fn, void *ctx);
    /* NOT_FOUND too if it was used. */
    store_status (*code_use)(struct store *store,
                             const unsigned char hash[SECRET_HASH_LEN],
                             const char *grant_id);

    store_status (*grant_add)(struct store *store,
                              const struct store_grant *grant);
    store_status (*grant_find)(struct store *store, const char *id,
                               store_grant_fn *fn, void *ctx);
    /* A user's, or all where user_id is NULL, the oldest first. OK even if
     * there is none. */
    store_status (*grant_each)(struct store *store, const char *user_id,
                               store_grants_fn *fn, void *ctx);
    /* Removes what would become a grant of that user: devices of that status,
     * and codes that are not used. */
    store_status (*consent_remove_of)(struct store *store, const char *user_id,
                                      const char *device_status);
    /* Never moves its end back, nor from the key that it is bound to. */
    store_status (*grant_extend)(struct store *store, const char *id,
                                 int64_t expires, const char *jkt);
    /* With its refresh tokens. */
    store_status (*grant_remove)(struct store *store, const char *id);

    store_status (*refresh_add)(struct store *store, const char *grant_id,
                                const unsigned char hash[SECRET_HASH_LEN],
                                int64_t expires);
    store_status (*refresh_by_hash)(struct store *store,
                                    const unsigned char hash[SECRET_HASH_LEN],
                                    store_refresh_fn *fn, void *ctx);
    /* NOT_FOUND too if it was used. */
    store_status (*refresh_use)(struct store *store,
                                const unsigned char hash[SECRET_HASH_LEN],
                                const struct store_rotation *rotation);
    /* Rotates a used one again; what it was rotated to becomes STORE_REPLACED.
     * NOT_FOUND too if it was not used, or its successor was. */
    store_status (*refresh_use_again)(struct store *store,
                                      const unsigned char hash[SECRET_HASH_LEN],
                                      const struct store_rotation *rotation);

    /* CONFLICT: the client's assertion of that hash was used before. */
    store_status (*assertion_use)(struct store *store, const char *client_id,
                                  const unsigned char hash[SECRET_HASH_LEN],
                                  int64_t expires);

    /* NOT_FOUND: it was revoked before. */
    store_status (*access_revoke)(struct store *store, const char *jti,
                                  int64_t expires);
    /* NOT_FOUND: there is no such app. */
    store_status (*access_find)(struct store *store,
                                const struct store_bearer *bearer,
                                store_access_fn *fn, void *ctx);

    /* Whether anything of all that has lapsed by then; and removes some. Keys
     * lapse as long after they were retired as key_seconds. */
    store_status (*oauth_is_lapsed)(struct store *store, int64_t now,
                                    int64_t key_seconds, bool *is);
    store_status (*oauth_sweep)(struct store *store, int64_t now,
                                int64_t key_seconds);

    /* When the org was served last, by the system's clock; all 0: it never
     * was. */
    store_status (*clock_save)(struct store *store,
                               const struct clock_seen *seen);
    store_status (*clock_load)(struct store *store, struct clock_seen *seen);

    /* Whether secrets came out of a seed: such an org stays on loopback. */
    store_status (*set_pinned)(struct store *store);
    store_status (*get_pinned)(struct store *store, bool *pinned);
};

struct store {
    const struct store_ops *ops;
};

/* Makes a new, empty one at "sqlite:<path>". */
store_status store_create(const char *where);

/* The address of an empty one that is there as long as it is open. */
#define STORE_IN_MEMORY "sqlite::memory:"

/* Opens it. A further backend is a further row in store.c. */
store_status store_open(const char *where, struct store **out);

void store_close(struct store *store);

typedef struct store store_handle; /* AUTO(store_handle) s = NULL; */

AUTO_DEFINE(store_handle, store_close)

#endif
