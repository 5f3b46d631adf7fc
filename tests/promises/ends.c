/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ends.c - ends okta-orgd again and again while connections come, and looks
 * that it ends well.
 *
 *     ends ORGD DATA ROUNDS
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/promises/org.h"

enum { VISITORS = 2, SERVED_MS = 4 };

/* Comes and goes as fast as it can, whether or not anybody listens. */
static _Noreturn void visit(uint16_t port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);

        connect(fd, (struct sockaddr *)&to, sizeof(to));
        close(fd);
    }
}

static void try_end(struct org *org, int round)
{
    struct timespec served = { .tv_nsec = SERVED_MS * 1000000L };
    pid_t visitors[VISITORS];
    char text[64];
    int status;

    if (!org_start(org))
        fail("the org does not start", "");
    for (size_t i = 0; i < VISITORS; i++) {
        visitors[i] = fork();
        if (visitors[i] == 0)
            visit(org->port);
    }
    nanosleep(&served, NULL);
    status = org_kill(org, SIGTERM);
    for (size_t i = 0; i < VISITORS; i++) {
        kill(visitors[i], SIGKILL);
        waitpid(visitors[i], NULL, 0);
    }
    snprintf(text, sizeof(text), "%#x in round %d", (unsigned)status, round);
    if (status != 0)
        fail("the org ends with", text);
}

int main(int argc, char **argv)
{
    struct org org = { 0 };

    if (argc != 4)
        return 2;
    org.program = argv[1];
    org.data = argv[2];
    for (int i = 0; i < strtol(argv[3], NULL, 10); i++)
        try_end(&org, i);
    return 0;
}
