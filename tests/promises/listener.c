/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listener.c - a place where nobody may come: prints its port, and writes a
 * line to FILE for each connection, before it closes it.
 *
 *     listener FILE
 */
#define _XOPEN_SOURCE 700
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static const char line[] = "somebody came\n";
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof(address);
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    int file;

    if (argc != 2)
        return 2;
    file = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (file < 0 || listening < 0 ||
        bind(listening, (struct sockaddr *)&address, len) != 0 ||
        listen(listening, 64) != 0 ||
        getsockname(listening, (struct sockaddr *)&address, &len) != 0)
        return 1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int fd = accept(listening, NULL, NULL);

        if (fd < 0 || write(file, line, sizeof(line) - 1) < 0)
            return 1;
        close(fd);
    }
}
