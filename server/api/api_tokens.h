/* SPDX-License-Identifier: Apache-2.0 */
/* api_tokens.h - /api/v1/api-tokens: the five operations. */
#ifndef ORGD_API_TOKENS_H
#define ORGD_API_TOKENS_H

struct request;

int api_tokens_list(struct request *request, const char *id);
int api_tokens_get(struct request *request, const char *id);

/* What ends with _ed answers the change that the other asked for. */
int api_tokens_revoke(struct request *request, const char *id);
int api_tokens_revoke_current(struct request *request, const char *id);
int api_tokens_revoked(struct request *request, const char *id);
int api_tokens_restrict(struct request *request, const char *id);
int api_tokens_restricted(struct request *request, const char *id);

#endif
