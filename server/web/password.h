/* SPDX-License-Identifier: Apache-2.0 */
/*
 * password.h - users' passwords, of which yescrypt's hash is kept, by libcrypt.
 *
 * To hash or to verify one takes some 10 ms and 16 MiB, on purpose: a thread
 * that serves does not do it, but hands it to a struct worker.
 */
#ifndef ORGD_PASSWORD_H
#define ORGD_PASSWORD_H

#include <stdbool.h>

enum {
    PASSWORD_MIN = 8,   /* characters */
    PASSWORD_MAX = 256, /* bytes */
    PASSWORD_HASH_MAX = 127
};

/* NULL: it may be one. Else a constant text saying what is wrong with it. */
const char *password_check(const char *password);

/* False: no random bytes, or no memory. */
bool password_hash(const char *password,
                   char out[static PASSWORD_HASH_MAX + 1]);

/*
 * Whether it is the one that was hashed. hash "": nobody's, and false; that
 * takes as long as any, so that the time tells nobody which users there are.
 */
bool password_verify(const char *password, const char *hash);

#endif
