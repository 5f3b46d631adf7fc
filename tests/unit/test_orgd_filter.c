/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_filter.c - expressions, and what they find. */
#include "test_orgd.h"

#include "buf.h"
#include "filter.h"
#include "mem.h"

#define EQ_T "eventType eq \"t\""
#define EQ_U "eventType eq \"u\""
#define EQ_X "target.id eq \"x\""

static const struct store_event event = {
    .group_id = "00g1",
    .type = "t",
    .target_id = "x",
    .actor_id = "a\"b\\c",
    .token_id = NULL,
};

static void finds_what_it_says(void **state)
{
    static const struct {
        const char *text;
        bool found;
    } cases[] = {
        { EQ_T, true },
        { EQ_U, false },
        { "eventType eq \"T\"", false },
        { "EVENTTYPE EQ \"t\"", true },
        { "  eventType   eq\"t\"  ", true },
        { "actor.id eq \"a\\\"b\\\\c\"", true },
        { "transaction.detail.requestApiTokenId eq \"\"", false },
        { "eventType eq \"\"", false },
        { EQ_T " and " EQ_X, true },
        { EQ_U " and " EQ_X, false },
        { EQ_U " or " EQ_X, true },
        { EQ_U " or " EQ_U, false },
        /* "and" binds tighter */
        { EQ_T " or " EQ_U " and " EQ_U, true },
        { "(" EQ_T " or " EQ_U ") and " EQ_U, false },
        { EQ_U " and " EQ_U " or " EQ_T, true },
        { "((" EQ_T "))and(" EQ_X ")", true },
        { EQ_T " AND (" EQ_U " Or " EQ_X ")", true },
        { "eventType eq \" and \" or " EQ_T, true },
        /* any of the targets */
        { "target.id eq \"00g1\"", true },
        { "target.id eq \"00g2\"", false },
        { "actor.id eq \"00g1\"", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct filter filter;

        if (filter_parse(cases[i].text, &filter) != NULL)
            print_error("%s\n", cases[i].text);
        assert_null(filter_parse(cases[i].text, &filter));
        if (filter_matches(&filter, &event) != cases[i].found)
            print_error("%s\n", cases[i].text);
        assert_int_equal(filter_matches(&filter, &event), cases[i].found);
    }
}

static void no_filter_finds_everything(void **state)
{
    static const struct filter none;

    (void)state;
    assert_true(filter_matches(&none, &event));
}

static void refuses_what_is_none(void **state)
{
    static const char *const bad[] = {
        "",
        " ",
        "(",
        "()",
        "eventType",
        "eventType eq",
        "eventType eq t",
        "eventType eq \"t",
        "eventType eq \"t\\",
        "eventType eq \"t\\\"",
        "eventType ne \"t\"",
        "eventType sw \"t\"",
        "eventTypes eq \"t\"",
        "event eq \"t\"",
        "not (" EQ_T ")",
        EQ_T " " EQ_T,
        EQ_T " and",
        EQ_T " xor " EQ_T,
        "and " EQ_T,
        "(" EQ_T,
        EQ_T ")",
        "eventTypeeq \"t\"",
        "\"t\" eq eventType",
        EQ_T "; DROP TABLE event",
    };
    struct filter filter;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (filter_parse(bad[i], &filter) == NULL)
            print_error("%s\n", bad[i]);
        assert_non_null(filter_parse(bad[i], &filter));
    }
}

/* Appends the same text again and again. */
static void repeat(struct okt_buf *out, const char *text, int times)
{
    while (times-- > 0)
        okt_buf_str(out, text);
}

/* Bounded in every direction. */
static void refuses_what_is_too_much(void **state)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(4096);
    struct filter filter;

    (void)state;
    repeat(&text, "(", 17);
    okt_buf_str(&text, EQ_T);
    assert_non_null(strstr(filter_parse(text.data, &filter), "too deeply"));
    okt_buf_clear(&text);
    okt_buf_str(&text, EQ_T);
    repeat(&text, " or " EQ_T, 31);
    assert_null(filter_parse(text.data, &filter));
    assert_true(filter_matches(&filter, &event));
    okt_buf_str(&text, " or " EQ_T);
    assert_non_null(strstr(filter_parse(text.data, &filter), "too long"));
    okt_buf_clear(&text);
    okt_buf_printf(&text, "eventType eq \"%01100d\"", 0);
    assert_non_null(filter_parse(text.data, &filter));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_it_says),
        cmocka_unit_test(no_filter_finds_everything),
        cmocka_unit_test(refuses_what_is_none),
        cmocka_unit_test(refuses_what_is_too_much),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
