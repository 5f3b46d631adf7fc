/* SPDX-License-Identifier: Apache-2.0 */
/* seed_zones.c - the network zones of a seed. */
#include <string.h>

#include "base/buf.h"
#include "server/org/zone.h"
#include "server/seed/seed_parts.h"

enum {
    ZONE_ID,
    ZONE_NAME,
    ZONE_TYPE,
    ZONE_STATUS,
    ZONE_GATEWAYS,
    ZONE_CREATED,
    ZONE_KEYS
};

/* Shorter ids than Okta's are taken, for tests that name their zones. */
static bool is_zone_id(const char *id)
{
    return okt_id_is_segment(id) && strpbrk(id, "-_") == NULL &&
           strncmp(id, "nzo", 3) == 0;
}

static bool get_zone_id(const struct seed *s, const struct seed_key *key,
                        const char *where, char room[static OKT_ID_LEN + 1],
                        const char **out)
{
    *out = NULL;
    if (!seed_get_text(s, key, where, OKT_ID_MAX, out))
        return false;
    if (*out == NULL) {
        *out = room;
        return id_new("nzo", room) ||
               seed_fail(s, key->node, where, "no random bytes");
    }
    return is_zone_id(*out) ||
           seed_fail_at(s, key, where, "must be nzo and letters or digits");
}

static bool get_status(const struct seed *s, const struct seed_key *key,
                       const char *where, struct store_zone *zone)
{
    return seed_get_text(s, key, where, STORE_NAME_MAX, &zone->status) &&
           (strcmp(zone->status, ZONE_ACTIVE) == 0 ||
            strcmp(zone->status, ZONE_INACTIVE) == 0 ||
            seed_fail_at(s, key, where, "must be ACTIVE or INACTIVE"));
}

static bool get_type(const struct seed *s, const struct seed_key *key,
                     const char *where, struct store_zone *zone)
{
    return seed_get_text(s, key, where, STORE_NAME_MAX, &zone->type) &&
           (strcmp(zone->type, ZONE_TYPE_IP) == 0 ||
            strcmp(zone->type, "DYNAMIC") == 0 ||
            strcmp(zone->type, "DYNAMIC_V2") == 0 ||
            seed_fail_at(s, key, where, "must be IP, DYNAMIC or DYNAMIC_V2"));
}

/* At least one for a zone of IPs, none for another. */
static bool get_gateways(struct seed *s, const struct seed_key *key,
                         const char *where, struct store_zone *zone,
                         struct okt_buf *out)
{
    struct where place = seed_member(where, key->key);
    bool ip = strcmp(zone->type, ZONE_TYPE_IP) == 0;
    yaml_node_t *item;
    size_t i;

    okt_buf_str(out, "");
    if (!seed_yaml_is_list(&s->yaml, key->node, place.text))
        return false;
    for (i = 0; (item = seed_yaml_item(&s->yaml, key->node, i)) != NULL; i++) {
        const char *text =
            seed_yaml_text(&s->yaml, item, place.text, STORE_NAME_MAX);

        if (text == NULL)
            return false;
        if (!ip || i >= ZONE_GATEWAYS_MAX || !okt_gateway_is_valid(text))
            return seed_fail(s, item, place.text,
                             "must be CIDRs or ranges, at most 150, of an IP "
                             "zone");
        if (i > 0)
            okt_buf_char(out, ' ');
        okt_buf_str(out, text);
    }
    zone->gateways = out->data;
    return (i > 0) == ip || seed_fail(s, key->node, place.text, "is missing");
}

static bool add(struct seed *s, yaml_node_t *node, const char *where,
                struct store_zone *zone)
{
    store_status st = s->store->ops->zone_add(s->store, zone);

    if (st == STORE_CONFLICT)
        seed_fail(s, node, where, "the name or the id is taken");
    return st == STORE_OK;
}

bool seed_zone(struct seed *s, yaml_node_t *node, const char *where)
{
    OKT_BUF_AUTO gateways = OKT_BUF_INIT(STORE_GATEWAYS_MAX);
    struct seed_key keys[ZONE_KEYS] = {
        { "id", NULL },     { "name", NULL },     { "type", NULL },
        { "status", NULL }, { "gateways", NULL }, { "created", NULL },
    };
    struct store_zone zone = {
        .type = ZONE_TYPE_IP, .status = ZONE_ACTIVE, .created = s->now
    };
    char id[OKT_ID_LEN + 1];

    if (!seed_yaml_map(&s->yaml, node, where, keys, ZONE_KEYS) ||
        !get_zone_id(s, &keys[ZONE_ID], where, id, &zone.id) ||
        !seed_need_text(s, node, &keys[ZONE_NAME], where, ZONE_NAME_MAX,
                        &zone.name) ||
        !get_type(s, &keys[ZONE_TYPE], where, &zone) ||
        !get_status(s, &keys[ZONE_STATUS], where, &zone) ||
        !get_gateways(s, &keys[ZONE_GATEWAYS], where, &zone, &gateways) ||
        !seed_get_time(s, &keys[ZONE_CREATED], where, &zone.created))
        return false;
    zone.last_updated = zone.created;
    return add(s, node, where, &zone);
}
