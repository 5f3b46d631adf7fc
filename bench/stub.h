/* SPDX-License-Identifier: Apache-2.0 */
/* stub.h - how stub.c cuts its list. */
#ifndef BENCH_STUB_H
#define BENCH_STUB_H

enum {
    PAGE_TOKENS = 200,
    PAGES_KEPT = 8, /* which come again and again, in turn */
};

#endif
