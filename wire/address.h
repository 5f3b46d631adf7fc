/* SPDX-License-Identifier: Apache-2.0 */
/* address.h - IP addresses, and the gateways that a network zone is made of. */
#ifndef OKT_ADDRESS_H
#define OKT_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { OKT_ADDRESS_SIZE = 46 }; /* of any address's text, its NUL included */

/* An IP address. A v6 one that maps a v4 one is that v4 one. */
struct okt_address {
    unsigned char bytes[16]; /* v4: the last four, the rest 0 */
    bool v6;
};

/* False: it is none, and *out is as it was. */
bool okt_address_parse(const char *text, struct okt_address *out);

/* Writes it as text; size is at least OKT_ADDRESS_SIZE. */
void okt_address_format(const struct okt_address *address, char *out,
                        size_t size);

/* Addresses from first to last, both included and of one family. */
struct okt_gateway {
    struct okt_address first;
    struct okt_address last;
};

/* Reads len bytes of "192.0.2.0/24", "2001:db8::/32" or a range,
 * "192.0.2.1-192.0.2.9", both of whose ends belong to it. False: it is none. */
bool okt_gateway_parse(const char *text, size_t len, struct okt_gateway *out);

/* Whether a text as a whole is one. */
bool okt_gateway_is_valid(const char *text);

bool okt_gateway_holds(const struct okt_gateway *gateway,
                       const struct okt_address *address);

#endif
