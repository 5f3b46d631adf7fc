/* SPDX-License-Identifier: Apache-2.0 */
/* network.h - a network condition in words. */
#ifndef CLI_NETWORK_H
#define CLI_NETWORK_H

#include <stdbool.h>

#include <okta/okta.h>

#include "base/buf.h"
#include "cli/enrich/zones.h"

/* How zones are told. */
struct network_style {
    const struct zones *zones; /* NULL: by their ids */
    bool ids;                  /* the ids behind the names */
};

/*
 * Appends "anywhere", "in nzo1 nzo2, not in nzo3", "any zone", ...; a condition
 * that is none of the console's five in the org's word; nothing where the org
 * tells none. With names: "in Office, VPN", "in Office (nzo1), VPN (nzo2)"; a
 * zone that there is not is "unknown (nzo3)". The text is not escaped. style
 * may be NULL: ids.
 */
void network_of_token(struct okt_buf *out, const okta_api_token *token,
                      const struct network_style *style);
void network_of_wanted(struct okt_buf *out, const okta_network *network,
                       const struct network_style *style);

/* Whether a token's condition names zones, other than all of them. */
bool network_names_zones(const okta_api_token *token);

#endif
