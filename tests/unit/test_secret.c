/* SPDX-License-Identifier: Apache-2.0 */
/* test_secret.c - no memory that held a secret is freed as it is: every block
 * is looked at in the moment in which it is. */
#include <malloc.h>
#include <string.h>

#include "lib/oauth/oauth.h"
#include "tests/unit/test.h"
#include "tests/unit/vectors.h"

/* A part of every secret below, and of the private key. */
static const char *const marks[] = {
    "SECRET", "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
};
static bool looking;
static int leaks;

void __real_free(void *p);
void __wrap_free(void *p);

void __wrap_free(void *p)
{
    size_t len = looking && p != NULL ? malloc_usable_size(p) : 0;
    const char *at = p;

    for (size_t m = 0; m < ARRAY_LEN(marks); m++)
        for (size_t i = 0; i + strlen(marks[m]) <= len; i++)
            leaks += memcmp(at + i, marks[m], strlen(marks[m])) == 0;
    __real_free(p);
}

static void check_nothing(const struct okt_request *request)
{
    (void)request;
}

#define TOKENS(type, access, refresh)                   \
    "{\"token_type\":\"" type "\",\"expires_in\":3600," \
    "\"access_token\":\"" access "\",\"refresh_token\":\"" refresh "\"}"
#define ONE "{\"id\":\"00T1\",\"name\":\"a\",\"userId\":\"00u1\"}"

static okta_client *client_with(struct script *script, const struct step *steps,
                                size_t count, okta_credential *credential)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;

    options.credential = credential;
    return test_client_with(script, steps, count, &options);
}

static okta_status get(okta_client *client)
{
    AUTO(okta_api_token) token = NULL;

    return okta_api_token_get(client, "00T1", NULL, &token, NULL);
}

/* Signs in, keeps and reads what is kept, renews, signs out. */
static void a_sign_in_leaves_nothing(void **state)
{
    static const struct step steps[] = {
        { "POST /oauth2/v1/device/authorize", 200, "",
          "{\"device_code\":\"dcSECRET\",\"user_code\":\"B\","
          "\"verification_uri\":\"" ORG "/activate\"}",
          .check = check_nothing },
        { "POST /oauth2/v1/token", 200, "",
          TOKENS("DPoP", "atSECRET", "rtSECRET"), .check = check_nothing },
    };
    static const struct step more[] = {
        { "GET " PATH "/00T1", 401, "", "", .check = check_nothing },
        { "POST /oauth2/v1/token", 200, "",
          TOKENS("DPoP", "at2SECRET", "rt2SECRET"), .check = check_nothing },
        { "GET " PATH "/00T1", 200, "", ONE, .check = check_nothing },
        { "POST /oauth2/v1/revoke", 200, "", "", .check = check_nothing },
        { "POST /oauth2/v1/revoke", 200, "", "", .check = check_nothing },
    };
    okta_device_options options = OKTA_DEVICE_OPTIONS_INIT;
    okta_credential *none = NULL;
    okta_credential *credential = NULL;
    okta_credential *again = NULL;
    okta_device *device = NULL;
    SCRIPT_AUTO script;
    SCRIPT_AUTO second;
    okta_client *client;
    char *text = NULL;

    (void)state;
    leaks = 0;
    looking = true;
    options.client_id = "0oa1";
    options.dpop = true;
    assert_int_equal(okta_credential_none(&none, NULL), OKTA_OK);
    client = client_with(&script, steps, ARRAY_LEN(steps), none);
    assert_int_equal(okta_device_start(client, &options, &device, NULL),
                     OKTA_OK);
    assert_int_equal(okta_device_export(device, &text, NULL), OKTA_OK);
    okta_text_free(text);
    assert_int_equal(okta_device_wait(client, device, &credential, NULL),
                     OKTA_OK);
    okta_device_free(device);
    okta_client_free(client);
    okta_credential_free(none);
    assert_int_equal(okta_credential_export(credential, &text, NULL), OKTA_OK);
    okta_credential_free(credential);
    assert_int_equal(okta_credential_import(text, NULL, &again, NULL), OKTA_OK);
    okta_text_free(text);
    client = client_with(&second, more, ARRAY_LEN(more), again);
    okta_credential_free(again);
    assert_int_equal(get(client), OKTA_OK);
    assert_int_equal(okta_client_sign_out(client, NULL), OKTA_OK);
    okta_client_free(client);
    looking = false;
    assert_int_equal(leaks, 0);
}

static void a_service_app_leaves_nothing(void **state)
{
    static const struct step steps[] = {
        { "POST /oauth2/v1/token", 200, "",
          TOKENS("Bearer", "atSECRET", "rtSECRET"), .check = check_nothing },
        { "GET " PATH "/00T1", 200, "", ONE, .check = check_nothing },
    };
    okta_service_options options = OKTA_SERVICE_OPTIONS_INIT;
    okta_credential *credential = NULL;
    SCRIPT_AUTO script;
    okta_client *client;
    char *text = NULL;

    (void)state;
    leaks = 0;
    looking = true;
    options.client_id = "0oa1";
    options.key = EC_PRIVATE;
    assert_int_equal(okta_credential_service(&options, &credential, NULL),
                     OKTA_OK);
    client = client_with(&script, steps, ARRAY_LEN(steps), credential);
    okta_credential_free(credential);
    assert_int_equal(get(client), OKTA_OK);
    assert_int_equal(okta_client_authorization(client, &text, NULL), OKTA_OK);
    okta_text_free(text);
    okta_client_free(client);
    looking = false;
    assert_int_equal(leaks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(a_sign_in_leaves_nothing),
        cmocka_test(a_service_app_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
