/* SPDX-License-Identifier: Apache-2.0 */
/* printer.c - opening outputs, and telling when one can't be written. */
#include "printer.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"
#include "signals.h"

static void read_choices(const struct args *args, struct output_options *out)
{
    const char *format = args_value(args, OPT_OUTPUT);
    const char *time = args_value(args, OPT_TIME);
    const char *color = args_value(args, OPT_COLOR);

    /* The table of options knows the same words, so none of these fails. */
    if (format != NULL)
        output_format_parse(format, &out->format);
    if (time != NULL)
        output_time_parse(time, &out->time);
    if (color != NULL)
        output_color_parse(color, &out->color);
}

/* What --with names. */
static int read_parts(const struct args *args, unsigned *out)
{
    const char *text = args_value(args, OPT_WITH);

    if (text == NULL || parts_parse(text, out))
        return EXIT_OK;
    return fail(args, EXIT_USAGE, NULL,
                "--with takes owner, roles and zones, a comma between them; "
                "not '%s'",
                text);
}

/* Fields of the context ask for it, too. */
static int open_audit(struct session *session, const struct output *output)
{
    unsigned parts = output_parts(output);

    if (parts == 0)
        return EXIT_OK;
    session->audit = audit_new(session, parts);
    return session->audit != NULL ? EXIT_OK : fail_memory(session->args);
}

int printer_token(struct session *session, struct output *output,
                  const okta_api_token *token, bool *ok)
{
    struct context context;
    int code = EXIT_OK;

    if (session->audit != NULL)
        code = audit_token(session->audit, token, &context);
    if (code == EXIT_OK)
        *ok = output_token(output, token,
                           session->audit != NULL ? &context : NULL);
    return code;
}

int printer_open(struct session *session, bool array, struct output **out)
{
    struct output_options options = {
        .array = array, .now = session->started, .stream = stdout
    };
    AUTO(char) why = NULL;
    int code = read_parts(session->args, &options.parts);

    if (code != EXIT_OK)
        return code;
    /* The sink has a buffer of its own. */
    setvbuf(stdout, NULL, _IONBF, 0);
    read_choices(session->args, &options);
    options.fields = args_value(session->args, OPT_FIELDS);
    options.no_header = args_has(session->args, OPT_NO_HEADER);
    options.bom = args_has(session->args, OPT_CSV_BOM);
    options.terminal = isatty(STDOUT_FILENO) != 0;
    options.has_context = command_takes(session->args->command, OPT_WITH);
    *out = output_open(&options, &why);
    if (*out != NULL)
        return open_audit(session, *out);
    if (why == NULL)
        return fail_memory(session->args);
    return fail(session->args, EXIT_USAGE, NULL, "%s", why);
}

bool printer_shows_table(const struct output *output)
{
    return output != NULL && output_is_table(output) && isatty(STDOUT_FILENO);
}

/* Nobody needs to be told that he closed the pipe. */
int printer_fail(const struct args *args)
{
    int code = errno == EINTR ? fail_if_interrupted(args) : EXIT_OK;

    if (code != EXIT_OK)
        return code;
    if (errno == EPIPE) {
        signals_note(SIGPIPE);
        return EXIT_SIGNAL + SIGPIPE;
    }
    if (errno == ENOMEM)
        return fail_memory(args);
    return fail(args, EXIT_INTERNAL, NULL,
                "the output could not be written: %s", strerror(errno));
}

int printer_close(const struct session *session, struct output *output,
                  bool whole, int code)
{
    if (output_close(output, whole))
        return code;
    if (code != EXIT_OK && errno != EPIPE)
        return code;
    return printer_fail(session->args);
}

int printer_text(const struct session *session, const char *text, size_t len)
{
    if (fwrite(text, 1, len, stdout) == len && fflush(stdout) == 0)
        return EXIT_OK;
    return printer_fail(session->args);
}
