/* SPDX-License-Identifier: Apache-2.0 */
/* seed.h - users, groups, zones and tokens out of a YAML or JSON file. */
#ifndef ORGD_SEED_H
#define ORGD_SEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"

struct seed_count {
    size_t users;
    size_t groups;
    size_t zones;
    size_t tokens;
    size_t apps;
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

#endif
