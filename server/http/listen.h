/* SPDX-License-Identifier: Apache-2.0 */
/* listen.h - where an org listens, and what its URL is. */
#ifndef ORGD_LISTEN_H
#define ORGD_LISTEN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { URL_TEXT_MAX = 256 };

struct listen_address {
    struct sockaddr_storage socket;
    socklen_t len;
    bool loopback; /* 127.0.0.0/8 or ::1 */
    bool any;      /* every address of the machine */
};

/* Reads "127.0.0.1:0", "[::1]:8443" or "localhost:8443". False: it is none. */
bool listen_parse(const char *text, struct listen_address *out);

/*
 * Opens a listening socket there, and writes the URL that leads to it. Returns
 * the socket; -1: it said why.
 */
int listen_open(const struct listen_address *address, bool tls,
                char url[static URL_TEXT_MAX]);

enum { ADDRESS_TEXT_MAX = 46 }; /* with its NUL */

/* Writes the address without its port; "" if it is of no kind that we know. */
void address_text(const struct sockaddr *address,
                  char out[static ADDRESS_TEXT_MAX]);

/* Whether it is an address of this machine that no other reaches. */
bool address_is_loopback(const char *address);

/*
 * Writes the network that a host can ask from at will: of an IPv6 address its
 * /64. False: it is none, and counts as it is.
 */
bool address_network(const char *address, char out[static ADDRESS_TEXT_MAX]);

/* Writes the network that one customer of a provider may have: the /24 of an
 * IPv4 address, the /48 of an IPv6 one. False: it is no address. */
bool address_site(const char *address, char out[static ADDRESS_TEXT_MAX]);

/*
 * Reads a URL such as "https://org.example:8443" and writes it without a slash
 * at its end, and without a port that is the scheme's own. False: it is no such
 * URL, or has more (a user, a path, a query).
 */
bool public_url_parse(const char *text, char url[static URL_TEXT_MAX]);

/*
 * The path and what is behind it in a URL that begins with base, written by
 * public_url_parse; scheme and host in any letter case, the scheme's own port
 * said or not. NULL: it begins otherwise.
 */
const char *public_url_path(const char *base, const char *url);

/* A Host header's name, without brackets, and port: the scheme's own where none
 * is said. False: it is none. */
bool host_parse(const char *text, bool tls, char name[static URL_TEXT_MAX],
                uint16_t *port);

/* The port of a URL that was written here. */
uint16_t url_port(const char *url);

/* Writes the host of such a URL, an IPv6 address without its brackets. */
void public_url_host(const char *url, char host[static URL_TEXT_MAX]);

#endif
