/* SPDX-License-Identifier: Apache-2.0 */
/* profile.c - profiles as JSON files, and their secrets in the keyring. */
#include "profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "fail.h"
#include "json.h"
#include "keyring.h"
#include "state.h"

enum {
    NAME_MAX_LEN = 100,
    FILE_MAX = 128 * 1024,
    LABEL_MAX = 512,
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
    { "name",     offsetof(struct profile, name),      true  },
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

/* NULL: read; else what is wrong with it. */
static const char *decode(yyjson_val *json, struct profile *out)
{
    bool copied = copy_text(okt_json_str(json, "secret"), &out->secret);

    if (yyjson_get_int(yyjson_obj_get(json, "version")) != VERSION)
        return "it was written by another version of okta-tokens";
    if (!find_kind(okt_json_str(json, "kind"), &out->kind))
        return "it has no kind that is known";
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const char *text = okt_json_str(json, members[i].key);

        if (text == NULL && members[i].required)
            return "it lacks a part";
        copied = copied && copy_text(text, text_of(out, i));
    }
    out->dpop = yyjson_get_bool(yyjson_obj_get(json, "dpop"));
    out->keyring = yyjson_get_bool(yyjson_obj_get(json, "keyring"));
    return copied ? NULL : "out of memory";
}

/* NULL: read; else what is wrong with it. */
static const char *parse(const struct okt_buf *text, struct profile *out)
{
    const char *why;
    bool no_memory;
    AUTO(yyjson_doc)
    doc = okt_json_read_secret(text->data != NULL ? text->data : "", text->len,
                               &why, &no_memory);

    return doc != NULL ? decode(yyjson_doc_get_root(doc), out) : why;
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
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        if (*text_of(&copy, i) != NULL)
            yyjson_mut_obj_add_str(writer.doc, root, members[i].key,
                                   *text_of(&copy, i));
    yyjson_mut_obj_add_bool(writer.doc, root, "dpop", profile->dpop);
    yyjson_mut_obj_add_bool(writer.doc, root, "keyring", profile->keyring);
    if (profile->secret != NULL && !profile->keyring)
        yyjson_mut_obj_add_str(writer.doc, root, "secret", profile->secret);
    okt_json_print(&writer, out);
    okt_buf_char(out, '\n');
}

static char *file_of(const char *name)
{
    OKT_BUF_AUTO file = OKT_BUF_INIT(NAME_MAX_LEN + sizeof(SUFFIX));

    okt_buf_printf(&file, "%s" SUFFIX, name);
    return okt_buf_take(&file);
}

/* ------------------------------------------------------------------ One -- */

static int load_file(const struct state *state, const char *name,
                     const char *file, struct profile *out, bool *found)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);
    int code = state_read(state, file, &text, found);
    const char *why = NULL;

    *out = (struct profile){ .name = NULL };
    if (code == EXIT_OK && *found)
        why = parse(&text, out);
    if (why != NULL)
        code = fail_parse(state->args, name, why);
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
    if (!*found || parse(&text, out) == NULL)
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

int profile_load(const struct args *args, const char *name, struct profile *out,
                 bool *found)
{
    int code = profile_peek(args, name, out, found);

    if (code != EXIT_OK || !*found || !out->keyring)
        return code;
    out->secret = keyring_find(name);
    if (out->secret != NULL)
        return EXIT_OK;
    profile_free(out);
    return fail(args, EXIT_AUTH,
                "unlock the keyring, or sign in again with okta-tokens login",
                "the secret of the profile %s can't be had from the Secret "
                "Service",
                name);
}

/* Into the Secret Service, if it can be. */
static void store_secret(struct profile *profile)
{
    char label[LABEL_MAX];
    const char *why;

    snprintf(label, sizeof(label), "okta-tokens: %s at %s", profile->name,
             profile->org);
    profile->keyring =
        profile->secret != NULL &&
        keyring_store(profile->name, label, profile->secret, &why);
}

int profile_save(const struct args *args, struct profile *profile)
{
    STATE_AUTO state = { .fd = -1 };
    OKT_BUF_AUTO text = OKT_BUF_INIT(FILE_MAX);
    AUTO(char) file = file_of(profile->name);
    int code = state_open(args, true, &state);

    if (code != EXIT_OK)
        return code;
    store_secret(profile);
    encode(profile, &text);
    if (file == NULL || okt_buf_failed(&text))
        return fail_memory(args);
    return state_write(&state, file, text.data, text.len);
}

/* If it is that one. */
static int forget_current(const struct args *args, const char *name)
{
    AUTO(char) current = NULL;
    int code = profile_current(args, &current);

    if (code != EXIT_OK || current == NULL || strcmp(current, name) != 0)
        return code;
    return profile_use(args, NULL);
}

int profile_remove(const struct args *args, const char *name, bool *removed)
{
    STATE_AUTO state = { .fd = -1 };
    PROFILE_AUTO profile = { .name = NULL };
    AUTO(char) file = file_of(name);
    bool found = false;
    int code = state_open(args, false, &state);

    *removed = false;
    if (code == EXIT_OK && file == NULL)
        code = fail_memory(args);
    if (code == EXIT_OK)
        code = profile_peek_legible(args, name, &profile, &found);
    if (code == EXIT_OK && found && profile.keyring)
        keyring_remove(name);
    if (code == EXIT_OK)
        code = state_remove(&state, file, removed);
    return code == EXIT_OK && *removed ? forget_current(args, name) : code;
}

int profile_lock(const struct args *args, const char *name, int *fd)
{
    STATE_AUTO state = { .fd = -1 };
    AUTO(char) file = file_of(name);
    int code = state_open(args, true, &state);

    *fd = -1;
    if (file == NULL)
        return fail_memory(args);
    return code == EXIT_OK ? state_lock(&state, file, fd) : code;
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

    if (code != EXIT_OK)
        return code;
    snprintf(handle, PENDING_SIZE, "login-%llx-%lx",
             (unsigned long long)okt_clock_now(), (unsigned long)getpid());
    file = pending_file(handle);
    encode(profile, &text);
    if (file == NULL || okt_buf_failed(&text))
        return fail_memory(args);
    return state_write(&state, file, text.data, text.len);
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
               ? load_file(&state, handle, file, out, found)
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

/* ------------------------------------------------------------------ All -- */

struct names {
    char **names;
    size_t count;
    bool no_memory;
};

static void keep_name(const char *file, void *ctx)
{
    struct names *all = ctx;
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
        all->no_memory = true;
    else
        all->count++;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int visit_one(const struct state *state, const char *name,
                     profile_fn *visit, void *ctx)
{
    PROFILE_AUTO profile = { .name = NULL };
    bool found;
    int code = load(state, name, &profile, &found);

    return code == EXIT_OK && found ? visit(&profile, ctx) : code;
}

int profile_each(const struct args *args, profile_fn *visit, void *ctx)
{
    STATE_AUTO state = { .fd = -1 };
    struct names all = { .names = NULL };
    int code = state_open(args, false, &state);

    if (code == EXIT_OK)
        code = state_each(&state, keep_name, &all);
    if (code == EXIT_OK && all.no_memory)
        code = fail_memory(args);
    if (all.count > 0)
        qsort(all.names, all.count, sizeof(all.names[0]), by_name);
    for (size_t i = 0; i < all.count; i++) {
        if (code == EXIT_OK)
            code = visit_one(&state, all.names[i], visit, ctx);
        free(all.names[i]);
    }
    free(all.names);
    return code;
}

/* --------------------------------------------------------- The one in use --
 */

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
    int code = state_open(args, name != NULL, &state);

    if (code != EXIT_OK)
        return code;
    if (name == NULL)
        return state_remove(&state, CURRENT, &removed);
    snprintf(text, sizeof(text), "%s\n", name);
    return state_write(&state, CURRENT, text, strlen(text));
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
