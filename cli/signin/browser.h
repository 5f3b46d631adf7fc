/* SPDX-License-Identifier: Apache-2.0 */
/* browser.h - showing a page of the org in the person's browser. */
#ifndef CLI_BROWSER_H
#define CLI_BROWSER_H

#include <stdbool.h>

/*
 * Opens url, if it is of org's own scheme, host and port; by the desktop's own
 * opener, never through a shell. False: it is another's, or there is no
 * desktop here.
 */
bool browser_open(const char *org, const char *url);

#endif
