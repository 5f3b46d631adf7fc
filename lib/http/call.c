/* SPDX-License-Identifier: Apache-2.0 */
/* call.c - a request with all its attempts: pacing, retries, lost answers. */
#include <stdio.h>
#include <string.h>

#include "lib/internal.h"
#include "wire/api.h"
#include "wire/id.h"

enum {
    URL_MAX = 8192,
    BACKOFF_MS = 500,
    BACKOFF_MAX_MS = 30000,
    CONCURRENCY_MS = 1000,
    SECOND_MS = 1000
};

/* -------------------------------------------------- Beginning and end -- */

okta_status okt_call_begin(struct okt_call *call, okta_client *client,
                           const char *method, const char *path,
                           const char *body, okta_response *response,
                           okta_error *err)
{
    OKT_BUF_AUTO url = OKT_BUF_INIT(URL_MAX);
    okta_status st = OKTA_OK;

    call->method = method;
    okt_buf_printf(&url, "%s%s", client->org_url, path);
    st = okt_check_buf(&url, "the request's URL", err);
    if (st == OKTA_OK)
        st = okt_copy(body, &call->body, err);
    if (st == OKTA_OK && response == NULL)
        st = okta_response_new(&call->own, err);
    if (st != OKTA_OK)
        return st;
    call->response = response != NULL ? response : call->own;
    call->response->body.max = client->options.max_body;
    okt_response_clear(call->response);
    call->response->attempts = 0;
    call->url = okt_buf_take(&url);
    call->client = client;
    call->credential = client->credential;
    call->next = client->calls;
    if (call->next != NULL)
        call->next->prev = call;
    client->calls = call;
    return OKTA_OK;
}

static void drop_exchange(struct okt_call *call)
{
    const struct okt_transport *t = &call->client->transport;

    call->settled = false;
    if (call->exchange != NULL)
        t->ops->drop(t->ctx, TAKE(call->exchange));
}

void okt_call_end(struct okt_call *call)
{
    if (call->client != NULL) {
        drop_exchange(call);
        if (call->prev != NULL)
            call->prev->next = call->next;
        else
            call->client->calls = call->next;
        if (call->next != NULL)
            call->next->prev = call->prev;
    }
    free(call->url);
    okt_free_secret(call->body);
    okta_response_free(call->own);
    *call = (struct okt_call){ 0 };
}

void okt_call_move(struct okt_call *to, struct okt_call *from)
{
    *to = *from;
    *from = (struct okt_call){ 0 };
    if (to->client == NULL)
        return;
    if (to->prev != NULL)
        to->prev->next = to;
    else
        to->client->calls = to;
    if (to->next != NULL)
        to->next->prev = to;
}

/* ------------------------------------------------------------- Sending -- */

/* The headers of the request itself; the credential's come behind them. */
static void write_headers(const struct okt_call *call, okta_headers *headers)
{
    char count[16];

    okta_headers_add(headers, "Accept", "application/json");
    if (call->form)
        okta_headers_add(headers, "Content-Type",
                         "application/x-www-form-urlencoded");
    else if (call->body != NULL)
        okta_headers_add(headers, "Content-Type", "application/json");
    if (call->first_request[0] != '\0') {
        snprintf(count, sizeof(count), "%d", call->response->attempts);
        okta_headers_add(headers, OKT_H_RETRY_FOR, call->first_request);
        okta_headers_add(headers, OKT_H_RETRY_COUNT, count);
    }
}

static void log_secret_header(const okta_client *client, const char *line)
{
    static const char authorization[] = "Authorization: ";
    size_t len = strcspn(line, ":") + 1;

    if (strncmp(line, authorization, strlen(authorization)) == 0)
        len =
            strlen(authorization) + strcspn(line + strlen(authorization), " ");
    okt_log(client, OKTA_LOG_DEBUG, "> %.*s [redacted]", (int)len, line);
}

/* From the header secret on they are the credential's. */
static void log_request(const struct okt_call *call,
                        const okta_headers *headers, size_t secret)
{
    const okta_client *client = call->client;
    const char *line = headers->text.data;

    okt_log(client, OKTA_LOG_DEBUG, "> %s %s", call->method, call->url);
    for (size_t i = 0; i < headers->count; i++) {
        if (i >= secret)
            log_secret_header(client, line);
        else
            okt_log(client, OKTA_LOG_DEBUG, "> %s", line);
        line += strlen(line) + 1;
    }
}

/* Writes all headers; what fails in it is the credential's to tell. */
static okta_status authorize(struct okt_call *call, okta_headers *headers,
                             okta_error *err)
{
    size_t own;
    okta_status st;

    write_headers(call, headers);
    own = headers->count;
    call->proved = false;
    call->dated = false;
    st = call->credential->ops->authorize(call->credential, call, headers, err);
    if (st == OKTA_OK)
        st = okt_check_buf(&headers->text, "the request's header", err);
    if (st == OKTA_OK)
        log_request(call, headers, own);
    call->unauthorized = st != OKTA_OK;
    return st;
}

static okta_status send_request(struct okt_call *call, okta_error *err)
{
    const struct okt_transport *t = &call->client->transport;
    okta_headers headers = OKT_HEADERS_INIT;
    struct okt_request request = {
        .method = call->method, .url = call->url, .headers = &headers
    };
    okta_status st = authorize(call, &headers, err);

    if (st == OKTA_OK) {
        request.body = call->body;
        request.body_len = call->body != NULL ? strlen(call->body) : 0;
        request.fresh = call->fresh;
        request.send_once = call->one_time || strcmp(call->method, "PUT") == 0;
        okt_response_clear(call->response);
        call->response->attempts++;
        call->started_ms = t->ops->now_ms(t->ctx);
        st = t->ops->start(t->ctx, &request, call->response, &call->exchange,
                           err);
    }
    okt_buf_free(&headers.text);
    return st;
}

/* -------------------------------------------------------------- Pacing -- */

/* Kinds of requests that may have a limit of their own. */
static const struct {
    const char *start;
    const char *end;
} limit_classes[OKT_LIMIT_CLASSES - 1] = {
    { OKT_PATH_API_TOKENS, "" }, { OKT_PATH_USERS, "/roles" },
    { OKT_PATH_USERS, "" },      { OKT_PATH_ZONES, "" },
    { OKT_PATH_LOGS, "" },
};

static size_t limit_class(const struct okt_call *call)
{
    const char *path = call->url + strlen(call->client->org_url);
    size_t len = strlen(path);
    size_t i = 0;

    for (; i < ARRAY_LEN(limit_classes); i++) {
        size_t end = strlen(limit_classes[i].end);

        if (strncmp(path, limit_classes[i].start,
                    strlen(limit_classes[i].start)) == 0 &&
            len >= end && strcmp(path + len - end, limit_classes[i].end) == 0)
            break;
    }
    return i;
}

/* How long it is until what an answer told of is reset. */
static int64_t reset_ms(const okta_client *client, const struct okt_pace *pace)
{
    const struct okt_transport *t = &client->transport;
    int64_t wait = okt_rate_limit_wait(&pace->rate, t->ops->wall(t->ctx));

    if (wait <= 0)
        return 0;
    wait = wait * SECOND_MS - (t->ops->now_ms(t->ctx) - pace->at_ms);
    return wait > 0 ? wait : 0;
}

/*
 * The answer whose headers hold for a call: the last to a request of its kind,
 * while its window lasts; but the last of all where that told of the same
 * window, which then is shared, and where nothing else is known.
 */
static const struct okt_pace *pace_of(const struct okt_call *call)
{
    const okta_client *client = call->client;
    const struct okt_pace *own = &client->paces[limit_class(call)];
    const struct okt_pace *last = &client->paces[client->last_pace];

    if (reset_ms(client, own) == 0 || (own->rate.limit == last->rate.limit &&
                                       own->rate.reset == last->rate.reset))
        return last;
    return own;
}

/* How long those headers, and what others are to be left, ask to wait before
 * anything is sent; and which of the two. */
static int64_t pace_ms(const struct okt_call *call)
{
    const struct okt_pace *pace = pace_of(call);
    const struct okt_rate_limit *rate = &pace->rate;

    if (rate->limit <= 0 || rate->remaining < 0 ||
        rate->remaining > rate->limit * call->client->options.reserve / 100)
        return 0;
    return reset_ms(call->client, pace);
}

static okta_wait_reason pace_reason(const struct okt_call *call)
{
    return pace_of(call)->rate.remaining > 0 ? OKTA_WAIT_RESERVE
                                             : OKTA_WAIT_RATE_LIMIT;
}

/* Takes a wait out of the call's budget. */
static okta_status wait_for_limit(struct okt_call *call, okta_wait_reason why,
                                  int64_t ms, okta_error *err)
{
    long max = call->client->options.max_wait_s;
    int64_t seconds = (ms + SECOND_MS - 1) / SECOND_MS;

    if (call->waited_ms + ms > (int64_t)max * SECOND_MS) {
        okt_set_error(err, OKTA_ERR_RATE_LIMIT,
                      "%s to wait %lld s, more than is left of the %ld s to "
                      "wait at most",
                      why == OKTA_WAIT_RESERVE
                          ? "leaving others the rest of the rate limit means"
                          : "the org's rate limit asks",
                      (long long)seconds, max);
        if (err != NULL)
            err->retry_after = seconds;
        return OKTA_ERR_RATE_LIMIT;
    }
    call->waited_ms += ms;
    return okt_client_wait(call->client, why, ms, err);
}

static okta_status send_paced(struct okt_call *call, okta_error *err)
{
    int64_t ms = call->form ? 0 : pace_ms(call);
    okta_status st = OKTA_OK;

    if (ms > 0)
        st = wait_for_limit(call, pace_reason(call), ms, err);
    if (st != OKTA_OK)
        return st;
    return send_request(call, err);
}

void okt_call_ahead(struct okt_call *call)
{
    /* What fails here is tried again, and told, by okt_call_headers. */
    if (pace_ms(call) == 0)
        (void)send_request(call, NULL);
}

static void note_rate(struct okt_call *call)
{
    const struct okt_transport *t = &call->client->transport;
    const struct okt_rate_limit *rate = &call->response->rate;

    if (call->form || (rate->limit < 0 && rate->remaining < 0))
        return;
    call->client->last_pace = limit_class(call);
    call->client->paces[call->client->last_pace] =
        (struct okt_pace){ *rate, t->ops->now_ms(t->ctx) };
}

/* ------------------------------------------------------------- Retries -- */

static bool is_answer_lost(int status)
{
    return status == 502 || status == 504;
}

/* What is sent back in a header must not be a credential thrown at us. */
static bool is_request_id(const struct okt_call *call, const char *id)
{
    const okta_credential *credential = call->credential;
    const char *secret;

    for (size_t i = 0;
         (secret = credential->ops->secret(credential, i)) != NULL; i++)
        if (strstr(id, secret) != NULL)
            return false;
    return strlen(id) < sizeof(call->first_request) && okt_id_is_segment(id) &&
           !okt_has_secret(id);
}

/* Whether the attempt that just ended was sent, and its answer lost. */
static bool is_lost(const struct okt_call *call, okta_status st)
{
    if (st == OKTA_OK)
        return is_answer_lost(call->response->status);
    return (st == OKTA_ERR_NETWORK || st == OKTA_ERR_TIMEOUT) &&
           call->exchange != NULL && call->exchange->sends > 0;
}

/* Whether a call that spends something is sent again after a lost answer. */
static bool repeat_once(struct okt_call *call)
{
    if (call->repeated)
        return false;
    call->repeated = true;
    drop_exchange(call);
    return true;
}

/* Takes note of what the attempt that just ended has told or left open. */
static void note_attempt(struct okt_call *call, okta_status st)
{
    const okta_response *response = call->response;
    const char *id = okta_response_request_id(response);
    int sends = call->exchange != NULL ? call->exchange->sends : 0;

    if (sends > 1 || (st != OKTA_OK && sends > 0) ||
        is_answer_lost(response->status))
        call->lost = true;
    if (id != NULL && call->first_request[0] == '\0' && is_request_id(call, id))
        memcpy(call->first_request, id, strlen(id) + 1);
}

static bool is_transient(int status)
{
    return status == 429 ||
           (status >= 500 && status <= 599 && status != 501 && status != 505);
}

/* Whether a second attempt can do no harm that the first has not done. */
static bool may_repeat(const struct okt_call *call, okta_status st)
{
    bool sent = call->exchange != NULL && call->exchange->sends > 0;

    if (st != OKTA_OK && st != OKTA_ERR_NETWORK && st != OKTA_ERR_TIMEOUT)
        return false;
    if (st == OKTA_OK && !is_transient(call->response->status))
        return false;
    if (call->retries >= call->client->options.retries)
        return false;
    return strcmp(call->method, "PUT") != 0 || !sent ||
           (st == OKTA_OK && call->response->status == 429);
}

static int64_t backoff_ms(struct okt_call *call, int64_t first_ms)
{
    int64_t ms = first_ms;

    for (int i = 0; i < call->retries && ms < BACKOFF_MAX_MS; i++)
        ms *= 2;
    return okt_client_jitter(call->client,
                             ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS);
}

/* Waits as the failed attempt asks for. RATE_LIMIT: that would be too long. */
static okta_status wait_to_retry(struct okt_call *call, okta_status st,
                                 okta_error *err)
{
    const struct okt_transport *t = &call->client->transport;
    const struct okt_rate_limit *rate = &call->response->rate;
    int64_t wait = okt_rate_limit_wait(rate, t->ops->wall(t->ctx));

    if (st == OKTA_OK && okt_rate_limit_is_told(rate) && wait > 0)
        return wait_for_limit(call, OKTA_WAIT_RATE_LIMIT, wait * SECOND_MS,
                              err);
    if (st != OKTA_OK || call->response->status != 429)
        return okt_client_wait(call->client, OKTA_WAIT_RETRY,
                               backoff_ms(call, BACKOFF_MS), err);
    if (wait <= 0 || okt_rate_limit_is_concurrency(rate))
        return wait_for_limit(call, OKTA_WAIT_RATE_LIMIT,
                              backoff_ms(call, CONCURRENCY_MS), err);
    return wait_for_limit(call, OKTA_WAIT_RATE_LIMIT, wait * SECOND_MS, err);
}

/*
 * Decides over an attempt that failed in a way that may pass. True: waited, the
 * attempt is dropped, try again. False: *st is what the call ends with.
 */
static bool try_again(struct okt_call *call, okta_status *st, okta_error *err)
{
    okta_error ignored;
    okta_status waited;

    note_attempt(call, *st);
    if (call->one_time && is_lost(call, *st))
        return repeat_once(call);
    if (!may_repeat(call, *st))
        return false;
    waited = wait_to_retry(call, *st, err != NULL ? err : &ignored);
    if (waited == OKTA_ERR_RATE_LIMIT && *st == OKTA_OK)
        return false; /* the 429 itself says it best */
    if (waited != OKTA_OK) {
        *st = waited;
        return false;
    }
    call->retries++;
    drop_exchange(call);
    return true;
}

static okta_status drive(struct okt_call *call, enum okt_stage until,
                         okta_error *err)
{
    const struct okt_transport *t = &call->client->transport;
    okta_status st = t->ops->drive(t->ctx, call->exchange, until, err);

    if (st == OKTA_OK)
        note_rate(call);
    return st;
}

/* A credential that renews itself may ask for one more attempt. */
static bool is_renewed(struct okt_call *call)
{
    if (!call->credential->ops->answered(call->credential, call))
        return false;
    drop_exchange(call);
    return true;
}

/* Whether the body is to come in before anything is decided. */
static bool takes_body(const struct okt_call *call)
{
    return is_transient(call->response->status) ||
           (call->form && call->response->status >= 400);
}

static okta_status attempt(struct okt_call *call, okta_error *err)
{
    okta_status st = OKTA_OK;

    if (call->exchange == NULL)
        st = send_paced(call, err);
    if (st == OKTA_OK)
        st = drive(call, OKT_STAGE_HEADERS, err);
    if (st == OKTA_OK && takes_body(call))
        st = drive(call, OKT_STAGE_DONE, err);
    return st;
}

/* An error whose change may have been carried out says so. */
static void mark_maybe_done(const struct okt_call *call, okta_status st,
                            okta_error *err)
{
    if (err != NULL && st != OKTA_OK && call->lost &&
        strcmp(call->method, "GET") != 0)
        err->maybe_done = 1;
}

okta_status okt_call_headers(struct okt_call *call, okta_error *err)
{
    okta_status st = OKTA_OK;

    while (!call->settled) {
        st = attempt(call, err);
        if (st == OKTA_OK && is_renewed(call))
            continue;
        if (st != OKTA_OK && call->unauthorized)
            return st; /* it has had its own attempts */
        if (try_again(call, &st, err))
            continue;
        mark_maybe_done(call, st, err);
        if (st != OKTA_OK)
            return st;
        call->settled = true;
    }
    return OKTA_OK;
}

static void log_call(const struct okt_call *call)
{
    const struct okt_transport *t = &call->client->transport;
    const char *id = okta_response_request_id(call->response);

    okt_log(call->client, OKTA_LOG_INFO, "%s %s %d, %lld ms, request %s",
            call->method, call->url, call->response->status,
            (long long)(t->ops->now_ms(t->ctx) - call->started_ms),
            id != NULL ? id : "-");
}

static okta_status fail_answered(const struct okt_call *call, okta_error *err)
{
    const struct okt_transport *t = &call->client->transport;
    okta_status st;

    if (okt_response_is_foreign(call->response) ||
        (!call->form && okt_response_is_stray_oauth(call->response)))
        return okt_fail_foreign(err, call->response, call->client->org_url);
    st = okt_fail_response(err, call->response);
    if (call->dated && err != NULL)
        okt_tell_clock(err, call->response, t->ops->wall(t->ctx));
    return st;
}

okta_status okt_call_finish(struct okt_call *call, okta_error *err)
{
    for (;;) {
        okta_status st = okt_call_headers(call, err);

        if (st != OKTA_OK)
            return st;
        st = drive(call, OKT_STAGE_DONE, err);
        if (st != OKTA_OK && try_again(call, &st, err))
            continue;
        if (st == OKTA_OK)
            st = okt_response_complete(call->response, call->credential, err);
        if (st == OKTA_OK) {
            log_call(call);
            if (call->response->status < 200 || call->response->status > 299)
                st = fail_answered(call, err);
        }
        mark_maybe_done(call, st, err);
        return st;
    }
}
