/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ca.h - the certificate authority of one data folder.
 *
 * Official clients refuse plain http, so each org has an authority of its own.
 * What it signs is good for localhost, 127.0.0.0/8, ::1 and the hosts that the
 * org is served as: whoever trusts it, or steals its key, gets no other name by
 * it.
 */
#ifndef ORGD_CA_H
#define ORGD_CA_H

#include <stdbool.h>

#include "base/buf.h"

#define CA_CERT_FILE "ca.pem"
#define CA_KEY_FILE "ca.key"

enum { CA_PEM_MAX = 16384 };

/* The most hosts beside loopback: a name or an IP address each. */
enum { CA_HOSTS_MAX = 2 };

struct ca_hosts {
    const char *host[CA_HOSTS_MAX];
    size_t count;
};

/* Whether text may be a host of a certificate: a name or an address. */
bool ca_host_is_valid(const char *text);

/* Makes key and certificate in a data folder, for loopback and these hosts.
 * False: it said why. */
bool ca_create(const char *dir, const struct ca_hosts *hosts);

/* Makes them anew if they are not for all of these hosts: clients must be given
 * the certificate again then, and it says so. False: it said why. */
bool ca_ensure(const char *dir, const struct ca_hosts *hosts);

/* Appends the authority's certificate, PEM. False: it said why. */
bool ca_read(const char *dir, struct okt_buf *out);

/* Makes a new key and a certificate for it that is good for loopback and these
 * hosts for 60 days, both PEM; they are never written to a file. False: it said
 * why. */
bool ca_issue(const char *dir, const struct ca_hosts *hosts,
              struct okt_buf *cert, struct okt_buf *key);

#endif
