/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_lines.c - no line is lost, torn or out of its order. */
#include "tests/unit/test_orgd.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "server/util/log_writer.h"

enum { WRITERS = 4, LINES = 20000 };

struct writer_of {
    struct lines *lines;
    int who;
};

static void *put_all(void *arg)
{
    const struct writer_of *w = arg;
    char line[32];

    for (int i = 0; i < LINES; i++) {
        int len = snprintf(line, sizeof(line), "%d %d\n", w->who, i);

        lines_put(w->lines, line, (size_t)len);
    }
    return NULL;
}

/* More than there is room for at once, by threads that get in each other's
 * way. */
static void all_lines_arrive_whole_and_each_writers_in_order(void **state)
{
    FILE *file = tmpfile();
    struct lines *lines = lines_start(fileno(file));
    struct writer_of writers[WRITERS];
    pthread_t threads[WRITERS];
    int next[WRITERS] = { 0 };
    char line[32];

    (void)state;
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer_of){ lines, i };
        pthread_create(&threads[i], NULL, put_all, &writers[i]);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    lines_stop(lines);
    rewind(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        int who = -1;
        int i = -1;

        assert_int_equal(sscanf(line, "%d %d\n", &who, &i), 2);
        assert_in_range(who, 0, WRITERS - 1);
        assert_int_equal(i, next[who]++);
    }
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(next[i], LINES);
    fclose(file);
}

static void a_line_does_not_wait_for_more(void **state)
{
    char got[16] = "";
    struct lines *lines;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    lines = lines_start(ends[1]);
    for (int i = 0; i < 3; i++) { /* the later ones wake it once more */
        lines_put(lines, "one\n", 4);
        assert_int_equal(read(ends[0], got, sizeof(got)), 4);
        assert_memory_equal(got, "one\n", 4);
    }
    lines_stop(lines);
    close(ends[0]);
    close(ends[1]);
}

static void what_nobody_takes_is_dropped(void **state)
{
    char line[LINES_MAX + 1];
    struct lines *lines = lines_start(-1);

    (void)state;
    memset(line, 'x', sizeof(line));
    for (int i = 0; i < 3; i++)
        lines_put(lines, line, LINES_MAX);
    lines_put(lines, line, sizeof(line));
    lines_stop(lines);
    lines_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_lines_arrive_whole_and_each_writers_in_order),
        cmocka_unit_test(a_line_does_not_wait_for_more),
        cmocka_unit_test(what_nobody_takes_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
