/* SPDX-License-Identifier: Apache-2.0 */
/* encode.c - users, roles, groups and zones as JSON, in Okta's order of keys.
 */
#include "server/request/encode.h"

#include <stdio.h>
#include <string.h>

#include "server/org/role.h"
#include "server/org/zone.h"
#include "server/routes.h"
#include "wire/api.h"
#include "wire/id.h"
#include "wire/iso8601.h"
#include "wire/json.h"

enum { HREF_MAX = 1024, ROLE_ID_MAX = OKT_ID_MAX + 4, PREFIX_LEN = 3 };

/* Texts are borrowed until the document is printed, so their room is here. */
struct object {
    struct okt_json_writer writer;
    yyjson_mut_val *root;
    struct okt_buf href;
    char created[OKT_TIME_SIZE];
    char changed[OKT_TIME_SIZE];
};

static void begin(struct object *o, const char *base_url, const char *path,
                  const char *id, int64_t created, int64_t changed)
{
    o->href = (struct okt_buf)OKT_BUF_INIT(HREF_MAX);
    okt_buf_printf(&o->href, "%s%s/%s", base_url, path, id);
    okt_time_format(created, o->created);
    okt_time_format(changed > created ? changed : created, o->changed);
    o->root = okt_json_begin(&o->writer);
}

static void end(struct object *o, struct okt_buf *out)
{
    if (okt_buf_failed(&o->href))
        out->state = OKT_BUF_NO_MEMORY;
    else
        okt_json_print(&o->writer, out);
    okt_json_writer_free(&o->writer);
    okt_buf_free(&o->href);
}

static void add(struct object *o, yyjson_mut_val *to, const char *key,
                const char *text)
{
    if (text != NULL)
        yyjson_mut_obj_add_str(o->writer.doc, to, key, text);
    else
        yyjson_mut_obj_add_null(o->writer.doc, to, key);
}

static yyjson_mut_val *add_object(struct object *o, yyjson_mut_val *to,
                                  const char *key)
{
    return yyjson_mut_obj_add_obj(o->writer.doc, to, key);
}

/* {"_links": {REL: {"href": …, "hints": {"allow": ["GET"]}}}} */
static void add_link(struct object *o, const char *rel, bool hints)
{
    yyjson_mut_val *link = add_object(o, add_object(o, o->root, "_links"), rel);

    add(o, link, "href", o->href.data);
    if (hints)
        yyjson_mut_arr_add_str(o->writer.doc,
                               yyjson_mut_obj_add_arr(o->writer.doc,
                                                      add_object(o, link,
                                                                 "hints"),
                                                      "allow"),
                               "GET");
}

/* --------------------------------------------------------------- Users -- */

/* Of a profile there is the login alone. */
static void add_profile(struct object *o, const struct store_user *user)
{
    yyjson_mut_val *profile = add_object(o, o->root, "profile");
    yyjson_mut_val *provider;

    add(o, profile, "firstName", NULL);
    add(o, profile, "lastName", NULL);
    add(o, profile, "mobilePhone", NULL);
    add(o, profile, "secondEmail", NULL);
    add(o, profile, "login", user->login);
    add(o, profile, "email", user->login);
    provider = add_object(o, add_object(o, o->root, "credentials"), "provider");
    add(o, provider, "type", "OKTA");
    add(o, provider, "name", "OKTA");
}

void user_show(struct okt_buf *out, const struct store_user *user,
               const char *base_url)
{
    struct object o;
    bool changed;

    begin(&o, base_url, OKT_PATH_USERS, user->id, user->created,
          user->status_changed);
    changed = user->status_changed != 0;
    add(&o, o.root, "id", user->id);
    add(&o, o.root, "status", user->status);
    add(&o, o.root, "created", o.created);
    add(&o, o.root, "activated", o.created);
    add(&o, o.root, "statusChanged", changed ? o.changed : o.created);
    add(&o, o.root, "lastLogin", NULL);
    add(&o, o.root, "lastUpdated", o.changed);
    add(&o, o.root, "passwordChanged", NULL);
    add_profile(&o, user);
    add_link(&o, "self", false);
    end(&o, out);
}

/* --------------------------------------------------------------- Roles -- */

/* An assignment has no row of its own, so its id is made of the assignee's. */
static void show_role(struct okt_buf *out, struct object *o, const char *role,
                      const char *id, const char *type)
{
    bool user = strcmp(type, "USER") == 0;
    char role_id[ROLE_ID_MAX];

    snprintf(role_id, sizeof(role_id), "%s%.60s", user ? "ra1" : "gra",
             strlen(id) > PREFIX_LEN ? id + PREFIX_LEN : id);
    add(o, o->root, "id", role_id);
    add(o, o->root, "label", role_label(role));
    add(o, o->root, "type", role_type(role));
    add(o, o->root, "status", "ACTIVE");
    add(o, o->root, "created", o->created);
    add(o, o->root, "lastUpdated", o->changed);
    add(o, o->root, "assignmentType", type);
    add_link(o, "assignee", false);
    end(o, out);
}

void role_show_of_user(struct okt_buf *out, const char *role,
                       const char *user_id, int64_t created,
                       const char *base_url)
{
    struct object o;

    begin(&o, base_url, OKT_PATH_USERS, user_id, created, created);
    show_role(out, &o, role, user_id, "USER");
}

void role_show_of_group(struct okt_buf *out, const struct store_group *group,
                        const char *base_url)
{
    struct object o;

    begin(&o, base_url, PATH_GROUPS, group->id, group->created, group->created);
    show_role(out, &o, group->role, group->id, "GROUP");
}

/* -------------------------------------------------------------- Groups -- */

void group_show(struct okt_buf *out, const struct store_group *group,
                const char *base_url)
{
    struct object o;
    yyjson_mut_val *profile;

    begin(&o, base_url, PATH_GROUPS, group->id, group->created, group->created);
    add(&o, o.root, "id", group->id);
    add(&o, o.root, "created", o.created);
    add(&o, o.root, "lastUpdated", o.changed);
    add(&o, o.root, "lastMembershipUpdated", o.changed);
    yyjson_mut_arr_add_str(o.writer.doc,
                           yyjson_mut_obj_add_arr(o.writer.doc, o.root,
                                                  "objectClass"),
                           "okta:user_group");
    add(&o, o.root, "type", "OKTA_GROUP");
    profile = add_object(&o, o.root, "profile");
    add(&o, profile, "name", group->name);
    add(&o, profile, "description", NULL);
    add_link(&o, "self", false);
    end(&o, out);
}

/* --------------------------------------------------------------- Zones -- */

static void add_gateways(struct object *o, const char *gateways)
{
    yyjson_mut_doc *doc = o->writer.doc;
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, o->root, "gateways");

    while (*gateways != '\0') {
        size_t len = strcspn(gateways, " ");
        yyjson_mut_val *gateway = yyjson_mut_arr_add_obj(doc, list);
        bool range = memchr(gateways, '-', len) != NULL;

        add(o, gateway, "type", range ? "RANGE" : "CIDR");
        yyjson_mut_obj_add_strn(doc, gateway, "value", gateways, len);
        gateways += len;
        gateways += *gateways == ' ';
    }
}

void zone_show(struct okt_buf *out, const struct store_zone *zone,
               const char *base_url)
{
    struct object o;

    begin(&o, base_url, OKT_PATH_ZONES, zone->id, zone->created,
          zone->last_updated);
    add(&o, o.root, "type", zone->type);
    add(&o, o.root, "id", zone->id);
    add(&o, o.root, "name", zone->name);
    add(&o, o.root, "status", zone->status);
    add(&o, o.root, "usage", "POLICY");
    add(&o, o.root, "created", o.created);
    add(&o, o.root, "lastUpdated", o.changed);
    yyjson_mut_obj_add_bool(o.writer.doc, o.root, "system", false);
    if (strcmp(zone->type, ZONE_TYPE_IP) == 0) {
        add_gateways(&o, zone->gateways);
        add(&o, o.root, "proxies", NULL);
    }
    add_link(&o, "self", true);
    end(&o, out);
}
