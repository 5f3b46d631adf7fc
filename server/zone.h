/* SPDX-License-Identifier: Apache-2.0 */
/* zone.h - network zones, and from where a token may be used. */
#ifndef ORGD_ZONE_H
#define ORGD_ZONE_H

#include <stdbool.h>

#include "store.h"

#define ZONE_TYPE_IP "IP"
#define ZONE_ACTIVE "ACTIVE"
#define ZONE_INACTIVE "INACTIVE"

enum {
    ZONE_NAME_MAX = 128,    /* bytes */
    ADDRESS_TEXT_SIZE = 46, /* of any address, its NUL included */
    ZONE_GATEWAYS_MAX = 150 /* of one zone */
};

/* An IP address. A v6 one that maps a v4 one is that v4 one. */
struct address {
    unsigned char bytes[16]; /* v4: the last four, the rest 0 */
    bool v6;
};

/* False: it is none. */
bool address_parse(const char *text, struct address *out);

/* Writes it as text; size is at least ADDRESS_TEXT_SIZE. */
void address_format(const struct address *address, char *out, size_t size);

/* Whether text is a gateway: "192.0.2.0/24", "2001:db8::/32" or a range,
 * "192.0.2.1-192.0.2.9", both of whose ends belong to it. */
bool gateway_is_valid(const char *text);
bool gateway_is_range(const char *text);

/* Whether an address is in one of a zone's gateways. */
bool zone_holds(const struct store_zone *zone, const struct address *address);

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
