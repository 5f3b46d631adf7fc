/* SPDX-License-Identifier: Apache-2.0 */
/* browser.c - starting xdg-open, or open on a Mac. */
#include "cli/signin/browser.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

extern char **environ;

#ifdef __APPLE__
#define OPENER "open"
#else
#define OPENER "xdg-open"
#endif

/* A host goes on with "." or a letter, a port with a digit: neither may. */
static bool is_own(const char *org, const char *url)
{
    size_t len = strlen(org);

    return strncmp(url, org, len) == 0 &&
           (url[len] == '/' || url[len] == '?' || url[len] == '\0');
}

/* Over a terminal's line alone, an opener would start a browser in text. */
static bool has_desktop(void)
{
#ifdef __APPLE__
    return true;
#else
    return getenv("DISPLAY") != NULL || getenv("WAYLAND_DISPLAY") != NULL;
#endif
}

/* Ctrl-C on our terminal is not for it, and it starts with the signals that we
 * ignore as others do. */
static bool set_apart(posix_spawnattr_t *attributes)
{
    sigset_t standard;

    if (posix_spawnattr_init(attributes) != 0)
        return false;
    sigemptyset(&standard);
    sigaddset(&standard, SIGPIPE);
    posix_spawnattr_setsigdefault(attributes, &standard);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setflags(attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    return true;
}

static bool start(char *const argv[])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid;
    int error;

    if (!set_apart(&attributes))
        return false;
    error = posix_spawn_file_actions_init(&actions);
    if (error == 0) {
        /* What it has to say would stand in the midst of ours. */
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
        error =
            posix_spawnp(&pid, argv[0], &actions, &attributes, argv, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return error == 0;
}

bool browser_open(const char *org, const char *url)
{
    char opener[] = OPENER;
    AUTO(char) argument = strdup(url);
    char *argv[] = { opener, argument, NULL };

    return argument != NULL && is_own(org, url) && has_desktop() && start(argv);
}
