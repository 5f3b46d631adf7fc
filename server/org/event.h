/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.h - the System Log: what is written of a change, and how it is shown.
 *
 * An event is added inside the transaction of its change, so that neither is
 * ever there without the other.
 */
#ifndef ORGD_EVENT_H
#define ORGD_EVENT_H

#include "base/buf.h"
#include "server/store/store.h"

#define EVENT_CREATE "system.api_token.create"
#define EVENT_UPDATE "system.api_token.update"
#define EVENT_REVOKE "system.api_token.revoke"
#define EVENT_OUTSIDE "system.api_token.request_outside_allowed_range"
#define EVENT_APP_CREATE "application.lifecycle.create"
#define EVENT_APP_UPDATE "application.lifecycle.update"
#define EVENT_APP_ACTIVATE "application.lifecycle.activate"
#define EVENT_APP_DEACTIVATE "application.lifecycle.deactivate"
#define EVENT_KEY_ROTATE "app.oauth2.key.rollover"
#define EVENT_CODE "app.oauth2.authorize.code"
#define EVENT_ACCESS "app.oauth2.token.grant.access_token"
#define EVENT_REFRESH "app.oauth2.token.grant.refresh_token"
#define EVENT_TOKEN_REVOKE "app.oauth2.token.revoke"
#define EVENT_SESSION_START "user.session.start"
#define EVENT_SESSION_END "user.session.end"
#define EVENT_PASSWORD "user.account.update_password"
#define EVENT_REUSE "app.oauth2.token.detect_reuse"
#define EVENT_USER_CREATE "user.lifecycle.create"
#define EVENT_USER_SUSPEND "user.lifecycle.suspend"
#define EVENT_USER_UNSUSPEND "user.lifecycle.unsuspend"
#define EVENT_USER_DEACTIVATE "user.lifecycle.deactivate"
#define EVENT_USER_REACTIVATE "user.lifecycle.reactivate"
#define EVENT_USER_GRANT "user.account.privilege.grant"
#define EVENT_GROUP_CREATE "group.lifecycle.create"
#define EVENT_GROUP_GRANT "group.privilege.grant"
#define EVENT_MEMBER_ADD "group.user_membership.add"
#define EVENT_ZONE_CREATE "zone.create"

/* The types of targets that are no tokens, and of actors that are no users. */
#define EVENT_USER "User"
#define EVENT_GROUP "UserGroup"
#define EVENT_ZONE "NetworkZone"
#define EVENT_CLIENT "PublicClientApp" /* an app that acts */
#define EVENT_APP "AppInstance"        /* one that something is done to */
#define EVENT_KEY "PublicKey"

struct request;

/* Adds the event of what a request does to the token r->target, whose name is
 * r->target_name; or, where it is refused, of that. */
store_status event_add_of_request(struct store *store,
                                  const struct request *request,
                                  const char *type);

/* The same of what nobody asked for over HTTP: a command, the org itself. */
store_status event_add_of_org(struct store *store, const char *type,
                              const struct store_token *token, int64_t now);

/* Adds any other one; its uuid is made here. */
store_status event_add(struct store *store, struct store_event *event);

/* The text that goes with a type; the type itself where it is not known. */
const char *event_message(const char *type);

/* What comes under outcome.result of such an event, and actor.id of this one.
 */
const char *event_result(const char *type);
const char *event_actor_id(const struct store_event *event);

/* Appends its JSON, a LogEvent. */
void event_show(struct okt_buf *out, const struct store_event *event);

#endif
