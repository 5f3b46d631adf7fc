/* SPDX-License-Identifier: Apache-2.0 */
/* test_json.c - JSON from the network: its bounds, its parts, its writing. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"
#include "wire/json.h"

/* Reads a copy without a byte to spare, so that ASan sees a step too far. */
static yyjson_doc *read_exact(const char *data, size_t len, const char **why,
                              bool *no_memory)
{
    char *copy = malloc(len == 0 ? 1 : len);
    yyjson_doc *doc;

    assert_non_null(copy);
    memcpy(copy, data, len);
    *why = NULL;
    *no_memory = true;
    doc = okt_json_read(copy, len, why, no_memory);
    memset(copy, 'x', len); /* the document has copies of its own */
    free(copy);
    return doc;
}

static void expect_json(const char *data, size_t len)
{
    const char *why;
    bool no_memory;
    AUTO(yyjson_doc) doc = read_exact(data, len, &why, &no_memory);

    if (doc == NULL)
        fail_msg("%.*s: %s", (int)len, data, why);
}

static void expect_no_json(const char *data, size_t len)
{
    const char *why;
    bool no_memory;
    AUTO(yyjson_doc) doc = read_exact(data, len, &why, &no_memory);

    if (doc != NULL)
        fail_msg("%.*s was read", (int)len, data);
    assert_non_null(why);
    assert_true(why[0] != '\0');
    assert_false(no_memory);
}

/* ------------------------------------------------------------- Reading -- */

static void json_is_read(void **state)
{
    static const char *const good[] = {
        "{}",
        "[]",
        "null",
        "true",
        "0",
        "-1.5e3",
        "\"\"",
        "\"a\"",
        " \t\r\n{ \"a\" : [ 1 , 2 ] }\n\r\t ",
        "{\"a\":{\"b\":[null,true,false,-0,1e2,\"x\"]}}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude80\"",
        "\"\\u0000\"",
        "\"\u00e9 \u65e5 \U0001f680\"",
        "\"\x7f\"",
        "{\"\":1}",
        "{\"a\":1,\"a\":2}",
        "123456789012345678901234567890",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        expect_json(good[i], strlen(good[i]));
}

static void what_is_read_is_what_was_written(void **state)
{
    static const char text[] =
        "{\"a\":[1,\"x\\u0041\"],\"n\":null,\"s\":\"v\"}";
    const char *why;
    bool no_memory;
    AUTO(yyjson_doc) doc = read_exact(text, sizeof(text) - 1, &why, &no_memory);
    yyjson_val *root = yyjson_doc_get_root(doc);

    (void)state;
    assert_string_equal(okt_json_str(root, "s"), "v");
    assert_null(okt_json_str(root, "n"));
    assert_null(okt_json_str(root, "a"));
    assert_null(okt_json_str(root, "missing"));
    assert_null(okt_json_str(root, "S"));
    assert_null(okt_json_str(root, ""));
    assert_null(okt_json_str(yyjson_obj_get(root, "a"), "s"));
    assert_null(okt_json_str(yyjson_obj_get(root, "s"), "s"));
    assert_null(okt_json_str(NULL, "s"));
    assert_string_equal(yyjson_get_str(yyjson_arr_get(yyjson_obj_get(root, "a"),
                                                      1)),
                        "xA");
}

static const char *const not_json[] = {
    "",
    " ",
    "x",
    "nul",
    "nulll",
    "True",
    "NaN",
    "Infinity",
    "-Infinity",
    "01",
    "+1",
    "1.",
    ".5",
    "0x10",
    "1e",
    "-",
    "'a'",
    "\"a",
    "\"\\",
    "\"\\\"",
    "\"\\x41\"",
    "\"\\u12\"",
    "\"\\ud800\"",
    "\"\\ude80\\ud83d\"",
    "\"a\nb\"",
    "\"a\tb\"",
    "\"\x1f\"",
    "{",
    "}",
    "[",
    "]",
    "[}",
    "{]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1,,2]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{1:1}",
    "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "// c\n{}",
    "{/* c */}",
    "{} // c",
    "\xef\xbb\xbf{}",
    "\xa0{}",
    "{}\v",
    /* what follows */
    "{}x",
    "{}{}",
    "{},",
    "[]]",
    "[1]2",
    "1 2",
    "null null",
    "\"a\"\"b\"",
};

/* Reads it as a request: why it is refused; NULL: it is not. */
static const char *why_refused(const char *text)
{
    const char *why = NULL;
    bool no_memory;
    AUTO(yyjson_doc)
    doc = okt_json_read_request(text, strlen(text), &why, &no_memory);

    assert_false(no_memory);
    assert_int_equal(doc == NULL, why != NULL);
    return why;
}

static void a_request_has_each_member_once(void **state)
{
    static const char *const good[] = {
        "{}",
        "[]",
        "\"a\"",
        "{\"a\":1,\"A\":2,\"\":3,\"a\\u0000\":4,\"a\\u0000b\":5}",
        "{\"a\":{\"a\":{\"a\":\"a\"}},\"b\":\"a\"}",
        "[{\"a\":1},{\"a\":1},{\"b\":[{\"a\":1},{\"a\":1}]}]",
    };
    static const char *const twice[] = {
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"b\":2,\"\\u0061\":3}",
        "{\"\":1,\"\":1}",
        "{\"a\\u0000\":1,\"a\\u0000\":1}",
        "{\"n\":{\"b\":[],\"a\":{\"x\":1},\"a\":0}}",
        "[1,[2,{\"a\":{\"a\":1},\"a\":1}]]",
        "[{\"a\":1},{\"a\":1,\"a\":1}]",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        if (why_refused(good[i]) != NULL)
            fail_msg("%s: %s", good[i], why_refused(good[i]));
    for (size_t i = 0; i < ARRAY_LEN(twice); i++) {
        if (why_refused(twice[i]) == NULL)
            fail_msg("%s is taken", twice[i]);
        assert_string_equal(why_refused(twice[i]), "a member is there twice");
    }
    assert_non_null(why_refused("{\"a\":1"));
}

static void a_request_has_not_too_many_members(void **state)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(65536);

    (void)state;
    okt_buf_char(&text, '{');
    for (int i = 0; i < OKT_JSON_MEMBERS; i++)
        okt_buf_printf(&text, "%s\"m%d\":%d", i == 0 ? "" : ",", i, i);
    okt_buf_str(&text, "}");
    assert_null(why_refused(text.data));
    text.data[text.len - 1] = ',';
    okt_buf_str(&text, "\"more\":0}");
    assert_string_equal(why_refused(text.data), "too many members");
}

static void what_is_not_strict_json_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(not_json); i++)
        expect_no_json(not_json[i], strlen(not_json[i]));
}

static void what_is_not_utf_8_is_refused(void **state)
{
    static const char *const bad[] = {
        "\"\x80\"",
        "\"\xff\"",
        "\"\xc3\"",
        "\"\xc3\x28\"",
        "\"\xc0\x80\"",
        "\"\xc1\xbf\"",
        "\"\xe2\x82\"",
        "\"\xe0\x80\xaf\"",
        "\"\xed\xa0\x80\"",
        "\"\xf0\x82\x82\xac\"",
        "\"\xf0\x9f\x9a\"",
        "\"\xf4\x90\x80\x80\"",
        "\"\xf8\x88\x80\x80\x80\"",
        "{\"\xff\":1}",
        "[\"ok\",\"\xfe\"]",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        expect_no_json(bad[i], strlen(bad[i]));
}

static void a_nul_byte_is_refused_everywhere(void **state)
{
    static const char good[] = " { \"a\" : [ 1 , \"x\" , null ] } ";

    (void)state;
    for (size_t i = 0; i < sizeof(good) - 1; i++) {
        char text[sizeof(good)];

        memcpy(text, good, sizeof(good));
        text[i] = '\0';
        expect_no_json(text, sizeof(good) - 1);
    }
    expect_no_json("{}\0", 3);
    expect_no_json("{}\0{}", 5);
    expect_no_json("\0", 1);
}

static void every_cut_text_is_refused(void **state)
{
    static const char good[] = "{\"a\":[1,\"x\\\\\",{\"b\":null}],\"c\":true}";

    (void)state;
    for (size_t len = 0; len < sizeof(good) - 1; len++)
        expect_no_json(good, len);
    expect_json(good, sizeof(good) - 1);
}

/* --------------------------------------------------------------- Depth -- */

/* depth times open, the middle, depth times close. */
static void nest(struct okt_buf *out, const char *open, const char *middle,
                 const char *close, size_t depth)
{
    for (size_t i = 0; i < depth; i++)
        okt_buf_str(out, open);
    okt_buf_str(out, middle);
    for (size_t i = 0; i < depth; i++)
        okt_buf_str(out, close);
    assert_false(okt_buf_failed(out));
}

static void nesting_goes_to_32_and_no_deeper(void **state)
{
    static const struct {
        const char *open;
        const char *middle;
        const char *close;
        size_t each;
    } cases[] = {
        { "[", "", "]", 1 },
        { "[", "1", "]", 1 },
        { "[", "\"[[[\"", "]", 1 },
        { "{\"a\":", "1", "}", 1 },
        { "{\"[\":", "\"{\"", "}", 1 },
        { "[{\"a\":", "1", "}]", 2 },
        { " [ \"x\" , ", "1", " , {} ] ", 1 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        /* The last case's "{}" stands within the innermost array too. */
        size_t depth = (OKT_JSON_DEPTH - (i == 6 ? 1U : 0U)) / cases[i].each;
        OKT_BUF_AUTO good = OKT_BUF_INIT(2000);
        OKT_BUF_AUTO bad = OKT_BUF_INIT(2000);

        nest(&good, cases[i].open, cases[i].middle, cases[i].close, depth);
        expect_json(good.data, good.len);
        nest(&bad, cases[i].open, cases[i].middle, cases[i].close, depth + 1);
        expect_no_json(bad.data, bad.len);
    }
}

static void what_stands_side_by_side_is_not_deep(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(100000);

    (void)state;
    okt_buf_str(&out, "[[]");
    for (int i = 0; i < 1000; i++)
        okt_buf_str(&out, ",[[]],{\"a\":{}},\"[{\"");
    okt_buf_str(&out, "]");
    expect_json(out.data, out.len);
}

static void brackets_in_strings_are_not_nesting(void **state)
{
    static const char *const middles[] = {
        "\"",
        "\"\\\"",
        "\"\\\\\\\"",
        "\"\\u005b\\\\\\\\",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(middles); i++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(1000);

        okt_buf_str(&out, "{\"k\":");
        okt_buf_str(&out, middles[i]);
        for (int n = 0; n < 100; n++)
            okt_buf_str(&out, "[{");
        okt_buf_str(&out, "\"}");
        expect_json(out.data, out.len);
    }
}

/* A string's end is where it is, even after backslashes: nesting that follows
 * it is counted. */
static void nesting_after_a_string_is_seen(void **state)
{
    static const char *const before[] = {
        "[\"\",", "[\"\\\\\",", "[\"\\\"\",", "[\"]]]]\",", "{\"a\\\\\":",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(before); i++) {
        const char *close = before[i][0] == '{' ? "}" : "]";
        OKT_BUF_AUTO good = OKT_BUF_INIT(1000);
        OKT_BUF_AUTO bad = OKT_BUF_INIT(1000);

        nest(&good, before[i], "1", close, OKT_JSON_DEPTH);
        expect_json(good.data, good.len);
        nest(&bad, before[i], "1", close, OKT_JSON_DEPTH + 1);
        expect_no_json(bad.data, bad.len);
    }
}

static void endless_nesting_costs_no_stack(void **state)
{
    static char text[1000000];

    (void)state;
    memset(text, '[', sizeof(text));
    expect_no_json(text, sizeof(text));
    memset(text, ']', sizeof(text));
    expect_no_json(text, sizeof(text));
    memset(text, '"', sizeof(text));
    expect_no_json(text, sizeof(text));
}

/* ------------------------------------------------------------- Objects -- */

enum { SPANS = 64 };

/* Each span, read by itself, is the object; found: what there must be. */
static void check_objects(const char *data, size_t len, bool found)
{
    const char *why;
    bool no_memory;
    AUTO(char) text = malloc(len);
    AUTO(yyjson_doc) doc = NULL;
    yyjson_val *root;
    struct okt_span spans[SPANS];

    assert_non_null(text);
    memcpy(text, data, len);
    doc = okt_json_read(text, len, &why, &no_memory);
    root = yyjson_doc_get_root(doc);
    assert_true(yyjson_is_arr(root));
    assert_true(yyjson_arr_size(root) <= SPANS);
    if (okt_json_objects(doc, text, len, spans) != found)
        fail_msg("%.*s", (int)len, data);
    for (size_t i = 0; found && i < yyjson_arr_size(root); i++) {
        const struct okt_span *s = &spans[i];
        AUTO(yyjson_doc) part = NULL;

        assert_true(s->data > text && s->len > 1);
        assert_true(s->data + s->len < text + len);
        assert_int_equal(s->data[0], '{');
        assert_int_equal(s->data[s->len - 1], '}');
        part = read_exact(s->data, s->len, &why, &no_memory);
        if (part == NULL)
            fail_msg("in %.*s: %.*s", (int)len, data, (int)s->len, s->data);
        assert_true(yyjson_equals(yyjson_doc_get_root(part),
                                  yyjson_arr_get(root, i)));
    }
}

static void objects_are_found_where_they_stand(void **state)
{
    static const char *const arrays[] = {
        "[]",
        "[ ]",
        " \r\n\t[ \t\r\n ] \n",
        "[{\"a\":1}]",
        "[{\"\":1}]",
        " [ { \"a\" : 1 } ] ",
        "[{\"a\":1},{\"a\":1},{\"b\":2}]",
        "[{\"a\":[1,{\"b\":[2,3]}]},{\"c\":4}]",
        "[{\"]\":\"}\"},{\",\":[\",\"]},{\"{\":\"[\"}]",
        "[{\"a\":\"],[\"},{\"b\":\"\\\",{\"},{\"c\":\"\\\\\"}]",
        "[{\"\\\"\":1},{\"\\\\\":2},{\"\\u007b\":3}]",
        "[{\"\\u0000\":1},{\"a\":\"\\u0000\"}]",
        "[\n  {\n    \"a\" : \"x\" ,\n    \"b\" : [ ]\n  } ,\n  { \"c\" : "
        "{ } }\n]\n",
        "[{\t\"x\"\r:1\n}\t,\r{\n\"y\":2}\n]\r\n",
        "[{\"n\u00e4chste\":\"\u65e5\"},{\"\u65e5\":{}}]",
        "[{\"a\":{\"a\":{\"a\":{}}}},{\"b\":[[[]]]}]",
        "[{\"a\":\"x\",\"a\":\"x\"}]",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(arrays); i++)
        check_objects(arrays[i], strlen(arrays[i]), true);
}

static void what_is_no_object_or_empty_is_told(void **state)
{
    static const char *const arrays[] = {
        "[1]",
        "[null]",
        "[\"{\"]",
        "[[]]",
        "[[{\"a\":1}]]",
        "[{}]",
        "[ { } ]",
        "[{\"a\":1},{}]",
        "[{},{\"a\":1}]",
        "[{\"a\":1},7,{\"a\":1}]",
        "[{\"a\":1},\"x\"]",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(arrays); i++)
        check_objects(arrays[i], strlen(arrays[i]), false);
}

/* A number below n, the same in every run. */
static unsigned int dice(unsigned int n)
{
    static unsigned long long seed = 20250614;

    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned int)(seed >> 33) % n;
}

static void write_space(struct okt_buf *out)
{
    while (dice(4) == 0)
        okt_buf_char(out, " \t\r\n"[dice(4)]);
}

static void write_string(struct okt_buf *out)
{
    static const char *const parts[] = { "[",   "]",       "{",    "}",     ",",
                                         ":",   "\\\"",    "\\\\", "a",     " ",
                                         "\\/", "\\u005c", "\\n",  "\u00e9" };

    okt_buf_char(out, '"');
    for (unsigned int n = dice(6); n > 0; n--)
        okt_buf_str(out, parts[dice(ARRAY_LEN(parts))]);
    okt_buf_char(out, '"');
}

static void write_value(struct okt_buf *out, int depth);

/* An object of at least so many members. */
static void write_object(struct okt_buf *out, int depth, unsigned int least)
{
    unsigned int n = least + dice(4);

    okt_buf_char(out, '{');
    write_space(out);
    for (unsigned int i = 0; i < n; i++) {
        if (i > 0)
            okt_buf_char(out, ',');
        write_space(out);
        write_string(out);
        write_space(out);
        okt_buf_char(out, ':');
        write_value(out, depth - 1);
    }
    okt_buf_char(out, '}');
}

/* Some value, at most depth levels deep. */
static void write_value(struct okt_buf *out, int depth)
{
    static const char *const plain[] = { "null", "true", "0", "-12.5e-3" };
    unsigned int kind = dice(depth > 0 ? 4 : 2);
    unsigned int n = dice(4);

    write_space(out);
    if (kind == 0)
        okt_buf_str(out, plain[dice(ARRAY_LEN(plain))]);
    if (kind == 1)
        write_string(out);
    if (kind == 2)
        write_object(out, depth, 0);
    if (kind == 3) {
        okt_buf_char(out, '[');
        write_space(out);
        for (unsigned int i = 0; i < n; i++) {
            if (i > 0)
                okt_buf_char(out, ',');
            write_value(out, depth - 1);
        }
        okt_buf_char(out, ']');
    }
    write_space(out);
}

static void objects_of_any_array_are_found(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(1000000);

        write_space(&out);
        okt_buf_char(&out, '[');
        write_space(&out);
        for (unsigned int n = dice(6); n > 0; n--) {
            write_object(&out, 4, 1);
            write_space(&out);
            if (n > 1)
                okt_buf_char(&out, ',');
            write_space(&out);
        }
        okt_buf_char(&out, ']');
        write_space(&out);
        assert_false(okt_buf_failed(&out));
        check_objects(out.data, out.len, true);
    }
}

/* ------------------------------------------------------------- Writing -- */

enum { SAMPLE_MAX = 20000 };

/* A document that outgrows what yyjson begins with. */
static void write_sample(struct okt_buf *out)
{
    static char text[8001];
    OKT_JSON_WRITER_AUTO w;
    yyjson_mut_val *root = okt_json_begin(&w);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(w.doc, root, "list");

    memset(text, '"', sizeof(text) - 1);
    yyjson_mut_obj_add_str(w.doc, root, "s", text);
    yyjson_mut_obj_add_null(w.doc, root, "n");
    for (int i = 0; i < 200; i++)
        yyjson_mut_arr_add_int(w.doc, list, i);
    okt_json_print(&w, out);
}

static void a_document_is_written_in_the_order_it_was_made(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(2000);
    OKT_JSON_WRITER_AUTO w;
    yyjson_mut_val *root = okt_json_begin(&w);

    (void)state;
    assert_non_null(root);
    okt_buf_str(&out, "> ");
    yyjson_mut_obj_add_str(w.doc, root, "b", "x\"\\/\n\x01\u00e9");
    yyjson_mut_obj_add_null(w.doc, root, "a");
    yyjson_mut_obj_add_int(w.doc, root, "b2", -1);
    okt_json_print(&w, &out);
    assert_false(okt_buf_failed(&out));
    assert_string_equal(
        out.data,
        "> {\"b\":\"x\\\"\\\\/\\n\\u0001\u00e9\",\"a\":null,\"b2\":-1}");
}

static void an_empty_document_is_an_empty_object(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(2);
    OKT_JSON_WRITER_AUTO w;

    (void)state;
    assert_non_null(okt_json_begin(&w));
    okt_json_print(&w, &out);
    assert_string_equal(out.data, "{}");
}

static void writing_keeps_to_the_bound(void **state)
{
    OKT_BUF_AUTO whole = OKT_BUF_INIT(SAMPLE_MAX);
    OKT_BUF_AUTO cut = OKT_BUF_INIT(0);

    (void)state;
    write_sample(&whole);
    assert_false(okt_buf_failed(&whole));
    cut.max = whole.len - 1;
    write_sample(&cut);
    assert_int_equal(cut.state, OKT_BUF_FULL);
    assert_int_equal(cut.len, 0);
}

static void a_string_is_escaped_as_in_a_document(void **state)
{
    static const char *const texts[] = {
        "", "plain ~!", "\"", "a\\b", "\n\x01\x1f\x7f", "</\u00e9\u2028>",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        OKT_BUF_AUTO whole = OKT_BUF_INIT(200);
        OKT_BUF_AUTO parts = OKT_BUF_INIT(200);
        OKT_JSON_WRITER_AUTO w;
        yyjson_mut_val *root = okt_json_begin(&w);

        yyjson_mut_obj_add_str(w.doc, root, "s", texts[i]);
        okt_json_print(&w, &whole);
        okt_buf_str(&parts, "{\"s\":\"");
        okt_json_escape(&parts, texts[i]);
        okt_buf_str(&parts, "\"}");
        assert_string_equal(parts.data, whole.data);
    }
}

static void what_cannot_be_written_is_told(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(2000);
    OKT_JSON_WRITER_AUTO w;
    yyjson_mut_val *root = okt_json_begin(&w);

    (void)state;
    yyjson_mut_obj_add_str(w.doc, root, "s", "not \xff utf-8");
    okt_json_print(&w, &out);
    assert_true(okt_buf_failed(&out));
    assert_int_equal(out.len, 0);
}

static void writing_survives_every_failed_allocation(void **state)
{
    OKT_BUF_AUTO whole = OKT_BUF_INIT(SAMPLE_MAX);
    bool done = false;

    (void)state;
    write_sample(&whole);
    for (int nth = 0; !done; nth++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(SAMPLE_MAX);

        assert_true(nth < 100);
        test_fail_alloc(nth);
        write_sample(&out);
        test_fail_alloc(-1);
        done = !test_alloc_failed();
        assert_int_equal(okt_buf_failed(&out), !done);
        if (done)
            assert_string_equal(out.data, whole.data);
        else
            assert_int_equal(out.state, OKT_BUF_NO_MEMORY);
    }
}

static void reading_survives_every_failed_allocation(void **state)
{
    static const char text[] = "{\"a\":[1,2,{\"b\":\"c\"}]}";
    bool done = false;

    (void)state;
    for (int nth = 0; !done; nth++) {
        AUTO(yyjson_doc) doc = NULL;
        const char *why = NULL;
        bool no_memory = false;

        assert_true(nth < 100);
        test_fail_alloc(nth);
        doc = okt_json_read(text, sizeof(text) - 1, &why, &no_memory);
        test_fail_alloc(-1);
        done = !test_alloc_failed();
        assert_int_equal(doc != NULL, done);
        if (!done) {
            assert_true(no_memory);
            assert_non_null(why);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(json_is_read),
        cmocka_test(what_is_read_is_what_was_written),
        cmocka_test(what_is_not_strict_json_is_refused),
        cmocka_test(a_request_has_each_member_once),
        cmocka_test(a_request_has_not_too_many_members),
        cmocka_test(what_is_not_utf_8_is_refused),
        cmocka_test(a_nul_byte_is_refused_everywhere),
        cmocka_test(every_cut_text_is_refused),
        cmocka_test(nesting_goes_to_32_and_no_deeper),
        cmocka_test(what_stands_side_by_side_is_not_deep),
        cmocka_test(brackets_in_strings_are_not_nesting),
        cmocka_test(nesting_after_a_string_is_seen),
        cmocka_test(endless_nesting_costs_no_stack),
        cmocka_test(objects_are_found_where_they_stand),
        cmocka_test(what_is_no_object_or_empty_is_told),
        cmocka_test(objects_of_any_array_are_found),
        cmocka_test(a_document_is_written_in_the_order_it_was_made),
        cmocka_test(an_empty_document_is_an_empty_object),
        cmocka_test(writing_keeps_to_the_bound),
        cmocka_test(a_string_is_escaped_as_in_a_document),
        cmocka_test(what_cannot_be_written_is_told),
        cmocka_test(writing_survives_every_failed_allocation),
        cmocka_test(reading_survives_every_failed_allocation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
