/* SPDX-License-Identifier: Apache-2.0 */
/* api_logs.c - /api/v1/logs: the System Log. */
#include "server/api/api_logs.h"

#include <stdio.h>
#include <string.h>

#include "server/api/cursor.h"
#include "server/api/event_filter.h"
#include "server/org/event.h"
#include "server/request/query.h"
#include "server/request/request.h"
#include "server/routes.h"
#include "wire/api.h"
#include "wire/iso8601.h"
#include "wire/link.h"
#include "wire/percent.h"

enum {
    LIMIT_OF_LOGS = 100,
    LIMIT_OF_LOGS_MAX = 1000,
    SINCE_SECONDS = 7 * 86400,
    KEYWORDS_MAX = 10,
    KEYWORD_MAX = 40,
    WORD_MAX = 64,
    SEARCH_MAX = 5 + 2 * SECRET_HASH_LEN + 1,
    SEARCH_TEXT_MAX = 8192,
    Q_MAX = KEYWORDS_MAX * (KEYWORD_MAX + 1),
    LOG_URL_MAX = REPLY_HEADER_MAX - 16
};

/* A parameter that goes into the links again as it came. */
struct parameter {
    const char *name;
    struct okt_buf value;
    bool given;
};

enum { SINCE, UNTIL, FILTER, Q, ORDER, LIMIT, AFTER, PARAMETERS };

struct logs {
    struct request *request;
    struct parameter parameters[PARAMETERS];
    struct filter *filter; /* NULL: none */
    struct store_events which;
    int64_t now;
    long limit;
    long count;
    bool more;
    int64_t last_published; /* of what was shown */
    int64_t last_seq;
};

/* ------------------------------------------------------- What is asked -- */

/* Each false: the reply says what is wrong. */
static bool invalid(struct logs *l, const char *name, const char *why)
{
    char cause[FILTER_WHY_MAX + 64];

    snprintf(cause, sizeof(cause), "%s: %s", name, why);
    l->request->status = reply_invalid(l->request, name, cause);
    return false;
}

static bool read_parameters(struct logs *l)
{
    for (size_t i = 0; i < PARAMETERS; i++) {
        struct parameter *p = &l->parameters[i];
        enum query_result result =
            query_get(l->request->query, p->name, &p->value);

        if (result == QUERY_BAD)
            return invalid(l, p->name, "given twice, malformed or too long");
        p->given = result == QUERY_FOUND;
        okt_buf_str(&p->value, ""); /* never NULL */
        if (okt_buf_failed(&p->value)) {
            l->request->status = reply_internal(l->request);
            return false;
        }
    }
    return true;
}

static bool read_time(struct logs *l, size_t which, int64_t *out)
{
    const struct parameter *p = &l->parameters[which];

    return !p->given || okt_time_parse(p->value.data, out) ||
           invalid(l, p->name, "must be a time such as 2026-01-31T08:00:00Z");
}

static bool read_times(struct logs *l)
{
    l->which.until = l->now;
    if (!read_time(l, UNTIL, &l->which.until))
        return false;
    l->which.since = l->which.until - SINCE_SECONDS;
    return read_time(l, SINCE, &l->which.since);
}

static bool read_order(struct logs *l)
{
    const struct parameter *p = &l->parameters[ORDER];

    l->which.descending = p->given && strcmp(p->value.data, "DESCENDING") == 0;
    return !p->given || l->which.descending ||
           strcmp(p->value.data, "ASCENDING") == 0 ||
           invalid(l, p->name, "must be ASCENDING or DESCENDING");
}

static bool read_limit(struct logs *l)
{
    const struct parameter *p = &l->parameters[LIMIT];

    l->limit = LIMIT_OF_LOGS;
    if (!p->given)
        return true;
    if (p->value.len == 0 || p->value.len > 4 ||
        strspn(p->value.data, "0123456789") != p->value.len)
        return invalid(l, p->name, "must be a number from 0 to 1000");
    l->limit = strtol(p->value.data, NULL, 10);
    return l->limit <= LIMIT_OF_LOGS_MAX ||
           invalid(l, p->name, "must be a number from 0 to 1000");
}

static bool read_filter(struct logs *l)
{
    const struct parameter *p = &l->parameters[FILTER];
    struct filter_error error;
    char why[FILTER_WHY_MAX + 32];

    if (!p->given)
        return true;
    l->filter = event_filter_parse(p->value.data, l->now, &error);
    if (l->filter != NULL)
        return true;
    if (error.no_memory) {
        l->request->status = reply_internal(l->request);
        return false;
    }
    snprintf(why, sizeof(why), "at byte %zu: %s", error.at, error.why);
    return invalid(l, p->name, why);
}

static bool read_q(struct logs *l)
{
    const char *word = l->parameters[Q].value.data;
    int count = 0;

    while (*(word += strspn(word, " ")) != '\0') {
        size_t len = strcspn(word, " ");

        if (len > KEYWORD_MAX || ++count > KEYWORDS_MAX)
            return invalid(l, "q",
                           "at most 10 words of 40 characters are allowed");
        word += len;
    }
    return true;
}

/* What a cursor is good for: the same events in the same order; by its hash,
 * since a filter may be long. False: no memory. */
static bool write_search(const struct logs *l, char out[static SEARCH_MAX])
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(SEARCH_TEXT_MAX);
    unsigned char hash[SECRET_HASH_LEN];

    for (size_t i = SINCE; i <= ORDER; i++)
        okt_buf_printf(&text, "\n%d%s", l->parameters[i].given,
                       l->parameters[i].value.data);
    if (okt_buf_failed(&text) || !secret_hash(text.data, hash))
        return false;
    memcpy(out, "logs ", 6);
    for (size_t i = 0; i < SECRET_HASH_LEN; i++)
        snprintf(out + 5 + 2 * i, 3, "%02x", hash[i]);
    return true;
}

static bool read_after(struct logs *l)
{
    struct request *r = l->request;
    const struct parameter *p = &l->parameters[AFTER];
    char search[SEARCH_MAX];
    struct cursor place;

    if (!p->given)
        return true;
    if (!write_search(l, search) ||
        !cursor_read(p->value.data, r->org->cursor_key, search, r->caller.id,
                     &place))
        return invalid(l, p->name, "not a cursor of this list");
    l->which.after_published = strtoll(place.name, NULL, 10);
    l->which.after_seq = strtoll(place.id, NULL, 10);
    return true;
}

/* ------------------------------------------------------ What is answered -- */

/* Whether a keyword occurs in any value that an event is known by. */
static bool has_word(const struct store_event *e, const char *word)
{
    const char *const values[] = {
        e->type,        event_message(e->type), e->actor_id,
        e->actor_login, e->target_id,           e->target_name,
        e->address,     e->request_id,          e->token_id,
        e->uuid,        e->network.include,     e->network.exclude,
        e->group_id,    e->group_name,          e->privilege,
    };

    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        if (values[i] != NULL && okt_q_matches(word, values[i], NULL))
            return true;
    return false;
}

static bool has_words(const struct store_event *e, const char *words)
{
    while (*(words += strspn(words, " ")) != '\0') {
        size_t len = strcspn(words, " ");
        char word[WORD_MAX];

        snprintf(word, sizeof(word), "%.*s", (int)len, words);
        if (!has_word(e, word))
            return false;
        words += len;
    }
    return true;
}

static bool show_one(const struct store_event *event, void *ctx)
{
    struct logs *l = ctx;
    struct okt_buf *out = &l->request->reply;

    if ((l->filter != NULL && !event_filter_matches(l->filter, event)) ||
        !has_words(event, l->parameters[Q].value.data))
        return true;
    if (l->count == l->limit) {
        l->more = l->limit > 0;
        return false;
    }
    if (l->count > 0)
        okt_buf_char(out, ',');
    event_show(out, event);
    l->count++;
    l->last_published = event->published;
    l->last_seq = event->seq;
    return !okt_buf_failed(out);
}

/* Writes a link to a page of this list: all that came, but after. */
static void link_page(const struct logs *l, const char *after, const char *rel,
                      struct okt_buf *out)
{
    OKT_BUF_AUTO url = OKT_BUF_INIT(LOG_URL_MAX);
    char mark = '?';

    okt_buf_printf(&url, "%s%s", l->request->base_url, OKT_PATH_LOGS);
    for (size_t i = 0; i < AFTER; i++) {
        const struct parameter *p = &l->parameters[i];

        if (!p->given)
            continue;
        okt_buf_printf(&url, "%c%s=", mark, p->name);
        okt_percent_encode(&url, p->value.data);
        mark = '&';
    }
    if (after[0] != '\0')
        okt_buf_printf(&url, "%cafter=%s", mark, after);
    if (okt_buf_failed(&url))
        out->state = url.state;
    else
        okt_link_write(out, url.data, rel);
}

static void link_next(const struct logs *l)
{
    OKT_BUF_AUTO cursor = OKT_BUF_INIT(CURSOR_MAX);
    struct request *r = l->request;
    char search[SEARCH_MAX];
    struct cursor place;
    bool known = write_search(l, search);

    snprintf(place.id, sizeof(place.id), "%lld", (long long)l->last_seq);
    snprintf(place.name, sizeof(place.name), "%lld",
             (long long)l->last_published);
    if (known)
        cursor_write(&cursor, r->org->cursor_key, &place, search, r->caller.id);
    if (!known || okt_buf_failed(&cursor))
        r->link_next.state = OKT_BUF_NO_MEMORY;
    else
        link_page(l, cursor.data, "next", &r->link_next);
}

/* Where a page goes on that had nothing to show. */
static void begin_place(struct logs *l)
{
    bool after = l->parameters[AFTER].given;

    l->last_published = after ? l->which.after_published : l->which.since - 1;
    l->last_seq = after ? l->which.after_seq : INT64_MAX;
}

/* Whoever reads on from what comes next is never at an end. */
static bool is_polled(const struct logs *l)
{
    return !l->which.descending && !l->parameters[UNTIL].given && l->limit > 0;
}

static int show(struct logs *l)
{
    struct request *r = l->request;

    begin_place(l);
    okt_buf_char(&r->reply, '[');
    if (r->store->ops->event_each(r->store, &l->which, show_one, l) != STORE_OK)
        return reply_unavailable(r);
    okt_buf_char(&r->reply, ']');
    link_page(l, l->parameters[AFTER].value.data, "self", &r->link_self);
    if (l->more || is_polled(l))
        link_next(l);
    if (r->link_self.state == OKT_BUF_FULL ||
        r->link_next.state == OKT_BUF_FULL) {
        okt_buf_clear(&r->link_self);
        okt_buf_clear(&r->link_next);
        invalid(l, "filter", "too long for a link");
        return r->status;
    }
    if (okt_buf_failed(&r->link_self) || okt_buf_failed(&r->link_next))
        return reply_internal(r);
    return reply_json(r);
}

int api_logs_list(struct request *r, const char *id)
{
    struct logs l = {
        .request = r,
        .now = org_now(r->org),
        .parameters = {
            [SINCE] = { "since", OKT_BUF_INIT(WORD_MAX), false },
            [UNTIL] = { "until", OKT_BUF_INIT(WORD_MAX), false },
            [FILTER] = { "filter", OKT_BUF_INIT(FILTER_TEXT_MAX), false },
            [Q] = { "q", OKT_BUF_INIT(Q_MAX), false },
            [ORDER] = { "sortOrder", OKT_BUF_INIT(WORD_MAX), false },
            [LIMIT] = { "limit", OKT_BUF_INIT(WORD_MAX), false },
            [AFTER] = { "after", OKT_BUF_INIT(CURSOR_MAX), false },
        },
    };
    int status;

    (void)id;
    status = read_parameters(&l) && read_times(&l) && read_order(&l) &&
                     read_limit(&l) && read_filter(&l) && read_q(&l) &&
                     read_after(&l)
                 ? show(&l)
                 : r->status;
    for (size_t i = 0; i < PARAMETERS; i++)
        okt_buf_free(&l.parameters[i].value);
    filter_free(l.filter);
    return status;
}
