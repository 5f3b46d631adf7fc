/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw.c - sends its standard input to 127.0.0.1:PORT as it is, and prints what
 * comes back until the server closes or says nothing for WAIT milliseconds.
 *
 *     printf 'GET / HTTP/1.1\r\n\r\n' | raw PORT [WAIT]
 *
 * Ends with a line "[closed]", "[reset]" or "[open]": what the connection came
 * to.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 65536, WAIT_MS = 1000 };

static int connect_to(const char *port)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)atol(port)) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The server may answer and close before it has read all. */
static void send_input(int fd)
{
    static char chunk[CHUNK];
    ssize_t n;

    while ((n = read(STDIN_FILENO, chunk, sizeof(chunk))) > 0)
        for (ssize_t sent = 0; sent < n;) {
            ssize_t part = send(fd, chunk + sent, (size_t)(n - sent), 0);

            if (part <= 0)
                return;
            sent += part;
        }
}

static const char *print_answer(int fd, int wait_ms)
{
    static char chunk[CHUNK];
    struct pollfd ready = { .fd = fd, .events = POLLIN };

    while (poll(&ready, 1, wait_ms) > 0) {
        ssize_t n = recv(fd, chunk, sizeof(chunk), 0);

        if (n <= 0)
            return n == 0 ? "[closed]" : "[reset]";
        fwrite(chunk, 1, (size_t)n, stdout);
        fflush(stdout);
    }
    return "[open]";
}

int main(int argc, char **argv)
{
    int fd;

    signal(SIGPIPE, SIG_IGN);
    fd = argc > 1 ? connect_to(argv[1]) : -1;
    if (fd < 0) {
        fprintf(stderr, "raw: could not connect\n");
        return 1;
    }
    send_input(fd);
    printf("\n%s\n", print_answer(fd, argc > 2 ? (int)strtol(argv[2], NULL, 10)
                                               : WAIT_MS));
    close(fd);
    return 0;
}
