/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.c - questions and hidden prompts on the controlling terminal. */
#include "cli/term/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "cli/term/signals.h"

enum { COLUMNS_UNKNOWN = 80, COLUMNS_MAX = 10000 };

size_t terminal_columns(int fd)
{
    const char *text = getenv("COLUMNS");
    struct winsize size = { .ws_col = 0 };
    long told = text != NULL ? strtol(text, NULL, 10) : 0;

    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return told > 0 && told <= COLUMNS_MAX ? (size_t)told : COLUMNS_UNKNOWN;
}

static int open_tty(void)
{
    return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

bool terminal_present(bool secret_on_stdin)
{
    int fd;

    if (!secret_on_stdin)
        return isatty(STDIN_FILENO) != 0;
    fd = open_tty();
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

bool terminal_open(bool secret_on_stdin, struct terminal *out)
{
    int copy;

    if (!secret_on_stdin && !isatty(STDIN_FILENO))
        return false;
    out->fd = open_tty();
    if (out->fd < 0 && !secret_on_stdin)
        out->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    if (out->fd < 0)
        return false;
    copy = fcntl(out->fd, F_DUPFD_CLOEXEC, 3);
    if (copy >= 0)
        out->out = fdopen(copy, "w");
    if (out->out == NULL && copy >= 0)
        close(copy);
    return out->out != NULL;
}

void terminal_close(struct terminal *terminal)
{
    if (terminal->out != NULL)
        fclose(terminal->out);
    if (terminal->fd >= 0)
        close(terminal->fd);
    *terminal = (struct terminal)TERMINAL_INIT;
}

/* Byte by byte, so that nothing of a secret stays in a stdio buffer. What is
 * too long is read to its end too, or the next program would be given it. */
static bool read_line(int fd, char *out, size_t size)
{
    size_t len = 0;
    bool fits = true;
    char c;

    while (signals_wait_readable(fd)) {
        if (read(fd, &c, 1) != 1)
            return false;
        if (c == '\n') {
            out[len] = '\0';
            return fits;
        }
        if (len + 1 < size)
            out[len++] = c;
        else
            fits = false;
    }
    return false;
}

bool terminal_confirm(struct terminal *terminal, const char *question)
{
    char answer[16];

    /* What was typed before the question is no answer to it. */
    tcflush(terminal->fd, TCIFLUSH);
    fprintf(terminal->out, "%s [y/N] ", question);
    fflush(terminal->out);
    if (!read_line(terminal->fd, answer, sizeof(answer))) {
        fputc('\n', terminal->out);
        fflush(terminal->out);
        return false;
    }
    return okt_casecmp(answer, "y") == 0 || okt_casecmp(answer, "yes") == 0;
}

/* No echo; and no Ctrl-Z, which would leave the shell without echo. */
static bool hide(int fd, struct termios *before)
{
    struct termios hidden;

    if (tcgetattr(fd, before) != 0)
        return false;
    hidden = *before;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
    return tcsetattr(fd, TCSAFLUSH, &hidden) == 0;
}

bool terminal_secret(struct terminal *terminal, const char *prompt, char *out,
                     size_t size)
{
    struct termios before;
    bool ok;

    if (!hide(terminal->fd, &before))
        return false;
    fputs(prompt, terminal->out);
    fflush(terminal->out);
    ok = read_line(terminal->fd, out, size);
    tcsetattr(terminal->fd, TCSAFLUSH, &before);
    fputc('\n', terminal->out);
    fflush(terminal->out);
    if (!ok)
        okt_wipe(out, size);
    return ok;
}
