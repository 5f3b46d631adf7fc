/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_writer.c - many changes, one commit; told only when durable. */
#include "tests/unit/test_orgd_store.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#include "server/org/expiry.h"
#include "server/org/writer.h"
#include "sys/clock.h"
#include "tests/unit/test_orgd_time.h"

enum { CHANGES = 50, END = 1000 + 30 * 86400 /* of all tokens here */ };

static atomic_int syncs;
static atomic_bool sync_fails;

/* SQLite calls it in place of the system's. */
__attribute__((visibility("default"))) int fdatasync(int fd)
{
    atomic_fetch_add(&syncs, 1);
    if (atomic_load(&sync_fails)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

struct job {
    struct change change;
    char id[16];
    sem_t *hold; /* to wait for inside the transaction; or NULL */
    sem_t *told;
    int syncs_when_told;
    int64_t expires; /* that it saw */
};

static store_status remove_it(struct store *store, void *ctx)
{
    struct job *job = ctx;

    if (job->hold != NULL)
        sem_wait(job->hold);
    return store->ops->token_remove(store, job->id);
}

static void told(void *ctx)
{
    struct job *job = ctx;

    job->syncs_when_told = atomic_load(&syncs);
    sem_post(job->told);
}

static void job_init(struct job *job, const char *id, sem_t *done)
{
    *job = (struct job){ .told = done };
    snprintf(job->id, sizeof(job->id), "%s", id);
    job->change = (struct change){ .apply = remove_it, .done = told };
    job->change.ctx = job;
}

static struct org_clock time_here;

/* Two tokens for the first transactions, and one for each job. */
static struct writer *begin_at(struct fixture *f, struct renewals **r,
                               int64_t offset)
{
    char id[16];

    fixture_open(f);
    add_user(f->store, "00u1", "ada", "SUPER_ADMIN");
    assert_int_equal(f->store->ops->begin(f->store), STORE_OK);
    for (int i = 0; i < CHANGES; i++) {
        snprintf(id, sizeof(id), "00T%d", i);
        add_token(f->store, id, "one");
    }
    assert_int_equal(f->store->ops->commit(f->store), STORE_OK);
    *r = renewals_new();
    assert_non_null(*r);
    org_clock_set(&time_here, okt_clock_now() + offset, false);
    return writer_start(f->where, *r, &time_here);
}

/* When nothing expires. */
static struct writer *begin(struct fixture *f, struct renewals **r)
{
    return begin_at(f, r, -okt_clock_now());
}

static void finish(struct fixture *f, struct renewals *r, struct writer *w)
{
    writer_stop(w);
    writer_free(w);
    renewals_free(r);
    fixture_close(f);
}

static bool count_one(const struct store_token *t, void *ctx)
{
    (void)t;
    ++*(int *)ctx;
    return true;
}

static bool keep_expires(const struct store_token *t, void *ctx)
{
    *(int64_t *)ctx = t->expires;
    return false;
}

static int count_tokens(struct store *s)
{
    int count = 0;

    assert_int_equal(s->ops->token_each(s, NULL, count_one, &count), STORE_OK);
    return count;
}

static void changes_that_wait_share_one_commit(void **state)
{
    static struct job jobs[CHANGES];
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    sem_t hold;
    sem_t done;
    int before;

    (void)state;
    sem_init(&hold, 0, 0);
    sem_init(&done, 0, 0);
    for (int i = 0; i < CHANGES; i++) {
        char id[16];

        snprintf(id, sizeof(id), "00T%d", i);
        job_init(&jobs[i], id, &done);
        jobs[i].hold = i == 0 ? &hold : NULL;
    }
    before = atomic_load(&syncs);
    assert_true(writer_push(w, &jobs[0].change));
    usleep(50000); /* it is inside the first transaction */
    for (int i = 1; i < CHANGES; i++)
        assert_true(writer_push(w, &jobs[i].change));
    sem_post(&hold);
    for (int i = 0; i < CHANGES; i++)
        sem_wait(&done);
    for (int i = 0; i < CHANGES; i++) {
        assert_int_equal(jobs[i].change.result, STORE_OK);
        assert_true(jobs[i].syncs_when_told > before); /* not before the disk */
    }
    /* Two commits, not fifty; a checkpoint may add two. */
    assert_in_range(atomic_load(&syncs) - before, 2, 4);
    assert_int_equal(count_tokens(f.store), 0);
    finish(&f, r, w);
}

static void what_is_not_found_spoils_nothing(void **state)
{
    struct job jobs[3];
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    sem_t hold;
    sem_t done;

    (void)state;
    sem_init(&hold, 0, 0);
    sem_init(&done, 0, 0);
    job_init(&jobs[0], "00T0", &done);
    job_init(&jobs[1], "00Tnone", &done);
    job_init(&jobs[2], "00T2", &done);
    jobs[0].hold = &hold;
    for (int i = 0; i < 3; i++)
        writer_push(w, &jobs[i].change);
    sem_post(&hold);
    for (int i = 0; i < 3; i++)
        sem_wait(&done);
    assert_int_equal(jobs[0].change.result, STORE_OK);
    assert_int_equal(jobs[1].change.result, STORE_NOT_FOUND);
    assert_int_equal(jobs[2].change.result, STORE_OK);
    assert_int_equal(count_tokens(f.store), CHANGES - 2);
    finish(&f, r, w);
}

static store_status break_it(struct store *store, void *ctx)
{
    (void)store;
    (void)ctx;
    return STORE_FAILED;
}

static void one_that_breaks_takes_back_all_that_shared(void **state)
{
    struct job jobs[3];
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    sem_t hold;
    sem_t done;

    (void)state;
    sem_init(&hold, 0, 0);
    sem_init(&done, 0, 0);
    job_init(&jobs[0], "00T0", &done);
    job_init(&jobs[1], "00T1", &done);
    job_init(&jobs[2], "00T2", &done);
    jobs[0].hold = &hold;
    jobs[2].change.apply = break_it;
    writer_push(w, &jobs[0].change);
    usleep(50000); /* it is inside the first transaction */
    writer_push(w, &jobs[1].change);
    writer_push(w, &jobs[2].change);
    sem_post(&hold);
    for (int i = 0; i < 3; i++)
        sem_wait(&done);
    assert_int_equal(jobs[0].change.result, STORE_OK);
    assert_int_equal(jobs[1].change.result, STORE_FAILED);
    assert_int_equal(jobs[2].change.result, STORE_FAILED);
    assert_int_equal(count_tokens(f.store), CHANGES - 1);
    finish(&f, r, w);
}

static void a_disk_that_fails_fails_all_that_shared(void **state)
{
    struct job jobs[2];
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    sem_t hold;
    sem_t done;

    (void)state;
    sem_init(&hold, 0, 0);
    sem_init(&done, 0, 0);
    job_init(&jobs[0], "00T0", &done);
    job_init(&jobs[1], "00T1", &done);
    jobs[0].hold = &hold;
    atomic_store(&sync_fails, true);
    writer_push(w, &jobs[0].change);
    writer_push(w, &jobs[1].change);
    sem_post(&hold);
    sem_wait(&done);
    sem_wait(&done);
    atomic_store(&sync_fails, false);
    assert_int_equal(jobs[0].change.result, STORE_FAILED);
    assert_int_equal(jobs[1].change.result, STORE_FAILED);
    assert_int_equal(count_tokens(f.store), CHANGES);
    assert_false(writer_is_well(w));
    /* And it goes on. */
    jobs[0].hold = NULL;
    writer_push(w, &jobs[0].change);
    sem_wait(&done);
    assert_int_equal(jobs[0].change.result, STORE_OK);
    assert_true(writer_is_well(w));
    finish(&f, r, w);
}

static void a_writer_finds_by_itself_that_the_disk_is_well_again(void **state)
{
    struct job job;
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    sem_t done;

    (void)state;
    sem_init(&done, 0, 0);
    job_init(&job, "00T0", &done);
    atomic_store(&sync_fails, true);
    writer_push(w, &job.change);
    sem_wait(&done);
    assert_false(writer_is_well(w));
    atomic_store(&sync_fails, false);
    for (int i = 0; i < 300 && !writer_is_well(w); i++)
        usleep(10000);
    assert_true(writer_is_well(w));
    assert_int_equal(count_tokens(f.store), CHANGES);
    finish(&f, r, w);
}

static void renewals_are_on_the_disk_within_a_second_or_two(void **state)
{
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    int64_t expires = 0;

    (void)state;
    assert_true(renewals_note(r, "00T7", 2000, 99999999));
    writer_nudge(w);
    for (int i = 0; i < 40 && expires != 99999999; i++) {
        usleep(50000);
        f.store->ops->token_by_id(f.store, "00T7", keep_expires, &expires);
    }
    assert_int_equal(expires, 99999999);
    finish(&f, r, w);
}

static bool check_event(const struct store_event *e, void *ctx)
{
    assert_string_equal(e->type, "system.api_token.revoke");
    assert_null(e->actor_id);
    assert_string_not_equal(e->target_id, "00T7");
    assert_string_equal(e->target_name, "one");
    assert_in_range(e->published, END, END + 1);
    ++*(int *)ctx;
    return true;
}

/* Not before its time, and not if a use has moved that on. */
static void what_expires_is_revoked_within_a_second(void **state)
{
    static const struct store_events all = { .until = INT64_MAX };
    struct renewals *r;
    struct fixture f;
    int64_t now = okt_clock_now();
    struct writer *w = begin_at(&f, &r, END - 2 - now);
    int events = 0;

    (void)state;
    assert_true(renewals_note(r, "00T7", END - 1, END + 100));
    while (okt_clock_now() < now + 1)
        usleep(10000);
    usleep(600000);
    events = count_tokens(f.store);
    if (okt_clock_now() < now + 2) /* it still is END - 1 */
        assert_int_equal(events, CHANGES);
    events = 0;
    for (int i = 0; i < 500 && count_tokens(f.store) > 1; i++)
        usleep(10000);
    assert_int_equal(count_tokens(f.store), 1);
    assert_int_equal(f.store->ops->event_each(f.store, &all, check_event,
                                              &events),
                     STORE_OK);
    assert_int_equal(events, CHANGES - 1);
    finish(&f, r, w);
}

static struct expiry_time when(int64_t now)
{
    return (struct expiry_time){ now, now };
}

/* Nothing but the note keeps it alive. */
static void a_use_that_is_not_written_counts(void **state)
{
    struct renewals *r = renewals_new();
    struct fixture f;
    bool due;
    bool more;

    (void)state;
    assert_non_null(r);
    fixture_open(&f);
    add_user(f.store, "00u1", "ada", "SUPER_ADMIN");
    add_token(f.store, "00T1", "one");
    add_token(f.store, "00T2", "two");
    assert_true(renewals_note(r, "00T2", END - 1, END + 100));
    assert_int_equal(expiry_is_due(f.store, when(END - 1), &due), STORE_OK);
    assert_false(due);
    assert_int_equal(expiry_is_due(f.store, when(END), &due), STORE_OK);
    assert_true(due);
    assert_int_equal(expiry_sweep(f.store, r, when(END), &more), STORE_OK);
    assert_false(more);
    assert_int_equal(count_tokens(f.store), 1);
    assert_int_equal(expiry_sweep(f.store, r, when(END + 100), &more),
                     STORE_OK);
    assert_int_equal(count_tokens(f.store), 0);
    renewals_free(r);
    fixture_close(&f);
}

static store_status count_alone(struct store *store, void *ctx)
{
    struct job *job = ctx;

    /* Its own transaction: it would be none inside another. */
    if (store->ops->begin(store) != STORE_OK)
        return STORE_FAILED;
    snprintf(job->id, sizeof(job->id), "%d", count_tokens(store));
    job->expires = 0;
    store->ops->token_by_id(store, "00T7", keep_expires, &job->expires);
    return store->ops->commit(store);
}

/* It sees those before it, and none behind it. */
static void one_that_is_alone_is_between_the_others(void **state)
{
    struct job jobs[4];
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    sem_t hold;
    sem_t done;

    (void)state;
    sem_init(&hold, 0, 0);
    sem_init(&done, 0, 0);
    for (int i = 0; i < 4; i++) {
        char id[16];

        snprintf(id, sizeof(id), "00T%d", i);
        job_init(&jobs[i], id, &done);
    }
    jobs[0].hold = &hold;
    jobs[2].change.apply = count_alone;
    jobs[2].change.alone = true;
    assert_true(writer_push(w, &jobs[0].change));
    usleep(50000); /* the others make one batch */
    for (int i = 1; i < 4; i++)
        assert_true(writer_push(w, &jobs[i].change));
    sem_post(&hold);
    for (int i = 0; i < 4; i++)
        assert_int_equal(sem_wait(&done), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(jobs[i].change.result, STORE_OK);
    assert_int_equal(atoi(jobs[2].id), CHANGES - 2);
    assert_int_equal(count_tokens(f.store), CHANGES - 3);
    finish(&f, r, w);
}

static void one_that_is_alone_sees_all_uses(void **state)
{
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    struct job job;
    sem_t done;

    (void)state;
    sem_init(&done, 0, 0);
    job_init(&job, "", &done);
    job.change.apply = count_alone;
    job.change.alone = true;
    assert_true(renewals_note(r, "00T7", 2000, 99999999));
    assert_true(writer_push(w, &job.change));
    assert_int_equal(sem_wait(&done), 0);
    assert_int_equal(job.change.result, STORE_OK);
    assert_int_equal(job.expires, 99999999);
    finish(&f, r, w);
}

static void one_that_is_alone_fails_alone(void **state)
{
    struct job jobs[2];
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    sem_t done;

    (void)state;
    sem_init(&done, 0, 0);
    job_init(&jobs[0], "00T0", &done);
    job_init(&jobs[1], "00T1", &done);
    jobs[0].change.apply = break_it;
    jobs[0].change.alone = true;
    assert_true(writer_push(w, &jobs[0].change));
    assert_true(writer_push(w, &jobs[1].change));
    assert_int_equal(sem_wait(&done), 0);
    assert_int_equal(sem_wait(&done), 0);
    assert_int_equal(jobs[0].change.result, STORE_FAILED);
    assert_int_equal(jobs[1].change.result, STORE_OK);
    finish(&f, r, w);
}

static store_status move_clock(struct store *store, void *ctx)
{
    (void)store;
    (void)ctx;
    org_clock_set(&time_here, END, true);
    return STORE_OK;
}

static void what_is_due_is_done_before_one_that_settles_is_told(void **state)
{
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin_at(&f, &r, END - 3600 - okt_clock_now());
    struct job job;
    sem_t done;

    (void)state;
    sem_init(&done, 0, 0);
    job_init(&job, "", &done);
    job.change.apply = move_clock;
    job.change.settles = true;
    assert_int_equal(count_tokens(f.store), CHANGES);
    assert_true(writer_push(w, &job.change));
    assert_int_equal(sem_wait(&done), 0);
    assert_int_equal(job.change.result, STORE_OK);
    assert_int_equal(count_tokens(f.store), 0);
    finish(&f, r, w);
}

static void stopping_does_what_was_asked_and_refuses_the_rest(void **state)
{
    struct job jobs[2];
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin(&f, &r);
    int64_t expires = 0;
    sem_t done;

    (void)state;
    sem_init(&done, 0, 0);
    job_init(&jobs[0], "00T0", &done);
    job_init(&jobs[1], "00T1", &done);
    assert_true(renewals_note(r, "00T7", 2000, 99999999));
    writer_nudge(w);
    assert_true(writer_push(w, &jobs[0].change));
    writer_stop(w);
    assert_int_equal(sem_trywait(&done), 0);
    assert_int_equal(jobs[0].change.result, STORE_OK);
    f.store->ops->token_by_id(f.store, "00T7", keep_expires, &expires);
    assert_int_equal(expires, 99999999);
    assert_false(writer_push(w, &jobs[1].change));
    writer_free(w);
    renewals_free(r);
    fixture_close(&f);
}

/* ------------------------------------------------- Clocks that step -- */

enum { LOOKS_US = 1300000, DAY = 86400 };

/* So many seconds before all tokens end. */
static struct writer *begin_before_end(struct fixture *f, struct renewals **r,
                                       int64_t seconds)
{
    struct writer *w;

    use_fake_time(&time_here, END - seconds);
    w = begin_at(f, r, read_wall() - okt_clock_now());
    return w;
}

static void finish_fake(struct fixture *f, struct renewals *r, struct writer *w)
{
    finish(f, r, w);
    time_here.source = NULL;
}

static void await_end(const struct fixture *f)
{
    for (int i = 0; i < 1000 && count_tokens(f->store) > 0; i++)
        usleep(10000);
    assert_int_equal(count_tokens(f->store), 0);
}

static bool is_held(void)
{
    return org_clock_look(&time_here).held;
}

static void a_step_ahead_destroys_nothing(void **state)
{
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin_before_end(&f, &r, 3600);

    (void)state;
    assert_false(is_held());
    step_wall(31 * DAY);
    usleep(LOOKS_US);
    assert_int_equal(count_tokens(f.store), CHANGES);
    assert_true(is_held());
    assert_int_equal(org_clock_steps(&time_here), 1);
    let_pass(2);
    step_wall(-31 * DAY);
    usleep(LOOKS_US);
    assert_int_equal(org_clock_steps(&time_here), 2);
    let_pass(STEP_HOLD_SECONDS - 1);
    assert_true(is_held());
    let_pass(1);
    assert_false(is_held());
    usleep(LOOKS_US);
    assert_int_equal(count_tokens(f.store), CHANGES);
    let_pass(3600);
    await_end(&f);
    finish_fake(&f, r, w);
}

/* After a while the new time counts; but what was spent is not forgotten, as
 * the old one may come back. */
static void a_step_that_stays_is_believed(void **state)
{
    unsigned char spent[SECRET_HASH_LEN] = { 7 };
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin_before_end(&f, &r, 3600);
    const struct store_ops *ops = f.store->ops;

    (void)state;
    assert_int_equal(ops->assertion_use(f.store, "0oa1", spent, END - 3000),
                     STORE_OK);
    step_wall(2 * DAY);
    usleep(LOOKS_US);
    assert_int_equal(count_tokens(f.store), CHANGES);
    let_pass(STEP_HOLD_SECONDS);
    await_end(&f);
    usleep(LOOKS_US);
    assert_int_equal(ops->assertion_use(f.store, "0oa1", spent, END - 3000),
                     STORE_CONFLICT);
    let_pass(STEP_KNOWN_SECONDS);
    usleep(LOOKS_US);
    assert_int_equal(ops->assertion_use(f.store, "0oa1", spent, END - 3000),
                     STORE_OK);
    finish_fake(&f, r, w);
}

/* Time that both clocks confirm is none, and so is a second of difference. */
static void time_that_goes_by_is_no_step(void **state)
{
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin_before_end(&f, &r, 3600);

    (void)state;
    org_clock_look(&time_here);
    step_wall(STEP_SECONDS);
    assert_false(is_held());
    let_pass(10 * DAY);
    assert_false(is_held());
    assert_int_equal(org_clock_steps(&time_here), 0);
    await_end(&f);
    finish_fake(&f, r, w);
}

/* By so much the wall clock is moved while nothing runs. */
static struct writer *begin_again(const struct fixture *f, struct renewals *r,
                                  struct writer *w, int64_t by)
{
    writer_stop(w);
    writer_free(w);
    step_wall(by);
    let_pass(10);
    w = writer_start(f->where, r, &time_here);
    assert_non_null(w);
    return w;
}

static void a_start_far_from_the_last_time_is_a_step(void **state)
{
    struct clock_seen seen;
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin_before_end(&f, &r, 5 * DAY);

    (void)state;
    assert_false(is_held());
    w = begin_again(&f, r, w, 6 * DAY);
    assert_int_equal(f.store->ops->clock_load(f.store, &seen), STORE_OK);
    assert_int_equal(seen.begin, END - 5 * DAY);
    assert_int_equal(seen.last, END - 5 * DAY);
    assert_true(is_held());
    usleep(LOOKS_US);
    assert_int_equal(count_tokens(f.store), CHANGES);
    let_pass(STEP_HOLD_SECONDS);
    await_end(&f);
    finish_fake(&f, r, w);
}

static void a_step_ahead_outlasts_a_restart(void **state)
{
    unsigned char spent[SECRET_HASH_LEN] = { 7 };
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin_before_end(&f, &r, 3600);
    const struct store_ops *ops = f.store->ops;

    (void)state;
    assert_int_equal(ops->assertion_use(f.store, "0oa1", spent, END), STORE_OK);
    assert_false(is_held());
    step_wall(365 * DAY);
    assert_true(is_held());
    w = begin_again(&f, r, w, 0);
    assert_true(is_held());
    assert_int_equal(org_clock_look(&time_here).behind, 365 * DAY);
    usleep(LOOKS_US);
    assert_int_equal(count_tokens(f.store), CHANGES);
    let_pass(STEP_HOLD_SECONDS);
    await_end(&f);
    w = begin_again(&f, r, w, 0);
    let_pass(STEP_HOLD_SECONDS);
    usleep(LOOKS_US);
    assert_int_equal(ops->assertion_use(f.store, "0oa1", spent, END),
                     STORE_CONFLICT);
    let_pass(STEP_KNOWN_SECONDS);
    assert_int_equal(org_clock_look(&time_here).behind, 0);
    w = begin_again(&f, r, w, 0);
    assert_false(is_held());
    usleep(LOOKS_US);
    assert_int_equal(ops->assertion_use(f.store, "0oa1", spent, END), STORE_OK);
    finish_fake(&f, r, w);
}

static void a_step_back_outlasts_a_restart(void **state)
{
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin_before_end(&f, &r, DAY);

    (void)state;
    assert_false(is_held());
    step_wall(-3600);
    assert_true(is_held());
    w = begin_again(&f, r, w, 0);
    assert_true(is_held());
    assert_int_equal(org_clock_look(&time_here).ahead, 3600);
    finish_fake(&f, r, w);
}

/* Who is killed notes nothing more. */
static void a_step_is_on_the_disk_within_a_second_or_two(void **state)
{
    struct clock_seen seen;
    struct renewals *r;
    struct fixture f;
    struct writer *w = begin_before_end(&f, &r, 3600);

    (void)state;
    usleep(LOOKS_US);
    step_wall(7200);
    usleep(LOOKS_US);
    assert_int_equal(f.store->ops->clock_load(f.store, &seen), STORE_OK);
    assert_int_equal(seen.last, END + 3600);
    assert_int_equal(seen.slow, END - 3600);
    assert_int_equal(seen.fast, END + 3600);
    finish_fake(&f, r, w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_that_wait_share_one_commit),
        cmocka_unit_test(what_is_not_found_spoils_nothing),
        cmocka_unit_test(one_that_breaks_takes_back_all_that_shared),
        cmocka_unit_test(a_disk_that_fails_fails_all_that_shared),
        cmocka_unit_test(a_writer_finds_by_itself_that_the_disk_is_well_again),
        cmocka_unit_test(renewals_are_on_the_disk_within_a_second_or_two),
        cmocka_unit_test(what_expires_is_revoked_within_a_second),
        cmocka_unit_test(a_use_that_is_not_written_counts),
        cmocka_unit_test(a_step_ahead_destroys_nothing),
        cmocka_unit_test(a_step_that_stays_is_believed),
        cmocka_unit_test(time_that_goes_by_is_no_step),
        cmocka_unit_test(a_start_far_from_the_last_time_is_a_step),
        cmocka_unit_test(a_step_ahead_outlasts_a_restart),
        cmocka_unit_test(a_step_back_outlasts_a_restart),
        cmocka_unit_test(a_step_is_on_the_disk_within_a_second_or_two),
        cmocka_unit_test(one_that_is_alone_is_between_the_others),
        cmocka_unit_test(one_that_is_alone_sees_all_uses),
        cmocka_unit_test(one_that_is_alone_fails_alone),
        cmocka_unit_test(what_is_due_is_done_before_one_that_settles_is_told),
        cmocka_unit_test(stopping_does_what_was_asked_and_refuses_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
