/* SPDX-License-Identifier: Apache-2.0 */
/* printer.c - opening outputs, and telling when one can't be written. */
#include "cli/output/printer.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/enrich/enrich.h"
#include "cli/output/json_pretty.h"
#include "cli/term/progress.h"
#include "cli/term/signals.h"
#include "cli/term/terminal.h"

enum { LEFT_OUT_MAX = 4096, SHOWN_MAX = 1024 * 1024 * 1024 };

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

static bool wants_pager(const struct args *args)
{
    return args->command != NULL && args->command->paged &&
           !args_has(args, OPT_NO_PAGER);
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

    if (session->audit != NULL && !audit_knows(session->audit, token))
        (void)output_hand_on(output); /* output_close tells */
    if (session->audit != NULL)
        code = audit_token(session->audit, token, &context);
    if (progress_is_shown() && isatty(STDOUT_FILENO))
        progress_clear();
    if (code == EXIT_OK)
        *ok = output_token(output, token,
                           session->audit != NULL ? &context : NULL);
    return code;
}

/* The sink's begin: nothing is asked of a person, nor is progress shown, once
 * the first byte is printed. */
static void start_pager(void *ctx)
{
    pager_start(ctx);
}

static int open_output(struct session *session, bool array, bool zones,
                       struct output **out)
{
    struct output_options options = { .array = array,
                                      .zones = zones,
                                      .now = session->started,
                                      .stream = stdout };
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
    if (options.terminal)
        options.width = terminal_columns(STDOUT_FILENO);
    if (wants_pager(session->args)) {
        options.begin = start_pager;
        options.ctx = &session->pager;
    }
    options.has_context = command_takes(session->args->command, OPT_WITH);
    *out = output_open(&options, &why);
    if (*out != NULL)
        return open_audit(session, *out);
    if (why == NULL)
        return fail_memory(session->args);
    return fail(session->args, EXIT_USAGE, NULL, "%s", why);
}

int printer_open(struct session *session, bool array, struct output **out)
{
    return open_output(session, array, false, out);
}

int printer_open_zones(struct session *session, struct output **out)
{
    return open_output(session, true, true, out);
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

/* errno tells why not all was written, if written is false. Returns code, or
 * what the failure makes of it. */
static int end_pager(struct session *session, bool written, int code)
{
    int error = errno;

    switch (pager_end(&session->pager)) {
    case PAGER_FAILED:
        return fail(session->args, EXIT_INTERNAL,
                    "--no-pager prints without one",
                    "the pager that OKTA_TOKENS_PAGER or PAGER names could "
                    "not be run");
    case PAGER_DONE:
        if (error == EPIPE)
            return code;
        break;
    default:
        break;
    }
    errno = error;
    if (written || (code != EXIT_OK && error != EPIPE))
        return code;
    return printer_fail(session->args);
}

int printer_close(struct session *session, struct output *output, bool whole,
                  int code)
{
    OKT_BUF_AUTO left_out = OKT_BUF_INIT(LEFT_OUT_MAX);
    bool written;

    progress_clear();
    (void)output_flush(output); /* output_close tells */
    output_left_out(output, &left_out);
    written = output_close(output, whole);
    code = end_pager(session, written, code);
    if (written && left_out.len > 0 && !okt_buf_failed(&left_out))
        note(session->args, "note", "the terminal is too narrow for %s",
             left_out.data);
    return code;
}

/* For a person, if it is JSON; false: no memory. */
static bool lay_out(const struct session *session, const char *text, size_t len,
                    struct okt_buf *out)
{
    const char *format = args_value(session->args, OPT_OUTPUT);
    struct output_options options = { .terminal = true };
    struct json_pretty pretty = { .indent = true };

    if (len == 0 || (text[0] != '{' && text[0] != '[') ||
        !isatty(STDOUT_FILENO)) {
        okt_buf_append(out, text, len);
        return !okt_buf_failed(out);
    }
    read_choices(session->args, &options);
    pretty.colors = output_wants_colors(&options);
    pretty.indent = format == NULL || strcmp(format, "jsonl") != 0;
    json_pretty(&pretty, out, text, len);
    json_pretty_end(&pretty, out);
    return !okt_buf_failed(out);
}

int printer_text(const struct session *session, const char *text, size_t len)
{
    OKT_BUF_AUTO shown = OKT_BUF_INIT(SHOWN_MAX);

    if (!lay_out(session, text, len, &shown))
        return fail_memory(session->args);
    if (fwrite(shown.data, 1, shown.len, stdout) == shown.len &&
        fflush(stdout) == 0)
        return EXIT_OK;
    return printer_fail(session->args);
}

int printer_page(struct session *session, const char *text, size_t len)
{
    bool written;

    if (!args_has(session->args, OPT_NO_PAGER))
        pager_start(&session->pager);
    written = fwrite(text, 1, len, stdout) == len && fflush(stdout) == 0;
    return end_pager(session, written, EXIT_OK);
}
