/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dev.h - "serve --dev": what tests may do to a running org, under /_org/.
 *
 * Whoever asks must name a loopback host, must be no web page (which would say
 * so by Origin), and must know the token that stands in the data folder while
 * the org serves. Where it listens beyond loopback (--dev-listen-anywhere),
 * other machines find nothing under /_org/. These calls count for no rate limit
 * and know no role.
 */
#ifndef ORGD_DEV_H
#define ORGD_DEV_H

#include <stdbool.h>
#include <yyjson.h>

#include "server/util/org_clock.h"
#include "wire/json.h"

#define DEV_PREFIX "/_org/"
#define DEV_TOKEN_FILE "control.token"
#define DEV_URL_FILE "serve.url"

struct request;
struct writer;
struct dev;

/*
 * Takes the data folder, so that no other does the same to it, and puts a new
 * token there. NULL: it said why.
 */
struct dev *dev_start(const char *dir, struct org_clock *clock);

/* Keeps what the org is now, for a reset: the writer does it before any change
 * that is asked for after this. */
void dev_remember(struct dev *dev, struct writer *writer);

/* Puts the URL there, for "okta-orgd dev". False: it said why. */
/* Takes away what a server with --dev that ended without a farewell left in a
 * data folder; nothing, where one is running. */
void dev_sweep(const char *dir);

bool dev_publish(struct dev *dev, const char *url);

/* Takes both away, and gives the folder back. Takes NULL. */
void dev_stop(struct dev *dev);

/* Whether a path is one of these. */
bool dev_has_path(const char *path);

/* As request_answer does. */
int dev_answer(struct dev *dev, struct request *request);

/* ---------------------------------------------------- For its handlers -- */

/* A member that a body may have; NULL: it is not there. */
struct dev_member {
    const char *key;
    yyjson_val *value;
};

/* Reads the body; no body is an empty object. NULL: the reply is filled, and
 * status says what with. */
yyjson_doc *dev_json(struct request *request);

/*
 * Reads the body, one object of these members and no other; no body is an empty
 * one. NULL: the reply is filled, and status says what with. The members borrow
 * from what it returns.
 */
yyjson_doc *dev_body(struct request *request, struct dev_member *members,
                     size_t count);

/* 400 for a member. */
int dev_invalid(struct request *request, const char *key, const char *what);

/* The same, with what is wrong as "key: what". */
int dev_refuse(struct request *request, const char *what);

#endif
