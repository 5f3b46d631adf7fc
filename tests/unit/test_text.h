/* SPDX-License-Identifier: Apache-2.0 */
/* test_text.h - texts and JSON for the tests of what reads them. */
#ifndef TEST_TEXT_H
#define TEST_TEXT_H

#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"
#include "wire/json.h"

/* A copy on the heap without a byte to spare, so that ASan sees a step too
 * far. */
static inline char *exact(const char *text, size_t len)
{
    char *copy = malloc(len + 1);

    assert_non_null(copy);
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

static inline yyjson_doc *parse_json(const char *text)
{
    const char *why;
    bool no_memory;
    yyjson_doc *doc = okt_json_read(text, strlen(text), &why, &no_memory);

    if (doc == NULL)
        fail_msg("%s: %s", text, why);
    return doc;
}

/* expected NULL: there must be none. */
static inline void expect_text(const char *text, const char *expected)
{
    if (expected == NULL)
        assert_null(text);
    else
        assert_string_equal(text, expected);
}

#endif
