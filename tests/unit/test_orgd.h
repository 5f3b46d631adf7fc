/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd.h - cmocka, and what it wants included before it. */
#ifndef TEST_ORGD_H
#define TEST_ORGD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After these, so apart from them. */
#include <cmocka.h>

#endif
