/* SPDX-License-Identifier: Apache-2.0 */
/* attempts.c - a count-min sketch of two rows, anew each window. */
#include "server/org/attempts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/mem.h"
#include "server/http/listen.h"
#include "server/util/secret.h"

enum { ROWS = 2, CELLS = 16384, KEY_MAX = 1024 };

struct cell {
    int64_t window; /* which one count is of */
    unsigned count;
};

struct attempts {
    pthread_mutex_t lock;
    unsigned char key[SECRET_KEY_LEN];
    struct cell cells[ROWS][CELLS];
};

/* Enough for who mistypes, hopeless for who guesses; and from one address
 * nobody can use up what an account has. */
static const unsigned limits[ATTEMPT_KINDS] = {
    [ATTEMPT_SIGN_IN_ADDRESS] = 30,
    [ATTEMPT_SIGN_IN_ACCOUNT] = 90,
    [ATTEMPT_CODE_ADDRESS] = 30,
    [ATTEMPT_CODE_ACCOUNT] = 20,
    [ATTEMPT_CODE] = 10,
    /* Of all that may wait: DEVICES_MAX. */
    [ATTEMPT_DEVICE] = 100,
    [ATTEMPT_DEVICE_SITE] = 200,
};

struct attempts *attempts_new(void)
{
    struct attempts *a = calloc(1, sizeof(*a));

    if (a == NULL || !random_key(a->key)) {
        free(a);
        return NULL;
    }
    pthread_mutex_init(&a->lock, NULL);
    return a;
}

void attempts_free(struct attempts *a)
{
    if (a == NULL)
        return;
    pthread_mutex_destroy(&a->lock);
    free(a);
}

void attempts_clear(struct attempts *a)
{
    pthread_mutex_lock(&a->lock);
    memset(a->cells, 0, sizeof(a->cells));
    pthread_mutex_unlock(&a->lock);
}

unsigned attempts_limit(enum attempt kind)
{
    return limits[kind];
}

/* The key as it counts. */
static void add_key(struct okt_buf *out, const char *key)
{
    char network[ADDRESS_TEXT_MAX];

    if (address_network(key, network))
        key = network;
    for (; *key != '\0'; key++)
        okt_buf_char(out, okt_lower(*key));
}

static bool find(struct attempts *a, enum attempt kind, const char *key,
                 struct cell *found[static ROWS])
{
    OKT_BUF_AUTO text = OKT_BUF_INIT(KEY_MAX);
    unsigned char mac[SECRET_HASH_LEN];
    uint32_t word;

    okt_buf_char(&text, (char)kind);
    add_key(&text, key);
    if (okt_buf_failed(&text) || !secret_mac(a->key, text.data, text.len, mac))
        return false;
    for (size_t row = 0; row < ROWS; row++) {
        memcpy(&word, mac + row * sizeof(word), sizeof(word));
        found[row] = &a->cells[row][word % CELLS];
    }
    return true;
}

/* By how many it has been counted. */
static unsigned count(struct cell *const cells[static ROWS], int64_t window)
{
    unsigned least = UINT32_MAX;

    for (size_t row = 0; row < ROWS; row++) {
        unsigned n = cells[row]->window == window ? cells[row]->count : 0;

        least = n < least ? n : least;
    }
    return least;
}

static void add(struct cell *const cells[static ROWS], int64_t window)
{
    for (size_t row = 0; row < ROWS; row++) {
        if (cells[row]->window != window)
            *cells[row] = (struct cell){ .window = window };
        cells[row]->count++;
    }
}

bool attempts_take(struct attempts *a, enum attempt kind, const char *key,
                   int64_t now)
{
    int64_t window = now / ATTEMPTS_WINDOW;
    struct cell *cells[ROWS];
    bool allowed;

    if (!find(a, kind, key, cells))
        return false;
    pthread_mutex_lock(&a->lock);
    allowed = count(cells, window) < limits[kind];
    if (allowed)
        add(cells, window);
    pthread_mutex_unlock(&a->lock);
    return allowed;
}

void attempts_give_back(struct attempts *a, enum attempt kind, const char *key,
                        int64_t taken)
{
    int64_t window = taken / ATTEMPTS_WINDOW;
    struct cell *cells[ROWS];

    if (!find(a, kind, key, cells))
        return;
    pthread_mutex_lock(&a->lock);
    for (size_t row = 0; row < ROWS; row++)
        if (cells[row]->window == window && cells[row]->count > 0)
            cells[row]->count--;
    pthread_mutex_unlock(&a->lock);
}
