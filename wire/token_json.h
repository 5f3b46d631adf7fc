/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token_json.h - the ApiToken, its network condition and its update as JSON.
 *
 * What is decoded borrows from the yyjson document, NULL where it was missing,
 * no string or one with a NUL in it. What is encoded has the key order of real
 * orgs.
 */
#ifndef OKT_TOKEN_JSON_H
#define OKT_TOKEN_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/json.h"

enum { OKT_ZONES_MAX = 100 }; /* ids in one list of a network condition */

/* From where a token may be used. An empty list is left out on the wire. */
struct okt_network {
    const char *connection;
    const char *const *include;
    size_t include_count;
    const char *const *exclude;
    size_t exclude_count;
};

/* As read. include and exclude are arrays of strings only, or NULL. */
struct okt_token_view {
    const char *id;
    const char *name;
    const char *user_id;
    const char *client_name;
    const char *token_window;
    const char *connection;
    yyjson_val *include;
    yyjson_val *exclude;
    const char *expires_at;
    const char *created;
    const char *last_updated;
    yyjson_val *links; /* see okt_token_href */
};

/*
 * NULL: read. Else a constant text that says what is wrong with it: no object,
 * no id or an empty one, no name, or a member of those above that comes twice,
 * since what is read here must be what any other reader of the JSON sees.
 */
const char *okt_token_decode(yyjson_val *json, struct okt_token_view *out);

/* Returns its link to "self" or "user", or NULL. Few readers ask for one. */
const char *okt_token_href(const struct okt_token_view *token, const char *rel);

/* As kept by an org. */
struct okt_token_record {
    const char *id;
    const char *name;
    const char *user_id;
    const char *client_name;
    const char *token_window; /* NULL: null */
    struct okt_network network;
    int64_t expires_at;
    int64_t created;
    int64_t last_updated;
};

/* Appends its JSON object. base_url: "https://host:port", for _links. */
void okt_token_encode(struct okt_buf *out, const struct okt_token_record *token,
                      const char *base_url);

/* Appends the body of an upsertApiToken: {"name","userId","clientName",
 * "created","network"}; a field that is NULL is left out. */
void okt_update_encode(struct okt_buf *out, const struct okt_token_view *token,
                       const struct okt_network *network);

/* A network condition as it came in an update. */
struct okt_network_view {
    const char *connection;
    yyjson_val *include; /* an array of strings, or NULL */
    yyjson_val *exclude;
};

/*
 * Reads the "network" member of an upsertApiToken. NULL: read. Else a text that
 * says what is wrong: no object, connection neither ANYWHERE nor ZONE, a list
 * that is none (null is as absent), more than OKT_ZONES_MAX ids, an id that
 * can't be one, ZONE without any zone, zones without ZONE, both lists.
 */
const char *okt_network_decode(yyjson_val *body, struct okt_network_view *out);

#endif
