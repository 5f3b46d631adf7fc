/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disk.c - lets each call to the disk fail in turn, and looks what okta-orgd
 * makes of it.
 *
 *     disk ORGD DATA TOKENS LIBRARY WORK STRIDE
 *
 * LIBRARY: faulty_disk.so, with what must be loaded before it. WORK: a folder.
 * TOKENS: the secret of an administrator, then in each line the id and the
 * secret of a token. STRIDE: fail every so-manieth call only.
 *
 * A round: one call fails, or all from it on, while the org starts, serves or
 * stops. It may answer 503, and nothing else but what is right. Then it ends,
 * by SIGTERM or by kill -9, and mostly power is lost, too: what was not synced
 * is gone. After the next start all that it acknowledged is there and all that
 * it refused is not.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/promises/faulty_disk.h"
#include "tests/promises/org.h"

enum {
    AT_ONCE = 4,       /* revocations that share a commit */
    DOUBTS = 8,        /* changes in a round */
    WELL_MS_MAX = 3000 /* until it writes again */
};

struct token {
    char id[24];
    char secret[ORG_SECRET];
};

enum change { REVOKED, RESTRICTED, OPENED };

/* A change that was asked for, and what came of it. */
struct doubt {
    const struct token *token;
    enum change change;
    bool done; /* acknowledged; else refused */
};

struct trial {
    struct org org;
    const char *work;
    const char *library;
    struct disk_control *control;
    struct token *tokens;
    size_t count;
    size_t next;
    struct token kept; /* is never revoked */
    bool kept_is_restricted;
    struct doubt doubts[DOUBTS];
    size_t doubt_count;
    int rounds;
    int failures;
    int acknowledged;
    int refused;
};

/* ----------------------------------------------------------------- Files -- */

static const char *const lasting[] = { "orgd.db", "orgd.db-wal" };

static void path_of(char path[static ORG_TEXT], const char *folder,
                    const char *name)
{
    snprintf(path, ORG_TEXT, "%s/%s", folder, name);
}

/* to becomes as from is, or is not there either. */
static void copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out;
    char bytes[65536];
    ssize_t n;

    unlink(to);
    if (in < 0)
        return;
    out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    while ((n = read(in, bytes, sizeof(bytes))) > 0)
        if (write(out, bytes, (size_t)n) != n)
            fail("can't write", to);
    close(in);
    close(out);
}

static void copy_lasting(const char *from, const char *to)
{
    char a[ORG_TEXT];
    char b[ORG_TEXT];

    for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
        path_of(a, from, lasting[i]);
        path_of(b, to, lasting[i]);
        copy_file(a, b);
    }
}

static void lose_power(const struct trial *t)
{
    char path[ORG_TEXT];

    copy_lasting(t->work, t->org.data);
    path_of(path, t->org.data, "orgd.db-shm");
    unlink(path);
}

/* What is there now is taken to be on the disk. */
static bool start(struct trial *t)
{
    char path[ORG_TEXT];

    for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
        path_of(path, t->work, lasting[i]);
        strcat(path, "~");
        unlink(path);
    }
    copy_lasting(t->org.data, t->work);
    return org_start(&t->org);
}

static void start_well(struct trial *t)
{
    if (!start(t))
        fail("it does not start again", "");
}

/* ---------------------------------------------------------------- Asking -- */

static void add_doubt(struct trial *t, const struct token *token,
                      enum change change)
{
    if (t->doubt_count == DOUBTS)
        fail("too many changes", "");
    t->doubts[t->doubt_count++] =
        (struct doubt){ .token = token, .change = change };
}

static void settle(struct trial *t, struct doubt *doubt, int status)
{
    int good = doubt->change == REVOKED ? 204 : 200;
    char text[16];

    snprintf(text, sizeof(text), "%d", status);
    if (status != good && status != 503)
        fail("neither done nor refused:", text);
    doubt->done = status == good;
    t->acknowledged += doubt->done;
    t->refused += !doubt->done;
}

static const struct token *next_token(struct trial *t)
{
    if (t->next == t->count)
        fail("out of tokens", "");
    return &t->tokens[t->next++];
}

static void send_revocation(const struct trial *t, int fd,
                            const struct token *token, bool own)
{
    char path[64];
    struct ask ask = { "DELETE", path, own ? token->secret : t->org.admin,
                       NULL };

    snprintf(path, sizeof(path), "/api-tokens/%s", own ? "current" : token->id);
    org_send(fd, &ask);
}

static void revoke_at_once(struct trial *t)
{
    struct answer answer;
    int fd[AT_ONCE];
    size_t first = t->doubt_count;

    for (int i = 0; i < AT_ONCE; i++) {
        const struct token *token = next_token(t);

        add_doubt(t, token, REVOKED);
        fd[i] = org_connect(&t->org);
        send_revocation(t, fd[i], token, i == 0);
    }
    for (int i = 0; i < AT_ONCE; i++) {
        settle(t, &t->doubts[first + (size_t)i], org_answer(fd[i], &answer));
        close(fd[i]);
    }
}

static int restrict_kept(const struct trial *t, int fd, bool restricted)
{
    char path[64];
    struct ask ask = { "PUT", path, t->org.admin, org_network(restricted) };
    struct answer answer;

    snprintf(path, sizeof(path), "/api-tokens/%s", t->kept.id);
    return org_ask(fd, &ask, &answer);
}

static int get(int fd, const char *secret, const char *id,
               struct answer *answer)
{
    char path[64];
    struct ask ask = { "GET", path, secret, NULL };

    snprintf(path, sizeof(path), "/api-tokens%s", id);
    return org_ask(fd, &ask, answer);
}

static void read_some(const struct trial *t, int fd)
{
    struct answer answer;
    char id[32];
    int one;
    int list;

    snprintf(id, sizeof(id), "/%s", t->kept.id);
    one = get(fd, t->kept.secret, id, &answer);
    list = get(fd, t->org.admin, "?limit=2", &answer);
    if ((one != 200 && one != 503) || (list != 200 && list != 503))
        fail("a read is neither answered nor refused:", answer.text);
}

static void ask_all(struct trial *t)
{
    int fd = org_connect(&t->org);
    bool other = !t->kept_is_restricted;

    revoke_at_once(t);
    add_doubt(t, &t->kept, other ? RESTRICTED : OPENED);
    settle(t, &t->doubts[t->doubt_count - 1], restrict_kept(t, fd, other));
    if (t->doubts[t->doubt_count - 1].done)
        t->kept_is_restricted = other;
    read_some(t, fd);
    close(fd);
}

/* The disk is well again: so must be the org, soon and by itself. */
static void wait_until_well(struct trial *t)
{
    int64_t until = now_us() + WELL_MS_MAX * 1000;
    struct timespec step = { .tv_nsec = 10000000 };
    int fd = org_connect(&t->org);
    int status;

    while ((status = restrict_kept(t, fd, t->kept_is_restricted)) != 200) {
        if (status != 503 || now_us() > until)
            fail("it does not write again", "");
        nanosleep(&step, NULL);
    }
    close(fd);
}

/* --------------------------------------------------------------- Checking --
 */

static void check_doubt(const struct trial *t, int fd, const struct doubt *d)
{
    bool gone = d->change == REVOKED && d->done;
    struct answer answer;
    char id[32];
    int status;

    snprintf(id, sizeof(id), "/%s", d->token->id);
    status = get(fd, t->org.admin, id, &answer);
    if (gone ? status != 404 : status != 200)
        fail(gone ? "acknowledged, and there again:"
                  : "refused, and gone all the same:",
             d->token->id);
    if (d->change != REVOKED &&
        (strstr(answer.text, ORG_ZONE) != NULL) != t->kept_is_restricted)
        fail("a restriction is not as it was acknowledged:", answer.text);
    if (gone && get(fd, d->token->secret, id, &answer) != 401)
        fail("revoked, and still good:", d->token->id);
}

static void check(const struct trial *t)
{
    int fd = org_connect(&t->org);

    for (size_t i = 0; i < t->doubt_count; i++)
        check_doubt(t, fd, &t->doubts[i]);
    close(fd);
}

/* ---------------------------------------------------------------- A round --
 */

/* One way to fail. */
struct failing {
    enum disk_call call;
    int error;
    bool stays;
};

static void arm(struct trial *t, const struct failing *how, int left)
{
    atomic_store(&t->control->call, how->call);
    atomic_store(&t->control->error, how->error);
    atomic_store(&t->control->stays, how->stays);
    atomic_store(&t->control->failed, 0);
    atomic_store(&t->control->left, left);
}

static void disarm(struct trial *t)
{
    atomic_store(&t->control->left, -1);
}

static void end_by_term(struct trial *t)
{
    int status = org_kill(&t->org, SIGTERM);
    char text[64];

    snprintf(text, sizeof(text), "exit code %d, signal %d",
             WIFEXITED(status) ? WEXITSTATUS(status) : 0,
             WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    if (status != 0)
        fail("it does not end well:", text);
}

/* In turn: killed; power lost; stopped, and power lost. */
static void end(struct trial *t)
{
    if (t->rounds % 3 == 2)
        end_by_term(t);
    else
        org_kill(&t->org, SIGKILL);
    if (t->rounds % 3 != 0)
        lose_power(t);
}

static void while_it_serves(struct trial *t, const struct failing *how,
                            int left)
{
    arm(t, how, left);
    ask_all(t);
    disarm(t);
    if (how->stays)
        wait_until_well(t);
    check(t);
    end(t);
    start_well(t);
}

static void while_it_stops(struct trial *t, const struct failing *how, int left)
{
    ask_all(t);
    arm(t, how, left);
    end_by_term(t);
    disarm(t);
    lose_power(t);
    start_well(t);
}

/* It serves, as well as it can, or says why not. */
static void while_it_starts(struct trial *t, const struct failing *how,
                            int left)
{
    int status;

    arm(t, how, left);
    if (start(t)) {
        ask_all(t);
        disarm(t);
        org_kill(&t->org, SIGKILL);
    } else {
        disarm(t);
        if (waitpid(t->org.pid, &status, 0) != t->org.pid ||
            !WIFEXITED(status) || WEXITSTATUS(status) != 1)
            fail("it does not say that it can't start", "");
    }
    lose_power(t);
    start_well(t);
}

static void while_it_starts_anew(struct trial *t, const struct failing *how,
                                 int left)
{
    end_by_term(t);
    while_it_starts(t, how, left);
}

static void while_it_recovers(struct trial *t, const struct failing *how,
                              int left)
{
    org_kill(&t->org, SIGKILL);
    while_it_starts(t, how, left);
}

static void round_of(struct trial *t, const struct failing *how, int left,
                     void (*when)(struct trial *t, const struct failing *how,
                                  int left))
{
    t->doubt_count = 0;
    when(t, how, left);
    check(t);
    org_check_database(&t->org);
    t->rounds++;
    t->failures += atomic_load(&t->control->failed);
}

static void each_call(struct trial *t, const struct failing *how, int stride)
{
    static void (*const phases[])(struct trial *t, const struct failing *how,
                                  int left) = {
        while_it_serves, while_it_stops, while_it_starts_anew, while_it_recovers
    };

    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
        int left = t->rounds % stride;

        do {
            round_of(t, how, left, phases[i]);
            left += stride;
        } while (atomic_load(&t->control->failed) > 0);
    }
}

/* --------------------------------------------------------------- The whole --
 */

static void read_tokens(struct trial *t, const char *path)
{
    FILE *file = fopen(path, "r");
    size_t room = 0;
    struct token token;

    if (file == NULL || fscanf(file, "%63s %23s %63s", t->org.admin, t->kept.id,
                               t->kept.secret) != 3)
        fail("can't read", path);
    while (fscanf(file, "%23s %63s", token.id, token.secret) == 2) {
        if (t->count == room) {
            room = room == 0 ? 1024 : 2 * room;
            t->tokens = realloc(t->tokens, room * sizeof(*t->tokens));
            if (t->tokens == NULL)
                fail("out of memory", "");
        }
        t->tokens[t->count++] = token;
    }
    fclose(file);
}

static void share_control(struct trial *t)
{
    char path[ORG_TEXT];
    int fd;

    path_of(path, t->work, "control");
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof(*t->control)) != 0)
        fail("can't make", path);
    t->control = mmap(NULL, sizeof(*t->control), PROT_READ | PROT_WRITE,
                      MAP_SHARED, fd, 0);
    if (t->control == MAP_FAILED)
        fail("can't map", path);
    close(fd);
    disarm(t);
    setenv("DISK_CONTROL", path, 1);
    setenv("DISK_FOLDER", t->org.data, 1);
    setenv("DISK_SHADOW", t->work, 1);
}

int main(int argc, char **argv)
{
    static const struct failing ways[] = {
        { DISK_WRITE, EIO, false },        { DISK_WRITE, ENOSPC, true },
        { DISK_WRITE, DISK_SHORT, false }, { DISK_WRITE, DISK_SHORT, true },
        { DISK_SYNC, EIO, false },         { DISK_SYNC, EIO, true },
        { DISK_SYNC, ENOSPC, false },      { DISK_READ, EIO, false },
        { DISK_READ, EIO, true },          { DISK_OPEN, EMFILE, false },
        { DISK_OPEN, EIO, true },          { DISK_TRUNCATE, EIO, false },
        { DISK_TRUNCATE, EIO, true },      { DISK_MAP, ENOMEM, false },
        { DISK_MAP, ENOMEM, true },        { DISK_UNLINK, EIO, false },
    };
    static struct trial t;
    int stride = argc == 7 ? (int)strtol(argv[6], NULL, 10) : 0;

    if (stride < 1)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    t.org =
        (struct org){ .program = argv[1], .data = argv[2], .preload = argv[4] };
    t.work = argv[5];
    read_tokens(&t, argv[3]);
    share_control(&t);
    start_well(&t);
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        each_call(&t, &ways[i], stride);
    end_by_term(&t);
    if (t.failures == 0 || t.refused == 0)
        fail("nothing has failed", "");
    printf("rounds %d, calls that failed %d, acknowledged %d, refused %d\n",
           t.rounds, t.failures, t.acknowledged, t.refused);
    free(t.tokens);
    return 0;
}
