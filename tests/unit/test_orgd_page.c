/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_page.c - where pages may lead. */
#include "tests/unit/test_orgd_store.h"

#include "server/web/page.h"
#include "server/web/page_consent.h"

struct world {
    struct fixture f;
    struct org org;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    fixture_open(&w->f);
    w->org = (struct org){ .store = w->f.where,
                           .public_url = "https://org.example" };
    w->org.clock = calloc(1, sizeof(*w->org.clock));
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    fixture_close(&w->f);
    free(w->org.clock);
    free(w);
    return 0;
}

static const char *header(const struct request *r, const char *name)
{
    const char *found;
    const char *value;
    size_t at = 0;

    while (reply_header_next(r, &at, &found, &value))
        if (strcmp(found, name) == 0)
            return value;
    return "";
}

/* A redirect URI is an app's own text: it must not become a policy's. */
static void a_consent_s_form_leads_to_its_site_alone(void **state)
{
    static const struct {
        const char *uri; /* NULL: none */
        const char *policy;
    } cases[] = {
        { NULL, "form-action 'self'; " },
        { "https://a.example/cb?x=1",
          "form-action 'self' https://a.example; " },
        { "https://a.example", "form-action 'self' https://a.example; " },
        { "https://a.example?x", "form-action 'self' https://a.example; " },
        { "https://a.example#x", "form-action 'self' https://a.example; " },
        { "http://[::1]:80/cb", "form-action 'self' http://*:80; " },
        { "http://[::1]/cb", "form-action 'self' http://*; " },
        { "http://[::1", "form-action 'self' http://[::1; " },
        { "com.example.app:/cb", "form-action 'self' com.example.app:; " },
        { "h:/cb", "form-action 'self' h:; " },
        { "nothing", "form-action 'self'; " },
        { "https://a.example;script-src", "form-action 'self'; " },
        { "https://a.example *", "form-action 'self'; " },
        { "https://a.example,b", "form-action 'self'; " },
        { "https://'unsafe-inline'", "form-action 'self'; " },
    };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct request *r = request_new(&w->org, "/");
        struct consent consent = { .app = "app",
                                   .scopes = "openid",
                                   .leads_to = cases[i].uri,
                                   .action = "/" };

        assert_non_null(r);
        r->store = w->f.store;
        assert_int_equal(page_visit(r), 200);
        assert_int_equal(page_consent(r, &consent), 200);
        print_message("%s\n", header(r, "Content-Security-Policy"));
        assert_non_null(strstr(header(r, "Content-Security-Policy"),
                               cases[i].policy));
        request_free(r);
    }
}

static void sign_in_leads_to_pages_of_ours_alone(void **state)
{
    static const struct {
        const char *path;
        bool is;
    } cases[] = {
        { "/", true },
        { "/?a=b", true },
        { "/activate", true },
        { "/activate?user_code=BCDF-GHJK", true },
        { "/oauth2/v1/authorize?a=https%3A%2F%2Fevil.test", true },
        { "", false },
        { "activate", false },
        { "//", false },
        { "//evil.test", false },
        { "/\\evil.test", false },
        { "/activate/", false },
        { "/activate/decide", false },
        { "/activatex", false },
        { "/activate#x", false },
        { "/activate?a b", false },
        { "/activate?a\r\nb", false },
        { "/activate?\xc3\xa9", false },
        { "/login", false },
        { "/logout", false },
        { "https://org.example/activate", false },
        { "javascript:alert(1)", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        print_message("%s\n", cases[i].path);
        assert_int_equal(page_is_return(cases[i].path), cases[i].is);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_consent_s_form_leads_to_its_site_alone),
        TEST(sign_in_leads_to_pages_of_ours_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
