/* SPDX-License-Identifier: Apache-2.0 */
/* zone.c - addresses, gateways, and a network condition held against them. */
#include "zone.h"

#include <arpa/inet.h>
#include <string.h>

#include "api.h"
#include "id.h"

enum { ADDRESS_LEN = 16, V4_AT = 12, TEXT_MAX = 128 };

/* From first to last, both included and of one family. */
struct span {
    struct address first;
    struct address last;
};

/* ------------------------------------------------- Addresses, gateways -- */

bool address_parse(const char *text, struct address *out)
{
    static const unsigned char mapped[V4_AT] = { [10] = 0xff, [11] = 0xff };
    struct address address = { .v6 = false };

    if (inet_pton(AF_INET, text, address.bytes + V4_AT) == 1) {
        *out = address;
        return true;
    }
    if (inet_pton(AF_INET6, text, address.bytes) != 1)
        return false;
    address.v6 = memcmp(address.bytes, mapped, V4_AT) != 0;
    if (!address.v6)
        memset(address.bytes, 0, V4_AT);
    *out = address;
    return true;
}

void address_format(const struct address *address, char *out, size_t size)
{
    inet_ntop(address->v6 ? AF_INET6 : AF_INET,
              address->bytes + (address->v6 ? 0 : V4_AT), out, (socklen_t)size);
}

/* Reads "24", at most three digits, up to max. */
static bool parse_prefix(const char *text, int max, int *out)
{
    size_t len = strspn(text, "0123456789");

    if (len == 0 || len > 3 || text[len] != '\0')
        return false;
    *out = (int)strtol(text, NULL, 10);
    return *out <= max;
}

/* Sets all bits behind the prefix, which counts from the first of 128. */
static void set_host(struct address *address, int prefix, bool on)
{
    for (int bit = prefix; bit < ADDRESS_LEN * 8; bit++) {
        unsigned char mask = (unsigned char)(0x80 >> bit % 8);

        if (on)
            address->bytes[bit / 8] |= mask;
        else
            address->bytes[bit / 8] &= (unsigned char)~mask;
    }
}

/* A prefix is counted in the family that the text is written in: 96 bits of
 * "::ffff:192.0.2.0/120" are the mapping. One of fewer is of no family. */
static bool parse_cidr(const char *address, const char *prefix,
                       struct span *out)
{
    bool written_v6 = strchr(address, ':') != NULL;
    int bits;

    if (!address_parse(address, &out->first) ||
        !parse_prefix(prefix, written_v6 ? 128 : 32, &bits))
        return false;
    if (!written_v6)
        bits += 96;
    if (!out->first.v6 && bits < 96)
        return false;
    out->last = out->first;
    set_host(&out->first, bits, false);
    set_host(&out->last, bits, true);
    return true;
}

static bool parse_range(const char *first, const char *last, struct span *out)
{
    return address_parse(first, &out->first) &&
           address_parse(last, &out->last) && out->first.v6 == out->last.v6 &&
           memcmp(out->first.bytes, out->last.bytes, ADDRESS_LEN) <= 0;
}

static bool parse_gateway(const char *text, size_t len, struct span *out)
{
    char copy[TEXT_MAX];
    char *mark;
    bool cidr;

    if (len >= sizeof(copy))
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    mark = strpbrk(copy, "/-");
    if (mark == NULL)
        return false;
    cidr = *mark == '/';
    *mark++ = '\0';
    return cidr ? parse_cidr(copy, mark, out) : parse_range(copy, mark, out);
}

bool gateway_is_valid(const char *text)
{
    struct span span;

    return parse_gateway(text, strlen(text), &span);
}

bool gateway_is_range(const char *text)
{
    return strchr(text, '-') != NULL;
}

static bool span_holds(const struct span *span, const struct address *address)
{
    return span->first.v6 == address->v6 &&
           memcmp(span->first.bytes, address->bytes, ADDRESS_LEN) <= 0 &&
           memcmp(address->bytes, span->last.bytes, ADDRESS_LEN) <= 0;
}

bool zone_holds(const struct store_zone *zone, const struct address *address)
{
    const char *p = zone->gateways;

    while (*p != '\0') {
        size_t len = strcspn(p, " ");
        struct span span;

        if (parse_gateway(p, len, &span) && span_holds(&span, address))
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
    const struct address *address;
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
    struct address parsed;
    struct look include = { .address = &parsed };
    struct look exclude = { .address = &parsed };

    if (strcmp(network->connection, OKT_ANYWHERE) == 0)
        return STORE_OK;
    if (strcmp(network->connection, OKT_ZONE) != 0 ||
        (network->include[0] == '\0' && network->exclude[0] == '\0') ||
        !address_parse(address, &parsed))
        return STORE_NOT_FOUND;
    if (look_at_all(store, network->include, &include) != STORE_OK ||
        look_at_all(store, network->exclude, &exclude) != STORE_OK)
        return STORE_FAILED;
    return (network->include[0] == '\0' || include.in) && !exclude.out
               ? STORE_OK
               : STORE_NOT_FOUND;
}
