/* SPDX-License-Identifier: Apache-2.0 */
/* test_address.c - addresses, gateways, and which are within which. */
#include <string.h>

#include "tests/unit/test.h"
#include "wire/address.h"

static void reads_an_address_and_unmaps_it(void **state)
{
    struct okt_address plain;
    struct okt_address mapped;
    struct okt_address out = { .v6 = true };

    (void)state;
    assert_true(okt_address_parse("192.0.2.1", &plain));
    assert_false(plain.v6);
    assert_true(okt_address_parse("::ffff:192.0.2.1", &mapped));
    assert_memory_equal(plain.bytes, mapped.bytes, sizeof(plain.bytes));
    assert_false(mapped.v6);
    assert_true(okt_address_parse("::192.0.2.1", &mapped)); /* maps nothing */
    assert_true(mapped.v6);
    assert_false(okt_address_parse("", &out));
    assert_false(okt_address_parse("192.0.2.1 ", &out));
    assert_false(okt_address_parse("192.0.2", &out));
    assert_false(okt_address_parse("fe80::1%lo", &out));
    assert_true(out.v6); /* as it was */
}

static void a_gateway_holds_what_it_says(void **state)
{
    static const struct {
        const char *gateway;
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
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *text = cases[i].gateway;
        struct okt_gateway gateway;
        struct okt_address address;

        assert_true(okt_address_parse(cases[i].address, &address));
        assert_true(okt_gateway_parse(text, strlen(text), &gateway));
        if (okt_gateway_holds(&gateway, &address) != cases[i].held)
            print_error("%s in %s\n", cases[i].address, text);
        assert_int_equal(okt_gateway_holds(&gateway, &address), cases[i].held);
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
        if (okt_gateway_is_valid(bad[i]))
            print_error("%s\n", bad[i]);
        assert_false(okt_gateway_is_valid(bad[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(reads_an_address_and_unmaps_it),
        cmocka_test(a_gateway_holds_what_it_says),
        cmocka_test(what_is_no_gateway_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
