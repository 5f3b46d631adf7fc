/* SPDX-License-Identifier: Apache-2.0 */
/* browser.c - starting xdg-open, or open on a Mac. */
#include "browser.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

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

bool browser_open(const char *org, const char *url)
{
    char opener[] = OPENER;
    AUTO(char) argument = strdup(url);
    char *argv[] = { opener, argument, NULL };
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int error;

    if (argument == NULL || !is_own(org, url) || !has_desktop() ||
        posix_spawn_file_actions_init(&actions) != 0)
        return false;
    /* What it has to say would stand in the midst of ours. */
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    error = posix_spawnp(&pid, opener, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0;
}
