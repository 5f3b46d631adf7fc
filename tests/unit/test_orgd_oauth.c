/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_oauth.c - tokens issued, used, renewed and taken back. */
#include "tests/unit/test_orgd_mint.h"

#include "server/oauth/device.h"
#include "server/oauth/dpop.h"
#include "server/org/event.h"
#include "tests/unit/test_orgd_time.h"

#define LIST "/api/v1/api-tokens"
#define READ "okta.apiTokens.read"

/* From here on the clock stands, so long after the world was opened. */
static void at(struct world *w, int64_t seconds)
{
    org_clock_set(&w->clock, w->opened + seconds, true);
}

/* ------------------------------------------------------------- The devices --
 */

/* Starts the device flow; out: device_code and user_code. */
static void start_device(struct world *w, const char *scopes,
                         char code[static 64], char user_code[static 16])
{
    char form[512];
    struct request *r;

    snprintf(form, sizeof(form), "client_id=" NATIVE "&scope=%s", scopes);
    r = world_ask(w, &(struct ask){ "POST", PATH_DEVICE, form, NULL, NULL });
    assert_int_equal(r->status, 200);
    world_member(r, "device_code", code, 64);
    world_member(r, "user_code", user_code, 16);
    request_free(r);
}

static struct request *poll(struct world *w, const char *code,
                            const char *client, const char *dpop)
{
    char form[512];

    snprintf(form, sizeof(form),
             "client_id=%s&device_code=%s&grant_type="
             "urn%%3Aietf%%3Aparams%%3Aoauth%%3Agrant-type%%3Adevice_code",
             client, code);
    return world_ask(w, &(struct ask){ "POST", PATH_TOKEN, form, NULL, dpop });
}

static void decide(struct world *w, const char *user_code, bool allow)
{
    struct store *s = w->f.store;

    assert_int_equal(s->ops->begin(s), STORE_OK);
    assert_int_equal(device_decide(s, &w->org, user_code, ADA, allow),
                     STORE_OK);
    assert_int_equal(s->ops->commit(s), STORE_OK);
}

static void is_error(struct request *r, int status, const char *error)
{
    char text[128];

    world_member(r, "error", text, sizeof(text));
    if (r->status != status || strcmp(text, error) != 0)
        print_error("got %d %s: %.200s\n", r->status, text, r->reply.data);
    assert_int_equal(r->status, status);
    assert_string_equal(text, error);
    request_free(r);
}

/* Both tokens of a device flow that was allowed. */
static void sign_in(struct world *w, const char *scopes, struct tokens *out)
{
    char code[64];
    char user_code[16];
    struct request *r;

    start_device(w, scopes, code, user_code);
    decide(w, user_code, true);
    r = poll(w, code, NATIVE, NULL);
    assert_int_equal(r->status, 200);
    take_tokens(r, out);
}

static void a_device_gets_what_a_person_allows(void **state)
{
    struct world *w = *state;
    struct tokens t;
    char code[64];
    char user_code[16];
    struct request *r;

    at(w, 0);
    start_device(w, READ "%20offline_access", code, user_code);
    is_error(poll(w, code, NATIVE, NULL), 400, "authorization_pending");
    is_error(poll(w, code, NATIVE, NULL), 400, "slow_down");
    is_error(poll(w, code, OTHER, NULL), 400, "invalid_grant");
    decide(w, user_code, true);
    r = poll(w, code, NATIVE, NULL);
    assert_int_equal(r->status, 200);
    take_tokens(r, &t);
    assert_string_equal(t.type, "Bearer");
    assert_string_equal(t.scope, READ " offline_access");
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    assert_int_equal(use(w, "GET", "/api/v1/users/" ADA, &t), 403);
    at(w, GRACE_DEFAULT);
    is_error(poll(w, code, NATIVE, NULL), 400, "invalid_grant");
    assert_int_equal(use(w, "GET", LIST, &t), 200);
}

static void a_device_is_told_no_and_too_late(void **state)
{
    struct world *w = *state;
    char code[64];
    char user_code[16];

    start_device(w, READ, code, user_code);
    decide(w, user_code, false);
    is_error(poll(w, code, NATIVE, NULL), 403, "access_denied");
    start_device(w, READ, code, user_code);
    org_clock_set(&w->clock, okt_clock_now() + DEVICE_SECONDS, false);
    is_error(poll(w, code, NATIVE, NULL), 400, "expired_token");
    is_error(poll(w, "00nonononononononononononononononononono00", NATIVE,
                  NULL),
             400, "invalid_grant");
    is_error(poll(w, "x", NATIVE, NULL), 400, "invalid_grant");
}

static struct request *ask_for_device(struct world *w, const char *address)
{
    w->address = address;
    return world_ask(w, &(struct ask){ "POST", PATH_DEVICE,
                                       "client_id=" NATIVE "&scope=" READ, NULL,
                                       NULL });
}

/* Whoever knows an app's id may let devices wait. */
static void one_place_does_not_take_all_that_may_wait(void **state)
{
    struct world *w = *state;
    unsigned limit = attempts_limit(ATTEMPT_DEVICE);
    struct request *r;

    assert_true(limit * 10 < DEVICES_MAX);
    for (unsigned i = 1; i < limit; i++)
        assert_true(attempts_take(w->org.attempts, ATTEMPT_DEVICE,
                                  "2001:db8:1:2::1", org_now(&w->org)));
    is_error(world_ask(w, &(struct ask){ "POST", PATH_DEVICE, "client_id=x",
                                         NULL, NULL }),
             401, "invalid_client");
    r = ask_for_device(w, "2001:db8:1:2::2");
    assert_int_equal(r->status, 200);
    request_free(r);
    is_error(ask_for_device(w, "2001:db8:1:2::3"), 503,
             "temporarily_unavailable");
    r = ask_for_device(w, "192.0.2.1");
    assert_int_equal(r->status, 200);
    request_free(r);
}

/* Nor may who has many addresses. */
static void one_site_does_not_take_all_that_may_wait(void **state)
{
    struct world *w = *state;
    unsigned limit = attempts_limit(ATTEMPT_DEVICE_SITE);
    struct request *r;

    assert_true(limit * 50 <= DEVICES_MAX);
    for (unsigned i = 0; i < limit; i++)
        assert_true(attempts_take(w->org.attempts, ATTEMPT_DEVICE_SITE,
                                  "192.0.2.0", org_now(&w->org)));
    is_error(ask_for_device(w, "192.0.2.77"), 503, "temporarily_unavailable");
    r = ask_for_device(w, "192.0.3.1");
    assert_int_equal(r->status, 200);
    request_free(r);
}

static void add_devices(struct world *w, int64_t expires)
{
    struct store *s = w->f.store;
    unsigned char hash[SECRET_HASH_LEN] = { 0 };
    const struct store_device device = {
        .client_id = NATIVE,
        .scopes = READ,
        .address = "192.0.2.1",
        .status = DEVICE_PENDING,
        .user_id = "",
        .expires = expires,
    };

    assert_int_equal(s->ops->begin(s), STORE_OK);
    for (int i = 0; i < DEVICES_MAX; i++) {
        memcpy(hash, &i, sizeof(i));
        memcpy(hash + sizeof(i), &expires, sizeof(expires));
        assert_int_equal(s->ops->device_add(s, &device, hash, hash), STORE_OK);
    }
    assert_int_equal(s->ops->commit(s), STORE_OK);
}

static void a_device_that_waits_no_more_takes_no_place(void **state)
{
    struct world *w = *state;
    struct request *r;

    add_devices(w, org_now(&w->org));
    r = ask_for_device(w, "192.0.2.1");
    assert_int_equal(r->status, 200);
    request_free(r);
    add_devices(w, org_now(&w->org) + DEVICE_SECONDS);
    is_error(ask_for_device(w, "192.0.2.1"), 503, "temporarily_unavailable");
}

/* A host has a whole /64 to ask from. */
static void nobody_asks_more_by_moving_within_a_network(void **state)
{
    static const struct {
        const char *address;
        int status;
    } cases[] = {
        { "2001:db8:1:2::1", 200 }, { "2001:db8:1:2::2", 429 },
        { "2001:db8:1:3::1", 200 }, { "2001:db8:1:2:ffff::", 429 },
        { "192.0.2.1", 200 },       { "192.0.2.2", 200 },
        { "192.0.2.2", 429 },
    };
    struct world *w = *state;

    limits_free(w->org.limits);
    w->org.limits = limits_new(2);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct request *r;

        w->address = cases[i].address;
        r = world_ask(w, &(struct ask){ "GET", PATH_KEYS, NULL, NULL, NULL });
        print_message("%s\n", cases[i].address);
        assert_int_equal(r->status, cases[i].status);
        request_free(r);
    }
}

static void what_may_be_asked_for_is_the_app_s(void **state)
{
    static const struct {
        const char *form;
        int status;
        const char *error;
    } cases[] = {
        { "client_id=" NATIVE, 400, "invalid_scope" },
        { "client_id=" NATIVE "&scope=+", 400, "invalid_scope" },
        { "client_id=" NATIVE "&scope=okta.apps.read", 400, "invalid_scope" },
        { "client_id=" NATIVE "&scope=okta.logs.read", 400,
          "consent_required" },
        { "client_id=" NATIVE "&scope=" READ "+okta.logs.read", 400,
          "consent_required" },
        { "scope=" READ, 401, "invalid_client" },
        { "client_id=0oaNobody00000000000&scope=" READ, 401, "invalid_client" },
        { "client_id=" IDLE "&scope=" READ, 401, "invalid_client" },
        { "client_id=" SERVICE "&scope=" READ, 401, "invalid_client" },
        { "client_id=" NATIVE "&client_id=" NATIVE "&scope=" READ, 400,
          "invalid_request" },
        { "client_id=" NATIVE "&client_secret=x&scope=" READ, 401,
          "invalid_client" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        is_error(world_ask(*state, &(struct ask){ "POST", PATH_DEVICE,
                                                  cases[i].form, NULL, NULL }),
                 cases[i].status, cases[i].error);
}

/* ----------------------------------------------------------- Refresh tokens --
 */

static struct request *renew(struct world *w, const char *client,
                             const char *token, const char *scope,
                             const char *dpop)
{
    char form[512];

    snprintf(form, sizeof(form),
             "grant_type=refresh_token&client_id=%s&refresh_token=%s%s%s",
             client, token, scope != NULL ? "&scope=" : "",
             scope != NULL ? scope : "");
    return world_ask(w, &(struct ask){ "POST", PATH_TOKEN, form, NULL, dpop });
}

static void a_refresh_token_is_good_once(void **state)
{
    struct world *w = *state;
    struct tokens first;
    struct tokens second;
    struct request *r;

    at(w, 0);
    sign_in(w, READ "+offline_access", &first);
    is_error(renew(w, OTHER, first.refresh, NULL, NULL), 400, "invalid_grant");
    is_error(renew(w, NATIVE, first.refresh, "okta.apiTokens.manage", NULL),
             400, "invalid_scope");
    r = renew(w, NATIVE, first.refresh, READ, NULL);
    assert_int_equal(r->status, 200);
    take_tokens(r, &second);
    assert_string_not_equal(first.refresh, second.refresh);
    assert_string_equal(second.scope, READ);
    assert_int_equal(use(w, "GET", LIST, &first), 200);
    assert_int_equal(use(w, "GET", LIST, &second), 200);
    /* Somebody has it twice: nobody keeps anything. */
    at(w, GRACE_DEFAULT);
    is_error(renew(w, NATIVE, first.refresh, NULL, NULL), 400, "invalid_grant");
    assert_true(has_event(w, EVENT_REUSE, NATIVE));
    is_error(renew(w, NATIVE, second.refresh, NULL, NULL), 400,
             "invalid_grant");
    assert_int_equal(use(w, "GET", LIST, &first), 401);
    assert_int_equal(use(w, "GET", LIST, &second), 401);
}

/* They are any app's to ask for, whether or not they are among its own. */
static void scopes_that_tell_who_it_is_are_renewed(void **state)
{
    struct world *w = *state;
    struct tokens first;
    struct request *r;

    at(w, 0);
    sign_in(w, "openid+" READ "+offline_access", &first);
    r = renew(w, NATIVE, first.refresh, NULL, NULL);
    assert_int_equal(r->status, 200);
    take_tokens(r, &first);
    assert_string_equal(first.scope, "openid " READ " offline_access");
}

/* The first answer is taken for lost, so what it gave is revoked. */
static void a_lost_answer_to_a_renewal_is_given_anew(void **state)
{
    struct world *w = *state;
    struct tokens first;
    struct tokens lost;
    struct tokens second;
    struct request *r;

    at(w, 0);
    sign_in(w, READ "+offline_access", &first);
    take_tokens(renew(w, NATIVE, first.refresh, NULL, NULL), &lost);
    is_error(renew(w, OTHER, first.refresh, NULL, NULL), 400, "invalid_grant");
    at(w, GRACE_DEFAULT - 1);
    r = renew(w, NATIVE, first.refresh, NULL, NULL);
    assert_int_equal(r->status, 200);
    take_tokens(r, &second);
    assert_false(has_event(w, EVENT_REUSE, NATIVE));
    assert_true(has_event(w, EVENT_TOKEN_REVOKE, NATIVE));
    assert_int_equal(use(w, "GET", LIST, &lost), 401);
    assert_int_equal(use(w, "GET", LIST, &first), 200);
    assert_int_equal(use(w, "GET", LIST, &second), 200);
    /* It was not lost after all: somebody has it twice. */
    is_error(renew(w, NATIVE, lost.refresh, NULL, NULL), 400, "invalid_grant");
    assert_true(has_event(w, EVENT_REUSE, NATIVE));
    assert_int_equal(use(w, "GET", LIST, &second), 401);
}

/* The grace counts from the first use, and ends where the successor is used. */
static void a_grace_is_not_drawn_out(void **state)
{
    struct world *w = *state;
    struct tokens first;
    struct tokens t;

    at(w, 0);
    sign_in(w, READ "+offline_access", &first);
    for (int i = 0; i < 3; i++) {
        at(w, i * 14);
        take_tokens(renew(w, NATIVE, first.refresh, NULL, NULL), &t);
    }
    at(w, GRACE_DEFAULT);
    is_error(renew(w, NATIVE, first.refresh, NULL, NULL), 400, "invalid_grant");
    assert_int_equal(use(w, "GET", LIST, &t), 401);
    sign_in(w, READ "+offline_access", &first);
    take_tokens(renew(w, NATIVE, first.refresh, NULL, NULL), &t);
    take_tokens(renew(w, NATIVE, t.refresh, NULL, NULL), &t);
    is_error(renew(w, NATIVE, first.refresh, NULL, NULL), 400, "invalid_grant");
    assert_int_equal(use(w, "GET", LIST, &t), 401);
}

/* What was spent stays so, and nobody's grant ends for a clock that steps. */
static void a_clock_that_steps_opens_no_grace(void **state)
{
    struct world *w = *state;
    struct tokens first;
    struct tokens t;

    use_fake_time(&w->clock, w->opened);
    sign_in(w, READ "+offline_access", &first);
    take_tokens(renew(w, NATIVE, first.refresh, NULL, NULL), &t);
    let_pass(1000);
    step_wall(-990);
    is_error(renew(w, NATIVE, first.refresh, NULL, NULL), 400, "invalid_grant");
    assert_false(has_event(w, EVENT_REUSE, NATIVE));
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    /* A lost answer is answered all the same. */
    take_tokens(renew(w, NATIVE, t.refresh, NULL, NULL), &first);
    let_pass(GRACE_DEFAULT - 1);
    take_tokens(renew(w, NATIVE, t.refresh, NULL, NULL), &first);
    assert_int_equal(use(w, "GET", LIST, &first), 200);
    let_pass(STEP_HOLD_SECONDS);
    is_error(renew(w, NATIVE, t.refresh, NULL, NULL), 400, "invalid_grant");
    assert_true(has_event(w, EVENT_REUSE, NATIVE));
}

static void without_a_grace_a_token_is_good_once(void **state)
{
    struct world *w = *state;
    struct tokens first;
    struct tokens t;

    w->org.grace = 0;
    sign_in(w, READ "+offline_access", &first);
    take_tokens(renew(w, NATIVE, first.refresh, NULL, NULL), &t);
    is_error(renew(w, NATIVE, first.refresh, NULL, NULL), 400, "invalid_grant");
    assert_int_equal(use(w, "GET", LIST, &t), 401);
}

static void a_refresh_token_lapses_unused(void **state)
{
    struct world *w = *state;
    struct tokens t;

    sign_in(w, READ "+offline_access", &t);
    org_clock_set(&w->clock, okt_clock_now() + 7 * 86400, false);
    is_error(renew(w, NATIVE, t.refresh, NULL, NULL), 400, "invalid_grant");
}

static void nobody_gets_one_without_asking(void **state)
{
    struct world *w = *state;
    struct tokens t;

    sign_in(w, READ, &t);
    assert_string_equal(t.refresh, "");
}

/* ----------------------------------------------------- What ends a token -- */

static void a_token_ends_with_all_that_it_stands_on(void **state)
{
    struct world *w = *state;
    struct store *s = w->f.store;
    struct tokens t;

    sign_in(w, READ, &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    s->ops->user_set_status(s, ADA, "SUSPENDED", 1);
    assert_int_equal(use(w, "GET", LIST, &t), 401);
    s->ops->user_set_status(s, ADA, "ACTIVE", 1);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    s->ops->app_set_status(s, NATIVE, "INACTIVE", 1);
    assert_int_equal(use(w, "GET", LIST, &t), 401);
    s->ops->app_set_status(s, NATIVE, "ACTIVE", 1);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    org_clock_set(&w->clock, okt_clock_now() + ACCESS_SECONDS, false);
    assert_int_equal(use(w, "GET", LIST, &t), 401);
    org_clock_set(&w->clock, okt_clock_now() - 60, false);
    assert_int_equal(use(w, "GET", LIST, &t), 401);
}

static void a_rotated_key_is_good_for_what_it_has_signed(void **state)
{
    struct world *w = *state;
    struct tokens before;
    struct tokens after;
    struct request *r;

    sign_in(w, READ, &before);
    assert_true(signer_rotate(w->f.dir, w->f.store, org_now(&w->org)));
    access_cache_free(w->org.verified);
    w->org.verified = access_cache_new();
    sign_in(w, READ, &after);
    assert_int_equal(use(w, "GET", LIST, &before), 200);
    assert_int_equal(use(w, "GET", LIST, &after), 200);
    r = world_ask(w, &(struct ask){ "GET", PATH_KEYS, NULL, NULL, NULL });
    assert_int_equal(count_of(r->reply.data, "\"kid\""), 2);
    assert_null(strstr(r->reply.data, "\"d\""));
    request_free(r);
    org_clock_set(&w->clock, okt_clock_now() + ACCESS_SECONDS, false);
    r = world_ask(w, &(struct ask){ "GET", PATH_KEYS, NULL, NULL, NULL });
    assert_int_equal(count_of(r->reply.data, "\"kid\""), 1);
    request_free(r);
}

/* The org of a snapshot, put back as another thread does it. */
static struct world *put_back;

static void copy_of(const struct world *w, char out[static 96])
{
    snprintf(out, 96, "%s/copy.db", w->f.dir);
}

static void restore_copy(struct world *w)
{
    AUTO(store_handle) s = NULL;
    char path[96];
    int64_t note;

    copy_of(w, path);
    assert_int_equal(store_open(w->f.where, &s), STORE_OK);
    assert_int_equal(s->ops->restore(s, path, &note), STORE_OK);
}

/* How many private halves of signing keys lie in the data folder. */
static int count_private(const struct world *w)
{
    DIR *dir = opendir(w->f.dir);
    const struct dirent *entry;
    int count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL)
        count += strncmp(entry->d_name, "signing-", 8) == 0;
    closedir(dir);
    return count;
}

static void no_private_half_outlives_its_use(void **state)
{
    struct world *w = *state;
    struct tokens t;
    char path[96];

    copy_of(w, path);
    assert_int_equal(w->f.store->ops->save(w->f.store, path, 0), STORE_OK);
    assert_true(signer_rotate(w->f.dir, w->f.store, org_now(&w->org)));
    assert_int_equal(count_private(w), 1);
    restore_copy(w);
    assert_true(signer_ensure(w->f.dir, w->f.store, org_now(&w->org)));
    assert_int_equal(count_private(w), 1);
    get_service_token(w, READ, &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    snprintf(path, sizeof(path), "%s/signing-x.jwk", w->f.dir);
    fclose(fopen(path, "w")); /* as a crash leaves one */
    assert_true(signer_ensure(w->f.dir, w->f.store, org_now(&w->org)));
    assert_int_equal(count_private(w), 1);
    get_service_token(w, READ, &t);
}

static void move_private(const struct world *w, const char *from,
                         const char *to)
{
    DIR *dir = opendir(w->f.dir);
    const struct dirent *entry;
    char name[80];

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (strncmp(entry->d_name, from, strlen(from)) != 0)
            continue;
        snprintf(name, sizeof(name), "%s%s", to, entry->d_name + strlen(from));
        assert_int_equal(renameat(dirfd(dir), entry->d_name, dirfd(dir), name),
                         0);
        break;
    }
    closedir(dir);
}

/* Else a renewal would be the last, for the client would come again with the
 * token that it has. */
static void without_its_key_an_org_spends_nothing(void **state)
{
    struct world *w = *state;
    struct tokens t;
    struct request *r;

    sign_in(w, READ "+offline_access", &t);
    oauth_stop(&w->org); /* it has the key in memory */
    assert_true(oauth_start(&w->org, w->f.dir));
    move_private(w, "signing-", "away-");
    for (int i = 0; i < 2; i++) {
        r = renew(w, NATIVE, t.refresh, NULL, NULL);
        assert_int_equal(r->status, 503);
        request_free(r);
    }
    move_private(w, "away-", "signing-");
    r = renew(w, NATIVE, t.refresh, NULL, NULL);
    assert_int_equal(r->status, 200);
    request_free(r);
}

static store_status restore_behind(struct store *store, store_key_fn *fn,
                                   void *ctx)
{
    struct world *w = TAKE(put_back);
    store_status st;

    store->ops = w->f.store->ops;
    st = store->ops->key_each(store, fn, ctx);
    restore_copy(w);
    return st;
}

/* Whenever that org comes back: here, between the reading of the key and the
 * end of the request. */
static void what_a_lost_key_has_signed_is_nothing(void **state)
{
    struct world *w = *state;
    struct store_ops ops = *w->f.store->ops;
    AUTO(store_handle) reader = NULL;
    struct tokens t;
    struct request *r;
    char path[96];

    copy_of(w, path);
    assert_int_equal(w->f.store->ops->save(w->f.store, path, 0), STORE_OK);
    assert_true(signer_rotate(w->f.dir, w->f.store, org_now(&w->org)));
    get_service_token(w, READ, &t);
    assert_int_equal(store_open(w->f.where, &reader), STORE_OK);
    ops.key_each = restore_behind;
    put_back = w;
    reader->ops = &ops;
    r = begin_with_store(w, reader, "GET", LIST, &t);
    assert_null(put_back);
    request_free(r);
    assert_int_equal(use(w, "GET", LIST, &t), 401);
}

static struct request *tell(struct world *w, const char *path,
                            const char *client, const char *token)
{
    char form[ACCESS_MAX + 256];

    snprintf(form, sizeof(form), "client_id=%s&token=%s", client, token);
    return world_ask(w, &(struct ask){ "POST", path, form, NULL, NULL });
}

static bool is_active(struct world *w, const char *client, const char *token)
{
    struct request *r = tell(w, PATH_INTROSPECT, client, token);
    bool is = strstr(r->reply.data, "\"active\":true") != NULL;

    assert_int_equal(r->status, 200);
    request_free(r);
    return is;
}

static void take_back(struct world *w, const char *client, const char *token)
{
    struct request *r = tell(w, PATH_REVOKE, client, token);

    assert_int_equal(r->status, 200);
    assert_int_equal(r->reply.len, 0);
    request_free(r);
}

static void a_client_takes_back_its_own_tokens(void **state)
{
    struct world *w = *state;
    struct tokens t;
    struct tokens u;

    sign_in(w, READ "+offline_access", &t);
    sign_in(w, READ "+offline_access", &u);
    assert_true(is_active(w, NATIVE, t.access));
    assert_true(is_active(w, NATIVE, t.refresh));
    assert_false(is_active(w, OTHER, t.access));
    assert_false(is_active(w, NATIVE, "x"));
    take_back(w, OTHER, t.access);
    take_back(w, OTHER, t.refresh);
    take_back(w, NATIVE, "x");
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    for (int i = 0; i < 3; i++)
        take_back(w, NATIVE, t.access);
    assert_int_equal(count_events(w, EVENT_TOKEN_REVOKE, NATIVE), 1);
    assert_int_equal(use(w, "GET", LIST, &t), 401);
    assert_false(is_active(w, NATIVE, t.access));
    assert_true(is_active(w, NATIVE, t.refresh));
    take_back(w, NATIVE, u.refresh);
    take_back(w, NATIVE, u.refresh);
    assert_int_equal(count_events(w, EVENT_TOKEN_REVOKE, NATIVE), 2);
    assert_int_equal(use(w, "GET", LIST, &u), 401);
    is_error(renew(w, NATIVE, u.refresh, NULL, NULL), 400, "invalid_grant");
    is_error(tell(w, PATH_REVOKE, NATIVE, ""), 400, "invalid_request");
    is_error(tell(w, PATH_REVOKE, SERVICE, t.refresh), 401, "invalid_client");
}

/* What was given first is revoked, so that there is never more than one set. */
static void a_lost_answer_to_a_poll_is_given_anew(void **state)
{
    struct world *w = *state;
    struct tokens lost;
    struct tokens t;
    struct tokens next;
    char code[64];
    char user_code[16];

    at(w, 0);
    start_device(w, READ "%20offline_access", code, user_code);
    decide(w, user_code, true);
    take_tokens(poll(w, code, NATIVE, NULL), &lost);
    is_error(poll(w, code, OTHER, NULL), 400, "invalid_grant");
    at(w, GRACE_DEFAULT - 1);
    take_tokens(poll(w, code, NATIVE, NULL), &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    assert_int_equal(use(w, "GET", LIST, &lost), 401);
    assert_true(has_event(w, EVENT_TOKEN_REVOKE, NATIVE));
    is_error(renew(w, NATIVE, lost.refresh, NULL, NULL), 400, "invalid_grant");
    /* Its use proves that an answer has come. */
    take_tokens(renew(w, NATIVE, t.refresh, NULL, NULL), &next);
    is_error(poll(w, code, NATIVE, NULL), 400, "invalid_grant");
    assert_int_equal(use(w, "GET", LIST, &next), 200);
}

static void what_was_taken_back_is_not_given_anew(void **state)
{
    struct world *w = *state;
    struct tokens t;
    char code[64];
    char user_code[16];

    start_device(w, READ "%20offline_access", code, user_code);
    decide(w, user_code, true);
    take_tokens(poll(w, code, NATIVE, NULL), &t);
    take_back(w, NATIVE, t.refresh);
    is_error(poll(w, code, NATIVE, NULL), 400, "invalid_grant");
    is_error(renew(w, NATIVE, t.refresh, NULL, NULL), 400, "invalid_grant");
}

static void prove(struct world *w, const okt_key *key, char *out)
{
    char nonce[OKT_SHA256_TEXT];

    assert_true(dpop_nonce(&w->org, org_now(&w->org), nonce));
    proof(w, key, "POST", PATH_TOKEN, NULL, nonce, out, OKT_JWS_MAX);
}

static void a_lost_answer_is_given_to_the_same_key_alone(void **state)
{
    struct world *w = *state;
    char dpop[OKT_JWS_MAX];
    char code[64];
    char user_code[16];
    struct tokens lost;
    struct tokens t;
    struct tokens next;

    start_device(w, READ "%20offline_access", code, user_code);
    decide(w, user_code, true);
    prove(w, own_key, dpop);
    take_tokens(poll(w, code, NATIVE, dpop), &lost);
    is_error(poll(w, code, NATIVE, NULL), 400, "invalid_grant");
    prove(w, foreign_key, dpop);
    is_error(poll(w, code, NATIVE, dpop), 400, "invalid_grant");
    prove(w, own_key, dpop);
    take_tokens(poll(w, code, NATIVE, dpop), &t);
    assert_string_equal(t.type, "DPoP");
    prove(w, own_key, dpop);
    take_tokens(renew(w, NATIVE, t.refresh, NULL, dpop), &lost);
    prove(w, own_key, dpop);
    take_tokens(renew(w, NATIVE, t.refresh, NULL, dpop), &next);
    assert_string_equal(next.type, "DPoP");
    prove(w, foreign_key, dpop);
    is_error(renew(w, NATIVE, t.refresh, NULL, dpop), 400, "invalid_grant");
    assert_true(has_event(w, EVENT_REUSE, NATIVE));
}

/* So that nobody without a grant fills the memory of proofs. */
static void a_proof_is_spent_where_tokens_are_given_alone(void **state)
{
    struct world *w = *state;
    char dpop[OKT_JWS_MAX];
    char code[64];
    char user_code[16];
    struct tokens t;

    start_device(w, READ "%20offline_access", code, user_code);
    prove(w, own_key, dpop);
    is_error(poll(w, code, NATIVE, dpop), 400, "authorization_pending");
    decide(w, user_code, true);
    take_tokens(poll(w, code, NATIVE, dpop), &t);
    is_error(renew(w, NATIVE, t.refresh, NULL, dpop), 400,
             "invalid_dpop_proof");
}

/* As RFC 6749, 3.1 and 3.2, has it: there are clients that send them. */
static void a_parameter_without_a_value_is_none(void **state)
{
    struct world *w = *state;
    struct tokens t;
    struct request *r;

    sign_in(w, READ "+offline_access", &t);
    r = renew(w, NATIVE, t.refresh,
              "&client_secret=&client_assertion=&client_assertion_type=", NULL);
    assert_int_equal(r->status, 200);
    take_tokens(r, &t);
    assert_string_equal(t.scope, READ " offline_access");
    is_error(tell(w, PATH_REVOKE, "", t.access), 401, "invalid_client");
    is_error(tell(w, PATH_REVOKE, NATIVE, ""), 400, "invalid_request");
}

/* Who lost the answer to a renewal has the old one alone to sign out with. */
static void an_old_refresh_token_takes_back_all_too(void **state)
{
    struct world *w = *state;
    struct tokens old;
    struct tokens new;

    sign_in(w, READ "+offline_access", &old);
    take_tokens(renew(w, NATIVE, old.refresh, NULL, NULL), &new);
    assert_false(is_active(w, NATIVE, old.refresh));
    assert_true(is_active(w, NATIVE, new.refresh));
    take_back(w, OTHER, old.refresh);
    assert_int_equal(use(w, "GET", LIST, &new), 200);
    take_back(w, NATIVE, old.refresh);
    assert_true(has_event(w, EVENT_TOKEN_REVOKE, NATIVE));
    assert_int_equal(use(w, "GET", LIST, &old), 401);
    assert_int_equal(use(w, "GET", LIST, &new), 401);
    is_error(renew(w, NATIVE, new.refresh, NULL, NULL), 400, "invalid_grant");
}

/* --------------------------------------------------------- Two at a time -- */

/* Looked at, and waiting for the writer. */
static struct request *begin(struct world *w, const char *form)
{
    struct request *r = request_new(&w->org, PATH_TOKEN);

    assert_non_null(r);
    snprintf(r->method, sizeof(r->method), "POST");
    r->headers[HEADER_CONTENT_TYPE] = "application/x-www-form-urlencoded";
    okt_buf_str(&r->body, form);
    r->store = w->f.store;
    assert_int_equal(request_answer(r, api_routes, api_route_count),
                     REQUEST_LATER);
    return r;
}

/* The same request twice, each looked at before either is changed; then both
 * changes, one after the other, as the writer makes them. */
static void race(struct world *w, const char *form, struct request *out[2])
{
    out[0] = begin(w, form);
    out[1] = begin(w, form);
    assert_int_equal(world_change(w, out[0]), 200);
    world_change(w, out[1]);
}

static void allowed_device(struct world *w, char *form, size_t size)
{
    char code[64];
    char user_code[16];

    start_device(w, READ, code, user_code);
    decide(w, user_code, true);
    snprintf(form, size,
             "client_id=" NATIVE "&device_code=%s&grant_type="
             "urn:ietf:params:oauth:grant-type:device_code",
             code);
}

static void of_two_polls_one_gets_the_tokens(void **state)
{
    struct world *w = *state;
    char form[256];
    struct request *both[2];
    struct tokens t;

    allowed_device(w, form, sizeof(form));
    race(w, form, both);
    take_tokens(both[0], &t);
    assert_int_equal(use(w, "GET", LIST, &t), 401);
    take_tokens(both[1], &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    w->org.grace = 0;
    allowed_device(w, form, sizeof(form));
    race(w, form, both);
    is_error(both[1], 400, "invalid_grant");
    take_tokens(both[0], &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
}

static void of_two_renewals_one_counts(void **state)
{
    struct world *w = *state;
    char form[256];
    struct request *both[2];
    struct tokens t;

    sign_in(w, READ "+offline_access", &t);
    snprintf(form, sizeof(form),
             "client_id=" NATIVE "&grant_type=refresh_token&refresh_token=%s",
             t.refresh);
    race(w, form, both);
    take_tokens(both[0], &t);
    assert_int_equal(use(w, "GET", LIST, &t), 401);
    take_tokens(both[1], &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
}

static void without_a_grace_neither_renewal_is_believed(void **state)
{
    struct world *w = *state;
    char form[256];
    struct request *both[2];
    struct tokens t;

    w->org.grace = 0;
    sign_in(w, READ "+offline_access", &t);
    snprintf(form, sizeof(form),
             "client_id=" NATIVE "&grant_type=refresh_token&refresh_token=%s",
             t.refresh);
    race(w, form, both);
    is_error(both[1], 400, "invalid_grant");
    take_tokens(both[0], &t);
    assert_int_equal(use(w, "GET", LIST, &t), 401);
}

static void of_two_assertions_one_is_taken(void **state)
{
    struct world *w = *state;
    char text[2048];
    char form[4096];
    struct request *both[2];

    assertion(w, SERVICE, text, sizeof(text));
    snprintf(form, sizeof(form),
             "grant_type=client_credentials&scope=" READ "&%s%s", ASSERTION,
             text);
    race(w, form, both);
    is_error(both[1], 401, "invalid_client");
    request_free(both[0]);
}

/* What is decided while the request waits counts. */
static void who_is_locked_out_meanwhile_gets_nothing(void **state)
{
    struct world *w = *state;
    char form[256];
    struct request *r;

    allowed_device(w, form, sizeof(form));
    r = begin(w, form);
    w->f.store->ops->user_set_status(w->f.store, ADA, "DEPROVISIONED", 1);
    world_change(w, r);
    is_error(r, 400, "invalid_grant");
}

/* ------------------------------------------------------------- What they do --
 */

static void scope_and_role_both_decide(void **state)
{
    struct world *w = *state;
    struct tokens t;
    struct request *r;

    sign_in(w, READ "+okta.apiTokens.manage", &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    assert_int_equal(use(w, "DELETE", LIST "/00Tnone", &t), 404);
    /* The one operation that is an API token's own. */
    assert_int_equal(use(w, "DELETE", LIST "/current", &t), 403);
    get_service_token(w, READ "+okta.logs.read+okta.apiTokens.manage", &t);
    assert_int_equal(use(w, "GET", LIST, &t), 200);
    assert_int_equal(use(w, "GET", "/api/v1/logs", &t), 200);
    r = ask_with(w, "DELETE", LIST "/00Tnone", &t); /* its role reads alone */
    assert_int_equal(r->status, 403);
    assert_non_null(strstr(r->reply.data, "\"E0000006\""));
    request_free(r);
    r = ask_with(w, "GET", "/api/v1/groups/00gx/roles", &t);
    assert_int_equal(r->status, 403);
    assert_int_equal(r->reply.len, 0);
    assert_string_equal(
        r->challenge.data,
        "Bearer authorization_uri=\"" ORG "/oauth2/v1/authorize\", realm=\"" ORG
        "\", scope=\"okta.roles.read\", error=\"insufficient_scope\", "
        "error_description=\"The access token provided does not contain the "
        "required scopes.\", resource=\"/api/v1/groups\"");
    request_free(r);
}

static void me_is_whom_a_token_acts_for(void **state)
{
    struct world *w = *state;
    struct tokens t;
    struct request *r;

    sign_in(w, "okta.users.read", &t);
    r = ask_with(w, "GET", "/api/v1/users/me", &t);
    assert_int_equal(r->status, 200);
    assert_non_null(strstr(r->reply.data, "\"" ADA "\""));
    request_free(r);
    get_service_token(w, "okta.users.read", &t);
    assert_int_equal(use(w, "GET", "/api/v1/users/me", &t), 404);
}

static void add_live_token(struct world *w, const char *id)
{
    struct store_token t = a_token(id, id);
    unsigned char hash[SECRET_HASH_LEN];

    t.expires = okt_clock_now() + 86400;
    assert_true(secret_hash(id, hash));
    assert_int_equal(w->f.store->ops->token_add(w->f.store, &t, hash),
                     STORE_OK);
}

/* What a change is logged as: the app that made it, and for whom. */
static void the_log_says_which_app_it_was(void **state)
{
    struct world *w = *state;
    struct tokens t;
    struct request *r;

    add_live_token(w, "00Tdoomed");
    sign_in(w, "okta.apiTokens.manage", &t);
    assert_int_equal(use(w, "DELETE", LIST "/00Tdoomed", &t), 204);
    get_service_token(w, "okta.logs.read", &t);
    r = ask_with(w, "GET",
                 "/api/v1/logs?filter=eventType+eq+%22" EVENT_REVOKE "%22", &t);
    assert_int_equal(r->status, 200);
    assert_non_null(strstr(r->reply.data,
                           "\"id\":\"" NATIVE "\",\"ipAddress\""));
    assert_non_null(strstr(r->reply.data, "\"actor\":{\"id\":\"" ADA "\""));
    assert_null(strstr(r->reply.data, "requestApiTokenId"));
    request_free(r);
}

/* A token that ends between the look and the change changes nothing. */
static void a_change_waits_for_nobody_whose_token_has_ended(void **state)
{
    struct world *w = *state;
    struct tokens t;
    struct request *r;

    add_live_token(w, "00Tspared");
    sign_in(w, "okta.apiTokens.manage", &t);
    r = begin_with(w, "DELETE", LIST "/00Tspared", &t);
    assert_int_equal(r->status, REQUEST_LATER);
    take_back(w, NATIVE, t.access);
    assert_int_equal(world_change(w, r), 401);
    assert_non_null(strstr(r->challenge.data, "error=\"invalid_token\""));
    request_free(r);
    sign_in(w, READ, &t);
    assert_int_equal(use(w, "GET", LIST "/00Tspared", &t), 200);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, mint_set_up, mint_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_device_gets_what_a_person_allows),
        TEST(a_device_is_told_no_and_too_late),
        TEST(one_place_does_not_take_all_that_may_wait),
        TEST(one_site_does_not_take_all_that_may_wait),
        TEST(a_device_that_waits_no_more_takes_no_place),
        TEST(nobody_asks_more_by_moving_within_a_network),
        TEST(what_may_be_asked_for_is_the_app_s),
        TEST(a_lost_answer_to_a_poll_is_given_anew),
        TEST(what_was_taken_back_is_not_given_anew),
        TEST(a_lost_answer_is_given_to_the_same_key_alone),
        TEST(a_proof_is_spent_where_tokens_are_given_alone),
        TEST(a_refresh_token_is_good_once),
        TEST(scopes_that_tell_who_it_is_are_renewed),
        TEST(a_lost_answer_to_a_renewal_is_given_anew),
        TEST(a_grace_is_not_drawn_out),
        TEST(a_clock_that_steps_opens_no_grace),
        TEST(without_a_grace_a_token_is_good_once),
        TEST(a_refresh_token_lapses_unused),
        TEST(nobody_gets_one_without_asking),
        TEST(a_token_ends_with_all_that_it_stands_on),
        TEST(a_rotated_key_is_good_for_what_it_has_signed),
        TEST(no_private_half_outlives_its_use),
        TEST(without_its_key_an_org_spends_nothing),
        TEST(what_a_lost_key_has_signed_is_nothing),
        TEST(a_client_takes_back_its_own_tokens),
        TEST(a_parameter_without_a_value_is_none),
        TEST(an_old_refresh_token_takes_back_all_too),
        TEST(of_two_polls_one_gets_the_tokens),
        TEST(of_two_renewals_one_counts),
        TEST(without_a_grace_neither_renewal_is_believed),
        TEST(of_two_assertions_one_is_taken),
        TEST(who_is_locked_out_meanwhile_gets_nothing),
        TEST(scope_and_role_both_decide),
        TEST(me_is_whom_a_token_acts_for),
        TEST(the_log_says_which_app_it_was),
        TEST(a_change_waits_for_nobody_whose_token_has_ended),
    };

    return cmocka_run_group_tests(tests, mint_keys, mint_keys_free);
}
