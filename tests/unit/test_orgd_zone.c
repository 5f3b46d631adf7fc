/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_zone.c - zones, and the five modes of a condition. */
#include "tests/unit/test_orgd_store.h"

#include "server/http/forwarded.h"
#include "server/org/zone.h"

static void a_zone_holds_what_one_of_its_gateways_does(void **state)
{
    static const struct {
        const char *gateways;
        const char *address;
        bool held;
    } cases[] = {
        { "192.0.2.0/24 10.0.0.0/8", "10.255.0.1", true },
        { "192.0.2.0/24 10.0.0.0/8", "11.0.0.1", false },
        { "", "10.0.0.1", false },
        { "nonsense 10.0.0.0/8", "10.0.0.1", true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct store_zone zone = { .gateways = cases[i].gateways };
        struct okt_address address;

        assert_true(okt_address_parse(cases[i].address, &address));
        if (zone_holds(&zone, &address) != cases[i].held)
            print_error("%s in %s\n", cases[i].address, cases[i].gateways);
        assert_int_equal(zone_holds(&zone, &address), cases[i].held);
    }
}

/* --------------------------------------------------- X-Forwarded-For -- */

static void only_a_proxy_says_who_calls(void **state)
{
    static const char proxies[] = "10.0.0.0/8 2001:db8::/32";
    static const struct {
        const char *connection;
        const char *header;
        const char *caller;
    } cases[] = {
        { "10.0.0.1", "192.0.2.1", "192.0.2.1" },
        { "198.51.100.1", "192.0.2.1", "198.51.100.1" }, /* no proxy */
        /* The last that is no proxy; what stands before it may be made up. */
        { "10.0.0.1", "203.0.113.9, 192.0.2.1", "192.0.2.1" },
        { "10.0.0.1", "203.0.113.9,192.0.2.1 , 10.0.0.2", "192.0.2.1" },
        { "10.0.0.1", "10.0.0.3,\t10.0.0.2", "10.0.0.2" }, /* all proxies */
        { "10.0.0.1", "10.0.0.2", "10.0.0.2" },
        { "10.0.0.1", "unknown, 192.0.2.1", "192.0.2.1" },
        { "10.0.0.1", ", 192.0.2.1", "192.0.2.1" },
        { "10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1" },
        { "10.0.0.1", "192.0.2.1, ::ffff:10.0.0.9", "192.0.2.1" },
        { "2001:db8::1", "2001:DB9::0:2", "2001:db9::2" },
        /* A port is taken off. */
        { "10.0.0.1", "192.0.2.1:4711", "192.0.2.1" },
        { "10.0.0.1", "192.0.2.1, 10.0.0.9:65535", "192.0.2.1" },
        { "10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1" },
        { "10.0.0.1", "[::ffff:192.0.2.1]:80", "192.0.2.1" },
        { "10.0.0.1", "[2001:db9::2]:4711", "2001:db9::2" },
        { "10.0.0.1", "[2001:db9::2]", "2001:db9::2" },
        { "10.0.0.1", "192.0.2.1, [2001:db8::2]:443", "192.0.2.1" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char address[OKT_ADDRESS_SIZE];

        snprintf(address, sizeof(address), "%s", cases[i].connection);
        assert_true(forwarded_apply(proxies, cases[i].header, address,
                                    sizeof(address)));
        if (strcmp(address, cases[i].caller) != 0)
            print_error("%s\n", cases[i].header);
        assert_string_equal(address, cases[i].caller);
        snprintf(address, sizeof(address), "%s", cases[i].connection);
        assert_true(forwarded_apply("", cases[i].header, address,
                                    sizeof(address)));
        assert_string_equal(address, cases[i].connection);
    }
}

static void a_caller_that_a_proxy_does_not_tell_is_nobody(void **state)
{
    static const char *const headers[] = {
        NULL, /* too long */
        "",
        " ",
        ",",
        "unknown",
        "_hidden",
        "192.0.2.1,",
        "192.0.2.1, unknown",
        "192.0.2.1, unknown, 10.0.0.2",
        "unknown, 10.0.0.2",
        ", 10.0.0.2",
        "192.0.2.1 192.0.2.2",
        "192.0.2.1:",
        "192.0.2.1:http",
        "192.0.2.1:123456",
        "192.0.2.1:80:80",
        "192.0.2.256",
        "[192.0.2.1]:80",
        "[2001:db9::2",
        "[2001:db9::2]80",
        "[2001:db9::2]:",
        "[]:80",
        ":80",
        "[",
        "[2001:db9::2%eth0]",
        "0000000000000000000000000000000000000000000000000192.0.2.1",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        char address[OKT_ADDRESS_SIZE] = "10.0.0.1";

        if (forwarded_apply("10.0.0.0/8", headers[i], address, sizeof(address)))
            fail_msg("%s", headers[i]);
        /* Nobody asked one who is no proxy. */
        assert_true(forwarded_apply("", headers[i], address, sizeof(address)));
        assert_string_equal(address, "10.0.0.1");
    }
}

/* ------------------------------------------------------- The condition -- */

static void add_zone(struct store *s, const char *id, const char *type,
                     const char *status, const char *gateways)
{
    struct store_zone zone = { id, id, type, status, gateways, 1, 1 };

    assert_int_equal(s->ops->zone_add(s, &zone), STORE_OK);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    fixture_open(f);
    add_zone(f->store, "nzoten", "IP", "ACTIVE", "10.0.0.0/8");
    add_zone(f->store, "nzosix", "IP", "ACTIVE", "2001:db8::/32");
    add_zone(f->store, "nzooff", "IP", "INACTIVE", "172.16.0.0/12");
    add_zone(f->store, "nzodyn", "DYNAMIC", "ACTIVE", "");
    *state = f;
    return 0;
}

static void every_mode_lets_in_whom_it_says(void **state)
{
    static const char *const addresses[] = {
        "10.1.2.3",   "::ffff:10.1.2.3", "2001:db8::9",
        "172.16.0.1", "192.0.2.1",       "", /* none */
    };
    /* One letter an address: y in, n out. */
    static const struct {
        struct store_network network;
        const char *in;
    } cases[] = {
        { { "ANYWHERE", "", "" }, "yyyyyy" },
        { { "ZONE", "ALL_ZONES", "" }, "yyynnn" },
        { { "ZONE", "nzoten", "" }, "yynnnn" },
        { { "ZONE", "nzoten nzosix", "" }, "yyynnn" },
        { { "ZONE", "", "ALL_ZONES" }, "nnnnyn" },
        { { "ZONE", "", "nzoten" }, "nnyyyn" },
        { { "ZONE", "", "nzoten nzosix" }, "nnnyyn" },
        { { "ZONE", "ALL_ZONES", "nzosix" }, "yynnnn" },
        /* What can't be told is refused. */
        { { "ZONE", "nzooff", "" }, "nnnnnn" },
        { { "ZONE", "", "nzooff" }, "yyynyn" },
        { { "ZONE", "nzodyn", "" }, "nnnnnn" },
        { { "ZONE", "", "nzodyn" }, "nnnnnn" },
        { { "ZONE", "nzogone", "" }, "nnnnnn" },
        { { "ZONE", "nzogone nzoten", "" }, "yynnnn" },
        { { "ZONE", "", "nzogone" }, "nnnnnn" },
        { { "ZONE", "", "" }, "nnnnnn" },
        { { "SOMEHOW", "", "" }, "nnnnnn" },
    };
    struct store *s = store_of(state);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        for (size_t k = 0; k < ARRAY_LEN(addresses); k++) {
            store_status want =
                cases[i].in[k] == 'y' ? STORE_OK : STORE_NOT_FOUND;
            store_status got =
                network_admits(s, &cases[i].network, addresses[k]);

            if (got != want)
                print_error("case %zu, address %s\n", i, addresses[k]);
            assert_int_equal(got, want);
        }
}

static void keeps_and_finds_zones(void **state)
{
    struct store *s = store_of(state);
    struct store_zone zone = { "nzoten", "x", "IP", "ACTIVE", "", 1, 1 };

    assert_int_equal(s->ops->zone_add(s, &zone), STORE_CONFLICT);
    zone.id = "nzox";
    zone.name = "NZOTEN";
    assert_int_equal(s->ops->zone_add(s, &zone), STORE_CONFLICT);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zone_holds_what_one_of_its_gateways_does),
        cmocka_unit_test(only_a_proxy_says_who_calls),
        cmocka_unit_test(a_caller_that_a_proxy_does_not_tell_is_nobody),
        TEST(every_mode_lets_in_whom_it_says),
        TEST(keeps_and_finds_zones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
