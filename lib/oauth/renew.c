/* SPDX-License-Identifier: Apache-2.0 */
/* renew.c - new tokens: from the store, where another process was faster, or
 * from the org. */
#include <stdio.h>
#include <string.h>

#include "lib/oauth/oauth.h"
#include "wire/api.h"

/* --------------------------------------------------------------- Scopes -- */

/* What Okta's API asks for: to read and to change what is below a path. The
 * first that fits counts. */
static const struct {
    const char *path;
    const char *scope; /* without "okta." and ".read" or ".manage" */
} areas[] = {
    { OKT_PATH_API_TOKENS, "apiTokens" },
    { OKT_PATH_USERS, "users" },
    { "/api/v1/groups", "groups" },
    { OKT_PATH_ZONES, "networkZones" },
    { OKT_PATH_LOGS, "logs" },
};

/* Bits: two for each area, and the roles of whoever is below a path. */
enum { ROLES_READ = 1u << (2 * ARRAY_LEN(areas)) };

unsigned okt_scope_of(const char *method, const char *path)
{
    bool reads = strcmp(method, "GET") == 0;
    size_t len = strcspn(path, "?");

    if (reads && len > 6 && strncmp(path + len - 6, "/roles", 6) == 0)
        return ROLES_READ;
    for (size_t i = 0; i < ARRAY_LEN(areas); i++)
        if (strncmp(path, areas[i].path, strlen(areas[i].path)) == 0)
            return 1u << (2 * i + !reads);
    return 0;
}

void okt_scope_names(unsigned bits, struct okt_buf *out)
{
    for (size_t i = 0; i < 2 * ARRAY_LEN(areas); i++)
        if ((bits & 1u << i) != 0)
            okt_buf_printf(out, "%sokta.%s.%s", out->len > 0 ? " " : "",
                           areas[i / 2].scope, i % 2 == 0 ? "read" : "manage");
    if ((bits & ROLES_READ) != 0)
        okt_buf_printf(out, "%sokta.roles.read", out->len > 0 ? " " : "");
}

/* Those among a text's scopes that have a bit. */
static unsigned bits_of(const char *scopes)
{
    unsigned bits = 0;

    for (unsigned bit = 1; bit <= ROLES_READ; bit <<= 1) {
        OKT_BUF_AUTO name = OKT_BUF_INIT(64);
        const char *at;

        okt_scope_names(bit, &name);
        at = okt_buf_failed(&name) ? NULL : strstr(scopes, name.data);
        if (at != NULL && (at == scopes || at[-1] == ' ') &&
            (at[name.len] == '\0' || at[name.len] == ' '))
            bits |= bit;
    }
    return bits;
}

enum { SCOPES_SHOWN = 256 };

/* --------------------------------------------------------------- Refusals --
 */

/* Says a failure of the token endpoint in other words, and keeps the rest. */
static okta_status retell(okta_error *err, okta_status status, const char *who,
                          const char *words, const char *remedy)
{
    okta_error told = { .status = status };

    okt_set_error(&told, status, "%s%s: %s%s", who, words, err->message,
                  remedy);
    memcpy(err->message, told.message, sizeof(err->message));
    err->status = status;
    return status;
}

/* What the errors of RFC 6749, 5.2 mean here, and what to do. */
static okta_status explain(const okt_oauth *oauth, const char *code,
                           const char *scopes, okta_status st, okta_error *err)
{
    char grant[SCOPES_SHOWN];
    const struct {
        const char *code;
        okta_status status;
        const char *words;
        const char *remedy;
    } rows[] = {
        { "invalid_client", OKTA_ERR_AUTH,
          " is not accepted as a client of the org", "" },
        { "unauthorized_client", OKTA_ERR_FORBIDDEN,
          " may not obtain tokens in this way", "" },
        { "invalid_scope", OKTA_ERR_FORBIDDEN,
          " is not granted what was asked for", grant },
        { "consent_required", OKTA_ERR_FORBIDDEN,
          " is not granted what was asked for", grant },
    };

    if (code == NULL)
        return st;
    snprintf(grant, sizeof(grant),
             " (asked for: %s; an admin grants scopes to the app)", scopes);
    if (strcmp(code, "invalid_client") == 0 &&
        strstr(err->message, "kid is invalid") != NULL)
        err->cause = OKTA_CAUSE_KEY_ID;
    if (strcmp(code, "invalid_grant") == 0 &&
        oauth->kind == OKTA_CREDENTIAL_DEVICE)
        return retell(err, OKTA_ERR_AUTH,
                      "this sign-in has ended: sign in again, as with "
                      "okta-tokens login",
                      "", "");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(code, rows[i].code) == 0)
            return retell(err, rows[i].status, oauth->client_id, rows[i].words,
                          rows[i].remedy);
    return st;
}

/* ------------------------------------------------------------ From the org --
 */

static okta_status request(okt_oauth *oauth, okta_client *client,
                           const char *refresh, const char *scopes,
                           struct okt_tokens *out, okta_error *err)
{
    bool is_service = oauth->kind == OKTA_CREDENTIAL_SERVICE;
    const struct okt_field fields[] = {
        { "grant_type", is_service ? "client_credentials" : "refresh_token",
          false },
        { "scope", is_service ? scopes : NULL, false },
        { "refresh_token", is_service ? NULL : refresh, true },
    };
    AUTO(okta_response) response = NULL;
    okta_status st = okta_response_new(&response, err);

    if (st != OKTA_OK)
        return st;
    st = okt_form_post(oauth, client, OKT_PATH_TOKEN, fields, ARRAY_LEN(fields),
                       is_service ? OKT_FORM_PROVED : OKT_FORM_ONE_TIME,
                       response, err);
    if (st != OKTA_OK)
        return explain(oauth, okta_response_error_code(response),
                       scopes != NULL ? scopes : "none", st, err);
    st = okt_tokens_read(&response->body, client, out, err);
    return st == OKTA_OK ? okt_oauth_check_bound(oauth, client, out, err) : st;
}

/* A refresh token whose answer was lost twice may be spent: it is not sent
 * again. Under lock. */
static void mark_spent(okt_oauth *oauth, const okta_error *err)
{
    oauth->spent =
        oauth->kind == OKTA_CREDENTIAL_DEVICE && err->maybe_done != 0;
}

static okta_status ask_org(okt_oauth *oauth, okta_client *client, unsigned need,
                           okta_error *err)
{
    OKT_TOKENS_AUTO fresh = { 0 };
    OKT_BUF_AUTO names = OKT_BUF_INIT(OKT_SCOPES_MAX);
    AUTO(okt_secret) refresh = NULL;
    bool spent;
    okta_status st;

    pthread_mutex_lock(&oauth->lock);
    st = okt_copy(oauth->tokens.refresh, &refresh, err);
    need |= oauth->asked;
    spent = oauth->spent;
    pthread_mutex_unlock(&oauth->lock);
    if (st != OKTA_OK)
        return st;
    if (spent)
        return okt_fail(err, OKTA_ERR_AUTH,
                        "the org's answer to the last renewal was lost: sign "
                        "in again, as with okta-tokens login");
    if (oauth->kind == OKTA_CREDENTIAL_DEVICE && refresh == NULL)
        return okt_fail(err, OKTA_ERR_AUTH,
                        "the access token has lapsed, and without the scope "
                        "offline_access there is no other: sign in again, as "
                        "with okta-tokens login");
    okt_scope_names(need, &names);
    if (okt_buf_failed(&names))
        return okt_fail_memory(err);
    st = request(oauth, client, refresh,
                 oauth->scopes != NULL ? oauth->scopes : names.data, &fresh,
                 err);
    pthread_mutex_lock(&oauth->lock);
    if (st == OKTA_OK) {
        okt_oauth_install(oauth, &fresh);
        oauth->asked = need;
    } else {
        mark_spent(oauth, err);
    }
    pthread_mutex_unlock(&oauth->lock);
    return st;
}

/* ---------------------------------------------------------- From the store --
 */

/* Takes over what is kept; whether that already is what is needed. */
static bool adopt(okt_oauth *oauth, okta_client *client, unsigned need,
                  struct okt_tokens *kept, okt_key **key)
{
    const struct okt_transport *t = &client->transport;
    int64_t now = t->ops->wall(t->ctx);
    bool is_other;
    bool is_enough;

    pthread_mutex_lock(&oauth->lock);
    is_other = kept->access != NULL &&
               (oauth->tokens.access == NULL ||
                strcmp(kept->access, oauth->tokens.access) != 0);
    if (*key != NULL) {
        okt_key *old = oauth->proof_key;

        oauth->proof_key = *key;
        *key = old;
    }
    if (is_other) {
        okt_oauth_install(oauth, kept);
        oauth->asked = oauth->tokens.scopes != NULL
                           ? bits_of(oauth->tokens.scopes)
                           : oauth->asked;
    }
    is_enough = is_other && okt_tokens_are_good(&oauth->tokens, now) &&
                (oauth->tokens.renew == 0 || now < oauth->tokens.renew) &&
                (oauth->asked & need) == need;
    pthread_mutex_unlock(&oauth->lock);
    return is_enough;
}

/* *enough: what another process has kept will do. */
static okta_status read_store(okt_oauth *oauth, okta_client *client,
                              unsigned need, bool *enough, okta_error *err)
{
    AUTO(okt_secret) text = NULL;
    OKT_TOKENS_AUTO kept = { 0 };
    AUTO(okt_key) key = NULL;
    bool found = false;
    okta_status st = oauth->store.load(oauth->store.ctx, &text, err);

    if (st == OKTA_OK && text != NULL)
        st = okt_oauth_read(oauth, text, &kept, &key, &found, err);
    if (st == OKTA_OK && found)
        *enough = adopt(oauth, client, need, &kept, &key);
    return st;
}

okta_status okt_oauth_reread(okt_oauth *oauth, okta_client *client,
                             okta_error *err)
{
    bool enough;

    return read_store(oauth, client, 0, &enough, err);
}

static void write_store(okt_oauth *oauth, okta_client *client)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(OKT_STATE_MAX);
    okta_error why = { .status = OKTA_OK };
    okta_status st;

    pthread_mutex_lock(&oauth->lock);
    st = okt_oauth_write(oauth, &text, &why);
    pthread_mutex_unlock(&oauth->lock);
    if (st == OKTA_OK)
        st = oauth->store.save(oauth->store.ctx, text.data, &why);
    if (st != OKTA_OK)
        okt_log(client, OKTA_LOG_WARNING,
                "the new tokens could not be kept, so that the next run will "
                "have to sign in: %s",
                why.message);
}

okta_status okt_oauth_renew(okt_oauth *oauth, okta_client *client,
                            unsigned need, okta_error *err)
{
    okta_error mine = { .status = OKTA_OK };
    bool enough = false;
    okta_status st;

    if (err == NULL)
        err = &mine;
    if (oauth->store.size == 0)
        return ask_org(oauth, client, need, err);
    st = oauth->store.lock(oauth->store.ctx, err);
    if (st != OKTA_OK)
        return st;
    st = read_store(oauth, client, need, &enough, err);
    if (st == OKTA_OK && !enough && oauth->kind == OKTA_CREDENTIAL_DEVICE &&
        oauth->store.reserve != NULL)
        st = oauth->store.reserve(oauth->store.ctx, err);
    if (st == OKTA_OK && !enough) {
        st = ask_org(oauth, client, need, err);
        if (st == OKTA_OK)
            write_store(oauth, client);
    }
    oauth->store.unlock(oauth->store.ctx);
    return st;
}
