/* SPDX-License-Identifier: Apache-2.0 */
/* http_curl.c - the transport over libcurl's multi interface. */
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/ascii.h"
#include "lib/internal.h"
#include "sys/clock.h"

enum {
    POLL_MS = 1000,
    TOO_LARGE = 100,              /* CURLE_TOO_LARGE, since libcurl 8.6 */
    HEADER_LINE_MAX = 100 * 1024, /* libcurl's */
    TRACE_SIZE = 64, /* of the lines of libcurl's trace that are read */
    CA_PEM_MAX = 16 * 1024 * 1024,
    BUFFER_SIZE = 64 * 1024,  /* a page comes in few reads */
    UPLOAD_SIZE = 16 * 1024,  /* the least: requests are small */
    RESERVE_MAX = 1024 * 1024 /* for a body, before it has come */
};

/* One request under way. */
struct exchange {
    struct okt_exchange base;
    struct exchange *next;
    struct curl *curl;
    CURL *easy;
    struct curl_slist *headers;
    okta_response *response;
    int64_t left_ms; /* of the timeout; runs only while somebody drives */
    bool send_once;
    bool fresh;       /* it was first sent on a connection of its own, */
    bool turned_away; /* and the org says that it did not look at it */
    bool headers_in;
    bool done;
    CURLcode result;
    char why[CURL_ERROR_SIZE];
};

/* The transport: all exchanges share one multi handle and its connections. */
struct curl {
    const okta_client *client;
    CURLM *multi;
    struct exchange *exchanges;
    bool ca_checked;
    struct okt_buf ca_pem; /* of a CA file in DER; else empty */
};

/* ----------------------------------------------------------- Callbacks -- */

/*
 * Called on a connection that stands, before the request goes out on it.
 * libcurl sends a request again by itself where a kept connection died, which
 * may be after the org took it; but on a fresh one only where the org has said
 * that it did not look at it (HTTP/2's REFUSED_STREAM): that send does not
 * count.
 */
static int on_send(void *ctx, char *remote, char *local, int remote_port,
                   int local_port)
{
    struct exchange *ex = ctx;
    long connects = 0;

    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    if (ex->base.sends > 0 && ex->fresh)
        ex->base.sends--;
    ex->turned_away = false;
    if (ex->send_once && ex->base.sends > 0)
        return CURL_PREREQFUNC_ABORT;
    if (ex->base.sends++ == 0) {
        curl_easy_getinfo(ex->easy, CURLINFO_NUM_CONNECTS, &connects);
        ex->fresh = connects > 0;
    }
    return CURL_PREREQFUNC_OK;
}

/*
 * Notes that the org has not looked at the request, as HTTP/2 lets it say: by
 * REFUSED_STREAM, or by a GOAWAY ahead of a connection's first stream (RFC
 * 9113, 8.7 and 6.8). libcurl tells nobody but its trace; where that reads
 * otherwise, the answer counts as lost.
 */
static int on_trace(CURL *easy, curl_infotype type, char *text, size_t len,
                    void *ctx)
{
    struct exchange *ex = ctx;
    char line[TRACE_SIZE];

    (void)easy;
    if (type != CURLINFO_TEXT || len >= sizeof(line))
        return 0;
    memcpy(line, text, len);
    line[len] = '\0';
    if (strstr(line, "REFUSED_STREAM, retrying") != NULL ||
        (strstr(line, "GOAWAY,") != NULL &&
         strstr(line, "last_stream=0") != NULL))
        ex->turned_away = true;
    return 0;
}

/* The end of a header's value without the white space behind it. */
static size_t trimmed(const char *text, size_t len)
{
    while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
        len--;
    return len;
}

static void log_header(const struct exchange *ex, const char *name,
                       size_t name_len, const char *value, size_t value_len)
{
    bool hide = name_len == 10 && okt_ncasecmp(name, "Set-Cookie", 10) == 0;

    okt_log(ex->curl->client, OKTA_LOG_DEBUG, "< %.*s: %.*s", (int)name_len,
            name, hide ? 10 : (int)value_len, hide ? "[redacted]" : value);
}

static void begin_response(struct exchange *ex, const char *line, size_t len)
{
    long status = 0;

    curl_easy_getinfo(ex->easy, CURLINFO_RESPONSE_CODE, &status);
    okt_response_begin(ex->response, (int)status);
    okt_log(ex->curl->client, OKTA_LOG_DEBUG, "< %.*s", (int)trimmed(line, len),
            line);
}

static size_t on_header(char *line, size_t size, size_t count, void *ctx)
{
    struct exchange *ex = ctx;
    size_t len = size * count;
    const char *colon = memchr(line, ':', len);
    const char *value;

    if (len >= 5 && strncmp(line, "HTTP/", 5) == 0) {
        begin_response(ex, line, len);
        return len;
    }
    if (trimmed(line, len) == 0) {
        ex->headers_in = ex->response->status >= 200;
        return len;
    }
    if (colon == NULL)
        return len;
    value = colon + 1;
    while (value < line + len && (*value == ' ' || *value == '\t'))
        value++;
    size = trimmed(value, (size_t)(line + len - value));
    log_header(ex, line, (size_t)(colon - line), value, size);
    okt_response_header(ex->response, line, (size_t)(colon - line), value,
                        size);
    return okt_buf_failed(&ex->response->headers) ? 0 : len;
}

/* Makes room for a body whose length is told, so that growing need not copy it;
 * a little more, since the next page may be longer and come into the same. */
static void reserve_body(const struct exchange *ex, struct okt_buf *body)
{
    curl_off_t len = 0;
    size_t room;

    curl_easy_getinfo(ex->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &len);
    if (len <= 0 || len > RESERVE_MAX)
        return;
    room = (size_t)(len + len / 8);
    if (room <= body->max)
        okt_buf_reserve(body, room);
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    struct exchange *ex = ctx;
    struct okt_buf *body = &ex->response->body;

    if (body->len == 0)
        reserve_body(ex, body);
    okt_buf_append(body, data, size * count);
    return okt_buf_failed(body) ? 0 : size * count;
}

/* -------------------------------------------------------------- Set-up -- */

/* Collects the first failure of many setopts. */
struct setter {
    CURL *easy;
    CURLcode result;
};

static void set_long(struct setter *s, CURLoption option, long value)
{
    if (s->result == CURLE_OK)
        s->result = curl_easy_setopt(s->easy, option, value);
}

static void set_text(struct setter *s, CURLoption option, const char *value)
{
    if (s->result == CURLE_OK)
        s->result = curl_easy_setopt(s->easy, option, value);
}

static void set_pointer(struct setter *s, CURLoption option, void *value)
{
    if (s->result == CURLE_OK)
        s->result = curl_easy_setopt(s->easy, option, value);
}

static void set_callbacks(struct setter *s, struct exchange *ex)
{
    if (s->result == CURLE_OK)
        s->result =
            curl_easy_setopt(s->easy, CURLOPT_HEADERFUNCTION, on_header);
    if (s->result == CURLE_OK)
        s->result = curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, on_body);
    if (s->result == CURLE_OK)
        s->result = curl_easy_setopt(s->easy, CURLOPT_PREREQFUNCTION, on_send);
    set_pointer(s, CURLOPT_HEADERDATA, ex);
    set_pointer(s, CURLOPT_WRITEDATA, ex);
    set_pointer(s, CURLOPT_PREREQDATA, ex);
    set_pointer(s, CURLOPT_ERRORBUFFER, ex->why);
    set_pointer(s, CURLOPT_PRIVATE, ex);
}

/* Only of a change does it matter whether the org has looked at it. */
static void set_trace(struct setter *s, struct exchange *ex,
                      const struct okt_request *request)
{
    if (strcmp(request->method, "DELETE") != 0 &&
        strcmp(request->method, "PUT") != 0)
        return;
    if (s->result == CURLE_OK)
        s->result = curl_easy_setopt(s->easy, CURLOPT_DEBUGFUNCTION, on_trace);
    set_pointer(s, CURLOPT_DEBUGDATA, ex);
    set_long(s, CURLOPT_VERBOSE, 1);
}

/* Once, before they are needed: a client that sends nothing needs none. */
static okta_status check_certificates(struct curl *curl, okta_error *err)
{
    const okta_client *client = curl->client;
    okta_status st = OKTA_OK;

    if (curl->ca_checked)
        return OKTA_OK;
    if (client->ca_file != NULL)
        st = okt_ca_file(client->ca_file, &curl->ca_pem, err);
    if (st == OKTA_OK && client->ca_dir != NULL)
        st = okt_ca_folder(client->ca_dir, err);
    curl->ca_checked = st == OKTA_OK;
    return st;
}

/* What is given is trusted in place of the system's. */
static void set_certificates(struct setter *s, const struct curl *curl)
{
    struct curl_blob blob = { curl->ca_pem.data, curl->ca_pem.len,
                              CURL_BLOB_NOCOPY };
    bool is_der = curl->ca_pem.len > 0;

    set_text(s, CURLOPT_CAINFO, is_der ? NULL : curl->client->ca_file);
    if (is_der && s->result == CURLE_OK)
        s->result = curl_easy_setopt(s->easy, CURLOPT_CAINFO_BLOB, &blob);
    set_text(s, CURLOPT_CAPATH, curl->client->ca_dir);
}

static void set_tls(struct setter *s, const struct curl *curl)
{
    set_long(s, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    set_long(s, CURLOPT_SSL_VERIFYPEER, 1);
    set_long(s, CURLOPT_SSL_VERIFYHOST, 2);
    if (curl->client->ca_file != NULL || curl->client->ca_dir != NULL)
        set_certificates(s, curl);
}

/* Plain http is loopback, which no proxy can reach for us. */
static void set_proxy(struct setter *s, const okta_client *client)
{
    if (okt_url_is_plain(client->org_url)) {
        set_text(s, CURLOPT_PROXY, "");
        return;
    }
    if (client->proxy != NULL)
        set_text(s, CURLOPT_PROXY, client->proxy);
    if (client->proxy_user != NULL)
        set_text(s, CURLOPT_PROXYUSERNAME, client->proxy_user);
    if (client->proxy_password != NULL)
        set_text(s, CURLOPT_PROXYPASSWORD, client->proxy_password);
    set_long(s, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
}

static void set_policy(struct setter *s, const okta_client *client)
{
    set_text(s, CURLOPT_PROTOCOLS_STR, "http,https");
    set_long(s, CURLOPT_FOLLOWLOCATION, 0);
    set_long(s, CURLOPT_NETRC, CURL_NETRC_IGNORED);
    set_long(s, CURLOPT_NOSIGNAL, 1);
    set_long(s, CURLOPT_PIPEWAIT, 1);
    set_long(s, CURLOPT_BUFFERSIZE, BUFFER_SIZE);
    set_long(s, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_SIZE);
    set_long(s, CURLOPT_CONNECTTIMEOUT_MS, client->options.connect_timeout_ms);
    set_text(s, CURLOPT_ACCEPT_ENCODING, "");
    set_text(s, CURLOPT_USERAGENT, client->user_agent);
}

static okta_status set_headers(struct setter *s, struct exchange *ex,
                               const okta_headers *headers, okta_error *err)
{
    const char *line = headers->text.data;

    for (size_t i = 0; i < headers->count; i++) {
        struct curl_slist *more = curl_slist_append(ex->headers, line);

        if (more == NULL)
            return okt_fail_memory(err);
        ex->headers = more;
        line += strlen(line) + 1;
    }
    set_pointer(s, CURLOPT_HTTPHEADER, ex->headers);
    return OKTA_OK;
}

static void set_request(struct setter *s, const struct okt_request *request)
{
    set_text(s, CURLOPT_URL, request->url);
    if (strcmp(request->method, "GET") == 0) {
        set_long(s, CURLOPT_HTTPGET, 1);
        return;
    }
    if (request->body != NULL) {
        if (s->result == CURLE_OK)
            s->result = curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                         (curl_off_t)request->body_len);
        set_text(s, CURLOPT_COPYPOSTFIELDS, request->body);
    }
    set_text(s, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->fresh)
        set_long(s, CURLOPT_FRESH_CONNECT, 1);
}

static okta_status fail_setup(CURLcode code, okta_error *err)
{
    if (code == CURLE_OUT_OF_MEMORY)
        return okt_fail_memory(err);
    return okt_fail(err, OKTA_ERR_ARGUMENT, "libcurl %s: %s",
                    curl_version_info(CURLVERSION_NOW)->version,
                    curl_easy_strerror(code));
}

static okta_status set_up(struct exchange *ex,
                          const struct okt_request *request, okta_error *err)
{
    const okta_client *client = ex->curl->client;
    struct setter s = { ex->easy, CURLE_OK };
    okta_status st = check_certificates(ex->curl, err);

    if (st != OKTA_OK)
        return st;
    set_callbacks(&s, ex);
    set_trace(&s, ex, request);
    set_policy(&s, client);
    set_tls(&s, ex->curl);
    set_proxy(&s, client);
    set_request(&s, request);
    st = set_headers(&s, ex, request->headers, err);
    if (st != OKTA_OK)
        return st;
    return s.result == CURLE_OK ? OKTA_OK : fail_setup(s.result, err);
}

/* ----------------------------------------------------------- Exchanges -- */

/* One of them is the credential. */
static void free_headers(struct curl_slist *headers)
{
    for (struct curl_slist *at = headers; at != NULL; at = at->next)
        okt_wipe(at->data, strlen(at->data));
    curl_slist_free_all(headers);
}

static void free_exchange(struct exchange *ex)
{
    curl_easy_cleanup(ex->easy);
    free_headers(ex->headers);
    free(ex);
}

static void drop(void *ctx, struct okt_exchange *exchange)
{
    struct curl *curl = ctx;
    struct exchange *ex = (struct exchange *)exchange;
    struct exchange **at = &curl->exchanges;

    while (*at != NULL && *at != ex)
        at = &(*at)->next;
    if (*at != NULL) {
        *at = ex->next;
        curl_multi_remove_handle(curl->multi, ex->easy);
    }
    free_exchange(ex);
}

static okta_status start(void *ctx, const struct okt_request *request,
                         okta_response *response, struct okt_exchange **out,
                         okta_error *err)
{
    struct curl *curl = ctx;
    struct exchange *ex = calloc(1, sizeof(*ex));
    okta_status st;

    if (ex == NULL)
        return okt_fail_memory(err);
    ex->curl = curl;
    ex->response = response;
    ex->left_ms = curl->client->options.timeout_ms;
    ex->send_once = request->send_once;
    ex->easy = curl_easy_init();
    if (ex->easy == NULL)
        st = okt_fail_memory(err);
    else
        st = set_up(ex, request, err);
    if (st == OKTA_OK && curl_multi_add_handle(curl->multi, ex->easy) != 0)
        st = okt_fail_memory(err);
    if (st != OKTA_OK) {
        free_exchange(ex);
        return st;
    }
    ex->next = curl->exchanges;
    curl->exchanges = ex;
    *out = &ex->base;
    return OKTA_OK;
}

/* ------------------------------------------------------------- Driving -- */

static void note_ended(struct curl *curl)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(curl->multi, &left)) != NULL) {
        struct exchange *ex = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &ex);
        ex->done = true;
        ex->result = message->data.result;
        if (ex->result != CURLE_OK && ex->fresh && ex->turned_away)
            ex->base.sends = 0;
    }
}

/* Time passes for all that are under way, and only while somebody waits. */
static void note_time(struct curl *curl, int64_t spent)
{
    for (struct exchange *ex = curl->exchanges; ex != NULL; ex = ex->next)
        if (!ex->done)
            ex->left_ms -= spent;
}

static okta_status fail_ca(const struct exchange *ex, okta_error *err)
{
    const okta_client *client = ex->curl->client;
    const char *path =
        client->ca_file != NULL ? client->ca_file : client->ca_dir;

    return okt_fail(err, OKTA_ERR_ARGUMENT, "the CA file %s can't be used: %s",
                    path != NULL ? path : "of the system",
                    ex->why[0] != '\0' ? ex->why
                                       : curl_easy_strerror(ex->result));
}

/*
 * Whether a line of the header was longer than libcurl takes. Before 8.6 it
 * calls that "out of memory": it is none where as much can be had now, since
 * nothing else of an answer that has not begun takes so much.
 */
static bool is_header_too_long(const struct exchange *ex)
{
    void *room;

    if ((int)ex->result == TOO_LARGE)
        return true;
    if (ex->result != CURLE_OUT_OF_MEMORY || ex->base.sends == 0 ||
        ex->headers_in)
        return false;
    room = malloc(HEADER_LINE_MAX);
    free(room);
    return room != NULL;
}

static okta_status fail_exchange(const struct exchange *ex, okta_error *err)
{
    const char *why =
        ex->why[0] != '\0' ? ex->why : curl_easy_strerror(ex->result);

    okta_status st =
        okt_check_buf(&ex->response->headers, "the answer's header", err);

    if (st == OKTA_OK)
        st = okt_check_buf(&ex->response->body, "the answer", err);
    if (st != OKTA_OK)
        return st;
    if (is_header_too_long(ex))
        return okt_fail(err, OKTA_ERR_TOO_LARGE,
                        "a line of the answer's header is over %d bytes",
                        HEADER_LINE_MAX);
    if (ex->result == CURLE_OUT_OF_MEMORY)
        return okt_fail_memory(err);
    if (ex->result == CURLE_SSL_CACERT_BADFILE)
        return fail_ca(ex, err);
    if (ex->result == CURLE_PEER_FAILED_VERIFICATION)
        return okt_fail(err, OKTA_ERR_TLS, "%s", why);
    if (ex->result == CURLE_OPERATION_TIMEDOUT)
        return okt_fail(err, OKTA_ERR_TIMEOUT, "%s", why);
    if (ex->result == CURLE_WEIRD_SERVER_REPLY ||
        ex->result == CURLE_UNSUPPORTED_PROTOCOL ||
        ex->result == CURLE_BAD_CONTENT_ENCODING)
        return okt_fail(err, OKTA_ERR_PROTOCOL, "%s", why);
    return okt_fail(err, OKTA_ERR_NETWORK, "%s", why);
}

static okta_status wait_for_traffic(struct curl *curl,
                                    const struct exchange *ex, okta_error *err)
{
    struct curl_waitfd wake = { .fd = curl->client->wake[0],
                                .events = CURL_WAIT_POLLIN };
    int ms = ex->left_ms < POLL_MS ? (int)ex->left_ms : POLL_MS;
    CURLMcode code = curl_multi_poll(curl->multi, &wake, 1, ms, NULL);

    if (code != CURLM_OK)
        return okt_fail(err, OKTA_ERR_NETWORK, "%s", curl_multi_strerror(code));
    return OKTA_OK;
}

static okta_status step(struct curl *curl, okta_error *err)
{
    int running;
    CURLMcode code;

    if (curl->client->cancelled)
        return okt_fail(err, OKTA_ERR_CANCELLED, "cancelled");
    code = curl_multi_perform(curl->multi, &running);
    if (code == CURLM_OUT_OF_MEMORY)
        return okt_fail_memory(err);
    if (code != CURLM_OK)
        return okt_fail(err, OKTA_ERR_NETWORK, "%s", curl_multi_strerror(code));
    note_ended(curl);
    return OKTA_OK;
}

static okta_status drive(void *ctx, struct okt_exchange *exchange,
                         enum okt_stage until, okta_error *err)
{
    struct curl *curl = ctx;
    struct exchange *ex = (struct exchange *)exchange;

    for (;;) {
        int64_t began = okt_clock_ms();
        okta_status st = step(curl, err);

        if (st != OKTA_OK)
            return st;
        if (ex->done && ex->result != CURLE_OK)
            return fail_exchange(ex, err);
        if (ex->done || (until == OKT_STAGE_HEADERS && ex->headers_in))
            return OKTA_OK;
        if (ex->left_ms <= 0)
            return okt_fail(err, OKTA_ERR_TIMEOUT,
                            "no whole answer within %ld ms",
                            curl->client->options.timeout_ms);
        st = wait_for_traffic(curl, ex, err);
        if (st != OKTA_OK)
            return st;
        note_time(curl, okt_clock_ms() - began);
    }
}

/* --------------------------------------------------- Time, and the end -- */

static int64_t now_ms(void *ctx)
{
    (void)ctx;
    return okt_clock_ms();
}

static int64_t wall(void *ctx)
{
    (void)ctx;
    return okt_clock_now();
}

static void sleep_ms(void *ctx, int64_t ms)
{
    struct curl *curl = ctx;
    struct pollfd wake = { .fd = curl->client->wake[0], .events = POLLIN };

    poll(&wake, 1, (int)ms);
}

static void free_transport(void *ctx)
{
    struct curl *curl = ctx;

    while (curl->exchanges != NULL)
        drop(curl, &curl->exchanges->base);
    curl_multi_cleanup(curl->multi);
    okt_buf_free(&curl->ca_pem);
    free(curl);
    curl_global_cleanup();
}

static const struct okt_transport_ops ops = {
    start, drive, drop, now_ms, wall, sleep_ms, free_transport
};

okta_status okt_curl_transport(const okta_client *client,
                               struct okt_transport *out, okta_error *err)
{
    struct curl *curl;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return okt_fail_memory(err);
    curl = calloc(1, sizeof(*curl));
    if (curl != NULL) {
        curl->client = client;
        curl->ca_pem = (struct okt_buf)OKT_BUF_INIT(CA_PEM_MAX);
        curl->multi = curl_multi_init();
    }
    if (curl == NULL || curl->multi == NULL) {
        free(curl);
        curl_global_cleanup();
        return okt_fail_memory(err);
    }
    *out = (struct okt_transport){ &ops, curl };
    return OKTA_OK;
}
