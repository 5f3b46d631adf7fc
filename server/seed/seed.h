/* SPDX-License-Identifier: Apache-2.0 */
/* seed.h - users, groups, zones and tokens out of a YAML or JSON file. */
#ifndef ORGD_SEED_H
#define ORGD_SEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/store/store.h"

struct seed_count {
    size_t users;
    size_t groups;
    size_t zones;
    size_t tokens;
    size_t apps;
    size_t secrets; /* of tokens */
};

/*
 * Puts all that the file holds into the store, or nothing. Relative times are
 * counted from now. False: it said file, line, key and what is wrong with it,
 * never a value.
 */
bool seed_file(struct store *store, const char *path, int64_t now,
               struct seed_count *count);

/* Whether it could; the store stays as it is. False: the same. */
bool seed_check(struct store *store, const char *path, int64_t now,
                struct seed_count *count);

/*
 * Finds the first secret in the file that a token of the store has, and copies
 * it to out, to be wiped; "" if there is none. False: it said why the file
 * can't be read.
 */
bool seed_find_secret(struct store *store, const char *path,
                      char out[static OKT_SECRET_LEN + 1]);

#endif
