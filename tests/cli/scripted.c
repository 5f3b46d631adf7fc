/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripted.c - an HTTP server that answers from files, for what no org does,
 * not even one that fails.
 *
 *     scripted DIR
 *
 * Prints its URL, then serves one request a connection until it is killed. The
 * answer is the file DIR/1, DIR/2, ...: the first that is not used up; without
 * those it is DIR/METHOD-LAST, LAST being the path's last segment; that with
 * .put behind it, once, after a PUT was answered (DIR/put says so). Each
 * request is appended to DIR/requests.
 *
 * A file holds head and body as on the wire, but with LF for CRLF in the head
 * and without Content-Length and Connection, which are added. @URL@ stands for
 * the server's own URL. A line "%pause MS" ahead of it has the body wait.
 */
#define _XOPEN_SOURCE 700
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_MAX = 4 * 1024 * 1024, PATH_SIZE = 4096 };

struct text {
    size_t len;
    char data[TEXT_MAX];
};

struct server {
    const char *dir;
    int listening;
    char url[64];
    int next; /* of the numbered files */
    struct text request;
    struct text file;
    struct text answer;
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void append(struct text *text, const char *data, size_t len)
{
    if (len >= TEXT_MAX - text->len)
        die("too long");
    memcpy(text->data + text->len, data, len);
    text->len += len;
    text->data[text->len] = '\0';
}

static void append_str(struct text *text, const char *s)
{
    append(text, s, strlen(s));
}

/* ------------------------------------------------------------- Request -- */

static size_t content_length(const char *head)
{
    for (const char *line = head; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            return (size_t)strtol(line + 15, NULL, 10);
        if (*line == '\r' || *line == '\0')
            break;
    }
    return 0;
}

static bool is_complete(const struct text *request)
{
    const char *end = strstr(request->data, "\r\n\r\n");

    return end != NULL && request->len >= (size_t)(end + 4 - request->data) +
                                              content_length(request->data);
}

/* False: it was broken off. */
static bool read_request(int fd, struct text *request)
{
    char part[4096];

    request->len = 0;
    request->data[0] = '\0';
    while (!is_complete(request)) {
        ssize_t n = read(fd, part, sizeof(part));

        if (n <= 0)
            return false;
        append(request, part, (size_t)n);
    }
    return true;
}

static void path_in(const struct server *server, const char *name, char *out)
{
    snprintf(out, PATH_SIZE, "%s/%s", server->dir, name);
}

static void record(const struct server *server)
{
    char path[PATH_SIZE];
    FILE *file;

    path_in(server, "requests", path);
    file = fopen(path, "a");
    if (file == NULL)
        die(path);
    fwrite(server->request.data, 1, server->request.len, file);
    fputs("\n----\n", file);
    fclose(file);
}

/* -------------------------------------------------------------- Answer -- */

static bool read_file(struct server *server, const char *name)
{
    char path[PATH_SIZE];
    FILE *file;

    path_in(server, name, path);
    file = fopen(path, "r");
    if (file == NULL)
        return false;
    server->file.len = fread(server->file.data, 1, TEXT_MAX - 1, file);
    server->file.data[server->file.len] = '\0';
    fclose(file);
    return true;
}

/* "GET-api-tokens" of "GET /api/v1/api-tokens?limit=200 HTTP/1.1". */
static void route(const char *request, char *out, size_t size)
{
    size_t method = strcspn(request, " ");
    const char *target = request + method + 1;
    size_t len = strcspn(target, " ?");
    size_t start = len;

    while (start > 0 && target[start - 1] != '/')
        start--;
    snprintf(out, size, "%.*s-%.*s", (int)method, request, (int)(len - start),
             target + start);
}

static bool find_answer(struct server *server)
{
    char name[PATH_SIZE];
    char after_put[PATH_SIZE + 8];
    char put[PATH_SIZE];

    snprintf(name, sizeof(name), "%d", server->next);
    if (read_file(server, name)) {
        server->next++;
        return true;
    }
    route(server->request.data, name, sizeof(name));
    path_in(server, "put", put);
    snprintf(after_put, sizeof(after_put), "%s.put", name);
    if (access(put, F_OK) == 0 && read_file(server, after_put)) {
        unlink(put);
        return true;
    }
    if (strncmp(name, "PUT-", 4) == 0)
        fclose(fopen(put, "w"));
    return read_file(server, name);
}

/* Where the answer proper begins. */
static const char *read_pause(const char *text, long *pause_ms)
{
    static const char pause[] = "%pause ";

    *pause_ms = 0;
    if (strncmp(text, pause, strlen(pause)) != 0)
        return text;
    *pause_ms = strtol(text + strlen(pause), NULL, 10);
    return text + strcspn(text, "\n") + 1;
}

/* Copies text with @URL@ filled in. */
static void fill(const struct server *server, struct text *out,
                 const char *text, size_t len)
{
    static const char mark[] = "@URL@";
    const char *end = text + len;

    while (text < end) {
        const char *at = strstr(text, mark);

        if (at == NULL || at >= end)
            break;
        append(out, text, (size_t)(at - text));
        append_str(out, server->url);
        text = at + sizeof(mark) - 1;
    }
    append(out, text, (size_t)(end - text));
}

static void make_answer(struct server *server, const char *text)
{
    static struct text body;
    const char *blank = strstr(text, "\n\n");
    const char *head_end = blank != NULL ? blank : text + strlen(text);
    char length[64];

    server->answer.len = 0;
    body.len = 0;
    body.data[0] = '\0';
    if (blank != NULL)
        fill(server, &body, blank + 2, strlen(blank + 2));
    while (text < head_end) {
        size_t len = strcspn(text, "\n");

        fill(server, &server->answer, text, len);
        append_str(&server->answer, "\r\n");
        text += len + 1;
    }
    snprintf(length, sizeof(length), "Content-Length: %zu\r\n", body.len);
    append_str(&server->answer, length);
    append_str(&server->answer, "Connection: close\r\n\r\n");
    append(&server->answer, body.data, body.len);
}

static void send_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);

        if (n <= 0)
            return;
        data += n;
        len -= (size_t)n;
    }
}

static void wait_ms(long ms)
{
    struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

    nanosleep(&time, NULL);
}

static void send_answer(int fd, const struct text *answer, long pause_ms)
{
    size_t head = (size_t)(strstr(answer->data, "\r\n\r\n") - answer->data) + 4;

    send_all(fd, answer->data, head);
    wait_ms(pause_ms);
    send_all(fd, answer->data + head, answer->len - head);
}

static void serve(struct server *server, int fd)
{
    const char *text;
    long pause_ms;

    if (!read_request(fd, &server->request))
        return;
    record(server);
    if (!find_answer(server)) {
        server->file.len = 0;
        server->file.data[0] = '\0';
        append_str(&server->file, "HTTP/1.1 500 no answer in the script\n\n");
    }
    text = read_pause(server->file.data, &pause_ms);
    make_answer(server, text);
    send_answer(fd, &server->answer, pause_ms);
}

/* Closing with unread input would reset the connection and lose the answer. */
static void close_gently(int fd)
{
    char rest[512];

    shutdown(fd, SHUT_WR);
    while (read(fd, rest, sizeof(rest)) > 0)
        ;
    close(fd);
}

static void listen_on_loopback(struct server *server)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof(address);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listening = socket(AF_INET, SOCK_STREAM, 0);
    if (server->listening < 0 ||
        bind(server->listening, (struct sockaddr *)&address, len) != 0 ||
        listen(server->listening, 64) != 0 ||
        getsockname(server->listening, (struct sockaddr *)&address, &len) != 0)
        die("listen");
    snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d",
             ntohs(address.sin_port));
}

int main(int argc, char **argv)
{
    static struct server server;

    if (argc != 2)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    server.dir = argv[1];
    server.next = 1;
    listen_on_loopback(&server);
    printf("%s\n", server.url);
    fflush(stdout);
    for (;;) {
        int fd = accept(server.listening, NULL, NULL);

        if (fd < 0)
            die("accept");
        serve(&server, fd);
        close_gently(fd);
    }
}
