/* SPDX-License-Identifier: Apache-2.0 */
/* seed_parts.h - what the files that read a seed share. */
#ifndef ORGD_SEED_PARTS_H
#define ORGD_SEED_PARTS_H

#include "server/seed/seed.h"
#include "server/seed/seed_yaml.h"
#include "wire/id.h"

enum { SEED_WHERE_MAX = 96, SEED_TIME_MAX = 64 };

struct seed {
    seed_yaml yaml;
    struct store *store;
    int64_t now;
    bool pinned;    /* some secret or password came out of the file */
    size_t secrets; /* of tokens that did */
};

/* "tokens[3].name" */
struct where {
    char text[SEED_WHERE_MAX];
};

struct where seed_item(const char *list, size_t i);
struct where seed_member(const char *of, const char *key);

/* Both say what is wrong, and where; false. */
bool seed_fail(const struct seed *s, const yaml_node_t *node, const char *where,
               const char *what);
bool seed_fail_at(const struct seed *s, const struct seed_key *key,
                  const char *where, const char *what);

/* Puts a key's text into *out, which keeps what it has where the key is not
 * there or null. */
bool seed_get_text(const struct seed *s, const struct seed_key *key,
                   const char *where, size_t max, const char **out);

/* The same, of a text that must be there. */
bool seed_need_text(const struct seed *s, const yaml_node_t *map,
                    const struct seed_key *key, const char *where, size_t max,
                    const char **out);

/* An id that is given, or a new one of that prefix in room. */
bool seed_get_id(const struct seed *s, const struct seed_key *key,
                 const char *where, const char *prefix,
                 char room[static OKT_ID_LEN + 1], const char **out);

/* *out keeps what it has where the key is not there. */
bool seed_get_time(const struct seed *s, const struct seed_key *key,
                   const char *where, int64_t *out);

/* A role's name, or "none", which is "". */
bool seed_get_role(const struct seed *s, const struct seed_key *key,
                   const char *where, const char **out);

/* Add one item of the file's "groups", "zones", "apps". */
bool seed_group(struct seed *s, yaml_node_t *node, const char *where);
bool seed_zone(struct seed *s, yaml_node_t *node, const char *where);
bool seed_app(struct seed *s, yaml_node_t *node, const char *where);

#endif
