/* SPDX-License-Identifier: Apache-2.0 */
/* state_dir.c - files in a folder that nobody else can look into. */
#include "cli/state/state_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/term/fail.h"
#include "sys/clock.h"

enum {
    PATH_LEN_MAX = 4096,
    NAME_LEN_MAX = STATE_NAME_SIZE - 1,
    TRIES_MAX = 1000,
    TIMEOUT_S = 30, /* for a lock, without --timeout */
    TELL_MS = 1000, /* after so long a wait is told */
    LOOK_MS = 20,
    STALE_S = 24 * 3600 /* no run keeps room for longer */
};

#define FOLDER "okta-tokens"
#define ROOM "room"

#define ID "id"

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

/* NULL: errno, or there is no folder. */
static DIR *open_list(const struct state *state)
{
    int fd = state->fd >= 0 ? dup(state->fd) : -1;
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

    if (dir == NULL && fd >= 0)
        close(fd);
    if (dir != NULL)
        rewinddir(dir); /* a copy of a descriptor shares its place */
    return dir;
}

/* ------------------------------------------------------------- The files -- */

/* Appends the rest of a file. False: errno. */
static bool read_some(int fd, struct okt_buf *out)
{
    char part[4096];
    ssize_t n;

    do {
        n = read(fd, part, sizeof(part));
        if (n > 0)
            okt_buf_append(out, part, (size_t)n);
    } while (n > 0);
    okt_wipe(part, sizeof(part));
    return n == 0;
}

static int read_all(const struct state *state, const char *name, int fd,
                    struct okt_buf *out)
{
    if (!read_some(fd, out))
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

int64_t state_read_any(const struct state *state, const char *name,
                       struct okt_buf *out)
{
    struct stat st = { .st_size = 0 };
    int fd = -1;

    if (state->fd >= 0)
        fd = openat(state->fd, name,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return 0;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        read_some(fd, out);
    close(fd);
    return st.st_mtime;
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
    return true;
}

/* ".NAME.0123456789abcdef.new", which no other process makes. False: errno. */
static bool make_temporary(const struct state *state, const char *name,
                           struct state_room *out)
{
    for (unsigned i = 0; i < TRIES_MAX; i++) {
        snprintf(out->name, sizeof(out->name), ".%s.%08x%08x.new", name,
                 (unsigned)okt_clock_us() + i, (unsigned)getpid());
        out->fd =
            openat(state->fd, out->name,
                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (out->fd >= 0 || errno != EEXIST)
            break;
    }
    return out->fd >= 0;
}

int state_reserve(const struct state *state, size_t size,
                  struct state_room *out)
{
    static const char zeros[4096];
    bool done;
    int code;

    state_sweep(state, ROOM, STALE_S);
    *out = (struct state_room){ .fd = -1 };
    out->folder = dup(state->fd);
    done = out->folder >= 0 && make_temporary(state, ROOM, out);
    for (size_t n = 0; done && n < size; n += sizeof(zeros))
        done = write_all(out->fd, zeros, sizeof(zeros));
    if (done && fsync(out->fd) == 0)
        return EXIT_OK;
    code = fail_system(state, NULL, "there is no room to write");
    state_release(out);
    return code;
}

void state_release(struct state_room *room)
{
    if (room->fd >= 0) {
        unlinkat(room->folder, room->name, 0);
        close(room->fd);
    }
    if (room->folder >= 0)
        close(room->folder);
    *room = (struct state_room){ .fd = -1, .folder = -1 };
}

/* Gives a reserved file the name of a temporary one for name, under which
 * state_sweep finds it should this process die. */
static bool adopt_room(const struct state *state, const char *name,
                       struct state_room *room)
{
    struct state_room own = { .fd = -1 };
    bool done = make_temporary(state, name, &own);

    if (!done)
        return false;
    close(own.fd);
    done = renameat(room->folder, room->name, state->fd, own.name) == 0;
    if (done)
        memcpy(room->name, own.name, sizeof(own.name));
    else
        unlinkat(state->fd, own.name, 0);
    return done;
}

static bool replace(const struct state *state, const char *name,
                    struct state_room *room, const char *text, size_t len)
{
    bool done =
        lseek(room->fd, 0, SEEK_SET) == 0 && write_all(room->fd, text, len) &&
        ftruncate(room->fd, (off_t)len) == 0 && fsync(room->fd) == 0;

    done = done && renameat(state->fd, room->name, state->fd, name) == 0 &&
           fsync(state->fd) == 0;
    if (!done)
        return false;
    close(room->fd);
    room->fd = -1;
    return true;
}

int state_write(const struct state *state, const char *name, const char *text,
                size_t len, struct state_room *room)
{
    struct state_room own = { .fd = -1, .folder = dup(state->fd) };
    bool reserved = room != NULL && room->fd >= 0;
    struct state_room *file = reserved ? room : &own;
    int code = EXIT_OK;
    bool done;

    state_sweep(state, name, 0);
    done = own.folder >= 0 && (reserved ? adopt_room(state, name, room)
                                        : make_temporary(state, name, &own));
    if (!done || !replace(state, name, file, text, len))
        code = fail_system(state, name, "can't be written");
    state_release(&own);
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

/* Whether the lock was taken; where errno is EAGAIN another has it. */
static bool try_lock(int fd)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

    if (fcntl(fd, F_SETLK, &lock) == 0)
        return true;
    if (errno == EACCES)
        errno = EAGAIN;
    return false;
}

static int wait_for_lock(const struct state *state, const char *name, int fd)
{
    long timeout_s = args_number(state->args, OPT_TIMEOUT, TIMEOUT_S);
    int64_t start = okt_clock_ms();
    bool told = false;

    while (!try_lock(fd)) {
        const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
        int64_t waited = okt_clock_ms() - start;
        int code = errno != EAGAIN && errno != EINTR
                       ? fail_system(state, name, "can't be locked")
                       : fail_if_interrupted(state->args);

        if (code != EXIT_OK)
            return code;
        if (waited >= timeout_s * 1000)
            return fail(state->args, EXIT_INTERNAL,
                        "wait until it has ended, or give a longer --timeout",
                        "%s/%s: another okta-tokens has held this lock for "
                        "%ld s",
                        state->path, name, timeout_s);
        if (waited >= TELL_MS && !told) {
            note(state->args, "note",
                 "waiting until another okta-tokens gives the lock %s back",
                 name);
            told = true;
        }
        nanosleep(&pause, NULL);
    }
    return EXIT_OK;
}

int state_lock(const struct state *state, const char *name, int *fd)
{
    char lock_name[NAME_LEN_MAX + 1];
    int code;

    snprintf(lock_name, sizeof(lock_name), ".%s.lock", name);
    *fd = openat(state->fd, lock_name,
                 O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    code = *fd >= 0 ? wait_for_lock(state, lock_name, *fd)
                    : fail_system(state, lock_name, "can't be locked");
    if (code == EXIT_OK)
        return EXIT_OK;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return code;
}

/* -------------------------------------------------------- Temporary files --
 */

/* Whether file is a temporary one for name (NULL: any), of this version
 * (16 digits) or an earlier one (none). */
static bool is_temporary(const char *file, const char *name)
{
    size_t len = strlen(file);
    size_t stem = name != NULL ? strlen(name) : 0;

    if (file[0] != '.' || len < 5 || strcmp(file + len - 4, ".new") != 0)
        return false;
    if (name == NULL)
        return true;
    return strncmp(file + 1, name, stem) == 0 && file[1 + stem] == '.' &&
           (len == 1 + stem + 4 ||
            (len == 1 + stem + 1 + 16 + 4 &&
             strspn(file + 2 + stem, "0123456789abcdef") == 16));
}

void state_sweep(const struct state *state, const char *name, long age_s)
{
    const struct dirent *entry;
    DIR *dir = open_list(state);

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        struct stat st;

        if (is_temporary(entry->d_name, name) &&
            fstatat(state->fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            (age_s == 0 || okt_clock_now() - st.st_mtime >= age_s))
            unlinkat(state->fd, entry->d_name, 0);
    }
    if (dir != NULL)
        closedir(dir);
}

int state_each(const struct state *state, state_name_fn *visit, void *ctx)
{
    const struct dirent *entry;
    DIR *dir = open_list(state);

    if (dir == NULL)
        return state->fd < 0 ? EXIT_OK
                             : fail_system(state, NULL, "can't be listed");
    while ((entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            visit(entry->d_name, ctx);
    closedir(dir);
    return EXIT_OK;
}

/* ------------------------------------------------------- The folder's name --
 */

static bool is_id(const struct okt_buf *text)
{
    return text->len == STATE_ID_LEN + 1 &&
           strspn(text->data, "0123456789abcdef") == STATE_ID_LEN;
}

static bool random_id(char out[static STATE_ID_SIZE])
{
    unsigned char bytes[STATE_ID_LEN / 2];
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && read(fd, bytes, sizeof(bytes)) == sizeof(bytes);

    if (fd >= 0)
        close(fd);
    for (size_t i = 0; done && i < sizeof(bytes); i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return done;
}

static int make_id(const struct state *state, char out[static STATE_ID_SIZE])
{
    char line[STATE_ID_SIZE + 1];

    if (!random_id(out))
        return fail_system(state, ID, "no random number to be had");
    snprintf(line, sizeof(line), "%s\n", out);
    return state_write(state, ID, line, strlen(line), NULL);
}

/* Reads it: "" if there is none. */
static int read_id(const struct state *state, char out[static STATE_ID_SIZE])
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(STATE_ID_SIZE);
    bool found;
    int code = state_read(state, ID, &text, &found);

    out[0] = '\0';
    if (code == EXIT_OK && is_id(&text))
        snprintf(out, STATE_ID_SIZE, "%.*s", STATE_ID_LEN, text.data);
    return code;
}

int state_id(const struct state *state, bool make,
             char out[static STATE_ID_SIZE])
{
    int lock = -1;
    int code = read_id(state, out);

    if (code != EXIT_OK || !make || out[0] != '\0')
        return code;
    code = state_lock(state, ID, &lock);
    if (code != EXIT_OK)
        return code;
    code = read_id(state, out);
    if (code == EXIT_OK && out[0] == '\0')
        code = make_id(state, out);
    close(lock);
    return code;
}
