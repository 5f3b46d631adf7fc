/* SPDX-License-Identifier: Apache-2.0 */
/* test_audit.c - users, roles, zones and events: asked for, read, paced. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"

#define USER "00uaaaaaaaaaaaaaaaaa"
#define OTHER "00ubbbbbbbbbbbbbbbbb"
#define USERS "/api/v1/users/" USER
#define ROLES USERS "/roles"
#define ZONES "/api/v1/zones"
#define LOGS "/api/v1/logs"
#define ADA                                       \
    "{\"id\":\"" USER "\",\"status\":\"ACTIVE\"," \
    "\"profile\":{\"login\":\"ada@example.com\"}}"
#define ROLE(type, through)                                             \
    "{\"id\":\"ra1\",\"type\":\"" type "\",\"label\":\"L\",\"status\":" \
    "\"ACTIVE\",\"assignmentType\":\"" through "\"}"
#define ZONE(n)                                                       \
    "{\"id\":\"nzo" #n "\",\"name\":\"zone " #n "\",\"type\":\"IP\"," \
    "\"status\":\"ACTIVE\",\"gateways\":[{\"value\":\"10.0.0.0/8\"}]}"
#define EVENT                                                                \
    "{\"uuid\":\"e\",\"eventType\":\"t\",\"published\":"                     \
    "\"2025-11-24T16:00:00.000Z\",\"client\":{\"ipAddress\":\"192.0.2.7\"}," \
    "\"transaction\":{\"detail\":{\"requestApiTokenId\":\"00Ta\"}}}"
#define NEXT_OF(path, query) "Link: <" ORG path query ">; rel=\"next\"\n"

/* -------------------------------------------------------------- Reading -- */

static void a_user_is_fetched(void **state)
{
    static const struct step step = { "GET " USERS, 200, "", ADA };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, &step, 1);
    AUTO(okta_user) user = NULL;

    (void)state;
    assert_int_equal(okta_user_get(client, USER, NULL, &user, NULL), OKTA_OK);
    assert_string_equal(okta_user_id(user), USER);
    assert_string_equal(okta_user_status(user), "ACTIVE");
    assert_string_equal(okta_user_login(user), "ada@example.com");
    test_script_end(&script, "");
}

static void a_user_is_fetched_by_login(void **state)
{
    static const struct step step = { "GET /api/v1/users/ada%2Bx%40example.com",
                                      200, "", ADA };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, &step, 1);
    AUTO(okta_user) user = NULL;

    (void)state;
    assert_int_equal(okta_user_get(client, "ada+x@example.com", NULL, &user,
                                   NULL),
                     OKTA_OK);
    assert_string_equal(okta_user_id(user), USER);
}

static void another_user_than_was_asked_for_is_refused(void **state)
{
    static const struct step step = { "GET /api/v1/users/" OTHER, 200, "",
                                      ADA };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, &step, 1);
    okta_user *user = NULL;
    okta_error err;

    (void)state;
    assert_int_equal(okta_user_get(client, OTHER, NULL, &user, &err),
                     OKTA_ERR_PROTOCOL);
    assert_string_equal(err.message,
                        "asked for user " OTHER ", got user " USER);
    assert_null(user);
}

static void what_is_no_id_is_never_sent(void **state)
{
    static const char *const ids[] = { "",    ".",   "..",   "a/b", "a b\n",
                                       "%2e", "a?b", "a\\b", SECRET };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, NULL, 0);
    okta_user *user = NULL;
    okta_page *page = NULL;
    okta_error err;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        assert_int_equal(okta_user_get(client, ids[i], NULL, &user, &err),
                         OKTA_ERR_ARGUMENT);
        assert_null(strstr(err.message, SECRET));
        assert_int_equal(okta_user_roles(client, ids[i], NULL, &page, &err),
                         OKTA_ERR_ARGUMENT);
    }
    assert_int_equal(okta_user_get(client, "me", NULL, &user, &err),
                     OKTA_ERR_ARGUMENT);
}

static void roles_are_listed_over_pages(void **state)
{
    static const struct step steps[] = {
        { "GET " ROLES, 200, NEXT_OF(ROLES, "?after=1"),
          "[" ROLE("SUPER_ADMIN", "USER") "]" },
        { "GET " ROLES "?after=1", 200, "", "[" ROLE("CUSTOM", "GROUP") "]" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_page) page = NULL;
    const okta_role *role;

    (void)state;
    assert_int_equal(okta_user_roles(client, USER, NULL, &page, NULL), OKTA_OK);
    assert_int_equal(okta_page_count(page), 1);
    role = okta_page_role(page, 0);
    assert_string_equal(okta_role_type(role), "SUPER_ADMIN");
    assert_string_equal(okta_role_assignment_type(role), "USER");
    assert_string_equal(okta_role_status(role), "ACTIVE");
    assert_null(okta_page_api_token(page, 0)); /* it is a page of roles */
    assert_null(okta_page_zone(page, 0));
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    role = okta_page_role(page, 0);
    assert_string_equal(okta_role_type(role), "CUSTOM");
    assert_string_equal(okta_role_label(role), "L");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_DONE);
    test_script_end(&script, "");
}

static void a_list_keeps_to_its_own_path(void **state)
{
    static const char *const links[] = { PATH, USERS, ROLES "/x", ZONES "/1",
                                         "https://evil.test" ROLES };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(links); i++) {
        char header[256];
        struct step step = { "GET " ROLES, 200, header, "[]" };
        SCRIPT_AUTO script;
        AUTO(okta_client) client = NULL;
        okta_page *page = NULL;

        snprintf(header, sizeof(header), "Link: <%s>; rel=next\n", links[i]);
        client = test_client(&script, &step, 1);
        if (okta_user_roles(client, USER, NULL, &page, NULL) !=
            OKTA_ERR_PROTOCOL)
            fail_msg("followed %s", links[i]);
    }
}

static void zones_are_listed_over_pages(void **state)
{
    static const struct step steps[] = {
        { "GET " ZONES, 200, NEXT_OF(ZONES, "?after=1"),
          "[" ZONE(1) "," ZONE(2) "]" },
        { "GET " ZONES "?after=1", 200, "", "[" ZONE(3) "]" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_page) page = NULL;
    const okta_zone *zone;

    (void)state;
    assert_int_equal(okta_zone_list(client, NULL, &page, NULL), OKTA_OK);
    assert_int_equal(okta_page_count(page), 2);
    zone = okta_page_zone(page, 1);
    assert_string_equal(okta_zone_id(zone), "nzo2");
    assert_string_equal(okta_zone_name(zone), "zone 2");
    assert_string_equal(okta_zone_type(zone), "IP");
    assert_string_equal(okta_zone_status(zone), "ACTIVE");
    assert_false(okta_zone_gateways_unreadable(zone));
    assert_int_equal(okta_zone_gateway_count(zone), 1);
    assert_string_equal(okta_zone_gateway(zone, 0), "10.0.0.0/8");
    assert_null(okta_zone_gateway(zone, 1));
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    assert_string_equal(okta_zone_id(okta_page_zone(page, 0)), "nzo3");
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_DONE);
}

static void events_are_asked_for_as_told(void **state)
{
    static const struct step steps[] = {
        { "GET " LOGS "?sortOrder=DESCENDING&limit=1&since="
          "2025-11-24T16%3A00%3A00.000Z&filter=eventType%20eq%20%22a%22",
          200, NEXT_OF(LOGS, "?after=1"), "[" EVENT "]" },
        { "GET " LOGS "?sortOrder=ASCENDING", 200, "", "[]" },
    };
    okta_event_options options = OKTA_EVENT_OPTIONS_INIT;
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 2);
    AUTO(okta_page) page = NULL;
    AUTO(okta_page) all = NULL;
    const okta_event *event;
    int64_t time = 0;

    (void)state;
    options.filter = "eventType eq \"a\"";
    options.since = NOW;
    options.limit = 1;
    options.descending = true;
    options.single = true;
    assert_int_equal(okta_event_list(client, &options, NULL, &page, NULL),
                     OKTA_OK);
    event = okta_page_event(page, 0);
    assert_string_equal(okta_event_type(event), "t");
    assert_string_equal(okta_event_address(event), "192.0.2.7");
    assert_string_equal(okta_event_token_id(event), "00Ta");
    assert_true(okta_event_published_time(event, &time));
    assert_int_equal(time, NOW);
    assert_int_equal(okta_event_list(client, NULL, NULL, &all, NULL), OKTA_OK);
    assert_int_equal(okta_page_count(all), 0);
    test_script_end(&script, "");
}

/* Oldest first the org always says a next page. */
static void events_end_at_an_empty_page(void **state)
{
    static const struct step steps[] = {
        { "GET " LOGS "?sortOrder=ASCENDING", 200, NEXT_OF(LOGS, "?after=1"),
          "[" EVENT "]" },
        { "GET " LOGS "?after=1", 200, NEXT_OF(LOGS, "?after=1"), "[]" },
        { "GET " LOGS "?sortOrder=ASCENDING", 200,
          NEXT_OF(LOGS, "?sortOrder=ASCENDING"), "[" EVENT "]" },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, 3);
    AUTO(okta_page) page = NULL;
    AUTO(okta_page) circle = NULL;

    (void)state;
    assert_int_equal(okta_event_list(client, NULL, NULL, &page, NULL), OKTA_OK);
    assert_int_equal(okta_page_count(page), 1);
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    assert_int_equal(okta_page_count(page), 0);
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_DONE);
    assert_int_equal(okta_event_list(client, NULL, NULL, &circle, NULL),
                     OKTA_ERR_PROTOCOL);
    test_script_end(&script, "");
}

static void event_options_that_cannot_be_are_refused(void **state)
{
    const okta_event_options cases[] = {
        { .size = sizeof(okta_event_options), .limit = 1001 },
        { .size = sizeof(okta_event_options), .limit = -1 },
        { .size = sizeof(okta_event_options), .filter = SECRET },
        { .size = sizeof(okta_event_options) + 8 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCRIPT_AUTO script;
        AUTO(okta_client) client = test_client(&script, NULL, 0);
        okta_page *page = NULL;

        assert_int_equal(okta_event_list(client, &cases[i], NULL, &page, NULL),
                         OKTA_ERR_ARGUMENT);
    }
}

/* --------------------------------------------------------------- Pacing -- */

#define LIMIT(limit, remaining, reset)         \
    "Date: Mon, 24 Nov 2025 16:00:00 GMT\n"    \
    "X-Rate-Limit-Limit: " #limit "\n"         \
    "X-Rate-Limit-Remaining: " #remaining "\n" \
    "X-Rate-Limit-Reset: " #reset "\n"

static void ask_both(okta_client *client)
{
    AUTO(okta_page) zones = NULL;
    AUTO(okta_user) user = NULL;

    assert_int_equal(okta_zone_list(client, NULL, &zones, NULL), OKTA_OK);
    assert_int_equal(okta_user_get(client, USER, NULL, &user, NULL), OKTA_OK);
}

/* The zones' limit is spent, the users' is another one. */
static void each_limit_is_kept_apart(void **state)
{
    static const struct step steps[] = {
        { "GET " ZONES, 200, LIMIT(10, 5, 1764000000), "[]" },
        { "GET " USERS, 200, LIMIT(50, 9, 1764000030), ADA },
        { "GET " ZONES, 200, LIMIT(10, 0, 1764000000), "[]" },
        { "GET " USERS, 200, LIMIT(50, 8, 1764000030), ADA },
        { "GET " ZONES, 200, LIMIT(10, 9, 1764000120), "[]" },
        { "GET " USERS, 200, LIMIT(50, 7, 1764000030), ADA },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));

    (void)state;
    for (int i = 0; i < 3; i++)
        ask_both(client);
    test_script_end(&script,
                    "start 1;headers 1;done 1;start 2;headers 2;done 2;"
                    "start 3;headers 3;done 3;start 4;headers 4;done 4;"
                    "sleep 1000;start 5;headers 5;done 5;"
                    "start 6;headers 6;done 6;");
}

/* Of the same size and window: it is one, and the last answer tells. */
static void a_limit_for_all_is_kept_by_all(void **state)
{
    static const struct step steps[] = {
        { "GET " ZONES, 200, LIMIT(50, 2, 1764000000), "[]" },
        { "GET " USERS, 200, LIMIT(50, 1, 1764000000), ADA },
        { "GET " ZONES, 200, LIMIT(50, 0, 1764000000), "[]" },
        { "GET " USERS, 200, LIMIT(50, 49, 1764000120), ADA },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));

    (void)state;
    for (int i = 0; i < 2; i++)
        ask_both(client);
    test_script_end(&script,
                    "start 1;headers 1;done 1;start 2;headers 2;done 2;"
                    "start 3;headers 3;done 3;sleep 1000;start 4;"
                    "headers 4;done 4;");
}

/* Until a kind has answered, its limit may be the one that is spent. */
static void what_was_never_asked_for_waits_too(void **state)
{
    static const struct step steps[] = {
        { "GET " ZONES, 200, LIMIT(50, 0, 1764000000), "[]" },
        { "GET " USERS, 200, "", ADA },
    };
    SCRIPT_AUTO script;
    AUTO(okta_client) client = test_client(&script, steps, ARRAY_LEN(steps));

    (void)state;
    ask_both(client);
    test_script_end(&script, "start 1;headers 1;done 1;sleep 1000;start 2;"
                             "headers 2;done 2;");
}

/* ---------------------------------------------------- Failed allocation -- */

static okta_status read_all(okta_client *client)
{
    okta_event_options options = OKTA_EVENT_OPTIONS_INIT;
    AUTO(okta_user) user = NULL;
    AUTO(okta_page) roles = NULL;
    AUTO(okta_page) zones = NULL;
    AUTO(okta_page) events = NULL;
    okta_status st = okta_user_get(client, USER, NULL, &user, NULL);

    options.filter = "x";
    if (st == OKTA_OK)
        st = okta_user_roles(client, USER, NULL, &roles, NULL);
    if (st == OKTA_OK)
        st = okta_page_next(client, roles, NULL, NULL);
    if (st == OKTA_DONE)
        st = okta_zone_list(client, NULL, &zones, NULL);
    if (st == OKTA_OK)
        st = okta_event_list(client, &options, NULL, &events, NULL);
    return st;
}

static void every_failed_allocation_is_told(void **state)
{
    static const struct step steps[] = {
        { "GET " USERS, 200, "", ADA },
        { "GET " ROLES, 200, "", "[" ROLE("SUPER_ADMIN", "USER") "]" },
        { "GET " ZONES, 200, "", "[" ZONE(1) "]" },
        { "GET " LOGS "?sortOrder=ASCENDING&filter=x", 200, "", "[" EVENT "]" },
    };
    okta_status st = OKTA_ERR_MEMORY;

    (void)state;
    for (long nth = 0; st == OKTA_ERR_MEMORY; nth++) {
        SCRIPT_AUTO script;
        AUTO(okta_client)
        client = test_client(&script, steps, ARRAY_LEN(steps));

        assert_true(nth < 400);
        test_fail_alloc(nth);
        st = read_all(client);
        if (st == OKTA_OK && test_alloc_failed())
            fail_msg("failed allocation %ld went by unnoticed", nth);
        test_fail_alloc(-1);
        assert_true(st == OKTA_OK || st == OKTA_ERR_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(a_user_is_fetched),
        cmocka_test(a_user_is_fetched_by_login),
        cmocka_test(another_user_than_was_asked_for_is_refused),
        cmocka_test(what_is_no_id_is_never_sent),
        cmocka_test(roles_are_listed_over_pages),
        cmocka_test(a_list_keeps_to_its_own_path),
        cmocka_test(zones_are_listed_over_pages),
        cmocka_test(events_are_asked_for_as_told),
        cmocka_test(events_end_at_an_empty_page),
        cmocka_test(event_options_that_cannot_be_are_refused),
        cmocka_test(each_limit_is_kept_apart),
        cmocka_test(a_limit_for_all_is_kept_by_all),
        cmocka_test(what_was_never_asked_for_waits_too),
        cmocka_test(every_failed_allocation_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
