/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_zone.c - okta-orgd zone: the commands for network zones. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "server/cmd/commands.h"
#include "server/org/admin.h"
#include "server/org/zone.h"
#include "server/util/diag.h"
#include "sys/clock.h"

bool args_gateways(const char *option, const struct args *args,
                   struct okt_buf *out)
{
    okt_buf_str(out, "");
    if (args->many_count > ZONE_GATEWAYS_MAX) {
        say("--%s: at most %d", option, ZONE_GATEWAYS_MAX);
        return false;
    }
    for (size_t i = 0; i < args->many_count; i++) {
        if (!okt_gateway_is_valid(args->many[i])) {
            say("--%s: %s: not a CIDR such as 192.0.2.0/24 or a range such as "
                "192.0.2.1-192.0.2.9",
                option, say_word(args->many[i]));
            return false;
        }
        if (i > 0)
            okt_buf_char(out, ' ');
        okt_buf_str(out, args->many[i]);
    }
    return !okt_buf_failed(out);
}

int cmd_zone_add(const struct args *args)
{
    OKT_BUF_AUTO gateways = OKT_BUF_INIT(STORE_GATEWAYS_MAX);
    AUTO(store_handle) store = NULL;
    char id[OKT_ID_LEN + 1];
    struct store_zone zone = {
        .id = id,
        .name = args->value[OPT_NAME],
        .type = ZONE_TYPE_IP,
        .status =
            args->value[OPT_INACTIVE] != NULL ? ZONE_INACTIVE : ZONE_ACTIVE,
        .created = okt_clock_now(),
    };
    store_status st;

    if (!args_text("name", zone.name, ZONE_NAME_MAX) ||
        !args_gateways("gateway", args, &gateways))
        return EXIT_CODE_USAGE;
    zone.gateways = gateways.data;
    zone.last_updated = zone.created;
    if (!data_open(args, &store))
        return EXIT_CODE_FAILED;
    if (!id_new("nzo", id))
        return say_failed("zone add: no random bytes");
    if (store->ops->begin(store) != STORE_OK)
        return EXIT_CODE_FAILED;
    st = data_end(store, admin_add_zone(store, &zone));
    if (st == STORE_CONFLICT)
        return say_failed("zone add: %s: that name is taken",
                          say_word(zone.name));
    if (st != STORE_OK)
        return EXIT_CODE_FAILED;
    printf("%s\n", id);
    return finish_output();
}

static void print_zone(const struct store_zone *zone, void *ctx)
{
    struct okt_buf *out = ctx;

    okt_buf_printf(out, "%s\t%s\t%s\t", zone->id, zone->status, zone->type);
    okt_escape(out, zone->name, strlen(zone->name));
    okt_buf_printf(out, "\t%s\n", zone->gateways);
}

int cmd_zone_list(const struct args *args)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(COMMAND_OUTPUT_MAX);
    AUTO(store_handle) store = NULL;

    if (!data_open(args, &store) ||
        store->ops->zone_each(store, print_zone, &out) != STORE_OK)
        return EXIT_CODE_FAILED;
    if (okt_buf_failed(&out))
        return say_failed("zone list: out of memory");
    if (out.len > 0)
        fwrite(out.data, 1, out.len, stdout);
    return finish_output();
}
