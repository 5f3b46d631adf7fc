/* SPDX-License-Identifier: Apache-2.0 */
/* smartcols.c - finding libsmartcols and its functions. */
#include "smartcols.h"

#include <dlfcn.h>
#include <string.h>

#include "mem.h"

/* Homebrew keeps util-linux out of the places that are searched. */
static const char *const names[] = {
#ifdef __APPLE__
    "libsmartcols.1.dylib",
    "/opt/homebrew/opt/util-linux/lib/libsmartcols.1.dylib",
    "/usr/local/opt/util-linux/lib/libsmartcols.1.dylib",
#else
    "libsmartcols.so.1",
#endif
};

/* What is called is what the header declares. */
#define CHECK(type, name, args)                                          \
    _Static_assert(_Generic(&scols_##name, type(*) args: 1, default: 0), \
                   "scols_" #name);
SMARTCOLS_FUNCTIONS(CHECK)

#define ROW(type, name, args) \
    { "scols_" #name, offsetof(struct smartcols, name) },

static const struct function {
    const char *name;
    size_t offset;
} functions[] = { SMARTCOLS_FUNCTIONS(ROW) };

static bool find_functions(struct smartcols *smartcols)
{
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        void *found = dlsym(smartcols->library, functions[i].name);

        if (found == NULL)
            return false;
        /* POSIX lets a function's address be held so, ISO C has no cast. */
        memcpy((char *)smartcols + functions[i].offset, &found, sizeof(found));
    }
    return true;
}

bool smartcols_load(struct smartcols *out, const char **why)
{
    *out = (struct smartcols){ 0 };
    for (size_t i = 0; i < ARRAY_LEN(names) && out->library == NULL; i++)
        out->library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (out->library != NULL && find_functions(out))
        return true;
    *why = dlerror();
    if (*why == NULL)
        *why = "not found";
    return false;
}

void smartcols_unload(struct smartcols *smartcols)
{
    if (smartcols->library != NULL)
        dlclose(smartcols->library);
    smartcols->library = NULL;
}
