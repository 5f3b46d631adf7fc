/* SPDX-License-Identifier: Apache-2.0 */
/* out_buffer.c - what a sink does when its buffer is full. */
#include "cli/output/out_buffer.h"

#include <errno.h>

/* So much a filter may make of SINK_SIZE bytes. */
enum { FILTERED_MAX = 256 * SINK_SIZE };

void sink_fail(struct sink *sink, int error)
{
    if (sink->error == 0)
        sink->error = error;
}

static void put_as_it_is(struct sink *sink, const char *data, size_t len)
{
    void (*begin)(void *ctx) = sink->begin;

    if (sink->error != 0 || len == 0)
        return;
    sink->begin = NULL;
    if (begin != NULL)
        begin(sink->ctx);
    errno = 0;
    if (fwrite(data, 1, len, sink->stream) != len)
        sink_fail(sink, errno != 0 ? errno : EIO);
}

/* In pieces, since a filter may make much of a little. */
static void put_filtered(struct sink *sink, const char *data, size_t len)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(FILTERED_MAX);

    do {
        size_t n = len < SINK_SIZE ? len : SINK_SIZE;

        okt_buf_clear(&out);
        sink->filter(sink->filter_ctx, &out, data, n);
        if (okt_buf_failed(&out))
            sink_fail(sink, ENOMEM);
        put_as_it_is(sink, out.data, out.len);
        data = data != NULL ? data + n : NULL;
        len -= n;
    } while (len > 0);
}

static void put(struct sink *sink, const char *data, size_t len)
{
    if (sink->filter == NULL)
        put_as_it_is(sink, data, len);
    else if (len > 0)
        put_filtered(sink, data, len);
}

void sink_write_through(struct sink *sink, const char *data, size_t len)
{
    put(sink, sink->data, sink->len);
    sink->len = 0;
    if (len >= SINK_SIZE) {
        put(sink, data, len);
        return;
    }
    memcpy(sink->data, data, len);
    sink->len = len;
}

bool sink_flush(struct sink *sink)
{
    put(sink, sink->data, sink->len);
    sink->len = 0;
    if (sink->error == 0) {
        errno = 0;
        if (fflush(sink->stream) != 0)
            sink_fail(sink, errno != 0 ? errno : EIO);
    }
    errno = sink->error;
    return sink->error == 0;
}

bool sink_close(struct sink *sink)
{
    put(sink, sink->data, sink->len);
    sink->len = 0;
    if (sink->filter != NULL)
        put_filtered(sink, NULL, 0);
    return sink_flush(sink);
}
