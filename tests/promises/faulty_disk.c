/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faulty_disk.c - a disk that fails when it is told to, and that forgets what
 * was not synced. To be loaded before the C library (LD_PRELOAD).
 *
 * It stands between a program and the files of one folder: DISK_FOLDER, an
 * absolute path as the program spells it. DISK_CONTROL (faulty_disk.h) says
 * which call fails. In DISK_SHADOW, a folder too, it keeps of each file what a
 * loss of power would leave: what was written before a sync that succeeded. A
 * sync that failed loses what it should have written for good, as Linux does:
 * the next one succeeds without it. The shared memory of SQLite is no file
 * that would have to outlive anything.
 */
#include "tests/promises/faulty_disk.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum { FDS = 4096, FILES = 16, NAME_SIZE = 64, PATH_SIZE = 512 };

/* A write or, with at -1, a truncation to len. */
struct step {
    off_t at;
    off_t len;
};

struct file {
    char name[NAME_SIZE]; /* within the folder; "": the folder itself */
    bool linked;          /* its entry is on the disk */
    struct step *steps;
    size_t count;
    size_t room;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct disk_control *control;
static const char *folder;
static const char *shadows;
static struct file files[FILES];
static size_t file_count;
static struct file *by_fd[FDS];

/* ---------------------------------------------------------- The C library --
 */

#define NEXT(name) ((__typeof__(name) *)next(#name))

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "faulty_disk: %s: %s\n", what, strerror(errno));
    abort();
}

static void *next(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (found == NULL)
        die(name);
    return found;
}

__attribute__((constructor)) static void set_up(void)
{
    const char *path = getenv("DISK_CONTROL");
    int fd = path != NULL ? NEXT(open)(path, O_RDWR | O_CLOEXEC) : -1;

    folder = getenv("DISK_FOLDER");
    shadows = getenv("DISK_SHADOW");
    if (fd < 0 || folder == NULL || shadows == NULL)
        return;
    control = NEXT(mmap)(NULL, sizeof(*control), PROT_READ | PROT_WRITE,
                         MAP_SHARED, fd, 0);
    if (control == MAP_FAILED)
        die("mmap");
    NEXT(close)(fd);
}

/* ----------------------------------------------------------------- Files -- */

static struct file *file_of(int fd)
{
    return fd >= 0 && fd < FDS ? by_fd[fd] : NULL;
}

/* The file of that path; NULL: it is none of ours. */
static struct file *find(const char *path, bool make)
{
    size_t len = folder != NULL ? strlen(folder) : 0;
    const char *name = path + len;
    struct file *file;

    if (control == NULL || strncmp(path, folder, len) != 0 ||
        (*name != '/' && *name != '\0'))
        return NULL;
    name += *name == '/';
    for (size_t i = 0; i < file_count; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    if (!make || file_count == FILES || strlen(name) >= sizeof(file->name))
        return NULL;
    file = &files[file_count++];
    memcpy(file->name, name, strlen(name) + 1);
    return file;
}

static bool is_lasting(const struct file *file)
{
    return strcmp(file->name, "orgd.db") == 0 ||
           strcmp(file->name, "orgd.db-wal") == 0;
}

static void shadow_path(const struct file *file, bool linked,
                        char path[static PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s/%.*s%s", shadows, NAME_SIZE, file->name,
             linked ? "" : "~");
}

static void note(struct file *file, off_t at, off_t len)
{
    if (!is_lasting(file))
        return;
    pthread_mutex_lock(&lock);
    if (file->count == file->room) {
        file->room = 2 * file->room + 64;
        file->steps = realloc(file->steps, file->room * sizeof(*file->steps));
        if (file->steps == NULL)
            die("realloc");
    }
    file->steps[file->count++] = (struct step){ at, len };
    pthread_mutex_unlock(&lock);
}

/* ------------------------------------------------------------ Durability -- */

static void copy(int from, int to, struct step step)
{
    char bytes[4096];

    while (step.len > 0) {
        size_t part =
            step.len < (off_t)sizeof(bytes) ? (size_t)step.len : sizeof(bytes);
        ssize_t n = NEXT(pread)(from, bytes, part, step.at);

        if (n <= 0)
            return; /* it has been cut off since */
        if (NEXT(pwrite)(to, bytes, (size_t)n, step.at) != n)
            die("pwrite");
        step.at += n;
        step.len -= n;
    }
}

static void keep(struct file *file, int fd)
{
    char path[PATH_SIZE];
    int to;

    shadow_path(file, file->linked, path);
    to = NEXT(open)(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (to < 0)
        die("open");
    for (size_t i = 0; i < file->count; i++) {
        struct step step = file->steps[i];

        if (step.at < 0 && NEXT(ftruncate)(to, step.len) != 0)
            die("ftruncate");
        if (step.at >= 0)
            copy(fd, to, step);
    }
    NEXT(close)(to);
}

/* The folder was synced: what is in it has its name for good. */
static void keep_entries(void)
{
    char from[PATH_SIZE];
    char to[PATH_SIZE];

    for (size_t i = 0; i < file_count; i++) {
        if (files[i].linked || !is_lasting(&files[i]))
            continue;
        shadow_path(&files[i], false, from);
        shadow_path(&files[i], true, to);
        files[i].linked = true;
        if (rename(from, to) != 0 && errno != ENOENT)
            die("rename");
    }
}

static void synced(struct file *file, int fd, bool done)
{
    pthread_mutex_lock(&lock);
    if (done && file->name[0] == '\0')
        keep_entries();
    else if (done && is_lasting(file))
        keep(file, fd);
    file->count = 0;
    pthread_mutex_unlock(&lock);
}

/* ---------------------------------------------------------------- Failing --
 */

/* 0: this call is to succeed. Else the errno, or DISK_SHORT. */
static int failure(const struct file *file, enum disk_call call)
{
    if (file == NULL || control == NULL ||
        atomic_load(&control->call) != (int)call ||
        atomic_load(&control->left) < 0)
        return 0;
    if (atomic_load(&control->left) > 0) {
        atomic_fetch_sub(&control->left, 1);
        return 0;
    }
    if (!atomic_load(&control->stays))
        atomic_store(&control->left, -1);
    atomic_fetch_add(&control->failed, 1);
    return atomic_load(&control->error);
}

static int fail_with(int code)
{
    errno = code == DISK_SHORT ? EIO : code;
    return -1;
}

/* ------------------------------------------------------------- The calls -- */

static int opened(const char *path, int flags, mode_t mode)
{
    bool there = access(path, F_OK) == 0;
    struct file *file;
    int code;
    int fd;

    pthread_mutex_lock(&lock);
    file = find(path, true);
    pthread_mutex_unlock(&lock);
    code = failure(file, DISK_OPEN);
    if (code != 0)
        return fail_with(code);
    fd = NEXT(open)(path, flags, mode);
    if (fd < 0 || fd >= FDS)
        return fd;
    if (file != NULL && there && file->count == 0)
        file->linked = true;
    by_fd[fd] = file;
    return fd;
}

EXPORT int open(const char *path, int flags, ...)
{
    va_list rest;
    mode_t mode;

    va_start(rest, flags);
    mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return opened(path, flags, mode);
}

EXPORT int open64(const char *path, int flags, ...)
{
    va_list rest;
    mode_t mode;

    va_start(rest, flags);
    mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return opened(path, flags, mode);
}

EXPORT int close(int fd)
{
    if (fd >= 0 && fd < FDS)
        by_fd[fd] = NULL;
    return NEXT(close)(fd);
}

EXPORT ssize_t pread64(int fd, void *out, size_t len, off_t at)
{
    int code = failure(file_of(fd), DISK_READ);

    return code != 0 ? fail_with(code) : NEXT(pread)(fd, out, len, at);
}

EXPORT ssize_t pwrite64(int fd, const void *data, size_t len, off_t at)
{
    struct file *file = file_of(fd);
    int code = failure(file, DISK_WRITE);
    ssize_t n;

    if (code == DISK_SHORT)
        len /= 2;
    else if (code != 0)
        return fail_with(code);
    n = len > 0 ? NEXT(pwrite)(fd, data, len, at) : 0;
    if (file != NULL && n > 0)
        note(file, at, n);
    return n;
}

static int sync_it(int fd, int (*call)(int fd))
{
    struct file *file = file_of(fd);
    int code = failure(file, DISK_SYNC);
    int result = code != 0 ? fail_with(code) : call(fd);

    if (file != NULL)
        synced(file, fd, result == 0);
    if (code != 0)
        errno = code == DISK_SHORT ? EIO : code;
    return result;
}

EXPORT int fdatasync(int fd)
{
    return sync_it(fd, NEXT(fdatasync));
}

EXPORT int fsync(int fd)
{
    return sync_it(fd, NEXT(fsync));
}

EXPORT int ftruncate64(int fd, off_t len)
{
    struct file *file = file_of(fd);
    int code = failure(file, DISK_TRUNCATE);
    int result;

    if (code != 0)
        return fail_with(code);
    result = NEXT(ftruncate)(fd, len);
    if (file != NULL && result == 0)
        note(file, -1, len);
    return result;
}

EXPORT void *mmap64(void *where, size_t len, int prot, int flags, int fd,
                    off_t at)
{
    int code = failure(file_of(fd), DISK_MAP);

    if (code == 0)
        return NEXT(mmap)(where, len, prot, flags, fd, at);
    fail_with(code);
    return MAP_FAILED;
}

EXPORT int unlink(const char *path)
{
    struct file *file;
    char shadow[PATH_SIZE];
    int code;
    int result;

    pthread_mutex_lock(&lock);
    file = find(path, false);
    pthread_mutex_unlock(&lock);
    code = failure(file, DISK_UNLINK);
    if (code != 0)
        return fail_with(code);
    result = NEXT(unlink)(path);
    if (file == NULL || result != 0 || !is_lasting(file))
        return result;
    shadow_path(file, file->linked, shadow);
    NEXT(unlink)(shadow);
    file->linked = false;
    file->count = 0;
    return 0;
}
