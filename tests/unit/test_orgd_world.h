/* SPDX-License-Identifier: Apache-2.0 */
/* test_orgd_world.h - an org in memory and a folder, asked without a socket. */
#ifndef TEST_ORGD_WORLD_H
#define TEST_ORGD_WORLD_H

#include "tests/unit/test_orgd_store.h"

#include "server/oauth/oauth.h"
#include "server/oauth/signer.h"
#include "server/org/attempts.h"
#include "server/org/pending_uses.h"
#include "server/request/limits.h"
#include "server/request/request.h"
#include "server/routes.h"

#define ORG "https://org.example"

struct world {
    struct fixture f;
    struct org_clock clock;
    struct org org;
    int64_t opened;      /* by the system's clock */
    const char *address; /* that requests come from */
};

/* What is asked; NULL: it is not there. */
struct ask {
    const char *method;
    const char *path;
    const char *form;
    const char *authorization;
    const char *dpop;
};

static inline void world_open(struct world *w)
{
    fixture_open(&w->f);
    w->org = (struct org){ .store = w->f.where,
                           .public_url = ORG,
                           .clock = &w->clock,
                           .grace = GRACE_DEFAULT,
                           .proxies = "",
                           .cursor_key = { 7 } };
    w->org.renewals = renewals_new();
    w->org.limits = limits_new(0);
    w->org.attempts = attempts_new();
    w->address = "192.0.2.1";
    w->opened = okt_clock_now();
    assert_true(signer_ensure(w->f.dir, w->f.store, org_now(&w->org)));
    assert_true(oauth_start(&w->org, w->f.dir));
}

static inline void world_close(struct world *w)
{
    oauth_stop(&w->org);
    renewals_free(w->org.renewals);
    limits_free(w->org.limits);
    attempts_free(w->org.attempts);
    fixture_close(&w->f);
}

/* Makes the change as the writer does. */
static inline int world_change(struct world *w, struct request *r)
{
    const struct store_ops *ops = w->f.store->ops;

    assert_int_equal(ops->begin(w->f.store), STORE_OK);
    r->change.result = r->change.apply(w->f.store, r);
    if (r->change.result == STORE_FAILED)
        ops->rollback(w->f.store);
    else
        assert_int_equal(ops->commit(w->f.store), STORE_OK);
    return request_finish(r);
}

/* The request as it was answered, to be freed. */
static inline struct request *world_ask(struct world *w, const struct ask *ask)
{
    struct request *r = request_new(&w->org, ask->path);

    assert_non_null(r);
    snprintf(r->method, sizeof(r->method), "%s",
             ask->method != NULL ? ask->method : "GET");
    snprintf(r->address, sizeof(r->address), "%s", w->address);
    r->headers[HEADER_AUTHORIZATION] = ask->authorization;
    r->headers[HEADER_DPOP] = ask->dpop;
    if (ask->form != NULL) {
        r->headers[HEADER_CONTENT_TYPE] = "application/x-www-form-urlencoded";
        okt_buf_str(&r->body, ask->form);
    }
    r->store = w->f.store;
    if (request_answer(r, api_routes, api_route_count) == REQUEST_LATER)
        world_change(w, r);
    return r;
}

/* The text of a member of a JSON answer; "" if it is not there. */
static inline void world_member(const struct request *r, const char *key,
                                char *out, size_t size)
{
    yyjson_doc *doc = yyjson_read(r->reply.data, r->reply.len, 0);
    const char *text =
        yyjson_get_str(yyjson_obj_get(yyjson_doc_get_root(doc), key));

    snprintf(out, size, "%s", text != NULL ? text : "");
    yyjson_doc_free(doc);
}

#endif
