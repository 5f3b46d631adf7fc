/* SPDX-License-Identifier: Apache-2.0 */
/* zone_json.h - network zones, as far as a token's condition needs them. */
#ifndef OKT_ZONE_JSON_H
#define OKT_ZONE_JSON_H

#include "wire/json.h"

/* More count as unreadable. */
enum { OKT_GATEWAYS_MAX = 10000 };

/* As read: borrowed from the yyjson document. */
struct okt_zone_view {
    const char *id;
    const char *name;
    const char *type;   /* "IP", "DYNAMIC", "DYNAMIC_V2"; or NULL */
    const char *status; /* "ACTIVE", "INACTIVE"; or NULL */
    yyjson_val
        *gateways;   /* an array, each of whose items has a value; or NULL */
    bool unreadable; /* it has gateways, but not such ones */
};

/* NULL: read. Else a constant text that says what is wrong with it: no object,
 * no id or no name, or a member of those above that comes twice. */
const char *okt_zone_decode(yyjson_val *json, struct okt_zone_view *out);

/* "192.0.2.0/24", "192.0.2.1-192.0.2.9"; NULL from the count on. */
size_t okt_zone_gateway_count(const struct okt_zone_view *zone);
const char *okt_zone_gateway(const struct okt_zone_view *zone, size_t i);

#endif
