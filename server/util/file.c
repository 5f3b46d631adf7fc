/* SPDX-License-Identifier: Apache-2.0 */
/* file.c - reading and writing the few small files of a data folder. */
#include "server/util/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { CHUNK = 4096, PATH_TEXT_MAX = 4096 };

static const char *why_errno(int code)
{
    switch (code) {
    case ENOENT:
        return "no such file or folder";
    case EACCES:
        return "permission denied";
    case ENOSPC:
        return "no space left on the device";
    case EROFS:
        return "the file system is read-only";
    case ENOTDIR:
        return "a part of the path is no folder";
    case ELOOP:
        return "it is a symbolic link";
    default:
        return "the system refused";
    }
}

static const char *check_private(const struct stat *st)
{
    if (st->st_uid != geteuid() && st->st_uid != 0)
        return "it belongs to somebody else";
    if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return "others may write it (chmod go-w)";
    if ((st->st_mode & S_IROTH) != 0)
        return "everybody may read it (chmod o-r)";
    return NULL;
}

static const char *read_all(int fd, struct okt_buf *out)
{
    char chunk[CHUNK];
    ssize_t n;

    do {
        n = read(fd, chunk, sizeof(chunk));
        if (n > 0)
            okt_buf_append(out, chunk, (size_t)n);
    } while ((n > 0 && !okt_buf_failed(out)) || (n < 0 && errno == EINTR));
    okt_wipe(chunk, sizeof(chunk));
    if (n < 0)
        return why_errno(errno);
    if (out->state == OKT_BUF_FULL)
        return "it is too large";
    okt_buf_str(out, "");
    return okt_buf_failed(out) ? "out of memory" : NULL;
}

const char *file_read(const char *path, enum file_trust trust,
                      struct okt_buf *out)
{
    const char *why = NULL;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return why_errno(errno);
    if (fstat(fd, &st) != 0)
        why = why_errno(errno);
    else if (!S_ISREG(st.st_mode))
        why = "it is no regular file";
    else if (trust == FILE_PRIVATE)
        why = check_private(&st);
    if (why == NULL)
        why = read_all(fd, out);
    close(fd);
    return why;
}

static bool write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

bool file_write_new(const char *path, const void *data, size_t len)
{
    int code;
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return false;
    if (write_all(fd, data, len) && fsync(fd) == 0)
        return close(fd) == 0;
    code = errno;
    close(fd);
    unlink(path);
    errno = code;
    return false;
}

bool file_replace(const char *path, const void *data, size_t len)
{
    struct okt_buf name = OKT_BUF_INIT(PATH_TEXT_MAX);
    AUTO(char) draft = NULL;

    okt_buf_printf(&name, "%s.new", path);
    draft = okt_buf_take(&name);
    if (draft == NULL) {
        errno = ENAMETOOLONG;
        return false;
    }
    return (unlink(draft) == 0 || errno == ENOENT) &&
           file_write_new(draft, data, len) && rename(draft, path) == 0;
}

bool dir_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done;

    if (fd < 0)
        return false;
    done = fsync(fd) == 0;
    close(fd);
    return done;
}

static bool is_empty(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool empty = true;

    if (dir == NULL)
        return false;
    while (empty && (entry = readdir(dir)) != NULL)
        empty =
            strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(dir);
    return empty;
}

const char *dir_make(const char *path)
{
    struct stat st;

    if (mkdir(path, 0700) == 0)
        return NULL;
    if (errno != EEXIST)
        return why_errno(errno);
    if (lstat(path, &st) != 0)
        return why_errno(errno);
    if (!S_ISDIR(st.st_mode))
        return "it is there and is no folder";
    if (st.st_uid != geteuid())
        return "it belongs to somebody else";
    if (!is_empty(path))
        return "it is not empty";
    return chmod(path, 0700) == 0 ? NULL : why_errno(errno);
}

const char *dir_check(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return why_errno(errno);
    if (!S_ISDIR(st.st_mode))
        return "it is no folder";
    if (st.st_uid != geteuid())
        return "it belongs to somebody else";
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return "others may enter it (chmod 0700)";
    return NULL;
}

char *path_join(const char *dir, const char *name)
{
    struct okt_buf path = OKT_BUF_INIT(4096);

    okt_buf_printf(&path, "%s/%s", dir, name);
    return okt_buf_take(&path);
}
