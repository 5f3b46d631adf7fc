/* SPDX-License-Identifier: Apache-2.0 */
/* list.c - listApiTokens: what is asked for, and the iterator. */
#include "lib/internal.h"
#include "wire/api.h"
#include "wire/id.h"
#include "wire/percent.h"

enum { QUERY_MAX_LEN = 8192 };

static okta_status check_options(const okta_list_options *o, okta_error *err)
{
    if (o->limit < 0 || o->limit > OKT_LIMIT_MAX)
        return okt_fail(err, OKTA_ERR_ARGUMENT, "limit must be %d to %d",
                        OKT_LIMIT_MIN, OKT_LIMIT_MAX);
    if (o->q != NULL && okt_has_secret(o->q))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "the text to look for has the shape of a token's "
                        "secret: nothing was sent");
    return o->user_id != NULL ? okt_check_id(&okt_user_kind, o->user_id, err)
                              : OKTA_OK;
}

static void add_query(const okta_list_options *o, struct okt_buf *query)
{
    char mark = '?';

    okt_buf_str(query, "");
    if (o->after != NULL) {
        okt_buf_printf(query, "%cafter=", mark);
        okt_percent_encode(query, o->after);
        mark = '&';
    }
    if (o->limit > 0) {
        okt_buf_printf(query, "%climit=%d", mark, o->limit);
        mark = '&';
    }
    if (o->q != NULL) {
        okt_buf_printf(query, "%cq=", mark);
        okt_percent_encode(query, o->q);
    }
}

okta_status
okta_api_token_list(okta_client *client, const okta_list_options *options,
                    okta_response *response, okta_page **out, okta_error *err)
{
    okta_list_options o = OKTA_LIST_OPTIONS_INIT;
    OKT_BUF_AUTO query = OKT_BUF_INIT(QUERY_MAX_LEN);
    struct okt_list list = { .kind = &okt_token_kind,
                             .path = OKT_PATH_API_TOKENS };
    okta_status st =
        okt_take_options(&o, sizeof(o), options, "OKTA_LIST_OPTIONS_INIT", err);

    if (st == OKTA_OK)
        st = check_options(&o, err);
    if (st != OKTA_OK)
        return st;
    add_query(&o, &query);
    st = okt_check_buf(&query, "the request's path", err);
    if (st != OKTA_OK)
        return st;
    list.query = query.data;
    list.q = o.q;
    list.owner = o.user_id;
    list.limit = o.limit;
    list.single = o.single;
    list.discard = o.discard;
    return okt_list_begin(client, &list, response, out, err);
}

const okta_api_token *okta_page_api_token(const okta_page *page, size_t i)
{
    return (const okta_api_token *)okt_page_object(page, &okt_token_kind, i);
}

/* ------------------------------------------------------------ Iterator -- */

struct okta_iter {
    okta_client *client;
    okta_page *page;
    size_t next;
};

okta_status okta_api_token_iter(okta_client *client,
                                const okta_list_options *options,
                                okta_iter **out, okta_error *err)
{
    AUTO(okta_iter) iter = calloc(1, sizeof(*iter));
    okta_list_options o = OKTA_LIST_OPTIONS_INIT;
    okta_status st;

    if (iter == NULL)
        return okt_fail_memory(err);
    iter->client = client;
    st =
        okt_take_options(&o, sizeof(o), options, "OKTA_LIST_OPTIONS_INIT", err);
    o.discard = true;
    if (st == OKTA_OK)
        st = okta_api_token_list(client, &o, NULL, &iter->page, err);
    if (st != OKTA_OK)
        return st;
    *out = TAKE(iter);
    return OKTA_OK;
}

okta_status okta_iter_next(okta_iter *iter, const okta_api_token **out,
                           okta_error *err)
{
    while (iter->next >= okta_page_count(iter->page)) {
        okta_status st = okta_page_next(iter->client, iter->page, NULL, err);

        if (st != OKTA_OK)
            return st;
        iter->next = 0;
    }
    *out = okta_page_api_token(iter->page, iter->next++);
    return OKTA_OK;
}

void okta_iter_free(okta_iter *iter)
{
    if (iter == NULL)
        return;
    okta_page_free(iter->page);
    free(iter);
}
