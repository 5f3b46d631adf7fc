/* SPDX-License-Identifier: Apache-2.0 */
/* zone.c - zones, and a network condition held against an address. */
#include "server/org/zone.h"

#include <string.h>

#include "wire/api.h"
#include "wire/id.h"

/* ----------------------------------------------------------- One zone -- */

bool zone_holds(const struct store_zone *zone,
                const struct okt_address *address)
{
    const char *p = zone->gateways;

    while (*p != '\0') {
        size_t len = strcspn(p, " ");
        struct okt_gateway gateway;

        if (okt_gateway_parse(p, len, &gateway) &&
            okt_gateway_holds(&gateway, address))
            return true;
        p += len;
        p += *p == ' ';
    }
    return false;
}

static bool is_ip(const struct store_zone *zone)
{
    return strcmp(zone->type, ZONE_TYPE_IP) == 0;
}

static bool is_active(const struct store_zone *zone)
{
    return strcmp(zone->status, ZONE_ACTIVE) == 0;
}

bool zone_is_usable(const struct store_zone *zone)
{
    return is_ip(zone) && is_active(zone);
}

/* ------------------------------------------------------ The condition -- */

/* An address on its way through the zones of one list. */
struct look {
    const struct okt_address *address;
    bool in;  /* it is in one that is active */
    bool out; /* it is not known to be outside of all */
};

static void look(const struct store_zone *zone, void *ctx)
{
    struct look *l = ctx;
    bool held = zone_holds(zone, l->address);

    l->in = l->in || (held && zone_is_usable(zone));
    l->out = l->out || held;
}

/* The same of a zone that is named: one of no IPs may be anywhere. */
static void look_named(const struct store_zone *zone, void *ctx)
{
    struct look *l = ctx;

    look(zone, ctx);
    l->out = l->out || !is_ip(zone);
}

static store_status look_at(struct store *store, const char *id, size_t len,
                            struct look *l)
{
    char name[OKT_ID_MAX + 1];
    store_status st = STORE_NOT_FOUND;

    if (len == strlen(OKT_ALL_ZONES) && strncmp(id, OKT_ALL_ZONES, len) == 0)
        return store->ops->zone_each(store, look, l);
    if (len <= OKT_ID_MAX) {
        memcpy(name, id, len);
        name[len] = '\0';
        st = store->ops->zone_find(store, name, look_named, l);
    }
    if (st != STORE_NOT_FOUND)
        return st;
    l->out = true;
    return STORE_OK;
}

static store_status look_at_all(struct store *store, const char *ids,
                                struct look *l)
{
    while (*ids != '\0') {
        size_t len = strcspn(ids, " ");
        store_status st = look_at(store, ids, len, l);

        if (st != STORE_OK)
            return st;
        ids += len;
        ids += *ids == ' ';
    }
    return STORE_OK;
}

store_status network_admits(struct store *store,
                            const struct store_network *network,
                            const char *address)
{
    struct okt_address parsed;
    struct look include = { .address = &parsed };
    struct look exclude = { .address = &parsed };

    if (strcmp(network->connection, OKT_ANYWHERE) == 0)
        return STORE_OK;
    if (strcmp(network->connection, OKT_ZONE) != 0 ||
        (network->include[0] == '\0' && network->exclude[0] == '\0') ||
        !okt_address_parse(address, &parsed))
        return STORE_NOT_FOUND;
    if (look_at_all(store, network->include, &include) != STORE_OK ||
        look_at_all(store, network->exclude, &exclude) != STORE_OK)
        return STORE_FAILED;
    return (network->include[0] == '\0' || include.in) && !exclude.out
               ? STORE_OK
               : STORE_NOT_FOUND;
}
