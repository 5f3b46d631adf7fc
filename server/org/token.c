/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - a token's life: its window, its last use, its end. */
#include "server/org/token.h"

#include <string.h>

#include "wire/iso8601.h"
#include "wire/token_json.h"

enum { NEVER_USED_SECONDS = 2 }; /* a last use this near to the making */

bool token_window_is_valid(const char *window)
{
    struct okt_duration duration;
    int64_t end;

    return strlen(window) <= STORE_WINDOW_MAX &&
           okt_duration_parse(window, &duration) && duration.months >= 0 &&
           duration.seconds >= 0 && okt_duration_add(0, &duration, 1, &end) &&
           end > 0;
}

/* Moves time by the window; a window that can't be read moves nothing. */
static int64_t move(const char *window, int64_t time, int sign)
{
    struct okt_duration duration;
    int64_t moved;

    if (window == NULL)
        window = TOKEN_WINDOW_DEFAULT;
    if (!okt_duration_parse(window, &duration) ||
        !okt_duration_add(time, &duration, sign, &moved))
        return time;
    return moved;
}

int64_t token_expiry(const char *window, int64_t used)
{
    return move(window, used, 1);
}

bool token_use_counts(const struct store_token *token, int64_t now)
{
    int64_t used = move(token->window, token->expires, -1);
    int64_t first = token->created + NEVER_USED_SECONDS;

    if (used <= first && now > first)
        return true;
    return now - used >= TOKEN_USE_SECONDS;
}

bool token_refresh(struct store_token *token, struct renewals *renewals,
                   int64_t now)
{
    struct renewal renewal;

    if (renewals_find(renewals, token->id, &renewal)) {
        if (renewal.expires > token->expires)
            token->expires = renewal.expires;
        if (renewal.used > token->last_updated)
            token->last_updated = renewal.used;
    }
    return token->expires > now;
}

/* The ids of one list, split. */
struct zones {
    char text[STORE_ZONES_MAX + 1];
    const char *ids[OKT_ZONES_MAX];
    size_t count;
};

static void split(const char *text, struct zones *zones)
{
    char *p = zones->text;

    zones->count = 0;
    if (strlen(text) > STORE_ZONES_MAX)
        return;
    memcpy(zones->text, text, strlen(text) + 1);
    while (*p != '\0' && zones->count < OKT_ZONES_MAX) {
        zones->ids[zones->count++] = p;
        p += strcspn(p, " ");
        if (*p == ' ')
            *p++ = '\0';
    }
}

void token_show(struct okt_buf *out, const struct store_token *token,
                const char *public_url)
{
    struct zones include;
    struct zones exclude;
    struct okt_token_record record = {
        .id = token->id,
        .name = token->name,
        .user_id = token->user_id,
        .client_name = token->client_name,
        .token_window = token->window,
        .expires_at = token->expires,
        .created = token->created,
        .last_updated = token->last_updated,
    };

    split(token->include, &include);
    split(token->exclude, &exclude);
    record.network = (struct okt_network){
        .connection = token->connection,
        .include = include.ids,
        .include_count = include.count,
        .exclude = exclude.ids,
        .exclude_count = exclude.count,
    };
    okt_token_encode(out, &record, public_url);
}
