/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_worker.c - a thread for what takes long. */
#include "tests/unit/test_orgd.h"

#include <pthread.h>

#include "server/util/worker.h"

struct task {
    struct job job;
    pthread_mutex_t *gate;
    int *done;
    int order;
};

static void run(void *ctx)
{
    struct task *task = ctx;

    pthread_mutex_lock(task->gate);
    task->order = (*task->done)++;
    pthread_mutex_unlock(task->gate);
}

static void does_all_in_turn_and_takes_no_more_than_it_may(void **state)
{
    static struct task tasks[WORKER_WAITING_MAX + 10];
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    struct worker *w = worker_start();
    int taken = 0;
    int done = 0;

    (void)state;
    assert_non_null(w);
    pthread_mutex_lock(&gate);
    for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
        tasks[i] = (struct task){ .gate = &gate, .done = &done, .order = -1 };
        tasks[i].job = (struct job){ .run = run, .ctx = &tasks[i] };
        taken += worker_push(w, &tasks[i].job);
    }
    /* One of them may already be in its hands. */
    assert_in_range(taken, WORKER_WAITING_MAX, WORKER_WAITING_MAX + 1);
    pthread_mutex_unlock(&gate);
    worker_stop(w);
    assert_int_equal(done, taken);
    for (int i = 0; i < WORKER_WAITING_MAX; i++)
        assert_int_equal(tasks[i].order, i);
    assert_false(worker_push(w, &tasks[0].job));
    worker_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_all_in_turn_and_takes_no_more_than_it_may),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
