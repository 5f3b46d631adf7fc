/* SPDX-License-Identifier: Apache-2.0 */
/* http_fault.c - answers that go wrong on request. */
#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "server/fault/faults.h"
#include "server/http/http_parts.h"

enum { GONE_STEP_MS = 100, LINE_MAX_LEN = 64, CHUNK = 4096 };

/* --------------------------------------------------------------- Sleeping --
 */

/* In the alarms' thread. */
static void wake(void *ctx)
{
    struct exchange *x = ctx;

    MHD_resume_connection(x->connection);
}

void http_sleep(struct exchange *x, int64_t ms)
{
    MHD_suspend_connection(x->connection);
    if (!alarms_set(x->http->alarms, ms, wake, x))
        MHD_resume_connection(x->connection);
}

bool http_is_gone(const struct exchange *x)
{
    struct pollfd client = { http_socket(x->connection), POLLRDHUP, 0 };

    return atomic_load(&x->http->draining) || poll(&client, 1, 0) > 0;
}

enum MHD_Result http_fault_wait(struct exchange *x)
{
    x->slept = true;
    http_sleep(x, x->request->fault->ms);
    return MHD_YES;
}

/* ---------------------------------------------------------------- Effects --
 */

void http_fault_headers(struct MHD_Response *response,
                        const struct fault_order *order)
{
    const char *name = order->headers.data;
    const char *old;

    while (name != NULL && name < order->headers.data + order->headers.len) {
        const char *value = name + strlen(name) + 1;

        while ((old = MHD_get_response_header(response, name)) != NULL)
            if (MHD_del_response_header(response, name, old) != MHD_YES)
                break;
        if (value[0] != '\0')
            MHD_add_response_header(response, name, value);
        name = value + strlen(value) + 1;
    }
}

static enum MHD_Result answer_otherwise(struct exchange *x, int status)
{
    struct request *r = x->request;

    (void)status;
    reply_fault(r);
    return http_answer(x, r->fault->status);
}

/* libmicrohttpd closes it. */
static enum MHD_Result close_it(struct exchange *x, int status)
{
    (void)x;
    (void)status;
    return MHD_NO;
}

/* To connect a socket to nobody resets what it was connected to. */
static enum MHD_Result reset_it(struct exchange *x, int status)
{
    const struct sockaddr nobody = { .sa_family = AF_UNSPEC };

    (void)status;
    connect(http_socket(x->connection), &nobody, sizeof(nobody));
    return MHD_NO;
}

/* Past libmicrohttpd, which would send all of it or nothing. */
static void send_raw(const struct exchange *x, const char *text, size_t len)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection,
                                MHD_CONNECTION_INFO_GNUTLS_SESSION);

    if (x->http->options.certs != NULL && info != NULL)
        gnutls_record_send(info->tls_session, text, len);
    else
        send(http_socket(x->connection), text, len, MSG_NOSIGNAL);
}

/* An answer without a body is cut in its head. */
static enum MHD_Result cut_head(struct exchange *x, int status)
{
    const struct fault_order *order = x->request->fault;
    char line[LINE_MAX_LEN];
    int len = snprintf(line, sizeof(line), "HTTP/1.1 %d \r\n", status);

    send_raw(x, line, order->bytes < len ? (size_t)order->bytes : (size_t)len);
    if (order->kind == FAULT_TRUNCATE)
        return MHD_NO;
    shutdown(http_socket(x->connection), SHUT_WR);
    x->phase = LEAVING;
    return http_fault_leave(x);
}

static bool has_body(const struct request *r)
{
    return r->content_type != NULL && r->reply.len > 0;
}

static enum MHD_Result cut_it(struct exchange *x, int status)
{
    return has_body(x->request) ? http_answer(x, status) : cut_head(x, status);
}

enum MHD_Result http_fault(struct exchange *x, int status)
{
    static enum MHD_Result (*const effects[FAULT_KINDS])(struct exchange *,
                                                         int) = {
        [FAULT_STATUS] = answer_otherwise,
        [FAULT_RATE_LIMIT] = answer_otherwise,
        [FAULT_CONCURRENT] = answer_otherwise,
        [FAULT_DELAY] = http_answer,
        [FAULT_HEADERS] = http_answer,
        [FAULT_CLOSE] = close_it,
        [FAULT_RESET] = reset_it,
        [FAULT_TRUNCATE] = cut_it,
        [FAULT_HALF_CLOSE] = cut_it,
    };

    if (x->request->fault->ms > 0 && !x->slept) {
        x->phase = SLEEPING;
        x->status = status;
        return http_fault_wait(x);
    }
    x->status = 0;
    return effects[x->request->fault->kind](x, status);
}

/* ------------------------------------------------------------------ Parts --
 */

/* Waits until the client closes its half as well. */
enum MHD_Result http_fault_leave(struct exchange *x)
{
    if (http_is_gone(x))
        return MHD_NO;
    http_sleep(x, GONE_STEP_MS);
    return MHD_YES;
}

/* The body that there is, and as much of it as is sent. */
struct part {
    struct exchange *exchange;
    char *body;
    size_t len;
    size_t end;
    bool shut;
};

static ssize_t end_part(struct part *part)
{
    struct exchange *x = part->exchange;

    if (part->end == part->len)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (x->request->fault->kind == FAULT_TRUNCATE)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!part->shut)
        shutdown(http_socket(x->connection), SHUT_WR);
    part->shut = true;
    return http_fault_leave(x) == MHD_YES ? 0
                                          : MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t read_part(void *cls, uint64_t pos, char *out, size_t max)
{
    struct part *part = cls;
    size_t n;

    if (pos >= part->end)
        return end_part(part);
    n = part->end - (size_t)pos;
    if (n > max)
        n = max;
    memcpy(out, part->body + pos, n);
    return (ssize_t)n;
}

static void free_part(void *cls)
{
    struct part *part = cls;

    free(part->body);
    free(part);
}

bool http_fault_cuts(const struct exchange *x)
{
    const struct fault_order *order = x->request->fault;

    return order != NULL && has_body(x->request) &&
           (order->kind == FAULT_TRUNCATE || order->kind == FAULT_HALF_CLOSE);
}

struct MHD_Response *http_fault_part(struct exchange *x)
{
    const struct fault_order *order = x->request->fault;
    struct part *part = calloc(1, sizeof(*part));
    struct MHD_Response *response = NULL;

    if (part == NULL)
        return NULL;
    part->exchange = x;
    part->len = x->request->reply.len;
    part->end =
        (uint64_t)order->bytes < part->len ? (size_t)order->bytes : part->len;
    part->body = okt_buf_take(&x->request->reply);
    if (part->body != NULL)
        response =
            MHD_create_response_from_callback(part->len, CHUNK, read_part, part,
                                              free_part);
    if (response == NULL)
        free_part(part);
    return response;
}
