/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fail_alloc.c - makes the nth allocation of okta-tokens fail, n being
 * FAIL_ALLOC in the environment. The file FAIL_ALLOC_DONE is made when the
 * program ends without having come that far. Linked into a test's program
 * alone.
 */
#include <stdio.h>

#include "tests/unit/test.h"

__attribute__((constructor)) static void begin(void)
{
    const char *nth = getenv("FAIL_ALLOC");

    if (nth != NULL)
        test_fail_alloc(strtol(nth, NULL, 10) - 1);
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("FAIL_ALLOC_DONE");
    FILE *file;

    if (path == NULL || test_alloc_failed())
        return;
    file = fopen(path, "w");
    if (file != NULL)
        fclose(file);
}
