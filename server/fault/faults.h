/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faults.h - what an org does wrong on request, for those who test a client.
 *
 * A fault says whom it is for, what it does and how often. The requests of the
 * API are held against the list, in the order in which it was made; the first
 * fault that matches and is not spent has its way. Safe from any thread, and
 * one atomic load where there is none.
 */
#ifndef ORGD_FAULTS_H
#define ORGD_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/json.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_STATUS,     /* another answer than the true one */
    FAULT_RATE_LIMIT, /* 429: the caller's share is used up */
    FAULT_CONCURRENT, /* 429: too many requests at a time */
    FAULT_DELAY,      /* the answer comes late */
    FAULT_HEADERS,    /* the answer has other headers */
    FAULT_CLOSE,      /* no answer: the connection is closed */
    FAULT_RESET,      /* no answer: the connection is reset */
    FAULT_TRUNCATE,   /* part of the answer, then the connection is closed */
    FAULT_HALF_CLOSE, /* part of the answer, then nothing more can come */
    FAULT_STALL,      /* a connection is taken, and not spoken on: there is no
                         TLS handshake */
    FAULT_KINDS
};

enum {
    FAULTS_MAX = 100,
    FAULT_ID_MAX = 23,
    FAULT_TEXT_MAX = 255,
    FAULT_LISTS_MAX = 4096, /* bytes of all headers, or of all causes */
    FAULT_MS_MAX = 3600000,
    FAULT_WHY_MAX = 160
};

#define FAULT_NO_BODY "none" /* in place of an error's code */

/* Texts are "" where nothing was said. */
struct fault {
    enum fault_kind kind;

    /* Whom it is for. */
    char method[FAULT_TEXT_MAX + 1];
    char path[FAULT_TEXT_MAX + 1];   /* as sent, a route's template with
                                        "{id}", or a beginning and "*" */
    char token[FAULT_TEXT_MAX + 1];  /* the id of the caller's */
    char client[FAULT_TEXT_MAX + 1]; /* its address, or its OAuth client's id */

    /* What it does. */
    int64_t status;
    char code[FAULT_TEXT_MAX + 1];
    char summary[FAULT_TEXT_MAX + 1];
    struct okt_buf causes;  /* each with its NUL */
    struct okt_buf headers; /* name and value in turn, each with its NUL; the
                               value "": it is left out */
    int64_t ms;             /* to wait before; -1: not said */
    int64_t bytes;          /* of the answer that arrive */
    int64_t reset;          /* seconds until then; -1: the window's own */
    bool after;             /* the change is made first, and then this */

    /* How often. */
    int64_t skip;       /* so many that match are let through first */
    int64_t count;      /* then it happens so often; 0: always */
    double probability; /* of each */
    int64_t seed;       /* of the dice: the same, the same throws */

    /* What has become of it. */
    char id[FAULT_ID_MAX + 1];
    int64_t seen; /* requests that matched */
    int64_t done; /* and those it happened to */
    uint64_t dice;
};

/* Begins one that does nothing and matches everything; to be freed. */
void fault_init(struct fault *fault);
void fault_free(struct fault *fault);

/* ---------------------------------------------------------------- As text --
 */

/* Reads one, strictly, in which no member is there twice (okt_json_read_request
 * sees to that). False: why names the key and says what is wrong. */
bool fault_read(struct fault *out, yyjson_val *json,
                char why[static FAULT_WHY_MAX]);

/*
 * Writes the JSON of one from words such as "do=reset" and "count=2" of a
 * command line; "cause=TEXT" and "header.NAME=VALUE" may come several times.
 * fault_read says what it is worth. NULL, or the word that is none.
 */
const char *fault_of_words(const char *const *words, size_t count,
                           struct okt_buf *out);

/* Appends the words that fault_of_words takes, a line each, with what they
 * mean. */
void fault_list_words(struct okt_buf *out);

/* Appends it as a JSON object, with what has become of it if it has an id. */
void fault_show(struct okt_buf *out, const struct fault *fault);

/* --------------------------------------------------------------- The list --
 */

struct faults;

/* What there is to know of a request; each NULL where it is not known. */
struct fault_subject {
    const char *method;
    const char *path;
    const char *route; /* its template */
    const char *token;
    const char *client;
    const char *address;
};

/* What is to happen to one request. */
struct fault_order {
    enum fault_kind kind; /* NONE: nothing */
    char id[FAULT_ID_MAX + 1];
    int status;
    int64_t ms; /* 0: at once */
    int64_t bytes;
    bool after;
    struct okt_buf body;    /* for another answer */
    struct okt_buf headers; /* in place of those that it has; as above, names
                               in small letters */
};

void fault_order_init(struct fault_order *order);
void fault_order_free(struct fault_order *order);

/* NULL: out of memory. */
struct faults *faults_new(void);
void faults_free(struct faults *faults);

/* Takes what the fault has, gives it an id and appends it as JSON. False: the
 * list is full. */
bool faults_add(struct faults *faults, struct fault *fault,
                struct okt_buf *out);

/* False: there is none of that id. */
bool faults_remove(struct faults *faults, const char *id);
void faults_clear(struct faults *faults);

/* Appends them as a JSON array. */
void faults_show(struct faults *faults, struct okt_buf *out);

/* Whether there is one that may still happen. Takes NULL. */
bool faults_are_armed(struct faults *faults);

/* Whether the request is to be done wrong, and how. now is the org's time, and
 * reset that of the caller's window. */
bool faults_pick(struct faults *faults, const struct fault_subject *subject,
                 int64_t now, int64_t reset, struct fault_order *out);

/* Whether a new connection from there is to be left alone; ms: for how long,
 * -1: for ever. */
bool faults_stall(struct faults *faults, const char *address, int64_t *ms);

#endif
