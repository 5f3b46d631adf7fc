/* SPDX-License-Identifier: Apache-2.0 */
/* network.h - a network condition in words. */
#ifndef CLI_NETWORK_H
#define CLI_NETWORK_H

#include <okta/okta.h>

#include "buf.h"

/*
 * Appends "anywhere", "in nzo1 nzo2, not in nzo3", "any zone", ...; a condition
 * that is none of the console's five in the org's word; nothing where the org
 * tells none. The text is not escaped.
 */
void network_of_token(struct okt_buf *out, const okta_api_token *token);
void network_of_wanted(struct okt_buf *out, const okta_network *network);

#endif
