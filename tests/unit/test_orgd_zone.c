/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_zone.c - addresses, gateways, and the five modes of a condition. */
#include "test_orgd_store.h"

#include "forwarded.h"
#include "zone.h"

static void reads_an_address_and_unmaps_it(void **state)
{
    struct address plain;
    struct address mapped;
    struct address out = { .v6 = true };

    (void)state;
    assert_true(address_parse("192.0.2.1", &plain));
    assert_false(plain.v6);
    assert_true(address_parse("::ffff:192.0.2.1", &mapped));
    assert_memory_equal(plain.bytes, mapped.bytes, sizeof(plain.bytes));
    assert_false(mapped.v6);
    assert_true(address_parse("::192.0.2.1", &mapped)); /* maps nothing */
    assert_true(mapped.v6);
    assert_false(address_parse("", &out));
    assert_false(address_parse("192.0.2.1 ", &out));
    assert_false(address_parse("192.0.2", &out));
    assert_false(address_parse("fe80::1%lo", &out));
    assert_true(out.v6); /* as it was */
}

static void a_gateway_holds_what_it_says(void **state)
{
    static const struct {
        const char *gateways;
        const char *address;
        bool held;
    } cases[] = {
        { "192.0.2.0/24", "192.0.2.0", true },
        { "192.0.2.0/24", "192.0.2.255", true },
        { "192.0.2.0/24", "192.0.3.0", false },
        { "192.0.2.0/24", "192.0.1.255", false },
        { "192.0.2.77/24", "192.0.2.1", true }, /* bits of the host */
        { "192.0.2.1/32", "192.0.2.1", true },
        { "192.0.2.1/32", "192.0.2.2", false },
        { "192.0.2.128/25", "192.0.2.127", false },
        { "0.0.0.0/0", "255.255.255.255", true },
        { "0.0.0.0/0", "::1", false },
        { "::/0", "192.0.2.1", false },
        { "::/0", "::ffff:192.0.2.1", false },
        { "::/0", "2001:db8::1", true },
        { "::ffff:192.0.2.0/120", "192.0.2.9", true },
        { "::ffff:0:0/96", "10.0.0.1", true },
        { "192.0.2.0/24", "::ffff:192.0.2.9", true },
        { "2001:db8::/33", "2001:db8:7fff::", true },
        { "2001:db8::/33", "2001:db8:8000::", false },
        { "192.0.2.5-192.0.2.9", "192.0.2.4", false },
        { "192.0.2.5-192.0.2.9", "192.0.2.5", true },
        { "192.0.2.5-192.0.2.9", "192.0.2.9", true },
        { "192.0.2.5-192.0.2.9", "192.0.2.10", false },
        { "192.0.2.5-::ffff:192.0.2.9", "192.0.2.7", true },
        { "2001:db8::5-2001:db8::f", "2001:db8::a", true },
        { "2001:db8::5-2001:db8::f", "2001:db8::10", false },
        { "192.0.2.0/24 10.0.0.0/8", "10.255.0.1", true },
        { "192.0.2.0/24 10.0.0.0/8", "11.0.0.1", false },
        { "", "10.0.0.1", false },
        { "nonsense 10.0.0.0/8", "10.0.0.1", true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct store_zone zone = { .gateways = cases[i].gateways };
        struct address address;

        assert_true(address_parse(cases[i].address, &address));
        if (zone_holds(&zone, &address) != cases[i].held)
            print_error("%s in %s\n", cases[i].address, cases[i].gateways);
        assert_int_equal(zone_holds(&zone, &address), cases[i].held);
    }
}

static void what_is_no_gateway_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "/",
        "-",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8x",
        "10.0.0.0/8/8",
        "10.0.0.0/0008",
        "2001:db8::/129",
        "::ffff:10.0.0.0/95",
        "10.0.0.2-10.0.0.1",
        "10.0.0.1-2001:db8::1",
        "10.0.0.1-10.0.0.2-10.0.0.3",
        "10.0.0.1-",
        "-10.0.0.1",
        "10.0.0.0/8 ",
        " 10.0.0.0/8",
        "10.0.0.0/8,11.0.0.0/8",
        "localhost/8",
        "10.0.0.0/255.0.0.0",
        "[::1]/128",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (gateway_is_valid(bad[i]))
            print_error("%s\n", bad[i]);
        assert_false(gateway_is_valid(bad[i]));
    }
    assert_false(gateway_is_range("10.0.0.0/8"));
    assert_true(gateway_is_range("10.0.0.1-10.0.0.2"));
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
        { "10.0.0.1", "", "10.0.0.1" },
        { "198.51.100.1", "192.0.2.1", "198.51.100.1" }, /* no proxy */
        /* The last that is no proxy; what stands before it may be made up. */
        { "10.0.0.1", "203.0.113.9, 192.0.2.1", "192.0.2.1" },
        { "10.0.0.1", "203.0.113.9,192.0.2.1 , 10.0.0.2", "192.0.2.1" },
        { "10.0.0.1", "10.0.0.3,\t10.0.0.2", "10.0.0.3" },
        { "10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1" },
        { "10.0.0.1", "192.0.2.1, ::ffff:10.0.0.9", "192.0.2.1" },
        { "2001:db8::1", "2001:DB9::0:2", "2001:db9::2" },
        /* What is no address. */
        { "10.0.0.1", "192.0.2.1, unknown", "10.0.0.1" },
        { "10.0.0.1", "192.0.2.1, unknown, 10.0.0.2", "10.0.0.2" },
        { "10.0.0.1", "192.0.2.1,", "10.0.0.1" },
        { "10.0.0.1", ",", "10.0.0.1" },
        { "10.0.0.1", "192.0.2.1:80", "10.0.0.1" },
        { "10.0.0.1", "192.0.2.1 192.0.2.2", "10.0.0.1" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char address[ADDRESS_TEXT_SIZE];

        snprintf(address, sizeof(address), "%s", cases[i].connection);
        forwarded_apply(proxies, cases[i].header, address, sizeof(address));
        if (strcmp(address, cases[i].caller) != 0)
            print_error("%s\n", cases[i].header);
        assert_string_equal(address, cases[i].caller);
        snprintf(address, sizeof(address), "%s", cases[i].connection);
        forwarded_apply("", cases[i].header, address, sizeof(address));
        assert_string_equal(address, cases[i].connection);
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

static int tear_down(void **state)
{
    fixture_close(*state);
    free(*state);
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
    struct store *s = ((struct fixture *)*state)->store;

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
    struct store *s = ((struct fixture *)*state)->store;
    struct store_zone zone = { "nzoten", "x", "IP", "ACTIVE", "", 1, 1 };

    assert_int_equal(s->ops->zone_add(s, &zone), STORE_CONFLICT);
    zone.id = "nzox";
    zone.name = "NZOTEN";
    assert_int_equal(s->ops->zone_add(s, &zone), STORE_CONFLICT);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_address_and_unmaps_it),
        cmocka_unit_test(a_gateway_holds_what_it_says),
        cmocka_unit_test(what_is_no_gateway_is_refused),
        cmocka_unit_test(only_a_proxy_says_who_calls),
        TEST(every_mode_lets_in_whom_it_says),
        TEST(keeps_and_finds_zones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
