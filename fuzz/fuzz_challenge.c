/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_challenge.c - WWW-Authenticate, by scheme and parameter. */
#include "fuzz/fuzz.h"
#include "wire/challenge.h"

enum { OUT_MAX = 1024 * 1024 };

static const char *const schemes[] = { "Bearer", "DPoP" };
static const char *const params[] = { "error", "error_description", "scope",
                                      "realm" };

/* A value, written as a quoted string, is read as itself. */
static void check_again(const struct okt_buf *value)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(OUT_MAX);
    OKT_BUF_AUTO again = OKT_BUF_INIT(OUT_MAX);

    okt_buf_str(&text, "Basic YTpi==, DPoP x=1, ERROR=\"");
    for (size_t i = 0; i < value->len; i++) {
        if (value->data[i] == '"' || value->data[i] == '\\')
            okt_buf_char(&text, '\\');
        okt_buf_char(&text, value->data[i]);
    }
    okt_buf_str(&text, "\", Bearer error=other");
    FUZZ_TRUE(okt_challenge_param(text.data, "dpop", "error", &again));
    FUZZ_TRUE(again.len == value->len);
    FUZZ_TRUE(value->len == 0 ||
              memcmp(again.data, value->data, value->len) == 0);
}

static bool find(const char *text, const char *scheme, const char *param)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(OUT_MAX);
    bool found = okt_challenge_param(text, scheme, param, &out);

    FUZZ_TRUE(out.len <= strlen(text));
    FUZZ_TRUE(found || out.len == 0);
    if (found)
        check_again(&out);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);

    for (size_t p = 0; p < sizeof(params) / sizeof(params[0]); p++) {
        bool any = find(text, NULL, params[p]);

        for (size_t s = 0; s < sizeof(schemes) / sizeof(schemes[0]); s++)
            FUZZ_TRUE(!find(text, schemes[s], params[p]) || any);
    }
    free(text);
    return 0;
}
