/* SPDX-License-Identifier: Apache-2.0 */
/* test_url.c - org URLs as people give them, and query parameters. */
#include <string.h>

#include "tests/unit/test.h"

static void org_urls_are_put_right(void **state)
{
    static const char *const cases[][2] = {
        { "https://acme.okta.com", "https://acme.okta.com" },
        { "https://acme.okta.com/", "https://acme.okta.com" },
        { "https://acme.okta.com//", "https://acme.okta.com" },
        { "acme.okta.com", "https://acme.okta.com" },
        { "acme.okta.com/", "https://acme.okta.com" },
        { "HTTPS://ACME.Okta.Com", "https://acme.okta.com" },
        { "https://acme.okta.com:443", "https://acme.okta.com" },
        { "https://acme.okta.com:8443/", "https://acme.okta.com:8443" },
        { "acme.okta.com:8443", "https://acme.okta.com:8443" },
        { "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
        { "http://127.8.9.10", "http://127.8.9.10" },
        { "http://localhost:1", "http://localhost:1" },
        { "http://[::1]:8080/", "http://[::1]:8080" },
        { "https://[::1]", "https://[::1]" },
        { "https://admin.okta.com", "https://admin.okta.com" },
        { "https://acme-admin.example.com", "https://acme-admin.example.com" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(char) url = NULL;
        okta_error err = { 0 };

        if (okt_org_url(cases[i][0], &url, &err) != OKTA_OK)
            fail_msg("%s: %s", cases[i][0], err.message);
        assert_string_equal(url, cases[i][1]);
    }
}

static void org_urls_that_mislead_are_refused_by_name(void **state)
{
    static const char *const cases[][2] = {
        { "", "empty" },
        { "  ", "empty" },
        { "https://", "URL" },
        { "https://acme-admin.okta.com", "use https://acme.okta.com" },
        { "https://acme-admin.oktapreview.com/admin/dashboard", "" },
        { "https://acme-admin.oktapreview.com",
          "use https://acme.oktapreview.com" },
        { "https://acme.okta.com/api/v1", "leave /api/v1 away" },
        { "https://acme.okta.com?x=1", "query" },
        { "https://acme.okta.com#x", "fragment" },
        { "https://me:pw@acme.okta.com", "user" },
        { "https://me@acme.okta.com", "user" },
        { "http://acme.okta.com", "use https://acme.okta.com" },
        { "http://localhost.evil.test", "https://" },
        { "http://127.0.0.1.evil.test", "https://" },
        { "http://2130706433.evil.test", "https://" },
        { "2%388", "percent" },
        { "https://acme%2eokta.com", "percent" },
        { "http://10.0.0.1", "https://" },
        { "http://2130706433:1", "https://" },
        { "http://0x7f.1:1", "https://" },
        { "http://127.1", "https://" },
        { "http://[::2]", "https://" },
        { "ftp://acme.okta.com", "not ftp://" },
        { "file:///etc/passwd", "" },
        { "https://{yourOktaDomain}", "" },
        { "https://acme okta.com", "" },
        { "https://acme.okta.com\r\nX: y", "" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char *url = NULL;
        okta_error err = { 0 };

        if (okt_org_url(cases[i][0], &url, &err) != OKTA_ERR_ARGUMENT)
            fail_msg("taken: %s", cases[i][0]);
        if (strstr(err.message, cases[i][1]) == NULL)
            fail_msg("%s: %s", cases[i][0], err.message);
        assert_null(strstr(err.message, "pw"));
    }
}

static void a_token_in_place_of_the_org_is_not_repeated(void **state)
{
    char *url = NULL;
    okta_error err;

    (void)state;
    assert_int_not_equal(okt_org_url("https://" SECRET "/x", &url, &err),
                         OKTA_OK);
    assert_null(strstr(err.message, SECRET));
    assert_int_not_equal(okt_org_url("https://x.test/" SECRET, &url, &err),
                         OKTA_OK);
    assert_null(strstr(err.message, SECRET));
}

static void query_parameters_are_found_and_decoded(void **state)
{
    static const char url[] = "https://x/y?a=1&after=b%26c+d&b=&ab=2&c";
    static const char *const cases[][2] = {
        { "a", "1" },  { "after", "b&c d" }, { "b", "" },  { "ab", "2" },
        { "c", NULL }, { "x", NULL },        { "", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(char) value = NULL;

        assert_int_equal(okt_url_param(url, cases[i][0], &value, NULL),
                         OKTA_OK);
        if (cases[i][1] == NULL)
            assert_null(value);
        else
            assert_string_equal(value, cases[i][1]);
    }
}

static void what_no_text_was_encoded_to_is_no_value(void **state)
{
    static const char *const urls[] = { "/?q=%", "/?q=%4", "/?q=a%00b",
                                        "/?q=%4g&b=1" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        char *value = NULL;

        assert_int_equal(okt_url_param(urls[i], "q", &value, NULL),
                         OKTA_ERR_PROTOCOL);
        assert_null(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(org_urls_are_put_right),
        cmocka_unit_test(org_urls_that_mislead_are_refused_by_name),
        cmocka_unit_test(a_token_in_place_of_the_org_is_not_repeated),
        cmocka_unit_test(query_parameters_are_found_and_decoded),
        cmocka_unit_test(what_no_text_was_encoded_to_is_no_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
