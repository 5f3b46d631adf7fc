/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_cookie.c - the Cookie header. */
#include "fuzz/fuzz.h"
#include "server/request/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    char value[44] = "";

    if (cookie_get(text, "__Host-okta-orgd", value, sizeof(value))) {
        FUZZ_TRUE(strlen(value) < sizeof(value));
        FUZZ_TRUE(strpbrk(value, " \",;\\\r\n\t") == NULL);
        FUZZ_TRUE(strstr(text, value) != NULL);
        FUZZ_TRUE(strstr(text, "__Host-okta-orgd=") != NULL);
    }
    free(text);
    return 0;
}
