/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - okta-orgd: the commands, and what every run of it begins with. */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "server/cmd/commands.h"
#include "server/util/diag.h"
#include "server/util/secret.h"
#include "sys/dump.h"

static int cmd_help(const struct args *args);
static int cmd_version(const struct args *args);

#define DATA OPT(OPT_DATA)
#define SERVE_OPTIONS                                                     \
    (OPT(OPT_LISTEN) | OPT(OPT_METRICS_LISTEN) | OPT(OPT_TRUSTED_PROXY) | \
     OPT(OPT_TLS) | OPT(OPT_TLS_CERT) | OPT(OPT_TLS_KEY) |                \
     OPT(OPT_PUBLIC_URL) | OPT(OPT_RATE_LIMIT) | OPT(OPT_PAGING) |        \
     OPT(OPT_NOW) | OPT(OPT_DEV) | OPT(OPT_DEV_ANYWHERE) | OPT(OPT_GRACE))

/* clang-format off */
static const struct command commands[] = {
    { "init", NULL, "Make a data folder: the database, the CA and the keys.",
      DATA, OPT(OPT_SEED) | OPT(OPT_WRITE_SEED) | OPT(OPT_NOW) |
          OPT(OPT_PUBLIC_URL), cmd_init },
    { "user add", NULL, "Add a user; prints the user's id.",
      DATA | OPT(OPT_LOGIN), OPT(OPT_ROLE), cmd_user_add },
    { "user list", NULL, "List the users.", DATA, 0, cmd_user_list },
    { "user suspend", NULL, "Suspend a user; sessions, grants and tokens rest.",
      DATA | OPT(OPT_USER), 0, cmd_user_suspend },
    { "user deactivate", NULL,
      "Deactivate a user; sessions, grants and tokens end for good.",
      DATA | OPT(OPT_USER), 0, cmd_user_deactivate },
    { "user activate", NULL, "Make a user active again.",
      DATA | OPT(OPT_USER), 0, cmd_user_activate },
    { "user password", NULL,
      "Set a user's password, read from standard input or asked for.",
      DATA | OPT(OPT_USER), OPT(OPT_SIGN_OUT), cmd_user_password },
    { "user sign-out", NULL, "End a user's sessions and grants.",
      DATA | OPT(OPT_USER), 0, cmd_user_sign_out },
    { "group add", NULL, "Add a group; prints the group's id.",
      DATA | OPT(OPT_NAME), OPT(OPT_ROLE) | OPT(OPT_MEMBER), cmd_group_add },
    { "group list", NULL, "List the groups.", DATA, 0, cmd_group_list },
    { "token create", NULL, "Make a token; prints its secret, this once.",
      DATA | OPT(OPT_NAME) | OPT(OPT_USER), OPT(OPT_WINDOW) | OPT(OPT_NOW),
      cmd_token_create },
    { "token list", NULL, "List the API tokens.", DATA, OPT(OPT_USER),
      cmd_token_list },
    { "token revoke", "ID...", "Revoke API tokens, for good.", DATA, 0,
      cmd_token_revoke },
    { "zone add", NULL, "Add a network zone; prints the zone's id.",
      DATA | OPT(OPT_NAME) | OPT(OPT_GATEWAY), OPT(OPT_INACTIVE),
      cmd_zone_add },
    { "zone list", NULL, "List the network zones.", DATA, 0, cmd_zone_list },
    { "app add", NULL, "Add an app that gets access tokens; prints its client id.",
      DATA | OPT(OPT_NAME) | OPT(OPT_TYPE),
      OPT(OPT_SCOPES) | OPT(OPT_KEY) | OPT(OPT_REDIRECT_URI) | OPT(OPT_ROLE) |
          OPT(OPT_DPOP) | OPT(OPT_NOW),
      cmd_app_add },
    { "app list", NULL, "List the apps.", DATA, 0, cmd_app_list },
    { "app rotate-key", NULL, "Give an app other keys in place of its own.",
      DATA | OPT(OPT_APP) | OPT(OPT_KEY), OPT(OPT_NOW), cmd_app_rotate_key },
    { "app deactivate", NULL, "Deactivate an app; its access tokens stop working.",
      DATA | OPT(OPT_APP), OPT(OPT_NOW), cmd_app_deactivate },
    { "app activate", NULL, "Take that back.",
      DATA | OPT(OPT_APP), OPT(OPT_NOW), cmd_app_activate },
    { "grant list", NULL, "List what people have allowed apps.",
      DATA, OPT(OPT_USER) | OPT(OPT_APP), cmd_grant_list },
    { "grant remove", "ID...", "End grants, with all their tokens.",
      DATA, 0, cmd_grant_remove },
    { "key rotate", NULL, "Make another key that access tokens are signed with.",
      DATA, OPT(OPT_NOW), cmd_key_rotate },
    { "seed", "FILE", "Add all that a YAML or JSON file holds.",
      DATA, OPT(OPT_NOW), cmd_seed },
    { "check-config", "FILE", "Tell whether \"seed\" would take a file.",
      0, DATA | OPT(OPT_NOW), cmd_check_config },
    { "ca print", NULL, "Print the certificate of the CA, for clients to trust.",
      DATA, 0, cmd_ca_print },
    { "serve", NULL, "Serve until SIGTERM; prints the URL when it is ready.",
      DATA, SERVE_OPTIONS, cmd_serve },
    { "env", NULL, "Print the environment of clients of a running org (--dev).",
      DATA, OPT(OPT_TOKEN_FILE) | OPT(OPT_WAIT) | OPT(OPT_FORMAT), cmd_env },
    { "dev clock", NULL, "Tell what time it is in a running org (--dev).",
      DATA, 0, cmd_dev_clock },
    { "dev clock set", "TIME", "Set its clock.", DATA, 0, cmd_dev_clock_set },
    { "dev clock advance", "DURATION", "Move it on; what is due, happens.",
      DATA, 0, cmd_dev_clock_advance },
    { "dev clock freeze", NULL, "Stop it.", DATA, 0, cmd_dev_clock_freeze },
    { "dev clock resume", NULL, "Let it go on.", DATA, 0,
      cmd_dev_clock_resume },
    { "dev clock reset", NULL, "Set it as it was at the start.", DATA, 0,
      cmd_dev_clock_reset },
    { "dev faults add", "KEY=VALUE...", "Have a running org fail: do=reset count=1.",
      DATA, 0, cmd_dev_faults_add },
    { "dev faults list", NULL, "List the faults, and how often they happened.",
      DATA, 0, cmd_dev_faults_list },
    { "dev faults remove", "ID", "Take one of them away.",
      DATA, 0, cmd_dev_faults_remove },
    { "dev faults clear", NULL, "Take all of them away.",
      DATA, 0, cmd_dev_faults_clear },
    { "dev requests list", "[KEY=VALUE...]", "List the last requests: status=4xx.",
      DATA, 0, cmd_dev_requests_list },
    { "dev requests clear", NULL, "Forget them.",
      DATA, 0, cmd_dev_requests_clear },
    { "dev requests follow", "[KEY=VALUE...]", "Print them as they come.",
      DATA, 0, cmd_dev_requests_follow },
    { "dev reset", NULL, "Make the org what it was at its start.", DATA, 0,
      cmd_dev_reset },
    { "dev snapshot save", "NAME", "Keep what the org is now.", DATA, 0,
      cmd_dev_snapshot_save },
    { "dev snapshot list", NULL, "List what is kept.", DATA, 0,
      cmd_dev_snapshot_list },
    { "dev snapshot restore", "NAME", "Make the org what it was then.", DATA,
      0, cmd_dev_snapshot_restore },
    { "dev snapshot delete", "NAME", "Keep it no longer.", DATA, 0,
      cmd_dev_snapshot_delete },
    { "help", NULL, "Print this text.", 0, 0, cmd_help },
    { "version", NULL, "Print the version.", 0, 0, cmd_version },
};
/* clang-format on */

static int cmd_help(const struct args *args)
{
    (void)args;
    options_usage(commands, ARRAY_LEN(commands), NULL);
    return finish_output();
}

static int cmd_version(const struct args *args)
{
    (void)args;
    printf("okta-orgd %s\n", ORGD_VERSION);
    return finish_output();
}

/* Secrets pass through this memory: no core file, no look from outside. What it
 * makes is its user's alone. */
static void harden(void)
{
    umask(077);
    okt_forbid_dumps(); /* before /proc/self is another user's */
    secret_wipe_freed();
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int main(int argc, char **argv)
{
    const struct command *command;
    struct args args;

    harden();
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return cmd_version(NULL);
    switch (options_parse(commands, ARRAY_LEN(commands),
                          argv + (argc > 0 ? 1 : 0), &args, &command)) {
    case OPTIONS_HELP:
        options_usage(commands, ARRAY_LEN(commands), command);
        if (command != NULL && command->run == cmd_dev_faults_add)
            dev_faults_print_words();
        return finish_output();
    case OPTIONS_WRONG:
        return EXIT_CODE_USAGE;
    default:
        return command->run(&args);
    }
}
