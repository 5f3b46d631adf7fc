/* SPDX-License-Identifier: Apache-2.0 */
/* api.h - the names and numbers of the API Token API. */
#ifndef OKT_API_H
#define OKT_API_H

#define OKT_PATH_API_TOKENS "/api/v1/api-tokens"
#define OKT_PATH_USERS "/api/v1/users"
#define OKT_PATH_ZONES "/api/v1/zones"
#define OKT_PATH_LOGS "/api/v1/logs"
#define OKT_ID_CURRENT "current" /* the token of the request itself */

#define OKT_SCOPE_READ "okta.apiTokens.read"
#define OKT_SCOPE_ZONES "okta.networkZones.read"
#define OKT_SCOPE_MANAGE "okta.apiTokens.manage"

#define OKT_CLIENT_OKTA_API "Okta API" /* clientName of people's tokens */
#define OKT_ANYWHERE "ANYWHERE"
#define OKT_ZONE "ZONE"
#define OKT_ALL_ZONES "ALL_ZONES" /* unverified: what the console writes */

/* listApiTokens */
enum { OKT_LIMIT_MIN = 1, OKT_LIMIT_MAX = 200, OKT_LIMIT_DEFAULT = 20 };

/* Okta's error codes, and the summaries that are the same at every place. */
#define OKT_E_VALIDATION "E0000001"
#define OKT_E_MALFORMED "E0000003"
#define OKT_E_NO_SESSION "E0000005"
#define OKT_E_FORBIDDEN "E0000006"
#define OKT_E_NOT_FOUND "E0000007"
#define OKT_E_NO_PATH "E0000008"
#define OKT_E_INTERNAL "E0000009"
#define OKT_E_BAD_TOKEN "E0000011"
#define OKT_E_METHOD "E0000022"
#define OKT_E_RATE_LIMIT "E0000047"

#endif
