/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.c - events of API tokens, made and shown.
 *
 * The texts, the system's name and the keys of debugData are as the System Log
 * has them, as far as that is known; they stand here and nowhere else.
 */
#include "server/org/event.h"

#include <stdio.h>
#include <string.h>

#include "server/request/request.h"
#include "wire/iso8601.h"
#include "wire/json.h"

enum { UUID_LEN = 36 };

#define SUCCESS "SUCCESS"
#define DENY "DENY"
#define SYSTEM_ID "unknown"
#define SYSTEM_LOGIN "system@okta.com"
#define SYSTEM_NAME "Okta System"

static const struct kind {
    const char *type;
    const char *message;
    const char *severity;
    const char *result;
} kinds[] = {
    { EVENT_CREATE, "Create API token", "INFO", SUCCESS },
    { EVENT_UPDATE, "Update API token", "INFO", SUCCESS },
    { EVENT_REVOKE, "Revoke API token", "INFO", SUCCESS },
    { EVENT_OUTSIDE, "API token used outside of its allowed network", "WARN",
      DENY },
    { EVENT_APP_CREATE, "Create application", "INFO", SUCCESS },
    { EVENT_APP_UPDATE, "Update application", "INFO", SUCCESS },
    { EVENT_APP_ACTIVATE, "Activate application", "INFO", SUCCESS },
    { EVENT_APP_DEACTIVATE, "Deactivate application", "INFO", SUCCESS },
    { EVENT_KEY_ROTATE, "OAuth2 key rollover", "INFO", SUCCESS },
    { EVENT_CODE, "OAuth2 authorization code is granted", "INFO", SUCCESS },
    { EVENT_ACCESS, "OAuth2 access token is granted", "INFO", SUCCESS },
    { EVENT_REFRESH, "OAuth2 refresh token is granted", "INFO", SUCCESS },
    { EVENT_TOKEN_REVOKE, "OAuth2 token revocation request", "INFO", SUCCESS },
    { EVENT_USER_CREATE, "Create okta user", "INFO", SUCCESS },
    { EVENT_USER_SUSPEND, "Suspend Okta user", "INFO", SUCCESS },
    { EVENT_USER_UNSUSPEND, "Unsuspend Okta user", "INFO", SUCCESS },
    { EVENT_USER_DEACTIVATE, "Deactivate Okta user", "INFO", SUCCESS },
    { EVENT_USER_REACTIVATE, "Reactivate Okta user", "INFO", SUCCESS },
    { EVENT_USER_GRANT, "Grant user privilege", "INFO", SUCCESS },
    { EVENT_GROUP_CREATE, "Create Okta group", "INFO", SUCCESS },
    { EVENT_GROUP_GRANT, "Grant admin privilege to group", "INFO", SUCCESS },
    { EVENT_MEMBER_ADD, "Add user to group membership", "INFO", SUCCESS },
    { EVENT_ZONE_CREATE, "Create network zone", "INFO", SUCCESS },
    { EVENT_SESSION_START, "User login to Okta", "INFO", SUCCESS },
    { EVENT_SESSION_END, "User logout from Okta", "INFO", SUCCESS },
    { EVENT_PASSWORD, "User update password for Okta", "INFO", SUCCESS },
    { EVENT_REUSE, "OAuth2 refresh token reuse is detected", "WARN",
      "FAILURE" },
};

static const struct kind *find_kind(const char *type)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kinds[i].type, type) == 0)
            return &kinds[i];
    return NULL;
}

const char *event_message(const char *type)
{
    const struct kind *kind = find_kind(type);

    return kind != NULL ? kind->message : type;
}

const char *event_result(const char *type)
{
    const struct kind *kind = find_kind(type);

    return kind != NULL ? kind->result : "UNKNOWN";
}

const char *event_actor_id(const struct store_event *event)
{
    return event->actor_id != NULL ? event->actor_id : SYSTEM_ID;
}

/* -------------------------------------------------------------- Making -- */

/* A random UUID of version 4. */
static bool uuid_new(char out[static UUID_LEN + 1])
{
    char hex[REQUEST_ID_LEN + 1];

    if (!request_id_new(hex))
        return false;
    hex[12] = '4';
    hex[16] = "89ab"[(hex[16] <= '9' ? hex[16] - '0' : hex[16] - 'a' + 10) & 3];
    snprintf(out, UUID_LEN + 1, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
             hex + 12, hex + 16, hex + 20);
    return true;
}

store_status event_add(struct store *store, struct store_event *event)
{
    char uuid[UUID_LEN + 1];

    if (!uuid_new(uuid))
        return STORE_FAILED;
    event->uuid = uuid;
    return store->ops->event_add(store, event);
}

store_status event_add_of_request(struct store *store, const struct request *r,
                                  const char *type)
{
    const struct caller *caller =
        r->refused.id[0] != '\0' ? &r->refused : &r->caller;
    bool oauth = caller->client_id[0] != '\0';
    bool app = oauth && caller->user_id[0] == '\0';
    struct store_event event = {
        .published = org_now(r->org),
        .type = type,
        .actor_type = app ? EVENT_CLIENT : NULL,
        .actor_id = app ? caller->client_id : caller->user_id,
        .actor_login = caller->login,
        .target_id = r->target,
        .target_name = r->target_name,
        .address = r->address,
        .request_id = r->request_id,
        .token_id = oauth ? NULL : caller->id,
        .client_id = oauth ? caller->client_id : NULL,
        .network = r->network,
    };

    return event_add(store, &event);
}

store_status event_add_of_org(struct store *store, const char *type,
                              const struct store_token *token, int64_t now)
{
    struct store_event event = {
        .published = now,
        .type = type,
        .target_id = token->id,
        .target_name = token->name,
    };

    return event_add(store, &event);
}

/* ------------------------------------------------------------- Showing -- */

struct page {
    yyjson_mut_doc *doc;
    const struct store_event *event;
};

/* A text, or null where there is none. */
static void add_text(const struct page *p, yyjson_mut_val *object,
                     const char *key, const char *text)
{
    if (text != NULL)
        yyjson_mut_obj_add_str(p->doc, object, key, text);
    else
        yyjson_mut_obj_add_null(p->doc, object, key);
}

static void add_nulls(const struct page *p, yyjson_mut_val *object,
                      const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        yyjson_mut_obj_add_null(p->doc, object, keys[i]);
}

static void add_actor(const struct page *p, yyjson_mut_val *root)
{
    const struct store_event *e = p->event;
    bool known = e->actor_id != NULL;
    const char *type = e->actor_type != NULL ? e->actor_type : "User";
    yyjson_mut_val *actor = yyjson_mut_obj_add_obj(p->doc, root, "actor");

    add_text(p, actor, "id", event_actor_id(e));
    add_text(p, actor, "type", known ? type : "SystemPrincipal");
    add_text(p, actor, "alternateId", known ? e->actor_login : SYSTEM_LOGIN);
    add_text(p, actor, "displayName", known ? e->actor_login : SYSTEM_NAME);
    add_text(p, actor, "detailEntry", NULL);
}

static void add_client(const struct page *p, yyjson_mut_val *root)
{
    static const char *const unknown[] = { "userAgent", "zone", "device" };
    yyjson_mut_val *client = yyjson_mut_obj_add_obj(p->doc, root, "client");

    add_nulls(p, client, unknown, ARRAY_LEN(unknown));
    add_text(p, client, "id", p->event->client_id);
    add_text(p, client, "ipAddress", p->event->address);
    add_text(p, client, "geographicalContext", NULL);
}

static void add_authentication(const struct page *p, yyjson_mut_val *root)
{
    static const char *const unknown[] = {
        "authenticationProvider",
        "credentialProvider",
        "credentialType",
        "issuer",
        "interface",
    };
    yyjson_mut_val *context =
        yyjson_mut_obj_add_obj(p->doc, root, "authenticationContext");

    add_nulls(p, context, unknown, ARRAY_LEN(unknown));
    yyjson_mut_obj_add_int(p->doc, context, "authenticationStep", 0);
    add_text(p, context, "rootSessionId", NULL);
    add_text(p, context, "externalSessionId", NULL);
}

static void add_security(const struct page *p, yyjson_mut_val *root)
{
    static const char *const unknown[] = { "asNumber", "asOrg", "isp", "domain",
                                           "isProxy" };

    add_nulls(p, yyjson_mut_obj_add_obj(p->doc, root, "securityContext"),
              unknown, ARRAY_LEN(unknown));
}

/* What the event says of a role or a network condition, if it is about one. */
static void add_debug(const struct page *p, yyjson_mut_val *root)
{
    const struct store_event *e = p->event;
    yyjson_mut_val *data =
        yyjson_mut_obj_add_obj(p->doc,
                               yyjson_mut_obj_add_obj(p->doc, root,
                                                      "debugContext"),
                               "debugData");

    if (e->request_id != NULL)
        add_text(p, data, "requestId", e->request_id);
    if (e->privilege != NULL)
        add_text(p, data, "privilegeGranted", e->privilege);
    if (e->network.connection == NULL)
        return;
    add_text(p, data, "networkConnection", e->network.connection);
    if (e->network.include != NULL && e->network.include[0] != '\0')
        add_text(p, data, "includedNetworkZones", e->network.include);
    if (e->network.exclude != NULL && e->network.exclude[0] != '\0')
        add_text(p, data, "excludedNetworkZones", e->network.exclude);
}

static void add_transaction(const struct page *p, yyjson_mut_val *root)
{
    const struct store_event *e = p->event;
    yyjson_mut_val *transaction =
        yyjson_mut_obj_add_obj(p->doc, root, "transaction");

    add_text(p, transaction, "type", e->request_id != NULL ? "WEB" : "JOB");
    add_text(p, transaction, "id",
             e->request_id != NULL ? e->request_id : e->uuid);
    if (e->token_id == NULL) {
        yyjson_mut_obj_add_obj(p->doc, transaction, "detail");
        return;
    }
    add_text(p, yyjson_mut_obj_add_obj(p->doc, transaction, "detail"),
             "requestApiTokenId", e->token_id);
}

static void add_request(const struct page *p, yyjson_mut_val *root)
{
    const char *address = p->event->address;
    yyjson_mut_val *chain =
        yyjson_mut_obj_add_arr(p->doc,
                               yyjson_mut_obj_add_obj(p->doc, root, "request"),
                               "ipChain");
    yyjson_mut_val *link;

    if (address == NULL || address[0] == '\0')
        return;
    link = yyjson_mut_arr_add_obj(p->doc, chain);
    add_text(p, link, "ip", address);
    add_text(p, link, "geographicalContext", NULL);
    add_text(p, link, "version", strchr(address, ':') != NULL ? "V6" : "V4");
    add_text(p, link, "source", NULL);
}

static void add_one_target(const struct page *p, yyjson_mut_val *list,
                           const char *type, const char *id, const char *name)
{
    yyjson_mut_val *target = yyjson_mut_arr_add_obj(p->doc, list);
    bool user = strcmp(type, EVENT_USER) == 0;

    add_text(p, target, "id", id);
    add_text(p, target, "type", type);
    add_text(p, target, "alternateId", user ? name : "unknown");
    add_text(p, target, "displayName", name);
    add_text(p, target, "detailEntry", NULL);
}

static const char *event_second_target(const struct store_event *e)
{
    bool app = e->target_type != NULL && strcmp(e->target_type, EVENT_APP) == 0;

    return app ? EVENT_USER : EVENT_GROUP;
}

static void add_targets(const struct page *p, yyjson_mut_val *root)
{
    const struct store_event *e = p->event;
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(p->doc, root, "target");

    add_one_target(p, list, e->target_type != NULL ? e->target_type : "Token",
                   e->target_id, e->target_name);
    if (e->group_id != NULL)
        add_one_target(p, list, event_second_target(e), e->group_id,
                       e->group_name);
}

static void add_outcome(const struct page *p, yyjson_mut_val *root)
{
    yyjson_mut_val *outcome = yyjson_mut_obj_add_obj(p->doc, root, "outcome");

    add_text(p, outcome, "result", event_result(p->event->type));
    add_text(p, outcome, "reason", NULL);
}

void event_show(struct okt_buf *out, const struct store_event *event)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin(&writer);
    const struct page page = { writer.doc, event };
    const struct kind *kind = find_kind(event->type);
    char published[OKT_TIME_SIZE];

    okt_time_format(event->published, published);
    add_actor(&page, root);
    add_client(&page, root);
    add_text(&page, root, "device", NULL);
    add_authentication(&page, root);
    add_text(&page, root, "displayMessage", event_message(event->type));
    add_text(&page, root, "eventType", event->type);
    add_outcome(&page, root);
    add_text(&page, root, "published", published);
    add_security(&page, root);
    add_text(&page, root, "severity", kind != NULL ? kind->severity : "INFO");
    add_debug(&page, root);
    add_text(&page, root, "legacyEventType", NULL);
    add_transaction(&page, root);
    add_text(&page, root, "uuid", event->uuid);
    add_text(&page, root, "version", "0");
    add_request(&page, root);
    add_targets(&page, root);
    okt_json_print(&writer, out);
}
