/* SPDX-License-Identifier: Apache-2.0 */
/* http_stream.c - an answer that goes on until its client has enough. */
#include <string.h>

#include "server/http/http_parts.h"

enum { STEP_MS = 50, CHUNK = 16384 };

struct stream {
    struct exchange *exchange;
    size_t sent; /* of what the request's reply holds */
};

/* What has been read is not sent again; what there is by now comes after. */
static ssize_t read_stream(void *cls, uint64_t pos, char *out, size_t max)
{
    struct stream *stream = cls;
    struct exchange *x = stream->exchange;
    struct request *r = x->request;
    size_t n;

    (void)pos;
    if (stream->sent == r->reply.len) {
        okt_buf_clear(&r->reply);
        stream->sent = 0;
        r->more(r);
    }
    n = r->reply.len - stream->sent;
    if (n > max)
        n = max;
    if (n == 0 && (http_is_gone(x) || okt_buf_failed(&r->reply)))
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (n == 0)
        http_sleep(x, STEP_MS);
    else
        memcpy(out, r->reply.data + stream->sent, n);
    stream->sent += n;
    return (ssize_t)n;
}

struct MHD_Response *http_stream(struct exchange *x)
{
    struct stream *stream = calloc(1, sizeof(*stream));
    struct MHD_Response *response;

    if (stream == NULL)
        return NULL;
    stream->exchange = x;
    response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, CHUNK,
                                                 read_stream, stream, free);
    if (response == NULL)
        free(stream);
    return response;
}
