/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_request.c - the way of a request, without a socket: who gets in. */
#include "tests/unit/test_orgd_world.h"

#include "server/org/writer.h"

#define BASE "/api/v1/api-tokens"
#define ADMIN "00admin-admin-admin-admin-admin-admin-0001"
#define READER "00reader-reader-reader-reader-reader-00002"
#define HELPER "00helper-helper-helper-helper-helper-00003"
#define EXPIRED "00expired-expired-expired-expired-ex-00004"
#define SUSPENDED "00suspended-suspended-suspended-susp-00005"
#define UNKNOWN "00unknown-unknown-unknown-unknown-un-00006"

static void add(struct store *s, const char *id, const char *secret,
                const char *user, int64_t expires)
{
    struct store_token t = a_token(id, id);
    unsigned char hash[SECRET_HASH_LEN];

    t.user_id = user;
    t.expires = expires;
    assert_true(secret_hash(secret, hash));
    assert_int_equal(s->ops->token_add(s, &t, hash), STORE_OK);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct store_user gone = {
        "00u4", "gone", "SUPER_ADMIN", "SUSPENDED", 1, 0
    };
    struct store *s;
    int64_t later = okt_clock_now() + 29 * 86400;

    world_open(w);
    s = w->f.store;
    add_user(s, "00u1", "admin", "SUPER_ADMIN");
    add_user(s, "00u2", "reader", "READ_ONLY_ADMIN");
    add_user(s, "00u3", "helper", "HELP_DESK_ADMIN");
    assert_int_equal(s->ops->user_add(s, &gone), STORE_OK);
    add(s, "00Tadmin", ADMIN, "00u1", later);
    add(s, "00Treader", READER, "00u2", later);
    add(s, "00Thelper", HELPER, "00u3", later);
    add(s, "00Texpired", EXPIRED, "00u1", okt_clock_now());
    add(s, "00Tsuspended", SUSPENDED, "00u4", later);
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

static int answer(struct world *w, const char *method, const char *path,
                  const char *authorization, struct request **out)
{
    struct request *r = request_new(&w->org, path);
    int status;

    assert_non_null(r);
    snprintf(r->method, sizeof(r->method), "%s", method);
    r->headers[HEADER_AUTHORIZATION] = authorization;
    r->store = w->f.store;
    status = request_answer(r, api_routes, api_route_count);
    if (out != NULL)
        *out = r;
    else
        request_free(r);
    return status;
}

static void every_kind_of_caller_gets_what_is_due(void **state)
{
    enum { LIST, GET, PUT, DELETE, CURRENT, KINDS };
    static const char *const requests[KINDS][2] = {
        [LIST] = { "GET", BASE },
        [GET] = { "GET", BASE "/00Thelper" },
        [PUT] = { "PUT", BASE "/00Thelper" },
        [DELETE] = { "DELETE", BASE "/00Thelper" },
        [CURRENT] = { "DELETE", BASE "/current" },
    };
    /* 0: let through to the writer; 400: to the handler, without a body. */
    static const struct {
        const char *authorization;
        int status[KINDS];
    } callers[] = {
        { NULL, { 403, 403, 403, 403, 403 } },
        { "", { 403, 403, 403, 403, 403 } },
        { "Basic YTpi", { 403, 403, 403, 403, 403 } },
        { ADMIN, { 403, 403, 403, 403, 403 } },
        { "Bearer x", { 401, 401, 401, 401, 403 } },
        { "DPoP x", { 401, 401, 401, 401, 403 } },
        { "Bearerx", { 401, 401, 401, 401, 403 } },
        { "DPoPx", { 403, 403, 403, 403, 403 } },
        { "SSWS", { 401, 401, 401, 401, 401 } },
        { "SSWS x", { 401, 401, 401, 401, 401 } },
        { "SSWS " UNKNOWN, { 401, 401, 401, 401, 401 } },
        { "SSWS " EXPIRED, { 401, 401, 401, 401, 401 } },
        { "SSWS " SUSPENDED, { 401, 401, 401, 401, 401 } },
        { "SSWS " HELPER "x", { 401, 401, 401, 401, 401 } },
        { "SSWS " HELPER, { 403, 403, 403, 403, 0 } },
        { "SSWS " READER, { 200, 200, 403, 403, 0 } },
        { "SSWS " ADMIN, { 200, 200, 400, 0, 0 } },
        { "SSWS" ADMIN, { 200, 200, 400, 0, 0 } },
        { "ssws   " ADMIN, { 200, 200, 400, 0, 0 } },
    };

    for (size_t i = 0; i < ARRAY_LEN(callers); i++)
        for (size_t kind = 0; kind < KINDS; kind++) {
            int status = answer(*state, requests[kind][0], requests[kind][1],
                                callers[i].authorization, NULL);

            if (status != callers[i].status[kind])
                print_error("caller %zu, request %zu\n", i, kind);
            assert_int_equal(status, callers[i].status[kind]);
        }
}

static void an_access_token_is_refused_in_the_header_alone(void **state)
{
    struct request *r;

    assert_int_equal(answer(*state, "GET", BASE, "Bearer x", &r), 401);
    assert_null(r->content_type);
    assert_int_equal(r->reply.len, 0);
    assert_string_equal(
        r->challenge.data,
        "Bearer authorization_uri=\"https://org.example/oauth2/v1/authorize\", "
        "realm=\"https://org.example\", scope=\"okta.apiTokens.read\", "
        "error=\"invalid_token\", "
        "error_description=\"The access token is invalid.\", "
        "resource=\"/api/v1/api-tokens\"");
    request_free(r);
    assert_int_equal(answer(*state, "DELETE", BASE "/00T1", "dpop x", &r), 401);
    assert_non_null(strstr(r->challenge.data, "DPoP algs=\"RS256 "));
    assert_non_null(strstr(r->challenge.data,
                           "scope=\"okta.apiTokens.manage\""));
    request_free(r);
}

static void only_a_good_token_is_used_by_asking(void **state)
{
    struct world *w = *state;
    struct renewal found;

    answer(w, "GET", BASE, "SSWS " UNKNOWN, NULL);
    answer(w, "GET", BASE, "SSWS " EXPIRED, NULL);
    answer(w, "GET", BASE, "SSWS " SUSPENDED, NULL);
    assert_true(renewals_are_written(w->org.renewals));
    assert_false(renewals_find(w->org.renewals, "00Texpired", &found));
    assert_int_equal(answer(w, "GET", BASE, "SSWS " READER, NULL), 200);
    assert_true(renewals_find(w->org.renewals, "00Treader", &found));
    assert_int_equal(found.expires - found.used, 30 * 86400);
}

static void a_token_s_own_use_shows_in_its_answer(void **state)
{
    struct request *r;

    assert_int_equal(answer(*state, "GET", BASE "/00Treader", "SSWS " READER,
                            &r),
                     200);
    assert_null(strstr(r->reply.data, "\"lastUpdated\":\"1970-"));
    request_free(r);
}

static void what_can_not_be_an_id_is_no_path(void **state)
{
    struct request *r;

    assert_int_equal(answer(*state, "GET", BASE "/a%20b", "SSWS " ADMIN, &r),
                     404);
    assert_non_null(strstr(r->reply.data, "\"E0000008\""));
    request_free(r);
}

static void a_secret_in_place_of_an_id_is_not_echoed(void **state)
{
    struct request *r;

    assert_int_equal(answer(*state, "GET", BASE "/" READER, "SSWS " ADMIN, &r),
                     404);
    assert_non_null(strstr(r->reply.data, "Resource not found: *** (Token)"));
    assert_null(strstr(r->reply.data, READER));
    request_free(r);
}

static void fields_are_added_to_the_reply(void **state)
{
    struct world *w = *state;
    struct request *r = request_new(&w->org, "/");
    const char *name;
    const char *value;
    size_t at = 0;

    assert_non_null(r);
    assert_false(reply_header_next(r, &at, &name, &value));
    reply_header_add(r, "Set-Cookie", "a=b");
    reply_header_add(r, "Location", "");
    assert_true(reply_header_next(r, &at, &name, &value));
    assert_string_equal(name, "Set-Cookie");
    assert_string_equal(value, "a=b");
    assert_true(reply_header_next(r, &at, &name, &value));
    assert_string_equal(name, "Location");
    assert_string_equal(value, "");
    assert_false(reply_header_next(r, &at, &name, &value));
    request_free(r);
}

static void no_value_can_add_a_field_of_its_own(void **state)
{
    static const char *const values[] = { "/\r\nSet-Cookie: a=b", "a\nb",
                                          "a\r" };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct request *r = request_new(&w->org, "/");
        const char *name;
        const char *value;
        size_t at = 0;

        assert_non_null(r);
        reply_header_add(r, "Location", values[i]);
        assert_true(okt_buf_failed(&r->added));
        assert_false(reply_header_next(r, &at, &name, &value));
        assert_int_equal(reply_internal(r), 500);
        assert_false(okt_buf_failed(&r->added));
        request_free(r);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_of_caller_gets_what_is_due),
        TEST(an_access_token_is_refused_in_the_header_alone),
        TEST(only_a_good_token_is_used_by_asking),
        TEST(a_token_s_own_use_shows_in_its_answer),
        TEST(what_can_not_be_an_id_is_no_path),
        TEST(a_secret_in_place_of_an_id_is_not_echoed),
        TEST(fields_are_added_to_the_reply),
        TEST(no_value_can_add_a_field_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
