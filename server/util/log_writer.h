/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_writer.h - lines on their way to a file, in the order in which they came.
 *
 * A thread of its own writes them, some milliseconds' worth at a time: whoever
 * has a line to write waits for no disk and no reader, unless it falls behind
 * by more than there is room for. Safe from any thread.
 */
#ifndef ORGD_LOG_WRITER_H
#define ORGD_LOG_WRITER_H

#include <stddef.h>

enum {
    LINES_MAX = 65536, /* bytes that may be on their way */
    LINES_MS = 5       /* for so long */
};

struct lines;

/* NULL: out of memory or threads. The file stays the caller's. */
struct lines *lines_start(int fd);

/* A line with its newline. What can't be written is dropped. */
void lines_put(struct lines *lines, const char *line, size_t len);

/* Writes what is left and ends the thread. Takes NULL. */
void lines_stop(struct lines *lines);

#endif
