/* SPDX-License-Identifier: Apache-2.0 */
/* test_output.c - tokens and results in every format, byte for byte. */
#define _XOPEN_SOURCE 700 /* wcwidth */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "cli/output/output.h"
#include "tests/unit/test.h"

/* ------------------------------------------------------------- Tokens -- */

#define SELF "\"_links\":{\"self\":{\"href\":\"https://o/t/1\"}}"

/* Used a day ago; 20 more to go. */
#define USED                                                              \
    "{\"id\":\"00T1\",\"name\":\"ci\",\"userId\":\"00u1\","               \
    "\"clientName\":\"Okta API\",\"tokenWindow\":\"P30D\","               \
    "\"network\":{\"connection\":\"ANYWHERE\"},"                          \
    "\"expiresAt\":\"2025-12-23T16:00:00.000Z\","                         \
    "\"created\":\"2025-11-04T16:00:00.000Z\","                           \
    "\"lastUpdated\":\"2025-11-23T16:00:00.000Z\",\"more\":{\"a\":[1,2]}" \
    "," SELF "}"
#define USED_X                                                \
    "\"x\":{\"lastUsed\":\"2025-11-23T16:00:00.000Z\","       \
    "\"neverUsed\":false,\"status\":\"used\",\"ageDays\":20," \
    "\"expiresInDays\":29}"
#define NULLS "{\"id\":\"00T2\",\"name\":\"n\",\"tokenWindow\":null}"
#define NULLS_X                                                           \
    "\"x\":{\"lastUsed\":null,\"neverUsed\":null,\"status\":\"unknown\"," \
    "\"ageDays\":null,\"expiresInDays\":null}"

/* Made then. */
#define CREATED(time) "{\"id\":\"1\",\"name\":\"n\",\"created\":\"" time "\"}"

#define NAMED(name) "{\"id\":\"1\",\"name\":\"" name "\"}"

/* An object without the bracket that ends it. */
static char *open_of(const char *json)
{
    char *open = strdup(json);

    assert_non_null(open);
    open[strlen(open) - 1] = '\0';
    return open;
}

static okta_api_token *parse(const char *json)
{
    okta_api_token *token = NULL;
    okta_error err;

    if (okt_api_token_parse(json, strlen(json), &token, &err) != OKTA_OK)
        fail_msg("%s: %s", err.message, json);
    return token;
}

/* ------------------------------------------------------------- Printing -- */

enum { TOKENS_MAX = 4 };

struct page {
    struct output_options options;
    const char *tokens[TOKENS_MAX];
    bool broken_off;
    bool empty; /* for the test of allocations: nothing comes, */
    bool late;  /* or no page ends */
};

static struct output *open_output(const struct page *page, FILE *stream)
{
    struct output_options options = page->options;
    AUTO(char) why = NULL;
    struct output *output;

    options.now = NOW;
    options.stream = stream;
    output = output_open(&options, &why);
    if (output == NULL)
        fail_msg("%s", why);
    return output;
}

static void put(struct output *output, const char *json)
{
    AUTO(okta_api_token) token = parse(json);

    assert_true(output_token(output, token, NULL));
}

static char *print(const struct page *page)
{
    char *text = NULL;
    size_t len;
    FILE *stream = open_memstream(&text, &len);
    struct output *output = open_output(page, stream);

    for (size_t i = 0; i < TOKENS_MAX && page->tokens[i] != NULL; i++)
        put(output, page->tokens[i]);
    assert_true(output_close(output, !page->broken_off));
    fclose(stream);
    return text;
}

static void prints(const struct page *page, const char *expected)
{
    AUTO(char) text = print(page);

    assert_string_equal(text, expected);
}

static void is_json(const char *text)
{
    yyjson_doc *doc = yyjson_read(text, strlen(text), 0);

    if (doc == NULL)
        fail_msg("not JSON: %s", text);
    yyjson_doc_free(doc);
}

/* Which names a table of cases uses. */
#define JSON .options.format = OUTPUT_JSON, .options.array = true
#define ONE .options.format = OUTPUT_JSON
#define JSONL .options.format = OUTPUT_JSONL
#define CSV .options.format = OUTPUT_CSV
#define TSV .options.format = OUTPUT_TSV
#define TABLE .options.format = OUTPUT_TABLE
#define OF(...) .tokens = { __VA_ARGS__ }
#define FIELDS(list) .options.fields = (list)
#define TERMINAL .options.terminal = true
#define TIME(how) .options.time = (how)

struct print_case {
    struct page page;
    const char *expected;
};

static void print_all(const struct print_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        prints(&cases[i].page, cases[i].expected);
}

/* Prints a page a token. */
static char *print_pages(const struct page *pages)
{
    char *text = NULL;
    size_t len;
    FILE *stream = open_memstream(&text, &len);
    struct output *output = open_output(pages, stream);
    size_t seen = 0;

    for (size_t i = 0; i < TOKENS_MAX && pages->tokens[i] != NULL; i++) {
        put(output, pages->tokens[i]);
        assert_true(output_flush(output));
        assert_true(len > seen); /* what is flushed is out */
        seen = len;
    }
    assert_true(output_close(output, true));
    fclose(stream);
    return text;
}

/* --------------------------------------------------------------- json -- */

static void json_is_what_the_org_sent_and_x(void **state)
{
    AUTO(char) used = open_of(USED);
    AUTO(char) nulls = open_of(NULLS);
    AUTO(char) expected = NULL;
    struct page page = { JSON, .tokens = { USED, NULLS } };
    size_t len;
    FILE *stream = open_memstream(&expected, &len);

    (void)state;
    fprintf(stream, "[%s," USED_X "},\n%s," NULLS_X "}]\n", used, nulls);
    fclose(stream);
    is_json(expected);
    prints(&page, expected);
}

static void a_list_that_broke_off_is_not_closed(void **state)
{
    AUTO(char) expected = NULL;
    AUTO(char) nulls = open_of(NULLS);
    static const struct print_case cases[] = {
        { { JSON }, "[]\n" }, { { JSON, .broken_off = true }, "[\n" },
        { { ONE }, "" },      { { ONE, .broken_off = true }, "" },
        { { JSONL }, "" },
    };
    const struct page broken = { JSON, OF(NULLS), .broken_off = true };
    size_t len;
    FILE *stream = open_memstream(&expected, &len);

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
    fprintf(stream, "[%s," NULLS_X "}\n", nulls);
    fclose(stream);
    prints(&broken, expected);
}

static void a_single_token_is_an_object(void **state)
{
    static const struct print_case cases[] = {
        { { ONE, OF(NULLS) },
          "{\"id\":\"00T2\",\"name\":\"n\",\"tokenWindow\":null," NULLS_X
          "}\n" },
        { { JSONL, OF(NULLS) },
          "{\"id\":\"00T2\",\"name\":\"n\",\"tokenWindow\":null," NULLS_X
          "}\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void space_around_members_does_no_harm(void **state)
{
    static const char spaced[] =
        " {\n\t\"id\" : \"00T1\" ,\r\n\"name\": \"a\\nb}\"\n}\n ";
    static const struct print_case cases[] = {
        { { ONE, OF(spaced) },
          "{\n\t\"id\" : \"00T1\" ,\r\n\"name\": \"a\\nb}\"," NULLS_X "}\n" },
        { { JSONL, OF(spaced) },
          "{\t\"id\" : \"00T1\" ,\"name\": \"a\\nb}\"," NULLS_X "}\n" },
        { { JSONL, OF(spaced), FIELDS("name,id") },
          "{\"name\":\"a\\nb}\",\"id\":\"00T1\"}\n" },
        { { JSONL, OF("{\"id\":\"1\",\"name\":\"n\",\"a\":{\n\"b\":1}}"),
            FIELDS(".a") },
          "{\"a\":{\"b\":1}}\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void a_member_named_x_is_the_orgs(void **state)
{
    static const struct {
        const char *json;
        const char *ours;
    } cases[] = {
        { "{\"id\":\"1\",\"name\":\"x\"}", "\"x\"" },
        { "{\"id\":\"1\",\"name\":\"n\",\"a\":{\"x\":1}}", "\"x\"" },
        { "{\"id\":\"1\",\"name\":\"n\\\"x\"}", "\"x\"" },
        { "{\"id\":\"1\",\"name\":\"n\",\"x\":1}", "\"_x\"" },
        { "{\"x\" : {}, \"id\":\"1\",\"name\":\"n\"}", "\"_x\"" },
        { "{\"\\u0078\":1,\"id\":\"1\",\"name\":\"n\"}", "\"_x\"" },
        { "{\"x\":1,\"_x\":2,\"id\":\"1\",\"name\":\"n\"}", "\"__x\"" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct page page = { ONE, OF(cases[i].json) };
        AUTO(char) open = open_of(cases[i].json);
        AUTO(char) text = print(&page);
        size_t len = strlen(open);

        is_json(text);
        assert_memory_equal(text, open, len);
        assert_int_equal(text[len], ',');
        assert_memory_equal(text + len + 1, cases[i].ours,
                            strlen(cases[i].ours));
        assert_int_equal(text[len + 1 + strlen(cases[i].ours)], ':');
    }
}

#define ALL_X                                                         \
    "\"x\":1,\"_x\":1,\"__x\":1,\"___x\":1,\"____x\":1,\"_____x\":1," \
    "\"______x\":1,\"_______x\":1,\"________x\":1"

static void no_name_comes_twice_even_then(void **state)
{
    static const char json[] = "{\"id\":\"1\",\"name\":\"n\"," ALL_X "}";
    const struct page page = { ONE, OF(json) };

    (void)state;
    prints(&page, "{\"id\":\"1\",\"name\":\"n\"," ALL_X "}\n");
}

static void on_a_terminal_json_is_ascii(void **state)
{
    static const char json[] =
        "{\"id\":\"1\",\"name\":\"\u202eZ\u00fc\U0001f680\x7f\\n\"}";
    static const struct print_case cases[] = {
        { { JSONL, OF(json), TERMINAL, FIELDS("name") },
          "{\"name\":\"\\u202eZ\\u00fc\\ud83d\\ude80\\u007f\\n\"}\n" },
        { { ONE, OF(json), TERMINAL, FIELDS("name") },
          "{\n  \"name\": \"\\u202eZ\\u00fc\\ud83d\\ude80\\u007f\\n\"\n}\n" },
        { { JSONL, OF(json), FIELDS("name") },
          "{\"name\":\"\u202eZ\u00fc\U0001f680\x7f\\n\"}\n" },
        { { JSONL, OF(json), TERMINAL },
          "{\"id\":\"1\",\"name\":"
          "\"\\u202eZ\\u00fc\\ud83d\\ude80\\u007f\\n\"," NULLS_X "}\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void on_a_terminal_json_is_indented(void **state)
{
    static const char nested[] =
        "{\"id\":\"1\", \"name\":\"a{\\\"},: []\",\"e\":[ ],\"o\":{ },\"l\":["
        "1,{\"k\":null,\"t\":true},[\"s\"]]}";
    static const struct print_case cases[] = {
        { { JSON, OF(nested, NULLS), TERMINAL,
            FIELDS("id,name,.e,.o,.l,.none") },
          "[\n"
          "  {\n"
          "    \"id\": \"1\",\n"
          "    \"name\": \"a{\\\"},: []\",\n"
          "    \"e\": [],\n"
          "    \"o\": {},\n"
          "    \"l\": [\n"
          "      1,\n"
          "      {\n"
          "        \"k\": null,\n"
          "        \"t\": true\n"
          "      },\n"
          "      [\n"
          "        \"s\"\n"
          "      ]\n"
          "    ],\n"
          "    \"none\": null\n"
          "  },\n"
          "  {\n"
          "    \"id\": \"00T2\",\n"
          "    \"name\": \"n\",\n"
          "    \"e\": null,\n"
          "    \"o\": null,\n"
          "    \"l\": null,\n"
          "    \"none\": null\n"
          "  }\n"
          "]\n" },
        { { JSON, TERMINAL }, "[]\n" },
        { { JSON, TERMINAL, .broken_off = true }, "[\n" },
        { { JSON, OF(NULLS), TERMINAL, FIELDS("id"), .broken_off = true },
          "[\n  {\n    \"id\": \"00T2\"\n  }\n" },
        { { ONE, TERMINAL }, "" },
        { { JSONL, OF(NULLS, NULLS), TERMINAL, FIELDS("id") },
          "{\"id\":\"00T2\"}\n{\"id\":\"00T2\"}\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

#define K(key) "\033[1;34m\"" key "\"\033[0m"
#define S(text) "\033[32m\"" text "\"\033[0m"

static void on_a_terminal_json_is_coloured(void **state)
{
    static const struct print_case cases[] = {
        { { ONE,
            OF(NAMED("n\",\"a\":{\"k\":[null,\"v\",-1.5e3,false]},\"b\":\"")),
            TERMINAL, FIELDS("name,.a,.none"),
            .options.color = OUTPUT_COLOR_ALWAYS },
          "{\n"
          "  " K("name") ": " S(
              "n") ",\n"
                   "  " K(
                       "a") ": {\n"
                            "    " K(
                                "k") ": [\n"
                                     "      \033[90mnull\033[0m,\n"
                                     "      " S(
                                         "v") ",\n"
                                              "      -1.5e3,\n"
                                              "      false\n"
                                              "    ]\n"
                                              "  },\n"
                                              "  " K("none") ": "
                                                             "\033[90mnull\033["
                                                             "0m\n"
                                                             "}\n" },
        { { JSONL, OF(NAMED("n")), TERMINAL, FIELDS("name"),
            .options.color = OUTPUT_COLOR_ALWAYS },
          "{" K("name") ":" S("n") "}\n" },
        /* What is piped is what the org sent, whatever is asked for. */
        { { JSONL, OF(NAMED("n")), FIELDS("name"),
            .options.color = OUTPUT_COLOR_ALWAYS },
          "{\"name\":\"n\"}\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void fields_are_members_in_the_order_asked_for(void **state)
{
    static const struct print_case cases[] = {
        { { ONE, OF(USED),
            FIELDS("x.status,name,network,network.connection,.more.a,"
                   ".none.at.all, x.ageDays ,_links.self.href,id") },
          "{\"x.status\":\"used\",\"name\":\"ci\","
          "\"network\":{\"connection\":\"ANYWHERE\"},"
          "\"network.connection\":\"ANYWHERE\",\"more.a\":[1,2],"
          "\"none.at.all\":null,\"x.ageDays\":20,"
          "\"_links.self.href\":\"https://o/t/1\",\"id\":\"00T1\"}\n" },
        { { ONE,
            OF("{\"id\":\"1\",\"name\":\"n\",\"_link\":{\"self\":{\"href\":"
               "\"h\"}}}"),
            FIELDS("_links.self.href,created") },
          "{\"_links.self.href\":\"h\",\"created\":null}\n" },
        { { ONE, OF(USED), FIELDS("x.lastUsed,expiresAt"), TIME(OUTPUT_UNIX) },
          "{\"x.lastUsed\":1763913600,"
          "\"expiresAt\":\"2025-12-23T16:00:00.000Z\"}\n" },
        { { ONE, OF(USED), FIELDS("x.lastUsed"), TIME(OUTPUT_RELATIVE) },
          "{\"x.lastUsed\":\"2025-11-23T16:00:00.000Z\"}\n" },
        { { ONE,
            OF("{\"id\":\"1\",\"name\":\"n\",\"k\\u0065y\":1,\"key\":\"2\"}"),
            FIELDS(".key") },
          "{\"key\":\"2\"}\n" },
        { { ONE, OF("{\"id\":\"1\",\"name\":\"n\",\"k\\u0065y\":1}"),
            FIELDS(".key") },
          "{\"key\":1}\n" },
        /* Quotes and brackets in strings, names that begin alike. */
        { { ONE,
            OF("{\"id\":\"1\",\"name\":\"a\\\",\\\"k\\\":9,\\\"\",\"k\":1}"),
            FIELDS(".k") },
          "{\"k\":1}\n" },
        { { ONE,
            OF("{\"id\":\"1\",\"name\":\"n\",\"a\":{\"b\":\"}\",\"k\":2},"
               "\"k\":1}"),
            FIELDS(".k") },
          "{\"k\":1}\n" },
        { { ONE, OF("{\"id\":\"1\",\"name\":\"n\",\"idx\":2}"), FIELDS("id") },
          "{\"id\":\"1\"}\n" },
        { { ONE, OF(CREATED("2025-11-24T16:00:09Z")), FIELDS("x.ageDays") },
          "{\"x.ageDays\":0}\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

/* -------------------------------------------------------------- Fields -- */

static void fields_that_there_are_not_are_named(void **state)
{
    static const struct {
        const char *fields;
        const char *why; /* how it begins */
    } cases[] = {
        { "nmae", "unknown field \"nmae\"; there are: id, name, " },
        { "id,x.stat", "unknown field \"x.stat\"; " },
        { "", "unknown field \"\"; " },
        { "id,", "unknown field \"\"; " },
        { ".", "unknown field \".\"; " },
        { ".a..b", "unknown field \".a..b\"; " },
        { ".a.", "unknown field \".a.\"; " },
        { "\x1b[2J", "unknown field \"\\x1b[2J\"; " },
        { SECRET, "unknown field; there are" },
        { "id,name,id", "a field that is named twice: \"id\"" },
        { ".id,id", "a field that is named twice: \"id\"" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct output_options options = { .fields = cases[i].fields,
                                          .stream = stdout };
        AUTO(char) why = NULL;

        assert_null(output_open(&options, &why));
        assert_non_null(why);
        assert_memory_equal(why, cases[i].why, strlen(cases[i].why));
    }
}

static void no_more_fields_than_a_table_has_room_for(void **state)
{
    OKT_BUF_AUTO names = OKT_BUF_INIT(4096);
    struct output_options options = { .stream = stdout };
    struct output *output;
    AUTO(char) why = NULL;

    (void)state;
    for (int i = 0; i < 64; i++)
        okt_buf_printf(&names, "%s.f%d", i > 0 ? "," : "", i);
    options.fields = names.data;
    output = output_open(&options, &why);
    assert_non_null(output);
    assert_true(output_close(output, true));
    okt_buf_str(&names, ",id");
    options.fields = names.data;
    assert_null(output_open(&options, &why));
    assert_string_equal(why, "too many fields");
}

/* ----------------------------------------------------------- csv, tsv -- */

#define CSV_HEADER                                                   \
    "id,name,userId,clientName,tokenWindow,network.connection,"      \
    "network.include,network.exclude,expiresAt,created,lastUpdated," \
    "x.lastUsed,x.neverUsed,x.status,x.ageDays,x.expiresInDays\r\n"

#define ZONES(in)                                               \
    "{\"id\":\"1\",\"name\":\"n\",\"network\":{\"connection\":" \
    "\"ZONE\"," in "}}"
#define CONDITION(word)                                         \
    "{\"id\":\"1\",\"name\":\"n\",\"network\":{\"connection\":" \
    "\"" word "\"}}"

static void csv_has_a_header_and_every_member(void **state)
{
    static const struct print_case cases[] = {
        { { CSV }, CSV_HEADER },
        { { CSV, .broken_off = true }, "" },
        { { CSV, .options.no_header = true }, "" },
        { { CSV, OF(USED, NULLS) },
          CSV_HEADER
          "00T1,ci,00u1,Okta API,P30D,ANYWHERE,,,2025-12-23T16:00:00.000Z,"
          "2025-11-04T16:00:00.000Z,2025-11-23T16:00:00.000Z,"
          "2025-11-23T16:00:00.000Z,false,used,20,29\r\n"
          "00T2,n,,,,,,,,,,,,unknown,,\r\n" },
        { { CSV, OF(NULLS), .options.no_header = true, FIELDS("name") },
          "n\r\n" },
        { { CSV, OF(ZONES("\"include\":[\"nzo1\",\"nzo2\"],\"exclude\":[]")),
            FIELDS("network.include,network.exclude") },
          "network.include,network.exclude\r\nnzo1 nzo2,\r\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void csv_cells_are_quoted_escaped_and_no_formula(void **state)
{
    static const struct {
        const char *json;
        const char *cell;
    } cases[] = {
        { NAMED("a b"), "a b" },
        { NAMED("a,b"), "\"a,b\"" },
        { NAMED("say \\\"hi\\\""), "\"say \"\"hi\"\"\"" },
        { NAMED("a\\nb"), "a\\nb" },
        { NAMED("a\\rb"), "a\\rb" },
        { NAMED("=1+1"), "'=1+1" },
        { NAMED("+1"), "'+1" },
        { NAMED("-1"), "'-1" },
        { NAMED("@x"), "'@x" },
        { NAMED("\\t=1"), "\\t=1" },
        { NAMED("\\r=1"), "\\r=1" },
        { NAMED("\\n=1"), "\\n=1" },
        { NAMED("=A1,\\\"x\\\""), "\"'=A1,\"\"x\"\"\"" },
        { NAMED("a=b"), "a=b" },
        { NAMED("\u202e"), "\\u{202e}" },
        { NAMED("c:\\\\x"), "c:\\\\x" },
        { NAMED("\\u001b[2J,"), "\"\\x1b[2J,\"" },
        { NAMED("\xc2\x9b"
                "2J\u200b"),
          "\\u{009b}2J\\u{200b}" },
    };

    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
        struct page page = { CSV, OF(cases[i / 2].json), FIELDS("name") };
        AUTO(char) text = NULL;

        page.options.terminal = i % 2 == 1;
        text = print(&page);
        assert_memory_equal(text, "name\r\n", 6);
        assert_memory_equal(text + 6, cases[i / 2].cell,
                            strlen(cases[i / 2].cell));
        assert_string_equal(text + 6 + strlen(cases[i / 2].cell), "\r\n");
    }
}

/* Excel takes a file without it for one in the encoding of the machine; on a
 * terminal it would be a character that nobody sees. */
static void a_byte_order_mark_is_written_where_it_is_asked_for(void **state)
{
    static const struct print_case cases[] = {
        { { CSV, OF(NULLS), FIELDS("name"), .options.bom = true },
          "\xef\xbb\xbfname\r\nn\r\n" },
        { { CSV, FIELDS("name"), .options.bom = true },
          "\xef\xbb\xbfname\r\n" },
        { { CSV, OF(NULLS, NULLS), FIELDS("name"), .options.bom = true,
            .options.no_header = true },
          "\xef\xbb\xbfn\r\nn\r\n" },
        { { CSV, OF(NULLS), FIELDS("name"), .options.bom = true, TERMINAL },
          "name\r\nn\r\n" },
        { { CSV, OF(NULLS), FIELDS("name") }, "name\r\nn\r\n" },
        { { TSV, OF(NULLS), FIELDS("name"), .options.bom = true }, "n\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void numbers_of_ours_are_no_formulas(void **state)
{
    static const struct print_case cases[] = {
        { { CSV,
            OF("{\"id\":\"1\",\"name\":\"n\",\"expiresAt\":"
               "\"2025-11-24T15:59:59Z\"}"),
            FIELDS("x.expiresInDays") },
          "x.expiresInDays\r\n-1\r\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void tsv_is_a_line_a_token(void **state)
{
    static const struct print_case cases[] = {
        { { TSV }, "" },
        { { TSV, OF(USED, NULLS) },
          "00T1\tci\t00u1\tOkta API\tANYWHERE\t2025-11-04T16:00:00.000Z\t"
          "2025-12-23T16:00:00.000Z\t2025-11-23T16:00:00.000Z\tused\n"
          "00T2\tn\t\t\t\t\t\t\tunknown\n" },
        { { .tokens = { NULLS }, FIELDS("name") }, "n\n" },
        { { TSV, OF(NAMED("a\\tb\\nc\\rd\\\\e")), FIELDS("name,id") },
          "a\\tb\\nc\\rd\\\\e\t1\n" },
        { { TSV, OF(NAMED("\\u001b\u202e")), FIELDS("name") },
          "\\x1b\\u{202e}\n" },
        { { TSV,
            OF(NAMED("\xc2\x9b"
                     "2J\u200bZ\u00fc\U0001f680")),
            FIELDS("name") },
          "\\u{009b}2J\\u{200b}Z\u00fc\U0001f680\n" },
        { { TSV, OF(NAMED("\\u001b\u202e\\\\")), FIELDS("name"), TERMINAL },
          "\\x1b\\u{202e}\\\\\n" },
        { { TSV, OF(NAMED("n\",\"a\":\"x\\u0000y")), FIELDS(".a,.b") },
          "x\\x00y\t\n" },
        { { TSV, OF(NAMED("n\",\"a\":[\n1,\"2\"],\"b\":true,\"c\":\"")),
            FIELDS(".a,.b,.c") },
          "[\\n1,\"2\"]\ttrue\t\n" },
        { { TSV, OF("{\"id\":\"1\",\"name\":\"n\",\"a\":null,\"b\":1}"),
            FIELDS(".a,.b") },
          "\t1\n" },
        { { TSV, OF(USED), FIELDS(".network,.more") },
          "anywhere\t{\"a\":[1,2]}\n" },
        { { TSV, OF(CREATED("2025-11-24T16:00:09Z")), FIELDS("created") },
          "2025-11-24T16:00:09Z\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void the_network_is_told_in_words(void **state)
{
    static const struct {
        const char *json;
        const char *words;
    } cases[] = {
        { USED, "anywhere\n" },
        { NULLS, "\n" },
        { ZONES("\"include\":[\"ALL_ZONES\"]"), "any zone\n" },
        { ZONES("\"exclude\":[\"ALL_ZONES\"]"), "no zone\n" },
        { ZONES("\"include\":[\"nzo1\"]"), "in nzo1\n" },
        { ZONES("\"exclude\":[\"nzo1\",\"nzo2\"]"), "not in nzo1 nzo2\n" },
        { ZONES("\"include\":[\"nzo1\"],\"exclude\":[\"nzo2\"]"),
          "in nzo1, not in nzo2\n" },
        { ZONES("\"include\":[]"), "ZONE\n" },
        { CONDITION("DEVICE"), "DEVICE\n" },
        { CONDITION("DEVICE\",\"include\":[\"nzo1\"],\"x\":\""),
          "DEVICE (lists: in nzo1)\n" },
        { CONDITION("ANYWHERE\",\"include\":[\"nzo1\"],\"exclude\":["
                    "\"ALL_ZONES\"],\"x\":\""),
          "anywhere (lists: in nzo1, no zone)\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct page page = { TSV, OF(cases[i].json), FIELDS("network") };

        prints(&page, cases[i].words);
    }
}

/* --------------------------------------------------------------- Times -- */

static void times_are_told_as_asked(void **state)
{
    static const struct {
        const char *json;
        const char *relative;
        const char *unix_time;
    } cases[] = {
        { CREATED("2025-11-24T16:00:00Z"), "just now", "1764000000" },
        { CREATED("2025-11-24T15:59:01Z"), "just now", "1763999941" },
        { CREATED("2025-11-24T15:59:00Z"), "1m ago", "1763999940" },
        { CREATED("2025-11-24T15:00:01Z"), "59m ago", "1763996401" },
        { CREATED("2025-11-24T15:00:00Z"), "1h ago", "1763996400" },
        { CREATED("2025-11-22T16:00:01Z"), "47h ago", "1763827201" },
        { CREATED("2025-11-22T16:00:00Z"), "2d ago", "1763827200" },
        { CREATED("2023-11-25T16:00:01Z"), "729d ago", "1700928001" },
        { CREATED("2023-11-25T16:00:00Z"), "2y ago", "1700928000" },
        { CREATED("2025-11-24T16:00:30Z"), "in 30s", "1764000030" },
        { CREATED("2025-12-24T16:00:00Z"), "in 30d", "1766592000" },
        { CREATED("1969-12-31T23:59:59Z"), "55y ago", "-1" },
        { CREATED("lately"), "lately", "lately" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct page page = { TSV, OF(cases[i].json), FIELDS("created") };
        AUTO(char) relative = NULL;
        AUTO(char) unix_time = NULL;

        page.options.time = OUTPUT_RELATIVE;
        relative = print(&page);
        page.options.time = OUTPUT_UNIX;
        unix_time = print(&page);
        assert_memory_equal(relative, cases[i].relative,
                            strlen(cases[i].relative));
        assert_memory_equal(unix_time, cases[i].unix_time,
                            strlen(cases[i].unix_time));
    }
}

#define WINDOW(expires, window)                                    \
    "{\"id\":\"1\",\"name\":\"n\",\"tokenWindow\":\"" window "\"," \
    "\"created\":\"1960-01-01T00:00:00.000Z\",\"expiresAt\":\"" expires "\"}"

static void the_last_use_is_written_to_the_second(void **state)
{
    static const struct print_case cases[] = {
        { { TSV, OF(WINDOW("1970-01-01T23:59:59Z", "P1D")),
            FIELDS("x.lastUsed") },
          "1969-12-31T23:59:59.000Z\n" },
        { { TSV, OF(WINDOW("2024-02-29T01:02:03Z", "PT0S")),
            FIELDS("x.lastUsed") },
          "2024-02-29T01:02:03.000Z\n" },
        /* 64 days apart: the same place among the dates that are kept. */
        { { TSV,
            OF(WINDOW("2024-02-29T01:02:03Z", "PT0S"),
               WINDOW("2024-05-03T01:02:03Z", "PT0S"),
               WINDOW("2024-02-29T21:02:03Z", "PT0S")),
            FIELDS("x.lastUsed") },
          "2024-02-29T01:02:03.000Z\n2024-05-03T01:02:03.000Z\n"
          "2024-02-29T21:02:03.000Z\n" },
        /* The org's clock is ahead. */
        { { TSV, OF(WINDOW("2025-12-24T16:00:05Z", "P30D")),
            FIELDS("x.lastUsed,x.status"), TIME(OUTPUT_RELATIVE) },
          "just now\tused\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

/* -------------------------------------------------------------- Status -- */

#define STATES(window, expires, created)                       \
    "{\"id\":\"1\",\"name\":\"n\",\"tokenWindow\":" window "," \
    "\"expiresAt\":" expires ",\"created\":" created "}"

static void each_status_word_has_its_rule(void **state)
{
    static const struct {
        const char *json;
        const char *status;
    } cases[] = {
        /* Used 3 days ago, and a second more. */
        { STATES("\"P30D\"", "\"2025-12-21T16:00:00Z\"",
                 "\"2024-01-01T00:00:00Z\""),
          "used" },
        { STATES("\"P30D\"", "\"2025-12-21T15:59:59Z\"",
                 "\"2024-01-01T00:00:00Z\""),
          "idle" },
        /* It lapses in 7 days, and a second more. */
        { STATES("\"P30D\"", "\"2025-12-01T16:00:00Z\"",
                 "\"2024-01-01T00:00:00Z\""),
          "expiring" },
        { STATES("\"P30D\"", "\"2025-12-01T16:00:01Z\"",
                 "\"2024-01-01T00:00:00Z\""),
          "idle" },
        /* In use, and always about to lapse. */
        { STATES("\"PT5M\"", "\"2025-11-24T16:05:00Z\"",
                 "\"2024-01-01T00:00:00Z\""),
          "used" },
        /* Never used, and about to lapse. */
        { STATES("\"P30D\"", "\"2025-11-25T16:00:00Z\"",
                 "\"2025-10-26T16:00:00Z\""),
          "unused" },
        { STATES("null", "\"2026-11-25T16:00:00Z\"",
                 "\"2025-10-26T16:00:00Z\""),
          "unknown" },
        { STATES("null", "\"2025-11-25T16:00:00Z\"",
                 "\"2025-10-26T16:00:00Z\""),
          "expiring" },
        { STATES("null", "null", "null"), "unknown" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(okta_api_token) token = parse(cases[i].json);

        assert_string_equal(output_status(token, NOW), cases[i].status);
    }
}

static void what_is_never_used_says_so(void **state)
{
    static const char never[] = STATES("\"P30D\"", "\"2025-12-23T16:00:00Z\"",
                                       "\"2025-11-23T16:00:00Z\"");
    static const struct print_case cases[] = {
        { { ONE, OF(never), FIELDS("x.neverUsed,x.lastUsed") },
          "{\"x.neverUsed\":true,\"x.lastUsed\":null}\n" },
        { { TSV, OF(never), FIELDS("x.neverUsed,x.lastUsed,x.status") },
          "true\t\tunused\n" },
        { { TABLE, OF(never, NULLS), FIELDS("x.lastUsed,x.neverUsed") },
          "LAST USED NEVER USED\nnever     true\nunknown   \n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

/* --------------------------------------------------------------- Table -- */

#define LONG_ID "00T11111111111111111"
#define LONG_USER "00u11111111111111111"
#define ROW(name, client)                                                   \
    "{\"id\":\"" LONG_ID "\",\"name\":\"" name "\",\"userId\":\"" LONG_USER \
    "\",\"clientName\":\"" client "\",\"tokenWindow\":"                     \
    "\"P30D\",\"network\":{\"connection\":\"ANYWHERE\"},"                   \
    "\"expiresAt\":\"2025-12-23T16:00:00.000Z\","                           \
    "\"created\":\"2025-11-04T16:00:00.000Z\"}"
#define NAME_30 "a-name-of-thirty-characters-30"

static void a_table_fits_its_terminal(void **state)
{
    static const struct print_case cases[] = {
        { { TABLE, OF(ROW("ci", "Okta API")), TERMINAL, .options.width = 120 },
          "NAME ID                   OWNER                CLIENT   NETWORK  "
          "LAST USED EXPIRES  STATUS\n"
          "ci   " LONG_ID " " LONG_USER " Okta API anywhere 24h ago   in 29d "
          "  used\n" },
        /* The narrowest that shows all of them, but one column. */
        { { TABLE, OF(ROW(NAME_30, "Okta API")), TERMINAL,
            .options.width = 104 },
          "NAME             ID                   OWNER                CLIENT   "
          "NETWORK  LAST USED EXPIRES  STATUS\n"
          "a-name-of-thirt\u2026 " LONG_ID " " LONG_USER
          " Okta API anywhere 24h ago   in 29d   used\n" },
        { { TABLE, OF(ROW(NAME_30, "Okta API")), TERMINAL,
            .options.width = 95 },
          "NAME             ID                   OWNER                NETWORK  "
          "LAST USED EXPIRES  STATUS\n"
          "a-name-of-thirt\u2026 " LONG_ID " " LONG_USER
          " anywhere 24h ago   in 29d   used\n" },
        { { TABLE, OF(ROW(NAME_30, "Okta API")), TERMINAL,
            .options.width = 80 },
          "NAME                   ID                   NETWORK  LAST USED "
          "EXPIRES  STATUS\n"
          "a-name-of-thirty-char\u2026 " LONG_ID " anywhere 24h ago   in 29d  "
          " used\n" },
        { { TABLE, OF(ROW(NAME_30, "Okta API")), TERMINAL,
            .options.width = 60 },
          "NAME                 ID                   LAST USED STATUS\n"
          "a-name-of-thirty-ch\u2026 " LONG_ID " 24h ago   used\n" },
        { { TABLE, OF(ROW(NAME_30, "Okta API")), TERMINAL,
            .options.width = 40 },
          "NAME       ID                   STATUS\n"
          "a-name-of\u2026 " LONG_ID " used\n" },
        { { TABLE }, "" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void a_narrow_table_keeps_name_and_id(void **state)
{
    static const struct print_case cases[] = {
        { { TABLE, OF(ROW(NAME_30, "Okta API")), TERMINAL,
            .options.width = 30 },
          "NAME      ID\na-name-o\u2026 " LONG_ID "\n" },
        { { TABLE, OF(ROW(NAME_30, "Okta API")), TERMINAL,
            .options.width = 25 },
          "NAME ID\na-n\u2026 " LONG_ID "\n" },
        { { TABLE, OF(ROW(NAME_30, "Okta API")), TERMINAL,
            .options.width = 24 },
          "ID\n" LONG_ID "\n" },
        /* Too narrow for anything. */
        { { TABLE, OF(ROW(NAME_30, "Okta API")), TERMINAL, .options.width = 9,
            FIELDS("id,name") },
          "ID\n00T11111\u2026\n" },
        { { TABLE, OF(ROW("ci", "c")), TERMINAL, .options.width = 80,
            FIELDS("id,name"), .options.no_header = true },
          LONG_ID " ci\n" },
        { { TABLE,
            OF("{\"id\":\"1\",\"name\":\"n\",\"a\":{\"long-name-of-"
               "a-member\":2}}"),
            TERMINAL, .options.width = 22,
            FIELDS(".a.long-name-of-a-member,id") },
          "a.long-name-of-a-m\u2026 ID\n2                   1\n" },
        /* Of what was asked for the last goes first, but id and name stay. */
        { { TABLE, OF(ROW("ci", "c")), TERMINAL, .options.width = 20,
            FIELDS("id,clientName") },
          "ID\n" LONG_ID "\n" },
        { { TABLE, OF(ROW("ci", "Okta API")), TERMINAL, .options.width = 34,
            FIELDS("network,clientName,tokenWindow,id,name") },
          "NETWORK  ID                   NAME\nanywhere " LONG_ID " ci\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

/* Columns of a text on a screen, by what wcwidth says of each character. */
static size_t screen_width(const char *line, size_t len)
{
    size_t width = 0;
    mbstate_t state = { 0 };
    wchar_t c;

    while (len > 0) {
        size_t n = mbrtowc(&c, line, len, &state);

        assert_in_range(n, 1, 4);
        if (wcwidth(c) < 0)
            fail_msg("U+%04X reaches the terminal", (unsigned)c);
        width += (size_t)wcwidth(c);
        line += n;
        len -= n;
    }
    return width;
}

static void no_line_is_wider_than(const char *text, size_t width)
{
    for (size_t len; *text != '\0'; text += len + 1) {
        len = strcspn(text, "\n");
        assert_int_equal(text[len], '\n');
        if (screen_width(text, len) > width)
            fail_msg("more than %zu columns: %.*s", width, (int)len, text);
    }
}

#define HOSTILE_ROW(id, name, client)                             \
    "{\"id\":\"" id "\",\"name\":\"" name "\",\"userId\":\"" name \
    "\",\"clientName\":\"" client "\",\"expiresAt\":\"" name      \
    "\",\"created\":\"" name "\",\"network\":{\"connection\":\"" name "\"}}"
#define WIDE_10 "\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5"
#define TEN(text) text text text text text text text text text text

static void no_terminal_is_too_narrow_for_a_table(void **state)
{
    static const char *const rows[] = {
        HOSTILE_ROW(LONG_ID, WIDE_10 WIDE_10 WIDE_10, "Okta API"),
        HOSTILE_ROW(LONG_ID, TEN("\\u001b[2J\\u202e\\u200b"), "c"),
        HOSTILE_ROW("x" LONG_ID LONG_ID, "\U0001f680 e\u0301\u0323\\n",
                    TEN("long ")),
        HOSTILE_ROW("1", "", ""),
    };
    static const char *const fields[] = {
        NULL, "created,name,clientName,id,network",
        "clientName,network,x.status", "expiresAt", "name"
    };

    (void)state;
    for (size_t width = 20; width <= 200; width++) {
        for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
            struct page page = { .options = { .terminal = true,
                                              .format = OUTPUT_TABLE,
                                              .width = width,
                                              .parts = 7,
                                              .has_context = true,
                                              .fields = fields[i] } };
            AUTO(char) together = NULL;
            AUTO(char) later = NULL;
            AUTO(char) record = NULL;

            memcpy(page.tokens, rows, sizeof(rows));
            together = print(&page);
            no_line_is_wider_than(together, width);
            page.options.parts = 0;
            later = print_pages(&page);
            no_line_is_wider_than(later, width);
            page.options.format = OUTPUT_DEFAULT;
            record = print(&page);
            no_line_is_wider_than(record, width);
        }
    }
}

static void a_table_is_for_the_eye(void **state)
{
    static const struct print_case cases[] = {
        { { TABLE, OF(NAMED("\\u001b[2J"), NAMED("\u202e"), NAMED("a\\\\b")),
            TERMINAL, FIELDS("name,id") },
          "NAME     ID\n\\x1b[2J  1\n\\u{202e} 1\na\\\\b     1\n" },
        /* Two columns a character; none of its own. */
        { { TABLE, OF(NAMED("\u65e5\u672c"), NAMED("e\u0301")), TERMINAL,
            FIELDS("name,id") },
          "NAME ID\n\u65e5\u672c 1\ne\u0301    1\n" },
        { { TABLE, OF(NAMED("n\",\"\u202e\":\"v")), TERMINAL,
            FIELDS(".\u202e") },
          "\\u{202e}\nv\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

#define LAPSES \
    "{\"id\":\"1\",\"name\":\"n\",\"expiresAt\":\"2025-11-24T17:00:00Z\"}"

/* Whatever the first page held: each word of a status has its room. */
static void later_pages_show_every_status(void **state)
{
    const struct page page = { TABLE,
                               OF(NULLS, LAPSES),
                               TERMINAL,
                               .options.width = 15,
                               FIELDS("id,x.status,name"),
                               .options.no_header = true };
    AUTO(char) text = print_pages(&page);

    (void)state;
    assert_string_equal(text, "00T2 unknown  n\n1    expiring n\n");
}

static void the_last_column_has_the_rest_of_the_line(void **state)
{
    const struct page page = { TABLE,
                               OF(NAMED("n"), NAMED("123456")),
                               TERMINAL,
                               .options.width = 7,
                               FIELDS("id,name"),
                               .options.no_header = true };
    AUTO(char) text = print_pages(&page);

    (void)state;
    assert_string_equal(text, "1 n\n1 1234\u2026\n");
}

static void later_pages_stand_below_the_first(void **state)
{
    struct page page = { TABLE,
                         OF(NAMED("12345"), NAMED("1234567890"), NAMED("1"),
                            NAMED("\u65e5\u672c\u8a9e\u65e5")),
                         TERMINAL, FIELDS("name,id") };
    AUTO(char) cut = print_pages(&page);
    AUTO(char) whole = NULL;

    (void)state;
    assert_string_equal(cut, "NAME  ID\n12345 1\n1234\u2026 1\n1     1\n"
                             "\u65e5\u672c\u2026 1\n");
    page.options.terminal = false;
    whole = print_pages(&page);
    assert_string_equal(whole, "NAME  ID\n12345 1\n1234567890 1\n"
                               "1          1\n"
                               "\u65e5\u672c\u8a9e\u65e5   1\n");
}

static void a_page_without_an_end_is_printed_in_parts(void **state)
{
    const struct page page = { TABLE, FIELDS("id"), .options.no_header = true };
    char *text = NULL;
    size_t len;
    FILE *stream = open_memstream(&text, &len);
    struct output *output = open_output(&page, stream);
    AUTO(okta_api_token) token = parse(NULLS);

    (void)state;
    for (int i = 0; i < 20000; i++)
        assert_true(output_token(output, token, NULL));
    fflush(stream);
    assert_true(len > 0);
    assert_true(output_close(output, true));
    fclose(stream);
    assert_int_equal(len, 20000 * strlen("00T2\n"));
    free(text);
}

static void statuses_are_coloured(void **state)
{
    static const struct {
        enum output_color color;
        bool terminal;
        const char *no_color;
        const char *term;
        bool colored;
    } cases[] = {
        { OUTPUT_COLOR_AUTO, true, NULL, "xterm", true },
        { OUTPUT_COLOR_AUTO, true, NULL, NULL, true },
        { OUTPUT_COLOR_AUTO, false, NULL, "xterm", false },
        { OUTPUT_COLOR_AUTO, true, "1", "xterm", false },
        { OUTPUT_COLOR_AUTO, true, "", "xterm", true },
        { OUTPUT_COLOR_AUTO, true, NULL, "dumb", false },
        { OUTPUT_COLOR_NEVER, true, NULL, "xterm", false },
        { OUTPUT_COLOR_ALWAYS, false, "1", "dumb", true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct page page = { TABLE,
                                   OF(USED, NULLS),
                                   FIELDS("x.status,id"),
                                   .options.no_header = true,
                                   .options.color = cases[i].color,
                                   .options.terminal = cases[i].terminal };

        unsetenv("NO_COLOR");
        unsetenv("TERM");
        if (cases[i].no_color != NULL)
            setenv("NO_COLOR", cases[i].no_color, 1);
        if (cases[i].term != NULL)
            setenv("TERM", cases[i].term, 1);
        prints(&page, cases[i].colored
                          ? "\033[32mused    \033[0m 00T1\nunknown  00T2\n"
                          : "used     00T1\nunknown  00T2\n");
    }
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
}

static void risks_are_coloured(void **state)
{
    static const char never[] = STATES("\"P30D\"", "\"2025-12-23T16:00:00Z\"",
                                       "\"2025-11-23T16:00:00Z\"");
    static const struct print_case cases[] = {
        { { TABLE, OF(USED), FIELDS("network,network.connection"),
            .options.color = OUTPUT_COLOR_ALWAYS, .options.no_header = true },
          "\033[33manywhere\033[0m \033[33mANYWHERE\033[0m\n" },
        { { TABLE, OF(never), FIELDS("x.lastUsed,x.neverUsed"),
            .options.color = OUTPUT_COLOR_ALWAYS, .options.no_header = true },
          "\033[33mnever   \033[0m \033[33mtrue\033[0m\n" },
        /* By what it is, not by what it is called. */
        { { TABLE, OF(NAMED("anywhere"), CONDITION("NOWHERE")),
            FIELDS("name,network"), .options.color = OUTPUT_COLOR_ALWAYS,
            .options.no_header = true },
          "anywhere \nn        NOWHERE\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void what_has_no_room_is_named(void **state)
{
    const struct page page = { TABLE, TERMINAL, .options.width = 30,
                               FIELDS("id,clientName,tokenWindow,name") };
    OKT_BUF_AUTO left_out = OKT_BUF_INIT(100);
    FILE *stream = fopen("/dev/null", "w");
    struct output *output = open_output(&page, stream);

    (void)state;
    put(output, ROW(NAME_30, "Okta API"));
    output_left_out(output, &left_out);
    assert_int_equal(left_out.len, 0);
    assert_true(output_flush(output));
    output_left_out(output, &left_out);
    assert_string_equal(left_out.data, "clientName, tokenWindow");
    assert_true(output_close(output, true));
    fclose(stream);
}

/* ------------------------------------------------------------- Record -- */

static void one_token_on_a_terminal_is_a_record(void **state)
{
    static const struct print_case cases[] = {
        { { OF(USED), TERMINAL },
          "name         ci\n"
          "id           00T1\n"
          "x.status     used\n"
          "userId       00u1\n"
          "clientName   Okta API\n"
          "network      anywhere\n"
          "tokenWindow  P30D\n"
          "created      2025-11-04T16:00:00.000Z (20d ago)\n"
          "lastUpdated  2025-11-23T16:00:00.000Z (24h ago)\n"
          "x.lastUsed   2025-11-23T16:00:00.000Z (24h ago)\n"
          "expiresAt    2025-12-23T16:00:00.000Z (in 29d)\n" },
        { { OF(NULLS), TERMINAL, FIELDS("id,x.lastUsed,created,x.neverUsed") },
          "id           00T2\n"
          "x.lastUsed   unknown\n"
          "created\n"
          "x.neverUsed\n" },
        { { OF(USED), TERMINAL, FIELDS("created"), TIME(OUTPUT_UNIX) },
          "created  1762272000\n" },
        { { OF(USED), TERMINAL, FIELDS("network,x.status"),
            .options.color = OUTPUT_COLOR_ALWAYS },
          "network   \033[33manywhere\033[0m\n"
          "x.status  \033[32mused\033[0m\n" },
        /* Told otherwise, it is what was told. */
        { { OF(NULLS), TERMINAL, TABLE, FIELDS("id") }, "ID\n00T2\n" },
        { { OF(NULLS), TERMINAL, .options.array = true, FIELDS("id") },
          "ID\n00T2\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void a_record_cannot_forge_its_next_line(void **state)
{
    static const char json[] =
        NAMED("0123456789012345678901234567890123 x.status  used");
    static const struct print_case cases[] = {
        { { OF(json), TERMINAL, .options.width = 40, FIELDS("name,id") },
          "name  0123456789012345678901234567890123\n"
          "      x.status  used\n"
          "id    1\n" },
        { { OF(json), TERMINAL, .options.width = 20, FIELDS("name,id") },
          "name\n"
          "  012345678901234567\n"
          "  8901234567890123 \n"
          "  x.status  used\n"
          "id\n"
          "  1\n" },
        { { OF(NAMED("a\\nid    2")), TERMINAL, FIELDS("name,id") },
          "name  a\\nid    2\nid    1\n" },
    };

    (void)state;
    print_all(cases, ARRAY_LEN(cases));
}

static void without_utf8_a_table_is_ascii(void **state)
{
    const struct page page = { TABLE, OF(NAMED("\u00fc"), NAMED("0123456789")),
                               TERMINAL, FIELDS("name,id") };
    AUTO(char) text = NULL;

    (void)state;
    setenv("LC_ALL", "C", 1);
    text = print_pages(&page);
    setenv("LC_ALL", "C.UTF-8", 1);
    assert_string_equal(text, "NAME     ID\n\\u{00fc} 1\n0123456~ 1\n");
}

/* ------------------------------------------------------------- Results -- */

static char *print_results(const struct page *page)
{
    static const okta_error gone = { .status = OKTA_ERR_NOT_FOUND,
                                     .http_status = 404,
                                     .code = "E0000007",
                                     .request_id = "r1",
                                     .message = "not there" };
    static const struct output_result results[] = {
        { .id = LONG_ID, .name = "c,i\n", .result = "revoked" },
        { .id = "00T2", .result = "failed", .error = &gone },
        { .result = "failed",
          .word = "not tried",
          .error = &gone,
          .error_json = "{\"code\":1}" },
    };
    char *text = NULL;
    size_t len;
    FILE *stream = open_memstream(&text, &len);
    struct output *output = open_output(page, stream);
    size_t seen = 0;

    for (size_t i = 0; i < ARRAY_LEN(results); i++) {
        assert_true(output_result(output, &results[i]));
        assert_true(len > seen); /* at once */
        seen = len;
    }
    assert_true(output_close(output, !page->broken_off));
    fclose(stream);
    return text;
}

#define RESULT_1                                                          \
    "{\"id\":\"" LONG_ID "\",\"name\":\"c,i\\n\",\"result\":\"revoked\"," \
    "\"error\":null}"
#define RESULT_2                                                            \
    "{\"id\":\"00T2\",\"name\":null,\"result\":\"failed\",\"error\":{"      \
    "\"code\":\"not found\",\"message\":\"not there\",\"http\":404,"        \
    "\"oktaErrorCode\":\"E0000007\",\"errorId\":null,\"requestId\":\"r1\"," \
    "\"causes\":[],\"hint\":null}}"
#define RESULT_3                                        \
    "{\"id\":null,\"name\":null,\"result\":\"failed\"," \
    "\"error\":{\"code\":1}}"

static void results_come_in_every_format(void **state)
{
    static const struct print_case cases[] = {
        { { JSON }, "[" RESULT_1 ",\n" RESULT_2 ",\n" RESULT_3 "]\n" },
        { { ONE }, "[" RESULT_1 ",\n" RESULT_2 ",\n" RESULT_3 "]\n" },
        { { JSON, .broken_off = true },
          "[" RESULT_1 ",\n" RESULT_2 ",\n" RESULT_3 "\n" },
        { { JSONL }, RESULT_1 "\n" RESULT_2 "\n" RESULT_3 "\n" },
        { { TSV },
          LONG_ID "\tc,i\\n\trevoked\n00T2\t\tfailed\n"
                  "(the token in use)\t\tnot tried\n" },
        { { CSV },
          "id,name,result\r\n" LONG_ID ",\"c,i\\n\",revoked\r\n"
          "00T2,,failed\r\n(the token in use),,not tried\r\n" },
        { { TABLE, TERMINAL },
          LONG_ID "  c,i\\n  revoked\n00T2                  failed\n"
                  "(the token in use)    not tried\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO(char) text = print_results(&cases[i].page);

        assert_string_equal(text, cases[i].expected);
        if (cases[i].page.options.format == OUTPUT_JSON &&
            !cases[i].page.broken_off)
            is_json(text);
    }
}

static void a_results_name_is_cut(void **state)
{
    static const struct {
        size_t width;
        const char *line;
    } cases[] = {
        { 60, LONG_ID "  a-name-of-thirty-char\u2026  revoked\n" },
        { 50, LONG_ID "  a-name-of-t\u2026  revoked\n" },
        { 40, LONG_ID "  revoked\n" },
    };
    static const struct output_result result = {
        .id = LONG_ID, .name = NAME_30 "-and-more-that-is", .result = "revoked"
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct page page = { TABLE, TERMINAL,
                                   .options.width = cases[i].width };
        AUTO(char) text = NULL;
        size_t len;
        FILE *stream = open_memstream(&text, &len);
        struct output *output = open_output(&page, stream);

        assert_true(output_result(output, &result));
        assert_true(output_close(output, true));
        fclose(stream);
        assert_string_equal(text, cases[i].line);
    }
}

/* ------------------------------------------------------------ Failures -- */

static const enum output_format every_format[] = {
    OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_JSONL, OUTPUT_CSV, OUTPUT_TSV
};

static void a_full_disk_is_seen(void **state)
{
    AUTO(okta_api_token) token = parse(USED);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(every_format); i++) {
        const struct page page = { .options.format = every_format[i] };
        const struct output_result result = { .result = "revoked" };
        FILE *full = fopen("/dev/full", "w");
        struct output *output = open_output(&page, full);

        assert_true(output_token(output, token, NULL));
        errno = 0;
        assert_false(output_flush(output));
        assert_int_equal(errno, ENOSPC);
        errno = 0;
        assert_false(output_token(output, token, NULL));
        assert_int_equal(errno, ENOSPC);
        errno = 0;
        assert_false(output_close(output, true));
        assert_int_equal(errno, ENOSPC);

        output = open_output(&page, full);
        errno = 0;
        assert_false(output_result(output, &result));
        assert_int_equal(errno, ENOSPC);
        assert_false(output_close(output, true));
        fclose(full);
    }
}

static void what_is_never_flushed_is_seen_at_the_end(void **state)
{
    const struct page page = { JSON };
    FILE *full = fopen("/dev/full", "w");
    struct output *output = open_output(&page, full);

    (void)state;
    errno = 0;
    assert_false(output_close(output, true));
    assert_int_equal(errno, ENOSPC);
    fclose(full);
}

/* More than the buffers of sink and stream hold: seen before any flush. */
static void a_failure_is_seen_while_it_writes(void **state)
{
    const struct page page = { JSONL };
    FILE *full = fopen("/dev/full", "w");
    struct output *output = open_output(&page, full);
    AUTO(okta_api_token) token = parse(USED);
    int written = 0;

    (void)state;
    while (written < 10000 && output_token(output, token, NULL))
        written++;
    assert_in_range(written, 1, 9999);
    assert_int_equal(errno, ENOSPC);
    assert_false(output_close(output, true));
    fclose(full);
}

static void a_row_may_be_longer_than_the_buffer(void **state)
{
    enum { LEN = 200000 };
    AUTO(char) name = malloc(LEN + 1);
    OKT_BUF_AUTO json = OKT_BUF_INIT(LEN + 100);
    struct page page = { TSV, FIELDS("name,id") };
    AUTO(char) text = NULL;

    (void)state;
    memset(name, 'n', LEN);
    name[LEN] = '\0';
    okt_buf_printf(&json, "{\"id\":\"1\",\"name\":\"%s\"}", name);
    page.tokens[0] = NULLS;
    page.tokens[1] = json.data;
    text = print(&page);
    assert_int_equal(strlen(text), strlen("n\t00T2\n") + LEN + 3);
    assert_memory_equal(text + 7, name, LEN);
    assert_string_equal(text + 7 + LEN, "\t1\n");
}

/* Who does not heed a failure gets it again. */
static bool put_twice(struct output *output, const okta_api_token *token)
{
    bool first = output_token(output, token, NULL);
    bool second = output_token(output, token, NULL);

    assert_true(first || !second);
    return second;
}

static bool print_once(const struct page *page, const okta_api_token *token,
                       FILE *stream)
{
    static const struct output_result result = {
        .id = "1", .name = "n", .result = "revoked"
    };
    struct output_options options = page->options;
    AUTO(char) why = NULL;
    struct output *output;
    bool done;

    options.stream = stream;
    options.now = NOW;
    output = output_open(&options, &why);
    if (output == NULL) {
        assert_null(why);
        errno = ENOMEM;
        return false;
    }
    if (page->broken_off)
        done = output_result(output, &result);
    else
        done = page->empty || (put_twice(output, token) &&
                               (page->late || output_flush(output)));
    return output_close(output, true) && done;
}

/* Fails each allocation in turn; the leak checker watches the rest. */
static void every_failed_allocation_is_survived(void **state)
{
    static const struct page pages[] = {
        { TABLE, TERMINAL },
        { TABLE, FIELDS("name,.more,network") },
        { JSON, TERMINAL },
        { .options.terminal = true },
        { JSON },
        { JSONL, FIELDS("name,.k,x.status"), TERMINAL },
        { CSV, TERMINAL },
        { TSV, FIELDS("name,network,.more,.k") },
        { CSV, TERMINAL, .empty = true },
        { TABLE, TERMINAL, .late = true },
        { JSON, .broken_off = true },
        { TABLE, .broken_off = true },
        { CSV, TERMINAL, .broken_off = true },
    };
    AUTO(okta_api_token)
    token =
        parse("{\"id\":\"1\",\"name\":\"n\\n\",\"\\u006b\":\"v\",\"more\":\""
              "\u00fc\",\"network\":{\"connection\":\"ANYWHERE\"}}");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        bool done = false;

        for (long nth = 0; !done; nth++) {
            char *text = NULL;
            size_t len;
            FILE *stream = open_memstream(&text, &len);

            assert_true(nth < 1000);
            test_fail_alloc(nth);
            done = print_once(&pages[i], token, stream);
            test_fail_alloc(-1);
            if (!done)
                assert_int_equal(errno, ENOMEM);
            assert_true(done == !test_alloc_failed());
            fclose(stream);
            free(text);
        }
    }
}

/* ------------------------------------------------------------- Options -- */

static void words_are_read(void **state)
{
    enum output_format format;
    enum output_time time;
    enum output_color color;

    (void)state;
    assert_true(output_format_parse("table", &format));
    assert_int_equal(format, OUTPUT_TABLE);
    assert_true(output_format_parse("jsonl", &format));
    assert_int_equal(format, OUTPUT_JSONL);
    assert_false(output_format_parse("xml", &format));
    assert_true(output_time_parse("unix", &time));
    assert_int_equal(time, OUTPUT_UNIX);
    assert_false(output_time_parse("", &time));
    assert_true(output_color_parse("never", &color));
    assert_int_equal(color, OUTPUT_COLOR_NEVER);
    assert_false(output_color_parse("NEVER", &color));
}

static void errors_follow_the_format(void **state)
{
    static const struct {
        enum output_format format;
        bool json;
    } cases[] = {
        { OUTPUT_DEFAULT, false }, { OUTPUT_TABLE, false },
        { OUTPUT_JSON, true },     { OUTPUT_JSONL, true },
        { OUTPUT_CSV, false },     { OUTPUT_TSV, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct page page = { .options.format = cases[i].format };
        FILE *stream = fopen("/dev/null", "w");
        struct output *output = open_output(&page, stream);

        assert_int_equal(output_is_json(output), cases[i].json);
        assert_true(output_close(output, true));
        fclose(stream);
    }
}

static void help_fits_a_terminal(void **state)
{
    size_t width;

    (void)state;
    for (size_t i = 0; output_help[i] != NULL; i++)
        for (const char *p = output_help[i]; *p != '\0'; p += width + 1) {
            width = strcspn(p, "\n");
            assert_in_range(width, 0, 78);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_what_the_org_sent_and_x),
        cmocka_unit_test(a_list_that_broke_off_is_not_closed),
        cmocka_unit_test(a_single_token_is_an_object),
        cmocka_unit_test(space_around_members_does_no_harm),
        cmocka_unit_test(a_member_named_x_is_the_orgs),
        cmocka_unit_test(no_name_comes_twice_even_then),
        cmocka_unit_test(on_a_terminal_json_is_ascii),
        cmocka_unit_test(on_a_terminal_json_is_indented),
        cmocka_unit_test(on_a_terminal_json_is_coloured),
        cmocka_unit_test(fields_are_members_in_the_order_asked_for),
        cmocka_unit_test(fields_that_there_are_not_are_named),
        cmocka_unit_test(no_more_fields_than_a_table_has_room_for),
        cmocka_unit_test(csv_has_a_header_and_every_member),
        cmocka_unit_test(csv_cells_are_quoted_escaped_and_no_formula),
        cmocka_unit_test(a_byte_order_mark_is_written_where_it_is_asked_for),
        cmocka_unit_test(numbers_of_ours_are_no_formulas),
        cmocka_unit_test(tsv_is_a_line_a_token),
        cmocka_unit_test(the_network_is_told_in_words),
        cmocka_unit_test(times_are_told_as_asked),
        cmocka_unit_test(the_last_use_is_written_to_the_second),
        cmocka_unit_test(each_status_word_has_its_rule),
        cmocka_unit_test(what_is_never_used_says_so),
        cmocka_unit_test(a_table_fits_its_terminal),
        cmocka_unit_test(a_narrow_table_keeps_name_and_id),
        cmocka_unit_test(no_terminal_is_too_narrow_for_a_table),
        cmocka_unit_test(a_table_is_for_the_eye),
        cmocka_unit_test(one_token_on_a_terminal_is_a_record),
        cmocka_unit_test(a_record_cannot_forge_its_next_line),
        cmocka_unit_test(risks_are_coloured),
        cmocka_unit_test(what_has_no_room_is_named),
        cmocka_unit_test(a_results_name_is_cut),
        cmocka_unit_test(later_pages_stand_below_the_first),
        cmocka_unit_test(later_pages_show_every_status),
        cmocka_unit_test(the_last_column_has_the_rest_of_the_line),
        cmocka_unit_test(a_page_without_an_end_is_printed_in_parts),
        cmocka_unit_test(statuses_are_coloured),
        cmocka_unit_test(without_utf8_a_table_is_ascii),
        cmocka_unit_test(results_come_in_every_format),
        cmocka_unit_test(a_full_disk_is_seen),
        cmocka_unit_test(what_is_never_flushed_is_seen_at_the_end),
        cmocka_unit_test(a_failure_is_seen_while_it_writes),
        cmocka_unit_test(a_row_may_be_longer_than_the_buffer),
        cmocka_unit_test(every_failed_allocation_is_survived),
        cmocka_unit_test(words_are_read),
        cmocka_unit_test(errors_follow_the_format),
        cmocka_unit_test(help_fits_a_terminal),
    };

    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TERM", "dumb", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
