/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash.c - kills okta-orgd while it revokes, again and again, and looks what
 * became of the revocations that it had acknowledged.
 *
 *     crash ORGD DATA TOKENS ROUNDS ACKNOWLEDGED
 *
 * TOKENS: the secret of an administrator in the first line, then in each line
 * a token to revoke: its id, and its secret where it is to revoke itself. A
 * round: revocations on CONNECTIONS connections, kill -9 in their midst; start,
 * timed until a request is answered; every revocation that got its 204 must
 * show as 404, or 401 to the token itself; the database must be in order. At
 * the end all of them are looked at once more. ACKNOWLEDGED gets the id of each
 * the moment its 204 is read.
 *
 * Prints one line of figures. Exits 0, or 1 having said what is wrong.
 */
#define _XOPEN_SOURCE 700
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS = 16,
    ROUNDS_MAX = 1000,
    ACKNOWLEDGED_MAX = 300, /* a round */
    DELAY_US_MAX = 2000,    /* from the last of them to the kill */
    ANSWER_MS_MAX = 20000,
    TEXT_SIZE = 8192
};

struct token {
    char id[24];
    char secret[64]; /* "": the administrator revokes it */
    bool acknowledged;
};

struct connection {
    int fd; /* -1: closed */
    struct token *token;
    size_t len;
    char in[TEXT_SIZE];
};

struct trial {
    const char *orgd;
    const char *data;
    char admin[64];
    struct token *tokens;
    size_t count;
    size_t next;
    int acknowledged_file;
    size_t acknowledged;
    pid_t pid;
    uint16_t port;
    struct connection connections[CONNECTIONS];
    int ready_ms[ROUNDS_MAX];
};

static void fail(const char *what, const char *more)
{
    fprintf(stderr, "crash: %s %s\n", what, more);
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ----------------------------------------------------------- Processes -- */

/* Starts it; what it prints can be read from *out. */
static pid_t spawn(char *const *command, int *out)
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
        dup2(ends[1], STDOUT_FILENO);
        close(ends[1]);
        execvp(command[0], command);
        _exit(127);
    }
    close(ends[1]);
    *out = ends[0];
    return pid;
}

static void read_line(int fd, char *line, size_t size)
{
    size_t len = 0;

    while (len + 1 < size && read(fd, line + len, 1) == 1 && line[len] != '\n')
        len++;
    line[len] = '\0';
    close(fd);
}

static void check_database(const struct trial *t)
{
    static char pragma[] = "PRAGMA integrity_check";
    static char timeout[] = ".timeout 20000";
    static char sqlite[] = "sqlite3", cmd[] = "-cmd";
    char path[TEXT_SIZE];
    char *const command[] = { sqlite, cmd, timeout, path, pragma, NULL };
    char line[64];
    int out;
    int status;
    pid_t pid;

    snprintf(path, sizeof(path), "%s/orgd.db", t->data);
    pid = spawn(command, &out);
    read_line(out, line, sizeof(line));
    waitpid(pid, &status, 0);
    if (strcmp(line, "ok") != 0)
        fail("integrity_check says", line);
}

/* ------------------------------------------------------------ Requests -- */

static int open_connection(const struct trial *t)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(t->port) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        fail("can't connect", "");
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

/* A connection that is gone shows when the answer is read. */
static void send_request(int fd, const char *method, const char *what,
                         const char *secret)
{
    char text[TEXT_SIZE];
    int len = snprintf(text, sizeof(text),
                       "%s /api/v1/api-tokens%s HTTP/1.1\r\n"
                       "Host: 127.0.0.1\r\nAuthorization: SSWS %s\r\n\r\n",
                       method, what, secret);

    if (write(fd, text, (size_t)len) < 0)
        return;
}

/* The status of the whole answer that text is, 0 while it is none. */
static int answer_status(const char *text, size_t len)
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

/* False: the connection has ended. */
static bool read_some(int fd, char *in, size_t *len)
{
    ssize_t n = read(fd, in + *len, TEXT_SIZE - 1 - *len);

    if (n <= 0)
        return false;
    *len += (size_t)n;
    in[*len] = '\0';
    return true;
}

static int ask(int fd, const char *what, const char *secret)
{
    char in[TEXT_SIZE] = "";
    size_t len = 0;
    int status = 0;

    send_request(fd, "GET", what, secret);
    while (status == 0) {
        if (!read_some(fd, in, &len))
            fail("no answer to GET", what);
        status = answer_status(in, len);
    }
    return status;
}

/* --------------------------------------------------------------- A round */

static int start_org(struct trial *t)
{
    static char serve[] = "serve", data[] = "--data", tls[] = "--tls",
                off[] = "off", limit[] = "--rate-limit", zero[] = "0",
                dev[] = "--dev";
    char path[TEXT_SIZE];
    char program[TEXT_SIZE];
    char *const command[] = { program, serve, data, path, tls,
                              off,     limit, zero, dev,  NULL };
    int64_t begun = now_us();
    char url[256];
    int out;
    int fd;

    snprintf(program, sizeof(program), "%s", t->orgd);
    snprintf(path, sizeof(path), "%s", t->data);
    t->pid = spawn(command, &out);
    read_line(out, url, sizeof(url));
    if (strrchr(url, ':') == NULL)
        fail("the org did not start", url);
    t->port = (uint16_t)strtol(strrchr(url, ':') + 1, NULL, 10);
    fd = open_connection(t);
    if (ask(fd, "?limit=1", t->admin) != 200)
        fail("the org does not answer", "");
    close(fd);
    return (int)((now_us() - begun) / 1000);
}

static void revoke_next(struct trial *t, struct connection *c)
{
    char what[32];

    if (t->next == t->count)
        fail("out of tokens", "");
    c->token = &t->tokens[t->next++];
    c->len = 0;
    snprintf(what, sizeof(what), "/%s",
             c->token->secret[0] != '\0' ? "current" : c->token->id);
    send_request(c->fd, "DELETE", what,
                 c->token->secret[0] != '\0' ? c->token->secret : t->admin);
}

static void acknowledge(struct trial *t, struct token *token)
{
    char line[32];
    int len = snprintf(line, sizeof(line), "%s\n", token->id);

    token->acknowledged = true;
    t->acknowledged++;
    if (write(t->acknowledged_file, line, (size_t)len) != len)
        fail("can't write down", token->id);
}

/* Takes what came on it; sends the next revocation if there is to be one. */
static void serve_connection(struct trial *t, struct connection *c, bool more)
{
    int status;

    if (!read_some(c->fd, c->in, &c->len)) {
        close(c->fd);
        c->fd = -1;
        return;
    }
    status = answer_status(c->in, c->len);
    if (status == 0)
        return;
    if (status != 204)
        fail("neither 204 nor nothing:", c->in);
    acknowledge(t, c->token);
    if (more)
        revoke_next(t, c);
}

/* False: none is left, or nothing has come for long. */
static bool serve_connections(struct trial *t, bool more)
{
    struct pollfd polled[CONNECTIONS];
    bool any = false;

    for (int i = 0; i < CONNECTIONS; i++) {
        polled[i] = (struct pollfd){ t->connections[i].fd, POLLIN, 0 };
        any = any || polled[i].fd >= 0;
    }
    if (!any || poll(polled, CONNECTIONS, ANSWER_MS_MAX) <= 0)
        return false;
    for (int i = 0; i < CONNECTIONS; i++)
        if (polled[i].fd >= 0 && polled[i].revents != 0)
            serve_connection(t, &t->connections[i], more);
    return true;
}

static void wait_us(long us)
{
    struct timespec time = { 0, us * 1000 };

    nanosleep(&time, NULL);
}

static void revoke_and_kill(struct trial *t)
{
    size_t enough = t->acknowledged + 1 + (size_t)random() % ACKNOWLEDGED_MAX;

    for (int i = 0; i < CONNECTIONS; i++) {
        t->connections[i].fd = open_connection(t);
        revoke_next(t, &t->connections[i]);
    }
    while (t->acknowledged < enough)
        if (!serve_connections(t, true))
            fail("the org ended by itself", "");
    wait_us(random() % DELAY_US_MAX);
    kill(t->pid, SIGKILL);
    waitpid(t->pid, NULL, 0);
    while (serve_connections(t, false))
        ;
}

static void check_revoked(const struct trial *t, size_t from)
{
    int fd = open_connection(t);

    for (size_t i = from; i < t->next; i++) {
        const struct token *token = &t->tokens[i];
        bool own = token->secret[0] != '\0';
        char what[32];

        if (!token->acknowledged)
            continue;
        snprintf(what, sizeof(what), "/%s", token->id);
        if (ask(fd, what, t->admin) != 404 ||
            (own && ask(fd, what, token->secret) != 401))
            fail("acknowledged, and there again:", token->id);
    }
    close(fd);
}

/* ---------------------------------------------------------------- Figures */

static void read_tokens(struct trial *t, const char *path)
{
    FILE *file = fopen(path, "r");
    size_t room = 0;
    char line[128];

    if (file == NULL || fscanf(file, "%63s ", t->admin) != 1)
        fail("can't read", path);
    while (fgets(line, sizeof(line), file) != NULL) {
        struct token token = { .acknowledged = false };

        if (t->count == room) {
            room = room == 0 ? 1024 : 2 * room;
            t->tokens = realloc(t->tokens, room * sizeof(*t->tokens));
            if (t->tokens == NULL)
                fail("out of memory", "");
        }
        if (sscanf(line, "%23s %63s", token.id, token.secret) >= 1)
            t->tokens[t->count++] = token;
    }
    fclose(file);
}

static int by_size(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void report(struct trial *t, int rounds)
{
    qsort(t->ready_ms, (size_t)rounds, sizeof(int), by_size);
    printf("rounds %d, acknowledged %zu, left open %zu, ready again after "
           "%d ms (median), %d ms (worst)\n",
           rounds, t->acknowledged, t->next - t->acknowledged,
           t->ready_ms[rounds / 2], t->ready_ms[rounds - 1]);
}

int main(int argc, char **argv)
{
    static struct trial t;
    int rounds = argc == 6 ? (int)strtol(argv[4], NULL, 10) : 0;
    int status;

    if (rounds < 1 || rounds > ROUNDS_MAX)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    srandom((unsigned)now_us());
    t.orgd = argv[1];
    t.data = argv[2];
    read_tokens(&t, argv[3]);
    t.acknowledged_file = open(argv[5], O_WRONLY | O_CREAT | O_APPEND, 0600);
    start_org(&t);
    for (int i = 0; i < rounds; i++) {
        size_t from = t.next;

        revoke_and_kill(&t);
        t.ready_ms[i] = start_org(&t);
        check_revoked(&t, from);
        check_database(&t);
    }
    check_revoked(&t, 0);
    kill(t.pid, SIGTERM);
    if (waitpid(t.pid, &status, 0) != t.pid || status != 0)
        fail("the org ended badly", "");
    free(t.tokens);
    report(&t, rounds);
    return 0;
}
