/* SPDX-License-Identifier: Apache-2.0 */
/* page_authorize.h - an app sends a browser here to be allowed something. */
#ifndef ORGD_WEB_PAGE_AUTHORIZE_H
#define ORGD_WEB_PAGE_AUTHORIZE_H

struct request;

int page_authorize_show(struct request *request, const char *id);
int page_authorize_decide(struct request *request, const char *id);
int page_authorize_decided(struct request *request, const char *id);

#endif
