/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_token.c - a page of ApiTokens, and each token of it by itself. */
#include "fuzz/fuzz.h"
#include "lib/internal.h"

/* What a token says must not depend on whether it came alone. */
static void check_token(const struct okt_span *span, yyjson_val *json)
{
    struct okt_token_view view;
    okta_api_token *token = NULL;
    const char *why = okt_token_decode(json, &view);
    okta_status st = okt_api_token_parse(span->data, span->len, &token, NULL);
    const char *text;
    int64_t time;
    size_t len;

    FUZZ_TRUE((st == OKTA_OK) == (why == NULL));
    if (st != OKTA_OK)
        return;
    FUZZ_TRUE(strcmp(okta_api_token_id(token), view.id) == 0);
    FUZZ_TRUE(strcmp(okta_api_token_name(token), view.name) == 0);
    text = okta_api_token_json(token, &len);
    FUZZ_TRUE(len == span->len);
    FUZZ_TRUE(memcmp(text, span->data, len) == 0);
    if (okta_api_token_usage(token, &time) == OKTA_USAGE_USED)
        FUZZ_TRUE(okta_api_token_expires_at_time(token, &time));
    for (size_t i = 0; i < okta_api_token_include_count(token); i++)
        FUZZ_TRUE(okta_api_token_include(token, i) != NULL);
    okta_api_token_free(token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *why;
    bool no_memory;
    yyjson_doc *doc = okt_json_read(text, size, &why, &no_memory);
    yyjson_val *root = yyjson_doc_get_root(doc);
    struct okt_network_view network;

    FUZZ_TRUE(!no_memory);
    if (yyjson_is_arr(root)) {
        size_t count = yyjson_arr_size(root);
        struct okt_span *spans = calloc(count + 1, sizeof(*spans));
        yyjson_arr_iter iter = yyjson_arr_iter_with(root);

        FUZZ_TRUE(spans != NULL);
        if (okt_json_objects(doc, text, size, spans))
            for (size_t i = 0; i < count; i++)
                check_token(&spans[i], yyjson_arr_iter_next(&iter));
        free(spans);
    }
    (void)okt_network_decode(root, &network);
    yyjson_doc_free(doc);
    return 0;
}
