/* SPDX-License-Identifier: Apache-2.0 */
/* directory.h - users, their roles, network zones, events: what audits read. */
#ifndef OKTA_DIRECTORY_H
#define OKTA_DIRECTORY_H

#include <okta/base.h>
#include <okta/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What an audit reads beside tokens, as far as it needs it: whose a token is,
 * what its owner may do, from where it may be used, and from where it was. The
 * fields are as sent, borrowed, and NULL where the org left them out or sent
 * null, unless it says otherwise. Each takes a right of its own: FORBIDDEN
 * where the credential lacks it.
 */

/* Fetches a user by id or by login, such as "ada@example.com": GET
 * /api/v1/users/{id} (okta.users.read). */
OKTA_API OKTA_MUST_CHECK okta_status
okta_user_get(okta_client *client, const char *id, okta_response *response,
              okta_user **out, okta_error *err);

/* Fetches whoever the credential acts for: GET /api/v1/users/me. With an API
 * token its owner may always; NOT_FOUND for a service app, which is nobody. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_user_me(okta_client *client, okta_response *response, okta_user **out,
             okta_error *err);

OKTA_API void okta_user_free(okta_user *user);

/* id is never NULL. status: "ACTIVE", "SUSPENDED", "DEPROVISIONED", ...; login
 * is that of the profile. */
OKTA_API const char *okta_user_id(const okta_user *user);
OKTA_API const char *okta_user_status(const okta_user *user);
OKTA_API const char *okta_user_login(const okta_user *user);

/*
 * Lists the admin roles of a user, those through groups too: GET
 * /api/v1/users/{id}/roles (okta.roles.read), with okta_page_role and
 * okta_page_next. Who is no admin has none.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_user_roles(okta_client *client, const char *user_id,
                okta_response *response, okta_page **out, okta_error *err);

/* type is never NULL: "SUPER_ADMIN", ...; of a "CUSTOM" one the label tells
 * which. status: "ACTIVE", "INACTIVE". assignment_type: "USER", "GROUP". */
OKTA_API const char *okta_role_type(const okta_role *role);
OKTA_API const char *okta_role_label(const okta_role *role);
OKTA_API const char *okta_role_status(const okta_role *role);
OKTA_API const char *okta_role_assignment_type(const okta_role *role);

/*
 * Lists the network zones: GET /api/v1/zones (okta.networkZones.read), with
 * okta_page_zone and okta_page_next.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_zone_list(okta_client *client, okta_response *response, okta_page **out,
               okta_error *err);

/* id and name are never NULL. type: "IP", "DYNAMIC", ...; status: "ACTIVE",
 * "INACTIVE". */
/* Its JSON object, byte for byte as the org sent it. Not NUL-terminated: *len
 * bytes. */
OKTA_API const char *okta_zone_json(const okta_zone *zone, size_t *len);

OKTA_API const char *okta_zone_id(const okta_zone *zone);
OKTA_API const char *okta_zone_name(const okta_zone *zone);
OKTA_API const char *okta_zone_type(const okta_zone *zone);
OKTA_API const char *okta_zone_status(const okta_zone *zone);

/* Of an IP zone, "192.0.2.0/24" or "192.0.2.1-192.0.2.9"; NULL from the count
 * on. Where the org sent one that is no text, there are none, and unreadable is
 * true. */
OKTA_API bool okta_zone_gateways_unreadable(const okta_zone *zone);
OKTA_API size_t okta_zone_gateway_count(const okta_zone *zone);
OKTA_API const char *okta_zone_gateway(const okta_zone *zone, size_t i);

typedef struct okta_event_options {
    size_t size;        /* set by OKTA_EVENT_OPTIONS_INIT */
    const char *filter; /* such as "eventType eq \"system.api_token.create\"";
                           NULL: all */
    int64_t since;      /* from this time on; 0: as the org likes (7 days) */
    int limit;          /* events a page, 1 to 1000; 0: as the org likes */
    bool descending;    /* the newest first */
    bool single;        /* one page only: the next is not asked for ahead */
} okta_event_options;

#define OKTA_EVENT_OPTIONS_INIT OKTA_SIZED_(okta_event_options)

/*
 * Lists events of the System Log: GET /api/v1/logs (okta.logs.read), with
 * okta_page_event and okta_page_next. options may be NULL. Oldest first it ends
 * at an empty page, behind which the org has more as soon as that comes.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_event_list(okta_client *client, const okta_event_options *options,
                okta_response *response, okta_page **out, okta_error *err);

/* type is never NULL. address is whence the request came, token_id the token
 * that it was made with. */
OKTA_API const char *okta_event_type(const okta_event *event);
OKTA_API const char *okta_event_address(const okta_event *event);
OKTA_API const char *okta_event_token_id(const okta_event *event);

/* When; false, and *out as it was, where it is not said or can't be read. */
OKTA_API bool okta_event_published_time(const okta_event *event, int64_t *out);

#ifdef __cplusplus
}
#endif

#endif
