/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c - drawing the line of progress, and erasing it. */
#include "cli/term/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/term/terminal.h"
#include "sys/clock.h"

enum { SECOND_MS = 1000, REDRAW_MS = 200, MINUTE_S = 60, LINE_SIZE = 128 };

/* There is one terminal: what is on it, and since when. */
static bool shown;
static int64_t drawn_ms;

static void add_left(char *out, size_t size, const struct progress *progress,
                     int64_t now_ms)
{
    int64_t done = (int64_t)progress->done;
    int64_t left = (int64_t)progress->total - done;
    long long seconds;

    if (progress->grows || done == 0 || left <= 0)
        return;
    seconds = (now_ms - progress->began_ms) * left / done / SECOND_MS + 1;
    if (seconds < 2 * MINUTE_S)
        snprintf(out, size, ", about %lld s left", seconds);
    else
        snprintf(out, size, ", about %lld min left",
                 (seconds + MINUTE_S - 1) / MINUTE_S);
}

static void draw(const struct progress *progress, int64_t now_ms)
{
    char line[LINE_SIZE];
    int width = (int)terminal_columns(STDERR_FILENO) - 1;
    int len = snprintf(line, sizeof(line), "okta-tokens: %s %zu of %zu",
                       progress->what, progress->done, progress->total);

    add_left(line + len, sizeof(line) - (size_t)len, progress, now_ms);
    fprintf(stderr, "\r%-*.*s", width, width, line);
    fflush(stderr);
    shown = true;
    drawn_ms = now_ms;
}

void progress_show(struct progress *progress)
{
    int64_t now_ms = okt_clock_ms();

    if (progress->began_ms == 0)
        progress->began_ms = now_ms;
    if (now_ms - progress->began_ms < SECOND_MS ||
        (shown && now_ms - drawn_ms < REDRAW_MS))
        return;
    /* Asked anew each time: a pager takes standard error over. */
    if (isatty(STDERR_FILENO))
        draw(progress, now_ms);
}

bool progress_is_shown(void)
{
    return shown;
}

void progress_clear(void)
{
    if (shown && isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r%*s\r", (int)terminal_columns(STDERR_FILENO) - 1,
                "");
        fflush(stderr);
    }
    shown = false;
}
