/* SPDX-License-Identifier: Apache-2.0 */
/* seed_yaml.c - mappings and texts of a YAML document, by libyaml. */
#include "server/seed/seed_yaml.h"

#include <stdio.h>
#include <string.h>

#include "server/util/diag.h"
#include "server/util/file.h"

enum { FILE_MAX = 67108864 };

/* libyaml's problems are constant texts, without a part of the file. */
static bool fail_parse(const seed_yaml *yaml, const yaml_parser_t *parser)
{
    say("seed: %s:%zu: not YAML: %s", say_word(yaml->path),
        parser->problem_mark.line + 1,
        parser->problem != NULL ? parser->problem : "out of memory");
    return false;
}

/* Whether nothing stands behind the first document. */
static bool is_all(const seed_yaml *yaml, yaml_parser_t *parser)
{
    yaml_document_t more;
    const yaml_node_t *root;
    bool all;

    if (yaml_parser_load(parser, &more) == 0)
        return fail_parse(yaml, parser);
    root = yaml_document_get_root_node(&more);
    all = root == NULL || seed_yaml_fail(yaml, root, "", "a second document");
    yaml_document_delete(&more);
    return all;
}

static bool parse(seed_yaml *yaml, const struct okt_buf *text)
{
    yaml_parser_t parser;
    bool done;

    if (yaml_parser_initialize(&parser) == 0) {
        say("seed: out of memory");
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text->data,
                                 text->len);
    yaml->loaded = yaml_parser_load(&parser, &yaml->document) != 0;
    done = yaml->loaded ? is_all(yaml, &parser) : fail_parse(yaml, &parser);
    yaml_parser_delete(&parser);
    return done;
}

bool seed_yaml_load(seed_yaml *yaml, const char *path)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);
    const char *why = file_read(path, FILE_ANY, &text);

    *yaml = (seed_yaml){ .path = path };
    if (why != NULL) {
        say("seed: %s: %s", say_word(path), why);
        return false;
    }
    if (parse(yaml, &text))
        return true;
    seed_yaml_free(yaml);
    return false;
}

void seed_yaml_free(seed_yaml *yaml)
{
    if (yaml->loaded)
        yaml_document_delete(&yaml->document);
    yaml->loaded = false;
}

yaml_node_t *seed_yaml_root(seed_yaml *yaml)
{
    return yaml_document_get_root_node(&yaml->document);
}

bool seed_yaml_fail(const seed_yaml *yaml, const yaml_node_t *node,
                    const char *where, const char *what)
{
    say("seed: %s:%zu: %s%s%s", say_word(yaml->path),
        node != NULL ? node->start_mark.line + 1 : 1, where,
        where[0] != '\0' ? ": " : "", what);
    return false;
}

static struct seed_key *find_key(struct seed_key *keys, size_t count,
                                 const yaml_node_t *node)
{
    for (size_t i = 0; i < count; i++)
        if (node->type == YAML_SCALAR_NODE &&
            node->data.scalar.length == strlen(keys[i].key) &&
            memcmp(node->data.scalar.value, keys[i].key,
                   node->data.scalar.length) == 0)
            return &keys[i];
    return NULL;
}

/* An unknown key is shown, for it is a key's place, unless it is odd. */
static bool fail_key(const seed_yaml *yaml, const yaml_node_t *node,
                     const char *where)
{
    char what[128];

    if (node->type != YAML_SCALAR_NODE || node->data.scalar.length > 64 ||
        strlen((const char *)node->data.scalar.value) !=
            node->data.scalar.length)
        return seed_yaml_fail(yaml, node, where, "unknown key");
    snprintf(what, sizeof(what), "unknown key \"%s\"",
             say_word((const char *)node->data.scalar.value));
    return seed_yaml_fail(yaml, node, where, what);
}

bool seed_yaml_map(seed_yaml *yaml, yaml_node_t *node, const char *where,
                   struct seed_key *keys, size_t count)
{
    if (node == NULL || node->type != YAML_MAPPING_NODE)
        return seed_yaml_fail(yaml, node, where, "must be a mapping");
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        yaml_node_t *name = yaml_document_get_node(&yaml->document, pair->key);
        struct seed_key *key = find_key(keys, count, name);

        if (key == NULL)
            return fail_key(yaml, name, where);
        if (key->node != NULL)
            return seed_yaml_fail(yaml, name, where, "a key is there twice");
        key->node = yaml_document_get_node(&yaml->document, pair->value);
    }
    return true;
}

bool seed_yaml_is_list(const seed_yaml *yaml, yaml_node_t *node,
                       const char *where)
{
    if (node == NULL || node->type == YAML_SEQUENCE_NODE)
        return true;
    return seed_yaml_fail(yaml, node, where, "must be a list");
}

yaml_node_t *seed_yaml_item(seed_yaml *yaml, yaml_node_t *node, size_t i)
{
    yaml_node_item_t *items;

    if (node == NULL)
        return NULL;
    items = node->data.sequence.items.start;
    if (i >= (size_t)(node->data.sequence.items.top - items))
        return NULL;
    return yaml_document_get_node(&yaml->document, items[i]);
}

bool seed_yaml_is_null(const yaml_node_t *node)
{
    const char *text;

    if (node->type != YAML_SCALAR_NODE ||
        node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    text = (const char *)node->data.scalar.value;
    return strcmp(text, "") == 0 || strcmp(text, "~") == 0 ||
           strcmp(text, "null") == 0;
}

const char *seed_yaml_text(const seed_yaml *yaml, const yaml_node_t *node,
                           const char *where, size_t max)
{
    char what[64];
    size_t len;

    if (node->type != YAML_SCALAR_NODE || seed_yaml_is_null(node)) {
        seed_yaml_fail(yaml, node, where, "must be a text");
        return NULL;
    }
    len = node->data.scalar.length;
    if (len == 0 || len > max ||
        strlen((const char *)node->data.scalar.value) != len) {
        snprintf(what, sizeof(what), "must have 1 to %zu bytes, and no NUL",
                 max);
        seed_yaml_fail(yaml, node, where, what);
        return NULL;
    }
    return (const char *)node->data.scalar.value;
}
