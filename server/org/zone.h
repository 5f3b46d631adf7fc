/* SPDX-License-Identifier: Apache-2.0 */
/* zone.h - network zones, and from where a token may be used. */
#ifndef ORGD_ZONE_H
#define ORGD_ZONE_H

#include <stdbool.h>

#include "server/store/store.h"
#include "wire/address.h"

#define ZONE_TYPE_IP "IP"
#define ZONE_ACTIVE "ACTIVE"
#define ZONE_INACTIVE "INACTIVE"

enum {
    ZONE_NAME_MAX = 128,    /* bytes */
    ZONE_GATEWAYS_MAX = 150 /* of one zone */
};

/* Whether an address is in one of a zone's gateways. */
bool zone_holds(const struct store_zone *zone,
                const struct okt_address *address);

/* Whether a token's condition can name that zone: an active one, of IPs. */
bool zone_is_usable(const struct store_zone *zone);

/*
 * Whether a network condition lets an address in: OK, or NOT_FOUND where it
 * does not. What can't be told is refused: a zone that is not there, not active
 * or not of IPs lets nobody in; one that is not active still keeps out who is
 * in it, and one that is not there, or not of IPs, everybody; no address is
 * outside of everything.
 */
store_status network_admits(struct store *store,
                            const struct store_network *network,
                            const char *address);

#endif
