/* SPDX-License-Identifier: Apache-2.0 */
/* session.c - browsers, and who is signed in. */
#include "server/web/session.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "server/org/event.h"
#include "server/org/role.h"
#include "server/org/writer.h"
#include "server/request/cookie.h"

#define NAME "okta-orgd-"
#define HOST "__Host-" /* browsers keep it to this host and to TLS */

enum { NAME_SIZE = 32, COOKIE_FIELD_MAX = 160 };

/* ------------------------------------------------------------ The cookie -- */

static bool has_tls(const struct org *org)
{
    return strncmp(org->public_url, "https://", strlen("https://")) == 0;
}

/* Each org has its own: cookies of a host come to all of its ports. False: no
 * memory. */
static bool name_of(const struct org *org, char out[static NAME_SIZE])
{
    unsigned char mac[SECRET_HASH_LEN];

    if (!org_mac(org, "cookie name", "", 0, mac))
        return false;
    snprintf(out, NAME_SIZE, "%s" NAME "%02x%02x%02x%02x",
             has_tls(org) ? HOST : "", mac[0], mac[1], mac[2], mac[3]);
    return true;
}

void session_set_cookie(struct request *r, const char *id)
{
    char name[NAME_SIZE];
    char field[COOKIE_FIELD_MAX];

    if (!name_of(r->org, name)) {
        r->added.state = OKT_BUF_NO_MEMORY;
        return;
    }
    snprintf(field, sizeof(field), "%s=%s; Path=/%s; HttpOnly; SameSite=Lax%s",
             name, id, has_tls(r->org) ? "; Secure" : "",
             id[0] != '\0' ? "" : "; Max-Age=0");
    reply_header_add(r, "Set-Cookie", field);
    okt_wipe(field, sizeof(field));
}

static bool get_cookie(const struct request *r,
                       char id[static SESSION_ID_LEN + 1])
{
    char name[NAME_SIZE];

    return name_of(r->org, name) &&
           cookie_get(r->headers[HEADER_COOKIE], name, id,
                      SESSION_ID_LEN + 1) &&
           strlen(id) == SESSION_ID_LEN;
}

/* --------------------------------------------------------------- Its use -- */

/* A use, on its way to the store by itself: the page need not wait for it. */
struct use {
    struct change change;
    unsigned char hash[SECRET_HASH_LEN];
    int64_t now;
};

static store_status apply_use(struct store *store, void *ctx)
{
    const struct use *use = ctx;

    return store->ops->session_use(store, use->hash, use->now);
}

static void note_use(const struct org *org,
                     const unsigned char hash[static SECRET_HASH_LEN],
                     int64_t now)
{
    struct use *use = calloc(1, sizeof(*use));

    if (use == NULL) /* the session may end early, and nothing worse */
        return;
    use->change.apply = apply_use;
    use->change.done = free;
    use->change.ctx = use;
    use->now = now;
    memcpy(use->hash, hash, SECRET_HASH_LEN);
    if (!writer_push(org->writer, &use->change))
        free(use);
}

/* --------------------------------------------------------------- Finding -- */

struct lookup {
    struct session *session;
    int64_t now;
    int64_t used;
};

static void found(const struct store_session *row, void *ctx)
{
    struct lookup *l = ctx;
    struct session *s = l->session;

    if (!status_allows(row->status) || row->created > l->now ||
        l->now - row->created >= SESSION_LIFE ||
        l->now - row->used >= SESSION_IDLE ||
        strlen(row->roles) >= sizeof(s->roles))
        return;
    l->used = row->used;
    snprintf(s->user_id, sizeof(s->user_id), "%s", row->user_id);
    snprintf(s->login, sizeof(s->login), "%s", row->login);
    snprintf(s->roles, sizeof(s->roles), "%s", row->roles);
}

static store_status look_up(struct request *r, struct session *out)
{
    struct lookup lookup = { .session = out, .now = org_now(r->org) };
    unsigned char hash[SECRET_HASH_LEN];
    store_status st;

    if (!secret_hash(out->id, hash))
        return STORE_FAILED;
    st = r->store->ops->session_find(r->store, hash, found, &lookup);
    if (st == STORE_FAILED)
        return st;
    if (session_is_signed_in(out) && lookup.now - lookup.used >= SESSION_NOTED)
        note_use(r->org, hash, lookup.now);
    return STORE_OK;
}

store_status session_read(struct request *r, struct session *out)
{
    *out = (struct session){ .id = "" };
    if (get_cookie(r, out->id))
        return look_up(r, out);
    if (!session_id_new(out->id))
        return STORE_FAILED;
    session_set_cookie(r, out->id);
    return STORE_OK;
}

store_status session_check(struct store *store, const struct request *r,
                           const struct session *session)
{
    struct session now = { .id = "" };
    struct lookup lookup = { .session = &now, .now = org_now(r->org) };
    unsigned char hash[SECRET_HASH_LEN];
    store_status st;

    if (!secret_hash(session->id, hash))
        return STORE_FAILED;
    st = store->ops->session_find(store, hash, found, &lookup);
    if (st == STORE_OK && strcmp(now.user_id, session->user_id) != 0)
        return STORE_NOT_FOUND;
    return st;
}

bool session_has_role(const struct session *s)
{
    return s->roles[strspn(s->roles, ",")] != '\0';
}

/* --------------------------------------------------------- Begin and end -- */

static store_status add_event(struct store *store, const struct request *r,
                              const struct session *session, const char *type)
{
    struct store_event event = {
        .published = org_now(r->org),
        .type = type,
        .actor_id = session->user_id,
        .actor_login = session->login,
        .target_type = EVENT_USER,
        .target_id = session->user_id,
        .target_name = session->login,
        .address = r->address,
        .request_id = r->request_id,
    };

    return event_add(store, &event);
}

store_status session_begin(struct store *store, const struct request *r,
                           const struct session *old,
                           const struct session *with)
{
    int64_t now = org_now(r->org);
    const struct store_session row = {
        .user_id = with->user_id, .created = now, .used = now
    };
    unsigned char hash[SECRET_HASH_LEN];

    if (session_end(store, r, old) != STORE_OK ||
        !secret_hash(with->id, hash) ||
        (!org_clock_look(r->org->clock).held &&
         store->ops->session_sweep(store, now - SESSION_LIFE,
                                   now - SESSION_IDLE) != STORE_OK) ||
        store->ops->session_add(store, &row, hash) != STORE_OK)
        return STORE_FAILED;
    return add_event(store, r, with, EVENT_SESSION_START);
}

store_status session_end(struct store *store, const struct request *r,
                         const struct session *session)
{
    unsigned char hash[SECRET_HASH_LEN];
    store_status st;

    if (!secret_hash(session->id, hash))
        return STORE_FAILED;
    st = store->ops->session_remove(store, hash);
    if (st == STORE_NOT_FOUND)
        return STORE_OK;
    if (st != STORE_OK || !session_is_signed_in(session))
        return st;
    return add_event(store, r, session, EVENT_SESSION_END);
}

/* ------------------------------------------------------------- The token -- */

bool session_token(const struct org *org, const struct session *session,
                   char out[static FORM_TOKEN_LEN + 1])
{
    unsigned char mac[SECRET_HASH_LEN];

    if (!org_mac(org, "form token", session->id, strlen(session->id), mac))
        return false;
    for (size_t i = 0; i < sizeof(mac); i++)
        snprintf(out + 2 * i, 3, "%02x", mac[i]);
    return true;
}

bool session_token_is(const struct org *org, const struct session *session,
                      const char *token)
{
    char right[FORM_TOKEN_LEN + 1];
    bool is =
        session_token(org, session, right) && strlen(token) == FORM_TOKEN_LEN &&
        okt_equal_secret(right, token, FORM_TOKEN_LEN);

    okt_wipe(right, sizeof(right));
    return is;
}
