/* SPDX-License-Identifier: Apache-2.0 */
/* next_uri.h - the URL of a next page, as a person hands it in. */
#ifndef CLI_NEXT_URI_H
#define CLI_NEXT_URI_H

#include "base/buf.h"
#include "cli/signin/session.h"

/* What its query said: okta_list_options borrows from it. */
struct uri_query {
    struct okt_buf after;
    struct okt_buf limit;
    struct okt_buf q;
};

enum { URI_VALUE_MAX = 4096 };

#define URI_QUERY_INIT                        \
    {                                         \
        .after = OKT_BUF_INIT(URI_VALUE_MAX), \
        .limit = OKT_BUF_INIT(URI_VALUE_MAX), \
        .q = OKT_BUF_INIT(URI_VALUE_MAX),     \
    }

#define URI_QUERY_AUTO __attribute__((cleanup(uri_query_free))) struct uri_query

void uri_query_free(struct uri_query *query);

/*
 * Reads uri, which must be of the org and of the list of tokens; only its
 * parameters are used. Returns an exit code.
 */
int uri_read(struct session *session, const char *uri, struct uri_query *query,
             okta_list_options *out);

#endif
