/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cut.c - stands between a client and an org, and loses answers.
 *
 *     cut PORT METHOD HOW TIMES [gone]
 *
 * Prints its URL; passes on what comes for 127.0.0.1:PORT, and the answers. But
 * of the first TIMES requests of that METHOD the answer is not passed on: the
 * org has given it, and the client's connection ends as HOW says:
 *
 *     close    it is closed
 *     reset    it is reset
 *     part     it is closed behind the first bytes of the answer
 *     silent   it stays open, and nothing comes any more
 *
 * "gone": after those it listens no more, as if the org could not be reached.
 */
#define _XOPEN_SOURCE 700
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 65536, PART = 11 };

struct cut {
    uint16_t port;
    const char *method;
    const char *how;
    long left;
    bool gone;
    int listening;
    char chunk[CHUNK];
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static struct sockaddr_in loopback(uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(port) };

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void listen_on_loopback(struct cut *c)
{
    struct sockaddr_in address = loopback(0);
    socklen_t len = sizeof(address);

    c->listening = socket(AF_INET, SOCK_STREAM, 0);
    if (c->listening < 0 ||
        bind(c->listening, (struct sockaddr *)&address, len) != 0 ||
        listen(c->listening, 16) != 0 ||
        getsockname(c->listening, (struct sockaddr *)&address, &len) != 0)
        die("listen");
    printf("http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
}

static int connect_to_org(const struct cut *c)
{
    struct sockaddr_in address = loopback(c->port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 ||
        connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        die("connect");
    return fd;
}

static void pass(int to, const char *data, ssize_t len)
{
    while (len > 0) {
        ssize_t n = write(to, data, (size_t)len);

        if (n <= 0)
            return;
        data += n;
        len -= n;
    }
}

static bool is_to_cut(const struct cut *c, ssize_t len)
{
    size_t method = strlen(c->method);

    return c->left > 0 && (size_t)len > method &&
           memcmp(c->chunk, c->method, method) == 0 && c->chunk[method] == ' ';
}

/* The answer is in the chunk, and this is as near as it comes. */
static void lose(struct cut *c, int client, ssize_t len)
{
    struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    c->left--;
    if (strcmp(c->how, "reset") == 0)
        setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    if (strcmp(c->how, "part") == 0)
        pass(client, c->chunk, len < PART ? len : PART);
    if (strcmp(c->how, "silent") == 0)
        while (read(client, c->chunk, sizeof(c->chunk)) > 0)
            ;
    if (c->left > 0 || !c->gone)
        return;
    close(c->listening);
    c->listening = -1;
}

/* Until one of both ends closes, or an answer is lost. */
static void relay(struct cut *c, int client, int org)
{
    struct pollfd ends[] = { { client, POLLIN, 0 }, { org, POLLIN, 0 } };
    bool cutting = false;

    for (;;) {
        bool answer;
        ssize_t n;

        if (poll(ends, 2, -1) < 0)
            return;
        answer = ends[1].revents != 0;
        n = read(answer ? org : client, c->chunk, sizeof(c->chunk));
        if (n <= 0)
            return;
        if (answer && cutting) {
            lose(c, client, n);
            return;
        }
        cutting = cutting || (!answer && is_to_cut(c, n));
        pass(answer ? client : org, c->chunk, n);
    }
}

int main(int argc, char **argv)
{
    static struct cut c;

    if (argc < 5)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    c.port = (uint16_t)strtol(argv[1], NULL, 10);
    c.method = argv[2];
    c.how = argv[3];
    c.left = strtol(argv[4], NULL, 10);
    c.gone = argc > 5;
    listen_on_loopback(&c);
    while (c.listening >= 0) {
        int client = accept(c.listening, NULL, NULL);
        int org;

        if (client < 0)
            die("accept");
        org = connect_to_org(&c);
        relay(&c, client, org);
        close(org);
        close(client);
    }
    return 0;
}
