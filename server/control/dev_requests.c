/* SPDX-License-Identifier: Apache-2.0 */
/* dev_requests.c - /_org/requests: what was asked. */
#include <string.h>

#include "server/control/dev_parts.h"
#include "server/fault/request_log.h"
#include "server/request/query.h"
#include "server/request/request.h"

int dev_requests_clear(struct request *r, const char *id)
{
    (void)id;
    journal_clear(r->org->journal);
    return 204;
}

static void more(struct request *r)
{
    journal_follow(r->org->journal, r->more_state, &r->reply);
}

static int follow(struct request *r, const struct journal_filter *filter)
{
    r->more_state = malloc(sizeof(*filter));
    if (r->more_state == NULL)
        return reply_internal(r);
    memcpy(r->more_state, filter, sizeof(*filter));
    r->more = more;
    r->content_type = "application/x-ndjson";
    return 200;
}

/* 200, or the refusal. */
static int read_follow(struct request *r, bool *out)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(8);
    enum query_result result = query_get(r->query, "follow", &text);

    okt_buf_str(&text, "");
    *out = result == QUERY_FOUND && strcmp(text.data, "true") == 0;
    if (*out || result == QUERY_ABSENT ||
        (result == QUERY_FOUND && strcmp(text.data, "false") == 0))
        return 200;
    return dev_invalid(r, "follow", "true or false");
}

int dev_requests_list(struct request *r, const char *id)
{
    struct journal_filter filter;
    char why[JOURNAL_WHY_MAX];
    bool follows;
    int status = read_follow(r, &follows);

    (void)id;
    if (status != 200)
        return status;
    if (!journal_filter_read(&filter, r->query, org_now(r->org), why))
        return dev_refuse(r, why);
    if (follows)
        return follow(r, &filter);
    journal_show(r->org->journal, &filter, &r->reply);
    return reply_json(r);
}
