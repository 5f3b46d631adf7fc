/* SPDX-License-Identifier: Apache-2.0 */
/* event_json.h - events of the System Log: what was done, from where, by which
 * token. */
#ifndef OKT_EVENT_JSON_H
#define OKT_EVENT_JSON_H

#include "wire/json.h"

/* As read: borrowed from the yyjson document, NULL where it was missing. */
struct okt_event_view {
    const char *id;        /* uuid */
    const char *type;      /* eventType */
    const char *published; /* when */
    const char *address;   /* client.ipAddress */
    const char *token_id;  /* transaction.detail.requestApiTokenId: the token
                              that the request was made with */
};

/* NULL: read. Else a constant text that says what is wrong with it: no object,
 * no eventType, or a member of those above that comes twice. */
const char *okt_event_decode(yyjson_val *json, struct okt_event_view *out);

#endif
