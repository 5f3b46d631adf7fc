/* SPDX-License-Identifier: Apache-2.0 */
/* completion.c - completion scripts for bash, zsh and fish, from the tables. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cmd/doc.h"
#include "cli/enrich/context.h"
#include "cli/output/field.h"

const char *const doc_shells[] = { "bash", "zsh", "fish", NULL };

static bool takes_file(enum option_id id)
{
    return option_table[id].value != NULL &&
           strcmp(option_table[id].value, "FILE") == 0;
}

/* "a|b|c" as "a b c"; what follows a space in it is no choice. */
static void add_choices(struct okt_buf *out, const char *choices)
{
    for (; *choices != '\0' && *choices != ' '; choices++)
        okt_buf_char(out, *choices == '|' ? ' ' : *choices);
}

/* What is in a list that an option takes; false: it takes none. */
static bool add_list(struct okt_buf *out, enum option_id id)
{
    if (id == OPT_WITH)
        for (size_t i = 0; i < PART_COUNT; i++)
            okt_buf_printf(out, "%s%s", i > 0 ? " " : "", part_names[i]);
    if (id == OPT_FIELDS)
        for (size_t i = 0; field_name(i) != NULL; i++)
            okt_buf_printf(out, "%s%s", i > 0 ? " " : "", field_name(i));
    return id == OPT_WITH || id == OPT_FIELDS;
}

/* The function of each script that prints what an option may be, a line each;
 * NULL: none does. */
static const char *source_of(enum option_id id)
{
    if (id == OPT_PROFILE)
        return "profiles";
    return id == OPT_ZONE || id == OPT_NOT_ZONE ? "zones" : NULL;
}

#define PROFILES                                                     \
    "okta-tokens profile list 2>/dev/null </dev/null | cut -c 3- | " \
    "cut -f 1"
#define ZONES " zones -o tsv 2>/dev/null </dev/null | cut -f 2"

/* What may stand as its operand, apart by spaces; nothing for ids. */
static void add_operands(struct okt_buf *out, const struct command *command)
{
    if (islower((unsigned char)command->args[0])) {
        add_choices(out, command->args);
        return;
    }
    if (command->run != cmd_help)
        return;
    for (size_t i = 0; i < doc_topic_count; i++)
        okt_buf_printf(out, "%s%s", i > 0 ? " " : "", doc_topics[i].name);
    for (size_t i = 0; i < command_count; i++)
        okt_buf_printf(out, " %s", commands[i].name);
}

/* ---------------------------------------------------------------- bash -- */

/* "--output|-o" of a case. */
static void bash_pattern(struct okt_buf *out, enum option_id id)
{
    okt_buf_printf(out, "%s%s", option_dashes(id), option_table[id].name);
    if (option_table[id].letter != 0)
        okt_buf_printf(out, "|-%c", option_table[id].letter);
}

static void bash_list(struct okt_buf *out, enum option_id id)
{
    OKT_BUF_AUTO words = OKT_BUF_INIT(DOC_MAX);

    if (add_list(&words, id) && !okt_buf_failed(&words))
        okt_buf_printf(out, "_okta_tokens_list '%s'; ", words.data);
}

/* What comes after an option that takes a value. */
static void bash_values(struct okt_buf *out)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        enum option_id id = (enum option_id)i;

        if (option_table[id].value == NULL)
            continue;
        okt_buf_str(out, "    ");
        bash_pattern(out, id);
        okt_buf_str(out, ") ");
        if (option_table[id].choices != NULL) {
            okt_buf_str(out, "COMPREPLY=($(compgen -W '");
            add_choices(out, option_table[id].choices);
            okt_buf_str(out, "' -- \"$cur\")); ");
        } else if (takes_file(id)) {
            okt_buf_str(out, "COMPREPLY=($(compgen -f -- \"$cur\")); ");
        } else if (source_of(id) != NULL) {
            okt_buf_printf(out, "_okta_tokens_lines < <(_okta_tokens_%s); ",
                           source_of(id));
        } else {
            bash_list(out, id);
        }
        okt_buf_str(out, "return ;;\n");
    }
}

static void bash_options(struct okt_buf *out, const struct command *command)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (command_takes(command, (enum option_id)i))
            okt_buf_printf(out, " %s%s", option_dashes((enum option_id)i),
                           option_table[i].name);
}

static void bash_commands(struct okt_buf *out, const char *between)
{
    for (size_t i = 0; i < command_count; i++)
        okt_buf_printf(out, "%s%s", i > 0 ? between : "", commands[i].name);
}

/* Names of zones are foreign text: compgen -W would expand them, so each goes
 * through printf %q. */
static const char bash_helpers[] =
    "_okta_tokens_profiles() {\n"
    "    " PROFILES "\n"
    "}\n"
    "_okta_tokens_zones() {\n"
    "    local i settings=()\n"
    "    for ((i = 1; i + 1 < COMP_CWORD; i++)); do\n"
    "        [[ ${COMP_WORDS[i]} != --profile ]] ||\n"
    "            settings=(--profile \"${COMP_WORDS[i+1]}\")\n"
    "    done\n"
    "    okta-tokens \"${settings[@]}\"" ZONES "\n"
    "}\n"
    "_okta_tokens_lines() {\n"
    "    local line\n"
    "    while IFS= read -r line; do\n"
    "        [[ $line != \"$cur\"* ]] ||\n"
    "            COMPREPLY+=(\"$(printf %q "
    "\"$line\")\")\n"
    "    done\n"
    "}\n"
    "_okta_tokens_list() {\n"
    "    local word before=\n"
    "    [[ $cur != *,* ]] || before=${cur%,*},\n"
    "    for word in $1; do\n"
    "        [[ ,$before == *\",$word,\"* || "
    "$word != \"${cur##*,}\"* ]] ||\n"
    "            COMPREPLY+=(\"$before$word\")\n"
    "    done\n"
    "    compopt -o nospace 2>/dev/null\n"
    "}\n";

static void bash(struct okt_buf *out)
{
    okt_buf_str(out, "# bash completion for okta-tokens\n");
    okt_buf_str(out, bash_helpers);
    okt_buf_str(out,
                "_okta_tokens() {\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} command= words i\n"
                "    COMPREPLY=()\n"
                "    case ${COMP_WORDS[COMP_CWORD-1]} in\n");
    bash_values(out);
    okt_buf_str(out, "    esac\n"
                     "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                     "        case ${COMP_WORDS[i]} in\n"
                     "        ");
    bash_commands(out, "|");
    okt_buf_str(out, ") command=${COMP_WORDS[i]}; break ;;\n"
                     "        esac\n"
                     "    done\n"
                     "    case $command in\n"
                     "    '') words='");
    bash_commands(out, " ");
    bash_options(out, NULL);
    okt_buf_str(out, "' ;;\n");
    for (size_t i = 0; i < command_count; i++) {
        okt_buf_printf(out, "    %s) words='", commands[i].name);
        add_operands(out, &commands[i]);
        bash_options(out, &commands[i]);
        okt_buf_str(out, "' ;;\n");
    }
    okt_buf_str(out, "    esac\n"
                     "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                     "    # PowerShell's names go in any letter case.\n"
                     "    [[ ${#COMPREPLY[@]} -gt 0 ]] || for i in $words; do\n"
                     "        [[ ${i,,} != \"${cur,,}\"* ]] || "
                     "COMPREPLY+=(\"$i\")\n"
                     "    done\n"
                     "}\n"
                     "complete -F _okta_tokens okta-tokens\n");
}

/* ----------------------------------------------------------------- zsh -- */

/* Within '...' of an _arguments or _describe specification. */
static void zsh_text(struct okt_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            okt_buf_str(out, "'\\''");
            continue;
        }
        if (strchr("[]:\\", *text) != NULL)
            okt_buf_char(out, '\\');
        okt_buf_char(out, *text);
    }
}

static void zsh_list(struct okt_buf *out, enum option_id id)
{
    OKT_BUF_AUTO words = OKT_BUF_INIT(DOC_MAX);

    if (add_list(&words, id) && !okt_buf_failed(&words))
        okt_buf_printf(out, "_values -s , what %s", words.data);
}

static void zsh_value(struct okt_buf *out, enum option_id id)
{
    const struct option *option = &option_table[id];

    if (option->value == NULL)
        return;
    okt_buf_str(out, ":");
    zsh_text(out, option->value);
    okt_buf_char(out, ':');
    if (option->choices != NULL) {
        okt_buf_char(out, '(');
        add_choices(out, option->choices);
        okt_buf_char(out, ')');
    } else if (takes_file(id)) {
        okt_buf_str(out, "_files");
    } else if (source_of(id) != NULL) {
        okt_buf_printf(out, "_okta_tokens_%s", source_of(id));
    } else {
        zsh_list(out, id);
    }
}

static void zsh_option(struct okt_buf *out, enum option_id id, const char *name)
{
    okt_buf_printf(out, " '%s%s[", option_table[id].repeats ? "*" : "", name);
    zsh_text(out, option_table[id].help);
    okt_buf_char(out, ']');
    zsh_value(out, id);
    okt_buf_char(out, '\'');
}

static void zsh_options(struct okt_buf *out, const struct command *command,
                        bool global)
{
    char name[64];

    for (int i = 0; i < OPTION_COUNT; i++) {
        enum option_id id = (enum option_id)i;

        if (option_is_global(id) != global || !command_takes(command, id))
            continue;
        snprintf(name, sizeof(name), "%s%s", option_dashes(id),
                 option_table[id].name);
        zsh_option(out, id, name);
        snprintf(name, sizeof(name), "-%c", option_table[id].letter);
        if (option_table[id].letter != 0)
            zsh_option(out, id, name);
    }
}

static void zsh_command(struct okt_buf *out, const struct command *command)
{
    OKT_BUF_AUTO words = OKT_BUF_INIT(DOC_MAX);

    okt_buf_printf(out, "        %s) _arguments $globals", command->name);
    zsh_options(out, command, false);
    add_operands(&words, command);
    if (okt_buf_failed(&words))
        out->state = words.state;
    else if (words.len > 0)
        okt_buf_printf(out, " '1:what:(%s)'", words.data);
    okt_buf_str(out, " ;;\n");
}

static void zsh(struct okt_buf *out)
{
    okt_buf_str(out,
                "#compdef okta-tokens\n"
                "_okta_tokens_profiles() {\n"
                "    local -a found\n"
                "    found=(${(f)\"$(" PROFILES ")\"})\n"
                "    compadd -a found\n"
                "}\n"
                "_okta_tokens_zones() {\n"
                "    local -a found settings\n"
                "    settings=(${opt_args[--profile]:+--profile} "
                "${opt_args[--profile]})\n"
                "    found=(${(f)\"$(okta-tokens $settings" ZONES ")\"})\n"
                "    compadd -a found\n"
                "}\n"
                "_okta_tokens() {\n"
                "    local state line\n"
                "    local -a commands globals\n"
                "    commands=(");
    for (size_t i = 0; i < command_count; i++) {
        okt_buf_printf(out, " '%s:", commands[i].name);
        zsh_text(out, commands[i].summary);
        okt_buf_char(out, '\'');
    }
    okt_buf_str(out, " )\n"
                     "    globals=(");
    zsh_options(out, NULL, true);
    okt_buf_str(out, " )\n"
                     "    _arguments -C $globals '1:command:->command' "
                     "'*::argument:->argument'\n"
                     "    case $state in\n"
                     "    command) _describe command commands ;;\n"
                     "    argument)\n"
                     "        case $words[1] in\n");
    for (size_t i = 0; i < command_count; i++)
        zsh_command(out, &commands[i]);
    okt_buf_str(out, "        esac ;;\n"
                     "    esac\n"
                     "}\n"
                     "if [ \"$funcstack[1]\" = _okta-tokens ]; then\n"
                     "    _okta_tokens \"$@\"\n"
                     "else\n"
                     "    compdef _okta_tokens okta-tokens\n"
                     "fi\n");
}

/* ---------------------------------------------------------------- fish -- */

static void fish_text(struct okt_buf *out, const char *text)
{
    okt_buf_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            okt_buf_char(out, '\\');
        okt_buf_char(out, *text);
    }
    okt_buf_char(out, '\'');
}

static void fish_list(struct okt_buf *out, enum option_id id)
{
    OKT_BUF_AUTO words = OKT_BUF_INIT(DOC_MAX);

    if (add_list(&words, id) && !okt_buf_failed(&words))
        okt_buf_printf(out, " -a '(__okta_tokens_list %s)'", words.data);
}

static void fish_option(struct okt_buf *out, enum option_id id,
                        const char *command)
{
    const struct option *option = &option_table[id];

    okt_buf_str(out, "complete -c okta-tokens");
    if (command != NULL)
        okt_buf_printf(out, " -n '__fish_seen_subcommand_from %s'", command);
    okt_buf_printf(out, " %s %s", option_is_parameter(id) ? "-o" : "-l",
                   option->name);
    if (option->letter != 0)
        okt_buf_printf(out, " -s %c", option->letter);
    if (option->value != NULL)
        okt_buf_str(out, takes_file(id) ? " -r -F" : " -x");
    if (option->choices != NULL) {
        okt_buf_str(out, " -a '");
        add_choices(out, option->choices);
        okt_buf_char(out, '\'');
    } else if (source_of(id) != NULL) {
        okt_buf_printf(out, " -a '(__okta_tokens_%s)'", source_of(id));
    } else {
        fish_list(out, id);
    }
    okt_buf_str(out, " -d ");
    fish_text(out, option->help);
    okt_buf_char(out, '\n');
}

static void fish_command(struct okt_buf *out, const struct command *command)
{
    OKT_BUF_AUTO words = OKT_BUF_INIT(DOC_MAX);

    okt_buf_printf(out,
                   "complete -c okta-tokens -n __fish_use_subcommand -a %s -d ",
                   command->name);
    fish_text(out, command->summary);
    okt_buf_char(out, '\n');
    add_operands(&words, command);
    if (okt_buf_failed(&words))
        out->state = words.state;
    else if (words.len > 0)
        okt_buf_printf(out,
                       "complete -c okta-tokens -n "
                       "'__fish_seen_subcommand_from %s' -a '%s'\n",
                       command->name, words.data);
    for (int id = 0; id < OPTION_COUNT; id++)
        if (!option_is_global((enum option_id)id) &&
            command_takes(command, (enum option_id)id))
            fish_option(out, (enum option_id)id, command->name);
}

static void fish(struct okt_buf *out)
{
    okt_buf_str(out,
                "# fish completion for okta-tokens\n"
                "function __okta_tokens_profiles\n"
                "    " PROFILES "\n"
                "end\n"
                "function __okta_tokens_zones\n"
                "    set --local settings (string match -r -- "
                "'(?<=--profile )[^ ]+' (commandline -pc))\n"
                "    set -q settings[1]; and "
                "set settings --profile $settings[1]\n"
                "    okta-tokens $settings" ZONES "\n"
                "end\n"
                "function __okta_tokens_list\n"
                "    set --local before (string match -r '^.*,' -- "
                "(commandline -ct))\n"
                "    for word in $argv\n"
                "        string match -q -- \"*,$word,*\" "
                "\",$before\"\n"
                "        or echo \"$before$word\"\n"
                "    end\n"
                "end\n"
                "complete -c okta-tokens -f\n");
    for (int id = 0; id <= OPTION_GLOBAL_LAST; id++)
        fish_option(out, (enum option_id)id, NULL);
    for (size_t i = 0; i < command_count; i++)
        fish_command(out, &commands[i]);
}

void doc_completion(struct okt_buf *out, const char *shell)
{
    static void (*const scripts[])(struct okt_buf *) = { bash, zsh, fish };

    for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
        if (strcmp(doc_shells[i], shell) == 0)
            scripts[i](out);
}
