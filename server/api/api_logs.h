/* SPDX-License-Identifier: Apache-2.0 */
/* api_logs.h - /api/v1/logs: the System Log. */
#ifndef ORGD_API_LOGS_H
#define ORGD_API_LOGS_H

struct request;

int api_logs_list(struct request *request, const char *id);

#endif
