/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyring.h - secrets in the desktop's Secret Service, by libsecret.
 *
 * The library is loaded by the first call that needs it, so that no other
 * command pays for it, and none fails where it is missing.
 */
#ifndef CLI_KEYRING_H
#define CLI_KEYRING_H

#include <stdbool.h>

/* False: there is no Secret Service, or it refused; why (if not NULL) says so,
 * until the next call. */
bool keyring_store(const char *profile, const char *label, const char *secret,
                   const char **why);

/* To be wiped and freed (okt_free_secret). NULL: it is not there, or the
 * keyring is locked; libsecret does not tell these apart. */
char *keyring_find(const char *profile);

void keyring_remove(const char *profile);

#endif
