/* SPDX-License-Identifier: Apache-2.0 */
/* wait.c - a countdown on a terminal, else a line a wait; and their budget. */
#include "cli/term/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/term/fail.h"
#include "cli/term/progress.h"
#include "cli/term/signals.h"
#include "cli/term/terminal.h"
#include "sys/clock.h"

enum { MAX_WAIT_S = 300, RESERVE = 10, SECOND_MS = 1000, LINE_SIZE = 80 };

/* Whoever has one token to revoke is not made to wait for others. */
static bool is_bulk(const struct args *args)
{
    return args->command != NULL && args->command->bulk &&
           args_count(args, OPERAND) + args_count(args, OPT_NAME) != 1;
}

void wait_init(struct wait *wait, const struct args *args)
{
    *wait = (struct wait){ .args = args };
    wait->max_s = args_number(args, OPT_MAX_WAIT, MAX_WAIT_S);
    wait->reserve =
        (int)args_number(args, OPT_RESERVE, is_bulk(args) ? RESERVE : 0);
}

/* ---------------------------------------------------------- The budget -- */

/* Whether a wait that begins may: waits for rate limits are bounded in sum. */
static bool may_begin(struct wait *wait, okta_wait_reason reason, int64_t ms)
{
    if (reason != OKTA_WAIT_RATE_LIMIT && reason != OKTA_WAIT_RESERVE)
        return true;
    if (wait->waited_ms + ms > (int64_t)wait->max_s * SECOND_MS) {
        wait->refused_ms = ms;
        wait->refused = reason;
        return false;
    }
    wait->waited_ms += ms;
    return true;
}

void wait_settle(const struct wait *wait, okta_error *err)
{
    long long seconds = (wait->refused_ms + SECOND_MS - 1) / SECOND_MS;

    if (err->status != OKTA_ERR_CANCELLED || seconds == 0 ||
        signals_caught() != 0)
        return;
    err->status = OKTA_ERR_RATE_LIMIT;
    err->retry_after = seconds;
    snprintf(err->message, sizeof(err->message),
             "%s to wait %lld s, more than is left of the %ld s that this run "
             "may wait in all",
             wait->refused == OKTA_WAIT_RESERVE
                 ? "leaving others the rest of the rate limit means"
                 : "the org's rate limit asks",
             seconds, wait->max_s);
}

/* ------------------------------------------------------------- Showing -- */

static void count_down(okta_wait_reason reason, int64_t left_ms)
{
    /* The longest that the terminal is wide enough for. */
    static const char *const texts[][3] = {
        [OKTA_WAIT_RATE_LIMIT] = { "okta-tokens: the org's rate limit is used "
                                   "up: going on in ",
                                   "okta-tokens: rate limit: ", "" },
        [OKTA_WAIT_RETRY] = { "okta-tokens: trying again in ",
                              "trying again: ", "" },
        [OKTA_WAIT_RESERVE] = { "okta-tokens: leaving others their share: "
                                "going on in ",
                                "okta-tokens: rate limit: ", "" },
    };
    long long seconds = (left_ms + SECOND_MS - 1) / SECOND_MS;
    char line[LINE_SIZE];
    size_t width = terminal_columns(STDERR_FILENO);
    int len = 0;

    for (size_t i = 0; i < ARRAY_LEN(texts[reason]); i++) {
        len = snprintf(line, sizeof(line), "%s%lld s ", texts[reason][i],
                       seconds);
        if ((size_t)len < width)
            break;
    }
    if (left_ms > 0)
        fprintf(stderr, "\r%s", line);
    else
        fprintf(stderr, "\r%*s\r", (int)width - 1, "");
    fflush(stderr);
}

/* How long a person may take; what the polls wait for is not of interest. */
static void count_sign_in(const struct wait *wait)
{
    int64_t left = wait->sign_in_by - okt_clock_now();

    if (left < 0)
        left = 0;
    fprintf(stderr, "\rWaiting for you: %lld:%02lld left (Ctrl-C gives up) ",
            (long long)left / 60, (long long)left % 60);
    fflush(stderr);
}

void wait_clear(const struct wait *wait)
{
    if (wait->sign_in_by == 0 || !isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%*s\r", (int)terminal_columns(STDERR_FILENO) - 1, "");
    fflush(stderr);
}

/* Where nothing can be counted down: its beginning. A retry that comes at once
 * is worth a word to those alone who asked for all of them. */
static void tell(const struct args *args, okta_wait_reason reason, int64_t ms)
{
    long long seconds = (ms + SECOND_MS - 1) / SECOND_MS;

    if (reason == OKTA_WAIT_RATE_LIMIT)
        note(args, "note", "waiting %lld s for the org's rate limit", seconds);
    else if (reason == OKTA_WAIT_RESERVE)
        note(args, "note",
             "waiting %lld s, to leave others their share of the org's rate "
             "limit",
             seconds);
    else if (ms >= SECOND_MS || args_has(args, OPT_VERBOSE))
        note(args, "note", "trying again in %lld s", seconds);
}

int wait_show(void *ctx, okta_wait_reason reason, int64_t left_ms)
{
    struct wait *wait = ctx;
    bool begins = left_ms > 0 && !wait->running;

    if (begins && !may_begin(wait, reason, left_ms))
        return 1;
    wait->running = left_ms > 0;
    progress_clear();
    if (isatty(STDERR_FILENO) && reason == OKTA_WAIT_SIGN_IN)
        count_sign_in(wait);
    else if (isatty(STDERR_FILENO))
        count_down(reason, left_ms);
    else if (begins && reason != OKTA_WAIT_SIGN_IN)
        tell(wait->args, reason, left_ms);
    return signals_caught() != 0;
}
