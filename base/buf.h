/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf.h - a byte string that grows up to a bound.
 *
 *     struct okt_buf b = OKT_BUF_INIT(4096);
 *
 *     okt_buf_str(&b, "id=");
 *     okt_buf_printf(&b, "%d", id);
 *     if (okt_buf_failed(&b)) ...         one test for all appends
 *     okt_buf_free(&b);
 *
 * The first append that passes the bound or finds no memory is latched: it and
 * every later one change nothing. data is always a NUL-terminated text: before
 * the first append it is an empty one that must not be written to. Growing
 * copies and wipes, so that a buffer may hold secrets; OKT_BUF_AUTO locals are
 * wiped and freed at scope's end.
 */
#ifndef OKT_BUF_H
#define OKT_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum okt_buf_state { OKT_BUF_OK, OKT_BUF_FULL, OKT_BUF_NO_MEMORY };

struct okt_buf {
    char *data;
    size_t len; /* without the NUL */
    size_t cap; /* allocated, the NUL included; at most max + 1. 0: data is
                   not the buffer's own */
    size_t max; /* len never passes this */
    enum okt_buf_state state;
};

/* What an empty buffer's data points to. */
extern const char okt_buf_empty[1];

#define OKT_BUF_INIT(bound) \
    { .data = (char *)(uintptr_t)okt_buf_empty, .max = (bound) }

#define OKT_BUF_AUTO __attribute__((cleanup(okt_buf_free))) struct okt_buf

static inline bool okt_buf_failed(const struct okt_buf *buf)
{
    return buf->state != OKT_BUF_OK;
}

/* Makes room for len more bytes, so that appends up to there can't fail. */
void okt_buf_reserve(struct okt_buf *buf, size_t len);

/* Appends are inline: most are of a literal, whose length and copying the
 * compiler then knows, and pages are made of thousands of them. */
static inline void okt_buf_append(struct okt_buf *buf, const void *data,
                                  size_t len)
{
    if (len >= buf->cap - buf->len)
        okt_buf_reserve(buf, len);
    if (okt_buf_failed(buf))
        return;
    if (len > 0)
        memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

static inline void okt_buf_str(struct okt_buf *buf, const char *s)
{
    okt_buf_append(buf, s, strlen(s));
}

static inline void okt_buf_char(struct okt_buf *buf, char c)
{
    okt_buf_append(buf, &c, 1);
}

void okt_buf_int(struct okt_buf *buf, int64_t value);
void okt_buf_printf(struct okt_buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void okt_buf_vprintf(struct okt_buf *buf, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

#define OKT_INT_SIZE 21 /* "-9223372036854775808" and its NUL */

/* Writes a number to the end of out; returns where it begins there. */
char *okt_int_text(int64_t value, char out[static OKT_INT_SIZE]);

/* Empties it for the next use; what it held is wiped, the memory kept. */
void okt_buf_clear(struct okt_buf *buf);

/* Takes off all behind the first len bytes; wipes it. The latch stays. */
void okt_buf_cut(struct okt_buf *buf, size_t len);

/*
 * Hands its memory on as a string that free() takes, "" if nothing was
 * appended; the buffer is empty after it. NULL if an append had failed.
 */
char *okt_buf_take(struct okt_buf *buf);

/* Wipes and frees what it holds. It can be used again. */
void okt_buf_free(struct okt_buf *buf);

#endif
