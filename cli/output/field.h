/* SPDX-License-Identifier: Apache-2.0 */
/*
 * field.h - what can be shown of a token: the fields that --fields names, and
 * what is worked out from several of them (x).
 */
#ifndef CLI_FIELD_H
#define CLI_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <okta/okta.h>

#include "base/buf.h"
#include "cli/enrich/context.h"
#include "cli/output/text.h"
#include "wire/json.h"

enum field_kind {
    FIELD_TEXT,      /* a member that is a string */
    FIELD_TIME,      /* the same, and it is a time */
    FIELD_LIST,      /* a member that is an array of strings */
    FIELD_NETWORK,   /* the network condition; as text, in words */
    FIELD_PATH,      /* any member, which the org may have added */
    FIELD_GATEWAYS,  /* of a zone; as text, its addresses */
    FIELD_LAST_USED, /* from here on: of x */
    FIELD_NEVER_USED,
    FIELD_STATUS,
    FIELD_AGE_DAYS,
    FIELD_EXPIRES_IN_DAYS,
    FIELD_CONTEXT /* what stands in other objects */
};

struct field {
    const char *name;  /* "network.include": JSON's names, joined by dots */
    const char *title; /* over a table's column */
    enum field_kind kind;
    const char *(*text)(const okta_api_token *token);
    bool (*time)(const okta_api_token *token, int64_t *out);
    size_t (*count)(const okta_api_token *token);
    const char *(*item)(const okta_api_token *token, size_t i);
    const char *alias;         /* the path by another spelling; or NULL */
    enum context_item context; /* of FIELD_CONTEXT */
};

static inline bool field_is_x(const struct field *field)
{
    return field->kind >= FIELD_LAST_USED;
}

enum { FIELDS_MAX = 64 };

struct field_list {
    char *names; /* what the names of FIELD_PATHs borrow from */
    size_t count;
    struct field fields[FIELDS_MAX];
};

/* The fields that there are of one kind of object. */
struct field_set {
    size_t count;
    const struct field *fields;
};

extern const struct field_set field_of_tokens;
extern const struct field_set field_of_zones;

/*
 * Reads "name,x.status,.added" ("." before a path: not one of the names that
 * the set has). False: *why is a text for a person, to be freed, or NULL if
 * memory lacked.
 */
bool field_list_parse(const struct field_set *set, const char *text,
                      struct field_list *out, char **why);

/* The name of a field of tokens; NULL from the last on. */
const char *field_name(size_t i);

void field_list_free(struct field_list *list);

/* The parts of --with that the fields are of. */
unsigned field_list_parts(const struct field_list *list);

/* ---------------------------------------------------------- One token -- */

/* A token and what is worked out about it; or a zone. */
struct row {
    const okta_api_token *token;
    const okta_zone *zone;         /* or NULL; if not, the rest is unset */
    const struct context *context; /* or NULL */
    okta_usage usage;
    int64_t last_used; /* if usage is USED */
    bool has_created;
    int64_t created;
    bool has_expires;
    int64_t expires;
    const char *status;
};

void row_init(struct row *row, const okta_api_token *token,
              const struct context *context, int64_t now);

/* Its status alone. */
const char *row_status(const okta_api_token *token, int64_t now);

/* Text in a place of its own: what is worked out is short. */
enum { PIECE_SIZE = 192 };

struct piece {
    size_t len;
    char data[PIECE_SIZE]; /* NUL-terminated where it says so */
};

/* The value of a field of x as JSON; not of FIELD_CONTEXT. */
void row_x_json(const struct row *row, const struct field *field,
                struct text_clock *clock, struct piece *out);

/* All of x but the context: {"lastUsed":...,"neverUsed":...,...}. */
void row_x_object(const struct row *row, struct text_clock *clock,
                  struct piece *out);

/* The JSON of the token, or the zone. */
struct okt_span row_json(const struct row *row);

/* Where the field's value stands in it. False: nowhere. Not for fields of x. */
bool row_find(const struct row *row, const struct field *field,
              struct okt_span *out);

/* Where cells are made, one at a time. */
struct cell_maker {
    struct text_clock clock;
    bool words;            /* "never" and "unknown" rather than nothing */
    struct okt_buf buf;    /* for texts of any length */
    char small[TEXT_SIZE]; /* for short ones */
};

struct cell {
    const char *data; /* NUL-terminated, until the maker's next cell */
    size_t len;
    bool foreign; /* the org's text, not ours */
};

/* A field's value as plain text, "" where there is none. False: no memory. */
bool row_cell(const struct row *row, const struct field *field,
              struct cell_maker *maker, struct cell *out);

/* The sequence that begins its colour on a terminal; NULL: it has none. */
const char *row_color(const struct row *row, const struct field *field);

#endif
