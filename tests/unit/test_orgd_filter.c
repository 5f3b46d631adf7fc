/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_filter.c - expressions, and what they find. */
#include "tests/unit/test_orgd.h"

#include "base/mem.h"
#include "server/api/event_filter.h"
#include "server/org/event.h"

#define NOW 1764000000 /* 2025-11-24T16:00:00Z */
#define EQ_T "eventType eq \"t\""
#define EQ_U "eventType eq \"u\""
#define EQ_X "target.id eq \"x\""

static const struct store_event event = {
    .group_id = "00g1",
    .published = NOW - 3600,
    .address = "192.0.2.1",
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
        { "eventType eq \"T\"", true },
        { "target.id eq \"X\"", false },
        { "eventType ne \"t\"", false },
        { "not " EQ_T, false },
        { "outcome.result eq \"unknown\"", true },
        { "client.ipAddress sw \"192.0.2.\"", true },
        { "published gt \"-2h\" and published lt \"-30min\"", true },
        { "published ge \"2025-11-24T15:00:01Z\"", false },
        { "transaction.detail.requestApiTokenId pr", false },
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
        struct filter_error error;
        struct filter *filter = event_filter_parse(cases[i].text, NOW, &error);

        print_message("%s\n", cases[i].text);
        assert_non_null(filter);
        assert_int_equal(event_filter_matches(filter, &event), cases[i].found);
        filter_free(filter);
    }
}

static void tells_what_is_wrong(void **state)
{
    struct filter_error error;

    (void)state;
    assert_null(event_filter_parse("eventTypes eq \"t\"", 0, &error));
    assert_non_null(strstr(error.why, "did you mean eventType?"));
    assert_null(event_filter_parse("published eq 3", 0, &error));
    assert_int_equal(error.at, 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_it_says),
        cmocka_unit_test(tells_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
