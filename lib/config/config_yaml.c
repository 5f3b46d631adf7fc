/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_yaml.c - YAML into a small tree, within bounds. libyaml finds the
 * events; it is loaded only here, so that a program without a file starts
 * without it.
 *
 * What a file holds may be secret: our copies are wiped, and so is what libyaml
 * still holds when it is done with an event or with the file. Out of reach is
 * what it gave back while a scalar grew: its first 16, 32, 64 ... bytes.
 */
#include <dlfcn.h>
#include <string.h>
#include <yaml.h>

#include "base/ascii.h"
#include "lib/config/config.h"

/* --------------------------------------------------------------- libyaml -- */

struct libyaml {
    void *handle;
    int (*initialize)(yaml_parser_t *parser);
    void (*set_input)(yaml_parser_t *parser, const unsigned char *input,
                      size_t size);
    int (*parse)(yaml_parser_t *parser, yaml_event_t *event);
    void (*event_delete)(yaml_event_t *event);
    void (*parser_delete)(yaml_parser_t *parser);
};

/* clang-format off */
static const struct symbol {
    const char *name;
    size_t offset;
} symbols[] = {
    { "yaml_parser_initialize",       offsetof(struct libyaml, initialize)    },
    { "yaml_parser_set_input_string", offsetof(struct libyaml, set_input)     },
    { "yaml_parser_parse",            offsetof(struct libyaml, parse)         },
    { "yaml_event_delete",            offsetof(struct libyaml, event_delete)  },
    { "yaml_parser_delete",           offsetof(struct libyaml, parser_delete) },
};
/* clang-format on */

static const char *const library_names[] = {
#ifdef __APPLE__
    "libyaml-0.2.dylib",
    "/opt/homebrew/lib/libyaml-0.2.dylib",
    "/usr/local/lib/libyaml-0.2.dylib",
#else
    "libyaml-0.so.2",
#endif
};

static void libyaml_close(struct libyaml *lib)
{
    if (lib->handle != NULL)
        dlclose(lib->handle);
    lib->handle = NULL;
}

static okta_status libyaml_open(struct libyaml *lib, const char *name,
                                okta_error *err)
{
    bool found = false;

    for (size_t i = 0; i < ARRAY_LEN(library_names); i++)
        if (lib->handle == NULL)
            lib->handle = dlopen(library_names[i], RTLD_NOW | RTLD_LOCAL);
    if (lib->handle != NULL)
        found = true;
    for (size_t i = 0; i < ARRAY_LEN(symbols) && found; i++) {
        void *symbol = dlsym(lib->handle, symbols[i].name);

        found = symbol != NULL;
        memcpy((char *)lib + symbols[i].offset, &symbol, sizeof(symbol));
    }
    if (found)
        return OKTA_OK;
    return okt_fail(err, OKTA_ERR_CONFIG,
                    "%s: reading it takes libyaml (Debian: libyaml-0-2, "
                    "Fedora and Homebrew: libyaml)",
                    name);
}

/* ------------------------------------------------------------------ Tree -- */

/* What is under way while a document is read. */
struct reading {
    struct okt_yaml *yaml;
    const char *name;
    size_t documents;
    size_t depth;
    struct {
        size_t node;
        size_t last; /* its last child; 0: none yet */
    } open[OKT_YAML_DEPTH_MAX];
};

const struct okt_yaml_node *okt_yaml_node(const struct okt_yaml *yaml, size_t i)
{
    const struct okt_yaml_node *node = &yaml->nodes[i];

    /* An alias's target is never an alias: see add_alias. */
    return node->type == OKT_YAML_ALIAS ? &yaml->nodes[node->first] : node;
}

const char *okt_yaml_text(const struct okt_yaml *yaml,
                          const struct okt_yaml_node *node)
{
    return yaml->text.data + node->text;
}

void okt_yaml_free(struct okt_yaml *yaml)
{
    okt_buf_free(&yaml->text);
    free(yaml->nodes);
    yaml->nodes = NULL;
    yaml->count = 0;
    yaml->cap = 0;
}

/* The nodes hold no text, so what they leave behind needs no wiping. */
static okta_status grow(struct okt_yaml *yaml, okta_error *err)
{
    size_t cap = yaml->cap > 0 ? yaml->cap * 2 : 64;
    struct okt_yaml_node *nodes;

    if (yaml->count < yaml->cap)
        return OKTA_OK;
    nodes = calloc(cap, sizeof(*nodes));
    if (nodes == NULL)
        return okt_fail_memory(err);
    if (yaml->count > 0)
        memcpy(nodes, yaml->nodes, yaml->count * sizeof(*nodes));
    free(yaml->nodes);
    yaml->nodes = nodes;
    yaml->cap = cap;
    return OKTA_OK;
}

/* Appends a node to what is open; *out is good until the next one. */
static okta_status add_node(struct reading *r, const yaml_event_t *event,
                            enum okt_yaml_type type, struct okt_yaml_node **out,
                            okta_error *err)
{
    struct okt_yaml *yaml = r->yaml;
    size_t line = event->start_mark.line + 1;
    size_t i = yaml->count;
    okta_status st;

    if (i == OKT_YAML_NODES_MAX)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "%s:%zu: more than %d values in one file", r->name,
                        line, OKT_YAML_NODES_MAX);
    st = grow(yaml, err);
    if (st != OKTA_OK)
        return st;
    yaml->nodes[i] = (struct okt_yaml_node){ .type = type, .line = line };
    yaml->count++;
    if (r->depth > 0) {
        size_t *last = &r->open[r->depth - 1].last;

        if (*last == 0)
            yaml->nodes[r->open[r->depth - 1].node].first = i;
        else
            yaml->nodes[*last].next = i;
        *last = i;
    }
    *out = &yaml->nodes[i];
    return OKTA_OK;
}

/* Keeps a text, NUL behind it. Where it stands is never 0. */
static okta_status add_text(struct okt_yaml *yaml, const void *text, size_t len,
                            size_t *at, okta_error *err)
{
    if (yaml->text.len == 0)
        okt_buf_char(&yaml->text, '\0');
    *at = yaml->text.len;
    okt_buf_append(&yaml->text, text, len);
    okt_buf_char(&yaml->text, '\0');
    return okt_check_buf(&yaml->text, "the text of the file", err);
}

static okta_status add_anchor(struct okt_yaml *yaml, struct okt_yaml_node *node,
                              const yaml_char_t *anchor, okta_error *err)
{
    if (anchor == NULL)
        return OKTA_OK;
    return add_text(yaml, anchor, strlen((const char *)anchor), &node->anchor,
                    err);
}

static bool is_tagged(const yaml_char_t *tag)
{
    const char *text = (const char *)tag;

    return tag != NULL && strcmp(text, "!") != 0 &&
           strcmp(text, YAML_STR_TAG) != 0 && strcmp(text, YAML_INT_TAG) != 0;
}

static okta_status add_scalar(struct reading *r, const yaml_event_t *event,
                              okta_error *err)
{
    const yaml_char_t *value = event->data.scalar.value;
    size_t len = event->data.scalar.length;
    struct okt_yaml_node *node;
    okta_status st = add_node(r, event, OKT_YAML_SCALAR, &node, err);

    if (st != OKTA_OK)
        return st;
    if (len > 0 && memchr(value, '\0', len) != NULL)
        return okt_fail(err, OKTA_ERR_CONFIG, "%s:%zu: a NUL in a value",
                        r->name, node->line);
    node->len = len;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                  event->data.scalar.tag == NULL;
    node->tagged = is_tagged(event->data.scalar.tag);
    st = add_text(r->yaml, value, len, &node->text, err);
    if (st != OKTA_OK)
        return st;
    return add_anchor(r->yaml, node, event->data.scalar.anchor, err);
}

/* The last node of that anchor; the count of nodes if there is none. */
static size_t find_anchor(const struct okt_yaml *yaml, const char *anchor)
{
    size_t i = yaml->count;

    while (i-- > 0)
        if (yaml->nodes[i].anchor != 0 &&
            strcmp(yaml->text.data + yaml->nodes[i].anchor, anchor) == 0)
            return i;
    return yaml->count;
}

static okta_status add_alias(struct reading *r, const yaml_event_t *event,
                             okta_error *err)
{
    size_t line = event->start_mark.line + 1;
    size_t target =
        find_anchor(r->yaml, (const char *)event->data.alias.anchor);
    struct okt_yaml_node *node;
    okta_status st;

    if (target == r->yaml->count)
        return okt_fail(err, OKTA_ERR_CONFIG, "%s:%zu: an alias of nothing",
                        r->name, line);
    for (size_t i = 0; i < r->depth; i++)
        if (r->open[i].node == target)
            return okt_fail(err, OKTA_ERR_CONFIG,
                            "%s:%zu: an alias of what it stands in", r->name,
                            line);
    st = add_node(r, event, OKT_YAML_ALIAS, &node, err);
    if (st == OKTA_OK)
        node->first = target;
    return st;
}

static okta_status open_node(struct reading *r, const yaml_event_t *event,
                             enum okt_yaml_type type, okta_error *err)
{
    const yaml_char_t *anchor =
        type == OKT_YAML_MAP ? event->data.mapping_start.anchor
                             : event->data.sequence_start.anchor;
    struct okt_yaml_node *node;
    okta_status st;

    if (r->depth == OKT_YAML_DEPTH_MAX)
        return okt_fail(err, OKTA_ERR_CONFIG,
                        "%s:%zu: nested deeper than %d levels", r->name,
                        event->start_mark.line + 1, OKT_YAML_DEPTH_MAX);
    st = add_node(r, event, type, &node, err);
    if (st != OKTA_OK)
        return st;
    r->open[r->depth].node = r->yaml->count - 1;
    r->open[r->depth].last = 0;
    r->depth++;
    return add_anchor(r->yaml, node, anchor, err);
}

static okta_status take_event(struct reading *r, const yaml_event_t *event,
                              okta_error *err)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (r->documents++ == 0)
            return OKTA_OK;
        return okt_fail(err, OKTA_ERR_CONFIG, "%s:%zu: a second document",
                        r->name, event->start_mark.line + 1);
    case YAML_SCALAR_EVENT:
        return add_scalar(r, event, err);
    case YAML_ALIAS_EVENT:
        return add_alias(r, event, err);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(r, event, OKT_YAML_LIST, err);
    case YAML_MAPPING_START_EVENT:
        return open_node(r, event, OKT_YAML_MAP, err);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        return OKTA_OK;
    default:
        return OKTA_OK;
    }
}

/* ---------------------------------------------------------------- Parsing --
 */

/* libyaml's texts are constants, they repeat nothing of the file. */
static okta_status fail_parse(const yaml_parser_t *parser, const char *name,
                              okta_error *err)
{
    size_t line = parser->error == YAML_READER_ERROR
                      ? parser->mark.line
                      : parser->problem_mark.line;

    if (parser->error == YAML_MEMORY_ERROR)
        return okt_fail_memory(err);
    return okt_fail(err, OKTA_ERR_CONFIG, "%s:%zu: not YAML: %s", name,
                    line + 1,
                    parser->problem != NULL ? parser->problem : "unreadable");
}

static okta_status read_events(const struct libyaml *lib, yaml_parser_t *parser,
                               struct reading *r, okta_error *err)
{
    okta_status st = OKTA_OK;
    bool more = true;

    while (st == OKTA_OK && more) {
        yaml_event_t event;

        if (!lib->parse(parser, &event))
            return fail_parse(parser, r->name, err);
        more = event.type != YAML_STREAM_END_EVENT;
        st = take_event(r, &event, err);
        if (event.type == YAML_SCALAR_EVENT)
            okt_wipe(event.data.scalar.value, event.data.scalar.length);
        lib->event_delete(&event);
    }
    return st;
}

/* Wipes what libyaml is about to free. */
static void wipe_parser(yaml_parser_t *parser)
{
    okt_wipe(parser->raw_buffer.start,
             (size_t)(parser->raw_buffer.end - parser->raw_buffer.start));
    okt_wipe(parser->buffer.start,
             (size_t)(parser->buffer.end - parser->buffer.start));
    for (yaml_token_t *t = parser->tokens.head; t < parser->tokens.tail; t++)
        if (t->type == YAML_SCALAR_TOKEN)
            okt_wipe(t->data.scalar.value, t->data.scalar.length);
}

static okta_status read_document(const struct libyaml *lib, struct reading *r,
                                 const struct okt_buf *bytes, okta_error *err)
{
    yaml_parser_t parser;
    okta_status st;

    if (!lib->initialize(&parser))
        return okt_fail_memory(err);
    lib->set_input(&parser, (const unsigned char *)bytes->data, bytes->len);
    st = read_events(lib, &parser, r, err);
    wipe_parser(&parser);
    lib->parser_delete(&parser);
    return st;
}

/* ------------------------------------------------------------------- Maps --
 */

bool okt_yaml_is_null(const struct okt_yaml *yaml,
                      const struct okt_yaml_node *node)
{
    static const char *const nulls[] = { "~", "null", "Null", "NULL" };

    if (node->type != OKT_YAML_SCALAR)
        return false;
    if (node->len == 0)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(nulls); i++)
        if (node->plain && strcmp(okt_yaml_text(yaml, node), nulls[i]) == 0)
            return true;
    return false;
}

size_t okt_yaml_member(const struct okt_yaml *yaml,
                       const struct okt_yaml_node *map, const char *name,
                       size_t len)
{
    size_t alike = 0;

    for (size_t i = map->first; i != 0;
         i = yaml->nodes[yaml->nodes[i].next].next) {
        const struct okt_yaml_node *key = okt_yaml_node(yaml, i);

        if (key->type != OKT_YAML_SCALAR || key->len != len)
            continue;
        if (memcmp(okt_yaml_text(yaml, key), name, len) == 0)
            return i;
        if (alike == 0 &&
            okt_ncasecmp(okt_yaml_text(yaml, key), name, len) == 0)
            alike = i;
    }
    return alike;
}

size_t okt_yaml_twin(const struct okt_yaml *yaml,
                     const struct okt_yaml_node *map, size_t member)
{
    const struct okt_yaml_node *wanted = okt_yaml_node(yaml, member);

    for (size_t i = map->first; i != 0;
         i = yaml->nodes[yaml->nodes[i].next].next) {
        const struct okt_yaml_node *key = okt_yaml_node(yaml, i);

        if (i != member && key->type == OKT_YAML_SCALAR &&
            key->len == wanted->len &&
            okt_ncasecmp(okt_yaml_text(yaml, key), okt_yaml_text(yaml, wanted),
                         key->len) == 0)
            return i;
    }
    return 0;
}

/* The first key of a map that is there a second time; 0: none is. */
static size_t find_double(const struct okt_yaml *yaml,
                          const struct okt_yaml_node *map)
{
    for (size_t i = map->first; i != 0;
         i = yaml->nodes[yaml->nodes[i].next].next) {
        const struct okt_yaml_node *key = okt_yaml_node(yaml, i);
        size_t first;

        if (key->type != OKT_YAML_SCALAR)
            continue;
        first = okt_yaml_member(yaml, map, okt_yaml_text(yaml, key), key->len);
        if (first != i)
            return i;
    }
    return 0;
}

/*
 * YAML forbids it, libyaml lets it pass, and of two tokens or orgs one would
 * win by chance. Quadratic, which OKT_YAML_NODES_MAX bounds.
 */
static okta_status check_doubles(const struct okt_yaml *yaml, const char *name,
                                 okta_error *err)
{
    for (size_t i = 0; i < yaml->count; i++) {
        size_t key;

        if (yaml->nodes[i].type != OKT_YAML_MAP)
            continue;
        key = find_double(yaml, &yaml->nodes[i]);
        if (key != 0)
            return okt_fail(err, OKTA_ERR_CONFIG,
                            "%s:%zu: the key %s is there twice", name,
                            yaml->nodes[key].line,
                            okt_yaml_text(yaml, okt_yaml_node(yaml, key)));
    }
    return OKTA_OK;
}

okta_status okt_yaml_parse(struct okt_yaml *yaml, const char *name,
                           const struct okt_buf *bytes, okta_error *err)
{
    struct libyaml lib = { .handle = NULL };
    struct reading r = { .yaml = yaml, .name = name };
    okta_status st;

    /* Each text is shorter than what stands for it, but for its NUL. */
    yaml->text.max = 2 * OKT_YAML_SIZE_MAX + 2 * OKT_YAML_NODES_MAX;
    st = libyaml_open(&lib, name, err);
    if (st == OKTA_OK)
        st = read_document(&lib, &r, bytes, err);
    libyaml_close(&lib);
    return st == OKTA_OK ? check_doubles(yaml, name, err) : st;
}
