/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_seed.c - what an org holds before anybody comes, out of a file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/cmd/commands.h"
#include "server/seed/seed.h"
#include "server/util/diag.h"
#include "server/util/file.h"
#include "server/util/secret.h"

enum { STARTER_MAX = 8192 };

/* The first %s is a secret. */
static const char starter[] =
    "# What an org of okta-orgd holds before your tests begin.\n"
    "#\n"
    "#   okta-orgd check-config THIS         says what is wrong with it\n"
    "#   okta-orgd init --data org --seed THIS\n"
    "#   okta-orgd serve --data org --dev\n"
    "#\n"
    "# Times are counted from when it is read. okta-orgd(1), SEED FILES, "
    "tells\n"
    "# all keys, and what goes for those that are left out.\n"
    "\n"
    "users:\n"
    "  - login: ada@example.com\n"
    "    role: SUPER_ADMIN\n"
    "  - login: bob@example.com\n"
    "    role: none               # but he is in a group that has one\n"
    "  - login: eve@example.com   # has left: no token of hers is let in\n"
    "    role: ORG_ADMIN\n"
    "    status: DEPROVISIONED\n"
    "\n"
    "groups:\n"
    "  - name: Auditors\n"
    "    role: READ_ONLY_ADMIN    # of all who are in it\n"
    "    members: [bob@example.com]\n"
    "\n"
    "zones:\n"
    "  - id: nzoThisMachine000000\n"
    "    name: This machine\n"
    "    gateways: [127.0.0.0/8, \"::1/128\"]\n"
    "  - id: nzoOffice00000000000\n"
    "    name: Office\n"
    "    gateways: [192.0.2.0/24]\n"
    "\n"
    "tokens:\n"
    "  # For your tests. The secret was made for this file and is good "
    "nowhere\n"
    "  # else; an org that has one out of a file is served only with --dev.\n"
    "  - name: ci\n"
    "    user: ada@example.com\n"
    "    secret: %s\n"
    "  # Without a secret nobody can use it, but it is there to be found.\n"
    "  - name: nightly report\n"
    "    user: bob@example.com\n"
    "    created: -200d\n"
    "    lastUsed: -5h\n"
    "  - name: forgotten          # for 28 of the 30 days that it may be\n"
    "    user: ada@example.com\n"
    "    created: -400d\n"
    "    lastUsed: -28d\n"
    "  - name: of one who has left\n"
    "    user: eve@example.com\n"
    "    created: -90d\n"
    "    lastUsed: -20d\n"
    "  - name: from the office alone\n"
    "    user: bob@example.com\n"
    "    created: -30d\n"
    "    lastUsed: -1d\n"
    "    network:\n"
    "      connection: ZONE\n"
    "      include: [nzoOffice00000000000]\n"
    "  - name: agent              # not made by a person\n"
    "    user: ada@example.com\n"
    "    clientName: Okta AD Agent\n"
    "    created: -300d\n"
    "    lastUsed: -1m\n";

bool seed_write_starter(const char *path)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(STARTER_MAX);
    char secret[OKT_SECRET_LEN + 1];
    bool done = secret_new(secret);

    okt_buf_printf(&text, starter, done ? secret : "");
    okt_wipe(secret, sizeof(secret));
    if (!done || okt_buf_failed(&text)) {
        say("init: no random bytes, or no memory");
        return false;
    }
    if (file_write_new(path, text.data, text.len))
        return true;
    say("init: %s: %s", say_word(path), strerror(errno));
    return false;
}

static bool check(const char *where, const char *path, int64_t now,
                  struct seed_count *count)
{
    AUTO(store_handle) store = NULL;

    return store_open(where, &store) == STORE_OK &&
           seed_check(store, path, now, count);
}

bool seed_prepare(const char *path, int64_t now)
{
    struct seed_count count;

    if (access(path, F_OK) == 0 || errno != ENOENT)
        return check(STORE_IN_MEMORY, path, now, &count);
    say("init: %s: no such file; --write-seed writes a seed to begin with",
        say_word(path));
    return false;
}

static int tell(const struct seed_count *count)
{
    printf("%zu users, %zu groups, %zu zones, %zu tokens, %zu apps\n",
           count->users, count->groups, count->zones, count->tokens,
           count->apps);
    return finish_output();
}

/* Remembers where the secrets are, and never one of them. In place of an
 * earlier seed's. */
static bool remember_path(const char *dir, const char *path)
{
    AUTO(char) file = path_join(dir, SEED_PATH_FILE);
    AUTO(char) seed = realpath(path, NULL);

    if (file != NULL && seed != NULL && file_replace(file, seed, strlen(seed)))
        return true;
    say("seed: could not write %s in the data folder: %s", SEED_PATH_FILE,
        strerror(errno));
    return false;
}

int seed_into(struct store *store, const char *dir, const char *path,
              int64_t now)
{
    struct seed_count count;

    if (!seed_file(store, path, now, &count) ||
        (count.secrets > 0 && !remember_path(dir, path)))
        return EXIT_CODE_FAILED;
    return tell(&count);
}

int cmd_seed(const struct args *args)
{
    AUTO(store_handle) store = NULL;
    int64_t now;

    if (!args_now(args, &now))
        return EXIT_CODE_USAGE;
    return data_open(args, &store)
               ? seed_into(store, args->value[OPT_DATA], args->operand, now)
               : EXIT_CODE_FAILED;
}

/* Against an org that is empty, or the one that is named. */
int cmd_check_config(const struct args *args)
{
    AUTO(char) where = NULL;
    struct seed_count count;
    int64_t now;

    if (!args_now(args, &now))
        return EXIT_CODE_USAGE;
    where = args->value[OPT_DATA] != NULL ? data_store(args)
                                          : strdup(STORE_IN_MEMORY);
    return where != NULL && check(where, args->operand, now, &count)
               ? tell(&count)
               : EXIT_CODE_FAILED;
}
