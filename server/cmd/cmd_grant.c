/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_grant.c - okta-orgd grant: what people have allowed apps. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "server/cmd/commands.h"
#include "server/org/admin.h"
#include "server/util/diag.h"
#include "sys/clock.h"
#include "wire/iso8601.h"

struct listing {
    struct okt_buf *out;
    const char *client_id; /* of these alone; NULL: of all apps */
    int64_t now;
};

/* One that has lapsed gives nobody anything, and is about to be swept out. */
static void print_grant(const struct store_grant *grant, const char *app_name,
                        const char *login, void *ctx)
{
    const struct listing *l = ctx;
    char created[OKT_TIME_SIZE];

    if (grant->expires <= l->now ||
        (l->client_id != NULL && strcmp(l->client_id, grant->client_id) != 0))
        return;
    okt_time_format(grant->created, created);
    okt_buf_printf(l->out, "%s\t%s\t%s\t", grant->id, created,
                   grant->client_id);
    okt_escape(l->out, app_name, strlen(app_name));
    okt_buf_char(l->out, '\t');
    okt_escape(l->out, login, strlen(login));
    okt_buf_printf(l->out, "\t%s\n", grant->scopes);
}

int cmd_grant_list(const struct args *args)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(COMMAND_OUTPUT_MAX);
    AUTO(store_handle) store = NULL;
    struct listing listing = { .out = &out, .now = okt_clock_now() };
    const char *user = args->value[OPT_USER];
    const char *app = args->value[OPT_APP];
    char user_id[OKT_ID_MAX + 1];
    char client_id[OKT_ID_MAX + 1];

    if (!data_open(args, &store) ||
        (user != NULL && !find_user(store, user, "grant list", user_id)) ||
        (app != NULL && !find_app(store, app, "grant list", client_id)))
        return EXIT_CODE_FAILED;
    if (app != NULL)
        listing.client_id = client_id;
    if (store->ops->grant_each(store, user != NULL ? user_id : NULL,
                               print_grant, &listing) != STORE_OK)
        return EXIT_CODE_FAILED;
    if (okt_buf_failed(&out))
        return say_failed("grant list: out of memory");
    if (out.len > 0)
        fwrite(out.data, 1, out.len, stdout);
    return finish_output();
}

int end_each(const struct args *args, const char *command, const char *noun,
             store_status (*end)(struct store *store, const char *id,
                                 int64_t now))
{
    AUTO(store_handle) store = NULL;
    store_status st = STORE_OK;
    size_t missing = 0;

    if (!data_open(args, &store) || store->ops->begin(store) != STORE_OK)
        return EXIT_CODE_FAILED;
    for (size_t i = 0; i < args->many_count && st != STORE_FAILED; i++) {
        st = end(store, args->many[i], okt_clock_now());
        if (st != STORE_NOT_FOUND)
            continue;
        say("%s: no %s has the id %s; okta-orgd %s list shows them", command,
            noun, say_word(args->many[i]), noun);
        missing++;
    }
    if (data_end(store, st == STORE_FAILED ? st : STORE_OK) != STORE_OK)
        return EXIT_CODE_FAILED;
    return missing == 0 ? EXIT_CODE_OK : EXIT_CODE_FAILED;
}

int cmd_grant_remove(const struct args *args)
{
    return end_each(args, "grant remove", "grant", admin_end_grant);
}
