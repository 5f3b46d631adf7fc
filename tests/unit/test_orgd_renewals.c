/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_renewals.c - notes of uses, until they are written and a bit. */
#include "tests/unit/test_orgd_store.h"

#include "server/org/pending_uses.h"

static bool keep_expires(const struct store_token *t, void *ctx)
{
    *(int64_t *)ctx = t->expires;
    return false;
}

static int64_t expires_of(struct store *s, const char *id)
{
    int64_t expires = 0;

    assert_int_equal(s->ops->token_by_id(s, id, keep_expires, &expires),
                     STORE_OK);
    return expires;
}

static void the_latest_use_counts(void **state)
{
    struct renewals *r = renewals_new();
    struct renewal found;

    (void)state;
    assert_false(renewals_find(r, "00T1", &found));
    assert_true(renewals_note(r, "00T1", 100, 1000));
    assert_true(renewals_note(r, "00T1", 90, 900));
    assert_true(renewals_find(r, "00T1", &found));
    assert_int_equal(found.used, 100);
    assert_int_equal(found.expires, 1000);
    assert_false(renewals_find(r, "00T2", &found));
    assert_false(renewals_are_written(r));
    renewals_free(r);
}

static void forgets_all(void **state)
{
    struct renewals *r = renewals_new();
    struct renewal found;

    (void)state;
    assert_true(renewals_note(r, "00T1", 100, 1000));
    renewals_clear(r);
    assert_false(renewals_find(r, "00T1", &found));
    assert_true(renewals_are_written(r));
    assert_true(renewals_note(r, "00T1", 90, 900));
    assert_true(renewals_find(r, "00T1", &found));
    assert_int_equal(found.expires, 900);
    renewals_free(r);
}

static void refuses_an_id_that_is_too_long(void **state)
{
    struct renewals *r = renewals_new();
    char id[100];

    (void)state;
    memset(id, 'x', sizeof(id) - 1);
    id[99] = '\0';
    assert_false(renewals_note(r, id, 1, 2));
    assert_true(renewals_are_written(r));
    renewals_free(r);
}

static void writes_each_note_once_and_keeps_it_a_moment(void **state)
{
    struct renewals *r = renewals_new();
    struct renewal found;
    struct fixture f;

    (void)state;
    fixture_open(&f);
    add_user(f.store, "00u1", "ada", "SUPER_ADMIN");
    add_token(f.store, "00T1", "one");
    renewals_note(r, "00T1", 100, 99999999);
    renewals_note(r, "00Tgone", 100, 99999999);
    assert_int_equal(renewals_write(r, f.store), STORE_OK);
    assert_false(renewals_are_written(r)); /* not before the commit */
    renewals_written(r);
    assert_true(renewals_are_written(r));
    assert_int_equal(expires_of(f.store, "00T1"), 99999999);
    /* Whoever read the row just before still finds the note. */
    assert_true(renewals_find(r, "00T1", &found));
    usleep(2100000);
    assert_false(renewals_find(r, "00T1", &found));
    renewals_written(r);
    assert_true(renewals_note(r, "00T1", 200, 199999999));
    assert_false(renewals_are_written(r));
    assert_int_equal(renewals_write(r, f.store), STORE_OK);
    renewals_written(r);
    assert_int_equal(expires_of(f.store, "00T1"), 199999999);
    renewals_free(r);
    fixture_close(&f);
}

/* A use between the write and the commit is written with the next round. */
static void a_use_meanwhile_is_not_lost(void **state)
{
    struct renewals *r = renewals_new();
    struct fixture f;

    (void)state;
    fixture_open(&f);
    add_user(f.store, "00u1", "ada", "SUPER_ADMIN");
    add_token(f.store, "00T1", "one");
    renewals_note(r, "00T1", 100, 99999999);
    assert_int_equal(renewals_write(r, f.store), STORE_OK);
    renewals_note(r, "00T1", 200, 99999998 + 100);
    renewals_written(r);
    assert_false(renewals_are_written(r));
    assert_int_equal(renewals_write(r, f.store), STORE_OK);
    renewals_written(r);
    assert_true(renewals_are_written(r));
    assert_int_equal(expires_of(f.store, "00T1"), 99999998 + 100);
    renewals_free(r);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_use_counts),
        cmocka_unit_test(forgets_all),
        cmocka_unit_test(refuses_an_id_that_is_too_long),
        cmocka_unit_test(writes_each_note_once_and_keeps_it_a_moment),
        cmocka_unit_test(a_use_meanwhile_is_not_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
