/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seed_yaml.h - mappings and texts of a YAML document, taken strictly.
 *
 * Messages name file, line and key, never a value: it may be a secret.
 */
#ifndef ORGD_SEED_YAML_H
#define ORGD_SEED_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

#include "base/mem.h"

typedef struct seed_yaml {
    const char *path;
    yaml_document_t document;
    bool loaded;
} seed_yaml;

/* A key that a mapping may have, and its value's node, NULL if it has not. */
struct seed_key {
    const char *key;
    yaml_node_t *node;
};

/* Reads the one document of a file. False: it said why. */
bool seed_yaml_load(seed_yaml *yaml, const char *path);
void seed_yaml_free(seed_yaml *yaml);

yaml_node_t *seed_yaml_root(seed_yaml *yaml);

/* Says "seed: file:line: where: what". Returns false. */
bool seed_yaml_fail(const seed_yaml *yaml, const yaml_node_t *node,
                    const char *where, const char *what);

/* Fills the nodes of keys. False: no mapping, a key that is unknown or there
 * twice; it said so. */
bool seed_yaml_map(seed_yaml *yaml, yaml_node_t *node, const char *where,
                   struct seed_key *keys, size_t count);

/* Item i of a list; NULL from its end on. node may be NULL: an empty list. */
yaml_node_t *seed_yaml_item(seed_yaml *yaml, yaml_node_t *node, size_t i);

/* Whether the node is a list, or NULL; it says so if not. */
bool seed_yaml_is_list(const seed_yaml *yaml, yaml_node_t *node,
                       const char *where);

/* Whether the node is a plain null. */
bool seed_yaml_is_null(const yaml_node_t *node);

/* A text of 1 to max bytes, borrowed from the document; NULL: it is none, and
 * it said so. */
const char *seed_yaml_text(const seed_yaml *yaml, const yaml_node_t *node,
                           const char *where, size_t max);

#endif
