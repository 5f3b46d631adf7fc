/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acceptor.h - takes connections and passes them on, but for those that a fault
 * holds back: nothing is read from them and nothing sent, so that there is no
 * TLS handshake, until their time has passed or they are closed.
 */
#ifndef ORGD_ACCEPTOR_H
#define ORGD_ACCEPTOR_H

#include <sys/socket.h>

struct faults;
struct gate;

/*
 * Accepts on a listening socket, in a thread of its own, and passes each
 * connection, which pass closes if it can't take it. Without faults (NULL) none
 * is held back. Returns NULL: the socket is still the caller's.
 */
struct gate *
gate_start(int listener, struct faults *faults,
           void (*pass)(void *ctx, int fd, const struct sockaddr *address,
                        socklen_t len),
           void *ctx);

/* Closes the listening socket and what was held back. Takes NULL. */
void gate_stop(struct gate *gate);

#endif
