/* SPDX-License-Identifier: Apache-2.0 */
/* test_link.c - the Link header: which page comes next, and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test_text.h"
#include "wire/link.h"

#define LIST ORG PATH
#define SELF "<" LIST "?limit=20>; rel=\"self\""
#define NEXT "<" LIST "?after=c1&limit=20>; rel=\"next\""

/* target NULL: there must be none. */
static void expect_rel(const char *value, const char *rel, const char *target)
{
    AUTO(char) copy = exact(value, strlen(value));
    const char *found = NULL;
    size_t len = 4242;

    if (okt_link_find(copy, rel, &found, &len) != OKT_LINK_FOUND) {
        if (target != NULL)
            fail_msg("in %s no %s was found", value, rel);
        assert_null(found);
        assert_int_equal(len, 4242);
        return;
    }
    if (target == NULL)
        fail_msg("in %s the %s is %.*s", value, rel, (int)len, found);
    assert_true(found >= copy && found + len <= copy + strlen(copy));
    if (len != strlen(target) || memcmp(found, target, len) != 0)
        fail_msg("in %s the %s is %.*s", value, rel, (int)len, found);
}

static void links_are_found_by_their_relation(void **state)
{
    (void)state;
    expect_rel(NEXT, "next", LIST "?after=c1&limit=20");
    expect_rel(NEXT, "self", NULL);
    expect_rel(SELF, "self", LIST "?limit=20");
    expect_rel(SELF, "next", NULL);
    expect_rel(SELF ", " NEXT, "next", LIST "?after=c1&limit=20");
    expect_rel(SELF ", " NEXT, "self", LIST "?limit=20");
    expect_rel(NEXT ", " SELF, "next", LIST "?after=c1&limit=20");
    expect_rel(NEXT ", " SELF, "self", LIST "?limit=20");
    expect_rel(SELF "," NEXT, "next", LIST "?after=c1&limit=20");
    expect_rel(SELF ", <b>; rel=prev, " NEXT, "next",
               LIST "?after=c1&limit=20");
    expect_rel("<a>; rel=next, <b>; rel=next", "next", "a");
    expect_rel("<a>; rel=self, <b>; rel=next, <c>; rel=next", "next", "b");
}

static const char *const same[] = {
    "<a>;rel=next",
    "<a>; rel=next",
    "<a>; rel=\"next\"",
    "<a> ; rel=next",
    "<a>\t;\trel=next",
    "  <a>; rel=next  ",
    "\t<a>;   rel=next\t",
    "<a>; rel = next",
    "<a>; rel =\"next\"",
    "<a>; rel\t=\t\"next\"",
    "<a>; REL=next",
    "<a>; Rel=\"NEXT\"",
    "<a>; rel=Next",
    "<a>; rel=\"prev next\"",
    "<a>; rel=\"next prev\"",
    "<a>; rel=\"prev  next  last\"",
    "<a>; rel=\" next \"",
    "<a>; rel=\"prev NEXT last\"",
    "<a>; rel=\"prev\tnext\"",
    "<a>;;rel=next",
    "<a>; ; rel=next",
    "<a>; rel=next;",
    "<a>; rel=next ; ",
    "<b>;, <a>; rel=next",
    "<b>; , <a>; rel=next",
    "<a>; rel=next;, <b>",
    "<a>; title=\"t\"; rel=next",
    "<a>; rel=next; title=\"t\"",
    "<a>; title=t; hreflang=en; rel=next; type=\"text/html\"",
    "<a>; crossorigin; rel=next",
    "<a>; rel=next; crossorigin",
    "<a>; title*=UTF-8''n%c3%a4chste; rel=next",
    "<a>; title=\"\"; rel=next",
    "<a>; title=\"a, b\"; rel=next",
    "<a>; title=\"a; b\"; rel=next",
    "<a>; title=\"<x>; rel=prev\"; rel=next",
    "<a>; title=\"\\\"\"; rel=next",
    "<a>; title=\"\\\\\"; rel=next",
    "<a>; title=\"a \\\" b, <x>; rel=prev\"; rel=next",
    "<a>; title=\"n\xc3\xa4"
    "chste\"; rel=next",
    "<b>, <a>; rel=next",
    "<b>; crossorigin, <a>; rel=next",
    "<b>; title=\"x, y\", <a>; rel=next",
    "<b>; title=x,<a>; rel=next",
    "<b>; title=\"<z>; rel=next\", <a>; rel=next",
    "<b>; title=\"\\\", <z>; rel=next\", <a>; rel=next",
    /* elements of a list may be empty (RFC 9110, section 5.6.1) */
    ", <a>; rel=next",
    " , ,, <a>; rel=next",
    "<b>; rel=self, , <a>; rel=next",
    "<a>; rel=next,",
};

static void legal_ways_to_write_it_make_no_difference(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(same); i++)
        expect_rel(same[i], "next", "a");
}

static void what_only_resembles_it_is_not_found(void **state)
{
    static const char *const none[] = {
        "<a>",
        "<a>; rel",
        "<a>; rel; title=next",
        "<a>; rel=\"\"",
        "<a>; rel=nextpage",
        "<a>; rel=next-page",
        "<a>; rel=nex",
        "<a>; rel=\"prevnext\"",
        "<a>; rel=\"next,prev\"",
        "<a>; rel=\"prev;next\"",
        "<a>; rel=\"http://example.com/next\"",
        "<a>; rev=next",
        "<a>; rels=next",
        "<a>; rel*=next",
        "<a>; xrel=next",
        "<a>; x-rel=next",
        "<a>; title=next",
        "<a>; title=\"rel=next\"",
        "<a>; title=\"; rel=next\"",
        "<a>; title=\"\\\"; rel=next\"",
        "<a>; title=\"<b>; rel=next\"",
        "<a>; title=\"x, <b>; rel=next\"; rel=prev",
        "<https://example.okta.com/;rel=next>",
        "<https://example.okta.com/>; title=x, <b>; rel=self",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        expect_rel(none[i], "next", NULL);
}

static void only_the_first_rel_of_a_link_counts(void **state)
{
    (void)state;
    expect_rel("<a>; rel=self; rel=next", "next", NULL);
    expect_rel("<a>; rel=self; rel=next", "self", "a");
    expect_rel("<a>; rel=\"\"; rel=next", "next", NULL);
    expect_rel("<a>; rel; rel=next", "next", NULL);
    expect_rel("<a>; rel=self; REL=next, <b>; rel=next", "next", "b");
}

static void targets_are_given_as_they_stand(void **state)
{
    (void)state;
    expect_rel("<https://h/p?a=1,2;b=3>; rel=next", "next",
               "https://h/p?a=1,2;b=3");
    expect_rel("<https://h/p?q=\"x\">; rel=next", "next",
               "https://h/p?q=\"x\"");
    expect_rel("<https://h/p?q=%3E%22>; rel=next", "next",
               "https://h/p?q=%3E%22");
    expect_rel("<https://h/a,b>; rel=self, <https://h/c,d>; rel=next", "next",
               "https://h/c,d");
    expect_rel("</api/v1/api-tokens?after=x>; rel=next", "next",
               "/api/v1/api-tokens?after=x");
    expect_rel("<?after=x>; rel=next", "next", "?after=x");
    expect_rel("<>; rel=next", "next", "");
}

static void a_malformed_link_ends_the_search(void **state)
{
    static const char *const malformed[] = {
        "",
        " ",
        ",",
        ";",
        "<",
        ">",
        "next",
        "rel=next",
        "; rel=next",
        "a; rel=next",
        "https://h/; rel=next",
        "\"a\"; rel=next",
        "a>; rel=next",
        "<a; rel=next",
        "<a",
        "<a> rel=next",
        "<a>x; rel=next",
        "<a>; rel=\"next",
        "<a>; rel=\"next\\",
        "<a>; rel=\"next\\\"",
        "<a>; title=\"x; rel=next",
        "<a>; rel=\"next\"x",
        "<a>; rel=\"self\"\"next\"",
        "<a>; =next",
        "<a>; re l=next",
        "<a>; rel next",
        "b, <a>; rel=next",
        "<b, <a>; rel=next",
        "<b>x, <a>; rel=next",
        "<b>; rel=\"self, <a>; rel=next",
        "<b>; rel=\"self\" x, <a>; rel=next",
        "<b> <a>; rel=next",
        "<b>; =, <a>; rel=next",
        "<b>; ==, <a>; rel=next",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(malformed); i++)
        expect_rel(malformed[i], "next", NULL);
    /* It ends there: what came before it is found. */
    expect_rel("<a>; rel=next, <b", "next", "a");
    expect_rel("<a>; rel=next, b", "next", "a");
}

/* ------------------------------------------------- Cut and changed ones -- */

static const char *const good[] = {
    SELF ", " NEXT,
    "<u,v>; title=\"x, \\\"<w>; rel=next\\\\\"; Rel = \"prev next\" , ,<z>",
    "<b>;a;b=c ; d=\"\", <a> ; rel=\"next\";rel=self",
};

/* Whatever is found is what stands between "<" and ">". */
static void check_found(const char *value)
{
    const char *found = NULL;
    size_t len = 0;

    if (okt_link_find(value, "next", &found, &len) != OKT_LINK_FOUND)
        return;
    assert_true(found > value && found + len < value + strlen(value));
    assert_int_equal(found[-1], '<');
    assert_int_equal(found[len], '>');
    assert_null(memchr(found, '>', len));
}

static void cut_values_never_give_a_cut_target(void **state)
{
    (void)state;
    for (size_t g = 0; g < ARRAY_LEN(good); g++) {
        for (size_t len = 0; len <= strlen(good[g]); len++) {
            AUTO(char) cut = exact(good[g], len);
            const char *found = NULL;
            size_t found_len = 0;

            check_found(cut);
            if (g == 0 && len < strlen(good[0]))
                assert_int_not_equal(okt_link_find(cut, "next", &found,
                                                   &found_len),
                                     OKT_LINK_FOUND);
        }
    }
}

static void changed_values_give_a_whole_target_or_none(void **state)
{
    (void)state;
    for (size_t g = 0; g < ARRAY_LEN(good); g++) {
        size_t len = strlen(good[g]);

        for (size_t i = 0; i < len; i++) {
            for (int c = 1; c < 256; c++) {
                AUTO(char) changed = exact(good[g], len);

                changed[i] = (char)c;
                check_found(changed);
            }
        }
    }
}

static void missing_and_doubled_bytes_give_a_whole_target_or_none(void **state)
{
    (void)state;
    for (size_t g = 0; g < ARRAY_LEN(good); g++) {
        size_t len = strlen(good[g]);

        for (size_t i = 0; i < len; i++) {
            AUTO(char) shorter = exact(good[g], len);
            AUTO(char) longer = malloc(len + 2);

            assert_non_null(longer);
            memmove(shorter + i, shorter + i + 1, len - i);
            check_found(shorter);
            memcpy(longer, good[g], i + 1);
            memcpy(longer + i + 1, good[g] + i, len - i + 1);
            check_found(longer);
        }
    }
}

/* ------------------------------------------------------------- Writing -- */

static void what_is_written_can_be_read(void **state)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(200);

    (void)state;
    okt_link_write(&out, LIST "?limit=20", "self");
    assert_string_equal(out.data, "<" LIST "?limit=20>; rel=\"self\"");
    okt_buf_str(&out, ", ");
    okt_link_write(&out, LIST "?after=c,1", "next");
    assert_false(okt_buf_failed(&out));
    expect_rel(out.data, "self", LIST "?limit=20");
    expect_rel(out.data, "next", LIST "?after=c,1");
}

static void writing_keeps_to_the_bound(void **state)
{
    static const char whole[] = "<a>; rel=\"self\"";

    (void)state;
    for (size_t max = 0; max < sizeof(whole) + 1; max++) {
        OKT_BUF_AUTO out = OKT_BUF_INIT(max);

        okt_link_write(&out, "a", "self");
        assert_int_equal(okt_buf_failed(&out), max < sizeof(whole) - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(links_are_found_by_their_relation),
        cmocka_test(legal_ways_to_write_it_make_no_difference),
        cmocka_test(what_only_resembles_it_is_not_found),
        cmocka_test(only_the_first_rel_of_a_link_counts),
        cmocka_test(targets_are_given_as_they_stand),
        cmocka_test(a_malformed_link_ends_the_search),
        cmocka_test(cut_values_never_give_a_cut_target),
        cmocka_test(changed_values_give_a_whole_target_or_none),
        cmocka_test(missing_and_doubled_bytes_give_a_whole_target_or_none),
        cmocka_test(what_is_written_can_be_read),
        cmocka_test(writing_keeps_to_the_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
