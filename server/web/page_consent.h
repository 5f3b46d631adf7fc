/* SPDX-License-Identifier: Apache-2.0 */
/* page_consent.h - asking whether an app may act for whoever is signed in. */
#ifndef ORGD_WEB_PAGE_CONSENT_H
#define ORGD_WEB_PAGE_CONSENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request;

#define FIELD_DECISION "decision" /* of the form that is sent back */

struct consent_field {
    const char *name;
    const char *value;
};

struct consent {
    const char *app;      /* its name */
    const char *scopes;   /* a space between them */
    const char *address;  /* that it asked from; NULL: from this browser */
    int64_t asked;        /* when; 0: now */
    const char *code;     /* that a device shows, as it shows it; NULL: none */
    const char *leads_to; /* the redirect URI; NULL: nowhere */
    const char *action;   /* the path that the decision is sent to */
    const struct consent_field *fields; /* that are sent with it, hidden */
    size_t field_count;
};

/*
 * Answers with the page that asks. page_visit or page_submit went before, and
 * somebody is signed in. Whoever has no admin role can only deny.
 */
int page_consent(struct request *request, const struct consent *consent);

/* What was decided, of a form that page_submit has read; allow it is only if
 * the one who is signed in may. */
bool page_consent_allows(const struct request *request);

#endif
