/* SPDX-License-Identifier: Apache-2.0 */
/* log.c - one key=value line a request, into the org's log. */
#include "server/request/log.h"

#include <string.h>

#include "server/request/request.h"
#include "server/util/log_writer.h"
#include "wire/iso8601.h"

enum { LINE_MAX = 1024 };

/* A value of foreign origin: as it is if it is a plain word, else a stand-in.
 */
static const char *word(const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789_-.:%";

    if (text[0] == '\0')
        return "-";
    if (text[strspn(text, plain)] != '\0')
        return "?";
    return okt_has_secret(text) ? "***" : text;
}

/* A method that is none may be the first letters of something longer. */
static const char *method(const char *text)
{
    return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0'
               ? word(text)
               : "?";
}

static void put(struct okt_buf *line, const char *key, const char *value)
{
    okt_buf_str(line, key);
    okt_buf_str(line, value);
}

void log_request(const struct request *r, int status, int64_t us)
{
    OKT_BUF_AUTO line = OKT_BUF_INIT(LINE_MAX);
    char time[OKT_TIME_SIZE];

    okt_time_format(org_now(r->org), time);
    okt_buf_reserve(&line, LINE_MAX);
    put(&line, "time=", time);
    put(&line, " request=", r->request_id);
    put(&line, " method=", method(r->method));
    put(&line, " route=", r->route != NULL ? r->route->path : "-");
    put(&line, " id=", word(r->id));
    put(&line, " token=", word(r->caller.id));
    put(&line, " address=", word(r->address));
    okt_buf_str(&line, " status=");
    okt_buf_int(&line, status);
    okt_buf_str(&line, " us=");
    okt_buf_int(&line, us);
    okt_buf_char(&line, '\n');
    if (!okt_buf_failed(&line))
        lines_put(r->org->log, line.data, line.len);
}
