/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_orgd_matrix.c - every route x every kind of caller: what is not allowed
 * here is refused. A route that stands in the server's table and not in this
 * one fails the test, and so does a role.
 */
#include "tests/unit/test_orgd_world.h"

#include "jose/jws.h"
#include "server/oauth/access_token.h"
#include "server/oauth/app.h"
#include "server/org/scope.h"
#include "server/org/writer.h"
#include "server/org/zone.h"
#include "server/web/style.h"

enum { ALIVE_SECONDS = 29 * 86400 };

/* What the routes ask of a role. */
enum need {
    NONE = 0,
    SELF = 1,
    READ = 2,
    MANAGE = 4,
    LOGS = 8,
    USERS = 16,
    GROUPS = 32,
    ROLES = 64,
    ZONES = 128,
    ME = 256,
    NOBODY = 512 /* not even a caller; a token makes no difference */
};

static const struct {
    const char *method;
    const char *path; /* as the server's table has it */
    enum need need;
} expected[] = {
    { "GET", "/api/v1/api-tokens", READ },
    { "GET", "/api/v1/api-tokens/", READ },
    { "DELETE", "/api/v1/api-tokens/current", SELF },
    { "GET", "/api/v1/api-tokens/{id}", READ },
    { "PUT", "/api/v1/api-tokens/{id}", MANAGE },
    { "DELETE", "/api/v1/api-tokens/{id}", MANAGE },
    { "GET", "/api/v1/logs", LOGS },
    { "GET", "/api/v1/users/me", ME },
    { "GET", "/api/v1/users/{login}", USERS },
    { "GET", "/api/v1/users/{login}/roles", ROLES },
    { "GET", "/api/v1/users/{login}/groups", GROUPS },
    { "GET", "/api/v1/groups/{id}/roles", ROLES },
    { "GET", "/api/v1/zones", ZONES },
    { "GET", "/api/v1/zones/{id}", ZONES },
};

/* Routes that ask for nobody, and what they answer to a request without a
 * session, a query or a form. */
static const struct {
    const char *method;
    const char *path;
    int status;
} open[] = {
    { "GET", "/", 303 },
    { "GET", "/login", 200 },
    { "POST", "/login", 400 },
    { "POST", "/logout", 400 },
    { "GET", "/activate", 303 },
    { "POST", "/activate", 400 },
    { "POST", "/activate/decide", 400 },
    { "GET", STYLE_PATH, 200 },
    { "GET", "/oauth2/v1/authorize", 400 },
    { "POST", "/oauth2/v1/authorize", 400 },
    { "POST", "/oauth2/v1/device/authorize", 400 },
    { "POST", "/oauth2/v1/token", 400 },
    { "POST", "/oauth2/v1/revoke", 400 },
    { "POST", "/oauth2/v1/introspect", 400 },
    { "GET", "/oauth2/v1/keys", 200 },
    { "GET", "/.well-known/openid-configuration", 200 },
    { "GET", "/.well-known/okta-organization", 200 },
    { "GET", "/.well-known/oauth-authorization-server", 200 },
};

enum {
    ANYBODY = SELF | ME,
    READER = ANYBODY | READ | LOGS | USERS | GROUPS | ROLES | ZONES
};

static const struct {
    const char *role;
    unsigned needs; /* that it meets */
} roles[] = {
    { "SUPER_ADMIN", READER | MANAGE },
    { "ORG_ADMIN", READER | MANAGE },
    { "READ_ONLY_ADMIN", READER },
    { "API_ACCESS_MANAGEMENT_ADMIN", ANYBODY },
    { "APP_ADMIN", ANYBODY },
    { "GROUP_MEMBERSHIP_ADMIN", ANYBODY },
    { "HELP_DESK_ADMIN", ANYBODY },
    { "MOBILE_ADMIN", ANYBODY },
    { "REPORT_ADMIN", ANYBODY | LOGS },
    { "USER_ADMIN", ANYBODY },
    { "", ANYBODY },       /* none */
    { "CUSTOM", ANYBODY }, /* one that the server does not know */
};

enum { UNKNOWN_ROLES = 2 };

/* Callers who get nowhere, whatever their role. */
enum kind {
    GOOD,
    EXPIRED,
    REVOKED,
    OUTSIDE,     /* in no zone of the token */
    SHUT_OUT,    /* in a zone that the token is not to be used in */
    IN_INACTIVE, /* in a zone that is not active */
    ZONE_GONE,   /* in a zone that there is not */
    SUSPENDED,
    DEPROVISIONED,
    UNHEARD_OF, /* of a status that nobody knows */
    KINDS
};

static void secret_of(size_t role, enum kind kind,
                      char out[static OKT_SECRET_LEN + 1])
{
    snprintf(out, OKT_SECRET_LEN + 1, "00matrix%017zu%017d", role, (int)kind);
}

static const char *status_of(enum kind kind)
{
    switch (kind) {
    case SUSPENDED:
        return "SUSPENDED";
    case DEPROVISIONED:
        return "DEPROVISIONED";
    case UNHEARD_OF:
        return "STAGED";
    default:
        return "ACTIVE";
    }
}

static void restrict_to(struct store_token *t, const char *include,
                        const char *exclude)
{
    t->connection = "ZONE";
    t->include = include;
    t->exclude = exclude;
}

/* Every third role is one of a group, in which the user is; an empty one stands
 * before it. */
static void add_owner(struct store *s, const char *user_id, const char *role,
                      const char *status, bool by_group)
{
    struct store_user user = { user_id, user_id, by_group ? "" : role,
                               status,  1,       0 };
    struct store_group group = { user_id, user_id, role, 1 };

    assert_int_equal(s->ops->user_add(s, &user), STORE_OK);
    if (!by_group)
        return;
    assert_int_equal(s->ops->group_add(s, &group), STORE_OK);
    assert_int_equal(s->ops->group_add_member(s, user_id, user_id), STORE_OK);
    assert_int_equal(s->ops->group_add_member(s, "00gnorole", user_id),
                     STORE_OK);
}

static void add_caller(struct store *s, size_t role, enum kind kind)
{
    char user_id[OKT_ID_MAX];
    char id[OKT_ID_MAX];
    char secret[OKT_SECRET_LEN + 1];
    unsigned char hash[SECRET_HASH_LEN];
    struct store_token t;

    snprintf(user_id, sizeof(user_id), "00u%zux%d", role, (int)kind);
    snprintf(id, sizeof(id), "00T%zux%d", role, (int)kind);
    t = a_token(id, id);
    secret_of(role, kind, secret);
    assert_true(secret_is_valid(secret) && secret_hash(secret, hash));
    add_owner(s, user_id, roles[role].role, status_of(kind), role % 3 == 0);
    t.user_id = user_id;
    t.expires = okt_clock_now() + (kind == EXPIRED ? 0 : ALIVE_SECONDS);
    if (kind == OUTSIDE)
        restrict_to(&t, "nzofar", "");
    if (kind == SHUT_OUT)
        restrict_to(&t, "", "nzofar nzohere");
    if (kind == IN_INACTIVE)
        restrict_to(&t, "nzooff", "");
    if (kind == ZONE_GONE)
        restrict_to(&t, "nzogone", "");
    if (kind == GOOD && role % 2 == 0)
        restrict_to(&t, "nzofar nzohere", "");
    assert_int_equal(s->ops->token_add(s, &t, hash), STORE_OK);
    if (kind == REVOKED)
        assert_int_equal(s->ops->token_remove(s, id), STORE_OK);
}

static void add_zone(struct store *s, const char *id, const char *status,
                     const char *gateways)
{
    struct store_zone zone = { id, id, "IP", status, gateways, 1, 1 };

    assert_int_equal(s->ops->zone_add(s, &zone), STORE_OK);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct store *s;

    world_open(w);
    s = w->f.store;
    add_zone(s, "nzofar", "ACTIVE", "10.0.0.0/8");
    add_zone(s, "nzohere", "ACTIVE", "192.0.2.0/24");
    add_zone(s, "nzooff", "INACTIVE", "192.0.2.0/24");
    assert_int_equal(s->ops->begin(s), STORE_OK);
    assert_int_equal(s->ops->group_add(s,
                                       &(struct store_group){
                                           "00gnorole", "none", "", 1 }),
                     STORE_OK);
    for (size_t role = 0; role < ARRAY_LEN(roles); role++)
        for (enum kind kind = GOOD; kind < KINDS; kind++)
            add_caller(s, role, kind);
    assert_int_equal(s->ops->commit(s), STORE_OK);
    w->org.writer = writer_start(w->f.where, w->org.renewals, w->org.clock);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    writer_stop(w->org.writer);
    writer_free(w->org.writer);
    world_close(w);
    free(w);
    return 0;
}

/* The route's path with ids in it that there are. */
static void fill_path(const char *path, char out[static 128])
{
    const char *brace = strstr(path, "{id}");

    if (brace == NULL) {
        snprintf(out, 128, "%s", path);
        return;
    }
    snprintf(out, 128, "%.*s%s%s", (int)(brace - path), path, "00T0x0",
             brace + strlen("{id}"));
}

/* What becomes of the request, up to where its change would be pushed. */
static int ask(struct world *w, const char *method, const char *row,
               const char *authorization)
{
    char path[128];
    struct request *r;
    int status;

    fill_path(row, path);
    r = request_new(&w->org, path);
    assert_non_null(r);
    snprintf(r->method, sizeof(r->method), "%s", method);
    snprintf(r->address, sizeof(r->address), "192.0.2.1");
    r->headers[HEADER_AUTHORIZATION] = authorization;
    r->store = w->f.store;
    status = request_answer(r, api_routes, api_route_count);
    if (status == REQUEST_LATER && r->refused.id[0] != '\0')
        status = request_finish(r);
    if (status == 401 || status == 403)
        assert_string_equal(r->caller.id, status == 401 ? "" : r->caller.id);
    request_free(r);
    return status;
}

static int status_of_open(const char *method, const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(open); i++)
        if (strcmp(open[i].method, method) == 0 &&
            strcmp(open[i].path, path) == 0)
            return open[i].status;
    return 0;
}

static enum need need_of(const char *method, const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        if (strcmp(expected[i].method, method) == 0 &&
            strcmp(expected[i].path, path) == 0)
            return expected[i].need;
    return status_of_open(method, path) != 0 ? NOBODY : NONE;
}

static void expect(struct world *w, const char *method,
                   const struct route *route, const char *authorization,
                   int want, const char *what)
{
    int status = ask(w, method, route->path, authorization);
    bool right = want == 0 ? status != 401 && status != 403 && status < 500
                           : status == want;

    if (!right)
        print_error("%s %s by %s: %d\n", method, route->path, what, status);
    assert_true(right);
}

static void try_roles(struct world *w, const char *method,
                      const struct route *route, enum need need)
{
    for (size_t role = 0; role < ARRAY_LEN(roles); role++)
        for (enum kind kind = GOOD; kind < KINDS; kind++) {
            char header[64];
            char what[64];
            char secret[OKT_SECRET_LEN + 1];
            int want = 401;

            if (kind == GOOD)
                want = (need & roles[role].needs) != 0 ? 0 : 403;
            secret_of(role, kind, secret);
            snprintf(header, sizeof(header), "SSWS %s", secret);
            snprintf(what, sizeof(what), "%s %d", roles[role].role, (int)kind);
            expect(w, method, route, header, want, what);
        }
}

static void try_strangers(struct world *w, const char *method,
                          const struct route *route)
{
    expect(w, method, route, NULL, 403, "nobody");
    expect(w, method, route, "", 403, "an empty header");
    expect(w, method, route, "Basic YTpi", 403, "another scheme");
    expect(w, method, route, "SSWS 00neverneverneverneverneverneverneverneve",
           401, "an unknown secret");
    expect(w, method, route, "SSWS ", 401, "no secret");
}

/* What asks for no caller knows none, whatever token comes along. */
static void try_open(struct world *w, const struct route *route)
{
    int want = status_of_open(route->method, route->path);
    char secret[OKT_SECRET_LEN + 1];
    char header[64];

    secret_of(0, GOOD, secret);
    snprintf(header, sizeof(header), "SSWS %s", secret);
    expect(w, route->method, route, NULL, want, "nobody");
    expect(w, route->method, route, header, want, "a good token");
    expect(w, route->method, route, "Bearer x", want, "a bad one");
}

/* ----------------------------------------------------------------- OAuth -- */

/* Who comes with an access token. */
enum bearer {
    FRESH,
    LAPSED,
    EARLY,
    TAKEN_BACK,  /* by its jti */
    UNGRANTED,   /* its grant is not there */
    LOCKED_OUT,  /* its user is suspended */
    GONE,        /* its user is deprovisioned */
    APP_OFF,     /* its app is not active */
    APP_UNKNOWN, /* there is no such app */
    FORGED,      /* signed by a key of somebody else's */
    BOUND_ALONE, /* bound to a key, without a proof */
    BEARERS
};

static const char *const app_of[BEARERS] = {
    [APP_OFF] = "0oaOff",
    [APP_UNKNOWN] = "0oaNone",
};

static const char *const user_of[BEARERS] = {
    [LOCKED_OUT] = "00ususpended",
    [GONE] = "00udeprovisioned",
};

static void add_oauth_app(struct store *s, const char *id, const char *status)
{
    const struct store_app app = {
        .id = id,
        .name = id,
        .type = APP_NATIVE,
        .status = status,
        .scopes = "",
        .redirect_uris = "",
        .roles = "READ_ONLY_ADMIN",
        .jwks = ""
    };
    const struct store_grant grant = {
        id, id, "00ufull", "", "", 1, INT64_MAX
    };

    assert_int_equal(s->ops->app_add(s, &app), STORE_OK);
    assert_int_equal(s->ops->grant_add(s, &grant), STORE_OK);
}

static void add_oauth(struct world *w)
{
    struct store *s = w->f.store;

    add_owner(s, "00ufull", "SUPER_ADMIN", "ACTIVE", false);
    add_owner(s, "00ubare", "", "ACTIVE", false);
    add_owner(s, "00ususpended", "SUPER_ADMIN", "SUSPENDED", false);
    add_owner(s, "00udeprovisioned", "SUPER_ADMIN", "DEPROVISIONED", false);
    add_oauth_app(s, "0oaOn", APP_ACTIVE);
    add_oauth_app(s, "0oaOff", APP_INACTIVE);
    assert_int_equal(s->ops->access_revoke(s, "AT.revoked", INT64_MAX),
                     STORE_OK);
}

static okt_key *forger;

static int make_forger(void **state)
{
    (void)state;
    assert_null(okt_key_generate(OKT_RS256, &forger));
    return 0;
}

static int free_forger(void **state)
{
    (void)state;
    okt_key_free(forger);
    return 0;
}

/* Signs as the org does, but with a key that it does not have. */
static void forge(const struct okt_buf *token, struct okt_buf *out)
{
    OKT_JWS_AUTO jws = { 0 };
    char header[128];
    char *claims;

    assert_null(okt_jws_parse(token->data, token->len, &jws));
    claims = yyjson_val_write(jws.claims, 0, NULL);
    snprintf(header, sizeof(header), "\"typ\":\"at+jwt\",\"kid\":\"%s\"",
             jws.kid);
    assert_null(okt_jws_sign(forger, OKT_RS256, header, claims, strlen(claims),
                             out));
    free(claims);
}

/* "Bearer" and a token of that kind, with that scope. user "": an app's own. */
static void mint(struct world *w, enum bearer kind, const char *scope,
                 const char *user, struct okt_buf *out)
{
    OKT_BUF_AUTO token = OKT_BUF_INIT(ACCESS_MAX);
    int64_t now = org_now(&w->org);
    struct access a = { .issued = now, .expires = now + 60 };

    snprintf(a.jti, sizeof(a.jti), "%s",
             kind == TAKEN_BACK ? "AT.revoked" : "AT.1");
    snprintf(a.client_id, sizeof(a.client_id), "%s",
             app_of[kind] != NULL ? app_of[kind] : "0oaOn");
    snprintf(a.user_id, sizeof(a.user_id), "%s",
             user_of[kind] != NULL ? user_of[kind] : user);
    snprintf(a.grant_id, sizeof(a.grant_id), "%s",
             kind == UNGRANTED ? "oagnone" : a.client_id);
    snprintf(a.scopes, sizeof(a.scopes), "%s", scope);
    if (kind == LAPSED)
        a.expires = now;
    if (kind == EARLY)
        a.issued = now + 60;
    if (kind == BOUND_ALONE)
        memset(a.jkt, 'x', sizeof(a.jkt) - 1);
    assert_null(access_sign(&w->org, w->f.store, &a, "ada", &token));
    okt_buf_str(out, "Bearer ");
    if (kind == FORGED)
        forge(&token, out);
    else
        okt_buf_append(out, token.data, token.len);
}

/* What becomes of an access token at a route. */
static int due(enum need need, const struct route *route, enum bearer kind,
               const char *scope, unsigned needs)
{
    if (need == SELF)
        return 403; /* for API tokens alone */
    if (kind != FRESH)
        return 401;
    if (strcmp(scope_name(route->scope), scope) != 0)
        return 403;
    return (need & needs) != 0 ? 0 : 403;
}

static void try_bearer(struct world *w, const char *method,
                       const struct route *route, enum need need,
                       enum bearer kind, const char *scope)
{
    static const struct {
        const char *user;
        unsigned needs;
    } people[] = {
        { "00ufull", READER | MANAGE },
        { "00ubare", ANYBODY },
        { "", READER }, /* the app's own role */
    };

    for (size_t i = 0; i < ARRAY_LEN(people); i++) {
        OKT_BUF_AUTO header = OKT_BUF_INIT(ACCESS_MAX + 16);
        char what[96];
        int want = due(need, route, kind, scope, people[i].needs);

        /* Only a person can have granted anything, or be locked out. */
        if (people[i].user[0] == '\0' && kind == UNGRANTED)
            continue;
        mint(w, kind, scope, people[i].user, &header);
        snprintf(what, sizeof(what), "%s as %s, kind %d", scope, people[i].user,
                 (int)kind);
        expect(w, method, route, header.data, want, what);
    }
}

static void no_scope_opens_what_is_not_its_own(void **state)
{
    static const char *const scopes[] = {
        "okta.apiTokens.read",    "okta.apiTokens.manage", "okta.logs.read",
        "okta.users.read",        "okta.groups.read",      "okta.roles.read",
        "okta.networkZones.read", "offline_access",        "",
    };
    struct world *w = *state;

    add_oauth(w);
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        enum need need = need_of(route->method, route->path);

        if (need == NOBODY)
            continue;
        for (size_t k = 0; k < ARRAY_LEN(scopes); k++)
            try_bearer(w, route->method, route, need, FRESH, scopes[k]);
    }
}

/* With the very scope that the route asks for. */
static void no_access_token_outlives_what_it_stands_on(void **state)
{
    struct world *w = *state;

    add_oauth(w);
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        enum need need = need_of(route->method, route->path);

        if (need == NOBODY)
            continue;
        for (enum bearer kind = FRESH; kind < BEARERS; kind++)
            try_bearer(w, route->method, route, need, kind,
                       scope_name(route->scope));
    }
}

/* ----------------------------------------------------------- The matrix -- */

static void nothing_is_allowed_that_is_not_here(void **state)
{
    struct world *w = *state;

    assert_int_equal(api_route_count, ARRAY_LEN(expected) + ARRAY_LEN(open));
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        enum need need = need_of(route->method, route->path);

        if (need == NONE)
            print_error("not here: %s %s\n", route->method, route->path);
        assert_int_not_equal(need, NONE);
        if (need == NOBODY) {
            try_open(w, route);
            continue;
        }
        try_strangers(w, route->method, route);
        try_roles(w, route->method, route, need);
        if (strcmp(route->method, "GET") == 0)
            try_roles(w, "HEAD", route, need);
    }
}

/* A good caller's other methods reach no handler. */
static void a_method_without_a_route_is_405(void **state)
{
    static const char *const methods[] = { "GET",   "HEAD",    "PUT",
                                           "POST",  "DELETE",  "PATCH",
                                           "TRACE", "OPTIONS", "CONNECT" };
    char secret[OKT_SECRET_LEN + 1];
    char header[64];

    secret_of(0, GOOD, secret);
    snprintf(header, sizeof(header), "SSWS %s", secret);
    for (size_t i = 0; i < api_route_count; i++)
        for (size_t k = 0; k < ARRAY_LEN(methods); k++) {
            const char *as =
                strcmp(methods[k], "HEAD") == 0 ? "GET" : methods[k];
            bool known = need_of(as, api_routes[i].path) != NONE;
            int status = ask(*state, methods[k], api_routes[i].path, header);

            /* "current" and "me" are ids, too, where there is no row of
             * their own. */
            if (!known && strstr(api_routes[i].path, "/current") == NULL)
                assert_int_equal(status, 405);
        }
}

/* Every role that the server knows is in this test's table. */
static void there_is_no_other_role(void **state)
{
    size_t commas = 0;

    (void)state;
    for (const char *p = role_names(); *p != '\0'; p++)
        commas += *p == ',';
    assert_int_equal(commas + 1, ARRAY_LEN(roles) - UNKNOWN_ROLES);
    for (size_t i = 0; i < ARRAY_LEN(roles) - UNKNOWN_ROLES; i++)
        assert_true(role_is_known(roles[i].role));
}

/* What the log says of it is once a second for each token. */
static void a_refused_use_is_logged(void **state)
{
    struct world *w = *state;
    char secret[OKT_SECRET_LEN + 1];
    char header[64];
    struct request *r = request_new(&w->org, "/api/v1/api-tokens");
    bool is = true;

    assert_non_null(r);
    secret_of(0, OUTSIDE, secret);
    snprintf(header, sizeof(header), "SSWS %s", secret);
    snprintf(r->method, sizeof(r->method), "GET");
    snprintf(r->address, sizeof(r->address), "192.0.2.1");
    r->headers[HEADER_AUTHORIZATION] = header;
    r->store = w->f.store;
    assert_int_equal(request_answer(r, api_routes, api_route_count),
                     REQUEST_LATER);
    assert_int_equal(r->store->ops->event_refused(r->store, "00T0x3", 0, &is),
                     STORE_OK);
    assert_false(is);
    assert_int_equal(r->change.apply(r->store, r), STORE_OK);
    assert_int_equal(r->store->ops->event_refused(r->store, "00T0x3", 0, &is),
                     STORE_OK);
    assert_true(is);
    /* Even if it could not be logged, it is refused. */
    r->change.result = STORE_FAILED;
    assert_int_equal(request_finish(r), 401);
    request_free(r);
}

/* Whoever holds a token where it must not be used does not keep it alive. */
static void a_refused_use_renews_nothing(void **state)
{
    struct world *w = *state;
    char secret[OKT_SECRET_LEN + 1];
    char header[64];
    struct renewal found;

    secret_of(0, OUTSIDE, secret);
    snprintf(header, sizeof(header), "SSWS %s", secret);
    assert_int_equal(ask(w, "GET", "/api/v1/api-tokens", header), 401);
    assert_true(renewals_are_written(w->org.renewals));
    assert_false(renewals_find(w->org.renewals, "00T0x3", &found));
}

/* A request to revoke that was let in and waits for the writer. */
static struct request *admitted(struct world *w, size_t role)
{
    char secret[OKT_SECRET_LEN + 1];
    char header[64];
    struct request *r = request_new(&w->org, "/api/v1/api-tokens/00T1x0");

    secret_of(role, GOOD, secret);
    snprintf(header, sizeof(header), "SSWS %s", secret);
    snprintf(r->method, sizeof(r->method), "DELETE");
    snprintf(r->address, sizeof(r->address), "192.0.2.1");
    r->headers[HEADER_AUTHORIZATION] = header;
    r->store = w->f.store;
    assert_int_equal(request_answer(r, api_routes, api_route_count),
                     REQUEST_LATER);
    r->headers[HEADER_AUTHORIZATION] = NULL;
    return r;
}

static int committed(struct world *w, struct request *r)
{
    int status = world_change(w, r);

    request_free(r);
    return status;
}

static void a_caller_is_looked_at_again_before_the_change(void **state)
{
    static const struct store_network far = { OKT_ZONE, "nzofar", "" };
    static const struct store_network here = { OKT_ZONE, "nzohere", "" };
    struct world *w = *state;
    struct store *s = w->f.store;
    struct request *r = admitted(w, 0);
    char secret[OKT_SECRET_LEN + 1];

    assert_int_equal(s->ops->user_set_status(s, "00u0x0", "SUSPENDED", 1),
                     STORE_OK);
    assert_int_equal(committed(w, r), 401);
    assert_int_equal(s->ops->user_set_status(s, "00u0x0", "ACTIVE", 1),
                     STORE_OK);
    r = admitted(w, 0);
    assert_int_equal(s->ops->token_restrict(s, "00T0x0", &far, 1), STORE_OK);
    assert_int_equal(committed(w, r), 401);
    assert_int_equal(s->ops->token_restrict(s, "00T0x0", &here, 1), STORE_OK);
    r = admitted(w, 0);
    /* As if the owner had this one's role by now: it reads alone. */
    secret_of(2, GOOD, secret);
    assert_true(secret_hash(secret, r->caller.hash));
    assert_int_equal(committed(w, r), 403);
    r = admitted(w, 0);
    assert_int_equal(s->ops->token_remove(s, "00T0x0"), STORE_OK);
    assert_int_equal(committed(w, r), 401);
    assert_int_equal(committed(w, admitted(w, 1)), 204);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_allowed_that_is_not_here),
        TEST(no_scope_opens_what_is_not_its_own),
        TEST(no_access_token_outlives_what_it_stands_on),
        TEST(a_method_without_a_route_is_405),
        TEST(there_is_no_other_role),
        TEST(a_refused_use_is_logged),
        TEST(a_refused_use_renews_nothing),
        TEST(a_caller_is_looked_at_again_before_the_change),
    };

    return cmocka_run_group_tests(tests, make_forger, free_forger);
}
