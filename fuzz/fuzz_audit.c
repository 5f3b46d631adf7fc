/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_audit.c - users, roles, zones and events, and the gateways of zones. */
#include "fuzz/fuzz.h"
#include "wire/address.h"
#include "wire/event_json.h"
#include "wire/user_json.h"
#include "wire/zone_json.h"

static void check_user(yyjson_val *json)
{
    struct okt_user_view user;
    struct okt_role_view role;

    if (okt_user_decode(json, &user) == NULL)
        FUZZ_TRUE(user.id != NULL && *user.id != '\0');
    if (okt_role_decode(json, &role) == NULL)
        FUZZ_TRUE(role.type != NULL && *role.type != '\0');
}

/* A gateway that is read holds its own ends, which are written and read. */
static void check_gateway(const char *text)
{
    struct okt_gateway gateway;
    struct okt_address again;
    char first[OKT_ADDRESS_SIZE];

    if (!okt_gateway_parse(text, strlen(text), &gateway))
        return;
    FUZZ_TRUE(okt_gateway_is_valid(text));
    FUZZ_TRUE(gateway.first.v6 == gateway.last.v6);
    FUZZ_TRUE(okt_gateway_holds(&gateway, &gateway.first));
    FUZZ_TRUE(okt_gateway_holds(&gateway, &gateway.last));
    okt_address_format(&gateway.first, first, sizeof(first));
    FUZZ_TRUE(okt_address_parse(first, &again));
    FUZZ_TRUE(memcmp(again.bytes, gateway.first.bytes, sizeof(again.bytes)) ==
              0);
}

static void check_zone(yyjson_val *json)
{
    struct okt_zone_view zone;
    size_t count;

    if (okt_zone_decode(json, &zone) != NULL)
        return;
    FUZZ_TRUE(zone.id != NULL && zone.name != NULL);
    count = okt_zone_gateway_count(&zone);
    FUZZ_TRUE(count == 0 || !zone.unreadable);
    for (size_t i = 0; i < count; i++) {
        FUZZ_TRUE(okt_zone_gateway(&zone, i) != NULL);
        check_gateway(okt_zone_gateway(&zone, i));
    }
    FUZZ_TRUE(okt_zone_gateway(&zone, count) == NULL);
}

static void check_event(yyjson_val *json)
{
    struct okt_event_view event;

    if (okt_event_decode(json, &event) == NULL)
        FUZZ_TRUE(event.type != NULL && *event.type != '\0');
}

static void check_all(yyjson_val *json)
{
    check_user(json);
    check_zone(json);
    check_event(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(char) text = fuzz_text(data, size);
    const char *why;
    bool no_memory;
    AUTO(yyjson_doc)
    doc = okt_json_read((const char *)data, size, &why, &no_memory);
    yyjson_val *root = yyjson_doc_get_root(doc);
    yyjson_arr_iter iter = yyjson_arr_iter_with(root);
    yyjson_val *item;

    check_gateway(text);
    check_all(root);
    while ((item = yyjson_arr_iter_next(&iter)) != NULL)
        check_all(item);
    return 0;
}
