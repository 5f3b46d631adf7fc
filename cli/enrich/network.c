/* SPDX-License-Identifier: Apache-2.0 */
/* network.c - one description of a condition, as it is and as it is to be. */
#include "cli/enrich/network.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "wire/api.h"

/* The zones of a token, or of what is asked for. */
struct list {
    const void *from;
    size_t count;
    const char *(*item)(const void *from, size_t i);
};

static const char *included(const void *token, size_t i)
{
    return okta_api_token_include(token, i);
}

static const char *excluded(const void *token, size_t i)
{
    return okta_api_token_exclude(token, i);
}

static const char *listed(const void *list, size_t i)
{
    return ((const char *const *)list)[i];
}

static bool is_all(const struct list *zones)
{
    return zones->count == 1 &&
           strcmp(zones->item(zones->from, 0), OKT_ALL_ZONES) == 0;
}

static void add_zone(struct okt_buf *out, const char *id,
                     const struct network_style *style)
{
    const struct zone *zone = zones_find(style->zones, id);

    if (style->zones == NULL || strcmp(id, OKT_ALL_ZONES) == 0)
        okt_buf_str(out, id);
    else if (zone == NULL)
        okt_buf_printf(out, "unknown (%s)", id);
    else if (style->ids)
        okt_buf_printf(out, "%s (%s)", zone->name, id);
    else
        okt_buf_str(out, zone->name);
}

/* "in " or "not in " its zones, or of all of them just text. */
static void add_zones(struct okt_buf *out, const struct list *zones,
                      const char *in, const char *all,
                      const struct network_style *style)
{
    if (zones->count == 0)
        return;
    if (is_all(zones)) {
        okt_buf_str(out, all);
        return;
    }
    okt_buf_str(out, in);
    for (size_t i = 0; i < zones->count; i++) {
        if (i > 0)
            okt_buf_str(out, style->zones != NULL ? ", " : " ");
        add_zone(out, zones->item(zones->from, i), style);
    }
}

static void add_both(struct okt_buf *out, const struct list *include,
                     const struct list *exclude,
                     const struct network_style *style)
{
    add_zones(out, include, "in ", "any zone", style);
    if (include->count > 0 && exclude->count > 0)
        okt_buf_str(out, ", ");
    add_zones(out, exclude, "not in ", "no zone", style);
}

/* Lists count with ZONE alone; where they stand beside another word, that is
 * told first, since it decides. */
static void describe(struct okt_buf *out, const char *connection,
                     const struct list *include, const struct list *exclude,
                     const struct network_style *style)
{
    static const struct network_style by_id = { .zones = NULL };
    bool lists = include->count > 0 || exclude->count > 0;
    bool zone = connection == NULL || strcmp(connection, OKT_ZONE) == 0;
    bool anywhere = !zone && strcmp(connection, OKT_ANYWHERE) == 0;

    if (style == NULL)
        style = &by_id;
    if (anywhere)
        okt_buf_str(out, "anywhere");
    else if (connection != NULL && (!zone || !lists))
        okt_buf_str(out, connection);
    if (zone || !lists) {
        add_both(out, include, exclude, style);
        return;
    }
    okt_buf_str(out, " (lists: ");
    add_both(out, include, exclude, style);
    okt_buf_char(out, ')');
}

void network_of_token(struct okt_buf *out, const okta_api_token *token,
                      const struct network_style *style)
{
    struct list include = { token, okta_api_token_include_count(token),
                            included };
    struct list exclude = { token, okta_api_token_exclude_count(token),
                            excluded };

    describe(out, okta_api_token_connection(token), &include, &exclude, style);
}

void network_of_wanted(struct okt_buf *out, const okta_network *network,
                       const struct network_style *style)
{
    struct list include = { network->include, network->include_count, listed };
    struct list exclude = { network->exclude, network->exclude_count, listed };

    describe(out, network->connection, &include, &exclude, style);
}

static bool names_zones(const struct list *zones)
{
    return zones->count > 0 && !is_all(zones);
}

bool network_names_zones(const okta_api_token *token)
{
    struct list include = { token, okta_api_token_include_count(token),
                            included };
    struct list exclude = { token, okta_api_token_exclude_count(token),
                            excluded };

    return names_zones(&include) || names_zones(&exclude);
}
