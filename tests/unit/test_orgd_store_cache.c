/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_orgd_store_cache.c - what a handle keeps is right whatever happens to
 * the log, to its index, and to the others who have the database open.
 */
#include "tests/unit/test_orgd_store.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Of the index, as SQLite's "WAL-mode File Format" has it. */
enum { HEADER = 48, COPIES = 2, REGION = 32768 };

/* Another process that has the database open: SQLite's own shell. */
struct other {
    pid_t pid;
    FILE *to;
    FILE *from;
};

/* A reader that has kept the token 00T1, and all that can happen to that. */
struct world {
    struct fixture f;
    struct store *reader;
    struct other other;
};

static void path_of(const struct world *w, const char *suffix, char out[160])
{
    snprintf(out, 160, "%s/orgd.db%s", w->f.dir, suffix);
}

/* ------------------------------------------------------ Another process -- */

static void run_shell(const char *path, int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, 0);
    dup2(out, 1);
    dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2);
    execlp("sqlite3", "sqlite3", "-batch", "-init", "/dev/null", path,
           (char *)NULL);
    _exit(127);
}

static void start_other(struct world *w)
{
    char path[160];
    int to[2];
    int from[2];

    path_of(w, "", path);
    assert_int_equal(pipe2(to, O_CLOEXEC) + pipe2(from, O_CLOEXEC), 0);
    w->other.pid = fork();
    assert_true(w->other.pid >= 0);
    if (w->other.pid == 0)
        run_shell(path, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    w->other.to = fdopen(to[1], "w");
    w->other.from = fdopen(from[0], "r");
    assert_true(w->other.to != NULL && w->other.from != NULL);
}

static void end_other(struct world *w, int sig)
{
    if (sig != 0)
        kill(w->other.pid, sig);
    fclose(w->other.to);
    fclose(w->other.from);
    waitpid(w->other.pid, NULL, 0);
}

static void tell_other(struct world *w, const char *sql)
{
    fprintf(w->other.to, "%s;\nSELECT 'done';\n", sql);
    fflush(w->other.to);
}

/* Of a line, what stands behind an error is not done. Returns once it has
 * come to the end; out has the first line that it answered. */
static void other_does(struct world *w, const char *sql, char out[64])
{
    char line[64];

    tell_other(w, sql);
    out[0] = '\0';
    do {
        assert_non_null(fgets(line, sizeof(line), w->other.from));
        line[strcspn(line, "\n")] = '\0';
        if (out[0] == '\0')
            snprintf(out, 64, "%s", line);
    } while (strcmp(line, "done") != 0);
}

/* ------------------------------------------------------------ The reader -- */

static bool see_none(const struct store_token *token, void *ctx)
{
    (void)token;
    (void)ctx;
    return false;
}

/* What a list showed, until it was enough. */
struct shown {
    const char *sought;
    bool found;
    int count;
    int enough; /* 0: never */
    char last[32];
};

static bool show(const struct store_token *token, void *ctx)
{
    struct shown *shown = ctx;

    shown->count++;
    if (shown->sought != NULL && strcmp(token->id, shown->sought) == 0)
        shown->found = true;
    snprintf(shown->last, sizeof(shown->last), "%s", token->id);
    return shown->count != shown->enough;
}

static struct shown list(struct store *s, const char *q,
                         const struct store_position *after, int enough)
{
    struct shown shown = { .enough = enough };

    assert_int_equal(s->ops->token_search(s, q, after, show, &shown), STORE_OK);
    return shown;
}

/* All three ways to it say the same. */
static store_status look_up(struct store *s, const char *id)
{
    struct shown shown = { .sought = id };
    unsigned char hash[SECRET_HASH_LEN];
    store_status st;

    assert_true(secret_hash(id, hash));
    st = s->ops->token_by_hash(s, hash, see_none, NULL);
    assert_int_equal(s->ops->token_by_id(s, id, see_none, NULL), st);
    assert_int_equal(s->ops->token_search(s, "", NULL, show, &shown), STORE_OK);
    assert_int_equal(shown.found, st == STORE_OK);
    return st;
}

static bool finds(struct store *s, const char *id)
{
    store_status st = look_up(s, id);

    assert_true(st == STORE_OK || st == STORE_NOT_FOUND);
    return st == STORE_OK;
}

/* From then on it need not ask for it. */
static void keep(struct world *w)
{
    for (int i = 0; i < 2; i++)
        assert_true(finds(w->reader, "00T1"));
}

static void take_away(struct world *w)
{
    struct store *s = w->f.store;

    assert_int_equal(s->ops->token_remove(s, "00T1"), STORE_OK);
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    fixture_open(&w->f);
    add_user(w->f.store, "00u1", "ada@example.com", "SUPER_ADMIN");
    add_token(w->f.store, "00T1", "one");
    assert_int_equal(store_open(w->f.where, &w->reader), STORE_OK);
    start_other(w);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    end_other(w, 0);
    store_close(w->reader);
    fixture_close(&w->f);
    free(w);
    return 0;
}

/* --------------------------------------------------------------- The log -- */

static off_t size_of(const struct world *w, const char *suffix)
{
    struct stat st;
    char path[160];

    path_of(w, suffix, path);
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static void checkpoints_change_nothing_and_hide_nothing(void **state)
{
    static const char *const modes[] = { "PASSIVE", "FULL", "RESTART",
                                         "TRUNCATE" };
    struct world *w = *state;
    char sql[64];
    char out[64];

    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        snprintf(sql, sizeof(sql), "PRAGMA wal_checkpoint(%s)", modes[i]);
        keep(w);
        other_does(w, sql, out);
        assert_memory_equal(out, "0|", 2); /* it was not busy */
        assert_true(finds(w->reader, "00T1"));
        take_away(w);
        assert_false(finds(w->reader, "00T1"));
        add_token(w->f.store, "00T1", "one");
        keep(w);
        take_away(w);
        other_does(w, sql, out);
        assert_false(finds(w->reader, "00T1"));
        add_token(w->f.store, "00T1", "one");
    }
    assert_int_equal(size_of(w, "-wal") > 0, true);
}

/* The first part of an index that grows stays where it is. */
static void an_index_may_grow(void **state)
{
    struct world *w = *state;
    struct store *pin = NULL;
    char out[64];

    keep(w);
    assert_int_equal(store_open(w->f.where, &pin), STORE_OK);
    assert_int_equal(pin->ops->begin_read(pin), STORE_OK);
    assert_int_equal(pin->ops->token_each(pin, NULL, see_none, NULL), STORE_OK);
    other_does(w,
               "CREATE TABLE filler AS WITH RECURSIVE n (i) AS (SELECT 1"
               " UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
               " SELECT randomblob(4000) AS x FROM n",
               out);
    assert_true(size_of(w, "-shm") > 2 * REGION);
    keep(w);
    take_away(w);
    assert_false(finds(w->reader, "00T1"));
    assert_true(finds(pin, "00T1")); /* its snapshot holds the log back */
    store_close(pin);
    assert_false(finds(w->reader, "00T1"));
}

static void what_is_kept_goes_with_a_copy_that_is_put_in_its_place(void **state)
{
    struct world *w = *state;
    struct store *s = w->f.store;
    int64_t note;
    char copy[160];

    path_of(w, ".copy", copy);
    take_away(w);
    assert_int_equal(s->ops->save(s, copy, 1), STORE_OK);
    add_token(s, "00T1", "one");
    keep(w);
    assert_int_equal(s->ops->restore(s, copy, &note), STORE_OK);
    assert_false(finds(w->reader, "00T1"));
    add_token(s, "00T1", "one");
    keep(w);
    take_away(w);
    assert_false(finds(w->reader, "00T1"));
}

/* ------------------------------------------------------------- The index -- */

/* The file stays open to the end of a test: whoever closes it gives up all
 * locks of the process on it. */
static int open_index(const struct world *w)
{
    char path[160];
    int fd;

    path_of(w, "-shm", path);
    fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

/* As a process leaves it that dies while it writes the header: the second copy
 * is written first, and of the first these bytes are what they were. */
static void dies_with(struct world *w, size_t from, size_t len)
{
    unsigned char before[HEADER];
    int fd = open_index(w);

    keep(w);
    assert_int_equal(pread(fd, before, HEADER, 0), HEADER);
    take_away(w);
    assert_int_equal(pwrite(fd, before + from, len, (off_t)from), len);
    assert_false(finds(w->reader, "00T1"));
    add_token(w->f.store, "00T1", "one"); /* and it goes on */
    keep(w);
    take_away(w);
    assert_false(finds(w->reader, "00T1"));
    close(fd);
}

static void a_writer_may_die_between_the_two_copies(void **state)
{
    dies_with(*state, 0, HEADER);
}

static void a_writer_may_die_within_a_copy(void **state)
{
    dies_with(*state, HEADER / 2, HEADER / 2);
}

static void lose_header(int fd)
{
    static const unsigned char none[COPIES * HEADER];

    assert_int_equal(pwrite(fd, none, sizeof(none), 0), sizeof(none));
}

static void an_index_may_be_made_anew(void **state)
{
    struct world *w = *state;
    int fd = open_index(w);
    char out[64];

    keep(w);
    take_away(w);
    lose_header(fd);
    other_does(w, "SELECT count(*) FROM token", out);
    assert_string_equal(out, "0");
    assert_false(finds(w->reader, "00T1"));
    close(fd);
}

/* ------------------------------------------------------------ The others -- */

/* It would reach beyond all that is kept. */
static void what_has_too_long_a_name_is_read_each_time(void **state)
{
    enum { LEN = 1 << 20 };
    struct world *w = *state;
    struct store *s = w->f.store;
    AUTO(char) id = malloc(LEN + 1);

    assert_non_null(id);
    memset(id, 'x', LEN);
    id[LEN] = '\0';
    add_token(s, id, "long");
    keep(w);
    for (int i = 0; i < 2; i++)
        assert_true(finds(w->reader, id));
    assert_true(finds(w->reader, "00T1"));
    assert_int_equal(s->ops->token_remove(s, id), STORE_OK);
    assert_false(finds(w->reader, id));
}

/* ----------------------------------------------------------------- Lists -- */

enum { TOKENS = 300 /* more than are kept of a list */ };

static void add_many(struct world *w)
{
    struct store *s = w->f.store;
    char text[16];

    assert_int_equal(s->ops->begin(s), STORE_OK);
    for (int i = 0; i < TOKENS; i++) {
        snprintf(text, sizeof(text), "00Tm%03d", i);
        add_token(s, text, text + 3);
    }
    assert_int_equal(s->ops->commit(s), STORE_OK);
}

static void a_list_that_is_kept_goes_on_behind_what_is(void **state)
{
    static const int enough[] = { 1, 2, 2, 3, 200, 201, 0, 250, 299, 5, 0, 0 };
    struct world *w = *state;

    add_many(w);
    for (size_t i = 0; i < ARRAY_LEN(enough); i++) {
        struct shown all = list(w->reader, "", NULL, enough[i]);
        int count = enough[i] > 0 ? enough[i] : TOKENS + 1;
        char last[16];

        assert_int_equal(all.count, count);
        snprintf(last, sizeof(last), "00Tm%03d", count - 1);
        assert_string_equal(all.last, count > TOKENS ? "00T1" : last);
    }
}

static void a_list_is_kept_for_what_it_was_asked_for_alone(void **state)
{
    static const struct store_position places[] = {
        { "m100", "00Tm100" }, { "m100", "00Tm1" }, { "m10", "000Tm100" }
    };
    static const int left[] = { 200, 201, 201 };
    struct world *w = *state;

    add_many(w);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < ARRAY_LEN(places); i++) {
            assert_int_equal(list(w->reader, "", &places[i], 0).count, left[i]);
            assert_int_equal(list(w->reader, "m2", &places[i], 0).count, 100);
        }
        assert_int_equal(list(w->reader, "m00", NULL, 0).count, 10);
        assert_int_equal(list(w->reader, "m0", NULL, 0).count, 100);
        assert_int_equal(list(w->reader, "one", NULL, 0).count, 1);
        assert_int_equal(list(w->reader, "none", NULL, 0).count, 0);
    }
}

/* Too much to be kept, in the midst of what could be. */
static void a_list_may_have_long_rows(void **state)
{
    struct world *w = *state;
    struct store *s = w->f.store;
    struct store_network network = { "ZONE", NULL, "" };
    char zones[STORE_ZONES_MAX + 1];

    add_many(w);
    memset(zones, 'z', STORE_ZONES_MAX);
    zones[STORE_ZONES_MAX] = '\0';
    network.include = zones;
    for (int i = 10; i < 20; i++) {
        char id[16];

        snprintf(id, sizeof(id), "00Tm%03d", i);
        assert_int_equal(s->ops->token_restrict(s, id, &network, 1), STORE_OK);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(list(w->reader, "", NULL, 50).count, 50);
        assert_int_equal(list(w->reader, "m2", NULL, 0).count, 100);
    }
}

/* A transaction sees what it began with, and what it has changed itself. */
static void a_transaction_is_shown_no_list_of_others(void **state)
{
    struct world *w = *state;
    struct store *r = w->reader;

    keep(w);
    assert_int_equal(r->ops->begin(r), STORE_OK);
    assert_int_equal(r->ops->token_remove(r, "00T1"), STORE_OK);
    assert_int_equal(list(r, "", NULL, 0).count, 0);
    r->ops->rollback(r);
    assert_int_equal(list(r, "", NULL, 0).count, 1);
}

static void a_handle_outlives_others(void **state)
{
    struct world *w = *state;
    struct store *more[3];
    char out[64];

    for (size_t i = 0; i < ARRAY_LEN(more); i++) {
        assert_int_equal(store_open(w->f.where, &more[i]), STORE_OK);
        assert_true(finds(more[i], "00T1"));
    }
    keep(w);
    for (size_t i = 0; i < ARRAY_LEN(more); i++)
        store_close(more[i]);
    other_does(w, "SELECT count(*) FROM token", out);
    end_other(w, 0);
    start_other(w);
    assert_true(finds(w->reader, "00T1"));
    other_does(w, "DELETE FROM token", out);
    assert_false(finds(w->reader, "00T1"));
}

/* While a handle is open, nobody writes but by the log and the index that it
 * looks at. */
static void nobody_else_leaves_the_log(void **state)
{
    struct world *w = *state;
    char out[64];

    keep(w);
    other_does(w, "PRAGMA journal_mode = DELETE;\nPRAGMA journal_mode", out);
    assert_string_equal(out, "wal"); /* the first was refused */
    other_does(w, "PRAGMA locking_mode = EXCLUSIVE;\nDELETE FROM token", out);
    end_other(w, 0);
    start_other(w);
    other_does(w, "SELECT count(*) FROM token", out);
    assert_string_equal(out, "1"); /* that was refused, too */
    assert_true(finds(w->reader, "00T1"));
    other_does(w, "VACUUM; DELETE FROM token", out);
    assert_false(finds(w->reader, "00T1"));
}

/* Each of many is removed by another process, which checkpoints as well, and is
 * killed now and then: then what a process says that comes after it is true. */
static void others_may_be_killed_at_any_time(void **state)
{
    enum { COUNT = 120, KILLED = 6 };
    struct world *w = *state;
    struct store *s = w->f.store;
    char id[24];
    char sql[128];
    char out[64];

    assert_int_equal(s->ops->begin(s), STORE_OK);
    for (int i = 0; i < COUNT; i++) {
        snprintf(id, sizeof(id), "00Tx%d", i);
        add_token(s, id, "one");
    }
    assert_int_equal(s->ops->commit(s), STORE_OK);
    for (int i = 0; i < COUNT; i++) {
        snprintf(id, sizeof(id), "00Tx%d", i);
        assert_true(finds(w->reader, id));
        assert_true(finds(w->reader, id));
        snprintf(sql, sizeof(sql), "DELETE FROM token WHERE id = '%s'%s", id,
                 i % 3 == 0 ? "; PRAGMA wal_checkpoint(TRUNCATE)" : "");
        if (i % KILLED == 0) {
            tell_other(w, sql);
            usleep((useconds_t)(i * 20));
            end_other(w, SIGKILL);
            start_other(w);
            snprintf(sql, sizeof(sql),
                     "SELECT count(*) FROM token WHERE id = '%s'", id);
            other_does(w, sql, out);
            assert_int_equal(finds(w->reader, id), strcmp(out, "1") == 0);
        } else {
            other_does(w, sql, out);
            assert_false(finds(w->reader, id));
        }
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(checkpoints_change_nothing_and_hide_nothing),
        TEST(an_index_may_grow),
        TEST(what_is_kept_goes_with_a_copy_that_is_put_in_its_place),
        TEST(a_writer_may_die_between_the_two_copies),
        TEST(a_writer_may_die_within_a_copy),
        TEST(an_index_may_be_made_anew),
        TEST(what_has_too_long_a_name_is_read_each_time),
        TEST(a_list_that_is_kept_goes_on_behind_what_is),
        TEST(a_list_is_kept_for_what_it_was_asked_for_alone),
        TEST(a_list_may_have_long_rows),
        TEST(a_transaction_is_shown_no_list_of_others),
        TEST(a_handle_outlives_others),
        TEST(nobody_else_leaves_the_log),
        TEST(others_may_be_killed_at_any_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
