/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_profile.c - profile list, use, remove. */
#include <string.h>

#include "buf.h"
#include "escape.h"
#include "json_write.h"
#include "printer.h"
#include "profile.h"
#include "session.h"

enum { TEXT_MAX = 1024 * 1024 };

/* ---------------------------------------------------------------- List -- */

struct list {
    const char *current; /* or NULL */
    bool json;
    size_t count;
    struct okt_buf *out;
};

static bool is_current(const struct list *list, const struct profile *profile)
{
    return list->current != NULL && strcmp(list->current, profile->name) == 0;
}

static void add_json(struct list *list, const struct profile *profile)
{
    struct okt_buf *out = list->out;

    okt_buf_str(out, list->count > 0 ? ",\n{\"name\":" : "\n{\"name\":");
    json_string(out, profile->name);
    okt_buf_str(out, ",\"org\":");
    json_string(out, profile->org);
    okt_buf_printf(out, ",\"kind\":\"%s\",\"keyring\":%s,\"inUse\":%s}",
                   profile_kind_name(profile->kind),
                   profile->keyring ? "true" : "false",
                   is_current(list, profile) ? "true" : "false");
}

static int add_one(const struct profile *profile, void *ctx)
{
    struct list *list = ctx;

    if (list->json) {
        add_json(list, profile);
    } else {
        okt_buf_printf(list->out, "%c %s\t",
                       is_current(list, profile) ? '*' : ' ', profile->name);
        okt_escape(list->out, profile->org, strlen(profile->org));
        okt_buf_printf(list->out, "\t%s\n", profile_kind_name(profile->kind));
    }
    list->count++;
    return EXIT_OK;
}

static int list_profiles(struct session *session)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(TEXT_MAX);
    AUTO(char) current = NULL;
    struct list list = { .json = session->args->json, .out = &out };
    int code = profile_current(session->args, &current);

    list.current = current;
    okt_buf_str(&out, list.json ? "[" : "");
    if (code == EXIT_OK)
        code = profile_each(session->args, add_one, &list);
    if (code != EXIT_OK)
        return code;
    okt_buf_str(&out, list.json ? "\n]\n" : "");
    if (okt_buf_failed(&out))
        return fail_memory(session->args);
    if (list.count == 0)
        note(session->args, "note", "no profiles; okta-tokens login makes one");
    return printer_text(session, out.data, out.len);
}

/* ---------------------------------------------------------- Use, remove -- */

static int fail_missing(const struct session *session, const char *name)
{
    return fail(session->args, EXIT_NOT_FOUND,
                "okta-tokens profile list shows those there are",
                "there is no profile '%s'", name);
}

static int use_profile(struct session *session, const char *name)
{
    PROFILE_AUTO profile = { .name = NULL };
    bool found = false;
    int code = EXIT_OK;

    if (profile_name_is_valid(name))
        code = profile_load(session->args, name, &profile, &found);
    if (code != EXIT_OK)
        return code;
    if (!found)
        return fail_missing(session, name);
    code = profile_use(session->args, name);
    if (code == EXIT_OK)
        note(session->args, "note", "in use from now on: %s, for %s", name,
             profile.org);
    return code;
}

static int remove_profile(struct session *session, const char *name)
{
    bool removed = false;
    int code = EXIT_OK;

    if (profile_name_is_valid(name))
        code = profile_remove(session->args, name, &removed);
    if (code != EXIT_OK || removed)
        return code;
    return fail_missing(session, name);
}

/* -------------------------------------------------------------- Command -- */

static const struct verb {
    const char *name;
    bool takes_name;
    int (*list)(struct session *session);
    int (*one)(struct session *session, const char *name);
} verbs[] = {
    { "list", false, list_profiles, NULL },
    { "use", true, NULL, use_profile },
    { "remove", true, NULL, remove_profile },
};

int cmd_profile(struct session *session)
{
    const struct args *args = session->args;
    const char *word = args_operand(args, 0);
    const char *name = args_operand(args, 1);

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (strcmp(verbs[i].name, word) != 0)
            continue;
        if (verbs[i].takes_name != (name != NULL))
            return fail(args, EXIT_USAGE, NULL,
                        verbs[i].takes_name ? "profile %s needs a name"
                                            : "profile %s takes no name",
                        word);
        return name != NULL ? verbs[i].one(session, name)
                            : verbs[i].list(session);
    }
    return fail(args, EXIT_USAGE, NULL,
                "profile takes list, use or remove, not '%s'", word);
}
