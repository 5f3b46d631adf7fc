/* SPDX-License-Identifier: Apache-2.0 */
/* script.c - the scripted transport of test.h. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/test.h"
#include "wire/api.h"

struct scripted {
    struct okt_exchange base;
    size_t number; /* 1 for the first */
    const struct step *step;
    okta_response *response;
    bool headers_in;
};

static bool has_header(const okta_headers *headers, const char *line)
{
    const char *p = headers->text.data;

    for (size_t i = 0; i < headers->count; i++, p += strlen(p) + 1)
        if (strcmp(p, line) == 0)
            return true;
    return false;
}

const char *test_header(const struct okt_request *request, const char *name)
{
    const char *p = request->headers->text.data;
    size_t len = strlen(name);

    for (size_t i = 0; i < request->headers->count; i++, p += strlen(p) + 1)
        if (strncmp(p, name, len) == 0 && p[len] == ':')
            return p + len + 2;
    return NULL;
}

static void check_request(const struct step *step,
                          const struct okt_request *request)
{
    char seen[1024];

    assert_int_equal(strncmp(request->url, ORG, strlen(ORG)), 0);
    assert_int_equal(request->body_len,
                     request->body != NULL ? strlen(request->body) : 0);
    snprintf(seen, sizeof(seen), "%s %s", request->method,
             request->url + strlen(ORG));
    assert_string_equal(seen, step->request);
    if (step->check != NULL) {
        step->check(request);
        return;
    }
    if (step->sent_body == NULL)
        assert_null(request->body);
    else
        assert_string_equal(request->body, step->sent_body);
    if (step->sent_header != NULL &&
        !has_header(request->headers, step->sent_header))
        fail_msg("%s was sent without %s", step->request, step->sent_header);
}

static okta_status start(void *ctx, const struct okt_request *request,
                         okta_response *response, struct okt_exchange **out,
                         okta_error *err)
{
    struct script *script = ctx;
    struct scripted *ex = calloc(1, sizeof(*ex));

    if (ex == NULL)
        return okt_fail_memory(err);
    if (script->next >= script->count)
        fail_msg("not in the script: %s %s", request->method, request->url);
    ex->step = &script->steps[script->next++];
    ex->number = script->next;
    ex->response = response;
    check_request(ex->step, request);
    okt_buf_printf(&script->log, "start %zu;", ex->number);
    *out = &ex->base;
    return OKTA_OK;
}

static void deliver_headers(struct scripted *ex)
{
    const char *p = ex->step->headers;

    okt_response_begin(ex->response, ex->step->status);
    if (ex->step->status >= 400 && p != NULL && *p == '\0') /* the org's own */
        okt_response_header(ex->response, OKT_H_REQUEST_ID,
                            strlen(OKT_H_REQUEST_ID), "0123", 4);
    while (p != NULL && *p != '\0') {
        size_t len = strcspn(p, "\n");
        const char *colon = memchr(p, ':', len);

        assert_non_null(colon);
        okt_response_header(ex->response, p, (size_t)(colon - p), colon + 2,
                            len - (size_t)(colon + 2 - p));
        p += len + (p[len] == '\n');
    }
}

static okta_status drive(void *ctx, struct okt_exchange *exchange,
                         enum okt_stage until, okta_error *err)
{
    struct script *script = ctx;
    struct scripted *ex = (struct scripted *)exchange;

    if (script->cancel_at == ex->number)
        okta_client_cancel(script->client);
    if (script->client->cancelled)
        return okt_fail(err, OKTA_ERR_CANCELLED, "cancelled");
    if (ex->step->end == STEP_UNSENT)
        return okt_fail(err, OKTA_ERR_NETWORK, "no connection");
    ex->base.sends = ex->step->end == STEP_RESENT ? 2 : 1;
    if (ex->step->end == STEP_LOST)
        return okt_fail(err, OKTA_ERR_NETWORK, "the connection broke");
    if (ex->step->end == STEP_TIMES_OUT)
        return okt_fail(err, OKTA_ERR_TIMEOUT, "too late");
    if (!ex->headers_in) {
        ex->headers_in = true;
        deliver_headers(ex);
        okt_buf_printf(&script->log, "headers %zu;", ex->number);
    }
    if (until == OKT_STAGE_HEADERS)
        return OKTA_OK;
    if (ex->step->end == STEP_BROKEN)
        return okt_fail(err, OKTA_ERR_NETWORK, "the body broke off");
    if (ex->response->body.len == 0 && ex->step->body != NULL)
        okt_buf_str(&ex->response->body, ex->step->body);
    okt_buf_printf(&script->log, "done %zu;", ex->number);
    return okt_check_buf(&ex->response->body, "the answer", err);
}

static void drop(void *ctx, struct okt_exchange *exchange)
{
    (void)ctx;
    free(exchange);
}

static int64_t now_ms(void *ctx)
{
    return ((struct script *)ctx)->now_ms;
}

static int64_t wall(void *ctx)
{
    return NOW + ((struct script *)ctx)->now_ms / 1000;
}

static void sleep_ms(void *ctx, int64_t ms)
{
    struct script *script = ctx;

    script->now_ms += ms;
    okt_buf_printf(&script->log, "sleep %lld;", (long long)ms);
}

static void no_free(void *ctx)
{
    (void)ctx;
}

static const struct okt_transport_ops script_ops = {
    start, drive, drop, now_ms, wall, sleep_ms, no_free
};

okta_client *test_client_with(struct script *script, const struct step *steps,
                              size_t count, okta_client_options *options)
{
    AUTO(okta_credential) credential = NULL;
    struct okt_transport transport = { &script_ops, script };

    *script = (struct script){
        .steps = steps, .count = count, .log = OKT_BUF_INIT(1 << 20)
    };
    okt_buf_reserve(&script->log, 65536);
    options->org_url = ORG;
    if (options->credential == NULL) {
        assert_int_equal(okta_credential_ssws(SECRET, &credential, NULL),
                         OKTA_OK);
        options->credential = credential;
    }
    assert_int_equal(okt_client_new(options, &transport, &script->client, NULL),
                     OKTA_OK);
    options->credential = NULL;
    return script->client;
}

okta_client *test_client(struct script *script, const struct step *steps,
                         size_t count)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;

    return test_client_with(script, steps, count, &options);
}

void test_script_end(struct script *script, const char *log)
{
    assert_int_equal(script->next, script->count);
    if (*log != '\0')
        assert_string_equal(script->log.data, log);
}

void test_script_free(struct script *script)
{
    okt_buf_free(&script->log);
}
