/* SPDX-License-Identifier: Apache-2.0 */
/* commands.h - what okta-orgd can do; each returns an exit code of say.h. */
#ifndef ORGD_COMMANDS_H
#define ORGD_COMMANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "server/cmd/options.h"
#include "server/store/store.h"

#define DATABASE_FILE "orgd.db"
#define CURSOR_KEY_FILE "cursor.key"

enum { COMMAND_OUTPUT_MAX = 268435456 }; /* bytes of a list */

int cmd_env(const struct args *args);
int cmd_init(const struct args *args);
int cmd_user_add(const struct args *args);
int cmd_user_list(const struct args *args);
int cmd_user_suspend(const struct args *args);
int cmd_user_deactivate(const struct args *args);
int cmd_user_activate(const struct args *args);
int cmd_user_password(const struct args *args);
int cmd_user_sign_out(const struct args *args);
int cmd_group_add(const struct args *args);
int cmd_group_list(const struct args *args);
int cmd_token_create(const struct args *args);
int cmd_token_list(const struct args *args);
int cmd_token_revoke(const struct args *args);
int cmd_zone_add(const struct args *args);
int cmd_zone_list(const struct args *args);
int cmd_app_add(const struct args *args);
int cmd_app_list(const struct args *args);
int cmd_app_rotate_key(const struct args *args);
int cmd_app_deactivate(const struct args *args);
int cmd_app_activate(const struct args *args);
int cmd_grant_list(const struct args *args);
int cmd_grant_remove(const struct args *args);
int cmd_key_rotate(const struct args *args);
int cmd_seed(const struct args *args);
int cmd_check_config(const struct args *args);
int cmd_ca_print(const struct args *args);
int cmd_dev_clock(const struct args *args);
int cmd_dev_clock_set(const struct args *args);
int cmd_dev_clock_advance(const struct args *args);
int cmd_dev_clock_freeze(const struct args *args);
int cmd_dev_clock_resume(const struct args *args);
int cmd_dev_clock_reset(const struct args *args);
int cmd_dev_faults_add(const struct args *args);
void dev_faults_print_words(void);
int cmd_dev_faults_list(const struct args *args);
int cmd_dev_faults_remove(const struct args *args);
int cmd_dev_faults_clear(const struct args *args);
int cmd_dev_requests_list(const struct args *args);
int cmd_dev_requests_clear(const struct args *args);
int cmd_dev_requests_follow(const struct args *args);
int cmd_dev_reset(const struct args *args);
int cmd_dev_snapshot_list(const struct args *args);
int cmd_dev_snapshot_save(const struct args *args);
int cmd_dev_snapshot_restore(const struct args *args);
int cmd_dev_snapshot_delete(const struct args *args);
int cmd_serve(const struct args *args);

/* What commands share. */

/* The address of the data folder's database, to be freed; NULL: it said why. */
char *data_store(const struct args *args);

/* Opens that database. False: it said why. */
bool data_open(const struct args *args, struct store **out);

/* Ends the transaction that is open: with a commit where it is OK, else it
 * takes back what was changed. Returns what it came to. */
store_status data_end(struct store *store, store_status st);

/* The time that --now says, or what it is. False: --now is no time, and it said
 * so. */
bool args_now(const struct args *args, int64_t *out);

/* Whether a word may be kept as a name or login; it says so if not. */
bool args_text(const char *option, const char *text, size_t max);

/* Joins the gateways that an option was given, a space between them. False: one
 * of them is none, or there are too many; it said so. */
bool args_gateways(const char *option, const struct args *args,
                   struct okt_buf *out);

/* Finds a user by login or id. False: there is none, or the store failed; it
 * said so. */
bool find_user(struct store *store, const char *who, const char *command,
               char id[static OKT_ID_MAX + 1]);

/* Finds an app by its client id or name. False: as find_user. */
bool find_app(struct store *store, const char *who, const char *command,
              char id[static OKT_ID_MAX + 1]);

/* The file in a data folder that holds the path of the last seed with secrets.
 */
#define SEED_PATH_FILE "seed.path"

/* Writes a seed to begin with to a new file. False: it said why not. */
bool seed_write_starter(const char *path);

/* Checks that a seed is good for an empty org. False: it said why not. */
bool seed_prepare(const char *path, int64_t now);

/* Seeds the store of a data folder, and prints what it got. Returns an exit
 * code. */
int seed_into(struct store *store, const char *dir, const char *path,
              int64_t now);

/* Reads a number from 0 to max into *out, which stays as it is where the option
 * is not given. False: it is none, and it said so. */
bool args_number(const struct args *args, enum option option, const char *name,
                 int64_t max, int64_t *out);

/* Ends each id of the operands that there is, in one transaction, and names
 * those that there are not. Returns an exit code. */
int end_each(const struct args *args, const char *command, const char *noun,
             store_status (*end)(struct store *store, const char *id,
                                 int64_t now));

/* Flushes stdout. Returns OK, or FAILED where it could not be written. */
int finish_output(void);

#endif
