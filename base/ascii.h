/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ascii.h - comparing text without regard to ASCII letter case.
 *
 * strcasecmp goes by the locale, which belongs to the program and may hold "I"
 * and "i" for different letters; the words of a protocol know no locale.
 */
#ifndef OKT_ASCII_H
#define OKT_ASCII_H

#include <stddef.h>

/* c, an ASCII capital as its small letter. */
char okt_lower(char c);

/* As strcasecmp and strncasecmp in the C locale. */
int okt_casecmp(const char *a, const char *b);
int okt_ncasecmp(const char *a, const char *b, size_t n);

#endif
