/* SPDX-License-Identifier: Apache-2.0 */
/* test_id.c - ids, the shape of secrets, and what q finds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"
#include "wire/id.h"

#define CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
#define S40 "aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-ab"

/* Whether c stands in CHARS; NUL does not. */
static bool is_id_char(int c)
{
    return c != 0 && strchr(CHARS, c) != NULL;
}

/* ----------------------------------------------------------------- Ids -- */

static void a_segment_has_1_to_64_characters(void **state)
{
    char text[100];

    (void)state;
    for (size_t len = 0; len < sizeof(text); len++) {
        memset(text, 'x', len);
        text[len] = '\0';
        assert_int_equal(okt_id_is_segment(text), len >= 1 && len <= 64);
    }
    assert_true(okt_id_is_segment(CHARS));
}

static void no_segment_has_a_character_that_means_something(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        const char alone[] = { (char)c, '\0' };
        const char first[] = { (char)c, 'a', '\0' };
        const char between[] = { 'a', (char)c, 'a', '\0' };
        const char last[] = { 'a', (char)c, '\0' };

        assert_int_equal(okt_id_is_segment(alone), is_id_char(c));
        assert_int_equal(okt_id_is_segment(first), is_id_char(c));
        assert_int_equal(okt_id_is_segment(between), is_id_char(c));
        assert_int_equal(okt_id_is_segment(last), is_id_char(c));
    }
    assert_false(okt_id_is_segment("."));
    assert_false(okt_id_is_segment(".."));
    assert_false(okt_id_is_segment("%2e"));
}

static void a_token_id_is_00T_and_17_letters_or_digits(void **state)
{
    static const char good[] = "00TaZ09aaaaaaaaaaaaa";

    (void)state;
    assert_int_equal(strlen(good), OKT_ID_LEN);
    assert_true(okt_id_is_token(good));
    assert_true(okt_id_is_token("00T00000000000000000"));
    assert_true(okt_id_is_token("00TTTTTTTTTTTTTTTTTT"));
    assert_true(okt_id_is_token("00TABCDEFGHIJKLMNOPQ"));
    assert_true(okt_id_is_token("00TRSTUVWXYZabcdefgh"));
    assert_true(okt_id_is_token("00Tijklmnopqrstuvwxy"));
    assert_true(okt_id_is_token("00Tz0123456789aaaaaa"));
    for (size_t i = 0; i < sizeof(good) - 1; i++) {
        for (int c = 0; c < 256; c++) {
            char text[sizeof(good)];
            bool legal =
                i >= 3 ? is_id_char(c) && c != '_' && c != '-' : c == good[i];

            memcpy(text, good, sizeof(good));
            text[i] = (char)c;
            if (okt_id_is_token(text) != legal)
                fail_msg("byte %d at %zu", c, i);
        }
    }
}

static void a_token_id_is_neither_longer_nor_shorter(void **state)
{
    static const char *const none[] = {
        "",
        "0",
        "00",
        "00T",
        "00Taaaaaaaaaaaaaaaa",
        "00Taaaaaaaaaaaaaaaaaa",
        " 00Taaaaaaaaaaaaaaaaa",
        "00Taaaaaaaaaaaaaaaaa ",
        "00Taaaaaaaaaaaaaaaaa\n",
        "current",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        assert_false(okt_id_is_token(none[i]));
}

/* ------------------------------------------------------------- Secrets -- */

/* secret NULL: there must be none. Text on the heap, exactly as long as told
 * and without a NUL. */
static void expect_secret(const char *text, size_t len, const char *secret)
{
    AUTO(char) copy = malloc(len + 1);
    const char *found;
    size_t found_len = 0;
    char *tight;

    assert_non_null(copy);
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (memchr(text, '\0', len) == NULL)
        assert_int_equal(okt_has_secret(copy), secret != NULL);
    tight = malloc(len == 0 ? 1 : len);
    assert_non_null(tight);
    memcpy(tight, text, len);
    found = okt_secret_find(tight, len, &found_len);
    if ((found != NULL) != (secret != NULL))
        fail_msg("in \"%s\"", copy);
    if (secret != NULL) {
        assert_true(found >= tight && found + found_len <= tight + len);
        assert_int_equal(found_len, strlen(secret));
        assert_memory_equal(found, secret, found_len);
    }
    free(tight);
}

static void a_secret_is_00_and_40_more_wherever_it_stands(void **state)
{
    static const struct {
        const char *text;
        const char *secret;
    } cases[] = {
        { SECRET, SECRET },
        { "00" S40, "00" S40 },
        { "SSWS " SECRET, SECRET },
        { "Authorization: SSWS " SECRET, SECRET },
        { SECRET " ", SECRET },
        { SECRET "\n", SECRET },
        { " " SECRET, SECRET },
        { "\"" SECRET "\"", SECRET },
        { "token=" SECRET "&x=1", SECRET },
        { "https://h/api/v1/api-tokens/" SECRET, SECRET },
        { "{\"id\":\"" SECRET "\"}", SECRET },
        { "Not found: Resource not found: " SECRET " (Token)", SECRET },
        { "short 00abc then " SECRET ".", SECRET },
        { SECRET " " SECRET "x", SECRET },
        { "xx" SECRET " " SECRET, SECRET },
        { "SSWS" SECRET, SECRET },
        { "x" SECRET, SECRET },
        { "-" SECRET "-", SECRET "-" },
        { "_00" S40 "_", "00" S40 "_" },
        { "0" SECRET, "0" SECRET },
        { "0100" S40, "00" S40 },
        /* longer ones too: it rather finds too much */
        { SECRET "x", SECRET "x" },
        { SECRET "xyz-_0 tail", SECRET "xyz-_0" },
        { "0000000000000000000000000000000000000000000000",
          "0000000000000000000000000000000000000000000000" },
        /* none */
        { "", NULL },
        { "0", NULL },
        { "00", NULL },
        { "0" S40 "a", NULL },
        { "01" S40, NULL },
        { "10" S40, NULL },
        { "10a00bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", NULL },
        { "0O" S40, NULL },
        { "\xc2\xa7", NULL },
        { "00T1234567890abcdefg", NULL },
        { "00aBcDeFgHiJkLmNoPqR.sTuVwXyZ0123456789_-ab", NULL },
        { "00aBcDeFgHiJkLmNoPqR sTuVwXyZ0123456789_-ab", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect_secret(cases[i].text, strlen(cases[i].text), cases[i].secret);
}

static void a_secret_has_at_least_42_characters(void **state)
{
    char text[101];

    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text, "00", 2);
    for (size_t len = 2; len < sizeof(text); len++) {
        char run[101];

        memcpy(run, text, len);
        run[len] = '\0';
        expect_secret(run, len, len >= 42 ? run : NULL);
    }
}

static void a_secret_has_only_its_characters(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char text[sizeof(SECRET)];

        memcpy(text, SECRET, sizeof(SECRET));
        text[20] = (char)c;
        expect_secret(text, OKT_SECRET_LEN, is_id_char(c) ? text : NULL);
        text[20] = SECRET[20];
        text[41] = (char)c;
        expect_secret(text, OKT_SECRET_LEN, is_id_char(c) ? text : NULL);
    }
}

static void any_other_character_may_stand_beside_a_secret(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char text[sizeof(SECRET) + 2];

        if (is_id_char(c))
            continue;
        text[0] = (char)c;
        memcpy(text + 1, SECRET, sizeof(SECRET));
        text[OKT_SECRET_LEN + 1] = (char)c;
        text[OKT_SECRET_LEN + 2] = '\0';
        expect_secret(text, OKT_SECRET_LEN + 2, SECRET);
        expect_secret(text, OKT_SECRET_LEN + 1, SECRET);
        expect_secret(text, OKT_SECRET_LEN, NULL);
    }
}

static void secrets_are_found_one_after_the_other(void **state)
{
    static const char text[] = "a " SECRET ", b " SECRET "; " S40;
    const char *at = text;
    const char *end = text + sizeof(text) - 1;
    size_t len = 0;
    int count = 0;

    (void)state;
    while ((at = okt_secret_find(at, (size_t)(end - at), &len)) != NULL) {
        assert_int_equal(len, OKT_SECRET_LEN);
        at += len;
        count++;
    }
    assert_int_equal(count, 2);
}

/* ------------------------------------------------------------------- q -- */

static const struct {
    const char *q;
    const char *name;
    const char *client;
    bool matches;
} searches[] = {
    { NULL, "ci", "Okta API", true },
    { "", "ci", "Okta API", true },
    { NULL, NULL, NULL, true },
    { "", NULL, NULL, true },
    { "", "", "", true },
    { "x", NULL, NULL, false },
    { "x", "", "", false },
    { "ci", "ci", NULL, true },
    { "ci", NULL, "ci", true },
    { "ci", "x", "ci", true },
    { "ci", "ci", "x", true },
    { "c", "abc", NULL, true },
    { "a", "abc", NULL, true },
    { "b", "abc", NULL, true },
    { "abc", "abc", NULL, true },
    { "abcd", "abc", NULL, false },
    { "abd", "abc", NULL, false },
    { "bcd", "abc", "d", false },
    { "cO", "abc", "Okta API", false },
    { "CI", "my-ci-token", NULL, true },
    { "ci", "MY-CI-TOKEN", NULL, true },
    { "okta api", "x", "Okta API", true },
    { "A aP", "x", "Okta API", true },
    { "aab", "aaab", NULL, true },
    { "abac", "ababac", NULL, true },
    { " ", "a b", NULL, true },
    { " ", "ab", NULL, false },
    /* no wildcards, nothing that an SQL LIKE would know */
    { "%", "ab", NULL, false },
    { "a%", "ab", NULL, false },
    { "_", "ab", NULL, false },
    { "*", "ab", NULL, false },
    { "a.", "ab", NULL, false },
    { "%", "100%", NULL, true },
    /* bytes that lie 32 apart and are no letters */
    { "@", "`", NULL, false },
    { "[", "{", NULL, false },
    { "]", "}", NULL, false },
    { "^", "~", NULL, false },
    { "_", "\x7f", NULL, false },
    { "0", "\x10", NULL, false },
    /* UTF-8: by its bytes, case only of ASCII */
    { "\u00fc", "Z\u00fcrich", NULL, true },
    { "\u00dc", "Z\u00fcrich", NULL, false },
    { "z\u00fcR", "Z\u00fcrich", NULL, true },
    { "\u00e9", "e\u0301", NULL, false },
    { "\u65e5\u672c", "\u65e5\u672c\u8a9e", NULL, true },
    { "\u212a", "k", NULL, false },
    { "k", "\u212a", NULL, false },
    { "\xc3\x85", "\xc3\xa5", NULL, false },
    { "\xff", "a\xff", NULL, true },
    { "\xc1", "\xe1", NULL, false },
};

static void q_is_found_in_name_or_client_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(searches); i++) {
        if (okt_q_matches(searches[i].q, searches[i].name,
                          searches[i].client) != searches[i].matches)
            fail_msg("case %zu", i);
    }
}

static void every_letter_is_found_in_both_cases(void **state)
{
    (void)state;
    for (int a = 1; a < 256; a++) {
        for (int b = 1; b < 256; b++) {
            const char q[] = { (char)a, '\0' };
            const char name[] = { 'x' == (a | 32) ? 'y' : 'x', (char)b, '\0' };
            bool letter = (a >= 'A' && a <= 'Z') || (a >= 'a' && a <= 'z');
            bool same = a == b || (letter && (a ^ b) == 32);

            assert_int_equal(okt_q_matches(q, name, NULL),
                             same || name[0] == q[0]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_test(a_segment_has_1_to_64_characters),
        cmocka_test(no_segment_has_a_character_that_means_something),
        cmocka_test(a_token_id_is_00T_and_17_letters_or_digits),
        cmocka_test(a_token_id_is_neither_longer_nor_shorter),
        cmocka_test(a_secret_is_00_and_40_more_wherever_it_stands),
        cmocka_test(a_secret_has_at_least_42_characters),
        cmocka_test(a_secret_has_only_its_characters),
        cmocka_test(any_other_character_may_stand_beside_a_secret),
        cmocka_test(secrets_are_found_one_after_the_other),
        cmocka_test(q_is_found_in_name_or_client_name),
        cmocka_test(every_letter_is_found_in_both_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
