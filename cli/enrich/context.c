/* SPDX-License-Identifier: Apache-2.0 */
/* context.c - owner, roles and zones of a token, as text and as JSON. */
#include "cli/enrich/context.h"

#include <string.h>

#include "base/mem.h"
#include "cli/enrich/network.h"
#include "cli/term/json_write.h"
#include "wire/api.h"

#define UNKNOWN "unknown"

const char *const part_names[PART_COUNT] = { "owner", "roles", "zones" };

bool parts_parse(const char *text, unsigned *out)
{
    unsigned parts = 0;

    for (;;) {
        size_t len = strcspn(text, ",");
        size_t i = 0;

        while (i < PART_COUNT && (strlen(part_names[i]) != len ||
                                  strncmp(part_names[i], text, len) != 0))
            i++;
        if (i == PART_COUNT)
            return false;
        parts |= PART_BIT(i);
        if (text[len] == '\0')
            break;
        text += len + 1;
    }
    *out = parts;
    return true;
}

enum part context_part_of(enum context_item item)
{
    static const enum part parts[] = {
        [CONTEXT_LOGIN] = PART_OWNER,   [CONTEXT_STATUS] = PART_OWNER,
        [CONTEXT_ROLES] = PART_ROLES,   [CONTEXT_ZONES] = PART_ZONES,
        [CONTEXT_UNKNOWN] = PART_COUNT,
    };

    return parts[item];
}

/* Whether an item's part was asked for, and is known. */
static bool is_known(const struct context *context, enum context_item item)
{
    enum part part = context_part_of(item);

    return context != NULL && part < PART_COUNT &&
           (context->parts & PART_BIT(part)) != 0 &&
           context->unknown[part] == NULL;
}

/* The text of the owner that an item is; NULL: the org did not say. */
static const char *owner_text(const struct context *context,
                              enum context_item item)
{
    return item == CONTEXT_LOGIN ? context->owner->login
                                 : context->owner->status;
}

/* -------------------------------------------------------------- As text -- */

static void add_roles(struct okt_buf *out, const struct owner *owner)
{
    const char *role = owner->roles.data;

    if (owner->role_count == 0)
        okt_buf_str(out, "none");
    for (size_t i = 0; i < owner->role_count; i++) {
        okt_buf_printf(out, "%s%s", i > 0 ? ", " : "", role);
        role += strlen(role) + 1;
    }
}

static void add_zones(struct okt_buf *out, const struct zones *zones,
                      const okta_api_token *token)
{
    size_t len = out->len;

    network_of_token(out, token, &(struct network_style){ zones, false });
    if (out->len == len)
        okt_buf_str(out, "no condition");
}

/* The parts that are not known, and why: "roles: forbidden, ...". */
static void add_unknown(struct okt_buf *out, const struct context *context,
                        bool json)
{
    const char *quote = json ? "\"" : "";
    const char *between = "";

    for (size_t i = 0; context != NULL && i < PART_COUNT; i++) {
        if ((context->parts & PART_BIT(i)) == 0 || context->unknown[i] == NULL)
            continue;
        okt_buf_printf(out, "%s%s%s%s:%s%s%s%s", between, quote, part_names[i],
                       quote, json ? "" : " ", quote, context->unknown[i],
                       quote);
        between = json ? "," : ", ";
    }
}

void context_text(struct okt_buf *out, const struct context *context,
                  enum context_item item, const okta_api_token *token)
{
    const char *text = NULL;

    if (item == CONTEXT_UNKNOWN) {
        add_unknown(out, context, false);
    } else if (!is_known(context, item)) {
        okt_buf_str(out, UNKNOWN);
    } else if (item == CONTEXT_ROLES) {
        add_roles(out, context->owner);
    } else if (item == CONTEXT_ZONES) {
        add_zones(out, context->zones, token);
    } else {
        text = owner_text(context, item);
        okt_buf_str(out, text != NULL ? text : UNKNOWN);
    }
}

static bool is_super_admin(const struct owner *owner)
{
    const char *role = owner->roles.data;

    for (size_t i = 0; i < owner->role_count; i++) {
        if (strcmp(role, "SUPER_ADMIN") == 0)
            return true;
        role += strlen(role) + 1;
    }
    return false;
}

bool context_is_risky(const struct context *context, enum context_item item,
                      const okta_api_token *token)
{
    const char *text;

    if (!is_known(context, item))
        return false;
    if (item == CONTEXT_ROLES)
        return is_super_admin(context->owner);
    text = item == CONTEXT_ZONES ? okta_api_token_connection(token)
                                 : owner_text(context, item);
    return text != NULL && (strcmp(text, "DEPROVISIONED") == 0 ||
                            strcmp(text, OKT_ANYWHERE) == 0);
}

/* -------------------------------------------------------------- As JSON -- */

static void json_text(struct okt_buf *out, const char *text)
{
    if (text != NULL)
        json_string(out, text);
    else
        okt_buf_str(out, "null");
}

static void json_roles(struct okt_buf *out, const struct owner *owner)
{
    const char *role = owner->roles.data;

    okt_buf_char(out, '[');
    for (size_t i = 0; i < owner->role_count; i++) {
        if (i > 0)
            okt_buf_char(out, ',');
        json_string(out, role);
        role += strlen(role) + 1;
    }
    okt_buf_char(out, ']');
}

typedef const char *zone_fn(const okta_api_token *token, size_t i);

/* In the places of the ids their names; null where there is no such zone. */
static void json_names(struct okt_buf *out, const struct zones *zones,
                       const okta_api_token *token, size_t count, zone_fn *id)
{
    okt_buf_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        const struct zone *zone = zones_find(zones, id(token, i));

        if (i > 0)
            okt_buf_char(out, ',');
        json_text(out, zone != NULL ? zone->name : NULL);
    }
    okt_buf_char(out, ']');
}

static void json_zones(struct okt_buf *out, const struct zones *zones,
                       const okta_api_token *token)
{
    okt_buf_str(out, "{\"include\":");
    json_names(out, zones, token, okta_api_token_include_count(token),
               okta_api_token_include);
    okt_buf_str(out, ",\"exclude\":");
    json_names(out, zones, token, okta_api_token_exclude_count(token),
               okta_api_token_exclude);
    okt_buf_char(out, '}');
}

static void json_unknown(struct okt_buf *out, const struct context *context)
{
    okt_buf_char(out, '{');
    add_unknown(out, context, true);
    okt_buf_char(out, '}');
}

void context_json(struct okt_buf *out, const struct context *context,
                  enum context_item item, const okta_api_token *token)
{
    if (item == CONTEXT_UNKNOWN)
        json_unknown(out, context);
    else if (!is_known(context, item))
        okt_buf_str(out, "null");
    else if (item == CONTEXT_ROLES)
        json_roles(out, context->owner);
    else if (item == CONTEXT_ZONES)
        json_zones(out, context->zones, token);
    else
        json_text(out, owner_text(context, item));
}

static void json_owner(struct okt_buf *out, const struct context *context,
                       const okta_api_token *token)
{
    if (!is_known(context, CONTEXT_LOGIN)) {
        okt_buf_str(out, "null");
        return;
    }
    okt_buf_str(out, "{\"login\":");
    context_json(out, context, CONTEXT_LOGIN, token);
    okt_buf_str(out, ",\"status\":");
    context_json(out, context, CONTEXT_STATUS, token);
    okt_buf_char(out, '}');
}

void context_members(struct okt_buf *out, const struct context *context,
                     const okta_api_token *token)
{
    if ((context->parts & PART_BIT(PART_OWNER)) != 0) {
        okt_buf_str(out, ",\"owner\":");
        json_owner(out, context, token);
    }
    if ((context->parts & PART_BIT(PART_ROLES)) != 0) {
        okt_buf_str(out, ",\"roles\":");
        context_json(out, context, CONTEXT_ROLES, token);
    }
    if ((context->parts & PART_BIT(PART_ZONES)) != 0) {
        okt_buf_str(out, ",\"zones\":");
        context_json(out, context, CONTEXT_ZONES, token);
    }
    okt_buf_str(out, ",\"unknown\":");
    json_unknown(out, context);
}
