/* SPDX-License-Identifier: Apache-2.0 */
/* buf.c - the bounded buffer: grow by copy and wipe, latch the first failure.
 */
#include "base/buf.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_CAP = 64 };

const char okt_buf_empty[1] = "";

/* Wipes and frees the memory that the buffer owns. */
static void release(struct okt_buf *buf)
{
    if (buf->cap == 0)
        return;
    okt_wipe(buf->data, buf->len);
    free(buf->data);
}

/* Makes the memory hold need bytes, NUL included. */
static void grow(struct okt_buf *buf, size_t need)
{
    size_t cap = buf->cap > 0 ? buf->cap : FIRST_CAP / 2;
    char *data;

    cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    if (cap < need)
        cap = need;
    if (cap - 1 > buf->max)
        cap = buf->max + 1;
    assert(cap > 0);
    data = malloc(cap);
    if (data == NULL) {
        buf->state = OKT_BUF_NO_MEMORY;
        return;
    }
    if (buf->len > 0)
        memcpy(data, buf->data, buf->len);
    data[buf->len] = '\0';
    release(buf);
    buf->data = data;
    buf->cap = cap;
}

void okt_buf_reserve(struct okt_buf *buf, size_t len)
{
    if (okt_buf_failed(buf))
        return;
    if (len > buf->max - buf->len || len >= SIZE_MAX - buf->len) {
        buf->state = OKT_BUF_FULL;
        return;
    }
    if (buf->len + len + 1 > buf->cap)
        grow(buf, buf->len + len + 1);
}

char *okt_int_text(int64_t value, char out[static OKT_INT_SIZE])
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *p = out + OKT_INT_SIZE - 1;

    *p = '\0';
    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--p = '-';
    return p;
}

void okt_buf_int(struct okt_buf *buf, int64_t value)
{
    char text[OKT_INT_SIZE];

    okt_buf_str(buf, okt_int_text(value, text));
}

void okt_buf_vprintf(struct okt_buf *buf, const char *fmt, va_list args)
{
    va_list again;
    int len;

    if (okt_buf_failed(buf))
        return;
    va_copy(again, args);
    len = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (len < 0) {
        buf->state = OKT_BUF_NO_MEMORY;
        return;
    }
    okt_buf_reserve(buf, (size_t)len);
    if (okt_buf_failed(buf))
        return;
    vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, args);
    buf->len += (size_t)len;
}

void okt_buf_printf(struct okt_buf *buf, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    okt_buf_vprintf(buf, fmt, args);
    va_end(args);
}

void okt_buf_clear(struct okt_buf *buf)
{
    okt_wipe(buf->data, buf->len);
    buf->len = 0;
    buf->state = OKT_BUF_OK;
}

void okt_buf_cut(struct okt_buf *buf, size_t len)
{
    if (len >= buf->len)
        return;
    okt_wipe(buf->data + len, buf->len - len);
    buf->len = len;
}

char *okt_buf_take(struct okt_buf *buf)
{
    char *data;

    okt_buf_append(buf, "", 0);
    if (okt_buf_failed(buf)) {
        okt_buf_free(buf);
        return NULL;
    }
    data = buf->data;
    *buf = (struct okt_buf)OKT_BUF_INIT(buf->max);
    return data;
}

void okt_buf_free(struct okt_buf *buf)
{
    release(buf);
    *buf = (struct okt_buf)OKT_BUF_INIT(buf->max);
}
