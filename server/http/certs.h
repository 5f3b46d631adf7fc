/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certs.h - the certificate that an org shows, which may change while it
 * serves.
 *
 * A handshake goes on with what it began with, so what has been shown lives as
 * long as the rest. Loading and showing are safe from any thread.
 */
#ifndef ORGD_CERTS_H
#define ORGD_CERTS_H

#include <gnutls/abstract.h>
#include <stdbool.h>

#include "base/buf.h"

struct certs;

/* NULL: out of memory. */
struct certs *certs_new(void);

/* After the last handshake. Takes NULL. */
void certs_free(struct certs *certs);

/*
 * From now on shows this chain, PEM, with its key. False: it said why, and what
 * was shown before is shown still.
 */
bool certs_load(struct certs *certs, const struct okt_buf *chain,
                const struct okt_buf *key);

/* Whether the certificate that is shown now has exactly this name, letter case
 * aside, or this address; a wildcard covers none. */
bool certs_name(struct certs *certs, const char *name);

/* What is shown now. False: nothing was ever loaded. */
bool certs_get(struct certs *certs, gnutls_pcert_st **chain, unsigned *count,
               gnutls_privkey_t *key);

#endif
