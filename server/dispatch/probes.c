/* SPDX-License-Identifier: Apache-2.0 */
/* probes.c - what an org tells those who watch it. */
#include "server/dispatch/probes.h"

#include "base/mem.h"
#include "server/org/writer.h"
#include "server/request/metrics.h"
#include "server/request/request.h"

#define TEXT "text/plain; charset=utf-8"
#define PROMETHEUS "text/plain; version=0.0.4; charset=utf-8"

static int reply_text(struct request *r, int status, const char *type,
                      const char *text)
{
    okt_buf_str(&r->reply, text);
    if (okt_buf_failed(&r->reply))
        return reply_internal(r);
    r->content_type = type;
    return status;
}

/* It runs. */
static int livez(struct request *r, const char *id)
{
    (void)id;
    return reply_text(r, 200, TEXT, "ok\n");
}

/* It takes requests, and its store can be read and written. */
static int readyz(struct request *r, const char *id)
{
    bool pinned;

    (void)id;
    if (!metrics_is_ready(r->org->metrics))
        return reply_text(r, 503, TEXT, "not ready: starting or stopping\n");
    if (r->store == NULL ||
        r->store->ops->get_pinned(r->store, &pinned) != STORE_OK)
        return reply_text(r, 503, TEXT, "not ready: the database fails\n");
    if (!writer_is_well(r->org->writer))
        return reply_text(r, 503, TEXT,
                          "not ready: the database can't be written\n");
    return reply_text(r, 200, TEXT, "ok\n");
}

static int metrics(struct request *r, const char *id)
{
    struct org_clock *clock = r->org->clock;

    (void)id;
    metrics_show(r->org->metrics, &r->reply);
    okt_buf_printf(&r->reply,
                   "# HELP okta_orgd_clock_steps_total Steps of the system's "
                   "clock.\n"
                   "# TYPE okta_orgd_clock_steps_total counter\n"
                   "okta_orgd_clock_steps_total %llu\n"
                   "# HELP okta_orgd_clock_held Whether nothing is removed "
                   "because of a step.\n"
                   "# TYPE okta_orgd_clock_held gauge\n"
                   "okta_orgd_clock_held %d\n",
                   (unsigned long long)org_clock_steps(clock),
                   org_clock_look(clock).held);
    return reply_text(r, 200, PROMETHEUS, "");
}

const struct route probe_routes[] = {
    { "GET", "/livez", SCOPE_OPEN, livez, NULL },
    { "GET", "/readyz", SCOPE_OPEN, readyz, NULL },
    { "GET", "/metrics", SCOPE_OPEN, metrics, NULL },
};

const size_t probe_route_count = ARRAY_LEN(probe_routes);
