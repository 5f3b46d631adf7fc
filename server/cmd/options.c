/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - okta-orgd's command line: the tables, and what was given. */
#include "server/cmd/options.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "server/util/diag.h"

/* clang-format off */
static const struct option_row {
    const char *name;
    const char *value; /* NULL: it takes none */
    const char *help;
} rows[OPTIONS] = {
    [OPT_DATA]       = { "data",       "DIR",  "the org's data folder" },
    [OPT_LOGIN]      = { "login",      "L",    "the user's login" },
    [OPT_ROLE]       = { "role",       "R",    "an admin role, or none (a user: SUPER_ADMIN)" },
    [OPT_NAME]       = { "name",       "N",    "the name" },
    [OPT_USER]       = { "user",       "L",    "the login or id of the user, or of the token's owner" },
    [OPT_WINDOW]     = { "window",     "P30D", "how long the token lives unused" },
    [OPT_LISTEN]     = { "listen",     "HOST:PORT", "where to serve (127.0.0.1:0; port 0: a free one)" },
    [OPT_METRICS_LISTEN] = { "metrics-listen", "HOST:PORT", "where to serve /livez, /readyz and /metrics, plain HTTP (nowhere)" },
    [OPT_TRUSTED_PROXY] = { "trusted-proxy", "CIDR|RANGE", "a proxy whose X-Forwarded-For counts; more than once for more" },
    [OPT_TLS]        = { "tls",        "auto|off", "a certificate of the org's own authority, or none (auto)" },
    [OPT_TLS_CERT]   = { "tls-cert",   "FILE", "a certificate chain of your own, PEM" },
    [OPT_TLS_KEY]    = { "tls-key",    "FILE", "and its key" },
    [OPT_PUBLIC_URL] = { "public-url", "URL",  "what links in answers begin with (where it listens)" },
    [OPT_RATE_LIMIT] = { "rate-limit", "N",    "requests a minute, half of them for one token (600; 0: no limit)" },
    [OPT_PAGING]     = { "paging",     "asked|always|never", "when the list of tokens comes in pages (asked)" },
    [OPT_NOW]        = { "now",        "TIME", "what time it is at the start, ISO 8601" },
    [OPT_SEED]       = { "seed",       "FILE", "what is in it, a YAML or JSON file" },
    [OPT_WRITE_SEED] = { "write-seed", "FILE", "write a seed to begin with to this new file, and take it as --seed" },
    [OPT_TOKEN_FILE] = { "token-file", "FILE", "the token to name (the first one of the seed that has a secret)" },
    [OPT_WAIT]       = { "wait",       "SECONDS", "wait so long until the org is served (0)" },
    [OPT_FORMAT]     = { "format",     "shell|plain", "lines for eval, or NAME=VALUE (shell)" },
    [OPT_DEV_ANYWHERE] = { "dev-listen-anywhere", NULL, "let --dev listen beyond loopback; /_org/ stays closed there" },
    [OPT_DEV]        = { "dev",        NULL,   "let tests play with it, under /_org/" },
    [OPT_MEMBER]     = { "member",     "L",    "a user in the group; more than once for more" },
    [OPT_GATEWAY]    = { "gateway",    "CIDR|RANGE", "addresses of the zone; more than once for more" },
    [OPT_INACTIVE]   = { "inactive",   NULL,   "the zone is not active" },
    [OPT_TYPE]       = { "type",       "T",    "native, web or service" },
    [OPT_SCOPES]     = { "scopes",     "S",    "what the app may ask for, spaces or commas between (nothing)" },
    [OPT_KEY]        = { "key",        "FILE", "the app's public keys: PEM, a JWK or a JWK Set" },
    [OPT_REDIRECT_URI] = { "redirect-uri", "URI", "where people are sent back to; more than once for more" },
    [OPT_DPOP]       = { "dpop",       "required|optional", "whether every token is bound to a key (optional)" },
    [OPT_GRACE]      = { "refresh-grace", "SECONDS", "how long after its use a refresh token or device code whose answer was lost is answered anew (30; at most 60)" },
    [OPT_SIGN_OUT]   = { "sign-out",   NULL,   "end the user's sessions and grants, too" },
    [OPT_APP]        = { "app",        "A",    "the client id or name of the app" },
};
/* clang-format on */

/* Those that may be given again and again. */
static const uint64_t many = OPT(OPT_GATEWAY) | OPT(OPT_MEMBER) |
                             OPT(OPT_TRUSTED_PROXY) | OPT(OPT_REDIRECT_URI);

static bool is_many(int option)
{
    return (many & OPT(option)) != 0;
}

/* ----------------------------------------------------------------- Usage -- */

static void print_options(const struct command *command)
{
    for (int i = 0; i < OPTIONS; i++) {
        uint64_t bit = OPT(i);
        char left[40];

        if (((command->required | command->allowed) & bit) == 0)
            continue;
        snprintf(left, sizeof(left), "--%s%s%s", rows[i].name,
                 rows[i].value != NULL ? " " : "",
                 rows[i].value != NULL ? rows[i].value : "");
        printf("  %-22s %s%s\n", left, rows[i].help,
               (command->required & bit) != 0 ? " [required]" : "");
    }
}

static void print_command(const struct command *command)
{
    printf("usage: okta-orgd %s%s%s%s\n\n%s\n", command->name,
           (command->required | command->allowed) != 0 ? " [OPTION...]" : "",
           command->operand != NULL ? " " : "",
           command->operand != NULL ? command->operand : "", command->help);
    if ((command->required | command->allowed) != 0)
        printf("\n");
    print_options(command);
}

void options_usage(const struct command *commands, size_t count,
                   const struct command *command)
{
    if (command != NULL) {
        print_command(command);
        return;
    }
    printf("usage: okta-orgd COMMAND [OPTION...]\n\n"
           "An org that answers Okta's API Token API, for tests and "
           "development.\n\n");
    for (size_t i = 0; i < count; i++)
        printf("  %-20s %s\n", commands[i].name, commands[i].help);
    printf("\n\"okta-orgd COMMAND --help\" tells the options of one.\n");
}

/* --------------------------------------------------------------- Parsing -- */

/* How many words of argv the name matches; 0: not this one. */
static size_t match(const char *name, char *const *argv)
{
    size_t words = 0;

    for (;; name++) {
        size_t len = strcspn(name, " ");

        if (argv[words] == NULL || strlen(argv[words]) != len ||
            strncmp(argv[words], name, len) != 0)
            return 0;
        words++;
        name += len;
        if (*name == '\0')
            return words;
    }
}

static int find_option(const char *name, size_t len)
{
    for (int i = 0; i < OPTIONS; i++)
        if (strlen(rows[i].name) == len &&
            strncmp(rows[i].name, name, len) == 0)
            return i;
    return -1;
}

static bool set(struct args *args, int option, const char *value)
{
    if (args->value[option] != NULL && !is_many(option)) {
        say("--%s is given twice", rows[option].name);
        return false;
    }
    if (is_many(option) && args->many_count == ARGS_MANY_MAX) {
        say("--%s is given more than %d times", rows[option].name,
            ARGS_MANY_MAX);
        return false;
    }
    if (is_many(option))
        args->many[args->many_count++] = value;
    args->value[option] = value;
    return true;
}

/* Takes "--name value", "--name=value" or "--flag" at *argv, and moves on. */
static bool take_option(const struct command *command, char *const **argv,
                        struct args *args)
{
    const char *name = **argv + 2;
    size_t len = strcspn(name, "=");
    int option = find_option(name, len);

    if (option < 0 ||
        ((command->required | command->allowed) & OPT(option)) == 0) {
        say("%s: unknown option %s; see okta-orgd %s --help", command->name,
            say_word(**argv), command->name);
        return false;
    }
    (*argv)++;
    if (rows[option].value == NULL && name[len] == '\0')
        return set(args, option, "");
    if (rows[option].value != NULL && name[len] == '=')
        return set(args, option, name + len + 1);
    if (rows[option].value == NULL) {
        say("--%s takes no value", rows[option].name);
        return false;
    }
    if (**argv == NULL) {
        say("--%s takes a value: %s", rows[option].name, rows[option].value);
        return false;
    }
    return set(args, option, *(*argv)++);
}

/* "WORD...": as many as there are. */
static bool takes_many(const struct command *command)
{
    return command->operand != NULL && strstr(command->operand, "...") != NULL;
}

static bool take_operand(const struct command *command, const char *word,
                         struct args *args)
{
    if (takes_many(command) && args->many_count < ARGS_MANY_MAX) {
        args->many[args->many_count++] = args->operand = word;
        return true;
    }
    if (command->operand != NULL && args->operand == NULL) {
        args->operand = word;
        return true;
    }
    if (command->operand == NULL) /* it may be a password: not said again */
        say("%s: takes no argument; see okta-orgd %s --help", command->name,
            command->name);
    else
        say("%s: what is \"%s\"? See okta-orgd %s --help", command->name,
            say_word(word), command->name);
    return false;
}

static bool is_complete(const struct command *command, const struct args *args)
{
    for (int i = 0; i < OPTIONS; i++) {
        if ((command->required & OPT(i)) == 0 || args->value[i] != NULL)
            continue;
        say("%s: --%s %s is missing: %s", command->name, rows[i].name,
            rows[i].value, rows[i].help);
        return false;
    }
    if (command->operand == NULL || args->operand != NULL ||
        command->operand[0] == '[')
        return true;
    say("%s: %s is missing", command->name, command->operand);
    return false;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static enum options_result parse_rest(const struct command *command,
                                      char *const *argv, struct args *args)
{
    bool options = true;

    while (*argv != NULL) {
        if (options && is_help(*argv))
            return OPTIONS_HELP;
        if (options && strcmp(*argv, "--") == 0) {
            options = false;
            argv++;
        } else if (options && strncmp(*argv, "--", 2) == 0) {
            if (!take_option(command, &argv, args))
                return OPTIONS_WRONG;
        } else if (!take_operand(command, *argv++, args)) {
            return OPTIONS_WRONG;
        }
    }
    return is_complete(command, args) ? OPTIONS_OK : OPTIONS_WRONG;
}

/* What follows a first word: "create" after "token". Empty: it is none. */
static void add_second_words(const struct command *commands, size_t count,
                             const char *word, struct okt_buf *out)
{
    size_t len = strlen(word);

    for (size_t i = 0; i < count; i++)
        if (strncmp(commands[i].name, word, len) == 0 &&
            commands[i].name[len] == ' ')
            okt_buf_printf(out, "%s%s", out->len > 0 ? ", " : "",
                           commands[i].name + len + 1);
}

/* No command: says what there is, or asks for the help of all. */
static enum options_result parse_unknown(const struct command *commands,
                                         size_t count, char *const *argv)
{
    OKT_BUF_AUTO words = OKT_BUF_INIT(256);

    add_second_words(commands, count, argv[0], &words);
    if (words.len == 0 || okt_buf_failed(&words))
        say("unknown command %s; see okta-orgd --help", say_word(argv[0]));
    else if (argv[1] != NULL && is_help(argv[1]))
        return OPTIONS_HELP;
    else
        say("%s what? There is: %s; see okta-orgd --help", argv[0], words.data);
    return OPTIONS_WRONG;
}

/* The one with the longest name that argv begins with; NULL: none. *words is
 * how many words that name has. */
static const struct command *find_command(const struct command *commands,
                                          size_t count, char *const *argv,
                                          size_t *words)
{
    const struct command *found = NULL;

    *words = 0;
    for (size_t i = 0; i < count; i++) {
        size_t matched = match(commands[i].name, argv);

        if (matched <= *words)
            continue;
        *words = matched;
        found = &commands[i];
    }
    return found;
}

enum options_result options_parse(const struct command *commands, size_t count,
                                  char *const *argv, struct args *args,
                                  const struct command **out)
{
    bool help;
    size_t words;

    *args = (struct args){ 0 };
    *out = NULL;
    if (argv[0] == NULL) {
        say("which command? See okta-orgd --help");
        return OPTIONS_WRONG;
    }
    if (is_help(argv[0]))
        return OPTIONS_HELP;
    help = strcmp(argv[0], "help") == 0 && argv[1] != NULL && !is_help(argv[1]);
    *out = find_command(commands, count, argv + help, &words);
    if (*out == NULL)
        return parse_unknown(commands, count, argv + help);
    return help ? OPTIONS_HELP : parse_rest(*out, argv + words, args);
}
