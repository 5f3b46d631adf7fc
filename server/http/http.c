/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http.c - the sockets, by libmicrohttpd.
 *
 * libmicrohttpd, at discipline level 1, refuses by itself what is no HTTP: a
 * length beside a transfer encoding, bare LF, folded lines, NUL, headers
 * beyond the limit. What it lets through and could still be read in two ways is
 * refused in check_framing, with a bare status, and the connection closed.
 *
 * It overwrites a connection's memory before the next request, but not before
 * it is freed. Beyond 32 KiB that memory is a mapping of its own, which takes
 * the secrets in it with it.
 */
#include "server/http/http.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "server/control/dev.h"
#include "server/fault/faults.h"
#include "server/fault/request_log.h"
#include "server/http/certs.h"
#include "server/http/forwarded.h"
#include "server/http/http_parts.h"
#include "server/http/listen.h"
#include "server/request/log.h"
#include "server/request/metrics.h"
#include "server/request/request.h"
#include "server/util/diag.h"
#include "server/util/worker.h"
#include "wire/iso8601.h"
#include "wire/rate_limit.h"

enum {
    TARGET_MAX = 8192,          /* bytes; beyond: 414 */
    CONNECTION_MEMORY = 36864,  /* for target and headers; beyond: 431 */
    BODY_DISCARD_MAX = 1048576, /* of a body that is too large, in chunks */
    ROOM = 896,                 /* connections; beyond: others go */
    WORKER_ROOM = 1024,         /* of each worker: never what decides */
    IDLE_SECONDS = 30,
    REQUEST_MS = 30000, /* for all of a request, or until there is one */
    ANSWER_MS = 30000,  /* to take an answer, and */
    ANSWER_RATE = 16,   /* bytes in each millisecond */
    WORKERS_MIN = 2,
    WORKERS_MAX = 8,
    DRAIN_MS = 10000,
    DRAIN_STEP_MS = 5,
};

#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/* -------------------------------------------------------------- Answering --
 */

static void add(struct MHD_Response *response, const char *name,
                const char *value)
{
    MHD_add_response_header(response, name, value);
}

static void add_number(struct MHD_Response *response, const char *name,
                       int64_t value)
{
    char text[OKT_INT_SIZE];

    add(response, name, okt_int_text(value, text));
}

static void add_if(struct MHD_Response *response, const char *name,
                   const struct okt_buf *value)
{
    if (value->len > 0)
        add(response, name, value->data);
}

static void add_caching(struct MHD_Response *response, const struct request *r)
{
    if (r->cache != NULL) {
        add(response, "Cache-Control", r->cache);
        return;
    }
    add(response, "Cache-Control", "no-cache, no-store");
    add(response, "Pragma", "no-cache");
    add(response, "Expires", "0");
}

static void add_headers(struct MHD_Response *response, const struct request *r)
{
    const char *name;
    const char *value;
    size_t at = 0;

    if (r->content_type != NULL)
        add(response, "Content-Type", r->content_type);
    add_caching(response, r);
    if (r->limit.limit > 0) {
        add_number(response, OKT_H_RATE_LIMIT, r->limit.limit);
        add_number(response, OKT_H_RATE_REMAINING, r->limit.remaining);
        add_number(response, OKT_H_RATE_RESET, r->limit.reset);
    }
    add_if(response, "Link", &r->link_self);
    add_if(response, "Link", &r->link_next);
    add_if(response, "WWW-Authenticate", &r->challenge);
    add_if(response, "Allow", &r->allow);
    while (reply_header_next(r, &at, &name, &value))
        add(response, name, value);
}

static void add_date(struct MHD_Response *response, const struct org *org)
{
    char date[OKT_HTTP_DATE_SIZE];

    okt_http_date_format(org_now(org), date);
    add(response, "Date", date);
}

/* Whether the client ends the connection with this request. */
static bool client_closes(const struct exchange *x)
{
    const char *wish =
        MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND,
                                    "Connection");

    return wish != NULL ? okt_casecmp(wish, "close") == 0 : x->is_http_1_0;
}

/* To be called first: adding it makes libmicrohttpd forget which of the headers
 * that it knows there are. */
static void add_connection(struct MHD_Response *response,
                           const struct exchange *x, bool closes)
{
    if (closes || atomic_load(&x->http->draining) || client_closes(x))
        add(response, "Connection", "close");
}

/* Adds what libmicrohttpd would add in capitals: the length of the body, or the
 * encoding of one that has none. Some statuses never have a body. */
static void add_length(struct MHD_Response *response, const struct exchange *x,
                       int status, size_t len)
{
    if (status < 200 || status == 204 || status == 304)
        return;
    if (x->request->more != NULL) {
        add(response, "Transfer-Encoding", "chunked");
        return;
    }
    MHD_set_response_options(response, MHD_RF_INSANITY_HEADER_CONTENT_LENGTH,
                             MHD_RO_END);
    add_number(response, "Content-Length", (int64_t)len);
}

/* Writes to libmicrohttpd's own copy of the name. */
static enum MHD_Result make_small(void *cls, enum MHD_ValueKind kind,
                                  const char *name, const char *value)
{
    (void)cls;
    (void)kind;
    (void)value;
    for (char *c = (char *)(uintptr_t)name; *c != '\0'; c++)
        *c = okt_lower(*c);
    return MHD_YES;
}

/* An answer may hold a token, a form's too. */
static void free_body(void *body)
{
    okt_wipe(body, malloc_usable_size(body));
    free(body);
}

static struct MHD_Response *response_of(struct exchange *x)
{
    struct request *r = x->request;
    size_t len = r->reply.len;
    char *body;

    if (r->more != NULL)
        return http_stream(x);
    if (http_fault_cuts(x))
        return http_fault_part(x);
    if (r->content_type == NULL || len == 0)
        return MHD_create_response_empty(MHD_RF_NONE);
    body = okt_buf_take(&r->reply);
    if (body == NULL)
        return NULL;
    return MHD_create_response_from_buffer_with_free_callback(len, body,
                                                              free_body);
}

/* Sends it; len is that of its body, where that has a length. Names go out in
 * small letters, as Okta's do. */
static enum MHD_Result send_response(struct exchange *x, int status,
                                     struct MHD_Response *response, size_t len)
{
    enum MHD_Result result;

    if (response == NULL)
        return MHD_NO;
    add(response, OKT_H_REQUEST_ID, x->request->request_id);
    add_date(response, x->request->org);
    add_length(response, x, status, len);
    MHD_get_response_headers(response, make_small, NULL);
    if (x->request->fault != NULL)
        http_fault_headers(response, x->request->fault);
    if (x->request->more == NULL) /* it ends */
        guest_has(x->guest, ANSWER_MS + (int64_t)len / ANSWER_RATE);
    result = MHD_queue_response(x->connection, (unsigned)status, response);
    x->response = response;
    x->phase = REPLIED;
    x->status = status;
    return result;
}

enum MHD_Result http_answer(struct exchange *x, int status)
{
    struct MHD_Response *response;
    size_t len;

    if (okt_buf_failed(&x->request->added))
        status = reply_internal(x->request);
    len = x->request->content_type != NULL ? x->request->reply.len : 0;
    response = response_of(x);
    if (response != NULL) {
        add_connection(response, x, false);
        add_headers(response, x->request);
    }
    return send_response(x, status, response, len);
}

static enum MHD_Result reply(struct exchange *x, int status)
{
    return x->request->fault != NULL ? http_fault(x, status)
                                     : http_answer(x, status);
}

/* A bare status, for what never became a request of the API. */
static enum MHD_Result refuse(struct exchange *x, int status)
{
    struct MHD_Response *response = MHD_create_response_empty(MHD_RF_NONE);

    if (response != NULL)
        add_connection(response, x, true);
    return send_response(x, status, response, 0);
}

/* --------------------------------------------------------------- Checking --
 */

/* Only what a URI may be made of, and no escape of a control character. */
static int check_target(const char *target)
{
    if (strlen(target) > TARGET_MAX)
        return 414;
    if (target[0] != '/')
        return 400;
    for (; *target != '\0'; target++) {
        if (*target <= ' ' || *target > '~' || strchr("\"#<>\\^`{|}", *target))
            return 400;
        if (*target == '%' && ((target[1] >= '0' && target[1] <= '1') ||
                               okt_ncasecmp(target, "%7f", 3) == 0))
            return 400;
    }
    return 0;
}

struct fields {
    int hosts;
    int lengths;
    int encodings;
    bool twice; /* one of those that handlers read */
    bool keep;  /* all of them, for the journal */
    const char *length;
    struct request *request;
    bool is_forwarded;
    struct okt_buf forwarded; /* all of them, a comma between them */
};

static void note_named(struct fields *fields, const char *name,
                       const char *value)
{
    static const char *const names[REQUEST_HEADERS] = {
        [HEADER_AUTHORIZATION] = "Authorization",
        [HEADER_CONTENT_TYPE] = "Content-Type",
        [HEADER_COOKIE] = "Cookie",
        [HEADER_DPOP] = "DPoP",
        [HEADER_HOST] = "Host",
        [HEADER_ORIGIN] = "Origin",
        [HEADER_SEC_FETCH_SITE] = "Sec-Fetch-Site",
        [HEADER_USER_AGENT] = "User-Agent",
    };
    const char **headers = fields->request->headers;

    for (size_t i = 0; i < REQUEST_HEADERS; i++) {
        if (okt_casecmp(name, names[i]) != 0)
            continue;
        fields->twice = fields->twice || headers[i] != NULL;
        headers[i] = value != NULL ? value : "";
        return;
    }
}

static enum MHD_Result note_field(void *cls, enum MHD_ValueKind kind,
                                  const char *name, const char *value)
{
    struct fields *fields = cls;

    (void)kind;
    if (okt_casecmp(name, "Host") == 0)
        fields->hosts++;
    if (okt_casecmp(name, "Transfer-Encoding") == 0)
        fields->encodings++;
    if (okt_casecmp(name, "Content-Length") == 0) {
        fields->lengths++;
        fields->length = value;
    }
    if (okt_casecmp(name, "X-Forwarded-For") == 0) {
        if (fields->is_forwarded)
            okt_buf_char(&fields->forwarded, ',');
        fields->is_forwarded = true;
        okt_buf_str(&fields->forwarded, value != NULL ? value : "");
    }
    if (okt_casecmp(name, "Accept") == 0 && value != NULL &&
        strcasestr(value, "text/html") != NULL)
        fields->request->browses = true;
    note_named(fields, name, value);
    if (fields->keep) {
        okt_buf_append(&fields->request->seen, name, strlen(name) + 1);
        okt_buf_str(&fields->request->seen, value != NULL ? value : "");
        okt_buf_append(&fields->request->seen, "", 1);
    }
    return MHD_YES;
}

static bool needs_length(const char *method)
{
    return strcmp(method, "PUT") == 0 || strcmp(method, "POST") == 0 ||
           strcmp(method, "PATCH") == 0;
}

/* Whether it is the control API's, which is not there for other machines, nor
 * for those that a proxy speaks for. */
static bool is_control(const struct exchange *x)
{
    return x->http->options.dev != NULL && dev_has_path(x->request->path) &&
           x->is_local && address_is_loopback(x->request->address);
}

/* Where it is noted; NULL: nowhere. */
static struct journal *journal_of(const struct exchange *x)
{
    return x->http->options.dev != NULL && !is_control(x)
               ? x->request->org->journal
               : NULL;
}

static int check_length(const struct exchange *x, const struct fields *fields)
{
    if (fields->length == NULL)
        return fields->encodings == 0 && !is_control(x) &&
                       needs_length(x->request->method)
                   ? 411
                   : 0;
    if (fields->length[strspn(fields->length, "0123456789")] != '\0')
        return 400;
    return strtoull(fields->length, NULL, 10) > BODY_MAX ? 413 : 0;
}

/* Sets the caller's address. False: it can't be told. */
static bool forward(struct request *r, const struct fields *fields)
{
    const struct okt_buf *header = &fields->forwarded;

    return !fields->is_forwarded ||
           forwarded_apply(r->org->proxies,
                           okt_buf_failed(header) ? NULL : header->data,
                           r->address, sizeof(r->address));
}

static bool is_twofold(const struct fields *fields)
{
    return fields->hosts > 1 || fields->lengths > 1 || fields->encodings > 1 ||
           fields->twice || (fields->lengths > 0 && fields->encodings > 0);
}

/* 0, or the status to refuse it with. */
static int check_framing(struct exchange *x)
{
    struct fields fields = { .request = x->request,
                             .keep = journal_of(x) != NULL,
                             .forwarded = OKT_BUF_INIT(FORWARDED_MAX) };
    bool forwarded;

    if (x->refused != 0)
        return x->refused;
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, note_field,
                              &fields);
    forwarded = forward(x->request, &fields);
    x->is_forwarded =
        fields.is_forwarded && x->request->org->proxies[0] != '\0';
    okt_buf_free(&fields.forwarded);
    if (!forwarded || is_twofold(&fields))
        return 400;
    return check_length(x, &fields);
}

int http_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info != NULL ? (int)info->connect_fd : -1;
}

static const struct sockaddr *address_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    return info != NULL ? info->client_addr : NULL;
}

static void set_address(struct request *r, struct MHD_Connection *connection)
{
    const struct sockaddr *address = address_of(connection);

    if (address != NULL)
        address_text(address, r->address);
}

/*
 * Where the client names this org otherwise, by a name that the certificate
 * has and the port that is listened on, links go by that. Any other Host
 * changes nothing.
 */
static void find_base(const struct exchange *x)
{
    const struct http_options *o = &x->http->options;
    struct request *r = x->request;
    const char *host = r->headers[HEADER_HOST];
    char name[URL_TEXT_MAX];
    uint16_t port;

    if (o->certs == NULL || host == NULL || x->is_forwarded ||
        !host_parse(host, true, name, &port) || port != o->port ||
        !certs_name(o->certs, name))
        return;
    snprintf(r->named, sizeof(r->named), "https://%s%s%s",
             strchr(name, ':') != NULL ? "[" : "", name,
             strchr(name, ':') != NULL ? "]" : "");
    if (port != 443)
        snprintf(r->named + strlen(r->named),
                 sizeof(r->named) - strlen(r->named), ":%u", (unsigned)port);
    for (char *c = r->named; *c != '\0'; c++)
        *c = okt_lower(*c);
    r->base_url = r->named;
}

static enum MHD_Result check(struct exchange *x, const char *method,
                             const char *version)
{
    struct request *r = x->request;
    int status;

    x->is_http_1_0 = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
    snprintf(r->method, sizeof(r->method), "%s", method);
    status = check_framing(x);
    if (status != 0)
        return refuse(x, status);
    find_base(x);
    x->phase = READING;
    return MHD_YES;
}

/* ---------------------------------------------------------------- Working --
 */

static enum MHD_Result take_body(struct exchange *x, const char *data,
                                 size_t *len)
{
    x->received += *len;
    if (x->received > BODY_DISCARD_MAX)
        return MHD_NO;
    x->overflow = x->overflow || x->received > BODY_MAX;
    if (!x->overflow)
        okt_buf_append(&x->request->body, data, *len);
    *len = 0;
    return MHD_YES;
}

static void close_thread_store(void *store)
{
    store_close(store);
}

static struct store *thread_store(struct http *h)
{
    struct store *store = pthread_getspecific(h->store_key);

    if (store != NULL)
        return store;
    if (store_open(h->options.org->store, &store) != STORE_OK)
        return NULL;
    if (pthread_setspecific(h->store_key, store) != 0) {
        store_close(store);
        return NULL;
    }
    return store;
}

/* The writer calls it, in its thread. */
static void change_done(void *ctx)
{
    struct request *r = ctx;
    struct exchange *x = r->owner;

    MHD_resume_connection(x->connection);
}

static void give_up(struct exchange *x, store_status result)
{
    x->request->change.result = result;
    MHD_resume_connection(x->connection);
}

static void push_change(struct exchange *x)
{
    struct request *r = x->request;

    r->owner = x;
    r->change.done = change_done;
    r->change.ctx = r;
    if (!writer_push(r->org->writer, &r->change))
        give_up(x, STORE_FAILED);
}

/* The worker calls it, in its thread. */
static void do_work(void *ctx)
{
    struct exchange *x = ctx;
    store_status result = x->request->work(x->request);

    if (result == STORE_OK)
        push_change(x);
    else
        give_up(x, result);
}

/* Hands what is to be done to the worker or the writer; the connection sleeps
 * meanwhile. */
static enum MHD_Result wait(struct exchange *x)
{
    struct request *r = x->request;

    x->phase = WAITING;
    MHD_suspend_connection(x->connection);
    x->job = (struct job){ .run = do_work, .ctx = x };
    if (r->work == NULL)
        push_change(x);
    else if (!worker_push(r->org->worker, &x->job))
        give_up(x, STORE_FAILED);
    return MHD_YES;
}

static enum MHD_Result answer(struct exchange *x)
{
    struct request *r = x->request;
    const struct http_options *options = &x->http->options;
    int status;

    guest_is_served(x->guest);
    if (x->overflow)
        return refuse(x, 413);
    r->store = thread_store(x->http);
    if (r->store == NULL &&
        !routes_are_open(options->routes, options->route_count))
        return reply(x, reply_unavailable(r));
    if (okt_buf_failed(&r->body))
        return reply(x, reply_internal(r));
    status = is_control(x)
                 ? dev_answer(options->dev, r)
                 : request_answer(r, options->routes, options->route_count);
    if (status == REQUEST_AGAIN)
        return http_fault_wait(x);
    return status == REQUEST_LATER ? wait(x) : reply(x, status);
}

static enum MHD_Result finish(struct exchange *x)
{
    x->request->store = thread_store(x->http);
    return reply(x, request_finish(x->request));
}

/* libmicrohttpd calls it for the headers, for each part of the body, at the
 * body's end, and when a suspended connection goes on. */
static enum MHD_Result handle(void *cls, struct MHD_Connection *connection,
                              const char *url, const char *method,
                              const char *version, const char *data,
                              size_t *len, void **state)
{
    struct exchange *x = *state;

    (void)cls;
    (void)connection;
    (void)url;
    if (x == NULL)
        return MHD_NO;
    switch (x->phase) {
    case CHECKING:
        return check(x, method, version);
    case READING:
        return *len > 0 ? take_body(x, data, len) : answer(x);
    case WAITING:
        return finish(x);
    case SLEEPING:
        return http_fault(x, x->status);
    case LEAVING:
        return http_fault_leave(x);
    default:
        *len = 0;
        return MHD_YES;
    }
}

/* ------------------------------------------------------ Begin and end -- */

static void exchange_free(struct exchange *x)
{
    if (x == NULL)
        return;
    request_free(x->request);
    free(x);
}

static struct guest *guest_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info != NULL ? info->socket_context : NULL;
}

/* A connection comes, before any byte of it, or goes. */
static void come_or_go(void *cls, struct MHD_Connection *connection,
                       void **guest, enum MHD_ConnectionNotificationCode what)
{
    struct http *h = cls;
    int fd = http_socket(connection);
    const struct sockaddr *address = address_of(connection);

    if (what == MHD_CONNECTION_NOTIFY_CLOSED)
        crowd_leave(h->crowd, *guest);
    else if (fd >= 0 && address != NULL)
        *guest = crowd_enter(h->crowd, fd, address, REQUEST_MS);
}

static enum MHD_Result wipe_secret(void *cls, enum MHD_ValueKind kind,
                                   const char *name, const char *value)
{
    (void)cls;
    (void)kind;
    if (value != NULL &&
        (strcmp(name, "set-cookie") == 0 || strcmp(name, "location") == 0))
        okt_wipe((void *)(uintptr_t)value, strlen(value));
    return MHD_YES;
}

/* Once it was sent, or can't be. What libmicrohttpd has copied of a cookie, or
 * of a code in a redirection, is overwritten before that is freed. */
static void forget_response(struct exchange *x)
{
    if (x->response == NULL)
        return;
    MHD_get_response_headers(x->response, wipe_secret, NULL);
    MHD_destroy_response(x->response);
}

/* Called with the raw target, before any header is read. */
static void *begin(void *cls, const char *target,
                   struct MHD_Connection *connection)
{
    struct http *h = cls;
    struct exchange *x = calloc(1, sizeof(*x));

    if (x == NULL)
        return NULL;
    x->http = h;
    x->connection = connection;
    x->begun_us = okt_clock_us();
    x->refused = check_target(target);
    x->request = request_new(h->options.org, x->refused == 0 ? target : "/");
    if (x->request == NULL) {
        exchange_free(x);
        return NULL;
    }
    x->guest = guest_of(connection);
    guest_has(x->guest, REQUEST_MS);
    set_address(x->request, connection);
    x->is_local = address_is_loopback(x->request->address);
    atomic_fetch_add(&h->active, 1);
    if (h->options.metrics != NULL)
        metrics_begin(h->options.metrics);
    return x;
}

/* What libmicrohttpd has answered by itself, to what is no HTTP; 0: nothing. */
static int own_status(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);

    return info != NULL ? (int)info->http_status : 0;
}

static void end(void *cls, struct MHD_Connection *connection, void **state,
                enum MHD_RequestTerminationCode why)
{
    struct http *h = cls;
    struct exchange *x = *state;
    int64_t us;

    (void)why;
    if (x == NULL)
        return;
    guest_has(x->guest, REQUEST_MS);
    if (x->phase <= READING)
        x->status = own_status(connection);
    us = okt_clock_us() - x->begun_us;
    forget_response(x);
    log_request(x->request, x->status, us);
    if (journal_of(x) != NULL)
        journal_add(journal_of(x), x->request, x->status, us);
    if (h->options.metrics != NULL)
        metrics_end(h->options.metrics, x->request->route, x->status, us);
    exchange_free(x);
    *state = NULL;
    atomic_fetch_sub(&h->active, 1);
}

/* Leaves escapes as they are: routes compare what was sent. */
static size_t keep_raw(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

/* --------------------------------------------------------- Start and stop --
 */

static unsigned workers(void)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);

    if (cpus < WORKERS_MIN)
        return WORKERS_MIN;
    return cpus > WORKERS_MAX ? WORKERS_MAX : (unsigned)cpus;
}

/* GnuTLS asks without saying for whom; a process has one org. */
static struct certs *shown;

static int show_certificate(gnutls_session_t session,
                            const gnutls_datum_t *authorities, int count,
                            const gnutls_pk_algorithm_t *algorithms,
                            int algorithm_count, gnutls_pcert_st **chain,
                            unsigned *chain_len, gnutls_privkey_t *key)
{
    (void)session;
    (void)authorities;
    (void)count;
    (void)algorithms;
    (void)algorithm_count;
    return certs_get(shown, chain, chain_len, key) ? 0 : -1;
}

static struct MHD_Daemon *start_daemon(struct http *h)
{
    const struct http_options *o = &h->options;
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
        MHD_USE_NO_LISTEN_SOCKET | (o->certs != NULL ? MHD_USE_TLS : 0) |
        /* A fault may leave Date out, and libmicrohttpd would add its own. */
        (o->dev != NULL ? MHD_USE_SUPPRESS_DATE_NO_CLOCK : 0);
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_CERT_CALLBACK, 0,
          (void *)(intptr_t)show_certificate },
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES },
        { MHD_OPTION_END, 0, NULL },
    };
    struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };

    return MHD_start_daemon(
        flags, 0, NULL, NULL, handle, h, MHD_OPTION_URI_LOG_CALLBACK, begin, h,
        MHD_OPTION_NOTIFY_COMPLETED, end, h, MHD_OPTION_NOTIFY_CONNECTION,
        come_or_go, h, MHD_OPTION_UNESCAPE_CALLBACK, keep_raw, NULL,
        MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, MHD_OPTION_THREAD_POOL_SIZE,
        workers(), MHD_OPTION_CONNECTION_LIMIT, WORKER_ROOM * workers(),
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY,
        o->certs != NULL ? tls : none, MHD_OPTION_END);
}

static void pass(void *ctx, int fd, const struct sockaddr *address,
                 socklen_t len)
{
    struct http *h = ctx;

    MHD_add_connection(h->daemon, fd, address, len);
}

/* Not libmicrohttpd listens: it aborts when MHD_quiesce_daemon and a worker
 * both take the socket out of the worker's epoll set. Some faults, too, are
 * done before it has heard of a connection, and some take a clock. */
static bool start_listening(struct http *h)
{
    const struct http_options *o = &h->options;

    if (o->dev != NULL) {
        h->alarms = alarms_new();
        if (h->alarms == NULL)
            return false;
    }
    h->gate = gate_start(o->listener, o->dev != NULL ? o->org->faults : NULL,
                         pass, h);
    return h->gate != NULL;
}

struct http *http_start(const struct http_options *options)
{
    struct http *h = calloc(1, sizeof(*h));

    if (h == NULL) {
        close(options->listener);
        say("could not start to serve: out of memory");
        return NULL;
    }
    h->options = *options;
    if (options->certs != NULL)
        shown = options->certs;
    h->has_store_key =
        pthread_key_create(&h->store_key, close_thread_store) == 0;
    h->crowd = crowd_new(ROOM);
    if (h->has_store_key && h->crowd != NULL)
        h->daemon = start_daemon(h);
    if (h->daemon != NULL && start_listening(h))
        return h;
    close(options->listener);
    say("could not start to serve: libmicrohttpd refused");
    http_free(h);
    return NULL;
}

void http_drain(struct http *h)
{
    struct timespec step = { .tv_nsec = DRAIN_STEP_MS * 1000000L };
    int64_t deadline = okt_clock_ms() + DRAIN_MS;

    if (h == NULL)
        return;
    atomic_store(&h->draining, true);
    gate_stop(TAKE(h->gate));
    alarms_end(h->alarms);
    while (atomic_load(&h->active) > 0 && okt_clock_ms() < deadline)
        nanosleep(&step, NULL);
}

void http_free(struct http *h)
{
    if (h == NULL)
        return;
    if (h->daemon != NULL)
        MHD_stop_daemon(h->daemon);
    crowd_free(h->crowd);
    alarms_free(h->alarms);
    if (h->has_store_key)
        pthread_key_delete(h->store_key);
    free(h);
}
