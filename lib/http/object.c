/* SPDX-License-Identifier: Apache-2.0 */
/* object.c - one object out of an answer, whatever its kind. */
#include <string.h>

#include "lib/internal.h"
#include "wire/id.h"

void okt_object_free(struct okt_object *object)
{
    if (object == NULL)
        return;
    yyjson_doc_free(object->doc);
    free(object->body);
    free(object);
}

/* -------------------------------------------------------------- Reading -- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The object in the text, without the spaces around it. */
static void place(struct okt_object *object, size_t len)
{
    object->json = object->body;
    while (len > 0 && is_space(*object->json)) {
        object->json++;
        len--;
    }
    while (len > 0 && is_space(object->json[len - 1]))
        len--;
    object->json_len = len;
}

static okta_status parse(const struct okt_kind *kind, const char *json,
                         size_t len, struct okt_object *object, okta_error *err)
{
    const char *why;
    bool no_memory;

    object->body = malloc(len + 1);
    if (object->body == NULL)
        return okt_fail_memory(err);
    memcpy(object->body, json, len);
    object->body[len] = '\0';
    object->doc = okt_json_read(object->body, len, &why, &no_memory);
    if (object->doc == NULL)
        return no_memory ? okt_fail_memory(err)
                         : okt_fail(err, OKTA_ERR_PROTOCOL,
                                    "the answer is not JSON: %s", why);
    why = kind->decode(yyjson_doc_get_root(object->doc), object);
    if (why != NULL)
        return okt_fail(err, OKTA_ERR_PROTOCOL, "the org sent %s", why);
    place(object, len);
    return OKTA_OK;
}

okta_status okt_object_parse(const struct okt_kind *kind, const char *json,
                             size_t len, struct okt_object **out,
                             okta_error *err)
{
    struct okt_object *object = calloc(1, kind->size);
    okta_status st;

    if (object == NULL)
        return okt_fail_memory(err);
    st = parse(kind, json, len, object, err);
    if (st == OKTA_OK)
        *out = object;
    else
        okt_object_free(object);
    return st;
}

/* ---------------------------------------------------------------- Calls -- */

okta_status okt_check_id(const struct okt_kind *kind, const char *id,
                         okta_error *err)
{
    if (okt_has_secret(id))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "this has the shape of a token's secret, not of its "
                        "id: nothing was sent. If it is one and was typed or "
                        "logged anywhere, revoke it");
    if (!okt_id_is_segment(id))
        return okt_fail(err, OKTA_ERR_ARGUMENT,
                        "not the id of a %s: \"%.80s\" (1 to %d letters, "
                        "digits, _ or -)",
                        kind->name, id, OKT_ID_MAX);
    return OKTA_OK;
}

okta_status okt_expect(const struct okt_call *call, int status, okta_error *err)
{
    const okta_response *response = call->response;
    const char *type = okta_response_header(response, "Content-Type");

    if (response->body.len > 0 && okt_response_is_foreign(response))
        return okt_fail_foreign(err, response, call->client->org_url);
    if (response->status == status)
        return OKTA_OK;
    okt_set_error(err, OKTA_ERR_PROTOCOL, "expected HTTP %d, got %d (%s)",
                  status, response->status, type != NULL ? type : "no type");
    if (err != NULL)
        err->http_status = response->status;
    return OKTA_ERR_PROTOCOL;
}

okta_status okt_object_finish(const struct okt_kind *kind,
                              struct okt_call *call, const char *id,
                              struct okt_object **out, okta_error *err)
{
    const struct okt_buf *body = &call->response->body;
    struct okt_object *object = NULL;
    okta_status st = okt_call_finish(call, err);

    if (st == OKTA_OK)
        st = okt_expect(call, 200, err);
    if (st == OKTA_OK)
        st = okt_object_parse(kind, body->len > 0 ? body->data : "", body->len,
                              &object, err);
    if (st == OKTA_OK && id != NULL && strcmp(kind->id(object), id) != 0)
        st = okt_fail(err, OKTA_ERR_PROTOCOL, "asked for %s %s, got %s %s",
                      kind->name, id, kind->name, kind->id(object));
    if (st == OKTA_OK && out != NULL)
        *out = TAKE(object);
    okt_object_free(object);
    return st;
}
