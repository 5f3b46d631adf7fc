/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h - devices that wait for a person to allow them (RFC 8628).
 *
 * The device polls with a long secret code; the person types a short one on
 * another machine, signs in there and decides. Neither code is in the store:
 * of the long one its hash, of the short one, which could be found from a hash
 * by trying all there are, a MAC under the org's key. How often anybody may try
 * codes is attempts.h's business, and its caller's.
 */
#ifndef ORGD_DEVICE_H
#define ORGD_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "server/org/org.h"
#include "server/request/request.h"
#include "server/store/store.h"

#define DEVICE_PENDING "PENDING"
#define DEVICE_ALLOWED "ALLOWED"
#define DEVICE_DENIED "DENIED"
#define DEVICE_USED "USED"

enum {
    DEVICE_CODE_LEN = 8,                    /* of a user code */
    DEVICE_SHOWN_LEN = DEVICE_CODE_LEN + 1, /* with its hyphen */
    DEVICE_SECONDS = 600,
    DEVICE_INTERVAL = 5, /* seconds between two polls */
    DEVICES_MAX = 10000, /* that may wait at a time */
};

/* What a person is asked to decide about. */
struct device {
    char client_id[OKT_ID_MAX + 1];
    char app_name[STORE_NAME_MAX + 1];
    char scopes[STORE_SCOPES_MAX + 1]; /* spaces between them */
    char address[ADDRESS_MAX + 1];     /* that it asked from */
    int64_t created;
    int64_t expires;
};

/* Makes a user code of 20 consonants. False: no random bytes. */
bool device_code_new(char out[static DEVICE_CODE_LEN + 1]);

/* Reads what a person has typed: any letter case, with spaces and hyphens
 * wherever they are. False: no code looks like that. */
bool device_code_read(const char *typed, char out[static DEVICE_CODE_LEN + 1]);

/* "BCDF-GHJK", as a person is shown it. */
void device_code_show(const char code[static DEVICE_CODE_LEN + 1],
                      char out[static DEVICE_SHOWN_LEN + 1]);

/* What the store knows a user code by. False: no memory. */
bool device_code_hash(const struct org *org, const char *code,
                      unsigned char out[static SECRET_HASH_LEN]);

/* Finds the device that waits under a code. NOT_FOUND: there is none, it was
 * decided about, its time is over, or its app is not active. */
store_status device_find(struct store *store, const struct org *org,
                         const char *code, struct device *out);

/*
 * Decides, in the writer's transaction: for that user, who alone answers for
 * it. NOT_FOUND: there is nothing to decide (any more).
 */
store_status device_decide(struct store *store, const struct org *org,
                           const char *code, const char *user_id, bool allow);

#endif
