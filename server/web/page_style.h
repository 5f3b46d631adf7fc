/* SPDX-License-Identifier: Apache-2.0 */
/* page_style.h - the style sheet of all pages, under a path with its hash. */
#ifndef ORGD_WEB_PAGE_STYLE_H
#define ORGD_WEB_PAGE_STYLE_H

struct request;

int page_style(struct request *request, const char *id);

#endif
