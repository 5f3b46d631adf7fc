/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pty.c - runs a command on a terminal of its own and types into it.
 *
 *     pty [-0 FILE] [-1 FILE] [-2 FILE] [EXPECT TYPE]... -- COMMAND [ARG...]
 *
 * Waits until the terminal shows EXPECT, then types TYPE and Enter; "^C" and
 * "^D" are those keys. What the terminal showed goes to standard output. -N
 * FILE: that stream is the file instead of the terminal. Exits as the command
 * did, 128 + n for a signal, which is told on standard error; 99 if what is
 * expected does not come in a minute.
 */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SHOWN_MAX = 1024 * 1024, TIMEOUT_S = 60, GAVE_UP = 99 };

struct pty {
    int fd;
    pid_t child;
    const char *files[3];
    char **steps; /* EXPECT, TYPE, EXPECT, ... */
    size_t step_count;
    char shown[SHOWN_MAX];
    size_t len;
    size_t seen; /* of shown: matched already */
};

static void die(const char *what)
{
    perror(what);
    exit(GAVE_UP);
}

static void open_as(int fd, const char *path)
{
    int flags = fd == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC;
    int opened = open(path, flags, 0600);

    if (opened < 0 || dup2(opened, fd) < 0)
        die(path);
    close(opened);
}

static void become(const struct pty *pty, const char *name, char **command)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
    int slave;

    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        signal(signals[i], SIG_DFL); /* nohup and "&" have them ignored */
    setsid();
    slave = open(name, O_RDWR);
    if (slave < 0)
        die(name);
    for (int fd = 0; fd < 3; fd++)
        dup2(slave, fd);
    close(slave);
    for (int fd = 0; fd < 3; fd++)
        if (pty->files[fd] != NULL)
            open_as(fd, pty->files[fd]);
    execvp(command[0], command);
    die(command[0]);
}

static void start(struct pty *pty, char **command)
{
    const char *name;

    pty->fd = posix_openpt(O_RDWR | O_NOCTTY);
    if (pty->fd < 0 || grantpt(pty->fd) != 0 || unlockpt(pty->fd) != 0)
        die("posix_openpt");
    fcntl(pty->fd, F_SETFD, FD_CLOEXEC);
    name = ptsname(pty->fd);
    pty->child = fork();
    if (pty->child < 0)
        die("fork");
    if (pty->child == 0)
        become(pty, name, command);
}

/* 0: the terminal is gone. */
static ssize_t read_shown(struct pty *pty, int timeout_ms)
{
    struct pollfd wait = { .fd = pty->fd, .events = POLLIN };
    ssize_t n;

    if (poll(&wait, 1, timeout_ms) <= 0)
        return -1;
    if (pty->len + 1 >= SHOWN_MAX)
        return 0;
    n = read(pty->fd, pty->shown + pty->len, SHOWN_MAX - 1 - pty->len);
    if (n <= 0)
        return 0;
    fwrite(pty->shown + pty->len, 1, (size_t)n, stdout);
    pty->len += (size_t)n;
    pty->shown[pty->len] = '\0';
    return n;
}

static void type(const struct pty *pty, const char *text)
{
    char key = '\n';

    if (text[0] == '^')
        key = (char)(text[1] & 0x1F);
    else if (write(pty->fd, text, strlen(text)) < 0)
        die("write");
    if (write(pty->fd, &key, 1) < 0)
        die("write");
}

static void give_up(const struct pty *pty, const char *expected)
{
    fflush(stdout);
    fprintf(stderr, "pty: it did not show: %s\n", expected);
    kill(pty->child, SIGKILL);
    exit(GAVE_UP);
}

static void play(struct pty *pty)
{
    time_t end = time(NULL) + TIMEOUT_S;

    for (size_t i = 0; i + 1 < pty->step_count; i += 2) {
        char *at;

        while ((at = strstr(pty->shown + pty->seen, pty->steps[i])) == NULL) {
            if (read_shown(pty, 1000) == 0 || time(NULL) > end)
                give_up(pty, pty->steps[i]);
        }
        pty->seen = (size_t)(at - pty->shown) + strlen(pty->steps[i]);
        type(pty, pty->steps[i + 1]);
    }
}

/* Until the command has ended and all it showed is read. */
static int finish(struct pty *pty)
{
    time_t end = time(NULL) + TIMEOUT_S;
    int status;

    while (read_shown(pty, 1000) != 0)
        if (time(NULL) > end)
            give_up(pty, "its end");
    if (waitpid(pty->child, &status, 0) < 0)
        die("waitpid");
    if (!WIFSIGNALED(status))
        return WEXITSTATUS(status);
    fprintf(stderr, "pty: died of signal %d\n", WTERMSIG(status));
    return 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
    static struct pty pty;
    int i = 1;

    setvbuf(stdout, NULL, _IONBF, 0); /* somebody may be watching */
    while (i + 1 < argc && argv[i][0] == '-' && argv[i][1] >= '0' &&
           argv[i][1] <= '2') {
        pty.files[argv[i][1] - '0'] = argv[i + 1];
        i += 2;
    }
    pty.steps = argv + i;
    while (i < argc && strcmp(argv[i], "--") != 0) {
        i++;
        pty.step_count++;
    }
    if (i + 1 >= argc)
        return GAVE_UP;
    start(&pty, argv + i + 1);
    play(&pty);
    return finish(&pty);
}
