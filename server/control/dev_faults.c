/* SPDX-License-Identifier: Apache-2.0 */
/* dev_faults.c - /_org/faults: what is to go wrong. */
#include <string.h>

#include "server/control/dev_parts.h"
#include "server/fault/faults.h"
#include "server/request/request.h"
#include "server/routes.h"

int dev_faults_list(struct request *r, const char *id)
{
    (void)id;
    faults_show(r->org->faults, &r->reply);
    return reply_json(r);
}

int dev_faults_clear(struct request *r, const char *id)
{
    (void)id;
    faults_clear(r->org->faults);
    return 204;
}

int dev_faults_remove(struct request *r, const char *id)
{
    return faults_remove(r->org->faults, id) ? 204
                                             : reply_not_found(r, id, "Fault");
}

/* A template that no route has would never match. */
static bool is_known_path(const char *path)
{
    if (strchr(path, '{') == NULL)
        return true;
    for (size_t i = 0; i < api_route_count; i++)
        if (strcmp(api_routes[i].path, path) == 0)
            return true;
    return false;
}

static int add(struct request *r, struct fault *fault)
{
    if (okt_buf_failed(&fault->causes) || okt_buf_failed(&fault->headers))
        return reply_internal(r);
    if (!is_known_path(fault->path))
        return dev_refuse(r, "path: no route has this template");
    if (!faults_add(r->org->faults, fault, &r->reply))
        return dev_refuse(r,
                          "faults: there are 100, which is all there may be");
    return reply_json(r) == 200 ? 201 : 500;
}

int dev_faults_add(struct request *r, const char *id)
{
    AUTO(yyjson_doc) doc = dev_json(r);
    char why[FAULT_WHY_MAX];
    struct fault fault;
    int status;

    (void)id;
    if (doc == NULL)
        return r->status;
    fault_init(&fault);
    status = fault_read(&fault, yyjson_doc_get_root(doc), why)
                 ? add(r, &fault)
                 : dev_refuse(r, why);
    fault_free(&fault);
    return status;
}
