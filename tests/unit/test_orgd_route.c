/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_route.c - which handler answers what. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/routes.h"

#define BASE "/api/v1/api-tokens"
#define USERS "/api/v1/users"
#define USER USERS "/{login}"
#define ID64 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

static void finds_what_the_api_has_and_nothing_else(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        int status;
        const char *id;
        const char *row;
    } cases[] = {
        { "GET", BASE, 200, "", BASE },
        { "HEAD", BASE, 200, "", BASE },
        { "GET", BASE "/", 200, "", BASE "/" },
        { "GET", BASE "/00T1", 200, "00T1", BASE "/{id}" },
        { "GET", BASE "/" ID64, 200, ID64, BASE "/{id}" },
        { "PUT", BASE "/00T1", 200, "00T1", BASE "/{id}" },
        { "DELETE", BASE "/00T1", 200, "00T1", BASE "/{id}" },
        { "DELETE", BASE "/current", 200, "", BASE "/current" },
        { "GET", BASE "/current", 200, "current", BASE "/{id}" },
        { "DELETE", BASE, 405, "", NULL },
        { "DELETE", BASE "/", 405, "", NULL },
        { "POST", BASE, 405, "", NULL },
        { "PUT", BASE, 405, "", NULL },
        { "POST", BASE "/00T1", 405, "", NULL },
        { "get", BASE, 405, "", NULL },
        { "GETX", BASE, 405, "", NULL },
        { "GET", BASE "/" ID64 "x", 404, "", NULL },
        { "GET", BASE "/00T1/", 404, "", NULL },
        { "GET", BASE "/00T1/x", 404, "", NULL },
        { "GET", BASE "//", 404, "", NULL },
        { "GET", BASE "/..", 404, "", NULL },
        { "GET", BASE "/.", 404, "", NULL },
        { "GET", BASE "/a%20b", 404, "", NULL },
        { "GET", BASE "/%2e%2e", 404, "", NULL },
        { "GET", BASE "x", 404, "", NULL },
        { "GET", "/", 200, "", "/" },
        { "POST", "/", 405, "", NULL },
        { "GET", "/.", 404, "", NULL },
        { "GET", "", 404, "", NULL },
        { "GET", "/API/V1/api-tokens", 404, "", NULL },
        { "GET", "//api/v1/api-tokens", 404, "", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct route *route = NULL;
        char id[ROUTE_ID_MAX + 1];
        int status = route_find(api_routes, api_route_count, cases[i].method,
                                cases[i].path, &route, id);

        if (status != cases[i].status)
            print_error("%s %s\n", cases[i].method, cases[i].path);
        assert_int_equal(status, cases[i].status);
        assert_string_equal(id, cases[i].id);
        assert_int_equal(route != NULL, cases[i].row != NULL);
        if (route != NULL)
            assert_string_equal(route->path, cases[i].row);
    }
}

static void finds_users_by_what_a_login_may_be(void **state)
{
    static const struct {
        const char *path;
        const char *login; /* NULL: there is no such path */
        const char *row;
    } cases[] = {
        { "/00u1", "00u1", "" },
        { "/ada%40example.com", "ada@example.com", "" },
        { "/ada@example.com/roles", "ada@example.com", "/roles" },
        { "/a+b%2Bc%20d%2Fe", "a+b+c d/e", "" },
        { "/%C3%A9", "\xc3\xa9", "" },
        { "/%6De", "me", "" },
        { "/a%00", NULL, NULL },
        { "/a%1f", NULL, NULL },
        { "/a%7f", NULL, NULL },
        { "/a%ff", NULL, NULL },
        { "/a%4", NULL, NULL },
        { "/a%zz", NULL, NULL },
        { "/" ID64 ID64 ID64 ID64, NULL, NULL },
        { "/", NULL, NULL },
        { "//roles", NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct route *route = NULL;
        char id[ROUTE_ID_MAX + 1];
        char path[512];
        int status;

        snprintf(path, sizeof(path), USERS "%s", cases[i].path);
        status =
            route_find(api_routes, api_route_count, "GET", path, &route, id);
        print_message("%s\n", path);
        assert_int_equal(status, cases[i].login != NULL ? 200 : 404);
        assert_string_equal(id, cases[i].login != NULL ? cases[i].login : "");
        if (route != NULL)
            assert_string_equal(route->path + strlen(USER), cases[i].row);
    }
}

static void tells_the_methods_of_a_path(void **state)
{
    static const struct {
        const char *path;
        const char *allow;
    } cases[] = {
        { BASE, "GET, HEAD" },
        { BASE "/", "GET, HEAD" },
        { BASE "/00T1", "GET, HEAD, PUT, DELETE" },
        { BASE "/current", "DELETE, GET, HEAD, PUT" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO allow = OKT_BUF_INIT(100);

        route_allow(api_routes, api_route_count, cases[i].path, &allow);
        assert_string_equal(allow.data, cases[i].allow);
    }
}

static void every_change_has_a_second_half(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_route_count; i++)
        if (strcmp(api_routes[i].path, "/activate") != 0) /* it only asks */
            assert_int_equal(api_routes[i].done != NULL,
                             api_routes[i].method[0] != 'G');
}

static void rows_of_one_resource_are_one_endpoint(void **state)
{
    static const struct {
        const char *path;
        const char *endpoint;
    } cases[] = {
        { BASE, BASE },
        { BASE "/", BASE },
        { BASE "/{id}", BASE },
        { "/api/v1/users/{login}/roles", "/api/v1/users" },
        { "/livez", "/livez" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct route route = { .path = cases[i].path };
        char endpoint[64];

        route_endpoint(&route, endpoint, sizeof(endpoint));
        assert_string_equal(endpoint, cases[i].endpoint);
        route_endpoint(&route, endpoint, 4);
        assert_memory_equal(endpoint, cases[i].path, 3);
        assert_int_equal(endpoint[3], '\0');
    }
}

static void a_name_is_no_way_out_of_its_folder(void **state)
{
    (void)state;
    assert_true(route_name_is_valid("v1.2-rc_3"));
    assert_true(route_name_is_valid("a.."));
    assert_true(route_name_is_valid(ID64));
    assert_false(route_name_is_valid(ID64 "x"));
    assert_false(route_name_is_valid(""));
    assert_false(route_name_is_valid("."));
    assert_false(route_name_is_valid(".."));
    assert_false(route_name_is_valid(".start"));
    assert_false(route_name_is_valid("a/b"));
    assert_false(route_name_is_valid("a b"));
    assert_false(route_name_is_valid("\xc3\xa4"));
}

/* Appends the calls that the document's table has, a line each, and counts
 * them. */
static size_t read_document(struct okt_buf *out)
{
    char line[512];
    size_t count = 0;
    bool there = false;
    FILE *file = fopen(ORGD_DOCUMENT, "r");

    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "## ", 3) == 0)
            there = strcmp(line, "## What it answers\n") == 0;
        if (!there || strncmp(line, "| `", 3) != 0)
            continue;
        okt_buf_printf(out, "%.*s\n", (int)strcspn(line + 3, "`"), line + 3);
        count++;
    }
    fclose(file);
    okt_buf_str(out, "");
    return count;
}

static void the_document_has_all_routes_and_no_others(void **state)
{
    OKT_BUF_AUTO document = OKT_BUF_INIT(65536);
    size_t documented = read_document(&document);
    size_t routes = 0;

    (void)state;
    for (size_t i = 0; i < api_route_count; i++) {
        char call[256];

        if (strncmp(api_routes[i].path, "/assets/", 8) == 0)
            continue;
        snprintf(call, sizeof(call), "%s %s\n", api_routes[i].method,
                 api_routes[i].path);
        print_message("%s", call);
        assert_non_null(strstr(document.data, call));
        routes++;
    }
    assert_int_equal(documented, routes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_the_api_has_and_nothing_else),
        cmocka_unit_test(a_name_is_no_way_out_of_its_folder),
        cmocka_unit_test(finds_users_by_what_a_login_may_be),
        cmocka_unit_test(tells_the_methods_of_a_path),
        cmocka_unit_test(every_change_has_a_second_half),
        cmocka_unit_test(the_document_has_all_routes_and_no_others),
        cmocka_unit_test(rows_of_one_resource_are_one_endpoint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
