/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_listen.c - an org's URL, and what names it. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/http/listen.h"

static void a_default_port_is_no_port(void **state)
{
    static const char *const cases[][2] = {
        { "https://org.example:443", "https://org.example" },
        { "https://org.example:443/", "https://org.example" },
        { "http://127.0.0.1:80", "http://127.0.0.1" },
        { "https://[::1]:443", "https://[::1]" },
        { "https://org.example:80", "https://org.example:80" },
        { "http://org.example:443", "http://org.example:443" },
        { "https://org.example:8443", "https://org.example:8443" },
        { "https://org.example:4430", "https://org.example:4430" },
    };
    char url[URL_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_true(public_url_parse(cases[i][0], url));
        assert_string_equal(url, cases[i][1]);
    }
    assert_int_equal(url_port("https://org.example"), 443);
    assert_int_equal(url_port("http://[::1]"), 80);
    assert_int_equal(url_port("https://[::1]:8443"), 8443);
}

static void a_path_is_of_the_org_or_not(void **state)
{
    static const struct {
        const char *base;
        const char *url;
        const char *path;
    } cases[] = {
        { "https://a", "https://a/x", "/x" },
        { "https://a", "https://A:443/x", "/x" },
        { "https://a", "HTTPS://a", "" },
        { "https://a:8443", "https://a:8443/x", "/x" },
        { "https://a", "https://a:80/x", NULL },
        { "https://a", "https://a:4430/x", NULL },
        { "https://a", "https://a.evil/x", NULL },
        { "https://a", "https://a@evil/x", NULL },
        { "https://a", "http://a/x", NULL },
        { "https://a:8443", "https://a/x", NULL },
        { "https://a:8443", "https://a:84430/x", NULL },
        { "http://a", "http://a:80/x", "/x" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *path = public_url_path(cases[i].base, cases[i].url);

        print_message("%s\n", cases[i].url);
        if (cases[i].path == NULL)
            assert_null(path);
        else
            assert_string_equal(path, cases[i].path);
    }
}

static void a_host_is_a_name_and_a_port(void **state)
{
    static const struct {
        const char *host;
        const char *name; /* NULL: it is none */
        uint16_t port;
    } cases[] = {
        { "a", "a", 443 },       { "a:8443", "a", 8443 },
        { "[::1]", "::1", 443 }, { "[::1]:1", "::1", 1 },
        { "", NULL, 0 },         { ":1", NULL, 0 },
        { "[", NULL, 0 },        { "[]", NULL, 0 },
        { "[]:1", NULL, 0 },     { "[::1", NULL, 0 },
        { "[::1]x", NULL, 0 },   { "a:", NULL, 0 },
        { "a:x", NULL, 0 },      { "a:1:2", NULL, 0 },
        { "a:65536", NULL, 0 },  { "a:123456", NULL, 0 },
        { "::1", NULL, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char name[URL_TEXT_MAX] = "";
        uint16_t port = 0;

        print_message("%s\n", cases[i].host);
        assert_int_equal(host_parse(cases[i].host, true, name, &port),
                         cases[i].name != NULL);
        if (cases[i].name == NULL)
            continue;
        assert_string_equal(name, cases[i].name);
        assert_int_equal(port, cases[i].port);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_default_port_is_no_port),
        cmocka_unit_test(a_path_is_of_the_org_or_not),
        cmocka_unit_test(a_host_is_a_name_and_a_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
