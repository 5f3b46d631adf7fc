/* SPDX-License-Identifier: Apache-2.0 */
/* args.c - reading the command line. */
#include "cli/term/args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/escape.h"
#include "cli/term/fail.h"
#include "cli/term/suggest.h"
#include "wire/id.h"

enum { HINT_MAX = 4096 };

/* What is left to read. */
struct reader {
    struct args *args;
    char **next;
    bool only_operands; /* after "--" */
};

void args_free(struct args *args)
{
    free(args->given);
    args->given = NULL;
}

size_t args_count(const struct args *args, enum option_id id)
{
    size_t count = 0;

    for (size_t i = 0; i < args->count; i++)
        count += args->given[i].id == id;
    return count;
}

const char *args_value(const struct args *args, enum option_id id)
{
    for (size_t i = args->count; i > 0; i--)
        if (args->given[i - 1].id == id)
            return args->given[i - 1].value;
    return NULL;
}

bool args_has(const struct args *args, enum option_id id)
{
    return args_value(args, id) != NULL;
}

long args_number(const struct args *args, enum option_id id, long fallback)
{
    const char *value = args_value(args, id);

    return value != NULL ? strtol(value, NULL, 10) : fallback;
}

const char *args_operand(const struct args *args, size_t i)
{
    for (size_t k = 0; k < args->count; k++) {
        if (args->given[k].id != OPERAND)
            continue;
        if (i == 0)
            return args->given[k].value;
        i--;
    }
    return NULL;
}

/* ------------------------------------------------------- What precedes -- */

static bool is_json(const char *format)
{
    return strcmp(format, "json") == 0 || strcmp(format, "jsonl") == 0;
}

/* Whether errors are to be JSON, known before the first can occur. */
static bool wants_json(char **argv)
{
    bool json = false;

    for (char **arg = argv; *arg != NULL; arg++) {
        const char *format = NULL;

        if (strcmp(*arg, "-o") == 0 || strcmp(*arg, "--output") == 0)
            format = arg[1];
        else if (strncmp(*arg, "--output=", 9) == 0)
            format = *arg + 9;
        else if (strncmp(*arg, "-o", 2) == 0)
            format = *arg + 2;
        if (format != NULL)
            json = is_json(format);
    }
    return json;
}

static bool is_file_option(const char *arg, const char *end)
{
    size_t len = (size_t)(end - arg);

    return (len == 12 && strncmp(arg, "--token-file", len) == 0) ||
           (len == 9 && strncmp(arg, "--ca-file", len) == 0);
}

/* A path may look like a secret: /var/lib/00f1...; a bare word may not. */
static bool is_path(char **argv, char **arg)
{
    const char *equals = strchr(*arg, '=');

    if (strchr(*arg, '/') == NULL)
        return false;
    if (equals != NULL && is_file_option(*arg, equals))
        return true;
    return arg > argv && is_file_option(arg[-1], arg[-1] + strlen(arg[-1]));
}

/* A secret in argv has been seen by everybody on this machine; all that can be
 * done is not to send and not to repeat it. */
static int refuse_secrets(const struct args *args, char **argv)
{
    for (char **arg = argv; *arg != NULL; arg++) {
        if (!okt_has_secret(*arg + strspn(*arg, "-")) || is_path(argv, arg))
            continue;
        return fail(args, EXIT_USAGE,
                    "whoever lists this machine's processes can read it: "
                    "revoke that token, and use --token-file, --token-stdin "
                    "or OKTA_CLIENT_TOKEN",
                    "an argument has the shape of an API token's secret; it "
                    "was not sent");
    }
    return EXIT_OK;
}

/* -------------------------------------------------------------- Values -- */

static bool is_choice(const char *choices, const char *value)
{
    size_t len = strlen(value);

    while (*choices != '\0') {
        size_t n = strcspn(choices, "|");

        if (n == len && strncmp(choices, value, len) == 0)
            return true;
        choices += n + (choices[n] != '\0');
    }
    return false;
}

static bool is_number(const char *value, long min, long max)
{
    char *end;
    long number;

    if (value[strspn(value, "0123456789")] != '\0' || *value == '\0')
        return false;
    errno = 0;
    number = strtol(value, &end, 10);
    return errno == 0 && number >= min && number <= max;
}

static int check_value(const struct args *args, enum option_id id,
                       const char *value)
{
    const struct option *option = &option_table[id];

    if (option->choices != NULL && !is_choice(option->choices, value))
        return fail(args, EXIT_USAGE, NULL, "%s%s takes %s, not '%s'",
                    option_dashes(id), option->name, option->choices, value);
    if (option->max > 0 && !is_number(value, option->min, option->max))
        return fail(args, EXIT_USAGE, NULL,
                    "%s%s takes a whole number from %ld to %ld, not '%s'",
                    option_dashes(id), option->name, option->min, option->max,
                    value);
    if (*value == '\0' && !option->empty)
        return fail(args, EXIT_USAGE, NULL, "%s%s may not be empty",
                    option_dashes(id), option->name);
    return EXIT_OK;
}

static void add(struct args *args, enum option_id id, const char *value)
{
    args->given[args->count].id = id;
    args->given[args->count].value = value;
    args->count++;
}

/* ------------------------------------------------------------- Options -- */

/* inline_value: what stood after "=" or ":", or NULL. */
static int read_option(struct reader *r, enum option_id id,
                       const char *inline_value)
{
    const struct option *option = &option_table[id];
    const char *value = inline_value;
    int code;

    if (option->value == NULL) {
        if (value != NULL)
            return fail(r->args, EXIT_USAGE, NULL, "%s%s takes no value",
                        option_dashes(id), option->name);
        add(r->args, id, "");
        return EXIT_OK;
    }
    if (value == NULL) {
        if (*r->next == NULL)
            return fail(r->args, EXIT_USAGE, NULL, "%s%s needs a value: %s",
                        option_dashes(id), option->name, option->value);
        value = *r->next++;
    }
    code = check_value(r->args, id, value);
    if (code == EXIT_OK)
        add(r->args, id, value);
    return code;
}

/* It is an option of commands, but none has been named yet. */
static int fail_early(const struct args *args, enum option_id id)
{
    const struct option *option = &option_table[id];
    const char *dashes = option_dashes(id);
    char hint[128];
    size_t i = 0;

    while (i + 1 < command_count && !command_takes(&commands[i], id))
        i++;
    snprintf(hint, sizeof(hint), "okta-tokens %s %s%s%s%s", commands[i].name,
             dashes, option->name, option->value != NULL ? " " : "",
             option->value != NULL ? option->value : "");
    return fail(args, EXIT_USAGE, hint,
                "%s%s belongs after the name of a command", dashes,
                option->name);
}

/* It is an option, but not of this command. */
static int fail_elsewhere(const struct args *args, enum option_id id)
{
    if (args->command == NULL)
        return fail_early(args, id);
    return fail(args, EXIT_USAGE, NULL, "%s does not take %s%s",
                args->command->name, option_dashes(id), option_table[id].name);
}

/* Among options, or parameters; OPTION_COUNT: there is none. */
static enum option_id find_option(bool parameter, const char *name, size_t len)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        const char *have = option_table[id].name;

        if (option_is_parameter((enum option_id)id) != parameter ||
            strlen(have) != len)
            continue;
        if (parameter ? okt_ncasecmp(have, name, len) == 0
                      : strncmp(have, name, len) == 0)
            return (enum option_id)id;
    }
    return OPTION_COUNT;
}

static int fail_unknown(const struct args *args, const char *arg, size_t len)
{
    const char *near = suggest_option(args->command, arg, len);
    enum option_id id = find_option(false, arg + 1, len - 1);

    if (id != OPTION_COUNT && command_takes(args->command, id))
        return fail(args, EXIT_USAGE, NULL,
                    "unknown option %.*s; did you mean --%s?", (int)len, arg,
                    option_table[id].name);
    if (near == NULL)
        return fail(args, EXIT_USAGE, NULL, "unknown option %.*s", (int)len,
                    arg);
    return fail(args, EXIT_USAGE, NULL,
                "unknown option %.*s; did you mean %s%s?", (int)len, arg,
                arg[1] == '-' ? "--" : "-", near);
}

static int take(struct reader *r, enum option_id id, const char *value)
{
    if (!command_takes(r->args->command, id))
        return fail_elsewhere(r->args, id);
    return read_option(r, id, value);
}

/* "--name", "--name=value" */
static int read_long(struct reader *r, const char *arg)
{
    size_t len = strcspn(arg, "=");
    enum option_id id = find_option(false, arg + 2, len - 2);

    if (id == OPTION_COUNT)
        return fail_unknown(r->args, arg, len);
    return take(r, id, arg[len] == '=' ? arg + len + 1 : NULL);
}

/* "-o value", "-ovalue" */
static int read_letter(struct reader *r, const char *arg)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (option_table[id].letter == 0 || option_table[id].letter != arg[1])
            continue;
        if (arg[2] != '\0' && option_table[id].value == NULL)
            break;
        return take(r, (enum option_id)id, arg[2] != '\0' ? arg + 2 : NULL);
    }
    return fail_unknown(r->args, arg, strlen(arg));
}

/* "-ApiTokenId value", "-ApiTokenId:value" */
static int read_short(struct reader *r, const char *arg)
{
    size_t len = strcspn(arg, ":");
    enum option_id id = find_option(true, arg + 1, len - 1);

    if (r->args->command == NULL || id == OPTION_COUNT ||
        !command_takes(r->args->command, id))
        return read_letter(r, arg);
    return read_option(r, id, arg[len] == ':' ? arg + len + 1 : NULL);
}

static int read_command(struct args *args, const char *name)
{
    const char *near;

    args->command = command_find(name);
    if (args->command != NULL)
        return EXIT_OK;
    near = suggest_command(name);
    if (near == NULL)
        return fail(args, EXIT_USAGE, "okta-tokens help", "unknown command %s",
                    name);
    return fail(args, EXIT_USAGE, "okta-tokens help",
                "unknown command %s; did you mean %s?", name, near);
}

static int read_one(struct reader *r, const char *arg)
{
    if (!r->only_operands && strcmp(arg, "--") == 0) {
        r->only_operands = true;
        return EXIT_OK;
    }
    if (!r->only_operands && strncmp(arg, "--", 2) == 0)
        return read_long(r, arg);
    if (!r->only_operands && arg[0] == '-' && arg[1] != '\0')
        return read_short(r, arg);
    if (r->args->command == NULL)
        return read_command(r->args, arg);
    add(r->args, OPERAND, arg);
    return EXIT_OK;
}

/* ------------------------------------------------------------ Operands -- */

/* One that is too many; of a list it may have been meant as what to look for.
 */
static int fail_operand(const struct args *args, const char *operand)
{
    OKT_BUF_AUTO hint = OKT_BUF_INIT(HINT_MAX);

    if (args->command->options & OPTION_BIT(OPT_Q)) {
        okt_buf_str(&hint, "to list what holds that text: --q '");
        okt_escape(&hint, operand, strlen(operand));
        okt_buf_char(&hint, '\'');
    }
    return fail(args, EXIT_USAGE,
                hint.len > 0 && !okt_buf_failed(&hint) ? hint.data : NULL,
                "%s does not take '%s'", args->command->name, operand);
}

static int check_count(const struct args *args)
{
    const struct command *command = args->command;
    size_t count = args_count(args, OPERAND) + args_count(args, OPT_NAME);

    if (count < command->min_operands)
        return fail(args, EXIT_USAGE,
                    command_takes(command, OPT_NAME)
                        ? "\"okta-tokens list\" shows the ids"
                        : NULL,
                    "%s needs %s", command->name, command->args);
    if (count <= command->max_operands)
        return EXIT_OK;
    if (command->max_operands == OPERANDS_MAX)
        return fail(args, EXIT_USAGE, NULL, "%s takes at most %d at a time",
                    command->name, OPERANDS_MAX);
    return fail_operand(args, args_operand(args, command->max_operands));
}

/* Makes operands the parameters that have not been given by name. */
static int bind_positions(struct args *args)
{
    const struct command *command = args->command;
    size_t next = 0;
    int code = EXIT_OK;

    for (size_t i = 0; i < args->count && code == EXIT_OK; i++) {
        struct given *given = &args->given[i];

        if (given->id != OPERAND)
            continue;
        while (next < command->position_count &&
               args_has(args, command->positions[next]))
            next++;
        if (next == command->position_count)
            break;
        given->id = command->positions[next];
        code = check_value(args, given->id, given->value);
    }
    return code;
}

/* An option that is not made to be repeated, given twice, is a slip. */
static int check_repeats(const struct args *args)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (option_table[id].value != NULL && !option_table[id].repeats &&
            args_count(args, (enum option_id)id) > 1)
            return fail(args, EXIT_USAGE, NULL, "%s%s is given twice",
                        option_dashes((enum option_id)id),
                        option_table[id].name);
    }
    return EXIT_OK;
}

int args_read(int argc, char **argv, struct args *out)
{
    struct reader r = { .args = out };
    int code;

    *out = (struct args){ .json = false };
    if (argc < 1)
        return fail(out, EXIT_USAGE, NULL, "no arguments at all");
    r.next = argv + 1;
    out->json = wants_json(r.next);
    out->given = calloc((size_t)argc, sizeof(out->given[0]));
    if (out->given == NULL)
        return fail_memory(out);
    code = refuse_secrets(out, r.next);
    while (code == EXIT_OK && *r.next != NULL)
        code = read_one(&r, *r.next++);
    if (code == EXIT_OK)
        code = check_repeats(out);
    if (code != EXIT_OK || out->command == NULL || args_has(out, OPT_HELP))
        return code;
    code = bind_positions(out);
    return code == EXIT_OK ? check_count(out) : code;
}
