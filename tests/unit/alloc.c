/* SPDX-License-Identifier: Apache-2.0 */
/* alloc.c - allocations that fail when a test says so (ld --wrap). */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"

static long countdown = -1;
static int failed;

void test_fail_alloc(long nth)
{
    countdown = nth;
    if (nth >= 0)
        failed = 0;
}

int test_alloc_failed(void)
{
    return failed;
}

static bool is_failing(void)
{
    if (countdown < 0 || countdown-- > 0)
        return false;
    failed = 1;
    return true;
}

/* The linker gives these names to the real ones and to ours. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

void *__wrap_malloc(size_t size)
{
    return is_failing() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_failing() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return is_failing() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *s)
{
    return is_failing() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
    return is_failing() ? NULL : __real_strndup(s, n);
}
