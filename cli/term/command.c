/* SPDX-License-Identifier: Apache-2.0 */
/* command.c - the tables of commands and options, and looking things up. */
#include "cli/term/command.h"

#include <ctype.h>
#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "wire/api.h"

/* clang-format off */
const struct option option_table[OPTION_COUNT] = {
    [OPT_ORG] = { .name = "org", .value = "URL",
        .help = "the organisation, such as https://acme.okta.com" },
    [OPT_PROFILE] = { .name = "profile", .value = "NAME",
        .help = "the profile that \"login\" made, in place of the one in use" },
    [OPT_TOKEN_FILE] = { .name = "token-file", .value = "FILE",
        .help = "read the API token from FILE, which must be yours and closed "
                "to others" },
    [OPT_TOKEN_STDIN] = { .name = "token-stdin",
        .help = "read the API token from standard input" },
    [OPT_CA_FILE] = { .name = "ca-file", .value = "FILE",
        .help = "trust the certificates in FILE (PEM or DER), not the "
                "system's" },
    [OPT_PROXY] = { .name = "proxy", .value = "URL", .empty = true,
        .help = "go through this proxy, http://host:port; \"\" goes through "
                "none" },
    [OPT_TIMEOUT] = { .name = "timeout", .value = "SECONDS", .min = 1,
        .max = 3600, .help = "give a request up after so long (30)" },
    [OPT_RETRIES] = { .name = "retries", .value = "N", .max = 100,
        .help = "send a failed request again up to N times (4)" },
    [OPT_MAX_WAIT] = { .name = "max-wait", .value = "SECONDS", .max = 86400,
        .help = "wait for the org's rate limit no longer than this in the "
                "whole run (300)" },
    [OPT_RESERVE] = { .name = "reserve", .value = "PERCENT", .max = 99,
        .help = "leave others so much of the org's rate limit, by waiting "
                "for its reset (10; for one token alone 0)" },
    [OPT_OUTPUT] = { .name = "output", .value = "FORMAT", .letter = 'o',
        .choices = "table|json|jsonl|csv|tsv",
        .help = "how to print: a table on a terminal, tsv elsewhere, unless "
                "told" },
    [OPT_FIELDS] = { .name = "fields", .value = "A,B,...",
        .help = "print these fields, such as id,name,x.status" },
    [OPT_NO_HEADER] = { .name = "no-header",
        .help = "print no line of column names" },
    [OPT_CSV_BOM] = { .name = "csv-bom",
        .help = "begin csv with a byte order mark, as Excel wants it" },
    [OPT_TIME] = { .name = "time", .value = "HOW",
        .choices = "iso|relative|unix", .help = "how to print times" },
    [OPT_COLOR] = { .name = "color", .value = "WHEN",
        .choices = "auto|always|never",
        .help = "colours: auto (on a terminal, unless NO_COLOR is set and not "
                "empty)" },
    [OPT_NO_PAGER] = { .name = "no-pager",
        .help = "print on the terminal without a pager" },
    [OPT_VERBOSE] = { .name = "verbose", .letter = 'v',
        .help = "a line on standard error for each request" },
    [OPT_DEBUG_HTTP] = { .name = "debug-http",
        .help = "headers too, every credential left out" },
    [OPT_HELP] = { .name = "help", .letter = 'h',
        .help = "explain the command" },
    [OPT_VERSION] = { .name = "version", .help = "print the versions" },

    [OPT_Q] = { .name = "q", .value = "TEXT", .empty = true,
        .help = "only tokens whose name or client name holds TEXT, letter "
                "case aside" },
    [OPT_MAX] = { .name = "max", .value = "N", .min = 1, .max = 1000000000,
        .help = "no more than N tokens in all" },
    [OPT_LIMIT] = { .name = "limit", .value = "N", .min = OKT_LIMIT_MIN,
        .max = OKT_LIMIT_MAX,
        .help = "one page of at most N tokens, and on standard error the "
                "cursor to go on with" },
    [OPT_AFTER] = { .name = "after", .value = "CURSOR",
        .help = "go on at the cursor that --limit gave" },
    [OPT_WITH] = { .name = "with", .value = "PARTS",
        .help = "also owner (login and status of whose it is), roles (the "
                "owner's, through groups too) and zones (the names of its "
                "network zones), a comma between them" },
    [OPT_NAME] = { .name = "name", .value = "NAME", .repeats = true,
        .help = "the token of exactly that name; on a terminal only, and "
                "only if there is one such" },
    [OPT_ZONE] = { .name = "zone", .value = "ZONE", .repeats = true,
        .help = "only from this network zone (its name, or its id, nzo...)" },
    [OPT_NOT_ZONE] = { .name = "not-zone", .value = "ZONE", .repeats = true,
        .help = "from everywhere but this network zone" },
    [OPT_ANY_ZONE] = { .name = "any-zone",
        .help = "only from a network zone of the org, whichever" },
    [OPT_NO_ZONE] = { .name = "no-zone",
        .help = "only from outside of all network zones" },
    [OPT_ANYWHERE] = { .name = "anywhere", .help = "from everywhere" },
    [OPT_YES] = { .name = "yes", .help = "do not ask" },
    [OPT_DRY_RUN] = { .name = "dry-run",
        .help = "change nothing, only say what would be done" },
    [OPT_IF_EXISTS] = { .name = "if-exists",
        .help = "a token that is gone already counts as revoked" },
    [OPT_ALLOW_AGENTS] = { .name = "allow-agents",
        .help = "also tokens of agents (clientName other than \"Okta API\")" },
    [OPT_ALLOW_SELF] = { .name = "allow-self",
        .help = "also the token that this command itself uses" },
    [OPT_CLIENT_ID] = { .name = "client-id", .value = "ID",
        .help = "the app to sign in with (0oa...): a native one, or with "
                "--key a service app" },
    [OPT_SCOPES] = { .name = "scopes", .value = "A,B,...",
        .help = "ask for these scopes (those of API tokens, and "
                "offline_access)" },
    [OPT_KEY] = { .name = "key", .value = "FILE",
        .help = "sign in as a service app with this private key, PEM or JWK; "
                "it stays where it is" },
    [OPT_KEY_ID] = { .name = "key-id", .value = "ID",
        .help = "the key's id (kid), if the file does not say it" },
    [OPT_DPOP] = { .name = "dpop",
        .help = "bind the tokens to a key that never leaves this machine" },
    [OPT_QR] = { .name = "qr", .help = "show the address as a QR code too" },
    [OPT_NO_BROWSER] = { .name = "no-browser", .help = "open no browser" },
    [OPT_NON_INTERACTIVE] = { .name = "non-interactive",
        .help = "print what a person needs to know as JSON, and exit" },
    [OPT_COMPLETE] = { .name = "complete", .value = "HANDLE",
        .help = "go on with a sign-in that --non-interactive began" },
    [OPT_REVOKE] = { .name = "revoke",
        .help = "revoke the OAuth tokens too, at the org" },
    [OPT_ALL] = { .name = "all", .help = "all profiles" },
    [OPT_HEADER] = { .name = "header",
        .help = "the whole header's line, as curl -H @- takes it" },

    [PAR_API_TOKEN_ID] = { .name = "ApiTokenId", .value = "ID",
        .help = "the token's id" },
    [PAR_AFTER] = { .name = "After", .value = "CURSOR",
        .help = "go on at this cursor" },
    [PAR_LIMIT] = { .name = "Limit", .value = "N", .min = OKT_LIMIT_MIN,
        .max = OKT_LIMIT_MAX, .help = "at most N tokens (as the org likes)" },
    [PAR_Q] = { .name = "Q", .value = "TEXT", .empty = true,
        .help = "only tokens whose name or client name holds TEXT" },
    [PAR_URI] = { .name = "Uri", .value = "URL",
        .help = "go on at this NextPageUri; it must be the org's own" },
    [PAR_WITH_HTTP_INFO] = { .name = "WithHttpInfo",
        .help = "print {\"Response\",\"StatusCode\",\"Headers\","
                "\"NextPageUri\"}, on failure too" },
};

#define B OPTION_BIT
#define CHANGES (B(OPT_DRY_RUN) | B(OPT_ALLOW_AGENTS) | B(OPT_ALLOW_SELF))

const struct command commands[] = {
    { .name = "list", .args = "", .summary = "list the org's API tokens",
      .text =
"Prints all tokens, over all pages, as they come; or those from a cursor on.\n"
"With --limit it prints one page, and the cursor to go on with goes to "
"standard error. Some orgs ignore --limit and --q: then both are applied "
"here, and a page that had to be cut has no cursor.\n"
"A list that breaks off ends with an exit code other than 0, and a JSON array "
"stays unclosed.\n"
"With --with it asks for what stands in other objects, too: at most two requests "
"for each distinct owner, and one list of zones (see \"help with\").",
      .options = B(OPT_Q) | B(OPT_MAX) | B(OPT_LIMIT) | B(OPT_AFTER) |
          B(OPT_WITH),
      .bulk = true, .paged = true,
      .scope = OKT_SCOPE_READ, .run = cmd_list },
    { .name = "get", .args = "ID...", .summary = "show one token or more",
      .text =
"One id gives an object, several an array. On a terminal the beginning of an "
"id (00Tab) does, if only one token has it; elsewhere only whole ids are "
"taken. 20 characters that begin with 00T are only ever an id.\n"
"With --with it asks for more, as list does.",
      .options = B(OPT_NAME) | B(OPT_WITH),
      .min_operands = 1, .max_operands = OPERANDS_MAX, .bulk = true,
      .paged = true, .scope = OKT_SCOPE_READ, .run = cmd_get },
    { .name = "restrict", .args = "ID...",
      .summary = "change from where tokens may be used",
      .text =
"Takes exactly one of: --zone (once or more), --not-zone (once or more), "
"--any-zone, --no-zone, --anywhere. Reads the token, shows on standard error "
"what it was and will be, writes, and reads again to see that the org took "
"it. A token that is so already is left alone.\n"
"A zone is given by its name, letter for letter, or by its id; 20 characters "
"that begin with nzo are only ever an id. It warns where the address that the "
"token was last seen at, as the System Log has it, would be shut out, and "
"says so where that is unknown.\n"
"It asks where there are several; where there is no terminal, --yes is then "
"needed. Try --dry-run first. A token of an agent needs "
"--allow-agents, the token in use needs --allow-self (see \"help security\").",
      .options = B(OPT_ZONE) | B(OPT_NOT_ZONE) | B(OPT_ANY_ZONE) |
          B(OPT_NO_ZONE) | B(OPT_ANYWHERE) | B(OPT_NAME) | B(OPT_YES) | CHANGES,
      .min_operands = 1, .max_operands = OPERANDS_MAX, .bulk = true,
      .scope = OKT_SCOPE_MANAGE, .run = cmd_restrict },
    { .name = "revoke", .args = "ID...", .summary = "revoke tokens for good",
      .text =
"Shows name, owner, the owner's status and roles, network and last use of each, with "
"--allow-agents the client, too, and asks once. With --dry-run a line each tells whose they are, with --yes "
"nothing is asked for but the tokens. Where there is no terminal, --yes is "
"needed. A token that is not there is a "
"failure (exit code 6), unless --if-exists is given.\n"
"A token of an agent needs --allow-agents, the token in use needs "
"--allow-self (see \"help security\"). If one of several is refused so, none "
"is revoked; a dry run shows the rest.",
      .options = B(OPT_YES) | B(OPT_IF_EXISTS) | B(OPT_NAME) | CHANGES,
      .min_operands = 1, .max_operands = OPERANDS_MAX, .bulk = true,
      .scope = OKT_SCOPE_MANAGE, .run = cmd_revoke },
    { .name = "revoke-current", .args = "",
      .summary = "revoke the token that this command uses",
      .text =
"Asks first; where there is no terminal, --yes is needed. Only for API "
"tokens: OAuth access tokens have no such operation. If the answer is lost "
"and a second attempt is told that the token is unknown, it has worked.",
      .options = B(OPT_YES) | B(OPT_DRY_RUN),
      .scope = OKT_SCOPE_MANAGE, .run = cmd_revoke_current },
    { .name = "zones", .args = "", .summary = "list the org's network zones",
      .text =
"Prints all of them, as they come: those that restrict takes by name or id. "
"Fields, and columns in this order: id, name, status, type, gateways (of an IP "
"zone its addresses, a space between them). json and jsonl have what the org "
"sent.",
      .bulk = true, .paged = true,
      .scope = OKT_SCOPE_ZONES, .run = cmd_zones },
    { .name = "login", .args = "", .summary = "sign in, and stay signed in",
      .text =
"With a browser: shows a code and the page to type it on, and waits until "
"somebody has signed in there and allowed it. It takes --client-id, the id of "
"a native app that the org has for this. Where there is no terminal, "
"--non-interactive prints all of that as JSON and ends, and --complete waits.\n"
"It asks for the scopes that listing, restricting and revoking tokens take, and "
"for okta.users.read, okta.roles.read and okta.networkZones.read: whose they "
"are, what those may do and their zones' names. What the app lacks is left out, "
"and said. --scopes asks for others; --scopes +okta.logs.read for one more.\n"
"Who signs in again need not repeat anything: org, client and scopes are those "
"of the profile in use, or the one that --org or --profile means.\n"
"As a service app: --client-id and --key. With an API token: --token-file or "
"--token-stdin.\n"
"What is secret goes to the Secret Service, if one runs, else into a file of "
"mode 0600 below $XDG_STATE_HOME/okta-tokens (~/.local/state); it says which. "
"The Secret Service keeps it for that state folder and that org alone. "
"The profile is called as the org's host, unless --profile names it, and is "
"the one in use from then on.",
      .options = B(OPT_CLIENT_ID) | B(OPT_SCOPES) | B(OPT_KEY) |
          B(OPT_KEY_ID) | B(OPT_DPOP) | B(OPT_QR) | B(OPT_NO_BROWSER) |
          B(OPT_NON_INTERACTIVE) | B(OPT_COMPLETE),
      .no_profile = true, .scope = OKT_SCOPE_READ, .run = cmd_login },
    { .name = "logout", .args = "",
      .summary = "forget what login kept",
      .text =
"Of the profile in use, or the one that --profile names; with --all of every "
"one. It revokes nothing unless told: --revoke ends the tokens of those who "
"signed in with a browser or as a service. An API token it never revokes: that "
"is what revoke-current does.\n"
"It waits for other processes that use the profile, for as long as --timeout "
"says. Where a copy of the secret can't be removed, as from a keyring that is "
"locked, it ends with 1 and says what is left; repeat it then. --all goes on "
"with the other profiles, and removes sign-ins under way, too.",
      .options = B(OPT_REVOKE) | B(OPT_ALL), .no_profile = true,
      .scope = OKT_SCOPE_READ, .run = cmd_logout },
    { .name = "whoami", .args = "",
      .summary = "show for which org you are signed in, as whom, and how",
      .text =
"Org, profile, kind of credential, user, scopes, when the access token ends, "
"whether it is bound to a key (DPoP), and what is left of the rate limit.",
      .scope = OKT_SCOPE_READ, .run = cmd_whoami },
    { .name = "auth", .args = "token",
      .summary = "hand the credential to another program",
      .text =
"Prints it to a pipe or a file, never to a terminal. Use it so: okta-tokens "
"auth token --header | curl -H @- https://acme.okta.com/api/v1/users/me - in an "
"argument, every process on the machine could read it. A token that is bound "
"to a key (DPoP) is of no use alone and is refused.",
      .options = B(OPT_HEADER), .min_operands = 1, .max_operands = 1,
      .scope = OKT_SCOPE_READ, .run = cmd_auth },
    { .name = "profile", .args = "list|use|remove [NAME]",
      .summary = "which orgs you are signed in to, and which one is used",
      .text =
"A profile is an org and one credential for it, as \"login\" made it. \"list\" "
"shows them, a star at the one in use; \"use\" makes another that one; "
"\"remove\" forgets one, here: it revokes nothing (see \"logout\").",
      .min_operands = 1, .max_operands = 2, .run = cmd_profile },
    { .name = "version", .args = "", .summary = "print the versions",
      .run = cmd_version },
    { .name = "help", .args = "[TOPIC]",
      .summary = "explain a command or a topic",
      .text = "Topics: environment, exit-codes, output, security, with.",
      .max_operands = 1, .run = cmd_help },
    { .name = "completion", .args = "bash|zsh|fish",
      .summary = "print a completion script for a shell",
      .text =
"For bash: source <(okta-tokens completion bash). For zsh: put the output "
"into a file _okta-tokens in a folder of $fpath. For fish: put it into "
"~/.config/fish/completions/okta-tokens.fish.",
      .min_operands = 1, .max_operands = 1, .run = cmd_completion },

    { .name = "Get-OktaApiToken", .args = "",
      .summary = "get, by its PowerShell name",
      .options = B(PAR_API_TOKEN_ID) | B(PAR_WITH_HTTP_INFO),
      .position_count = 1, .positions = { PAR_API_TOKEN_ID },
      .paged = true, .scope = OKT_SCOPE_READ, .run = cmd_pwsh_get },
    { .name = "Invoke-OktaListApiTokens", .args = "",
      .summary = "one page of list, by its PowerShell name",
      .text =
"What -Uri gives must have the org's own scheme, host and port and the path "
"of this operation; only its query is used.",
      .options = B(PAR_AFTER) | B(PAR_LIMIT) | B(PAR_Q) | B(PAR_URI) |
          B(PAR_WITH_HTTP_INFO),
      .position_count = 3, .positions = { PAR_AFTER, PAR_LIMIT, PAR_Q },
      .paged = true, .scope = OKT_SCOPE_READ, .run = cmd_pwsh_list },
    { .name = "Revoke-OktaApiToken", .args = "",
      .summary = "revoke, by its PowerShell name; never asks",
      .text =
"Does not ask, as in PowerShell. Tokens of agents and the token in use are "
"guarded all the same.",
      .options = B(PAR_API_TOKEN_ID) | B(PAR_WITH_HTTP_INFO) |
          B(OPT_IF_EXISTS) | CHANGES,
      .position_count = 1, .positions = { PAR_API_TOKEN_ID },
      .scope = OKT_SCOPE_MANAGE, .run = cmd_pwsh_revoke },
    { .name = "Revoke-OktaCurrentApiToken", .args = "",
      .summary = "revoke-current, by its PowerShell name; never asks",
      .options = B(PAR_WITH_HTTP_INFO) | B(OPT_DRY_RUN),
      .scope = OKT_SCOPE_MANAGE, .run = cmd_pwsh_revoke_current },
    { .name = "Get-OktaConfiguration", .args = "",
      .summary = "show the settings in force and where each comes from",
      .text = "Sends nothing. What is secret is masked.",
      .run = cmd_pwsh_configuration },
};
/* clang-format on */

const size_t command_count = ARRAY_LEN(commands);

bool command_is_powershell(const struct command *command)
{
    return isupper((unsigned char)command->name[0]) != 0;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &commands[i];

        if (command_is_powershell(command)
                ? okt_casecmp(command->name, name) == 0
                : strcmp(command->name, name) == 0)
            return command;
    }
    return NULL;
}

bool option_is_global(enum option_id id)
{
    return id <= OPTION_GLOBAL_LAST;
}

bool option_is_parameter(enum option_id id)
{
    return id >= OPTION_PARAMETER_FIRST && id < OPTION_COUNT;
}

bool command_takes(const struct command *command, enum option_id id)
{
    if (option_is_global(id))
        return true;
    return command != NULL && (command->options & OPTION_BIT(id)) != 0;
}

const char *option_dashes(enum option_id id)
{
    return option_is_parameter(id) ? "-" : "--";
}
