/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_seed.c - the seed file of okta-orgd, into a store of its own. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "server/seed/seed.h"

static struct store *store;
static char folder[] = "/dev/shm/fuzz_seed.XXXXXX";
static char path[64];

static void remove_store(void)
{
    static const char *const suffixes[] = { "", "-wal", "-shm" };
    char name[80];

    store_close(store);
    store = NULL;
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
        unlink(name);
    }
}

static void remove_folder(void)
{
    remove_store();
    rmdir(folder);
}

static void make_folder(void)
{
    FUZZ_TRUE(mkdtemp(folder) != NULL);
    snprintf(path, sizeof(path), "%s/org.db", folder);
    atexit(remove_folder);
}

static void make_store(void)
{
    char where[80];

    snprintf(where, sizeof(where), "sqlite:%s", path);
    FUZZ_TRUE(store_create(where) == STORE_OK);
    FUZZ_TRUE(store_open(where, &store) == STORE_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seed_count count = { .users = 0 };
    char seed[64];
    int fd = memfd_create("seed", MFD_CLOEXEC);

    if (path[0] == '\0')
        make_folder();
    if (store == NULL)
        make_store();
    FUZZ_TRUE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(seed, sizeof(seed), "/proc/self/fd/%d", fd);
    /* What was taken would stand in the next input's way. */
    if (seed_file(store, seed, 1764000000, &count))
        remove_store();
    close(fd);
    return 0;
}
