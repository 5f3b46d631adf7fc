/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyring.c - libsecret, found at run time.
 *
 * What is used of its interface has been the same since 0.18 and is declared
 * here, so that building takes neither its headers nor GLib's.
 */
#include "keyring.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"

enum { ATTRIBUTES = 32, WHY_MAX = 256 };

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

typedef int store_fn(const struct schema *schema, const char *collection,
                     const char *label, const char *password, void *cancellable,
                     struct error **error, ...);
typedef char *lookup_fn(const struct schema *schema, void *cancellable,
                        struct error **error, ...);
typedef int clear_fn(const struct schema *schema, void *cancellable,
                     struct error **error, ...);

struct libsecret {
    void *library;
    store_fn *store;
    lookup_fn *lookup;
    clear_fn *clear;
    void (*free_password)(char *password);
    void (*free_error)(struct error *error);
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
    ROW(free_password, "secret_password_free"),
    ROW(free_error, "g_error_free"), /* of a library that it brings */
};

static const struct schema schema = {
    .name = "com.github.okta-tokens.Profile",
    .attributes = { { "application", 0 }, { "profile", 0 } },
};

#define ATTRIBUTES_OF(profile) \
    "application", "okta-tokens", "profile", (profile), (char *)NULL

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

/* GLib can't be unloaded: its threads and types stay. The process is short. */

bool keyring_store(const char *profile, const char *label, const char *secret,
                   const char **why)
{
    static char text[WHY_MAX];
    struct libsecret lib;
    struct error *error = NULL;
    bool stored;

    *why = "libsecret is not installed";
    if (!load(&lib))
        return false;
    stored = lib.store(&schema, NULL, label, secret, NULL, &error,
                       ATTRIBUTES_OF(profile)) != 0;
    if (!stored && error != NULL)
        snprintf(text, sizeof(text), "%s", error->message);
    else if (!stored)
        snprintf(text, sizeof(text), "the Secret Service refused");
    if (error != NULL)
        lib.free_error(error);
    *why = text;
    return stored;
}

char *keyring_find(const char *profile)
{
    struct libsecret lib;
    struct error *error = NULL;
    char *secret = NULL;
    char *found;

    if (!load(&lib))
        return NULL;
    found = lib.lookup(&schema, NULL, &error, ATTRIBUTES_OF(profile));
    if (found != NULL) {
        secret = strdup(found);
        lib.free_password(found);
    }
    if (error != NULL)
        lib.free_error(error);
    return secret;
}

void keyring_remove(const char *profile)
{
    struct libsecret lib;
    struct error *error = NULL;

    if (!load(&lib))
        return;
    lib.clear(&schema, NULL, &error, ATTRIBUTES_OF(profile));
    if (error != NULL)
        lib.free_error(error);
}
