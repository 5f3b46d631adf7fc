/* SPDX-License-Identifier: Apache-2.0 */
/* field.c - the table of fields, and the values of a token's. */
#include "cli/output/field.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "cli/enrich/network.h"
#include "cli/output/json_find.h"
#include "wire/api.h"
#include "wire/id.h"

/* --------------------------------------------------------- The fields -- */

/* clang-format off */
static const struct field known[] = {
    { .name = "id", .title = "ID", .kind = FIELD_TEXT,
      .text = okta_api_token_id },
    { .name = "name", .title = "NAME", .kind = FIELD_TEXT,
      .text = okta_api_token_name },
    { .name = "userId", .title = "OWNER", .kind = FIELD_TEXT,
      .text = okta_api_token_user_id },
    { .name = "clientName", .title = "CLIENT", .kind = FIELD_TEXT,
      .text = okta_api_token_client_name },
    { .name = "tokenWindow", .title = "WINDOW", .kind = FIELD_TEXT,
      .text = okta_api_token_token_window },
    { .name = "network", .title = "NETWORK", .kind = FIELD_NETWORK },
    { .name = "network.connection", .title = "CONNECTION", .kind = FIELD_TEXT,
      .text = okta_api_token_connection },
    { .name = "network.include", .title = "INCLUDE", .kind = FIELD_LIST,
      .count = okta_api_token_include_count,
      .item = okta_api_token_include },
    { .name = "network.exclude", .title = "EXCLUDE", .kind = FIELD_LIST,
      .count = okta_api_token_exclude_count,
      .item = okta_api_token_exclude },
    { .name = "created", .title = "CREATED", .kind = FIELD_TIME,
      .text = okta_api_token_created,
      .time = okta_api_token_created_time },
    { .name = "lastUpdated", .title = "UPDATED", .kind = FIELD_TIME,
      .text = okta_api_token_last_updated,
      .time = okta_api_token_last_updated_time },
    { .name = "expiresAt", .title = "EXPIRES", .kind = FIELD_TIME,
      .text = okta_api_token_expires_at,
      .time = okta_api_token_expires_at_time },
    { .name = "_links.self.href", .title = "LINK", .kind = FIELD_TEXT,
      .text = okta_api_token_self_href, .alias = "_link.self.href" },
    { .name = "_links.user.href", .title = "OWNER LINK", .kind = FIELD_TEXT,
      .text = okta_api_token_user_href, .alias = "_link.user.href" },
    { .name = "x.lastUsed", .title = "LAST USED", .kind = FIELD_LAST_USED },
    { .name = "x.neverUsed", .title = "NEVER USED", .kind = FIELD_NEVER_USED },
    { .name = "x.status", .title = "STATUS", .kind = FIELD_STATUS },
    { .name = "x.ageDays", .title = "AGE", .kind = FIELD_AGE_DAYS },
    { .name = "x.expiresInDays", .title = "DAYS LEFT",
      .kind = FIELD_EXPIRES_IN_DAYS },
    { .name = "x.owner.login", .title = "OWNER", .kind = FIELD_CONTEXT,
      .context = CONTEXT_LOGIN },
    { .name = "x.owner.status", .title = "OWNER STATUS", .kind = FIELD_CONTEXT,
      .context = CONTEXT_STATUS },
    { .name = "x.roles", .title = "ROLES", .kind = FIELD_CONTEXT,
      .context = CONTEXT_ROLES },
    { .name = "x.zones", .title = "ZONES", .kind = FIELD_CONTEXT,
      .context = CONTEXT_ZONES },
    { .name = "x.unknown", .title = "UNKNOWN", .kind = FIELD_CONTEXT,
      .context = CONTEXT_UNKNOWN },
};

static const struct field known_of_zones[] = {
    { .name = "id",       .title = "ID",       .kind = FIELD_PATH     },
    { .name = "name",     .title = "NAME",     .kind = FIELD_PATH     },
    { .name = "status",   .title = "STATUS",   .kind = FIELD_PATH     },
    { .name = "type",     .title = "TYPE",     .kind = FIELD_PATH     },
    { .name = "gateways", .title = "GATEWAYS", .kind = FIELD_GATEWAYS },
};
/* clang-format on */

const struct field_set field_of_tokens = { ARRAY_LEN(known), known };
const struct field_set field_of_zones = { ARRAY_LEN(known_of_zones),
                                          known_of_zones };

static const struct field *find_known(const struct field_set *set,
                                      const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->fields[i].name, name) == 0)
            return &set->fields[i];
    return NULL;
}

const char *field_name(size_t i)
{
    return i < ARRAY_LEN(known) ? known[i].name : NULL;
}

/* ----------------------------------------------------------- --fields -- */

enum { WHY_MAX = 4096, QUOTED_MAX = 200 };

/* Foreign text in quotes; nothing if it may be a secret, or is too long. */
static void quote(struct okt_buf *why, const char *text)
{
    size_t len = strlen(text);

    if (len > QUOTED_MAX || okt_has_secret(text))
        return;
    okt_buf_str(why, " \"");
    okt_escape(why, text, len);
    okt_buf_char(why, '"');
}

static void list_known(const struct field_set *set, struct okt_buf *why)
{
    okt_buf_str(why, "; there are: ");
    for (size_t i = 0; i < set->count; i++) {
        okt_buf_str(why, i > 0 ? ", " : "");
        okt_buf_str(why, set->fields[i].name);
    }
    okt_buf_str(why, "; any other member has a dot before its name: .added");
}

/* Whether there is a path at all, and no step of it is empty. */
static bool is_path(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && text[0] != '.' && text[len - 1] != '.' &&
           strstr(text, "..") == NULL;
}

static bool has_field(const struct field_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->fields[i].name, name) == 0)
            return true;
    return false;
}

/* Adds the field of that name; nothing is written to why if that works. */
static void add_field(const struct field_set *set, struct field_list *list,
                      const char *name, struct okt_buf *why)
{
    const struct field *field = find_known(set, name);
    struct field path = { .kind = FIELD_PATH };

    if (field == NULL && name[0] == '.' && is_path(name + 1)) {
        path.name = name + 1;
        path.title = name + 1;
        field = find_known(set, path.name);
        field = field != NULL ? field : &path;
    }
    if (field == NULL) {
        okt_buf_str(why, "unknown field");
        quote(why, name);
        list_known(set, why);
    } else if (has_field(list, field->name)) {
        okt_buf_str(why, "a field that is named twice:");
        quote(why, name);
    } else if (list->count == FIELDS_MAX) {
        okt_buf_str(why, "too many fields");
    } else {
        list->fields[list->count++] = *field;
    }
}

/* The next name of a list that commas part, without spaces around it. */
static char *next_name(char **rest)
{
    char *name = *rest + strspn(*rest, " ");
    size_t len = strcspn(name, ",");

    *rest = name[len] == ',' ? name + len + 1 : NULL;
    while (len > 0 && name[len - 1] == ' ')
        len--;
    name[len] = '\0';
    return name;
}

bool field_list_parse(const struct field_set *set, const char *text,
                      struct field_list *out, char **why)
{
    OKT_BUF_AUTO problem = OKT_BUF_INIT(WHY_MAX);
    char *rest;

    *why = NULL;
    out->count = 0;
    out->names = strdup(text);
    if (out->names == NULL)
        return false;
    rest = out->names;
    while (rest != NULL && problem.len == 0 && !okt_buf_failed(&problem))
        add_field(set, out, next_name(&rest), &problem);
    if (problem.len == 0 && !okt_buf_failed(&problem))
        return true;
    *why = okt_buf_take(&problem);
    field_list_free(out);
    return false;
}

void field_list_free(struct field_list *list)
{
    free(list->names);
    list->names = NULL;
    list->count = 0;
}

unsigned field_list_parts(const struct field_list *list)
{
    unsigned parts = 0;

    for (size_t i = 0; i < list->count; i++) {
        enum part part = context_part_of(list->fields[i].context);

        if (list->fields[i].kind == FIELD_CONTEXT && part < PART_COUNT)
            parts |= PART_BIT(part);
    }
    return parts;
}

/* ----------------------------------------------------- What x is made of -- */

enum { DAY = 86400, USED_DAYS = 3, EXPIRING_DAYS = 7 };

/* The rules are in output_help. */
static const char *status_of(const struct row *row, int64_t now)
{
    if (row->usage == OKTA_USAGE_NEVER)
        return "unused";
    if (row->usage == OKTA_USAGE_USED &&
        row->last_used >= now - USED_DAYS * DAY)
        return "used";
    if (row->has_expires && row->expires <= now + EXPIRING_DAYS * DAY)
        return "expiring";
    return row->usage == OKTA_USAGE_USED ? "idle" : "unknown";
}

void row_init(struct row *row, const okta_api_token *token,
              const struct context *context, int64_t now)
{
    *row = (struct row){ .token = token, .context = context };
    row->usage = okta_api_token_usage(token, &row->last_used);
    row->has_created = okta_api_token_created_time(token, &row->created);
    row->has_expires = okta_api_token_expires_at_time(token, &row->expires);
    row->status = status_of(row, now);
}

const char *row_status(const okta_api_token *token, int64_t now)
{
    struct row row;

    row_init(&row, token, NULL, now);
    return row.status;
}

/* Whole days of a span, rounded down: -1 has just passed. */
static int64_t days(int64_t span)
{
    return span / DAY - (span % DAY < 0);
}

static bool age_days(const struct row *row, int64_t now, int64_t *out)
{
    /* The org's clock may be ahead of ours. */
    *out = row->created > now ? 0 : days(now - row->created);
    return row->has_created;
}

static bool expires_in_days(const struct row *row, int64_t now, int64_t *out)
{
    *out = days(row->expires - now);
    return row->has_expires;
}

static void add(struct piece *piece, const char *text, size_t len)
{
    memcpy(piece->data + piece->len, text, len);
    piece->len += len;
}

#define ADD(piece, literal) add(piece, literal, sizeof(literal) - 1)

static void add_number(struct piece *out, bool there, int64_t n)
{
    char text[TEXT_SIZE];

    if (there)
        add(out, text, text_number(n, text));
    else
        ADD(out, "null");
}

static void add_last_used(struct piece *out, const struct row *row,
                          struct text_clock *clock)
{
    char text[TEXT_SIZE];

    if (row->usage != OKTA_USAGE_USED || clock->how == OUTPUT_UNIX) {
        add_number(out, row->usage == OKTA_USAGE_USED, row->last_used);
        return;
    }
    ADD(out, "\"");
    add(out, text, text_iso(clock, row->last_used, text));
    ADD(out, "\"");
}

static void add_never_used(struct piece *out, const struct row *row)
{
    if (row->usage == OKTA_USAGE_NEVER)
        ADD(out, "true");
    else if (row->usage == OKTA_USAGE_USED)
        ADD(out, "false");
    else
        ADD(out, "null");
}

static void add_x(const struct row *row, enum field_kind kind,
                  struct text_clock *clock, struct piece *out)
{
    bool there;
    int64_t n;

    if (kind == FIELD_LAST_USED) {
        add_last_used(out, row, clock);
    } else if (kind == FIELD_NEVER_USED) {
        add_never_used(out, row);
    } else if (kind == FIELD_STATUS) {
        ADD(out, "\"");
        add(out, row->status, strlen(row->status));
        ADD(out, "\"");
    } else {
        there = kind == FIELD_AGE_DAYS ? age_days(row, clock->now, &n)
                                       : expires_in_days(row, clock->now, &n);
        add_number(out, there, n);
    }
}

void row_x_json(const struct row *row, const struct field *field,
                struct text_clock *clock, struct piece *out)
{
    out->len = 0;
    add_x(row, field->kind, clock, out);
}

void row_x_object(const struct row *row, struct text_clock *clock,
                  struct piece *out)
{
    out->len = 0;
    ADD(out, "{\"lastUsed\":");
    add_x(row, FIELD_LAST_USED, clock, out);
    ADD(out, ",\"neverUsed\":");
    add_x(row, FIELD_NEVER_USED, clock, out);
    ADD(out, ",\"status\":");
    add_x(row, FIELD_STATUS, clock, out);
    ADD(out, ",\"ageDays\":");
    add_x(row, FIELD_AGE_DAYS, clock, out);
    ADD(out, ",\"expiresInDays\":");
    add_x(row, FIELD_EXPIRES_IN_DAYS, clock, out);
    ADD(out, "}");
}

/* ----------------------------------------------------------- As JSON -- */

struct okt_span row_json(const struct row *row)
{
    struct okt_span json;

    json.data = row->zone != NULL ? okta_zone_json(row->zone, &json.len)
                                  : okta_api_token_json(row->token, &json.len);
    return json;
}

bool row_find(const struct row *row, const struct field *field,
              struct okt_span *out)
{
    struct okt_span json = row_json(row);

    return json_find(json, field->name, out) ||
           (field->alias != NULL && json_find(json, field->alias, out));
}

/* ----------------------------------------------------------- As text -- */

static void set_small(struct cell_maker *maker, size_t len, struct cell *out)
{
    *out = (struct cell){ maker->small, len, false };
}

static void set_text(struct cell *out, const char *text, bool foreign)
{
    if (text != NULL)
        *out = (struct cell){ text, strlen(text), foreign };
}

/* A time of the org: as it sent it where that is asked for, or unreadable. */
static void time_cell(const struct row *row, const struct field *field,
                      struct cell_maker *maker, struct cell *out)
{
    int64_t time;

    if (maker->clock.how == OUTPUT_ISO || !field->time(row->token, &time))
        set_text(out, field->text(row->token), true);
    else
        set_small(maker, text_time(&maker->clock, time, maker->small), out);
}

static void last_used_cell(const struct row *row, struct cell_maker *maker,
                           struct cell *out)
{
    int64_t time = row->last_used;

    if (row->usage != OKTA_USAGE_USED) {
        if (maker->words)
            set_text(out, row->usage == OKTA_USAGE_NEVER ? "never" : "unknown",
                     false);
        return;
    }
    if (maker->clock.how == OUTPUT_RELATIVE && time > maker->clock.now)
        time = maker->clock.now; /* the org's clock may be ahead of ours */
    set_small(maker, text_time(&maker->clock, time, maker->small), out);
}

static void add_list(struct okt_buf *out, const okta_api_token *token,
                     size_t count,
                     const char *(*item)(const okta_api_token *, size_t))
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            okt_buf_char(out, ' ');
        okt_buf_str(out, item(token, i));
    }
}

static void add_gateways(struct okt_buf *out, const okta_zone *zone)
{
    for (size_t i = 0; i < okta_zone_gateway_count(zone); i++)
        okt_buf_printf(out, "%s%s", i > 0 ? " " : "",
                       okta_zone_gateway(zone, i));
}

/* What is made in the maker's buffer. */
static bool made_cell(const struct row *row, const struct field *field,
                      struct cell_maker *maker, struct cell *out)
{
    struct okt_span value;

    okt_buf_clear(&maker->buf);
    okt_buf_append(&maker->buf, "", 0);
    if (field->kind == FIELD_LIST)
        add_list(&maker->buf, row->token, field->count(row->token),
                 field->item);
    else if (field->kind == FIELD_NETWORK)
        network_of_token(&maker->buf, row->token, NULL);
    else if (field->kind == FIELD_GATEWAYS)
        add_gateways(&maker->buf, row->zone);
    else if (field->kind == FIELD_CONTEXT)
        context_text(&maker->buf, row->context, field->context, row->token);
    else if (row_find(row, field, &value) && !json_plain(&maker->buf, value))
        return false;
    if (okt_buf_failed(&maker->buf))
        return false;
    *out = (struct cell){ maker->buf.data, maker->buf.len, true };
    return true;
}

static void x_cell(const struct row *row, const struct field *field,
                   struct cell_maker *maker, struct cell *out)
{
    int64_t n;

    if (field->kind == FIELD_STATUS) {
        set_text(out, row->status, false);
    } else if (field->kind == FIELD_NEVER_USED) {
        if (row->usage != OKTA_USAGE_UNKNOWN)
            set_text(out, row->usage == OKTA_USAGE_NEVER ? "true" : "false",
                     false);
    } else if (field->kind == FIELD_AGE_DAYS
                   ? age_days(row, maker->clock.now, &n)
                   : expires_in_days(row, maker->clock.now, &n)) {
        set_small(maker, text_number(n, maker->small), out);
    }
}

bool row_cell(const struct row *row, const struct field *field,
              struct cell_maker *maker, struct cell *out)
{
    *out = (struct cell){ "", 0, false };
    switch (field->kind) {
    case FIELD_TEXT:
        set_text(out, field->text(row->token), true);
        return true;
    case FIELD_TIME:
        time_cell(row, field, maker, out);
        return true;
    case FIELD_LIST:
    case FIELD_NETWORK:
    case FIELD_PATH:
    case FIELD_GATEWAYS:
    case FIELD_CONTEXT:
        return made_cell(row, field, maker, out);
    case FIELD_LAST_USED:
        last_used_cell(row, maker, out);
        return true;
    default:
        x_cell(row, field, maker, out);
        return true;
    }
}

/* ----------------------------------------------------------- Colours -- */

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define GRAY "\033[90m"

/* clang-format off */
static const struct {
    const char *status;
    const char *color;
} status_colors[] = {
    { "used",     GREEN  },
    { "idle",     GRAY   },
    { "expiring", RED    },
    { "unused",   YELLOW },
};
/* clang-format on */

static const char *status_color(const char *status)
{
    for (size_t i = 0; i < ARRAY_LEN(status_colors); i++)
        if (strcmp(status_colors[i].status, status) == 0)
            return status_colors[i].color;
    return NULL;
}

static bool is_anywhere(const okta_api_token *token)
{
    const char *connection = okta_api_token_connection(token);

    return connection != NULL && strcmp(connection, OKT_ANYWHERE) == 0;
}

const char *row_color(const struct row *row, const struct field *field)
{
    bool connection = field->kind == FIELD_NETWORK ||
                      field->text == okta_api_token_connection;
    bool used =
        field->kind == FIELD_LAST_USED || field->kind == FIELD_NEVER_USED;

    if (field->kind == FIELD_STATUS)
        return status_color(row->status);
    if ((connection && is_anywhere(row->token)) ||
        (used && row->usage == OKTA_USAGE_NEVER))
        return YELLOW;
    if (field->kind == FIELD_CONTEXT &&
        context_is_risky(row->context, field->context, row->token))
        return field->context == CONTEXT_ZONES ? YELLOW : RED;
    return NULL;
}
