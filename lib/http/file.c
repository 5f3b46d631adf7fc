/* SPDX-License-Identifier: Apache-2.0 */
/* file.c - files that configure or hold secrets: whom they may belong to. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/internal.h"

const char *okt_file_distrusted(const struct stat *st)
{
    if (!S_ISREG(st->st_mode))
        return "is not a regular file";
    if (st->st_uid != geteuid() && st->st_uid != 0)
        return "belongs to somebody else";
    if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return "can be written by others";
    return NULL;
}

/*
 * In a file of one's own that is a mistake which one can mend. One that root
 * put there, as container platforms mount secrets, one can't; for a group to
 * read it is how such a file is meant.
 */
bool okt_file_is_open(const struct stat *st, bool *own)
{
    mode_t readers;

    *own = st->st_uid == geteuid();
    readers = *own ? S_IRGRP | S_IROTH : S_IROTH;
    return (st->st_mode & readers) != 0;
}

okta_status okt_file_read(int fd, const char *path, struct okt_buf *out,
                          okta_error *err)
{
    char chunk[8192];
    ssize_t len;

    do {
        len = read(fd, chunk, sizeof(chunk));
        if (len > 0)
            okt_buf_append(out, chunk, (size_t)len);
    } while (!okt_buf_failed(out) && (len > 0 || (len < 0 && errno == EINTR)));
    okt_wipe(chunk, sizeof(chunk));
    if (out->state == OKT_BUF_FULL)
        return okt_fail(err, OKTA_ERR_CONFIG, "%s is over %zu bytes", path,
                        out->max);
    if (len < 0)
        return okt_fail(err, OKTA_ERR_CONFIG, "%s: %s", path, strerror(errno));
    okt_buf_append(out, "", 0);
    return okt_check_buf(out, path, err);
}
