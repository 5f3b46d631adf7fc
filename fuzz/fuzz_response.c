/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_response.c - a response: header lines, an empty line, a body. Covers the
 * error JSON, Link, WWW-Authenticate, the rate limits and HTTP dates.
 */
#include "fuzz/fuzz.h"
#include "lib/internal.h"

static const char *add_header(okta_response *response, const char *line)
{
    size_t len = strcspn(line, "\n");
    const char *colon = memchr(line, ':', len);

    if (colon != NULL)
        okt_response_header(response, line, (size_t)(colon - line), colon + 1,
                            len - (size_t)(colon + 1 - line));
    return line + len + (line[len] == '\n');
}

static bool is_one_safe_line(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    okta_response *response = NULL;
    okta_credential *credential = NULL;
    char *text = fuzz_text(data, size);
    const char *p = text;
    okta_error err = { 0 };

    FUZZ_TRUE(okta_response_new(&response, NULL) == OKTA_OK);
    FUZZ_TRUE(okta_credential_ssws("fuzzed-secret", &credential, NULL) ==
              OKTA_OK);
    okt_response_begin(response, 400 + (int)(size % 110));
    while (*p != '\0' && *p != '\n')
        p = add_header(response, p);
    if (*p == '\n')
        okt_buf_str(&response->body, p + 1);
    if (okt_response_complete(response, credential, NULL) == OKTA_OK) {
        FUZZ_TRUE(okt_fail_response(&err, response) != OKTA_OK);
        FUZZ_TRUE(is_one_safe_line(err.message));
        FUZZ_TRUE(is_one_safe_line(err.code));
        FUZZ_TRUE(is_one_safe_line(err.error_id));
        FUZZ_TRUE(is_one_safe_line(err.request_id));
        for (size_t i = 0; i < okta_response_header_count(response); i++)
            FUZZ_TRUE(okta_response_header_value(response, i) != NULL);
    }
    okta_response_free(response);
    okta_credential_free(credential);
    free(text);
    return 0;
}
