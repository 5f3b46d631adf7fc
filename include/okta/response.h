/* SPDX-License-Identifier: Apache-2.0 */
/* response.h - all that came back for a call. */
#ifndef OKTA_RESPONSE_H
#define OKTA_RESPONSE_H

#include <okta/base.h>
#include <okta/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * All that came back for a call: pass one to see more than okta_error holds.
 * Each call that takes one empties it first and fills it if a response came,
 * also when the call fails. With retries it is the last response.
 */
OKTA_API OKTA_MUST_CHECK okta_status okta_response_new(okta_response **out,
                                                       okta_error *err);
OKTA_API void okta_response_free(okta_response *response);

/* HTTP status; 0 if no response came. */
OKTA_API int okta_response_status(const okta_response *response);

/* How many requests were sent for it, the first included. */
OKTA_API int okta_response_attempts(const okta_response *response);

/* The headers in the order they came, names in the case they came in. */
OKTA_API size_t okta_response_header_count(const okta_response *response);
OKTA_API const char *okta_response_header_name(const okta_response *response,
                                               size_t i);
OKTA_API const char *okta_response_header_value(const okta_response *response,
                                                size_t i);

/* The first header of that name, letter case aside, or NULL. */
OKTA_API const char *okta_response_header(const okta_response *response,
                                          const char *name);

/* The body as it came, decompressed; NULL if there is none, and for a page of a
 * list that is not single: the page keeps it. len may be NULL. */
OKTA_API const char *okta_response_body(const okta_response *response,
                                        size_t *len);

/* The target of Link: rel="next" as the org sent it, unchecked; or NULL. */
OKTA_API const char *okta_response_next(const okta_response *response);

/* X-Okta-Request-Id, or NULL. */
OKTA_API const char *okta_response_request_id(const okta_response *response);

/* Okta's error body. NULL (count 0) where it was not there. */
OKTA_API const char *okta_response_error_code(const okta_response *response);
OKTA_API const char *okta_response_error_summary(const okta_response *response);
OKTA_API const char *okta_response_error_link(const okta_response *response);
OKTA_API const char *okta_response_error_id(const okta_response *response);
OKTA_API size_t okta_response_cause_count(const okta_response *response);
OKTA_API const char *okta_response_cause(const okta_response *response,
                                         size_t i);

/*
 * What WWW-Authenticate says; OAuth failures have no body. param is "error",
 * "error_description", "scope", "realm", ...; NULL where it is not there. With
 * several challenges, the first that has the parameter.
 */
OKTA_API const char *okta_response_challenge(const okta_response *response,
                                             const char *param);

/* X-Rate-Limit-Limit, -Remaining, -Reset (a time); -1 where it is not there. */
OKTA_API int64_t okta_response_rate_limit(const okta_response *response);
OKTA_API int64_t okta_response_rate_remaining(const okta_response *response);
OKTA_API int64_t okta_response_rate_reset(const okta_response *response);

#ifdef __cplusplus
}
#endif

#endif
