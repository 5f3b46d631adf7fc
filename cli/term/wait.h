/* SPDX-License-Identifier: Apache-2.0 */
/* wait.h - the waits of a run: shown, and bounded in sum. */
#ifndef CLI_WAIT_H
#define CLI_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include <okta/okta.h>

#include "cli/term/args.h"

struct wait {
    const struct args *args;
    long max_s;         /* --max-wait; the library bounds a single call by it */
    int reserve;        /* --reserve; the library heeds it */
    int64_t waited_ms;  /* for rate limits, so far */
    int64_t refused_ms; /* a wait that would have been too long; or 0 */
    okta_wait_reason refused; /* what it would have been for */
    int64_t sign_in_by;       /* until when a person may sign in */
    bool running;
};

void wait_init(struct wait *wait, const struct args *args);

/* The okta_wait_fn; ctx is a struct wait. */
int wait_show(void *ctx, okta_wait_reason reason, int64_t left_ms);

/* Takes the countdown to a sign-in off the terminal. */
void wait_clear(const struct wait *wait);

/* Makes a call that ended since it would have waited too long a failure for
 * the rate limit, which is what it was. */
void wait_settle(const struct wait *wait, okta_error *err);

#endif
