/* SPDX-License-Identifier: Apache-2.0 */
/* page_activate.h - the code that a device shows, and what is decided of it. */
#ifndef ORGD_WEB_PAGE_ACTIVATE_H
#define ORGD_WEB_PAGE_ACTIVATE_H

struct request;

int page_activate_show(struct request *request, const char *id);
int page_activate_find(struct request *request, const char *id);
int page_activate_decide(struct request *request, const char *id);
int page_activate_decided(struct request *request, const char *id);

#endif
