/* SPDX-License-Identifier: Apache-2.0 */
/* profile.c - profiles as JSON files, and their secrets in the keyring. */
#include "cli/state/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/state/secret_service.h"
#include "cli/state/state_dir.h"
#include "cli/term/fail.h"
#include "sys/clock.h"
#include "wire/json.h"

enum {
    NAME_MAX_LEN = 100,
    FILE_MAX = 128 * 1024,
    ROOM_SIZE = 64 * 1024, /* tokens are smaller, escaped and all */
    PENDING_LIFE_S = 24 * 3600,
    VERSION = 1,
    STATE_PATH_MAX = 4096 + NAME_MAX_LEN
};

#define CURRENT "current"
#define SUFFIX ".json"

/* ----------------------------------------------------------- What it has -- */

static const char *const kinds[] = {
    [PROFILE_SSWS] = "ssws",
    [PROFILE_DEVICE] = "device",
    [PROFILE_SERVICE] = "service",
};

/* clang-format off */
static const struct member {
    const char *key;
    size_t offset;
    bool required;
} members[] = {
    { "org",      offsetof(struct profile, org),       true  },
    { "clientId", offsetof(struct profile, client_id), false },
    { "scopes",   offsetof(struct profile, scopes),    false },
    { "keyFile",  offsetof(struct profile, key_file),  false },
    { "keyId",    offsetof(struct profile, key_id),    false },
    { "caFile",   offsetof(struct profile, ca_file),   false },
};
/* clang-format on */

static char **text_of(struct profile *profile, size_t i)
{
    return (char **)(void *)((char *)profile + members[i].offset);
}

void profile_free(struct profile *profile)
{
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        free(*text_of(profile, i));
    free(profile->name);
    okt_free_secret(profile->secret);
    *profile = (struct profile){ .name = NULL };
}

const char *profile_kind_name(enum profile_kind kind)
{
    return kinds[kind];
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z');
}

bool profile_name_is_valid(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > NAME_MAX_LEN || !is_alnum(name[0]))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_alnum(name[i]) && strchr("._:@-", name[i]) == NULL)
            return false;
    return true;
}

char *profile_name_of_org(const char *org)
{
    OKT_BUF_AUTO name = OKT_BUF_INIT(NAME_MAX_LEN);
    const char *host = strstr(org, "://");

    host = host != NULL ? host + 3 : org;
    for (const char *p = host; *p != '\0'; p++)
        if (is_alnum(*p) || (name.len > 0 && strchr(".:-", *p) != NULL))
            okt_buf_char(&name, *p);
    if (name.len == 0)
        okt_buf_str(&name, "org");
    return okt_buf_take(&name);
}

/* -------------------------------------------------------------- The file -- */

static bool find_kind(const char *text, enum profile_kind *out)
{
    for (size_t i = 0; text != NULL && i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kinds[i], text) != 0)
            continue;
        *out = (enum profile_kind)i;
        return true;
    }
    return false;
}

static bool copy_text(const char *text, char **out)
{
    if (text == NULL)
        return true;
    *out = strdup(text);
    return *out != NULL;
}

/* Whether it may be an org's URL: somebody may have edited the file. */
static bool is_org(const char *text)
{
    if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
        return false;
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

/* name is the file's; NULL: the one in it is taken. NULL: read; else what is
 * wrong with it. */
static const char *decode(yyjson_val *json, const char *name,
                          struct profile *out)
{
    const char *own_name = name != NULL ? name : okt_json_str(json, "name");
    bool copied = copy_text(okt_json_str(json, "secret"), &out->secret) &&
                  copy_text(own_name, &out->name);

    if (yyjson_get_int(yyjson_obj_get(json, "version")) != VERSION)
        return "it was written by another version of okta-tokens";
    if (own_name == NULL || (name == NULL && !profile_name_is_valid(own_name)))
        return "it has no valid name";
    if (!find_kind(okt_json_str(json, "kind"), &out->kind))
        return "it has no kind that is known";
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const char *text = okt_json_str(json, members[i].key);

        if (text == NULL && members[i].required)
            return "a required field is missing";
        copied = copied && copy_text(text, text_of(out, i));
    }
    if (out->org != NULL && !is_org(out->org))
        return "its org is no URL";
    out->leftover = yyjson_get_bool(yyjson_obj_get(json, "leftover"));
    out->ended = yyjson_get_bool(yyjson_obj_get(json, "ended"));
    out->expires = yyjson_get_sint(yyjson_obj_get(json, "expires"));
    out->dpop = yyjson_get_bool(yyjson_obj_get(json, "dpop"));
    out->keyring = yyjson_get_bool(yyjson_obj_get(json, "keyring"));
    return copied ? NULL : "out of memory";
}

/* NULL: read; else what is wrong with it. */
static const char *parse(const struct okt_buf *text, const char *name,
                         struct profile *out)
{
    const char *why;
    bool no_memory;
    AUTO(yyjson_doc)
    doc = okt_json_read_secret(text->data, text->len, &why, &no_memory);

    return doc != NULL ? decode(yyjson_doc_get_root(doc), name, out) : why;
}

static int fail_parse(const struct args *args, const char *name,
                      const char *why)
{
    return fail(args, EXIT_USAGE,
                "sign in again, with okta-tokens login, to write it anew",
                "the profile %s can't be read: %s", name, why);
}

static void encode(const struct profile *profile, struct okt_buf *out)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin_secret(&writer);
    struct profile copy = *profile;

    yyjson_mut_obj_add_int(writer.doc, root, "version", VERSION);
    yyjson_mut_obj_add_str(writer.doc, root, "kind", kinds[profile->kind]);
    yyjson_mut_obj_add_str(writer.doc, root, "name", profile->name);
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (*text_of(&copy, i) != NULL)
            yyjson_mut_obj_add_str(writer.doc, root, members[i].key,
                                   *text_of(&copy, i));
    yyjson_mut_obj_add_bool(writer.doc, root, "dpop", profile->dpop);
    yyjson_mut_obj_add_bool(writer.doc, root, "keyring", profile->keyring);
    if (profile->leftover)
        yyjson_mut_obj_add_bool(writer.doc, root, "leftover", true);
    if (profile->ended)
        yyjson_mut_obj_add_bool(writer.doc, root, "ended", true);
    if (profile->expires != 0)
        yyjson_mut_obj_add_sint(writer.doc, root, "expires", profile->expires);
    if (profile->secret != NULL && !profile->keyring)
        yyjson_mut_obj_add_str(writer.doc, root, "secret", profile->secret);
    okt_json_print(&writer, out);
    okt_buf_char(out, '\n');
}

static char *file_of(const char *name)
{
    OKT_BUF_AUTO file = OKT_BUF_INIT(STATE_NAME_SIZE);

    okt_buf_printf(&file, "%s" SUFFIX, name);
    return okt_buf_take(&file);
}

/* ------------------------------------------------------------------ One -- */

/* name as for decode. */
static int load_file(const struct state *state, const char *name,
                     const char *file, struct profile *out, bool *found)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);
    int code = state_read(state, file, &text, found);
    const char *why = NULL;

    *out = (struct profile){ .name = NULL };
    if (code == EXIT_OK && *found)
        why = parse(&text, name, out);
    if (why != NULL)
        code = fail_parse(state->args, name != NULL ? name : file, why);
    if (code != EXIT_OK)
        profile_free(out);
    return code;
}

static int load(const struct state *state, const char *name,
                struct profile *out, bool *found)
{
    AUTO(char) file = file_of(name);

    *found = false;
    *out = (struct profile){ .name = NULL };
    return file != NULL ? load_file(state, name, file, out, found)
                        : fail_memory(state->args);
}

int profile_peek_legible(const struct args *args, const char *name,
                         struct profile *out, bool *found)
{
    STATE_AUTO state = { .fd = -1 };
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);
    AUTO(char) file = file_of(name);
    int code = state_open(args, false, &state);

    *found = false;
    *out = (struct profile){ .name = NULL };
    if (file == NULL)
        return fail_memory(args);
    if (code == EXIT_OK)
        code = state_read(&state, file, &text, found);
    if (!*found || parse(&text, name, out) == NULL)
        return code;
    *found = false;
    profile_free(out);
    return code;
}

int profile_peek(const struct args *args, const char *name, struct profile *out,
                 bool *found)
{
    STATE_AUTO state = { .fd = -1 };
    int code = state_open(args, false, &state);

    *found = false;
    *out = (struct profile){ .name = NULL };
    return code == EXIT_OK ? load(&state, name, out, found) : code;
}

static int fail_keyring(const struct args *args, const struct profile *profile,
                        enum keyring_result result, const char *why)
{
    static const char again[] = "sign in again, with okta-tokens login";

    if (result == KEYRING_OTHER_ORG)
        return fail(args, EXIT_AUTH, again,
                    "the secret of the profile %s in the Secret Service is for "
                    "another org than %s: nothing was sent",
                    profile->name, profile->org);
    if (result == KEYRING_OLD)
        return fail(args, EXIT_AUTH, again,
                    "the secret of the profile %s was stored by an earlier "
                    "version, which did not note its org: it is not used",
                    profile->name);
    if (result == KEYRING_NONE)
        return fail(args, EXIT_AUTH, again,
                    "the Secret Service holds no secret of the profile %s for "
                    "this state folder",
                    profile->name);
    return fail(args, EXIT_AUTH,
                "unlock the keyring, or sign in again with okta-tokens login",
                "the secret of the profile %s can't be had from the Secret "
                "Service: %s",
                profile->name, why);
}

/* Reads the secret that the profile says is there. */
static int load_secret(const struct args *args, struct profile *profile)
{
    STATE_AUTO state = { .fd = -1 };
    char id[STATE_ID_SIZE];
    const struct keyring_item item = { id, profile->name };
    const char *why = NULL;
    enum keyring_result result;
    int code = state_open(args, false, &state);

    if (code == EXIT_OK)
        code = state_id(&state, false, id);
    if (code != EXIT_OK)
        return code;
    result = keyring_find(&item, profile->org, &profile->secret, &why);
    return result == KEYRING_OK ? EXIT_OK
                                : fail_keyring(args, profile, result, why);
}

int profile_load(const struct args *args, const char *name, struct profile *out,
                 bool *found)
{
    int code = profile_peek(args, name, out, found);

    if (code == EXIT_OK && *found && out->ended)
        code = fail(args, EXIT_AUTH,
                    "unlock the keyring and repeat okta-tokens logout; or sign "
                    "in again with okta-tokens login",
                    "signed out of the profile %s, whose secret is left in the "
                    "Secret Service",
                    name);
    else if (code == EXIT_OK && *found && out->keyring)
        code = load_secret(args, out);
    if (code != EXIT_OK)
        profile_free(out);
    return code;
}

/* ---------------------------------------------------------------- Saving -- */

int profile_reserve(const struct args *args, struct state_room *room)
{
    STATE_AUTO state = { .fd = -1 };
    int code = state_open(args, true, &state);

    return code == EXIT_OK ? state_reserve(&state, ROOM_SIZE, room) : code;
}

/* Whether the Secret Service may hold a secret of the profile, as its file,
 * legible or not, says. */
static bool has_item(const struct state *state, const char *file)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);

    state_read_any(state, file, &text);
    okt_buf_char(&text, '\0');
    return !okt_buf_failed(&text) &&
           (strstr(text.data, "\"keyring\":true") != NULL ||
            strstr(text.data, "\"leftover\":true") != NULL);
}

/* Puts the secret into the Secret Service, if it can be; has_old: an earlier
 * one may be there. */
static void store_secret(struct profile *profile,
                         const struct keyring_item *item, bool has_old)
{
    const char *why;
    bool had;

    profile->keyring = profile->secret != NULL &&
                       keyring_store(item, profile->org, profile->secret, &why);
    if (profile->keyring)
        profile->leftover = false;
    else if (profile->secret == NULL && has_old)
        profile->leftover = keyring_remove(item, &had, &why) != KEYRING_NONE;
    else
        profile->leftover = has_old;
}

int profile_save(const struct args *args, struct profile *profile,
                 struct state_room *room)
{
    STATE_AUTO state = { .fd = -1 };
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);
    AUTO(char) file = file_of(profile->name);
    char id[STATE_ID_SIZE];
    const struct keyring_item item = { id, profile->name };
    bool has_old;
    bool had;
    const char *why;
    int code = state_open(args, true, &state);

    if (code == EXIT_OK && file == NULL)
        code = fail_memory(args);
    if (code == EXIT_OK)
        code = state_id(&state, true, id);
    if (code != EXIT_OK)
        return code;
    has_old = has_item(&state, file);
    store_secret(profile, &item, has_old);
    encode(profile, &text);
    code = okt_buf_failed(&text)
               ? fail_memory(args)
               : state_write(&state, file, text.data, text.len, room);
    if (code != EXIT_OK && profile->keyring && !has_old)
        keyring_remove(&item, &had, &why);
    return code;
}

/* -------------------------------------------------------------- Removing -- */

/* If it is that one. */
static int forget_current(const struct args *args, const char *name)
{
    AUTO(char) current = NULL;
    int code = profile_current(args, &current);

    if (code != EXIT_OK || current == NULL || strcmp(current, name) != 0)
        return code;
    return profile_use(args, NULL);
}

/* Leaves of the profile only what tells that its secret could not be removed.
 */
static int mark_ended(const struct state *state, const char *name,
                      const char *file)
{
    OKT_BUF_AUTO old = OKT_BUF_INIT(FILE_MAX);
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);
    PROFILE_AUTO profile = { .name = NULL };
    bool removed;

    state_read_any(state, file, &old);
    if (parse(&old, name, &profile) != NULL)
        return state_remove(state, file, &removed);
    okt_free_secret(TAKE(profile.secret));
    profile.keyring = false;
    profile.leftover = true;
    profile.ended = true;
    encode(&profile, &text);
    return okt_buf_failed(&text)
               ? fail_memory(state->args)
               : state_write(state, file, text.data, text.len, NULL);
}

static int fail_left(const struct args *args, const char *name, const char *why)
{
    return fail(args, EXIT_INTERNAL,
                "unlock the keyring, then repeat it with --profile, or --all",
                "profile %s: its secret is left in the Secret Service, and "
                "could not be removed: %s",
                name, why);
}

/* Removes the secret from the Secret Service; *left: that failed, and why. */
static int remove_secret(const struct state *state, const char *name,
                         const char *file, bool *had, const char **left)
{
    char id[STATE_ID_SIZE];
    const struct keyring_item item = { id, name };
    enum keyring_result result;
    const char *why;
    int code = state_id(state, false, id);

    if (code != EXIT_OK)
        return code;
    result = keyring_remove(&item, had, &why);
    if (result == KEYRING_OK ||
        (result == KEYRING_FAILED && has_item(state, file)))
        *left = why;
    if (result == KEYRING_NONE && !*had && id[0] == '\0' &&
        has_item(state, file))
        *left = "the file \"id\" of this folder, by which it is found, is gone";
    return EXIT_OK;
}

int profile_remove(const struct args *args, const char *name, bool *removed)
{
    STATE_AUTO state = { .fd = -1 };
    AUTO(char) file = file_of(name);
    const char *left = NULL;
    bool had = false;
    int code = state_open(args, false, &state);
    int then;

    *removed = false;
    if (code == EXIT_OK && file == NULL)
        code = fail_memory(args);
    if (code != EXIT_OK || state.fd < 0)
        return code;
    code = remove_secret(&state, name, file, &had, &left);
    then = left != NULL ? mark_ended(&state, name, file)
                        : state_remove(&state, file, removed);
    *removed = *removed || had;
    state_sweep(&state, file, 0);
    if (then == EXIT_OK)
        then = forget_current(args, name);
    if (left != NULL)
        code = fail_left(args, name, left);
    return code == EXIT_OK && then == EXIT_OK ? EXIT_OK : EXIT_INTERNAL;
}

int profile_remove_rest(const struct args *args)
{
    STATE_AUTO state = { .fd = -1 };
    char id[STATE_ID_SIZE];
    const struct keyring_item item = { id, NULL };
    const char *why;
    bool had;
    int code = state_open(args, false, &state);

    if (code == EXIT_OK && state.fd < 0)
        return EXIT_OK;
    if (code == EXIT_OK)
        code = state_id(&state, false, id);
    if (code != EXIT_OK)
        return code;
    state_sweep(&state, NULL, 0);
    code = pending_sweep(args, true);
    if (id[0] == '\0' || keyring_remove(&item, &had, &why) != KEYRING_OK)
        return code;
    return fail(args, EXIT_INTERNAL,
                "unlock the keyring, then repeat okta-tokens logout --all",
                "a secret of this state folder is left in the Secret Service, "
                "and could not be removed: %s",
                why);
}

int profile_lock(const struct args *args, const char *name, bool make, int *fd)
{
    STATE_AUTO state = { .fd = -1 };
    AUTO(char) file = file_of(name);
    int code = state_open(args, make, &state);

    *fd = -1;
    if (file == NULL)
        return fail_memory(args);
    if (code != EXIT_OK || state.fd < 0)
        return code;
    return state_lock(&state, file, fd);
}

/* ------------------------------------------------------------ Under way -- */

#define PENDING_SUFFIX ".pending"

/* NULL: it can't be the name of one. */
static char *pending_file(const char *handle)
{
    OKT_BUF_AUTO file = OKT_BUF_INIT(PENDING_SIZE + sizeof(PENDING_SUFFIX));

    if (!profile_name_is_valid(handle) || strlen(handle) >= PENDING_SIZE)
        return NULL;
    okt_buf_printf(&file, "%s" PENDING_SUFFIX, handle);
    return okt_buf_take(&file);
}

int pending_save(const struct args *args, const struct profile *profile,
                 char handle[static PENDING_SIZE])
{
    STATE_AUTO state = { .fd = -1 };
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);
    AUTO(char) file = NULL;
    int code = state_open(args, true, &state);

    if (code == EXIT_OK)
        code = pending_sweep(args, false);
    if (code != EXIT_OK)
        return code;
    snprintf(handle, PENDING_SIZE, "login-%llx-%lx",
             (unsigned long long)okt_clock_now(), (unsigned long)getpid());
    file = pending_file(handle);
    encode(profile, &text);
    if (file == NULL || okt_buf_failed(&text))
        return fail_memory(args);
    return state_write(&state, file, text.data, text.len, NULL);
}

int pending_load(const struct args *args, const char *handle,
                 struct profile *out, bool *found)
{
    STATE_AUTO state = { .fd = -1 };
    AUTO(char) file = pending_file(handle);
    int code = state_open(args, false, &state);

    *found = false;
    *out = (struct profile){ .name = NULL };
    return code == EXIT_OK && file != NULL
               ? load_file(&state, NULL, file, out, found)
               : code;
}

int pending_remove(const struct args *args, const char *handle)
{
    STATE_AUTO state = { .fd = -1 };
    AUTO(char) file = pending_file(handle);
    bool removed;
    int code = state_open(args, false, &state);

    return code == EXIT_OK && file != NULL
               ? state_remove(&state, file, &removed)
               : code;
}

struct sweep {
    const struct state *state;
    bool all;
    int code;
};

/* Its own time says when it lapses; without one, no code lives for longer than
 * a day. */
static bool has_lapsed(const struct state *state, const char *file)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);
    PROFILE_AUTO profile = { .name = NULL };
    int64_t written = state_read_any(state, file, &text);

    if (parse(&text, NULL, &profile) != NULL || profile.expires == 0)
        return okt_clock_now() - written > PENDING_LIFE_S;
    return profile.expires < okt_clock_now();
}

static void sweep_one(const char *file, void *ctx)
{
    struct sweep *sweep = ctx;
    size_t len = strlen(file);
    size_t suffix = strlen(PENDING_SUFFIX);
    bool removed;
    int code;

    if (len <= suffix || strcmp(file + len - suffix, PENDING_SUFFIX) != 0 ||
        (!sweep->all && !has_lapsed(sweep->state, file)))
        return;
    code = state_remove(sweep->state, file, &removed);
    if (code != EXIT_OK)
        sweep->code = code;
}

int pending_sweep(const struct args *args, bool all)
{
    STATE_AUTO state = { .fd = -1 };
    struct sweep sweep = { &state, all, EXIT_OK };
    int code = state_open(args, false, &state);

    if (code != EXIT_OK || state.fd < 0)
        return code;
    state_sweep(&state, NULL, PENDING_LIFE_S);
    code = state_each(&state, sweep_one, &sweep);
    return code == EXIT_OK ? sweep.code : code;
}

/* ------------------------------------------------------------------ All -- */

struct names {
    struct profile_names *all;
    bool no_memory;
};

static void keep_name(const char *file, void *ctx)
{
    struct names *names = ctx;
    struct profile_names *all = names->all;
    size_t len = strlen(file);
    size_t suffix = strlen(SUFFIX);
    char **more;

    if (len <= suffix || strcmp(file + len - suffix, SUFFIX) != 0)
        return;
    more = realloc(all->names, (all->count + 1) * sizeof(*more));
    if (more != NULL) {
        all->names = more;
        more[all->count] = strndup(file, len - suffix);
    }
    if (more == NULL || more[all->count] == NULL)
        names->no_memory = true;
    else
        all->count++;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int profile_names_read(const struct args *args, struct profile_names *out)
{
    STATE_AUTO state = { .fd = -1 };
    struct names names = { .all = out };
    int code = state_open(args, false, &state);

    *out = (struct profile_names){ .names = NULL };
    if (code == EXIT_OK)
        code = state_each(&state, keep_name, &names);
    if (code == EXIT_OK && names.no_memory)
        code = fail_memory(args);
    if (out->count > 0)
        qsort(out->names, out->count, sizeof(out->names[0]), by_name);
    return code;
}

void profile_names_free(struct profile_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->names[i]);
    free(names->names);
    *names = (struct profile_names){ .names = NULL };
}

/* ------------------------------------------------------- The one in use -- */

int profile_current(const struct args *args, char **name)
{
    STATE_AUTO state = { .fd = -1 };
    OKT_BUF_AUTO text = OKT_BUF_INIT(NAME_MAX_LEN + 1);
    bool found;
    int code = state_open(args, false, &state);

    *name = NULL;
    if (code == EXIT_OK)
        code = state_read(&state, CURRENT, &text, &found);
    if (code != EXIT_OK || !found)
        return code;
    if (text.len > 0 && text.data[text.len - 1] == '\n')
        text.data[text.len - 1] = '\0';
    if (text.len == 0 || !profile_name_is_valid(text.data))
        return EXIT_OK;
    *name = strdup(text.data);
    return *name != NULL ? EXIT_OK : fail_memory(args);
}

int profile_use(const struct args *args, const char *name)
{
    STATE_AUTO state = { .fd = -1 };
    char text[NAME_MAX_LEN + 2];
    bool removed;
    int lock = -1;
    int code = state_open(args, name != NULL, &state);

    if (code != EXIT_OK || state.fd < 0)
        return code;
    code = state_lock(&state, CURRENT, &lock);
    if (code != EXIT_OK)
        return code;
    if (name == NULL) {
        code = state_remove(&state, CURRENT, &removed);
    } else {
        snprintf(text, sizeof(text), "%s\n", name);
        code = state_write(&state, CURRENT, text, strlen(text), NULL);
    }
    close(lock);
    return code;
}

char *profile_path(const struct args *args, const char *name)
{
    STATE_AUTO state = { .fd = -1 };
    AUTO(char) file = file_of(name);
    OKT_BUF_AUTO path = OKT_BUF_INIT(STATE_PATH_MAX);

    if (state_open(args, false, &state) != EXIT_OK || file == NULL)
        return NULL;
    okt_buf_printf(&path, "%s/%s", state.path, file);
    return okt_buf_take(&path);
}
