/* SPDX-License-Identifier: Apache-2.0 */
/* diag.h - what okta-orgd tells a person on stderr, and its exit codes. */
#ifndef ORGD_DIAG_H
#define ORGD_DIAG_H

/* API: the man page lists them. */
enum { EXIT_CODE_OK = 0, EXIT_CODE_FAILED = 1, EXIT_CODE_USAGE = 2 };

/*
 * Prints "okta-orgd: " and the text as one line, in one write, safe for a
 * terminal. The text says what failed, why, and what to do next, in that order:
 * "what: why; what next". It never holds a secret.
 */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Says so, and evaluates to the exit code that goes with it. */
#define say_failed(...) (say(__VA_ARGS__), (int)EXIT_CODE_FAILED)
#define say_usage(...) (say(__VA_ARGS__), (int)EXIT_CODE_USAGE)

/* What may be echoed of a foreign word: itself, or a stand-in if it holds what
 * has the shape of a secret. */
const char *say_word(const char *word);

#endif
