/* SPDX-License-Identifier: Apache-2.0 */
/* forwarded.c - X-Forwarded-For, read from its end. */
#include "server/http/forwarded.h"

#include <string.h>

#include "server/org/zone.h"

#define SPACES " \t"

enum { PORT_DIGITS = 5 };

/* Returns the list's last entry before end, without the spaces around it. Moves
 * end to the comma before it; NULL: it was the first. */
static const char *last_entry(const char *list, const char **end, size_t *len)
{
    const char *from = *end;
    const char *to = *end;

    while (from > list && from[-1] != ',')
        from--;
    *end = from > list ? from - 1 : NULL;
    while (from < to && strchr(SPACES, *from) != NULL)
        from++;
    while (to > from && strchr(SPACES, to[-1]) != NULL)
        to--;
    *len = (size_t)(to - from);
    return from;
}

/* Takes the brackets of "[v6]" or "[v6]:port", or the port of "v4:port", off.
 * False: what stands behind the address is no port. */
static bool strip_port(const char **text, size_t *len)
{
    const char *from = *text;
    const char *end = from + *len;
    const char *rest = end; /* from the port's colon on */
    const char *colon = memchr(from, ':', *len);

    if (*len > 0 && *from == '[') {
        const char *close = memchr(from, ']', *len);

        if (close == NULL)
            return false;
        *text = from + 1;
        *len = (size_t)(close - from - 1);
        rest = close + 1;
        if (memchr(*text, ':', *len) == NULL)
            return false;
    } else if (colon != NULL &&
               memchr(colon + 1, ':', (size_t)(end - colon - 1)) == NULL) {
        *len = (size_t)(colon - from);
        rest = colon;
    }
    if (rest == end)
        return true;
    if (*rest++ != ':' || rest == end || end - rest > PORT_DIGITS)
        return false;
    while (rest < end && *rest >= '0' && *rest <= '9')
        rest++;
    return rest == end;
}

static bool parse_entry(const char *text, size_t len, struct okt_address *out)
{
    char copy[OKT_ADDRESS_SIZE];

    if (!strip_port(&text, &len) || len >= sizeof(copy))
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return okt_address_parse(copy, out);
}

bool forwarded_apply(const char *proxies, const char *header, char *address,
                     size_t size)
{
    const struct store_zone trusted = { .gateways = proxies };
    struct okt_address nearest;
    struct okt_address hop;
    const char *end;
    bool last = true;

    if (!okt_address_parse(address, &hop) || !zone_holds(&trusted, &hop))
        return true;
    if (header == NULL)
        return false;
    end = header + strlen(header);
    do {
        size_t len;
        const char *entry = last_entry(header, &end, &len);

        if (!parse_entry(entry, len, &hop))
            return false;
        if (last)
            nearest = hop;
        last = false;
    } while (zone_holds(&trusted, &hop) && end != NULL);
    if (zone_holds(&trusted, &hop))
        hop = nearest;
    okt_address_format(&hop, address, size);
    return true;
}
