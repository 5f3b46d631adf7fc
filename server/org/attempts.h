/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempts.h - how often something has been guessed, and from where.
 *
 * The memory is fixed, however many there are: two who fall together count for
 * both, which can only refuse too early, and never lets anybody be forgotten.
 * Where they fall is keyed, so that nobody can choose to fall upon another.
 * Safe from any thread.
 */
#ifndef ORGD_ATTEMPTS_H
#define ORGD_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

enum { ATTEMPTS_WINDOW = 900 }; /* seconds */

enum attempt {
    ATTEMPT_SIGN_IN_ADDRESS, /* key: an address; of IPv6, its /64 counts */
    ATTEMPT_SIGN_IN_ACCOUNT, /* key: a user's id; of nobody's login, that login,
                                whatever its letter case */
    ATTEMPT_CODE_ADDRESS,
    ATTEMPT_CODE_ACCOUNT, /* key: a user's id */
    ATTEMPT_CODE,         /* key: the code itself */
    ATTEMPT_DEVICE,       /* that is to wait; key: the address it asks from */
    ATTEMPT_DEVICE_SITE,  /* the same; key: that address's site */
    ATTEMPT_KINDS
};

struct attempts;

/* NULL: no memory, or no random bytes. */
struct attempts *attempts_new(void);
void attempts_free(struct attempts *attempts);

/* Nobody has guessed yet. */
void attempts_clear(struct attempts *attempts);

/* How many of a kind a window has room for. */
unsigned attempts_limit(enum attempt kind);

/* Counts one. False: it is one too many, and is not to be looked at. */
bool attempts_take(struct attempts *attempts, enum attempt kind,
                   const char *key, int64_t now);

/* It was no guess: takes back what attempts_take has counted at that time, so
 * that nothing is taken from what others count in a later window. */
void attempts_give_back(struct attempts *attempts, enum attempt kind,
                        const char *key, int64_t taken);

#endif
