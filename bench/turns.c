/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turns.c - runs commands in turn and prints what each took.
 *
 *     turns TURNS TIMES OUT -- COMMAND... [-- COMMAND...]...
 *     turns TURNS ready -- SERVER...
 *
 * The first runs each command TIMES times a turn, with a new file OUT for its
 * standard output, and prints a line a command: the medians of wall clock and
 * of CPU (user and system), in microseconds a run, and of page faults. Turns
 * begin with another command each time, so that none always comes first.
 *
 * The second starts a server that prints its URL, and prints the median of
 * microseconds until it has and takes a connection. Children have the
 * environment of this process and an empty standard input.
 */
#define _GNU_SOURCE /* pipe2, wait4 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS_MAX = 8, TURNS_MAX = 99, MILLION = 1000000 };

struct cost {
    int64_t wall;
    int64_t cpu;
    int64_t faults;
};

struct command {
    char **argv;
    int64_t wall[TURNS_MAX];
    int64_t cpu[TURNS_MAX];
    int64_t faults[TURNS_MAX];
};

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "turns: %s\n", what);
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MILLION + now.tv_nsec / 1000;
}

static int64_t us_of(struct timeval t)
{
    return (int64_t)t.tv_sec * MILLION + t.tv_usec;
}

static pid_t start(char **argv, int out)
{
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int error;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    error = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        die(strerror(error));
    return pid;
}

/* --------------------------------------------------------------- Commands --
 */

static struct cost run(char **argv, const char *out_path)
{
    struct rusage usage;
    struct cost cost;
    int status;
    int out;

    unlink(out_path);
    out = open(out_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0)
        die(out_path);
    cost.wall = now_us();
    wait4(start(argv, out), &status, 0, &usage);
    cost.wall = now_us() - cost.wall;
    cost.cpu = us_of(usage.ru_utime) + us_of(usage.ru_stime);
    cost.faults = usage.ru_minflt + usage.ru_majflt;
    close(out);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        die(argv[0]);
    return cost;
}

static void turn(struct command *command, int turn_number, int times,
                 const char *out_path)
{
    struct cost sum = { 0 };

    for (int i = 0; i < times; i++) {
        struct cost one = run(command->argv, out_path);

        sum.wall += one.wall;
        sum.cpu += one.cpu;
        sum.faults += one.faults;
    }
    command->wall[turn_number] = sum.wall / times;
    command->cpu[turn_number] = sum.cpu / times;
    command->faults[turn_number] = sum.faults / times;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static long long median(int64_t *values, int count)
{
    qsort(values, (size_t)count, sizeof(values[0]), compare);
    return (long long)values[count / 2];
}

static int read_commands(char **argv, struct command *out)
{
    int count = 0;

    for (; *argv != NULL; argv++) {
        if (strcmp(*argv, "--") != 0)
            continue;
        *argv = NULL;
        if (count == COMMANDS_MAX || argv[1] == NULL)
            die("no command, or too many");
        out[count++].argv = argv + 1;
    }
    return count;
}

static void run_commands(int turns, int times, const char *out_path,
                         char **argv)
{
    static struct command commands[COMMANDS_MAX];
    int count = read_commands(argv, commands);

    for (int i = 0; i < turns; i++)
        for (int c = 0; c < count; c++)
            turn(&commands[(i + c) % count], i, times, out_path);
    for (int c = 0; c < count; c++)
        printf("%lld %lld %lld\n", median(commands[c].wall, turns),
               median(commands[c].cpu, turns),
               median(commands[c].faults, turns));
}

/* ----------------------------------------------------------------- Servers --
 */

static void connect_to(const char *url)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    const char *colon = strrchr(url, ':');
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (colon == NULL || fd < 0)
        die("the server prints no URL");
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        die("the server takes no connection");
    close(fd);
}

static int64_t ready(char **argv)
{
    char url[256];
    int64_t took = now_us();
    int ends[2];
    FILE *out;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        die(strerror(errno));
    pid = start(argv, ends[1]);
    close(ends[1]);
    out = fdopen(ends[0], "r");
    if (out == NULL || fgets(url, sizeof(url), out) == NULL)
        die("the server does not start");
    connect_to(url);
    took = now_us() - took;
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    fclose(out);
    return took;
}

int main(int argc, char **argv)
{
    int64_t took[TURNS_MAX];
    int turns = argc > 4 ? (int)strtol(argv[1], NULL, 10) : 0;

    if (turns < 1 || turns > TURNS_MAX)
        die("usage: turns TURNS TIMES OUT -- COMMAND... | "
            "turns TURNS ready -- SERVER...");
    if (strcmp(argv[2], "ready") != 0) {
        run_commands(turns, (int)strtol(argv[2], NULL, 10), argv[3], argv + 4);
        return 0;
    }
    for (int i = 0; i < turns; i++)
        took[i] = ready(argv + 4);
    printf("%lld\n", median(took, turns));
    return 0;
}
