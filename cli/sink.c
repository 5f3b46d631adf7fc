/* SPDX-License-Identifier: Apache-2.0 */
/* sink.c - what a sink does when its buffer is full. */
#include "sink.h"

#include <errno.h>

void sink_fail(struct sink *sink, int error)
{
    if (sink->error == 0)
        sink->error = error;
}

static void put(struct sink *sink, const char *data, size_t len)
{
    if (sink->error != 0 || len == 0)
        return;
    errno = 0;
    if (fwrite(data, 1, len, sink->stream) != len)
        sink_fail(sink, errno != 0 ? errno : EIO);
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
