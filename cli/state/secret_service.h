/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret_service.h - secrets in the desktop's Secret Service, by libsecret.
 *
 * The library is loaded by the first call that needs it, so that no other
 * command pays for it, and none fails where it is missing.
 *
 * An item belongs to one profile of one state folder, and holds the URL of the
 * org that its secret is for. why is set where a function fails, and lasts
 * until the next call.
 */
#ifndef CLI_SECRET_SERVICE_H
#define CLI_SECRET_SERVICE_H

#include <stdbool.h>

struct keyring_item {
    const char *state;   /* which state folder, see state_id */
    const char *profile; /* NULL, for keyring_remove: all of that folder */
};

enum keyring_result {
    KEYRING_OK,
    KEYRING_NONE,      /* it holds none */
    KEYRING_OLD,       /* it holds one that does not say which org it is for */
    KEYRING_OTHER_ORG, /* it holds one for another org */
    KEYRING_FAILED     /* there is no Secret Service, it is locked, or failed */
};

/* Stores the secret, in place of an earlier one. */
bool keyring_store(const struct keyring_item *item, const char *org,
                   const char *secret, const char **why);

/* Finds the secret for that org. *secret, on OK, is to be wiped and freed
 * (okt_free_secret). */
enum keyring_result keyring_find(const struct keyring_item *item,
                                 const char *org, char **secret,
                                 const char **why);

/*
 * Removes the item, and what an earlier version stored under the profile's name
 * alone. NONE: nothing is left. OK: something is left that can't be removed.
 * FAILED: that can't be told. *had: there was something.
 */
enum keyring_result keyring_remove(const struct keyring_item *item, bool *had,
                                   const char **why);

#endif
