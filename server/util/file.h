/* SPDX-License-Identifier: Apache-2.0 */
/* file.h - reading and writing the few small files of a data folder. */
#ifndef ORGD_FILE_H
#define ORGD_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Who may have a hand in a file that is read. */
enum file_trust {
    FILE_ANY,    /* whoever wrote it: a certificate, a seed */
    FILE_PRIVATE /* ours or root's, not writable by others, not readable by
                    all */
};

/*
 * Appends a regular file's bytes to out, whose bound is the file's. NULL: read.
 * Else what is wrong with it, a constant text.
 */
const char *file_read(const char *path, enum file_trust trust,
                      struct okt_buf *out);

/* Writes a new file of mode 0600, durably: it is there whole or not at all,
 * but for its folder's entry (see dir_sync). False: errno says why. */
bool file_write_new(const char *path, const void *data, size_t len);

/* Writes a file of mode 0600 in place of what is there, durably but for its
 * folder's entry: readers find the old one or the new one whole. Two writers at
 * a time must be kept apart. False: errno says why. */
bool file_replace(const char *path, const void *data, size_t len);

/* Makes a folder's entries durable. False: errno says why. */
bool dir_sync(const char *path);

/*
 * Makes a folder of mode 0700, or takes an empty one of our own and gives it
 * that mode. NULL: done. Else what is wrong, a constant text.
 */
const char *dir_make(const char *path);

/* NULL: a folder that is ours and that nobody else can enter or write. Else
 * what is wrong, a constant text. */
const char *dir_check(const char *path);

/* "dir/name", to be freed; NULL: out of memory. */
char *path_join(const char *dir, const char *name);

#endif
