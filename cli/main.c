/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - okta-tokens: the process, then the command. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cmd/cmd_help.h"
#include "cli/output/printer.h"
#include "cli/signin/session.h"
#include "cli/term/args.h"
#include "cli/term/fail.h"
#include "cli/term/signals.h"
#include "sys/clock.h"
#include "sys/dump.h"

/* A file or socket that got the number of a closed standard stream would be
 * printed to. What is opened in its place fails as the closed one would. */
static void open_standard_streams(void)
{
    static const int modes[] = { O_WRONLY, O_RDONLY, O_WRONLY };

    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", modes[fd]) != fd)
            _exit(EXIT_INTERNAL);
}

/* TLS libraries would write the keys of our connections there. */
static void forbid_key_log(const struct args *args)
{
    if (getenv("SSLKEYLOGFILE") == NULL)
        return;
    note(args, "warning", "SSLKEYLOGFILE is not followed");
    unsetenv("SSLKEYLOGFILE");
}

static int run(const struct args *args)
{
    SESSION_AUTO session = { .args = args };

    if (args_has(args, OPT_VERSION))
        return cmd_version(&session);
    if (args_has(args, OPT_HELP))
        return args->command != NULL ? help_command(&session, args->command)
                                     : help_overview(&session);
    if (args->command == NULL)
        return help_missing_command();
    if (args->command->scope != NULL)
        forbid_key_log(args);
    session.started = okt_clock_now();
    return args->command->run(&session);
}

/* What the last buffer held may not have been written. */
static int close_stdout(const struct args *args, int code)
{
    if (fclose(stdout) == 0 || code != EXIT_OK)
        return code;
    return printer_fail(args);
}

int main(int argc, char **argv)
{
    ARGS_AUTO args;
    int code;

    open_standard_streams();
    okt_forbid_dumps();
    signals_install();
    code = args_read(argc, argv, &args);
    if (code == EXIT_OK)
        code = run(&args);
    code = close_stdout(&args, code);
    signals_die();
    return code;
}
