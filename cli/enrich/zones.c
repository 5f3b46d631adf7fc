/* SPDX-License-Identifier: Apache-2.0 */
/* zones.c - reading the org's network zones, and finding one. */
#include "cli/enrich/zones.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

AUTO_DEFINE(okta_page, okta_page_free)

void zones_free(struct zones *zones)
{
    for (size_t i = 0; i < zones->count; i++) {
        free(zones->list[i].id);
        free(zones->list[i].name);
        free(zones->list[i].gateways);
    }
    free(zones->list);
    *zones = (struct zones){ .count = 0 };
}

/* -------------------------------------------------------------- Reading -- */

static bool is(const char *text, const char *word)
{
    return text != NULL && strcmp(text, word) == 0;
}

/* False: no memory. */
static bool read_gateways(const okta_zone *from, struct zone *out)
{
    size_t count = okta_zone_gateway_count(from);

    out->gateways = calloc(count + 1, sizeof(out->gateways[0]));
    if (out->gateways == NULL)
        return false;
    out->ip = is(okta_zone_type(from), "IP");
    out->known = out->ip && !okta_zone_gateways_unreadable(from);
    for (; out->count < count && out->known; out->count++) {
        const char *text = okta_zone_gateway(from, out->count);

        out->known =
            okt_gateway_parse(text, strlen(text), &out->gateways[out->count]);
    }
    return true;
}

static bool copy_zone(const okta_zone *from, struct zone *out)
{
    out->id = strdup(okta_zone_id(from));
    out->name = strdup(okta_zone_name(from));
    out->active = is(okta_zone_status(from), "ACTIVE");
    return read_gateways(from, out) && out->id != NULL && out->name != NULL;
}

static bool add_page(const okta_page *page, struct zones *out)
{
    size_t count = okta_page_count(page);
    struct zone *list =
        realloc(out->list, (out->count + count + 1) * sizeof(*list));

    if (list == NULL)
        return false;
    out->list = list;
    memset(list + out->count, 0, (count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i++)
        if (!copy_zone(okta_page_zone(page, i), &list[out->count++]))
            return false;
    return true;
}

static okta_status fail_memory_of(okta_error *err)
{
    *err =
        (okta_error){ .status = OKTA_ERR_MEMORY, .message = "out of memory" };
    return OKTA_ERR_MEMORY;
}

static okta_status read_pages(okta_client *client, okta_response *response,
                              struct zones *out, okta_error *err)
{
    AUTO(okta_page) page = NULL;
    okta_status st = okta_zone_list(client, response, &page, err);

    while (st == OKTA_OK) {
        if (!add_page(page, out))
            return fail_memory_of(err);
        st = okta_page_next(client, page, response, err);
    }
    return st == OKTA_DONE ? OKTA_OK : st;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct zone *)a)->id, ((const struct zone *)b)->id);
}

okta_status zones_read(okta_client *client, okta_response *response,
                       struct zones *out, okta_error *err)
{
    okta_status st;

    *out = (struct zones){ .count = 0 };
    st = read_pages(client, response, out, err);
    if (st != OKTA_OK)
        zones_free(out);
    else if (out->count > 0)
        qsort(out->list, out->count, sizeof(out->list[0]), compare);
    return st;
}

/* -------------------------------------------------------------- Finding -- */

static int compare_id(const void *id, const void *zone)
{
    return strcmp(id, ((const struct zone *)zone)->id);
}

const struct zone *zones_find(const struct zones *zones, const char *id)
{
    if (zones == NULL || zones->count == 0)
        return NULL;
    return bsearch(id, zones->list, zones->count, sizeof(zones->list[0]),
                   compare_id);
}

bool zone_holds(const struct zone *zone, const struct okt_address *address)
{
    for (size_t i = 0; i < zone->count; i++)
        if (okt_gateway_holds(&zone->gateways[i], address))
            return true;
    return false;
}
