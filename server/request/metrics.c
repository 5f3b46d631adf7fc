/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.c - counters, without a lock. */
#include "server/request/metrics.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

/* The last of them stands for all others. */
static const int statuses[] = { 200, 204, 400, 401, 403, 404,
                                405, 429, 500, 503, 0 };

/* Upper ends of the histogram, in microseconds and as they are written. */
static const struct bound {
    int64_t us;
    const char *le;
} bounds[] = {
    { 100, "0.0001" }, { 500, "0.0005" },  { 1000, "0.001" },
    { 5000, "0.005" }, { 25000, "0.025" }, { 100000, "0.1" },
    { 500000, "0.5" }, { 2500000, "2.5" },
};

struct row {
    atomic_uint_least64_t by_status[ARRAY_LEN(statuses)];
};

struct metrics {
    const struct route *routes;
    size_t count;
    struct row *rows; /* one more than routes: what has none */
    atomic_uint_least64_t buckets[ARRAY_LEN(bounds) + 1];
    atomic_uint_least64_t total_us;
    atomic_int_least64_t active;
    atomic_bool ready;
};

struct metrics *metrics_new(const struct route *routes, size_t count)
{
    struct metrics *m = calloc(1, sizeof(*m));

    if (m == NULL)
        return NULL;
    m->routes = routes;
    m->count = count;
    m->rows = calloc(count + 1, sizeof(*m->rows));
    if (m->rows != NULL)
        return m;
    free(m);
    return NULL;
}

void metrics_free(struct metrics *m)
{
    if (m == NULL)
        return;
    free(m->rows);
    free(m);
}

void metrics_begin(struct metrics *m)
{
    atomic_fetch_add(&m->active, 1);
}

static size_t status_index(int status)
{
    size_t i = 0;

    while (i < ARRAY_LEN(statuses) - 1 && statuses[i] != status)
        i++;
    return i;
}

/* Those of another table count as none. */
static size_t row_of(const struct metrics *m, const struct route *route)
{
    uintptr_t row =
        ((uintptr_t)route - (uintptr_t)m->routes) / sizeof(*m->routes);

    return row < m->count ? row : m->count;
}

void metrics_end(struct metrics *m, const struct route *route, int status,
                 int64_t us)
{
    size_t row = row_of(m, route);
    size_t bucket = 0;

    while (bucket < ARRAY_LEN(bounds) && us > bounds[bucket].us)
        bucket++;
    atomic_fetch_add(&m->rows[row].by_status[status_index(status)], 1);
    atomic_fetch_add(&m->buckets[bucket], 1);
    atomic_fetch_add(&m->total_us, (uint64_t)us);
    atomic_fetch_sub(&m->active, 1);
}

void metrics_set_ready(struct metrics *m, bool ready)
{
    atomic_store(&m->ready, ready);
}

bool metrics_is_ready(struct metrics *m)
{
    return atomic_load(&m->ready);
}

/* ------------------------------------------------------------- Showing -- */

static void show_head(struct okt_buf *out, const char *name, const char *type,
                      const char *help)
{
    okt_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Only what has occurred. */
static void show_row(struct metrics *m, size_t row, struct okt_buf *out)
{
    bool none = row == m->count;

    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        uint64_t value = atomic_load(&m->rows[row].by_status[i]);
        char code[12] = "other";

        if (value == 0)
            continue;
        if (statuses[i] != 0)
            snprintf(code, sizeof(code), "%d", statuses[i]);
        okt_buf_printf(out,
                       "okta_orgd_requests_total{method=\"%s\",route=\"%s\","
                       "code=\"%s\"} %llu\n",
                       none ? "" : m->routes[row].method,
                       none ? "" : m->routes[row].path, code,
                       (unsigned long long)value);
    }
}

static void show_times(struct metrics *m, struct okt_buf *out)
{
    static const char name[] = "okta_orgd_request_seconds";
    uint64_t sum = 0;

    show_head(out, name, "histogram", "How long requests took.");
    for (size_t i = 0; i <= ARRAY_LEN(bounds); i++) {
        sum += atomic_load(&m->buckets[i]);
        okt_buf_printf(out, "%s_bucket{le=\"%s\"} %llu\n", name,
                       i < ARRAY_LEN(bounds) ? bounds[i].le : "+Inf",
                       (unsigned long long)sum);
    }
    okt_buf_printf(out, "%s_sum %.6f\n%s_count %llu\n", name,
                   (double)atomic_load(&m->total_us) / 1e6, name,
                   (unsigned long long)sum);
}

void metrics_show(struct metrics *m, struct okt_buf *out)
{
    show_head(out, "okta_orgd_requests_total", "counter",
              "Requests that have ended.");
    for (size_t row = 0; row <= m->count; row++)
        show_row(m, row, out);
    show_times(m, out);
    show_head(out, "okta_orgd_requests_active", "gauge", "Requests in hand.");
    okt_buf_printf(out, "okta_orgd_requests_active %lld\n",
                   (long long)atomic_load(&m->active));
    show_head(out, "okta_orgd_ready", "gauge", "Whether it takes requests.");
    okt_buf_printf(out, "okta_orgd_ready %d\n", metrics_is_ready(m));
}
