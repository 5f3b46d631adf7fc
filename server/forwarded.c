/* SPDX-License-Identifier: Apache-2.0 */
/* forwarded.c - X-Forwarded-For, read from its end. */
#include "forwarded.h"

#include <string.h>

#include "zone.h"

#define SPACES " \t"

/* The list's last entry before end, without the spaces around it; end moves to
 * the comma before it, or to the list's beginning. */
static const char *last_entry(const char *list, const char **end, size_t *len)
{
    const char *from = *end;
    const char *to = *end;

    while (from > list && from[-1] != ',')
        from--;
    *end = from > list ? from - 1 : from;
    while (from < to && strchr(SPACES, *from) != NULL)
        from++;
    while (to > from && strchr(SPACES, to[-1]) != NULL)
        to--;
    *len = (size_t)(to - from);
    return from;
}

static bool parse_entry(const char *text, size_t len, struct okt_address *out)
{
    char copy[OKT_ADDRESS_SIZE];

    if (len >= sizeof(copy))
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return okt_address_parse(copy, out);
}

void forwarded_apply(const char *proxies, const char *header, char *address,
                     size_t size)
{
    const struct store_zone trusted = { .gateways = proxies };
    const char *end = header + strlen(header);
    struct okt_address hop;

    if (!okt_address_parse(address, &hop))
        return;
    while (end > header && zone_holds(&trusted, &hop)) {
        size_t len;
        const char *entry = last_entry(header, &end, &len);

        if (!parse_entry(entry, len, &hop))
            return;
        okt_address_format(&hop, address, size);
    }
}
