/* SPDX-License-Identifier: Apache-2.0 */
/* listen.c - where an org listens, and what its URL is. */
#include "server/http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "server/util/diag.h"

enum { BACKLOG = 512, HOST_MAX = 64 };

/* Takes "host:port" or "[host]:port" apart. */
static bool split(const char *text, char host[static HOST_MAX], uint16_t *port)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon != NULL ? (size_t)(colon - text) : 0;
    size_t digits = colon != NULL ? strspn(colon + 1, "0123456789") : 0;
    unsigned long value;

    if (digits == 0 || digits > 5 || colon[1 + digits] != '\0')
        return false;
    value = strtoul(colon + 1, NULL, 10);
    if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    } else if (memchr(text, ':', len) != NULL) {
        return false;
    }
    if (len == 0 || len >= HOST_MAX || value > UINT16_MAX)
        return false;
    memcpy(host, text, len);
    host[len] = '\0';
    *port = (uint16_t)value;
    return true;
}

static void set_v4(struct listen_address *out, struct in_addr address,
                   uint16_t port)
{
    struct sockaddr_in in = {
        .sin_family = AF_INET, .sin_addr = address, .sin_port = htons(port)
    };

    memcpy(&out->socket, &in, sizeof(in));
    out->len = sizeof(in);
    out->loopback = ntohl(address.s_addr) >> 24 == 127;
    out->any = address.s_addr == htonl(INADDR_ANY);
}

static void set_v6(struct listen_address *out, const struct in6_addr *address,
                   uint16_t port)
{
    struct sockaddr_in6 in = {
        .sin6_family = AF_INET6, .sin6_addr = *address, .sin6_port = htons(port)
    };

    memcpy(&out->socket, &in, sizeof(in));
    out->len = sizeof(in);
    out->loopback = IN6_IS_ADDR_LOOPBACK(address) != 0;
    out->any = IN6_IS_ADDR_UNSPECIFIED(address) != 0;
}

bool listen_parse(const char *text, struct listen_address *out)
{
    char host[HOST_MAX];
    uint16_t port;
    struct in_addr v4;
    struct in6_addr v6;

    *out = (struct listen_address){ 0 };
    if (!split(text, host, &port))
        return false;
    if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host,
                  &v4) == 1)
        set_v4(out, v4, port);
    else if (inet_pton(AF_INET6, host, &v6) == 1)
        set_v6(out, &v6, port);
    return out->len != 0;
}

void address_text(const struct sockaddr *address,
                  char out[static ADDRESS_TEXT_MAX])
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    out[0] = '\0';
    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof(v4));
        inet_ntop(AF_INET, &v4.sin_addr, out, ADDRESS_TEXT_MAX);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof(v6));
        inet_ntop(AF_INET6, &v6.sin6_addr, out, ADDRESS_TEXT_MAX);
    }
}

bool address_is_loopback(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, address, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, address, &v6) == 1 &&
           IN6_IS_ADDR_LOOPBACK(&v6) != 0;
}

bool address_network(const char *address, char out[static ADDRESS_TEXT_MAX])
{
    enum { HOST_BYTES = 8 };
    struct in6_addr v6;

    if (inet_pton(AF_INET6, address, &v6) != 1)
        return false;
    memset(v6.s6_addr + sizeof(v6.s6_addr) - HOST_BYTES, 0, HOST_BYTES);
    return inet_ntop(AF_INET6, &v6, out, ADDRESS_TEXT_MAX) != NULL;
}

bool address_site(const char *address, char out[static ADDRESS_TEXT_MAX])
{
    enum { V4_SITE = 3, V6_SITE = 6 }; /* bytes */
    struct in_addr v4;
    struct in6_addr v6;

    if (inet_pton(AF_INET, address, &v4) == 1) {
        memset((unsigned char *)&v4 + V4_SITE, 0, sizeof(v4) - V4_SITE);
        return inet_ntop(AF_INET, &v4, out, ADDRESS_TEXT_MAX) != NULL;
    }
    if (inet_pton(AF_INET6, address, &v6) != 1)
        return false;
    memset(v6.s6_addr + V6_SITE, 0, sizeof(v6.s6_addr) - V6_SITE);
    return inet_ntop(AF_INET6, &v6, out, ADDRESS_TEXT_MAX) != NULL;
}

static const char *own_port(const char *url)
{
    return strncmp(url, "https:", 6) == 0 ? ":443" : ":80";
}

/* A default port is no port. */
static void drop_own_port(char *url)
{
    const char *port = own_port(url);
    size_t len = strlen(url);

    if (len > strlen(port) && strcmp(url + len - strlen(port), port) == 0)
        url[len - strlen(port)] = '\0';
}

static bool write_url(int fd, bool tls, char url[static URL_TEXT_MAX])
{
    struct sockaddr_storage bound = { 0 };
    socklen_t len = sizeof(bound);
    char host[ADDRESS_TEXT_MAX];
    struct sockaddr_in in; /* IPv6 has its port at the same place */
    bool v6;

    if (getsockname(fd, (struct sockaddr *)&bound, &len) != 0)
        return false;
    address_text((const struct sockaddr *)&bound, host);
    memcpy(&in, &bound, sizeof(in));
    v6 = bound.ss_family == AF_INET6;
    snprintf(url, URL_TEXT_MAX, "%s://%s%s%s:%u", tls ? "https" : "http",
             v6 ? "[" : "", host, v6 ? "]" : "", (unsigned)ntohs(in.sin_port));
    drop_own_port(url);
    return true;
}

int listen_open(const struct listen_address *address, bool tls,
                char url[static URL_TEXT_MAX])
{
    int on = 1;
    int code;
    int fd = socket(address->socket.ss_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
        (address->socket.ss_family != AF_INET6 ||
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) == 0) &&
        bind(fd, (const struct sockaddr *)&address->socket, address->len) ==
            0 &&
        listen(fd, BACKLOG) == 0 && write_url(fd, tls, url))
        return fd;
    code = errno;
    if (fd >= 0)
        close(fd);
    say("could not listen: %s; is something else listening there?",
        strerror(code));
    return -1;
}

bool public_url_parse(const char *text, char url[static URL_TEXT_MAX])
{
    static const char host_chars[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        "abcdefghijklmnopqrstuvwxyz"
        "0123456789.-:[]";
    size_t scheme = 0;
    size_t host;

    if (strncmp(text, "https://", 8) == 0)
        scheme = 8;
    if (strncmp(text, "http://", 7) == 0)
        scheme = 7;
    host = strspn(text + scheme, host_chars);
    if (scheme == 0 || host == 0 || scheme + host >= URL_TEXT_MAX ||
        (text[scheme + host] != '\0' && strcmp(text + scheme + host, "/") != 0))
        return false;
    memcpy(url, text, scheme + host);
    url[scheme + host] = '\0';
    drop_own_port(url);
    return true;
}

const char *public_url_path(const char *base, const char *url)
{
    const char *port = own_port(base);
    size_t len = strlen(base);

    if (okt_ncasecmp(url, base, len) != 0)
        return NULL;
    url += len;
    if (strncmp(url, port, strlen(port)) == 0)
        url += strlen(port);
    return *url == '/' || *url == '\0' ? url : NULL;
}

bool host_parse(const char *text, bool tls, char name[static URL_TEXT_MAX],
                uint16_t *port)
{
    bool v6 = text[0] == '[';
    size_t len = v6 ? strcspn(text, "]") : strcspn(text, ":");
    const char *rest = text + len + (v6 && text[len] == ']');
    size_t digits;

    if (len <= v6 || len >= URL_TEXT_MAX || (v6 && text[len] != ']'))
        return false;
    snprintf(name, URL_TEXT_MAX, "%.*s", (int)(len - v6), text + v6);
    *port = tls ? 443 : 80;
    if (*rest == '\0')
        return true;
    digits = strspn(rest + 1, "0123456789");
    if (*rest != ':' || digits == 0 || digits > 5 || rest[1 + digits] != '\0' ||
        strtoul(rest + 1, NULL, 10) > UINT16_MAX)
        return false;
    *port = (uint16_t)strtoul(rest + 1, NULL, 10);
    return true;
}

uint16_t url_port(const char *url)
{
    const char *host = strstr(url, "://");
    const char *end = host != NULL ? strrchr(host + 3, ']') : NULL;
    const char *colon =
        host != NULL ? strchr(end != NULL ? end : host + 3, ':') : NULL;

    return (uint16_t)strtoul(colon != NULL ? colon + 1 : own_port(url) + 1,
                             NULL, 10);
}

void public_url_host(const char *url, char host[static URL_TEXT_MAX])
{
    const char *start = strstr(url, "://");
    size_t len;

    start = start != NULL ? start + 3 : url;
    len = strcspn(start, ":");
    if (start[0] == '[') {
        start++;
        len = strcspn(start, "]");
    }
    snprintf(host, URL_TEXT_MAX, "%.*s", (int)len, start);
}
