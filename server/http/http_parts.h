/* SPDX-License-Identifier: Apache-2.0 */
/* http_parts.h - what the files around libmicrohttpd share; they alone include
 * it. */
#ifndef ORGD_HTTP_PARTS_H
#define ORGD_HTTP_PARTS_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "server/http/acceptor.h"
#include "server/http/conn_table.h"
#include "server/http/http.h"
#include "server/request/request.h"
#include "server/util/timers.h"
#include "server/util/worker.h"

struct http {
    struct http_options options;
    struct MHD_Daemon *daemon;
    pthread_key_t store_key; /* each thread's own store */
    bool has_store_key;
    atomic_int active; /* requests in hand */
    atomic_bool draining;
    struct crowd *crowd;
    struct alarms *alarms; /* of connections that sleep; NULL: none does */
    struct gate *gate;     /* NULL: libmicrohttpd accepts by itself */
};

enum phase { CHECKING, READING, WAITING, SLEEPING, LEAVING, REPLIED };

/* A request on its connection. */
struct exchange {
    struct http *http;
    struct MHD_Connection *connection;
    struct request *request;
    struct guest *guest;           /* NULL: its time is not looked after */
    struct job job;                /* for the worker */
    struct MHD_Response *response; /* that was queued; NULL: none */
    enum phase phase;
    int refused; /* the status, for a target that is none; 0: fine */
    int status;  /* that was answered */
    bool is_http_1_0;
    bool is_local;     /* the connection is from a loopback address */
    bool is_forwarded; /* maybe by a proxy, whose Host it has */
    bool overflow;     /* the body is too large */
    bool slept;        /* as long as its fault had it */
    size_t received;
    int64_t begun_us;
};

/* http.c: the connection's socket; -1: it has none. */
int http_socket(struct MHD_Connection *connection);

/* Answers with what the request has. */
enum MHD_Result http_answer(struct exchange *x, int status);

/* http_fault.c: answers, or not, as the request's fault has it. */
enum MHD_Result http_fault(struct exchange *x, int status);

/* Waits as long as the fault has it before the request is answered at all. */
enum MHD_Result http_fault_wait(struct exchange *x);

/* Once the answer has broken off: waits for the client to close. */
enum MHD_Result http_fault_leave(struct exchange *x);

/* The part of the answer that is to arrive; NULL: out of memory. */
bool http_fault_cuts(const struct exchange *x);
struct MHD_Response *http_fault_part(struct exchange *x);

/* Puts the fault's headers in place of those of that name. */
void http_fault_headers(struct MHD_Response *response,
                        const struct fault_order *order);

/* http_stream.c: an answer without an end. NULL: out of memory. */
struct MHD_Response *http_stream(struct exchange *x);

/* Suspends the connection for so long; it goes on with what it was at. */
void http_sleep(struct exchange *x, int64_t ms);

/* Whether its client has gone. */
bool http_is_gone(const struct exchange *x);

#endif
