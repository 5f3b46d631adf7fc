/* SPDX-License-Identifier: Apache-2.0 */
/* dump.h - no secret in what is written down of a process. */
#ifndef OKT_DUMP_H
#define OKT_DUMP_H

/*
 * For a program's start: it leaves no core file; and where the system knows
 * such a thing (Linux), a dump that is made all the same, by a handler that
 * the kernel pipes it to or by gcore, is made without its memory.
 */
void okt_forbid_dumps(void);

#endif
