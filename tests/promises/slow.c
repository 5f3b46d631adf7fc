/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slow.c - takes okta-orgd's time with a thousand connections, and looks what
 * a client sees that does no such thing.
 *
 *     slow ORGD DATA TOKENS
 *
 * TOKENS: the secret of an administrator, and the id of some token. In turn a
 * crowd of connections sends nothing, headers or a body a byte at a time, or
 * reads no answers; all from the good client's own address. That one's requests
 * must be answered all the same, 99 of 100 within P99_MS. Beside that three
 * connections stay slow until the org has had enough of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/promises/org.h"

enum {
    SLOW = 1000,
    FILES_WANTED = 4096,
    ROOM = 1000,   /* more are not left open */
    ASKED = 400,   /* by the good client, on new connections and on one */
    TRICKLES = 8,  /* bytes from each slow one meanwhile */
    NARROW = 2048, /* bytes that are sent unread */
    P99_MS = 100,
    PATIENCE_MS = 30000, /* of the org */
    LATE_MS = 4000
};

struct mode {
    const char *name;
    const char *head; /* what is sent at once */
    const char *rest; /* what follows, a byte at a time, again and again */
    bool reads;       /* answers */
};

static const struct mode silent = { "silent", "", "", true };
static const struct mode headers = {
    "headers", "GET /api/v1/api-tokens HTTP/1.1\r\nHost: x\r\n", "X: y\r\n",
    true
};
static const struct mode body = {
    "body",
    "PUT /api/v1/api-tokens/00Tx HTTP/1.1\r\nHost: x\r\nContent-Length: "
    "60000\r\n\r\n{\"name\":\"",
    "a", true
};

/* The head is filled in. */
static struct mode answers = { "answers", NULL, "", false };

static int64_t now_ms(void)
{
    return now_us() / 1000;
}

/* ------------------------------------------------------- Slow connections --
 */

static void send_text(int fd, const char *text, size_t len)
{
    if (send(fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return; /* it is closed; that shows later */
}

static int open_slow(const struct org *org, const struct mode *mode)
{
    int fd = org_connect_narrow(org, mode->reads ? 0 : NARROW);

    send_text(fd, mode->head, strlen(mode->head));
    return fd;
}

static void trickle(int fd, const struct mode *mode, size_t turn)
{
    if (mode->rest[0] != '\0')
        send_text(fd, &mode->rest[turn % strlen(mode->rest)], 1);
}

static bool is_open(int fd)
{
    struct pollfd end = { .fd = fd, .events = POLLRDHUP };

    poll(&end, 1, 0);
    return (end.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

/* -------------------------------------------------------- The good client --
 */

static int by_size(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static int ask_once(const struct org *org, const char *path, int kept)
{
    struct ask ask = { "GET", path, org->admin, NULL };
    struct answer answer;
    int64_t begun = now_us();
    int fd = kept >= 0 ? kept : org_connect(org);

    if (org_ask(fd, &ask, &answer) != 200)
        fail("the good client gets", answer.text);
    if (kept < 0)
        close(fd);
    return (int)(now_us() - begun);
}

static void try_mode(const struct org *org, const char *path,
                     const struct mode *mode)
{
    static int slow[SLOW];
    static int us[ASKED];
    const struct timespec pace = { .tv_nsec = 500000 };
    int left = 0;
    int kept;

    for (int i = 0; i < SLOW; i++) {
        slow[i] = open_slow(org, mode);
        nanosleep(&pace, NULL);
    }
    kept = org_connect(org);
    for (size_t i = 0; i < ASKED; i++) {
        if (i % (ASKED / TRICKLES) == 0)
            for (int j = 0; j < SLOW; j++)
                trickle(slow[j], mode, i / (ASKED / TRICKLES));
        us[i] = ask_once(org, path, i % 2 == 0 ? kept : -1);
    }
    for (int i = 0; i < SLOW; i++) {
        left += is_open(slow[i]);
        close(slow[i]);
    }
    close(kept);
    qsort(us, ASKED, sizeof(us[0]), by_size);
    printf("%s: good client p50 %d us, p99 %d us, worst %d us; %d of %d "
           "slow ones left\n",
           mode->name, us[ASKED / 2], us[ASKED / 100 * 99], us[ASKED - 1], left,
           SLOW);
    if (us[ASKED / 100 * 99] > P99_MS * 1000)
        fail("the good client waits", "");
    if (left >= ROOM)
        fail("no room is kept", "");
}

/* --------------------------------------------------------------- Patience --
 */

struct trier {
    const struct mode *mode;
    int fd;
    int64_t begun_ms;
};

static void wait_to_be_closed(struct trier *t, size_t count)
{
    struct timespec step = { .tv_nsec = 200000000 };
    size_t open = count;

    for (size_t turn = 0; open > 0; turn++) {
        nanosleep(&step, NULL);
        for (size_t i = 0; i < count; i++) {
            int64_t ms = now_ms() - t[i].begun_ms;

            if (t[i].fd < 0)
                continue;
            if (is_open(t[i].fd)) {
                trickle(t[i].fd, t[i].mode, turn);
                if (ms > PATIENCE_MS + LATE_MS)
                    fail("a slow request may go on:", t[i].mode->name);
                continue;
            }
            if (ms < PATIENCE_MS - 1000)
                fail("closed too early:", t[i].mode->name);
            close(t[i].fd);
            t[i].fd = -1;
            open--;
        }
    }
}

/* ------------------------------------------------------------- The whole -- */

static void raise_file_limit(void)
{
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_max < FILES_WANTED)
        exit(77);
    files.rlim_cur = FILES_WANTED;
    setrlimit(RLIMIT_NOFILE, &files);
}

static void read_tokens(struct org *org, const char *file, char path[static 64])
{
    FILE *in = fopen(file, "r");
    char id[24];

    if (in == NULL || fscanf(in, "%63s %23s", org->admin, id) != 2)
        fail("can't read", file);
    fclose(in);
    snprintf(path, 64, "/api-tokens/%s", id);
}

/* Asks for a page that does not fit into what the kernel holds. */
static void fill_answers(const struct org *org)
{
    static char head[512];

    snprintf(head, sizeof(head),
             "GET /api/v1/api-tokens?limit=200 HTTP/1.1\r\n"
             "Host: x\r\nAuthorization: SSWS %s\r\n\r\n",
             org->admin);
    answers.head = head;
}

int main(int argc, char **argv)
{
    static const struct mode *const modes[] = { &silent, &headers, &body,
                                                &answers };
    struct trier triers[3];
    struct org org = { 0 };
    char path[64];

    if (argc != 4)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    org.program = argv[1];
    org.data = argv[2];
    read_tokens(&org, argv[3], path);
    fill_answers(&org);
    if (!org_start(&org))
        fail("the org does not start", "");
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        try_mode(&org, path, modes[i]);
    for (size_t i = 0; i < 3; i++)
        triers[i] =
            (struct trier){ modes[i], open_slow(&org, modes[i]), now_ms() };
    wait_to_be_closed(triers, 3);
    if (org_kill(&org, SIGTERM) != 0)
        fail("the org ended badly", "");
    return 0;
}
