/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake_secret.c - a libsecret-1.so.0 whose items are files, and which fails as
 * a test says.
 *
 * FAKE_SECRET names a folder. An item is a file items/|xdg:schema=S|k=v|...|
 * with the secret in it. The file mode holds "down" (no Secret Service
 * answers), "locked" (items are found, and can be neither read, written nor
 * removed) or "readonly" (an item can be read alone); without it all works.
 */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, SECRET_SIZE = 256 * 1024 };

struct schema {
    const char *name;
};

struct error {
    unsigned domain;
    int code;
    char *message;
};

struct list {
    void *data;
    struct list *next;
    struct list *prev;
};

/* As the library exports them. */
int secret_password_store_sync(const struct schema *schema,
                               const char *collection, const char *label,
                               const char *password, void *cancellable,
                               struct error **error, ...);
char *secret_password_lookup_nonpageable_sync(const struct schema *schema,
                                              void *cancellable,
                                              struct error **error, ...);
int secret_password_clear_sync(const struct schema *schema, void *cancellable,
                               struct error **error, ...);
struct list *secret_password_search_sync(const struct schema *schema, int flags,
                                         void *cancellable,
                                         struct error **error, ...);
void secret_password_free(char *password);
void g_error_free(struct error *error);
void g_list_free_full(struct list *list, void (*free_one)(void *));
void g_object_unref(void *object);

static const char *folder(void)
{
    const char *value = getenv("FAKE_SECRET");

    return value != NULL ? value : "/nonexistent";
}

static bool mode_is(const char *mode)
{
    char path[PATH_SIZE];
    char text[32] = "";
    FILE *file;

    snprintf(path, sizeof(path), "%s/mode", folder());
    file = fopen(path, "r");
    if (file == NULL)
        return false;
    if (fgets(text, sizeof(text), file) == NULL)
        text[0] = '\0';
    fclose(file);
    return strncmp(text, mode, strlen(mode)) == 0;
}

static bool fails(struct error **error)
{
    if (!mode_is("down"))
        return false;
    *error = calloc(1, sizeof(**error));
    (*error)->message = strdup("no service answers");
    return true;
}

/* "|xdg:schema=S|k=v|k=v|" */
static void name_of(const struct schema *schema, va_list args, char *out)
{
    size_t len =
        (size_t)snprintf(out, PATH_SIZE, "|xdg:schema=%s|", schema->name);
    const char *key;

    while ((key = va_arg(args, const char *)) != NULL) {
        const char *value = va_arg(args, const char *);

        len +=
            (size_t)snprintf(out + len, PATH_SIZE - len, "%s=%s|", key, value);
    }
}

/* Whether the item has all attributes of want. */
static bool matches(const char *item, const char *want)
{
    char part[PATH_SIZE];

    while (want[1] != '\0') {
        size_t len = strcspn(want + 1, "|") + 2;

        snprintf(part, sizeof(part), "%.*s", (int)len, want);
        if (strstr(item, part) == NULL)
            return false;
        want += len - 1;
    }
    return true;
}

static bool find(const char *want, char *out)
{
    char path[PATH_SIZE / 2];
    const struct dirent *entry;
    bool found = false;
    DIR *dir;

    snprintf(path, sizeof(path), "%s/items", folder());
    dir = opendir(path);
    while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
        found = entry->d_name[0] == '|' && matches(entry->d_name, want);
        if (found)
            snprintf(out, PATH_SIZE, "%s/%s", path, entry->d_name);
    }
    if (dir != NULL)
        closedir(dir);
    return found;
}

int secret_password_store_sync(const struct schema *schema,
                               const char *collection, const char *label,
                               const char *password, void *cancellable,
                               struct error **error, ...)
{
    char name[PATH_SIZE];
    char path[2 * PATH_SIZE];
    va_list args;
    FILE *file;

    (void)collection, (void)label, (void)cancellable;
    va_start(args, error);
    name_of(schema, args, name);
    va_end(args);
    if (fails(error) || mode_is("locked") || mode_is("readonly"))
        return 0;
    snprintf(path, sizeof(path), "%s/items/%s", folder(), name);
    file = fopen(path, "w");
    if (file == NULL)
        return 0;
    fputs(password, file);
    return fclose(file) == 0;
}

char *secret_password_lookup_nonpageable_sync(const struct schema *schema,
                                              void *cancellable,
                                              struct error **error, ...)
{
    static char secret[SECRET_SIZE];
    char name[PATH_SIZE];
    char path[PATH_SIZE];
    va_list args;
    FILE *file;
    size_t len;

    (void)cancellable;
    va_start(args, error);
    name_of(schema, args, name);
    va_end(args);
    if (fails(error) || mode_is("locked") || !find(name, path))
        return NULL;
    file = fopen(path, "r");
    if (file == NULL)
        return NULL;
    len = fread(secret, 1, sizeof(secret) - 1, file);
    fclose(file);
    secret[len] = '\0';
    return strdup(secret);
}

int secret_password_clear_sync(const struct schema *schema, void *cancellable,
                               struct error **error, ...)
{
    char name[PATH_SIZE];
    char path[PATH_SIZE];
    va_list args;
    int cleared = 0;

    (void)cancellable;
    va_start(args, error);
    name_of(schema, args, name);
    va_end(args);
    if (fails(error) || mode_is("locked") || mode_is("readonly"))
        return 0;
    while (find(name, path) && unlink(path) == 0)
        cleared = 1;
    return cleared;
}

struct list *secret_password_search_sync(const struct schema *schema, int flags,
                                         void *cancellable,
                                         struct error **error, ...)
{
    char name[PATH_SIZE];
    char path[PATH_SIZE];
    va_list args;

    (void)flags, (void)cancellable;
    va_start(args, error);
    name_of(schema, args, name);
    va_end(args);
    if (fails(error) || !find(name, path))
        return NULL;
    return calloc(1, sizeof(struct list));
}

void secret_password_free(char *password)
{
    free(password);
}

void g_error_free(struct error *error)
{
    free(error->message);
    free(error);
}

void g_list_free_full(struct list *list, void (*free_one)(void *))
{
    (void)free_one;
    free(list);
}

void g_object_unref(void *object)
{
    (void)object;
}
