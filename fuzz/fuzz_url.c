/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_url.c - org URLs, and links out of answers: they never lead away. */
#include "fuzz/fuzz.h"
#include "lib/internal.h"

static void check_org(const char *text)
{
    char *url = NULL;
    char *again = NULL;

    if (okt_org_url(text, &url, NULL) != OKTA_OK)
        return;
    FUZZ_TRUE(okt_org_url(url, &again, NULL) == OKTA_OK);
    FUZZ_TRUE(strcmp(url, again) == 0);
    FUZZ_TRUE(strncmp(url, "https://", 8) == 0 ||
              strncmp(url, "http://127.", 11) == 0 ||
              strncmp(url, "http://localhost", 16) == 0 ||
              strncmp(url, "http://[", 8) == 0);
    FUZZ_TRUE(strpbrk(url + 8, "/?#@ \\\r\n") == NULL);
    free(url);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char org[] = "https://acme.okta.com";
    static const char path[] = "/api/v1/api-tokens";
    char *text = fuzz_text(data, size);
    char *url = NULL;
    char *after = NULL;

    check_org(text);
    if (okt_own_url(org, path, text, &url, NULL) == OKTA_OK) {
        size_t len = strlen(org) + strlen(path);

        FUZZ_TRUE(strncmp(url, org, strlen(org)) == 0);
        FUZZ_TRUE(strncmp(url + strlen(org), path, strlen(path)) == 0);
        FUZZ_TRUE(url[len] == '\0' || url[len] == '?');
        (void)okt_url_param(url, "after", &after, NULL);
    }
    free(url);
    free(after);
    free(text);
    return 0;
}
