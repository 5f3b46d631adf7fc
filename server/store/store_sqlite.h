/* SPDX-License-Identifier: Apache-2.0 */
/* store_sqlite.h - the store in one SQLite file; see store.h. */
#ifndef ORGD_STORE_SQLITE_H
#define ORGD_STORE_SQLITE_H

#include "server/store/store.h"

store_status store_sqlite_create(const char *path);
store_status store_sqlite_open(const char *path, struct store **out);

#endif
