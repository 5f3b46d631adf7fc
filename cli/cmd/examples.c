/* SPDX-License-Identifier: Apache-2.0 */
/* examples.c - two examples for each command. */
#include <string.h>

#include "base/mem.h"
#include "cli/cmd/doc.h"

#define ID "00Tabcdefghijklmnopq"
#define APP "0oaabcdefghijklmnopq"
#define ORG "https://acme.okta.com"

/* clang-format off */
static const struct {
    const char *command;
    struct doc_item items[DOC_EXAMPLES];
} examples[] = {
    { "list", {
        { "okta-tokens list --with owner,roles,zones",
          "Shows whose the tokens are, what those may do, and from where." },
        { "okta-tokens list -o csv --csv-bom > tokens.csv",
          "Writes all tokens for a spreadsheet." } } },
    { "get", {
        { "okta-tokens get " ID,
          "Shows one token, a field a line." },
        { "okta-tokens get --name ci-deploy --with owner -o json",
          "Finds a token by its name, on a terminal, and shows its owner." } } },
    { "restrict", {
        { "okta-tokens restrict " ID " --zone Office --dry-run",
          "Shows what would change, and changes nothing." },
        { "okta-tokens restrict " ID " --anywhere",
          "Takes the restriction away." } } },
    { "revoke", {
        { "okta-tokens revoke " ID " --dry-run",
          "Shows whose token it is, and revokes nothing." },
        { "okta-tokens revoke " ID " --yes --if-exists",
          "Revokes it without a question; it may be gone already." } } },
    { "revoke-current", {
        { "okta-tokens revoke-current --yes --token-stdin --org " ORG
          " < leaked.txt",
          "Revokes a token that leaked." },
        { "okta-tokens revoke-current --dry-run",
          "Shows which credential would be revoked." } } },
    { "zones", {
        { "okta-tokens zones",
          "Lists the network zones that restrict --zone takes." },
        { "okta-tokens zones -o json",
          "Prints them for a script." } } },
    { "login", {
        { "okta-tokens login --org " ORG " --client-id " APP,
          "Signs in with a browser." },
        { "okta-tokens login --org " ORG " --client-id " APP " --key key.pem",
          "Signs in as a service app." } } },
    { "logout", {
        { "okta-tokens logout --revoke",
          "Ends the sign-in at the org, too." },
        { "okta-tokens logout --all",
          "Forgets every profile." } } },
    { "whoami", {
        { "okta-tokens whoami",
          "Shows the org, the user and the credential in use." },
        { "okta-tokens whoami --profile acme -o json",
          "Prints the same of another profile, for a script." } } },
    { "auth", {
        { "okta-tokens auth token --header | curl -H @- " ORG
          "/api/v1/users/me",
          "Calls the API with curl." },
        { "okta-tokens auth token | program --token-stdin",
          "Hands the credential alone to a program." } } },
    { "profile", {
        { "okta-tokens profile list",
          "Shows the profiles, a star at the one in use." },
        { "okta-tokens profile use acme",
          "Uses another one from now on." } } },
    { "version", {
        { "okta-tokens version",
          "Prints the versions of the command and of its library." },
        { "okta-tokens version | head -n 1",
          "Prints that of the command alone." } } },
    { "help", {
        { "okta-tokens help output",
          "Explains the formats and fields." },
        { "okta-tokens help restrict",
          "Explains a command." } } },
    { "completion", {
        { "okta-tokens completion bash > "
          "~/.local/share/bash-completion/completions/okta-tokens",
          "Installs completion for bash." },
        { "okta-tokens completion fish > "
          "~/.config/fish/completions/okta-tokens.fish",
          "Installs completion for fish." } } },
    { "Get-OktaApiToken", {
        { "okta-tokens Get-OktaApiToken -ApiTokenId " ID,
          "Shows one token." },
        { "okta-tokens Get-OktaApiToken " ID " -WithHttpInfo",
          "Prints the status and the headers, too." } } },
    { "Invoke-OktaListApiTokens", {
        { "okta-tokens Invoke-OktaListApiTokens -Limit 20 -Q deploy",
          "Lists one page of tokens with that text in their names." },
        { "okta-tokens Invoke-OktaListApiTokens -WithHttpInfo",
          "Prints NextPageUri, too, which -Uri takes." } } },
    { "Revoke-OktaApiToken", {
        { "okta-tokens Revoke-OktaApiToken " ID " --dry-run",
          "Shows what would be revoked." },
        { "okta-tokens Revoke-OktaApiToken -ApiTokenId " ID,
          "Revokes it, without a question." } } },
    { "Revoke-OktaCurrentApiToken", {
        { "okta-tokens Revoke-OktaCurrentApiToken --dry-run",
          "Shows which credential would be revoked." },
        { "okta-tokens Revoke-OktaCurrentApiToken -WithHttpInfo",
          "Revokes it, and prints the status and the headers." } } },
    { "Get-OktaConfiguration", {
        { "okta-tokens Get-OktaConfiguration",
          "Shows each setting and where it comes from." },
        { "okta-tokens Get-OktaConfiguration --profile acme -o json",
          "Prints those of a profile, for a script." } } },
};
/* clang-format on */

const struct doc_item *doc_examples(const char *command)
{
    for (size_t i = 0; i < ARRAY_LEN(examples); i++)
        if (strcmp(examples[i].command, command) == 0)
            return examples[i].items;
    return NULL;
}
