/* SPDX-License-Identifier: Apache-2.0 */
/* test_reach.c - whom a network condition shuts out, as far as is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cli/change/lockout.h"

/* After these, so apart from them; fail is a macro of its own. */
#include <cmocka.h>

/* A string that a struct of the command's may own. */
#define TEXT(text) ((char[]){ text })

static struct okt_gateway ten[1];
static struct okt_gateway six[2];

/* clang-format off */
static struct zone list[] = {
    { .id = TEXT("nzoall"), .name = TEXT("a"), .active = true,  .ip = true, .known = false },
    { .id = TEXT("nzodyn"), .name = TEXT("d"), .active = true,  .ip = false },
    { .id = TEXT("nzooff"), .name = TEXT("o"), .active = false, .ip = true, .known = true,
      .count = 1, .gateways = ten },
    { .id = TEXT("nzosix"), .name = TEXT("s"), .active = true,  .ip = true, .known = true,
      .count = 2, .gateways = six },
    { .id = TEXT("nzoten"), .name = TEXT("t"), .active = true,  .ip = true, .known = true,
      .count = 1, .gateways = ten },
};
/* clang-format on */

/* Without the first, all IP zones are known. */
static const struct zones all = { 5, list };
static const struct zones known = { 4, list + 1 };

static void read_gateway(const char *text, struct okt_gateway *out)
{
    assert_true(okt_gateway_parse(text, strlen(text), out));
}

static int set_up(void **state)
{
    (void)state;
    read_gateway("10.0.0.0/8", &ten[0]);
    read_gateway("2001:db8::/32", &six[0]);
    read_gateway("192.0.2.1-192.0.2.9", &six[1]);
    return 0;
}

static const struct {
    const char *connection;
    const char *include[2];
    const char *exclude[2];
    const struct zones *zones;
    const char *address;
    enum reach reach;
} cases[] = {
    { "ANYWHERE", { 0 }, { 0 }, NULL, "nonsense", REACH_IN },
    { "ZONE", { "nzoten" }, { 0 }, &known, "10.1.1.1", REACH_IN },
    { "ZONE", { "nzoten" }, { 0 }, &known, "::ffff:10.1.1.1", REACH_IN },
    { "ZONE", { "nzoten" }, { 0 }, &known, "11.1.1.1", REACH_OUT },
    { "ZONE", { "nzoten" }, { 0 }, &known, "unknown", REACH_UNKNOWN },
    { "ZONE", { "nzoten" }, { 0 }, NULL, "10.1.1.1", REACH_UNKNOWN },
    { "ZONE", { "nzosix", "nzoten" }, { 0 }, &known, "192.0.2.9", REACH_IN },
    { "ZONE", { "nzooff" }, { 0 }, &known, "10.1.1.1", REACH_OUT },
    { "ZONE", { "nzodyn" }, { 0 }, &known, "10.1.1.1", REACH_UNKNOWN },
    { "ZONE", { "nzodyn", "nzoten" }, { 0 }, &known, "10.1.1.1", REACH_IN },
    { "ZONE", { "nzogone" }, { 0 }, &known, "10.1.1.1", REACH_UNKNOWN },
    { "ZONE", { "ALL_ZONES" }, { 0 }, &known, "10.1.1.1", REACH_IN },
    { "ZONE", { "ALL_ZONES" }, { 0 }, &known, "11.1.1.1", REACH_OUT },
    { "ZONE", { "ALL_ZONES" }, { 0 }, &all, "11.1.1.1", REACH_UNKNOWN },
    { "ZONE", { "ALL_ZONES" }, { 0 }, NULL, "11.1.1.1", REACH_UNKNOWN },
    { "ZONE", { 0 }, { "nzoten" }, &known, "10.1.1.1", REACH_OUT },
    { "ZONE", { 0 }, { "nzoten" }, &known, "11.1.1.1", REACH_IN },
    { "ZONE", { 0 }, { "nzooff" }, &known, "10.1.1.1", REACH_OUT },
    { "ZONE", { 0 }, { "nzodyn" }, &known, "10.1.1.1", REACH_UNKNOWN },
    { "ZONE", { 0 }, { "nzodyn", "nzoten" }, &known, "10.1.1.1", REACH_OUT },
    { "ZONE", { 0 }, { "ALL_ZONES" }, &known, "192.0.2.1", REACH_OUT },
    { "ZONE", { 0 }, { "ALL_ZONES" }, &known, "192.0.2.10", REACH_IN },
    { "ZONE", { 0 }, { "ALL_ZONES" }, &all, "192.0.2.10", REACH_UNKNOWN },
    { "ZONE", { "nzoten" }, { "nzosix" }, &known, "10.1.1.1", REACH_IN },
    { "ZONE", { "ALL_ZONES" }, { "nzosix" }, &known, "192.0.2.1", REACH_OUT },
};

static void each_condition_is_held_against_the_zones(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        okta_network network = OKTA_NETWORK_INIT;
        const char *const *in = cases[i].include;
        const char *const *out = cases[i].exclude;

        network.connection = cases[i].connection;
        network.include = in;
        network.include_count = (size_t)(in[0] != NULL) + (in[1] != NULL);
        network.exclude = out;
        network.exclude_count = (size_t)(out[0] != NULL) + (out[1] != NULL);
        if (reach_of(&network, cases[i].zones, cases[i].address) !=
            cases[i].reach)
            fail_msg("case %zu, %s", i, cases[i].address);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_condition_is_held_against_the_zones),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
