/* SPDX-License-Identifier: Apache-2.0 */
/* org.c - fork, exec, sockets, and as much HTTP as that takes. */
#include "tests/promises/org.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_SECONDS = 20 };

void fail(const char *what, const char *more)
{
    fprintf(stderr, "FAILED: %s %s\n", what, more);
    exit(1);
}

int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ----------------------------------------------------------- Processes -- */

pid_t spawn(char *const *command, const char *preload, int *out)
{
    int ends[2];
    pid_t pid;

    if (pipe(ends) != 0)
        fail("pipe", "");
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    pid = fork();
    if (pid < 0)
        fail("fork", "");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* it does not outlive the test */
        if (preload != NULL)
            setenv("LD_PRELOAD", preload, 1);
        dup2(ends[1], STDOUT_FILENO);
        close(ends[1]);
        execvp(command[0], command);
        _exit(127);
    }
    close(ends[1]);
    *out = ends[0];
    return pid;
}

void read_line(int fd, char *line, size_t size)
{
    size_t len = 0;

    while (len + 1 < size && read(fd, line + len, 1) == 1 && line[len] != '\n')
        len++;
    line[len] = '\0';
    close(fd);
}

bool org_start(struct org *org)
{
    static char serve[] = "serve", data[] = "--data", tls[] = "--tls",
                off[] = "off", limit[] = "--rate-limit", zero[] = "0";
    char program[ORG_TEXT];
    char path[ORG_TEXT];
    char *const command[] = { program, serve, data, path, tls,
                              off,     limit, zero, NULL };
    char url[256];
    int out;

    snprintf(program, sizeof(program), "%s", org->program);
    snprintf(path, sizeof(path), "%s", org->data);
    org->pid = spawn(command, org->preload, &out);
    read_line(out, url, sizeof(url));
    if (strrchr(url, ':') == NULL)
        return false;
    org->port = (uint16_t)strtol(strrchr(url, ':') + 1, NULL, 10);
    return true;
}

int org_kill(struct org *org, int signal)
{
    int status = 0;

    kill(org->pid, signal);
    if (waitpid(org->pid, &status, 0) != org->pid)
        fail("can't wait for the org", "");
    return status;
}

void org_check_database(const struct org *org)
{
    static char pragma[] = "PRAGMA integrity_check";
    static char timeout[] = ".timeout 20000";
    static char sqlite[] = "sqlite3", cmd[] = "-cmd";
    char path[ORG_TEXT];
    char *const command[] = { sqlite, cmd, timeout, path, pragma, NULL };
    char line[64];
    int out;
    pid_t pid;

    snprintf(path, sizeof(path), "%s/orgd.db", org->data);
    pid = spawn(command, NULL, &out);
    read_line(out, line, sizeof(line));
    waitpid(pid, NULL, 0);
    if (strcmp(line, "ok") != 0)
        fail("integrity_check says", line);
}

/* ------------------------------------------------------------ Requests -- */

const char *org_network(bool restricted)
{
    return restricted
               ? "{\"name\":\"kept\",\"network\":{\"connection\":\"ZONE\","
                 "\"include\":[\"" ORG_ZONE "\"]}}"
               : "{\"name\":\"kept\",\"network\":{\"connection\":"
                 "\"ANYWHERE\"}}";
}

int org_connect_narrow(const struct org *org, int bytes)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(org->port) };
    struct timeval wait = { .tv_sec = ANSWER_SECONDS };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bytes > 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        fail("can't connect", "");
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    return fd;
}

int org_connect(const struct org *org)
{
    return org_connect_narrow(org, 0);
}

void org_send(int fd, const struct ask *ask)
{
    const char *body = ask->body != NULL ? ask->body : "";
    char text[ORG_TEXT];
    int len = snprintf(text, sizeof(text),
                       "%s /api/v1%s HTTP/1.1\r\n"
                       "Host: 127.0.0.1\r\nAuthorization: SSWS %s\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       ask->method, ask->path, ask->secret, strlen(body), body);

    if (write(fd, text, (size_t)len) < 0)
        return;
}

/* The status of the whole answer that text is, 0 while it is none. */
static int status_of(const char *text, size_t len)
{
    const char *end = strstr(text, "\r\n\r\n");
    size_t body = 0;

    if (end == NULL)
        return 0;
    for (const char *line = text; line < end;) {
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            body = (size_t)strtol(line + 15, NULL, 10);
        line = strstr(line, "\r\n") + 2;
    }
    if (len < (size_t)(end + 4 - text) + body)
        return 0;
    return (int)strtol(text + strlen("HTTP/1.1 "), NULL, 10);
}

bool org_read(int fd, struct answer *answer)
{
    ssize_t n =
        read(fd, answer->text + answer->len, ORG_TEXT - 1 - answer->len);

    if (n <= 0)
        return false;
    answer->len += (size_t)n;
    answer->text[answer->len] = '\0';
    answer->status = status_of(answer->text, answer->len);
    return true;
}

int org_answer(int fd, struct answer *answer)
{
    answer->status = 0;
    answer->len = 0;
    while (answer->status == 0)
        if (!org_read(fd, answer))
            return 0;
    return answer->status;
}

int org_ask(int fd, const struct ask *ask, struct answer *answer)
{
    org_send(fd, ask);
    if (org_answer(fd, answer) == 0)
        fail("no answer to", ask->path);
    return answer->status;
}
