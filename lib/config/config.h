/* SPDX-License-Identifier: Apache-2.0 */
/* config.h - what the files of the configuration share. */
#ifndef OKT_CONFIG_H
#define OKT_CONFIG_H

#include "lib/internal.h"

/* ------------------------------------------------------------- Settings -- */

enum okt_config_key {
    OKT_KEY_ORG_URL,
    OKT_KEY_TOKEN,
    OKT_KEY_AUTHORIZATION_MODE,
    OKT_KEY_CLIENT_ID,
    OKT_KEY_SCOPES,
    OKT_KEY_PRIVATE_KEY,
    OKT_KEY_PRIVATE_KEY_ID,
    OKT_KEY_CONNECTION_TIMEOUT,
    OKT_KEY_REQUEST_TIMEOUT,
    OKT_KEY_MAX_RETRIES,
    OKT_KEY_MAX_BACKOFF,
    OKT_KEY_PROXY_HOST,
    OKT_KEY_PROXY_PORT,
    OKT_KEY_PROXY_USERNAME,
    OKT_KEY_PROXY_PASSWORD,
    OKT_KEY_CA_FILE,
    OKT_KEY_CA_DIR,
    /* Not a key of its own to the outside: where the mode asks for an access
     * token, it is what "token" gives. */
    OKT_KEY_ACCESS_TOKEN,
    OKT_KEY_COUNT
};

enum { OKT_KEYS_PUBLIC = OKT_KEY_ACCESS_TOKEN, OKT_SPELLINGS_MAX = 3 };

/* A value as somebody wrote it, and where. */
struct okt_config_input {
    okta_source source;
    const char *name;   /* the key in its spelling there */
    const char *origin; /* "/home/me/.okta/okta.yaml:3", "OKTA_CLIENT_TOKEN" */
    const char *text;
    const char *folder; /* of the file, where a relative path begins; NULL: the
                           working directory */
};

/* Puts a value into its one form. A failure's message is the end of a
 * sentence that begins with the key. */
typedef okta_status okt_config_read_fn(const struct okt_config_input *in,
                                       struct okt_buf *out, long *number,
                                       okta_error *why);

struct okt_config_row {
    /* Below okta.client, the first being the key's name. The names in the
     * environment follow from them. */
    const char *spellings[OKT_SPELLINGS_MAX + 1];
    okt_config_read_fn *read;
    bool secret;
    bool guarded; /* not from the folder's file for a credential from elsewhere
                   */
};

extern const struct okt_config_row okt_config_rows[OKT_KEY_COUNT];

struct okt_config_slot {
    char *text; /* NULL: not set */
    char *origin;
    long number; /* milliseconds, or a count, where the key is one; of a
                    private key's path, whether it was a relative one */
};

struct okta_config {
    okta_log_fn *log;
    void *log_ctx;
    okta_source other; /* where a credential is from that is used in place of
                          the configuration's; NONE: there is none */
    struct okt_config_slot slots[OKT_KEY_COUNT][OKTA_SOURCE_PROGRAM + 1];
};

/*
 * Stores a value. One that the same source gave in another spelling must say
 * the same. Fails with CONFIG, for the program's own with ARGUMENT, or MEMORY.
 */
okta_status okt_config_put(okta_config *config, enum okt_config_key key,
                           const struct okt_config_input *in, okta_error *err);

/* What is in force; NULL: nothing. source (NULL allowed) is NONE then. */
const struct okt_config_slot *okt_config_slot(const okta_config *config,
                                              enum okt_config_key key,
                                              okta_source *source);

/*
 * The credential that the mode asks for, and by which the guarded keys are
 * judged: the same as above for OKT_KEY_TOKEN, or for the private key.
 */
const struct okt_config_slot *okt_config_credential(const okta_config *config,
                                                    okta_source *source);

/* Whether text is a PEM or a JWK itself, and not the path of one. */
bool okt_config_is_key(const char *text);

/*
 * Whether the mode in force is that one, in its one form. Where no mode is set,
 * a private key that outranks the token, with a client id, means PrivateKey.
 * That of the folder's file counts for its own credential alone.
 */
bool okt_config_mode_is(const okta_config *config, const char *mode);

void okt_config_warn(const okta_config *config, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* -------------------------------------------------------------- Sources -- */

/* config_env.c: OKTA_CLIENT_* in every spelling. */
okta_status okt_config_read_environment(okta_config *config, okta_error *err);

/* config_file.c: ~/.okta/okta.yaml, then the file of the folder. */
okta_status okt_config_read_files(okta_config *config,
                                  const okta_config_options *options,
                                  okta_error *err);

/* Whether there is nothing but white space in text. */
bool okt_config_is_blank(const char *text);

/* Whether a switch is on: not blank, "false", "no", "off" or "0". */
bool okt_config_is_on(const char *text);

/* ----------------------------------------------------- YAML (config_yaml.c) --
 */

enum okt_yaml_type {
    OKT_YAML_SCALAR,
    OKT_YAML_LIST,
    OKT_YAML_MAP, /* its children are key, value, key, value, ... */
    OKT_YAML_ALIAS
};

struct okt_yaml_node {
    enum okt_yaml_type type;
    bool plain;    /* a scalar without quotes and tag: may be null */
    bool tagged;   /* with a tag that means something */
    size_t line;   /* from 1 */
    size_t text;   /* of a scalar: where it stands in okt_yaml.text, */
    size_t len;    /* followed by a NUL */
    size_t anchor; /* the same of "&name"; 0: none */
    size_t first;  /* child, or an alias's target; 0: none */
    size_t next;   /* sibling; 0: none */
};

/* A document. Node 0 is its root. */
struct okt_yaml {
    struct okt_buf text;
    struct okt_yaml_node *nodes;
    size_t count; /* 0: the document is empty */
    size_t cap;
};

#define OKT_YAML_AUTO __attribute__((cleanup(okt_yaml_free))) struct okt_yaml

enum {
    OKT_YAML_SIZE_MAX = 1024 * 1024,
    OKT_YAML_DEPTH_MAX = 32,
    OKT_YAML_NODES_MAX = 10000
};

/*
 * Parses a file's bytes into a zeroed document; name is shown in messages.
 * libyaml is loaded for it. Fails with CONFIG, never repeating what the file
 * holds but for a key that is there twice; or MEMORY.
 */
okta_status okt_yaml_parse(struct okt_yaml *yaml, const char *name,
                           const struct okt_buf *bytes, okta_error *err);
void okt_yaml_free(struct okt_yaml *yaml);

/* A node, aliases followed. */
const struct okt_yaml_node *okt_yaml_node(const struct okt_yaml *yaml,
                                          size_t i);

/* A scalar's text. */
const char *okt_yaml_text(const struct okt_yaml *yaml,
                          const struct okt_yaml_node *node);

/* Whether it is what YAML calls null, or an empty scalar. */
bool okt_yaml_is_null(const struct okt_yaml *yaml,
                      const struct okt_yaml_node *node);

/*
 * The key node of the member of that name, ASCII letter case aside where there
 * is none in the very same; the value is its next. 0: none.
 */
size_t okt_yaml_member(const struct okt_yaml *yaml,
                       const struct okt_yaml_node *map, const char *name,
                       size_t len);

/* The key node of another member that differs from that one in ASCII letter
 * case alone. 0: none. */
size_t okt_yaml_twin(const struct okt_yaml *yaml,
                     const struct okt_yaml_node *map, size_t member);

#endif
