/* SPDX-License-Identifier: Apache-2.0 */
/* test_http.c - the real transport, against servers that misbehave at will. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/clock.h"
#include "tests/unit/test.h"

#define ID "00Taaaaaaaaaaaaaaaaa"
#define TOKEN "{\"id\":\"" ID "\",\"name\":\"ci\"}"

enum { PATIENCE_MS = 10000, REQUEST_MAX = 16384 };

/* A server on loopback whose thread runs one test's own conversation. */
struct server {
    int listener;
    int port;
    char url[64];
    pthread_t thread;
    void (*talk)(struct server *server);
    okta_client *client;       /* of the test */
    int requests;              /* how many were read */
    char request[REQUEST_MAX]; /* the last one's head */
    bool next_came_early;
};

static void server_start(struct server *server, void (*talk)(struct server *));

/* Waits for a connection; -1 after ms. */
static int server_accept(struct server *server, int ms)
{
    struct pollfd wait = { .fd = server->listener, .events = POLLIN };

    return poll(&wait, 1, ms) == 1 ? accept(server->listener, NULL, NULL) : -1;
}

/* Reads a request's head; false: the connection ended or time ran out. */
static bool server_read(struct server *server, int fd)
{
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    size_t len = 0;

    server->request[0] = '\0';
    while (strstr(server->request, "\r\n\r\n") == NULL) {
        ssize_t got = -1;

        if (poll(&wait, 1, PATIENCE_MS) == 1)
            got = recv(fd, server->request + len, REQUEST_MAX - 1 - len, 0);
        if (got <= 0)
            return false;
        len += (size_t)got;
        server->request[len] = '\0';
    }
    server->requests++;
    return true;
}

static void say(int fd, const char *text)
{
    size_t len = strlen(text);

    (void)!send(fd, text, len, MSG_NOSIGNAL);
}

static void answer(int fd, const char *status, const char *headers,
                   const char *body)
{
    char text[4096];

    snprintf(text, sizeof(text),
             "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%s", status, headers,
             strlen(body), body);
    say(fd, text);
}

static void *server_main(void *ctx)
{
    struct server *server = ctx;

    server->talk(server);
    return NULL;
}

static void server_listen(struct server *server)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof(at);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(server->listener, 16), 0);
    getsockname(server->listener, (struct sockaddr *)&at, &len);
    server->port = ntohs(at.sin_port);
    snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d",
             server->port);
}

static void server_start(struct server *server, void (*talk)(struct server *))
{
    *server = (struct server){ .talk = talk };
    server_listen(server);
}

static void server_run(struct server *server)
{
    assert_int_equal(pthread_create(&server->thread, NULL, server_main, server),
                     0);
}

static void server_end(struct server *server)
{
    pthread_join(server->thread, NULL);
    close(server->listener);
}

static okta_client *client_for(struct server *server,
                               okta_client_options *options)
{
    AUTO(okta_credential) credential = NULL;
    okta_client *client = NULL;

    assert_int_equal(okta_credential_ssws(SECRET, &credential, NULL), OKTA_OK);
    options->org_url = server->url;
    options->credential = credential;
    if (options->retries == 0)
        options->retries = OKTA_NONE;
    assert_int_equal(okta_client_new(options, &client, NULL), OKTA_OK);
    options->credential = NULL;
    server->client = client;
    return client;
}

/* Runs one get against a conversation. */
static okta_status get_from(struct server *server,
                            void (*talk)(struct server *),
                            okta_client_options *options, okta_error *err)
{
    AUTO(okta_client) client = NULL;
    AUTO(okta_api_token) token = NULL;
    okta_status st;

    server_start(server, talk);
    client = client_for(server, options);
    server_run(server);
    st = okta_api_token_get(client, ID, NULL, &token, err);
    server_end(server);
    return st;
}

/* ------------------------------------------------------- The page ahead -- */

static void talk_half_a_page(struct server *server)
{
    char head[512];
    int first = server_accept(server, PATIENCE_MS);
    int second;

    server_read(server, first);
    snprintf(head, sizeof(head),
             "HTTP/1.1 200 OK\r\nContent-Length: 43\r\n"
             "Link: <%s" PATH "?after=x>; rel=\"next\"\r\n\r\n[" TOKEN,
             server->url);
    say(first, head);
    second = server_accept(server, PATIENCE_MS);
    server->next_came_early = second >= 0 && server_read(server, second) &&
                              strstr(server->request, "?after=x ") != NULL;
    say(first, "]");
    answer(second, "200 OK", "", "[]");
    close(first);
    close(second);
}

static void the_next_request_leaves_while_the_body_still_arrives(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;
    AUTO(okta_client) client = NULL;
    AUTO(okta_page) page = NULL;
    okta_error err = { 0 };

    (void)state;
    assert_int_equal(strlen("[" TOKEN "]"), 43);
    server_start(&server, talk_half_a_page);
    client = client_for(&server, &options);
    server_run(&server);
    if (okta_api_token_list(client, NULL, NULL, &page, &err) != OKTA_OK)
        fail_msg("%s", err.message);
    assert_int_equal(okta_page_count(page), 1);
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_OK);
    assert_int_equal(okta_page_next(client, page, NULL, NULL), OKTA_DONE);
    server_end(&server);
    assert_true(server.next_came_early);
}

/* ------------------------------------------------------------- Requests -- */

static void talk_once(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    answer(fd, "200 OK", "", TOKEN);
    close(fd);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (; (text = strstr(text, what)) != NULL; text++)
        n++;
    return n;
}

/* Header lines that libcurl got, and how many of them were not wiped. */
static struct {
    int freed;
    int left;
} lines;

void __real_curl_slist_free_all(struct curl_slist *list);
void __wrap_curl_slist_free_all(struct curl_slist *list);

void __wrap_curl_slist_free_all(struct curl_slist *list)
{
    for (struct curl_slist *at = list; at != NULL; at = at->next) {
        lines.freed++;
        lines.left += at->data[0] != '\0';
    }
    __real_curl_slist_free_all(list);
}

static void the_token_goes_out_once_and_in_its_header(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;

    (void)state;
    assert_int_equal(get_from(&server, talk_once, &options, NULL), OKTA_OK);
    assert_int_equal(count(server.request, SECRET), 1);
    assert_non_null(strstr(server.request,
                           "\r\nAuthorization: SSWS " SECRET "\r\n"));
    assert_non_null(strstr(server.request, "\r\nAccept-Encoding: "));
    assert_non_null(strstr(server.request, "\r\nUser-Agent: libokta/"));
}

static void the_lines_of_a_request_are_wiped(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;

    (void)state;
    lines.freed = 0;
    lines.left = 0;
    assert_int_equal(get_from(&server, talk_once, &options, NULL), OKTA_OK);
    assert_true(lines.freed > 0);
    assert_int_equal(lines.left, 0);
}

static void talk_put(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);
    char body[4096];

    server_read(server, fd);
    if (strstr(server->request, "}}") == NULL)
        (void)!recv(fd, body, sizeof(body), 0);
    answer(fd, "200 OK", "", TOKEN);
    close(fd);
}

static void a_put_has_a_length_and_expects_nothing(void **state)
{
    static const char zone[] = "nzoaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const char *zones[30];
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_network network = OKTA_NETWORK_INIT;
    struct server server;
    AUTO(okta_client) client = NULL;
    AUTO(okta_api_token) token = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(zones); i++)
        zones[i] = zone;
    network.connection = "ZONE";
    network.include = zones;
    network.include_count = ARRAY_LEN(zones);
    server_start(&server, talk_put);
    client = client_for(&server, &options);
    server_run(&server);
    assert_int_equal(okt_api_token_parse(TOKEN, strlen(TOKEN), &token, NULL),
                     OKTA_OK);
    assert_int_equal(okta_api_token_set_network(client, token, &network, NULL,
                                                NULL, NULL),
                     OKTA_OK);
    server_end(&server);
    assert_non_null(strstr(server.request, "\r\nContent-Length: "));
    assert_non_null(strstr(server.request,
                           "\r\nContent-Type: application/json\r\n"));
    assert_null(strstr(server.request, "\r\nExpect:"));
}

static void loopback_http_goes_through_no_proxy(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server foreign;
    struct server server;

    (void)state;
    server_start(&foreign, NULL);
    setenv("http_proxy", foreign.url, 1);
    setenv("all_proxy", foreign.url, 1);
    options.proxy = foreign.url;
    assert_int_equal(get_from(&server, talk_once, &options, NULL), OKTA_OK);
    assert_int_equal(server_accept(&foreign, 0), -1);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    close(foreign.listener);
}

/* ---------------------------------------------------------------- Ends -- */

static void talk_never(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    while (server_read(server, fd))
        continue;
    close(fd);
}

static void a_silent_server_is_left_after_the_timeout(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;
    int64_t began = okt_clock_ms();
    okta_error err;

    (void)state;
    options.timeout_ms = 300;
    assert_int_equal(get_from(&server, talk_never, &options, &err),
                     OKTA_ERR_TIMEOUT);
    assert_in_range(okt_clock_ms() - began, 300, 3000);
}

static void *cancel_soon(void *ctx)
{
    poll(NULL, 0, 200);
    okta_client_cancel(ctx);
    return NULL;
}

static void another_thread_can_cancel(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;
    AUTO(okta_client) client = NULL;
    okta_api_token *token = NULL;
    pthread_t thread;
    int64_t began = okt_clock_ms();

    (void)state;
    server_start(&server, talk_never);
    client = client_for(&server, &options);
    server_run(&server);
    pthread_create(&thread, NULL, cancel_soon, client);
    assert_int_equal(okta_api_token_get(client, ID, NULL, &token, NULL),
                     OKTA_ERR_CANCELLED);
    assert_in_range(okt_clock_ms() - began, 200, 800);
    pthread_join(thread, NULL);
    okta_client_free(TAKE(client));
    server_end(&server);
}

static okta_client *to_cancel;

static void on_alarm(int number)
{
    (void)number;
    okta_client_cancel(to_cancel);
}

static void a_signal_handler_can_cancel_a_wait(void **state)
{
    struct sigaction action = { .sa_handler = on_alarm };
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;
    AUTO(okta_client) client = NULL;
    int64_t began = okt_clock_ms();

    (void)state;
    server_start(&server, NULL);
    client = client_for(&server, &options);
    to_cancel = client;
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
    assert_int_equal(okt_client_wait(client, OKTA_WAIT_RATE_LIMIT, 20000, NULL),
                     OKTA_ERR_CANCELLED);
    assert_in_range(okt_clock_ms() - began, 900, 1900);
    close(server.listener);
}

static void talk_redirect(struct server *server)
{
    char header[128];
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    snprintf(header, sizeof(header), "Location: %s/elsewhere\r\n", server->url);
    answer(fd, "302 Found", header, "");
    close(fd);
    if (server_accept(server, 300) >= 0)
        server->requests = 99;
}

static void a_redirect_is_never_followed(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;
    okta_error err;

    (void)state;
    assert_int_equal(get_from(&server, talk_redirect, &options, &err),
                     OKTA_ERR_NETWORK);
    assert_int_equal(err.cause, OKTA_CAUSE_GATEWAY);
    assert_int_equal(server.requests, 1);
}

/* ------------------------------------------------------ Hostile answers -- */

/* 100,000 spaces in 133 bytes. */
static const char gzip_bomb[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xed\xc1\x31\x01\x00\x00\x00\xc2"
    "\xa0\x2a\xeb\x9f\xd2\x1a\x1e\x40\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xaf\x06\x2d"
    "\xf0\x79\xca\xa0\x86\x01\x00";

static void talk_bomb(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    say(fd, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
            "Content-Length: 133\r\n\r\n");
    (void)!send(fd, gzip_bomb, sizeof(gzip_bomb) - 1, MSG_NOSIGNAL);
    close(fd);
}

static void an_answer_is_bounded_after_decompression(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;
    okta_error err;

    (void)state;
    options.max_body = 99999;
    assert_int_equal(get_from(&server, talk_bomb, &options, &err),
                     OKTA_ERR_TOO_LARGE);
    assert_non_null(strstr(err.message, "99999 bytes"));
    options.max_body = 100000;
    assert_int_equal(get_from(&server, talk_bomb, &options, &err),
                     OKTA_ERR_PROTOCOL); /* all there, and no JSON */
}

static void talk_endless_header(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);
    char line[1024];

    server_read(server, fd);
    memset(line, 'a', sizeof(line));
    memcpy(line, "X: ", 3);
    memcpy(line + sizeof(line) - 3, "\r\n", 3);
    say(fd, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 1000; i++)
        say(fd, line);
    close(fd);
}

/* A single line of 1 MB, as much as libcurl alone would refuse. */
static void talk_long_header(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);
    char part[1024];

    server_read(server, fd);
    memset(part, 'a', sizeof(part));
    part[sizeof(part) - 1] = '\0';
    say(fd, "HTTP/1.1 200 OK\r\nX: ");
    for (int i = 0; i < 1024; i++)
        say(fd, part);
    say(fd, "\r\n\r\n");
    close(fd);
}

static void talk_many_headers(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    say(fd, "HTTP/1.1 403 No\r\n");
    for (int i = 0; i < 1001; i++)
        say(fd, "a:\r\n");
    say(fd, "\r\n");
    close(fd);
}

static void talk_cut(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" TOKEN);
    close(fd);
}

static void talk_broken_chunk(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "2b\r\n" TOKEN "\r\n");
    close(fd);
}

static void talk_garbage(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    say(fd, "SSH-2.0-OpenSSH\r\n\r\n");
    close(fd);
}

static void talk_hang_up(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    close(fd);
}

static void answers_that_are_not_whole_are_errors(void **state)
{
    static const struct {
        void (*talk)(struct server *);
        okta_status status;
    } cases[] = {
        { talk_endless_header, OKTA_ERR_TOO_LARGE },
        { talk_long_header, OKTA_ERR_TOO_LARGE },
        { talk_many_headers, OKTA_ERR_TOO_LARGE },
        { talk_cut, OKTA_ERR_NETWORK },
        { talk_broken_chunk, OKTA_ERR_NETWORK },
        { talk_garbage, OKTA_ERR_PROTOCOL },
        { talk_hang_up, OKTA_ERR_NETWORK },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
        struct server server;
        okta_error err = { 0 };
        okta_status st = get_from(&server, cases[i].talk, &options, &err);

        if (st != cases[i].status)
            fail_msg("case %zu: %s: %s", i, okta_status_name(st), err.message);
    }
}

static void talk_early_hints(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    say(fd, "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n");
    answer(fd, "404 Not Found", "X-Okta-Request-Id: r\r\n", "");
    close(fd);
}

static void an_interim_answer_is_not_the_answer(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;
    okta_error err;

    (void)state;
    assert_int_equal(get_from(&server, talk_early_hints, &options, &err),
                     OKTA_ERR_NOT_FOUND);
    assert_int_equal(err.http_status, 404);
}

/* ------------------------------------------------- Connections that die -- */

/* Answers one request, reads the next on the same connection and hangs up. */
static void talk_stale(struct server *server)
{
    int fd = server_accept(server, PATIENCE_MS);

    server_read(server, fd);
    answer(fd, "200 OK", "", TOKEN);
    server_read(server, fd);
    close(fd);
    fd = server_accept(server, 1000);
    if (fd < 0)
        return;
    server_read(server, fd);
    answer(fd, "404 Not Found", "X-Okta-Request-Id: r\r\n", "");
    close(fd);
}

static void a_lost_revocation_on_a_kept_connection_is_noticed(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;
    AUTO(okta_client) client = NULL;
    AUTO(okta_api_token) token = NULL;

    (void)state;
    server_start(&server, talk_stale);
    client = client_for(&server, &options);
    server_run(&server);
    assert_int_equal(okta_api_token_get(client, ID, NULL, &token, NULL),
                     OKTA_OK);
    assert_int_equal(okta_api_token_revoke(client, ID, NULL, NULL), OKTA_OK);
    server_end(&server);
    assert_int_equal(server.requests, 3);
}

static void a_put_on_a_connection_that_died_is_not_sent_twice(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_network network = OKTA_NETWORK_INIT;
    struct server server;
    AUTO(okta_client) client = NULL;
    AUTO(okta_api_token) token = NULL;
    okta_error err;

    (void)state;
    network.connection = "ANYWHERE";
    options.retries = 3;
    server_start(&server, talk_stale);
    client = client_for(&server, &options);
    server_run(&server);
    assert_int_equal(okta_api_token_get(client, ID, NULL, &token, NULL),
                     OKTA_OK);
    assert_int_equal(okta_api_token_set_network(client, token, &network, NULL,
                                                NULL, &err),
                     OKTA_ERR_NETWORK);
    assert_int_equal(err.maybe_done, 1);
    okta_client_free(TAKE(client));
    server_end(&server);
    assert_int_equal(server.requests, 2);
}

static void nobody_listening_is_a_network_error(void **state)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    struct server server;
    AUTO(okta_client) client = NULL;
    okta_api_token *token = NULL;
    okta_error err;

    (void)state;
    server_start(&server, NULL);
    client = client_for(&server, &options);
    close(server.listener);
    assert_int_equal(okta_api_token_get(client, ID, NULL, &token, &err),
                     OKTA_ERR_NETWORK);
    assert_int_equal(okta_api_token_revoke(client, ID, NULL, &err),
                     OKTA_ERR_NETWORK);
    assert_int_equal(err.maybe_done, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_request_leaves_while_the_body_still_arrives),
        cmocka_unit_test(the_token_goes_out_once_and_in_its_header),
        cmocka_unit_test(the_lines_of_a_request_are_wiped),
        cmocka_unit_test(a_put_has_a_length_and_expects_nothing),
        cmocka_unit_test(loopback_http_goes_through_no_proxy),
        cmocka_unit_test(a_silent_server_is_left_after_the_timeout),
        cmocka_unit_test(another_thread_can_cancel),
        cmocka_unit_test(a_signal_handler_can_cancel_a_wait),
        cmocka_unit_test(a_redirect_is_never_followed),
        cmocka_unit_test(an_answer_is_bounded_after_decompression),
        cmocka_unit_test(answers_that_are_not_whole_are_errors),
        cmocka_unit_test(an_interim_answer_is_not_the_answer),
        cmocka_unit_test(a_lost_revocation_on_a_kept_connection_is_noticed),
        cmocka_unit_test(a_put_on_a_connection_that_died_is_not_sent_twice),
        cmocka_unit_test(nobody_listening_is_a_network_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
