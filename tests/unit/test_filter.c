/* SPDX-License-Identifier: Apache-2.0 */
/* test_filter.c - model/filter.c: expressions, and what they find. */
#include "tests/unit/test.h"

#include "base/buf.h"
#include "base/mem.h"
#include "model/filter.h"

#define NOW 1764000000 /* 2025-11-24T16:00:00Z */

enum { NAME, ID, LIST, AGE, USED, CREATED, LAST, OWNER, ATTRIBUTES };

static const struct filter_attribute attributes[ATTRIBUTES] = {
    [NAME] = { "name", FILTER_TEXT },
    [ID] = { "id", FILTER_ID },
    [LIST] = { "network.include", FILTER_ID },
    [AGE] = { "x.ageDays", FILTER_NUMBER },
    [USED] = { "x.neverUsed", FILTER_BOOLEAN },
    [CREATED] = { "created", FILTER_TIME },
    [LAST] = { "x.lastUsed", FILTER_TIME },    /* null */
    [OWNER] = { "x.owner.login", FILTER_TEXT } /* could not be read */
};

static bool get(void *ctx, size_t attribute, size_t i, struct filter_value *out)
{
    static const char *const zones[] = { "nzo1", "nzo2" };

    (void)ctx;
    switch (attribute) {
    case NAME:
        out->text = "Deploy \"x\"";
        break;
    case ID:
        out->text = "00Tab";
        break;
    case LIST:
        out->text = i < 2 ? zones[i] : NULL;
        return i < 2;
    case AGE:
        out->number = 12.5;
        break;
    case USED:
        out->boolean = true;
        break;
    case CREATED:
        out->time = NOW - 86400;
        break;
    case LAST:
        out->state = FILTER_VALUE_NULL;
        break;
    default:
        out->state = FILTER_VALUE_UNKNOWN;
    }
    return i == 0;
}

static void check(const char *text, enum filter_truth wanted)
{
    struct filter_error error;
    struct filter *f = filter_parse(text, attributes, ATTRIBUTES, NOW, &error);
    enum filter_truth got;

    if (f == NULL)
        print_error("%s: %zu: %s\n", text, error.at, error.why);
    assert_non_null(f);
    got = filter_evaluate(f, get, NULL);
    if (got != wanted)
        print_error("%s: %d\n", text, (int)got);
    assert_int_equal(got, wanted);
    filter_free(f);
}

static void finds_what_it_says(void **state)
{
    static const char *const yes[] = {
        "name eq \"deploy \\\"X\\\"\"",
        "name EQ \"DEPLOY \\u0022x\\u0022\"",
        "name sw \"dep\"",
        "name co \"LOY\"",
        "name co \"\"",
        "name pr",
        "name gt \"alpha\"",
        "name le \"DEPLOY \\\"X\\\"\"",
        "  id   eq\"00Tab\"  ",
        "id sw \"00T\"",
        "id co \"Ta\"",
        "id ew \"ab\"",
        "network.include eq \"nzo2\"",
        "x.ageDays gt 12",
        "x.ageDays ge 12.5",
        "x.ageDays le 1.25e+1",
        "x.ageDays lt 13",
        "x.neverUsed eq true",
        "x.neverUsed ne false",
        "created eq \"2025-11-23T16:00:00.000Z\"",
        "created lt \"2025-11-23T18:00:01+01:00\"",
        "created ge \"-1d\"",
        "created lt \"-1h\"",
        "created lt \"-90min\"",
        "created gt \"-1w\"",
        "created gt \"-1y\"",
        "created lt \"+7d\"",
        "x.lastUsed eq null",
        "name ne null",
        "(x.lastUsed lt \"-1d\")or(name pr)",
    };
    static const char *const no[] = {
        "name eq \"deploy\"",
        "name ne \"DEPLOY \\\"x\\\"\"",
        "id eq \"00tab\"",
        "id sw \"00t\"",
        "id co \"tA\"",
        "network.include eq \"NZO2\"",
        "network.include ne \"nzo2\"", /* not (any is) */
        "network.include eq null",
        "x.ageDays lt 12.5",
        "x.neverUsed eq false",
        "created gt \"-86400s\"",
        "x.lastUsed lt \"-1d\"", /* never used */
        "x.lastUsed gt \"-1d\"",
        "x.lastUsed pr",
        "name eq null",
        "not name pr",
        "not (name pr)",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(yes); i++)
        check(yes[i], FILTER_TRUE);
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        check(no[i], FILTER_FALSE);
}

#define T "name pr"
#define F "x.lastUsed pr"
#define U "x.owner.login pr"

/* "not" binds closest, then "and", then "or". */
static void binds_as_written(void **state)
{
    (void)state;
    check(T " or " F " and " F, FILTER_TRUE);
    check("(" T " or " F ") and " F, FILTER_FALSE);
    check(F " and " F " or " T, FILTER_TRUE);
    check("not " F " and " F, FILTER_FALSE);
    check("not (" F " and " F ")", FILTER_TRUE);
    check("not " T " or " T, FILTER_TRUE);
    check("NOT not " T " AND " T, FILTER_TRUE);
    check("name eq \" and \" Or " T, FILTER_TRUE);
}

/* Kleene's tables, whole. */
static void unknown_is_neither(void **state)
{
    static const char *const words[] = { F, T, U };
    static const enum filter_truth and_of[3][3] = {
        { FILTER_FALSE, FILTER_FALSE, FILTER_FALSE },
        { FILTER_FALSE, FILTER_TRUE, FILTER_UNKNOWN },
        { FILTER_FALSE, FILTER_UNKNOWN, FILTER_UNKNOWN },
    };
    static const enum filter_truth or_of[3][3] = {
        { FILTER_FALSE, FILTER_TRUE, FILTER_UNKNOWN },
        { FILTER_TRUE, FILTER_TRUE, FILTER_TRUE },
        { FILTER_UNKNOWN, FILTER_TRUE, FILTER_UNKNOWN },
    };
    char text[128];

    (void)state;
    for (size_t a = 0; a < 3; a++)
        for (size_t b = 0; b < 3; b++) {
            snprintf(text, sizeof(text), "%s and %s", words[a], words[b]);
            check(text, and_of[a][b]);
            snprintf(text, sizeof(text), "%s or %s", words[a], words[b]);
            check(text, or_of[a][b]);
        }
    check("not " U, FILTER_UNKNOWN);
    check("x.owner.login eq \"ada\"", FILTER_UNKNOWN);
    check("x.owner.login ne \"ada\"", FILTER_UNKNOWN);
    check("x.owner.login eq null", FILTER_UNKNOWN);
}

static void says_what_is_wrong_and_where(void **state)
{
    static const struct {
        const char *text;
        size_t at;
        const char *why;
    } cases[] = {
        { "", 0, "an attribute" },
        { "  ", 2, "an attribute" },
        { "nam eq \"x\"", 0, "no attribute nam; did you mean name?" },
        { "Name eq \"x\"", 0, "did you mean name?" },
        { T " and x.agedays gt 3", 12, "did you mean x.ageDays?" },
        { "zzzzzzzz eq 1", 0, "no attribute zzzzzzzz" },
        { "name", 4, "an operator" },
        { "name is \"x\"", 5, "an operator" },
        { "name eq", 7, "a value" },
        { "name eq x", 8, "not a value" },
        { "name eq \"x", 8, "no closing quote" },
        { "name eq \"x\\", 8, "no closing quote" },
        { "name eq \"\\q\"", 8, "not a value" },
        { "name eq \"\\u0000\"", 8, "NUL" },
        { "name eq 3", 8, "a text in quotes" },
        { "name gt null", 8, "a text in quotes" },
        { "id eq true", 6, "an id in quotes" },
        { "x.ageDays eq \"3\"", 13, "a number" },
        { "x.ageDays eq 03", 13, "not a value" },
        { "x.neverUsed eq 1", 15, "true or false" },
        { "x.neverUsed gt true", 12, "gt does not suit x.neverUsed" },
        { "x.ageDays co 3", 10, "co does not suit" },
        { "created sw \"2025\"", 8, "sw does not suit" },
        { "created lt 14", 11, "a time in quotes" },
        { "created lt \"yesterday\"", 11, "is a time" },
        { "created lt \"-14\"", 11, "is a time" },
        { "created lt \"14d\"", 11, "is a time" },
        { "created lt \"-14x\"", 11, "is a time" },
        { "created lt \"-1234567890s\"", 11, "is a time" },
        { "(" T, 0, "not closed" },
        { "()", 1, "an attribute" },
        { T ")", 7, "no parenthesis is open" },
        { "(" T " " T ")", 9, "\")\" is expected" },
        { T " " T, 8, "\"and\" or \"or\"" },
        { T " and", 11, "an attribute" },
        { "not", 3, "an attribute" },
        { "nameeq \"t\"", 0, "no attribute nameeq" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct filter_error error;

        print_message("%s\n", cases[i].text);
        assert_null(filter_parse(cases[i].text, attributes, ATTRIBUTES, NOW,
                                 &error));
        if (strstr(error.why, cases[i].why) == NULL || error.at != cases[i].at)
            print_error("%zu: %s\n", error.at, error.why);
        assert_int_equal(error.at, cases[i].at);
        assert_non_null(strstr(error.why, cases[i].why));
        assert_false(error.no_memory);
    }
}

static void repeat(struct okt_buf *out, const char *text, int times)
{
    while (times-- > 0)
        okt_buf_str(out, text);
}

static void try_size(const struct okt_buf *text, const char *why)
{
    struct filter_error error;
    struct filter *f =
        filter_parse(text->data, attributes, ATTRIBUTES, NOW, &error);

    assert_int_equal(f == NULL, why != NULL);
    if (why != NULL)
        assert_non_null(strstr(error.why, why));
    else
        assert_int_equal(filter_evaluate(f, get, NULL), FILTER_TRUE);
    filter_free(f);
}

static void is_bounded(void **state)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(8192);

    (void)state;
    repeat(&text, "(", 32);
    okt_buf_str(&text, T);
    repeat(&text, ")", 32);
    try_size(&text, NULL);
    okt_buf_clear(&text);
    repeat(&text, "(", 33);
    try_size(&text, "more than 32 deep");
    okt_buf_clear(&text);
    repeat(&text, "not ", 33);
    try_size(&text, "more than 32 deep");
    okt_buf_clear(&text);
    okt_buf_str(&text, T);
    repeat(&text, " or " T, 255);
    try_size(&text, NULL);
    okt_buf_str(&text, " or " T);
    try_size(&text, "more than 256 comparisons");
    okt_buf_clear(&text);
    okt_buf_str(&text, T);
    repeat(&text, " ", 4089);
    try_size(&text, NULL);
    okt_buf_char(&text, ' ');
    try_size(&text, "longer than 4096 bytes");
}

static void tells_what_it_needs(void **state)
{
    struct filter_error error;
    struct filter *f =
        filter_parse(T " or not " U, attributes, ATTRIBUTES, NOW, &error);

    (void)state;
    assert_non_null(f);
    for (size_t i = 0; i < ATTRIBUTES; i++)
        assert_int_equal(filter_uses(f, i), i == NAME || i == OWNER);
    filter_free(f);
}

static void survives_without_memory(void **state)
{
    struct filter_error error;
    struct filter *f = NULL;
    int n = 0;

    (void)state;
    for (; f == NULL && n < 100; n++) {
        test_fail_alloc(n);
        f = filter_parse("name eq \"a\" and (id eq \"b\" or " T ")", attributes,
                         ATTRIBUTES, NOW, &error);
        test_fail_alloc(-1);
        if (f == NULL)
            assert_true(error.no_memory);
    }
    assert_true(n > 2);
    assert_non_null(f);
    filter_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_it_says),
        cmocka_unit_test(binds_as_written),
        cmocka_unit_test(unknown_is_neither),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(is_bounded),
        cmocka_unit_test(tells_what_it_needs),
        cmocka_unit_test(survives_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
