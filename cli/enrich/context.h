/* SPDX-License-Identifier: Apache-2.0 */
/*
 * context.h - what --with shows of a token that stands in other objects: whose
 * it is, what its owner may do, what its zones are called.
 */
#ifndef CLI_CONTEXT_H
#define CLI_CONTEXT_H

#include <stdbool.h>

#include <okta/okta.h>

#include "base/buf.h"
#include "cli/enrich/zones.h"

enum part { PART_OWNER, PART_ROLES, PART_ZONES, PART_COUNT };

#define PART_BIT(part) (1u << (part))

extern const char *const part_names[PART_COUNT];

/* Reads "owner,roles,zones". False: another word, or none. */
bool parts_parse(const char *text, unsigned *out);

/* Somebody who owns tokens. */
struct owner {
    char *id;
    bool asked;           /* for; the rest is known */
    char *login;          /* or NULL: not told */
    char *status;         /* the same */
    size_t role_count;    /* those in force, each type once */
    struct okt_buf roles; /* "SUPER_ADMIN" NUL "CUSTOM (Auditors)" NUL ... */
    const char *unknown[PART_ZONES]; /* why a part is not known, a word */
};

/* What is known around one token. */
struct context {
    unsigned parts;                  /* that were asked for */
    const struct owner *owner;       /* unless both of its parts are unknown */
    const struct zones *zones;       /* unless they are */
    const char *unknown[PART_COUNT]; /* why a part is not known; NULL: it is */
};

/* What is shown of it. */
enum context_item {
    CONTEXT_LOGIN,
    CONTEXT_STATUS,
    CONTEXT_ROLES,
    CONTEXT_ZONES,
    CONTEXT_UNKNOWN /* JSON alone: the parts that are not known, and why */
};

/* Which part an item is of; PART_COUNT: of all. */
enum part context_part_of(enum context_item item);

/* Appends an item as text: "unknown" where it is, "none" for no roles; never
 * nothing. context NULL: unknown. */
void context_text(struct okt_buf *out, const struct context *context,
                  enum context_item item, const okta_api_token *token);

/* Whether it is worth a second look: DEPROVISIONED, SUPER_ADMIN, anywhere. */
bool context_is_risky(const struct context *context, enum context_item item,
                      const okta_api_token *token);

/* Appends it as JSON; null where it is not known. */
void context_json(struct okt_buf *out, const struct context *context,
                  enum context_item item, const okta_api_token *token);

/* Appends ,"owner":{...},"roles":[...],"zones":{...},"unknown":{...}: of the
 * first three those that were asked for. */
void context_members(struct okt_buf *out, const struct context *context,
                     const okta_api_token *token);

#endif
