/* SPDX-License-Identifier: Apache-2.0 */
/* page_login.h - signing in and out, and the page one then sees. */
#ifndef ORGD_WEB_PAGE_LOGIN_H
#define ORGD_WEB_PAGE_LOGIN_H

struct request;

int page_login_show(struct request *request, const char *id);
int page_login_try(struct request *request, const char *id);
int page_login_done(struct request *request, const char *id);
int page_logout(struct request *request, const char *id);
int page_logout_done(struct request *request, const char *id);
int page_home(struct request *request, const char *id);

#endif
