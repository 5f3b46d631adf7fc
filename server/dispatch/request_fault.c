/* SPDX-License-Identifier: Apache-2.0 */
/* request_fault.c - a request that is to go wrong. */
#include "base/mem.h"
#include "server/fault/faults.h"
#include "server/request/request.h"

void request_free_fault(struct request *r)
{
    if (r->fault != NULL)
        fault_order_free(r->fault);
    free(TAKE(r->fault));
}

void reply_fault(struct request *r)
{
    okt_buf_clear(&r->reply);
    okt_buf_clear(&r->link_self);
    okt_buf_clear(&r->link_next);
    okt_buf_clear(&r->challenge);
    okt_buf_clear(&r->allow);
    okt_buf_clear(&r->added);
    okt_buf_append(&r->reply, r->fault->body.data, r->fault->body.len);
    r->content_type = r->reply.len > 0 ? "application/json" : NULL;
}

/* The first time that it is looked at, once it is known whose it is. */
static void pick_fault(struct request *r)
{
    const struct fault_subject subject = {
        .method = r->method,
        .path = r->path,
        .route = r->route != NULL ? r->route->path : NULL,
        .token = r->caller.id,
        .client = r->caller.client_id,
        .address = r->address,
    };
    struct fault_order *order;

    if (r->fault != NULL || !faults_are_armed(r->org->faults))
        return;
    order = calloc(1, sizeof(*order));
    if (order == NULL)
        return;
    fault_order_init(order);
    r->fault = order;
    if (!faults_pick(r->org->faults, &subject, org_now(r->org), r->limit.reset,
                     order))
        request_free_fault(r);
}

/* As if it had not been looked at yet. */
static int forget(struct request *r)
{
    r->caller = r->refused = (struct caller){ .id = "" };
    reply_fault(r);
    return REQUEST_AGAIN;
}

bool request_is_faulty(struct request *r)
{
    if (r->fault != NULL) /* it has been waited for */
        return false;
    pick_fault(r);
    if (r->fault == NULL || r->fault->after ||
        r->fault->kind == FAULT_HEADERS || r->fault->kind == FAULT_TRUNCATE ||
        r->fault->kind == FAULT_HALF_CLOSE)
        return false;
    r->status = r->fault->status;
    if (r->fault->kind == FAULT_DELAY)
        r->status = forget(r);
    if (r->fault->kind == FAULT_CLOSE || r->fault->kind == FAULT_RESET)
        r->status = 503; /* nobody gets it */
    return true;
}
