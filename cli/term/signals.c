/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signals.c - what signal handlers need; the only mutable globals there are.
 *
 * A handler notes the signal and cancels the client's call; everything else,
 * the terminal's state above all, is put right by the code that then returns.
 * A second signal of the same kind ends the process at once.
 */
#include "cli/term/signals.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/select.h>

#include "base/mem.h"

static volatile sig_atomic_t caught;
static _Atomic(okta_client *) current;

static const int handled[] = { SIGINT, SIGTERM, SIGHUP };

static void handle(int signo)
{
    okta_client *client = atomic_load(&current);

    if (caught == 0)
        caught = signo;
    if (client != NULL)
        okta_client_cancel(client);
}

void signals_install(void)
{
    struct sigaction action = { .sa_handler = handle };
    struct sigaction before;

    sigemptyset(&action.sa_mask);
    action.sa_flags = (int)SA_RESETHAND;
    for (size_t i = 0; i < ARRAY_LEN(handled); i++) {
        /* nohup and background jobs of scripts have them ignored: so be it. */
        if (sigaction(handled[i], NULL, &before) == 0 &&
            before.sa_handler != SIG_IGN)
            sigaction(handled[i], &action, NULL);
    }
    action.sa_handler = SIG_IGN;
    action.sa_flags = 0;
    sigaction(SIGPIPE, &action, NULL);
}

int signals_caught(void)
{
    return caught;
}

void signals_note(int signo)
{
    if (caught == 0)
        caught = signo;
}

void signals_cancel(okta_client *client)
{
    atomic_store(&current, client);
    if (client != NULL && caught != 0)
        okta_client_cancel(client);
}

bool signals_wait_readable(int fd)
{
    sigset_t blocked;
    sigset_t before;
    fd_set fds;
    int ready = 0;

    if (fd >= FD_SETSIZE)
        return caught == 0;
    sigemptyset(&blocked);
    for (size_t i = 0; i < ARRAY_LEN(handled); i++)
        sigaddset(&blocked, handled[i]);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    while (caught == 0 && ready == 0) {
        FD_ZERO(&fds);
        FD_SET(fd, &fds);
        ready = pselect(fd + 1, &fds, NULL, NULL, NULL, &before);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return caught == 0;
}

void signals_die(void)
{
    struct sigaction action = { .sa_handler = SIG_DFL };

    if (caught == 0)
        return;
    sigemptyset(&action.sa_mask);
    sigaction(caught, &action, NULL);
    raise(caught);
}
