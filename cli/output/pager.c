/* SPDX-License-Identifier: Apache-2.0 */
/* pager.c - starting a pager, and waiting for its end. */
#include "cli/output/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/state/wipe_env.h"

enum { WORDS_MAX = 64, NOT_RUN = 126 }; /* sh: 126 or 127 */

/* ---------------------------------------------------------- Which one -- */

static const char *pager_command(void)
{
    const char *own = getenv("OKTA_TOKENS_PAGER");
    const char *common = getenv("PAGER");

    if (own == NULL)
        own = common != NULL ? common : "less";
    own += strspn(own, " \t");
    return *own == '\0' || strcmp(own, "cat") == 0 ? NULL : own;
}

static bool is_wanted(void)
{
    const char *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

/* The words of command, which is cut up for it; false: too many. */
static bool split(char *command, char *argv[WORDS_MAX])
{
    size_t count = 0;

    while (*command != '\0') {
        size_t len = strcspn(command, " \t\n");

        if (len > 0 && count + 1 == WORDS_MAX)
            return false;
        if (len > 0)
            argv[count++] = command;
        command += len;
        if (*command != '\0')
            *command++ = '\0';
    }
    argv[count] = NULL;
    return count > 0;
}

/* Its arguments; by a shell where it holds what means something to one. */
static bool make_argv(char *command, char *argv[WORDS_MAX])
{
    static char shell[] = "sh";
    static char option[] = "-c";

    if (command[strcspn(command, "|&;<>()$`\\\"'*?[#~=%")] == '\0')
        return split(command, argv);
    argv[0] = shell;
    argv[1] = option;
    argv[2] = command;
    argv[3] = NULL;
    return true;
}

/* ------------------------------------------------------------ Starting -- */

/* Its standard input is fd. False: it can't be run. */
static bool spawn_pager(struct pager *pager, char *const argv[],
                        char *const env[], int fd)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t standard;
    int error;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return false;
    }
    sigemptyset(&standard);
    sigaddset(&standard, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &standard);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    error = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
    if (error == 0)
        error = posix_spawnp(&pager->pid, argv[0], &actions, &attributes, argv,
                             env);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        pager->pid = 0;
    return error == 0;
}

static int keep(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

static void redirect(struct pager *pager, int fd)
{
    pager->out = keep(STDOUT_FILENO);
    pager->err = isatty(STDERR_FILENO) ? keep(STDERR_FILENO) : -1;
    fflush(stdout);
    dup2(fd, STDOUT_FILENO);
    if (pager->err >= 0)
        dup2(fd, STDERR_FILENO);
}

void pager_start(struct pager *pager)
{
    const char *text = pager_command();
    AUTO(char) command = NULL;
    char *argv[WORDS_MAX];
    char **env;
    int fds[2];

    if (pager->pid != 0 || text == NULL || !is_wanted())
        return;
    command = strdup(text);
    if (command == NULL || !make_argv(command, argv) || pipe(fds) != 0)
        return;
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    env = env_without_secrets(getenv("LESS") == NULL ? "LESS=FRX" : NULL);
    if (env != NULL && spawn_pager(pager, argv, env, fds[0]))
        redirect(pager, fds[1]);
    free(env);
    close(fds[0]);
    close(fds[1]);
}

/* -------------------------------------------------------------- Ending -- */

static void restore(int kept, int fd)
{
    if (kept < 0)
        return;
    dup2(kept, fd);
    close(kept);
}

/* Ctrl-C is for the pager as long as a person reads in it: this process must
 * not end first, since two would then read from one terminal. */
static int wait_for(pid_t pid)
{
    static const int signals[] = { SIGINT, SIGQUIT };
    const struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct sigaction before[ARRAY_LEN(signals)];
    int status = 0;

    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        sigaction(signals[i], &ignore, &before[i]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    for (size_t i = 0; i < ARRAY_LEN(signals); i++)
        sigaction(signals[i], &before[i], NULL);
    return status;
}

enum pager_end pager_end(struct pager *pager)
{
    int status;

    if (pager->pid == 0)
        return PAGER_NONE;
    fflush(stdout);
    restore(pager->out, STDOUT_FILENO);
    restore(pager->err, STDERR_FILENO);
    clearerr(stdout);
    status = wait_for(pager->pid);
    pager->pid = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) >= NOT_RUN
               ? PAGER_FAILED
               : PAGER_DONE;
}
