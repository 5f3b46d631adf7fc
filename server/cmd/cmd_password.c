/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_password.c - okta-orgd user password: how a user signs in in a browser.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "server/cmd/commands.h"
#include "server/org/admin.h"
#include "server/util/diag.h"
#include "server/web/password.h"
#include "sys/clock.h"

enum { CTRL_C = 3, LINE_MAX = PASSWORD_MAX + 2 };

#define SECRET_LINE __attribute__((cleanup(wipe_line))) struct line

struct line {
    char text[LINE_MAX + 1];
};

static void wipe_line(struct line *line)
{
    okt_wipe(line, sizeof(*line));
}

/* Reads up to a line's end, which is cut off, or the file's. NULL: done. Byte
 * by byte, so that no buffer keeps what was read. */
static const char *read_line(int fd, struct line *line)
{
    size_t len = 0;

    while (len < LINE_MAX) {
        ssize_t n = read(fd, line->text + len, 1);

        if (n < 0 && errno != EINTR)
            return "it can't be read";
        if (n > 0 && line->text[len] == CTRL_C)
            return "cancelled";
        if (n == 0 || (n > 0 && line->text[len] == '\n'))
            break;
        len += n > 0;
    }
    if (len > 0 && line->text[len - 1] == '\r')
        len--;
    line->text[len] = '\0';
    return NULL;
}

/* Nothing may follow the line. */
static const char *read_only_line(int fd, struct line *line)
{
    const char *why = read_line(fd, line);
    char more;

    if (why == NULL && read(fd, &more, 1) > 0)
        why = "more than one line came on standard input";
    return why;
}

/* Asks at a terminal that echoes nothing; Ctrl-C comes as a character that ends
 * the line, so that the terminal is set back whatever is typed. */
static const char *ask(int tty, const char *prompt, struct line *line)
{
    struct termios before;
    struct termios silent;
    const char *why;

    if (tcgetattr(tty, &before) != 0)
        return "the terminal does not answer";
    silent = before;
    silent.c_lflag &= (tcflag_t) ~(ECHO | ISIG);
    silent.c_cc[VEOL] = CTRL_C;
    if (tcsetattr(tty, TCSAFLUSH, &silent) != 0)
        return "the terminal can't be silenced";
    dprintf(tty, "%s", prompt);
    why = read_line(tty, line);
    dprintf(tty, "\n");
    tcsetattr(tty, TCSAFLUSH, &before);
    return why;
}

static const char *ask_twice(struct line *line)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    SECRET_LINE again = { "" };
    const char *why = NULL;

    if (tty < 0)
        return "there is no terminal to ask at";
    why = ask(tty, "New password: ", line);
    if (why == NULL)
        why = ask(tty, "Once more: ", &again);
    close(tty);
    if (why == NULL && strcmp(line->text, again.text) != 0)
        why = "the two differ";
    return why;
}

static store_status set_password(struct store *store, const char *user_id,
                                 const char *hash, bool sign_out)
{
    const int64_t now = okt_clock_now();
    store_status st;

    if (store->ops->begin(store) != STORE_OK)
        return STORE_FAILED;
    st = admin_set_password(store, user_id, hash, now);
    if (st == STORE_OK && sign_out)
        st = admin_sign_out(store, user_id, now);
    return data_end(store, st);
}

int cmd_user_password(const struct args *args)
{
    AUTO(store_handle) store = NULL;
    SECRET_LINE line = { "" };
    char hash[PASSWORD_HASH_MAX + 1];
    char id[OKT_ID_MAX + 1];
    const char *why;

    if (!data_open(args, &store) ||
        !find_user(store, args->value[OPT_USER], "user password", id))
        return EXIT_CODE_FAILED;
    why = isatty(STDIN_FILENO) ? ask_twice(&line)
                               : read_only_line(STDIN_FILENO, &line);
    if (why == NULL)
        why = password_check(line.text);
    if (why == NULL && !password_hash(line.text, hash))
        why = "no memory, or no random bytes";
    if (why != NULL)
        return say_failed("user password: the password stays as it is: %s",
                          why);
    return set_password(store, id, hash, args->value[OPT_SIGN_OUT] != NULL) ==
                   STORE_OK
               ? EXIT_CODE_OK
               : EXIT_CODE_FAILED;
}
