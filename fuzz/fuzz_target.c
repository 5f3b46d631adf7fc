/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_target.c - a request's target in okta-orgd: path, query, cursor. */
#include "fuzz/fuzz.h"
#include "server/api/cursor.h"
#include "server/request/query.h"
#include "server/request/route.h"

static const struct route routes[] = {
    { "GET", "/api/v1/api-tokens", SCOPE_READ, NULL, NULL },
    { "GET", "/api/v1/api-tokens/", SCOPE_READ, NULL, NULL },
    { "DELETE", "/api/v1/api-tokens/current", SCOPE_SELF, NULL, NULL },
    { "GET", "/api/v1/api-tokens/{id}", SCOPE_READ, NULL, NULL },
    { "DELETE", "/api/v1/api-tokens/{id}", SCOPE_MANAGE, NULL, NULL },
};

/* A cursor that is taken is one that was given: it comes out the same. */
static void check_cursor(const char *text)
{
    static const unsigned char key[SECRET_KEY_LEN] = "a key that fuzzers know";
    struct okt_buf again = OKT_BUF_INIT(CURSOR_MAX);
    struct cursor place;

    if (cursor_read(text, key, "q", "00Tcaller", &place)) {
        cursor_write(&again, key, &place, "q", "00Tcaller");
        FUZZ_TRUE(!okt_buf_failed(&again) && strcmp(again.data, text) == 0);
    }
    okt_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "after", "limit", "q" };
    char *text = fuzz_text(data, size);
    char *query = strchr(text, '?');
    const struct route *route = NULL;
    char id[ROUTE_ID_MAX + 1];

    if (query != NULL)
        *query++ = '\0';
    if (route_find(routes, sizeof(routes) / sizeof(routes[0]),
                   size % 2 == 0 ? "GET" : "DELETE", text, &route, id) == 200) {
        FUZZ_TRUE(route != NULL);
        FUZZ_TRUE(id[0] == '\0' || okt_id_is_segment(id));
        FUZZ_TRUE(strncmp(text, "/api/v1/api-tokens", 18) == 0);
    }
    for (size_t i = 0; i < 3; i++) {
        struct okt_buf value = OKT_BUF_INIT(CURSOR_MAX);

        if (query_get(query, names[i], &value) == QUERY_FOUND && i == 0)
            check_cursor(value.data);
        okt_buf_free(&value);
    }
    free(text);
    return 0;
}
