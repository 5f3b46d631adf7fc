/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret_service.c - libsecret, found at run time.
 *
 * What is used of its interface has been the same since 0.18 and is declared
 * here, so that building takes neither its headers nor GLib's.
 */
#include "cli/state/secret_service.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "wire/json.h"

enum { ATTRIBUTES = 32, WHY_MAX = 256, LABEL_MAX = 512, ITEM_MAX = 256 * 1024 };

/* SecretSchema */
struct schema {
    const char *name;
    int flags; /* 0: none */
    struct {
        const char *name;
        int type; /* 0: a string */
    } attributes[ATTRIBUTES];
    int reserved;
    void *reserved_pointers[7];
};

/* GError */
struct error {
    uint32_t domain;
    int code;
    char *message;
};

/* GList */
struct list {
    void *data;
    struct list *next;
    struct list *prev;
};

enum { SEARCH_ALL = 1 << 1 }; /* locked ones too, of SecretSearchFlags */

typedef int store_fn(const struct schema *schema, const char *collection,
                     const char *label, const char *password, void *cancellable,
                     struct error **error, ...);
typedef char *lookup_fn(const struct schema *schema, void *cancellable,
                        struct error **error, ...);
typedef int clear_fn(const struct schema *schema, void *cancellable,
                     struct error **error, ...);
typedef struct list *search_fn(const struct schema *schema, int flags,
                               void *cancellable, struct error **error, ...);

struct libsecret {
    void *library;
    store_fn *store;
    lookup_fn *lookup;
    clear_fn *clear;
    search_fn *search;
    void (*free_password)(char *password);
    void (*free_error)(struct error *error);
    void (*free_list)(struct list *list, void (*free_one)(void *));
    void (*unref)(void *object);
};

#define ROW(member, name) { name, offsetof(struct libsecret, member) }

static const struct function {
    const char *name;
    size_t offset;
} functions[] = {
    ROW(store, "secret_password_store_sync"),
    /* in memory that is not swapped out, where that can be had */
    ROW(lookup, "secret_password_lookup_nonpageable_sync"),
    ROW(clear, "secret_password_clear_sync"),
    ROW(search, "secret_password_search_sync"),
    ROW(free_password, "secret_password_free"),
    ROW(free_error, "g_error_free"), /* of libraries that it brings */
    ROW(free_list, "g_list_free_full"),
    ROW(unref, "g_object_unref"),
};

/* Its items hold a JSON object: {"org":URL,"secret":TEXT}. */
static const struct schema schema = {
    .name = "com.github.okta-tokens.Secret",
    .attributes = { { "application", 0 }, { "state", 0 }, { "profile", 0 } },
};

/* What versions up to the first wrote: the secret alone, under the profile's
 * name alone, whatever the org and the state folder. */
static const struct schema old_schema = {
    .name = "com.github.okta-tokens.Profile",
    .attributes = { { "application", 0 }, { "profile", 0 } },
};

#define ATTRIBUTES_OF(item)                                          \
    "application", "okta-tokens", "state", (item)->state,            \
        (item)->profile != NULL ? "profile" : NULL, (item)->profile, \
        (char *)NULL
#define OLD_ATTRIBUTES_OF(item) \
    "application", "okta-tokens", "profile", (item)->profile, (char *)NULL

/* GLib can't be unloaded: its threads and types stay. The process is short. */
static bool load(struct libsecret *out)
{
    *out =
        (struct libsecret){ .library = dlopen("libsecret-1.so.0", RTLD_NOW) };
    if (out->library == NULL)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        void *found = dlsym(out->library, functions[i].name);

        if (found == NULL)
            return false;
        /* POSIX lets a function's address be held so, ISO C has no cast. */
        memcpy((char *)out + functions[i].offset, &found, sizeof(found));
    }
    return true;
}

static const char missing[] = "libsecret is not installed";
static const char locked[] = "it is locked";

/* The error's text, which lives until the next; frees the error. */
static const char *take_error(const struct libsecret *lib, struct error *error)
{
    static char text[WHY_MAX];

    if (error == NULL)
        return NULL;
    snprintf(text, sizeof(text), "%s", error->message);
    lib->free_error(error);
    return text;
}

/* --------------------------------------------------------------- The item --
 */

static bool encode(const char *org, const char *secret, struct okt_buf *out)
{
    OKT_JSON_WRITER_AUTO writer;
    yyjson_mut_val *root = okt_json_begin_secret(&writer);

    yyjson_mut_obj_add_str(writer.doc, root, "org", org);
    yyjson_mut_obj_add_str(writer.doc, root, "secret", secret);
    okt_json_print(&writer, out);
    return !okt_buf_failed(out);
}

static enum keyring_result decode(const char *text, const char *org,
                                  char **secret, const char **why)
{
    bool no_memory;
    AUTO(yyjson_doc)
    doc = okt_json_read_secret(text, strlen(text), why, &no_memory);
    yyjson_val *json = yyjson_doc_get_root(doc);
    const char *its_org = okt_json_str(json, "org");
    const char *its_secret = okt_json_str(json, "secret");

    if (its_org == NULL || its_secret == NULL)
        return KEYRING_FAILED;
    if (strcmp(its_org, org) != 0)
        return KEYRING_OTHER_ORG;
    *why = "out of memory";
    *secret = strdup(its_secret);
    return *secret != NULL ? KEYRING_OK : KEYRING_FAILED;
}

/* --------------------------------------------------------------- Looking -- */

/* OK: there is one, locked or not. */
static enum keyring_result look(const struct libsecret *lib,
                                const struct keyring_item *item, bool old,
                                const char **why)
{
    struct error *error = NULL;
    struct list *list =
        old ? lib->search(&old_schema, SEARCH_ALL, NULL, &error,
                          OLD_ATTRIBUTES_OF(item))
            : lib->search(&schema, SEARCH_ALL, NULL, &error,
                          ATTRIBUTES_OF(item));
    bool found = list != NULL;

    if (found)
        lib->free_list(list, lib->unref);
    *why = take_error(lib, error);
    if (*why != NULL)
        return KEYRING_FAILED;
    return found ? KEYRING_OK : KEYRING_NONE;
}

enum keyring_result keyring_find(const struct keyring_item *item,
                                 const char *org, char **secret,
                                 const char **why)
{
    struct libsecret lib;
    struct error *error = NULL;
    enum keyring_result result = KEYRING_NONE;
    char *found;

    *why = missing;
    if (!load(&lib))
        return KEYRING_FAILED;
    found = lib.lookup(&schema, NULL, &error, ATTRIBUTES_OF(item));
    *why = take_error(&lib, error);
    if (found != NULL) {
        result = decode(found, org, secret, why);
        lib.free_password(found);
        return result;
    }
    if (*why != NULL)
        return KEYRING_FAILED;
    result = look(&lib, item, false, why);
    if (result == KEYRING_OK)
        *why = locked;
    if (result != KEYRING_NONE)
        return KEYRING_FAILED;
    return look(&lib, item, true, why) == KEYRING_OK
               ? KEYRING_OLD
               : KEYRING_NONE;
}

/* -------------------------------------------------------------- Removing -- */

static enum keyring_result clear(const struct libsecret *lib,
                                 const struct keyring_item *item, bool old,
                                 bool *had, const char **why)
{
    struct error *error = NULL;
    enum keyring_result result = look(lib, item, old, why);

    if (result != KEYRING_OK)
        return result;
    *had = true;
    if (old)
        lib->clear(&old_schema, NULL, &error, OLD_ATTRIBUTES_OF(item));
    else
        lib->clear(&schema, NULL, &error, ATTRIBUTES_OF(item));
    *why = take_error(lib, error);
    if (*why != NULL)
        return KEYRING_OK;
    /* That nothing failed does not mean that something was removed. */
    result = look(lib, item, old, why);
    if (result == KEYRING_OK)
        *why = locked;
    return result == KEYRING_NONE ? result : KEYRING_OK;
}

enum keyring_result keyring_remove(const struct keyring_item *item, bool *had,
                                   const char **why)
{
    struct libsecret lib;
    enum keyring_result result;

    *had = false;
    *why = missing;
    if (!load(&lib))
        return KEYRING_FAILED;
    result = clear(&lib, item, false, had, why);
    if (result != KEYRING_NONE || item->profile == NULL)
        return result;
    return clear(&lib, item, true, had, why);
}

/* --------------------------------------------------------------- Storing -- */

bool keyring_store(const struct keyring_item *item, const char *org,
                   const char *secret, const char **why)
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(ITEM_MAX);
    char label[LABEL_MAX];
    struct libsecret lib;
    struct error *error = NULL;
    const char *ignored;
    bool stored;
    bool had;

    *why = missing;
    if (!load(&lib))
        return false;
    *why = "out of memory";
    if (!encode(org, secret, &text))
        return false;
    snprintf(label, sizeof(label), "okta-tokens: %s at %s", item->profile, org);
    stored = lib.store(&schema, NULL, label, text.data, NULL, &error,
                       ATTRIBUTES_OF(item)) != 0;
    *why = take_error(&lib, error);
    if (*why == NULL)
        *why = "it refused";
    if (stored)
        clear(&lib, item, true, &had, &ignored);
    return stored;
}
