/* SPDX-License-Identifier: Apache-2.0 */
/* event_filter.c - what an event can be filtered by: as event_show prints it.
 */
#include "server/api/event_filter.h"

#include "base/mem.h"
#include "server/org/event.h"

enum { TYPE, RESULT, TARGET, ACTOR, ADDRESS, TOKEN, PUBLISHED, ATTRIBUTES };

static const struct filter_attribute attributes[ATTRIBUTES] = {
    [TYPE] = { "eventType", FILTER_TEXT },
    [RESULT] = { "outcome.result", FILTER_TEXT },
    [TARGET] = { "target.id", FILTER_ID },
    [ACTOR] = { "actor.id", FILTER_ID },
    [ADDRESS] = { "client.ipAddress", FILTER_TEXT },
    [TOKEN] = { "transaction.detail.requestApiTokenId", FILTER_ID },
    [PUBLISHED] = { "published", FILTER_TIME },
};

struct filter *event_filter_parse(const char *text, int64_t now,
                                  struct filter_error *error)
{
    return filter_parse(text, attributes, ATTRIBUTES, now, error);
}

static bool get(void *ctx, size_t attribute, size_t i, struct filter_value *out)
{
    const struct store_event *event = ctx;
    const char *const texts[ATTRIBUTES] = {
        [TYPE] = event->type,
        [RESULT] = event_result(event->type),
        [TARGET] = i == 0 ? event->target_id : event->group_id,
        [ACTOR] = event_actor_id(event),
        [ADDRESS] = event->address,
        [TOKEN] = event->token_id,
    };

    out->text = texts[attribute];
    out->time = event->published;
    if (out->text == NULL && attribute != PUBLISHED)
        out->state = FILTER_VALUE_NULL;
    return i == 0 || (attribute == TARGET && i == 1 && out->text != NULL);
}

bool event_filter_matches(const struct filter *filter,
                          const struct store_event *event)
{
    return filter_evaluate(filter, get, (void *)(uintptr_t)event) ==
           FILTER_TRUE;
}
