/* SPDX-License-Identifier: Apache-2.0 */
/* response.c - okta_response: all that came back for a call. */
#include <string.h>

#include "base/ascii.h"
#include "lib/internal.h"
#include "wire/challenge.h"
#include "wire/error_json.h"
#include "wire/link.h"

enum { CHALLENGE_MAX = 64 * 1024 };

/* The parameters that Okta and RFC 6750, 9449 put into a challenge. */
static const char *const challenge_params[] = {
    "error",    "error_description", "scope", "realm",
    "resource", "authorization_uri", "algs"
};

okta_status okta_response_new(okta_response **out, okta_error *err)
{
    okta_response *response = calloc(1, sizeof(*response));

    if (response == NULL)
        return okt_fail_memory(err);
    response->headers.max = OKT_HEADERS_MAX;
    response->places.max =
        OKT_HEADER_COUNT_MAX * sizeof(struct okt_header_place);
    response->body.max = OKT_BODY_MAX;
    response->challenge.max = CHALLENGE_MAX;
    response->rate = (struct okt_rate_limit)OKT_RATE_LIMIT_INIT;
    *out = response;
    return OKTA_OK;
}

void okt_response_clear(okta_response *response)
{
    response->status = 0;
    okt_buf_clear(&response->headers);
    okt_buf_clear(&response->places);
    response->header_count = 0;
    okt_buf_clear(&response->body);
    okt_buf_clear(&response->challenge);
    response->rate = (struct okt_rate_limit)OKT_RATE_LIMIT_INIT;
    free(response->next);
    response->next = NULL;
    response->bad_link = false;
    free(response->error);
    response->error = NULL;
    yyjson_doc_free(response->error_doc);
    response->error_doc = NULL;
}

void okta_response_free(okta_response *response)
{
    if (response == NULL)
        return;
    okt_response_clear(response);
    okt_buf_free(&response->headers);
    okt_buf_free(&response->places);
    okt_buf_free(&response->body);
    okt_buf_free(&response->challenge);
    free(response);
}

/* ------------------------------------------------------------- Filling -- */

void okt_response_begin(okta_response *response, int status)
{
    okt_response_clear(response);
    response->status = status;
}

void okt_response_header(okta_response *response, const char *name,
                         size_t name_len, const char *value, size_t value_len)
{
    struct okt_buf *buf = &response->headers;
    struct okt_header_place place = {
        .name = (uint32_t)buf->len,
        .value = (uint32_t)(buf->len + name_len + 1),
    };

    okt_buf_append(&response->places, &place, sizeof(place));
    if (okt_buf_failed(&response->places)) {
        buf->state = response->places.state;
        return;
    }
    okt_buf_append(buf, name, name_len);
    okt_buf_char(buf, '\0');
    okt_buf_append(buf, value, value_len);
    okt_buf_char(buf, '\0');
    if (okt_buf_failed(buf))
        return;
    response->header_count++;
    okt_rate_limit_header(&response->rate, buf->data + place.name,
                          buf->data + place.value);
}

okta_status okt_response_read_link(okta_response *response, okta_error *err)
{
    for (size_t i = 0; response->next == NULL && i < response->header_count;
         i++) {
        const char *target;
        size_t len;
        enum okt_link found;

        if (okt_casecmp(okta_response_header_name(response, i), "Link") != 0)
            continue;
        found = okt_link_find(okta_response_header_value(response, i), "next",
                              &target, &len);
        response->bad_link |= found == OKT_LINK_MALFORMED;
        if (found != OKT_LINK_FOUND)
            continue;
        response->next = strndup(target, len);
        return response->next != NULL ? OKTA_OK : okt_fail_memory(err);
    }
    return OKTA_OK;
}

static okta_status read_challenge(okta_response *response, okta_error *err)
{
    struct okt_buf *out = &response->challenge;

    for (size_t p = 0; p < ARRAY_LEN(challenge_params); p++) {
        const char *param = challenge_params[p];

        for (size_t i = 0; i < response->header_count; i++) {
            OKT_BUF_AUTO value = OKT_BUF_INIT(CHALLENGE_MAX / 2);

            if (okt_casecmp(okta_response_header_name(response, i),
                            "WWW-Authenticate") != 0 ||
                !okt_challenge_param(okta_response_header_value(response, i),
                                     NULL, param, &value))
                continue;
            if (value.state == OKT_BUF_NO_MEMORY)
                return okt_fail_memory(err);
            okt_buf_append(out, param, strlen(param) + 1);
            okt_buf_append(out, value.data, value.len);
            okt_buf_char(out, '\0');
            break;
        }
    }
    return out->state == OKT_BUF_NO_MEMORY ? okt_fail_memory(err) : OKTA_OK;
}

bool okt_response_challenges(const okta_response *response, const char *error)
{
    for (size_t i = 0; i < response->header_count; i++) {
        OKT_BUF_AUTO value = OKT_BUF_INIT(CHALLENGE_MAX / 2);

        if (okt_casecmp(okta_response_header_name(response, i),
                        "WWW-Authenticate") == 0 &&
            okt_challenge_param(okta_response_header_value(response, i), NULL,
                                "error", &value) &&
            !okt_buf_failed(&value) && strcmp(value.data, error) == 0)
            return true;
    }
    return false;
}

/* An error's body, if it is one: whatever else it is stays in the body. */
static okta_status read_error(okta_response *response, okta_error *err)
{
    AUTO(yyjson_doc) doc = NULL;
    struct okt_error_view view;
    const char *why;
    bool no_memory;

    if (response->body.len == 0)
        return OKTA_OK;
    doc = okt_json_read(response->body.data, response->body.len, &why,
                        &no_memory);
    if (doc == NULL)
        return no_memory ? okt_fail_memory(err) : OKTA_OK;
    if (!okt_error_decode(yyjson_doc_get_root(doc), &view))
        return OKTA_OK;
    response->error = malloc(sizeof(view));
    if (response->error == NULL)
        return okt_fail_memory(err);
    *response->error = view;
    response->error_doc = TAKE(doc);
    return OKTA_OK;
}

static void mask(struct okt_buf *text, const okta_credential *credential)
{
    if (text->len > 0)
        okt_mask_secrets(credential, text->data, text->len);
}

okta_status okt_response_complete(okta_response *response,
                                  const okta_credential *credential,
                                  okta_error *err)
{
    okta_status st = okt_check_buf(&response->headers, "the header", err);

    if (credential != NULL) {
        mask(&response->headers, credential);
        if (response->status >= 300)
            mask(&response->body, credential);
    }
    if (st == OKTA_OK)
        st = okt_response_read_link(response, err);
    if (st == OKTA_OK && response->status >= 400)
        st = read_challenge(response, err);
    if (st == OKTA_OK && response->status >= 400)
        st = read_error(response, err);
    return st;
}

/* ------------------------------------------------------------- Reading -- */

int okta_response_status(const okta_response *response)
{
    return response->status;
}

int okta_response_attempts(const okta_response *response)
{
    return response->attempts;
}

size_t okta_response_header_count(const okta_response *response)
{
    return response->header_count;
}

static const struct okt_header_place *place(const okta_response *response,
                                            size_t i)
{
    return (const struct okt_header_place *)(const void *)
               response->places.data +
           i;
}

const char *okta_response_header_name(const okta_response *response, size_t i)
{
    return i < response->header_count
               ? response->headers.data + place(response, i)->name
               : NULL;
}

const char *okta_response_header_value(const okta_response *response, size_t i)
{
    return i < response->header_count
               ? response->headers.data + place(response, i)->value
               : NULL;
}

/* Finds a name among name NUL value NUL ..., letter case aside. */
static const char *find_value(const struct okt_buf *buf, const char *name)
{
    const char *p = buf->data;
    const char *end = p != NULL ? p + buf->len : NULL;

    while (p < end) {
        const char *value = p + strlen(p) + 1;

        if (okt_casecmp(p, name) == 0)
            return value;
        p = value + strlen(value) + 1;
    }
    return NULL;
}

const char *okta_response_header(const okta_response *response,
                                 const char *name)
{
    return find_value(&response->headers, name);
}

const char *okta_response_body(const okta_response *response, size_t *len)
{
    if (len != NULL)
        *len = response->body.len;
    return response->body.len > 0 ? response->body.data : NULL;
}

const char *okta_response_next(const okta_response *response)
{
    return response->next;
}

const char *okta_response_request_id(const okta_response *response)
{
    return okta_response_header(response, OKT_H_REQUEST_ID);
}

const char *okta_response_error_code(const okta_response *response)
{
    return response->error != NULL ? response->error->code : NULL;
}

const char *okta_response_error_summary(const okta_response *response)
{
    return response->error != NULL ? response->error->summary : NULL;
}

const char *okta_response_error_link(const okta_response *response)
{
    return response->error != NULL ? response->error->link : NULL;
}

const char *okta_response_error_id(const okta_response *response)
{
    return response->error != NULL ? response->error->id : NULL;
}

size_t okta_response_cause_count(const okta_response *response)
{
    size_t count =
        response->error != NULL ? yyjson_arr_size(response->error->causes) : 0;

    return count < OKT_CAUSES_MAX ? count : OKT_CAUSES_MAX;
}

const char *okta_response_cause(const okta_response *response, size_t i)
{
    return response->error != NULL ? okt_error_cause(response->error, i) : NULL;
}

const char *okta_response_challenge(const okta_response *response,
                                    const char *param)
{
    return find_value(&response->challenge, param);
}

int64_t okta_response_rate_limit(const okta_response *response)
{
    return response->rate.limit;
}

int64_t okta_response_rate_remaining(const okta_response *response)
{
    return response->rate.remaining;
}

int64_t okta_response_rate_reset(const okta_response *response)
{
    return response->rate.reset;
}
