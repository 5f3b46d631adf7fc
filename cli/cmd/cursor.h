/* SPDX-License-Identifier: Apache-2.0 */
/* cursor.h - how to go on after one page. */
#ifndef CLI_CURSOR_H
#define CLI_CURSOR_H

#include <okta/okta.h>

#include "cli/term/args.h"

/* Tells on standard error, as a command to paste, or as {"next":"CURSOR"}; or
 * why there is no cursor although there are more tokens. */
void cursor_tell(const struct args *args, const okta_page *page);

#endif
