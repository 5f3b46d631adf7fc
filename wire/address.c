/* SPDX-License-Identifier: Apache-2.0 */
/* address.c - IP addresses, and the gateways of a zone held against them. */
#include "wire/address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_LEN = 16, V4_AT = 12, TEXT_MAX = 128 };

/* ---------------------------------------------------------- Addresses -- */

bool okt_address_parse(const char *text, struct okt_address *out)
{
    static const unsigned char mapped[V4_AT] = { [10] = 0xff, [11] = 0xff };
    struct okt_address address = { .v6 = false };

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

void okt_address_format(const struct okt_address *address, char *out,
                        size_t size)
{
    inet_ntop(address->v6 ? AF_INET6 : AF_INET,
              address->bytes + (address->v6 ? 0 : V4_AT), out, (socklen_t)size);
}

/* ----------------------------------------------------------- Gateways -- */

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
static void set_host(struct okt_address *address, int prefix, bool on)
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
                       struct okt_gateway *out)
{
    bool written_v6 = strchr(address, ':') != NULL;
    int bits;

    if (!okt_address_parse(address, &out->first) ||
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

static bool parse_range(const char *first, const char *last,
                        struct okt_gateway *out)
{
    return okt_address_parse(first, &out->first) &&
           okt_address_parse(last, &out->last) &&
           out->first.v6 == out->last.v6 &&
           memcmp(out->first.bytes, out->last.bytes, ADDRESS_LEN) <= 0;
}

bool okt_gateway_parse(const char *text, size_t len, struct okt_gateway *out)
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

bool okt_gateway_is_valid(const char *text)
{
    struct okt_gateway gateway;

    return okt_gateway_parse(text, strlen(text), &gateway);
}

bool okt_gateway_holds(const struct okt_gateway *gateway,
                       const struct okt_address *address)
{
    return gateway->first.v6 == address->v6 &&
           memcmp(gateway->first.bytes, address->bytes, ADDRESS_LEN) <= 0 &&
           memcmp(address->bytes, gateway->last.bytes, ADDRESS_LEN) <= 0;
}
