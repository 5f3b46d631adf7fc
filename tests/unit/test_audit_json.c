/* SPDX-License-Identifier: Apache-2.0 */
/* test_audit_json.c - users, roles, zones and events, as an org sends them. */
#include <string.h>

#include "tests/unit/test.h"
#include "wire/event_json.h"
#include "wire/user_json.h"
#include "wire/zone_json.h"

static yyjson_doc *read_json(const char *text)
{
    const char *why = "";
    bool no_memory;
    yyjson_doc *doc = okt_json_read(text, strlen(text), &why, &no_memory);

    if (doc == NULL)
        fail_msg("%s: %s", text, why);
    return doc;
}

static void a_user_is_read(void **state)
{
    AUTO(yyjson_doc)
    doc = read_json(
        "{\"id\":\"00u1\",\"status\":\"SUSPENDED\",\"lastLogin\":null,"
        "\"profile\":{\"firstName\":null,\"login\":\"ada@example.com\"}}");
    struct okt_user_view user;

    (void)state;
    assert_null(okt_user_decode(yyjson_doc_get_root(doc), &user));
    assert_string_equal(user.id, "00u1");
    assert_string_equal(user.status, "SUSPENDED");
    assert_string_equal(user.login, "ada@example.com");
}

static void a_role_is_read(void **state)
{
    AUTO(yyjson_doc)
    doc = read_json(
        "{\"id\":\"gra1\",\"label\":\"Mine\",\"type\":\"CUSTOM\","
        "\"status\":\"ACTIVE\",\"assignmentType\":\"GROUP\",\"_links\":{}}");
    struct okt_role_view role;

    (void)state;
    assert_null(okt_role_decode(yyjson_doc_get_root(doc), &role));
    assert_string_equal(role.id, "gra1");
    assert_string_equal(role.type, "CUSTOM");
    assert_string_equal(role.label, "Mine");
    assert_string_equal(role.status, "ACTIVE");
    assert_string_equal(role.assignment_type, "GROUP");
}

static void a_zone_is_read(void **state)
{
    AUTO(yyjson_doc)
    doc =
        read_json("{\"type\":\"IP\",\"id\":\"nzo1\",\"name\":\"HQ\",\"status\":"
                  "\"INACTIVE\",\"gateways\":[{\"type\":\"CIDR\",\"value\":"
                  "\"192.0.2.0/24\"},{\"type\":\"RANGE\",\"value\":"
                  "\"198.51.100.1-198.51.100.9\"}],\"proxies\":null}");
    struct okt_zone_view zone;

    (void)state;
    assert_null(okt_zone_decode(yyjson_doc_get_root(doc), &zone));
    assert_string_equal(zone.id, "nzo1");
    assert_string_equal(zone.name, "HQ");
    assert_string_equal(zone.type, "IP");
    assert_string_equal(zone.status, "INACTIVE");
    assert_false(zone.unreadable);
    assert_int_equal(okt_zone_gateway_count(&zone), 2);
    assert_string_equal(okt_zone_gateway(&zone, 1),
                        "198.51.100.1-198.51.100.9");
    assert_null(okt_zone_gateway(&zone, 2));
}

/* Gateways that are not read whole are none: half of them would mislead. */
static void unreadable_gateways_are_none(void **state)
{
    static const char *const gateways[] = {
        "null",
        "{}",
        "\"10.0.0.0/8\"",
        "[\"10.0.0.0/8\"]",
        "[{\"value\":\"10.0.0.0/8\"},{\"value\":null}]",
        "[{\"value\":\"10.0.0.0/8\\u0000\"}]",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(gateways); i++) {
        OKT_BUF_AUTO text = OKT_BUF_INIT(1024);
        AUTO(yyjson_doc) doc = NULL;
        struct okt_zone_view zone;

        okt_buf_printf(&text,
                       "{\"id\":\"nzo1\",\"name\":\"HQ\",\"gateways\":%s}",
                       gateways[i]);
        doc = read_json(text.data);
        assert_null(okt_zone_decode(yyjson_doc_get_root(doc), &zone));
        if (zone.gateways != NULL)
            fail_msg("taken for gateways: %s", gateways[i]);
        assert_int_equal(zone.unreadable, strcmp(gateways[i], "null") != 0);
        assert_int_equal(okt_zone_gateway_count(&zone), 0);
        assert_null(zone.type);
    }
}

static void an_event_is_read(void **state)
{
    AUTO(yyjson_doc)
    doc = read_json(
        "{\"uuid\":\"u1\",\"eventType\":\"system.api_token.update\","
        "\"published\":\"2025-11-24T16:00:00.000Z\",\"client\":{\"ipAddress\":"
        "\"192.0.2.7\"},\"transaction\":{\"detail\":{\"requestApiTokenId\":"
        "\"00Ta\"}},\"target\":[{\"id\":\"00Tb\"}]}");
    AUTO(yyjson_doc)
    bare = read_json("{\"eventType\":\"x\",\"client\":null,"
                     "\"transaction\":{\"detail\":null}}");
    struct okt_event_view event;

    (void)state;
    assert_null(okt_event_decode(yyjson_doc_get_root(doc), &event));
    assert_string_equal(event.id, "u1");
    assert_string_equal(event.type, "system.api_token.update");
    assert_string_equal(event.published, "2025-11-24T16:00:00.000Z");
    assert_string_equal(event.address, "192.0.2.7");
    assert_string_equal(event.token_id, "00Ta");
    assert_null(okt_event_decode(yyjson_doc_get_root(bare), &event));
    assert_null(event.address);
    assert_null(event.token_id);
}

/* ---------------------------------------------------------------- Refused --
 */

static const char *decode(char kind, yyjson_val *json)
{
    struct okt_user_view user;
    struct okt_role_view role;
    struct okt_zone_view zone;
    struct okt_event_view event;

    if (kind == 'u')
        return okt_user_decode(json, &user);
    if (kind == 'r')
        return okt_role_decode(json, &role);
    return kind == 'z' ? okt_zone_decode(json, &zone)
                       : okt_event_decode(json, &event);
}

static void what_can_not_be_meant_is_refused(void **state)
{
    static const struct {
        char kind;
        const char *json;
        const char *why;
    } cases[] = {
        { 'u', "[]", "a user that is no object" },
        { 'u', "{\"status\":\"ACTIVE\"}", "a user without an id" },
        { 'u', "{\"id\":\"\"}", "a user without an id" },
        { 'u', "{\"id\":\"a\",\"id\":\"b\"}",
          "a user that says the same thing twice" },
        { 'u', "{\"id\":\"a\",\"status\":\"A\",\"status\":\"B\"}",
          "a user that says the same thing twice" },
        { 'r', "null", "a role that is no object" },
        { 'r', "{\"id\":\"a\"}", "a role without a type" },
        { 'r', "{\"type\":\"A\",\"type\":\"B\"}",
          "a role that says the same thing twice" },
        { 'z', "1", "a network zone that is no object" },
        { 'z', "{\"name\":\"HQ\"}", "a network zone without an id" },
        { 'z', "{\"id\":\"nzo1\",\"name\":\"\"}",
          "a network zone without a name" },
        { 'z', "{\"id\":\"a\",\"name\":\"a\",\"gateways\":[],\"gateways\":[]}",
          "a network zone that says the same thing twice" },
        { 'e', "\"\"", "an event that is no object" },
        { 'e', "{}", "an event without a type" },
        { 'e', "{\"eventType\":\"a\",\"client\":{},\"client\":{}}",
          "an event that says the same thing twice" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(yyjson_doc) doc = read_json(cases[i].json);
        const char *why = decode(cases[i].kind, yyjson_doc_get_root(doc));

        if (why == NULL)
            fail_msg("taken: %s", cases[i].json);
        assert_string_equal(why, cases[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(a_user_is_read),
        cmocka_test(a_role_is_read),
        cmocka_test(a_zone_is_read),
        cmocka_test(unreadable_gateways_are_none),
        cmocka_test(an_event_is_read),
        cmocka_test(what_can_not_be_meant_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
