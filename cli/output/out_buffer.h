/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_buffer.h - writing to a stream through one large buffer.
 *
 * The first failure is latched: what comes after it is dropped, sink_flush
 * tells. A row costs a few copies, and the system is called once in 64 KiB.
 */
#ifndef CLI_OUT_BUFFER_H
#define CLI_OUT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

enum { SINK_SIZE = 64 * 1024 };

/* Appends what is written in the place of data; data NULL: at the end. */
typedef void sink_filter(void *ctx, struct okt_buf *out, const char *data,
                         size_t len);

struct sink {
    FILE *stream;
    void (*begin)(void *ctx); /* called before the first write; or NULL */
    void *ctx;
    sink_filter *filter; /* or NULL */
    void *filter_ctx;
    int error; /* errno of the first failure; 0: none */
    size_t len;
    char data[SINK_SIZE];
};

/* What sink_write does where the buffer is too full. */
void sink_write_through(struct sink *sink, const char *data, size_t len);

static inline void sink_write(struct sink *sink, const char *data, size_t len)
{
    if (len > SINK_SIZE - sink->len) {
        sink_write_through(sink, data, len);
        return;
    }
    memcpy(sink->data + sink->len, data, len);
    sink->len += len;
}

static inline void sink_str(struct sink *sink, const char *text)
{
    sink_write(sink, text, strlen(text));
}

static inline void sink_char(struct sink *sink, char c)
{
    sink_write(sink, &c, 1);
}

/* Hands all on to the system. False, with errno: something was not written. */
bool sink_flush(struct sink *sink);

/* The same, at the end: the filter is told. */
bool sink_close(struct sink *sink);

/* Latches a failure that happened elsewhere. */
void sink_fail(struct sink *sink, int error);

#endif
