/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test.h - cmocka, and a client over a scripted transport.
 *
 * A script is an array of steps, one a request, in the order in which they must
 * come. What happens is written to a log: "start 1", "headers 1", "done 1",
 * "sleep 500", ... so that a test can say in which order it did. Time is the
 * script's own: it passes by sleeping alone.
 */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants the four above. */
#include <cmocka.h>

#include "lib/internal.h"

#define ORG "https://example.okta.com"
#define PATH "/api/v1/api-tokens"
#define SECRET "00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-ab"
#define NOW 1764000000 /* 2025-11-24T16:00:00Z */

enum step_end {
    STEP_ANSWERS, /* the whole response arrives */
    STEP_UNSENT,  /* the connection fails before anything is sent */
    STEP_LOST,    /* sent, and no answer comes */
    STEP_BROKEN,  /* the header comes, the body breaks off */
    STEP_RESENT,  /* sent twice by the transport itself, then answered */
    STEP_TIMES_OUT,
};

struct step {
    const char *request; /* "GET /api/v1/api-tokens", on ORG */
    int status;
    const char *headers; /* "Name: value\n..." */
    const char *body;
    enum step_end end;
    const char *sent_body;   /* what the request's body must be; NULL: none */
    const char *sent_header; /* a line that the request must have */
    /* Looks at the request in place of the two above. */
    void (*check)(const struct okt_request *request);
};

struct script {
    const struct step *steps;
    size_t count;
    size_t next;
    int64_t now_ms;
    struct okt_buf log;
    okta_client *client;
    size_t cancel_at; /* the step at whose driving to cancel; 0: none */
};

/* A client with an API token over the script, which must outlive it. */
okta_client *test_client(struct script *script, const struct step *steps,
                         size_t count);

/* The same with options of the test's own; org and credential are filled in. */
okta_client *test_client_with(struct script *script, const struct step *steps,
                              size_t count, okta_client_options *options);

/* The value of a request's header; NULL: it has none of that name. */
const char *test_header(const struct okt_request *request, const char *name);

/* Every step was asked for, and the log reads so ("": not compared). */
void test_script_end(struct script *script, const char *log);

#define SCRIPT_AUTO __attribute__((cleanup(test_script_free))) struct script
void test_script_free(struct script *script);

/* Fails the nth allocation from here on (0: the first); -1: none. */
void test_fail_alloc(long nth);

/* Whether that allocation was asked for and failed. */
int test_alloc_failed(void);

#define cmocka_test(f) cmocka_unit_test(f)

#endif
