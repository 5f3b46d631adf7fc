/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stub.c - an org that answers from memory, for the others to be measured at.
 *
 *     stub tokens COUNT CERT KEY      lists COUNT tokens, 200 a page; gives one
 *     stub answer FILE THREADS        always answers what FILE holds: headers,
 *                                     an empty line, the body
 *
 * Prints the URL of its http port and, for "tokens", of its https port. Ends
 * when its standard input does.
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "bench/stub.h"

enum {
    TOKEN_MAX = 2048,
    NETWORK_MAX = 512,
    PAGE_MAX = PAGE_TOKENS * TOKEN_MAX,
    FILE_MAX = 1 << 20,
    HOUR = 3600,
    DAY = 24 * HOUR,
};

static struct {
    long pages;
    char *body[PAGES_KEPT];
    size_t len[PAGES_KEPT];
    struct MHD_Response *one;
} org;

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "stub: %s\n", what);
    exit(1);
}

/* --------------------------------------------------------------- Tokens -- */

/* xorshift64: the same tokens in every run. */
static uint64_t next_random(void)
{
    static uint64_t state = 0x9e3779b97f4a7c15;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void put_id(char out[21], const char *prefix)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz";

    snprintf(out, 21, "%s", prefix);
    for (size_t i = strlen(prefix); i < 20; i++)
        out[i] = letters[next_random() % (sizeof(letters) - 1)];
    out[20] = '\0';
}

static void put_time(char out[32], time_t when)
{
    struct tm tm;

    gmtime_r(&when, &tm);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%S.000Z", &tm);
}

/* Parts of tokens, as JSON and as the world has them: names in ASCII, in other
 * scripts and with escapes; agents' tokens; network conditions of all kinds. */
static const char *const names[] = {
    "CI production deploys",
    "SCIM sync (nightly)",
    "terraform",
    "ada's laptop",
    "quarterly report",
    "HR import",
    "Okta AD Agent DC01.corp.example.com",
    "B\xc3\xbcro Nord",
    "mon\xc3\xadtor \xe2\x80\x93 eu-west-1",
    "\xd0\x9e\xd1\x82\xd1\x87\xd1\x91\xd1\x82\xd1\x8b",
    "\xe7\xb5\xa6\xe4\xb8\x8e\xe3\x82\xb7\xe3\x82\xb9\xe3\x83\x86\xe3\x83\xa0",
    "deploy \xf0\x9f\x9a\x80",
    "the \\\"old\\\" one",
    "CORP\\\\svc_okta",
    "R\\u0026D \\u2013 caf\\u00e9",
    "build\\/test \\ud83d\\ude80",
};

static const char *const clients[] = {
    "Okta API", "Okta API",      "Okta API", "Okta API",
    "Okta API", "Okta AD Agent", "Okta API", "Okta LDAP Agent",
};

static const char *const windows[] = {
    "\"P30D\"", "\"P30D\"", "\"P30D\"", "\"P90D\"", "\"P30D\"", "null",
};

/* "$3": three zones. */
static const char *const networks[] = {
    "\"network\":{\"connection\":\"ANYWHERE\"},",
    "\"network\":{\"connection\":\"ZONE\",\"include\":[$1]},",
    "",
    "\"network\":{\"connection\":\"ANYWHERE\",\"include\":[],\"exclude\":[]},",
    "\"network\":{\"connection\":\"ZONE\",\"include\":[$9,$7],"
    "\"exclude\":[]},",
    "\"network\":{\"connection\":\"ZONE\",\"exclude\":[$2]},",
    "\"network\":{\"connection\":\"ZONE\",\"include\":[],"
    "\"exclude\":[$9,$6]},",
};

#define PICK(table, i) (table)[(i) % (sizeof(table) / sizeof((table)[0]))]

/* Writes count ids of zones; returns how long they are. */
static size_t put_zones(char *out, int count)
{
    char *p = out;
    char zone[21];

    for (int i = 0; i < count; i++) {
        put_id(zone, "nzo");
        p += snprintf(p, sizeof("\"\",") + sizeof(zone), "%s\"%s\"",
                      i > 0 ? "," : "", zone);
    }
    return (size_t)(p - out);
}

/* Writes a network condition with zones in it. */
static void put_network(char *out, const char *condition)
{
    for (; *condition != '\0'; condition++) {
        if (*condition == '$')
            out += put_zones(out, *++condition - '0');
        else
            *out++ = *condition;
    }
    *out = '\0';
}

/*
 * Writes token i of its page. Its times are half a day from where a count of
 * days changes, so that tokens look the same for as long as the stub is used.
 */
static size_t put_token(char *out, time_t now, unsigned i)
{
    char id[21];
    char user[21];
    char created[32];
    char updated[32];
    char expires[32];
    char network[NETWORK_MAX];
    time_t birth = now - (time_t)(40 + next_random() % 800) * DAY - 12 * HOUR;
    time_t used = now - (time_t)(next_random() % 25) * DAY - 12 * HOUR;

    put_id(id, "00T");
    put_id(user, "00u");
    put_time(created, birth);
    put_time(updated, used);
    put_time(expires, (i % 8 == 7 ? birth : used) + 30 * DAY);
    put_network(network, PICK(networks, i));
    return (size_t)snprintf(
        out, TOKEN_MAX,
        "{\"id\":\"%s\",\"name\":\"%s %u\",\"userId\":\"%s\","
        "\"clientName\":\"%s\",\"tokenWindow\":%s,%s\"expiresAt\":\"%s\","
        "\"created\":\"%s\",\"lastUpdated\":\"%s\",\"_links\":{\"self\":{"
        "\"href\":\"https://acme.okta.com/api/v1/api-tokens/%s\","
        "\"hints\":{\"allow\":[\"GET\",\"PUT\",\"DELETE\"]}},\"user\":{"
        "\"href\":\"https://acme.okta.com/api/v1/users/%s\","
        "\"hints\":{\"allow\":[\"GET\"]}}}}",
        id, PICK(names, i), i, user, PICK(clients, i), PICK(windows, i),
        network, expires, created, updated, id, user);
}

static void make_pages(void)
{
    time_t now = time(NULL);

    for (int page = 0; page < PAGES_KEPT; page++) {
        char *body = malloc(PAGE_MAX);
        size_t len = 0;

        if (body == NULL)
            die("out of memory");
        for (unsigned i = 0; i < PAGE_TOKENS; i++) {
            body[len++] = i == 0 ? '[' : ',';
            len += put_token(body + len, now, i);
        }
        body[len++] = ']';
        org.body[page] = body;
        org.len[page] = len;
    }
}

/* ------------------------------------------------------------- Answering -- */

static void add_headers(struct MHD_Response *response)
{
    static const char *const headers[][2] = {
        { "Content-Type", "application/json" },
        { "Cache-Control", "no-cache, no-store" },
        { "Pragma", "no-cache" },
        { "Expires", "0" },
        { "X-Okta-Request-Id", "5f0c1f3f6a0e4b7c8d9e0a1b2c3d4e5f" },
        { "X-Rate-Limit-Limit", "1000000" },
        { "X-Rate-Limit-Remaining", "999999" },
        { "X-Rate-Limit-Reset", "1893456000" },
    };

    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

static void add_link(struct MHD_Response *response,
                     struct MHD_Connection *connection, const char *scheme,
                     const char *rel, long page)
{
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                   MHD_HTTP_HEADER_HOST);
    char link[512];

    snprintf(link, sizeof(link),
             "<%s://%s/api/v1/api-tokens?after=%ld&limit=%d>; rel=\"%s\"",
             scheme, host != NULL ? host : "", page, PAGE_TOKENS, rel);
    MHD_add_response_header(response, "Link", link);
}

static struct MHD_Response *list(struct MHD_Connection *connection,
                                 const char *scheme)
{
    const char *after =
        MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "after");
    long page = after != NULL ? strtol(after, NULL, 10) : 0;
    int kept = (int)(page % PAGES_KEPT);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_static(org.len[kept], org.body[kept]);

    if (response == NULL)
        return NULL;
    add_headers(response);
    add_link(response, connection, scheme, "self", page);
    if (page + 1 < org.pages)
        add_link(response, connection, scheme, "next", page + 1);
    return response;
}

static enum MHD_Result handle(void *scheme, struct MHD_Connection *connection,
                              const char *url, const char *method,
                              const char *version, const char *data,
                              size_t *len, void **state)
{
    static const char tokens[] = "/api/v1/api-tokens";
    struct MHD_Response *response = org.one;
    enum MHD_Result result;

    (void)method;
    (void)version;
    (void)data;
    *len = 0;
    if (*state == NULL) {
        *state = &org;
        return MHD_YES;
    }
    if (org.pages > 0 && strcmp(url, tokens) == 0)
        response = list(connection, scheme);
    if (response == NULL)
        return MHD_NO;
    result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    if (response != org.one)
        MHD_destroy_response(response);
    return result;
}

/* ----------------------------------------------------------------- Start -- */

static void announce(struct MHD_Daemon *daemon, const char *scheme)
{
    const union MHD_DaemonInfo *info =
        daemon != NULL ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)
                       : NULL;

    if (info == NULL)
        die("libmicrohttpd does not start");
    printf("%s://127.0.0.1:%u\n", scheme, (unsigned)info->port);
}

/* threads 0: one; cert NULL: plain http. */
static void serve(unsigned threads, const char *cert, const char *key)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    const char *scheme = cert != NULL ? "https" : "http";
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD |
                     (cert != NULL ? (unsigned)MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)cert },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key },
        { MHD_OPTION_END, 0, NULL },
    };

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    announce(MHD_start_daemon(flags, 0, NULL, NULL, handle,
                              (void *)(uintptr_t)scheme, MHD_OPTION_SOCK_ADDR,
                              &address, MHD_OPTION_THREAD_POOL_SIZE, threads,
                              MHD_OPTION_CONNECTION_TIMEOUT, 30U,
                              MHD_OPTION_ARRAY, cert != NULL ? tls : tls + 2,
                              MHD_OPTION_END),
             scheme);
}

static char *read_file(const char *path, size_t *len)
{
    char *data = malloc(FILE_MAX + 1);
    FILE *file = fopen(path, "rb");

    if (data == NULL || file == NULL)
        die(path);
    *len = fread(data, 1, FILE_MAX, file);
    data[*len] = '\0';
    fclose(file);
    return data;
}

/* Line by line, Date aside, which libmicrohttpd itself adds. */
static void read_answer(const char *path)
{
    size_t len;
    char *text = read_file(path, &len);
    char *body = strstr(text, "\r\n\r\n");
    char *line;
    char *rest;

    if (body == NULL)
        die("the answer has no body");
    *body = '\0';
    body += 4;
    org.one =
        MHD_create_response_from_buffer_static(len - (size_t)(body - text),
                                               body);
    strtok_r(text, "\r\n", &rest);
    while ((line = strtok_r(NULL, "\r\n", &rest)) != NULL) {
        char *value = strstr(line, ": ");

        if (value == NULL || strncasecmp(line, "Date:", 5) == 0 ||
            strncasecmp(line, "Content-Length:", 15) == 0)
            continue;
        *value = '\0';
        if (MHD_add_response_header(org.one, line, value + 2) != MHD_YES)
            die("libmicrohttpd refuses a header");
    }
}

static void serve_tokens(char **argv)
{
    char first[TOKEN_MAX];
    size_t len;

    org.pages = (strtol(argv[0], NULL, 10) + PAGE_TOKENS - 1) / PAGE_TOKENS;
    if (org.pages < 1)
        die("how many tokens?");
    make_pages();
    len = put_token(first, time(NULL), 0);
    org.one = MHD_create_response_from_buffer_copy(len, first);
    add_headers(org.one);
    serve(0, NULL, NULL);
    serve(0, read_file(argv[1], &len), read_file(argv[2], &len));
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "tokens") == 0) {
        serve_tokens(argv + 2);
    } else if (argc == 4 && strcmp(argv[1], "answer") == 0) {
        read_answer(argv[2]);
        serve((unsigned)strtoul(argv[3], NULL, 10), NULL, NULL);
    } else {
        die("usage: stub tokens COUNT CERT KEY | stub answer FILE THREADS");
    }
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}
