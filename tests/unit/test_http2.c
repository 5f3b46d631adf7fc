/* SPDX-License-Identifier: Apache-2.0 */
/* test_http2.c - the real transport over HTTP/2: streams that are refused. */
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sys/clock.h"
#include "tests/unit/test.h"

#define ID "00Taaaaaaaaaaaaaaaaa"
#define TOKEN "{\"id\":\"" ID "\",\"name\":\"ci\"}"

enum {
    PATIENCE_MS = 10000,
    POLL_MS = 20,
    PREFACE_LEN = 24,
    HEAD_LEN = 9,
    FRAME_MAX = 16384,
    CONNECTIONS_MAX = 32
};

/* RFC 9113, 6. */
enum frame_type { DATA, HEADERS, RST_STREAM = 3, SETTINGS, GOAWAY = 7 };
enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4 };

/* What the server does about a request. */
enum act {
    ANSWERS_200, /* with a token */
    ANSWERS_204,
    ANSWERS_401,
    ANSWERS_404,
    REFUSES,   /* RST_STREAM, REFUSED_STREAM */
    GOES_AWAY, /* GOAWAY that names an earlier stream as the last */
    HANGS_UP
};

/* An HTTP/2 server on loopback whose thread goes through a list of acts. */
struct server {
    int listener;
    char url[64];
    char ca_file[32];
    SSL_CTX *tls;
    pthread_t thread;
    const enum act *acts;
    size_t count;
    atomic_size_t next;
    pthread_t connections[CONNECTIONS_MAX];
    size_t connection_count;
};

/* Served by a thread of its own, since a client may hold several. */
struct connection {
    struct server *server;
    int fd;
};

/* ---------------------------------------------------------- Certificate -- */

static void sign(X509 *cert, EVP_PKEY *key)
{
    X509_EXTENSION *name =
        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");

    assert_non_null(name);
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -60);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
                               (const unsigned char *)"test", -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    X509_add_ext(cert, name, -1);
    X509_EXTENSION_free(name);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
}

static int choose_h2(SSL *ssl, const unsigned char **out, unsigned char *len,
                     const unsigned char *in, unsigned in_len, void *ctx)
{
    static const unsigned char h2[] = "\x02h2";

    (void)ssl;
    (void)ctx;
    return SSL_select_next_proto((unsigned char **)(uintptr_t)out, len, h2, 3,
                                 in, in_len) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static void make_tls(struct server *server)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    FILE *file;

    assert_non_null(key);
    sign(cert, key);
    snprintf(server->ca_file, sizeof(server->ca_file), "%s",
             "/tmp/okta-http2-XXXXXX");
    file = fdopen(mkstemp(server->ca_file), "w");
    PEM_write_X509(file, cert);
    fclose(file);
    server->tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(server->tls, cert);
    SSL_CTX_use_PrivateKey(server->tls, key);
    SSL_CTX_set_alpn_select_cb(server->tls, choose_h2, NULL);
    X509_free(cert);
    EVP_PKEY_free(key);
}

/* --------------------------------------------------------------- Frames -- */

static bool read_all(SSL *ssl, unsigned char *out, size_t len)
{
    size_t done = 0;
    size_t got;

    while (done < len && SSL_read_ex(ssl, out + done, len - done, &got) == 1)
        done += got;
    return done == len;
}

static void write_frame(SSL *ssl, enum frame_type type, int flags,
                        uint32_t stream, const char *data, size_t len)
{
    unsigned char frame[HEAD_LEN + 256] = {
        0, (unsigned char)(len >> 8), (unsigned char)len, (unsigned char)type,
        (unsigned char)flags
    };
    size_t put;

    assert_true(len <= 256);
    stream = htonl(stream);
    memcpy(frame + 5, &stream, 4);
    memcpy(frame + HEAD_LEN, data, len);
    (void)SSL_write_ex(ssl, frame, HEAD_LEN + len, &put);
}

/* ":status" as HPACK has it. */
static void write_answer(SSL *ssl, uint32_t stream, enum act act)
{
    static const char *const status[] = {
        [ANSWERS_200] = "\x88",
        [ANSWERS_204] = "\x89",
        [ANSWERS_401] = "\x48\x03"
                        "401",
        [ANSWERS_404] = "\x8d",
    };
    bool body = act == ANSWERS_200;
    char head[64];

    snprintf(head, sizeof(head), "%s@\x11x-okta-request-id\x01r", status[act]);
    write_frame(ssl, HEADERS, END_HEADERS | (body ? 0 : END_STREAM), stream,
                head, strlen(head));
    if (body)
        write_frame(ssl, DATA, END_STREAM, stream, TOKEN, strlen(TOKEN));
}

/* False: the connection is to end. */
static bool serve_request(struct server *server, SSL *ssl, uint32_t stream)
{
    enum act act = HANGS_UP;

    if (server->next < server->count)
        act = server->acts[server->next++];
    if (act == REFUSES)
        write_frame(ssl, RST_STREAM, 0, stream, "\0\0\0\x07", 4);
    else if (act == GOES_AWAY)
        write_frame(ssl, GOAWAY, 0, 0, "\0\0\0\0\0\0\0\0", 8);
    else if (act != HANGS_UP)
        write_answer(ssl, stream, act);
    return act != HANGS_UP;
}

static void serve_connection(struct server *server, SSL *ssl)
{
    unsigned char data[FRAME_MAX];
    unsigned char head[HEAD_LEN];

    if (SSL_accept(ssl) != 1 || !read_all(ssl, data, PREFACE_LEN))
        return;
    write_frame(ssl, SETTINGS, 0, 0, "", 0);
    while (read_all(ssl, head, sizeof(head))) {
        size_t len = (size_t)head[1] << 8 | head[2];
        uint32_t stream;

        memcpy(&stream, head + 5, 4);
        if (len > sizeof(data) || !read_all(ssl, data, len))
            return;
        if (head[3] == SETTINGS && (head[4] & ACK) == 0)
            write_frame(ssl, SETTINGS, ACK, 0, "", 0);
        if ((head[3] == HEADERS || head[3] == DATA) &&
            (head[4] & END_STREAM) != 0 &&
            !serve_request(server, ssl, ntohl(stream)))
            return;
    }
}

static void *connection_main(void *ctx)
{
    struct connection *connection = ctx;
    SSL *ssl = SSL_new(connection->server->tls);

    SSL_set_fd(ssl, connection->fd);
    serve_connection(connection->server, ssl);
    SSL_free(ssl);
    close(connection->fd);
    free(connection);
    return NULL;
}

static void *serve(void *ctx)
{
    struct server *server = ctx;
    struct pollfd wait = { .fd = server->listener, .events = POLLIN };
    int64_t until = okt_clock_ms() + PATIENCE_MS;

    while (server->next < server->count && okt_clock_ms() < until &&
           server->connection_count < CONNECTIONS_MAX) {
        struct connection *connection;

        if (poll(&wait, 1, POLL_MS) != 1)
            continue;
        connection = calloc(1, sizeof(*connection));
        connection->server = server;
        connection->fd = accept(server->listener, NULL, NULL);
        pthread_create(&server->connections[server->connection_count++], NULL,
                       connection_main, connection);
    }
    return NULL;
}

static okta_client *start(struct server *server, const enum act *acts,
                          size_t count)
{
    AUTO(okta_credential) credential = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof(at);
    okta_client *client = NULL;

    *server = (struct server){ .acts = acts, .count = count };
    make_tls(server);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(server->listener, 16), 0);
    getsockname(server->listener, (struct sockaddr *)&at, &len);
    snprintf(server->url, sizeof(server->url), "https://127.0.0.1:%d",
             ntohs(at.sin_port));
    assert_int_equal(okta_credential_ssws(SECRET, &credential, NULL), OKTA_OK);
    options.org_url = server->url;
    options.ca_file = server->ca_file;
    options.proxy = "";
    options.credential = credential;
    options.retries = 1;
    assert_int_equal(okta_client_new(&options, &client, NULL), OKTA_OK);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
    return client;
}

/* The client's connections are closed, so the thread comes to its end. */
static void end(struct server *server, okta_client *client)
{
    okta_client_free(client);
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < server->connection_count; i++)
        pthread_join(server->connections[i], NULL);
    close(server->listener);
    SSL_CTX_free(server->tls);
    unlink(server->ca_file);
    assert_int_equal(server->next, server->count);
}

/* ---------------------------------------------------------------- Tests -- */

struct example {
    const char *name;
    enum act acts[8];
    size_t count;
    okta_status status;
    int maybe_done;
};

/* What the org never looked at was not sent, and proves nothing. */
static const struct example revocations[] = {
    { "refused, gone", { REFUSES, ANSWERS_404 }, 2, OKTA_ERR_NOT_FOUND, 0 },
    { "gone away, gone", { GOES_AWAY, ANSWERS_404 }, 2, OKTA_ERR_NOT_FOUND, 0 },
    { "refused, done", { REFUSES, REFUSES, ANSWERS_204 }, 3, OKTA_OK, 0 },
    { "lost, gone", { HANGS_UP, ANSWERS_404 }, 2, OKTA_OK, 0 },
    { "lost, refused, gone",
      { HANGS_UP, REFUSES, ANSWERS_404 },
      3,
      OKTA_OK,
      0 },
    { "gone away, done", { GOES_AWAY, ANSWERS_204 }, 2, OKTA_OK, 0 },
    { "refused, lost",
      { REFUSES, HANGS_UP, HANGS_UP },
      3,
      OKTA_ERR_NETWORK,
      1 },
};

static void a_refused_stream_is_no_lost_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(revocations); i++) {
        const struct example *example = &revocations[i];
        struct server server;
        okta_client *client = start(&server, example->acts, example->count);
        okta_error err = { 0 };
        okta_status st = okta_api_token_revoke(client, ID, NULL, &err);

        end(&server, client);
        if (st != example->status ||
            (st != OKTA_OK && err.maybe_done != example->maybe_done))
            fail_msg("%s: %s, maybe done: %d (%s)", example->name,
                     okta_status_name(st), err.maybe_done, err.message);
    }
}

static void revoke_current_is_not_misled_by_a_kept_connection(void **state)
{
    static const enum act turned_away[] = { REFUSES, GOES_AWAY };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(turned_away); i++) {
        const enum act acts[] = { ANSWERS_200, turned_away[i], ANSWERS_401 };
        struct server server;
        okta_client *client = start(&server, acts, ARRAY_LEN(acts));
        okta_api_token *token = NULL;
        okta_status st;

        assert_int_equal(okta_api_token_get(client, ID, NULL, &token, NULL),
                         OKTA_OK);
        okta_api_token_free(token);
        st = okta_api_token_revoke_current(client, NULL, NULL);
        end(&server, client);
        assert_int_equal(st, OKTA_ERR_AUTH);
    }
}

static void revoke_current_takes_a_401_for_an_answer_that_was_lost(void **state)
{
    static const enum act acts[] = { REFUSES, HANGS_UP, ANSWERS_401 };
    struct server server;
    okta_client *client = start(&server, acts, ARRAY_LEN(acts));
    okta_status st = okta_api_token_revoke_current(client, NULL, NULL);

    (void)state;
    end(&server, client);
    assert_int_equal(st, OKTA_OK);
}

static void a_put_that_was_refused_is_sent_again(void **state)
{
    static const enum act acts[] = { REFUSES, GOES_AWAY, ANSWERS_200 };
    okta_network network = OKTA_NETWORK_INIT;
    struct server server;
    okta_client *client = start(&server, acts, ARRAY_LEN(acts));
    okta_api_token *token = NULL;
    okta_status st;

    (void)state;
    network.connection = "ANYWHERE";
    assert_int_equal(okt_api_token_parse(TOKEN, strlen(TOKEN), &token, NULL),
                     OKTA_OK);
    st = okta_api_token_set_network(client, token, &network, NULL, NULL, NULL);
    okta_api_token_free(token);
    end(&server, client);
    assert_int_equal(st, OKTA_OK);
}

static void who_is_refused_for_ever_has_changed_nothing(void **state)
{
    static const enum act acts[] = { REFUSES, REFUSES, REFUSES, REFUSES,
                                     REFUSES, REFUSES, REFUSES, REFUSES,
                                     REFUSES, REFUSES, REFUSES, REFUSES };
    struct server server;
    okta_client *client = start(&server, acts, ARRAY_LEN(acts));
    okta_error err = { 0 };
    okta_status st = okta_api_token_revoke(client, ID, NULL, &err);

    (void)state;
    end(&server, client);
    assert_int_equal(st, OKTA_ERR_NETWORK);
    assert_int_equal(err.maybe_done, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_stream_is_no_lost_answer),
        cmocka_unit_test(revoke_current_is_not_misled_by_a_kept_connection),
        cmocka_unit_test(
            revoke_current_takes_a_401_for_an_answer_that_was_lost),
        cmocka_unit_test(a_put_that_was_refused_is_sent_again),
        cmocka_unit_test(who_is_refused_for_ever_has_changed_nothing),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
