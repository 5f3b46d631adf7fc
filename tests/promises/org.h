/* SPDX-License-Identifier: Apache-2.0 */
/*
 * org.h - an okta-orgd to be ill-treated: its process, and requests to it in
 * plain HTTP. What goes wrong that must not ends the test.
 */
#ifndef PROMISES_ORG_H
#define PROMISES_ORG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A zone that lets loopback in; the test seeds it. */
#define ORG_ZONE "nzoloopback000000000"

enum { ORG_TEXT = 8192, ORG_SECRET = 64 };

struct org {
    const char *program;
    const char *data;
    const char *preload; /* LD_PRELOAD of its process; NULL: none */
    char admin[ORG_SECRET];
    pid_t pid;
    uint16_t port;
};

struct ask {
    const char *method;
    const char *path; /* below /api/v1 */
    const char *secret;
    const char *body; /* NULL: none */
};

struct answer {
    int status; /* 0: it is not yet whole */
    size_t len;
    char text[ORG_TEXT];
};

_Noreturn void fail(const char *what, const char *more);

int64_t now_us(void);

/* Starts a program; what it prints can be read from *out. */
pid_t spawn(char *const *command, const char *preload, int *out);

/* The first line that comes, and closes. "": none came. */
void read_line(int fd, char *line, size_t size);

/* Serves, without TLS and rate limits. False: it has ended instead. */
bool org_start(struct org *org);

/* Kills it by that signal and returns its wait status. */
int org_kill(struct org *org, int signal);

/* By another process, as if the org were none of its business. */
void org_check_database(const struct org *org);

/* The body of a PUT: to ORG_ZONE, or from anywhere. */
const char *org_network(bool restricted);

int org_connect(const struct org *org);

/* The same; it takes so many bytes before somebody reads them. */
int org_connect_narrow(const struct org *org, int bytes);

/* A connection that is gone shows when the answer is read. */
void org_send(int fd, const struct ask *ask);

/* Reads some of an answer. False: the connection has ended. */
bool org_read(int fd, struct answer *answer);

/* The whole of it; returns its status, 0 if the connection ended before. */
int org_answer(int fd, struct answer *answer);

/* Both, for an answer that must come. */
int org_ask(int fd, const struct ask *ask, struct answer *answer);

#endif
