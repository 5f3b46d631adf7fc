/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_token.c - okta-orgd token list and revoke. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "server/cmd/commands.h"
#include "server/org/admin.h"
#include "server/util/diag.h"
#include "sys/clock.h"
#include "wire/iso8601.h"

static bool print_token(const struct store_token *token, void *ctx)
{
    struct okt_buf *out = ctx;
    char created[OKT_TIME_SIZE];
    char expires[OKT_TIME_SIZE];

    okt_time_format(token->created, created);
    okt_time_format(token->expires, expires);
    okt_buf_printf(out, "%s\t%s\t%s\t%s\t%s\t", token->id, created, expires,
                   token->user_id, token->connection);
    okt_escape(out, token->client_name, strlen(token->client_name));
    okt_buf_char(out, '\t');
    okt_escape(out, token->name, strlen(token->name));
    okt_buf_char(out, '\n');
    return true;
}

static store_status each_token(struct store *store, const char *user_id,
                               struct okt_buf *out)
{
    return user_id != NULL
               ? store->ops->token_each_of(store, user_id, print_token, out)
               : store->ops->token_each(store, NULL, print_token, out);
}

int cmd_token_list(const struct args *args)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(COMMAND_OUTPUT_MAX);
    AUTO(store_handle) store = NULL;
    const char *user = args->value[OPT_USER];
    char user_id[OKT_ID_MAX + 1];

    if (!data_open(args, &store) ||
        (user != NULL && !find_user(store, user, "token list", user_id)) ||
        each_token(store, user != NULL ? user_id : NULL, &out) != STORE_OK)
        return EXIT_CODE_FAILED;
    if (okt_buf_failed(&out))
        return say_failed("token list: out of memory");
    if (out.len > 0)
        fwrite(out.data, 1, out.len, stdout);
    return finish_output();
}

int cmd_token_revoke(const struct args *args)
{
    return end_each(args, "token revoke", "token", admin_end_token);
}
