/* SPDX-License-Identifier: Apache-2.0 */
/* faults.c - the list of faults, and what they make of a request. */
#include "server/fault/faults.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "server/request/route.h"
#include "server/util/secret.h"
#include "wire/api.h"
#include "wire/error_json.h"
#include "wire/rate_limit.h"

struct faults {
    pthread_mutex_t lock;
    atomic_int armed; /* faults that are not spent; read without the lock */
    int64_t last;     /* number that was given */
    size_t count;
    struct fault list[FAULTS_MAX];
};

void fault_init(struct fault *fault)
{
    *fault = (struct fault){
        .causes = OKT_BUF_INIT(FAULT_LISTS_MAX),
        .headers = OKT_BUF_INIT(FAULT_LISTS_MAX),
        .ms = -1,
        .reset = -1,
        .probability = 1,
    };
}

void fault_free(struct fault *fault)
{
    okt_buf_free(&fault->causes);
    okt_buf_free(&fault->headers);
}

void fault_order_init(struct fault_order *order)
{
    *order = (struct fault_order){
        .body = OKT_BUF_INIT(2 * FAULT_LISTS_MAX + 8 * FAULT_TEXT_MAX),
        .headers = OKT_BUF_INIT(2 * FAULT_LISTS_MAX),
    };
}

void fault_order_free(struct fault_order *order)
{
    okt_buf_free(&order->body);
    okt_buf_free(&order->headers);
}

/* --------------------------------------------------------------- The list --
 */

struct faults *faults_new(void)
{
    struct faults *f = calloc(1, sizeof(*f));

    if (f != NULL)
        pthread_mutex_init(&f->lock, NULL);
    return f;
}

void faults_free(struct faults *f)
{
    if (f == NULL)
        return;
    faults_clear(f);
    pthread_mutex_destroy(&f->lock);
    free(f);
}

static bool is_spent(const struct fault *fault)
{
    return fault->count > 0 && fault->done >= fault->count;
}

static void count_armed(struct faults *f)
{
    int armed = 0;

    for (size_t i = 0; i < f->count; i++)
        armed += !is_spent(&f->list[i]);
    atomic_store(&f->armed, armed);
}

bool faults_add(struct faults *f, struct fault *fault, struct okt_buf *out)
{
    bool room;

    pthread_mutex_lock(&f->lock);
    room = f->count < FAULTS_MAX;
    if (room) {
        snprintf(fault->id, sizeof(fault->id), "f%lld", (long long)++f->last);
        fault->seen = fault->done = 0;
        fault->dice = (uint64_t)fault->seed;
        f->list[f->count++] = *fault;
        fault_show(out, fault);
        count_armed(f);
        fault->causes = (struct okt_buf)OKT_BUF_INIT(FAULT_LISTS_MAX);
        fault->headers = (struct okt_buf)OKT_BUF_INIT(FAULT_LISTS_MAX);
    }
    pthread_mutex_unlock(&f->lock);
    return room;
}

bool faults_remove(struct faults *f, const char *id)
{
    bool found = false;

    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->count && !found; i++) {
        found = strcmp(f->list[i].id, id) == 0;
        if (!found)
            continue;
        fault_free(&f->list[i]);
        f->count--;
        memmove(&f->list[i], &f->list[i + 1],
                (f->count - i) * sizeof(f->list[0]));
    }
    count_armed(f);
    pthread_mutex_unlock(&f->lock);
    return found;
}

void faults_clear(struct faults *f)
{
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->count; i++)
        fault_free(&f->list[i]);
    f->count = 0;
    atomic_store(&f->armed, 0);
    pthread_mutex_unlock(&f->lock);
}

void faults_show(struct faults *f, struct okt_buf *out)
{
    okt_buf_char(out, '[');
    pthread_mutex_lock(&f->lock);
    for (size_t i = 0; i < f->count; i++) {
        if (i > 0)
            okt_buf_char(out, ',');
        fault_show(out, &f->list[i]);
    }
    pthread_mutex_unlock(&f->lock);
    okt_buf_char(out, ']');
}

/* --------------------------------------------------------------- Matching --
 */

static bool is_or_any(const char *wanted, const char *text)
{
    return wanted[0] == '\0' || (text != NULL && strcmp(wanted, text) == 0);
}

static bool matches(const struct fault *fault, const struct fault_subject *s)
{
    return is_or_any(fault->method, s->method) &&
           (fault->path[0] == '\0' ||
            route_names(fault->path, s->path, s->route)) &&
           is_or_any(fault->token, s->token) &&
           (is_or_any(fault->client, s->address) ||
            is_or_any(fault->client, s->client));
}

/* SplitMix64 (Steele, Lea, Flood 2014), as a number from 0 up to 1. */
static double throw_dice(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return (double)(z >> 11) / 9007199254740992.0;
}

/* Whether it happens to a request that it matches. */
static bool happens(struct fault *fault)
{
    fault->seen++;
    if (fault->seen <= fault->skip || is_spent(fault))
        return false;
    if (fault->probability < 1 &&
        throw_dice(&fault->dice) >= fault->probability)
        return false;
    fault->done++;
    return true;
}

/* The first that matches and happens, with the lock held; NULL: none. */
static struct fault *find(struct faults *f, const struct fault_subject *s,
                          bool stall)
{
    for (size_t i = 0; i < f->count; i++) {
        struct fault *fault = &f->list[i];

        if ((fault->kind == FAULT_STALL) == stall && matches(fault, s) &&
            happens(fault))
            return fault;
    }
    return NULL;
}

/* -------------------------------------------------------------- Ordering -- */

static void add_header(struct fault_order *out, const char *name, int64_t value)
{
    okt_buf_printf(&out->headers, "%s%c%lld%c", name, '\0', (long long)value,
                   '\0');
}

/* Of the two kinds of 429 the one says when it ends, the other guesses. */
static void order_limits(const struct fault *fault, int64_t now, int64_t reset,
                         struct fault_order *out)
{
    if (fault->kind == FAULT_CONCURRENT)
        add_header(out, OKT_H_RATE_LIMIT, 0);
    if (fault->kind == FAULT_CONCURRENT || fault->kind == FAULT_RATE_LIMIT) {
        add_header(out, OKT_H_RATE_REMAINING, 0);
        add_header(out, OKT_H_RATE_RESET,
                   fault->reset >= 0 ? now + fault->reset : reset);
    }
}

/* As they go out: names in small letters. */
static void order_headers(const struct fault *fault, struct fault_order *out)
{
    bool name = true;

    okt_buf_append(&out->headers, fault->headers.data, fault->headers.len);
    for (size_t at = 0; at < out->headers.len; at++) {
        char *c = &out->headers.data[at];

        if (name)
            *c = okt_lower(*c);
        if (*c == '\0')
            name = !name;
    }
}

static void order_body(const struct fault *fault, struct fault_order *out)
{
    const char *causes[FAULT_LISTS_MAX / 2];
    char id[ERROR_ID_LEN + 1];
    size_t count = 0;

    if (fault->code[0] == '\0' || strcmp(fault->code, FAULT_NO_BODY) == 0)
        return;
    for (size_t at = 0; at < fault->causes.len;
         at += strlen(causes[count++]) + 1)
        causes[count] = fault->causes.data + at;
    if (error_id_new(id))
        okt_error_encode(&out->body, fault->code, fault->summary, id, causes,
                         count);
    else
        out->body.state = OKT_BUF_NO_MEMORY;
}

static void order(const struct fault *fault, int64_t now, int64_t reset,
                  struct fault_order *out)
{
    out->kind = fault->kind;
    memcpy(out->id, fault->id, sizeof(out->id));
    out->status = (int)fault->status;
    out->ms = fault->ms > 0 ? fault->ms : 0;
    out->bytes = fault->bytes;
    out->after = fault->after;
    order_limits(fault, now, reset, out);
    order_headers(fault, out);
    order_body(fault, out);
}

bool faults_are_armed(struct faults *f)
{
    return f != NULL && atomic_load(&f->armed) > 0;
}

bool faults_pick(struct faults *f, const struct fault_subject *subject,
                 int64_t now, int64_t reset, struct fault_order *out)
{
    const struct fault *fault;

    if (!faults_are_armed(f))
        return false;
    pthread_mutex_lock(&f->lock);
    fault = find(f, subject, false);
    if (fault != NULL) {
        order(fault, now, reset, out);
        count_armed(f);
    }
    pthread_mutex_unlock(&f->lock);
    return fault != NULL;
}

bool faults_stall(struct faults *f, const char *address, int64_t *ms)
{
    const struct fault_subject subject = { .address = address };
    const struct fault *fault;

    if (!faults_are_armed(f))
        return false;
    pthread_mutex_lock(&f->lock);
    fault = find(f, &subject, true);
    if (fault != NULL) {
        *ms = fault->ms;
        count_armed(f);
    }
    pthread_mutex_unlock(&f->lock);
    return fault != NULL;
}
