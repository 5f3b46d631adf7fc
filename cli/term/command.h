/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command.h - the tables of commands and options.
 *
 * Help, man page and completions are made from them: an option that is not
 * here does not exist, one that is here is documented.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

enum option_id {
    /* taken by every command, before or after its name */
    OPT_ORG,
    OPT_PROFILE,
    OPT_TOKEN_FILE,
    OPT_TOKEN_STDIN,
    OPT_CA_FILE,
    OPT_PROXY,
    OPT_TIMEOUT,
    OPT_RETRIES,
    OPT_MAX_WAIT,
    OPT_RESERVE,
    OPT_OUTPUT,
    OPT_FIELDS,
    OPT_NO_HEADER,
    OPT_CSV_BOM,
    OPT_TIME,
    OPT_COLOR,
    OPT_NO_PAGER,
    OPT_VERBOSE,
    OPT_DEBUG_HTTP,
    OPT_HELP,
    OPT_VERSION,
    /* taken by some */
    OPT_Q,
    OPT_MAX,
    OPT_LIMIT,
    OPT_AFTER,
    OPT_WITH,
    OPT_NAME,
    OPT_ZONE,
    OPT_NOT_ZONE,
    OPT_ANY_ZONE,
    OPT_NO_ZONE,
    OPT_ANYWHERE,
    OPT_YES,
    OPT_DRY_RUN,
    OPT_IF_EXISTS,
    OPT_ALLOW_AGENTS,
    OPT_ALLOW_SELF,
    OPT_CLIENT_ID,
    OPT_SCOPES,
    OPT_KEY,
    OPT_KEY_ID,
    OPT_DPOP,
    OPT_QR,
    OPT_NO_BROWSER,
    OPT_NON_INTERACTIVE,
    OPT_COMPLETE,
    OPT_REVOKE,
    OPT_ALL,
    OPT_HEADER,
    /* parameters of the PowerShell names: "-Limit", any letter case */
    PAR_API_TOKEN_ID,
    PAR_AFTER,
    PAR_LIMIT,
    PAR_Q,
    PAR_URI,
    PAR_WITH_HTTP_INFO,
    OPTION_COUNT,
    OPERAND = OPTION_COUNT /* what is no option, in struct given */
};

#define OPTION_GLOBAL_LAST OPT_VERSION
#define OPTION_PARAMETER_FIRST PAR_API_TOKEN_ID

struct option {
    const char *name;    /* "token-file"; of a parameter "ApiTokenId" */
    const char *value;   /* what it takes, such as "FILE"; NULL: nothing */
    const char *choices; /* "a|b|c" if it takes one of them; or NULL */
    long min;            /* a whole number from min to max, if max > 0 */
    long max;
    char letter;  /* of "-o"; or 0 */
    bool repeats; /* may be given more than once */
    bool empty;   /* its value may be "" */
    const char *help;
};

extern const struct option option_table[OPTION_COUNT];

/* A set of options. */
typedef uint64_t option_set;
#define OPTION_BIT(id) (UINT64_C(1) << (id))

enum { COMMAND_POSITIONS = 3, OPERANDS_MAX = 1000 };

struct command {
    const char *name;
    const char *args;    /* of its usage line, options apart: "ID..." */
    const char *summary; /* one line */
    const char *text;    /* more of it, paragraphs apart by "\n" */
    option_set options;  /* beside the global ones */
    size_t min_operands; /* counted without names given by --name */
    size_t max_operands;
    /* PowerShell names: the parameters that operands stand for, in order. */
    size_t position_count;
    enum option_id positions[COMMAND_POSITIONS];
    bool bulk;         /* with any number of tokens but one, it leaves others a
                          share of the rate limit */
    bool paged;        /* what it prints goes through a pager on a terminal */
    bool no_profile;   /* it is about profiles, and works with none */
    const char *scope; /* the OAuth scope it takes; NULL: sends nothing */
    int (*run)(struct session *session);
};

extern const struct command commands[];
extern const size_t command_count;

/* NULL: there is no such command. PowerShell names in any letter case. */
const struct command *command_find(const char *name);

bool command_is_powershell(const struct command *command);

/* Whether command, which may be NULL (none yet), takes that option. */
bool command_takes(const struct command *command, enum option_id id);

bool option_is_global(enum option_id id);
bool option_is_parameter(enum option_id id);

/* What stands before its name: "-" for a parameter, "--" for an option. */
const char *option_dashes(enum option_id id);

/* One file a command, cmd_*.c. They return an exit code. */
int cmd_list(struct session *session);
int cmd_get(struct session *session);
int cmd_restrict(struct session *session);
int cmd_revoke(struct session *session);
int cmd_revoke_current(struct session *session);
int cmd_zones(struct session *session);
int cmd_login(struct session *session);
int cmd_logout(struct session *session);
int cmd_whoami(struct session *session);
int cmd_auth(struct session *session);
int cmd_profile(struct session *session);
int cmd_version(struct session *session);
int cmd_help(struct session *session);
int cmd_completion(struct session *session);
int cmd_pwsh_get(struct session *session);
int cmd_pwsh_list(struct session *session);
int cmd_pwsh_revoke(struct session *session);
int cmd_pwsh_revoke_current(struct session *session);
int cmd_pwsh_configuration(struct session *session);

#endif
