/* SPDX-License-Identifier: Apache-2.0 */
/* html.h - writing HTML in which nothing foreign is ever markup. */
#ifndef ORGD_WEB_HTML_H
#define ORGD_WEB_HTML_H

#include "base/buf.h"

/*
 * Appends format, with strings put in the place of
 *
 *   %t   text, or an attribute's value in double quotes: escaped
 *   %n   a foreign name, as text: escaped, what can't be seen made visible,
 *        and in a <bdi>, so that it can't turn the text around it
 *   %h   markup of our own: as it is
 *   %%   a percent sign
 *
 * Anything else behind a percent sign is a mistake, and latches out.
 */
void html(struct okt_buf *out, const char *format, ...);

#endif
