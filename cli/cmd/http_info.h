/* SPDX-License-Identifier: Apache-2.0 */
/* http_info.h - what -WithHttpInfo prints. */
#ifndef CLI_HTTP_INFO_H
#define CLI_HTTP_INFO_H

#include "cli/signin/session.h"

/* Prints the last response as JSON. code: what the command comes to so far.
 * Returns an exit code. */
int http_info_print(const struct session *session, int code);

#endif
