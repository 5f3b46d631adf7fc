/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ca.h - the certificate authority of one data folder.
 *
 * Official clients refuse plain http, so each org has an authority of its own.
 * What it signs is good for localhost, 127.0.0.0/8 and ::1 alone: whoever
 * trusts it, or steals its key, gets no other name by it.
 */
#ifndef ORGD_CA_H
#define ORGD_CA_H

#include <stdbool.h>

#include "buf.h"

#define CA_CERT_FILE "ca.pem"
#define CA_KEY_FILE "ca.key"

enum { CA_PEM_MAX = 16384 };

/* Makes key and certificate in a data folder. False: it said why. */
bool ca_create(const char *dir);

/* Appends the authority's certificate, PEM. False: it said why. */
bool ca_read(const char *dir, struct okt_buf *out);

/* Makes a new key and a certificate for it that serves on loopback for 60
 * days, both PEM; they are never written to a file. False: it said why. */
bool ca_issue(const char *dir, struct okt_buf *cert, struct okt_buf *key);

#endif
