/* SPDX-License-Identifier: Apache-2.0 */
/* test_token_json.c - the ApiToken on the wire, read, written and updated. */
#include <string.h>

#include "tests/unit/test_text.h"
#include "wire/token_json.h"

#define ID "00Taaaaaaaaaaaaaaaaa"
#define USER "00ubbbbbbbbbbbbbbbbb"

static void expect_list(yyjson_val *list, const char *const *expected,
                        size_t count)
{
    if (count == 0) {
        assert_int_equal(yyjson_arr_size(list), 0);
        return;
    }
    assert_int_equal(yyjson_arr_size(list), count);
    for (size_t i = 0; i < count; i++)
        expect_text(yyjson_get_str(yyjson_arr_get(list, i)), expected[i]);
}

/* ------------------------------------------------------------- Reading -- */

#define WHOLE                                                              \
    "{\"id\":\"" ID "\",\"name\":\"ci\",\"userId\":\"" USER "\","          \
    "\"clientName\":\"Okta API\",\"tokenWindow\":\"P30D\",\"network\":{"   \
    "\"connection\":\"ZONE\",\"include\":[\"nzo1\",\"nzo2\"],\"exclude\":" \
    "[\"nzo3\"]},\"expiresAt\":\"2025-12-02T14:47:13.000Z\",\"created\":"  \
    "\"2025-11-02T14:47:13.000Z\",\"lastUpdated\":"                        \
    "\"2025-11-06T13:20:25.000Z\",\"future\":{\"id\":\"x\"},\"_links\":{"  \
    "\"self\":{\"href\":\"https://h/s\",\"hints\":{\"allow\":[\"GET\"]}}," \
    "\"user\":{\"href\":\"https://h/u\"}}}"

static void every_field_is_read(void **state)
{
    static const char *const include[] = { "nzo1", "nzo2" };
    static const char *const exclude[] = { "nzo3" };
    AUTO(yyjson_doc) doc = parse_json(WHOLE);
    struct okt_token_view t;

    (void)state;
    assert_null(okt_token_decode(yyjson_doc_get_root(doc), &t));
    assert_string_equal(t.id, ID);
    assert_string_equal(t.name, "ci");
    assert_string_equal(t.user_id, USER);
    assert_string_equal(t.client_name, "Okta API");
    assert_string_equal(t.token_window, "P30D");
    assert_string_equal(t.connection, "ZONE");
    expect_list(t.include, include, 2);
    expect_list(t.exclude, exclude, 1);
    assert_string_equal(t.expires_at, "2025-12-02T14:47:13.000Z");
    assert_string_equal(t.created, "2025-11-02T14:47:13.000Z");
    assert_string_equal(t.last_updated, "2025-11-06T13:20:25.000Z");
    assert_string_equal(okt_token_href(&t, "self"), "https://h/s");
    assert_string_equal(okt_token_href(&t, "user"), "https://h/u");
}

static void check_all_absent_but_id_and_name(const char *text)
{
    AUTO(yyjson_doc) doc = parse_json(text);
    struct okt_token_view t;
    const char *why;

    memset(&t, 0xa5, sizeof(t));
    why = okt_token_decode(yyjson_doc_get_root(doc), &t);
    if (why != NULL)
        fail_msg("%s: %s", text, why);
    assert_string_equal(t.id, "x");
    assert_string_equal(t.name, "n");
    assert_null(t.user_id);
    assert_null(t.client_name);
    assert_null(t.token_window);
    assert_null(t.connection);
    assert_null(t.include);
    assert_null(t.exclude);
    assert_null(t.expires_at);
    assert_null(t.created);
    assert_null(t.last_updated);
    assert_null(okt_token_href(&t, "self"));
    assert_null(okt_token_href(&t, "user"));
}

static void what_is_absent_or_of_another_type_is_null(void **state)
{
    static const char *const keys[] = {
        "userId",    "clientName",  "tokenWindow", "network", "expiresAt",
        "created",   "lastUpdated", "_links",      "_link",   "future",
        "id\\u0000", "ID",          "userid",      "",        "\\u0000name",
    };
    static const char *const values[] = {
        "null", "true", "7", "-1.5", "[]", "{}", "[\"s\"]", "{\"a\":\"s\"}"
    };

    (void)state;
    check_all_absent_but_id_and_name("{\"id\":\"x\",\"name\":\"n\"}");
    for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
        for (size_t v = 0; v < ARRAY_LEN(values); v++) {
            OKT_BUF_AUTO text = OKT_BUF_INIT(200);

            okt_buf_printf(&text, "{\"%s\":%s,\"id\":\"x\",\"name\":\"n\"}",
                           keys[k], values[v]);
            check_all_absent_but_id_and_name(text.data);
        }
    }
}

static void members_of_other_names_are_no_fields(void **state)
{
    (void)state;
    check_all_absent_but_id_and_name(
        "{\"id\":\"x\",\"id\\u0000\":\"y\",\"name\":\"n\",\"name2\":\"y\","
        "\"userI\":\"y\",\"userIdx\":\"y\",\"userId\\u0000\":\"y\","
        "\"CREATED\":\"y\",\"\":\"y\",\"connection\":\"ZONE\"}");
}

static void odd_networks_and_links_are_null(void **state)
{
    static const char *const parts[] = {
        "\"network\":{\"connection\":7,\"include\":7,\"exclude\":\"nzo\"}",
        "\"network\":{\"connection\":null,\"include\":null}",
        "\"network\":{\"include\":{\"a\":\"nzo\"}}",
        "\"network\":{\"include\":[7],\"exclude\":[\"a\",null]}",
        "\"network\":{\"include\":[\"a\",[\"b\"]],\"exclude\":[{}]}",
        "\"network\":{\"include\":[\"a\\u0000b\"]}",
        "\"network\":{\"connection\":\"ZONE\\u0000\"}",
        "\"network\":\"ANYWHERE\"",
        "\"_links\":{\"self\":null,\"user\":7}",
        "\"_links\":{\"self\":{\"href\":7},\"user\":{\"href\":null}}",
        "\"_links\":{\"self\":[{\"href\":\"x\"}],\"user\":\"x\"}",
        "\"_links\":{\"self\":{\"href\":\"https://h\\u0000.x\"}}",
        "\"_links\":[]",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        OKT_BUF_AUTO text = OKT_BUF_INIT(200);

        okt_buf_printf(&text, "{\"id\":\"x\",\"name\":\"n\",%s}", parts[i]);
        check_all_absent_but_id_and_name(text.data);
    }
}

static void empty_lists_are_empty(void **state)
{
    AUTO(yyjson_doc)
    doc = parse_json("{\"id\":\"x\",\"name\":\"\",\"network\":{\"connection\":"
                     "\"ANYWHERE\",\"include\":[],\"exclude\":[]}}");
    struct okt_token_view t;

    (void)state;
    assert_null(okt_token_decode(yyjson_doc_get_root(doc), &t));
    assert_string_equal(t.name, "");
    assert_string_equal(t.connection, "ANYWHERE");
    expect_list(t.include, NULL, 0);
    expect_list(t.exclude, NULL, 0);
}

static void links_are_read_under_both_names(void **state)
{
    static const struct {
        const char *text;
        const char *self;
        const char *user;
    } cases[] = {
        { "\"_links\":{\"self\":{\"href\":\"s\"},\"user\":{\"href\":\"u\"}}",
          "s", "u" },
        { "\"_link\":{\"self\":{\"href\":\"s\"},\"user\":{\"href\":\"u\"}}",
          "s", "u" },
        { "\"_link\":{\"self\":{\"href\":\"s\"}}", "s", NULL },
        { "\"_links\":{\"user\":{\"href\":\"u\"}}", NULL, "u" },
        { "\"_link\":{\"self\":{\"href\":\"1\"}},"
          "\"_links\":{\"self\":{\"href\":\"2\"}}",
          "2", NULL },
        { "\"_links\":null,\"_link\":{\"self\":{\"href\":\"s\"}}", "s", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        OKT_BUF_AUTO text = OKT_BUF_INIT(300);
        AUTO(yyjson_doc) doc = NULL;
        struct okt_token_view t;

        okt_buf_printf(&text, "{\"id\":\"x\",\"name\":\"n\",%s}",
                       cases[i].text);
        doc = parse_json(text.data);
        assert_null(okt_token_decode(yyjson_doc_get_root(doc), &t));
        expect_text(okt_token_href(&t, "self"), cases[i].self);
        expect_text(okt_token_href(&t, "user"), cases[i].user);
    }
}

static void expect_no_token(const char *text)
{
    AUTO(yyjson_doc) doc = parse_json(text);
    struct okt_token_view t;
    const char *why = okt_token_decode(yyjson_doc_get_root(doc), &t);

    if (why == NULL)
        fail_msg("%s was read", text);
    assert_true(why[0] != '\0');
}

static void what_is_no_token_is_refused(void **state)
{
    static const char *const cases[] = {
        "null",
        "7",
        "\"x\"",
        "[]",
        "[{\"id\":\"x\",\"name\":\"n\"}]",
        "{}",
        "{\"id\":\"x\"}",
        "{\"name\":\"n\"}",
        "{\"id\":\"\",\"name\":\"n\"}",
        "{\"id\":null,\"name\":\"n\"}",
        "{\"id\":7,\"name\":\"n\"}",
        "{\"id\":[\"x\"],\"name\":\"n\"}",
        "{\"id\":\"x\",\"name\":null}",
        "{\"id\":\"x\",\"name\":7}",
        "{\"id\":\"x\",\"name\":{}}",
        "{\"ID\":\"x\",\"name\":\"n\"}",
    };
    struct okt_token_view t;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_no_token(cases[i]);
    assert_non_null(okt_token_decode(NULL, &t));
}

static void a_field_cut_at_a_nul_does_not_pass_for_another(void **state)
{
    static const char *const keys[] = { "userId",      "clientName",
                                        "tokenWindow", "expiresAt",
                                        "created",     "lastUpdated" };

    (void)state;
    expect_no_token("{\"id\":\"" ID "\\u0000\",\"name\":\"n\"}");
    expect_no_token("{\"id\":\"" ID "\\u0000x\",\"name\":\"n\"}");
    expect_no_token("{\"id\":\"\\u0000\",\"name\":\"n\"}");
    expect_no_token("{\"id\":\"x\",\"name\":\"n\\u0000\"}");
    expect_no_token("{\"id\":\"x\",\"name\":\"\\u0000n\"}");
    expect_no_token("{\"id\\u0000\":\"x\",\"name\":\"n\"}");
    for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
        OKT_BUF_AUTO text = OKT_BUF_INIT(200);

        okt_buf_printf(&text, "{\"id\":\"x\",\"name\":\"n\",\"%s\":\"a%sb\"}",
                       keys[k], "\\u0000");
        check_all_absent_but_id_and_name(text.data);
    }
}

static void a_member_that_comes_twice_is_refused(void **state)
{
    static const char *const keys[] = {
        "id",          "name",      "userId",  "clientName",
        "tokenWindow", "expiresAt", "created", "lastUpdated",
        "network",     "_links",    "_link"
    };
    static const char *const values[] = { "null,\"%s\":\"x\"", "\"x\",\"%s\":7",
                                          "\"x\",\"%s\":\"x\"",
                                          "{},\"a\":1,\"%s\":{}" };

    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
        for (size_t v = 0; v < ARRAY_LEN(values); v++) {
            const char *mark = strstr(values[v], "%s");
            OKT_BUF_AUTO text = OKT_BUF_INIT(200);

            okt_buf_printf(&text, "{%s%s\"%s\":%.*s%s%s}",
                           k == 0 ? "" : "\"id\":\"x\",",
                           k == 1 ? "" : "\"name\":\"n\",", keys[k],
                           (int)(mark - values[v]), values[v], keys[k],
                           mark + 2);
            expect_no_token(text.data);
        }
    }
    check_all_absent_but_id_and_name(
        "{\"id\":\"x\",\"name\":\"n\",\"other\":1,\"other\":2}");
}

/* ------------------------------------------------------------- Writing -- */

static const char *const zones[] = { "nzo1", "nzo2" };

static const struct okt_token_record record = {
    .id = ID,
    .name = "ci",
    .user_id = USER,
    .client_name = "Okta API",
    .token_window = "P30D",
    .network = { "ZONE", NULL, 0, zones, 1 },
    .expires_at = 1764686833,
    .created = 1762094833,
    .last_updated = 1762435225,
};

#define LINKS                                                               \
    "\"_links\":{\"self\":{\"href\":\"https://h:8443/api/v1/api-tokens/" ID \
    "\",\"hints\":{\"allow\":[\"GET\",\"DELETE\"]}},\"user\":{\"href\":"    \
    "\"https://h:8443/api/v1/users/" USER                                   \
    "\",\"hints\":{\"allow\":[\"GET\"]}}}"
#define TIMES                                     \
    "\"expiresAt\":\"2025-12-02T14:47:13.000Z\"," \
    "\"created\":\"2025-11-02T14:47:13.000Z\","   \
    "\"lastUpdated\":\"2025-11-06T13:20:25.000Z\","

static void a_token_is_written_byte_for_byte_as_real_orgs_do(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(2000);
    struct okt_token_record token = record;

    (void)state;
    okt_buf_char(&out, '[');
    okt_token_encode(&out, &token, "https://h:8443");
    assert_string_equal(
        out.data, "[{\"id\":\"" ID "\",\"name\":\"ci\",\"userId\":\"" USER
                  "\",\"clientName\":\"Okta API\",\"tokenWindow\":\"P30D\","
                  "\"network\":{\"connection\":\"ZONE\",\"exclude\":[\"nzo1\"]}"
                  "," TIMES LINKS "}");

    okt_buf_clear(&out);
    token.token_window = NULL;
    token.network = (struct okt_network){ "ZONE", zones, 2, NULL, 0 };
    okt_token_encode(&out, &token, "https://h:8443");
    assert_string_equal(
        out.data, "{\"id\":\"" ID "\",\"name\":\"ci\",\"userId\":\"" USER
                  "\",\"clientName\":\"Okta API\",\"tokenWindow\":null,"
                  "\"network\":{\"connection\":\"ZONE\",\"include\":[\"nzo1\","
                  "\"nzo2\"]}," TIMES LINKS "}");

    okt_buf_clear(&out);
    token.network = (struct okt_network){ "ANYWHERE", zones, 0, zones, 0 };
    okt_token_encode(&out, &token, "https://h:8443");
    assert_non_null(strstr(out.data,
                           "\"network\":{\"connection\":\"ANYWHERE\"},\"exp"));
}

static void names_are_escaped(void **state)
{
    static const char *const names[] = {
        "",
        "\"",
        "\\",
        "a\"b\\c/d",
        "\n\r\t\b\f\x01\x1f\x7f",
        "</script>",
        "\",\"id\":\"other",
        "Z\u00fcrich \u65e5\u672c \U0001f680",
        "\u202e\u2028",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(2000);
        AUTO(yyjson_doc) doc = NULL;
        struct okt_token_record token = record;
        struct okt_token_view view;

        token.name = names[i];
        token.client_name = names[i];
        okt_token_encode(&out, &token, "https://h");
        assert_false(okt_buf_failed(&out));
        for (size_t c = 0; c < out.len; c++)
            assert_true((unsigned char)out.data[c] >= 0x20);
        doc = parse_json(out.data);
        assert_null(okt_token_decode(yyjson_doc_get_root(doc), &view));
        assert_string_equal(view.id, ID);
        assert_string_equal(view.name, names[i]);
        assert_string_equal(view.client_name, names[i]);
    }
}

static void what_is_written_can_be_read(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(2000);
    AUTO(yyjson_doc) doc = NULL;
    struct okt_token_view t;

    (void)state;
    okt_token_encode(&out, &record, "https://h");
    doc = parse_json(out.data);
    assert_null(okt_token_decode(yyjson_doc_get_root(doc), &t));
    assert_string_equal(t.id, ID);
    assert_string_equal(t.token_window, "P30D");
    assert_string_equal(t.connection, "ZONE");
    assert_int_equal(yyjson_arr_size(t.include), 0);
    expect_list(t.exclude, zones, 1);
    assert_string_equal(okt_token_href(&t, "self"),
                        "https://h/api/v1/api-tokens/" ID);
    assert_string_equal(okt_token_href(&t, "user"),
                        "https://h/api/v1/users/" USER);
}

static void what_cannot_be_written_is_latched(void **state)
{
    OKT_BUF_AUTO small = OKT_BUF_INIT(100);
    OKT_BUF_AUTO bad = OKT_BUF_INIT(2000);
    struct okt_token_record token = record;

    (void)state;
    okt_buf_str(&bad, "before");
    okt_token_encode(&small, &token, "https://h");
    assert_int_equal(small.state, OKT_BUF_FULL);
    assert_int_equal(small.len, 0);
    token.name = "\xff";
    okt_token_encode(&bad, &token, "https://h");
    assert_true(okt_buf_failed(&bad));
    assert_string_equal(bad.data, "before");
}

static void writing_survives_every_failed_allocation(void **state)
{
    struct okt_token_record token = record;
    bool done = false;

    (void)state;
    token.name = "one that takes \"escapes\"";
    for (int nth = 0; !done; nth++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(2000);

        assert_true(nth < 100);
        test_fail_alloc(nth);
        okt_token_encode(&out, &token, "https://h");
        test_fail_alloc(-1);
        done = !test_alloc_failed();
        assert_int_equal(out.state, done ? OKT_BUF_OK : OKT_BUF_NO_MEMORY);
        assert_int_equal(out.len > 0, done);
    }
}

/* -------------------------------------------------------------- Update -- */

static void an_update_says_all_as_it_was_but_the_network(void **state)
{
    static const struct okt_network in = { "ZONE", zones, 2, NULL, 0 };
    static const struct okt_network anywhere = { "ANYWHERE", NULL, 0, NULL, 0 };
    static const struct okt_network both = { "ZONE", zones, 1, zones + 1, 1 };
    AUTO(yyjson_doc) doc = parse_json(WHOLE);
    OKT_BUF_AUTO out = OKT_BUF_INIT(1000);
    struct okt_token_view t;

    (void)state;
    assert_null(okt_token_decode(yyjson_doc_get_root(doc), &t));
    okt_update_encode(&out, &t, &in);
    assert_string_equal(
        out.data, "{\"name\":\"ci\",\"userId\":\"" USER
                  "\",\"clientName\":\"Okta API\",\"created\":"
                  "\"2025-11-02T14:47:13.000Z\",\"network\":{\"connection\":"
                  "\"ZONE\",\"include\":[\"nzo1\",\"nzo2\"]}}");
    okt_buf_clear(&out);
    t = (struct okt_token_view){ .id = "x", .name = "a\"b" };
    okt_update_encode(&out, &t, &anywhere);
    assert_string_equal(out.data, "{\"name\":\"a\\\"b\",\"network\":{"
                                  "\"connection\":\"ANYWHERE\"}}");
    okt_buf_clear(&out);
    okt_update_encode(&out, &t, &both);
    assert_string_equal(out.data,
                        "{\"name\":\"a\\\"b\",\"network\":{\"connection\":"
                        "\"ZONE\",\"include\":[\"nzo1\"],\"exclude\":["
                        "\"nzo2\"]}}");
}

static void updating_survives_every_failed_allocation(void **state)
{
    static const struct okt_network in = { "ZONE", zones, 2, NULL, 0 };
    static const struct okt_token_view t = { .id = "x", .name = "n" };
    bool done = false;

    (void)state;
    for (int nth = 0; !done; nth++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(2000);

        assert_true(nth < 100);
        test_fail_alloc(nth);
        okt_update_encode(&out, &t, &in);
        test_fail_alloc(-1);
        done = !test_alloc_failed();
        assert_int_equal(out.state, done ? OKT_BUF_OK : OKT_BUF_NO_MEMORY);
    }
}

/* ------------------------------------------------------------- Network -- */

/* Decodes {"network":text}; what is wrong, or NULL. */
static const char *check_network(const char *text, const char *connection,
                                 size_t include, size_t exclude)
{
    OKT_BUF_AUTO body = OKT_BUF_INIT(20000);
    AUTO(yyjson_doc) doc = NULL;
    struct okt_network_view view;
    const char *why;

    okt_buf_printf(&body, "{\"name\":\"n\",\"network\":%s}", text);
    doc = parse_json(body.data);
    memset(&view, 0xa5, sizeof(view));
    why = okt_network_decode(yyjson_doc_get_root(doc), &view);
    if (why == NULL) {
        assert_string_equal(view.connection, connection);
        assert_int_equal(yyjson_arr_size(view.include), include);
        assert_int_equal(yyjson_arr_size(view.exclude), exclude);
    }
    return why;
}

#define ID_64 "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-aBcDeFgHiJkLmNoPqRsTuVwXyZ"

static void networks_are_read(void **state)
{
    static const struct {
        const char *text;
        const char *connection;
        size_t include;
        size_t exclude;
    } cases[] = {
        { "{\"connection\":\"ANYWHERE\"}", "ANYWHERE", 0, 0 },
        { "{\"connection\":\"ANYWHERE\",\"include\":[],\"exclude\":[]}",
          "ANYWHERE", 0, 0 },
        { "{\"connection\":\"ANYWHERE\",\"include\":null,\"exclude\":null}",
          "ANYWHERE", 0, 0 },
        { "{\"connection\":\"ZONE\",\"include\":[\"nzo1\"]}", "ZONE", 1, 0 },
        { "{\"connection\":\"ZONE\",\"exclude\":[\"nzo1\"]}", "ZONE", 0, 1 },
        { "{\"connection\":\"ZONE\",\"include\":[\"ALL_ZONES\"]}", "ZONE", 1,
          0 },
        { "{\"connection\":\"ZONE\",\"include\":[\"a\",\"b\"],\"exclude\":[]}",
          "ZONE", 2, 0 },
        { "{\"connection\":\"ZONE\",\"include\":[],\"exclude\":[\"a\",\"b\"]}",
          "ZONE", 0, 2 },
        { "{\"exclude\":[\"a\"],\"future\":7,\"connection\":\"ZONE\"}", "ZONE",
          0, 1 },
        { "{\"connection\":\"ZONE\",\"include\":[\"" ID_64 "\"]}", "ZONE", 1,
          0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *why = check_network(cases[i].text, cases[i].connection,
                                        cases[i].include, cases[i].exclude);

        if (why != NULL)
            fail_msg("%s: %s", cases[i].text, why);
    }
}

static const char *const bad_networks[] = {
    /* no object */
    "null",
    "7",
    "\"ANYWHERE\"",
    "[]",
    "[{\"connection\":\"ANYWHERE\"}]",
    /* connection neither ANYWHERE nor ZONE */
    "{}",
    "{\"include\":[\"a\"]}",
    "{\"connection\":null}",
    "{\"connection\":7}",
    "{\"connection\":[\"ANYWHERE\"]}",
    "{\"connection\":\"\"}",
    "{\"connection\":\"anywhere\"}",
    "{\"connection\":\"ANYWHERE \"}",
    "{\"connection\":\"ANYWHER\"}",
    "{\"connection\":\"ANYWHERE\\u0000\"}",
    "{\"connection\":\"ZONE\\u0000X\",\"include\":[\"a\"]}",
    "{\"connection\":\"ZONES\",\"include\":[\"a\"]}",
    "{\"connection\":\"zone\",\"include\":[\"a\"]}",
    /* a list that is none */
    "{\"connection\":\"ZONE\",\"include\":\"a\"}",
    "{\"connection\":\"ZONE\",\"include\":{\"a\":\"b\"}}",
    "{\"connection\":\"ZONE\",\"include\":7}",
    "{\"connection\":\"ZONE\",\"include\":true}",
    "{\"connection\":\"ZONE\",\"include\":[\"a\"],\"exclude\":\"\"}",
    "{\"connection\":\"ANYWHERE\",\"include\":\"\"}",
    "{\"connection\":\"ANYWHERE\",\"exclude\":{}}",
    /* an id that can't be one */
    "{\"connection\":\"ZONE\",\"include\":[7]}",
    "{\"connection\":\"ZONE\",\"include\":[null]}",
    "{\"connection\":\"ZONE\",\"include\":[[\"a\"]]}",
    "{\"connection\":\"ZONE\",\"include\":[\"\"]}",
    "{\"connection\":\"ZONE\",\"include\":[\"a/b\"]}",
    "{\"connection\":\"ZONE\",\"include\":[\"a b\"]}",
    "{\"connection\":\"ZONE\",\"include\":[\"a\",\"..\"]}",
    "{\"connection\":\"ZONE\",\"include\":[\"a\\u0000\"]}",
    "{\"connection\":\"ZONE\",\"include\":[\"a\\u0000/\"]}",
    "{\"connection\":\"ZONE\",\"exclude\":[\"\\u00e9\"]}",
    "{\"connection\":\"ZONE\",\"exclude\":[\"a\",\"\\n\"]}",
    "{\"connection\":\"ZONE\",\"exclude\":[\"" ID_64 "x\"]}",
    /* ZONE without any zone */
    "{\"connection\":\"ZONE\"}",
    "{\"connection\":\"ZONE\",\"include\":[]}",
    "{\"connection\":\"ZONE\",\"include\":[],\"exclude\":[]}",
    "{\"connection\":\"ZONE\",\"include\":null,\"exclude\":null}",
    /* zones without ZONE */
    "{\"connection\":\"ANYWHERE\",\"include\":[\"a\"]}",
    "{\"connection\":\"ANYWHERE\",\"exclude\":[\"a\"]}",
    /* both lists */
    "{\"connection\":\"ZONE\",\"include\":[\"a\"],\"exclude\":[\"b\"]}",
    "{\"connection\":\"ZONE\",\"include\":[\"a\"],\"exclude\":[\"a\"]}",
};

static void networks_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad_networks); i++) {
        const char *why = check_network(bad_networks[i], "", 0, 0);

        if (why == NULL)
            fail_msg("%s was read", bad_networks[i]);
        assert_true(why[0] != '\0');
    }
}

static void each_refusal_says_what_is_wrong(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        { "null", "network: The field cannot be left blank" },
        { "{}", "network.connection: must be ANYWHERE or ZONE" },
        { "{\"connection\":\"ZONE\",\"include\":7}",
          "network: include and exclude must be lists of zone ids" },
        { "{\"connection\":\"ZONE\",\"include\":[\"/\"]}",
          "network: not the id of a zone" },
        { "{\"connection\":\"ZONE\"}",
          "network: the connection ZONE needs zones" },
        { "{\"connection\":\"ANYWHERE\",\"include\":[\"a\"]}",
          "network: zones need the connection ZONE" },
        { "{\"connection\":\"ZONE\",\"include\":[\"a\"],\"exclude\":[\"b\"]}",
          "network: either include or exclude, not both" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_text(check_network(cases[i].text, "", 0, 0), cases[i].why);
}

static void a_body_without_network_is_refused(void **state)
{
    static const char *const bodies[] = {
        "{}", "[]", "null", "{\"Network\":{}}",
        "[{\"network\":{\"connection\":"
        "\"ANYWHERE\"}}]"
    };
    struct okt_network_view view;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        AUTO(yyjson_doc) doc = parse_json(bodies[i]);

        assert_non_null(okt_network_decode(yyjson_doc_get_root(doc), &view));
    }
    assert_non_null(okt_network_decode(NULL, &view));
}

static void a_list_has_at_most_100_zones(void **state)
{
    static const char *const lists[] = { "include", "exclude" };

    (void)state;
    for (size_t n = OKT_ZONES_MAX - 1; n <= OKT_ZONES_MAX + 1; n++) {
        for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
            OKT_BUF_AUTO text = OKT_BUF_INIT(10000);
            const char *why;

            okt_buf_printf(&text, "{\"connection\":\"ZONE\",\"%s\":[\"z\"",
                           lists[i]);
            for (size_t k = 1; k < n; k++)
                okt_buf_printf(&text, ",\"nzo%zu\"", k);
            okt_buf_str(&text, "]}");
            why = check_network(text.data, "ZONE", i == 0 ? n : 0,
                                i == 1 ? n : 0);
            assert_int_equal(why == NULL, n <= OKT_ZONES_MAX);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(every_field_is_read),
        cmocka_test(what_is_absent_or_of_another_type_is_null),
        cmocka_test(members_of_other_names_are_no_fields),
        cmocka_test(odd_networks_and_links_are_null),
        cmocka_test(empty_lists_are_empty),
        cmocka_test(links_are_read_under_both_names),
        cmocka_test(what_is_no_token_is_refused),
        cmocka_test(a_field_cut_at_a_nul_does_not_pass_for_another),
        cmocka_test(a_member_that_comes_twice_is_refused),
        cmocka_test(a_token_is_written_byte_for_byte_as_real_orgs_do),
        cmocka_test(names_are_escaped),
        cmocka_test(what_is_written_can_be_read),
        cmocka_test(what_cannot_be_written_is_latched),
        cmocka_test(writing_survives_every_failed_allocation),
        cmocka_test(an_update_says_all_as_it_was_but_the_network),
        cmocka_test(updating_survives_every_failed_allocation),
        cmocka_test(networks_are_read),
        cmocka_test(networks_that_make_no_sense_are_refused),
        cmocka_test(each_refusal_says_what_is_wrong),
        cmocka_test(a_body_without_network_is_refused),
        cmocka_test(a_list_has_at_most_100_zones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
