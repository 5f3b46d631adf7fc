/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_mint.h - an org with apps, and the tokens that good and bad clients
 * make for it. */
#ifndef TEST_ORGD_MINT_H
#define TEST_ORGD_MINT_H

#include "tests/unit/test_orgd_world.h"

#include "jose/jws.h"
#include "server/oauth/access_token.h"
#include "server/oauth/app.h"

#define ADA "00uAda00000000000000"
#define NATIVE "0oaNative00000000000"
#define OTHER "0oaOther000000000000"
#define IDLE "0oaIdle0000000000000"
#define SERVICE "0oaService0000000000"
#define BOUND "0oaBound000000000000" /* a service that takes DPoP alone */
#define SITE "0oaSite0000000000000"
#define CALLBACK "https://site.example/cb?x=1"

#define ALL_SCOPES                                               \
    "okta.apiTokens.read okta.apiTokens.manage okta.users.read " \
    "offline_access"
#define ASSERTION                                          \
    "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A" \
    "client-assertion-type%3Ajwt-bearer&client_assertion="

/* Keys are made once for all tests: one that the apps have, an RSA one that
 * they have too, and one that nobody knows. */
static okt_key *own_key;
static okt_key *rsa_key;
static okt_key *foreign_key;

struct tokens {
    char access[ACCESS_MAX];
    char refresh[64];
    char type[16];
    char scope[256];
};

static inline int mint_keys(void **state)
{
    (void)state;
    assert_null(okt_key_generate(OKT_ES256, &own_key));
    assert_null(okt_key_generate(OKT_RS256, &rsa_key));
    assert_null(okt_key_generate(OKT_ES256, &foreign_key));
    return 0;
}

static inline int mint_keys_free(void **state)
{
    (void)state;
    okt_key_free(own_key);
    okt_key_free(rsa_key);
    okt_key_free(foreign_key);
    return 0;
}

static inline void add_app(struct world *w, const char *id, const char *type,
                           const char *scopes, const char *role,
                           const char *jwks)
{
    struct store_app app = {
        .id = id,
        .name = id,
        .type = type,
        .status = strcmp(id, IDLE) == 0 ? APP_INACTIVE : APP_ACTIVE,
        .scopes = scopes,
        .redirect_uris = strcmp(type, APP_SERVICE) != 0
                             ? "https://other.example/ " CALLBACK
                             : "",
        .roles = role,
        .jwks = jwks,
        .dpop = strcmp(id, BOUND) == 0,
        .created = 1,
        .last_updated = 1
    };

    assert_null(app_check(&app).field);
    assert_int_equal(app_add(w->f.store, &app), STORE_OK);
}

/* A JWK Set of two keys, named "one" and "two". */
static inline void both_keys(struct okt_buf *out)
{
    struct okt_buf one = OKT_BUF_INIT(4096);
    struct okt_buf two = OKT_BUF_INIT(4096);
    struct okt_buf set = OKT_BUF_INIT(8192);

    okt_key_public_jwk(own_key, &one);
    okt_key_public_jwk(rsa_key, &two);
    okt_buf_printf(&set, "{\"keys\":[{\"kid\":\"one\",%s,{\"kid\":\"two\",%s]}",
                   one.data + 1, two.data + 1);
    assert_null(app_jwks_read(set.data, set.len, out));
    okt_buf_free(&one);
    okt_buf_free(&two);
    okt_buf_free(&set);
}

static inline int mint_set_up(void **state)
{
    static const char service_scopes[] =
        "okta.apiTokens.read okta.apiTokens.manage okta.logs.read "
        "okta.users.read";
    struct world *w = calloc(1, sizeof(*w));
    struct okt_buf jwks = OKT_BUF_INIT(8192);

    world_open(w);
    both_keys(&jwks);
    add_user(w->f.store, ADA, "ada@example.com", "SUPER_ADMIN");
    add_user(w->f.store, "00u1", "una@example.com", "SUPER_ADMIN");
    add_app(w, NATIVE, APP_NATIVE, ALL_SCOPES, "", "");
    add_app(w, OTHER, APP_NATIVE, ALL_SCOPES, "", "");
    add_app(w, IDLE, APP_NATIVE, ALL_SCOPES, "", "");
    add_app(w, SERVICE, APP_SERVICE, service_scopes, "READ_ONLY_ADMIN",
            jwks.data);
    add_app(w, BOUND, APP_SERVICE, service_scopes, "READ_ONLY_ADMIN",
            jwks.data);
    add_app(w, SITE, APP_WEB, ALL_SCOPES, "", jwks.data);
    okt_buf_free(&jwks);
    *state = w;
    return 0;
}

static inline int mint_tear_down(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}

/* ------------------------------------------------------------- Signed things
 * -- */

static int minted; /* each jti is another */

static inline void sign(const okt_key *key, const char *header,
                        const char *claims, char *out, size_t size)
{
    struct okt_buf token = OKT_BUF_INIT(OKT_JWS_MAX);

    assert_null(okt_jws_sign(key, okt_key_alg(key), header, claims,
                             strlen(claims), &token));
    assert_true(token.len < size);
    memcpy(out, token.data, token.len + 1);
    okt_buf_free(&token);
}

/* A good assertion for the token endpoint. */
static inline void assertion(struct world *w, const char *client, char *out,
                             size_t size)
{
    char claims[512];

    snprintf(claims, sizeof(claims),
             "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"" ORG PATH_TOKEN
             "\",\"iat\":%lld,\"exp\":%lld,\"jti\":\"%d\"}",
             client, client, (long long)org_now(&w->org),
             (long long)org_now(&w->org) + 300, ++minted);
    sign(own_key, "\"kid\":\"one\"", claims, out, size);
}

/* A good proof; token NULL: none; nonce NULL: none. */
static inline void
proof(struct world *w, const okt_key *key, const char *method, const char *path,
      const char *token, const char *nonce, char *out, size_t size)
{
    struct okt_buf header = OKT_BUF_INIT(2048);
    char claims[1024];
    char ath[OKT_SHA256_TEXT] = "";

    if (token != NULL)
        assert_true(okt_sha256_base64url(token, strlen(token), ath));
    okt_buf_str(&header, "\"typ\":\"dpop+jwt\",\"jwk\":");
    okt_key_public_jwk(key, &header);
    snprintf(claims, sizeof(claims),
             "{\"htm\":\"%s\",\"htu\":\"" ORG "%s\",\"iat\":%lld,"
             "\"jti\":\"p%d\"%s%s%s%s%s%s}",
             method, path, (long long)org_now(&w->org), ++minted,
             token != NULL ? ",\"ath\":\"" : "", ath, token != NULL ? "\"" : "",
             nonce != NULL ? ",\"nonce\":\"" : "", nonce != NULL ? nonce : "",
             nonce != NULL ? "\"" : "");
    sign(key, header.data, claims, out, size);
    okt_buf_free(&header);
}

/* ---------------------------------------------------------------- Using them
 * -- */

static inline void take_tokens(struct request *r, struct tokens *out)
{
    world_member(r, "access_token", out->access, sizeof(out->access));
    world_member(r, "refresh_token", out->refresh, sizeof(out->refresh));
    world_member(r, "token_type", out->type, sizeof(out->type));
    world_member(r, "scope", out->scope, sizeof(out->scope));
    request_free(r);
}

static inline struct request *ask_with(struct world *w, const char *method,
                                       const char *path, const struct tokens *t)
{
    char header[ACCESS_MAX + 16];

    snprintf(header, sizeof(header), "Bearer %s", t->access);
    return world_ask(w, &(struct ask){ method, path, NULL, header, NULL });
}

/* The same, up to where the writer would come in, with that handle. */
static inline struct request *
begin_with_store(struct world *w, struct store *store, const char *method,
                 const char *path, const struct tokens *t)
{
    char header[ACCESS_MAX + 16];
    struct request *r = request_new(&w->org, path);

    assert_non_null(r);
    snprintf(header, sizeof(header), "Bearer %s", t->access);
    snprintf(r->method, sizeof(r->method), "%s", method);
    r->headers[HEADER_AUTHORIZATION] = header;
    r->store = store;
    request_answer(r, api_routes, api_route_count);
    r->headers[HEADER_AUTHORIZATION] = NULL;
    return r;
}

static inline struct request *begin_with(struct world *w, const char *method,
                                         const char *path,
                                         const struct tokens *t)
{
    return begin_with_store(w, w->f.store, method, path, t);
}

static inline int use(struct world *w, const char *method, const char *path,
                      const struct tokens *t)
{
    struct request *r = ask_with(w, method, path, t);
    int status = r->status;

    request_free(r);
    return status;
}

static inline void get_service_token(struct world *w, const char *scopes,
                                     struct tokens *out)
{
    char signed_text[2048];
    char form[4096];
    struct request *r;

    assertion(w, SERVICE, signed_text, sizeof(signed_text));
    snprintf(form, sizeof(form), "grant_type=client_credentials&scope=%s&%s%s",
             scopes, ASSERTION, signed_text);
    r = world_ask(w, &(struct ask){ "POST", PATH_TOKEN, form, NULL, NULL });
    assert_int_equal(r->status, 200);
    take_tokens(r, out);
}

static inline int count_of(const char *text, const char *part)
{
    int count = 0;

    while ((text = strstr(text, part)) != NULL) {
        text += strlen(part);
        count++;
    }
    return count;
}

struct event_search {
    const char *type;
    const char *target;
    int count;
};

static inline bool see_event(const struct store_event *e, void *ctx)
{
    struct event_search *s = ctx;

    s->count += strcmp(e->type, s->type) == 0 && e->target_id != NULL &&
                strcmp(e->target_id, s->target) == 0;
    return true;
}

static inline int count_events(struct world *w, const char *type,
                               const char *target)
{
    struct event_search s = { type, target, 0 };
    const struct store_events all = { 0, INT64_MAX, false, 0, 0 };

    assert_int_equal(w->f.store->ops->event_each(w->f.store, &all, see_event,
                                                 &s),
                     STORE_OK);
    return s.count;
}

static inline bool has_event(struct world *w, const char *type,
                             const char *target)
{
    return count_events(w, type, target) > 0;
}

#endif
