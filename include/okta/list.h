/* SPDX-License-Identifier: Apache-2.0 */
/* list.h - the tokens of an org, and pages of whatever is listed. */
#ifndef OKTA_LIST_H
#define OKTA_LIST_H

#include <okta/base.h>
#include <okta/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct okta_list_options {
    size_t size;       /* set by OKTA_LIST_OPTIONS_INIT */
    const char *q;     /* only tokens whose name or clientName holds this text,
                          ASCII letter case aside; NULL: all */
    const char *after; /* a cursor from okta_page_cursor; NULL: the beginning */
    int limit;         /* tokens a page, 1 to 200; 0: as the org likes */
    bool single;       /* one page only: the next is not asked for ahead */
    bool discard;      /* okta_page_next drops what the page holds before it
                          reads the next one, for half the memory: after a
                          failure the page may be empty */
    const char *user_id; /* only tokens of this user; NULL: of all. Orgs know no
                            such filter, so all tokens are fetched */
} okta_list_options;

#define OKTA_LIST_OPTIONS_INIT OKTA_SIZED_(okta_list_options)

/*
 * Lists the tokens, one page at a time: GET /api/v1/api-tokens.
 *
 *     okta_page *page = NULL;
 *     okta_error err;
 *     okta_status st = okta_api_token_list(client, NULL, NULL, &page, &err);
 *
 *     while (st == OKTA_OK) {
 *         for (size_t i = 0; i < okta_page_count(page); i++)
 *             show(okta_page_api_token(page, i));
 *         st = okta_page_next(client, page, NULL, &err);
 *     }
 *     okta_page_free(page);
 *     if (st != OKTA_DONE)
 *         complain(&err);
 *
 * An org may ignore q and limit, and knows no user_id: all three are applied
 * here, so that a page never holds more than limit tokens nor one that does not
 * match. A page may
 * be empty without being the last. While a page's body still arrives, the next
 * one is asked for; at most two are in memory. options may be NULL.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_list(okta_client *client, const okta_list_options *options,
                    okta_response *response, okta_page **out, okta_error *err);

/*
 * Replaces what page holds by the next page. Returns OKTA_DONE when there is
 * none. On DONE and on failure page keeps what it held (on failure not with
 * discard); after a failure the call may be repeated.
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_page_next(okta_client *client, okta_page *page, okta_response *response,
               okta_error *err);

OKTA_API size_t okta_page_count(const okta_page *page);

/* Borrowed from page until okta_page_next or okta_page_free. i < count. Each is
 * for pages of its own kind of list; NULL for those of another. */
OKTA_API const okta_api_token *okta_page_api_token(const okta_page *page,
                                                   size_t i);
OKTA_API const okta_role *okta_page_role(const okta_page *page, size_t i);
OKTA_API const okta_zone *okta_page_zone(const okta_page *page, size_t i);
OKTA_API const okta_event *okta_page_event(const okta_page *page, size_t i);

/* Whether okta_page_next has more to give, as far as is known by now. */
OKTA_API bool okta_page_more(const okta_page *page);

/*
 * The cursor to go on from after this page, for okta_list_options.after; or
 * NULL: on the last page, and where this page was cut on our side out of a
 * larger one, since going on from the org's cursor would lose tokens.
 */
OKTA_API const char *okta_page_cursor(const okta_page *page);

OKTA_API void okta_page_free(okta_page *page);

/*
 * The same token by token. client must outlive the iterator.
 *
 *     while ((st = okta_iter_next(iter, &token, &err)) == OKTA_OK)
 *         show(token);
 */
OKTA_API OKTA_MUST_CHECK okta_status
okta_api_token_iter(okta_client *client, const okta_list_options *options,
                    okta_iter **out, okta_error *err);

/* *out is borrowed until the next call, as with discard. OKTA_DONE after the
 * last token. */
OKTA_API OKTA_MUST_CHECK okta_status
okta_iter_next(okta_iter *iter, const okta_api_token **out, okta_error *err);

OKTA_API void okta_iter_free(okta_iter *iter);

#ifdef __cplusplus
}
#endif

#endif
