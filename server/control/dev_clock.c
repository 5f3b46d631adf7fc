/* SPDX-License-Identifier: Apache-2.0 */
/* dev_clock.c - /_org/clock: what time it is, and what time it is to be. */
#include <string.h>

#include "server/control/dev_parts.h"
#include "server/request/request.h"
#include "wire/iso8601.h"

enum { NOW, ADVANCE, FROZEN, MEMBERS };

/* 0001-01-01 and the end of 9999, as far as times are written. */
#define TIME_MIN INT64_C(-62135596800)
#define TIME_MAX INT64_C(253402300799)

int dev_clock_get(struct request *r, const char *id)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);
    char now[OKT_TIME_SIZE];

    (void)id;
    okt_time_format(org_now(r->org), now);
    yyjson_mut_obj_add_str(writer.doc, root, "now", now);
    yyjson_mut_obj_add_bool(writer.doc, root, "frozen",
                            org_clock_is_frozen(r->org->clock));
    okt_json_print(&writer, &r->reply);
    return reply_json(r);
}

/* The clock stands already where it is to be; what is due comes before the
 * answer. */
static store_status nothing(struct store *store, void *request)
{
    (void)store;
    (void)request;
    return STORE_OK;
}

static int settle(struct request *r)
{
    r->change.settles = true;
    return request_change(r, nothing);
}

int dev_clock_done(struct request *r, const char *id)
{
    return r->change.result == STORE_OK ? dev_clock_get(r, id)
                                        : reply_unavailable(r);
}

int dev_clock_reset(struct request *r, const char *id)
{
    struct dev *dev = r->org->dev;

    (void)id;
    pthread_mutex_lock(&dev->lock);
    atomic_store(&dev->clock->state, dev->clock_at_start);
    pthread_mutex_unlock(&dev->lock);
    return settle(r);
}

/* Each of these: 200, or the refusal. */

static int read_now(struct request *r, yyjson_val *json, int64_t *now)
{
    const char *text = okt_json_text(json);

    if (json == NULL || (text != NULL && okt_time_parse_from(text, *now, now)))
        return 200;
    return dev_invalid(r, "now",
                       "it must be a time such as "
                       "2026-01-31T08:00:00Z or -3d");
}

static int read_advance(struct request *r, yyjson_val *json, int64_t *now)
{
    const char *text = okt_json_text(json);
    struct okt_duration by;

    if (json == NULL)
        return 200;
    if (text == NULL || !okt_duration_parse_short(text, &by))
        return dev_invalid(r, "advance",
                           "it must be an ISO 8601 duration such as P30D or "
                           "PT90S, or 30d");
    if (okt_duration_add(*now, &by, 1, now))
        return 200;
    return dev_invalid(r, "advance", "the year must stay below 10000");
}

static int read_frozen(struct request *r, yyjson_val *json, bool *frozen)
{
    if (json == NULL)
        return 200;
    if (!yyjson_is_bool(json))
        return dev_invalid(r, "frozen", "it must be true or false");
    *frozen = yyjson_get_bool(json);
    return 200;
}

static int move_clock(struct request *r, const struct dev_member *members)
{
    struct org_clock *clock = r->org->clock;
    bool frozen = org_clock_is_frozen(clock);
    int64_t now = org_clock_now(clock);
    int status = read_now(r, members[NOW].value, &now);

    if (status == 200)
        status = read_advance(r, members[ADVANCE].value, &now);
    if (status == 200)
        status = read_frozen(r, members[FROZEN].value, &frozen);
    if (status == 200 && (now < TIME_MIN || now > TIME_MAX))
        status = dev_invalid(r, "now", "years from 0001 to 9999");
    if (status == 200)
        org_clock_set(clock, now, frozen);
    return status;
}

int dev_clock_set(struct request *r, const char *id)
{
    struct dev_member members[MEMBERS] = {
        { "now", NULL }, { "advance", NULL }, { "frozen", NULL }
    };
    AUTO(yyjson_doc) doc = dev_body(r, members, MEMBERS);
    struct dev *dev = r->org->dev;
    int status;

    (void)id;
    if (doc == NULL)
        return r->status;
    pthread_mutex_lock(&dev->lock);
    status = move_clock(r, members);
    pthread_mutex_unlock(&dev->lock);
    return status == 200 ? settle(r) : status;
}
