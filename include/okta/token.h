/* SPDX-License-Identifier: Apache-2.0 */
/* token.h - API tokens: read, restricted, revoked. */
#ifndef OKTA_TOKEN_H
#define OKTA_TOKEN_H

#include <okta/base.h>
#include <okta/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Ids are 1 to 64 letters, digits, "_" or "-". "current", and what has the
 * shape of a secret, is refused with ARGUMENT and never sent; a message does
 * not repeat it. response may be NULL everywhere.
 */

/* Fetches the metadata of one token: GET /api/v1/api-tokens/{id}. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_get(okta_client *client, const char *id, okta_response *response,
                   okta_api_token **out, okta_error *err);

/*
 * Revokes one token: DELETE /api/v1/api-tokens/{id}. A token that is not there
 * is NOT_FOUND; but where the answer to an earlier attempt of this same call
 * was lost, NOT_FOUND means that it worked, and OKTA_OK is returned.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_revoke(okta_client *client, const char *id,
                      okta_response *response, okta_error *err);

/*
 * Revokes the token the client authenticates with: DELETE
 * /api/v1/api-tokens/current. Only for okta_credential_ssws; with another
 * credential ARGUMENT, and nothing is sent. A lost answer is treated as above,
 * with AUTH in place of NOT_FOUND.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_revoke_current(okta_client *client, okta_response *response,
                              okta_error *err);

/*
 * From where a token may be used. With "ZONE", include or exclude name network
 * zones by id ("nzo..."), or "ALL_ZONES" for any zone of the org.
 */
typedef struct okta_network {
    size_t size;            /* set by OKTA_NETWORK_INIT */
    const char *connection; /* required: "ANYWHERE" or "ZONE" */
    const char *const *include;
    size_t include_count;
    const char *const *exclude;
    size_t exclude_count;
} okta_network;

#define OKTA_NETWORK_INIT OKTA_SIZED_(okta_network)

/*
 * Changes from where a token may be used: PUT /api/v1/api-tokens/{id}. token
 * is the token as just read: its name, userId, clientName and created are
 * sent as they were. *out, unless out is NULL, is what the org answered.
 * Retried only where nothing had been sent, or after a 429.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_set_network(okta_client *client, const okta_api_token *token,
                           const okta_network *network, okta_response *response,
                           okta_api_token **out, okta_error *err);

OKTA_API void okta_api_token_free(okta_api_token *token);

/*
 * The fields, as sent. Borrowed. id and name are never NULL; the others are
 * where the org left them out or sent null.
 */
OKTA_API const char *okta_api_token_id(const okta_api_token *token);
OKTA_API const char *okta_api_token_name(const okta_api_token *token);
OKTA_API const char *okta_api_token_user_id(const okta_api_token *token);
OKTA_API const char *okta_api_token_client_name(const okta_api_token *token);
OKTA_API const char *okta_api_token_token_window(const okta_api_token *token);
OKTA_API const char *okta_api_token_expires_at(const okta_api_token *token);
OKTA_API const char *okta_api_token_created(const okta_api_token *token);
OKTA_API const char *okta_api_token_last_updated(const okta_api_token *token);

/* network.connection ("ANYWHERE", "ZONE", or NULL) and its two lists. NULL
 * from the count on. */
OKTA_API const char *okta_api_token_connection(const okta_api_token *token);
OKTA_API size_t okta_api_token_include_count(const okta_api_token *token);
OKTA_API const char *okta_api_token_include(const okta_api_token *token,
                                            size_t i);
OKTA_API size_t okta_api_token_exclude_count(const okta_api_token *token);
OKTA_API const char *okta_api_token_exclude(const okta_api_token *token,
                                            size_t i);

/* _links.self.href and _links.user.href (also read as _link). */
OKTA_API const char *okta_api_token_self_href(const okta_api_token *token);
OKTA_API const char *okta_api_token_user_href(const okta_api_token *token);

/*
 * The token's JSON object, byte for byte as the org sent it, fields that this
 * library does not know included. Not NUL-terminated: *len bytes.
 */
OKTA_API const char *okta_api_token_json(const okta_api_token *token,
                                         size_t *len);

/*
 * When it was created, was last changed or used, and lapses. False, and *out as
 * it was, where the org did not say or said it unreadably.
 */
OKTA_API bool okta_api_token_created_time(const okta_api_token *token,
                                          int64_t *out);
OKTA_API bool okta_api_token_last_updated_time(const okta_api_token *token,
                                               int64_t *out);
OKTA_API bool okta_api_token_expires_at_time(const okta_api_token *token,
                                             int64_t *out);

typedef enum okta_usage {
    OKTA_USAGE_UNKNOWN, /* the window is null or unreadable */
    OKTA_USAGE_NEVER,   /* not once since it was created */
    OKTA_USAGE_USED
} okta_usage;

/*
 * Whether and when it was last used: expiresAt - tokenWindow, within about a
 * minute, since the org counts uses that close as one. lastUpdated can't tell:
 * a change of the network condition moves it too. *last_used (NULL allowed) is
 * written for USED only.
 */
OKTA_API okta_usage okta_api_token_usage(const okta_api_token *token,
                                         int64_t *last_used);

#ifdef __cplusplus
}
#endif

#endif
