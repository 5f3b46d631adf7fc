/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_profile.c - profile list, use, remove. */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cli/output/printer.h"
#include "cli/signin/session.h"
#include "cli/state/profile.h"
#include "cli/term/json_write.h"

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
    if (profile->ended)
        okt_buf_str(out, ",\"ended\":true");
    okt_buf_printf(out, ",\"kind\":\"%s\",\"keyring\":%s,\"inUse\":%s}",
                   profile_kind_name(profile->kind),
                   profile->keyring ? "true" : "false",
                   is_current(list, profile) ? "true" : "false");
}

static void add_line(struct list *list, const struct profile *profile)
{
    okt_buf_printf(list->out, "%c ", is_current(list, profile) ? '*' : ' ');
    okt_escape(list->out, profile->name, strlen(profile->name));
    okt_buf_char(list->out, '\t');
    okt_escape(list->out, profile->org, strlen(profile->org));
    okt_buf_printf(list->out, "\t%s%s\n", profile_kind_name(profile->kind),
                   profile->ended ? " (signed out; its secret is left in the "
                                    "Secret Service)"
                                  : "");
}

/* One that can't be read has been told; the others are shown. */
static int add_all(const struct session *session, struct list *list)
{
    PROFILE_NAMES_AUTO names = { .names = NULL };
    int code = profile_names_read(session->args, &names);

    for (size_t i = 0; i < names.count; i++) {
        PROFILE_AUTO profile = { .name = NULL };
        bool found;
        int one = profile_peek(session->args, names.names[i], &profile, &found);

        if (one != EXIT_OK) {
            code = one;
            continue;
        }
        if (!found)
            continue;
        if (list->json)
            add_json(list, &profile);
        else
            add_line(list, &profile);
        list->count++;
    }
    return code;
}

static int list_profiles(struct session *session)
{
    OKT_BUF_AUTO out = OKT_BUF_INIT(TEXT_MAX);
    AUTO(char) current = NULL;
    struct list list = { .json = session->args->json, .out = &out };
    int code = profile_current(session->args, &current);
    int printed;

    if (code != EXIT_OK)
        return code;
    list.current = current;
    okt_buf_str(&out, list.json ? "[" : "");
    code = add_all(session, &list);
    okt_buf_str(&out, list.json ? "\n]\n" : "");
    if (okt_buf_failed(&out))
        return fail_memory(session->args);
    if (list.count == 0 && code == EXIT_OK)
        note(session->args, "note", "no profiles; okta-tokens login makes one");
    printed = printer_text(session, out.data, out.len);
    return code == EXIT_OK ? printed : code;
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
    int lock = -1;
    int code = EXIT_OK;

    if (!profile_name_is_valid(name))
        return fail_missing(session, name);
    code = profile_lock(session->args, name, false, &lock);
    if (code != EXIT_OK)
        return code;
    code = profile_remove(session->args, name, &removed);
    if (lock >= 0)
        close(lock);
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
