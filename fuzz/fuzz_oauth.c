/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_oauth.c - what is kept of a sign-in: tokens and codes that come back out
 * of a store or a state file. What is taken is written, and read, the same. */
#include "fuzz/fuzz.h"
#include "lib/oauth/oauth.h"

static void check_credential(const okta_credential *credential)
{
    okta_credential *again = NULL;
    okta_credential_info info;
    char *first = NULL;
    char *second = NULL;

    okta_credential_describe(credential, &info);
    FUZZ_TRUE(info.kind == OKTA_CREDENTIAL_DEVICE);
    FUZZ_TRUE(strlen(info.client_id) > 0);
    FUZZ_TRUE(okta_credential_export(credential, &first, NULL) == OKTA_OK);
    FUZZ_TRUE(okta_credential_import(first, NULL, &again, NULL) == OKTA_OK);
    FUZZ_TRUE(okta_credential_export(again, &second, NULL) == OKTA_OK);
    FUZZ_TRUE(strcmp(first, second) == 0);
    okta_credential_free(again);
    okta_text_free(first);
    okta_text_free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    okta_credential *credential = NULL;
    okta_device *device = NULL;
    char *written = NULL;

    if (okta_credential_import(text, NULL, &credential, NULL) == OKTA_OK)
        check_credential(credential);
    if (okta_device_import(text, &device, NULL) == OKTA_OK) {
        FUZZ_TRUE(strstr(okta_device_uri(device), "://") != NULL);
        FUZZ_TRUE(strlen(okta_device_user_code(device)) > 0);
        FUZZ_TRUE(okta_device_export(device, &written, NULL) == OKTA_OK);
    }
    okta_credential_free(credential);
    okta_device_free(device);
    okta_text_free(written);
    free(text);
    return 0;
}
