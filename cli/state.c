/* SPDX-License-Identifier: Apache-2.0 */
/* state.c - files in a folder that nobody else can look into. */
#include "state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"
#include "mem.h"

enum { PATH_LEN_MAX = 4096, NAME_LEN_MAX = 255 };

#define FOLDER "okta-tokens"

static int fail_system(const struct state *state, const char *name,
                       const char *what)
{
    int error = errno;
    int code = error == EINTR ? fail_if_interrupted(state->args) : EXIT_OK;

    if (code != EXIT_OK)
        return code;
    return fail(state->args, EXIT_USAGE, NULL, "%s%s%s: %s: %s", state->path,
                name != NULL ? "/" : "", name != NULL ? name : "", what,
                strerror(error));
}

/* ------------------------------------------------------------ The folder -- */

/* A relative path would be another one in each folder. */
static const char *absolute(const char *variable)
{
    const char *value = getenv(variable);

    return value != NULL && value[0] == '/' ? value : NULL;
}

static char *find_path(void)
{
    OKT_BUF_AUTO path = OKT_BUF_INIT(PATH_LEN_MAX);
    const char *state = absolute("XDG_STATE_HOME");
    const char *home = absolute("HOME");

    if (state == NULL && home == NULL) {
        const struct passwd *user = getpwuid(geteuid());

        home = user != NULL && user->pw_dir[0] == '/' ? user->pw_dir : "/";
    }
    okt_buf_str(&path, state != NULL ? state : home);
    okt_buf_str(&path, state != NULL ? "/" FOLDER : "/.local/state/" FOLDER);
    return okt_buf_take(&path);
}

/* The folder and those above it that lack. */
static int make_folders(const struct state *state)
{
    for (char *p = strchr(state->path + 1, '/');; p = strchr(p + 1, '/')) {
        bool made;

        if (p != NULL)
            *p = '\0';
        made = mkdir(state->path, 0700) == 0 || errno == EEXIST;
        if (p != NULL)
            *p = '/';
        if (!made)
            return fail_system(state, NULL, "can't be made");
        if (p == NULL)
            return EXIT_OK;
    }
}

static int check_own(const struct state *state, const char *name,
                     const struct stat *st, const char *chmod)
{
    const char *slash = name[0] != '\0' ? "/" : "";

    if (st->st_uid != geteuid())
        return fail(state->args, EXIT_USAGE, NULL,
                    "%s%s%s: it belongs to somebody else", state->path, slash,
                    name);
    if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return fail(state->args, EXIT_USAGE, chmod,
                    "%s%s%s: others may read or write it", state->path, slash,
                    name);
    return EXIT_OK;
}

static int open_folder(struct state *state)
{
    struct stat st;

    state->fd =
        open(state->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (state->fd < 0 && errno == ENOENT)
        return EXIT_OK;
    if (state->fd < 0 || fstat(state->fd, &st) != 0)
        return fail_system(state, NULL, "can't be opened");
    return check_own(state, "", &st, "chmod 700 it");
}

int state_open(const struct args *args, bool make, struct state *out)
{
    int code = EXIT_OK;

    *out = (struct state){ .args = args, .fd = -1, .path = find_path() };
    if (out->path == NULL)
        return fail_memory(args);
    if (make)
        code = make_folders(out);
    return code == EXIT_OK ? open_folder(out) : code;
}

void state_close(struct state *state)
{
    if (state->fd >= 0)
        close(state->fd);
    free(state->path);
    *state = (struct state){ .fd = -1 };
}

/* ------------------------------------------------------------- The files -- */

static int read_all(const struct state *state, const char *name, int fd,
                    struct okt_buf *out)
{
    char part[4096];
    ssize_t n;

    do {
        n = read(fd, part, sizeof(part));
        if (n > 0)
            okt_buf_append(out, part, (size_t)n);
    } while (n > 0);
    okt_wipe(part, sizeof(part));
    if (n < 0)
        return fail_system(state, name, "can't be read");
    if (out->state == OKT_BUF_NO_MEMORY)
        return fail_memory(state->args);
    if (okt_buf_failed(out))
        return fail(state->args, EXIT_USAGE, NULL, "%s/%s: it is too large",
                    state->path, name);
    return EXIT_OK;
}

static int read_checked(const struct state *state, const char *name, int fd,
                        struct okt_buf *out)
{
    struct stat st;
    int code;

    if (fstat(fd, &st) != 0)
        return fail_system(state, name, "can't be read");
    if (!S_ISREG(st.st_mode))
        return fail(state->args, EXIT_USAGE, NULL, "%s/%s: it is no file",
                    state->path, name);
    code = check_own(state, name, &st, "chmod 600 it");
    return code == EXIT_OK ? read_all(state, name, fd, out) : code;
}

int state_read(const struct state *state, const char *name, struct okt_buf *out,
               bool *found)
{
    int fd = -1;
    int code;

    *found = false;
    if (state->fd >= 0)
        fd = openat(state->fd, name,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (state->fd < 0 || (fd < 0 && errno == ENOENT))
        return EXIT_OK;
    if (fd < 0)
        return fail_system(state, name, "can't be opened");
    code = read_checked(state, name, fd, out);
    close(fd);
    *found = code == EXIT_OK;
    return code;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            text += n;
            len -= (size_t)n;
        }
    }
    return fsync(fd) == 0;
}

/* What an earlier run was killed over may still be there. */
static bool write_new(int dir, const char *name, const char *text, size_t len)
{
    bool written;
    int fd;

    unlinkat(dir, name, 0);
    fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                0600);
    if (fd < 0)
        return false;
    written = write_all(fd, text, len);
    return close(fd) == 0 && written;
}

int state_write(const struct state *state, const char *name, const char *text,
                size_t len)
{
    char new_name[NAME_LEN_MAX + 1];
    int code = EXIT_OK;

    snprintf(new_name, sizeof(new_name), ".%s.new", name);
    if (!write_new(state->fd, new_name, text, len) ||
        renameat(state->fd, new_name, state->fd, name) != 0 ||
        fsync(state->fd) != 0)
        code = fail_system(state, name, "can't be written");
    if (code != EXIT_OK)
        unlinkat(state->fd, new_name, 0);
    return code;
}

int state_remove(const struct state *state, const char *name, bool *removed)
{
    *removed = false;
    if (state->fd < 0)
        return EXIT_OK;
    if (unlinkat(state->fd, name, 0) == 0) {
        *removed = true;
        return fsync(state->fd) == 0
                   ? EXIT_OK
                   : fail_system(state, name, "can't be removed for good");
    }
    return errno == ENOENT ? EXIT_OK
                           : fail_system(state, name, "can't be removed");
}

int state_lock(const struct state *state, const char *name, int *fd)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    char lock_name[NAME_LEN_MAX + 1];
    int code;

    snprintf(lock_name, sizeof(lock_name), ".%s.lock", name);
    *fd = openat(state->fd, lock_name,
                 O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (*fd >= 0 && fcntl(*fd, F_SETLKW, &lock) == 0)
        return EXIT_OK;
    code = fail_system(state, lock_name, "can't be locked");
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return code;
}

int state_each(const struct state *state, state_name_fn *visit, void *ctx)
{
    const struct dirent *entry;
    int fd = state->fd >= 0 ? dup(state->fd) : -1;
    DIR *dir;

    if (state->fd < 0)
        return EXIT_OK;
    dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (dir == NULL) {
        if (fd >= 0)
            close(fd);
        return fail_system(state, NULL, "can't be listed");
    }
    rewinddir(dir); /* a copy of a descriptor shares its place */
    while ((entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            visit(entry->d_name, ctx);
    closedir(dir);
    return EXIT_OK;
}
