/* SPDX-License-Identifier: Apache-2.0 */
/* zones.h - the org's network zones: what they are called, whom they hold. */
#ifndef CLI_ZONES_H
#define CLI_ZONES_H

#include <stdbool.h>
#include <stddef.h>

#include <okta/okta.h>

#include "wire/address.h"

struct zone {
    char *id;
    char *name;
    bool active;
    bool ip;
    bool known; /* by its gateways: an IP zone, all of which could be read */
    size_t count;
    struct okt_gateway *gateways;
};

/* Sorted by id. */
struct zones {
    size_t count;
    struct zone *list;
};

#define ZONES_AUTO __attribute__((cleanup(zones_free))) struct zones

/* Reads them all; unless it is OK, out is empty. response may be NULL. */
okta_status zones_read(okta_client *client, okta_response *response,
                       struct zones *out, okta_error *err);

void zones_free(struct zones *zones);

/* NULL: there is none of that id; zones may be NULL, too. */
const struct zone *zones_find(const struct zones *zones, const char *id);

bool zone_holds(const struct zone *zone, const struct okt_address *address);

#endif
