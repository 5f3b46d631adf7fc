/* SPDX-License-Identifier: Apache-2.0 */
/* org.h - what all parts of a running org share. */
#ifndef ORGD_ORG_H
#define ORGD_ORG_H

#include <stdbool.h>
#include <stdint.h>

#include "server/util/org_clock.h"
#include "server/util/secret.h"

struct access_cache;
struct dev;
struct faults;
struct journal;
struct keyring;
struct polls;
struct seen;
struct signer;
struct renewals;
struct writer;
struct limits;
struct metrics;
struct worker;
struct attempts;
struct lines;

enum paging {
    PAGING_ASKED,  /* a request that asks for pages gets them; any other, all */
    PAGING_ALWAYS, /* each request gets a page */
    PAGING_NEVER   /* each gets all, whatever it asks for */
};

struct org {
    const char *store;      /* its address, for store_open */
    const char *public_url; /* "https://host:port", nothing behind it */
    struct org_clock *clock;
    const char *proxies; /* gateways of those that may pass on; "": none */
    enum paging paging;  /* of the list of tokens */
    int64_t grace;       /* seconds in which what is good once is given anew */
    unsigned char cursor_key[SECRET_KEY_LEN];
    struct renewals *renewals;
    struct writer *writer;
    struct limits *limits;
    struct metrics *metrics;
    struct lines *log;     /* a line a request */
    struct dev *dev;       /* NULL: nobody may play with it */
    struct faults *faults; /* these two as well */
    struct journal *journal;
    struct worker *worker;     /* for what is slow */
    struct attempts *attempts; /* guesses of passwords and codes */
    int64_t started;       /* when, by org_clock_steady_ms; see oauth_start */
    struct signer *signer; /* of access tokens */
    struct access_cache *verified; /* access tokens that were */
    struct seen *proofs;           /* of DPoP, that were used */
    struct keyring *keys;          /* of clients, that were read */
    struct polls *polls;           /* of devices that wait */
};

/* What time it is here, in seconds since 1970-01-01T00:00:00Z. */
static inline int64_t org_now(const struct org *org)
{
    return org_clock_now(org->clock);
}

/* Until when it is kept that something was revoked or used up, which by itself
 * is good until then: for good, where somebody may set the clock back. */
static inline int64_t org_keeps_until(const struct org *org, int64_t lapses)
{
    return org->dev != NULL ? INT64_MAX : lapses;
}

/*
 * The MAC of a text, at most 1024 bytes, under a key of the org's own; label
 * says what it is for, so that one of them is never good for another. False:
 * no memory, or the text is too long.
 */
bool org_mac(const struct org *org, const char *label, const void *data,
             size_t len, unsigned char out[static SECRET_HASH_LEN]);

#endif
