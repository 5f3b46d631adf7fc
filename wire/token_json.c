/* SPDX-License-Identifier: Apache-2.0 */
/* token_json.c - the ApiToken and its update, read and written. */
#include "wire/token_json.h"

#include <string.h>

#include "wire/api.h"
#include "wire/id.h"
#include "wire/iso8601.h"

/* ------------------------------------------------------------- Reading -- */

/* In the order of real orgs. */
enum member {
    ID,
    NAME,
    USER_ID,
    CLIENT_NAME,
    TOKEN_WINDOW,
    NETWORK,
    EXPIRES_AT,
    CREATED,
    LAST_UPDATED,
    LINKS,
    LINK,
    MEMBERS
};

static const struct okt_span keys[MEMBERS] = {
    [ID] = OKT_SPAN("id"),
    [NAME] = OKT_SPAN("name"),
    [USER_ID] = OKT_SPAN("userId"),
    [CLIENT_NAME] = OKT_SPAN("clientName"),
    [TOKEN_WINDOW] = OKT_SPAN("tokenWindow"),
    [NETWORK] = OKT_SPAN("network"),
    [EXPIRES_AT] = OKT_SPAN("expiresAt"),
    [CREATED] = OKT_SPAN("created"),
    [LAST_UPDATED] = OKT_SPAN("lastUpdated"),
    [LINKS] = OKT_SPAN("_links"),
    [LINK] = OKT_SPAN("_link"),
};

static bool is_string_array(yyjson_val *json)
{
    yyjson_arr_iter iter;
    yyjson_val *item;

    if (!yyjson_arr_iter_init(json, &iter))
        return false;
    while ((item = yyjson_arr_iter_next(&iter)) != NULL)
        if (okt_json_text(item) == NULL)
            return false;
    return true;
}

static yyjson_val *string_array(yyjson_val *object, const char *key)
{
    yyjson_val *json = yyjson_obj_get(object, key);

    return is_string_array(json) ? json : NULL;
}

const char *okt_token_href(const struct okt_token_view *token, const char *rel)
{
    return okt_json_str(yyjson_obj_get(token->links, rel), "href");
}

const char *okt_token_decode(yyjson_val *json, struct okt_token_view *out)
{
    yyjson_val *found[MEMBERS];

    *out = (struct okt_token_view){ 0 };
    if (!yyjson_is_obj(json))
        return "an API token that is no object";
    if (!okt_json_members(json, keys, MEMBERS, found))
        return "an API token that says the same thing twice";
    out->id = okt_json_text(found[ID]);
    out->name = okt_json_text(found[NAME]);
    if (out->id == NULL || *out->id == '\0')
        return "an API token without an id";
    if (out->name == NULL)
        return "an API token without a name";
    out->user_id = okt_json_text(found[USER_ID]);
    out->client_name = okt_json_text(found[CLIENT_NAME]);
    out->token_window = okt_json_text(found[TOKEN_WINDOW]);
    out->expires_at = okt_json_text(found[EXPIRES_AT]);
    out->created = okt_json_text(found[CREATED]);
    out->last_updated = okt_json_text(found[LAST_UPDATED]);
    out->connection = okt_json_str(found[NETWORK], "connection");
    out->include = string_array(found[NETWORK], "include");
    out->exclude = string_array(found[NETWORK], "exclude");
    out->links = yyjson_is_obj(found[LINKS]) ? found[LINKS] : found[LINK];
    return NULL;
}

/* NULL: a list of zones, an absent one too. */
static const char *check_zones(yyjson_val *network, const char *key,
                               yyjson_val **out)
{
    yyjson_val *json = yyjson_obj_get(network, key);
    yyjson_arr_iter iter;
    yyjson_val *item;

    *out = NULL;
    if (json == NULL || yyjson_is_null(json))
        return NULL;
    if (!is_string_array(json))
        return "network: include and exclude must be lists of zone ids";
    if (yyjson_arr_size(json) > OKT_ZONES_MAX)
        return "network: too many zones";
    yyjson_arr_iter_init(json, &iter);
    while ((item = yyjson_arr_iter_next(&iter)) != NULL)
        if (!okt_id_is_segment(yyjson_get_str(item)))
            return "network: not the id of a zone";
    if (yyjson_arr_size(json) > 0)
        *out = json;
    return NULL;
}

const char *okt_network_decode(yyjson_val *body, struct okt_network_view *out)
{
    yyjson_val *network = yyjson_obj_get(body, "network");
    const char *why;

    *out = (struct okt_network_view){ 0 };
    if (!yyjson_is_obj(network))
        return "network: The field cannot be left blank";
    out->connection = okt_json_str(network, "connection");
    if (out->connection == NULL ||
        (strcmp(out->connection, OKT_ANYWHERE) != 0 &&
         strcmp(out->connection, OKT_ZONE) != 0))
        return "network.connection: must be ANYWHERE or ZONE";
    why = check_zones(network, "include", &out->include);
    if (why == NULL)
        why = check_zones(network, "exclude", &out->exclude);
    if (why != NULL)
        return why;
    if (strcmp(out->connection, OKT_ANYWHERE) == 0)
        return out->include == NULL && out->exclude == NULL
                   ? NULL
                   : "network: zones need the connection ZONE";
    if (out->include == NULL && out->exclude == NULL)
        return "network: the connection ZONE needs zones";
    if (out->include != NULL && out->exclude != NULL)
        return "network: either include or exclude, not both";
    return NULL;
}

/* ------------------------------------------------------------- Writing -- */

static void add_str(yyjson_mut_doc *doc, yyjson_mut_val *object,
                    const char *key, const char *value)
{
    if (value != NULL)
        yyjson_mut_obj_add_str(doc, object, key, value);
}

static void add_zones(yyjson_mut_doc *doc, yyjson_mut_val *network,
                      const char *key, const char *const *zones, size_t count)
{
    yyjson_mut_val *list;

    if (count == 0)
        return;
    list = yyjson_mut_obj_add_arr(doc, network, key);
    for (size_t i = 0; i < count; i++)
        yyjson_mut_arr_add_str(doc, list, zones[i]);
}

static void add_network(yyjson_mut_doc *doc, yyjson_mut_val *object,
                        const struct okt_network *from)
{
    yyjson_mut_val *network = yyjson_mut_obj_add_obj(doc, object, "network");

    add_str(doc, network, "connection", from->connection);
    add_zones(doc, network, "include", from->include, from->include_count);
    add_zones(doc, network, "exclude", from->exclude, from->exclude_count);
}

/* A list may have a thousand tokens, so these are written without a document:
 * each puts what stands before a value, and the value. */
static void put(struct okt_buf *out, const char *before, const char *value)
{
    okt_buf_str(out, before);
    okt_json_escape(out, value);
}

static void put_time(struct okt_buf *out, const char *before, int64_t time)
{
    char text[OKT_TIME_SIZE];

    okt_time_format(time, text);
    okt_buf_str(out, before);
    okt_buf_append(out, text, sizeof(text) - 1);
}

static void put_zones(struct okt_buf *out, const char *before,
                      const char *const *zones, size_t count)
{
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        put(out, i == 0 ? before : "\",\"", zones[i]);
    okt_buf_str(out, "\"]");
}

static void put_network(struct okt_buf *out, const struct okt_network *from)
{
    put(out, "\"network\":{\"connection\":\"", from->connection);
    okt_buf_char(out, '"');
    put_zones(out, ",\"include\":[\"", from->include, from->include_count);
    put_zones(out, ",\"exclude\":[\"", from->exclude, from->exclude_count);
    okt_buf_char(out, '}');
}

static void put_links(struct okt_buf *out, const struct okt_token_record *token,
                      const char *base_url)
{
    put(out, "\"_links\":{\"self\":{\"href\":\"", base_url);
    put(out, OKT_PATH_API_TOKENS "/", token->id);
    put(out,
        "\",\"hints\":{\"allow\":[\"GET\",\"DELETE\"]}},"
        "\"user\":{\"href\":\"",
        base_url);
    put(out, OKT_PATH_USERS "/", token->user_id);
    okt_buf_str(out, "\",\"hints\":{\"allow\":[\"GET\"]}}}");
}

static void put_token(struct okt_buf *out, const struct okt_token_record *token,
                      const char *base_url)
{
    put(out, "{\"id\":\"", token->id);
    put(out, "\",\"name\":\"", token->name);
    put(out, "\",\"userId\":\"", token->user_id);
    put(out, "\",\"clientName\":\"", token->client_name);
    if (token->token_window == NULL)
        okt_buf_str(out, "\",\"tokenWindow\":null,");
    else {
        put(out, "\",\"tokenWindow\":\"", token->token_window);
        okt_buf_str(out, "\",");
    }
    put_network(out, &token->network);
    put_time(out, ",\"expiresAt\":\"", token->expires_at);
    put_time(out, "\",\"created\":\"", token->created);
    put_time(out, "\",\"lastUpdated\":\"", token->last_updated);
    okt_buf_str(out, "\",");
    put_links(out, token, base_url);
    okt_buf_char(out, '}');
}

void okt_token_encode(struct okt_buf *out, const struct okt_token_record *token,
                      const char *base_url)
{
    size_t begin = out->len;

    put_token(out, token, base_url);
    if (okt_buf_failed(out))
        okt_buf_cut(out, begin);
}

void okt_update_encode(struct okt_buf *out, const struct okt_token_view *token,
                       const struct okt_network *network)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);
    yyjson_mut_doc *doc = writer.doc;

    add_str(doc, root, "name", token->name);
    add_str(doc, root, "userId", token->user_id);
    add_str(doc, root, "clientName", token->client_name);
    add_str(doc, root, "created", token->created);
    add_network(doc, root, network);
    okt_json_print(&writer, out);
}
