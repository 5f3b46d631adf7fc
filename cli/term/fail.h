/* SPDX-License-Identifier: Apache-2.0 */
/* fail.h - exit codes, and saying on standard error what went wrong. */
#ifndef CLI_FAIL_H
#define CLI_FAIL_H

#include <stddef.h>

#include <okta/okta.h>

#include "cli/term/args.h"

/* They are API: scripts branch on them. fail.c says what each means. */
enum exit_code {
    EXIT_OK = 0,
    EXIT_INTERNAL = 1,
    EXIT_USAGE = 2,
    EXIT_AUTH = 4,
    EXIT_FORBIDDEN = 5,
    EXIT_NOT_FOUND = 6,
    EXIT_RATE_LIMIT = 7,
    EXIT_NETWORK = 8,
    EXIT_PROTOCOL = 9,
    EXIT_MIXED = 10,
    EXIT_REFUSED = 11,
    EXIT_SIGNAL = 128 /* plus the signal's number */
};

struct exit_meaning {
    const char *code; /* as it is printed: "0", "128 + n" */
    const char *text;
};

extern const struct exit_meaning exit_meanings[];
extern const size_t exit_meaning_count;

/*
 * Says what failed, and below it what to do (hint, or NULL); as one line of
 * JSON where args says so. Foreign text is made safe here. Returns code.
 */
int fail(const struct args *args, int code, const char *hint, const char *fmt,
         ...) __attribute__((format(printf, 4, 5)));

int fail_memory(const struct args *args);

/* EXIT_OK if no signal came; else says so and returns 128 + its number. */
int fail_if_interrupted(const struct args *args);

/*
 * The same for a call of the library. what: "get 00T...", or NULL where the
 * message stands for itself; response: all that came back, or NULL. Returns the
 * exit code that stands for it.
 */
int fail_call(const struct session *session, const char *what,
              const okta_error *err, const okta_response *response);

/* What that prints within {"error":...}, in JSON, to be freed; NULL: no memory
 * for it. */
char *fail_call_json(const struct session *session, const char *what,
                     const okta_error *err, const okta_response *response);

/* The one place where a status becomes an exit code. */
int exit_of(const okta_error *err);

/*
 * A line beside data, made safe: "okta-tokens: warning: ..." for that kind,
 * "okta-tokens: ..." for "note", "log" and "change", {"KIND":"..."} where args
 * says JSON.
 */
void note(const struct args *args, const char *kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a text that is safe already, such as the library's lines. */
void note_safe(const struct args *args, const char *kind, const char *text);

#endif
