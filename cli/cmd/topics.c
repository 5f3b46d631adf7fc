/* SPDX-License-Identifier: Apache-2.0 */
/* topics.c - what "help TOPIC" tells; the man page has it too. */
#include <string.h>

#include "base/mem.h"
#include "cli/cmd/doc.h"
#include "cli/output/output.h"

/* clang-format off */
static const struct doc_item environment[] = {
    { NULL,
"Settings are read from ~/.okta/okta.yaml, then from okta.yaml or .okta.yaml "
"in the working directory, then from the profile in use (see \"help login\"), "
"then from the environment, then from options; the later wins. \"okta-tokens Get-OktaConfiguration\" shows what is in force and "
"where it is from. The files have, under okta: client:, the names that Okta's "
"own tools use." },
    { "OKTA_CLIENT_ORGURL", "The organisation, as --org." },
    { "OKTA_CLIENT_TOKEN",
"The API token; or, where OKTA_CLIENT_AUTHORIZATIONMODE is Bearer, an OAuth "
"access token." },
    { "OKTA_CLIENT_AUTHORIZATIONMODE", "SSWS (unless told) or Bearer." },
    { "OKTA_CLIENT_CONNECTIONTIMEOUT, OKTA_CLIENT_REQUESTTIMEOUT",
"Seconds; 1000 and more are milliseconds, as .NET's tools write them." },
    { "OKTA_CLIENT_RATELIMIT_MAXRETRIES", "As --retries." },
    { "OKTA_CLIENT_PROXY_HOST, _PORT, _USERNAME, _PASSWORD",
"The proxy; else https_proxy, all_proxy and no_proxy count." },
    { "OKTA_CLIENT_CAFILE",
"As --ca-file; caFile in the files." },
    { "SSL_CERT_FILE, SSL_CERT_DIR",
"Certificates to trust in place of the system's: a file, and a folder of such "
"files; where OKTA_CLIENT_CAFILE is not set, nor is a CA of the profile's." },
    { "OKTA_TOKENS_PROFILE", "As --profile." },
    { "XDG_STATE_HOME",
"Where login keeps profiles, in okta-tokens below it (~/.local/state); a "
"relative path does not count." },
    { "NO_COLOR", "If set and not empty: no colours." },
    { "OKTA_TOKENS_PAGER, PAGER, LESS",
"The pager for a terminal, by the first that is set; else less. \"\" and \"cat\" "
"mean none, and there is none where it can't be started, TERM is \"dumb\" or not "
"set. Plain words are a program and its arguments; what holds a character that "
"has a meaning for a shell is run by sh -c. Where LESS is not set, the pager "
"gets LESS=FRX. Variables with secrets are not handed to it." },
    { "COLUMNS", "The terminal's width, where the terminal does not tell." },
    { "SSLKEYLOGFILE, OKTA_TESTING_DISABLE_HTTPS_CHECK",
"Not followed, with a warning: they would give the connection away." },
};

static const struct doc_item exit_codes[] = {
    { NULL,
"They can be relied on. An error is told on standard error: what failed, what "
"Okta said and its request id, and a line \"hint:\" with what to do; with -o "
"json or jsonl as one line {\"error\": {\"code\", \"message\", \"http\", "
"\"oktaErrorCode\", \"errorId\", \"requestId\", \"causes\", \"hint\"}}." },
    { NULL,
"What else is said there is, with json and jsonl, a line of JSON too: "
"{\"warning\"}, {\"note\"}, {\"log\"} (--verbose), {\"change\"} (restrict), "
"{\"next\"} (the cursor after --limit)." },
};

static const struct doc_item security[] = {
    { NULL,
"An API token is a password for the organisation. It is never taken as an "
"option's value, never printed, never logged, and wiped from memory; what has "
"the shape of a token's secret where something else is expected is refused, "
"unsent." },
    { "--token-file",
"The file must be yours or root's, and nobody else may write it. Your own must "
"not be readable by group or others; a pipe or a root-owned mount that is "
"gives a warning." },
    { "--token-stdin",
"One line of at most 256 printable ASCII characters (quotes around it, SSWS "
"before it, and CR LF do no harm). Questions are then asked "
"on /dev/tty alone; where that is not there, they count as not confirmed." },
    { "a prompt",
"If there is no credential and standard input is a terminal, it asks, and "
"shows which org the token is for." },
    { NULL,
"A token only goes to an org that you named: in an option, the environment, "
"~/.okta/okta.yaml or a profile. What a file in the working directory says of "
"the org never counts for a token from elsewhere, nor what it says of a client "
"id or scopes to sign in with; where org and token are both from it, commands "
"that change something say so and name the org. No redirect is followed, nor a link to another host." },
    { NULL,
"Names and beginnings of ids are taken on a terminal only, and only if a list "
"that came to its end holds exactly one such token." },
    { "--allow-agents",
"Tokens of agents (a clientName other than \"Okta API\", or none) are not "
"changed without it." },
    { "--allow-self",
"The token in use is not changed without it. The API does not say which one "
"that is, but whose it is: it is taken to be the token of that user whose last "
"use falls within this run or, since the org counts uses within about a minute "
"as one, which was last used, or made, in the 75 seconds before. Where there "
"are several such, each of them is refused; where the org does not say whose "
"the token in use is, all of the org that were used then. With it, what may be "
"the token in use comes last, whatever the order of the ids." },
    { NULL,
"A refusal (exit code 11) names all tokens that it concerns, and nothing is "
"changed. A dry run shows what would become of the others." },
};

static const struct doc_item with[] = {
    { NULL,
"With list and get, \"--with owner,roles,zones\", or a part of that, also asks "
"for what stands in other objects; so do --fields that name it." },
    { "x.owner.login",
"The login of the user whose the token is. In a table OWNER." },
    { "x.owner.status",
"That user's status, such as ACTIVE, SUSPENDED or DEPROVISIONED." },
    { "x.roles",
"The user's admin roles in force, those through groups too: SUPER_ADMIN, "
"ORG_ADMIN, ..., CUSTOM (label). Who has none: \"none\", in json []." },
    { "x.zones",
"The network condition in words, with the zones' names. In json "
"{\"include\",\"exclude\"}, the names in the places of the ids that network "
"has; null where there is no such zone." },
    { "x.unknown",
"Which of owner, roles and zones are not known, and why: forbidden (the "
"credential may not read it), not_found, no_owner (the org does not say whose "
"the token is)." },
    { NULL,
"What is not known is \"unknown\", in json null, never empty; a warning says "
"what it would take. Any other failure ends the command, and a list stays "
"unclosed." },
    { NULL,
"A table has OWNER, OWNER STATUS and ROLES in OWNER's place and ZONES in "
"NETWORK's; tsv and csv have the fields behind their other columns; json has "
"them in x, where unknown is {} if all is known." },
    { NULL,
"Each user is asked for once, each user's roles once, and the list of zones "
"once, however many tokens share them; what no token needs, not at all." },
};

#define TOPIC(n, s, list) { n, s, NULL, list, ARRAY_LEN(list) }

const struct doc_topic doc_topics[] = {
    TOPIC("environment", "settings, and where they are read from",
          environment),
    TOPIC("exit-codes",  "what the exit code says, and how errors look",
          exit_codes),
    { "output", "the formats, the fields, the words of x.status",
      output_help, NULL, 0 },
    TOPIC("security",    "where tokens come from and go to, and the guards",
          security),
    TOPIC("with",        "owners, roles and zones of tokens: --with", with),
};
/* clang-format on */

const size_t doc_topic_count = ARRAY_LEN(doc_topics);

const struct doc_topic *doc_topic_find(const char *name)
{
    for (size_t i = 0; i < doc_topic_count; i++)
        if (strcmp(doc_topics[i].name, name) == 0)
            return &doc_topics[i];
    return NULL;
}
