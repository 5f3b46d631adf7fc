/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conn_table.h - the connections of a server: how long each may take, and which
 * has to go when there are too many.
 *
 * Whoever makes a server wait has a deadline, however often a byte comes. And
 * whoever comes finds room: beyond a number, the address that holds the most
 * connections loses the one that has waited longest. Those that are being
 * worked for are left alone.
 */
#ifndef ORGD_CONN_TABLE_H
#define ORGD_CONN_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct crowd;
struct guest; /* a connection */

/* For so many connections. NULL: out of memory, or of threads. */
struct crowd *crowd_new(size_t room);

/* Once all have left. Takes NULL. */
void crowd_free(struct crowd *crowd);

/*
 * A connection has come, and has so long to send what it wants. Where that
 * makes one too many, another is shut down; whoever serves that one sees it
 * end. NULL: out of memory.
 */
struct guest *crowd_enter(struct crowd *crowd, int fd,
                          const struct sockaddr *address, int64_t ms);

/* It ends; its descriptor must still be open. Takes NULL. */
void crowd_leave(struct crowd *crowd, struct guest *guest);

/* From now on it has so long; then it is shut down. Any thread, no lock; takes
 * NULL, as does the other. */
void guest_has(struct guest *guest, int64_t ms);

/* It is worked for, and has all the time that takes. */
void guest_is_served(struct guest *guest);

#endif
