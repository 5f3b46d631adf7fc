/* SPDX-License-Identifier: Apache-2.0 */
/* next_uri.c - taking the parameters out of a next page's URL. */
#include "cli/cmd/next_uri.h"

#include <string.h>

#include "base/ascii.h"
#include "wire/api.h"
#include "wire/percent.h"

void uri_query_free(struct uri_query *query)
{
    okt_buf_free(&query->after);
    okt_buf_free(&query->limit);
    okt_buf_free(&query->q);
}

/* What follows org and path in uri: "" or "?..."; NULL: another place. Scheme
 * and host do not mind letter case. */
static const char *after_path(const char *uri, const char *org)
{
    size_t len = strlen(org);

    if (okt_ncasecmp(uri, org, len) != 0)
        return NULL;
    uri += len;
    len = strlen(OKT_PATH_API_TOKENS);
    if (strncmp(uri, OKT_PATH_API_TOKENS, len) != 0)
        return NULL;
    uri += len;
    return *uri == '\0' || *uri == '?' || *uri == '#' ? uri : NULL;
}

static struct okt_buf *find_parameter(struct uri_query *query, const char *name,
                                      size_t len)
{
    if (len == 5 && strncmp(name, "after", len) == 0)
        return &query->after;
    if (len == 5 && strncmp(name, "limit", len) == 0)
        return &query->limit;
    return len == 1 && *name == 'q' ? &query->q : NULL;
}

/* Of a parameter that is given twice, the last counts. */
static bool read_value(struct okt_buf *out, const char *text, size_t len)
{
    okt_buf_clear(out);
    return okt_percent_decode(text, len, out);
}

/* "name=value" */
static int read_parameter(const struct args *args, const char *text, size_t len,
                          struct uri_query *query)
{
    const char *equals = memchr(text, '=', len);
    size_t name_len = equals != NULL ? (size_t)(equals - text) : len;
    struct okt_buf *value = find_parameter(query, text, name_len);

    if (value == NULL)
        return fail(args, EXIT_USAGE,
                    "after, limit and q are all that is taken from it",
                    "-Uri: a list has no parameter '%.*s'; nothing was sent",
                    (int)name_len, text);
    /* A limit that is empty is no limit, not one that was left out. */
    if (equals == NULL || !read_value(value, equals + 1, len - name_len - 1) ||
        (value == &query->limit && value->len == 0))
        return fail(args, EXIT_USAGE, NULL, "-Uri: '%.*s' has no such value",
                    (int)name_len, text);
    return EXIT_OK;
}

static int read_query(const struct args *args, const char *text,
                      struct uri_query *query)
{
    int code = EXIT_OK;

    while (*text != '\0' && code == EXIT_OK) {
        size_t len = strcspn(text, "&");

        if (len > 0)
            code = read_parameter(args, text, len, query);
        text += len + (text[len] == '&');
    }
    return code;
}

static int read_limit(const struct args *args, const char *text, int *out)
{
    size_t len = strlen(text);
    long limit = strtol(text, NULL, 10);

    if (len == 0 || len > 3 || text[strspn(text, "0123456789")] != '\0' ||
        limit < OKT_LIMIT_MIN || limit > OKT_LIMIT_MAX)
        return fail(args, EXIT_USAGE, NULL,
                    "-Uri: limit is a whole number from %d to %d",
                    OKT_LIMIT_MIN, OKT_LIMIT_MAX);
    *out = (int)limit;
    return EXIT_OK;
}

int uri_read(struct session *session, const char *uri, struct uri_query *query,
             okta_list_options *out)
{
    const struct args *args = session->args;
    AUTO(char) org = NULL;
    const char *rest;
    int code = session_org(session, &org);

    if (code != EXIT_OK)
        return code;
    rest = after_path(uri, org);
    if (rest == NULL)
        return fail(args, EXIT_USAGE, NULL,
                    "-Uri must begin with %s%s; nothing was sent", org,
                    OKT_PATH_API_TOKENS);
    if (strchr(rest, '#') != NULL)
        return fail(args, EXIT_USAGE, "leave out '#' and what follows it",
                    "-Uri has a fragment, which no request has; nothing was "
                    "sent");
    code = read_query(args, rest + (*rest == '?'), query);
    if (code == EXIT_OK && query->limit.len > 0)
        code = read_limit(args, query->limit.data, &out->limit);
    out->after = query->after.len > 0 ? query->after.data : NULL;
    out->q = query->q.len > 0 ? query->q.data : NULL;
    return code;
}
