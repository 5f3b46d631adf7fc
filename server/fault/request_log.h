/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request_log.h - the last requests that an org has answered, for those who
 * test a client. Credentials are not in it. Safe from any thread.
 */
#ifndef ORGD_REQUEST_LOG_H
#define ORGD_REQUEST_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
    JOURNAL_DEFAULT = 1000, /* requests */
    JOURNAL_TEXT_MAX = 255,
    JOURNAL_WHY_MAX = 128,
    JOURNAL_HEADERS_MAX = 40960, /* bytes that come */
    JOURNAL_BODY_MAX = 4096      /* bytes that are kept */
};

struct journal;
struct request;

/* Keeps the last so many. NULL: out of memory. */
struct journal *journal_new(size_t max);
void journal_free(struct journal *journal);

/* Notes a request that has ended with that status (0: there was no answer). If
 * there is no memory for it, it is not noted. */
void journal_add(struct journal *journal, const struct request *request,
                 int status, int64_t us);

void journal_clear(struct journal *journal);

/* Which of them are wanted; begins as all zero: all. */
struct journal_filter {
    char method[JOURNAL_TEXT_MAX + 1];
    char path[JOURNAL_TEXT_MAX + 1];   /* as that of a fault */
    char status[JOURNAL_TEXT_MAX + 1]; /* "429" or "4xx" */
    char token[JOURNAL_TEXT_MAX + 1];
    char q[JOURNAL_TEXT_MAX + 1]; /* occurs somewhere, letter case aside */
    int64_t now;                  /* that a relative since counts from */
    int64_t since;                /* not before then, by the org's clock */
    uint64_t after;               /* numbers beyond this */
};

/* Reads one from a query, strictly; the key "follow" is the caller's. False:
 * why says what is wrong with which key. */
bool journal_filter_read(struct journal_filter *out, const char *query,
                         int64_t now, char why[static JOURNAL_WHY_MAX]);

/* Appends them, oldest first, as a JSON array. */
void journal_show(struct journal *journal, const struct journal_filter *filter,
                  struct okt_buf *out);

/* Appends some of them, a line each, and sets filter->after to the last that
 * was looked at. Nothing appended: there are none yet. */
void journal_follow(struct journal *journal, struct journal_filter *filter,
                    struct okt_buf *out);

#endif
