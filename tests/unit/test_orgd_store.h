/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_orgd_store.h - a store in a folder of its own, for tests; and, for those
 * that say so, an fdatasync of our own that counts and can fail.
 */
#ifndef TEST_ORGD_STORE_H
#define TEST_ORGD_STORE_H

#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "server/store/store.h"
#include "tests/unit/test_orgd.h"

struct fixture {
    char dir[64];
    char where[128]; /* the store's address */
    struct store *store;
};

static inline void fixture_open(struct fixture *f)
{
    snprintf(f->dir, sizeof(f->dir), "/tmp/test_orgd_XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->where, sizeof(f->where), "sqlite:%s/orgd.db", f->dir);
    assert_int_equal(store_create(f->where), STORE_OK);
    assert_int_equal(store_open(f->where, &f->store), STORE_OK);
}

/* With all that is in its folder. */
static inline void fixture_close(struct fixture *f)
{
    DIR *dir = opendir(f->dir);
    const struct dirent *entry;

    store_close(f->store);
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL)
        unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(f->dir);
}

/* For tests whose state is a fixture of the heap. */
static inline int fixture_end(void **state)
{
    fixture_close(*state);
    free(*state);
    return 0;
}

static inline struct store *store_of(void **state)
{
    return ((struct fixture *)*state)->store;
}

static inline void add_user(struct store *store, const char *id,
                            const char *login, const char *role)
{
    struct store_user user = { id, login, role, "ACTIVE", 1000, 0 };

    assert_int_equal(store->ops->user_add(store, &user), STORE_OK);
}

static inline struct store_token a_token(const char *id, const char *name)
{
    return (struct store_token){
        .id = id,
        .name = name,
        .user_id = "00u1",
        .client_name = "Okta API",
        .window = "P30D",
        .connection = "ANYWHERE",
        .include = "",
        .exclude = "",
        .created = 1000,
        .last_updated = 1000,
        .expires = 1000 + 30 * 86400,
    };
}

static inline void add_token(struct store *store, const char *id,
                             const char *name)
{
    struct store_token token = a_token(id, name);
    unsigned char hash[SECRET_HASH_LEN];

    assert_true(secret_hash(id, hash));
    assert_int_equal(store->ops->token_add(store, &token, hash), STORE_OK);
}

#endif
