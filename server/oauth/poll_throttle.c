/* SPDX-License-Identifier: Apache-2.0 */
/* poll_throttle.c - when a device polled last. */
#include "server/oauth/poll_throttle.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sys/clock.h"

enum { SLOTS = 4096, MARK_LEN = 8, EARLY_MS = 1500 };

struct polls {
    pthread_mutex_t lock;
    struct {
        unsigned char mark[MARK_LEN];
        int64_t at_ms; /* 0: never */
    } slots[SLOTS];
};

struct polls *polls_new(void)
{
    struct polls *p = calloc(1, sizeof(*p));

    if (p != NULL)
        pthread_mutex_init(&p->lock, NULL);
    return p;
}

void polls_free(struct polls *p)
{
    if (p == NULL)
        return;
    pthread_mutex_destroy(&p->lock);
    free(p);
}

bool polls_is_early(struct polls *p,
                    const unsigned char hash[static SECRET_HASH_LEN])
{
    size_t at = (size_t)(hash[0] << 8 | hash[1]) % SLOTS;
    int64_t now = okt_clock_ms();
    bool early;

    pthread_mutex_lock(&p->lock);
    early = memcmp(p->slots[at].mark, hash + 2, MARK_LEN) == 0 &&
            p->slots[at].at_ms != 0 && now - p->slots[at].at_ms < EARLY_MS;
    memcpy(p->slots[at].mark, hash + 2, MARK_LEN);
    p->slots[at].at_ms = now;
    pthread_mutex_unlock(&p->lock);
    return early;
}
