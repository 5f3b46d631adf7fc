/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_app.c - okta-orgd app and key: who gets access tokens, and who signs. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "server/cmd/commands.h"
#include "server/oauth/app.h"
#include "server/oauth/signer.h"
#include "server/org/role.h"
#include "server/org/scope.h"
#include "server/util/diag.h"
#include "server/util/file.h"

/* ---------------------------------------------------------- What is given --
 */

/* The public keys in the file that --key says; none where it says nothing. */
static bool read_keys(const struct args *args, struct okt_buf *out)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(OKT_KEY_TEXT_MAX);
    const char *path = args->value[OPT_KEY];
    const char *why;

    okt_buf_str(out, "");
    if (path == NULL)
        return !okt_buf_failed(out);
    why = file_read(path, FILE_ANY, &text);
    if (why == NULL)
        why = app_jwks_read(text.data, text.len, out);
    if (why != NULL)
        say("--key %s: %s", say_word(path), why);
    return why == NULL;
}

static bool read_scopes(const struct args *args, struct okt_buf *out)
{
    const char *scopes = args->value[OPT_SCOPES];

    if (scopes_read(scopes != NULL ? scopes : "", out) &&
        scopes_are_known(out->data))
        return true;
    say("--scopes: unknown; there are %s", scope_names());
    return false;
}

static bool read_uris(const struct args *args, struct okt_buf *out)
{
    okt_buf_str(out, "");
    for (size_t i = 0; i < args->many_count; i++) {
        if (strpbrk(args->many[i], " ") != NULL || args->many[i][0] == '\0') {
            say("--redirect-uri: %s is no URI", say_word(args->many[i]));
            return false;
        }
        okt_buf_printf(out, "%s%s", i > 0 ? " " : "", args->many[i]);
    }
    if (okt_buf_failed(out))
        say("--redirect-uri: %d bytes are allowed, all together",
            STORE_URIS_MAX);
    return !okt_buf_failed(out);
}

static bool read_dpop(const struct args *args, bool *out)
{
    const char *dpop = args->value[OPT_DPOP];

    *out = dpop != NULL && strcmp(dpop, "required") == 0;
    if (dpop == NULL || *out || strcmp(dpop, "optional") == 0)
        return true;
    say("--dpop: required or optional");
    return false;
}

static bool read_role(const struct args *args, const char **out)
{
    const char *role = args->value[OPT_ROLE];

    *out = role == NULL || strcmp(role, ROLE_NONE) == 0 ? "" : role;
    if ((*out)[0] == '\0' || role_is_known(*out))
        return true;
    say("--role: unknown; there are %s, " ROLE_CUSTOM_OF "LABEL and %s",
        role_names(), ROLE_NONE);
    return false;
}

/* As the option is called. */
static const char *option_of(const char *field)
{
    if (strcmp(field, "redirectUris") == 0)
        return "redirect-uri";
    return field;
}

static bool check(const struct store_app *app)
{
    const struct app_fault fault = app_check(app);

    if (fault.field != NULL)
        say("--%s: %s", option_of(fault.field), fault.what);
    return fault.field == NULL;
}

/* ------------------------------------------------------------- Finding one --
 */

struct found {
    const char *who;
    char id[OKT_ID_MAX + 1];
    char name[STORE_NAME_MAX + 1];
};

static void keep(const struct store_app *app, void *ctx)
{
    struct found *found = ctx;

    snprintf(found->id, sizeof(found->id), "%s", app->id);
    snprintf(found->name, sizeof(found->name), "%s", app->name);
}

static void keep_named(const struct store_app *app, void *ctx)
{
    const struct found *found = ctx;

    if (strcmp(app->name, found->who) == 0)
        keep(app, ctx);
}

/* By its client id, or else by its name. */
static bool find(struct store *store, const char *who, const char *command,
                 struct found *out)
{
    store_status st;

    *out = (struct found){ .who = who };
    st = store->ops->app_find(store, out->who, keep, out);
    if (st == STORE_NOT_FOUND)
        st = store->ops->app_each(store, keep_named, out);
    if (st == STORE_OK && out->id[0] == '\0')
        say("%s: no app has the client id or name %s; okta-orgd app list shows "
            "them",
            command, say_word(out->who));
    return st == STORE_OK && out->id[0] != '\0';
}

bool find_app(struct store *store, const char *who, const char *command,
              char id[static OKT_ID_MAX + 1])
{
    struct found found;

    if (!find(store, who, command, &found))
        return false;
    memcpy(id, found.id, sizeof(found.id));
    return true;
}

/* ------------------------------------------------------------ The commands --
 */

/* Ends the transaction of a change that came to st. */
static bool end(struct store *store, store_status st)
{
    if (st == STORE_OK && store->ops->commit(store) == STORE_OK)
        return true;
    store->ops->rollback(store);
    return false;
}

static int add(const struct args *args, struct store_app *app)
{
    AUTO(store_handle) store = NULL;
    char id[OKT_ID_LEN + 1];
    store_status st;

    if (!data_open(args, &store))
        return EXIT_CODE_FAILED;
    if (!id_new("0oa", id))
        return say_failed("app add: no random bytes");
    app->id = id;
    if (store->ops->begin(store) != STORE_OK)
        return EXIT_CODE_FAILED;
    st = app_add(store, app);
    if (st == STORE_CONFLICT)
        say("app add: %s: that name is taken", say_word(app->name));
    if (!end(store, st))
        return EXIT_CODE_FAILED;
    printf("%s\n", id);
    return finish_output();
}

int cmd_app_add(const struct args *args)
{
    OKT_BUF_AUTO scopes = OKT_BUF_INIT(STORE_SCOPES_MAX);
    OKT_BUF_AUTO uris = OKT_BUF_INIT(STORE_URIS_MAX);
    OKT_BUF_AUTO jwks = OKT_BUF_INIT(STORE_JWKS_MAX);
    struct store_app app = {
        .name = args->value[OPT_NAME],
        .type = args->value[OPT_TYPE],
        .status = APP_ACTIVE,
    };

    if (!args_text("name", app.name, APP_NAME_MAX) ||
        !read_scopes(args, &scopes) || !read_uris(args, &uris) ||
        !read_role(args, &app.roles) || !read_dpop(args, &app.dpop) ||
        !args_now(args, &app.created))
        return EXIT_CODE_USAGE;
    if (!read_keys(args, &jwks))
        return EXIT_CODE_FAILED;
    app.scopes = scopes.data;
    app.redirect_uris = uris.data;
    app.jwks = jwks.data;
    app.last_updated = app.created;
    return check(&app) ? add(args, &app) : EXIT_CODE_USAGE;
}

static void print_app(const struct store_app *app, void *ctx)
{
    struct okt_buf *out = ctx;

    okt_buf_printf(out, "%s\t%s\t%s\t%s\t", app->id, app->status, app->type,
                   app->dpop ? "dpop" : "-");
    okt_escape(out, app->name, strlen(app->name));
    okt_buf_printf(out, "\t%s\n", app->scopes);
}

int cmd_app_list(const struct args *args)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(COMMAND_OUTPUT_MAX);
    AUTO(store_handle) store = NULL;

    if (!data_open(args, &store) ||
        store->ops->app_each(store, print_app, &out) != STORE_OK)
        return EXIT_CODE_FAILED;
    if (okt_buf_failed(&out))
        return say_failed("app list: out of memory");
    if (out.len > 0)
        fwrite(out.data, 1, out.len, stdout);
    return finish_output();
}

int cmd_app_rotate_key(const struct args *args)
{
    OKT_BUF_AUTO jwks = OKT_BUF_INIT(STORE_JWKS_MAX);
    AUTO(store_handle) store = NULL;
    struct found found;
    int64_t now;

    if (!args_now(args, &now))
        return EXIT_CODE_USAGE;
    if (!read_keys(args, &jwks) || !data_open(args, &store) ||
        !find(store, args->value[OPT_APP], "app rotate-key", &found) ||
        store->ops->begin(store) != STORE_OK)
        return EXIT_CODE_FAILED;
    return end(store, app_set_keys(store,
                                   &(struct store_app){ .id = found.id,
                                                        .name = found.name },
                                   jwks.data, now))
               ? EXIT_CODE_OK
               : EXIT_CODE_FAILED;
}

static int set_status(const struct args *args, const char *status,
                      const char *command)
{
    AUTO(store_handle) store = NULL;
    struct found found;
    int64_t now;

    if (!args_now(args, &now))
        return EXIT_CODE_USAGE;
    if (!data_open(args, &store) ||
        !find(store, args->value[OPT_APP], command, &found) ||
        store->ops->begin(store) != STORE_OK)
        return EXIT_CODE_FAILED;
    return end(store, app_set_status(store,
                                     &(struct store_app){ .id = found.id,
                                                          .name = found.name },
                                     status, now))
               ? EXIT_CODE_OK
               : EXIT_CODE_FAILED;
}

int cmd_app_deactivate(const struct args *args)
{
    return set_status(args, APP_INACTIVE, "app deactivate");
}

int cmd_app_activate(const struct args *args)
{
    return set_status(args, APP_ACTIVE, "app activate");
}

int cmd_key_rotate(const struct args *args)
{
    AUTO(store_handle) store = NULL;
    int64_t now;

    if (!args_now(args, &now))
        return EXIT_CODE_USAGE;
    return data_open(args, &store) &&
                   signer_rotate(args->value[OPT_DATA], store, now)
               ? EXIT_CODE_OK
               : EXIT_CODE_FAILED;
}
