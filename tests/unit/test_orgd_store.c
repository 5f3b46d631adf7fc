/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_store.c - one suite for every backend of store.h. */
#include "tests/unit/test_orgd_store.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "server/store/store_sqlite.h"

static int syncs;
static bool sync_fails;

/* SQLite calls it in place of the system's. */
__attribute__((visibility("default"))) int fdatasync(int fd)
{
    syncs++;
    if (sync_fails) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    sync_fails = false;
    fixture_open(f);
    add_user(f->store, "00u1", "ada@example.com", "SUPER_ADMIN");
    *state = f;
    return 0;
}

/* What a callback saw, copied. */
struct seen {
    char text[4096];
    int count;
    int stop_after;
};

static bool see(const struct store_token *t, void *ctx)
{
    struct seen *seen = ctx;
    size_t len = strlen(seen->text);

    snprintf(seen->text + len, sizeof(seen->text) - len,
             "%s|%s|%s|%s|%s|%s|%s|%s|%lld|%lld|%lld|%s|%s;", t->id, t->name,
             t->user_id, t->client_name, t->window != NULL ? t->window : "null",
             t->connection, t->include, t->exclude, (long long)t->created,
             (long long)t->last_updated, (long long)t->expires,
             t->owner_roles != NULL ? t->owner_roles : "",
             t->owner_status != NULL ? t->owner_status : "");
    seen->count++;
    return seen->count != seen->stop_after;
}

static bool see_id(const struct store_token *t, void *ctx)
{
    struct seen *seen = ctx;
    size_t len = strlen(seen->text);

    snprintf(seen->text + len, sizeof(seen->text) - len, "%s ", t->id);
    seen->count++;
    return seen->count != seen->stop_after;
}

static void see_user(const struct store_user *u, void *ctx)
{
    struct seen *seen = ctx;

    snprintf(seen->text, sizeof(seen->text), "%s|%s|%s|%s|%lld", u->id,
             u->login, u->role, u->status, (long long)u->created);
}

static void keeps_every_field_of_a_token(void **state)
{
    struct store *s = store_of(state);
    struct store_token t = a_token("00T1", "it's \"one\"; DROP TABLE token;--");
    unsigned char hash[SECRET_HASH_LEN] = { 1, 2, 0, 4 };
    struct seen seen = { .text = "" };

    t.window = NULL;
    t.client_name = "Okta AD Agent";
    t.connection = "ZONE";
    t.exclude = "nzo1 nzo2";
    t.last_updated = 1001;
    t.expires = 1002;
    assert_int_equal(s->ops->token_add(s, &t, hash), STORE_OK);
    assert_int_equal(s->ops->token_by_id(s, "00T1", see, &seen), STORE_OK);
    assert_string_equal(seen.text,
                        "00T1|it's \"one\"; DROP TABLE token;--|00u1|"
                        "Okta AD Agent|null|ZONE||nzo1 nzo2|1000|1001|1002||;");
    seen.text[0] = '\0';
    assert_int_equal(s->ops->token_by_hash(s, hash, see, &seen), STORE_OK);
    assert_non_null(strstr(seen.text, "|1002|SUPER_ADMIN,|ACTIVE;"));
    hash[31] = 1;
    assert_int_equal(s->ops->token_by_hash(s, hash, see, &seen),
                     STORE_NOT_FOUND);
}

static void refuses_what_is_taken(void **state)
{
    struct store *s = store_of(state);
    struct store_user user = {
        "00u2", "ADA@example.com", "ORG_ADMIN", "ACTIVE", 1, 0
    };
    struct store_token t = a_token("00T1", "two");
    unsigned char hash[SECRET_HASH_LEN] = { 9 };

    add_token(s, "00T1", "one");
    assert_int_equal(s->ops->token_add(s, &t, hash), STORE_CONFLICT);
    t.id = "00T2";
    assert_true(secret_hash("00T1", hash)); /* the first one's secret */
    assert_int_equal(s->ops->token_add(s, &t, hash), STORE_CONFLICT);
    assert_int_equal(s->ops->user_add(s, &user), STORE_CONFLICT);
    user.id = "00u1";
    user.login = "other";
    assert_int_equal(s->ops->user_add(s, &user), STORE_CONFLICT);
    t.user_id = "00unobody";
    hash[0] = 77;
    assert_int_equal(s->ops->token_add(s, &t, hash), STORE_FAILED);
}

static void finds_users_by_login_and_by_id(void **state)
{
    struct store *s = store_of(state);
    struct seen seen = { .text = "" };

    assert_int_equal(s->ops->user_find(s, "Ada@Example.com", see_user, &seen),
                     STORE_OK);
    assert_string_equal(seen.text,
                        "00u1|ada@example.com|SUPER_ADMIN|ACTIVE|1000");
    seen.text[0] = '\0';
    assert_int_equal(s->ops->user_find(s, "00u1", see_user, &seen), STORE_OK);
    assert_int_equal(s->ops->user_find(s, "00U1", see_user, &seen),
                     STORE_NOT_FOUND);
    assert_int_equal(s->ops->user_find(s, "%", see_user, &seen),
                     STORE_NOT_FOUND);
}

static void lists_by_name_then_id_from_any_place(void **state)
{
    struct store *s = store_of(state);
    struct store_position after = { "b", "00T3" };
    struct store_position gone = { "B", "00T2x" };
    struct store_position end = { "\xc3\xa9", "00T6" };
    struct seen seen = { .text = "" };

    add_token(s, "00T5", "c");
    add_token(s, "00T4", "B");
    add_token(s, "00T3", "b");
    add_token(s, "00T2", "b");
    add_token(s, "00T1", "A");
    add_token(s, "00T6", "\xc3\xa9"); /* beyond ASCII: by bytes */
    assert_int_equal(s->ops->token_each(s, NULL, see_id, &seen), STORE_OK);
    assert_string_equal(seen.text, "00T1 00T2 00T3 00T4 00T5 00T6 ");
    seen = (struct seen){ .stop_after = 2 };
    assert_int_equal(s->ops->token_each(s, &after, see_id, &seen), STORE_OK);
    assert_string_equal(seen.text, "00T4 00T5 ");
    seen = (struct seen){ .stop_after = 1 };
    assert_int_equal(s->ops->token_each(s, &gone, see_id, &seen), STORE_OK);
    assert_string_equal(seen.text, "00T3 ");
    seen = (struct seen){ .text = "" };
    assert_int_equal(s->ops->token_each(s, &end, see_id, &seen), STORE_OK);
    assert_int_equal(seen.count, 0);
}

static void changes_one_token(void **state)
{
    struct store *s = store_of(state);
    struct store_network net = { "ZONE", "nzo1 nzo2", "" };
    struct seen seen = { .text = "" };

    add_token(s, "00T1", "one");
    assert_int_equal(s->ops->token_restrict(s, "00T1", &net, 2000), STORE_OK);
    assert_int_equal(s->ops->token_renew(s, "00T1", 9999999, 3000), STORE_OK);
    /* Times never go back. */
    assert_int_equal(s->ops->token_renew(s, "00T1", 5, 6), STORE_OK);
    s->ops->token_by_id(s, "00T1", see, &seen);
    assert_string_equal(seen.text, "00T1|one|00u1|Okta API|P30D|ZONE|nzo1 nzo2|"
                                   "|1000|3000|9999999||;");
    assert_int_equal(s->ops->token_remove(s, "00T1"), STORE_OK);
    assert_int_equal(s->ops->token_remove(s, "00T1"), STORE_NOT_FOUND);
    assert_int_equal(s->ops->token_restrict(s, "00T1", &net, 1),
                     STORE_NOT_FOUND);
    assert_int_equal(s->ops->token_renew(s, "00T1", 1, 1), STORE_NOT_FOUND);
    assert_int_equal(s->ops->token_by_id(s, "00T1", see, &seen),
                     STORE_NOT_FOUND);
}

static void rolls_back_and_commits(void **state)
{
    struct store *s = store_of(state);
    struct seen seen = { .text = "" };

    assert_int_equal(s->ops->begin(s), STORE_OK);
    add_token(s, "00T1", "one");
    s->ops->rollback(s);
    s->ops->rollback(s); /* nothing left to do */
    assert_int_equal(s->ops->begin(s), STORE_OK);
    add_token(s, "00T2", "two");
    assert_int_equal(s->ops->commit(s), STORE_OK);
    s->ops->token_each(s, NULL, see_id, &seen);
    assert_string_equal(seen.text, "00T2 ");
}

/* A handle in another thread or process sees a commit with its next read. */
static void another_handle_sees_a_commit_at_once(void **state)
{
    struct fixture *f = *state;
    AUTO(store_handle) reader = NULL;
    struct seen seen = { .text = "" };

    add_token(f->store, "00T1", "one");
    add_token(f->store, "00T2", "two");
    assert_int_equal(store_open(f->where, &reader), STORE_OK);
    seen.stop_after = 1; /* a list that is broken off pins nothing */
    assert_int_equal(reader->ops->token_each(reader, NULL, see_id, &seen),
                     STORE_OK);
    assert_int_equal(f->store->ops->token_remove(f->store, "00T2"), STORE_OK);
    assert_int_equal(reader->ops->token_by_id(reader, "00T2", see, &seen),
                     STORE_NOT_FOUND);
}

static void run_sql(const struct fixture *f, const char *script)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(f->where + strlen("sqlite:"), &db),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, script, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* -------------------------------------------------------------- Search -- */

struct found {
    const char *q;
    int shown;
    struct seen seen;
};

static bool see_match(const struct store_token *t, void *ctx)
{
    struct found *found = ctx;

    found->shown++;
    return !okt_q_matches(found->q, t->name, t->client_name) ||
           see_id(t, &found->seen);
}

/* What the index finds, and what a look at each token does, is the same. */
static void expect_the_same(struct store *s, const char *q,
                            const struct store_position *after)
{
    struct found all = { .q = q };
    struct found few = { .q = q };

    assert_int_equal(s->ops->token_each(s, after, see_match, &all), STORE_OK);
    assert_int_equal(s->ops->token_search(s, q, after, see_match, &few),
                     STORE_OK);
    if (strcmp(all.seen.text, few.seen.text) != 0)
        fail_msg("q '%s' finds '%s', not '%s'", q, few.seen.text,
                 all.seen.text);
}

static const char *const searched[] = {
    "CI production",
    "ci Production 2",
    "the \"old\" one",
    "a*b^c:d-e AND f",
    "Z\u00fcrich \u00c4rger",
    "z\u00dcrich",
    "\u212aelvin kelvin",
    "100%_sure",
    "it's (a) {test}",
    "ab",
    "needle",
    "\t tab\n",
};

static const char *const queries[] = {
    "",           "c",       "ci",          "CI ",      "production",
    "PROD",       "\"old\"", "\"",          "\"\"\"",   "*b^",
    "AND",        "d-e AND", "NOT",         "rich",     "\u00fcri",
    "\u00fcrich", "\u00dc",  "\u00c4rger",  "\xbcrich", "kelvin",
    "\u212ael",   "100%_",   "%",           "___",      "it's (a) {",
    "okta api",   "OKTA",    "no such one", "needle",   "\n",
    "\t tab",     "name:ci", "a api",       "ab",
};

static void add_searched(struct store *s)
{
    char id[24];

    for (size_t i = 0; i < ARRAY_LEN(searched); i++) {
        snprintf(id, sizeof(id), "00T%zu", i);
        add_token(s, id, searched[i]);
    }
}

static void a_search_finds_what_a_look_at_each_does(void **state)
{
    static const struct store_position after = { "CI PRODUCTION", "00T0" };
    struct fixture *f = *state;
    struct store *s = f->store;

    add_searched(s);
    s->ops->token_remove(s, "00T3");
    run_sql(f, "VACUUM"); /* may number rows anew */
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        expect_the_same(s, queries[i], NULL);
        expect_the_same(s, queries[i], &after);
    }
}

/* Or all of a million would be read for it. */
static void a_search_shows_no_others(void **state)
{
    struct store *s = store_of(state);
    struct found found = { .q = "needle" };

    add_searched(s);
    assert_int_equal(s->ops->token_search(s, "NEEDLE", NULL, see_match, &found),
                     STORE_OK);
    assert_int_equal(found.shown, 1);
    assert_int_equal(s->ops->token_remove(s, "00T10"), STORE_OK);
    assert_int_equal(s->ops->token_search(s, "NEEDLE", NULL, see_match, &found),
                     STORE_OK);
    assert_int_equal(found.shown, 1);
}

/* So many that they are not sorted for a page. */
static void what_many_have_is_found_from_the_list(void **state)
{
    enum { MANY = 8100 };
    struct store *s = store_of(state);
    struct found found = { .q = "many", .seen = { .stop_after = 3 } };
    char id[24];

    assert_int_equal(s->ops->begin(s), STORE_OK);
    for (int i = 0; i < MANY; i++) {
        snprintf(id, sizeof(id), "00T%04d", i);
        add_token(s, id, "one of many");
    }
    assert_int_equal(s->ops->commit(s), STORE_OK);
    assert_int_equal(s->ops->token_search(s, "many", NULL, see_match, &found),
                     STORE_OK);
    assert_string_equal(found.seen.text, "00T0000 00T0001 00T0002 ");
}

/* ------------------------------------------------- What a handle keeps -- */

static store_status read_name(struct store *s, const char *id, char *name)
{
    struct seen seen = { .text = "" };
    store_status st = s->ops->token_by_id(s, id, see, &seen);

    snprintf(name, 64, "%.63s", seen.text);
    return st;
}

static store_status read_status(struct store *s, const char *id,
                                struct seen *seen)
{
    unsigned char hash[SECRET_HASH_LEN];

    assert_true(secret_hash(id, hash));
    *seen = (struct seen){ .text = "" };
    return s->ops->token_by_hash(s, hash, see, seen);
}

/* Each read is the second of its kind, so that the first could be kept. */
static void what_was_read_is_forgotten_with_any_commit(void **state)
{
    static const struct store_network network = { "ZONE", "nzo1", "" };
    struct fixture *f = *state;
    struct store *s = f->store;
    AUTO(store_handle) reader = NULL;
    struct seen seen;

    assert_int_equal(store_open(f->where, &reader), STORE_OK);
    add_token(s, "00T1", "one");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(read_status(reader, "00T1", &seen), STORE_OK);
        assert_non_null(strstr(seen.text, "|ANYWHERE|"));
        assert_non_null(strstr(seen.text, "|ACTIVE;"));
    }
    s->ops->token_restrict(s, "00T1", &network, 2000);
    assert_int_equal(read_status(reader, "00T1", &seen), STORE_OK);
    assert_non_null(strstr(seen.text, "|ZONE|nzo1|"));
    s->ops->user_set_status(s, "00u1", "SUSPENDED", 2000);
    assert_int_equal(read_status(reader, "00T1", &seen), STORE_OK);
    assert_non_null(strstr(seen.text, "|SUSPENDED;"));
    s->ops->token_remove(s, "00T1");
    assert_int_equal(read_status(reader, "00T1", &seen), STORE_NOT_FOUND);
}

/* An id and a hash that are told apart by their kind alone are two keys. */
static void keeps_an_id_and_a_hash_apart(void **state)
{
    struct store *s = store_of(state);
    struct seen seen = { .text = "" };
    unsigned char hash[SECRET_HASH_LEN];
    char id[SECRET_HASH_LEN + 1];

    memset(hash, 'x', sizeof(hash));
    snprintf(id, sizeof(id), "%.*s", (int)sizeof(hash), (const char *)hash);
    add_token(s, id, "one");
    assert_int_equal(s->ops->token_by_id(s, id, see, &seen), STORE_OK);
    assert_int_equal(s->ops->token_by_hash(s, hash, see, &seen),
                     STORE_NOT_FOUND);
}

static void a_handle_sees_its_own_changes_and_their_undoing(void **state)
{
    static const struct store_network network = { "ZONE", "nzo1", "" };
    struct store *s = store_of(state);
    char text[64];

    add_token(s, "00T1", "one");
    read_name(s, "00T1", text);
    assert_int_equal(s->ops->begin(s), STORE_OK);
    assert_int_equal(read_name(s, "00T1", text), STORE_OK);
    s->ops->token_restrict(s, "00T1", &network, 2000);
    read_name(s, "00T1", text);
    assert_non_null(strstr(text, "|ZONE|"));
    s->ops->rollback(s);
    read_name(s, "00T1", text);
    assert_non_null(strstr(text, "|ANYWHERE|"));
}

/* What an old snapshot shows is not kept for the time after it. */
static void a_snapshot_is_not_kept(void **state)
{
    static const struct store_network network = { "ZONE", "nzo1", "" };
    struct fixture *f = *state;
    struct store *s = f->store;
    AUTO(store_handle) reader = NULL;
    struct seen seen = { .text = "" };
    char text[64];

    add_token(s, "00T1", "one");
    assert_int_equal(store_open(f->where, &reader), STORE_OK);
    assert_int_equal(reader->ops->begin_read(reader), STORE_OK);
    assert_int_equal(reader->ops->token_each(reader, NULL, see_id, &seen),
                     STORE_OK);
    s->ops->token_restrict(s, "00T1", &network, 2000);
    read_name(reader, "00T1", text);
    assert_non_null(strstr(text, "|ANYWHERE|")); /* as the list had it */
    assert_int_equal(reader->ops->commit(reader), STORE_OK);
    read_name(reader, "00T1", text);
    assert_non_null(strstr(text, "|ZONE|"));
}

/* The child removes one after the other and tells of each. */
static void remove_all(const char *where, int count, int tell, int answer)
{
    struct store *s;
    char id[24];
    char c = 0;

    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a parent that fails answers no more */
    if (store_open(where, &s) != STORE_OK)
        _exit(1);
    for (int i = 0; i < count; i++) {
        snprintf(id, sizeof(id), "00T%d", i);
        if (s->ops->token_remove(s, id) != STORE_OK ||
            write(tell, &c, 1) != 1 || read(answer, &c, 1) != 1)
            _exit(1);
    }
    _exit(0);
}

/* Never once is a token found that another process has said to be removed. */
static void another_process_is_seen_at_once(void **state)
{
    enum { COUNT = 500 };
    struct fixture *f = *state;
    struct store *s = f->store;
    struct seen seen;
    int to[2];
    int from[2];
    char id[24];
    char c;
    pid_t child;

    for (int i = 0; i < COUNT; i++) {
        snprintf(id, sizeof(id), "00T%d", i);
        add_token(s, id, "one");
    }
    assert_int_equal(pipe(to) + pipe(from), 0);
    child = fork();
    if (child == 0)
        remove_all(f->where, COUNT, from[1], to[0]);
    for (int i = 0; i < COUNT; i++) {
        snprintf(id, sizeof(id), "00T%d", i);
        assert_int_equal(read(from[0], &c, 1), 1);
        assert_int_equal(read_status(s, id, &seen), STORE_NOT_FOUND);
        snprintf(id, sizeof(id), "00T%d", i + 1);
        if (i + 1 < COUNT) /* it is kept when it is removed */
            assert_int_equal(read_status(s, id, &seen), STORE_OK);
        assert_int_equal(write(to[1], &c, 1), 1);
    }
    waitpid(child, NULL, 0);
    for (int i = 0; i < 2; i++) {
        close(to[i]);
        close(from[i]);
    }
}

static void remembers_that_secrets_were_pinned(void **state)
{
    struct store *s = store_of(state);
    bool pinned = true;

    assert_int_equal(s->ops->get_pinned(s, &pinned), STORE_OK);
    assert_false(pinned);
    assert_int_equal(s->ops->set_pinned(s), STORE_OK);
    assert_int_equal(s->ops->set_pinned(s), STORE_OK);
    assert_int_equal(s->ops->get_pinned(s, &pinned), STORE_OK);
    assert_true(pinned);
}

static void path_in(const struct fixture *f, const char *name, char path[128])
{
    snprintf(path, 128, "%s/%s", f->dir, name);
}

/* Another handle, which has statements of before, sees all of it at once. */
static void comes_back_from_a_copy(void **state)
{
    struct fixture *f = *state;
    struct store *s = f->store;
    AUTO(store_handle) reader = NULL;
    struct seen seen = { .text = "" };
    int64_t note = 0;
    char path[128];

    path_in(f, "copy", path);
    add_token(s, "00T1", "one");
    assert_int_equal(store_open(f->where, &reader), STORE_OK);
    syncs = 0;
    assert_int_equal(s->ops->save(s, path, INT64_MIN), STORE_OK);
    assert_true(syncs > 0);
    assert_int_equal(s->ops->save(s, path, 1), STORE_FAILED); /* is there */
    add_token(s, "00T2", "two");
    assert_int_equal(s->ops->token_remove(s, "00T1"), STORE_OK);
    assert_int_equal(reader->ops->token_by_id(reader, "00T2", see, &seen),
                     STORE_OK);
    syncs = 0;
    assert_int_equal(s->ops->restore(s, path, &note), STORE_OK);
    assert_true(syncs > 0);
    assert_true(note == INT64_MIN);
    assert_int_equal(reader->ops->token_by_id(reader, "00T2", see, &seen),
                     STORE_NOT_FOUND); /* whatever the handle remembers */
    seen.text[0] = '\0';
    reader->ops->token_each(reader, NULL, see_id, &seen);
    assert_string_equal(seen.text, "00T1 ");
    add_token(s, "00T3", "three"); /* it goes on, in the same mode */
    assert_int_equal(reader->ops->token_by_id(reader, "00T3", see, &seen),
                     STORE_OK);
    unlink(path);
}

static void comes_back_from_no_other_file(void **state)
{
    struct fixture *f = *state;
    struct store *s = f->store;
    struct seen seen = { .text = "" };
    int64_t note = 7;
    char path[128];

    path_in(f, "other", path);
    add_token(s, "00T1", "one");
    assert_int_equal(s->ops->restore(s, path, &note), STORE_FAILED);
    assert_int_equal(store_sqlite_create(path), STORE_OK); /* nobody saved it */
    assert_int_equal(s->ops->restore(s, path, &note), STORE_FAILED);
    assert_int_equal(note, 7);
    s->ops->token_each(s, NULL, see_id, &seen);
    assert_string_equal(seen.text, "00T1 ");
    unlink(path);
}

static void a_commit_waits_for_the_disk(void **state)
{
    struct store *s = store_of(state);

    assert_int_equal(s->ops->begin(s), STORE_OK);
    add_token(s, "00T1", "one");
    syncs = 0;
    assert_int_equal(s->ops->commit(s), STORE_OK);
    assert_true(syncs > 0);
}

static void a_disk_that_fails_is_no_commit(void **state)
{
    struct store *s = store_of(state);
    struct seen seen = { .text = "" };

    add_token(s, "00T1", "one");
    assert_int_equal(s->ops->begin(s), STORE_OK);
    assert_int_equal(s->ops->token_remove(s, "00T1"), STORE_OK);
    sync_fails = true;
    assert_int_equal(s->ops->commit(s), STORE_FAILED);
    s->ops->rollback(s);
    sync_fails = false;
    assert_int_equal(s->ops->token_by_id(s, "00T1", see, &seen), STORE_OK);
}

static void copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    char bytes[4096];
    size_t n;

    assert_non_null(in);
    assert_non_null(out);
    while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(in);
    fclose(out);
}

/* What a start after a crash would find. */
static bool finds_after_crash(const struct fixture *f, const char *id)
{
    static const char *const parts[] = { "db", "db-wal" };
    struct seen seen = { .text = "" };
    struct store *s = NULL;
    char from[160];
    char to[160];
    bool found;

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        snprintf(from, sizeof(from), "%s/orgd.%s", f->dir, parts[i]);
        snprintf(to, sizeof(to), "%s/crash.%s", f->dir, parts[i]);
        copy_file(from, to);
    }
    snprintf(to, sizeof(to), "sqlite:%s/crash.db", f->dir);
    assert_int_equal(store_open(to, &s), STORE_OK);
    found = s->ops->token_by_id(s, id, see, &seen) == STORE_OK;
    store_close(s);
    unlink(to + strlen("sqlite:"));
    return found;
}

/* The log holds all of the commit but the sync. */
static void what_failed_does_not_come_back_once_proved(void **state)
{
    struct fixture *f = *state;
    struct store *s = f->store;

    assert_int_equal(s->ops->begin(s), STORE_OK);
    add_token(s, "00T1", "one");
    sync_fails = true;
    assert_int_equal(s->ops->commit(s), STORE_FAILED);
    s->ops->rollback(s);
    assert_int_equal(s->ops->prove(s), STORE_FAILED);
    sync_fails = false;
    assert_int_equal(s->ops->prove(s), STORE_OK);
    assert_false(finds_after_crash(f, "00T1"));
    add_token(s, "00T2", "two");
    assert_true(finds_after_crash(f, "00T2"));
}

static void opens_only_what_is_its_own(void **state)
{
    struct fixture *f = *state;
    struct store *s = NULL;
    char path[128];
    char where[160];
    FILE *file;

    snprintf(path, sizeof(path), "%s/no.db", f->dir);
    snprintf(where, sizeof(where), "sqlite:%s", path);
    assert_int_equal(store_open(where, &s), STORE_FAILED);
    assert_int_equal(access(path, F_OK), -1); /* and makes none */
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("no database, but a text that is long enough to be taken for one",
          file);
    fclose(file);
    assert_int_equal(store_open(where, &s), STORE_FAILED);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(store_open(where, &s), STORE_FAILED);
    unlink(path);
    assert_int_equal(store_open("postgresql://x", &s), STORE_FAILED);
    assert_int_equal(store_create("x"), STORE_FAILED);
    assert_null(s);
}

static bool see_event(const struct store_event *e, void *ctx)
{
    struct seen *seen = ctx;
    size_t len = strlen(seen->text);

    snprintf(seen->text + len, sizeof(seen->text) - len, "%s@%lld ", e->uuid,
             (long long)e->published);
    seen->count++;
    return seen->count != seen->stop_after;
}

static void add_event(struct store *s, const char *uuid, int64_t published,
                      const char *type)
{
    struct store_event event = {
        .uuid = uuid, .published = published, .type = type, .target_id = uuid
    };

    assert_int_equal(s->ops->event_add(s, &event), STORE_OK);
}

static void lists_events_both_ways_from_any_place(void **state)
{
    static const struct {
        struct store_events which;
        const char *seen;
    } cases[] = {
        { { 0, 100, false, 0, 0 }, "a@10 c@10 d@15 b@20 " },
        { { 0, 100, true, 0, 0 }, "b@20 d@15 c@10 a@10 " },
        { { 10, 15, false, 0, 0 }, "a@10 c@10 d@15 " },
        { { 11, 19, false, 0, 0 }, "d@15 " },
        { { 0, 9, false, 0, 0 }, "" },
        { { 0, 100, false, 10, 1 }, "c@10 d@15 b@20 " },
        { { 0, 100, true, 10, 3 }, "a@10 " },
        { { 0, 12, false, 10, 1 }, "c@10 " },
    };
    struct store *s = store_of(state);

    add_event(s, "a", 10, "t");
    add_event(s, "b", 20, "t");
    add_event(s, "c", 10, "t");
    add_event(s, "d", 15, "t");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct seen seen = { .text = "" };

        assert_int_equal(s->ops->event_each(s, &cases[i].which, see_event,
                                            &seen),
                         STORE_OK);
        assert_string_equal(seen.text, cases[i].seen);
    }
}

static bool see_whole_event(const struct store_event *e, void *ctx)
{
    struct seen *seen = ctx;

    snprintf(seen->text, sizeof(seen->text), "%s|%s|%s|%s|%s|%s|%s", e->type,
             e->target_type, e->target_id, e->target_name, e->group_id,
             e->group_name, e->privilege);
    return true;
}

static void keeps_what_a_second_target_was(void **state)
{
    const struct store_event event = {
        .uuid = "u",
        .type = "t",
        .target_type = "User",
        .target_id = "00u1",
        .target_name = "ada",
        .group_id = "00g1",
        .group_name = "Ops",
        .privilege = "Boss",
    };
    const struct store_events all = { INT64_MIN, INT64_MAX, false, 0, 0 };
    struct store *s = store_of(state);
    struct seen seen = { .text = "" };

    assert_int_equal(s->ops->event_add(s, &event), STORE_OK);
    s->ops->event_each(s, &all, see_whole_event, &seen);
    assert_string_equal(seen.text, "t|User|00u1|ada|00g1|Ops|Boss");
}

static void prunes_the_oldest_events(void **state)
{
    const struct store_events all = { INT64_MIN, INT64_MAX, false, 0, 0 };
    struct store *s = store_of(state);
    struct seen seen = { .text = "" };

    add_event(s, "c", 30, "t");
    add_event(s, "a", 10, "t");
    add_event(s, "b", 20, "t");
    add_event(s, "d", 31, "t");
    assert_int_equal(s->ops->event_prune(s, 31, 2), STORE_OK);
    s->ops->event_each(s, &all, see_event, &seen);
    assert_string_equal(seen.text, "c@30 d@31 ");
    assert_int_equal(s->ops->event_prune(s, 31, 2), STORE_OK);
    assert_int_equal(s->ops->event_prune(s, 31, 2), STORE_OK);
    seen = (struct seen){ .text = "" };
    s->ops->event_each(s, &all, see_event, &seen);
    assert_string_equal(seen.text, "d@31 ");
}

static void knows_when_a_use_was_refused(void **state)
{
    static const char type[] = "system.api_token.request_outside_allowed_range";
    struct store *s = store_of(state);
    bool is = true;

    add_event(s, "00T1", 10, type);
    add_event(s, "00T2", 20, "system.api_token.revoke");
    assert_int_equal(s->ops->event_refused(s, "00T1", 10, &is), STORE_OK);
    assert_true(is);
    assert_int_equal(s->ops->event_refused(s, "00T1", 11, &is), STORE_OK);
    assert_false(is);
    assert_int_equal(s->ops->event_refused(s, "00T2", 10, &is), STORE_OK);
    assert_false(is);
}

static void see_group(const struct store_group *g, void *ctx)
{
    struct seen *seen = ctx;
    size_t len = strlen(seen->text);

    snprintf(seen->text + len, sizeof(seen->text) - len, "%s|%s|%s|%lld;",
             g->id, g->name, g->role, (long long)g->created);
}

static void a_group_s_role_is_its_members_too(void **state)
{
    struct store *s = store_of(state);
    struct store_group one = { "00g1", "b", "ORG_ADMIN", 5 };
    struct store_group two = { "00g2", "A", "", 6 };
    struct seen seen = { .text = "" };
    unsigned char hash[SECRET_HASH_LEN];

    add_token(s, "00T1", "one");
    assert_int_equal(s->ops->group_add(s, &one), STORE_OK);
    assert_int_equal(s->ops->group_add(s, &two), STORE_OK);
    assert_int_equal(s->ops->group_add(s, &two), STORE_CONFLICT);
    assert_int_equal(s->ops->group_add_member(s, "00g1", "00u1"), STORE_OK);
    assert_int_equal(s->ops->group_add_member(s, "00g2", "00u1"), STORE_OK);
    assert_int_equal(s->ops->group_add_member(s, "00g1", "00u1"),
                     STORE_CONFLICT);
    assert_int_equal(s->ops->group_add_member(s, "00gx", "00u1"), STORE_FAILED);
    assert_int_equal(s->ops->group_each_of(s, "00u1", see_group, &seen),
                     STORE_OK);
    assert_string_equal(seen.text, "00g2|A||6;00g1|b|ORG_ADMIN|5;");
    seen.text[0] = '\0';
    assert_int_equal(s->ops->group_find(s, "00g1", see_group, &seen), STORE_OK);
    assert_string_equal(seen.text, "00g1|b|ORG_ADMIN|5;");
    assert_int_equal(s->ops->group_find(s, "00gx", see_group, &seen),
                     STORE_NOT_FOUND);
    seen.text[0] = '\0';
    assert_true(secret_hash("00T1", hash));
    assert_int_equal(s->ops->token_by_hash(s, hash, see, &seen), STORE_OK);
    assert_non_null(strstr(seen.text, "SUPER_ADMIN,"));
    assert_non_null(strstr(seen.text, "ORG_ADMIN"));
}

static void an_id_goes_before_a_login(void **state)
{
    struct store *s = store_of(state);
    struct seen seen = { .text = "" };

    add_user(s, "00u0", "00u1", "ORG_ADMIN"); /* a login that is an id */
    assert_int_equal(s->ops->user_find(s, "00u1", see_user, &seen), STORE_OK);
    assert_string_equal(seen.text,
                        "00u1|ada@example.com|SUPER_ADMIN|ACTIVE|1000");
    assert_int_equal(s->ops->user_set_status(s, "00u1", "SUSPENDED", 7),
                     STORE_OK);
    assert_int_equal(s->ops->user_set_status(s, "00ux", "SUSPENDED", 7),
                     STORE_NOT_FOUND);
    s->ops->user_find(s, "00u1", see_user, &seen);
    assert_non_null(strstr(seen.text, "|SUSPENDED|"));
    s->ops->user_find(s, "00u0", see_user, &seen);
    assert_non_null(strstr(seen.text, "|ACTIVE|"));
}

static void keeps_what_time_it_was(void **state)
{
    const struct clock_seen saved = { 100, 200, 150, 250 };
    struct store *s = store_of(state);
    struct clock_seen seen;

    assert_int_equal(s->ops->clock_load(s, &seen), STORE_OK);
    assert_int_equal(seen.last | seen.slow | seen.fast | seen.begin, 0);
    assert_int_equal(s->ops->clock_save(s, &saved), STORE_OK);
    assert_int_equal(s->ops->clock_load(s, &seen), STORE_OK);
    assert_memory_equal(&seen, &saved, sizeof(seen));
    /* As an earlier version has left it. */
    run_sql(*state, "DELETE FROM setting WHERE key IN"
                    " ('clock_slow', 'clock_fast')");
    assert_int_equal(s->ops->clock_load(s, &seen), STORE_OK);
    assert_int_equal(seen.begin, 100);
    assert_int_equal(seen.slow, 200);
    assert_int_equal(seen.fast, 200);
}

static void see_password(const struct store_user *user, const char *hash,
                         void *ctx)
{
    struct seen *seen = ctx;

    snprintf(seen->text, sizeof(seen->text), "%s|%s|%s", user->id, user->login,
             hash);
    seen->count++;
}

static void keeps_one_password_a_user(void **state)
{
    struct store *s = store_of(state);
    const struct store_ops *ops = s->ops;
    struct seen seen = { .text = "" };

    assert_int_equal(ops->password_find(s, "00u1", see_password, &seen),
                     STORE_OK);
    assert_string_equal(seen.text, "00u1|ada@example.com|");
    assert_int_equal(ops->password_set(s, "00u1", "$y$1", 5), STORE_OK);
    assert_int_equal(ops->password_set(s, "00u1", "$y$2", 6), STORE_OK);
    assert_int_equal(ops->password_find(s, "ADA@example.com", see_password,
                                        &seen),
                     STORE_OK);
    assert_string_equal(seen.text, "00u1|ada@example.com|$y$2");
    assert_int_equal(ops->password_find(s, "bob", see_password, &seen),
                     STORE_NOT_FOUND);
    assert_int_equal(seen.count, 2);
    assert_int_equal(ops->password_set(s, "00ux", "$y$1", 5), STORE_FAILED);
}

static void see_session(const struct store_session *session, void *ctx)
{
    struct seen *seen = ctx;

    snprintf(seen->text, sizeof(seen->text), "%s|%s|%s|%s|%lld|%lld",
             session->user_id, session->login, session->status, session->roles,
             (long long)session->created, (long long)session->used);
    seen->count++;
}

static const char *session_of(struct store *s, const unsigned char *hash,
                              struct seen *seen)
{
    seen->text[0] = '\0';
    if (s->ops->session_find(s, hash, see_session, seen) == STORE_NOT_FOUND)
        return "none";
    return seen->text;
}

static void keeps_sessions(void **state)
{
    static const unsigned char one[SECRET_HASH_LEN] = { 1 };
    static const unsigned char two[SECRET_HASH_LEN] = { 2 };
    struct store *s = store_of(state);
    struct store_session session = {
        .user_id = "00u1", .created = 10, .used = 10
    };
    struct seen seen = { .text = "" };

    assert_string_equal(session_of(s, one, &seen), "none");
    assert_int_equal(s->ops->session_add(s, &session, one), STORE_OK);
    assert_int_equal(s->ops->session_add(s, &session, one), STORE_CONFLICT);
    assert_int_equal(s->ops->session_add(s, &session, two), STORE_OK);
    assert_int_equal(s->ops->session_use(s, one, 20), STORE_OK);
    assert_int_equal(s->ops->session_use(s, one, 15), STORE_OK);
    assert_string_equal(session_of(s, one, &seen),
                        "00u1|ada@example.com|ACTIVE|SUPER_ADMIN,|10|20");
    assert_int_equal(s->ops->user_set_status(s, "00u1", "SUSPENDED", 7),
                     STORE_OK);
    assert_string_equal(session_of(s, two, &seen),
                        "00u1|ada@example.com|SUSPENDED|SUPER_ADMIN,|10|10");
    assert_int_equal(s->ops->session_remove(s, one), STORE_OK);
    assert_int_equal(s->ops->session_remove(s, one), STORE_NOT_FOUND);
    assert_int_equal(s->ops->session_use(s, one, 15), STORE_NOT_FOUND);
    assert_string_equal(session_of(s, one, &seen), "none");
}

static void sweeps_sessions(void **state)
{
    static const unsigned char hash[4][SECRET_HASH_LEN] = {
        { 0 }, { 1 }, { 2 }, { 3 }
    };
    struct store *s = store_of(state);
    int64_t count = 7;
    struct seen seen = { .text = "" };

    add_user(s, "00u2", "bob@example.com", "");
    for (int i = 0; i < 4; i++) {
        struct store_session session = { .user_id = i < 3 ? "00u1" : "00u2",
                                         .created = 10 + i,
                                         .used = 23 - i };

        assert_int_equal(s->ops->session_add(s, &session, hash[i]), STORE_OK);
    }
    assert_int_equal(s->ops->session_sweep(s, 11, 20), STORE_OK);
    assert_string_equal(session_of(s, hash[0], &seen), "none");
    assert_string_not_equal(session_of(s, hash[1], &seen), "none");
    assert_int_equal(s->ops->session_sweep(s, 11, 22), STORE_OK);
    assert_string_not_equal(session_of(s, hash[1], &seen), "none");
    assert_string_equal(session_of(s, hash[2], &seen), "none");
    assert_string_equal(session_of(s, hash[3], &seen), "none");
    assert_int_equal(s->ops->session_remove_of(s, "00u2", &count), STORE_OK);
    assert_string_not_equal(session_of(s, hash[1], &seen), "none");
    assert_int_equal(s->ops->session_remove_of(s, "00u1", &count), STORE_OK);
    assert_int_equal(count, 1);
    assert_string_equal(session_of(s, hash[1], &seen), "none");
}

/* The first schema, as it was released: what was in it is there after all steps
 * to the present one. */
static void brings_an_old_database_to_this_version(void **state)
{
    static const char old[] =
        "DROP TABLE token_text;"
        "DROP TABLE password; DROP TABLE session;"
        "DROP INDEX token_by_end; DROP TABLE zone; DROP TABLE event; DROP "
        "TABLE member;"
        "DROP TABLE user_group; ALTER TABLE user DROP COLUMN status_changed;"
        "DROP TABLE refresh; DROP TABLE oauth_grant; DROP TABLE code;"
        "DROP TABLE device; DROP TABLE app; DROP TABLE signing_key;"
        "DROP TABLE assertion; DROP TABLE revoked;"
        "PRAGMA user_version = 1;";
    struct fixture *f = *state;
    AUTO(store_handle) reader = NULL;
    AUTO(store_handle) again = NULL;
    struct seen seen = { .text = "" };
    struct store_zone zone = { "nzo1", "one", "IP", "ACTIVE", "", 1, 1 };

    add_token(f->store, "00T1", "one");
    store_close(f->store);
    f->store = NULL;
    run_sql(f, old);
    assert_int_equal(store_open(f->where, &reader), STORE_OK);
    assert_int_equal(store_open(f->where, &again), STORE_OK);
    assert_int_equal(reader->ops->zone_add(reader, &zone), STORE_OK);
    assert_int_equal(again->ops->token_each(again, NULL, see_id, &seen),
                     STORE_OK);
    assert_string_equal(seen.text, "00T1 ");
    assert_int_equal(again->ops->token_search(again, "one", NULL, see_id,
                                              &seen),
                     STORE_OK);
    assert_string_equal(seen.text, "00T1 00T1 ");
}

static void refuses_a_database_of_a_later_version(void **state)
{
    struct fixture *f = *state;
    struct store *s = NULL;

    run_sql(f, "PRAGMA user_version = 1000;");
    assert_int_equal(store_open(f->where, &s), STORE_FAILED);
    run_sql(f, "PRAGMA user_version = 0;");
    assert_int_equal(store_open(f->where, &s), STORE_FAILED);
    assert_null(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_every_field_of_a_token),
        TEST(refuses_what_is_taken),
        TEST(finds_users_by_login_and_by_id),
        TEST(lists_by_name_then_id_from_any_place),
        TEST(changes_one_token),
        TEST(rolls_back_and_commits),
        TEST(another_handle_sees_a_commit_at_once),
        TEST(a_search_finds_what_a_look_at_each_does),
        TEST(a_search_shows_no_others),
        TEST(what_many_have_is_found_from_the_list),
        TEST(what_was_read_is_forgotten_with_any_commit),
        TEST(keeps_an_id_and_a_hash_apart),
        TEST(a_handle_sees_its_own_changes_and_their_undoing),
        TEST(a_snapshot_is_not_kept),
        TEST(another_process_is_seen_at_once),
        TEST(remembers_that_secrets_were_pinned),
        TEST(comes_back_from_a_copy),
        TEST(comes_back_from_no_other_file),
        TEST(a_commit_waits_for_the_disk),
        TEST(a_disk_that_fails_is_no_commit),
        TEST(what_failed_does_not_come_back_once_proved),
        TEST(opens_only_what_is_its_own),
        TEST(a_group_s_role_is_its_members_too),
        TEST(an_id_goes_before_a_login),
        TEST(lists_events_both_ways_from_any_place),
        TEST(keeps_what_a_second_target_was),
        TEST(prunes_the_oldest_events),
        TEST(knows_when_a_use_was_refused),
        TEST(keeps_what_time_it_was),
        TEST(keeps_one_password_a_user),
        TEST(keeps_sessions),
        TEST(sweeps_sessions),
        TEST(brings_an_old_database_to_this_version),
        TEST(refuses_a_database_of_a_later_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
