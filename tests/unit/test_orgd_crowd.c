/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_crowd.c - who may stay, for how long, and who has to go. */
#include "tests/unit/test_orgd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/http/conn_table.h"

enum { ROOM = 4, LONG_MS = 60000, GONE_MS = 2000, STAYS_MS = 600 };

struct visit {
    int ours;
    int theirs;
    struct guest *guest;
};

static void enter(struct crowd *c, struct visit *v, const char *address,
                  int64_t ms)
{
    struct sockaddr_in from = { .sin_family = AF_INET };
    int ends[2];

    inet_pton(AF_INET, address, &from.sin_addr);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    v->ours = ends[0];
    v->theirs = ends[1];
    v->guest = crowd_enter(c, v->ours, (struct sockaddr *)&from, ms);
    assert_non_null(v->guest);
}

static void leave(struct crowd *c, struct visit *v)
{
    crowd_leave(c, v->guest);
    close(v->ours);
    close(v->theirs);
}

/* Whether its connection ends within so long. */
static bool is_shut(const struct visit *v, int ms)
{
    struct pollfd end = { .fd = v->theirs, .events = POLLIN };

    return poll(&end, 1, ms) > 0;
}

static void the_address_with_most_makes_room(void **state)
{
    struct crowd *c = crowd_new(ROOM);
    struct visit v[ROOM + 2];

    (void)state;
    enter(c, &v[0], "192.0.2.9", LONG_MS); /* has waited longest of all */
    enter(c, &v[1], "192.0.2.1", LONG_MS + 2);
    enter(c, &v[2], "192.0.2.1", LONG_MS + 1); /* and of this address */
    enter(c, &v[3], "192.0.2.1", LONG_MS + 3);
    for (int i = 0; i < ROOM; i++)
        assert_false(is_shut(&v[i], 0));
    enter(c, &v[4], "192.0.2.2", LONG_MS);
    for (int i = 0; i < ROOM + 1; i++)
        assert_int_equal(is_shut(&v[i], 0), i == 2);
    enter(c, &v[5], "192.0.2.3", LONG_MS);
    for (int i = 0; i < ROOM + 2; i++)
        assert_int_equal(is_shut(&v[i], 0), i == 2 || i == 1);
    for (int i = 0; i < ROOM + 2; i++)
        leave(c, &v[i]);
    crowd_free(c);
}

static void whoever_leaves_makes_room(void **state)
{
    struct crowd *c = crowd_new(ROOM);
    struct visit v[ROOM];
    struct visit next;

    (void)state;
    for (int i = 0; i < ROOM; i++)
        enter(c, &v[i], "192.0.2.1", LONG_MS);
    for (int i = 0; i < 10; i++) {
        leave(c, &v[i % ROOM]);
        enter(c, &v[i % ROOM], "192.0.2.1", LONG_MS);
    }
    for (int i = 0; i < ROOM; i++)
        assert_false(is_shut(&v[i], 0));
    enter(c, &next, "192.0.2.1", LONG_MS); /* one that was shut has left, too */
    for (int i = 0; i < ROOM; i++)
        leave(c, &v[i]);
    leave(c, &next);
    for (int i = 0; i < ROOM; i++)
        enter(c, &v[i], "192.0.2.1", LONG_MS);
    for (int i = 0; i < ROOM; i++) {
        assert_false(is_shut(&v[i], 0));
        leave(c, &v[i]);
    }
    crowd_free(c);
}

static void whoever_is_served_stays(void **state)
{
    struct crowd *c = crowd_new(ROOM);
    struct visit v[ROOM + 1];

    (void)state;
    for (int i = 0; i < ROOM; i++) {
        enter(c, &v[i], "192.0.2.1", LONG_MS);
        guest_is_served(v[i].guest);
    }
    enter(c, &v[ROOM], "192.0.2.2", LONG_MS);
    for (int i = 0; i <= ROOM; i++) {
        assert_false(is_shut(&v[i], 0));
        leave(c, &v[i]);
    }
    crowd_free(c);
}

static void time_runs_out(void **state)
{
    struct crowd *c = crowd_new(ROOM);
    struct visit slow;
    struct visit renewed;
    struct visit served;

    (void)state;
    enter(c, &slow, "192.0.2.1", 50);
    enter(c, &renewed, "192.0.2.1", 50);
    enter(c, &served, "192.0.2.1", 50);
    guest_has(renewed.guest, LONG_MS);
    guest_is_served(served.guest);
    assert_true(is_shut(&slow, GONE_MS));
    assert_false(is_shut(&renewed, STAYS_MS));
    assert_false(is_shut(&served, 0));
    guest_has(served.guest, 50);
    assert_true(is_shut(&served, GONE_MS));
    leave(c, &slow);
    leave(c, &renewed);
    leave(c, &served);
    crowd_leave(c, NULL);
    guest_has(NULL, 1);
    guest_is_served(NULL);
    crowd_free(c);
    crowd_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_address_with_most_makes_room),
        cmocka_unit_test(whoever_leaves_makes_room),
        cmocka_unit_test(whoever_is_served_stays),
        cmocka_unit_test(time_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
