/* SPDX-License-Identifier: Apache-2.0 */
/* token_json.c - the ApiToken and its update, read and written. */
#include "token_json.h"

#include <string.h>

#include "api.h"
#include "id.h"
#include "iso8601.h"

/* ------------------------------------------------------------- Reading -- */

enum member {
    ID,
    NAME,
    USER_ID,
    CLIENT_NAME,
    TOKEN_WINDOW,
    EXPIRES_AT,
    CREATED,
    LAST_UPDATED,
    NETWORK,
    LINKS,
    LINK,
    MEMBERS
};

static const char *const keys[MEMBERS] = {
    [ID] = "id",
    [NAME] = "name",
    [USER_ID] = "userId",
    [CLIENT_NAME] = "clientName",
    [TOKEN_WINDOW] = "tokenWindow",
    [EXPIRES_AT] = "expiresAt",
    [CREATED] = "created",
    [LAST_UPDATED] = "lastUpdated",
    [NETWORK] = "network",
    [LINKS] = "_links",
    [LINK] = "_link",
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

static const char *href(yyjson_val *links, const char *rel)
{
    return okt_json_str(yyjson_obj_get(links, rel), "href");
}

const char *okt_token_decode(yyjson_val *json, struct okt_token_view *out)
{
    yyjson_val *found[MEMBERS];
    yyjson_val *links;

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
    links = yyjson_is_obj(found[LINKS]) ? found[LINKS] : found[LINK];
    out->self_href = href(links, "self");
    out->user_href = href(links, "user");
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

/* A time takes part in the document by its text, which the caller holds. */
static void add_time(yyjson_mut_doc *doc, yyjson_mut_val *object,
                     const char *key, int64_t time,
                     char text[static OKT_TIME_SIZE])
{
    okt_time_format(time, text);
    yyjson_mut_obj_add_str(doc, object, key, text);
}

static void add_link(yyjson_mut_doc *doc, yyjson_mut_val *links,
                     const char *rel, const char *href_text, bool deletable)
{
    yyjson_mut_val *link = yyjson_mut_obj_add_obj(doc, links, rel);
    yyjson_mut_val *allow;

    yyjson_mut_obj_add_str(doc, link, "href", href_text);
    allow =
        yyjson_mut_obj_add_arr(doc, yyjson_mut_obj_add_obj(doc, link, "hints"),
                               "allow");
    yyjson_mut_arr_add_str(doc, allow, "GET");
    if (deletable)
        yyjson_mut_arr_add_str(doc, allow, "DELETE");
}

static void add_links(yyjson_mut_doc *doc, yyjson_mut_val *object,
                      const struct okt_buf *self, const struct okt_buf *user)
{
    yyjson_mut_val *links = yyjson_mut_obj_add_obj(doc, object, "_links");

    add_link(doc, links, "self", self->data, true);
    add_link(doc, links, "user", user->data, false);
}

enum { HREF_MAX = 1024 };

void okt_token_encode(struct okt_buf *out, const struct okt_token_record *token,
                      const char *base_url)
{
    OKT_BUF_AUTO self = OKT_BUF_INIT(HREF_MAX);
    OKT_BUF_AUTO user = OKT_BUF_INIT(HREF_MAX);
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);
    yyjson_mut_doc *doc = writer.doc;
    char expires[OKT_TIME_SIZE];
    char created[OKT_TIME_SIZE];
    char updated[OKT_TIME_SIZE];

    okt_buf_printf(&self, "%s%s/%s", base_url, OKT_PATH_API_TOKENS, token->id);
    okt_buf_printf(&user, "%s%s/%s", base_url, OKT_PATH_USERS, token->user_id);
    if (okt_buf_failed(&self) || okt_buf_failed(&user)) {
        if (!okt_buf_failed(out))
            out->state = okt_buf_failed(&self) ? self.state : user.state;
        return;
    }
    add_str(doc, root, "id", token->id);
    add_str(doc, root, "name", token->name);
    add_str(doc, root, "userId", token->user_id);
    add_str(doc, root, "clientName", token->client_name);
    if (token->token_window != NULL)
        add_str(doc, root, "tokenWindow", token->token_window);
    else
        yyjson_mut_obj_add_null(doc, root, "tokenWindow");
    add_network(doc, root, &token->network);
    add_time(doc, root, "expiresAt", token->expires_at, expires);
    add_time(doc, root, "created", token->created, created);
    add_time(doc, root, "lastUpdated", token->last_updated, updated);
    add_links(doc, root, &self, &user);
    okt_json_print(&writer, out);
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
