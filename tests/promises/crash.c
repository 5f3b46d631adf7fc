/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash.c - kills okta-orgd in the midst of mixed changes, again and again, and
 * looks what became of those that it had acknowledged.
 *
 *     crash ORGD DATA TOKENS ROUNDS ACKNOWLEDGED SECONDS
 *
 * TOKENS: the secret of an administrator in the first line, id and secret of a
 * token that is kept in one for each connection, then in each line a token to
 * revoke: its id, and its secret where it is to revoke itself. A round:
 * revocations, restrictions and uses on CONNECTIONS connections while tokens
 * are made by the command and others expire; kill -9 in their midst; start,
 * timed until a request is answered. Every revocation that got its 204 must
 * show as 404, or 401 to the token itself, every restriction as it was
 * answered, every token that was made must work; the database must be in order.
 * At the end all revocations are looked at once more, and SECONDS after the
 * start the org ends. ACKNOWLEDGED gets the id of each the moment its 204 is
 * read.
 *
 * Prints one line of figures. Exits 0, or 1 having said what is wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/promises/org.h"

enum {
    CONNECTIONS = 16,
    ROUNDS_MAX = 1000,
    MADE_MAX = 32,          /* tokens that are made in a round */
    ACKNOWLEDGED_MAX = 300, /* changes in a round */
    DELAY_US_MAX = 2000,    /* from the last of them to the kill */
    RENEWED_US = 1300000,   /* until a use is on the disk */
    ANSWER_MS_MAX = 20000,
    REVOCATIONS = 70, /* of a hundred requests; the rest by halves */
    RESTRICTIONS = 15
};

struct token {
    char id[24];
    char secret[ORG_SECRET]; /* "": the administrator revokes it */
    bool acknowledged;
};

/* One that is never revoked. */
struct kept {
    char id[24];
    char secret[ORG_SECRET];
    bool restricted;
};

enum change { REVOKE, RESTRICT, USE, CHANGES };

struct connection {
    int fd; /* -1: closed */
    enum change change;
    struct token *token; /* that it revokes */
    struct kept *kept;   /* is its own */
    struct answer answer;
};

/* The command that makes a token. */
struct maker {
    pid_t pid; /* 0: none runs */
    int out;
};

struct trial {
    struct org org;
    struct token *tokens;
    size_t count;
    size_t next;
    int acknowledged_file;
    size_t acknowledged[CHANGES];
    size_t changes; /* all but uses */
    struct maker maker;
    char made[MADE_MAX][ORG_SECRET]; /* in this round */
    size_t made_count;
    size_t made_in_all;
    struct kept kept[CONNECTIONS];
    struct connection connections[CONNECTIONS];
    int ready_ms[ROUNDS_MAX];
};

static void wait_us(long us)
{
    struct timespec time = { us / 1000000, us % 1000000 * 1000 };

    nanosleep(&time, NULL);
}

static int get(int fd, const char *id, const char *secret,
               struct answer *answer)
{
    char path[64];
    struct ask ask = { "GET", path, secret, NULL };

    snprintf(path, sizeof(path), "/api-tokens%s%s", id[0] == '?' ? "" : "/",
             id);
    return org_ask(fd, &ask, answer);
}

/* ------------------------------------------------------- Tokens are made -- */

static void make_token(struct trial *t)
{
    static char token[] = "token", create[] = "create", data[] = "--data",
                name[] = "--name", made[] = "made", user[] = "--user",
                ada[] = "ada@example.com";
    char program[ORG_TEXT];
    char path[ORG_TEXT];
    char *const command[] = { program, token, create, data, path,
                              name,    made,  user,   ada,  NULL };

    if (t->made_count == MADE_MAX)
        return;
    snprintf(program, sizeof(program), "%s", t->org.program);
    snprintf(path, sizeof(path), "%s", t->org.data);
    t->maker.pid = spawn(command, NULL, &t->maker.out);
}

/* Takes what a maker that has ended came to. */
static void take_made(struct trial *t, int status)
{
    char *secret = t->made[t->made_count];

    read_line(t->maker.out, secret, ORG_SECRET);
    t->maker.pid = 0;
    if (WIFSIGNALED(status))
        return; /* nobody was told */
    if (WEXITSTATUS(status) != 0)
        fail("token create", "failed");
    t->made_count++;
    t->changes++;
}

static void watch_maker(struct trial *t)
{
    int status;

    if (t->maker.pid != 0 && waitpid(t->maker.pid, &status, WNOHANG) != 0) {
        take_made(t, status);
        make_token(t);
    }
}

static void await_maker(struct trial *t)
{
    int status;

    if (waitpid(t->maker.pid, &status, 0) == t->maker.pid)
        take_made(t, status);
}

static void kill_maker(struct trial *t)
{
    if (t->maker.pid == 0)
        return;
    kill(t->maker.pid, SIGKILL);
    await_maker(t);
}

/* They work; then they are the next to be revoked. */
static void check_made(struct trial *t, int fd)
{
    struct answer answer;

    for (size_t i = 0; i < t->made_count; i++) {
        struct token token = t->tokens[t->next];

        if (get(fd, "?limit=1", t->made[i], &answer) != 200)
            fail("made, and not there:", answer.text);
        t->tokens[t->count++] = token;
        token = (struct token){ .id = "" };
        snprintf(token.secret, sizeof(token.secret), "%s", t->made[i]);
        t->tokens[t->next + i] = token;
    }
    t->made_in_all += t->made_count;
    t->made_count = 0;
}

/* ------------------------------------------------------------- Requests -- */

static void revoke_next(struct trial *t, struct connection *c)
{
    char path[64];
    struct ask ask = { "DELETE", path, t->org.admin, NULL };

    if (t->next == t->count)
        fail("out of tokens", "");
    c->token = &t->tokens[t->next++];
    snprintf(path, sizeof(path), "/api-tokens/%s", c->token->id);
    if (c->token->secret[0] != '\0') {
        snprintf(path, sizeof(path), "/api-tokens/current");
        ask.secret = c->token->secret;
    }
    org_send(c->fd, &ask);
}

static void send_kept(const struct trial *t, struct connection *c)
{
    char path[64];
    struct ask ask = { "GET", path, c->kept->secret, NULL };

    snprintf(path, sizeof(path), "/api-tokens/%s", c->kept->id);
    if (c->change == RESTRICT)
        ask = (struct ask){ "PUT", path, t->org.admin,
                            org_network(!c->kept->restricted) };
    org_send(c->fd, &ask);
}

static void send_next(struct trial *t, struct connection *c)
{
    int die = (int)(random() % 100);

    c->answer.len = 0;
    c->answer.status = 0;
    c->change = die < REVOCATIONS                  ? REVOKE
                : die < REVOCATIONS + RESTRICTIONS ? RESTRICT
                                                   : USE;
    if (c->change == REVOKE)
        revoke_next(t, c);
    else
        send_kept(t, c);
}

static void write_down(const struct trial *t, struct token *token)
{
    char line[32];
    int len = snprintf(line, sizeof(line), "%s\n", token->id);

    token->acknowledged = true;
    if (token->id[0] != '\0' &&
        write(t->acknowledged_file, line, (size_t)len) != len)
        fail("can't write down", token->id);
}

static void acknowledge(struct trial *t, struct connection *c)
{
    if (c->answer.status != (c->change == REVOKE ? 204 : 200))
        fail("neither done nor nothing:", c->answer.text);
    t->acknowledged[c->change]++;
    t->changes += c->change != USE;
    if (c->change == REVOKE)
        write_down(t, c->token);
    if (c->change == RESTRICT)
        c->kept->restricted = !c->kept->restricted;
}

/* Takes what came on it; sends the next if there is to be one. */
static void serve_connection(struct trial *t, struct connection *c, bool more)
{
    if (!org_read(c->fd, &c->answer)) {
        close(c->fd);
        c->fd = -1;
        return;
    }
    if (c->answer.status == 0)
        return;
    acknowledge(t, c);
    c->change = CHANGES; /* nothing is open */
    if (more)
        send_next(t, c);
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

/* --------------------------------------------------------------- A round -- */

static int start_org(struct trial *t)
{
    int64_t begun = now_us();
    struct answer answer;
    int fd;

    if (!org_start(&t->org))
        fail("the org did not start", "");
    fd = org_connect(&t->org);
    if (get(fd, "?limit=1", t->org.admin, &answer) != 200)
        fail("the org does not answer:", answer.text);
    close(fd);
    return (int)((now_us() - begun) / 1000);
}

static void change_and_kill(struct trial *t)
{
    size_t enough = t->changes + 1 + (size_t)random() % ACKNOWLEDGED_MAX;

    for (int i = 0; i < CONNECTIONS; i++) {
        t->connections[i].fd = org_connect(&t->org);
        t->connections[i].kept = &t->kept[i];
        send_next(t, &t->connections[i]);
    }
    make_token(t);
    while (t->changes < enough) {
        if (!serve_connections(t, true))
            fail("the org ended by itself", "");
        watch_maker(t);
    }
    wait_us(random() % DELAY_US_MAX);
    org_kill(&t->org, SIGKILL);
    kill_maker(t);
    while (serve_connections(t, false))
        ;
}

static void check_revoked(const struct trial *t, int fd, size_t from)
{
    for (size_t i = from; i < t->next; i++) {
        const struct token *token = &t->tokens[i];
        struct answer answer;

        if (!token->acknowledged)
            continue;
        if (token->id[0] != '\0' &&
            get(fd, token->id, t->org.admin, &answer) != 404)
            fail("acknowledged, and there again:", token->id);
        if (token->secret[0] != '\0' &&
            get(fd, "?limit=1", token->secret, &answer) != 401)
            fail("acknowledged, and good again:", token->id);
    }
}

/* A restriction that was under way may have been made, or not. */
static void check_kept(struct trial *t, int fd)
{
    for (int i = 0; i < CONNECTIONS; i++) {
        struct connection *c = &t->connections[i];
        struct answer answer;
        bool is;

        if (get(fd, c->kept->id, c->kept->secret, &answer) != 200)
            fail("a token that nobody revoked is gone:", c->kept->id);
        is = strstr(answer.text, ORG_ZONE) != NULL;
        if (is != c->kept->restricted && c->change != RESTRICT)
            fail("a restriction is not as it was answered:", answer.text);
        c->kept->restricted = is;
    }
}

static void one_round(struct trial *t, int *ready_ms)
{
    size_t from = t->next;
    int fd;

    make_token(t);
    await_maker(t);
    change_and_kill(t);
    *ready_ms = start_org(t);
    fd = org_connect(&t->org);
    check_revoked(t, fd, from);
    check_kept(t, fd);
    check_made(t, fd);
    close(fd);
    org_check_database(&t->org);
}

/* ------------------------------------------------------------------- Uses --
 */

/* What stands behind "expiresAt": in an answer. */
static void expiry_of(const struct trial *t, int fd, const char *id,
                      char expiry[static 32])
{
    static const char key[] = "\"expiresAt\":\"";
    struct answer answer;
    const char *at;

    if (get(fd, id, t->org.admin, &answer) != 200)
        fail("no answer about", id);
    at = strstr(answer.text, key);
    if (at == NULL)
        fail("no expiresAt:", answer.text);
    snprintf(expiry, 32, "%.24s", at + strlen(key));
}

/* A use is on the disk within a second, and the token lives longer. */
static void check_uses(struct trial *t)
{
    char before[CONNECTIONS][32];
    char after[32];
    struct answer answer;
    int fd = org_connect(&t->org);

    for (int i = 0; i < CONNECTIONS; i++) {
        expiry_of(t, fd, t->kept[i].id, before[i]);
        if (get(fd, t->kept[i].id, t->kept[i].secret, &answer) != 200)
            fail("a token is refused:", t->kept[i].id);
    }
    close(fd);
    wait_us(RENEWED_US);
    org_kill(&t->org, SIGKILL);
    start_org(t);
    fd = org_connect(&t->org);
    for (int i = 0; i < CONNECTIONS; i++) {
        expiry_of(t, fd, t->kept[i].id, after);
        if (strcmp(after, before[i]) <= 0)
            fail("a use is lost:", t->kept[i].id);
    }
    close(fd);
}

/* ---------------------------------------------------------------- Figures */

static void read_kept(struct trial *t, FILE *file)
{
    for (int i = 0; i < CONNECTIONS; i++)
        if (fscanf(file, "%23s %63s ", t->kept[i].id, t->kept[i].secret) != 2)
            fail("no token is kept", "");
}

/* With room for those that will be made. */
static void read_tokens(struct trial *t, const char *path, int rounds)
{
    FILE *file = fopen(path, "r");
    size_t more = (size_t)rounds * MADE_MAX;
    size_t room = 0;
    char line[128];

    if (file == NULL || fscanf(file, "%63s ", t->org.admin) != 1)
        fail("can't read", path);
    read_kept(t, file);
    while (fgets(line, sizeof(line), file) != NULL) {
        struct token token = { .acknowledged = false };

        if (t->count + more >= room) {
            room = 2 * (t->count + more) + 1024;
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
    printf("rounds %d revoked %zu restricted %zu made %zu used %zu "
           "median %d worst %d\n",
           rounds, t->acknowledged[REVOKE], t->acknowledged[RESTRICT],
           t->made_in_all, t->acknowledged[USE], t->ready_ms[rounds / 2],
           t->ready_ms[rounds - 1]);
}

static void end(struct trial *t, int64_t until)
{
    int fd = org_connect(&t->org);

    check_revoked(t, fd, 0);
    close(fd);
    while (now_us() < until)
        wait_us(10000);
    if (org_kill(&t->org, SIGTERM) != 0)
        fail("the org ended badly", "");
}

int main(int argc, char **argv)
{
    static struct trial t;
    int rounds = argc == 7 ? (int)strtol(argv[4], NULL, 10) : 0;
    int64_t begun = now_us();

    if (rounds < 1 || rounds > ROUNDS_MAX)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    srandom((unsigned)begun);
    t.org = (struct org){ .program = argv[1], .data = argv[2] };
    read_tokens(&t, argv[3], rounds);
    t.acknowledged_file =
        open(argv[5], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    start_org(&t);
    check_uses(&t);
    for (int i = 0; i < rounds; i++)
        one_round(&t, &t.ready_ms[i]);
    end(&t, begun + strtol(argv[6], NULL, 10) * 1000000);
    free(t.tokens);
    report(&t, rounds);
    return 0;
}
